"""What is known of time and load: quotas that run out, and calendars whose windows come.

Instants are whole seconds since 1970-01-01 00:00 UTC.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class Starved:
    """What one group of users does not get of a cycle of a quota."""

    group: str
    """Region or group of users."""
    time_zone: str
    """IANA zone."""
    share: float
    """Of what it would draw in the cycle, 0 to 1."""
    core: float
    """The part of that share that falls into its working hours."""
    local: tuple[str, ...]
    """Working hours that it goes without, by its own clocks: `2026-06-02 14:05 to 17:00`."""
    said: str
    """The same as a sentence."""


@dataclass(frozen=True, slots=True)
class RunsOut:
    """The worst cycle of the year from the day of judgement."""

    starts: int
    """Instant of the reset that begins it."""
    ends: int
    """Instant of the next reset."""
    at: int
    """Instant at which the quota is used up."""
    starved: tuple[Starved, ...]
    """Groups that go without, those who lose most of their day first."""
    warned_seconds: float | None
    """Time from the alert to that instant; null: nothing alerts."""


@dataclass(frozen=True, slots=True)
class DrawCard:
    """What one group of users draws on a quota."""

    group: str
    """Region or group of users."""
    time_zone: str
    """Where they are, as an IANA zone."""
    hours: str
    """Its local working hours; empty: it draws evenly, all day, or not stated."""
    daily: float | None
    """Units on the busiest day."""
    core_share: float | None
    """Share of it inside those hours."""


@dataclass(frozen=True, slots=True)
class QuotaCard:
    """What is known of one quota."""

    id: str
    """Its id, as the inventory writes it."""
    provider: str
    """Who sets it."""
    limit: float | None
    """Units per window."""
    unit: str
    """What is counted."""
    window: str
    """How the window runs: rolling, fixed_calendar or since_first_use."""
    period: str
    """minute, hour, day, week or month."""
    reset_time: str
    """Local time of the reset, `HH:MM`."""
    time_zone: str
    """Zone of the reset."""
    alert_at: float | None
    """Level that alerts, 0 to 1."""
    on_exhaustion: str
    """What happens at the limit."""
    agents: tuple[str, ...]
    """Agents that draw on it, sorted."""
    demand: tuple[DrawCard, ...]
    """Who draws how much."""
    lasts: bool | None
    """Whether it lasts in every cycle of the year; null: not stated."""
    runs_out: RunsOut | None
    """How it runs out; null: it lasts, or that is not stated."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class WindowCard:
    """A stretch of time in which changes are not welcome."""

    starts: int
    """Instant at which it starts."""
    ends: int
    """Instant at which it ends."""


@dataclass(frozen=True, slots=True)
class CalendarCard:
    """What is known of one calendar."""

    id: str
    """Its id, as the inventory writes it."""
    kind: str
    """freeze, maintenance, blackout or business_hours."""
    source: str
    """Where it is kept."""
    refreshed_at: date | None
    """Day of the last copy."""
    time_zone: str
    """IANA zone."""
    enforcement: str
    """What stops a change; prompts, documents and conventions stop nothing."""
    on_unknown: str
    """What happens when the calendar cannot be read: deny or allow."""
    systems: tuple[str, ...]
    """Systems that heed it, sorted."""
    windows: tuple[WindowCard, ...]
    """Its windows from the day of judgement up to the horizon, the first ones if there are many."""
    more_windows: int
    """How many windows up to the horizon are not listed."""
    known: bool
    """Whether its windows can be told; false: a cell is not stated."""
    doubts: tuple[str, ...]
    """Local times of it that the clocks skip or show twice, in words."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""
