"""Fills the cards of quotas and calendars."""

from __future__ import annotations

from blastlint.analyses import calendars, quotas
from blastlint.analyses.wallclock import start_of
from blastlint.dossier import (
    CalendarCard,
    DrawCard,
    QuotaCard,
    RunsOut,
    Starved,
    WindowCard,
)
from blastlint.gathering.common import Looked, attested, gaps, speaker
from blastlint.inventory.record import id_of
from blastlint.subjects.clocks import all_quotas

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.analyses.quotas import Exhaustion, Loss
    from blastlint.inventory.models import Calendar, Quota
    from blastlint.subjects import Facts

MOST_WINDOWS = 60
"""Windows of one calendar that its card lists."""
_QUOTA = ("limit", "window", "demand", "alert_at", "on_exhaustion", "consumers")
_WINDOW = ("type", "period", "reset_time", "time_zone")
_CALENDAR = ("kind", "source", "refreshed_at", "time_zone", "enforcement", "on_unknown", "windows")

# --- quotas -------------------------------------------------------------------------------------


def quota_card(facts: Facts, quota: Quota) -> QuotaCard:
    """Return the card of a quota."""
    found = facts.once(all_quotas)[id_of(quota)]
    agents = facts.concerned("quotas", quota)
    window = quota.window
    period = (window.period if window else None) or ""
    told = not found.missing and period in {"day", "week", "month"}
    fixed = window is not None and window.type == "fixed_calendar"
    return QuotaCard(
        id=id_of(quota),
        provider=quota.provider or "",
        limit=quota.limit,
        unit=quota.unit or "",
        window=(window.type if window else None) or "",
        period=period,
        reset_time=(window.reset_time if window else None) or "",
        time_zone=(window.time_zone if window else None) or "",
        alert_at=quota.alert_at,
        on_exhaustion=quota.on_exhaustion or "",
        agents=agents,
        demand=_demand(quota),
        lasts=found.exhaustion is None if told and fixed else None,
        runs_out=_runs_out(found.exhaustion, period) if found.exhaustion else None,
        attested=attested(quota),
        gaps=gaps(
            speaker(facts, quota, agents),
            Looked(quota, _QUOTA),
            Looked(window, _WINDOW, "window."),
        ),
    )


def _demand(quota: Quota) -> tuple[DrawCard, ...]:
    every = (quota.demand or {}).items()
    return tuple(
        DrawCard(name, one.time_zone or "", one.hours or "", one.daily, one.core_share)
        for name, one in every
    )


def _runs_out(found: Exhaustion, period: str) -> RunsOut:
    return RunsOut(
        starts=found.cycle[0],
        ends=found.cycle[1],
        at=int(found.at) // 60 * 60,
        starved=tuple(_starved(loss, period) for loss in found.losses),
        warned_seconds=None if found.since_alert is None else int(found.since_alert),
    )


def _starved(loss: Loss, period: str) -> Starved:
    return Starved(
        loss.name,
        loss.zone,
        round(loss.share, 6),
        round(loss.core, 6),
        tuple(
            f"{a.isoformat(' ', 'minutes')} to {b.time().isoformat('minutes')}"
            for a, b in loss.times
        ),
        quotas.told(loss, period or "window"),
    )


def _heeding(facts: Facts) -> dict[str, list[str]]:
    """Return the systems that heed each calendar, sorted."""
    found: dict[str, list[str]] = {}
    for name, system in sorted(facts.inventory.systems.items()):
        for calendar in dict.fromkeys(system.calendars or ()):
            found.setdefault(calendar, []).append(name)
    return found


# --- calendars ----------------------------------------------------------------------------------


def calendar_card(facts: Facts, calendar: Calendar) -> CalendarCard:
    """Return the card of a calendar."""
    name = id_of(calendar)
    first = start_of(facts.as_of)
    last = first + int(facts.inventory.policy.horizon.total_seconds())
    known = calendar.time_zone is not None and not calendars.open_windows(calendar)
    windows = calendars.windows(calendar, first, last) if known else ()
    return CalendarCard(
        id=name,
        kind=calendar.kind or "",
        source=calendar.source or "",
        refreshed_at=calendar.refreshed_at,
        time_zone=calendar.time_zone or "",
        enforcement=calendar.enforcement or "",
        on_unknown=calendar.on_unknown or "",
        systems=tuple(facts.once(_heeding).get(name, ())),
        windows=tuple(WindowCard(*window) for window in windows[:MOST_WINDOWS]),
        more_windows=max(len(windows) - MOST_WINDOWS, 0),
        known=known,
        doubts=calendars.doubts_of_calendar(calendar, first, last),
        attested=attested(calendar),
        gaps=gaps(
            speaker(facts, calendar, facts.concerned("calendars", calendar)),
            Looked(calendar, _CALENDAR),
        ),
    )
