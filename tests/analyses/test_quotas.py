"""Quotas that run out before they start again, and whose working day that takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.quotas import (
    Draw,
    cycle_at,
    cycles_of_a_year,
    exhaustion,
    peak,
    told,
    worst_exhaustion,
)
from blastlint.analyses.wallclock import words

if TYPE_CHECKING:
    from blastlint.analyses.quotas import Exhaustion

UTC = "Etc/UTC"
PACIFIC = "America/Los_Angeles"
EMEA = Draw("emea", "Europe/London", (540, 1080), 4_000_000, 0.8)
US_WEST = Draw("us-west", PACIFIC, (540, 1080), 4_500_000, 0.8)
TOKYO = Draw("tokyo", "Asia/Tokyo", (360, 1080), 3_500_000, 0.8)
WORLD = (EMEA, US_WEST, TOKYO)
LIMIT = 10_000_000
SUMMER, WINTER = date(2026, 7, 15), date(2026, 1, 14)


def emptied(zone: str, day: date, *draws: Draw, limit: float = LIMIT) -> Exhaustion:
    """Return how a daily quota runs out on a day."""
    found = exhaustion(limit, draws or WORLD, cycle_at(day, "day", 0, zone))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("zone", "day", "at", "said"),
    [
        (
            UTC,
            SUMMER,
            "2026-07-15 21:05",
            [
                "us-west loses 26 % of its day, 14:05 to 17:00 in America/Los_Angeles",
                "tokyo loses 19 % of its day, 06:05 to 09:00 in Asia/Tokyo",
                "emea loses 4 % of its day, outside its hours",
            ],
        ),
        (
            UTC,
            WINTER,
            "2026-01-14 21:05",
            [
                "us-west loses 26 % of its day, 13:05 to 16:00 in America/Los_Angeles",
                "tokyo loses 19 % of its day, 06:05 to 09:00 in Asia/Tokyo",
                "emea loses 4 % of its day, outside its hours",
            ],
        ),
        (
            PACIFIC,
            SUMMER,
            "2026-07-16 01:13",
            [
                "tokyo loses 38 % of its day, 10:13 to 16:00 in Asia/Tokyo",
                "emea loses 8 % of its day, outside its hours",
                "us-west loses 8 % of its day, outside its hours",
            ],
        ),
        (
            PACIFIC,
            WINTER,
            "2026-01-15 02:13",
            [
                "tokyo loses 38 % of its day, 11:13 to 17:00 in Asia/Tokyo",
                "emea loses 8 % of its day, outside its hours",
                "us-west loses 8 % of its day, outside its hours",
            ],
        ),
    ],
)
def test_who_loses_which_hours(zone: str, day: date, at: str, said: list[str]) -> None:
    """Ten million units for twelve: to the minute and to the percent, by reset and season."""
    found = emptied(zone, day)
    assert words(found.at, UTC) == at
    assert [told(loss, "day") for loss in found.losses] == said


def test_a_day_of_changing_clocks_is_23_or_25_hours_long() -> None:
    """A cycle goes from one reset to the next, whatever lies between."""
    hours = {
        day: (end - start) / 3600
        for day in (date(2026, 3, 8), date(2026, 11, 1), SUMMER)
        for start, end in (cycle_at(day, "day", 0, PACIFIC),)
    }
    assert hours == {date(2026, 3, 8): 23, date(2026, 11, 1): 25, SUMMER: 24}


@pytest.mark.parametrize(
    ("day", "days"), [(date(2026, 2, 14), 28), (date(2028, 2, 14), 29), (date(2026, 12, 31), 31)]
)
def test_a_month_has_its_own_length(day: date, days: int) -> None:
    """A month is not thirty days."""
    start, end = cycle_at(day, "month", 0, UTC)
    assert end - start == days * 86_400


def test_a_week_begins_on_monday() -> None:
    """The Wednesday's week began two days before it."""
    assert words(cycle_at(SUMMER, "week", 540, UTC)[0], UTC) == "2026-07-13 09:00"


def test_a_reset_that_the_clocks_show_twice_is_the_first_one() -> None:
    """A reset at 01:30 in a night in which that comes twice; one that is skipped comes before."""
    assert words(cycle_at(date(2026, 11, 1), "day", 90, PACIFIC)[0], UTC) == "2026-11-01 08:30"
    assert words(cycle_at(date(2026, 3, 8), "day", 150, PACIFIC)[0], UTC) == "2026-03-08 09:30"


def test_what_is_just_enough_lasts() -> None:
    """A quota that is used up exactly when it starts again takes nothing from anybody."""
    cycle = cycle_at(SUMMER, "day", 0, UTC)
    assert exhaustion(12_000_000, WORLD, cycle) is None
    assert exhaustion(11_999_000, WORLD, cycle) is not None


def test_the_time_from_the_alert_follows_the_curve() -> None:
    """From eight to ten million on a summer day it takes 3 h 52 min."""
    found = exhaustion(LIMIT, WORLD, cycle_at(SUMMER, "day", 0, UTC), 0.8)
    assert found is not None
    assert found.since_alert is not None
    assert int(found.since_alert // 60) == 232


def test_what_is_reserved_is_drawn_first() -> None:
    """Tokyo keeps its morning, and the others are short of it."""
    kept = Draw("tokyo", "Asia/Tokyo", (360, 1080), 3_500_000, 0.8, reserved=3_500_000)
    found = {loss.name: loss.share for loss in emptied(UTC, SUMMER, EMEA, US_WEST, kept).losses}
    plain = {loss.name: loss.share for loss in emptied(UTC, SUMMER).losses}
    assert "tokyo" not in found
    assert found["us-west"] > plain["us-west"]


def test_reservations_beyond_the_limit_are_cut_alike() -> None:
    """Twice the limit cannot be promised: each gets half of its promise."""
    halves = [Draw(name, UTC, None, 100, reserved=100) for name in "ab"]
    shares = {loss.name: loss.share for loss in emptied(UTC, SUMMER, *halves, limit=100).losses}
    assert shares == pytest.approx({"a": 0.5, "b": 0.5})


def test_working_hours_may_span_midnight() -> None:
    """A night shift from 22:00 to 06:00 works eight hours."""
    night = Draw("night", "Asia/Tokyo", (1320, 360), 100, 1.0)
    assert night.minutes == 480
    found = emptied("Asia/Tokyo", SUMMER, night, limit=75)
    assert told(found.losses[0], "day").endswith("22:00 to 00:00 in Asia/Tokyo")


def test_the_highest_rate_is_where_hours_meet() -> None:
    """Two groups that work one after the other never draw together."""
    early = Draw("early", UTC, (0, 720), 86_400, 1.0)
    late = Draw("late", UTC, (720, 1440), 86_400, 1.0)
    assert peak((early, late), SUMMER) == pytest.approx(2)
    assert peak((early, early), SUMMER) == pytest.approx(4)
    assert peak((), SUMMER) == 0


def test_the_worst_day_is_one_like_many() -> None:
    """A day on which no clock changes speaks before one that does, the first one of them."""
    zones = [draw.zone for draw in WORLD]
    cycles = list(cycles_of_a_year(date(2026, 6, 2), "day", 0, UTC, zones))
    found = worst_exhaustion(LIMIT, WORLD, cycles, UTC)
    assert found is not None
    assert words(found.cycle[0], UTC) == "2026-06-02 00:00"
    shorter = [c for c in cycles if words(c[0], UTC) == "2027-03-14 00:00"]
    assert max(x.core for x in emptied(UTC, date(2027, 3, 14)).losses) > found.core
    assert worst_exhaustion(LIMIT, WORLD, shorter, UTC) is not None


def test_every_month_of_a_year_is_looked_at() -> None:
    """Long months are found from a short one."""
    cycles = list(cycles_of_a_year(date(2026, 6, 2), "month", 0, UTC, []))
    assert len(cycles) >= 12
    found = worst_exhaustion(3_050, [Draw("all", UTC, None, 100)], cycles, UTC)
    assert found is not None
    assert words(found.cycle[0], UTC) == "2026-07-01 00:00"
    assert (
        told(found.losses[0], "month")
        == "all loses 2 % of its month, from 2026-07-31 12:00 in Etc/UTC"
    )


# --- laws ---------------------------------------------------------------------------------------

DRAWS = st.lists(
    st.builds(
        Draw,
        st.uuids().map(str),
        st.sampled_from([UTC, PACIFIC, "Asia/Tokyo", "Australia/Lord_Howe", "Europe/London"]),
        st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1440)),
        st.floats(0, 1e7),
        st.floats(0, 1),
        st.floats(0, 1e7),
    ),
    min_size=1,
    max_size=4,
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [date(2026, 3, 8), date(2026, 11, 1), date(2026, 10, 25)]
)
LIMITS = st.floats(0, 4e7)


def shares(limit: float, draws: list[Draw], day: date, zone: str) -> dict[str, float]:
    """Return what each group goes without."""
    found = exhaustion(limit, draws, cycle_at(day, "day", 0, zone))
    return {loss.name: loss.share for loss in found.losses} if found else {}


@settings(max_examples=60)
@given(DRAWS, LIMITS, DAYS, st.sampled_from([UTC, PACIFIC]))
def test_a_share_is_a_share(draws: list[Draw], limit: float, day: date, zone: str) -> None:
    """Nobody loses less than nothing or more than all, in hours no more than altogether."""
    found = exhaustion(limit, draws, cycle_at(day, "day", 0, zone))
    for loss in found.losses if found else ():
        assert 0 <= loss.core <= loss.share <= 1


@settings(max_examples=60)
@given(DRAWS, LIMITS, LIMITS, DAYS)
def test_more_is_never_less(draws: list[Draw], one: float, other: float, day: date) -> None:
    """A higher limit starves nobody more."""
    low, high = sorted((one, other))
    before, after = shares(low, draws, day, UTC), shares(high, draws, day, UTC)
    assert all(share <= before.get(name, 0) + 1e-6 for name, share in after.items())


@settings(max_examples=40)
@given(DRAWS, LIMITS, DAYS)
def test_what_is_drawn_before_it_is_empty_is_the_limit(
    draws: list[Draw], limit: float, day: date
) -> None:
    """What they get together is what there is, if all can draw on all of it."""
    plain = [Draw(d.name, d.zone, d.hours, d.daily, d.core_share) for d in draws]
    cycle = cycle_at(day, "day", 0, UTC)
    found = exhaustion(limit, plain, cycle)
    if found is not None and found.losses:
        wanted = {d.name: _whole(d, day) for d in plain}
        lost = sum(loss.share * wanted[loss.name] for loss in found.losses)
        assert sum(wanted.values()) - lost == pytest.approx(limit, rel=1e-3, abs=1e-3)


def _whole(draw: Draw, day: date) -> float:
    """Return what a group draws within a cycle."""
    start, end = cycle_at(day, "day", 0, UTC)
    inside, outside = draw.rates
    working = sum(b - a for a, b in draw.working((start, end)))
    return working * inside + (end - start - working) * outside


@settings(max_examples=30)
@given(DAYS, st.integers(0, 1439), st.sampled_from(["day", "week", "month"]))
def test_cycles_follow_one_another(day: date, reset: int, period: str) -> None:
    """Where one ends the next one begins, on every day of the year."""
    start, end = cycle_at(day, period, reset, PACIFIC)
    later = day + timedelta(days={"day": 1, "week": 7, "month": 0}[period])
    if period == "month":
        later = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
    assert start < end == cycle_at(later, period, reset, PACIFIC)[0]
