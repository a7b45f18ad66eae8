"""Tells every finding as a story with places, for a person at a terminal."""

from __future__ import annotations

from itertools import groupby

from blastlint.reporters import words
from blastlint.reporters.escape import shown, width
from blastlint.reporters.frame import Mark, framed, frames, gutter
from blastlint.reporters.ink import ink as painter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.finding import Finding, InventoryReport, Report, Verdict
    from blastlint.reach import BlastPath, Hop
    from blastlint.reporters.ink import Ink
    from blastlint.source import Problem

SOURCE = 100
"""Characters of a step's source line that are shown."""
MOST_ASKED = 3
"""Questions alike that are told one by one; of more, the first is told and the others named."""
STEP_WIDTH = 72
"""Column up to which the places of a path's steps line up."""


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report for a terminal: findings with their frames, then the verdicts."""
    ink = painter(colour=colour)
    new = (finding for finding in report.findings if not finding.known)
    groups = [tuple(group) for _, group in groupby(new, key=_told_with)]
    blocks = ["\n".join(told(group, ink, others)) for group, others in _asked_once(groups)]
    blocks += ["\n".join(_set_aside(report, ink))] if _has_set_aside(report) else []
    blocks.append("\n".join(summary(report, colour=colour)))
    return "\n\n".join(blocks) + "\n"


def summary(report: Report, *, colour: bool = False) -> list[str]:
    """Return one line for each inventory, and one for all of them when there are several."""
    ink = painter(colour=colour)
    lines = [
        _verdict_line(i.name, i.verdict, (i,), report, ink)
        + f" · {words.standing_in_words(i.standing)}"
        for i in report.inventories
    ]
    if len(report.inventories) != 1:
        name = words.count(len(report.inventories), "inventory")
        lines.append(_verdict_line(name, report.verdict, report.inventories, report, ink))
    return lines


def _asked_once(
    groups: Iterable[tuple[Finding, ...]],
) -> Iterator[tuple[tuple[Finding, ...], tuple[Finding, ...]]]:
    """Yield groups with those that ask the same of the same people, where these are many."""
    alike: dict[object, list[tuple[Finding, ...]]] = {}
    for group in groups:
        alike.setdefault(_question(group), []).append(group)
    for asked in alike.values():
        if len(asked) > MOST_ASKED:
            yield asked[0], tuple(one for group in asked[1:] for one in group)
        else:
            yield from ((group, ()) for group in asked)


def _question(group: tuple[Finding, ...]) -> object:
    """Return what makes a question the same as another one; a fault is like nothing else."""
    first = group[0]
    if first.certainty != "possible" or first.waiver or first.path or first.alike or first.related:
        return id(group)
    rules = tuple((one.rule, one.severity) for one in group)
    return (rules, first.fix, first.folded, first.location.file, _repair(first))


def _has_set_aside(report: Report) -> bool:
    return any(inventory.set_aside for inventory in report.inventories)


def _set_aside(report: Report, ink: Ink) -> Iterator[str]:
    """Yield what the inventories say of their own judgement, and did not count."""
    for inventory in report.inventories:
        for said in inventory.set_aside:
            yield f"{ink('warning', 'not trusted')}: {shown(f'{inventory.name}: {said}')}"


def _verdict_line(
    name: str, verdict: Verdict, inventories: Sequence[InventoryReport], report: Report, ink: Ink
) -> str:
    numbers = words.totals(inventories)
    facts = (
        words.findings_in_words(numbers),
        words.scope_in_words(numbers),
        words.judged_by(report, inventories),
    )
    start = shown(f"{name}: ")
    return f"{ink('strong', start)}{ink(verdict, verdict)} — {' · '.join(facts)}"


def _told_with(finding: Finding) -> object:
    """What neighbours share that are told at once: one place to look at, and one next step."""
    if finding.waiver or finding.path or finding.cut or finding.alike:
        return finding
    said = (finding.severity, finding.certainty, finding.location, finding.related, finding.fix)
    return (*said, _repair(finding))


def told(group: Sequence[Finding], ink: Ink, others: Sequence[Finding] = ()) -> list[str]:
    """Tell findings that share everything but what they say: a headline each, and one frame.

    Args:
        group: the findings.
        ink: paints.
        others: findings elsewhere that ask the same.
    """
    first = group[0]
    style = "waived" if first.waiver else first.severity
    marks = [] if first.waiver else framed(first)
    margin = gutter(marks)
    lines = []
    for one in group:
        tag = ink(style, shown(f"{words.label(one)}[{one.rule}]"))
        lines.append(f"{tag}: {ink('strong', shown(one.message))}")
    if first.waiver:
        lines.append(f"{'':{margin}}--> {shown(words.place(first.location))}")
    else:
        lines += frames(marks, margin, ink)
        lines += _path(first.path, margin, ink) if first.path else []
    facts = [*_facts(group), *([("also:", words.asked_too(others))] if others else [])]
    return lines + [_fact(name, fact, margin, ink) for name, fact in facts]


def _facts(group: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """What stands under a frame, with its name; a waived finding says only why."""
    finding = group[0]
    if finding.waiver:
        yield "waived until", words.waiver_in_words(finding.waiver)
        return
    if certainty := words.certainty(finding):
        yield "certainty:", certainty
    if alike := words.alike_in_words(finding):
        yield "also:", alike
    if finding.cut:
        yield "cut:", words.cut_in_words(finding.cut)
    if finding.fix:
        yield "fix:", finding.fix
    if repair := _repair(finding):
        yield "repair:", repair
    if folded := words.folded_in_words({rule for one in group for rule in one.folded}):
        yield "note:", folded


def _repair(finding: Finding) -> str:
    """Return what `check --fix` would do without asking anybody; nothing if it would not."""
    repair = finding.repair
    return f"{repair.title} (blastlint check --fix)" if repair and repair.safe else ""


def _fact(name: str, fact: str, margin: int, ink: Ink) -> str:
    return f"{'':{margin}} {ink('frame', '=')} {ink('strong', name)} {shown(fact)}"


def _path(path: BlastPath, margin: int, ink: Ink) -> list[str]:
    """Tell a path hop by hop, each with the line that makes it true."""
    bar = ink("frame", f"{'':{margin}} |")
    title = ink("strong", "path")
    lines = [bar, f"{bar} {title}: {shown(words.path_in_words(path))}"]
    steps = [shown(step(hop)) for hop in path.hops]
    longest = min(max(map(width, steps), default=0), STEP_WIDTH)
    indent = len(str(len(steps)))
    for number, (hop, said) in enumerate(zip(path.hops, steps, strict=True), start=1):
        gap = " " * max(2, longest + 2 - width(said))
        where = shown(words.place(hop.location)) if hop.location else "implied, written nowhere"
        lines.append(f"{bar} {number:>{indent}} {said}{gap}{ink('faint', where)}")
        if hop.location and hop.location.text.strip():
            source = shown(hop.location.text.strip(), SOURCE)
            lines.append(f"{bar} {'':{indent}} {ink('faint', source)}")
    return lines


def step(hop: Hop) -> str:
    """Return one hop as a sentence, with its doubt if it has one."""
    doubt = "" if hop.certainty == "proven" else f" ({hop.certainty})"
    return f"{hop.why}{doubt}"


def problems(found: Iterable[Problem], *, colour: bool = False) -> str:
    """Return input problems for a terminal, each with its frame and the next step."""
    ink = painter(colour=colour)
    return "\n".join("\n".join(_problem(problem, ink)) + "\n" for problem in found)


def _problem(problem: Problem, ink: Ink) -> list[str]:
    primary = [Mark(problem.location, "^", "error")] if problem.location else []
    marks = [*primary, *(Mark(location, "-", "frame") for location in problem.related)]
    margin = gutter(marks)
    lines = [f"{ink('error', 'error')}: {ink('strong', shown(problem.message))}"]
    lines += frames(marks, margin, ink)
    if problem.help:
        lines.append(_fact("help:", problem.help, margin, ink))
    return lines
