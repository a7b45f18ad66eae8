"""What pages people, and who stands where only a person should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.paging import (
    acknowledges,
    incident_channels,
    is_pager,
    machine_ends,
    machines_seeing,
    posts_to,
    rotations_reached,
    unseen,
)
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("resource", "action", "takes"),
    [
        ("*", "incidents.write", True),
        ("incidents", "write", True),
        ("incidents", "acknowledge", True),
        ("incidents", "resolve", True),
        ("incidents", "snooze", True),
        ("incidents", "merge", True),
        ("incidents", "*", True),
        ("escalation_policies", "update", True),
        ("*", "schedules.write", True),
        ("*", "maintenance_windows.write", True),
        ("alerts", "Create and Update", True),
        ("overrides", "create", True),
        ("*", "create", True),
        ("incidents", "frobnicate", True),
        ("incidents", "create_or_update", True),
        ("*", "incidents.read", False),
        ("*", "incidents:read", False),
        ("incidents", "read_only", False),
        ("*", "incidents:create", False),
        ("incidents", "create", False),
        ("alerts", "trigger", False),
        ("events", "send", False),
        ("oncall", "page", False),
        ("numbers", "call", False),
        ("incidents/notes", "write", False),
        ("*", "change_events.write", False),
    ],
)
def test_what_takes_a_page_from_people(resource: str, action: str, *, takes: bool) -> None:
    """Writing an incident is acknowledging it; reading and starting one is not, nor is a note."""
    assert acknowledges(resource, action) is takes


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("pager", True), ("PagerDuty", True), ("opsgenie", True), ("saas", False), (None, False)],
)
def test_a_pager_says_so(kind: str | None, *, expected: bool, tmp_path: Path) -> None:
    """By its kind, in any case of letters."""
    text = f"systems: {{s: {{kind: {kind}}}}}" if kind else "systems: {s: {}}"
    assert is_pager(inventory_of(f"{text}\n", tmp_path).systems["s"]) is expected


POLICIES = """
agents:
  mute: {escalation: null}
  open: {}
  told: {escalation: good}
rotations: {r: {secondary: s}, s: {}}
escalation_policies:
  good: {rules: [{targets: ["rotation:r", "service:bot"]}]}
  hook: {rules: [{targets: ["rotation:r"]}, {targets: ["webhook:w"]}]}
  mute-last: {rules: [{targets: ["agent:mute"]}]}
  told-last: {rules: [{targets: ["agent:told"]}]}
  channel-last: {rules: [{targets: ["channel:#help"]}]}
  mixed: {rules: [{targets: ["channel:help", "service:bot"]}]}
  over: {rules: [{targets: ["policy:hook"]}]}
  open-last: {rules: [{targets: ["agent:open"]}]}
  unwritten: {}
"""


@pytest.mark.parametrize(
    ("policy", "names", "missing"),
    [
        ("good", (), []),
        ("hook", ("webhook:w",), []),
        ("mute-last", ("agent:mute",), []),
        ("told-last", (), []),
        ("channel-last", (), []),
        ("mixed", ("service:bot",), []),
        ("over", (), []),
        ("open-last", ("agent:open",), ["escalation"]),
        ("unwritten", (), ["rules"]),
    ],
)
def test_a_machine_may_not_be_the_end(
    policy: str, names: tuple[str, ...], missing: list[str], tmp_path: Path
) -> None:
    """A person beside it, or an agent's own policy, leads on; a nested policy is judged itself."""
    inventory = inventory_of(POLICIES, tmp_path)
    found = machine_ends(inventory, inventory.escalation_policies[policy])
    assert (found.names, [field for _, field in found.missing]) == (names, missing)


def test_rotations_are_reached_through_agents_policies_and_secondaries(tmp_path: Path) -> None:
    """Whoever could ever be paged counts."""
    found = rotations_reached(inventory_of(POLICIES, tmp_path))
    assert found["told-last"] == found["over"] == found["good"] == ("r", "s")
    assert found["channel-last"] == found["unwritten"] == ()


CHANNELS = """
agents: {a: {}, b: {}}
rotations: {r: {}}
escalation_policies:
  p:
    rules: [{targets: ["rotation:r", "service:s"]}]
    subscribers: ["channel:#incidents", "agent:a"]
  q: {rules: [{targets: ["channel:help"]}], subscribers: []}
  open: {rules: [{}]}
tools:
  post: {agents: [b], effect: notify, requires: [{resources: ["channel:incidents", "#help"]}]}
  read: {agents: [b], effect: read, requires: [{resources: ["channel:incidents"]}]}
  bare: {agents: [b], effect: notify}
"""


def test_channels_are_the_same_with_and_without_a_hash(tmp_path: Path) -> None:
    """A platform writes `channel:x`, people write `#x`."""
    inventory = inventory_of(CHANNELS, tmp_path)
    policies = inventory.escalation_policies
    assert incident_channels(policies.values()) == {"incidents", "help"}
    assert list(posts_to(inventory.tools["post"])) == ["incidents", "help"]
    assert list(posts_to(inventory.tools["read"])) == []
    assert list(posts_to(inventory.tools["bare"])) == []


def test_machines_see_a_page_by_name_or_by_posting_where_it_is_seen(tmp_path: Path) -> None:
    """Targets, subscribers, and the agents whose tools write in the channel; each once."""
    policies = inventory_of(CHANNELS, tmp_path).escalation_policies
    posters = {"incidents": ("agent:b", "agent:a"), "releases": ("agent:c",)}
    assert machines_seeing(policies["p"], posters) == ["service:s", "agent:a", "agent:b"]
    assert machines_seeing(policies["q"], posters) == []


def test_who_sees_a_page_is_open_where_nobody_wrote_it(tmp_path: Path) -> None:
    """Levels without targets, no word about subscribers; an empty list is an answer."""
    policies = inventory_of(CHANNELS, tmp_path).escalation_policies
    assert [field for _, field in unseen(policies["open"])] == ["subscribers", "targets"]
    assert unseen(policies["q"]) == ()
