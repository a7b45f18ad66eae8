"""What is known of people: who is paged, what they hold, what they open, and who signs."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class TeamCard:
    """What is known of one team."""

    id: str
    """Its id, as the inventory writes it."""
    members: int | None
    """How many people."""
    entitlements: tuple[str, ...]
    """Access that its members have at work."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class RotationCard:
    """What is known of one rotation."""

    id: str
    """Its id, as the inventory writes it."""
    team: str
    """Team that it draws on."""
    time_zone: str
    """IANA zone."""
    members: int | None
    """How many people."""
    coverage: str
    """Hours covered."""
    entitlements: tuple[str, ...]
    """Access that the person on call has."""
    ack_timeout_seconds: float | None
    """Time after which an unacknowledged page moves on."""
    secondary: str
    """Rotation that is paged next."""
    trained_at: date | None
    """Day on which its people last practised how agents go wrong."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step of a runbook."""

    do: str
    """What is done."""
    access: Access | None
    """Who may do it; null: not stated."""
    evidence_at: str
    """Where one sees that it worked."""
    offline_copy: str
    """Where the same can be seen without a login."""
    contact: str
    """Whom the step turns to."""


@dataclass(frozen=True, slots=True)
class RunbookCard:
    """What is known of one runbook."""

    id: str
    """Its id, as the inventory writes it."""
    author: str
    """Team that wrote it."""
    reader: str
    """Rotation that must execute it."""
    steps: tuple[StepCard, ...]
    """Steps, in order."""
    drilled_at: date | None
    """Day on which it was last done."""
    drilled_by: str
    """Who did it then."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class GateCard:
    """What is known of one approval gate."""

    id: str
    """Its id, as the inventory writes it."""
    mode: str
    """How often it asks: per_action, per_session or post_hoc."""
    applies_when: str
    """Condition; a gate with one is partial."""
    approvers: str
    """Who says yes, as `KIND:NAME`."""
    enforced_at: str
    """Where it is enforced; a prompt enforces nothing."""
    timeout_seconds: float | None
    """How long it waits."""
    on_timeout: str
    """What silence means: deny or allow."""
    ungated_max: str
    """Largest amount that passes without it, with its currency."""
    shows: tuple[str, ...]
    """What the approver sees."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""


@dataclass(frozen=True, slots=True)
class RouteCard:
    """Who repairs a part, and who else can if that one is the broken part."""

    id: str
    """Its id, as the inventory writes it."""
    component: str
    """The part, as `KIND:NAME`."""
    repair_by: tuple[str, ...]
    """Who repairs it, in order."""
    equivalents: tuple[str, ...]
    """Others that can do the same repair."""
    human_exit: str
    """Who repairs it by hand."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line for a team to sign: what it answers for, and what it attests."""

    team: str
    """Team that signs."""
    owns: tuple[str, ...]
    """Agents, systems and credentials in use that it owns, as `KIND:ID`, sorted."""
    attests: tuple[str, ...]
    """Records in use that it attests, as `KIND:ID`, sorted."""
    oldest: date | None
    """Day of its oldest attestation; null: it attests nothing, or without a day."""
