"""Turns a report into text: one module a format, loaded when asked for."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.finding import Report

FORMATS: dict[str, str] = {
    "text": "blastlint.reporters.text",
    "concise": "blastlint.reporters.concise",
    "json": "blastlint.reporters.json",
    "sarif": "blastlint.reporters.sarif",
    "markdown": "blastlint.reporters.markdown",
    "html": "blastlint.reporters.html",
    "junit": "blastlint.reporters.junit",
    "github": "blastlint.reporters.github",
    "gitlab": "blastlint.reporters.gitlab",
}
"""Format name to the module whose `render` writes it."""

GATHERED = frozenset({"json", "html"})
"""Formats that tell what is known of an inventory's things, beside the findings."""

COLOURED = frozenset({"text", "concise"})
"""Formats made for a terminal."""


def render(report: Report, form: str, *, colour: bool = False, since: Report | None = None) -> str:
    """Return the report in a format.

    Args:
        report: the report.
        form: the format.
        colour: for terminals, and ignored elsewhere.
        since: an older report with which a page compares it; pages only.
    """
    module = import_module(FORMATS[form])
    options: dict[str, object] = {"colour": colour} if form in COLOURED else {}
    options |= {"since": since} if since else {}
    rendered: str = module.render(report, **options)
    return rendered
