"""People: who owns, who is paged, who approves, and what they do then."""

from typing import Literal

from blastlint.inventory.models.parts import (
    Day,
    Duration,
    Entity,
    Money,
    Part,
    RotationRef,
    Target,
    TeamRef,
    Text,
    TimeZone,
    WeekHours,
    Whole,
)


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
    coverage: WeekHours | None = None
    """Hours covered, such as `24x7` or `Mon-Fri 09:00-18:00`; in its zone, if they name none."""
    entitlements: list[Text] | None = None
    """Access that the person on call has."""
    ack_timeout: Duration | None = None
    """Time after which an unacknowledged page moves on."""
    secondary: RotationRef | None = None
    """Rotation that is paged next."""
    trained_at: Day | None = None
    """Day on which its people last practised how models, prompts and retrieval go wrong."""


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
    evidence_requires: Text | None = None
    """Entitlement that one needs to open that; null: none."""
    offline_copy: Text | None = None
    """Where the same can be seen without a login; null: nowhere."""
    contact: Target | None = None
    """Whom the step turns to, if it turns to somebody."""


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
