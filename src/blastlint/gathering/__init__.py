"""Gathers what a report knows of an inventory's things: every card, from what rules know, too."""

from __future__ import annotations

from blastlint.dossier import Dossier, Source
from blastlint.gathering import agents, people, systems, time, tools
from blastlint.gathering.common import seconds, words
from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.inventory.models import Evidence
    from blastlint.subjects import Facts


def dossier(facts: Facts) -> Dossier:
    """Return everything that is known of the things of an inventory."""
    known = facts.inventory
    review = known.postmortem_template
    return Dossier(
        agents=tuple(agents.agent_card(facts, one) for one in known.agents.values()),
        tools=tuple(tools.tool_card(facts, one) for one in sorted(facts.tools(), key=id_of)),
        systems=tuple(systems.system_card(facts, one) for one in known.systems.values()),
        logs=tuple(systems.log_card(facts, one) for one in known.audit_logs.values()),
        credentials=tuple(systems.credential_card(facts, x) for x in known.credentials.values()),
        teams=tuple(people.team_card(facts, one) for one in known.teams.values()),
        rotations=tuple(people.rotation_card(facts, one) for one in known.rotations.values()),
        runbooks=tuple(people.runbook_card(facts, one) for one in known.runbooks.values()),
        gates=tuple(people.gate_card(facts, one) for one in known.approval_gates.values()),
        routes=tuple(people.route_card(facts, one) for one in known.routes.values()),
        quotas=tuple(time.quota_card(facts, one) for one in known.quotas.values()),
        calendars=tuple(time.calendar_card(facts, one) for one in known.calendars.values()),
        horizon=facts.as_of + known.policy.horizon,
        postmortem=words(review.fields if review else None),
        postmortem_seconds=seconds(review.due) if review else None,
        sources=tuple(_source(facts, one) for one in known.evidence.values()),
        signatures=people.signatures(facts),
    )


def _source(facts: Facts, evidence: Evidence) -> Source:
    shown = facts.granted[id_of(evidence)]
    return Source(
        id=id_of(evidence),
        kind=evidence.kind,
        system=evidence.system or "",
        observed_at=evidence.observed_at,
        files=words(evidence.files),
        grants=len(shown.grants),
        tools=len(shown.tools),
        unresolved=tuple(one.what for one in shown.unresolved),
    )
