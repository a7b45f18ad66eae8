"""What is said to be in place: needs, fixes, checks, limits, abilities and releases."""

from __future__ import annotations

from functools import partial

from blastlint.analyses import deployment
from blastlint.analyses.cells import unstated
from blastlint.analyses.sizes import size_of
from blastlint.expression import BOOL, INT, STRING, NotStated, enum_of, record_of
from blastlint.inventory.record import at, id_of, kind_of, path_of
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.derived import TIER
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.deployment import Bootstrap
    from blastlint.inventory.models import (
        Agent,
        Capability,
        Deployment,
        Link,
        Mitigation,
        MitigationLimit,
        Need,
        Part,
        Tool,
    )
    from blastlint.subjects.facts import Facts

# --- needs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Requirement:
    """One need of a tool, or of a capability that no tool stands for."""

    holder: Tool | Capability
    need: Need


def _needs(facts: Facts) -> Iterator[Subject]:
    tools = facts.tools()
    told = {tool.capability for tool in tools}
    rest = (c for name, c in facts.inventory.capabilities.items() if name not in told)
    holders: tuple[Tool | Capability, ...] = (*tools, *rest)
    for holder in holders:
        noun = kind_of(holder).lower()
        agents = facts.agents_needing(f"{noun} {id_of(holder)}")
        for number, need in enumerate(holder.requires or () if agents else ()):
            name = SubjectId("requirement", f"{noun} {id_of(holder)}/{number + 1}")
            yield Subject(name, Requirement(holder, need), partial(at, need), agents)


def _need_tier(facts: Facts, found: Requirement) -> str:
    """Return the tier of the tool; a capability is as dangerous as whoever has it."""
    if kind_of(found.holder) == "Tool":
        return facts.tier(found.holder)  # type: ignore[arg-type]  # the line above asks for its kind
    return _worst(facts, facts.concerned("capabilities", found.holder))


def _worst(facts: Facts, agents: tuple[str, ...]) -> str:
    return max((facts.agent_tier(facts.inventory.agents[a]) for a in agents), default="T0")


# --- what agents hold ---------------------------------------------------------------------------


def _held(kind: str, section: str) -> Callable[[Facts], Iterator[Subject]]:
    """Return the function that lists what every agent has in one of its maps by id."""

    def subjects(facts: Facts) -> Iterator[Subject]:
        for name, agent in facts.inventory.agents.items():
            for key, part in (getattr(agent, section) or {}).items():
                found = SubjectId(kind, f"{name}/{key}")
                yield Subject(found, part, partial(at, part, key=True), (name,))

    return subjects


def _agent_of(facts: Facts, part: Part) -> Agent:
    """Return the agent in which a part is written."""
    return facts.inventory.agents[str(path_of(part)[1])]


HELD = {
    "id": Answer(STRING, lambda _, part: id_of(part)),
    "agent": Answer(record_of("Agent"), lambda facts, part: View(facts, _agent_of(facts, part))),
}
"""What is known of each part that stands in an agent."""


def _in_force(facts: Facts, fix: Mitigation) -> object:
    found = deployment.in_force(facts.inventory, _agent_of(facts, fix), fix)
    return or_missing(found.holds, found.missing)


def _running(facts: Facts, fix: Mitigation) -> str | None:
    return deployment.in_force(facts.inventory, _agent_of(facts, fix), fix).running


# --- payloads -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Payload:
    """A transport against the largest thing that it is to carry."""

    agent: Agent
    name: str
    """The other end, or the fix whose bound it is."""
    limits: Link | MitigationLimit | None
    """Both numbers; none: nobody speaks of the link."""


def _payloads(facts: Facts) -> Iterator[Subject]:
    for name, agent in facts.inventory.agents.items():
        for found in _limited(agent):
            place: tuple[Part, str] = (
                (found.limits, "largest_payload_bytes")
                if found.limits is not None
                else (agent, "delegates_to")
            )
            subject = SubjectId("payload", f"{name}->{found.name}")
            yield Subject(subject, found, partial(at, *place), (name,))


def _limited(agent: Agent) -> Iterator[Payload]:
    for link in agent.links or ():
        yield Payload(agent, link.to, link)
    for name, fix in (agent.mitigations or {}).items():
        if fix.limit is not None:
            yield Payload(agent, name, fix.limit)
    named = {link.to for link in agent.links or ()}
    for other in agent.delegates_to or ():
        if other not in named:
            yield Payload(agent, other, None)


def _way(_: Facts, found: Payload) -> str:
    """Return what the payloads take, in words."""
    if found.limits is not None and kind_of(found.limits) == "MitigationLimit":
        return f"the transport that {found.name} widens"
    return f"the link to {found.name}"


def _bytes(field: str) -> Callable[[Facts, Payload], object]:
    def work_out(_: Facts, found: Payload) -> object:
        if found.limits is None:
            return NotStated(((found.agent, "links"),))
        return _cell(found.limits, field)

    return work_out


def _cell(part: Part, field: str) -> object:
    """Return a cell: its value, None for null, or that it is not stated."""
    missing = unstated(part, field)
    return NotStated(missing) if missing else getattr(part, field)


def _size(field: str) -> Callable[[Facts, Payload], str]:
    def work_out(_: Facts, found: Payload) -> str:
        count = getattr(found.limits, field, None)
        return "" if count is None else size_of(count)

    return work_out


# --- incidents ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Incident:
    """What was done after an incident."""

    name: str
    fixes: tuple[Mitigation, ...]


def _incidents(facts: Facts) -> Iterator[Subject]:
    found: dict[str, list[Mitigation]] = {}
    for agent in facts.inventory.agents.values():
        for fix in (agent.mitigations or {}).values():
            if fix.incident is not None:
                found.setdefault(fix.incident, []).append(fix)
    for name in sorted(found):
        agents = {id_of(_agent_of(facts, fix)) for fix in found[name]}
        place = partial(at, found[name][0], "incident")
        incident = Incident(name, tuple(found[name]))
        yield Subject(SubjectId("incident", name), incident, place, tuple(sorted(agents)))


def _kinds(_: Facts, incident: Incident) -> object:
    kinds = {fix.kind for fix in incident.fixes if fix.kind}
    missing: tuple[Cell, ...] = tuple(c for fix in incident.fixes for c in unstated(fix, "kind"))
    return NotStated(missing) if missing and len(kinds) < 2 else sorted(kinds)  # noqa: PLR2004 -- both kinds that there are


# --- abilities and releases ---------------------------------------------------------------------


def _exercised(_: Facts, capability: Capability) -> object:
    return or_missing(deployment.exercised(capability), unstated(capability, "live_runs"))


def _release(_: Facts, found: Deployment) -> object:
    return or_missing(deployment.release_state(found), unstated(found, "released", "running"))


def _bootstraps(facts: Facts) -> tuple[Bootstrap, ...]:
    return deployment.bootstraps(facts.inventory)


def _upgraded_by_itself(facts: Facts, found: Deployment) -> object:
    """Return the deployments of a knot on its first one; the others leave the telling to it."""
    knots = facts.once(_bootstraps)
    knot = next((one for one in knots if one.names[0] == id_of(found)), None)
    if knot is None:
        return []
    return NotStated(knot.missing) if knot.missing else list(knot.names)


RECORDS = {
    "Requirement": {
        "holder": Answer(STRING, lambda _, found: id_of(found.holder)),
        "need": Answer(record_of("Need"), lambda facts, found: View(facts, found.need)),
        "tier": Answer(TIER, _need_tier),
    },
    "Mitigation": {
        **HELD,
        "in_force": Answer(BOOL, _in_force),
        "running": Answer(STRING, _running),
    },
    "Check": HELD,
    "Payload": {
        "agent": Answer(record_of("Agent"), lambda facts, found: View(facts, found.agent)),
        "way": Answer(STRING, _way),
        "largest": Answer(INT, _bytes("largest_payload_bytes")),
        "limit": Answer(INT, _bytes("transport_max_bytes")),
        "largest_size": Answer(STRING, _size("largest_payload_bytes")),
        "limit_size": Answer(STRING, _size("transport_max_bytes")),
    },
    "Incident": {
        "id": Answer(STRING, lambda _, incident: incident.name),
        "kinds": Answer(NAMES, _kinds),
        "fixes": Answer(NAMES, lambda _, incident: [id_of(fix) for fix in incident.fixes]),
    },
    "Capability": {"exercised": Answer(BOOL, _exercised)},
    "Deployment": {
        "release": Answer(enum_of("same", "behind", "ahead", "other"), _release),
        "upgraded_by_itself": Answer(NAMES, _upgraded_by_itself),
        "tier": Answer(TIER, lambda facts, one: _worst(facts, facts.concerned("deployments", one))),
    },
}
"""Record to the facts that are worked out for it."""

KINDS = (
    Kind(
        "requirement", "Requirement", _needs, "every need of a tool, or of a capability without one"
    ),
    Kind("mitigation", "Mitigation", _held("mitigation", "mitigations"), "every fix of an agent"),
    Kind("check", "Check", _held("check", "checks"), "every check that an agent declares"),
    Kind("payload", "Payload", _payloads, "every transport with the largest thing it carries"),
    Kind("incident", "Incident", _incidents, "every incident that a fix answers"),
)
