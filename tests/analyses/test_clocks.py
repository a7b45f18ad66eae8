"""Clocks that must outlast one another, and the response that they are measured against."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from blastlint.analyses.clocks import Clock, audit_clock, dedupe_clock, undo_clock
from blastlint.analyses.escalation import first_response, slowest_response
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory

PEOPLE = """
agents:
  quick: {escalation: near, kill_switch: {measured: 1m}}
  slow: {escalation: far, kill_switch: {measured: 1m}}
  silent: {}
rotations:
  a: {ack_timeout: 5m}
  b: {}
escalation_policies:
  near: {rules: [{targets: ["rotation:a"], escalation_delay: 10m}]}
  far:
    rules:
      - {targets: ["channel:alerts"], escalation_delay: 10m}
      - {targets: ["policy:far", "policy:nested"], escalation_delay: 15m}
  nested:
    rules:
      - {targets: ["agent:quick"], escalation_delay: 3m}
      - {targets: ["rotation:a"]}
  gap:
    rules: [{targets: ["channel:alerts"]}, {targets: ["rotation:a"]}]
  nobody: {rules: [{targets: ["channel:alerts"], escalation_delay: 10m}]}
"""


def fields(missing: tuple[Cell, ...]) -> list[str]:
    """Return the names of open cells."""
    return [field for _, field in missing]


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


def test_as_long_is_too_short() -> None:
    """A clock must be longer; one that is not stated neither holds nor fails."""
    hour = timedelta(hours=1)
    assert Clock("a", hour, "b", hour).holds is False
    assert Clock("a", hour * 2, "b", hour).holds is True
    assert Clock("a", None, "b", hour).holds is None
    assert Clock("a", hour, "b", None).holds is None


def test_the_worked_example_forgets_a_key_too_early(example: Inventory) -> None:
    """7,370.5 s against two hours; the refund's day is long enough; a post has no key."""
    clock = dedupe_clock(example, example.tools["zendesk.ticket.create"])
    assert clock is not None
    assert (clock.lasts, clock.needs) == (timedelta(hours=2), timedelta(seconds=7370.5))
    assert clock.holds is False
    refund = dedupe_clock(example, example.tools["stripe.refund.create"])
    assert refund is not None
    assert refund.holds is True
    assert dedupe_clock(example, example.tools["slack.post"]) is None


def test_a_window_matters_only_where_a_key_is_repeated(tmp_path: Path) -> None:
    """One attempt needs no window; two with the same key do, and the cell is named."""
    text = """
    retry_profiles:
      once: {layers: [{layer: sdk, max_attempts: 1}]}
      twice: {layers: [{layer: sdk, max_attempts: 2}]}
    tools:
      once:
        {timeout: 1s, retry: once, idempotency: {strategy: key, key: {source: business_key}}}
      twice:
        {timeout: 1s, retry: twice, idempotency: {strategy: key, key: {source: business_key}}}
    """
    inventory = inventory_of(text, tmp_path)
    assert dedupe_clock(inventory, inventory.tools["once"]) is None
    clock = dedupe_clock(inventory, inventory.tools["twice"])
    assert clock is not None
    assert clock.holds is None
    assert fields(clock.missing) == ["window"]


def test_the_first_rotation_of_the_worked_example_is_paged_at_once(example: Inventory) -> None:
    """Thirty minutes of detection, ten to acknowledge, forty seconds to stop."""
    response = first_response(example, example.agents["refund-agent"])
    assert response.rotation == "support-ai-oncall"
    assert response.paged_after == timedelta()
    assert response.until_person == minutes(40)
    assert response.until_stopped == minutes(40) + timedelta(seconds=40)
    assert not response.missing


def test_levels_without_a_pager_delay_the_first_person(tmp_path: Path) -> None:
    """A channel, a policy that leads back, an agent: ten minutes and three pass before a page."""
    inventory = inventory_of(PEOPLE, tmp_path)
    response = first_response(inventory, inventory.agents["slow"])
    assert (response.rotation, response.paged_after) == ("a", minutes(13))
    assert response.until_person == minutes(30 + 13 + 5)


def test_a_response_names_the_cell_that_it_lacks(tmp_path: Path) -> None:
    """No policy, no delay before the pager, no timeout of the pager: each its own cell."""
    more = """
  late: {escalation: gap}
  alone: {escalation: nobody}
  lazy: {escalation: unread}
"""
    text = PEOPLE.replace("  silent: {}\n", f"  silent: {{}}{more}")
    text += '  unread: {rules: [{targets: ["rotation:b"]}]}\n'
    inventory = inventory_of(text, tmp_path)
    found = {
        name: first_response(inventory, inventory.agents[name])
        for name in ("silent", "late", "alone", "lazy")
    }
    assert {name: fields(response.missing) for name, response in found.items()} == {
        "silent": ["escalation"],
        "late": ["escalation_delay"],
        "alone": [],
        "lazy": ["ack_timeout"],
    }
    assert found["late"].rotation == "a"
    assert found["alone"].rotation is None
    assert all(response.until_person is None for response in found.values())


def test_the_slowest_agent_decides(tmp_path: Path) -> None:
    """A tool that two agents share is watched as late as the later of the two."""
    inventory = inventory_of(f"{PEOPLE}\ntools:\n  tool: {{agents: [quick, slow]}}\n", tmp_path)
    response = slowest_response(inventory, inventory.tools["tool"])
    assert response is not None
    assert response.agent == "slow"


def test_undoing_must_be_possible_until_a_person_acts(tmp_path: Path) -> None:
    """36 minutes until quick is stopped: 30 s and 36 m are too short, 37 m is enough."""
    tools = "\ntools:\n" + "".join(
        f"  w{limit}: {{agents: [quick], reversibility: {{class: reversible, window: {limit}}}}}\n"
        for limit in ("30s", "36m", "37m")
    )
    tools += "  open: {agents: [quick], reversibility: {class: compensable}}\n"
    tools += "  final: {agents: [quick], reversibility: {class: irreversible, window: 1s}}\n"
    tools += "  watched: {agents: [silent], reversibility: {class: reversible, window: 1s}}\n"
    inventory = inventory_of(PEOPLE + tools, tmp_path)
    clocks = {name: undo_clock(inventory, tool) for name, tool in inventory.tools.items()}
    assert {name: clock.holds for name, clock in clocks.items() if clock} == {
        "w30s": False,
        "w36m": False,
        "w37m": True,
        "open": None,
        "watched": None,
    }
    assert clocks["open"] is not None
    assert fields(clocks["open"].missing) == ["window"]
    assert clocks["watched"] is not None
    assert fields(clocks["watched"].missing) == ["escalation"]


def test_an_audit_log_must_outlive_the_time_to_undo(example: Inventory, tmp_path: Path) -> None:
    """Thirty days of records against thirty days to undo is too short; the example's are not."""
    ticket = audit_clock(example, example.tools["zendesk.ticket.create"])
    assert ticket is not None
    assert (ticket.needs, ticket.holds) == (timedelta(days=30), True)
    text = """
    systems: {s: {audit_log: l}}
    audit_logs: {l: {retention: 30d}, open: {}}
    tools: {t: {system: s, reversibility: {class: reversible, window: 30d}}, none: {}}
    """
    inventory = inventory_of(text, tmp_path)
    clock = audit_clock(inventory, inventory.tools["t"])
    assert clock is not None
    assert clock.holds is False
    assert audit_clock(inventory, inventory.tools["none"]) is None
    inventory = inventory_of(text.replace("audit_log: l", "audit_log: open"), tmp_path)
    clock = audit_clock(inventory, inventory.tools["t"])
    assert clock is not None
    assert (clock.holds, fields(clock.missing)) == (None, ["retention"])
