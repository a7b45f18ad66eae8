"""Quotas: when one is used up before it starts again, and whose day that takes.

Demand is spread evenly over the working hours of each group, by their own clocks, and evenly over
the rest of the day. Instants are seconds since 1970 in UTC, rates are units a second.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from math import fsum

from blastlint.analyses.wallclock import (
    DAY,
    changes,
    clipped,
    clock,
    days,
    instants,
    midnight,
    offset,
    readings,
    shown,
    start_of,
    written,
)
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from blastlint.analyses.wallclock import Interval

_TINY = 1e-9
"""Share of a limit that is no shortage: sums of fractions are not exact."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one group of users takes."""

    name: str
    zone: str
    """IANA zone of its clocks."""
    hours: tuple[int, int] | None
    """First and last minute of its working hours; none: it draws evenly, all day."""
    daily: float
    """Units on a day of 24 hours."""
    core_share: float = 1.0
    """Share of it inside the hours."""
    reserved: float = 0.0
    """Units of each window that nobody else can draw."""

    @property
    def minutes(self) -> int:
        """Length of the working hours."""
        if self.hours is None:
            return 24 * 60
        start, end = self.hours
        return (end - start) % (24 * 60) or 24 * 60

    @property
    def rates(self) -> tuple[float, float]:
        """Units a second inside and outside the working hours."""
        inside = self.minutes * 60
        if inside == DAY:
            return self.daily / DAY, 0.0
        share = self.core_share
        return self.daily * share / inside, self.daily * (1 - share) / (DAY - inside)

    def working(self, cycle: Interval) -> tuple[Interval, ...]:
        """Return the working hours within a cycle."""
        if self.minutes == 24 * 60 or self.hours is None:
            return (cycle,)
        return _working(self.zone, self.hours[0], self.minutes, cycle)


@lru_cache(maxsize=1_024)
def _working(zone: str, first: int, minutes: int, cycle: Interval) -> tuple[Interval, ...]:
    """Return the working hours within a cycle that begin at a minute of each local day."""
    found = []
    for day in days(*cycle, zone):
        start = midnight(day) + timedelta(minutes=first)
        end = start + timedelta(minutes=minutes)
        found.append((readings(start, zone)[0], readings(end, zone)[1]))
    return clipped(found, *cycle)


Segment = tuple[float, float, float]
"""From, until, and the rate in between."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one group does not get of a cycle."""

    name: str
    share: float
    """Of what it would draw in the cycle, 0 to 1."""
    core: float
    """The part of that share that falls into its working hours."""
    times: tuple[tuple[datetime, datetime], ...]
    """Working hours that it goes without, by its own clocks, to the minute."""
    zone: str


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A cycle that a quota does not last for."""

    cycle: Interval
    at: float
    """Instant at which what is not reserved is used up."""
    losses: tuple[Loss, ...]
    """Groups that go without, those who lose most of their day first."""
    since_alert: float | None
    """Seconds from the alert to that instant; none: nothing alerts."""

    @property
    def core(self) -> float:
        """The worst share of a group's day that is lost within its hours."""
        return max((loss.core for loss in self.losses), default=0.0)


# --- one cycle ----------------------------------------------------------------------------------


def exhaustion(
    limit: float, draws: Sequence[Draw], cycle: Interval, alert_at: float | None = None
) -> Exhaustion | None:
    """Return how a quota is used up within a cycle; none if it lasts.

    A group draws what is reserved for it first; reservations beyond the limit are cut alike.

    Args:
        limit: units of a cycle.
        draws: who draws.
        cycle: from one reset to the next.
        alert_at: share of the limit at which somebody is told.
    """
    flows = {draw.name: _segments(draw, cycle) for draw in draws}
    if _sum(s for flow in flows.values() for s in flow) <= limit * (1 + _TINY):
        return None
    promised = fsum(draw.reserved for draw in draws)
    fit = min(1.0, limit / promised) if promised else 1.0
    begins = {d.name: _reached(flows[d.name], d.reserved * fit) for d in draws}
    beyond = [s for name, flow in flows.items() for s in _after(flow, begins[name])]
    at = _reached(beyond, max(limit - promised * fit, 0.0))
    losses = (
        _loss(draw, flows[draw.name], (max(at, begins[draw.name]), cycle[1]), cycle)
        for draw in draws
    )
    told = [s for flow in flows.values() for s in flow]
    alert = None if alert_at is None else max(at - _reached(told, limit * alert_at), 0.0)
    found = sorted((loss for loss in losses if loss.share > 0), key=lambda x: (-x.share, x.name))
    return Exhaustion(cycle, at, tuple(found), alert)


def _segments(draw: Draw, cycle: Interval) -> tuple[Segment, ...]:
    """Return what a group draws in a cycle, piece by piece."""
    inside, outside = draw.rates
    found: list[Segment] = []
    last = float(cycle[0])
    for start, end in draw.working(cycle):
        found += [(last, start, outside), (start, end, inside)]
        last = end
    return tuple(s for s in (*found, (last, cycle[1], outside)) if s[0] < s[1])


def _sum(segments: Iterable[Segment]) -> float:
    return fsum((end - start) * rate for start, end, rate in segments)


def _after(segments: Iterable[Segment], begin: float) -> tuple[Segment, ...]:
    return tuple((max(start, begin), end, rate) for start, end, rate in segments if end > begin)


def _reached(segments: Sequence[Segment], amount: float) -> float:
    """Return when so much is drawn, the end if it never is; nothing is drawn before the start."""
    times = sorted({t for start, end, _ in segments for t in (start, end)})
    if amount <= 0 or not times:
        return times[0] if times else float("inf")
    steps: dict[float, float] = dict.fromkeys(times, 0.0)
    for start, end, rate in segments:
        steps[start] += rate
        steps[end] -= rate
    drawn, rate = 0.0, 0.0
    for now, then in pairwise(times):
        rate += steps[now]
        more = max(rate, 0.0) * (then - now)
        if drawn + more >= amount:
            return now + (amount - drawn) / rate
        drawn += more
    return times[-1]


def _loss(draw: Draw, flow: Sequence[Segment], dry: tuple[float, float], cycle: Interval) -> Loss:
    """Return what a group loses from one instant to the end of the cycle."""
    total = _sum(flow)
    begin, end = dry
    inside, _ = draw.rates
    working = [(max(a, begin), b) for a, b in draw.working(cycle) if b > begin]
    core = fsum(b - a for a, b in working) * inside
    share = _sum(_after(flow, begin)) / total if total and begin < end else 0.0
    times = tuple((_minute(a, draw.zone), _minute(b, draw.zone)) for a, b in working)
    lost = min(core / total, share) if total else 0.0
    return Loss(draw.name, min(share, 1.0), lost, times if lost > 0 else (), draw.zone)


def _minute(instant: float, name: str) -> datetime:
    """Return the local time of an instant, to the minute that it is in."""
    return shown(instant // 60 * 60, name)


def peak(draws: Sequence[Draw], day: date) -> float:
    """Return the highest rate at which all groups together draw on a day of UTC."""
    first = start_of(day)
    flows = [_segments(draw, (first, first + DAY)) for draw in draws]
    edges = {start for flow in flows for start, _, _ in flow}
    return max((_rate(flows, at) for at in edges), default=0.0)


def _rate(flows: Iterable[Sequence[Segment]], at: float) -> float:
    return fsum(rate for flow in flows for start, end, rate in flow if start <= at < end)


# --- the cycles of a year -----------------------------------------------------------------------


def worst_exhaustion(
    limit: float,
    draws: Sequence[Draw],
    cycles: Iterable[Interval],
    reset_zone: str,
    alert_at: float | None = None,
) -> Exhaustion | None:
    """Return how a quota is used up in the cycle that takes most of somebody's working hours.

    Cycles in which no clock changes speak before the few days on which one does, earlier ones
    before later ones. None if it always lasts.
    """
    found = (exhaustion(limit, draws, cycle, alert_at) for cycle in cycles)
    zones = {reset_zone, *(draw.zone for draw in draws)}
    return max(
        (one for one in found if one),
        key=lambda one: (one.core > 0 and _steady(one.cycle, zones), round(one.core, 3)),
        default=None,
    )


def _steady(cycle: Interval, zones: Iterable[str]) -> bool:
    return all(offset(cycle[0], name) == offset(cycle[1], name) for name in zones)


def cycle_at(day: date, period: str, reset: int, name: str) -> Interval:
    """Return the cycle that begins on a day, or that the day is in for weeks and months.

    Weeks begin on Monday, months on the first. A day is 23 or 25 hours long where clocks change.

    Args:
        day: a local day of the reset's zone.
        period: day, week or month.
        reset: minute of the day of the reset.
        name: IANA zone of the reset.
    """
    first = day
    if period == "week":
        first = day - timedelta(days=day.weekday())
    elif period == "month":
        first = day.replace(day=1)
    return _reset(first, reset, name), _reset(_next(first, period), reset, name)


def _next(first: date, period: str) -> date:
    if period == "month":
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=7 if period == "week" else 1)


def _reset(day: date, minute: int, name: str) -> int:
    """Return the instant of a reset: the first reading of a time that the clocks show twice."""
    local = midnight(day) + timedelta(minutes=minute)
    return (instants(local, name) or readings(local, name))[0]


def cycles_of_a_year(
    day: date, period: str, reset: int, name: str, zones: Iterable[str]
) -> Iterator[Interval]:
    """Yield the cycle of a day, and those of the year after it that differ from it.

    These are the months, or the days and weeks in and after which the clocks of a zone change.
    """
    first = start_of(day)
    moments = {first}
    if period == "month":
        moments |= {first + 28 * DAY * number for number in range(1, 14)}
    for zone in {name, *zones}:
        for change in changes(zone, first, first + 366 * DAY):
            moments |= {change, change + (7 if period == "week" else 1) * DAY}
    found = (cycle_at(shown(at, name).date(), period, reset, name) for at in sorted(moments))
    yield from dict.fromkeys(found)


# --- words --------------------------------------------------------------------------------------


def percent(share: float) -> str:
    """Return a share in whole percents; less than one is told as such."""
    return "less than 1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"  # noqa: PLR2004 -- half a percent


def told(loss: Loss, period: str) -> str:
    """Return what a group loses: `tokyo loses 19 % of its day, 06:05 to 09:00 in Asia/Tokyo`."""
    said = f"{loss.name} loses {percent(loss.share)} of its {period}"
    if not loss.times:
        return f"{said}, outside its hours"
    if period == "day":
        spans = (f"{clock(a)} to {clock(b)}" for a, b in loss.times)
        return f"{said}, {' and '.join(spans)} in {loss.zone}"
    return f"{said}, from {written(loss.times[0][0])} in {loss.zone}"
