"""Rules times subjects is drafts: each rule looks at each of its subjects, and speaks or not."""

from __future__ import annotations

from blastlint.expression import Budget, BudgetError, NotStated
from blastlint.finding import Finding
from blastlint.inventory.record import Record, at, path_of, unknown
from blastlint.progress import through
from blastlint.repair import question, repair_of
from blastlint.source import InputError, Problem
from blastlint.subjects import KINDS
from blastlint.subjects.answer import View
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Literal

    from blastlint.analyses.cells import Cell
    from blastlint.compiling import CellPath
    from blastlint.finding import Certainty, Waiver
    from blastlint.inventory.models import Part
    from blastlint.repair import Repair
    from blastlint.rules import Rule, Severity
    from blastlint.source import Location
    from blastlint.subjects import Facts, Subject

    Frame = Mapping[str, object]
    """Variables of a condition, and their values."""

STEPS = 10_000_000
"""Steps that all conditions of a run may take together."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What decides about a finding; what it says is worked out when it is told."""

    rule: Rule
    subject: Subject
    severity: Severity
    certainty: Certainty
    cells: tuple[Cell, ...]
    """Cells that would settle it."""
    frame: Frame | None
    """What its words speak of; none: the condition could not be judged."""
    agents: tuple[str, ...]
    """Agents that it concerns, sorted."""
    folded: tuple[str, ...] = ()
    """Rules that could not be judged for the same cell, sorted."""
    waiver: Waiver | None = None
    asked: Frame | None = None
    """What the condition spoke of when it could not be judged."""


def draft(rules: Iterable[Rule], facts: Facts, budget: Budget) -> Iterator[Draft]:
    """Yield what rules find in an inventory, in no order, nothing folded.

    A policy may change a rule's severity.

    Raises:
        InputError: a rule takes more steps than are left.
    """
    policy = facts.inventory.policy
    frames: dict[str, list[tuple[Subject, Frame]]] = {}
    for rule in through(tuple(rules), "judging by", "rules"):
        if rule.each not in frames:
            always = {"policy": policy, "today": facts.as_of}
            frames[rule.each] = [
                (subject, {rule.each: View(facts, subject.value), **always})
                for subject in facts.subjects(rule.each, KINDS[rule.each].list)
            ]
        try:
            yield from _drafts(rule, frames[rule.each], policy.rules.get(rule.id), budget)
        except BudgetError:
            raise InputError(_endless(rule, facts)) from None


def _endless(rule: Rule, facts: Facts) -> Problem:
    name = facts.inventory.name
    message = f"the rule '{rule.id}' takes too many steps to judge the inventory '{name}'"
    help_ = "put fewer loops inside each other, or check fewer inventories at once"
    return Problem(message, rule.document.at(("when",)), help_)


def _drafts(
    rule: Rule,
    frames: Iterable[tuple[Subject, Frame]],
    said: Severity | Literal["off"] | None,
    budget: Budget,
) -> Iterator[Draft]:
    """Yield what one rule finds; `said` is its severity in the policy."""
    evaluate = rule.when.evaluate
    graded = None if said == "off" else said
    for subject, frame in frames:
        answer = evaluate(frame, budget)
        if answer is True:
            severity = graded or _severity(rule, frame, budget)
            certainty: Certainty = "certain" if subject.certain else "possible"
            cells = () if subject.cell is None else (subject.cell,)
            yield Draft(rule, subject, severity, certainty, cells, frame, subject.agents)
        elif isinstance(answer, NotStated):
            severity = graded or rule.severity
            open_: tuple[Cell, ...] = tuple(answer.cells)  # type: ignore[arg-type]  # our own getters put them there
            yield Draft(
                rule, subject, severity, "possible", open_, None, subject.agents, asked=frame
            )


def tell(draft: Draft, facts: Facts, budget: Budget) -> Finding:
    """Return the finding that a draft is, in words.

    Raises:
        InputError: its rule takes more steps than are left.
    """
    try:
        if draft.frame is None:
            return _doubt(draft, facts, budget)
        return _found(draft, draft.frame, facts, budget)
    except BudgetError:
        raise InputError(_endless(draft.rule, facts)) from None


def _found(draft: Draft, frame: Frame, facts: Facts, budget: Budget) -> Finding:
    rule, subject = draft.rule, draft.subject
    speech = rule.speech
    primary = _locate(speech.at, frame) if speech.at else None
    related = [(_locate(r.at, frame), r.note.render(frame, budget)) for r in speech.related]
    certain = draft.certainty == "certain" or subject.cell is not None
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=draft.severity,
        certainty=draft.certainty,
        message=_one_line(speech.message.render(frame, budget)),
        subject=subject.id,
        agents=draft.agents,
        location=primary or subject.locate(),
        fix=_one_line(rule.fix),
        related=(*subject.related, *(place.noted(note) for place, note in related if place)),
        path=subject.walk() if subject.walk else None,
        cut=subject.cut() if subject.cut else None,
        waiver=draft.waiver,
        folded=draft.folded,
        repair=repair_of(rule.repairs, frame, facts, budget) if certain else None,
    )


def _doubt(draft: Draft, facts: Facts, budget: Budget) -> Finding:
    """Return the finding that a rule cannot be judged."""
    rule, subject, known = draft.rule, draft.subject, draft.cells
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=draft.severity,
        certainty="possible",
        message=f"{_missing(known)}, so this cannot be ruled out: {rule.title}",
        subject=subject.id,
        agents=draft.agents,
        location=at(known[0][0], known[0][1]) if known else subject.locate(),
        fix=_ask(known) if known else _one_line(rule.fix),
        path=subject.walk() if subject.walk else None,
        waiver=draft.waiver,
        folded=draft.folded,
        repair=_answer(draft, facts, budget),
    )


def _answer(draft: Draft, facts: Facts, budget: Budget) -> Repair | None:
    """Return the repair that fills an open cell, or else makes it a question to somebody."""
    if not draft.cells:
        return None
    cell = draft.cells[0]
    own = repair_of(draft.rule.repairs, draft.asked, facts, budget) if draft.asked else None
    return own if own and own.fills(cell) else question(cell, facts)


def _missing(cells: Sequence[Cell]) -> str:
    """Say in words that a cell is open: `slack.post` does not state `retry`."""
    if not cells:
        return "A fact is not stated"
    part, field = cells[0]
    _, name, *below = (*path_of(part), field)
    cell = ".".join(str(step) for step in below)
    open_ = unknown(part, field)
    if open_ is None:
        return f"{name} does not state `{cell}`"
    day = f" until {open_.resolve_by}" if open_.resolve_by else ""
    return f"`{cell}` of {name} is unknown{day}"


WRITE = (
    "Write what is so, and `null` for none. If nobody knows yet, write who finds it out, and by "
    "when: `{unknown: true, owner: TEAM, resolve_by: DAY}`."
)
"""The next step for a cell that is left out: the same for all, so that they are told together."""


def _ask(cells: Sequence[Cell]) -> str:
    part, field = cells[0]
    open_ = unknown(part, field)
    if open_ and open_.owner and open_.resolve_by:
        return f"State `{field}`: {open_.owner} is to find it out by {open_.resolve_by}."
    return WRITE


def _severity(rule: Rule, frame: Frame, budget: Budget) -> Severity:
    for severity, condition in rule.speech.severity_if:
        if condition.evaluate(frame, budget) is True:
            return severity
    return rule.severity


def _locate(path: CellPath, frame: Frame) -> Location | None:
    """Return the place of a cell, or of the nearest record around it."""
    for base, field in path.parents:
        view = base.evaluate(frame)
        if isinstance(view, View) and isinstance(view.value, Record):
            part: Part = view.value  # type: ignore[assignment]  # a record has its fields
            return at(part, field)
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())
