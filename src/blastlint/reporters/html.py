"""Writes a report as one HTML page that needs no network, no second file, and no script."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from blastlint.reporters import first_hour, placing, strips, view, words
from blastlint.reporters.escape import shown
from blastlint.reporters.frame import framed, source_line
from blastlint.sheet import sheet_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.finding import Finding, Report, Verdict
    from blastlint.reporters.frame import Mark

_BETWEEN = re.compile(r">\n+<")
"""Line breaks between tags: a browser keeps every one, and a large page has 200,000 of them."""
TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "blocked": ("Blocked", "Not before every error below is fixed or waived by name."),
    "cannot-tell": ("Cannot tell", "Facts are missing, and a missing fact is not a pass."),
    "ready-with-waivers": ("Ready with waivers", "Named people have accepted what is open."),
    "ready": ("Ready", "Nothing stands against this launch."),
}
"""Verdict to its words: what it is called, and what it means."""
PRINTED_WIDTH = 160
"""Longest stretch of a source line in a frame."""


def render(report: Report, since: Report | None = None) -> str:
    """Return the report as a page; with an older report, it says what changed since then."""
    style, script = _asset("report.css"), _asset("report.js")
    agents, findings = view.agents(report), view.findings(report)
    template = _environment().get_template("report.html")
    page = template.render(
        report=report,
        style=style,
        script=script,
        agents=agents,
        columns=view.columns(agents),
        findings=findings,
        steps=view.steps(findings),
        questions=view.questions(findings),
        changed=_changed(since, report),
        numbers=words.totals(report.inventories),
    )
    return _BETWEEN.sub("><", page)


def _asset(name: str) -> Markup:
    """One of our own files, with no data in it."""
    with open(os.path.join(TEMPLATES, name), encoding="utf-8", newline="\n") as file:
        return Markup(file.read())  # noqa: S704 -- our own file, no data in it


def _digest(text: str) -> str:
    """What the security policy calls a script or a style that may run."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


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
    environment.globals.update(
        words=words,
        verdicts=VERDICTS,
        files=_files,
        view=view,
        placing=placing,
        strips=strips,
        sheet_of=sheet_of,
        hour=first_hour,
    )
    environment.filters.update(
        mark=_line, line=_whole, prose=_prose, digest=_digest, values=_values
    )
    return environment


def _printable(value: object) -> object:
    return value if isinstance(value, Markup) else shown(str(value))


def _values(some: Iterable[str]) -> str:
    """Several values in one attribute, told apart by a sign that no printed value holds."""
    return Markup("\n").join(shown(one) for one in some)


def _whole(text: str) -> Markup:
    """A line that may be long, such as a command: whoever is paged has to see all of it."""
    return escape(shown(text, first_hour.VALUE))


def _prose(text: str) -> Markup:
    """A sentence, in which what stands between backticks is code."""
    pieces = shown(text).split("`")
    if len(pieces) % 2 == 0:
        return escape("`".join(pieces))
    marked = (Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(pieces))
    return Markup("").join(marked)


def _changed(since: Report | None, report: Report) -> dict[str, object] | None:
    """What lies between an older report and this one, in sentences."""
    if since is None:
        return None
    from blastlint.compare import compare  # noqa: PLC0415 -- only who compares needs it
    from blastlint.compare.report import news, sentence  # noqa: PLC0415 -- as above
    from blastlint.reporters import changes  # noqa: PLC0415 -- as above

    found = compare(since, report)
    accepted = [change for change in found.widened if change.accepted]
    groups = (
        ("wider", "error", [sentence(change) for change in found.open]),
        ("new", "warning", [one.message for one in news(found)]),
        ("wider, and declared or accepted", "note", [sentence(c) for c in accepted]),
        ("other", "note", [f"{fact.name}: {fact.said}" for fact in changes.facts(found)]),
        ("narrower", "good", [changes.narrowed(change) for change in found.narrowed]),
        ("fixed", "good", [one.message for one in found.fixed]),
    )
    return {
        "as_of": since.as_of,
        "verdict": since.verdict,
        "total": changes.total(found),
        "groups": [group for group in groups if group[2]],
    }


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
