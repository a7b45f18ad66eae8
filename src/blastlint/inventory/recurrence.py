"""Times that repeat, in local time without zone: cron expressions and RRULE (RFC 5545).

The libraries behind it load only when an inventory has such a time.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial
from math import prod

from blastlint.inventory.record import at
from blastlint.source import Problem, shown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date
    from typing import Any

    from blastlint.inventory.models import Window

LONGEST = timedelta(days=366)
"""How far ahead repetitions are counted at most."""
FOR_EVER = datetime(9999, 12, 31)  # noqa: DTZ001 -- local, without zone
"""A local time after all that are counted."""
MOST_TIMES = 20
"""Unreadable times listed for one inventory: to be sure that a rule never happens takes a while."""
MOST_WINDOWS = 2_000
"""Repeating windows of an inventory, each of its values counted, so that counting soon ends."""
_HOURS, _FIELDS = 24, 5
_CENTURIES = 400 * 19
"""Years by which a rule is moved: the calendar repeats every 400 years, and the library looks for
a next time until the year 9999. A rule that never matches is then told in a fraction of a second.
"""
_PERIODS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = {
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "BYMONTH",
    "BYMONTHDAY",
    "BYDAY",
    "BYHOUR",
    "BYMINUTE",
    "BYSETPOS",
    "WKST",
}
_MOST = {"INTERVAL": 1_000, "COUNT": 10_000}
_SAYS_DAY = {
    "DAILY": ({"FREQ"},),
    "WEEKLY": ({"BYDAY"},),
    "MONTHLY": ({"BYMONTHDAY"}, {"BYDAY"}),
    "YEARLY": ({"BYMONTH", "BYMONTHDAY"}, {"BYMONTH", "BYDAY"}),
}
"""Period to the parts that say on which day it falls, where no start does."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields."""

    minutes: tuple[int, ...]
    """Minutes of a day at which it starts, sorted."""
    falls_on: Callable[[date], bool]
    """Whether it starts on a day."""

    @property
    def hourly(self) -> bool:
        """True if it starts in every hour, so that no single time matters."""
        return len({minute // 60 for minute in self.minutes}) == _HOURS


def read_cron(text: str) -> Cron:
    """Read a cron expression, as Debian's cron does; `L`, `LW` and `MON#2` are known.

    Raises:
        ValueError: it is none, or it never starts; the text says why.
    """
    from cronsim import CronSim, CronSimError  # noqa: PLC0415 -- 6 ms, for who has a schedule

    if len(text.split()) != _FIELDS:
        raise ValueError("a cron expression has five fields, such as 0 2 * * *")
    try:
        found = CronSim(text, datetime(2000, 1, 1))  # noqa: DTZ001 -- local, without zone
        next(found)
    except CronSimError as error:
        raise ValueError(str(error)[:1].lower() + str(error)[1:]) from None
    except StopIteration:
        raise ValueError("it never starts") from None
    minutes = (hour * 60 + minute for hour in found.hours for minute in found.minutes)
    months = found.months
    return Cron(tuple(sorted(minutes)), lambda day: day.month in months and found.match_day(day))


@dataclass(frozen=True, slots=True)
class Repetition:
    """An RRULE and the local time that it starts from."""

    parts: Mapping[str, str]
    start: datetime | None
    until: datetime
    """Last time that counts."""

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Yield the local times from `first` to `last`, both included."""
        anchor = self.start or datetime(first.year, 1, 1)  # noqa: DTZ001 -- local, without zone
        end = min(last, self.until)
        for found in self._from(anchor):
            if found > end:
                return
            if found >= first:
                yield found

    def ever(self) -> bool:
        """Tell whether there is any such time, leap days included."""
        anchor = self.start or datetime(2000, 1, 1)  # noqa: DTZ001 -- local, without zone
        first = next(self._from(anchor), None)
        return first is not None and first <= self.until

    def _from(self, anchor: datetime) -> Iterator[datetime]:
        from dateutil.rrule import rrulestr  # noqa: PLC0415 -- 18 ms, for who has such a window

        text = ";".join(f"{k}={v}" for k, v in self.parts.items() if k != "UNTIL")
        moved = anchor.replace(year=anchor.year + _CENTURIES)
        for found in rrulestr(text, dtstart=moved):
            yield found.replace(year=found.year - _CENTURIES)


def read_rrule(text: str, start: datetime | None) -> Repetition:
    """Read a repetition.

    Args:
        text: the rule, such as `FREQ=WEEKLY;BYDAY=SA`.
        start: its first time; without it the rule itself must say on which days it falls.

    Raises:
        ValueError: it is none, cannot be counted, or never happens; the text says why.
    """
    parts = _parts(text.removeprefix("RRULE:"))
    if start is None:
        _check_alone(parts)
    found = Repetition(parts, start, _until(parts.get("UNTIL")))
    try:
        ever = found.ever()
    except ValueError as error:
        raise ValueError(f"it is no rule of RFC 5545: {error}") from None
    except IndexError:
        raise ValueError("BYDAY counts further than a month or a year goes") from None
    if not ever:
        raise ValueError("it never happens")
    return found


def _parts(text: str) -> dict[str, str]:
    """Return the parts of a rule, each known, once, and within its range."""
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts or not value:
            raise ValueError(f"{shown(part)} is no part of a rule, or stands there twice")
        parts[name] = value
    if parts.get("FREQ") not in _PERIODS:
        raise ValueError(f"FREQ is one of {', '.join(_PERIODS)}")
    for name, most in _MOST.items():
        number = parts.get(name, "1")
        if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= most):
            raise ValueError(f"{name} is a number from 1 to {most:,}")
    if _starts_a_day(parts) > _HOURS:
        raise ValueError("a window starts at most 24 times a day")
    return parts


def _starts_a_day(parts: Mapping[str, str]) -> int:
    """Return how often a rule starts on a day of its own."""
    times = (parts.get(name, "0").count(",") + 1 for name in ("BYHOUR", "BYMINUTE"))
    return prod(times)


def _check_alone(parts: Mapping[str, str]) -> None:
    """Refuse a rule without start that counts from one."""
    counts = [name for name in _MOST if parts.get(name, "1") != "1" or name == "COUNT" in parts]
    said = any(needed <= parts.keys() for needed in _SAYS_DAY[parts["FREQ"]])
    if counts or not said:
        raise ValueError(f"{counts[0] if counts else 'its day'} counts from a `start`: add one")


def _until(text: str | None) -> datetime:
    if text is None:
        return FOR_EVER
    try:
        if "T" in text:
            return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- local, without zone
        day = datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 -- see above
        return datetime.combine(day, time.max)
    except ValueError:
        raise ValueError("UNTIL is local, such as 20261231 or 20261231T170000") from None


def unreadable(sections: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each time of an inventory's sections that cannot be worked out."""
    for agent in sections.get("agents", {}).values():
        schedule = agent.schedule if agent else None
        if schedule and schedule.cron is not None:
            yield from _fault(schedule, "cron", partial(read_cron, schedule.cron))
    windows = (
        window
        for calendar in sections.get("calendars", {}).values()
        for window in (calendar.windows if calendar else None) or ()
        if window
    )
    yield from _unreadable_windows(windows)


def _unreadable_windows(windows: Iterable[Window]) -> Iterator[Problem]:
    """Yield a problem for each window that cannot be worked out, until too many repeat."""
    left = MOST_WINDOWS
    for window in windows:
        if window.rrule is None:
            if _backwards(window):
                yield Problem("the window ends before it starts", at(window, "end"), "swap them")
            continue
        yield from _fault(window, "rrule", partial(read_rrule, window.rrule, window.start))
        left -= window.rrule.count(",") + 1
        if left < 0:
            yield _too_many(window)
            return


def _too_many(window: Window) -> Problem:
    advice = "put them into the calendars of several inventories"
    return Problem("too many windows repeat up to here", at(window, "rrule"), advice)


def _backwards(window: Window) -> bool:
    return bool(window.start and window.end and window.end <= window.start)


def _fault(part: Any, field: str, read: Callable[[], object]) -> Iterator[Problem]:  # noqa: ANN401 -- a record
    """Yield why a cell cannot be read, if so."""
    try:
        read()
    except ValueError as error:
        message = f"{shown(getattr(part, field))} is no {field} that can be counted"
        yield Problem(message, at(part, field), str(error))
