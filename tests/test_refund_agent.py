"""The refund agent: ten planted faults and those that nobody planned, each with its numbers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from blastlint.check import check

if TYPE_CHECKING:
    from blastlint.finding import Report

REPO = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 6, 2)
NINETY = ("sdk 3 x framework 3 x queue 5 x planner 2", "90 times", "the limit is 10")
RESPONDER = ("the agent's first responder", "for refund-agent: support-ai-oncall")


class Row(NamedTuple):
    """One finding that is expected: by which rule, on what, how grave, with which words."""

    rule: str
    subject: str
    severity: str
    words: tuple[str, ...]


ROWS = {
    "a key that the other side forgets too early": (
        Row(
            "dedupe-window-too-short",
            "zendesk.ticket.create",
            "error",
            ("remembered for 2 h", "2 h 2 min 50.5 s"),
        ),
        Row(
            "key-minted-inside-retry",
            "zendesk.ticket.create",
            "error",
            ("attempt of the planner", "4 effects"),
        ),
    ),
    "a verb that the role lacks": (
        Row(
            "under-grant",
            "k8s.rollout->k8s-support/deployments.apps",
            "error",
            ("needs update on deployments.apps", "get, list, patch"),
        ),
        Row(
            "required-verbs-unproven",
            "tool k8s.rollout/1",
            "warning",
            ("get, update", "read in a document"),
        ),
        Row("over-grant", "k8s-sa->k8s-support/deployments.apps", "warning", ("list, patch",)),
    ),
    "released, and not running": (
        Row(
            "capability-never-exercised",
            "auto-rollout",
            "error",
            ("never run for real", "a tool counts on it"),
        ),
        Row(
            "first-live-run-unplanned", "auto-rollout", "error", ("its first time is not planned",)
        ),
        Row(
            "released-not-deployed",
            "refund-agent",
            "error",
            ("runs 0.33.1", "0.36.1 was released 13 d ago"),
        ),
        Row(
            "human-gate-without-staleness-alarm",
            "refund-agent",
            "error",
            ("nothing calls one when it waits",),
        ),
        Row(
            "mitigation-not-running",
            "refund-agent/buffer-16mib",
            "error",
            ("in 0.36.0 and later", "what runs is 0.33.1"),
        ),
        Row(
            "payload-exceeds-limit",
            "refund-agent->buffer-16mib",
            "error",
            ("up to 3 MiB", "takes 1 MiB"),
        ),
    ),
    "one intent, ninety messages": (
        Row("nonidempotent-write-without-key", "slack.post", "error", ("90 times for one intent",)),
        Row(
            "ambiguous-outcome-unhandled",
            "slack.post",
            "error",
            ("called again, as if nothing had happened",),
        ),
    ),
    "an agent that merges its own change": (
        Row(
            "self-merge",
            "refund-agent->github-app-repo",
            "error",
            ("the protection rules do not bind it",),
        ),
        Row("bypass-actor-is-agent", "github-app-repo", "error", ("refund-agent may bypass",)),
        Row(
            "agent-edits-own-guardrail",
            "refund-agent->github-app-repo/contents",
            "error",
            ("write, with gh-app",),
        ),
        Row(
            "over-grant",
            "gh-app->github-app-repo/contents",
            "warning",
            ("merge, read", "need write"),
        ),
        Row(
            "over-grant",
            "gh-app->github-app-repo/pull_requests",
            "warning",
            ("read, write", "need merge"),
        ),
    ),
    "a fallback that nobody tried": (
        Row(
            "fallback-unexercised",
            "fallback-small-model",
            "error",
            ("quota or 5xx", "never run for real"),
        ),
        Row(
            "fallback-contract-drift",
            "fallback-small-model",
            "error",
            ("sha256:77aa", "sha256:4be1"),
        ),
        Row("fallback-target-sunset", "fallback-small-model", "error", ("2026-07-01", "29 d")),
        Row("fallback-unmonitored", "fallback-small-model", "warning", ("nothing tells anybody",)),
        Row("fallback-shares-domain", "fallback-small-model", "error", ("quota:llm-tokens",)),
    ),
    "a quota that ends in the afternoon of two regions": (
        Row(
            "quota-starves-business-hours",
            "llm-tokens",
            "error",
            (
                "21:05 UTC",
                "us-west loses 26 % of its day, 14:05 to 17:00 in America/Los_Angeles",
                "tokyo loses 19 % of its day, 06:05 to 09:00 in Asia/Tokyo",
                "emea loses 4 % of its day, outside its hours",
            ),
        ),
    ),
    "a key that opens payouts": (
        Row(
            "undeclared-blast-path",
            "stripe-rk->stripe/payouts",
            "error",
            ("opens payouts on stripe (create)",),
        ),
    ),
    "a runbook that its reader cannot follow": (
        Row(
            "runbook-step-inaccessible",
            "rb-refund-agent/3",
            "error",
            ("roll back prompt", "prompts.deploy"),
        ),
        Row(
            "runbook-step-inaccessible",
            "rb-refund-agent/4",
            "error",
            ("list refunds by run_id", "stripe.dashboard"),
        ),
        Row(
            "rollback-not-executable-by-oncall",
            "refund-agent",
            "warning",
            ("cannot roll back prompt", "prompts.deploy"),
        ),
    ),
    "a ticket that mails the customer": (
        Row("propagation-uncompensated", "zendesk", "warning", ("external:customer-email",)),
    ),
    "not planned: strangers, private data, and ways out": (
        Row(
            "rule-of-two-violated",
            "refund-agent",
            "error",
            (
                "zendesk.ticket.body",
                "pii, payment",
                "slack.post, stripe.refund.create, zendesk.ticket.create, zendesk.ticket.update",
            ),
        ),
        Row(
            "exfiltration-pair",
            "refund-agent",
            "error",
            ("orders.lookup", "slack.post, zendesk.ticket.create, zendesk.ticket.update"),
        ),
    ),
    "not planned: four layers that repeat": (
        Row("retry-amplification", "slack.post", "error", NINETY),
        Row("retry-amplification", "stripe.refund.create", "error", NINETY),
        Row("retry-amplification", "zendesk.ticket.create", "error", NINETY),
        Row("retry-amplification", "zendesk.ticket.update", "error", NINETY),
        Row(
            "retry-at-many-layers",
            "write-path",
            "warning",
            (
                "sdk 3, framework 3, queue 5, planner 2",
                "slack.post, stripe.refund.create, zendesk.ticket.create, zendesk.ticket.update",
            ),
        ),
        Row(
            "hidden-retry",
            "write-path/sdk",
            "warning",
            ("sdk of write-path", "2 of 3 attempts failed"),
        ),
    ),
    "not planned: forty minutes until it stops": (
        Row(
            "containment-slower-than-blast",
            "stripe.refund.create",
            "error",
            ("813 times", "40 min 40 s", "40,650 USD", "the limit is 50"),
        ),
        Row("containment-slower-than-blast", "zendesk.ticket.create", "error", ("2,440 times",)),
        Row("containment-slower-than-blast", "zendesk.ticket.update", "error", ("2,440 times",)),
        Row("containment-slower-than-blast", "slack.post", "error", ("406 times",)),
        Row(
            "irreversible-ungated",
            "stripe.refund.create",
            "warning",
            ("some calls pass", "813 x 50 USD = 40,650 USD"),
        ),
    ),
    "not planned: logs that the first responder cannot read": (
        Row("audit-log-unreadable-by-responder", "refund-agent->stripe", "warning", RESPONDER),
        Row("audit-log-unreadable-by-responder", "refund-agent->orders-db", "warning", RESPONDER),
        Row("audit-log-unreadable-by-responder", "refund-agent->slack", "warning", RESPONDER),
        Row("audit-log-unreadable-by-responder", "refund-agent->k8s-support", "warning", RESPONDER),
        Row(
            "audit-log-unreadable-by-responder",
            "refund-agent->github-app-repo",
            "error",
            ("the system's on-call nor by the agent's first responder",),
        ),
    ),
    "not planned: promises, drills, levers, nights": (
        Row(
            "slo-above-dependencies", "refund-agent", "error", ("0.999 x 0.995 x 0.9995 = 0.9935",)
        ),
        Row("quality-sli-missing", "refund-agent", "error", ("wrong answer", "0.999")),
        Row(
            "runbook-drilled-by-author-only",
            "rb-refund-agent",
            "error",
            ("team:support-ai", "2026-05-12"),
        ),
        Row("rollback-lever-missing", "refund-agent", "error", ("code, model",)),
        Row(
            "schedule-meets-window",
            "refund-agent->release-freeze",
            "warning",
            (
                "10 planned runs",
                "2026-06-27 02:00 to 2026-07-06 02:00 in America/New_York",
                "which is refused",
            ),
        ),
        Row(
            "grants-unverified",
            "refund-agent",
            "warning",
            ("gh-app, k8s-sa, pg-ro, slack-bot, stripe-rk, zd-oauth",),
        ),
    ),
}
"""What is said of it, by the fault it comes from: the ten that were planted, then the others."""


@pytest.fixture(name="report")
def _report(monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return the report on the refund agent."""
    monkeypatch.chdir(REPO)
    return check(["inventories/refund-agent"], as_of=AS_OF)


@pytest.mark.parametrize("fault", ROWS)
def test_a_fault_of_the_refund_agent_is_found(fault: str, report: Report) -> None:
    """Each of its findings is there, as grave as it is, and says how much, how long, how often."""
    found = {(f.rule, f.subject.id): f for f in report.findings}
    for row in ROWS[fault]:
        finding = found[row.rule, row.subject]
        assert (finding.severity, finding.certainty) == (row.severity, "certain")
        assert [word for word in row.words if word not in finding.message] == []


def test_nothing_else_is_said_of_the_refund_agent(report: Report) -> None:
    """The rows above are all that is found."""
    found = [(f.rule, f.subject.id) for f in report.findings]
    assert sorted(found) == sorted(
        (row.rule, row.subject) for rows in ROWS.values() for row in rows
    )


def test_the_refund_tools_have_their_numbers_of_effects(report: Report) -> None:
    """One intent of a tool can have so many effects: 1, 4 and 90."""
    rows = {tool.id: tool for tool in report.inventories[0].tools}
    assert rows["stripe.refund.create"].effects == 1
    assert rows["zendesk.ticket.create"].effects == 4
    assert rows["slack.post"].effects == 90
    assert {rows[name].attempts for name in ("stripe.refund.create", "slack.post")} == {90}
