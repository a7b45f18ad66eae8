"""Who answers for an agent: rotations, policies, channels, and whom the inventory turns to."""

from __future__ import annotations

from functools import partial

from blastlint.analyses import contacts, entitlements, paging, recovery
from blastlint.analyses.coverage import uncovered
from blastlint.analyses.escalation import first_response, rotations_paged
from blastlint.analyses.wallclock import of_the_week
from blastlint.expression import BOOL, DURATION, STRING, NotStated, record_of
from blastlint.inventory.record import at, id_of, state
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.derived import TIER
from blastlint.subjects.entities import SECTIONS
from blastlint.subjects.facts import is_live, is_on
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.analyses.coverage import Uncovered
    from blastlint.inventory.models import (
        Agent,
        Alert,
        EscalationPolicy,
        Intake,
        Rotation,
        Runbook,
        Tool,
    )
    from blastlint.reach import CredentialPath
    from blastlint.subjects.facts import Facts

# --- agents -------------------------------------------------------------------------------------


def _first_responder(facts: Facts, agent: Agent) -> object:
    first = first_response(facts.inventory, agent)
    if first.rotation is None:
        return NotStated(first.missing) if first.missing else None
    return View(facts, facts.inventory.rotations[first.rotation])


def _uncovered(facts: Facts, agent: Agent) -> View:
    return View(facts, uncovered(facts.inventory, agent, facts.as_of))


def _first_gap(_: Facts, found: Uncovered) -> str:
    """Return the first hours without anybody: `Sat 2026-06-06 00:00 to Mon 2026-06-08 08:00`."""
    return " to ".join(of_the_week(moment) for moment in found.first or ())


# --- rotations and policies ---------------------------------------------------------------------


def _alone(facts: Facts, rotation: Rotation) -> object:
    """Return whether some live agent's page reaches this rotation and no second one."""
    if (id_of(rotation),) not in facts.once(_page_ways):
        return False
    known = state(rotation, "secondary") in {"null", "value"}
    return True if known else NotStated(((rotation, "secondary"),))


def _page_ways(facts: Facts) -> frozenset[tuple[str, ...]]:
    """Return the rotations that a page reaches, for each policy of a live agent."""
    agents = facts.inventory.agents.values()
    policies = {agent.escalation for agent in agents if is_live(agent)}
    return frozenset(rotations_paged(facts.inventory, policy) for policy in policies)


def _first_for(facts: Facts, rotation: Rotation) -> list[str]:
    """Return the live agents for which a rotation is paged first."""
    return facts.once(_first_of).get(id_of(rotation), [])


def _first_of(facts: Facts) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, agent in facts.inventory.agents.items():
        first = facts.first_responder(agent)
        if first is not None and is_live(agent):
            found.setdefault(first, []).append(name)
    return found


def _ends_with_people(facts: Facts, policy: EscalationPolicy) -> object:
    end = recovery.dead_end(facts.inventory, policy)
    return True if end is None else NotStated(end.missing) if end.missing else False


def _machine_ends(facts: Facts, policy: EscalationPolicy) -> object:
    found = paging.machine_ends(facts.inventory, policy)
    return NotStated(found.missing) if found.missing else list(found.names)


def _reached(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    return paging.rotations_reached(facts.inventory)


def _untimed(facts: Facts, policy: EscalationPolicy) -> object:
    """Return the rotations on its levels on which an unanswered page rests for ever."""
    named = (name for rule in policy.rules or () for name in rule.targets or ())
    ids = dict.fromkeys(n.partition(":")[2] for n in named if n.startswith("rotation:"))
    paged = [facts.inventory.rotations[name] for name in ids]
    never = [id_of(one) for one in paged if state(one, "ack_timeout") == "null"]
    gaps = tuple((one, "ack_timeout") for one in paged if one.ack_timeout is None)
    return NotStated(gaps) if gaps and not never else never


# --- channels -----------------------------------------------------------------------------------


def _incident_channels(facts: Facts) -> set[str]:
    named = facts.inventory.escalation_policies.values()
    used = (one for one in named if facts.concerned("escalation_policies", one))
    return paging.incident_channels(used)


def _posters(facts: Facts) -> Mapping[str, tuple[str, ...]]:
    """Return the agents whose tools post in each channel, as `agent:ID`."""
    found: dict[str, dict[str, None]] = {}
    for tool in filter(is_on, facts.tools()):
        for channel in _posted(facts, tool):
            agents = (f"agent:{name}" for name in facts.agents_of(tool))
            found.setdefault(channel, {}).update(dict.fromkeys(agents))
    return {channel: tuple(agents) for channel, agents in found.items()}


def _machines(facts: Facts, policy: EscalationPolicy) -> object:
    found = paging.machines_seeing(policy, facts.once(_posters))
    gaps = () if found else paging.unseen(policy)
    return NotStated(gaps) if gaps else found


def _posts_in(facts: Facts, tool: Tool) -> list[str]:
    """Return the channels of incidents in which a tool writes."""
    channels = facts.once(_incident_channels) if is_on(tool) else ()
    return sorted({name for name in _posted(facts, tool) if name in channels} if channels else ())


def _posted(facts: Facts, tool: Tool) -> Iterator[str]:
    """Yield what may be channels that a tool writes to; what it needs on a pager is none."""
    system = facts.inventory.systems[tool.system] if tool.system else None
    if system is None or not paging.is_pager(system):
        yield from paging.posts_to(tool)


def _unblocked(_: Facts, tool: Tool) -> object:
    """Return the words reserved for people that a tool lets through."""
    if state(tool, "reserved_words_blocked") in {"missing", "unknown"}:
        return NotStated(((tool, "reserved_words_blocked"),))
    blocked = {word.lower() for word in tool.reserved_words_blocked or ()}
    return [word for word in paging.RESERVED if word not in blocked]


def _pages(facts: Facts, tool: Tool) -> bool:
    """Return whether a tool can call people."""
    system = facts.inventory.systems[tool.system] if tool.system else None
    return system is not None and paging.is_pager(system) and tool.effect != "read" and is_on(tool)


def _acknowledging(facts: Facts, path: CredentialPath) -> list[str]:
    """Return the actions of a path by which a page could be taken from people."""
    system = facts.inventory.systems.get(path.system)
    if system is None or not paging.is_pager(system):
        return []
    return [action for action in path.actions if paging.acknowledges(path.resource, action)]


# --- complaints, alerts, contacts ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Complaint:
    """A channel on which people complain about an agent."""

    agent: Agent
    intake: Intake


def _intakes(facts: Facts) -> Iterator[Subject]:
    for name, agent in facts.inventory.agents.items():
        for number, intake in enumerate((agent.audience and agent.audience.intake) or (), start=1):
            yield Subject(
                SubjectId("intake", f"{name}/{intake.channel or number}"),
                Complaint(agent, intake),
                partial(at, intake),
                (name,),
            )


def _rotation_of(facts: Facts, complaint: Complaint) -> object:
    """Return the rotation that hears a complaint first; none if no rotation does."""
    target = complaint.intake.routes_to
    if target is None:
        gap = state(complaint.intake, "routes_to") != "null"
        return NotStated(((complaint.intake, "routes_to"),)) if gap else None
    kind, _, name = target.partition(":")
    if kind == "policy":
        name = next(iter(rotations_paged(facts.inventory, name)), "")
    found = facts.inventory.rotations.get(name) if kind in {"rotation", "policy"} else None
    return View(facts, found) if found else None


def _reads_traces(facts: Facts, complaint: Complaint) -> object:
    """Return whether the rotation that hears a complaint can read what the agent did."""
    rotation, kept = _rotation_of(facts, complaint), complaint.agent.evidence
    if kept is None or kept.requires is None:
        holder, field = (kept, "requires") if kept else (complaint.agent, "evidence")
        gap = state(holder, field) != "null"
        return NotStated(((holder, field),)) if gap else True
    if not isinstance(rotation, View):
        return rotation if isinstance(rotation, NotStated) else False
    able = entitlements.can(facts.inventory, rotation.id, kept.requires)
    return or_missing(able, ((rotation.value, "entitlements"),))


@dataclass(frozen=True, slots=True)
class Called:
    """An alert of an agent."""

    agent: Agent
    alert: Alert


def _alerts(facts: Facts) -> Iterator[Subject]:
    for name, agent in facts.inventory.agents.items():
        for alert in agent.alerts or ():
            yield Subject(
                SubjectId("alert", f"{name}/{alert.measure}->{alert.pages or ''}"),
                Called(agent, alert),
                partial(at, alert),
                (name,),
            )


_CONTEXT = ("run_id", "trace_link", "last_change", "first_hour_sheet")


def _leaves_out(_: Facts, called: Called) -> object:
    if state(called.alert, "carries") in {"missing", "unknown"}:
        return NotStated(((called.alert, "carries"),))
    return [what for what in _CONTEXT if what not in (called.alert.carries or ())]


def _contacts(facts: Facts) -> Iterator[Subject]:
    for contact in contacts.contacts(facts.inventory):
        agents = facts.concerned(contact.section, contact.entity)
        if agents:
            owner = f"{SECTIONS[contact.section][0]} {id_of(contact.entity)}"
            yield Subject(
                SubjectId("contact", f"{owner}/{contact.what}->{contact.target}"),
                contact,
                partial(at, contact.part, contact.field),
                agents,
            )


# --- runbooks -----------------------------------------------------------------------------------


def _drilled_by_reader(_: Facts, runbook: Runbook) -> object:
    """Return whether the rotation that must execute a runbook did the last drill."""
    drill = runbook.last_drill
    if drill is None:
        return NotStated(((runbook, "last_drill"),)) if _is_open(runbook, "last_drill") else False
    gaps = tuple(
        (part, field)
        for part, field in ((drill, "by"), (runbook, "reader"))
        if state(part, field) in {"missing", "unknown"}
    )
    if gaps:
        return NotStated(gaps)
    return runbook.reader is not None and drill.by == f"rotation:{runbook.reader}"


def _is_open(runbook: Runbook, field: str) -> bool:
    return state(runbook, field) in {"missing", "unknown"}


def _runbook_tier(facts: Facts, runbook: Runbook) -> str:
    agents = facts.concerned("runbooks", runbook)
    tiers = (facts.agent_tier(facts.inventory.agents[name]) for name in agents)
    return max(tiers, default="T0")


RECORDS: Mapping[str, Mapping[str, Answer]] = {
    "Agent": {
        "first_responder": Answer(record_of("Rotation"), _first_responder),
        "uncovered": Answer(record_of("Uncovered"), _uncovered),
    },
    "Uncovered": {
        "worst": Answer(DURATION, lambda _, found: or_missing(found.worst, found.missing)),
        "first": Answer(STRING, _first_gap),
        "rotations": Answer(NAMES, lambda _, found: list(found.rotations)),
    },
    "Rotation": {"alone": Answer(BOOL, _alone), "first_for": Answer(NAMES, _first_for)},
    "EscalationPolicy": {
        "ends_in_rotation": Answer(BOOL, _ends_with_people),
        "rotations": Answer(NAMES, lambda facts, policy: list(facts.once(_reached)[id_of(policy)])),
        "non_pagers": Answer(NAMES, lambda _, policy: list(recovery.not_pagers(policy))),
        "machine_ends": Answer(NAMES, _machine_ends),
        "machines": Answer(NAMES, _machines),
        "untimed": Answer(NAMES, _untimed),
    },
    "Tool": {
        "pages": Answer(BOOL, _pages),
        "posts_in": Answer(NAMES, _posts_in),
        "unblocked": Answer(NAMES, _unblocked),
    },
    "Path": {"acknowledges": Answer(NAMES, _acknowledging)},
    "Runbook": {
        "drilled_by_reader": Answer(BOOL, _drilled_by_reader),
        "tier": Answer(TIER, _runbook_tier),
    },
    "Complaint": {
        "agent": Answer(record_of("Agent"), lambda facts, one: View(facts, one.agent)),
        "channel": Answer(STRING, lambda _, one: one.intake.channel),
        "routes_to": Answer(STRING, lambda _, one: one.intake.routes_to),
        "rotation": Answer(record_of("Rotation"), _rotation_of),
        "reads_traces": Answer(BOOL, _reads_traces),
    },
    "AgentAlert": {
        "agent": Answer(record_of("Agent"), lambda facts, one: View(facts, one.agent)),
        "measure": Answer(STRING, lambda _, one: one.alert.measure),
        "leaves_out": Answer(NAMES, _leaves_out),
    },
    "Contact": {
        "entity": Answer(STRING, lambda _, one: f"{SECTIONS[one.section][0]} {id_of(one.entity)}"),
        "what": Answer(STRING, lambda _, one: one.what),
        "target": Answer(STRING, lambda _, one: one.target),
        "kind": Answer(STRING, lambda _, one: one.kind),
    },
}
"""Record to the facts that are worked out for it."""

KINDS = (
    Kind("intake", "Complaint", _intakes, "every channel on which people complain about an agent"),
    Kind("alert", "AgentAlert", _alerts, "every alert of an agent"),
    Kind("contact", "Contact", _contacts, "everybody to whom an entity in use turns for help"),
)
"""Kinds of subjects beside the inventory's own entities."""
