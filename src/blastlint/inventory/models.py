"""What people write: every entity of an inventory and every field of it, with its meaning.

These models are the one source of the published JSON Schema, of the types the rest of blastlint
is checked against, and of what the condition language knows. A check reads through the schema
made from them and never pays for building them.

Only what is needed to name a thing is required. Every other cell has three states: a value,
`{unknown: true, owner: …, resolve_by: …}`, or nothing at all. `null` is a value too: the claim
that there is none.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from blastlint.inventory import scalars

# --- scalar types -------------------------------------------------------------------------------


def _text(value: object) -> object:
    """Accept a number where text is asked: `0.36` written bare is still a version."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _whole(value: object) -> object:
    """Accept `3.0` as 3, as JSON Schema does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _extra(**keywords: Any) -> Any:  # noqa: ANN401 -- pydantic takes any JSON value here
    return Field(json_schema_extra=keywords)


Id = Annotated[str, Field(pattern=scalars.ID_PATTERN)]
Text = Annotated[str, BeforeValidator(_text), Field(max_length=4096), _extra(type=["string", "number"])]
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=10**15)]
Number = Annotated[float, Field(ge=-1e15, le=1e15)]
Share = Annotated[float, Field(ge=0, le=1)]
Duration = Annotated[
    timedelta, BeforeValidator(scalars.parse_duration),
    _extra(type="string", pattern=scalars.DURATION_PATTERN, **{"x-type": "duration"}),
]
Day = Annotated[
    date, BeforeValidator(scalars.parse_day),
    _extra(type="string", pattern=scalars.DAY_PATTERN, **{"x-type": "day"}),
]
LocalTime = Annotated[
    datetime, BeforeValidator(scalars.parse_local_time),
    _extra(type="string", pattern=scalars.LOCAL_TIME_PATTERN, **{"x-type": "local-time"}),
]
Rate = Annotated[
    float, BeforeValidator(scalars.parse_rate),
    _extra(type="string", pattern=scalars.RATE_PATTERN, **{"x-type": "rate"}),
]
TimeZone = Annotated[str, Field(pattern=scalars.TIME_ZONE_PATTERN), _extra(**{"x-type": "time-zone"})]
Target = Annotated[str, Field(pattern=scalars.TARGET_PATTERN), _extra(**{"x-type": "target"})]

AgentRef = Annotated[Id, _extra(**{"x-ref": "agents"})]
AuditLogRef = Annotated[Id, _extra(**{"x-ref": "audit_logs"})]
CalendarRef = Annotated[Id, _extra(**{"x-ref": "calendars"})]
CapabilityRef = Annotated[Id, _extra(**{"x-ref": "capabilities"})]
CredentialRef = Annotated[Id, _extra(**{"x-ref": "credentials"})]
DeploymentRef = Annotated[Id, _extra(**{"x-ref": "deployments"})]
EscalationPolicyRef = Annotated[Id, _extra(**{"x-ref": "escalation_policies"})]
FallbackRef = Annotated[Id, _extra(**{"x-ref": "fallbacks"})]
GateRef = Annotated[Id, _extra(**{"x-ref": "approval_gates", "x-none": "none"})]
RetryProfileRef = Annotated[Id, _extra(**{"x-ref": "retry_profiles"})]
RotationRef = Annotated[Id, _extra(**{"x-ref": "rotations"})]
RunbookRef = Annotated[Id, _extra(**{"x-ref": "runbooks"})]
SystemRef = Annotated[Id, _extra(**{"x-ref": "systems"})]
TeamRef = Annotated[Id, _extra(**{"x-ref": "teams"})]
ToolRef = Annotated[Id, _extra(**{"x-ref": "tools"})]

Effect = Literal["read", "append", "mutate", "destroy", "spend", "notify", "execute", "grant"]
Environment = Literal["production", "staging", "development", "test"]

NEEDED: Any = Field(default=None, json_schema_extra={"x-needed": True})
"""A cell that a launch cannot do without: its absence is one finding of its own."""


class Part(BaseModel):
    """A group of fields inside an entity."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _set_unknowns_aside(cls, value: Any) -> Any:  # noqa: ANN401 -- raw input
        """Read a cell `{unknown: true, …}` as not stated, once it is well formed itself."""
        if not isinstance(value, dict) or cls is Unknown:
            return value
        optional = {name for name, field in cls.model_fields.items() if not field.is_required()}
        unknown = {k for k, v in value.items() if k in optional and isinstance(v, dict) and "unknown" in v}
        for key in unknown:
            Unknown.model_validate(value[key])
        return {k: v for k, v in value.items() if k not in unknown}


class Unknown(Part):
    """A cell whose value nobody knows yet, who finds it out, and by when."""

    unknown: Literal[True]
    """Always true."""
    owner: Text | None = None
    """Team that finds it out."""
    resolve_by: Day | None = None
    """Day by which it is known."""


class Attestation(Part):
    """Who says that the facts of an entity are true, and when."""

    by: Text | None = None
    """Team that attests: the owner of the thing, not of the agent."""
    at: Day | None = None
    """Day of the attestation."""
    evidence: Text | None = None
    """Where the proof lies: a link, a ticket, a file."""


class Entity(Part):
    """A thing that an inventory names: a map entry whose key is its id."""

    attestation: Attestation | None = None
    """Who says that these facts are true, and when."""


class Money(Part):
    """An amount of money."""

    value: Number
    """The amount, in units of the currency."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO 4217 code."""


class Need(Part):
    """What a call needs to be allowed to do (names after RFC 9396 and Kubernetes RBAC)."""

    resources: list[Text] | None = None
    """Resources, as the platform writes them (`refunds`, `apps/deployments`)."""
    actions: list[Text] | None = None
    """Actions, literally as the platform writes them: `patch` is not `update`."""
    scope: Text | None = None
    """Namespace, repository or schema that the need is limited to; absent means anywhere."""
    basis: Literal["doc", "code", "dry_run", "live_run"] | None = None
    """How it is known: read in a document, read in code, a dry run, a live run."""


class Access(Part):
    """Actions on resources of one system."""

    system: SystemRef
    """System that is opened."""
    resources: list[Text] | None = None
    """Resources, as the platform writes them; `*` means all of them."""
    actions: list[Text] | None = None
    """Actions, as the platform writes them; `*` means all of them."""
    scope: Text | None = None
    """Namespace, repository or schema that the access is limited to; absent means all."""


class Grant(Access):
    """What a credential is declared to open."""

    condition: Text | None = None
    """Condition under which the platform allows it."""


class AlsoReaches(Access):
    """A reach beyond the tools' needs that its owner knows of and accepts."""

    reason: Text | None = None
    """Why the credential opens it."""


class Derivation(Part):
    """Another principal that the holder of a credential can become."""

    to: Text
    """The principal, as its platform writes it."""
    via: Text | None = None
    """How: `secrets get`, `assume role`, `impersonate`, …"""


# --- agents -------------------------------------------------------------------------------------


class Intake(Part):
    """Where people complain about the agent, and who hears it."""

    channel: Text | None = None
    """Help desk, chat channel, mailbox."""
    routes_to: Target | None = None
    """`rotation:ID` that takes complaints from this channel."""


class Audience(Part):
    """Who uses the agent."""

    kind: Text | None = None
    """customers, employees, a team, …"""
    daily_users: Whole | None = None
    """People per day."""
    hours: Text | None = None
    """Hours in which people use it, such as `24x7` or `Mon-Fri 09:00-18:00 Europe/London`."""
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


class KillSwitch(Part):
    """How the agent is stopped."""

    method: Text | None = None
    """What is done: a flag, a revoked credential, a gateway rule."""
    requires: Text | None = None
    """Entitlement that one needs to do it."""
    out_of_band: bool | None = None
    """True if it works without the agent's own runtime and credentials."""
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


class Capture(Part):
    """What is kept of each run."""

    captures: list[Text] | None = None
    """prompt_version, model_id, sampling, context_snapshot, tool_io, retrieval_index_version."""
    retention: Duration | None = None
    """How long it is kept."""


class RollbackLever(Part):
    """One axis along which the agent can be rolled back."""

    kind: Literal["code", "prompt", "model", "retrieval_index", "tool_schema", "feature_flag"] | None = None
    """What is rolled back."""
    requires: Text | None = None
    """Entitlement that one needs to do it."""


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


class MitigationLimit(Part):
    """The bound that a mitigation moves."""

    transport_max_bytes: Whole | None = None
    """Largest payload that the transport takes, in bytes."""
    largest_payload_bytes: Whole | None = None
    """Largest payload seen or expected, in bytes."""


class Mitigation(Part):
    """A fix that must be running to count."""

    kind: Literal["systemic", "defensive"] | None = None
    """Removes the cause, or limits the damage."""
    since: Text | None = None
    """First version that carries it."""
    limit: MitigationLimit | None = None
    """The bound it moves."""


class Slo(Part):
    """Service level objective (OpenSLO: target, timeWindow, indicator)."""

    target: Share | None = None
    """Share of good events, 0 to 1."""
    window: Duration | None = None
    """Time window."""
    unit: Literal["task", "step", "attempt"] | None = None
    """What one event is."""
    indicator: Text | None = None
    """What is measured."""
    latency: Duration | None = None
    """Promised latency."""
    quality_sli: Text | None = None
    """Indicator for wrong answers."""
    hard_dependencies: dict[Id, Share] | None = None
    """Dependency to its availability, 0 to 1."""


class Replaces(Part):
    """What the agent takes over from."""

    system: Text | None = None
    """The predecessor."""
    slo: Slo | None = None
    """What its users are used to."""
    status: Literal["running", "read_only", "decommissioned"] | None = None
    """Whether one can go back to it."""


class Hop(Part):
    """A proxy or balancer between the agent and its user."""

    name: Text
    """Its name."""
    idle_timeout: Duration | None = None
    """Cut after this much silence."""
    total_timeout: Duration | None = None
    """Cut after this long."""
    buffering: bool | None = None
    """True if it waits for the whole answer."""


class Streaming(Part):
    """How answers are streamed."""

    enabled: bool | None = None
    """True if answers are streamed."""
    p99_duration: Duration | None = None
    """99th percentile of the length of a stream."""
    longest_gap: Duration | None = None
    """Longest silence between two tokens."""
    on_client_abort: Literal["finish", "cancel", "cancel_before_write", "compensate"] | None = None
    """What happens to writes when the user leaves."""
    drain: Duration | None = None
    """Grace given to open streams on a deploy."""
    scaling_signal: Text | None = None
    """What the autoscaler looks at."""
    hops: list[Hop] | None = None
    """Proxies on the way."""
    histogram_max: Duration | None = None
    """Top bucket of the duration histogram."""


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


class Guarded(Part):
    """Resources that hold the agent's own guardrails: tests, CI settings, policy, this inventory."""

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
    """Credentials present in its runtime that no tool names: environment, files, metadata service."""
    completion: Completion | None = None
    """What marks work as done."""
    commitments: list[Commitment] | None = None
    """Promises it may make."""
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
    guards: list[Guarded] | None = None
    """Resources that gate this agent and that it must not be able to write."""
    monitors: list[Text] | None = None
    """retrieval_freshness, model_version, tool_schema, refusal_rate, …"""


# --- tools --------------------------------------------------------------------------------------


class Reversibility(Part):
    """Whether a call can be undone (OWASP AISVS 9.2.3; *compensable* is the saga word)."""

    class_: Annotated[
        Literal["read_only", "reversible", "compensable", "irreversible"] | None, Field(alias="class")
    ] = None
    """read_only, reversible, compensable or irreversible."""
    window: Duration | None = None
    """How long it can be undone."""
    method: Text | None = None
    """How."""
    compensated_by: ToolRef | None = None
    """Tool that undoes it."""
    runbook: RunbookRef | None = None
    """Runbook that undoes it, where no tool does."""
    requires: Text | None = None
    """Entitlement that a person needs to undo it."""
    note: Text | None = None
    """In words."""


class IdempotencyKey(Part):
    """The key that makes a repeat harmless (IETF Idempotency-Key draft)."""

    field: Text | None = None
    """Header or argument that carries the key."""
    source: (
        Literal[
            "business_key", "orchestrator_step", "content_hash", "sdk_auto", "tool_call_id",
            "random_per_attempt", "timestamp", "model_generated",
        ]
        | None
    ) = None
    """Where the key is made."""
    template: Text | None = None
    """Parts of the key, such as `refund:{charge_id}:{case_id}`."""
    minted_at: (
        Literal["transport", "sdk", "tool_wrapper", "framework", "workflow", "queue", "planner", "user"] | None
    ) = None
    """Retry layer each of whose attempts makes a fresh key (for `orchestrator_step`)."""
    deterministic: bool | None = None
    """For `content_hash`: true if no hashed argument is free text of the model."""


class Idempotency(Part):
    """What a repeated call does."""

    strategy: Literal["none", "natural", "conditional", "key", "dedupe_store", "lookup_first"] | None = None
    """natural: repeating sets the same state. conditional: a precondition refuses the repeat."""
    key: IdempotencyKey | None = None
    """The key, for `key` and `dedupe_store`."""
    window: Duration | None = None
    """How long a key is remembered."""
    scope: Literal["process", "instance", "region", "endpoint", "provider_account", "global"] | None = None
    """How far a key is remembered."""
    on_mismatch: Literal["error", "ignore", "unknown"] | None = None
    """What a reused key with another payload does."""
    precondition: Text | None = None
    """For `conditional`: If-Match, resourceVersion, head sha."""
    tested_at: Day | None = None
    """Day on which the same call was sent twice and one effect was seen."""


class Confirmation(Part):
    """How an accepted call is known to be completed."""

    via: Text | None = None
    """Webhook, poll, …"""
    within: Duration | None = None
    """Deadline."""


class Receipt(Part):
    """Proof of an effect, from the system that holds it."""

    field: Text | None = None
    """Field of the answer that identifies the effect."""
    system_of_record: SystemRef | None = None
    """System that can confirm it."""
    verify_with: ToolRef | None = None
    """Read tool that confirms it."""
    verify_within: Duration | None = None
    """Deadline of the confirmation."""


class Annotations(Part):
    """Hints of the Model Context Protocol, as imported; never evidence."""

    title: Text | None = None
    """Name for people."""
    readOnlyHint: bool | None = None  # noqa: N815 -- the protocol's spelling
    """Absent means false."""
    destructiveHint: bool | None = None  # noqa: N815 -- the protocol's spelling
    """Absent means true."""
    idempotentHint: bool | None = None  # noqa: N815 -- the protocol's spelling
    """Absent means false."""
    openWorldHint: bool | None = None  # noqa: N815 -- the protocol's spelling
    """Absent means true."""


class Tool(Entity):
    """A named ability that an agent may call: one row of the inventory."""

    agents: list[AgentRef | Literal["*"]] | None = NEEDED
    """Agents that can call it."""
    registered_name: Text | None = NEEDED
    """Name under which the planner sees it (MCP `Tool.name`)."""
    schema_digest: Text | None = None
    """Digest of the schema that the planner sees."""
    source: Text | None = None
    """Id of the evidence that lists it."""
    enabled: bool | None = None
    """False while a flag keeps it off; absent means on."""
    system: SystemRef | None = NEEDED
    """Downstream system it acts on."""
    credential: CredentialRef | None = NEEDED
    """Identity it acts with."""
    requires: list[Need] | None = NEEDED
    """What its calls need to be allowed to do."""
    effect: Effect | None = NEEDED
    """Class of change: the worst that one call does."""
    open_ended: Literal["none", "shell", "code", "sql", "http", "file_read"] | None = None
    """Whether it takes arbitrary commands, code, statements, addresses or paths."""
    environment: Environment | None = None
    """Where it acts."""
    scope: (
        Literal["single_record", "bulk", "channel", "repository", "service", "account", "organisation"] | None
    ) = NEEDED
    """How much one call can touch."""
    max_rate: Rate | None = None
    """Cap on calls, enforced at the tool layer."""
    max_amount: Money | None = None
    """Cap on money per call."""
    reversibility: Reversibility | None = NEEDED
    """Whether it can be undone."""
    approval: GateRef | None = None
    """Human gate, or `none`."""
    idempotency: Idempotency | None = None
    """What a repeated call does."""
    timeout: Duration | None = None
    """Per attempt, of the innermost call."""
    retry: RetryProfileRef | None = None
    """Every layer that repeats the call."""
    on_ambiguous: Literal["retry_same_key", "query_then_decide", "stop_and_escalate", "retry"] | None = None
    """What is done when the outcome is unknown."""
    result_means: Literal["completed", "accepted"] | None = None
    """What a success answer means (HTTP 200 or 202)."""
    errors: Literal["status", "prose"] | None = None
    """Whether a failure reaches the agent as a machine status or only as a sentence."""
    confirmation: Confirmation | None = None
    """How an accepted call is known to be completed."""
    receipt: Receipt | None = None
    """Proof of the effect."""
    provenance: Text | None = None
    """Where the run id lands in the store."""
    annotations: Annotations | None = None
    """Hints of the tool's server."""
    on_denied: Literal["stop_and_escalate", "retry", "alternate"] | None = None
    """What is done when the platform refuses."""
    preflight: list[Literal["incident_state", "vendor_status", "calendar"]] | None = None
    """What is looked at before a call."""
    reserved_words_blocked: list[Text] | None = None
    """Words that only people may post."""
    capability: CapabilityRef | None = None
    """Flagged ability that it belongs to."""


# --- systems and what they hold -----------------------------------------------------------------


class Propagation(Part):
    """A write here that causes an effect there."""

    to: Text
    """System id, or `external:NAME`."""
    via: Text | None = None
    """Webhook, trigger, cascade, cache, index."""
    compensated_by: Text | None = None
    """Tool id, or `manual:WHAT IS DONE`; null: nothing undoes it."""


class Backup(Part):
    """What brings data back."""

    method: Text | None = None
    """pitr, snapshot, export."""
    system: SystemRef | None = None
    """System that holds the backup, if another."""
    resources: list[Text] | None = None
    """What the backups are called there."""
    principal: Text | None = None
    """Principal that writes and may delete backups."""
    restore_tested_at: Day | None = None
    """Day of the last restore."""
    rto: Duration | None = None
    """Time a restore took."""


class Protection(Part):
    """Who may merge without a second person (GitHub's names)."""

    required_reviews: Whole | None = None
    """Approving reviews that a change needs."""
    require_last_push_approval: bool | None = None
    """True if someone other than the last pusher must approve."""
    bypass_actors: list[Text] | None = None
    """Principals that the rules do not bind."""


class System(Entity):
    """What can be harmed."""

    kind: Text | None = None
    """kubernetes, aws, github, postgres, database, saas, … A known platform brings its action table."""
    owner: TeamRef | None = NEEDED
    """Team that answers for the system."""
    on_call: RotationRef | None = NEEDED
    """Who is paged for it."""
    environment: Environment | None = NEEDED
    """Which environment it belongs to."""
    audit_log: AuditLogRef | None = NEEDED
    """Where what was done is recorded."""
    data: list[Literal["public", "internal", "pii", "payment", "health", "secrets"]] | None = None
    """Classes of data it holds."""
    action_catalogue: dict[Text, Effect] | None = None
    """The platform's actions and what each does; wildcards expand against it."""
    propagates: list[Propagation] | None = None
    """Effects that a write here has elsewhere; `[]` claims none."""
    backup: Backup | None = None
    """What brings its data back."""
    calendars: list[CalendarRef] | None = None
    """Freezes and windows that bind changes; `[]` claims none."""
    protection: Protection | None = None
    """Who may merge without a second person."""
    guards_agents: list[AgentRef] | None = None
    """Agents whose guardrails it holds."""
    availability: Share | None = None
    """Share of time it is up, 0 to 1."""
    failure_domain: Text | None = None
    """What it fails together with."""


class AuditLog(Entity):
    """Where what was done is recorded."""

    location: Text | None = NEEDED
    """Where one looks."""
    store: Access | None = None
    """The store itself, as a resource of a system: whoever may write there may rewrite history."""
    readers: list[RotationRef] | None = NEEDED
    """Rotations that can read it."""
    join_keys: list[Text] | None = NEEDED
    """Fields by which a run's records are found."""
    attributable: bool | None = NEEDED
    """True if a record names this agent, not a shared principal."""
    retention: Duration | None = NEEDED
    """How long records are kept."""
    writer_principal: Text | None = None
    """Principal that writes it."""
    query_template: Text | None = None
    """Query that finds a run, with `{run_id}`."""


class GrantsSource(Part):
    """Where the list of grants comes from."""

    kind: Literal["declared", "observed", "imported"] | None = None
    """Typed by hand, seen on the platform, or imported from an export."""
    observed_at: Day | None = None
    """Day on which they were seen."""


class Revocation(Part):
    """How the credential is taken away."""

    by: RotationRef | None = None
    """Rotation that can do it."""
    method: Text | None = None
    """What is done."""
    measured: Duration | None = None
    """Time it took."""
    requires: Text | None = None
    """Entitlement that one needs to do it."""


class Credential(Entity):
    """What a tool acts with."""

    kind: (
        Literal[
            "api_key", "oauth_token", "service_account", "db_role", "installation_token",
            "workload_identity", "user_delegated",
        ]
        | None
    ) = None
    """Form of the credential."""
    principal: Text | None = NEEDED
    """Identity, as its platform writes it; evidence of the same principal speaks for it."""
    owner: TeamRef | None = NEEDED
    """Team that answers for it."""
    environment: Environment | None = None
    """Environment it opens."""
    grants: list[Grant] | None = NEEDED
    """What it is declared to open. Where there is evidence, a claim that is compared."""
    grants_source: GrantsSource | None = None
    """Where that list comes from."""
    used_by: list[Text] | None = NEEDED
    """Everything that holds it: agent ids, `service:NAME`, `human:ROLE`."""
    also_reaches: list[AlsoReaches] | None = NEEDED
    """Known reach beyond the tools' needs; `[]` claims none."""
    derives: list[Derivation] | None = None
    """Principals its holder can become; `[]` claims none."""
    expires: Day | None = None
    """Last day on which it works."""
    rotated_at: Day | None = None
    """Day of the last rotation."""
    revocation: Revocation | None = NEEDED
    """How it is taken away."""


# --- people -------------------------------------------------------------------------------------


class Team(Entity):
    """People who own things."""

    members: Whole | None = None
    """How many."""
    entitlements: list[Text] | None = None
    """Access that its members have at work."""


class Rotation(Entity):
    """People who are paged (PagerDuty: schedule)."""

    team: TeamRef | None = None
    """Team it draws on."""
    time_zone: TimeZone | None = None
    """IANA zone of the schedule."""
    members: Whole | None = None
    """How many."""
    coverage: Text | None = None
    """Hours covered, such as `24x7` or `Mon-Fri 09:00-18:00`."""
    entitlements: list[Text] | None = None
    """Access that the person on call has."""
    ack_timeout: Duration | None = None
    """Time after which an unacknowledged page moves on."""
    secondary: RotationRef | None = None
    """Rotation that is paged next."""


class EscalationRule(Part):
    """One level of an escalation policy."""

    targets: list[Target] | None = None
    """Who is paged."""
    escalation_delay: Duration | None = None
    """Time before the next level."""


class Acknowledgement(Part):
    """What counts as somebody taking the page."""

    method: Literal["pager", "message", "emoji", "channel"] | None = None
    """How it is given."""
    identity: Literal["human", "any"] | None = None
    """Who may give it."""


class EscalationPolicy(Entity):
    """Who is paged, in which order (PagerDuty's terms)."""

    rules: list[EscalationRule] | None = None
    """Levels, first to last."""
    num_loops: Whole | None = None
    """How often the levels repeat."""
    ack: Acknowledgement | None = None
    """What counts as taking the page."""
    subscribers: list[Target] | None = None
    """Channels and bots that see the page."""


class ApprovalGate(Entity):
    """A person must say yes."""

    mode: Literal["per_action", "per_session", "post_hoc"] | None = None
    """How often."""
    applies_when: Text | None = None
    """Condition; a gate with one is partial."""
    ungated_max: Money | None = None
    """Largest amount that passes without the gate."""
    approvers: Target | None = None
    """Who says yes."""
    enforced_at: Literal["tool_layer", "downstream", "prompt"] | None = None
    """Where it is enforced; a prompt enforces nothing."""
    timeout: Duration | None = None
    """How long it waits."""
    on_timeout: Literal["deny", "allow"] | None = None
    """What silence means."""
    shows: list[Text] | None = None
    """What the approver sees."""


class StepOf(Part):
    """One step of a runbook."""

    do: Text
    """What is done."""
    requires: Text | None = None
    """Entitlement that it needs."""
    evidence_at: Text | None = None
    """Where one sees that it worked."""


class Drill(Part):
    """The last time it was really done."""

    at: Day | None = None
    """Day."""
    by: Target | None = None
    """`team:ID` or `rotation:ID` that did it."""


class Runbook(Entity):
    """What the person paged does."""

    author: TeamRef | None = None
    """Team that wrote it."""
    reader: RotationRef | None = None
    """Rotation that must execute it."""
    steps: list[StepOf] | None = None
    """Steps, in order."""
    last_drill: Drill | None = None
    """The last time it was done."""


class Route(Entity):
    """Who repairs a part, and what if that one is the broken part."""

    component: Target | None = None
    """The part, such as `agent:ID` or `service:NAME`."""
    repair_by: list[Target] | None = None
    """Who repairs it, in order."""
    equivalents: list[Target] | None = None
    """Others that can do the same repair."""
    human_exit: Target | None = None
    """Rotation that repairs it by hand."""


# --- time, load, change -------------------------------------------------------------------------


class Window(Part):
    """A stretch of time, in the calendar's zone."""

    start: LocalTime | None = None
    """Start, local."""
    end: LocalTime | None = None
    """End, local."""
    rrule: Text | None = None
    """Repetition (RFC 5545)."""
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
    reset_time: Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = None
    """Local time of the reset, `HH:MM`."""
    time_zone: TimeZone | None = None
    """IANA zone of the reset."""


class Demand(Part):
    """What one group of users draws."""

    time_zone: TimeZone | None = None
    """Where they are."""
    hours: Annotated[str, Field(pattern=r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$")] | None = None
    """Their local working hours, `09:00-18:00`."""
    daily: Number | None = None
    """Units a day."""
    core_share: Share | None = None
    """Share of it inside those hours."""


class Quota(Entity):
    """A limit that runs out."""

    provider: Text | None = None
    """Who sets it."""
    limit: Number | None = None
    """Units per window."""
    unit: Text | None = None
    """tokens, requests, …"""
    window: QuotaWindow | None = None
    """When it starts again."""
    partition: Text | None = None
    """What shares it."""
    consumers: list[Target] | None = None
    """Who draws on it."""
    demand: dict[Id, Demand] | None = None
    """What is drawn, by region or group."""
    alert_at: Share | None = None
    """Level that alerts, 0 to 1."""
    on_exhaustion: Text | None = None
    """What happens at the limit."""


Layer = Literal["transport", "sdk", "tool_wrapper", "framework", "workflow", "queue", "planner", "user"]


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


class RetryProfile(Entity):
    """Every layer that repeats a call, inner to outer."""

    layers: list[RetryLayer] | None = None
    """Layers, the innermost first."""


class Fallback(Entity):
    """What takes over."""

    trigger: Text | None = None
    """What starts it."""
    target: Text | None = None
    """What takes over."""
    sunset: Day | None = None
    """Day on which the target ends."""
    shares: list[Text] | None = None
    """What it shares with what it replaces: `quota:ID`, `credential:ID`, `region:NAME`."""
    output_schema_digest: Text | None = None
    """Digest of its output schema."""
    primary_schema_digest: Text | None = None
    """Digest of the primary's."""
    last_exercised: Day | None = None
    """Day of its last real run."""
    monitored: bool | None = None
    """True if entering it alerts."""
    tested_capacity: Share | None = None
    """Share of the peak it was tested with."""
    returns_when: Text | None = None
    """When the primary takes over again."""


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
    staleness_alert: StalenessAlert | None = None
    """Alarm for a release that is not promoted; null: none."""
    health_carries_version: bool | None = None
    """True if health signals name the running version."""
    canary: Canary | None = None
    """The first few."""


class PostmortemTemplate(Part):
    """What a review asks for."""

    fields: list[Text] | None = None
    """Field names."""


# --- judgement ----------------------------------------------------------------------------------


class Waiver(Part):
    """A named person accepts a finding until a day, with a reason."""

    rule: Id
    """Rule whose finding is accepted."""
    subject: Annotated[str, Field(pattern=r"^[a-z_]+:.{1,500}$")]
    """What it was found on, as the report writes it: `KIND:ID`."""
    reason: Annotated[str, Field(min_length=1, max_length=4096)]
    """Why it is acceptable."""
    approved_by: Annotated[str, Field(min_length=1, max_length=256)]
    """Who accepts it; never an agent."""
    expires: Day
    """Last day on which it holds."""


class Policy(Part):
    """Thresholds, and which rules apply."""

    min_rotation_members: Whole | None = None
    """Fewest people in a rotation. Default 4."""
    max_attestation_age: Duration | None = None
    """Oldest attestation that counts. Default 180d."""
    drill_max_age: Duration | None = None
    """Oldest drill that counts. Default 180d."""
    detection_lag: Duration | None = None
    """Time from the first bad call to its detection. Default 30m."""
    max_attempts: Whole | None = None
    """Most attempts for one intent. Default 10."""
    max_undetected_effects: Whole | None = None
    """Most effects before somebody stops the agent. Default 50."""
    approval_required_for: list[Literal["irreversible", "spend", "destroy"]] | None = None
    """What needs a human gate. Default irreversible, spend, destroy."""
    max_release_lag: Duration | None = None
    """Longest time between release and running. Default 3d."""
    rules: dict[Id, Literal["off", "error", "warning", "note"]] | None = None
    """Severity of a rule in this inventory, or `off`."""
    packs: list[Text] | None = None
    """Folders with further rules, relative to the inventory."""


class Evidence(Part):
    """Files that show what is really granted or registered."""

    kind: Text
    """Which provider reads them: kubernetes-rbac, mcp-tools."""
    files: list[Text]
    """Files, relative to the inventory; a folder means every file in it."""
    system: SystemRef | None = None
    """System that the grants belong to."""
    agents: list[AgentRef] | None = None
    """Agents that the listed tools are registered with (mcp-tools)."""
    namespace: Text | None = None
    """Namespace that objects without one are applied to (kubernetes-rbac)."""
    server_version: Text | None = None
    """Version of the platform, such as `1.35`."""
    observed_at: Day | None = None
    """Day of the export."""


class Inventory(Part):
    """Everything that people declare before launch."""

    version: Literal[1]
    """Version of this format."""
    name: Id
    """Name of the inventory."""
    include: list[Text] | None = None
    """Files shared with other inventories, relative to this file."""
    policy: Policy | None = None
    """Thresholds, and which rules apply."""
    agents: dict[Id, Agent] | None = None
    """Agents, by id."""
    tools: dict[Id, Tool] | None = None
    """Tools, by id."""
    systems: dict[Id, System] | None = None
    """Systems, by id."""
    audit_logs: dict[Id, AuditLog] | None = None
    """Audit logs, by id."""
    credentials: dict[Id, Credential] | None = None
    """Credentials, by id."""
    teams: dict[Id, Team] | None = None
    """Teams, by id."""
    rotations: dict[Id, Rotation] | None = None
    """Rotations, by id."""
    escalation_policies: dict[Id, EscalationPolicy] | None = None
    """Escalation policies, by id."""
    approval_gates: dict[Id, ApprovalGate] | None = None
    """Approval gates, by id."""
    calendars: dict[Id, Calendar] | None = None
    """Calendars, by id."""
    quotas: dict[Id, Quota] | None = None
    """Quotas, by id."""
    retry_profiles: dict[Id, RetryProfile] | None = None
    """Retry profiles, by id."""
    runbooks: dict[Id, Runbook] | None = None
    """Runbooks, by id."""
    fallbacks: dict[Id, Fallback] | None = None
    """Fallbacks, by id."""
    capabilities: dict[Id, Capability] | None = None
    """Capabilities, by id."""
    deployments: dict[Id, Deployment] | None = None
    """Deployments, by id."""
    routes: dict[Id, Route] | None = None
    """Repair routes, by id."""
    postmortem_template: PostmortemTemplate | None = None
    """What a review asks for."""
    waivers: dict[Id, Waiver] | None = None
    """Accepted findings, by id."""
    evidence: dict[Id, Evidence] | None = None
    """Evidence files, by id."""
