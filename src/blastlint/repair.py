"""Changes of an inventory that settle a finding or a problem: data, until somebody asks for them.

A rule says in its file which change that is. It never states a fact about the world that nobody
has looked at: it writes what the evidence or the inventory itself proves, takes out what accepts
nothing, or turns a gap into a question with a name and a day.
"""

from __future__ import annotations

from datetime import timedelta

from blastlint.inventory.record import (
    Record,
    document_of,
    is_field,
    may_be_unknown,
    path_of,
    unknown,
)
from blastlint.source import Problem, shown
from blastlint.subjects.answer import View
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, Literal

    from blastlint.analyses.cells import Cell
    from blastlint.compiling import Compiler
    from blastlint.editing import Edit
    from blastlint.expression import Budget, Expression, Template
    from blastlint.inventory.models import Part
    from blastlint.rulefile import RuleRepair
    from blastlint.source import Document
    from blastlint.subjects import Facts

    Verb = Literal["set", "remove", "ask"]
    Pointer = tuple[str | int, ...]
    Target = tuple[Document, Pointer]

VERBS: tuple[Verb, ...] = ("set", "remove", "ask")
TIME_TO_ASK = timedelta(days=14)
"""Until then, whoever is asked for an unknown cell is to find it out."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One change of one file."""

    title: str
    """What it does, as an instruction."""
    safe: bool
    """Whether it needs nobody's judgement, and makes no danger quieter."""
    document: Document | None = None
    """The file as it was read; none: the report was saved, and only tells of the repair."""
    pointer: Pointer = ()
    verb: Literal["put", "take", "rename"] = "put"
    value: object = None
    """What is written; a key, where one is renamed."""

    def fills(self, cell: Cell) -> bool:
        """Return whether it writes a value into a cell."""
        part, field = cell
        there = (document_of(part), (*path_of(part), field))
        return self.verb == "put" and (self.document, self.pointer) == there

    def edits(self) -> tuple[Edit, ...]:
        """Return the replacements of text that it takes.

        Raises:
            InputError: the place is laid out in a way that is not edited.
        """
        from blastlint import editing  # noqa: PLC0415 - only who asks for repairs needs it

        if self.document is None:
            return ()
        if self.verb == "take":
            return editing.take(self.document, self.pointer)
        if self.verb == "rename":
            return editing.rename(self.document, self.pointer, str(self.value))
        return editing.put(self.document, self.pointer, self.value)


@dataclass(frozen=True, slots=True)
class Plan:
    """A repair as a rule says it, compiled."""

    title: Template
    when: Expression | None
    verb: Verb
    source: str
    """The path as it is written."""
    whole: Expression
    """What stands at the path."""
    above: Expression | None
    """What holds the cell that the path names last."""
    to: Expression | None
    safe: bool


def plans(written: Iterable[RuleRepair], compiler: Compiler) -> Iterator[Plan]:
    """Yield the repairs of a rule; what is wrong with one is kept by the compiler."""
    for index, said in enumerate(written):
        verbs = [verb for verb in VERBS if getattr(said, verb)]
        place = compiler.document.at(("repairs", index))
        if len(verbs) != 1 or (verbs == ["set"]) is (said.to is None):
            message = "a repair says one of 'set' with 'to', 'remove' and 'ask'"
            compiler.problems.append(Problem(message, place, "keep one of them"))
            continue
        plan = _plan(said, verbs[0], compiler, index)
        if plan:
            yield plan


def _plan(said: RuleRepair, verb: Verb, compiler: Compiler, index: int) -> Plan | None:
    pointer = ("repairs", index)
    title = compiler.template(said.title, *pointer, "title")
    when = compiler.condition(said.when, *pointer, "when") if said.when else None
    source = getattr(said, verb)
    whole = compiler.value(source, *pointer, verb)
    above = source.rpartition(".")[0]
    holder = compiler.value(above, *pointer, verb) if above and whole else None
    to = compiler.value(said.to, *pointer, "to") if said.to else None
    if title is None or whole is None or (said.to and to is None):
        return None
    return Plan(title, when, verb, source, whole, holder, to, said.safe)


def repair_of(
    known: Iterable[Plan], frame: Mapping[str, object], facts: Facts, budget: Budget
) -> Repair | None:
    """Return the first repair whose condition holds, if there is one.

    Args:
        known: repairs of the rule that spoke.
        frame: what the rule's expressions speak of.
        facts: what is known of the inventory.
        budget: what all conditions of a run may spend together.
    """
    for plan in known:
        if plan.when is None or plan.when.evaluate(frame, budget) is True:
            return _made(plan, frame, facts, budget)
    return None


def _made(plan: Plan, frame: Mapping[str, object], facts: Facts, budget: Budget) -> Repair | None:
    if plan.verb == "ask":
        found = plan.whole.evaluate(frame, budget)
        cell = getattr(found.value, "open_cell", None) if isinstance(found, View) else None
        asked = question(cell, facts) if cell else None
        return replace(asked, title=plan.title.render(frame, budget)) if asked else None
    target = _target(plan, frame, budget)
    if target is None:
        return None
    title = plan.title.render(frame, budget)
    if plan.verb == "remove":
        return Repair(title, plan.safe, *target, "take")
    value = plan.to.evaluate(frame, budget) if plan.to else None
    return Repair(title, plan.safe, *target, "put", value)


def question(cell: Cell, facts: Facts) -> Repair | None:
    """Return the repair that makes a cell `unknown`, with who finds it out, and by when.

    There is none for a cell that cannot be unknown, where nobody is named who could be asked, or
    where that is said already: a day that is over is not put off.
    """
    part, field = cell
    said = unknown(part, field)
    owner = (said.owner if said else None) or _answers_for(part, field, facts)
    day = (said.resolve_by if said else None) or facts.as_of + TIME_TO_ASK
    is_planned = said is not None and said.owner is not None and said.resolve_by is not None
    if not owner or not may_be_unknown(part, field) or is_planned or day < facts.as_of:
        return None
    plan = {"unknown": True, "owner": owner, "resolve_by": day}
    title = f"Ask {owner} for `{field}` until {day}"
    return Repair(title, False, document_of(part), (*path_of(part), field), "put", plan)  # noqa: FBT003 - in order


def repair_of_problem(problem: Problem) -> Repair | None:
    """Return the repair of an input that cannot be read, where it can be told what was meant."""
    meant = problem.meant
    if meant is None:
        return None
    word = meant.value if isinstance(meant.value, str) else str(meant.value).lower()
    verb: Literal["rename", "put"] = "rename" if meant.is_key else "put"
    title = f"Write {shown(word)}"
    return Repair(title, meant.is_sure, meant.document, meant.pointer, verb, meant.value)


def _target(plan: Plan, frame: Mapping[str, object], budget: Budget) -> Target | None:
    """Return where a plan's path leads to: a cell by its name, or what stands at its end."""
    field = plan.source.rpartition(".")[2]
    above = plan.above.evaluate(frame, budget) if plan.above else None
    holder: Any = above.value if isinstance(above, View) else None
    if isinstance(holder, Record) and is_field(holder, field):  # type: ignore[arg-type] # it is one
        return document_of(holder), (*path_of(holder), field)  # type: ignore[arg-type] # as above
    found = plan.whole.evaluate(frame, budget)
    value: Any = found.value if isinstance(found, View) else None
    if isinstance(value, Record):
        return document_of(value), path_of(value)  # type: ignore[arg-type] # as above
    target: Target | None = getattr(value, "written_at", None)
    return target


def _answers_for(part: Part, field: str, facts: Facts) -> str:
    """Return the team that answers for a cell; nothing where nobody is named."""
    return next((owner for owner in _owners(part, field, facts) if owner), "")


def _owners(part: Part, field: str, facts: Facts) -> Iterator[str | None]:
    """Yield who could be asked for a cell, the nearest first; never the cell itself."""
    section, *below = path_of(part)
    found: Any = getattr(facts.inventory, str(section))
    entity: Any = found[below[0]] if isinstance(found, dict) and below else found
    if is_field(entity, "owner") and not (part is entity and field == "owner"):
        yield entity.owner
    if section == "tools":
        system = facts.inventory.systems.get(entity.system or "")
        yield system.owner if system else None
        yield from (facts.inventory.agents[agent].owner for agent in facts.agents_of(entity))
    yield from (agent.owner for agent in facts.inventory.agents.values() if agent is not entity)
