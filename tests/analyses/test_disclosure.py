"""What an agent reads, and the tools by which it can send that out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.disclosure import open_sends, sensitive_reads
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory


def names(inventory: Inventory, agent: str = "agent") -> tuple[list[str], list[str]]:
    """Return the ids of what an agent reads with and sends with."""
    tools = [tool for tool in inventory.tools.values() if agent in (tool.agents or ())]
    reads, sends = sensitive_reads(inventory, tools), open_sends(inventory, tools)
    return [tool.id for tool in reads.tools], [tool.id for tool in sends.tools]


def test_the_example_reads_orders_and_sends_tickets_and_posts(example: Inventory) -> None:
    """Its merge, its rollout and its refund tell no outsider what was read."""
    assert names(example, "refund-agent") == (
        ["orders.lookup", "stripe.refund.get"],
        ["slack.post", "zendesk.ticket.create", "zendesk.ticket.update"],
    )


@pytest.mark.parametrize(
    ("data", "reads"),
    [("pii", 1), ("payment", 1), ("health", 1), ("secrets", 1), ("internal", 0), ("public", 0)],
)
def test_only_some_data_must_not_get_out(data: str, reads: int, tmp_path: Path) -> None:
    """Personal, payment and health data, and secrets."""
    text = f"""
    systems: {{s: {{data: [public, {data}]}}}}
    tools: {{t: {{agents: [agent], system: s, effect: read}}}}
    """
    assert len(names(inventory_of(text, tmp_path))[0]) == reads


@pytest.mark.parametrize(
    ("tool", "sends"),
    [
        ("effect: notify", True),
        ("effect: notify, recipients: open", True),
        ("effect: notify, recipients: allow_list", False),
        ("effect: notify, enabled: false", False),
        ("effect: read, open_ended: http", True),
        ("effect: read, open_ended: sql", False),
        ("effect: execute, open_ended: shell", True),
        ("effect: append, system: passes-on", True),
        ("effect: mutate, system: passes-on", True),
        ("effect: spend, system: passes-on", False),
        ("effect: append, system: keeps", False),
    ],
)
def test_a_tool_sends_if_what_it_is_given_gets_out(
    tool: str, *, sends: bool, tmp_path: Path
) -> None:
    """At once, to any address, or by what its system passes on to the outside."""
    text = f"""
    systems:
      keeps: {{propagates: [{{to: passes-on}}]}}
      passes-on: {{propagates: [{{to: keeps}}, {{to: "external:mail"}}]}}
    tools: {{t: {{agents: [agent], approval: none, {tool}}}}}
    """
    assert bool(names(inventory_of(text, tmp_path))[1]) is sends


def test_what_is_not_stated_is_asked_for(tmp_path: Path) -> None:
    """The data of a system that is read, and the gate of a tool that sends."""
    text = """
    systems: {s: {}}
    tools:
      r: {agents: [agent], system: s, effect: read}
      n: {agents: [agent], effect: notify}
    """
    inventory = inventory_of(text, tmp_path)
    tools = list(inventory.tools.values())
    assert [field for _, field in sensitive_reads(inventory, tools).missing] == ["data"]
    assert [field for _, field in open_sends(inventory, tools).missing] == ["approval"]
