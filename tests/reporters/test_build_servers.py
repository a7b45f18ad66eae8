"""The formats of build servers: JUnit, annotations of GitHub, Code Quality of GitLab."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator

from blastlint.reporters import render
from blastlint.values import replace
from reporters.reports import (
    FINDINGS,
    HOSTILE,
    REPEATED,
    SMALL,
    STALE,
    clean_report,
    inventory,
    poisoned,
    refund_report,
    two_report,
    waived_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.finding import Finding, Report

HERE = Path(__file__).parent
REPORTS = [refund_report, clean_report, two_report, waived_report]
COMMAND = re.compile(r"::(?P<kind>error|warning|notice) (?P<said>[^:\r\n]*)::(?P<data>[^\r\n]*)")
"""What a runner of GitHub takes for an annotation."""
QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^[^/.]|^\.(?!/)|^\.\./"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""The fields that GitLab says it reads."""


def of(*findings: Finding) -> Report:
    """Return a report with some findings."""
    ordered = tuple(sorted(findings, key=lambda finding: finding.order))
    return replace(refund_report(), inventories=(inventory("refund-agent", ordered),))


def suites(report: Report) -> list[ET.Element]:
    """Return the suites of a report's JUnit file, which keeps to the schema."""
    xmlschema = pytest.importorskip("xmlschema")
    text = render(report, "junit")
    xmlschema.XMLSchema(HERE / "junit.xsd").validate(text)
    return list(ET.fromstring(text))  # noqa: S314 -- our own text


def annotated(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Return the annotations that a runner makes: kind, properties and text, as it decodes them."""
    found = []
    for line in render(report, "github").splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        said = dict(pair.split("=", 1) for pair in match["said"].split(","))
        found.append(
            (match["kind"], {k: decoded(v) for k, v in said.items()}, decoded(match["data"]))
        )
    return found


def decoded(text: str) -> str:
    """Return what a runner makes of a value."""
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def quality(report: Report) -> list[dict[str, Any]]:
    """Return the entries of a report's Code Quality file, which keeps to what GitLab reads."""
    found: list[dict[str, Any]] = json.loads(render(report, "gitlab"))
    Draft202012Validator(QUALITY).validate(found)
    return found


def known(report: Report) -> Report:
    """Return a report in which every finding was there before."""
    homes = (
        replace(i, findings=tuple(replace(f, known=True) for f in i.findings), compared="main")
        for i in report.inventories
    )
    return replace(report, inventories=tuple(homes))


@pytest.mark.parametrize("form", ["junit", "github", "gitlab"])
def test_golden(form: str, golden: Callable[[Path, str], None]) -> None:
    """What a build server reads changes only on purpose."""
    golden(HERE / "golden" / f"refund_report.{form}", render(refund_report(), form))


# --- JUnit --------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", REPORTS)
def test_a_suite_counts_what_it_holds(report: Callable[[], Report]) -> None:
    """Readers believe the numbers, so they are those of the tests; none is lost."""
    for suite, home in zip(suites(report()), report().inventories, strict=True):
        tests = suite.findall("testcase")
        assert len(tests) == int(suite.attrib["tests"]) == max(len(home.findings), 1)
        assert len(suite.findall("testcase/failure")) == int(suite.attrib["failures"])
        assert len(suite.findall("testcase/skipped")) == int(suite.attrib["skipped"])


def test_only_what_blocks_fails() -> None:
    """A waiver, a warning and a note do not turn a build red that passes."""
    (suite,) = suites(of(*FINDINGS))
    failed = [test.attrib["name"] for test in suite if test.find("failure") is not None]
    blocking = [f for f in FINDINGS if f.severity == "error" and not f.waiver]
    assert failed == [f"{finding.rule} {finding.subject}" for finding in blocking]


def test_known_findings_are_no_tests() -> None:
    """What was there before neither fails nor is listed."""
    (suite,) = suites(known(refund_report()))
    assert [test.attrib["name"] for test in suite.findall("testcase")] == ["nothing found"]
    assert suite.attrib["failures"] == "0"


def test_a_suite_names_its_policy() -> None:
    """Who reads the file later knows by what was judged."""
    (suite,) = suites(refund_report())
    said = {p.attrib["name"]: p.attrib["value"] for p in suite.iter("property")}
    assert said["policy_digest"] == refund_report().policy_digest


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_junit(text: str) -> None:
    """Any text leaves the document valid and its structure as it is."""
    (suite,) = suites(poisoned(refund_report(), text))
    (plain,) = suites(poisoned(refund_report(), "benign"))
    assert [element.tag for element in suite.iter()] == [element.tag for element in plain.iter()]


def test_the_schema_can_fail() -> None:
    """A suite without its counts is no JUnit."""
    xmlschema = pytest.importorskip("xmlschema")
    text = render(refund_report(), "junit").replace('failures="', 'flaws="')
    assert not xmlschema.XMLSchema(HERE / "junit.xsd").is_valid(text)


# --- GitHub -------------------------------------------------------------------------------------


def test_annotations_keep_within_the_limits_and_say_what_is_left_out() -> None:
    """GitHub drops the eleventh of a kind in silence: the gravest come first."""
    many = [
        replace(one, subject=replace(one.subject, id=f"{one.subject.id}-{n}"))
        for one in (SMALL, STALE, REPEATED)
        for n in range(14)
    ]
    found = annotated(of(*many))
    kinds = [kind for kind, _, _ in found]
    assert kinds == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert found[-1][2].endswith("Not annotated, for want of room: 4 errors, 4 warnings, 5 notes.")


def test_a_waived_or_known_finding_is_not_annotated() -> None:
    """Only what somebody has to do something about stands beside the lines."""
    assert len(annotated(waived_report())) == 1
    assert len(annotated(known(refund_report()))) == 1


def test_the_last_annotation_gives_verdict_and_policy() -> None:
    """Also where there is nothing else to say."""
    (kind, said, data), *none = annotated(clean_report())
    assert (kind, said, none) == ("notice", {"title": "blastlint: ready"}, [])
    assert data.endswith("as of 2026-06-02, policy abababababab")


def test_an_annotation_stands_on_its_line() -> None:
    """Columns are given within one line only, as GitHub takes them."""
    _, said, data = next(a for a in annotated(of(STALE)) if a[0] == "warning")
    span = STALE.location.span
    assert said["file"] == STALE.location.file
    assert (said["line"], said["endLine"]) == (str(span.line), str(span.end_line))
    assert (said["col"], said["endColumn"]) == (str(span.column), str(span.end_column))
    assert data.splitlines()[0] == STALE.message
    place = replace(STALE.location, span=replace(span, end_line=span.line + 2))
    _, said, _ = annotated(of(replace(STALE, location=place)))[0]
    assert "col" not in said


@pytest.mark.parametrize("text", [*HOSTILE, "100%0A::error::x", "a,title=b:c", "x::y"])
def test_hostile_text_in_annotations(text: str) -> None:
    """No value starts a command, ends a line, or adds a property."""
    report = poisoned(refund_report(), text)
    found = annotated(report)
    assert len(found) == len(annotated(poisoned(refund_report(), "benign")))
    names = {"file", "line", "endLine", "col", "endColumn", "title"}
    assert all(set(said) <= names for _, said, _ in found)
    assert not any("##[" in line for line in render(report, "github").splitlines())


# --- GitLab -------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", REPORTS)
def test_every_open_finding_is_an_entry(report: Callable[[], Report]) -> None:
    """And what is waived or was known is none."""
    found = [entry["check_name"] for entry in quality(report())]
    assert found == [finding.rule for finding in report().findings if not finding.waiver]
    assert quality(known(report())) == []


def test_no_two_entries_share_a_fingerprint() -> None:
    """GitLab would show one of them only."""
    twins = (inventory("one", (STALE, SMALL)), inventory("two", (STALE, SMALL)))
    repeated = inventory("three", (STALE, STALE))
    found = quality(replace(refund_report(), inventories=(*twins, repeated)))
    assert len({entry["fingerprint"] for entry in found}) == len(found) == 6


def test_a_fingerprint_does_not_know_lines() -> None:
    """A finding that moved is the same one."""
    place = replace(STALE.location, span=replace(STALE.location.span, line=99, end_line=99))
    first, second = quality(of(STALE)), quality(of(replace(STALE, location=place)))
    assert first[0]["fingerprint"] == second[0]["fingerprint"]
    assert first[0]["location"] != second[0]["location"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_code_quality(text: str) -> None:
    """Any text leaves the report as GitLab reads it."""
    report = poisoned(refund_report(), text)
    assert len(quality(report)) == sum(not finding.waiver for finding in report.findings)


def test_an_entry_names_its_policy() -> None:
    """In the text that is shown with it."""
    bodies = [entry["content"]["body"] for entry in quality(refund_report())]
    assert all(body.endswith("policy abababababab") for body in bodies)
