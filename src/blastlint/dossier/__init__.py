"""What a report knows of an inventory's things beside its findings: one card each."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.agents import (
    Ability,
    AgentCard,
    Alarm,
    Complaints,
    Escalation,
    Fix,
    Kept,
    KillSwitch,
    Level,
    Lever,
    Meets,
    Planned,
    Release,
    Response,
    TakesOver,
)
from blastlint.dossier.common import Access, Attested, Gaps, Promise
from blastlint.dossier.people import (
    GateCard,
    RotationCard,
    RouteCard,
    RunbookCard,
    Signature,
    StepCard,
    TeamCard,
)
from blastlint.dossier.systems import (
    Backup,
    CredentialCard,
    Elsewhere,
    LogCard,
    PassesOn,
    Revocation,
    SystemCard,
)
from blastlint.dossier.time import (
    CalendarCard,
    DrawCard,
    QuotaCard,
    RunsOut,
    Starved,
    WindowCard,
)
from blastlint.dossier.tools import (
    Clock,
    Gated,
    Idempotency,
    Receipt,
    Repeats,
    ToolCard,
    Undo,
    Worst,
)
from blastlint.values import dataclass

__all__ = [
    "Ability",
    "Access",
    "AgentCard",
    "Alarm",
    "Attested",
    "Backup",
    "CalendarCard",
    "Clock",
    "Complaints",
    "CredentialCard",
    "Dossier",
    "DrawCard",
    "Elsewhere",
    "Escalation",
    "Fix",
    "Gaps",
    "GateCard",
    "Gated",
    "Idempotency",
    "Kept",
    "KillSwitch",
    "Level",
    "Lever",
    "LogCard",
    "Meets",
    "PassesOn",
    "Planned",
    "Promise",
    "QuotaCard",
    "Receipt",
    "Release",
    "Repeats",
    "Response",
    "Revocation",
    "RotationCard",
    "RouteCard",
    "RunbookCard",
    "RunsOut",
    "Signature",
    "Source",
    "Starved",
    "StepCard",
    "SystemCard",
    "TakesOver",
    "TeamCard",
    "ToolCard",
    "Undo",
    "WindowCard",
    "Worst",
]


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, how old it is, and how much of it could be followed."""

    id: str
    """Its id, as the inventory writes it."""
    kind: str
    """What wrote it."""
    system: str
    """System that its grants belong to; may be empty."""
    observed_at: date | None
    """Day of the export; null: not stated."""
    files: tuple[str, ...]
    """Files and folders that it names, relative to the inventory."""
    grants: int
    """Grants that it shows."""
    tools: int
    """Registered tools that it lists."""
    unresolved: tuple[str, ...]
    """References in it that nothing in it defines, in words."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that is known of an inventory's things; each list is sorted by id."""

    agents: tuple[AgentCard, ...] = ()
    """Every agent."""
    tools: tuple[ToolCard, ...] = ()
    """Tools that some agent can call."""
    systems: tuple[SystemCard, ...] = ()
    """Every system."""
    logs: tuple[LogCard, ...] = ()
    """Every audit log."""
    credentials: tuple[CredentialCard, ...] = ()
    """Every credential."""
    teams: tuple[TeamCard, ...] = ()
    """Every team."""
    rotations: tuple[RotationCard, ...] = ()
    """Every rotation."""
    runbooks: tuple[RunbookCard, ...] = ()
    """Every runbook."""
    gates: tuple[GateCard, ...] = ()
    """Every approval gate."""
    routes: tuple[RouteCard, ...] = ()
    """Every repair route."""
    quotas: tuple[QuotaCard, ...] = ()
    """Every quota."""
    calendars: tuple[CalendarCard, ...] = ()
    """Every calendar."""
    horizon: date | None = None
    """Last day for which windows and planned runs are told."""
    postmortem: tuple[str, ...] = ()
    """Fields that a review asks for."""
    postmortem_seconds: float | None = None
    """Longest time from an incident to its review; null: not stated."""
    sources: tuple[Source, ...] = ()
    """Evidence, by id."""
    signatures: tuple[Signature, ...] = ()
    """Lines to sign, sorted by team."""
