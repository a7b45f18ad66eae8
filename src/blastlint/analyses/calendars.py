"""Calendars and schedules: which planned runs meet a window in which changes are not welcome.

Cron expressions and windows are each expanded in their own zone. A time that the clocks show twice
counts at both instants; one that they skip counts at none for a run, and at its widest for a
window. `doubts` tells both.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from functools import cache, lru_cache

from blastlint.analyses.cells import unstated
from blastlint.analyses.wallclock import (
    DAY,
    changes,
    days,
    instants,
    midnight,
    offset,
    readings,
    shown,
    start_of,
    united,
    written,
)
from blastlint.inventory.record import at, id_of, state
from blastlint.inventory.recurrence import FOR_EVER, read_cron, read_rrule
from blastlint.source import InputError, Problem
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.wallclock import Interval
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Calendar, Schedule, Tool, Window

_BINDING = frozenset({"freeze", "maintenance", "blackout"})
"""Kinds of calendars whose windows changes must stay out of."""
MOST_RUNS = 2_000_000
"""Starts that are counted up to the horizon; schedules alike are counted once."""
_TAIL = 30 * DAY
"""Seconds beyond the horizon in which a window may still be met by a run that starts before it."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Some planned starts."""

    count: int = 0
    first: int | None = None
    """The first one, as an instant; none: there is none."""
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An agent that starts by itself, and a calendar of a system that its runs change."""

    agent: Agent
    schedule: Schedule
    calendar: Calendar
    inside: Starts = Starts()
    """Starts inside a window."""
    crossing: Starts = Starts()
    """Starts before a window whose run may last into it."""
    missing: tuple[Cell, ...] = ()
    """Cells without which neither can be told."""
    missing_length: tuple[Cell, ...] = ()
    """The cell without which crossing cannot be told."""


# --- planned runs -------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def runs(cron: str, name: str, first: int, last: int) -> tuple[int, ...]:
    """Return the instants from `first`, before `last`, at which a schedule starts.

    Args:
        cron: expression of five fields.
        name: IANA zone that it is read in.
        first: instant.
        last: instant.
    """
    plan = read_cron(cron)
    found: list[int] = []
    for day in days(first, last, name):
        if plan.falls_on(day):
            found += _runs_of(day, plan.minutes, name)
    return tuple(start for start in sorted(found) if first <= start < last)


def _runs_of(day: date, minutes: Sequence[int], name: str) -> Iterator[int]:
    """Yield the instants of some minutes of a local day."""
    start, _ = readings(midnight(day), name)
    _, end = readings(midnight(day) + timedelta(days=1), name)
    if end - start == DAY and offset(start, name) == offset(end, name):
        yield from (start + minute * 60 for minute in minutes)
    else:
        for minute in minutes:
            yield from instants(midnight(day) + timedelta(minutes=minute), name)


# --- windows ------------------------------------------------------------------------------------


def windows(calendar: Calendar, first: int, last: int) -> tuple[Interval, ...]:
    """Return the windows of a calendar that touch a stretch of time; sorted and apart.

    Args:
        calendar: one whose zone and windows are stated.
        first: instant.
        last: instant.
    """
    name = calendar.time_zone or ""
    found = (one for w in calendar.windows or () for one in _expanded(w, name, first, last))
    return united((start, end) for start, end in found if end > first and start < last)


def _expanded(window: Window, name: str, first: int, last: int) -> Iterator[Interval]:
    if window.rrule is None:
        if window.start and window.end:
            yield readings(window.start, name)[0], readings(window.end, name)[1]
        return
    length = _length(window)
    if length is None:
        return
    rule = read_rrule(window.rrule, window.start)
    margin = timedelta(days=1)
    begin = shown(first, name) - length - margin
    for local in rule.between(begin, shown(last, name) + margin):
        start, latest = readings(local, name)
        yield start, latest + int(length.total_seconds())


def _length(window: Window) -> timedelta | None:
    if window.duration is not None or window.start is None or window.end is None:
        return window.duration
    return window.end - window.start


def open_windows(calendar: Calendar) -> tuple[Cell, ...]:
    """Return the cells without which the windows of a calendar cannot be told."""
    cells = [*unstated(calendar, "time_zone", "windows")]
    for window in calendar.windows or ():
        if window.rrule is not None:
            cells += unstated(window, "duration") if _length(window) is None else ()
        elif not (window.start and window.end):
            cells += unstated(window, "start", "end")
    return tuple(cells)


def is_over(calendar: Calendar, as_of: date) -> bool | None:
    """Return whether the last window of a calendar has passed; none if that is not stated.

    A calendar without windows claims that there are none, and is not over.
    """
    if calendar.time_zone is None or open_windows(calendar):
        return None
    now, every = start_of(as_of), calendar.windows or ()
    return bool(every) and not any(_goes_on(window, calendar, now) for window in every)


def _goes_on(window: Window, calendar: Calendar, now: int) -> bool:
    """Return whether a window, or a later one of its kind, ends after an instant."""
    name = calendar.time_zone or ""
    if window.rrule is None:
        return any(end > now for _, end in _expanded(window, name, now, now))
    length = _length(window)
    rule = read_rrule(window.rrule, window.start)
    begin = shown(now, name) - (length or timedelta())
    return any(True for _ in rule.between(begin, FOR_EVER))


# --- runs that meet windows ---------------------------------------------------------------------


def meetings(inventory: Inventory, as_of: date) -> tuple[Meeting, ...]:
    """Return every agent that starts by itself, with each calendar that its changes must heed.

    Args:
        inventory: the inventory.
        as_of: day from which the policy's horizon counts.
    """
    first = start_of(as_of)
    last = first + int(inventory.policy.horizon.total_seconds())
    _check_number(inventory, first, last)
    expand = cache(lambda name: windows(inventory.calendars[name], first, last + _TAIL))
    tools = _tools_by_agent(inventory)
    return tuple(
        _meeting(agent, agent.schedule, inventory.calendars[name], (first, last), expand)
        for agent in inventory.agents.values()
        if agent.schedule is not None
        for name in _heeded(inventory, agent.schedule, tools[id_of(agent)])
    )


def _check_number(inventory: Inventory, first: int, last: int) -> None:
    """Refuse schedules that start so often that comparing them takes minutes.

    Raises:
        InputError: at the schedule with which the limit is passed.
    """
    left, seen = MOST_RUNS, set()
    for agent in inventory.agents.values():
        plan = agent.schedule
        if plan is None or plan.cron is None or (plan.cron, plan.time_zone) in seen:
            continue
        seen.add((plan.cron, plan.time_zone))
        left -= len(read_cron(plan.cron).minutes) * (1 + (last - first) // DAY)
        if left < 0:
            message = f"the schedules up to this one may start more than {MOST_RUNS:,} times"
            raise InputError(Problem(message, at(plan, "cron"), "shorten `policy.horizon`"))


def _tools_by_agent(inventory: Inventory) -> dict[str, list[Tool]]:
    """Return the tools that each agent which starts by itself can call, if they must be known."""
    asking = {
        name
        for name, agent in inventory.agents.items()
        if agent.schedule and agent.schedule.change_tools is None
    }
    found: dict[str, list[Tool]] = {name: [] for name in inventory.agents}
    for tool in inventory.tools.values() if asking else ():
        names = tool.agents or ()
        for name in asking if "*" in names else asking.intersection(names):
            found[name].append(tool)
    return found


def _heeded(inventory: Inventory, schedule: Schedule, own: Sequence[Tool]) -> list[str]:
    """Return the calendars of the systems that a planned run changes, by id.

    Where nobody says which tools change something in it, every tool of the agent that writes may.
    """
    tools = [inventory.tools[name] for name in schedule.change_tools or ()]
    if schedule.change_tools is None and state(schedule, "change_tools") != "null":
        tools = [*own]
    writing = (t for t in tools if t.effect != "read" and t.enabled is not False)
    written = {tool.system for tool in writing if tool.system}
    kept = {name for s in written for name in inventory.systems[s].calendars or ()}
    return sorted(name for name in kept if inventory.calendars[name].kind in {*_BINDING, None})


def _meeting(
    agent: Agent,
    schedule: Schedule,
    calendar: Calendar,
    span: Interval,
    expand: Callable[[str], tuple[Interval, ...]],
) -> Meeting:
    missing = (
        *unstated(schedule, "cron", "time_zone"),
        *unstated(calendar, "kind"),
        *open_windows(calendar),
    )
    if missing or None in {schedule.cron, schedule.time_zone, calendar.time_zone}:
        return Meeting(agent, schedule, calendar, missing=missing)
    starts = runs(schedule.cron or "", schedule.time_zone or "", *span)
    length = int((schedule.max_duration or timedelta()).total_seconds())
    closed = expand(id_of(calendar))
    inside, crossing = _within(starts, closed), _within(starts, _before(closed, length))
    open_length = unstated(schedule, "max_duration") if closed else ()
    return Meeting(agent, schedule, calendar, inside, crossing, (), open_length)


def _before(closed: Sequence[Interval], length: int) -> Iterator[Interval]:
    """Yield the times outside of windows from which a run of a length lasts into one."""
    free = -_TAIL
    for start, end in closed:
        yield max(start - length + 1, free), start
        free = end


def _within(starts: Sequence[int], intervals: Iterable[Interval]) -> Starts:
    """Return those of some sorted instants that lie in an interval, of sorted ones."""
    cuts = ((bisect_left(starts, a), bisect_left(starts, b)) for a, b in intervals)
    found = [(i, j) for i, j in cuts if i < j]
    if not found:
        return Starts()
    count = sum(j - i for i, j in found)
    return Starts(count, starts[found[0][0]], starts[found[-1][1] - 1])


# --- times that are not one time ----------------------------------------------------------------


def doubts_of_schedule(schedule: Schedule, first: int, last: int) -> tuple[str, ...]:
    """Return the planned starts that the clocks skip or show twice, in words.

    A schedule that starts in every hour has no single time that matters.
    """
    if schedule.cron is None or schedule.time_zone is None:
        return ()
    plan, name = read_cron(schedule.cron), schedule.time_zone
    if plan.hourly:
        return ()
    moved = {shown(moment, name).date() for moment in changes(name, first, last)}
    times = (
        midnight(day) + timedelta(minutes=minute)
        for day in sorted(moved)
        if plan.falls_on(day)
        for minute in plan.minutes
    )
    return tuple(_doubts(times, name))


def doubts_of_calendar(calendar: Calendar, first: int, last: int) -> tuple[str, ...]:
    """Return the starts and ends of windows that the clocks skip or show twice, in words."""
    name = calendar.time_zone
    if name is None:
        return ()
    times = (t for w in calendar.windows or () for t in _times(w, name, first, last))
    return tuple(_doubts(sorted(set(times)), name))


def _times(window: Window, name: str, first: int, last: int) -> Iterator[datetime]:
    begin, end = shown(first, name), shown(last, name)
    if window.rrule is not None:
        yield from read_rrule(window.rrule, window.start).between(begin, end)
    else:
        yield from (t for t in (window.start, window.end) if t and begin <= t <= end)


def _doubts(times: Iterable[datetime], name: str) -> Iterator[str]:
    for local in times:
        count = len(instants(local, name))
        if count != 1:
            yield f"{written(local)} {'comes twice' if count else 'does not exist'}"
