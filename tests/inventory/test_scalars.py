"""Scalars: what is written becomes a value that can be computed with, whatever was written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.inventory.scalars import (
    EXPECTED,
    PARSERS,
    PATTERNS,
    parse_day,
    parse_duration,
    parse_local_time,
    parse_rate,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("24h", timedelta(days=1)),
        ("30d", timedelta(days=30)),
        ("250ms", timedelta(milliseconds=250)),
        ("0.5s", timedelta(milliseconds=500)),
    ],
)
def test_durations(text: str, value: timedelta) -> None:
    """A number and one unit."""
    assert parse_duration(text) == value


def test_days_and_instants() -> None:
    """An instant is the day it falls on in UTC."""
    assert parse_day("2026-06-02") == date(2026, 6, 2)
    assert parse_day("2026-06-02T23:30:00-05:00") == date(2026, 6, 3)
    assert parse_day("2026-06-02T00:30Z") == date(2026, 6, 2)


def test_local_times_and_rates() -> None:
    """A local time has no zone; a rate counts per second."""
    assert parse_local_time("2026-06-26T17:00") == datetime(2026, 6, 26, 17)  # noqa: DTZ001 -- local
    assert parse_rate("20/min") == pytest.approx(1 / 3)
    assert parse_rate("2/h") == pytest.approx(2 / 3600)


@given(st.from_regex(PATTERNS["duration"], fullmatch=True))
def test_a_day_plus_or_minus_a_duration_is_a_day(text: str) -> None:
    """No duration that people can write leaves the calendar."""
    length = parse_duration(text)
    assert length >= timedelta()
    assert date(2026, 6, 2) - length < date(2026, 6, 2) + length or length < timedelta(days=1)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_of_the_calendar_is_a_day(day: date) -> None:
    """Nobody's birthday is refused."""
    assert parse_day(day.isoformat()) == day


@given(st.from_regex(PATTERNS["day"], fullmatch=True))
def test_whatever_the_pattern_accepts_is_a_day(text: str) -> None:
    """An editor, which has the pattern only, never accepts what a check refuses."""
    assert date(1899, 12, 31) <= parse_day(text) <= date(2200, 1, 1)


@given(st.text() | st.integers() | st.none() | st.booleans() | st.lists(st.text()))
def test_nothing_but_a_value_error_comes_out(value: object) -> None:
    """Whatever is written, a parser returns or says what it expected."""
    for kind, parse in PARSERS.items():
        if not isinstance(value, str) or not re.fullmatch(PATTERNS[kind], value):
            with pytest.raises(ValueError, match="expected ") as caught:
                parse(value)
            assert str(caught.value) == f"expected {EXPECTED[kind]}"


def test_every_form_is_put_in_words() -> None:
    """No message ever shows a pattern to people."""
    assert PATTERNS.keys() == EXPECTED.keys()
    assert PARSERS.keys() <= PATTERNS.keys()


def test_instants_keep_their_day_everywhere() -> None:
    """The zone of the machine changes nothing."""
    late = datetime(2026, 6, 2, 23, 59, tzinfo=UTC)
    assert parse_day(late.isoformat()) == late.date()
