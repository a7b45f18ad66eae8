"""Lays lengths and stretches of time out as strips, in units of one SVG pixel."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from blastlint.dossier import CalendarCard, Clock, Response, RunsOut

WIDTH = 600
"""Width of every strip."""
_THIN = 3
"""What would be too narrow to be seen is at least so wide."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TICKS = 6
_DAY = 86_400
_LONGEST = 100 * 365 * _DAY
"""Seconds as which what never ends is drawn."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a strip."""

    x: int
    width: int
    name: str
    seconds: float | None = None
    """How long it lasts; none: not stated."""


def response(found: Response) -> tuple[Part, ...]:
    """Return the time from the first bad call to the last, part by part."""
    lengths = (
        ("detected", found.detection_seconds),
        ("paged", found.paged_seconds),
        ("acknowledged", found.acknowledged_seconds),
        ("stopped", found.stopped_seconds),
    )
    whole = sum(_drawn(seconds) for _, seconds in lengths) or 1
    parts, x = [], 0
    for name, seconds in lengths:
        wide = max(_THIN, round(_drawn(seconds) / whole * (WIDTH - 4 * _THIN)))
        parts.append(Part(x, wide, name, seconds))
        x += wide
    return tuple(parts)


def clock(found: Clock) -> tuple[int, int]:
    """Return how long it lasts and what it needs, as widths on one scale."""
    longest = max(_drawn(found.has_seconds), _drawn(found.needs_seconds)) or 1
    return tuple(  # type: ignore[return-value]  # of two lengths, two widths
        max(_THIN, round(_drawn(seconds) / longest * WIDTH))
        for seconds in (found.has_seconds, found.needs_seconds)
    )


def cycle(found: RunsOut) -> int:
    """Return where in a quota's cycle it is used up."""
    whole = max(1, found.ends - found.starts)
    return min(WIDTH, max(_THIN, round((found.at - found.starts) / whole * WIDTH)))


def windows(found: CalendarCard, start: date, end: date) -> tuple[Part, ...]:
    """Return a calendar's windows between two days."""
    first, last = _instant(start), _instant(end) + _DAY
    scale = WIDTH / max(1, last - first)
    parts = []
    for window in found.windows:
        x = max(0, round((window.starts - first) * scale))
        wide = max(_THIN, round((min(window.ends, last) - max(window.starts, first)) * scale))
        parts.append(Part(min(x, WIDTH - _THIN), min(wide, WIDTH - min(x, WIDTH - _THIN)), ""))
    return tuple(parts)


def ticks(start: date, end: date) -> Iterable[tuple[int, str]]:
    """Return where some days between two stand, and their names."""
    days = max(1, (end - start).days)
    step = max(1, -(-days // _TICKS))
    for day in range(0, days, step):
        shown = start + timedelta(days=day)
        yield round(day / (days + 1) * WIDTH), f"{shown.day:02} {_MONTHS[shown.month - 1]}"


def _drawn(seconds: float | None) -> float:
    return min(max(seconds or 0, 0), _LONGEST)


def _instant(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())
