"""What an inventory says about a quota, and what follows: who goes short, and who shares it."""

from __future__ import annotations

from datetime import date, timedelta
from math import fsum

from blastlint.analyses.cells import unstated
from blastlint.analyses.escalation import targets
from blastlint.analyses.quotas import (
    Draw,
    cycle_at,
    cycles_of_a_year,
    peak,
    worst_exhaustion,
)
from blastlint.analyses.wallclock import changes, clock, shown, start_of
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.quotas import Exhaustion
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Demand, Quota, QuotaWindow

LONG = frozenset({"day", "week", "month"})
"""Periods so long that the hour of the reset decides who goes short."""
_SHORT = {"minute": 60, "hour": 3_600}
_MOST_DAYS = {"day": 1, "week": 7, "month": 31}
_PRICED_DAYS = 30


@dataclass(frozen=True, slots=True)
class QuotaFacts:
    """What follows from what is said about a quota."""

    exhaustion: Exhaustion | None = None
    """How it runs out in the worst cycle of the year from the day of judgement; none: it lasts."""
    missing: tuple[Cell, ...] = ()
    """Cells without which that cannot be told."""
    per_window: float | None = None
    """Most units that are asked for within one window."""
    open_demand: tuple[Cell, ...] = ()
    """Cells without which the demand cannot be told."""


def quota_facts(quota: Quota, as_of: date) -> QuotaFacts:
    """Return what follows from the demand, the limit and the reset of a quota."""
    draws, open_demand = declared_draws(quota)
    window = quota.window
    if window is None or window.type is None or window.period is None:
        cells = unstated(quota, "window") if window is None else unstated(window, "type", "period")
        rolls = window is not None and window.type in {"rolling", "since_first_use"}
        return QuotaFacts(None, () if rolls else cells, None, (*open_demand, *cells))
    asked = None if draws is None else _per_window(draws, window, as_of)
    if window.type != "fixed_calendar" or window.period not in LONG:
        return QuotaFacts(None, (), asked, open_demand)
    missing = (
        *unstated(quota, "limit"),
        *unstated(window, "reset_time", "time_zone"),
        *open_demand,
    )
    silent = None in {quota.limit, window.reset_time, window.time_zone} or draws is None
    worst = None if missing or silent else _worst(quota, window, draws or (), as_of)
    return QuotaFacts(worst, missing, asked, open_demand)


def _worst(
    quota: Quota, window: QuotaWindow, draws: tuple[Draw, ...], as_of: date
) -> Exhaustion | None:
    zone, reset = window.time_zone or "", minute_of(window.reset_time or "")
    cycles = cycles_of_a_year(as_of, window.period or "", reset, zone, {d.zone for d in draws})
    return worst_exhaustion(quota.limit or 0.0, draws, cycles, zone, quota.alert_at)


def _per_window(draws: tuple[Draw, ...], window: QuotaWindow, as_of: date) -> float:
    if window.period in _SHORT:
        return peak(draws, as_of) * _SHORT[window.period]
    return fsum(draw.daily for draw in draws) * _MOST_DAYS[window.period or ""]


def minute_of(clock: str) -> int:
    """Return the minute of the day of a time such as `17:00`."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


# --- what is drawn ------------------------------------------------------------------------------


def declared_draws(quota: Quota) -> tuple[tuple[Draw, ...] | None, tuple[Cell, ...]]:
    """Return who draws how much, or the cells that would tell; neither, where a zone is null."""
    if quota.demand is None:
        return None, unstated(quota, "demand")
    cells = tuple(cell for demand in quota.demand.values() for cell in _open(demand))
    if cells or any(d.hours and d.time_zone is None for d in quota.demand.values()):
        return None, cells
    return tuple(_draw(name, demand) for name, demand in quota.demand.items()), ()


def _open(demand: Demand) -> tuple[Cell, ...]:
    needs = ("time_zone", "core_share") if demand.hours else ()
    return unstated(demand, "hours", "daily", *needs)


def _draw(name: str, demand: Demand) -> Draw:
    hours = None
    if demand.hours:
        start, end = (minute_of(clock) for clock in demand.hours.split("-"))
        hours = (start % 1440, end)
    daily, reserved = max(demand.daily or 0.0, 0.0), max(demand.reserved or 0.0, 0.0)
    even = Draw(name, demand.time_zone or "Etc/UTC", hours, daily)
    share = even.minutes / 1440 if demand.core_share is None else demand.core_share
    return Draw(name, even.zone, hours, daily, share, reserved)


def priced_as_30_days(quota: Quota) -> float | None:
    """Return by how much 31 days need more than a monthly limit that is enough for 30 of them.

    A share of the limit; none where it is not enough for 30, is enough for 31, or is not monthly.
    """
    draws, _ = declared_draws(quota)
    window = quota.window
    if draws is None or window is None or not quota.limit:
        return None
    monthly = window.type == "fixed_calendar" and window.period == "month"
    daily = fsum(draw.daily for draw in draws)
    if not monthly or not daily * _PRICED_DAYS <= quota.limit < daily * _MOST_DAYS["month"]:
        return None
    return daily * _MOST_DAYS["month"] / quota.limit - 1


# --- resets that move ---------------------------------------------------------------------------


def moves(quota: Quota, first: date, horizon: timedelta) -> tuple[str, ...]:
    """Return how the reset moves on the clocks of those who draw, in words.

    Args:
        quota: the quota.
        first: day from which on.
        horizon: how far.
    """
    window = quota.window
    if window is None:
        return ()
    if window.type == "since_first_use":
        return ("it starts with the first use, at no fixed time",)
    fixed = window.type == "fixed_calendar" and window.period in LONG
    if not fixed or window.reset_time is None or window.time_zone is None:
        return ()
    begin = start_of(first)
    end = begin + int(horizon.total_seconds())
    zones = sorted({d.time_zone for d in (quota.demand or {}).values() if d.time_zone})
    reset = minute_of(window.reset_time)
    return tuple(said for z in zones for said in _moves(z, window.time_zone, reset, begin, end))


def _moves(zone: str, home: str, reset: int, begin: int, end: int) -> Iterator[str]:
    """Yield the days on which a reset moves on the clocks of a zone."""
    for change in sorted({*changes(zone, begin, end), *changes(home, begin, end)}):
        day = shown(change, home).date()
        before, after = (
            shown(cycle_at(day + timedelta(days=step), "day", reset, home)[0], zone)
            for step in (-1, 2)
        )
        if before.time() != after.time():
            moved = shown(change, zone).date()
            was, will = f"{clock(before)} before {moved}", f"{clock(after)} after it"
            yield f"the reset is at {was} and at {will} in {zone}"


# --- who shares it ------------------------------------------------------------------------------

Watched = dict[str, dict[str, str]]
"""`agent:ID` to those who hear of its faults or mend it, and which of the two."""


def watched(inventory: Inventory) -> Watched:
    """Return the agents and services that hear of a fault of each agent, or mend it."""
    found = {f"agent:{name}": dict(_told(inventory, a)) for name, a in inventory.agents.items()}
    for route in inventory.routes.values():
        menders = (*(route.repair_by or ()), *(route.equivalents or ()))
        found.get(route.component or "", {}).update(dict.fromkeys(menders, "mends"))
    return {name: _machines(name, roles) for name, roles in found.items()}


def _told(inventory: Inventory, agent: Agent) -> Iterator[tuple[str, str]]:
    if agent.escalation:
        policy = inventory.escalation_policies[agent.escalation]
        for name in (*(t.name for t in targets(policy)), *(policy.subscribers or ())):
            yield name, "is told about"
    deployment = inventory.deployments[agent.deployment] if agent.deployment else None
    if deployment and deployment.staleness_alert and deployment.staleness_alert.pages:
        yield deployment.staleness_alert.pages, "is told about"


def _machines(name: str, roles: dict[str, str]) -> dict[str, str]:
    """Return the agents and services among some, but for the one that they are about."""
    kinds = ("agent:", "service:")
    return {who: role for who, role in roles.items() if who.startswith(kinds) and who != name}


def shared_fate(
    inventory: Inventory, quota: Quota, roles: Watched
) -> tuple[tuple[str, ...], tuple[Cell, ...]]:
    """Return who would notice or mend an agent that the quota stops, and is stopped by it too.

    In words, such as `service:status-page is told about agent:evan`; then the cells that would
    tell, where nobody says who draws on the quota.

    Args:
        inventory: the inventory.
        quota: the quota.
        roles: what `watched` returns.
    """
    if quota.consumers is None:
        return (), unstated(quota, "consumers") if any(roles.values()) else ()
    drawing = set(quota.consumers)
    for name in quota.consumers:
        if name.startswith("tool:"):
            agents = inventory.tools[name.removeprefix("tool:")].agents or ()
            drawing |= {f"agent:{agent}" for agent in agents}
    found = (
        f"{who} {role} {name}"
        for name in sorted(drawing & roles.keys())
        for who, role in sorted(roles[name].items())
        if who in drawing
    )
    return tuple(found), ()
