"""Layers, promises and numbers as rules see them: how grave, how many, and which cell is asked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from support import written

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.finding import Finding

STACK = """
agents: {a: {}}
retry_profiles:
  p:
    layers:
      - {layer: sdk, max_attempts: 3, initial_interval: 1s, backoff_coefficient: 2}
      - {layer: framework, max_attempts: 2, attempt_timeout: 30s}
"""


def found(rule: str, text: str, folder: Path) -> list[Finding]:
    """Return what one rule says of an inventory."""
    report = check([str(written(text, folder))], as_of=date(2026, 6, 2), select=[rule])
    return list(report.findings)


@pytest.mark.parametrize(("effect", "severity"), [("spend", "error"), ("append", "warning")])
def test_an_inversion_is_as_grave_as_the_gravest_tool_behind_it(
    effect: str, severity: str, tmp_path: Path
) -> None:
    """A gateway that gives up after 30 s on a payment that is tried for 93 s blocks a launch."""
    text = f"{STACK}tools: {{t: {{agents: [a], effect: {effect}, timeout: 30s, retry: p}}}}\n"
    (finding,) = found("timeout-inversion", text, tmp_path)
    assert finding.severity == severity
    assert "30 s for work that can take 93 s (t)" in finding.message


def test_a_tool_without_a_timeout_leaves_the_inversion_open(tmp_path: Path) -> None:
    """One tool is known to be fast, of the other nobody says it: the question names its cell."""
    text = f"""{STACK}
tools:
  fast: {{agents: [a], effect: append, timeout: 1s, retry: p}}
  open: {{agents: [a], effect: append, retry: p}}
"""
    (finding,) = found("timeout-inversion", text, tmp_path)
    assert finding.certainty == "possible"
    assert finding.message.startswith("open does not state `timeout`")


@pytest.mark.parametrize(
    ("inner", "cell"),
    [
        ("{layer: sdk}", "layers.0.max_attempts"),
        ("{layer: sdk, max_attempts: 3, initial_interval: 1s}", "layers.0.backoff_coefficient"),
    ],
)
def test_an_open_inner_layer_is_asked_for(inner: str, cell: str, tmp_path: Path) -> None:
    """How long the inside takes depends on its layers, and theirs are the cells to fill."""
    text = f"""
agents: {{a: {{}}}}
retry_profiles:
  p: {{layers: [{inner}, {{layer: framework, max_attempts: 1, total_timeout: 5s}}]}}
tools: {{t: {{agents: [a], effect: append, timeout: 1s, retry: p}}}}
"""
    (finding,) = found("timeout-inversion", text, tmp_path)
    assert f"p does not state `{cell}`" in finding.message


@pytest.mark.parametrize(("effect", "severity"), [("spend", "error"), ("notify", "warning")])
def test_an_accepted_payment_is_graver_than_an_accepted_mail(
    effect: str, severity: str, tmp_path: Path
) -> None:
    """A payment that is only accepted blocks a launch."""
    text = (
        f"tools: {{t: {{agents: [agent], effect: {effect}, result_means: accepted,"
        " confirmation: null}}"
    )
    (finding,) = found("accepted-not-completed", text, tmp_path)
    assert finding.severity == severity


def test_two_layers_of_one_kind_are_told_apart(tmp_path: Path) -> None:
    """Each finding names one layer, so that a waiver accepts one."""
    text = """
agents: {a: {metrics: [{name: calls, unit: null}, {name: calls, unit: null}]}}
retry_profiles:
  p:
    layers:
      - {layer: sdk, max_attempts: 2, attempt_metric: false}
      - {layer: sdk, max_attempts: 3, attempt_metric: false}
tools: {t: {agents: [a], effect: read, retry: p}}
"""
    hidden = found("hidden-retry", text, tmp_path)
    assert sorted(f.subject.id for f in hidden) == ["p/sdk", "p/sdk#2"]
    unnamed = found("sli-unit-missing", text, tmp_path)
    assert sorted(f.subject.id for f in unnamed) == ["a/calls", "a/calls#2"]
    assert "1 of 1 tasks, 5 of 6 attempts failed, 6 billed" in unnamed[0].message


def test_a_cost_figure_is_told_beside_what_it_leaves_out(tmp_path: Path) -> None:
    """Expected and worst stand side by side, the model's questions included."""
    text = """
agents:
  a:
    model: {call_cost: {value: 0.02, currency: USD}}
    metrics: [{name: cost, attempts_assumed: 1, attempts_worst: null}]
retry_profiles: {p: {layers: [{layer: sdk, max_attempts: 3}, {layer: planner, max_attempts: 2}]}}
tools:
  t:
    agents: [a]
    effect: append
    failure_rate: 0.5
    call_cost: {value: 0.05, currency: USD}
    retry: p
"""
    (finding,) = found("cost-ignores-retries", text, tmp_path)
    # (1 - 0.5^6) / 0.5 = 1.96875 attempts, 1.125 questions; at worst 6 attempts and 2 questions.
    assert "expected: 1.969, at worst: 6" in finding.message
    assert "expected 0.121 USD, at worst 0.34 USD" in finding.message


def test_a_cost_in_another_currency_is_not_added(tmp_path: Path) -> None:
    """Nobody knows the rate of exchange; the tool's own cost is told alone."""
    text = """
agents:
  a:
    model: {call_cost: {value: 0.02, currency: EUR}}
    metrics: [{name: cost, attempts_assumed: 1, attempts_worst: null}]
retry_profiles: {p: {layers: [{layer: workflow, max_attempts: unlimited}]}}
tools:
  t: {agents: [a], effect: append, call_cost: {value: 0.05, currency: USD}, retry: p}
"""
    (finding,) = found("cost-ignores-retries", text, tmp_path)
    assert finding.message.endswith("one task costs: at worst without end USD")


def test_a_tool_that_says_nothing_of_retries_leaves_the_cost_open(tmp_path: Path) -> None:
    """One tool makes one attempt, of the other nobody knows: that is a question."""
    text = """
agents: {a: {metrics: [{name: cost, attempts_assumed: 1, attempts_worst: 1}]}}
retry_profiles: {once: {layers: [{layer: sdk, max_attempts: 1}]}}
tools:
  known: {agents: [a], effect: append, retry: once}
  open: {agents: [a], effect: read}
"""
    (finding,) = found("cost-ignores-retries", text, tmp_path)
    assert finding.message.startswith("open does not state `retry`")


def test_a_view_without_a_key_is_a_question_until_two_keys_differ(tmp_path: Path) -> None:
    """What is missing could be the same key; what differs cannot."""
    shown = "{name: done, view: product, unit: task, correlation_key: run_id}"
    silent = "{name: bill, view: finance, unit: attempt}"
    other = "{name: errors, view: operations, unit: attempt, correlation_key: span_id}"
    text = f"agents: {{a: {{metrics: [{shown}, {silent}]}}}}"
    (finding,) = found("views-not-reconcilable", text, tmp_path)
    assert finding.certainty == "possible"
    assert "`metrics.1.correlation_key`" in finding.message
    text = f"agents: {{a: {{metrics: [{shown}, {silent}, {other}]}}}}"
    (finding,) = found("views-not-reconcilable", text, tmp_path)
    assert finding.certainty == "certain"


def test_a_fallback_that_does_not_say_what_it_shares_is_asked(tmp_path: Path) -> None:
    """Whether the account is another one is what decides."""
    text = """
agents: {a: {fallbacks: [f]}}
fallbacks: {f: {takes_over: [t], reconciles_first: false}}
tools: {t: {agents: [a], effect: spend, idempotency: {strategy: none}}}
"""
    (finding,) = found("fallback-changes-key-namespace", text, tmp_path)
    assert finding.message.startswith("f does not state `shares`")


def test_a_key_in_a_header_is_not_taken_for_an_argument(tmp_path: Path) -> None:
    """A tool of the same name whose schema has no such argument answers nothing."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "tools.json").write_text(
        '{"tools": [{"name": "pay", "inputSchema": {"type": "object", "properties": {}}}]}'
    )
    text = """
retry_profiles: {p: {layers: [{layer: sdk, max_attempts: 2}]}}
tools:
  t:
    agents: [agent]
    registered_name: pay
    effect: spend
    idempotency: {strategy: key, key: {field: Idempotency-Key, source: business_key}, window: 1d}
    retry: p
evidence: {server: {kind: mcp-tools, files: [evidence/tools.json]}}
"""
    (finding,) = found("key-field-not-sent", text, tmp_path)
    assert finding.certainty == "possible"


def test_a_profile_whose_layers_are_open_is_a_question(tmp_path: Path) -> None:
    """Neither one layer nor two are known to repeat."""
    text = """
retry_profiles:
  p: {layers: [{layer: sdk, max_attempts: 2}, {layer: framework}]}
  q: {}
  r: {layers: null}
tools:
  t: {agents: [agent], effect: read, retry: p}
  u: {agents: [agent], effect: read, retry: q}
  v: {agents: [agent], effect: read, retry: r}
"""
    messages = [f.message for f in found("retry-at-many-layers", text, tmp_path)]
    assert [said.partition(",")[0] for said in messages] == [
        "p does not state `layers.1.max_attempts`",
        "q does not state `layers`",
    ]


def test_many_tools_of_one_profile_give_one_finding(tmp_path: Path) -> None:
    """A finding is about the layer, however many tools it repeats."""
    tools = "\n".join(
        f"  t{n}: {{agents: [a], effect: append, timeout: 30s, retry: p}}" for n in range(200)
    )
    (finding,) = found("timeout-inversion", f"{STACK}tools:\n{tools}\n", tmp_path)
    assert finding.agents == ("a",)


def test_a_rule_of_your_own_can_ask_for_load_and_attempts(tmp_path: Path) -> None:
    """With a budget of a tenth, ninety attempts are 1.1 times the load; the expected are few."""
    (tmp_path / "pack").mkdir()
    rule = """
id: NAME
title: A number
severity: note
family: demo
each: KIND
when: "true"
message: "SAID"
why: It counts.
fix: Read.
refs: []
tags: []
examples: []
"""
    for name, kind, said in (
        ("load", "retry_profile", "{retry_profile.load_factor}"),
        ("sent", "tool", "{tool.retry.expected_attempts}; assumed: {tool.retry.assumed_layers}"),
    ):
        text = rule.replace("NAME", name).replace("KIND", kind).replace("SAID", said)
        (tmp_path / "pack" / f"{name}.yaml").write_text(text)
    (tmp_path / "shop").mkdir()
    shop = written(
        """
        retry_profiles:
          p:
            layers: [{layer: sdk, product: openai-python}, {layer: planner, max_attempts: 30}]
            retry_budget: 0.1
        tools: {t: {agents: [agent], effect: append, failure_rate: 0.2, retry: p}}
        """,
        tmp_path / "shop",
    )
    pack = str(tmp_path / "pack")
    report = check([str(shop)], as_of=date(2026, 6, 2), packs=[pack], select=["load", "sent"])
    assert {f.rule: f.message for f in report.findings} == {
        "load": "1.1",
        "sent": "1.25; assumed: sdk",
    }
