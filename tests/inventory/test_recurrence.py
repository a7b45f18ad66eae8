"""Cron expressions and RRULE: what they mean, and what is refused with its place."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.inventory.recurrence import LONGEST, MOST_WINDOWS, read_cron, read_rrule
from support import inventory_of, problems_of

if TYPE_CHECKING:
    from pathlib import Path

JUNE, YEAR_LATER = datetime(2026, 6, 2), datetime(2027, 6, 2)  # noqa: DTZ001 -- local, without zone


def days(rule: str, start: datetime | None = None, most: int = 5) -> list[str]:
    """Return the first days of a rule within a year."""
    found = read_rrule(rule, start).between(JUNE, YEAR_LATER)
    return [f"{one:%Y-%m-%d %H:%M}" for one, _ in zip(found, range(most), strict=False)]


# --- cron ---------------------------------------------------------------------------------------


def test_a_cron_expression_says_minutes_and_days() -> None:
    """Every five fields are a set of minutes of a day, and a set of days."""
    plan = read_cron("0,30 2 * * MON-FRI")
    assert plan.minutes == (120, 150)
    assert plan.falls_on(date(2026, 6, 5))
    assert not plan.falls_on(date(2026, 6, 6))
    assert not plan.hourly


def test_days_of_month_and_week_are_either_or() -> None:
    """As cron has it: if both are restricted, one of them is enough."""
    plan = read_cron("0 0 13 * FRI")
    assert plan.falls_on(date(2026, 6, 5))
    assert plan.falls_on(date(2026, 6, 13))
    assert not plan.falls_on(date(2026, 6, 14))
    assert not read_cron("0 0 13 7 *").falls_on(date(2026, 6, 13))


def test_a_schedule_of_every_hour_has_no_single_time() -> None:
    """Whoever starts each quarter of an hour misses nothing when clocks change."""
    assert read_cron("*/15 * * * *").hourly
    assert not read_cron("*/15 1-23 * * *").hourly


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("@daily", "five fields"),
        ("0 2 * *", "five fields"),
        ("0 0 2 * * *", "five fields"),
        ("0 25 * * *", "bad hour"),
        ("60 2 * * *", "bad minute"),
        ("*/0 2 * * *", "bad minute"),
        ("0 0 30 2 *", "bad day-of-month"),
        ("0 2 * * MON#9", "bad day-of-week"),
        ("CRON_TZ=UTC 2 * * *", "bad minute"),
        ("", "five fields"),
    ],
)
def test_what_is_no_cron_expression_is_refused(text: str, why: str) -> None:
    """With what is wrong, and no other kind of error."""
    with pytest.raises(ValueError, match=why):
        read_cron(text)


# --- rules --------------------------------------------------------------------------------------


def test_a_rule_says_its_days_without_a_start() -> None:
    """The last day of each quarter begins at midnight; BYHOUR moves it."""
    quarters = "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1"
    assert days(quarters, most=2) == ["2026-06-30 00:00", "2026-09-30 00:00"]
    assert days(f"{quarters};BYHOUR=18", most=1) == ["2026-06-30 18:00"]
    assert days("RRULE:FREQ=WEEKLY;BYDAY=SA", most=1) == ["2026-06-06 00:00"]


def test_a_rule_that_counts_counts_from_its_start() -> None:
    """Every other Saturday is a question of which was the first."""
    first = datetime(2026, 5, 30, 22)  # noqa: DTZ001 -- local, without zone
    found = days("FREQ=WEEKLY;INTERVAL=2", first, most=2)
    assert found == ["2026-06-13 22:00", "2026-06-27 22:00"]
    assert days("FREQ=WEEKLY;COUNT=2", first) == ["2026-06-06 22:00"]
    with pytest.raises(ValueError, match="INTERVAL counts from a `start`"):
        read_rrule("FREQ=WEEKLY;BYDAY=SA;INTERVAL=2", None)
    with pytest.raises(ValueError, match="its day counts from a `start`"):
        read_rrule("FREQ=MONTHLY", None)


def test_a_rule_ends_with_its_last_day() -> None:
    """UNTIL is local, and a day means all of it."""
    assert days("FREQ=DAILY;BYHOUR=23;UNTIL=20260603") == ["2026-06-02 23:00", "2026-06-03 23:00"]
    assert days("FREQ=DAILY;BYHOUR=23;UNTIL=20260603T220000") == ["2026-06-02 23:00"]


def test_leap_days_come_in_leap_years() -> None:
    """The years by which a rule is moved to be counted are whole circles of the calendar."""
    start = datetime(2024, 2, 29)  # noqa: DTZ001 -- local, without zone
    end = datetime(2037, 1, 1)  # noqa: DTZ001 -- local, without zone
    found = read_rrule("FREQ=YEARLY", start).between(start, end)
    assert [one.year for one in found] == [2024, 2028, 2032, 2036]
    weekdays = read_rrule("FREQ=WEEKLY;BYDAY=TU", None).between(JUNE, YEAR_LATER)
    assert {one.weekday() for one in weekdays} == {1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("FREQ=SECONDLY", "FREQ is one of"),
        ("FREQ=HOURLY", "FREQ is one of"),
        ("daily", "no part of a rule"),
        ("FREQ=DAILY;FREQ=DAILY", "stands there twice"),
        ("FREQ=DAILY;RDATE=20260101", "no part of a rule"),
        ("FREQ=DAILY;BYHOUR=", "no part of a rule"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a number from 1 to 1,000"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "INTERVAL is a number"),
        ("FREQ=DAILY;COUNT=100000000", "COUNT is a number"),
        ("FREQ=DAILY;BYHOUR=25", "no rule of RFC 5545"),
        ("FREQ=MONTHLY;BYDAY=9MO", "BYDAY counts further"),
        ("FREQ=MONTHLY;BYDAY=XX", "no rule of RFC 5545"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "never happens"),
        ("FREQ=DAILY;UNTIL=20260603T220000Z", "UNTIL is local"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5", "at most 24 times a day"),
        ("", "no part of a rule"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, why: str) -> None:
    """With what is wrong, soon, and no other kind of error."""
    with pytest.raises(ValueError, match=why):
        read_rrule(text, None)


def test_the_largest_numbers_are_counted_at_once() -> None:
    """No rule that is accepted needs longer than the years between its start and the horizon."""
    start = datetime(1900, 1, 1)  # noqa: DTZ001 -- local, without zone
    rule = read_rrule("FREQ=YEARLY;INTERVAL=1000;COUNT=10000", start)
    assert list(rule.between(JUNE, YEAR_LATER)) == []
    assert len(days("FREQ=DAILY", start, most=400)) == 366


@given(
    st.text(alphabet="FREQ=DAILYWKMONTH;BY0123456789,-+UNCI:SP", max_size=60)
    | st.sampled_from(["FREQ=DAILY;", "FREQ=MONTHLY;BYMONTHDAY="]).flatmap(
        lambda head: st.text(alphabet="BYMONTHDUR=;0123456789,-", max_size=20).map(head.__add__)
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes another kind of error."""
    for read in (read_cron, lambda one: read_rrule(one, JUNE)):
        with suppress(ValueError):
            read(text)


# --- where an inventory is wrong ----------------------------------------------------------------

WRONG = """
policy: {horizon: 367d}
agents:
  bot: {schedule: {cron: "0 25 * * *"}}
calendars:
  a: {windows: [{rrule: FREQ=SECONDLY, duration: 1h}]}
  b: {windows: [{start: "2026-07-06T09:00", end: "2026-06-26T17:00"}]}
"""


def test_every_wrong_time_is_told_with_its_place(tmp_path: Path) -> None:
    """All at once, before anything is judged."""
    found = {p.location.span.line: p for p in problems_of(WRONG, tmp_path) if p.location}
    said = {line - 2: problem.message for line, problem in found.items()}
    assert said == {
        1: "the horizon is too far away",
        3: "'0 25 * * *' is no cron that can be counted",
        5: "'FREQ=SECONDLY' is no rrule that can be counted",
        6: "the window ends before it starts",
    }
    assert all(problem.help for problem in found.values())


def test_too_many_windows_are_told_once(tmp_path: Path) -> None:
    """Where the limit is passed; so many as there may be are accepted."""
    window = '{rrule: "FREQ=WEEKLY;BYDAY=MO", duration: 1h}'

    def calendars(count: int) -> str:
        return f"calendars: {{c: {{windows: [{', '.join([window] * count)}]}}}}"

    assert problems_of(calendars(MOST_WINDOWS), tmp_path) == []
    (problem,) = problems_of(calendars(MOST_WINDOWS + 2), tmp_path)
    assert problem.message == "too many windows repeat up to here"


def test_the_horizon_may_be_a_leap_year(tmp_path: Path) -> None:
    """366 days are accepted."""
    assert inventory_of("policy: {horizon: 366d}", tmp_path).policy.horizon == LONGEST
    assert timedelta(days=366) == LONGEST
