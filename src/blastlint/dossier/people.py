"""What is known of people: who is paged, what they hold, what they open, and who signs."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class TeamCard:
    """What is known of one team."""

    id: str
    members: int | None
    entitlements: tuple[str, ...]
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class RotationCard:
    """What is known of one rotation."""

    id: str
    team: str
    time_zone: str
    members: int | None
    coverage: str
    """Hours covered."""
    entitlements: tuple[str, ...]
    """Access that the person on call has."""
    ack_timeout_seconds: float | None
    """Time after which an unacknowledged page moves on."""
    secondary: str
    """Rotation that is paged next."""
    trained_at: date | None
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step of a runbook."""

    do: str
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
    author: str
    reader: str
    """Rotation that must execute it."""
    steps: tuple[StepCard, ...]
    drilled_at: date | None
    drilled_by: str
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class GateCard:
    """What is known of one approval gate."""

    id: str
    mode: str
    applies_when: str
    approvers: str
    enforced_at: str
    timeout_seconds: float | None
    on_timeout: str
    """What silence means: deny or allow."""
    ungated_max: str
    shows: tuple[str, ...]
    """What the approver sees."""
    attested: Attested | None
    gaps: Gaps


@dataclass(frozen=True, slots=True)
class RouteCard:
    """Who repairs a part, and who else can if that one is the broken part."""

    id: str
    component: str
    repair_by: tuple[str, ...]
    equivalents: tuple[str, ...]
    human_exit: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A line for a team to sign: what it answers for, and what it attests."""

    team: str
    owns: tuple[str, ...]
    """Agents, systems and credentials in use that it owns, as `KIND:ID`, sorted."""
    attests: tuple[str, ...]
    """Records in use that it attests, as `KIND:ID`, sorted."""
    oldest: date | None
    """Day of its oldest attestation; null: it attests nothing, or without a day."""
