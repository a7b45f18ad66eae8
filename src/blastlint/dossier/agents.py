"""What is known of an agent: how it is stopped, who hears of it, and what changed."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.dossier.common import Access, Attested, Gaps  # noqa: TC001 - as above
from blastlint.dossier.tools import Clock  # noqa: TC001 - as above
from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class KillSwitch:
    """How the agent is stopped."""

    method: str
    """What is done, as it is written down."""
    access: Access | None
    """Who may throw it; null: not stated."""
    out_of_band: bool | None
    """Whether it works without the agent's own runtime and credentials."""
    depends_on: tuple[str, ...]
    """What must be up for it to work."""
    measured_seconds: float | None
    """Time from the decision to the last call, as measured."""
    tested_at: date | None
    """Day of the last test."""
    not_covered: tuple[str, ...]
    """What the inventory does not say it stops, in words: queued work, delegated agents, calls in
    flight."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an escalation path."""

    targets: tuple[str, ...]
    """Who is paged, as `KIND:NAME`."""
    after_seconds: float | None
    """Time from the first page until these are paged; null: a delay before it is not stated."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is paged for the agent, in order."""

    policy: str
    """Id of the policy."""
    levels: tuple[Level, ...]
    """Levels, first to last, those of nested policies in their place."""
    loops: int | None
    """How often the levels repeat."""
    ack_method: str
    """How a page is taken: pager, message, emoji, channel."""
    ack_identity: str
    """Who may take it: human or any."""
    subscribers: tuple[str, ...]
    """Channels and bots that see the page; seeing it is not taking it."""
    ends_with_people: bool | None
    """Whether the last level reaches people; null: not stated."""


@dataclass(frozen=True, slots=True)
class Response:
    """From the first bad call to the last one."""

    rotation: str
    """Rotation that is paged first; empty: nobody, or not stated."""
    detection_seconds: float
    """From the first bad call to its detection, by policy."""
    paged_seconds: float | None
    """From the detection to the page."""
    acknowledged_seconds: float | None
    """From the page to its acknowledgement."""
    stopped_seconds: float | None
    """From the decision to the last call, as measured."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One axis along which the agent can be rolled back."""

    axis: str
    """What is rolled back: code, prompt, model, …"""
    access: Access | None
    """Who may pull it; null: not stated."""


@dataclass(frozen=True, slots=True)
class Release:
    """What was released and what runs."""

    deployment: str
    """Id of the deployment."""
    released: str
    """Latest version released."""
    released_at: date | None
    """Day of that release."""
    running: str
    """Version that runs."""
    observed_at: date | None
    """Day on which the running version was seen."""
    state: str
    """How what runs relates to the release: same, behind, ahead, other; empty: not stated."""
    promotion: str
    """auto or human."""
    out_of_band: str
    """Runbook by which people install a release by hand."""
    stale_after_seconds: float | None
    """Waiting time of a release after which somebody is paged."""
    stale_pages: str
    """Who is paged then."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A mitigation that the agent relies on."""

    id: str
    """Its id, as the inventory writes it."""
    kind: str
    """systemic or defensive."""
    since: str
    """First version that carries it."""
    incident: str
    """Incident that it answers."""
    in_force: bool | None
    """Whether what runs carries it; null: not stated, or the versions do not compare."""


@dataclass(frozen=True, slots=True)
class Ability:
    """An ability that a flag switches."""

    id: str
    """Its id, as the inventory writes it."""
    enabled: bool | None
    """Whether its flag is on; null: not stated."""
    live_runs: int | None
    """Real runs so far; null: not stated."""
    last_live_run: date | None
    """Day of the last one."""


@dataclass(frozen=True, slots=True)
class TakesOver:
    """What takes over when the agent's own way fails."""

    id: str
    """Its id, as the inventory writes it."""
    trigger: str
    """What starts it."""
    target: str
    """What takes over."""
    monitored: bool | None
    """Whether entering it alerts; null: not stated."""
    last_exercised: date | None
    """Day of its last real run."""
    sunset: date | None
    """Day on which the target ends."""
    shares: tuple[str, ...]
    """What it and the replaced share, as `KIND:NAME`."""
    skips: tuple[str, ...]
    """Gates and checks that it leaves out."""


@dataclass(frozen=True, slots=True)
class Meets:
    """A calendar that planned runs of the agent must heed."""

    calendar: str
    """Id of the calendar."""
    skipped: bool
    """Whether the scheduler asks it and starts nothing inside its windows."""
    inside: int | None
    """Planned starts inside a window, up to the horizon; null: not stated."""
    first: int | None
    """The first of them, in seconds since 1970 in UTC."""
    last: int | None
    """The last of them."""
    crossing: int | None
    """Planned starts whose run may last into a window."""


@dataclass(frozen=True, slots=True)
class Planned:
    """When the agent starts by itself."""

    cron: str
    """Five-field cron expression."""
    time_zone: str
    """IANA zone of the cron expression."""
    max_duration_seconds: float | None
    """Longest run."""
    change_tools: tuple[str, ...]
    """Tools that change things in such a run."""
    review_within_seconds: float | None
    """Longest time until a person looks at what a run changed."""
    meets: tuple[Meets, ...]
    """Calendars that the runs must heed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of each run."""

    captures: tuple[str, ...]
    """What is kept: prompt_version, model_id, context_snapshot, …"""
    retention_seconds: float | None
    """How long it is kept."""
    access: Access | None
    """Who may read it; null: not stated."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A measure that calls somebody when it moves."""

    measure: str
    """What is measured."""
    pages: str
    """Who is paged, as `KIND:NAME`."""
    carries: tuple[str, ...]
    """What stands in the page."""


@dataclass(frozen=True, slots=True)
class Complaints:
    """Where people complain, and who hears it."""

    channel: str
    """Help desk, chat channel, mailbox."""
    routes_to: str
    """Who hears it, as `KIND:NAME`."""


@dataclass(frozen=True, slots=True)
class AgentCard:
    """What is known of one agent beyond its answer; they share their id."""

    id: str
    """Its id, as the inventory writes it."""
    owner: str
    """Team that answers for it; empty: not stated."""
    lifecycle: str
    """pilot, production or deprecated."""
    environment: str
    """Which environment it belongs to."""
    principal: str
    """What it acts as."""
    tier_why: tuple[str, ...]
    """What makes its tier, in words, the worst first."""
    live: bool
    """Whether people rely on it."""
    credentials: tuple[str, ...]
    """Credentials in its hands, by a tool or in its runtime, sorted."""
    delegates_to: tuple[str, ...]
    """Agents that it can hand work to."""
    response: Response
    """Who is paged first, and the times until it is stopped."""
    escalation: Escalation | None
    """Who is paged; null: not stated."""
    runbook: str
    """What the person paged opens."""
    kill_switch: KillSwitch | None
    """How it is stopped; null: there is none, or it is not stated."""
    model: str
    """Vendor's name of its model."""
    model_pinned: bool | None
    """False for an alias that moves; null: not stated."""
    axes: tuple[str, ...]
    """Axes along which it changes after launch."""
    levers: tuple[Lever, ...]
    """Axes along which it can be rolled back."""
    release: Release | None
    """What was released and what runs; null: not stated."""
    fixes: tuple[Fix, ...]
    """Mitigations that it relies on, by id."""
    abilities: tuple[Ability, ...]
    """Abilities that flags switch."""
    fallbacks: tuple[TakesOver, ...]
    """What takes over when it fails."""
    schedule: Planned | None
    """When it starts by itself; null: not stated, or never."""
    clocks: tuple[Clock, ...]
    """Its own lengths of time that must outlast others: of streams, retry layers and quotas."""
    kept: Kept | None
    """What is kept of each run; null: not stated."""
    alarms: tuple[Alarm, ...]
    """Measures of it that call somebody."""
    complaints: tuple[Complaints, ...]
    """Where people complain about it."""
    attested: Attested | None
    """Who says that this is true; null: nobody does."""
    gaps: Gaps
    """What it leaves open."""
