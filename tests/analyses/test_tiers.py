"""How dangerous a tool and its agent are: the worst axis decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.tiers import (
    RuleOfTwo,
    agent_tier,
    rule_of_two,
    tier_gaps,
    tool_axes,
    tool_tier,
)
from blastlint.values import replace
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.analyses.tiers import Tier
    from blastlint.inventory.loading import Inventory

HARMLESS = "effect: read, scope: single_record, reversibility: {class: read_only}, system: s"


def tier(cells: str, tmp_path: Path, data: str = "public", undeclared: str = "") -> Tier:
    """Return the tier of a tool with some cells on a system with some data."""
    text = f"systems: {{s: {{data: [{data}]}}}}\ntools: {{t: {{{cells}}}}}\n"
    inventory = inventory_of(text, tmp_path)
    return tool_tier(inventory, inventory.tools["t"], set(undeclared.split()))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", "T0"),
        ("effect: read", "effect: append", "T1"),
        ("effect: read", "effect: mutate", "T2"),
        ("effect: read", "effect: notify", "T2"),
        ("effect: read", "effect: destroy", "T3"),
        ("effect: read", "effect: spend", "T3"),
        ("effect: read", "effect: grant", "T3"),
        ("effect: read", "effect: execute", "T3"),
        ("read_only", "reversible", "T1"),
        ("read_only", "compensable", "T2"),
        ("read_only", "irreversible", "T3"),
        ("single_record", "channel", "T1"),
        ("single_record", "bulk", "T2"),
        ("single_record", "organisation", "T3"),
    ],
)
def test_one_bad_axis_is_enough(old: str, new: str, expected: str, tmp_path: Path) -> None:
    """The other axes stay harmless and change nothing."""
    assert tier(HARMLESS.replace(old, new) if old else HARMLESS, tmp_path) == expected


@pytest.mark.parametrize(
    ("data", "read", "write"),
    [
        ("internal", "T1", "T1"),
        ("pii", "T2", "T2"),
        ("payment", "T2", "T3"),
        ("secrets", "T2", "T3"),
    ],
)
def test_reading_sensitive_data_alone_is_not_the_worst(
    data: str, read: str, write: str, tmp_path: Path
) -> None:
    """Data makes a read tool T2 at most, and a write tool whatever it is."""
    assert tier(HARMLESS, tmp_path, data) == read
    assert tier(HARMLESS.replace("effect: read", "effect: append"), tmp_path, data) == write


@pytest.mark.parametrize(
    ("undeclared", "expected"), [("", "T0"), ("read", "T2"), ("read spend", "T3")]
)
def test_undeclared_reach_counts_as_an_axis(undeclared: str, expected: str, tmp_path: Path) -> None:
    """What the credential opens beyond the rows makes the tool as dangerous as that is."""
    assert tier(HARMLESS, tmp_path, undeclared=undeclared) == expected


def test_open_cells_could_raise_a_tier(tmp_path: Path) -> None:
    """What is not stated is named, and counts as nothing yet."""
    text = """
    systems: {s: {}}
    tools: {bare: {}, part: {system: s, reversibility: {window: 1d}}}
    """
    inventory = inventory_of(text, tmp_path)
    bare, part = inventory.tools["bare"], inventory.tools["part"]
    assert tool_tier(inventory, bare) == "T0"
    assert tool_axes(inventory, bare)["effect"] is None
    names = [field for _, field in tier_gaps(inventory, bare)]
    assert names == ["effect", "reversibility", "scope", "system"]
    assert [f for _, f in tier_gaps(inventory, part)] == ["effect", "scope", "class", "data"]


def test_the_worked_example_breaks_the_rule_of_two(example: Inventory) -> None:
    """Ticket text, personal data, and posts, tickets and a merge that nobody approves."""
    found = rule_of_two(example, example.agents["refund-agent"], example.tools.values())
    assert found.complete is True
    assert found.ungated == (
        "github.pr.merge",
        "slack.post",
        "zendesk.ticket.create",
        "zendesk.ticket.update",
    )
    assert found.partly_gated == ("stripe.refund.create",)


@pytest.mark.parametrize(
    ("agent", "tool", "complete"),
    [
        ("untrusted_inputs: [x], sensitive_data: [y]", "effect: append, approval: none", True),
        ("untrusted_inputs: [], sensitive_data: [y]", "effect: append, approval: none", False),
        ("untrusted_inputs: [x], sensitive_data: []", "effect: append, approval: none", False),
        ("untrusted_inputs: [x], sensitive_data: [y]", "effect: read", False),
        ("untrusted_inputs: [x], sensitive_data: [y]", "effect: append, approval: g", False),
        ("untrusted_inputs: [x], sensitive_data: [y]", "effect: append", None),
        ("untrusted_inputs: [x], sensitive_data: [y]", "approval: none", None),
        ("sensitive_data: [y]", "effect: append, approval: none", None),
        ("sensitive_data: []", "effect: append, approval: none", False),
    ],
)
def test_all_three_must_be_stated_to_break_the_rule_of_two(
    agent: str, tool: str, *, complete: bool | None, tmp_path: Path
) -> None:
    """One property that is surely absent settles it; one that is open leaves it open."""
    text = f"""
agents: {{a: {{{agent}}}}}
rotations: {{r: {{}}}}
approval_gates:
  g: {{mode: per_action, enforced_at: tool_layer, on_timeout: deny, approvers: "rotation:r"}}
tools: {{t: {{agents: [a], {tool}}}}}
"""
    inventory = inventory_of(text, tmp_path)
    found = rule_of_two(inventory, inventory.agents["a"], inventory.tools.values())
    assert found.complete is complete
    assert bool(found.missing) or complete is not None


def test_an_agent_is_as_dangerous_as_its_worst_tool_and_one_more_when_all_three_meet() -> None:
    """The triple raises a tier by one, and T3 stays T3."""
    whole = RuleOfTwo(untrusted=True, sensitive=True, acts=True, ungated=("t",), partly_gated=())
    assert agent_tier(whole, ["T0", "T1"]) == "T2"
    assert agent_tier(whole, ["T3"]) == "T3"
    for part in (replace(whole, acts=False), replace(whole, sensitive=None)):
        assert agent_tier(part, ["T0", "T1"]) == "T1"
        assert agent_tier(part, []) == "T0"
