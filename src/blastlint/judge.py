"""Rules times subjects is findings: each rule looks at each of its subjects, and speaks or not."""

from __future__ import annotations

from blastlint.expression import Budget, BudgetError, NotStated
from blastlint.finding import Finding
from blastlint.inventory.record import Record, at, path_of, unknown
from blastlint.rules import SEVERITIES
from blastlint.source import InputError, Problem
from blastlint.subjects import KINDS
from blastlint.subjects.answer import View
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.models import Part
    from blastlint.rules import CellPath, Rule, Severity
    from blastlint.source import Location
    from blastlint.subjects import Facts, Subject

STEPS = 10_000_000
"""Steps that all conditions of a run may take together."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding, and the cells that would settle it."""

    finding: Finding
    cells: tuple[Cell, ...]


def judge(rules: Iterable[Rule], facts: Facts, budget: Budget | None = None) -> tuple[Finding, ...]:
    """Return what the rules find in an inventory, sorted.

    A policy may switch a rule off or change its severity. What cannot be judged for want of a
    cell is one finding a cell, not one a rule.

    Args:
        rules: what to judge by.
        facts: what to judge.
        budget: what all conditions of a run may spend together; `STEPS` when not given.

    Raises:
        InputError: a rule takes more steps than are left.
    """
    budget = budget or Budget(STEPS)
    drafts: list[_Draft] = []
    for rule in rules:
        try:
            drafts += _drafts(rule, facts, budget)
        except BudgetError:
            raise InputError(_endless(rule, facts)) from None
    return tuple(sorted(_fold(drafts), key=lambda finding: finding.order))


def _endless(rule: Rule, facts: Facts) -> Problem:
    name = facts.inventory.name
    message = f"the rule '{rule.id}' takes too many steps to judge the inventory '{name}'"
    help_ = "put fewer loops inside each other, or check fewer inventories at once"
    return Problem(message, rule.document.at(("when",)), help_)


def _drafts(rule: Rule, facts: Facts, budget: Budget) -> Iterator[_Draft]:
    policy = facts.inventory.policy
    asked = policy.rules.get(rule.id)
    said = rule.severity_in.get(policy.profile) if asked is None or asked == "off" else asked
    always = {"policy": policy, "today": facts.as_of}
    for subject in facts.subjects(rule.each, KINDS[rule.each].list):
        bindings = {rule.each: View(facts, subject.value), **always}
        answer = rule.when.evaluate(bindings, budget)
        if answer is True:
            yield _found(rule, subject, bindings, said, budget)
        elif isinstance(answer, NotStated):
            yield _doubt(rule, subject, answer.cells, said)


def _found(
    rule: Rule,
    subject: Subject,
    bindings: Mapping[str, object],
    said: Severity | None,
    budget: Budget,
) -> _Draft:
    primary = _locate(rule.at, bindings) if rule.at else None
    related = [(_locate(r.at, bindings), r.note.render(bindings, budget)) for r in rule.related]
    finding = Finding(
        rule=rule.id,
        title=rule.title,
        severity=said or _severity(rule, bindings, budget),
        certainty="certain" if subject.certain else "possible",
        message=_one_line(rule.message.render(bindings, budget)),
        subject=subject.id,
        agents=subject.agents,
        location=primary or subject.locate(),
        fix=_one_line(rule.fix),
        related=(*subject.related, *(place.noted(note) for place, note in related if place)),
        path=subject.walk() if subject.walk else None,
        cut=subject.cut() if subject.cut else None,
    )
    return _Draft(finding, () if subject.cell is None else (subject.cell,))


def _doubt(rule: Rule, subject: Subject, cells: Sequence[object], said: Severity | None) -> _Draft:
    """Return the finding that a rule cannot be judged."""
    known: tuple[Cell, ...] = tuple(cells)  # type: ignore[arg-type]  # our own getters put them there
    finding = Finding(
        rule=rule.id,
        title=rule.title,
        severity=said or rule.severity,
        certainty="possible",
        message=f"{_missing(known)}, so this cannot be judged: {rule.title}",
        subject=subject.id,
        agents=subject.agents,
        location=at(known[0][0], known[0][1]) if known else subject.locate(),
        fix=_ask(known) if known else _one_line(rule.fix),
        path=subject.walk() if subject.walk else None,
    )
    return _Draft(finding, known)


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


def _ask(cells: Sequence[Cell]) -> str:
    part, field = cells[0]
    open_ = unknown(part, field)
    if open_ and open_.owner and open_.resolve_by:
        return f"State `{field}`: {open_.owner} is to find it out by {open_.resolve_by}."
    return (
        f"State `{field}`, or write {{unknown: true, owner: TEAM, resolve_by: DAY}} "
        "to say who finds it out and when."
    )


def _severity(rule: Rule, bindings: Mapping[str, object], budget: Budget) -> Severity:
    for severity, condition in rule.severity_if:
        if condition.evaluate(bindings, budget) is True:
            return severity
    return rule.severity


def _locate(path: CellPath, bindings: Mapping[str, object]) -> Location | None:
    """Return the place of a cell, or of the nearest record around it."""
    for base, field in path.parents:
        view = base.evaluate(bindings)
        if isinstance(view, View) and isinstance(view.value, Record):
            part: Part = view.value  # type: ignore[assignment]  # a record has its fields
            return at(part, field)
    return None


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fold(drafts: Sequence[_Draft]) -> Iterator[Finding]:
    """Yield the findings, those in doubt about one cell folded into one."""
    heads = {cell for d in drafts if d.finding.subject.kind == "cell" for cell in d.cells}
    groups: dict[Cell, list[_Draft]] = {}
    for draft in drafts:
        if draft.finding.certainty == "certain" or not draft.cells:
            yield draft.finding
            continue
        cause = next((cell for cell in draft.cells if cell in heads), draft.cells[0])
        groups.setdefault(cause, []).append(draft)
    for group in groups.values():
        yield _folded(sorted(group, key=_rank))


def _rank(draft: _Draft) -> tuple[bool, int, str, str]:
    found = draft.finding
    asks = found.subject.kind == "cell"
    return (not asks, SEVERITIES.index(found.severity), found.rule, str(found.subject))


def _folded(group: Sequence[_Draft]) -> Finding:
    head, rest = group[0].finding, [draft.finding for draft in group[1:]]
    return replace(
        head,
        agents=tuple(sorted({agent for draft in group for agent in draft.finding.agents})),
        folded=tuple(sorted({finding.rule for finding in rest} - {head.rule})),
    )
