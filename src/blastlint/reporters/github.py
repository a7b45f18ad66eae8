"""Writes a report as workflow commands of GitHub, which become annotations of a pull request.

A step may make ten annotations of each kind, and GitHub drops the others in silence: the gravest
come first, and the last line says what is left out, the verdict and the policy that judged.
"""

from __future__ import annotations

from collections import Counter

from blastlint.reporters import words
from blastlint.reporters.escape import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.finding import Finding, Report

LIMIT = 10
"""Annotations of one kind that GitHub shows of a step."""
_KINDS = {"error": "error", "warning": "warning", "note": "notice"}
"""Severity to the command that says it."""
_LINE = 600


def render(report: Report) -> str:
    """Return one command a line: findings that are open and new, then a notice that sums up."""
    findings = [one for one in report.findings if not one.known and one.waiver is None]
    kept, left = _within_limits(findings)
    return "\n".join([*map(_annotation, kept), _last(report, left)]) + "\n"


def _within_limits(findings: Sequence[Finding]) -> tuple[list[Finding], Counter[str]]:
    """Return what is annotated, and how many of each severity are not; one notice sums up."""
    room = Counter({"error": LIMIT, "warning": LIMIT, "note": LIMIT - 1})
    kept, left = [], Counter[str]()
    for finding in findings:
        if room[finding.severity]:
            room[finding.severity] -= 1
            kept.append(finding)
        else:
            left[finding.severity] += 1
    return kept, left


def _annotation(finding: Finding) -> str:
    span = finding.location.span
    places = {
        "file": finding.location.file,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": f"{words.label(finding)}: {finding.rule}",
    }
    if span.line != span.end_line:
        del places["col"], places["endColumn"]  # GitHub takes columns within one line only
    said = ",".join(f"{name}={_property(value)}" for name, value in places.items())
    return f"::{_KINDS[finding.severity]} {said}::{_data(words.lines(finding))}"


def _last(report: Report, left: Counter[str]) -> str:
    numbers = words.totals(report.inventories)
    found, scope = words.findings_in_words(numbers), words.scope_in_words(numbers)
    lines = [f"{found}; {scope}; {words.judged_by(report, report.inventories)}"]
    if left:
        parts = [words.count(left[name], name) for name in _KINDS if left[name]]
        lines.append(f"Not annotated, for want of room: {', '.join(parts)}.")
    lines += [
        f"Not trusted: {inventory.name}: {said}"
        for inventory in report.inventories
        for said in inventory.set_aside
    ]
    return f"::notice title={_property(f'blastlint: {report.verdict}')}::{_data(lines)}"


def _data(lines: Iterable[str]) -> str:
    """Return what stands after a command: one line, whatever is in it."""
    return "%0A".join(shown(line, _LINE).replace("%", "%25") for line in lines)


def _property(value: str) -> str:
    text = shown(value, _LINE).replace("%", "%25")
    return text.replace(":", "%3A").replace(",", "%2C")
