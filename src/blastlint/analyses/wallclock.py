"""What a clock on a wall means: local times as instants, where a zone has one, none or two.

Instants are whole seconds since 1970-01-01 00:00 UTC; intervals are pairs of them, the end left
out. Local times are datetimes without zone. Nothing depends on the zone of the machine.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from blastlint.inventory.zones import zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    Interval = tuple[int, int]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Days of the week, as people write them; the system's own words depend on its settings."""
DAY = 86_400
"""Seconds of a day without a change of the clocks."""


def readings(local: datetime, name: str) -> tuple[int, int]:
    """Return the earliest and the latest instant that a local time can mean.

    They are the same, but for a time that the clocks show twice or skip: then they are what the
    two offsets on either side of the change make of it.
    """
    found = (int(local.replace(tzinfo=zone(name), fold=fold).timestamp()) for fold in (0, 1))
    first, second = found
    return min(first, second), max(first, second)


def instants(local: datetime, name: str) -> tuple[int, ...]:
    """Return the instants at which the clocks of a zone show a time: one, none or two."""
    return tuple(sorted({at for at in readings(local, name) if shown(at, name) == local}))


def shown(instant: float, name: str) -> datetime:
    """Return what the clocks of a zone show at an instant."""
    return datetime.fromtimestamp(instant, zone(name)).replace(tzinfo=None, fold=0)


def offset(instant: int, name: str) -> timedelta:
    """Return how far a zone is ahead of UTC at an instant."""
    return datetime.fromtimestamp(instant, zone(name)).utcoffset() or timedelta()


def start_of(day: date) -> int:
    """Return the instant at which a day begins in UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def midnight(day: date) -> datetime:
    """Return the first local time of a day."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- local, without zone


@cache
def changes(name: str, first: int, last: int) -> tuple[int, ...]:
    """Return the instants after `first`, up to `last`, at which the clocks of a zone are changed.

    Two changes within one day that undo each other are not seen; no zone does that.
    """
    found: list[int] = []
    for before in range(first, last, DAY):
        after = min(before + DAY, last)
        if offset(before, name) != offset(after, name):
            found.append(_between(before, after, name))
    return tuple(found)


def _between(before: int, after: int, name: str) -> int:
    """Return the first instant after a change that lies between two."""
    old = offset(before, name)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if offset(middle, name) == old else (before, middle)
    return after


def days(first: int, last: int, name: str) -> Iterator[date]:
    """Yield the local days of a stretch of time, and one more on either side."""
    day = shown(first, name).date() - timedelta(days=1)
    end = shown(last, name).date() + timedelta(days=1)
    while day <= end:
        yield day
        day += timedelta(days=1)


def united(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same times as intervals that are sorted and apart; empty ones are left out."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def clipped(intervals: Iterable[Interval], first: int, last: int) -> tuple[Interval, ...]:
    """Return what of some intervals lies between two instants."""
    return united((max(start, first), min(end, last)) for start, end in intervals)


def words(instant: float, name: str) -> str:
    """Return day and time of an instant as the clocks of a zone show them: `2026-06-27 02:00`."""
    return written(shown(instant, name))


def written(local: datetime) -> str:
    """Return day and time of a local time: `2026-06-27 02:00`."""
    return local.isoformat(" ", "minutes")


def of_the_week(local: datetime) -> str:
    """Return a local time with its day of the week: `Sat 2026-06-06 00:00`."""
    return f"{DAYS[local.weekday()]} {written(local.replace(tzinfo=None))}"


def clock(local: datetime) -> str:
    """Return the time of day of a local time: `02:00`."""
    return local.time().isoformat("minutes")
