"""Findings and problems as an editor shows them: at their lines, each with its way and its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
    DiagnosticTag,
)

from blastlint.reporters import words
from blastlint.reporters.text import step
from blastlint.source import WHOLE_FILE, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.finding import Finding
    from blastlint.lsp.view import View
    from blastlint.source import Problem

    Diagnostics = dict[str, list[Diagnostic]]
    """Absolute path of a file to what is shown in it."""

NAME = "blastlint"
_SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "note": DiagnosticSeverity.Information,
}
_USELESS = frozenset({"waiver-invalid", "baseline-stale"})
"""Rules that find what does nothing: an editor shows it faded."""


def of_problems(view: View) -> Diagnostics:
    """Return what kept an inventory from being judged."""
    found: Diagnostics = {}
    for problem in view.answer.problems:
        place = problem.location or Location(view.root_file, WHOLE_FILE)
        found.setdefault(view.path(place.file), []).append(_problem(view, problem, place))
    return found


def of_findings(view: View) -> Diagnostics:
    """Return what was found in an inventory."""
    found: Diagnostics = {}
    for finding in view.answer.report.findings if view.answer.report else ():
        path = view.path(finding.location.file)
        found.setdefault(path, []).append(_finding(view, finding))
    return found


def _problem(view: View, problem: Problem, place: Location) -> Diagnostic:
    return Diagnostic(
        range=view.place(place).range,
        message="\n".join(filter(None, (problem.message, problem.help))),
        severity=DiagnosticSeverity.Error,
        code=problem.code,
        code_description=_page(view, problem.code),
        source=NAME,
        related_information=list(_related(view, problem.related)),
    )


def _finding(view: View, finding: Finding) -> Diagnostic:
    return Diagnostic(
        range=view.place(finding.location).range,
        message="\n".join(words.lines(finding)),
        severity=DiagnosticSeverity.Hint if finding.waiver else _SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=_page(view, finding.rule),
        source=NAME,
        tags=[DiagnosticTag.Unnecessary] if finding.rule in _USELESS else None,
        related_information=[*_hops(view, finding), *_related(view, finding.related)],
        data=finding.fingerprint,
    )


def _page(view: View, rule: str) -> CodeDescription | None:
    page = view.manual(rule)
    return CodeDescription(page) if page else None


def _hops(view: View, finding: Finding) -> Iterator[DiagnosticRelatedInformation]:
    """Yield the steps of the way that a finding speaks of, as far as somebody wrote them."""
    for number, hop in enumerate(finding.path.hops if finding.path else (), 1):
        if hop.location:
            said = f"{number} {step(hop)}"
            yield DiagnosticRelatedInformation(view.place(hop.location), said)


def _related(view: View, places: Iterable[Location]) -> Iterator[DiagnosticRelatedInformation]:
    for place in places:
        note = place.note or "see here"
        yield DiagnosticRelatedInformation(view.place(place), note)
