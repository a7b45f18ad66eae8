"""What is known of systems, of the logs that remember, and of the credentials that open them."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class PassesOn:
    """A write here that causes an effect there."""

    to: str
    """System id, or `external:NAME`."""
    via: str
    """Webhook, trigger, cascade, cache, index."""
    compensated_by: str
    """Tool, or `manual:WHAT IS DONE`; empty: see `undone`."""
    undone: bool | None
    """False: the inventory claims that nothing undoes it; null: not stated."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What brings data back."""

    method: str
    """How data is brought back."""
    system: str
    """System that holds the backup, if another."""
    principal: str
    """Principal that writes and may delete backups."""
    restore_tested_at: date | None
    """Day of the last restore."""
    rto_seconds: float | None
    """Time a restore took."""


@dataclass(frozen=True, slots=True)
class SystemCard:
    """What is known of one system."""

    id: str
    """Its id, as the inventory writes it."""
    kind: str
    """kubernetes, aws, github, postgres, database, saas, …"""
    owner: str
    """Team that answers for it; empty: not stated."""
    on_call: str
    """Rotation that is paged for it."""
    environment: str
    """Which environment it belongs to."""
    data: tuple[str, ...]
    """Classes of data that it holds."""
    audit_log: str
    """Log where what was done is recorded."""
    passes_on: tuple[PassesOn, ...]
    """Effects that a write here has elsewhere."""
    backup: Backup | None
    """What brings its data back; null: there is none, or it is not stated."""
    calendars: tuple[str, ...]
    """Freezes and windows that bind changes."""
    failure_domain: str
    """What it fails together with."""
    agents: tuple[str, ...]
    """Agents that have it within reach, sorted."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class LogCard:
    """What is known of one audit log."""

    id: str
    """Its id, as the inventory writes it."""
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
    """How long records are kept."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """How the credential is taken away."""

    by: str
    """Rotation that does it."""
    method: str
    """What is done, as it is written down."""
    measured_seconds: float | None
    """Time it took; null: nobody measured it."""
    access: Access | None
    """Who can; null: not stated."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A reach beyond the tools' needs that its owner knows of."""

    system: str
    """System that it opens, too."""
    resources: tuple[str, ...]
    """Resources, as the platform writes them."""
    actions: tuple[str, ...]
    """Actions, as the platform writes them."""
    reason: str
    """Why the credential opens it."""


@dataclass(frozen=True, slots=True)
class CredentialCard:
    """What is known of one credential. What it opens stands in the agents' reach (`through`)."""

    id: str
    """Its id, as the inventory writes it."""
    kind: str
    """Form of the credential: api_key, oauth_token, service_account, …"""
    principal: str
    """Identity, as its platform writes it."""
    owner: str
    """Team that answers for it; empty: not stated."""
    environment: str
    """Environment that it opens."""
    agents: tuple[str, ...]
    """Agents that hold it, by a tool or in their runtime, sorted."""
    tools: tuple[str, ...]
    """Tools that act with it, sorted."""
    used_by: tuple[str, ...]
    """Everything that is declared to hold it: agents, `service:NAME`, `human:ROLE`."""
    also_reaches: tuple[Elsewhere, ...]
    """Known reach beyond the tools' needs."""
    unchecked: tuple[str, ...]
    """Systems that it is used on, and for which no evidence shows what it opens; sorted."""
    revocation: Revocation | None
    """How it is taken away; null: not stated."""
    expires: date | None
    """Last day on which it works."""
    rotated_at: date | None
    """Day of the last rotation."""
    grants_kind: str
    """Where the declared grants come from: declared, observed or imported."""
    grants_observed_at: date | None
    """Day on which the declared grants were seen."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""
