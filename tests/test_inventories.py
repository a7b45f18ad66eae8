"""The worked inventories tell their stories: each is checked, and its output compared."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from blastlint.check import check
from blastlint.reporters import render
from official import SARIF
from support import nameless

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.finding import Finding, Report

REPO = Path(__file__).resolve().parent.parent
INVENTORIES = REPO / "inventories"
AS_OF = date(2026, 6, 2)
STORIES = sorted(path.parent.name for path in INVENTORIES.glob("*/inventory.yaml"))


def judged(name: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return the report on a worked inventory."""
    monkeypatch.chdir(REPO)
    return check([f"inventories/{name}"], as_of=AS_OF)


def found(report: Report, rule: str) -> dict[str, Finding]:
    """Return what a rule found, by subject."""
    return {f.subject.id: f for f in report.findings if f.rule == rule}


@pytest.mark.parametrize("name", STORIES)
def test_a_worked_inventory_gives_its_expected_output(
    name: str, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every byte of the output is as it was read and accepted."""
    said = nameless(render(judged(name, monkeypatch), "text"))
    golden(INVENTORIES / name / "expected.txt", said)


def test_every_worked_inventory_stands_in_the_table() -> None:
    """Whoever looks for an example finds them all, and no other."""
    page = (REPO / "docs/inventory.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| \[([\w-]+)\]\(\.\./inventories/\1\)", re.MULTILINE)
    assert sorted(row.findall(page)) == STORIES


def test_the_clean_inventory_gives_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A complete and correct inventory is ready, and nothing is said about it."""
    report = judged("clean-support", monkeypatch)
    assert report.findings == ()
    assert report.verdict == "ready"
    tools = report.inventories[0].tools
    assert len(tools) >= 5
    assert sum(tool.effect != "read" for tool in tools) >= 2


RELEASED = {
    "under-grant",
    "capability-never-exercised",
    "released-not-deployed",
    "human-gate-without-staleness-alarm",
    "single-route-recovery",
    "required-verbs-unproven",
    "first-live-run-unplanned",
    "health-blind-to-version",
    "upgrade-bootstrap-cycle",
    "mitigation-not-running",
    "check-not-wired",
    "payload-exceeds-limit",
}


def test_released_not_deployed_tells_its_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """The upgrade will be refused, was never exercised, waits unseen, and is its own repair."""
    report = judged("released-not-deployed", monkeypatch)
    rules = {finding.rule for finding in report.findings}
    assert rules >= RELEASED
    assert {f.severity for f in report.findings if f.rule in RELEASED} == {"error"}
    assert "17 d ago" in found(report, "released-not-deployed")["witwave-team"].message
    fix = found(report, "mitigation-not-running")["milo/upgrade-by-patch"].message
    assert "0.37.1 and later; what runs is 0.33.1" in fix
    refused = found(report, "under-grant")
    assert {f.location.file.rpartition("/")[2] for f in refused.values()} == {"inventory.yaml"}
    near = {place.file.rpartition("/")[2] for f in refused.values() for place in f.related}
    assert near == {"milo-agentlifecycle.yaml"}


GRANT_RULES = {
    "under-grant",
    "over-grant",
    "undeclared-blast-path",
    "wildcard-grant",
    "credential-can-mint",
}


def test_released_not_deployed_passes_the_grant_rules_once_its_need_is_right(
    tmp_path: Path,
) -> None:
    """With the need corrected from update to patch, the real role fits."""
    source = INVENTORIES / "released-not-deployed"
    (tmp_path / "evidence").mkdir()
    for name in ("inventory.yaml", "evidence/milo-agentlifecycle.yaml"):
        text = (source / name).read_text(encoding="utf-8")
        text = text.replace("[get, update]", "[get, patch]")
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = check([str(tmp_path)], as_of=AS_OF)
    assert {f.rule for f in report.findings} & GRANT_RULES == set()


def test_github_triage_finds_the_tools_without_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server offers and no row covers is found, in the server's own file."""
    missing = found(judged("github-triage", monkeypatch), "tool-not-inventoried")
    assert set(missing) == {"github-mcp/label_write", "github-mcp/merge_pull_request"}
    assert {f.location.file.rpartition(".")[2] for f in missing.values()} == {"snap"}


def test_the_release_agent_is_followed_from_one_platform_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A job of one platform destroys databases of another: no file of either says so alone."""
    report = judged("release-agent", monkeypatch)
    (agent,) = report.inventories[0].agents
    database = next(row for row in agent.reach if "rds:DeleteDBInstance" in row.actions)
    assert (database.certainty, database.declared) == ("proven", False)
    paths = found(report, "undeclared-blast-path")
    nightly = "arn:aws:iam::111122223333:role/nightly-jobs"
    (told,) = [finding for name, finding in paths.items() if name.endswith(f"as {nightly}")]
    assert f"path:job-token->aws/* as {nightly}" in told.alike
    assert told.path is not None
    assert [hop.edge for hop in told.path.hops][-2:] == ["becomes", "grants"]
    minted = found(report, "credential-can-mint")
    assert [name.partition(" via ")[0] for name in sorted(minted)] == [
        "report-role->app_owner",
        f"upload-role->{nightly}",
    ]
    assert set(found(report, "self-merge")) == {"release-agent->github"}


@pytest.mark.parametrize("name", STORIES)
def test_the_json_report_has_the_published_form(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report validates against its schema."""
    schema = json.loads((REPO / "schemas/report.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, registry=Registry())
    report = json.loads(render(judged(name, monkeypatch), "json"))
    assert [error.message for error in validator.iter_errors(report)] == []


@pytest.mark.parametrize("name", STORIES)
def test_the_sarif_is_valid_and_loses_no_result(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SARIF validates against the official schema, and holds every finding."""
    report = judged(name, monkeypatch)
    sarif = json.loads(render(report, "sarif"))
    assert list(SARIF.iter_errors(sarif)) == []
    results = [result for run in sarif["runs"] for result in run["results"]]
    assert len(results) == len(report.findings)
    paths = [finding for finding in report.findings if finding.path]
    assert sum("codeFlows" in result for result in results) == len(paths)
