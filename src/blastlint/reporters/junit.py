"""Writes a report as JUnit XML: a suite for each inventory, a test for each finding.

A test passes, fails or is skipped, and nothing between: what blocks a launch is a failure; what
does not, or is waived, is skipped, with its words. What was known before is left out.
"""

from __future__ import annotations

from blastlint.reporters import words
from blastlint.reporters.escape import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.finding import Finding, InventoryReport, Report

_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_LONGEST = 300
"""Characters of a name."""


def render(report: Report) -> str:
    """Return the report as one XML document; where nothing is found, one test passes."""
    suites = [
        line for number, i in enumerate(report.inventories) for line in _suite(i, number, report)
    ]
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *suites, "</testsuites>", ""]
    )


def _suite(inventory: InventoryReport, number: int, report: Report) -> Iterator[str]:
    """Yield the lines of one suite; a run is not timed and has no host: same input, same bytes."""
    findings = [finding for finding in inventory.findings if not finding.known]
    failed = sum(map(_fails, findings))
    name = _attribute(inventory.name)
    counted = f'tests="{max(len(findings), 1)}" failures="{failed}" errors="0"'
    skipped = f'skipped="{len(findings) - failed}"'
    run = f'timestamp="{report.as_of}T00:00:00" hostname="localhost" time="0"'
    yield f'  <testsuite name="{name}" package="blastlint" id="{number}" {counted} {skipped} {run}>'
    yield "    <properties>"
    for key, value in _properties(inventory, report):
        yield f'      <property name="{key}" value="{_attribute(value)}"/>'
    yield "    </properties>"
    for finding in findings:
        yield from _test(finding, name)
    if not findings:
        yield f'    <testcase name="nothing found" classname="{name}" time="0"/>'
    yield "    <system-out/>"
    yield "    <system-err/>"
    yield "  </testsuite>"


def _properties(inventory: InventoryReport, report: Report) -> Iterator[tuple[str, str]]:
    yield "verdict", inventory.verdict
    yield "as_of", report.as_of.isoformat()
    yield "policy_digest", report.policy_digest
    yield "version", report.version
    yield "known", str(words.totals((inventory,)).known)


def _fails(finding: Finding) -> bool:
    return finding.severity == "error" and finding.waiver is None


def _test(finding: Finding, suite: str) -> Iterator[str]:
    name = _attribute(f"{finding.rule} {finding.subject}")
    yield f'    <testcase name="{name}" classname="{suite}" time="0">'
    lines = [*words.lines(finding), f"at: {words.place(finding.location)}"]
    told = _text("\n".join(map(shown, lines)))
    if _fails(finding):
        message = _attribute(f"{words.label(finding)}: {finding.message}", 600)
        kind = _attribute(finding.rule)
        yield f'      <failure type="{kind}" message="{message}">{told}</failure>'
    else:
        yield f"      <skipped>{told}</skipped>"
    yield "    </testcase>"


def _attribute(value: str, limit: int = _LONGEST) -> str:
    """Return a value for between quotes, without spaces at its ends or in a row; never empty."""
    return _text(" ".join(shown(value, limit).split(" "))).strip() or "(empty)"


def _text(value: str) -> str:
    return "".join(_MARKS.get(character, character) for character in value)
