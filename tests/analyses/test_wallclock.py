"""Local times as instants, on the days on which clocks change too."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.analyses.calendars import runs
from blastlint.analyses.wallclock import (
    DAY,
    changes,
    clipped,
    instants,
    readings,
    shown,
    start_of,
    united,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.wallclock import Interval

NEW_YORK = "America/New_York"
ZONES = ["Etc/UTC", NEW_YORK, "Asia/Tokyo", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata"]


def local(text: str) -> datetime:
    """Return a local time."""
    return datetime.fromisoformat(text)


def utc(instant: int) -> str:
    """Return an instant in words."""
    return f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%d %H:%MZ}"


def test_nine_in_the_evening_of_utc_is_six_in_tokyo() -> None:
    """In every season: Japan changes no clock."""
    for day in ("2026-01-14", "2026-07-15"):
        (instant,) = instants(local(f"{day}T21:00"), "Etc/UTC")
        assert f"{shown(instant, 'Asia/Tokyo'):%H:%M}" == "06:00"


def test_midnight_of_utc_is_the_evening_before_in_california_and_one_in_london() -> None:
    """The conversions of a summer day, which are easily got wrong by hand."""
    instant = start_of(date(2026, 6, 2))
    assert words(instant, "America/Los_Angeles") == "2026-06-01 17:00"
    assert words(instant, "Europe/London") == "2026-06-02 01:00"


def test_a_skipped_time_is_no_time() -> None:
    """02:30 does not exist in New York on 8 March 2026; its readings lie an hour apart."""
    assert instants(local("2026-03-08T02:30"), NEW_YORK) == ()
    early, late = readings(local("2026-03-08T02:30"), NEW_YORK)
    assert (utc(early), utc(late)) == ("2026-03-08 06:30Z", "2026-03-08 07:30Z")


def test_a_repeated_time_is_two_times() -> None:
    """01:30 comes twice in New York on 1 November 2026."""
    found = instants(local("2026-11-01T01:30"), NEW_YORK)
    assert [utc(at) for at in found] == ["2026-11-01 05:30Z", "2026-11-01 06:30Z"]


def test_the_changes_of_a_year_are_found_to_the_second() -> None:
    """New York changes its clocks twice a year, Tokyo never."""
    first, last = start_of(date(2026, 1, 1)), start_of(date(2027, 1, 1))
    found = [utc(at) for at in changes(NEW_YORK, first, last)]
    assert found == ["2026-03-08 07:00Z", "2026-11-01 06:00Z"]
    assert changes("Asia/Tokyo", first, last) == ()


@given(st.datetimes(local("2020-01-01"), local("2030-01-01")), st.sampled_from(ZONES))
def test_what_a_clock_shows_is_a_time_that_means_the_instant(when: datetime, zone: str) -> None:
    """From an instant to the wall and back one comes home."""
    instant = int(when.replace(tzinfo=UTC).timestamp())
    assert instant in instants(shown(instant, zone), zone)


@given(st.datetimes(local("2020-01-01"), local("2030-01-01")), st.sampled_from(ZONES))
def test_readings_enclose_instants(when: datetime, zone: str) -> None:
    """The widest reading of a time holds every instant that it means."""
    when = when.replace(microsecond=0)
    early, late = readings(when, zone)
    assert all(early <= at <= late for at in instants(when, zone))
    assert late - early <= 2 * 3600


# --- intervals ----------------------------------------------------------------------------------

INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12)


def seconds(intervals: list[Interval] | tuple[Interval, ...]) -> set[int]:
    """Return every second that some interval holds."""
    return {at for start, end in intervals for at in range(start, end)}


@given(INTERVALS)
def test_united_intervals_are_sorted_apart_and_the_same(intervals: list[Interval]) -> None:
    """Nothing is gained, lost or told twice."""
    found = united(intervals)
    assert seconds(found) == seconds(intervals)
    assert all(start < end for start, end in found)
    assert all(a[1] < b[0] for a, b in pairwise(found))


@given(INTERVALS, st.integers(0, 60), st.integers(0, 60))
def test_clipping_keeps_what_lies_between(intervals: list[Interval], first: int, last: int) -> None:
    """Only the seconds from the first to the last stay."""
    assert seconds(clipped(intervals, first, last)) == seconds(intervals) & {*range(first, last)}


# --- the machine's own zone ---------------------------------------------------------------------


@pytest.fixture
def elsewhere() -> Iterator[None]:
    """Run a test as on a machine in New Zealand."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def reckoned() -> list[object]:
    """Return some of everything that is reckoned here."""
    first = start_of(date(2026, 10, 1))
    runs.cache_clear()
    changes.cache_clear()
    return [
        *readings(local("2026-11-01T01:30"), NEW_YORK),
        words(first, "Asia/Tokyo"),
        *changes(NEW_YORK, first, first + 60 * DAY),
        *runs("30 1 * * *", NEW_YORK, first, first + 60 * DAY),
    ]


HERE = reckoned()


@pytest.mark.usefixtures("elsewhere")
def test_nothing_depends_on_the_zone_of_the_machine() -> None:
    """The same inventory is judged alike on every machine."""
    assert datetime.fromtimestamp(0, UTC).astimezone().utcoffset() == timedelta(hours=12)
    assert reckoned() == HERE
