"""Tools: the abilities that agents may call, one row of the inventory each."""

from typing import Annotated, Literal

from pydantic import Field

from blastlint.inventory.models.parts import (
    NEEDED,
    Access,
    AgentRef,
    CapabilityRef,
    CredentialRef,
    Day,
    Duration,
    Effect,
    Entity,
    Environment,
    EvidenceRef,
    GateRef,
    Hours,
    Money,
    Need,
    Part,
    Rate,
    RetryProfileRef,
    RunbookRef,
    Share,
    SystemRef,
    Text,
    ToolRef,
)


class Reversibility(Part):
    """Whether a call can be undone (OWASP AISVS 9.2.3; *compensable* is the saga word)."""

    class_: Annotated[
        Literal["read_only", "reversible", "compensable", "irreversible"] | None,
        Field(alias="class"),
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
    kept_as: Literal["soft_delete", "version", "trash", "snapshot"] | None = None
    """For a call that deletes: what of it is kept, and can be put back."""
    note: Text | None = None
    """In words."""


class IdempotencyKey(Part):
    """The key that makes a repeat harmless (IETF Idempotency-Key draft)."""

    field: Text | None = None
    """Header or argument that carries the key."""
    source: (
        Literal[
            "business_key",
            "orchestrator_step",
            "content_hash",
            "sdk_auto",
            "tool_call_id",
            "random_per_attempt",
            "timestamp",
            "model_generated",
        ]
        | None
    ) = None
    """Where the key is made."""
    template: Text | None = None
    """Parts of the key, such as `refund:{charge_id}:{case_id}`."""
    minted_at: (
        Literal[
            "transport", "sdk", "tool_wrapper", "framework", "workflow", "queue", "planner", "user"
        ]
        | None
    ) = None
    """Retry layer each of whose attempts makes a fresh key (for `orchestrator_step`)."""
    deterministic: bool | None = None
    """For `content_hash`: true if no hashed argument is free text of the model."""
    sent_by: Literal["code", "sdk", "model"] | None = None
    """What puts it into the call: the code around the tool, the client library, the model."""
    unique_per: Text | None = None
    """Intent that there is only one of, where the parts of the key do not show it: `message`."""


class Idempotency(Part):
    """What a repeated call does."""

    strategy: (
        Literal["none", "natural", "conditional", "key", "dedupe_store", "lookup_first"] | None
    ) = None
    """natural: repeating sets the same state. conditional: a precondition refuses the repeat."""
    key: IdempotencyKey | None = None
    """The key, for `key` and `dedupe_store`."""
    window: Duration | None = None
    """How long a key is remembered."""
    scope: (
        Literal["process", "instance", "region", "endpoint", "provider_account", "global"] | None
    ) = None
    """How far a key is remembered."""
    on_mismatch: Literal["error", "ignore", "unknown"] | None = None
    """What a reused key with another payload does."""
    precondition: Text | None = None
    """For `conditional`: If-Match, resourceVersion, head sha."""
    tested_at: Day | None = None
    """Day on which the same call was sent twice and one effect was seen."""
    stores_errors: bool | None = None
    """True if a failure is remembered under the key too, and is the answer to each repeat."""
    on_replayed_error: Literal["stop", "retry"] | None = None
    """What is done when a repeat is answered with a remembered failure."""


class Confirmation(Part):
    """How an accepted call is known to be completed."""

    via: Text | None = None
    """Webhook, poll, mail."""
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
    """Digest of what the planner sees: `sha256:` and the SHA-256 of `{"inputSchema": …, "name": …}`
    as JSON with sorted keys and no spaces; `blastlint grants mcp-tools FILE -f json` prints it."""
    source: EvidenceRef | None = None
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
        Literal[
            "single_record", "bulk", "channel", "repository", "service", "account", "organisation"
        ]
        | None
    ) = None
    """How much one call can touch; asked for where it writes."""
    max_rate: Rate | None = None
    """Cap on calls, enforced at the tool layer."""
    max_amount: Money | None = None
    """Cap on money per call."""
    recipients: Literal["allow_list", "open"] | None = None
    """Who can get what it sends: those on a list, enforced at the tool layer; absent means open."""
    hands_out: list[Access] | None = None
    """Grants that its calls give to others: a role that it creates, a key that it makes."""
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
    failure_rate: Share | None = None
    """Share of attempts that fail, as measured."""
    call_cost: Money | None = None
    """What one attempt costs."""
    on_ambiguous: (
        Literal["retry_same_key", "query_then_decide", "stop_and_escalate", "retry"] | None
    ) = None
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
    notifies: Literal["inside", "outside"] | None = None
    """Whom a message of a `notify` tool reaches: colleagues, or people outside."""
    recipient_hours: Hours | None = None
    """Hours of the recipient's own clock in which it sends, such as `08:00-20:00`; null: any."""
    reserved_words_blocked: list[Text] | None = None
    """Words that only people may post."""
    capability: CapabilityRef | None = None
    """Flagged ability that it belongs to."""
