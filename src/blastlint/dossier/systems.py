"""What is known of systems, of the logs that remember, and of the credentials that open them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class PassesOn:
    """A write here that causes an effect there."""

    to: str
    via: str
    compensated_by: str
    """Tool, or `manual:WHAT IS DONE`; empty: see `undone`."""
    undone: bool | None
    """False: the inventory claims that nothing undoes it; null: not stated."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What brings data back."""

    method: str
    system: str
    principal: str
    """Principal that writes and may delete backups."""
    restore_tested_at: date | None
    rto_seconds: float | None
    """Time a restore took."""


@dataclass(frozen=True, slots=True)
class SystemCard:
    """What is known of one system."""

    id: str
    kind: str
    owner: str
    on_call: str
    """Rotation that is paged for it."""
    environment: str
    data: tuple[str, ...]
    """Classes of data that it holds."""
    audit_log: str
    passes_on: tuple[PassesOn, ...]
    backup: Backup | None
    calendars: tuple[str, ...]
    """Freezes and windows that bind changes."""
    failure_domain: str
    agents: tuple[str, ...]
    """Agents that have it within reach, sorted."""
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class LogCard:
    """What is known of one audit log."""

    id: str
    location: str
    """Where one looks."""
    readers: tuple[str, ...]
    """Rotations that can read it."""
    join_keys: tuple[str, ...]
    """Fields by which a run's records are found."""
    query_template: str
    """Query that finds a run, with `{run_id}`."""
    attributable: bool | None
    """Whether a record names the agent, not a shared principal."""
    retention_seconds: float | None
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class Revocation:
    """How the credential is taken away."""

    by: str
    """Rotation that does it."""
    method: str
    measured_seconds: float | None
    access: Access | None
    """Who can; null: not stated."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A reach beyond the tools' needs that its owner knows of."""

    system: str
    resources: tuple[str, ...]
    actions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class CredentialCard:
    """What is known of one credential. What it opens stands in the agents' reach (`through`)."""

    id: str
    kind: str
    principal: str
    owner: str
    environment: str
    agents: tuple[str, ...]
    """Agents that hold it, by a tool or in their runtime, sorted."""
    tools: tuple[str, ...]
    """Tools that act with it, sorted."""
    used_by: tuple[str, ...]
    """Everything that is declared to hold it: agents, `service:NAME`, `human:ROLE`."""
    also_reaches: tuple[Elsewhere, ...]
    unchecked: tuple[str, ...]
    """Systems that it is used on, and for which no evidence shows what it opens; sorted."""
    revocation: Revocation | None
    expires: date | None
    rotated_at: date | None
    grants_kind: str
    """Where the declared grants come from: declared, observed or imported."""
    grants_observed_at: date | None
    attested: Attested | None
    gaps: Gaps
