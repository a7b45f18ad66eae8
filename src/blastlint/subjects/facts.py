"""Everything that is known of one inventory when rules judge it, worked out when asked for."""

from __future__ import annotations

from blastlint.analyses import entitlements, retries, tiers
from blastlint.analyses.escalation import first_response
from blastlint.analyses.hints import HintConflicts, hint_conflicts
from blastlint.inventory.record import id_of, kind_of, state
from blastlint.inventory.shape import shape
from blastlint.subjects import indexes, use
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from typing import Any, Literal, TypeVar

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Credential, Entity, Evidence, System, Tool
    from blastlint.providers.grants import Granted, RegisteredTool, Unresolved
    from blastlint.reach import CredentialPath, ReachGraph
    from blastlint.source import Document, Location
    from blastlint.subjects.subject import Subject

    Severity = Literal["error", "warning", "note"]
    T = TypeVar("T")


_NONE: frozenset[str] = frozenset()


class Facts:
    """One inventory, what its evidence shows, what its agents reach, and the day of judgement."""

    def __init__(
        self,
        inventory: Inventory,
        granted: Mapping[str, Granted],
        graph: ReachGraph,
        as_of: date,
    ) -> None:
        self.inventory = inventory
        self.granted = granted
        self.graph = graph
        self.as_of: date = as_of
        self._retries: dict[str, retries.RetryFacts] = {}
        self._stacks: dict[tuple[str, float | None], retries.Stack] = {}
        self._holders: dict[str, tuple[str, ...]] = {}
        self._tiers: dict[str, tiers.Tier] = {}
        self._paths: tuple[CredentialPath, ...] | None = None
        self._agents_of = {name: self._bound(tool) for name, tool in inventory.tools.items()}
        self._tools = tuple(t for n, t in inventory.tools.items() if self._agents_of[n])
        self._tools_of = self._callable()
        self._tools_on = _grouped(self._tools, "system")
        self._tools_with = _grouped(self._tools, "credential")
        self._concerned: dict[tuple[str, str], tuple[str, ...]] = {}
        self._subjects: dict[str, tuple[Subject, ...]] = {}
        self._worked_out: dict[Callable[[Facts], Any], Any] = {}
        self.accepted: Mapping[str, int] = {}
        """Waiver id to the findings that it accepts; filled in before waivers are judged."""
        self.unwaivable: frozenset[str] = frozenset()
        """Ids of rules that forbid waivers."""
        self.baseline: tuple[KnownFinding, ...] | None = None
        """What a baseline holds; none where there is no baseline."""
        self.found: frozenset[tuple[str, str]] = frozenset()
        """Rule and subject of all that is found; filled in before the baseline is judged."""

    def once(self, work_out: Callable[[Facts], T]) -> T:
        """Return what a function works out from the facts; it runs once for all rules."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        found: T = self._worked_out[work_out]
        return found

    def subjects(
        self, kind: str, name: Callable[[Facts], Iterator[Subject]]
    ) -> tuple[Subject, ...]:
        """Return the subjects of a kind, named once for all rules."""
        if kind not in self._subjects:
            self._subjects[kind] = tuple(name(self))
        return self._subjects[kind]

    # --- who has what ---------------------------------------------------------------------------

    def tools_of(self, agent: Agent) -> tuple[Tool, ...]:
        """Return the tools that an agent can call, in the inventory's order."""
        return self._tools_of[id_of(agent)]

    def agents_of(self, tool: Tool) -> tuple[str, ...]:
        """Return the ids of the agents that can call a tool, sorted."""
        return self._agents_of[id_of(tool)]

    def tools_on(self, system: System) -> tuple[Tool, ...]:
        """Return the tools that act on a system and that some agent can call."""
        return tuple(self._tools_on.get(id_of(system), ()))

    def tools_with(self, credential: Credential) -> tuple[Tool, ...]:
        """Return the tools that act with a credential and that some agent can call."""
        return tuple(self._tools_with.get(id_of(credential), ()))

    def tools(self) -> tuple[Tool, ...]:
        """Return every tool that some agent can call."""
        return self._tools

    def agents_with(self, credential: Credential) -> tuple[str, ...]:
        """Return the ids of the agents that hold a credential, by a tool or at hand; sorted.

        What an agent falls back to is at hand, too.
        """
        name = id_of(credential)
        if name not in self._holders:
            held = {a for tool in self.tools_with(credential) for a in self.agents_of(tool)}
            held.update(self.once(indexes.ambient).get(name, ()))
            self._holders[name] = tuple(sorted(held))
        return self._holders[name]

    def credentials_of(self, agent: Agent) -> tuple[Credential, ...]:
        """Return the credentials that an agent holds, by a tool or at hand."""
        return tuple(self.once(indexes.held).get(id_of(agent), ()))

    def agents_on(self, system: System) -> tuple[str, ...]:
        """Return the ids of the agents whose tools act on a system; sorted."""
        return _sorted(a for tool in self.tools_on(system) for a in self.agents_of(tool))

    def live(self, agents: Iterable[str]) -> bool:
        """Return whether one of the agents is live."""
        return any(is_live(self.inventory.agents[a]) for a in agents)

    def systems_of(self, agent: Agent) -> tuple[str, ...]:
        """Return the ids of the systems that an agent's tools act on; sorted."""
        return _sorted(tool.system for tool in self.tools_of(agent) if tool.system)

    def agents_needing(self, holder: str) -> tuple[str, ...]:
        """Return the agents behind `tool ID` or `capability ID`; sorted."""
        kind, _, name = holder.partition(" ")
        if kind == "tool":
            return self.agents_of(self.inventory.tools[name])
        return self.concerned("capabilities", self.inventory.capabilities[name])

    def concerned(self, section: str, entity: Entity) -> tuple[str, ...]:
        """Return the agents that an entity concerns; sorted, none if it is not used."""
        key = (section, id_of(entity))
        if key not in self._concerned:
            self._concerned[key] = use.concerned(self, section, entity)
        return self._concerned[key]

    def depended_on(self) -> Iterator[tuple[str, Entity, tuple[str, ...]]]:
        """Yield every entity that a live agent depends on: section, entity, agents."""
        for section in ("agents", "tools", "systems", "audit_logs", "credentials"):
            for entity in getattr(self.inventory, section).values():
                agents = self.concerned(section, entity)
                if self.live(agents):
                    yield section, entity, agents

    def needed_cells(self) -> Iterator[tuple[str, Entity, str, tuple[str, ...]]]:
        """Yield every cell that a live agent cannot do without: section, entity, field, agents.

        The grants of a credential need not be typed where evidence speaks for all its systems.
        """
        for section, entity, agents in self.depended_on():
            for field in shape().part(kind_of(entity)).needed:
                shown = section == "credentials" and field == "grants" and self._shown(entity)
                if not (shown and state(entity, "grants") == "missing"):
                    yield section, entity, field, agents

    def _shown(self, credential: Entity) -> bool:
        """Return whether evidence speaks for a credential on every system that it is used on."""
        used = {tool.system for tool in self._tools_with.get(id_of(credential), ())}
        return bool(used) and used <= self.graph.spoken_for(id_of(credential))

    def owned_by(self, team: str) -> int:
        """Return how many agents, systems and credentials in use a team answers for."""
        sections = ("agents", "systems", "credentials")
        return sum(
            entity.owner == team and bool(self.concerned(section, entity))
            for section in sections
            for entity in getattr(self.inventory, section).values()
        )

    def registrations(self) -> Iterator[Registration]:
        """Yield every tool that a server's list offers, with the agents it is offered to."""
        for name, evidence in self.inventory.evidence.items():
            agents = evidence.agents or tuple(self.inventory.agents)
            for tool in self.granted[name].tools:
                yield Registration(tool, evidence, tuple(sorted(agents)))

    def offered(self, name: str | None) -> tuple[Registration, ...]:
        """Return what the servers' lists offer under a registered name."""
        return tuple(self.once(_by_name).get(name or "", ()))

    def _bound(self, tool: Tool) -> tuple[str, ...]:
        names = tool.agents or ()
        known = self.inventory.agents
        return tuple(sorted(known if "*" in names else [n for n in names if n in known]))

    def _callable(self) -> dict[str, tuple[Tool, ...]]:
        found: dict[str, list[Tool]] = {agent: [] for agent in self.inventory.agents}
        for tool in self._tools:
            for agent in self.agents_of(tool):
                found[agent].append(tool)
        return {agent: tuple(tools) for agent, tools in found.items()}

    # --- what it means --------------------------------------------------------------------------

    def retry(self, tool: Tool) -> retries.RetryFacts:
        """Return what retries do to one intent of a tool."""
        name = id_of(tool)
        if name not in self._retries:
            self._retries[name] = retries.retry_facts(self.inventory, tool, self._stacks)
        return self._retries[name]

    def paths(self) -> tuple[CredentialPath, ...]:
        """Return everything that the agents reach, by credential, system and resource."""
        if self._paths is None:
            self._paths = self.graph.paths()
        return self._paths

    def tier(self, tool: Tool) -> tiers.Tier:
        """Return the tier of a tool: its worst axis, its credential's undeclared reach included."""
        extra = self.once(indexes.undeclared).get(tool.credential, _NONE)
        return tiers.tool_tier(self.inventory, tool, extra)

    def worst_tier(self, found: Iterable[Tool]) -> tiers.Tier:
        """Return the worst tier of some tools; T0 for none."""
        return max((self.tier(tool) for tool in found), default="T0")

    def agent_tier(self, agent: Agent) -> tiers.Tier:
        """Return the tier of an agent."""
        name = id_of(agent)
        if name not in self._tiers:
            tools = self.tools_of(agent)
            combined = tiers.rule_of_two(self.inventory, agent, tools)
            self._tiers[name] = tiers.agent_tier(combined, map(self.tier, tools))
        return self._tiers[name]

    def pair_tier(self, agent: Agent, system: System) -> tiers.Tier:
        """Return the worst tier of an agent's tools on a system."""
        on = (tool for tool in self.tools_of(agent) if tool.system == id_of(system))
        return self.worst_tier(on)

    def tier_of(self, section: str, entity: Entity) -> tiers.Tier:
        """Return the tier of what an entity belongs to: the worst of the tools that it is for."""
        found: Iterable[Tool] = ()
        match section:
            case "agents":
                return self.agent_tier(self.inventory.agents[id_of(entity)])
            case "tools":
                found = (self.inventory.tools[id_of(entity)],)
            case "systems":
                found = self.tools_on(self.inventory.systems[id_of(entity)])
            case "credentials":
                found = self.tools_with(self.inventory.credentials[id_of(entity)])
            case "audit_logs":
                found = self.recorded_in(id_of(entity))
        return self.worst_tier(found)

    def recorded_in(self, log: str) -> tuple[Tool, ...]:
        """Return the tools whose calls an audit log records."""
        return tuple(self.once(_recorded).get(log, ()))

    def gaps(self) -> Iterator[Gap]:
        """Yield what evidence leaves open about the agents: a role, or the rest of a list."""
        held = [c for c in self.inventory.credentials.values() if self.agents_with(c)]
        for name, evidence in self.inventory.evidence.items():
            for reference in self.granted[name].unresolved:
                touched = [c for c in held if c.principal in reference.holders]
                agents = {agent for c in touched for agent in self.agents_with(c)}
                if not reference.holders:
                    agents |= set(evidence.agents or self.inventory.agents)
                names = tuple(sorted(id_of(credential) for credential in touched))
                if agents:
                    yield Gap(reference, evidence, names, tuple(sorted(agents)))

    def hints(self, tool: Tool) -> HintConflicts:
        """Return where the hints of a tool and its row disagree."""
        offered = (
            registration.tool.hints
            for registration in self.offered(tool.registered_name)
            if registration.tool.http is None  # an HTTP interface has no hints, stated or not
            and set(registration.agents) & set(self.agents_of(tool))
        )
        return hint_conflicts(tool, next(offered, None))

    def first_responder(self, agent: Agent) -> str | None:
        """Return the rotation that is paged first for an agent."""
        return first_response(self.inventory, agent).rotation

    def log_readers(self, agent: Agent) -> Mapping[str, entitlements.LogReaders]:
        """Return who can read the audit logs of an agent's systems, by system."""
        found = entitlements.log_readers(self.inventory, agent, self.systems_of(agent))
        return {readers.system: readers for readers in found}

    def principals_of(self, agent: Agent) -> frozenset[str]:
        """Return every name that an agent acts under."""
        names = {credential.principal for credential in self.credentials_of(agent)}
        names.add(agent.principal.id if agent.principal else None)
        return frozenset(name for name in names if name)

    def destroyers(self, system: System) -> dict[str, CredentialPath]:
        """Return the agents that can destroy both a system's data and its backup, and how."""
        backup = system.backup
        if backup is None or backup.resources is None:
            return {}
        kept = {*backup.resources, "*"}
        home = backup.system or id_of(system)
        copies: dict[str, CredentialPath] = {}
        data: set[str] = set()
        lost = self.once(indexes.spoiling)
        for path in lost.get(home, ()):
            if path.resource in kept:
                copies |= {agent: path for agent in path.agents if agent not in copies}
        for path in lost.get(id_of(system), ()):
            if path.resource not in backup.resources:
                data |= set(path.agents)
        return {agent: copies[agent] for agent in sorted(copies) if agent in data}


@dataclass(frozen=True, slots=True)
class Gap:
    """A reference in evidence that nothing in it defines, and whom it touches."""

    reference: Unresolved
    evidence: Evidence
    credentials: tuple[str, ...]
    """Credentials whose principal it concerns, sorted."""
    agents: tuple[str, ...]
    """Agents that hold one of them, or that the evidence names; sorted."""


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """One finding that a baseline holds: one rule on one subject."""

    rule: str
    subject: str
    """`KIND:ID`."""
    severity: Severity
    """As it was when it was noted."""
    certainty: Literal["certain", "possible"]
    location: Location | None = None
    written_at: tuple[Document, tuple[str | int, ...]] | None = None
    """The baseline, and the way to the entry in it."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A tool that a server's list offers to some agents."""

    tool: RegisteredTool
    evidence: Evidence
    agents: tuple[str, ...]


def is_live(agent: Agent) -> bool:
    """Return whether people rely on an agent; silence about it means yes."""
    users = agent.audience.daily_users if agent.audience else None
    if agent.lifecycle is None:
        return users is None or users > 0
    return agent.lifecycle == "production" or bool(users)


def is_on(tool: Tool) -> bool:
    """Return whether a tool is switched on; silence means yes."""
    return tool.enabled is not False


def writes(tool: Tool) -> bool:
    """Return whether a tool changes anything, as far as is known: no stated effect counts."""
    return tool.effect != "read"


def _by_name(facts: Facts) -> dict[str, list[Registration]]:
    """Return what the servers' lists offer, by registered name."""
    found: dict[str, list[Registration]] = {}
    for registration in facts.registrations():
        found.setdefault(registration.tool.name, []).append(registration)
    return found


def _recorded(facts: Facts) -> dict[str | None, list[Tool]]:
    """Return the tools in use by the audit log of their system."""
    found: dict[str | None, list[Tool]] = {}
    systems = facts.inventory.systems
    for tool in facts.tools():
        log = systems[tool.system].audit_log if tool.system else None
        found.setdefault(log, []).append(tool)
    return found


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


def _grouped(tools: Iterable[Tool], field: str) -> dict[str | None, list[Tool]]:
    """Return the tools by the id that a field of theirs holds, in their order."""
    found: dict[str | None, list[Tool]] = {}
    for tool in tools:
        found.setdefault(getattr(tool, field), []).append(tool)
    return found
