"""Agents: programs that choose their own next action, and what surrounds each of them."""

from typing import Literal

from blastlint.inventory.models.changes import Decision, GuardrailChange
from blastlint.inventory.models.parts import (
    NEEDED,
    AgentRef,
    CalendarRef,
    CapabilityRef,
    CredentialRef,
    Day,
    Dependency,
    DeploymentRef,
    Duration,
    Entity,
    Environment,
    EscalationPolicyRef,
    FallbackRef,
    Id,
    Money,
    Number,
    Part,
    RunbookRef,
    SystemRef,
    Target,
    TeamRef,
    Text,
    TimeZone,
    ToolRef,
    WeekHours,
    Whole,
)
from blastlint.inventory.models.service import (
    Cache,
    Check,
    FailureCounter,
    Link,
    Mitigation,
    Replaces,
    Slo,
    Streaming,
)


class Intake(Part):
    """Where people complain about the agent, and who hears it."""

    channel: Text | None = None
    """Help desk, chat channel, mailbox."""
    routes_to: Target | None = None
    """`rotation:ID` that takes complaints from this channel."""


class Audience(Part):
    """Who uses the agent."""

    kind: Text | None = None
    """Customers, employees, a team."""
    daily_users: Whole | None = None
    """People per day."""
    hours: WeekHours | None = None
    """Hours in which people use it, such as `24x7` or `Mon-Fri 09:00-18:00 Europe/London`."""
    time_zone: TimeZone | None = None
    """IANA zone of these hours, where they do not name one."""
    intake: list[Intake] | None = None
    """Channels on which people complain."""


class Principal(Part):
    """What the agent acts as."""

    kind: Literal["human", "service", "agent"] | None = None
    """Class of actor. An agent that runs as a person or a shared service cannot be told apart."""
    id: Text | None = None
    """Identity, as its platform writes it."""


class Completion(Part):
    """What marks the agent's work as done."""

    signal: Literal["tool_receipt", "state_check", "model_text", "session_end"] | None = None
    """What is believed: a receipt, a read-back, or the model's own words."""
    guard: Text | None = None
    """Check that stops a promise which no call backs."""


class Commitment(Part):
    """A promise the agent may make, and what backs it."""

    promise: Text
    """The promise, in words."""
    tool: ToolRef | None = None
    """Tool that fulfils it."""
    queue: Target | None = None
    """Human queue that fulfils it."""
    within: Duration | None = None
    """Time within which it is promised."""


class Reconciliation(Part):
    """A job that compares what was said with what was done."""

    by: Text | None = None
    """The job."""
    every: Duration | None = None
    """Time between two runs."""
    compares: list[Literal["claims", "receipts", "system_of_record"]] | None = None
    """What it lays side by side."""


class KillSwitch(Part):
    """How the agent is stopped."""

    method: Text | None = None
    """What is done: a flag, a revoked credential, a gateway rule."""
    requires: Text | None = None
    """Entitlement that one needs to do it."""
    out_of_band: bool | None = None
    """True if it works without the agent's own runtime and credentials."""
    depends_on: list[Dependency] | None = None
    """What must be up for it to work: `agent:ID` for a runtime, `credential:ID`, `quota:ID`,
    `system:ID`, `service:NAME`."""
    measured: Duration | None = None
    """Time from the decision to the last call, as measured."""
    tested_at: Day | None = None
    """Day of the last test."""


class Model(Part):
    """The model behind the agent."""

    id: Text | None = None
    """Vendor's name of the model, with its version."""
    pinned: bool | None = None
    """False for an alias that moves."""
    call_cost: Money | None = None
    """What one call of it costs."""


class Capture(Part):
    """What is kept of each run."""

    captures: list[Text] | None = None
    """prompt_version, model_id, sampling, context_snapshot, tool_io, retrieval_index_version."""
    retention: Duration | None = None
    """How long it is kept."""
    requires: Text | None = None
    """Entitlement that one needs to read it; null: everybody who is on call can."""


Axis = Literal["code", "prompt", "model", "retrieval_index", "tool_schema", "feature_flag"]


class RollbackLever(Part):
    """One axis along which the agent can be rolled back."""

    kind: Axis | None = None
    """What is rolled back."""
    requires: Text | None = None
    """Entitlement that one needs to do it."""


class Alert(Part):
    """A measure of the agent that calls somebody when it moves."""

    measure: Text
    """What is measured: refusal_rate, tool_mix, correction_rate, escalation_rate, error_rate."""
    pages: Target | None = None
    """Who is paged."""
    carries: list[Literal["run_id", "trace_link", "last_change", "first_hour_sheet"]] | None = None
    """What stands in the page: a run, its trace, the last change of each axis, the first-hour
    sheet."""


class Schedule(Part):
    """When the agent starts by itself."""

    cron: Text | None = None
    """Five-field cron expression, in the zone beside it."""
    time_zone: TimeZone | None = None
    """IANA zone of the cron expression."""
    max_duration: Duration | None = None
    """Longest run."""
    change_tools: list[ToolRef] | None = None
    """Tools that change things in such a run."""
    skips: list[CalendarRef] | None = None
    """Calendars that the scheduler itself asks: it starts nothing inside their windows."""
    review_within: Duration | None = None
    """Longest time until a person looks at what such a run changed."""


class Metric(Part):
    """A number somebody looks at."""

    name: Text
    """Its name."""
    unit: Literal["task", "step", "attempt"] | None = None
    """What one count is."""
    view: Literal["product", "operations", "finance"] | None = None
    """Whose dashboard it is on."""
    correlation_key: Text | None = None
    """Id that joins it with the other views."""
    attempts_assumed: Number | None = None
    """Attempts per task that a cost figure assumes."""
    attempts_worst: Number | None = None
    """Attempts per task in the worst case, as the cost figure states it."""


class Guarded(Part):
    """Resources that hold guardrails: tests, CI settings, policy, this inventory."""

    system: SystemRef
    """Where they lie."""
    resources: list[Text]
    """What they are called there."""


class Agent(Entity):
    """A program that chooses its own next action."""

    owner: TeamRef | None = NEEDED
    """Team that answers for the agent."""
    lifecycle: Literal["pilot", "production", "deprecated"] | None = None
    """Stage (Backstage `spec.lifecycle`)."""
    pilot_ends: Day | None = None
    """Day on which a pilot is decided."""
    environment: Environment | None = None
    """Where the agent runs."""
    audience: Audience | None = None
    """Who uses it."""
    principal: Principal | None = NEEDED
    """What it acts as."""
    untrusted_inputs: list[Text] | None = None
    """Inputs that outsiders can write (Rule of Two: A)."""
    sensitive_data: list[Text] | None = None
    """Private data and sensitive systems in a session (Rule of Two: B)."""
    ambient: list[CredentialRef] | None = None
    """Credentials present in its runtime that no tool names: environment, files, metadata."""
    completion: Completion | None = None
    """What marks work as done."""
    commitments: list[Commitment] | None = None
    """Promises it may make."""
    reconciliation: Reconciliation | None = None
    """What compares its promises with what was done."""
    escalation: EscalationPolicyRef | None = NEEDED
    """Who is paged when it goes wrong."""
    runbook: RunbookRef | None = None
    """What the person paged opens."""
    kill_switch: KillSwitch | None = None
    """How it is stopped."""
    model: Model | None = None
    """The model behind it."""
    evidence: Capture | None = None
    """What is kept of each run."""
    axes: list[Axis] | None = None
    """Axes along which it changes after launch. Every agent has code, prompt and model."""
    rollback_levers: list[RollbackLever] | None = None
    """Axes along which it can be rolled back."""
    schedule: Schedule | None = None
    """When it starts by itself."""
    fallbacks: list[FallbackRef] | None = None
    """What takes over when it fails."""
    capabilities: list[CapabilityRef] | None = None
    """Abilities switched by flags."""
    deployment: DeploymentRef | None = None
    """What was released and what runs."""
    mitigations: dict[Id, Mitigation] | None = None
    """Fixes that it relies on, by id."""
    checks: dict[Id, Check] | None = None
    """Checks that are said to guard its tools, by id."""
    failure_counter: FailureCounter | None = None
    """What it counts of its own failures."""
    links: list[Link] | None = None
    """Transports that its payloads take, those to other agents among them."""
    cache: Cache | None = None
    """A cache that it leans on."""
    slo: Slo | None = None
    """What is promised to its users."""
    replaces: Replaces | None = None
    """What it takes over from."""
    streaming: Streaming | None = None
    """How answers are streamed."""
    metrics: list[Metric] | None = None
    """Numbers people look at."""
    delegates_to: list[AgentRef] | None = None
    """Agents it can hand work to."""
    decisions: dict[Id, Decision] | None = None
    """Decisions that it takes by itself when it is sure enough, by id."""
    guardrail_changes: dict[Id, GuardrailChange] | None = None
    """Classes of change by which it takes checks, tests or alerts out of force, by id."""
    guards: list[Guarded] | None = None
    """Resources that gate this agent and that it must not be able to write."""
    monitors: list[Text] | None = None
    """What is watched: retrieval_freshness, model_version, tool_schema, refusal_rate."""
    alerts: list[Alert] | None = None
    """What of it calls somebody; `[]` claims that nothing does."""
    escalates_to: list[Target] | None = None
    """Where the agent itself writes that it cannot go on; `agent:ID` for a log or memory that an
    agent keeps."""
    status_from: Target | None = None
    """What tells people whether it is up: `service:NAME`, or `agent:ID` if an agent posts it."""
