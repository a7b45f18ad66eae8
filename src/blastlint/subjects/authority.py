"""What credentials open: paths, grants, needs, principals."""

from __future__ import annotations

from functools import partial

from blastlint.expression import BOOL, STRING, NotStated, enum_of, list_of, record_of
from blastlint.inventory.record import at, id_of, state
from blastlint.subjects.answer import Answer, View
from blastlint.subjects.derived import TIER
from blastlint.subjects.indexes import paths_between
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.entitlements import LogReaders
    from blastlint.inventory.models import Agent, System
    from blastlint.providers.grants import Grant
    from blastlint.reach import Becomes, CredentialPath, OverGrant, UnderGrant
    from blastlint.source import Location
    from blastlint.subjects.facts import Facts

NAMES = list_of(STRING)
_CODE = frozenset({"contents", "code", "*"})
"""Resources of a repository that hold what is merged."""
_PUSH = frozenset({"write", "push", "*"})
_MERGE = frozenset({"merge", "*"})


def _credential(facts: Facts, fact: CredentialPath | OverGrant | UnderGrant) -> View:
    return View(facts, facts.inventory.credentials[fact.credential])


# --- what is reached ----------------------------------------------------------------------------


def _paths(facts: Facts) -> Iterator[Subject]:
    for path in facts.paths():
        yield Subject(
            SubjectId("path", path.id),
            path,
            partial(_last_place, path, facts),
            path.agents,
            certain=path.certainty != "needs-fact",
            walk=partial(getattr, path, "witness"),
            cut=None if path.declared else partial(getattr, path, "cut"),
        )


def _is_declared(_: Facts, path: CredentialPath) -> object:
    """Return whether a path is declared; open while a tool does not say whether it needs it."""
    return path.declared if path.doubt is None else NotStated((path.doubt,))


def _last_place(path: CredentialPath, facts: Facts) -> Location:
    """Return the last line on the way: the grant that opens it."""
    places = [hop.location for hop in path.witness.hops if hop.location]
    return places[-1] if places else at(facts.inventory.credentials[path.credential], key=True)


def _place(fact: OverGrant | UnderGrant | Becomes | Grant) -> Location:
    return fact.location


def _surpluses(facts: Facts) -> Iterator[Subject]:
    for surplus in facts.graph.over_grants():
        yield Subject(
            SubjectId("surplus", surplus.id),
            surplus,
            partial(_place, surplus),
            surplus.agents,
            certain=surplus.certainty != "needs-fact" and surplus.doubt is None,
            cell=surplus.doubt,
        )


def _shortfalls(facts: Facts) -> Iterator[Subject]:
    for lack in facts.graph.under_grants():
        near = lack.nearest
        granted = ", ".join(lack.granted) or "nothing"
        yield Subject(
            SubjectId("shortfall", lack.id),
            lack,
            partial(_place, lack),
            facts.agents_needing(lack.holder),
            certain=lack.certainty != "needs-fact",
            related=(near.noted(f"granted: {granted}"),) if near else (),
            cell=_nameless(facts, lack),
        )


def _nameless(facts: Facts, lack: UnderGrant) -> Cell | None:
    """The principal of a credential, where evidence finds no grants of it for want of a name."""
    credential = facts.inventory.credentials[lack.credential]
    open_ = state(credential, "principal") in {"missing", "unknown"}
    return (credential, "principal") if open_ and lack.certainty == "needs-fact" else None


# --- grants and principals ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """One grant of a credential that an agent holds."""

    credential: str
    grant: Grant


def _grants(facts: Facts) -> Iterator[Subject]:
    for name, credential in facts.inventory.credentials.items():
        agents = facts.agents_with(credential)
        for grant in facts.graph.grants_of(name) if agents else ():
            where = f"{grant.system}/{grant.resource}:{grant.action}"
            yield Subject(
                SubjectId("grant", f"{name}->{where}" + (f"@{grant.scope}" if grant.scope else "")),
                HeldGrant(name, grant),
                partial(_place, grant),
                agents,
                certain=grant.certainty != "needs-fact",
            )


def _is_wildcard(facts: Facts, held: HeldGrant) -> bool:
    """Return whether a grant has a star, but for a pattern that a tool's need names as it is."""
    resource, action = held.grant.resource, held.grant.action
    credential = facts.inventory.credentials[held.credential]
    needed = (need for tool in facts.tools_with(credential) for need in tool.requires or ())
    named = resource != "*" and any(
        resource in (need.resources or ()) and action in (need.actions or ()) for need in needed
    )
    return "*" in action or ("*" in resource and not named)


def _becomings(facts: Facts) -> Iterator[Subject]:
    for name, credential in facts.inventory.credentials.items():
        agents = facts.agents_with(credential)
        for turn in facts.graph.becomes(name) if agents else ():
            yield Subject(
                SubjectId("becoming", f"{name}->{turn.principal} via {turn.via}"),
                turn,
                partial(_place, turn),
                agents,
                certain=turn.certainty != "needs-fact",
            )


# --- an agent and a system ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """An agent and a system that its tools act on."""

    agent: Agent
    system: System
    readers: LogReaders | None
    """Who can read the audit log; none without a log."""


def _pairs(facts: Facts) -> Iterator[Subject]:
    for agent in facts.inventory.agents.values():
        logs = facts.log_readers(agent)
        for name in facts.systems_of(agent):
            system = facts.inventory.systems[name]
            yield Subject(
                SubjectId("agent_system", f"{id_of(agent)}->{name}"),
                Pair(agent, system, logs.get(name)),
                partial(at, system, key=True),
                (id_of(agent),),
            )


def _reads(who: str) -> Callable[[Facts, Pair], object]:
    """Return the function that answers whether one of the two can read the log."""

    def work_out(_: Facts, pair: Pair) -> object:
        if pair.readers is None:
            return NotStated(((pair.system, "audit_log"),))
        value = getattr(pair.readers, who)
        return NotStated(pair.readers.missing) if value is None else value

    return work_out


def _responder(facts: Facts, pair: Pair) -> object:
    name = facts.first_responder(pair.agent)
    return View(facts, facts.inventory.rotations[name]) if name else None


def _can_push(facts: Facts, pair: Pair) -> bool:
    """Return whether an agent can push to the code of a repository."""
    return any(
        path.resource in _CODE and not _PUSH.isdisjoint(path.actions)
        for path in _paths_of(facts, pair)
    )


def _can_merge(facts: Facts, pair: Pair) -> bool:
    """Return whether an agent can merge: by a right of that name, or, on GitHub, by any push."""
    named = any(not _MERGE.isdisjoint(path.actions) for path in _paths_of(facts, pair))
    return named or (pair.system.kind == "github" and _can_push(facts, pair))


def _who_merges(facts: Facts, pair: Pair) -> object:
    """Return what evidence says of merging: `alone`, `second-person`, or `unknown` without any."""
    held = [id_of(one) for one in facts.credentials_of(pair.agent)]
    granted = [grant for name in held for grant in facts.graph.grants_of(name)]
    merges = [
        grant
        for grant in (*granted, *facts.graph.joint_grants(id_of(pair.agent)))
        if grant.action == "merge" and not grant.declared and grant.system == id_of(pair.system)
    ]
    alone = {grant.certainty for grant in merges if not grant.second_person}
    if alone == {"needs-fact"}:
        return NotStated(())
    return "alone" if alone else "second-person" if merges else "unknown"


def _paths_of(facts: Facts, pair: Pair) -> Sequence[CredentialPath]:
    return facts.once(paths_between).get((id_of(pair.agent), id_of(pair.system)), ())


def _bypasses(facts: Facts, pair: Pair) -> object:
    protection = pair.system.protection
    if protection is None:
        return NotStated(((pair.system, "protection"),))
    if protection.bypass_actors is None:
        return NotStated(((protection, "bypass_actors"),))
    return not facts.principals_of(pair.agent).isdisjoint(protection.bypass_actors)


RECORDS = {
    "Path": {
        "declared": Answer(BOOL, _is_declared),
        "credential": Answer(record_of("Credential"), _credential),
        "holding": Answer(STRING, lambda _, path: path.holding),
        "system": Answer(STRING, lambda _, path: path.system),
        "resource": Answer(STRING, lambda _, path: path.resource),
        "scope": Answer(STRING, lambda _, path: path.scope),
        "actions": Answer(NAMES, lambda _, path: list(path.actions)),
        "effects": Answer(NAMES, lambda _, path: list(path.effects)),
        "agents": Answer(NAMES, lambda _, path: list(path.agents)),
        "certainty": Answer(STRING, lambda _, path: path.certainty),
        "reach": Answer(STRING, lambda _, path: path.reach),
        "reads_only": Answer(BOOL, lambda _, path: not path.writes),
        "sensitive": Answer(BOOL, lambda _, path: path.sensitive or not path.system_known),
        "gates": Answer(NAMES, lambda _, path: list(path.witness.gates)),
    },
    "Surplus": {
        "credential": Answer(record_of("Credential"), _credential),
        "system": Answer(STRING, lambda _, surplus: surplus.system),
        "resource": Answer(STRING, lambda _, surplus: surplus.resource),
        "scope": Answer(STRING, lambda _, surplus: surplus.scope),
        "actions": Answer(NAMES, lambda _, surplus: list(surplus.actions)),
        "effects": Answer(NAMES, lambda _, surplus: list(surplus.effects)),
        "needed": Answer(NAMES, lambda _, surplus: list(surplus.needed)),
    },
    "Shortfall": {
        "holder": Answer(STRING, lambda _, lack: lack.holder),
        "credential": Answer(record_of("Credential"), _credential),
        "system": Answer(STRING, lambda _, lack: lack.system),
        "resource": Answer(STRING, lambda _, lack: lack.resource),
        "scope": Answer(STRING, lambda _, lack: lack.scope),
        "actions": Answer(NAMES, lambda _, lack: list(lack.actions)),
        "granted": Answer(NAMES, lambda _, lack: list(lack.granted)),
        "basis": Answer(STRING, lambda _, lack: lack.basis),
        "enabled": Answer(BOOL, lambda _, lack: lack.enabled),
    },
    "HeldGrant": {
        "credential": Answer(record_of("Credential"), _credential),
        "system": Answer(STRING, lambda _, held: held.grant.system),
        "resource": Answer(STRING, lambda _, held: held.grant.resource),
        "scope": Answer(STRING, lambda _, held: held.grant.scope),
        "action": Answer(STRING, lambda _, held: held.grant.action),
        "effect": Answer(STRING, lambda _, held: held.grant.effect),
        "wildcard": Answer(BOOL, _is_wildcard),
        "declared": Answer(BOOL, lambda _, held: held.grant.declared),
    },
    "Turn": {
        "credential": Answer(record_of("Credential"), _credential),
        "principal": Answer(STRING, lambda _, turn: turn.principal),
        "via": Answer(STRING, lambda _, turn: turn.via),
        "declared": Answer(BOOL, lambda _, turn: turn.declared),
        "certainty": Answer(STRING, lambda _, turn: turn.certainty),
        "needs": Answer(STRING, lambda _, turn: turn.needs),
    },
    "Pair": {
        "agent": Answer(record_of("Agent"), lambda facts, pair: View(facts, pair.agent)),
        "system": Answer(record_of("System"), lambda facts, pair: View(facts, pair.system)),
        "tier": Answer(TIER, lambda facts, pair: facts.pair_tier(pair.agent, pair.system)),
        "first_responder": Answer(record_of("Rotation"), _responder),
        "on_call_reads": Answer(BOOL, _reads("on_call_reads")),
        "responder_reads": Answer(BOOL, _reads("responder_reads")),
        "can_push": Answer(BOOL, _can_push),
        "can_merge": Answer(BOOL, _can_merge),
        "merges": Answer(enum_of("alone", "second-person", "unknown"), _who_merges),
        "bypasses": Answer(BOOL, _bypasses),
    },
}
"""Records of the condition language for what is reached."""

KINDS = (
    Kind("path", "Path", _paths, "everything an agent reaches, by credential, system and resource"),
    Kind("surplus", "Surplus", _surpluses, "every grant beyond need, on a resource that is needed"),
    Kind("shortfall", "Shortfall", _shortfalls, "every need that no grant covers"),
    Kind("grant", "HeldGrant", _grants, "every grant of a credential that an agent holds"),
    Kind("becoming", "Turn", _becomings, "every principal that such a credential can become"),
    Kind("agent_system", "Pair", _pairs, "every agent with every system that its tools act on"),
)
