"""The inventory as a whole: its sections, its policy, its waivers and its evidence."""

from typing import ClassVar, Literal

from blastlint.inventory.models.agents import Agent
from blastlint.inventory.models.changes import Workflow
from blastlint.inventory.models.operations import (
    Calendar,
    Capability,
    Deployment,
    Fallback,
    Quota,
    RetryProfile,
)
from blastlint.inventory.models.parts import (
    AgentRef,
    Day,
    Duration,
    Id,
    Named,
    Part,
    Subject,
    SystemRef,
    Text,
    Version,
    Whole,
    Words,
)
from blastlint.inventory.models.people import (
    ApprovalGate,
    EscalationPolicy,
    Rotation,
    Route,
    Runbook,
    Team,
)
from blastlint.inventory.models.systems import AuditLog, Credential, System
from blastlint.inventory.models.tools import Tool


class PostmortemTemplate(Part):
    """What a review asks for."""

    fields: list[Text] | None = None
    """Field names."""
    due: Duration | None = None
    """Longest time from an incident to its review."""


class Waiver(Named):
    """A named person accepts a finding until a day, with a reason."""

    rule: Id
    """Rule whose finding is accepted."""
    subject: Subject
    """What it was found on, as the report writes it: `KIND:ID`."""
    reason: Words
    """Why it is acceptable."""
    approved_by: Words
    """Who accepts it; never an agent."""
    expires: Day
    """Last day on which it holds."""


class Policy(Part):
    """Thresholds, and which rules apply."""

    settled: ClassVar[bool] = True

    profile: Literal["pilot", "production", "regulated"] | None = None
    """How much is asked of the inventory. Default production."""
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
    max_pilot_users: Whole | None = None
    """Most people a day whom a pilot may serve. Default 50."""
    approval_required_for: list[Literal["irreversible", "spend", "destroy"]] | None = None
    """What needs a human gate. Default irreversible, spend, destroy."""
    max_release_lag: Duration | None = None
    """Longest time between release and running. Default 3d."""
    max_observation_age: Duration | None = None
    """Oldest look at what runs that counts. Default 30d."""
    sunset_notice: Duration | None = None
    """Time that is needed to move away from what ends. Default 90d."""
    min_evidence_retention: Duration | None = None
    """Shortest time for which what a run saw is kept. Default 30d."""
    calendar_max_age: Duration | None = None
    """Oldest copy of a calendar that counts. Default 30d."""
    horizon: Duration | None = None
    """How far ahead schedules and calendars are compared, 366d at most. Default 90d."""
    max_credential_lifetime: Duration | None = None
    """Longest time for which one value of a credential may work. Default 180d."""
    max_waiver_span: Duration | None = None
    """Longest time that a waiver may still hold. Default 180d."""
    waiver_notice: Duration | None = None
    """Time before its last day from which a waiver is announced to end. Default 14d."""
    rules: dict[Id, Literal["off", "error", "warning", "note"]] | None = None
    """Severity of a rule in this inventory, or `off`."""
    packs: list[Text] | None = None
    """Folders with further rules, relative to the inventory."""


class Evidence(Named):
    """Files that show what is really granted or registered."""

    kind: Text
    """What wrote them: aws-iam, github, kubernetes-rbac, mcp-clients, mcp-tools, oauth-scopes,
    openapi, postgres."""
    files: list[Text]
    """Files, relative to the inventory; a folder means every file in it of the kind's endings."""
    system: SystemRef | None = None
    """System that the grants belong to."""
    agents: list[AgentRef] | None = None
    """Agents that the listed tools are registered with (mcp-tools, openapi)."""
    namespace: Text | None = None
    """Namespace that objects without one are applied to (kubernetes-rbac); repository, as
    OWNER/REPO (github); database of a dump that does not name its own (postgres)."""
    server_version: Text | None = None
    """Version of the server, such as `1.35` (kubernetes-rbac, postgres)."""
    observed_at: Day | None = None
    """Day of the export."""


class Inventory(Part):
    """Everything that people declare before launch."""

    settled: ClassVar[bool] = True

    version: Version
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
    workflows: dict[Id, Workflow] | None = None
    """Workflows of several steps, by id."""
    postmortem_template: PostmortemTemplate | None = None
    """What a review asks for."""
    waivers: dict[Id, Waiver] | None = None
    """Accepted findings, by id."""
    evidence: dict[Id, Evidence] | None = None
    """Evidence files, by id."""
