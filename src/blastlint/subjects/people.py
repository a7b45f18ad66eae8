"""Who must act: steps of a runbook, and those who wait for one another."""

from __future__ import annotations

from functools import partial

from blastlint.analyses import entitlements, recovery
from blastlint.expression import BOOL, INT, STRING, NotStated, list_of, record_of
from blastlint.inventory.record import at, state
from blastlint.subjects.answer import Answer, View, or_missing
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.entitlements import Ability
    from blastlint.analyses.recovery import Recovery
    from blastlint.inventory.models import Runbook
    from blastlint.subjects.facts import Facts


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a runbook."""

    runbook: Runbook
    number: int
    """From 1."""
    ability: Ability


def _steps(facts: Facts) -> Iterator[Subject]:
    for name, runbook in facts.inventory.runbooks.items():
        agents = facts.concerned("runbooks", runbook)
        steps = entitlements.runbook_steps(facts.inventory, runbook) if agents else ()
        for number, ability in enumerate(steps, start=1):
            yield Subject(
                SubjectId("runbook_step", f"{name}/{number}"),
                Step(runbook, number, ability),
                partial(at, ability.part),
                agents,
            )


def _evidence_readable(facts: Facts, step: Step) -> object:
    """Return whether the reader can open the place where a step shows that it worked."""
    part, reader = step.ability.part, step.runbook.reader
    if part.evidence_requires is None:  # type: ignore[attr-defined]  # the part is the step
        claimed = state(part, "evidence_requires") == "null"
        return True if claimed else NotStated(((part, "evidence_requires"),))
    if reader is None:
        gap = state(step.runbook, "reader") != "null"
        return NotStated(((step.runbook, "reader"),)) if gap else False
    able = entitlements.can(facts.inventory, reader, part.evidence_requires)  # type: ignore[attr-defined]  # as above
    return or_missing(able, ((facts.inventory.rotations[reader], "entitlements"),))


def _accessible(_: Facts, step: Step) -> object:
    return NotStated(step.ability.missing) if step.ability.can is None else step.ability.can


def _reader(facts: Facts, step: Step) -> object:
    name = step.ability.rotation
    return View(facts, facts.inventory.rotations[name]) if name else None


def _cycles(facts: Facts) -> Iterator[Subject]:
    every = tuple(sorted(facts.inventory.agents))
    for cycle in recovery.closed_cycles(facts.inventory):
        first = cycle.edges[0]
        named = {node.removeprefix("agent:") for node in cycle.nodes}
        yield Subject(
            SubjectId("cycle", " > ".join(cycle.nodes)),
            cycle,
            partial(at, first.part, first.field, note=f"{first.source} turns to {first.target}"),
            tuple(agent for agent in every if agent in named) or every,
            certain=not cycle.missing,
            related=tuple(
                at(edge.part, edge.field, note=f"{edge.source} turns to {edge.target}")
                for edge in cycle.edges[1:]
            ),
        )


def _repairs(facts: Facts) -> Iterator[Subject]:
    every = tuple(sorted(facts.inventory.agents))
    for found in recovery.recoveries(facts.inventory):
        agent = found.component.removeprefix("agent:")
        yield Subject(
            SubjectId("repair", found.component),
            found,
            partial(at, found.part, "component"),
            (agent,) if agent in every else every,
        )


def _single(_: Facts, found: Recovery) -> object:
    return NotStated(found.missing) if found.single is None else found.single


RECORDS = {
    "Step": {
        "runbook": Answer(record_of("Runbook"), lambda facts, step: View(facts, step.runbook)),
        "number": Answer(INT, lambda _, step: step.number),
        "do": Answer(STRING, lambda _, step: step.ability.action),
        "requires": Answer(STRING, lambda _, step: step.ability.requires),
        "accessible": Answer(BOOL, _accessible),
        "reader": Answer(record_of("Rotation"), _reader),
        "holders": Answer(list_of(STRING), lambda _, step: list(step.ability.holders)),
        "step": Answer(record_of("StepOf"), lambda facts, step: View(facts, step.ability.part)),
        "evidence_readable": Answer(BOOL, _evidence_readable),
    },
    "Cycle": {"nodes": Answer(list_of(STRING), lambda _, cycle: list(cycle.nodes))},
    "Repair": {
        "component": Answer(STRING, lambda _, found: found.component),
        "routes": Answer(list_of(STRING), lambda _, found: list(found.routes)),
        "single": Answer(BOOL, _single),
        "through_itself": Answer(BOOL, lambda _, found: found.through_itself),
    },
}
"""Records of the condition language for who must act."""

KINDS = (
    Kind("runbook_step", "Step", _steps, "every step of a runbook in use"),
    Kind("cycle", "Cycle", _cycles, "every circle of escalation or repair without a person"),
    Kind("repair", "Repair", _repairs, "every part that a route repairs"),
)
