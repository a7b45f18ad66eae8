"""Time, load and change: calendars, quotas, retries, fallbacks, capabilities and deployments."""

from typing import Literal

from blastlint.inventory.models.parts import (
    CapabilityRef,
    Clock,
    Consumer,
    CredentialRef,
    Day,
    Duration,
    Entity,
    Hours,
    Id,
    LocalTime,
    Named,
    Need,
    Number,
    Part,
    RetryProfileRef,
    RunbookRef,
    Share,
    Shared,
    SystemRef,
    Target,
    Text,
    TimeZone,
    ToolRef,
    Whole,
)


class Window(Part):
    """A stretch of time, in the calendar's zone."""

    start: LocalTime | None = None
    """Start, local; of a repetition, the first one's."""
    end: LocalTime | None = None
    """End, local."""
    rrule: Text | None = None
    """Repetition (RFC 5545), such as `FREQ=MONTHLY;BYMONTHDAY=-1`; local, from midnight if neither
    `start` nor BYHOUR says otherwise."""
    duration: Duration | None = None
    """Length of each repetition."""


class Calendar(Entity):
    """When changes are not welcome (ITIL: change window, freeze)."""

    kind: Literal["freeze", "maintenance", "blackout", "business_hours"] | None = None
    """What the windows mean."""
    source: Text | None = None
    """Where it is kept."""
    refreshed_at: Day | None = None
    """Day of the last copy."""
    time_zone: TimeZone | None = None
    """IANA zone of the windows."""
    enforcement: Literal["tool_gate", "admission", "prompt", "document", "convention"] | None = None
    """What stops a change; prompts, documents and conventions stop nothing."""
    on_unknown: Literal["deny", "allow"] | None = None
    """What happens when the calendar cannot be read."""
    windows: list[Window] | None = None
    """The windows."""


class QuotaWindow(Part):
    """When a quota starts again (IETF RateLimit header draft)."""

    type: Literal["rolling", "fixed_calendar", "since_first_use"] | None = None
    """How the window runs."""
    period: Literal["minute", "hour", "day", "week", "month"] | None = None
    """Its length."""
    reset_time: Clock | None = None
    """Local time of the reset, `HH:MM`."""
    time_zone: TimeZone | None = None
    """IANA zone of the reset."""


class Demand(Named):
    """What one group of users draws."""

    time_zone: TimeZone | None = None
    """Where they are."""
    hours: Hours | None = None
    """Their local working hours, `09:00-18:00`; null: they draw evenly, all day."""
    daily: Number | None = None
    """Units on the busiest day."""
    core_share: Share | None = None
    """Share of it inside those hours."""
    load: Literal["interactive", "batch"] | None = None
    """Whether a person waits for the answer."""
    reserved: Number | None = None
    """Units of each window that nobody else can draw; null: none."""


class Quota(Entity):
    """A limit that runs out."""

    provider: Text | None = None
    """Who sets it."""
    limit: Number | None = None
    """Units per window."""
    unit: Text | None = None
    """What is counted: tokens, requests."""
    window: QuotaWindow | None = None
    """When it starts again; weeks start on Monday, months on the first."""
    partition: Text | None = None
    """What shares it."""
    consumers: list[Consumer] | None = None
    """Who draws on it: `agent:ID` for its model calls, `tool:ID`, `team:ID`,
    `service:NAME`."""
    retry: RetryProfileRef | None = None
    """Layers that repeat a call which it refuses."""
    demand: dict[Id, Demand] | None = None
    """What is drawn, by region or group."""
    alert_at: Share | None = None
    """Level that alerts, 0 to 1."""
    on_exhaustion: Text | None = None
    """What happens at the limit."""


Layer = Literal[
    "transport", "sdk", "tool_wrapper", "framework", "workflow", "queue", "planner", "user"
]


class RetryLayer(Part):
    """One layer that repeats a call (Temporal, gRPC and SQS names)."""

    layer: Layer
    """Which one."""
    max_attempts: Whole | Literal["unlimited"] | None = None
    """Attempts, the first one included; 0 and `unlimited` mean no end."""
    initial_interval: Duration | None = None
    """Wait before the second attempt."""
    backoff_coefficient: Number | None = None
    """Factor from one wait to the next."""
    maximum_interval: Duration | None = None
    """Longest wait."""
    jitter: bool | None = None
    """True if waits are spread."""
    total_timeout: Duration | None = None
    """End of all attempts of this layer."""
    retry_on: list[Text] | None = None
    """What is repeated: status codes, `connection`, `all`."""
    visibility_timeout: Duration | None = None
    """For a queue: when an unfinished message is handed out again."""
    heartbeat: bool | None = None
    """For a queue: true if the worker extends the visibility timeout."""
    attempt_metric: bool | None = None
    """True if each attempt is counted where people see it."""
    product: (
        Literal[
            "anthropic-python",
            "aws-sdk",
            "boto3-legacy",
            "celery",
            "grpc",
            "http-client",
            "kubernetes-job",
            "langgraph",
            "mcp-client",
            "openai-python",
            "slack-events",
            "sqs",
            "step-functions",
            "stripe-python",
            "temporal",
            "tenacity",
        ]
        | None
    ) = None
    """Product that repeats: what is not stated here is assumed to be its default."""
    attempt_timeout: Duration | None = None
    """How long it waits for one attempt of what is inside it (Temporal `startToClose`)."""
    moves_to: Literal["nowhere", "instance", "region"] | None = None
    """How far from the last attempt the next may run: same process, other instance or region."""


class RetryProfile(Entity):
    """Every layer that repeats a call, inner to outer."""

    layers: list[RetryLayer] | None = None
    """Layers, the innermost first."""
    retry_budget: Share | None = None
    """Most extra calls that retries may add, as a share of all calls (0.1 is 10 %)."""


class Fallback(Entity):
    """What takes over."""

    trigger: Text | None = None
    """What starts it."""
    target: Text | None = None
    """What takes over."""
    sunset: Day | None = None
    """Day on which the target ends."""
    shares: list[Shared] | None = None
    """What it and the replaced share: `quota:ID`, `credential:ID`, `system:ID`, `region:NAME`,
    `provider:NAME`; `[]` claims nothing."""
    output_schema_digest: Text | None = None
    """Digest of its output schema."""
    primary_schema_digest: Text | None = None
    """Digest of the primary's."""
    prompt_digest: Text | None = None
    """Digest of its prompt; null: it has none."""
    primary_prompt_digest: Text | None = None
    """Digest of the primary's prompt; null: it has none."""
    failure_domain: Text | None = None
    """What the target fails together with, in the words of a system's `failure_domain`."""
    credentials: list[CredentialRef] | None = None
    """Credentials that it acts with; absent means those of the primary."""
    skips: list[Text] | None = None
    """Gates, sandboxes and checks of the primary that it leaves out; `[]` claims none."""
    last_exercised: Day | None = None
    """Day of its last real run."""
    monitored: bool | None = None
    """True if entering it alerts."""
    tested_capacity: Share | None = None
    """Share of the peak it was tested with."""
    returns_when: Text | None = None
    """When the primary takes over again."""
    takes_over: list[ToolRef] | None = None
    """Tools whose calls it makes again, in another way."""
    reconciles_first: bool | None = None
    """True if it asks what became of a call before it makes the call again."""


class FirstLiveRun(Part):
    """The supervised first run."""

    observer: Target | None = None
    """Who watches."""
    window: Text | None = None
    """When."""
    abort_when: Text | None = None
    """What stops it."""


class Capability(Entity):
    """An ability that a flag switches."""

    enabled: bool | None = None
    """True if the flag is on."""
    live_runs: Whole | None = None
    """Real runs so far."""
    last_live_run: Day | None = None
    """Day of the last one."""
    first_live_run: FirstLiveRun | None = None
    """How the first one is supervised."""
    relied_on_for: list[Literal["recovery", "rollback", "launch"]] | None = None
    """What counts on it."""
    system: SystemRef | None = None
    """System it acts on."""
    credential: CredentialRef | None = None
    """Identity it acts with."""
    requires: list[Need] | None = None
    """What it needs to be allowed to do."""


class StalenessAlert(Part):
    """The alarm for a step that waits for a person."""

    after: Duration | None = None
    """Waiting time."""
    pages: Target | None = None
    """Who is paged."""


class Canary(Part):
    """The first few."""

    members: Whole | None = None
    """How many."""
    abort_when: Text | None = None
    """What stops the rollout."""


class Deployment(Entity):
    """What was released and what runs."""

    released: Text | None = None
    """Latest version released."""
    released_at: Day | None = None
    """Day of that release."""
    running: Text | None = None
    """Version that runs."""
    observed_at: Day | None = None
    """Day on which that was seen."""
    promotion: Literal["auto", "human"] | None = None
    """What moves a release into place."""
    rolled_out_by: CapabilityRef | None = None
    """Capability of an agent that moves it; null: none."""
    out_of_band: RunbookRef | None = None
    """Runbook by which people install a release without that capability; null: there is none."""
    staleness_alert: StalenessAlert | None = None
    """Alarm for a release that is not promoted; null: none."""
    health_carries_version: bool | None = None
    """True if health signals name the running version."""
    canary: Canary | None = None
    """The first few."""
