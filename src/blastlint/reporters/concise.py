"""Gives every finding one line, `FILE:LINE:COLUMN: SEVERITY[RULE] MESSAGE`, and sums up."""

from __future__ import annotations

from blastlint.reporters.escape import shown
from blastlint.reporters.ink import ink as painter
from blastlint.reporters.text import summary
from blastlint.reporters.words import label, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.finding import Finding, Report
    from blastlint.reporters.ink import Ink


def render(report: Report, *, colour: bool = False) -> str:
    """Return one line for each finding and the verdict lines."""
    ink = painter(colour=colour)
    lines = [_line(finding, ink) for finding in report.findings if not finding.known]
    return "\n".join([*lines, *summary(report, colour=colour)]) + "\n"


def _line(finding: Finding, ink: Ink) -> str:
    style = "waived" if finding.waiver else finding.severity
    tag = ink(style, shown(f"{label(finding)}[{finding.rule}]"))
    return f"{shown(f'{place(finding.location)}:')} {tag} {shown(finding.message)}"
