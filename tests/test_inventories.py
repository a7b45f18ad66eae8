"""The worked inventories tell their stories: each is checked, and its output compared."""

from __future__ import annotations

import json
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


def test_the_clean_inventory_gives_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A complete and correct inventory is ready, and nothing is said about it."""
    report = judged("clean-support", monkeypatch)
    assert report.findings == ()
    assert report.verdict == "ready"
    tools = report.inventories[0].tools
    assert len(tools) >= 5
    assert sum(tool.effect != "read" for tool in tools) >= 2


GOLDEN = {
    "ack-not-explicit": 0,
    "agent-edits-own-guardrail": 1,
    "ambiguous-outcome-unhandled": 1,
    "audit-log-unreadable-by-responder": 5,
    "bypass-actor-is-agent": 1,
    "capability-never-exercised": 1,
    "containment-slower-than-blast": 4,
    "dedupe-window-too-short": 1,
    "fallback-contract-drift": 1,
    "fallback-shares-domain": 1,
    "fallback-target-sunset": 1,
    "fallback-unexercised": 1,
    "fallback-unmonitored": 1,
    "first-live-run-unplanned": 1,
    "exfiltration-pair": 1,
    "grants-unverified": 1,
    "hidden-retry": 1,
    "human-gate-without-staleness-alarm": 1,
    "irreversible-ungated": 1,
    "key-minted-inside-retry": 1,
    "mitigation-not-running": 1,
    "nonidempotent-write-without-key": 1,
    "over-grant": 3,
    "payload-exceeds-limit": 1,
    "quality-sli-missing": 1,
    "quota-starves-business-hours": 1,
    "propagation-uncompensated": 1,
    "released-not-deployed": 1,
    "required-verbs-unproven": 1,
    "retry-amplification": 4,
    "retry-at-many-layers": 1,
    "rollback-lever-missing": 1,
    "rollback-not-executable-by-oncall": 1,
    "rule-of-two-violated": 1,
    "runbook-drilled-by-author-only": 1,
    "runbook-step-inaccessible": 2,
    "schedule-meets-window": 1,
    "self-merge": 1,
    "slo-above-dependencies": 1,
    "undeclared-blast-path": 1,
    "under-grant": 1,
}
"""Rule to the number of findings that the faults planted in the refund agent must give."""


def test_the_refund_agent_gives_exactly_its_planted_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    """No planted fault is missed, and nothing else is said."""
    report = judged("refund-agent", monkeypatch)
    counted: dict[str, int] = {}
    for finding in report.findings:
        counted[finding.rule] = counted.get(finding.rule, 0) + 1
    assert counted == {rule: number for rule, number in GOLDEN.items() if number}
    assert {f.certainty for f in report.findings} == {"certain"}


@pytest.mark.parametrize(
    ("rule", "subject", "words"),
    [
        ("retry-amplification", "slack.post", ["90"]),
        ("nonidempotent-write-without-key", "slack.post", ["90"]),
        ("retry-at-many-layers", "write-path", ["sdk 3, framework 3, queue 5, planner 2"]),
        ("hidden-retry", "write-path/sdk", ["sdk of write-path", "2 of 3 attempts failed"]),
        ("key-minted-inside-retry", "zendesk.ticket.create", ["planner", "4"]),
        ("dedupe-window-too-short", "zendesk.ticket.create", ["7,370.5 s", "2 h"]),
        ("under-grant", "k8s.rollout->k8s-support/deployments.apps", ["update", "patch"]),
        ("undeclared-blast-path", "stripe-rk->stripe/payouts", ["create", "payouts"]),
        ("irreversible-ungated", "stripe.refund.create", ["813", "40,650 USD"]),
        ("propagation-uncompensated", "zendesk", ["external:customer-email"]),
        ("bypass-actor-is-agent", "github-app-repo", ["refund-agent"]),
        (
            "exfiltration-pair",
            "refund-agent",
            ["orders.lookup", "slack.post", "zendesk.ticket.create", "zendesk.ticket.update"],
        ),
        ("runbook-step-inaccessible", "rb-refund-agent/3", ["prompts.deploy"]),
        ("runbook-step-inaccessible", "rb-refund-agent/4", ["stripe.dashboard"]),
        ("released-not-deployed", "refund-agent", ["0.36.1", "0.33.1", "13 d"]),
        ("capability-never-exercised", "auto-rollout", ["never", "a tool"]),
        ("first-live-run-unplanned", "auto-rollout", ["never", "not planned"]),
        ("mitigation-not-running", "refund-agent/buffer-16mib", ["0.36.0", "0.33.1"]),
        ("payload-exceeds-limit", "refund-agent->buffer-16mib", ["3 MiB", "1 MiB"]),
        ("required-verbs-unproven", "tool k8s.rollout/1", ["get, update", "document"]),
        ("fallback-unexercised", "fallback-small-model", ["quota or 5xx", "never"]),
        ("fallback-contract-drift", "fallback-small-model", ["sha256:77aa", "sha256:4be1"]),
        ("fallback-target-sunset", "fallback-small-model", ["2026-07-01", "29 d"]),
        ("fallback-shares-domain", "fallback-small-model", ["quota:llm-tokens"]),
        ("slo-above-dependencies", "refund-agent", ["0.999 x 0.995 x 0.9995 = 0.9935"]),
        ("quality-sli-missing", "refund-agent", ["wrong answer", "0.999"]),
        (
            "quota-starves-business-hours",
            "llm-tokens",
            [
                "21:05 UTC",
                "us-west loses 26 % of its day, 14:05 to 17:00 in America/Los_Angeles",
                "tokyo loses 19 % of its day, 06:05 to 09:00 in Asia/Tokyo",
                "emea loses 4 % of its day, outside its hours",
            ],
        ),
        (
            "schedule-meets-window",
            "refund-agent->release-freeze",
            ["10 planned runs", "2026-06-27 02:00 to 2026-07-06 02:00 in America/New_York"],
        ),
        ("containment-slower-than-blast", "stripe.refund.create", ["813 times", "2,440 s", "50"]),
        ("containment-slower-than-blast", "zendesk.ticket.create", ["2,440 times"]),
        ("containment-slower-than-blast", "zendesk.ticket.update", ["2,440 times"]),
        ("containment-slower-than-blast", "slack.post", ["406 times"]),
        ("rollback-not-executable-by-oncall", "refund-agent", ["prompt", "prompts.deploy"]),
        ("rollback-lever-missing", "refund-agent", ["code, model"]),
        ("runbook-drilled-by-author-only", "rb-refund-agent", ["team:support-ai", "2026-05-12"]),
    ],
)
def test_the_refund_agent_gives_the_numbers(
    rule: str, subject: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finding says how much, how long and how often."""
    message = found(judged("refund-agent", monkeypatch), rule)[subject].message
    assert [word for word in words if word not in message] == []


def test_the_refund_tools_have_their_numbers_of_effects(monkeypatch: pytest.MonkeyPatch) -> None:
    """One intent of a tool can have so many effects: 1, 4 and 90."""
    rows = {tool.id: tool for tool in judged("refund-agent", monkeypatch).inventories[0].tools}
    assert rows["stripe.refund.create"].effects == 1
    assert rows["zendesk.ticket.create"].effects == 4
    assert rows["slack.post"].effects == 90
    assert {rows[name].attempts for name in ("stripe.refund.create", "slack.post")} == {90}


def test_the_refund_findings_are_as_grave_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A partial gate, a log that one of two can read, runs that are refused: warnings."""
    report = judged("refund-agent", monkeypatch)
    assert found(report, "propagation-uncompensated")["zendesk"].severity == "warning"
    assert found(report, "exfiltration-pair")["refund-agent"].severity == "error"
    logs = found(report, "audit-log-unreadable-by-responder")
    assert logs["refund-agent->github-app-repo"].severity == "error"
    assert {f.severity for s, f in logs.items() if "github" not in s} == {"warning"}
    assert found(report, "irreversible-ungated")["stripe.refund.create"].severity == "warning"
    for rule in ("retry-amplification", "payload-exceeds-limit", "quality-sli-missing"):
        assert {f.severity for f in found(report, rule).values()} == {"error"}
    for rule in ("required-verbs-unproven", "fallback-unmonitored"):
        assert {f.severity for f in found(report, rule).values()} == {"warning"}
    assert {f.severity for f in found(report, "retry-amplification").values()} == {"error"}
    assert found(report, "quota-starves-business-hours")["llm-tokens"].severity == "error"
    runs = found(report, "schedule-meets-window")["refund-agent->release-freeze"]
    assert runs.severity == "warning"
    (levers,) = found(report, "rollback-not-executable-by-oncall").values()
    assert levers.severity == "warning"


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
