"""What is a warning for a harmless agent is an error for one that can do the worst."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from support import written

if TYPE_CHECKING:
    from pathlib import Path

AGENT = """
agents:
  agent:
    lifecycle: production
    principal: {kind: agent, id: app/agent}
    untrusted_inputs: []
    sensitive_data: []
    CELLS
tools:
  act:
    agents: [agent]
    effect: EFFECT
    scope: single_record
    reversibility: {class: reversible}
    system: desk
systems: {desk: {data: [public], failure_domain: one}, till: {failure_domain: one}}
"""
WORST = {"append": "T1", "mutate": "T2", "spend": "T3"}
"""Effect of the only tool, to the tier of the agent."""

STREAM = """streaming: {since: 2026-03-01, capacity: {arrival_rate: 2/s, mean_duration: 1s,
      connection_limit: 1, nodes: 1, measured_at: 2026-05-01}}"""
DEPLOYED = "deployment: team\ndeployments:\n  team: "


@pytest.mark.parametrize("effect", WORST)
@pytest.mark.parametrize(
    ("rule", "cells", "error_from"),
    [
        ("stream-capacity-stale", STREAM, "T3"),
        ("quality-sli-missing", "slo: {quality_sli: null}", "T3"),
        ("shared-failure-domain", "slo: {hard_dependencies: {desk: 0.9, till: 0.9}}", "T3"),
        ("evidence-not-captured", "evidence: null", "T2"),
        (
            "fallback-capacity",
            "fallbacks: [b]\nfallbacks: {b: {last_exercised: 2026-05-01, tested_capacity: 0.1}}",
            "T3",
        ),
        ("health-blind-to-version", DEPLOYED + "{health_carries_version: false}", "T3"),
        ("rollout-without-canary", DEPLOYED + "{promotion: auto, canary: null}", "T3"),
        ("check-not-wired", "checks: {rights: {wired_at: null}}", "T3"),
        (
            "payload-exceeds-limit",
            "links: [{to: x, transport_max_bytes: 1, largest_payload_bytes: 2}]",
            "T3",
        ),
    ],
)
def test_a_finding_is_as_grave_as_its_agent(
    rule: str, cells: str, error_from: str, effect: str, tmp_path: Path
) -> None:
    """The tier of the worst tool decides between warning and error."""
    inside, _, beside = cells.partition("\n" if not cells.startswith("streaming") else "\0")
    text = AGENT.replace("EFFECT", effect).replace("CELLS", inside) + beside + "\n"
    folder = written(text, tmp_path)
    report = check([str(folder)], as_of=date(2026, 6, 2), select=[rule])
    (found,) = report.findings
    graver = WORST[effect] >= error_from
    assert (found.certainty, found.severity) == ("certain", "error" if graver else "warning")


@pytest.mark.parametrize(
    ("basis", "severities"),
    [("doc", ["warning", "warning", "error"]), ("code", [None, None, "error"])],
)
def test_what_was_read_is_as_grave_as_its_tool(
    basis: str, severities: list[str | None], tmp_path: Path
) -> None:
    """Code proves enough for a tool that does little, and a document for none."""
    need = f"\n    requires: [{{resources: [x], actions: [y], basis: {basis}}}]\n    system: desk"
    for effect, severity in zip(WORST, severities, strict=True):
        text = (
            AGENT.replace("EFFECT", effect).replace("CELLS", "").replace("\n    system: desk", need)
        )
        report = check(
            [str(written(text, tmp_path))],
            as_of=date(2026, 6, 2),
            select=["required-verbs-unproven"],
        )
        assert [found.severity for found in report.findings] == ([severity] if severity else [])
