"""What an inventory says about a quota, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.demand import (
    declared_draws,
    moves,
    priced_as_30_days,
    quota_facts,
    shared_fate,
    watched,
)
from blastlint.analyses.wallclock import words
from blastlint.check import check
from support import inventory_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Quota

AS_OF = date(2026, 6, 2)
DAILY = 'window: {type: fixed_calendar, period: day, reset_time: "00:00", time_zone: Etc/UTC}'
EVENLY = "demand: {all: {hours: null, daily: 2400}}"


def quota_of(cells: str, tmp_path: Path) -> Quota:
    """Return a quota with some cells."""
    return inventory_of(f"quotas:\n  q: {{{cells}}}", tmp_path).quotas["q"]


def test_the_worked_quota_runs_out_in_the_evening_of_utc(example: Inventory) -> None:
    """At 21:05 UTC of the day of judgement, 3 h 52 min after its alert."""
    facts = quota_facts(example.quotas["llm-tokens"], AS_OF)
    assert facts.exhaustion is not None
    assert words(facts.exhaustion.at, "Etc/UTC") == "2026-06-02 21:05"
    assert int(facts.exhaustion.since_alert or 0) // 60 == 232
    assert [loss.name for loss in facts.exhaustion.losses] == ["us-west", "tokyo", "emea"]
    assert facts.per_window == pytest.approx(12_000_000)
    assert facts.missing == facts.open_demand == ()


@pytest.mark.parametrize(
    ("cells", "missing"),
    [
        ("limit: 1", ["window"]),
        ("limit: 1, window: {period: day}", ["type"]),
        ("limit: 1, window: {type: fixed_calendar}", ["period"]),
        (
            f"limit: 1, window: {{type: fixed_calendar, period: day}}, {EVENLY}",
            ["reset_time", "time_zone"],
        ),
        (f"{DAILY}, {EVENLY}", ["limit"]),
        (f"limit: 1, {DAILY}", ["demand"]),
        (f"limit: 1, {DAILY}, demand: {{a: {{}}}}", ["hours", "daily"]),
        (
            f'limit: 1, {DAILY}, demand: {{a: {{hours: "09:00-18:00", daily: 1}}}}',
            ["time_zone", "core_share"],
        ),
        ("limit: 1, window: {type: rolling}", []),
        ("limit: 1, window: null", []),
        (f"limit: null, {DAILY}, {EVENLY}", []),
        (f"limit: 1, {DAILY}, demand: {{}}", []),
        ("limit: 1, window: {type: rolling, period: day}", []),
        ("limit: 1, window: {type: fixed_calendar, period: hour}", []),
    ],
)
def test_what_is_not_stated_is_asked_for(cells: str, missing: list[str], tmp_path: Path) -> None:
    """Only where the answer hangs on it: what rolls needs no reset."""
    facts = quota_facts(quota_of(cells, tmp_path), AS_OF)
    assert [field for _, field in facts.missing] == missing
    assert facts.exhaustion is None


@pytest.mark.parametrize(
    ("period", "units"),
    [
        ("minute", 2400 / 1440),
        ("hour", 100.0),
        ("day", 2400.0),
        ("week", 16_800.0),
        ("month", 74_400.0),
    ],
)
def test_demand_is_counted_by_window(period: str, units: float, tmp_path: Path) -> None:
    """The longest month, and the busiest minute."""
    facts = quota_facts(
        quota_of(f"limit: 1, window: {{type: rolling, period: {period}}}, {EVENLY}", tmp_path),
        AS_OF,
    )
    assert facts.per_window == pytest.approx(units)


def test_a_group_without_zone_is_not_guessed(tmp_path: Path) -> None:
    """A zone that is null is a fault of its own: nothing else is concluded from it."""
    demand = 'demand: {a: {hours: "09:00-18:00", time_zone: null, daily: 9, core_share: 1}}'
    quota = quota_of(f"limit: 1, {DAILY}, {demand}", tmp_path)
    assert declared_draws(quota) == (None, ())
    facts = quota_facts(quota, AS_OF)
    assert (facts.exhaustion, facts.missing) == (None, ())


def test_no_core_share_means_evenly(tmp_path: Path) -> None:
    """Who says that there is none draws in working hours as much as in others."""
    demand = (
        'demand: {a: {hours: "22:00-04:00", time_zone: Etc/UTC, daily: 86400, core_share: null}}'
    )
    draws, _ = declared_draws(quota_of(demand, tmp_path))
    assert draws is not None
    assert draws[0].rates == pytest.approx((1.0, 1.0))
    assert draws[0].minutes == 360


@pytest.mark.parametrize(
    ("limit", "short"), [(299, None), (300, 1 / 30), (305, 5 / 305), (309, 1 / 309), (310, None)]
)
def test_thirty_days_are_no_month(limit: int, short: float | None, tmp_path: Path) -> None:
    """300 units last for 30 days of ten; a month of 31 needs 3.3 % more."""
    window = "window: {type: fixed_calendar, period: month}"
    cells = f"limit: {limit}, {window}, demand: {{a: {{hours: null, daily: 10}}}}"
    found = priced_as_30_days(quota_of(cells, tmp_path))
    assert found == (None if short is None else pytest.approx(short))


# --- resets that move ---------------------------------------------------------------------------


def moved(cells: str, tmp_path: Path, horizon: int = 366) -> tuple[str, ...]:
    """Return how a reset moves within some days."""
    return moves(quota_of(cells, tmp_path), AS_OF, timedelta(days=horizon))


def demand_in(*zones: str) -> str:
    """Return demand in some zones."""
    return "demand: {" + ", ".join(f"d{n}: {{time_zone: {z}}}" for n, z in enumerate(zones)) + "}"


def test_a_reset_moves_where_clocks_change(tmp_path: Path) -> None:
    """Midnight of UTC is 01:00 in London's summer and 00:00 in its winter."""
    assert moved(f"{DAILY}, {demand_in('Europe/London')}", tmp_path) == (
        "the reset is at 01:00 before 2026-10-25 and at 00:00 after it in Europe/London",
        "the reset is at 00:00 before 2027-03-28 and at 01:00 after it in Europe/London",
    )
    assert moved(f"{DAILY}, {demand_in('Asia/Tokyo', 'Etc/UTC')}", tmp_path) == ()
    assert moved(f"{DAILY}, {demand_in('Europe/London')}", tmp_path, 90) == ()


def test_a_reset_in_a_zone_that_changes_moves_for_all_others(tmp_path: Path) -> None:
    """With a reset in California, Tokyo's boundary moves, and California's does not."""
    pacific = DAILY.replace("Etc/UTC", "America/Los_Angeles")
    zones = demand_in("Asia/Tokyo", "America/Los_Angeles", "America/New_York")
    assert moved(f"{pacific}, {zones}", tmp_path) == (
        "the reset is at 16:00 before 2026-11-01 and at 17:00 after it in Asia/Tokyo",
        "the reset is at 17:00 before 2027-03-14 and at 16:00 after it in Asia/Tokyo",
    )


def test_a_window_that_starts_with_its_use_has_no_fixed_boundary(tmp_path: Path) -> None:
    """It drifts, whatever the clocks do; one that rolls has no boundary at all."""
    said = "it starts with the first use, at no fixed time"
    assert moved("window: {type: since_first_use, period: day}", tmp_path) == (said,)
    assert moved("window: {type: rolling, period: day}", tmp_path) == ()
    assert moved("window: {type: fixed_calendar, period: day}", tmp_path) == ()
    assert moved("limit: 3", tmp_path) == ()


# --- what repeats, and who shares ---------------------------------------------------------------


TEAM = """
agents:
  milo: {escalation: pages, deployment: team}
  evan: {}
  lone: {}
tools: {ship: {agents: [milo]}}
rotations: {oncall: {}}
escalation_policies:
  pages:
    rules: [{targets: ["agent:evan", "rotation:oncall", "agent:milo"]}]
    subscribers: ["service:status-page"]
deployments: {team: {staleness_alert: {after: 1h, pages: "service:alarm"}}}
routes: {r: {component: "agent:milo", repair_by: ["agent:lone"], equivalents: ["service:robot"]}}
quotas: {q: {CONSUMERS}}
"""


@pytest.mark.parametrize(
    ("consumers", "said"),
    [
        ('["agent:milo", "agent:evan"]', ["agent:evan is told about agent:milo"]),
        ('["agent:milo", "agent:lone"]', ["agent:lone mends agent:milo"]),
        ('["agent:milo", "service:robot"]', ["service:robot mends agent:milo"]),
        ('["agent:milo", "service:status-page"]', ["service:status-page is told about agent:milo"]),
        ('["agent:milo", "service:alarm"]', ["service:alarm is told about agent:milo"]),
        ('["tool:ship", "agent:evan"]', ["agent:evan is told about agent:milo"]),
        ('["agent:milo", "service:report"]', []),
        ('["agent:evan", "agent:lone", "service:status-page"]', []),
        ('["agent:milo"]', []),
        ("[]", []),
    ],
)
def test_help_that_draws_on_the_same_quota(consumers: str, said: list[str], tmp_path: Path) -> None:
    """Who is told about an agent, or mends it, is named if the quota stops it too."""
    text = TEAM.replace("CONSUMERS", f"consumers: {consumers}")
    inventory = inventory_of(text, tmp_path)
    assert shared_fate(inventory, inventory.quotas["q"], watched(inventory)) == (tuple(said), ())


def test_who_draws_is_asked_for_where_there_is_help(tmp_path: Path) -> None:
    """One agent alone has nobody to share its fate."""
    inventory = inventory_of(TEAM.replace("CONSUMERS", "limit: 1"), tmp_path)
    found, missing = shared_fate(inventory, inventory.quotas["q"], watched(inventory))
    assert (found, [field for _, field in missing]) == ((), ["consumers"])
    alone = inventory_of("quotas: {q: {limit: 1}}", tmp_path)
    assert shared_fate(alone, alone.quotas["q"], watched(alone)) == ((), ())


# --- how grave it is ----------------------------------------------------------------------------

LOSES = """
quotas:
  q:
    limit: LIMIT
    window: {type: fixed_calendar, period: day, reset_time: "00:00", time_zone: Etc/UTC}
    demand: {all: {time_zone: Etc/UTC, hours: "00:00-24:00", daily: 100, core_share: 1}}
"""


@pytest.mark.parametrize(
    ("limit", "severity"), [(94, "error"), (95, "warning"), (99, "warning"), (100, None)]
)
def test_more_than_a_twentieth_of_a_day_blocks(
    limit: int, severity: str | None, tmp_path: Path
) -> None:
    """Exactly 5 % is a warning, and what is just enough is nothing."""
    folder = written(LOSES.replace("LIMIT", str(limit)), tmp_path)
    report = check([str(folder)], as_of=AS_OF, select=["quota-starves-business-hours"])
    assert [f.severity for f in report.findings] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("enforcement", "severity", "words_"),
    [
        ("enforcement: tool_gate", "warning", "which is refused"),
        ("enforcement: prompt", "error", "which nothing refuses"),
        ("enforcement: null", "error", "nobody says that anything refuses"),
        ("source: ops", "warning", "nobody says that anything refuses"),
    ],
)
def test_a_run_that_nothing_refuses_blocks(
    enforcement: str, severity: str, words_: str, tmp_path: Path
) -> None:
    """A run into a freeze is an error where it goes through."""
    text = f"""
    agents: {{bot: {{schedule: {{cron: "0 2 * * *", time_zone: Etc/UTC, change_tools: [t]}}}}}}
    tools: {{t: {{agents: [bot], system: s, effect: mutate}}}}
    systems: {{s: {{calendars: [c]}}}}
    calendars:
      c: {{kind: freeze, time_zone: Etc/UTC, {enforcement},
        windows: [{{rrule: FREQ=DAILY, duration: 3h}}]}}
    """
    folder = written(text, tmp_path)
    (found,) = check([str(folder)], as_of=AS_OF, select=["schedule-meets-window"]).findings
    assert found.severity == severity
    assert words_ in found.message
