"""The SARIF format is valid, complete, and names no machine."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from blastlint.reporters import render
from blastlint.reporters.sarif import uri
from blastlint.values import replace
from official import SARIF, SARIF_SCHEMA, refused_by_github
from reporters.reports import (
    FINDINGS,
    HOSTILE,
    PATH,
    clean_report,
    poisoned,
    refund_report,
    two_report,
    waived_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.finding import Report

GOLDEN = Path(__file__).parent / "golden"


def run(report: Report) -> dict[str, Any]:
    """Return the one run of a report's valid SARIF."""
    log = json.loads(render(report, "sarif"))
    SARIF.validate(log)
    assert refused_by_github(log) == []
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def test_official_schema() -> None:
    """The schema that judges is the one OASIS published, byte for byte."""
    assert sha256(SARIF_SCHEMA).hexdigest().startswith("c3b4bb2d")
    assert not SARIF.is_valid({"version": "2.1.0", "runs": [{}]})


BAD: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    "a text is missing": lambda rule, _: rule["help"].update(text=""),
    "list of tags is too long": lambda rule, _: rule["properties"].update(tags=["x"] * 21),
    "ranks nothing": lambda rule, _: rule["properties"].update({"security-severity": 8.0}),
    "the tag is ignored": lambda rule, _: rule["properties"].update({"security-severity": "8.0"}),
    "no such severity": lambda rule, _: rule["properties"].update({"problem.severity": "note"}),
    "no such precision": lambda rule, _: rule["properties"].update(precision="sure"),
    "index is that of another": lambda _, result: result.update(ruleIndex=1),
    "not one place": lambda _, result: result.update(locations=[]),
    "outside of the repository": lambda _, result: place_of(result)["artifactLocation"].update(
        uri="file:///etc/passwd"
    ),
    "ends before it starts": lambda _, result: place_of(result)["region"].update(endLine=1),
}
"""Fault to what makes it, in a rule without rank and in a result."""


def place_of(result: dict[str, Any]) -> dict[str, Any]:
    """Return where a result stands."""
    place: dict[str, Any] = result["locations"][0]["physicalLocation"]
    return place


@pytest.mark.parametrize("fault", BAD)
def test_what_github_refuses_is_noticed(fault: str) -> None:
    """The check above can fail, for each of its reasons."""
    log = json.loads(render(refund_report(), "sarif"))
    (run,) = log["runs"]
    plain = next(
        r for r in run["tool"]["driver"]["rules"] if "security" not in r["properties"]["tags"]
    )
    BAD[fault](plain, next(r for r in run["results"] if r["ruleIndex"] != 1))
    assert any(fault in said for said in refused_by_github(log)), refused_by_github(log)


def test_golden(golden: Callable[[Path, str], None]) -> None:
    """The SARIF of a report changes only on purpose."""
    golden(GOLDEN / "refund_report.sarif", render(refund_report(), "sarif"))


@pytest.mark.parametrize("report", [refund_report, clean_report, two_report, waived_report])
def test_no_result_is_lost(report: Callable[[], Report]) -> None:
    """Every finding is a result of its rule, and a clean run has an empty list of them."""
    made = run(report())
    rules = made["tool"]["driver"]["rules"]
    found = [finding.rule for finding in report().findings]
    assert sorted(result["ruleId"] for result in made["results"]) == sorted(found)
    assert all(rules[r["ruleIndex"]]["id"] == r["ruleId"] for r in made["results"])


def test_nothing_judged() -> None:
    """A report without inventories is still a whole run."""
    assert run(replace(refund_report(), inventories=()))["results"] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(text: str) -> None:
    """Any text leaves the log valid, its links ours, and its places relative."""
    made = run(poisoned(refund_report(), text))
    assert len(made["results"]) == len(FINDINGS)
    for result in made["results"]:
        place = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert urlsplit(place)[:2] == ("", "")
        assert not place.startswith("/")
        plain = result["message"]["text"].replace("\\\\", "").replace("\\[", "").replace("\\]", "")
        assert plain.count("](") == len(result.get("relatedLocations", ()))
        assert all(char.isprintable() or char == "\n" for char in plain)


def test_path_is_a_code_flow() -> None:
    """Every hop is one step with its reason; one that nobody wrote stands where the last did."""
    (flow,) = (r["codeFlows"] for r in run(refund_report())["results"] if "codeFlows" in r)
    steps = flow[0]["threadFlows"][0]["locations"]
    said = [step["location"]["message"]["text"] for step in steps]
    assert said[:3] == [hop.why for hop in PATH.hops[:3]]
    assert said[3].endswith("(conditional)")
    assert said[4].endswith("(needs-fact) (implied, written nowhere)")
    places = [step["location"]["physicalLocation"] for step in steps]
    assert places[4] == places[3]


def test_related_places_are_linked() -> None:
    """The message links every related place by its number."""
    results = {r["ruleId"]: r for r in run(refund_report())["results"]}
    result = results["nonidempotent-write-without-key"]
    assert result["message"]["text"].endswith("See [10 attempts here](1), [9 redeliveries here](2)")
    assert [place["id"] for place in result["relatedLocations"]] == [1, 2]


def test_waived_is_suppressed() -> None:
    """A waived finding stays, suppressed from outside, with who, why and until when."""
    (result,) = run(waived_report())["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == (
        "the CRM team joins the rotation in July (approved by dana@example.com until 2026-07-15)"
    )


def test_fingerprints_are_ours() -> None:
    """The key that code scanning computes from source lines is left to it."""
    for result in run(refund_report())["results"]:
        assert list(result["partialFingerprints"]) == ["blastlint/v1"]


def test_rules_are_complete() -> None:
    """Every rule has the texts that code scanning shows; only security rules are ranked as such."""
    for rule in run(refund_report())["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        tags = rule["properties"]["tags"]
        ranked = "security-severity" in rule["properties"]
        assert ranked == ("security" in tags) == any(tag.startswith("owasp-asi/") for tag in tags)


def test_weaknesses_are_related() -> None:
    """CWE tags become a taxonomy that the rules point into."""
    made = run(refund_report())
    taxa = [taxon["id"] for taxon in made["taxonomies"][0]["taxa"]]
    assert taxa == ["CWE-250", "CWE-269", "CWE-837"]
    rules = {rule["id"]: rule for rule in made["tool"]["driver"]["rules"]}
    (relation,) = rules["nonidempotent-write-without-key"]["relationships"]
    assert (relation["target"]["id"], relation["target"]["index"]) == ("CWE-837", 2)


def test_many_tags_are_cut() -> None:
    """A rule of a pack with more tags than code scanning accepts is cut, not refused."""
    rule = replace(refund_report().rules[0], tags=tuple(f"own/{n}" for n in range(30)))
    made = run(replace(refund_report(), rules=(rule,)))
    assert max(len(r["properties"]["tags"]) for r in made["tool"]["driver"]["rules"]) == 20
    assert len(made["results"]) == len(FINDINGS)


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("a b/c#d?.yaml", "a%20b/c%23d%3F.yaml"),
        ("C:\\x\\y.yaml", "C%3A/x/y.yaml"),
        ("/etc/passwd", "etc/passwd"),
        ("//evil.example/x", "evil.example/x"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("é.yaml", "%C3%A9.yaml"),
    ],
)
def test_uri(file: str, written: str) -> None:
    """A file is written as a relative, percent-encoded reference."""
    assert uri(file) == written
