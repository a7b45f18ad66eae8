"""Writes a report as one HTML page that needs no script, no network and no second file."""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blastlint.reporters import words
from blastlint.reporters.escape import shown
from blastlint.reporters.frame import framed, source_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from blastlint.finding import AgentSummary, Finding, InventoryReport, ReachRow, Report, Verdict
    from blastlint.reporters.frame import Mark

TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "blocked": ("Blocked", "Not before every error below is fixed or waived by name."),
    "cannot-tell": ("Cannot tell", "Facts are missing, and a missing fact is not a pass."),
    "ready-with-waivers": ("Ready with waivers", "Named people have accepted what is open."),
    "ready": ("Ready", "Nothing stands against this launch."),
}
"""Verdict to its words: what it is called, and what it means."""
FIRST = 5
"""Fixes that stand at the top of the page."""
PRINTED_WIDTH = 160
"""Longest stretch of a source line in a frame."""


def render(report: Report) -> str:
    """Return the report as a page."""
    with open(os.path.join(TEMPLATES, "report.css"), encoding="utf-8") as file:
        style = file.read()
    findings = report.findings
    environment = _environment()
    environment.filters["anchor"] = _anchors(findings)
    return environment.get_template("report.html").render(
        report=report,
        style=Markup(style),  # noqa: S704 - our own file, no data in it
        style_hash=b64encode(sha256(style.encode()).digest()).decode(),
        findings=findings,
        waived=[finding for finding in report.findings if finding.waiver],
        fixes=_fixes(report),
        numbers=words.totals(report.inventories),
    )


def _environment() -> Environment:
    """Everything printed is made one visible line, then escaped; a misspelt name is an error."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(words=words, verdicts=VERDICTS, files=_files, rows=_rows)
    environment.filters["line"] = _line
    environment.filters["prose"] = _prose
    return environment


def _printable(value: object) -> object:
    return value if isinstance(value, Markup) else shown(str(value))


def _prose(text: str) -> Markup:
    """A sentence, in which what stands between backticks is code."""
    pieces = shown(text).split("`")
    if len(pieces) % 2 == 0:
        return escape("`".join(pieces))
    marked = (Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(pieces))
    return Markup("").join(marked)


def _fixes(report: Report) -> list[tuple[str, list[Finding]]]:
    """The next steps that clear the most open errors, each with what it clears."""
    cleared: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.severity == "error" and not finding.waiver and finding.fix:
            cleared.setdefault(finding.fix, []).append(finding)
    return sorted(cleared.items(), key=lambda fix: -len(fix[1]))[:FIRST]


def _rows(inventory: InventoryReport) -> list[tuple[AgentSummary, list[ReachRow]]]:
    """What each agent reaches, undeclared first."""
    return [
        (agent, sorted(agent.reach, key=lambda row: row.declared)) for agent in inventory.agents
    ]


def _anchors(findings: Iterable[Finding]) -> Callable[[Finding], str]:
    """Name where each finding stands on the page: the same in every run, and used once."""
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    for finding in findings:
        name = f"finding-{finding.fingerprint}"
        seen[name] = seen.get(name, 0) + 1
        names[id(finding)] = name if seen[name] == 1 else f"{name}-{seen[name]}"
    return lambda finding: names[id(finding)]


def _files(finding: Finding) -> list[list[Mark]]:
    """The places of a finding, file by file."""
    files: dict[str, list[Mark]] = {}
    for mark in framed(finding):
        files.setdefault(mark.location.file, []).append(mark)
    return [sorted(marks, key=lambda mark: mark.location.span) for marks in files.values()]


def _line(mark: Mark) -> tuple[str, str, str]:
    """A source line before, in and after its mark; already printable."""
    line = source_line(mark.location, PRINTED_WIDTH)
    return (line.before, line.marked, line.after)
