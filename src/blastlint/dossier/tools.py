"""What is known of a tool on its worst day: its undoing, its repeats, its gate, its clocks."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class Undo:
    """Whether a call can be undone, until when, and by whom."""

    class_: str
    """read_only, reversible, compensable or irreversible."""
    outcome: str
    """The worst class of what a call sets off, elsewhere included; empty: not stated."""
    window_seconds: float | None
    """How long it can be undone, from the call on."""
    method: str
    """How, as it is written down."""
    by: str
    """What undoes it: `tool ID`, `runbook ID`, `a person`; empty: nothing is named."""
    executable: bool | None
    """Whether that can be done; null: not stated, or there is nothing to judge."""
    why: str
    """The reason, in words; may be empty."""
    access: Access | None
    """Who may undo it by hand; null: not stated."""
    note: str
    """What else is to be said."""


@dataclass(frozen=True, slots=True)
class Gated:
    """The human gate of a tool, and what it is worth."""

    id: str
    """The gate; empty: none, or not stated."""
    worth: str
    """full: a person says yes to every call. partial: to some. none. Empty: not stated."""
    why: str
    """The reason, in words."""
    ungated_max: str
    """Largest amount of one call that passes a partial gate, with its currency."""


@dataclass(frozen=True, slots=True)
class Idempotency:
    """What a repeated call does."""

    strategy: str
    """none, natural, conditional, key, dedupe_store or lookup_first."""
    field: str
    """Header or argument that carries the key."""
    source: str
    """Where the key is made."""
    template: str
    """Parts of the key."""
    window_seconds: float | None
    """How long a key is remembered."""
    on_mismatch: str
    """What a reused key with another payload does: error, ignore, unknown."""
    tested_at: date | None
    """Day on which the same call was sent twice and one effect was seen."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What retries do to one intent."""

    layers: str
    """Where the attempts come from: `sdk 3 x framework 3`; may be empty."""
    protection: str
    """What a repeat meets: none, natural, conditional or key; empty: not stated."""
    unbounded: tuple[str, ...]
    """Layers that nothing ends."""
    undeclared: tuple[str, ...]
    """Layers that every agent has and that nobody declared."""
    worst_seconds: float | None
    """Worst time until the outermost layer gives up; null: not stated, or unbounded."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of an effect, from the system that holds it."""

    field: str
    """Field of the answer that identifies the effect."""
    system_of_record: str
    """System that can confirm it."""
    verify_with: str
    """Read tool that confirms it."""
    verify_within_seconds: float | None
    """Deadline of the confirmation."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One length of time that must be longer than another."""

    name: str
    """The one that must be longer, in words."""
    has_seconds: float | None
    """How long it lasts; null: not stated."""
    against: str
    """What it must outlast, in words."""
    needs_seconds: float | None
    """How long that takes; null: not stated."""
    holds: bool | None
    """Whether it is long enough, as the rule judges that compares them; null: a length is not
    stated."""


@dataclass(frozen=True, slots=True)
class Worst:
    """What one agent does with the tool before somebody stops it."""

    agent: str
    """Id of the agent."""
    lasts_seconds: float | None
    """Detection, paging, acknowledgement, kill switch; null: not stated."""
    calls: int | None
    """Calls in that time at the highest rate; null: not stated, or nothing caps them."""
    ungated: int | None
    """Those of them that no person sees; null as above."""
    money: float | None
    """Largest sum of the ungated calls; null: not stated, or the tool moves no money."""
    currency: str
    """Currency of that sum; empty without one."""


@dataclass(frozen=True, slots=True)
class ToolCard:
    """What is known of one tool beyond its row; they share their id."""

    id: str
    """Its id, as the inventory writes it."""
    enabled: bool
    """False while a flag keeps it off."""
    tier_why: tuple[str, ...]
    """What makes its tier, in words, the worst first."""
    open_ended: str
    """What it takes without limit: shell, code, sql, http, file_read, none."""
    max_rate: float | None
    """Cap on calls a second, at the tool layer."""
    max_amount: str
    """Cap on money of one call, with its currency."""
    undo: Undo | None
    """Whether it can be undone; null: not stated."""
    gate: Gated
    """Its human gate."""
    idempotency: Idempotency | None
    """What a repeated call does; null: not stated."""
    repeats: Repeats
    """How often one intent is called, and what a repeat meets."""
    on_ambiguous: str
    """What is done when the outcome is unknown."""
    on_denied: str
    """What is done when the platform refuses."""
    result_means: str
    """What a success answer means: completed or accepted."""
    receipt: Receipt | None
    """Proof of the effect; null: there is none, or it is not stated."""
    provenance: str
    """Where the run id lands in the store."""
    preflight: tuple[str, ...]
    """What is looked at before a call."""
    clocks: tuple[Clock, ...]
    """Lengths of time that must outlast others; of writes alone."""
    worst: tuple[Worst, ...]
    """What each agent does with it before it is stopped; of writes alone, 20 agents at most."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""
