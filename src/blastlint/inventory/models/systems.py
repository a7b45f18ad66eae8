"""Systems that can be harmed, the credentials that open them and the logs that remember."""

from typing import Literal

from blastlint.inventory.models.parts import (
    NEEDED,
    Access,
    Action,
    AgentRef,
    AlsoReaches,
    AuditLogRef,
    CalendarRef,
    Day,
    Derivation,
    Duration,
    Effect,
    Elsewhere,
    Entity,
    Environment,
    Grant,
    Holder,
    Part,
    RotationRef,
    Share,
    Store,
    SystemRef,
    TeamRef,
    Text,
    Undoing,
    Whole,
)


class Propagation(Part):
    """A write here that causes an effect there."""

    to: Elsewhere
    """System id, or `external:NAME`."""
    via: Text | None = None
    """Webhook, trigger, cascade, cache, index."""
    compensated_by: Undoing | None = None
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
    """kubernetes, aws, github, postgres, database, saas. A known one brings its actions.
    `pager`: what calls people, an incident or on-call system or a telephone gateway."""
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
    action_catalogue: dict[Action, Effect] | None = None
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
            "api_key",
            "oauth_token",
            "service_account",
            "db_role",
            "installation_token",
            "workload_identity",
            "user_delegated",
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
    used_by: list[Holder] | None = NEEDED
    """Everything that holds it: agent ids, `service:NAME`, `human:ROLE`."""
    also_reaches: list[AlsoReaches] | None = NEEDED
    """Known reach beyond the tools' needs; `[]` claims none."""
    derives: list[Derivation] | None = None
    """Principals its holder can become; `[]` claims none."""
    stored_in: list[Store] | None = None
    """Where its value is kept: a Secret, a secret of a repository, a parameter."""
    expires: Day | None = None
    """Last day on which it works."""
    rotated_at: Day | None = None
    """Day of the last rotation."""
    revocation: Revocation | None = NEEDED
    """How it is taken away."""
