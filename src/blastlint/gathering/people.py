"""Fills the cards of teams, rotations, runbooks, gates and routes, and the lines to sign."""

from __future__ import annotations

from blastlint.dossier import (
    GateCard,
    RotationCard,
    RouteCard,
    RunbookCard,
    Signature,
    StepCard,
    TeamCard,
)
from blastlint.gathering.common import (
    Looked,
    access,
    attested,
    gaps,
    money,
    seconds,
    speaker,
    words,
)
from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from blastlint.inventory.models import ApprovalGate, Entity, Rotation, Route, Runbook, Team
    from blastlint.subjects import Facts

_ROTATION = ("team", "time_zone", "members", "coverage", "entitlements", "ack_timeout")
_RUNBOOK = ("author", "reader", "steps", "last_drill")
_GATE = ("mode", "approvers", "enforced_at", "timeout", "on_timeout", "applies_when", "shows")


def team_card(facts: Facts, team: Team) -> TeamCard:
    """Return the card of a team."""
    return TeamCard(
        id=id_of(team),
        members=team.members,
        entitlements=words(team.entitlements),
        attested=attested(team),
        gaps=gaps(speaker(facts, team, (), id_of(team)), Looked(team, ("members", "entitlements"))),
    )


def rotation_card(facts: Facts, rotation: Rotation) -> RotationCard:
    """Return the card of a rotation."""
    return RotationCard(
        id=id_of(rotation),
        team=rotation.team or "",
        time_zone=rotation.time_zone or "",
        members=rotation.members,
        coverage=rotation.coverage or "",
        entitlements=words(rotation.entitlements),
        ack_timeout_seconds=seconds(rotation.ack_timeout),
        secondary=rotation.secondary or "",
        trained_at=rotation.trained_at,
        attested=attested(rotation),
        gaps=gaps(speaker(facts, rotation, (), rotation.team), Looked(rotation, _ROTATION)),
    )


def runbook_card(facts: Facts, runbook: Runbook) -> RunbookCard:
    """Return the card of a runbook."""
    drill = runbook.last_drill
    steps = runbook.steps or ()
    asked = (
        Looked(step, ("requires",), f"steps.{number}.")
        for number, step in enumerate(steps, start=1)
    )
    return RunbookCard(
        id=id_of(runbook),
        author=runbook.author or "",
        reader=runbook.reader or "",
        steps=tuple(
            StepCard(
                step.do,
                access(facts, step),
                step.evidence_at or "",
                step.offline_copy or "",
                step.contact or "",
            )
            for step in steps
        ),
        drilled_at=drill.at if drill else None,
        drilled_by=(drill and drill.by) or "",
        attested=attested(runbook),
        gaps=gaps(
            speaker(facts, runbook, facts.concerned("runbooks", runbook), runbook.author),
            Looked(runbook, _RUNBOOK),
            *asked,
        ),
    )


def gate_card(facts: Facts, gate: ApprovalGate) -> GateCard:
    """Return the card of an approval gate."""
    return GateCard(
        id=id_of(gate),
        mode=gate.mode or "",
        applies_when=gate.applies_when or "",
        approvers=gate.approvers or "",
        enforced_at=gate.enforced_at or "",
        timeout_seconds=seconds(gate.timeout),
        on_timeout=gate.on_timeout or "",
        ungated_max=money(gate.ungated_max),
        shows=words(gate.shows),
        attested=attested(gate),
        gaps=gaps(
            speaker(facts, gate, facts.concerned("approval_gates", gate)), Looked(gate, _GATE)
        ),
    )


def route_card(_: Facts, route: Route) -> RouteCard:
    """Return the card of a repair route."""
    return RouteCard(
        id_of(route),
        route.component or "",
        words(route.repair_by),
        words(route.equivalents),
        route.human_exit or "",
    )


# --- who signs ----------------------------------------------------------------------------------

_OWNED = ("agents", "systems", "credentials")
_ATTESTED = ("agents", "tools", "systems", "audit_logs", "credentials")


def signatures(facts: Facts) -> tuple[Signature, ...]:
    """Return a line for every team that owns or attests something in use."""
    owns: dict[str, list[str]] = {}
    attests: dict[str, list[str]] = {}
    days: dict[str, list[date]] = {}
    for section, entity in _in_use(facts):
        name = f"{section.removesuffix('s')}:{id_of(entity)}"
        owner = getattr(entity, "owner", None) if section in _OWNED else None
        if owner:
            owns.setdefault(owner, []).append(name)
        said = entity.attestation
        if said is not None and said.by:
            attests.setdefault(said.by, []).append(name)
            days.setdefault(said.by, []).extend([said.at] if said.at else [])
    return tuple(
        Signature(
            team,
            tuple(sorted(owns.get(team, ()))),
            tuple(sorted(attests.get(team, ()))),
            min(days.get(team, ()), default=None),
        )
        for team in sorted({*owns, *attests})
    )


def _in_use(facts: Facts) -> Iterator[tuple[str, Entity]]:
    for section in _ATTESTED:
        for entity in getattr(facts.inventory, section).values():
            if section == "agents" or facts.concerned(section, entity):
                yield section, entity
