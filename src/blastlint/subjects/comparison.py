"""What was claimed and what is: typed grants, what lies in a runtime, and environments."""

from __future__ import annotations

from functools import partial

from blastlint.expression import BOOL, STRING, NotStated, list_of, record_of
from blastlint.inventory.record import at, id_of, kind_of, state
from blastlint.subjects.answer import Answer, View
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.inventory.models import Agent, Credential, System, Tool
    from blastlint.reach import BlastPath, Claim
    from blastlint.subjects.facts import Facts

NAMES = list_of(STRING)


def _claims(facts: Facts) -> Iterator[Subject]:
    for claim in facts.graph.claims():
        credential = facts.inventory.credentials[claim.credential]
        agents = facts.agents_with(credential)
        if agents:
            yield Subject(
                SubjectId("claim", claim.id),
                claim,
                partial(getattr, claim, "location"),
                agents,
                certain=not claim.needs,
            )


def _credential(facts: Facts, claim: Claim) -> View:
    return View(facts, facts.inventory.credentials[claim.credential])


def _kept(facts: Facts, claim: Claim) -> list[str]:
    """Return the actions of a typed grant that the evidence shows, or may show, somewhere."""
    fellows = [other for other in facts.graph.claims() if other.typed is claim.typed]
    gone = [set() if other.needs else set(other.actions) for other in fellows]
    unreal = set[str].intersection(*gone) if gone else set[str]()
    return [action for action in claim.typed.actions or () if action not in unreal]


def _settled(facts: Facts, claim: Claim) -> bool:
    """Return whether nothing would be wrong with a claim if what is kept were all of it."""
    return not set(claim.actions).intersection(_kept(facts, claim))


def _unverified(facts: Facts, agent: Agent) -> list[str]:
    """Return the credentials of an agent whose grants nobody has seen lately; sorted."""
    held = facts.inventory.credentials.items()
    return sorted(
        name
        for name, credential in held
        if id_of(agent) in facts.agents_with(credential) and not _verified(facts, credential)
    )


def _verified(facts: Facts, credential: Credential) -> bool:
    """Return whether all that a credential is said to open was seen, and not too long ago."""
    spoken = facts.graph.spoken_for(id_of(credential))
    pieces = (e for e in facts.inventory.evidence.values() if e.system in spoken)
    seen = [evidence.observed_at for evidence in pieces]
    systems = {grant.system for grant in credential.grants or ()}
    systems |= {tool.system for tool in facts.tools_with(credential) if tool.system}
    if systems - spoken:
        source = credential.grants_source
        kind = source.kind if source else "declared"
        seen.append(source.observed_at if source and kind != "declared" else None)
    oldest = facts.as_of - facts.inventory.policy.max_attestation_age
    return all(day is not None and day >= oldest for day in seen)


def _only_ambient(facts: Facts, agent: Agent) -> object:
    """Return what lies in an agent's runtime and no tool of it acts with; sorted."""
    used = {tool.credential for tool in facts.tools_of(agent)}
    found = (set(agent.ambient or ()) - used) | _unused_servers(facts, agent)
    if not found and agent.ambient is None and state(agent, "ambient") != "null":
        return NotStated(((agent, "ambient"),))
    return sorted(found)


def _unused_servers(facts: Facts, agent: Agent) -> set[str]:
    """Return the servers that an agent's client starts or calls, and no credential speaks of."""
    known = {credential.principal for credential in facts.inventory.credentials.values()}
    return {
        server
        for name, evidence in facts.inventory.evidence.items()
        if evidence.kind == "mcp-clients" and id_of(agent) in (evidence.agents or (id_of(agent),))
        for server in facts.granted[name].principals
        if server not in known
    }


# --- environments -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Connection:
    """An agent or a tool, and something that it gets to, each with its environment."""

    origin: Agent | Tool
    target: Credential | System
    walk: Callable[[], BlastPath] | None = None
    """Tells the way, if it is longer than one hop."""

    @property
    def id(self) -> str:
        """Name of the connection, the same in every run."""
        return f"{_named(self.origin)}->{_named(self.target)}"


def _named(entity: Agent | Tool | Credential | System) -> str:
    return f"{kind_of(entity).lower()} {id_of(entity)}"


def _connections(facts: Facts) -> Iterator[Subject]:
    """List the connections whose origin states an environment: of the rest nothing was claimed."""
    for connection, agents in (*_of_tools(facts), *_of_agents(facts)):
        yield Subject(
            SubjectId("connection", connection.id),
            connection,
            partial(at, connection.origin, "environment"),
            agents,
            walk=connection.walk,
        )


def _of_tools(facts: Facts) -> Iterator[tuple[Connection, tuple[str, ...]]]:
    inventory = facts.inventory
    for tool in facts.tools():
        agents = facts.agents_of(tool)
        if tool.environment and tool.system:
            yield Connection(tool, inventory.systems[tool.system]), agents
        if tool.environment and tool.credential:
            yield Connection(tool, inventory.credentials[tool.credential]), agents


def _of_agents(facts: Facts) -> Iterator[tuple[Connection, tuple[str, ...]]]:
    """Yield what agents reach; a tool's own environment stands in for that of its agents."""
    for name, agent in facts.inventory.agents.items():
        if agent.environment is None:
            continue
        told = {t.system for t in facts.tools_of(agent) if t.environment}
        for system, walk in _systems(facts, name):
            if system not in told:
                yield Connection(agent, facts.inventory.systems[system], walk), (name,)
        for credential in _credentials(facts, agent):
            yield Connection(agent, facts.inventory.credentials[credential]), (name,)


def _systems(facts: Facts, agent: str) -> Iterator[tuple[str, Callable[[], BlastPath]]]:
    """Yield every described system within reach of an agent once, with a way to it."""
    seen = set()
    for path in facts.paths():
        if agent in path.agents and path.system_known and path.system not in seen:
            seen.add(path.system)
            yield path.system, partial(getattr, path, "witness")


def _credentials(facts: Facts, agent: Agent) -> list[str]:
    """Return the credentials of an agent, but for those of tools with their own environment."""
    held = {tool.credential for tool in facts.tools_of(agent) if not tool.environment}
    held |= set(agent.ambient or ())
    return sorted(name for name in held if name)


def _environment(_: Facts, connection: Connection) -> object:
    """Return the target's environment: nothing is claimed of a credential that states none."""
    target = connection.target
    if target.environment:
        return target.environment
    if kind_of(target) == "Credential":
        return connection.origin.environment
    return NotStated(((target, "environment"),))


RECORDS = {
    "Agent": {
        "unverified": Answer(NAMES, _unverified),
        "only_ambient": Answer(NAMES, _only_ambient),
    },
    "Claim": {
        "credential": Answer(record_of("Credential"), _credential),
        "system": Answer(STRING, lambda _, claim: claim.system),
        "resource": Answer(STRING, lambda _, claim: claim.resource),
        "scope": Answer(STRING, lambda _, claim: claim.scope),
        "unreal": Answer(NAMES, lambda _, claim: list(claim.actions)),
        "granted": Answer(NAMES, lambda _, claim: list(claim.granted)),
        "typed": Answer(record_of("Grant"), lambda facts, claim: View(facts, claim.typed)),
        "kept": Answer(NAMES, _kept),
        "separable": Answer(BOOL, _settled),
    },
    "Connection": {
        "origin": Answer(STRING, lambda _, connection: _named(connection.origin)),
        "origin_environment": Answer(STRING, lambda _, connection: connection.origin.environment),
        "target": Answer(STRING, lambda _, connection: _named(connection.target)),
        "target_environment": Answer(STRING, _environment),
    },
}
"""Records of the condition language for claims."""

KINDS = (
    Kind("claim", "Claim", _claims, "every typed grant of which evidence speaks"),
    Kind(
        "connection",
        "Connection",
        _connections,
        "every agent and tool with what it gets to",
    ),
)
