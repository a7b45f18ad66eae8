"""The complete inventory passes because its cells are right, not because it leaves things out."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from blastlint.check import check

CLEAN = Path(__file__).resolve().parents[1] / "inventories" / "clean-production"
AS_OF = date(2026, 6, 2)

SPOILT = (
    (
        "agents/concierge.yaml",
        "total_timeout: 300s, buffering: false}\n        - {",
        "total_timeout: 60s, buffering: false}\n        - {",
        "stream-timeout-mismatch",
    ),
    ("agents/concierge.yaml", "drain: 120s", "drain: 75s", "stream-drain-too-short"),
    (
        "agents/concierge.yaml",
        "scaling_signal: concurrency",
        "scaling_signal: cpu",
        "stream-scaling-signal",
    ),
    (
        "agents/concierge.yaml",
        "histogram_max: 120s",
        "histogram_max: 30s",
        "stream-histogram-overflow",
    ),
    (
        "agents/concierge.yaml",
        "connection_limit: 200",
        "connection_limit: 18",
        "stream-capacity-stale",
    ),
    (
        "agents/concierge.yaml",
        "model-vendor: 0.995",
        "model-vendor: 0.99",
        "slo-above-dependencies",
    ),
    ("agents/concierge.yaml", "latency: 4s", "latency: 7s", "predecessor-slo-not-inherited"),
    (
        "agents/concierge.yaml",
        "last_exercised: 2026-05-19",
        "last_exercised: 2026-01-19",
        "fallback-unexercised",
    ),
    (
        "agents/concierge.yaml",
        "shares: []",
        'shares: ["quota:model-tokens"]',
        "fallback-shares-domain",
    ),
    (
        "agents/concierge.yaml",
        "returns_when: fifteen minutes without a failed probe",
        "returns_when: null",
        "fallback-no-return",
    ),
    (
        "agents/concierge.yaml",
        "cold_start_tested_at: 2026-05-19",
        "cold_start_tested_at: null",
        "cold-cache-overload",
    ),
    (
        "agents/concierge.yaml",
        'queue: "rotation:shop-ai-oncall"',
        'queue: "agent:returns-desk"',
        "promise-without-tool",
    ),
    (
        "agents/concierge.yaml",
        "largest_payload_bytes: 4096",
        "largest_payload_bytes: 262144",
        "payload-exceeds-limit",
    ),
    ("agents/concierge.yaml", 'running: "3.2.0"', 'running: "3.1.0"', "released-not-deployed"),
    ("agents/concierge.yaml", "attempts_worst: 3", "attempts_worst: 2", "cost-ignores-retries"),
    ("agents/returns-desk.yaml", "asks_from: 0.6", "asks_from: null", "threshold-uncalibrated"),
    (
        "agents/returns-desk.yaml",
        'kind: systemic, since: "1.6.0"',
        'kind: defensive, since: "1.6.0"',
        "only-one-kind-of-fix",
    ),
    ("agents/returns-desk.yaml", 'since: "1.6.2"', 'since: "1.9.0"', "mitigation-not-running"),
    ("agents/returns-desk.yaml", "every: 24h", "every: 48h", "no-reconciliation"),
    (
        "agents/night-shift.yaml",
        "skips: [summer-sale, cluster-maintenance]",
        "skips: [cluster-maintenance]",
        "schedule-meets-window",
    ),
    (
        "agents/night-shift.yaml",
        "review_within: 12h",
        "review_within: null",
        "unattended-authority",
    ),
    (
        "agents/night-shift.yaml",
        "threshold: 2",
        "threshold: null",
        "failure-counter-without-action",
    ),
    (
        "agents/night-shift.yaml",
        "members: 1, abort_when: the first refused call",
        "members: 0, abort_when: the first refused call",
        "rollout-without-canary",
    ),
    ("agents/night-shift.yaml", "live_runs: 41", "live_runs: 0", "capability-never-exercised"),
    (
        "agents/night-shift.yaml",
        "resources: [configmaps,",
        "resources: [pods/eviction, configmaps,",
        "agent-edits-own-guardrail",
    ),
    ("tools/platform.yaml", "max_rate: 2/h", "max_rate: null", "agent-pages-unbounded"),
    ("operations.yaml", "enforced_at: tool_layer", "enforced_at: prompt", "irreversible-ungated"),
    ("operations.yaml", "limit: 30000000", "limit: 9000000", "quota-starves-business-hours"),
    ("operations.yaml", "limit: 30000000", "limit: 20000000", "quota-headroom-under-retries"),
    ("operations.yaml", "reserved: 18000000", "reserved: null", "quota-shared-batch-interactive"),
    (
        "operations.yaml",
        "        max_attempts: 3\n        initial_interval: 2s",
        "        max_attempts: 30\n        initial_interval: 2s",
        "retry-amplification",
    ),
    (
        "systems/platform.yaml",
        "enforcement: tool_gate",
        "enforcement: convention",
        "freeze-not-enforced",
    ),
    (
        "systems/platform.yaml",
        "calendars: [summer-sale, cluster-maintenance]",
        "calendars: null",
        "calendar-missing",
    ),
    (
        "systems/orders.yaml",
        "restore_tested_at: 2026-05-05",
        "restore_tested_at: 2025-05-05",
        "restore-unproven",
    ),
    (
        "systems/payments.yaml",
        'compensated_by: "manual:reversal entry"',
        "compensated_by: null",
        "propagation-uncompensated",
    ),
    (
        "systems/payments.yaml",
        "attestation: {by: payments, at: 2026-05-21}",
        "attestation: {by: shop-ai, at: 2026-05-21}",
        "attested-by-wrong-team",
    ),
    ("people.yaml", "trained_at: 2026-05-07", "trained_at: null", "responder-untrained"),
    ("people.yaml", "identity: human", "identity: any", "ack-not-explicit"),
    (
        "people.yaml",
        'last_drill: {at: 2026-05-12, by: "rotation:shop-ai-oncall"}',
        'last_drill: {at: 2026-05-12, by: "team:shop-ai"}',
        "runbook-drilled-by-author-only",
    ),
    (
        "inventory.yaml",
        "steps: [returns.read, labels.create, refunds.create]",
        "steps: [returns.read, refunds.create, labels.create]",
        "saga-order",
    ),
    ("inventory.yaml", "class: irreversible", "class: compensable", "chain-class-understated"),
    ("inventory.yaml", "    - verification\n", "", "action-item-unverifiable"),
    ("inventory.yaml", "    - plan\n", "", "postmortem-fields-missing"),
    (
        "evidence/cluster/night-shift.yaml",
        'verbs: ["get", "list"]',
        'verbs: ["get", "list", "delete"]',
        "undeclared-blast-path",
    ),
    (
        "tools/returns.yaml",
        "verify_with: refunds.read",
        "verify_with: refunds.create",
        "receipt-not-verified",
    ),
    ("evidence/cluster/night-shift.yaml", 'verbs: ["create"]', 'verbs: ["get"]', "under-grant"),
    (
        "evidence/orders-db/shop.sql",
        "GRANT SELECT ON TABLE public.returns TO returns_ro",
        "GRANT SELECT,DELETE ON TABLE public.returns TO returns_ro",
        "ddl-reachable",
    ),
    (
        "evidence/orders-db/roles.sql",
        "NOLOGIN NOREPLICATION NOBYPASSRLS;",
        "NOLOGIN NOREPLICATION NOBYPASSRLS;\nGRANT shop_owner TO concierge_ro;",
        "credential-can-mint",
    ),
    (
        "evidence/gateway/night-shift.json",
        '"name": "pods_read"',
        '"name": "pods_exec"',
        "tool-not-inventoried",
    ),
    ("evidence/gateway/returns-desk.json", '"minimum": 1', '"minimum": 0', "tool-schema-drift"),
)
"""A file, what stands in it, what is written instead, and the rule that has to speak then."""


def test_the_complete_inventory_gives_no_finding() -> None:
    """Three agents, a dozen tools, the strictest profile, and nothing to say."""
    (report,) = check([str(CLEAN)], as_of=AS_OF).inventories
    assert (report.findings, report.verdict) == ((), "ready")
    assert (len(report.agents), len(report.tools)) == (3, 12)


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ("    kind: kubernetes\n", []),
        ('    principal: "system:serviceaccount:shop:night-shift"\n', ["required-cell-missing"]),
    ],
    ids=["kind", "principal"],
)
def test_a_cell_that_evidence_hangs_on_is_one_question_at_most(
    cell: str, asked: list[str], tmp_path: Path
) -> None:
    """Evidence names its platform itself; whom it cannot find without a name is asked for once."""
    shutil.copytree(CLEAN, tmp_path / "clean")
    place = tmp_path / "clean/systems/platform.yaml"
    text = place.read_text(encoding="utf-8")
    assert cell in text
    place.write_text(text.replace(cell, "", 1), encoding="utf-8")
    findings = check([str(tmp_path / "clean")], as_of=AS_OF).findings
    assert [(found.rule, found.certainty) for found in findings] == [
        (rule, "possible") for rule in asked
    ]


@pytest.mark.parametrize(("file", "old", "new", "rule"), SPOILT, ids=[row[3] for row in SPOILT])
def test_a_spoilt_cell_is_found(file: str, old: str, new: str, rule: str, tmp_path: Path) -> None:
    """Every part of it is looked at: spoil one, and the rule for it speaks."""
    shutil.copytree(CLEAN, tmp_path / "clean")
    place = tmp_path / "clean" / file
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert rule in {found.rule for found in check([str(tmp_path / "clean")], as_of=AS_OF).findings}
