"""Who stands for what is written: attestations, autonomous decisions, unattended changes."""

from __future__ import annotations

from functools import partial

from blastlint.analyses.cells import unstated
from blastlint.analyses.gates import gate_worth
from blastlint.analyses.tiers import TIERS
from blastlint.expression import STRING, NotStated, enum_of, list_of, record_of
from blastlint.inventory.record import at, id_of, state
from blastlint.subjects.answer import NAMES, Answer, View, views
from blastlint.subjects.entities import SECTIONS
from blastlint.subjects.facts import is_on, writes
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.inventory.models import (
        Agent,
        Credential,
        Decision,
        Entity,
        GuardrailChange,
        System,
    )
    from blastlint.subjects.facts import Facts

# --- attestations -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attested:
    """An entity in use that somebody attests."""

    section: str
    entity: Entity


def _attested(facts: Facts) -> Iterator[Subject]:
    for section, (noun, _) in SECTIONS.items():
        for name, entity in getattr(facts.inventory, section).items():
            agents = facts.concerned(section, entity) if entity.attestation else ()
            if agents:
                yield Subject(
                    SubjectId("attested", f"{noun} {name}"),
                    Attested(section, entity),
                    partial(at, entity, "attestation"),
                    agents,
                )


def _owners(facts: Facts, attested: Attested) -> object:
    """Return the teams that answer for what an entity says; none where no team is its owner."""
    answering: list[Agent | System | Credential] = []
    match attested.section:
        case "agents" | "systems" | "credentials":
            answering = [getattr(facts.inventory, attested.section)[id_of(attested.entity)]]
        case "tools":
            name = facts.inventory.tools[id_of(attested.entity)].system
            answering = [facts.inventory.systems[name]] if name else []
        case "audit_logs":
            answering = list(facts.once(_logged).get(id_of(attested.entity), ()))
    gaps = tuple(cell for one in answering for cell in unstated(one, "owner"))
    owners = sorted({one.owner for one in answering if one.owner})
    return NotStated(gaps) if gaps and not owners else owners


def _logged(facts: Facts) -> dict[str | None, list[System]]:
    """Return the systems by their audit log."""
    found: dict[str | None, list[System]] = {}
    for system in facts.inventory.systems.values():
        found.setdefault(system.audit_log, []).append(system)
    return found


# --- what an agent does alone -------------------------------------------------------------------


def _of_agents(field: str, kind: str) -> Callable[[Facts], Iterator[Subject]]:
    """Return the function that lists what a field of the agents holds by id."""

    def subjects(facts: Facts) -> Iterator[Subject]:
        for agent in facts.inventory.agents.values():
            for name, part in (getattr(agent, field) or {}).items():
                yield Subject(
                    SubjectId(kind, f"{id_of(agent)}/{name}"),
                    part,
                    partial(at, part, key=True),
                    (id_of(agent),),
                )

    return subjects


def _agents_by_part(facts: Facts) -> dict[Decision | GuardrailChange, Agent]:
    found: dict[Decision | GuardrailChange, Agent] = {}
    for agent in facts.inventory.agents.values():
        for parts in (agent.decisions, agent.guardrail_changes):
            found.update((part, agent) for part in (parts or {}).values())
    return found


def _agent(facts: Facts, part: Decision | GuardrailChange) -> View:
    return View(facts, facts.once(_agents_by_part)[part])


def _unattended(facts: Facts, agent: Agent) -> object:
    """Return the tools that change something in runs nobody started, without a person's yes."""
    schedule = agent.schedule
    if schedule is None:
        return []
    if schedule.change_tools is None and state(schedule, "change_tools") != "null":
        return NotStated(((schedule, "change_tools"),))
    called = [facts.inventory.tools[name] for name in schedule.change_tools or ()]
    changing = [tool for tool in called if writes(tool) and is_on(tool)]
    gates = [(tool, gate_worth(facts.inventory, tool)) for tool in changing]
    alone = [tool for tool, gate in gates if gate.worth in {"none", "partial"}]
    gaps = tuple(cell for _, gate in gates if gate.worth is None for cell in gate.missing)
    return NotStated(gaps) if gaps and not alone else views(facts, alone)


def _agents_that_bypass(facts: Facts, system: System) -> object:
    """Return the agents of the inventory that the protection of a system does not bind; sorted."""
    protection = system.protection
    if protection is None:
        return []
    if protection.bypass_actors is None and state(protection, "bypass_actors") != "null":
        return NotStated(((protection, "bypass_actors"),))
    actors = set(protection.bypass_actors or ())
    return sorted(name for name, known in facts.once(_names).items() if actors & known)


def _names(facts: Facts) -> dict[str, frozenset[str]]:
    """Return every name that each agent acts under."""
    agents = facts.inventory.agents.items()
    return {name: facts.principals_of(agent) for name, agent in agents}


OF_AGENT = {
    "id": Answer(STRING, lambda _, part: id_of(part)),
    "agent": Answer(record_of("Agent"), _agent),
}
RECORDS = {
    "Attested": {
        "entity": Answer(STRING, lambda _, one: SECTIONS[one.section][0]),
        "id": Answer(STRING, lambda _, one: id_of(one.entity)),
        "attestation": Answer(
            record_of("Attestation"), lambda facts, one: View(facts, one.entity.attestation)
        ),
        "owners": Answer(NAMES, _owners),
        "tier": Answer(enum_of(*TIERS), lambda facts, one: facts.tier_of(one.section, one.entity)),
    },
    "Decision": OF_AGENT,
    "GuardrailChange": OF_AGENT,
    "Agent": {"unattended_changes": Answer(list_of(record_of("Tool")), _unattended)},
    "System": {"agents_that_bypass": Answer(NAMES, _agents_that_bypass)},
}
"""Records of the condition language for who stands for what."""

KINDS = (
    Kind("attested", "Attested", _attested, "everything in use that somebody attests"),
    Kind(
        "decision",
        "Decision",
        _of_agents("decisions", "decision"),
        "every decision that an agent takes by itself",
    ),
    Kind(
        "guardrail_change",
        "GuardrailChange",
        _of_agents("guardrail_changes", "guardrail_change"),
        "every class of change by which an agent takes a guardrail out of force",
    ),
)
