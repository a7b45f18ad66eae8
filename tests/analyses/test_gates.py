"""What a human gate is worth, and how much happens before somebody stops an agent."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.containment import containment, outcome
from blastlint.analyses.gates import gate_worth
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory

BOUND = 'applies_when: "amount > 50", ungated_max: {value: 50, currency: EUR}'
FULL = "mode: per_action, enforced_at: tool_layer, on_timeout: deny, approvers: rotation:r"


def worth(gate: str, tmp_path: Path) -> tuple[str | None, list[str]]:
    """Return the worth of a gate with some cells, and its open cells."""
    text = f"""
    rotations: {{r: {{}}}}
    approval_gates: {{g: {{{gate}}}}}
    tools: {{t: {{approval: g}}}}
    """
    inventory = inventory_of(text, tmp_path)
    found = gate_worth(inventory, inventory.tools["t"])
    return found.worth, [field for _, field in found.missing]


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (FULL, "full"),
        (f"{FULL}, {BOUND}", "partial"),
        (FULL.replace("per_action", "per_session"), "partial"),
        (FULL.replace("per_action", "post_hoc"), "none"),
        (FULL.replace("tool_layer", "prompt"), "none"),
        (FULL.replace("deny", "allow"), "none"),
        (FULL.replace("rotation:r", "service:bot"), "none"),
        ("enforced_at: prompt", "none"),
    ],
)
def test_only_a_person_asked_before_the_act_counts(
    gate: str, expected: str, tmp_path: Path
) -> None:
    """One flaw makes a gate worthless, a condition or a session makes it partial."""
    assert worth(gate, tmp_path) == (expected, [])


@pytest.mark.parametrize("cell", ["mode", "enforced_at", "on_timeout", "approvers"])
def test_a_gate_that_does_not_say_how_it_decides_is_a_question(cell: str, tmp_path: Path) -> None:
    """Each deciding cell that is left out leaves the worth open."""
    gate = ", ".join(part for part in FULL.split(", ") if not part.startswith(cell))
    assert worth(gate, tmp_path) == (None, [cell])


def test_a_partial_gate_names_the_bound_that_it_lacks(tmp_path: Path) -> None:
    """Without the largest ungated amount nobody knows what passes."""
    assert worth(f'{FULL}, applies_when: "amount > 50"', tmp_path) == ("partial", ["ungated_max"])


@pytest.mark.parametrize(
    ("approval", "expected", "missing"),
    [("approval: none", "none", []), ("approval: null", "none", []), ("", None, ["approval"])],
)
def test_no_gate_is_a_claim_and_silence_is_a_question(
    approval: str, expected: str | None, missing: list[str], tmp_path: Path
) -> None:
    """`none` and null say that nobody is asked."""
    inventory = inventory_of(f"tools: {{t: {{{approval}}}}}\n", tmp_path)
    found = gate_worth(inventory, inventory.tools["t"])
    assert (found.worth, [field for _, field in found.missing]) == (expected, missing)


@pytest.mark.parametrize(
    ("tool", "effects", "money"),
    [
        ("stripe.refund.create", 813, 40650),
        ("zendesk.ticket.create", 2440, None),
        ("zendesk.ticket.update", 2440, None),
        ("slack.post", 406, None),
    ],
)
def test_the_worked_example_takes_forty_minutes_to_contain(
    example: Inventory, tool: str, effects: int, money: float | None
) -> None:
    """813 refunds, 40,650 USD of them ungated; 2,440 ticket writes each way; 406 posts."""
    found = containment(example, example.agents["refund-agent"], example.tools[tool])
    assert found.lasts == timedelta(minutes=40, seconds=40)
    assert (found.effects, found.money) == (effects, money)
    assert found.currency == ("USD" if money else "")


def test_a_full_gate_leaves_nothing_ungated(example: Inventory) -> None:
    """The rollout could happen, but a person says yes to each."""
    found = containment(example, example.agents["refund-agent"], example.tools["k8s.rollout"])
    assert (found.effects, found.ungated) == (0, 0)


def test_an_ungated_tool_moves_as_much_as_one_call_may(tmp_path: Path) -> None:
    """Without a gate the cap of a call counts; 20 a minute for 31 minutes are 620 calls."""
    text = """
    agents: {a: {escalation: p, kill_switch: {measured: 1m}}}
    rotations: {r: {ack_timeout: 0s}}
    escalation_policies: {p: {rules: [{targets: ["rotation:r"]}]}}
    tools:
      t: {agents: [a], max_rate: 20/min, approval: none, max_amount: {value: 2, currency: EUR}}
    """
    inventory = inventory_of(text, tmp_path)
    found = containment(inventory, inventory.agents["a"], inventory.tools["t"])
    assert (found.ungated, found.money, found.currency) == (620, 1240, "EUR")


def test_containment_names_what_it_lacks(tmp_path: Path) -> None:
    """A rate, a policy, a kill switch and a gate would tell."""
    inventory = inventory_of("tools: {t: {agents: [agent]}}\n", tmp_path)
    found = containment(inventory, inventory.agents["agent"], inventory.tools["t"])
    assert (found.effects, found.ungated, found.money) == (None, None, None)
    names = [field for _, field in found.missing]
    assert names == ["max_rate", "escalation", "kill_switch", "approval"]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 86400), st.integers(0, 86400))
def test_a_higher_rate_or_a_slower_stop_never_does_less(
    tmp_path_factory: pytest.TempPathFactory, rate: int, more: int, stop: int, later: int
) -> None:
    """Effects grow with the rate and with the time to stop."""

    def effects(rate: int, stop: int) -> float:
        text = f"""
        agents: {{a: {{escalation: p, kill_switch: {{measured: {stop}s}}}}}}
        rotations: {{r: {{ack_timeout: 5m}}}}
        escalation_policies: {{p: {{rules: [{{targets: ["rotation:r"]}}]}}}}
        tools: {{t: {{agents: [a], max_rate: {rate}/h}}}}
        """
        inventory = inventory_of(text, tmp_path_factory.mktemp("i"))
        found = containment(inventory, inventory.agents["a"], inventory.tools["t"])
        assert found.effects is not None
        return found.effects

    assert effects(rate, stop) <= effects(rate + more, stop + later)


def test_a_rate_that_nothing_caps_has_no_end(tmp_path: Path) -> None:
    """`max_rate: null` says that there is no cap; what each call moves counts as often, or not."""
    text = """
    agents: {a: {escalation: p, kill_switch: {measured: 1m}}}
    rotations: {r: {ack_timeout: 1m}}
    escalation_policies: {p: {rules: [{targets: ["rotation:r"]}]}}
    tools:
      t: {agents: [a], max_rate: null, approval: none, max_amount: {value: 2, currency: EUR}}
      u: {agents: [a], max_rate: null, approval: none, max_amount: {value: 0, currency: EUR}}
    """
    inventory = inventory_of(text, tmp_path)
    agent = inventory.agents["a"]
    assert containment(inventory, agent, inventory.tools["t"]).money == inf
    found = containment(inventory, agent, inventory.tools["u"])
    assert (found.effects, found.money) == (inf, 0)


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("system: mails, reversibility: {class: reversible}", "irreversible"),
        ("system: mails", "irreversible"),
        ("system: feeds, reversibility: {class: reversible}", "compensable"),
        ("system: feeds, reversibility: {class: irreversible}", "irreversible"),
        ("system: silent, reversibility: {class: reversible}", "reversible"),
        ("system: open, reversibility: {class: compensable}", "compensable"),
        ("reversibility: {class: reversible}", "reversible"),
        ("system: open", ""),
    ],
)
def test_the_worst_class_of_a_chain_governs(tool: str, expected: str, tmp_path: Path) -> None:
    """A ticket can be restored; the mail that it set off cannot."""
    text = f"""
    systems:
      mails: {{propagates: [{{to: "external:mail", compensated_by: null}}]}}
      feeds: {{propagates: [{{to: "external:feed", compensated_by: "manual:correction"}}]}}
      silent: {{propagates: []}}
      open: {{}}
    tools: {{t: {{{tool}}}}}
    """
    inventory = inventory_of(text, tmp_path)
    assert outcome(inventory, inventory.tools["t"]) == expected
