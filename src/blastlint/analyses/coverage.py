"""Whether somebody is on call whenever people use an agent, in every week of a year.

Hours are written in local time, and zones change their clocks on different days. So both sides
are laid out in UTC, week by week, for the 52 weeks from the day of judgement on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from blastlint.analyses.cells import unstated
from blastlint.analyses.escalation import rotations_paged
from blastlint.analyses.wallclock import DAYS
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import tzinfo

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Rotation

    Stretch = tuple[datetime, datetime]
    """A stretch of time in UTC, with its start and without its end."""

ALWAYS = "24x7"
"""Hours that have no end, in any zone."""
WEEK = timedelta(days=7)
_WEEKS = 52
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Hours in which people use an agent and nobody is on call for it."""

    worst: timedelta | None
    """Sum of them in the worst week of the year; zero: none. None: not stated."""
    first: Stretch | None
    """The first of them."""
    rotations: tuple[str, ...]
    """Rotations that a page to the agent reaches, in paging order."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def uncovered(inventory: Inventory, agent: Agent, as_of: date) -> Uncovered:
    """Return when people use an agent and none of the rotations paged for it is on call.

    A rotation that covers every hour settles it, whatever the others leave open.

    Args:
        inventory: the inventory of the agent.
        agent: the agent.
        as_of: the first day that counts.
    """
    names = rotations_paged(inventory, agent.escalation)
    paged = [inventory.rotations[name] for name in names]
    if any(rotation.coverage == ALWAYS for rotation in paged):
        return Uncovered(timedelta(), None, names)
    gaps = (*_open_audience(agent), *(cell for one in paged for cell in _open_cover(one)))
    audience = agent.audience
    if gaps or audience is None or audience.hours is None:
        return Uncovered(None if gaps else timedelta(), None, names, gaps)
    covers = frozenset((one.coverage or "", one.time_zone) for one in paged)
    return Uncovered(*_left((audience.hours, audience.time_zone), covers, as_of), names)


@lru_cache(maxsize=256)
def _left(
    used: tuple[str, str | None], covers: frozenset[tuple[str, str | None]], as_of: date
) -> tuple[timedelta, Stretch | None]:
    """Return how much of some hours others leave open in the worst week, and where first."""
    covered = merged(stretch for hours in covers for stretch in _laid_out(*hours, as_of))
    left = tuple(minus(_laid_out(*used, as_of), covered))
    start = datetime.combine(as_of, time(), UTC)
    sums = dict.fromkeys(range(_WEEKS), timedelta())
    for begins, ends in left:
        for week in range((begins - start) // WEEK, -((start - ends) // WEEK)):
            first = start + week * WEEK
            sums[week] += min(ends, first + WEEK) - max(begins, first)
    return max(sums.values()), left[0] if left else None


def _open_audience(agent: Agent) -> tuple[Cell, ...]:
    """Return the cells that would tell when the agent is used."""
    audience = agent.audience
    if audience is None:
        return unstated(agent, "audience")
    if audience.hours is None:
        return unstated(audience, "hours")
    zoned = audience.hours == ALWAYS or zone_of(audience.hours) or audience.time_zone
    return () if zoned else ((audience, "time_zone"),)


def _open_cover(rotation: Rotation) -> tuple[Cell, ...]:
    """Return the cells that would tell when a rotation is on call."""
    if rotation.coverage is None:
        return unstated(rotation, "coverage")
    zoned = zone_of(rotation.coverage) or rotation.time_zone
    return () if zoned else ((rotation, "time_zone"),)


# --- hours of the week --------------------------------------------------------------------------


def zone_of(hours: str) -> str:
    """Return the zone that hours of the week end with, or nothing."""
    last = hours.rpartition(" ")[2]
    return last if last[:1].isalpha() and last != ALWAYS else ""


@lru_cache(maxsize=256)
def _laid_out(hours: str, zone: str | None, as_of: date) -> tuple[Stretch, ...]:
    """Return the stretches of hours of the week in UTC, for a year, in no order."""
    return tuple(_lay_out(hours, zone, as_of))


def _lay_out(hours: str, zone: str | None, as_of: date) -> Iterator[Stretch]:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 -- only hours that end need a zone

    start = datetime.combine(as_of, time(), UTC)
    end = start + _WEEKS * WEEK
    if not hours or hours == ALWAYS:
        yield from ((start, end),) if hours else ()
        return
    place = ZoneInfo(zone_of(hours) or zone or "UTC")
    for number in range(-2, _WEEKS * 7 + 2):
        day = as_of + number * _DAY
        open_on = (span for span in spans(hours) if day.weekday() in span[0])
        found = (_in_utc(day, opens, closes, place) for _, opens, closes in open_on)
        cut = ((max(begins, start), min(ends, end)) for begins, ends in found)
        yield from (one for one in cut if one[0] < one[1])


@lru_cache(maxsize=256)
def spans(hours: str) -> tuple[tuple[frozenset[int], timedelta, timedelta], ...]:
    """Return each span of hours of the week: weekdays (Monday is 0), start and end from midnight.

    An end that is not after its start is on the next day: `22:00-06:00`.
    """
    return tuple(map(_span, hours.removesuffix(" " + zone_of(hours)).split("; ")))


def _span(text: str) -> tuple[frozenset[int], timedelta, timedelta]:
    days, _, clock = text.rpartition(" ")
    opens, closes = map(_from_midnight, clock.split("-"))
    return _weekdays(days), opens, closes if closes > opens else closes + _DAY


def _weekdays(text: str) -> frozenset[int]:
    """Return the numbers of `Mon-Fri,Sun`; a range may go round: `Sat-Mon`. Nothing means all."""
    found: set[int] = set()
    for part in text.split(",") if text else ("Mon-Sun",):
        first, _, last = part.partition("-")
        start, end = DAYS.index(first), DAYS.index(last or first)
        found |= {day % 7 for day in range(start, end + 1 if end >= start else end + 8)}
    return frozenset(found)


def _from_midnight(clock: str) -> timedelta:
    hour, _, minute = clock.partition(":")
    return timedelta(hours=int(hour), minutes=int(minute))


def _in_utc(day: date, opens: timedelta, closes: timedelta, place: tzinfo) -> Stretch:
    """Return a span of one day in UTC.

    An hour that comes twice belongs to it both times, and one that is left out ends a span where
    it would start the next.
    """
    midnight = datetime.combine(day, time(), place)
    last = midnight + closes
    ends = (last.astimezone(UTC), last.replace(fold=1).astimezone(UTC))
    return (midnight + opens).astimezone(UTC), max(ends)


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those that touch as one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def minus(stretches: Iterable[Stretch], taken: tuple[Stretch, ...]) -> Iterator[Stretch]:
    """Yield what is left of some stretches without others, in order.

    Args:
        stretches: in any order.
        taken: in order, none touching another, as `merged` returns them.
    """
    at = 0
    for begins, end in merged(stretches):
        start = begins
        while at < len(taken) and taken[at][1] <= start:
            at += 1
        here = at
        while here < len(taken) and taken[here][0] < end:
            if taken[here][0] > start:
                yield start, taken[here][0]
            start = max(start, taken[here][1])
            here += 1
        if start < end:
            yield start, end
