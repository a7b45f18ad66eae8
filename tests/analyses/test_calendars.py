"""Planned runs that meet freezes and maintenance, and times that are not one time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.calendars import (
    MOST_RUNS,
    Starts,
    doubts_of_calendar,
    doubts_of_schedule,
    is_over,
    meetings,
    runs,
    windows,
)
from blastlint.analyses.wallclock import DAY, shown, start_of, words
from blastlint.source import InputError
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.analyses.calendars import Meeting
    from blastlint.inventory.loading import Inventory

NEW_YORK = "America/New_York"
AS_OF = date(2026, 6, 2)
FIRST = start_of(AS_OF)


def test_ten_nightly_runs_fall_into_the_freeze(example: Inventory) -> None:
    """02:00 in New York, every night from 27 June to 6 July; none reaches in from before."""
    (found,) = meetings(example, AS_OF)
    inside = found.inside
    assert inside.count == 10
    assert words(inside.first or 0, NEW_YORK) == "2026-06-27 02:00"
    assert words(inside.last or 0, NEW_YORK) == "2026-07-06 02:00"
    assert found.crossing == Starts()
    assert found.missing == found.missing_length == ()


STORY = """
policy: {horizon: HORIZON}
agents:
  bot: {schedule: {SCHEDULE}}
tools:
  deploy: {agents: [bot], system: cluster, effect: mutate}
  off: {agents: [bot], system: lab, effect: mutate, enabled: false}
  look: {agents: [bot], system: archive, effect: read}
systems:
  cluster: {calendars: [freeze]}
  archive: {calendars: [other]}
  lab: {calendars: [other]}
calendars:
  freeze: {kind: freeze, CALENDAR}
  other: {kind: freeze, time_zone: Etc/UTC, windows: []}
"""
WINDOW = 'time_zone: Etc/UTC, windows: [{start: "2026-06-10T12:00", end: "2026-06-10T14:00"}]'


def met(
    tmp_path: Path, schedule: str, calendar: str = WINDOW, horizon: str = "90d"
) -> list[Meeting]:
    """Return the meetings of the story."""
    text = STORY.replace("SCHEDULE", schedule).replace("CALENDAR", calendar)
    return list(meetings(inventory_of(text.replace("HORIZON", horizon), tmp_path), AS_OF))


@pytest.mark.parametrize(
    ("minute", "length", "inside", "crossing"),
    [
        ("0 12", "1h", 1, 0),
        ("59 11", "1m", 0, 0),
        ("59 11", "2m", 0, 1),
        ("59 13", "1m", 1, 0),
        ("0 14", "1h", 0, 0),
        ("0 10", "2h", 0, 0),
        ("0 10", "3h", 0, 1),
    ],
)
def test_the_edges_of_a_window(
    minute: str, length: str, inside: int, crossing: int, tmp_path: Path
) -> None:
    """Its first minute is in it, the minute at which it ends is not."""
    schedule = f'cron: "{minute} * * *", time_zone: Etc/UTC, max_duration: {length}'
    (found,) = met(tmp_path, f"{schedule}, change_tools: [deploy]")
    assert (found.inside.count, found.crossing.count) == (inside, crossing)


def test_the_horizon_ends_what_is_counted(tmp_path: Path) -> None:
    """The run of 10 June is not seen eight days ahead, and is seen nine days ahead."""
    plan = 'cron: "30 12 * * *", time_zone: Etc/UTC, change_tools: [deploy], max_duration: 1m'
    assert [m.inside.count for m in met(tmp_path, plan, horizon="8d")] == [0]
    assert [m.inside.count for m in met(tmp_path, plan, horizon="9d")] == [1]


def test_only_what_a_run_changes_counts(tmp_path: Path) -> None:
    """Not what it reads, and not what is switched off; where nobody says, all that may change."""
    plan = 'cron: "30 12 * * *", time_zone: Etc/UTC'
    assert [m.calendar.id for m in met(tmp_path, plan)] == ["freeze"]
    assert met(tmp_path, f"{plan}, change_tools: [look, off]") == []
    assert met(tmp_path, f"{plan}, change_tools: []") == []
    assert met(tmp_path, f"{plan}, change_tools: null") == []


@pytest.mark.parametrize(
    ("schedule", "calendar", "missing"),
    [
        ("time_zone: Etc/UTC", WINDOW, ["cron"]),
        ('cron: "0 2 * * *"', WINDOW, ["time_zone"]),
        ('cron: "0 2 * * *", time_zone: Etc/UTC', "windows: []", ["time_zone"]),
        ('cron: "0 2 * * *", time_zone: Etc/UTC', "time_zone: Etc/UTC", ["windows"]),
        (
            'cron: "0 2 * * *", time_zone: Etc/UTC',
            'time_zone: Etc/UTC, windows: [{start: "2026-06-10T12:00"}]',
            ["end"],
        ),
        (
            'cron: "0 2 * * *", time_zone: Etc/UTC',
            "time_zone: Etc/UTC, windows: [{rrule: FREQ=DAILY}]",
            ["duration"],
        ),
    ],
)
def test_what_is_not_stated_is_asked_for(
    schedule: str, calendar: str, missing: list[str], tmp_path: Path
) -> None:
    """A run that nobody can place meets nothing, and is no proof of that."""
    (found,) = met(tmp_path, f"{schedule}, change_tools: [deploy]", calendar)
    assert [field for _, field in found.missing] == missing
    assert found.inside == Starts()


def test_a_run_without_length_may_cross(tmp_path: Path) -> None:
    """It is asked for how long it takes, where there is a window at all."""
    plan = 'cron: "0 2 * * *", time_zone: Etc/UTC, change_tools: [deploy]'
    (found,) = met(tmp_path, plan)
    assert [field for _, field in found.missing_length] == ["max_duration"]
    (found,) = met(tmp_path, plan, "time_zone: Etc/UTC, windows: []")
    assert found.missing_length == ()


def test_a_run_crosses_into_the_next_window_from_between_two(tmp_path: Path) -> None:
    """Each start is inside or before, never both, and counted once."""
    windows_ = [
        '{start: "2026-06-10T12:00", end: "2026-06-10T14:00"}',
        '{start: "2026-06-10T16:00", end: "2026-06-10T18:00"}',
    ]
    plan = 'cron: "30 * * * *", time_zone: Etc/UTC, change_tools: [deploy], max_duration: 20h'
    (found,) = met(tmp_path, plan, f"time_zone: Etc/UTC, windows: [{', '.join(windows_)}]")
    assert found.inside.count == 4
    assert found.crossing.count == 20 + 2


def test_schedules_that_start_too_often_are_refused(tmp_path: Path) -> None:
    """At the first one that is too much; the same schedule of many agents counts once."""

    def agents(*crons: str) -> str:
        plans = (
            f'a{n}: {{schedule: {{cron: "{cron}", time_zone: Etc/UTC}}}}'
            for n, cron in enumerate(crons)
        )
        return f"policy: {{horizon: 366d}}\nagents: {{{', '.join(plans)}}}"

    text = agents(*(f"* {hour}-23 * * *" for hour in range(24)))
    with pytest.raises(InputError) as caught:
        meetings(inventory_of(text, tmp_path), AS_OF)
    (problem,) = caught.value.problems
    assert f"{MOST_RUNS:,}" in problem.message
    assert problem.location is not None
    alike = inventory_of(agents(*["* * * * *"] * 24), tmp_path)
    assert meetings(alike, AS_OF) == ()


# --- windows ------------------------------------------------------------------------------------


def calendar_of(cells: str, tmp_path: Path) -> Inventory:
    """Return an inventory with one calendar `c`."""
    return inventory_of(f"calendars:\n  c: {{{cells}}}", tmp_path)


def spans(cells: str, tmp_path: Path, length: int = 90) -> list[str]:
    """Return the windows of a calendar in the days after the second of June."""
    calendar = calendar_of(cells, tmp_path).calendars["c"]
    name = calendar.time_zone or ""
    found = windows(calendar, FIRST, FIRST + length * DAY)
    return [f"{words(start, name)} - {words(end, name)}" for start, end in found]


def test_windows_that_touch_are_one(tmp_path: Path) -> None:
    """Two days in a row are one stretch of time."""
    cells = f"time_zone: {NEW_YORK}, windows: [{{rrule: FREQ=DAILY, duration: 24h}}]"
    assert spans(cells, tmp_path, 3) == ["2026-06-01 00:00 - 2026-06-05 00:00"]


def test_a_window_that_began_before_is_seen(tmp_path: Path) -> None:
    """A maintenance of forty days that started in May is still on."""
    rule = "{rrule: FREQ=YEARLY, start: '2020-05-01T00:00', duration: 40d}"
    cells = f"time_zone: Etc/UTC, windows: [{rule}]"
    assert spans(cells, tmp_path) == ["2026-05-01 00:00 - 2026-06-10 00:00"]


def test_the_end_of_the_first_window_says_how_long_all_are(tmp_path: Path) -> None:
    """A repetition needs no duration if its first window has an end."""
    rule = "{rrule: FREQ=WEEKLY, start: '2026-06-06T22:00', end: '2026-06-07T02:00'}"
    found = spans(f"time_zone: Etc/UTC, windows: [{rule}]", tmp_path, 8)
    assert found == ["2026-06-06 22:00 - 2026-06-07 02:00"]


def test_a_window_in_the_night_of_the_change_is_as_wide_as_it_may_be(tmp_path: Path) -> None:
    """01:30 to 02:30 in the autumn night lasts two hours, from the first 01:30 on."""
    window = '{start: "2026-11-01T01:30", end: "2026-11-01T02:30"}'
    calendar = calendar_of(f"time_zone: {NEW_YORK}, windows: [{window}]", tmp_path).calendars["c"]
    ((start, end),) = windows(calendar, FIRST, FIRST + 366 * DAY)
    assert end - start == 2 * 3600


@pytest.mark.parametrize(
    ("window", "over"),
    [
        ('{start: "2026-06-01T00:00", end: "2026-06-02T00:00"}', True),
        ('{start: "2026-06-01T00:00", end: "2026-06-02T00:01"}', False),
        ('{start: "2027-06-01T00:00", end: "2027-06-02T00:01"}', False),
        ("{rrule: FREQ=DAILY, duration: 1h}", False),
        ("{rrule: FREQ=DAILY;UNTIL=20260101, duration: 1h}", True),
        ("{rrule: FREQ=DAILY;COUNT=3, start: '2026-06-10T00:00', duration: 1h}", False),
        ("{rrule: FREQ=DAILY;COUNT=3, start: '2026-01-10T00:00', duration: 1h}", True),
    ],
)
def test_a_calendar_is_over_with_its_last_window(
    window: str, *, over: bool, tmp_path: Path
) -> None:
    """It ends with the minute, not with the day."""
    calendar = calendar_of(f"time_zone: Etc/UTC, windows: [{window}]", tmp_path).calendars["c"]
    assert is_over(calendar, AS_OF) is over


def test_a_calendar_without_windows_is_not_over(tmp_path: Path) -> None:
    """It claims that there are none; one that says nothing is asked."""
    empty = calendar_of("time_zone: Etc/UTC, windows: []", tmp_path).calendars["c"]
    silent = calendar_of("time_zone: Etc/UTC", tmp_path).calendars["c"]
    assert is_over(empty, AS_OF) is False
    assert is_over(silent, AS_OF) is None


# --- clocks that change -------------------------------------------------------------------------

YEAR = (FIRST, FIRST + 366 * DAY)


def test_a_run_at_a_skipped_time_is_not_counted() -> None:
    """02:30 in New York comes 365 times in 366 days, 01:30 comes 367 times."""
    assert len(runs("30 2 * * *", NEW_YORK, *YEAR)) == 365
    assert len(runs("30 1 * * *", NEW_YORK, *YEAR)) == 367
    assert len(runs("0 4 * * *", NEW_YORK, *YEAR)) == 366


def test_skipped_and_repeated_starts_are_told(tmp_path: Path) -> None:
    """With the day, and only for times that matter."""

    def doubts(cron: str) -> tuple[str, ...]:
        text = f'agents: {{bot: {{schedule: {{cron: "{cron}", time_zone: {NEW_YORK}}}}}}}'
        schedule = inventory_of(text, tmp_path).agents["bot"].schedule
        assert schedule is not None
        return doubts_of_schedule(schedule, *YEAR)

    assert doubts("30 1,2 * * *") == (
        "2026-11-01 01:30 comes twice",
        "2027-03-14 02:30 does not exist",
    )
    assert doubts("30 2 * * MON") == ()
    assert doubts("30 * * * *") == ()
    assert doubts("0 4 * * *") == ()


def test_skipped_and_repeated_ends_of_windows_are_told(tmp_path: Path) -> None:
    """A freeze that begins at 02:30 on the night of the change may begin at either."""
    window = '{start: "2026-10-25T02:30", end: "2026-10-26T09:00"}'
    cells = f"time_zone: Europe/Berlin, windows: [{window}, {{rrule: FREQ=DAILY;BYHOUR=2}}]"
    calendar = calendar_of(cells, tmp_path).calendars["c"]
    assert doubts_of_calendar(calendar, *YEAR) == (
        "2026-10-25 02:00 comes twice",
        "2026-10-25 02:30 comes twice",
        "2027-03-28 02:00 does not exist",
    )


@settings(max_examples=40)
@given(
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["Etc/UTC", NEW_YORK, "Asia/Kolkata", "Australia/Lord_Howe"]),
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
)
def test_runs_are_sorted_and_at_the_time_that_the_wall_shows(
    minute: int, hour: int, zone: str, day: date
) -> None:
    """Whatever the zone: each once, in order, and the clock there shows the planned time."""
    first = start_of(day)
    found = runs(f"{minute} {hour} * * *", zone, first, first + 40 * DAY)
    assert list(found) == sorted(set(found))
    assert {(shown(at, zone).hour, shown(at, zone).minute) for at in found} == {(hour, minute)}
    assert 39 <= len(found) <= 41
