"""Clocks: quotas that start again, calendars, schedules, and the local times that they are in."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from blastlint.analyses import calendars, demand
from blastlint.analyses.escalation import first_response
from blastlint.analyses.layers import profile_attempts
from blastlint.analyses.load import load_factor
from blastlint.analyses.quotas import told
from blastlint.analyses.wallclock import DAY, clock, shown, start_of, words, written
from blastlint.expression import (
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    NotStated,
    format_value,
    list_of,
    record_of,
)
from blastlint.inventory.record import at, id_of, state
from blastlint.subjects.answer import NAMES, Answer, View, or_missing, views
from blastlint.subjects.derived import TIER
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.analyses.calendars import Meeting, Starts
    from blastlint.analyses.cells import Cell
    from blastlint.analyses.demand import QuotaFacts
    from blastlint.analyses.quotas import Exhaustion, Loss
    from blastlint.inventory.models import Calendar, Demand, Quota, Schedule, Tool
    from blastlint.subjects.facts import Facts

_LEAST = 0.001
"""Share that is told with one digit of a percent."""

# --- quotas -------------------------------------------------------------------------------------


def all_quotas(facts: Facts) -> dict[str, QuotaFacts]:
    """Return what follows from what is said about every quota, by id."""
    every = facts.inventory.quotas.items()
    return {name: demand.quota_facts(quota, facts.as_of) for name, quota in every}


def _quota(facts: Facts, quota: Quota) -> QuotaFacts:
    return facts.once(all_quotas)[id_of(quota)]


def _agents(facts: Facts, quota: Quota) -> tuple[str, ...]:
    return facts.concerned("quotas", quota)


def _of_exhaustion(
    read: Callable[[Facts, Quota, Exhaustion], object], otherwise: object
) -> Callable[[Facts, Quota], object]:
    """Return the function that reads a fact of how a quota runs out.

    Args:
        read: reads it.
        otherwise: the fact where the quota lasts.
    """

    def work_out(facts: Facts, quota: Quota) -> object:
        found = _quota(facts, quota)
        if found.missing:
            return NotStated(found.missing)
        return read(facts, quota, found.exhaustion) if found.exhaustion else otherwise

    return work_out


def _period(quota: Quota) -> str:
    return (quota.window.period if quota.window else None) or "window"


def _losses(facts: Facts, quota: Quota, found: Exhaustion) -> list[View]:
    return views(facts, [Lost(loss, _period(quota)) for loss in found.losses])


def _runs_out(facts: Facts, quota: Quota, found: Exhaustion) -> str:
    """Return when it runs out: `at 21:05 UTC, 2 h 54 min before it starts again`.

    The day is named unless it is the day of judgement.
    """
    minute = int(found.at) // 60 * 60
    first = start_of(facts.as_of)
    today = found.cycle[1] > first and found.cycle[0] < first + DAY and _period(quota) == "day"
    when = clock(shown(minute, "Etc/UTC")) if today else words(minute, "Etc/UTC")
    hours, minutes = divmod((found.cycle[1] - minute) // 60, 60)
    left = " ".join(f"{n} {unit}" for n, unit in ((hours, "h"), (minutes, "min")) if n)
    return f"{when} UTC, {left} before it starts again"


def lead(_facts: Facts, _quota: Quota, found: Exhaustion) -> object:
    """Return the time from the alert until it runs out, in whole minutes; none without alert."""
    if found.since_alert is None:
        return None
    return timedelta(minutes=round(found.since_alert) // 60)


def _hurry(facts: Facts, quota: Quota, found: Exhaustion) -> str:
    """Return how soon after its alert it is empty, and how soon its agents are stopped."""
    soon = format_value(lead(facts, quota, found))
    late = format_value(response(facts, quota))
    return f"it is empty {soon} after its alert, and its agents are stopped {late} after it"


def response(facts: Facts, quota: Quota) -> object:
    """Return the longest time from the alert until an agent is stopped.

    An agent for which nobody is ever paged counts for nothing: that is another fault.
    """
    slowest = timedelta()
    for name in _agents(facts, quota):
        found = first_response(facts.inventory, facts.inventory.agents[name])
        if found.missing:
            return NotStated(found.missing)
        waits = (found.paged_after, found.acknowledged, found.stopped)
        slowest = max(slowest, sum((wait for wait in waits if wait), timedelta()))
    return slowest


def _asked(facts: Facts, quota: Quota) -> object:
    found = _quota(facts, quota)
    return NotStated(found.open_demand) if found.open_demand else found.per_window


def _attempts(facts: Facts, quota: Quota) -> object:
    """Return how often a call is made when the quota refuses it; none: nobody says what repeats."""
    if quota.retry is not None:
        profile = facts.inventory.retry_profiles[quota.retry]
        most, missing = profile_attempts(profile)
        return or_missing(load_factor(most, profile.retry_budget), missing)
    names = (c.removeprefix("tool:") for c in quota.consumers or () if c.startswith("tool:"))
    worst: float | None = None
    for name in names:
        load, missing = _load(facts, facts.inventory.tools[name])
        if load is None:
            return NotStated(missing)
        worst = max(worst or 0.0, load)
    return worst


def _load(facts: Facts, tool: Tool) -> tuple[float | None, tuple[Cell, ...]]:
    """Return how often one intent of a tool calls at most, within the budget of its retries."""
    profile = facts.inventory.retry_profiles.get(tool.retry or "")
    found = facts.retry(tool)
    return load_factor(found.attempts, profile.retry_budget if profile else None), found.missing


def _storm(facts: Facts, quota: Quota) -> object:
    """Return the most units of a window when every call fails and is repeated."""
    attempts, asked = _attempts(facts, quota), _asked(facts, quota)
    if not isinstance(attempts, int | float):
        return attempts
    return asked * attempts if isinstance(asked, int | float) else asked


def _moves(facts: Facts, quota: Quota) -> list[str]:
    return list(demand.moves(quota, facts.as_of, facts.inventory.policy.horizon))


def _watched(facts: Facts) -> demand.Watched:
    return demand.watched(facts.inventory)


def _shared_fate(facts: Facts, quota: Quota) -> object:
    found, missing = demand.shared_fate(facts.inventory, quota, facts.once(_watched))
    return NotStated(missing) if missing else list(found)


def _short_months(_: Facts, quota: Quota) -> str:
    more = demand.priced_as_30_days(quota)
    if more is None:
        return ""
    return f"{more * 100:.1f} %" if more >= _LEAST else "less than 0.1 %"


@dataclass(frozen=True, slots=True)
class Lost:
    """What a group does not get of a window, and how long that is."""

    loss: Loss
    period: str


QUOTA = {
    "live": Answer(BOOL, lambda facts, quota: facts.live(_agents(facts, quota))),
    "tier": Answer(
        TIER,
        lambda facts, quota: max(
            (facts.agent_tier(facts.inventory.agents[a]) for a in _agents(facts, quota)),
            default="T0",
        ),
    ),
    "losses": Answer(list_of(record_of("Loss")), _of_exhaustion(_losses, [])),
    "lost": Answer(
        STRING,
        _of_exhaustion(
            lambda _, quota, found: "; ".join(told(x, _period(quota)) for x in found.losses), ""
        ),
    ),
    "hurry": Answer(STRING, _of_exhaustion(_hurry, "")),
    "runs_out": Answer(STRING, _of_exhaustion(_runs_out, "")),
    "lead": Answer(DURATION, _of_exhaustion(lead, None)),
    "response": Answer(DURATION, response),
    "asked": Answer(DOUBLE, _asked),
    "attempts": Answer(DOUBLE, _attempts),
    "storm": Answer(DOUBLE, _storm),
    "moves": Answer(NAMES, _moves),
    "shared_fate": Answer(NAMES, _shared_fate),
    "short_months": Answer(STRING, _short_months),
}

# --- calendars and schedules --------------------------------------------------------------------


def _over(facts: Facts, calendar: Calendar) -> object:
    """Return whether the last window has passed; a zone that is null says nothing of that."""
    found = calendars.is_over(calendar, facts.as_of)
    missing = calendars.open_windows(calendar)
    return NotStated(missing) if missing else bool(found)


def all_meetings(facts: Facts) -> tuple[Meeting, ...]:
    """Return every agent that starts by itself, with each calendar that it must heed."""
    return calendars.meetings(facts.inventory, facts.as_of)


def _meetings(facts: Facts) -> Iterator[Subject]:
    for found in facts.once(all_meetings):
        unsure = found.schedule.change_tools is None and state(found.schedule, "change_tools")
        yield Subject(
            SubjectId("meeting", f"{id_of(found.agent)}->{id_of(found.calendar)}"),
            found,
            partial(at, found.schedule),
            (id_of(found.agent),),
            certain=unsure in {False, "null"},
            cell=(found.schedule, "change_tools") if unsure in {"missing", "unknown"} else None,
        )


def _starts(which: str) -> Callable[[Facts, Meeting], object]:
    """Return the function that counts the starts inside a window, or those before one."""

    def work_out(_: Facts, found: Meeting) -> object:
        missing = found.missing
        if which == "crossing":
            missing = (*missing, *found.missing_length)
        starts: Starts = getattr(found, which)
        return NotStated(missing) if missing else starts.count

    return work_out


def _start(which: str, end: str) -> Callable[[Facts, Meeting], str]:
    """Return the function that shows the first or last of the starts, by the schedule's clock."""

    def work_out(_: Facts, found: Meeting) -> str:
        start = getattr(getattr(found, which), end)
        return "" if start is None else words(start, found.schedule.time_zone or "")

    return work_out


MEETING = {
    "agent": Answer(record_of("Agent"), lambda facts, found: View(facts, found.agent)),
    "schedule": Answer(record_of("Schedule"), lambda facts, found: View(facts, found.schedule)),
    "calendar": Answer(record_of("Calendar"), lambda facts, found: View(facts, found.calendar)),
    "skipped": Answer(BOOL, lambda _, found: id_of(found.calendar) in (found.schedule.skips or ())),
    "inside": Answer(INT, _starts("inside")),
    "first": Answer(STRING, _start("inside", "first")),
    "last": Answer(STRING, _start("inside", "last")),
    "crossing": Answer(INT, _starts("crossing")),
    "first_crossing": Answer(STRING, _start("crossing", "first")),
}

# --- local times --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WallClock:
    """A local time of the inventory, and the part that must name its zone."""

    what: str
    text: str
    part: Schedule | Calendar | Demand
    doubts: Callable[[int, int], tuple[str, ...]]
    """From two instants to the times between them that are skipped or come twice."""


def _no_doubts(_first: int, _last: int) -> tuple[str, ...]:
    """Working hours are no single times."""
    return ()


def _wall_clocks(facts: Facts) -> Iterator[Subject]:
    every = (*_of_schedules(facts), *_of_calendars(facts), *_of_demand(facts))
    for one, agents in every:
        place = partial(at, one.part, "time_zone")
        yield Subject(SubjectId("wall_clock", one.what), one, place, agents)


def _of_schedules(facts: Facts) -> Iterator[tuple[WallClock, tuple[str, ...]]]:
    for name, agent in facts.inventory.agents.items():
        part = agent.schedule
        if part is not None and part.cron is not None:
            doubts = partial(calendars.doubts_of_schedule, part)
            yield WallClock(f"schedule of {name}", part.cron, part, doubts), (name,)


def _of_calendars(facts: Facts) -> Iterator[tuple[WallClock, tuple[str, ...]]]:
    for name, part in facts.inventory.calendars.items():
        agents = facts.concerned("calendars", part)
        if agents and part.windows:
            first = part.windows[0]
            text = first.rrule or (written(first.start) if first.start else "a window")
            doubts = partial(calendars.doubts_of_calendar, part)
            yield WallClock(f"calendar {name}", text, part, doubts), agents


def _of_demand(facts: Facts) -> Iterator[tuple[WallClock, tuple[str, ...]]]:
    for name, quota in facts.inventory.quotas.items():
        agents = _agents(facts, quota)
        for group, part in (quota.demand or {}).items() if agents else ():
            if part.hours:
                what = f"demand {group} on {name}"
                yield WallClock(what, part.hours, part, _no_doubts), agents


def _zone(_: Facts, found: WallClock) -> object:
    if found.part.time_zone is None and state(found.part, "time_zone") != "null":
        return NotStated(((found.part, "time_zone"),))
    return found.part.time_zone


def _doubts(facts: Facts, found: WallClock) -> list[str]:
    first = start_of(facts.as_of)
    horizon = facts.inventory.policy.horizon
    return list(found.doubts(first, first + int(horizon.total_seconds())))


RECORDS = {
    "Quota": QUOTA,
    "Loss": {
        "name": Answer(STRING, lambda _, lost: lost.loss.name),
        "share": Answer(DOUBLE, lambda _, lost: round(lost.loss.share, 6)),
        "core": Answer(DOUBLE, lambda _, lost: round(lost.loss.core, 6)),
        "text": Answer(STRING, lambda _, lost: told(lost.loss, lost.period)),
    },
    "Calendar": {"over": Answer(BOOL, _over)},
    "System": {
        "tools": Answer(
            list_of(record_of("Tool")), lambda facts, system: views(facts, facts.tools_on(system))
        )
    },
    "Meeting": MEETING,
    "WallClock": {
        "what": Answer(STRING, lambda _, found: found.what),
        "text": Answer(STRING, lambda _, found: found.text),
        "time_zone": Answer(STRING, _zone),
        "doubts": Answer(NAMES, _doubts),
    },
}
"""Records of the condition language for what clocks decide."""

KINDS = (
    Kind(
        "meeting",
        "Meeting",
        _meetings,
        "every agent that starts by itself with each calendar that its changes must heed",
    ),
    Kind("wall_clock", "WallClock", _wall_clocks, "every local time of a schedule or calendar"),
)
