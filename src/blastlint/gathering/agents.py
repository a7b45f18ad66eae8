"""Fills the cards of agents."""

from __future__ import annotations

from itertools import groupby

from blastlint.analyses import deployment
from blastlint.analyses.escalation import first_response, targets
from blastlint.analyses.recovery import ends_with_people
from blastlint.analyses.tiers import rule_of_two
from blastlint.dossier import (
    Ability,
    AgentCard,
    Alarm,
    Complaints,
    Escalation,
    Fix,
    Kept,
    KillSwitch,
    Level,
    Lever,
    Meets,
    Planned,
    Release,
    Response,
    TakesOver,
)
from blastlint.gathering.clocks import agent_clocks
from blastlint.gathering.common import Looked, access, attested, gaps, seconds, speaker, words
from blastlint.inventory.record import id_of
from blastlint.subjects.clocks import all_meetings
from blastlint.subjects.facts import is_live

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.analyses.calendars import Meeting
    from blastlint.analyses.escalation import Target
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Capture, Deployment, EscalationPolicy, Schedule
    from blastlint.inventory.models import Fallback as WrittenFallback
    from blastlint.inventory.models import KillSwitch as WrittenSwitch
    from blastlint.subjects import Facts

_NAMED = 3
"""Tools that are named for a tier."""
_AGENT = (
    "owner",
    "escalation",
    "runbook",
    "kill_switch",
    "principal",
    "model",
    "evidence",
    "rollback_levers",
    "deployment",
    "alerts",
)
_SWITCH = ("method", "requires", "out_of_band", "measured", "tested_at")
_KEPT = ("captures", "retention", "requires")


def agent_card(facts: Facts, agent: Agent) -> AgentCard:
    """Return the card of an agent."""
    inventory = facts.inventory
    model, principal = agent.model, agent.principal
    return AgentCard(
        id=id_of(agent),
        owner=agent.owner or "",
        lifecycle=agent.lifecycle or "",
        environment=agent.environment or "",
        principal=(principal and principal.id) or "",
        tier_why=tuple(_tier_why(facts, agent)),
        live=is_live(agent),
        credentials=tuple(facts.once(_held).get(id_of(agent), ())),
        delegates_to=words(agent.delegates_to),
        response=_response(inventory, agent),
        escalation=_escalation(inventory, agent),
        runbook=agent.runbook or "",
        kill_switch=_switch(facts, agent, agent.kill_switch) if agent.kill_switch else None,
        model=(model and model.id) or "",
        model_pinned=model.pinned if model else None,
        axes=words(agent.axes),
        levers=tuple(Lever(x.kind or "", access(facts, x)) for x in agent.rollback_levers or ()),
        release=_release(inventory.deployments[agent.deployment]) if agent.deployment else None,
        fixes=tuple(_fixes(inventory, agent)),
        abilities=tuple(_abilities(inventory, agent)),
        fallbacks=tuple(_takes_over(inventory.fallbacks[x]) for x in agent.fallbacks or ()),
        schedule=_planned(facts, agent, agent.schedule) if agent.schedule else None,
        clocks=tuple(agent_clocks(facts, agent)),
        kept=_kept(facts, agent.evidence) if agent.evidence else None,
        alarms=tuple(Alarm(x.measure, x.pages or "", words(x.carries)) for x in agent.alerts or ()),
        complaints=tuple(_complaints(agent)),
        attested=attested(agent),
        gaps=gaps(speaker(facts, agent, (), agent.owner), *_looked(inventory, agent)),
    )


def _held(facts: Facts) -> Mapping[str, list[str]]:
    """Return the credentials in the hands of each agent, sorted."""
    found: dict[str, list[str]] = {}
    for name, credential in sorted(facts.inventory.credentials.items()):
        for agent in facts.agents_with(credential):
            found.setdefault(agent, []).append(name)
    return found


def _looked(inventory: Inventory, agent: Agent) -> Iterator[Looked]:
    yield Looked(agent, _AGENT)
    yield Looked(agent.kill_switch, _SWITCH, "kill_switch.")
    yield Looked(agent.evidence, _KEPT, "evidence.")
    yield Looked(agent.model, ("id", "pinned"), "model.")
    for number, lever in enumerate(agent.rollback_levers or (), start=1):
        yield Looked(lever, ("requires",), f"rollback_levers.{number}.")
    if agent.deployment:
        release = inventory.deployments[agent.deployment]
        yield Looked(release, ("released", "running", "observed_at"), "deployment.")


def _tier_why(facts: Facts, agent: Agent) -> Iterator[str]:
    """Yield what makes the tier of an agent: its worst tools, and the Rule of Two."""
    tools = facts.tools_of(agent)
    worst = facts.worst_tier(tools)
    names = sorted(id_of(tool) for tool in tools if facts.tier(tool) == worst)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    if names:
        yield f"its worst tools are {worst}: {', '.join(names[:_NAMED])}{more}"
    if rule_of_two(facts.inventory, agent, tools).complete:
        yield (
            "it reads what outsiders write, sees private data, and acts without a person's yes "
            "to each action"
        )


# --- stopping and paging ------------------------------------------------------------------------


def _response(inventory: Inventory, agent: Agent) -> Response:
    found = first_response(inventory, agent)
    return Response(
        rotation=found.rotation or "",
        detection_seconds=seconds(found.detection) or 0,
        paged_seconds=seconds(found.paged_after),
        acknowledged_seconds=seconds(found.acknowledged),
        stopped_seconds=seconds(found.stopped),
    )


def _switch(facts: Facts, agent: Agent, switch: WrittenSwitch) -> KillSwitch:
    return KillSwitch(
        method=switch.method or "",
        access=access(facts, switch),
        out_of_band=switch.out_of_band,
        depends_on=words(switch.depends_on),
        measured_seconds=seconds(switch.measured),
        tested_at=switch.tested_at,
        not_covered=tuple(_goes_on(facts, agent)),
    )


def _goes_on(facts: Facts, agent: Agent) -> Iterator[str]:
    """Yield what may go on when an agent is stopped: no cell says that its switch stops it."""
    yield "calls that are in flight"
    queued = [t for t in facts.tools_of(agent) if "queue" in facts.retry(t).repeating_layers]
    if queued:
        yield f"what a queue still holds for {', '.join(sorted(map(id_of, queued)))}"
    if agent.delegates_to:
        yield f"work that was handed to {', '.join(sorted(agent.delegates_to))}"
    if agent.schedule is not None and agent.schedule.cron:
        yield f"the next planned start ({agent.schedule.cron})"
    if agent.fallbacks:
        yield f"what takes over: {', '.join(sorted(agent.fallbacks))}"


def _escalation(inventory: Inventory, agent: Agent) -> Escalation | None:
    if agent.escalation is None:
        return None
    policy = inventory.escalation_policies[agent.escalation]
    ack = policy.ack
    return Escalation(
        policy=id_of(policy),
        levels=tuple(_levels(inventory, policy)),
        loops=policy.num_loops,
        ack_method=(ack and ack.method) or "",
        ack_identity=(ack and ack.identity) or "",
        subscribers=words(policy.subscribers),
        ends_with_people=ends_with_people(inventory, policy),
    )


def _levels(inventory: Inventory, policy: EscalationPolicy) -> Iterator[Level]:
    found = _flat(inventory, policy, None, {id_of(policy)})
    for _, group in groupby(found, key=lambda target: id(target.rule)):
        level = list(group)
        yield Level(tuple(target.name for target in level), seconds(level[0].after))


def _flat(
    inventory: Inventory, policy: EscalationPolicy, reached: Target | None, seen: set[str]
) -> Iterator[Target]:
    """Yield whom a policy pages, those of a policy that it turns to in its place."""
    for target in targets(policy, reached):
        if target.kind == "policy" and target.id not in seen:
            seen.add(target.id)
            yield from _flat(inventory, inventory.escalation_policies[target.id], target, seen)
        else:
            yield target


# --- what changed -------------------------------------------------------------------------------


def _release(found: Deployment) -> Release:
    alert = found.staleness_alert
    return Release(
        deployment=id_of(found),
        released=found.released or "",
        released_at=found.released_at,
        running=found.running or "",
        observed_at=found.observed_at,
        state=deployment.release_state(found) or "",
        promotion=found.promotion or "",
        out_of_band=found.out_of_band or "",
        stale_after_seconds=seconds(alert.after) if alert else None,
        stale_pages=(alert and alert.pages) or "",
    )


def _fixes(inventory: Inventory, agent: Agent) -> Iterator[Fix]:
    for name, fix in sorted((agent.mitigations or {}).items()):
        force = deployment.in_force(inventory, agent, fix)
        yield Fix(name, fix.kind or "", fix.since or "", fix.incident or "", force.holds)


def _abilities(inventory: Inventory, agent: Agent) -> Iterator[Ability]:
    for name in agent.capabilities or ():
        one = inventory.capabilities[name]
        yield Ability(name, one.enabled, one.live_runs, one.last_live_run)


def _takes_over(found: WrittenFallback) -> TakesOver:
    return TakesOver(
        id=id_of(found),
        trigger=found.trigger or "",
        target=found.target or "",
        monitored=found.monitored,
        last_exercised=found.last_exercised,
        sunset=found.sunset,
        shares=words(found.shares),
        skips=words(found.skips),
    )


# --- when it runs, what it keeps, who hears -----------------------------------------------------


def _planned(facts: Facts, agent: Agent, plan: Schedule) -> Planned:
    return Planned(
        cron=plan.cron or "",
        time_zone=plan.time_zone or "",
        max_duration_seconds=seconds(plan.max_duration),
        change_tools=words(plan.change_tools),
        review_within_seconds=seconds(plan.review_within),
        meets=tuple(map(_meets, facts.once(_meetings).get(id_of(agent), ()))),
    )


def _meetings(facts: Facts) -> Mapping[str, list[Meeting]]:
    """Return the calendars that the planned runs of each agent must heed."""
    found: dict[str, list[Meeting]] = {}
    for one in facts.once(all_meetings):
        found.setdefault(id_of(one.agent), []).append(one)
    return found


def _meets(found: Meeting) -> Meets:
    name = id_of(found.calendar)
    known, crossing = not found.missing, not (found.missing or found.missing_length)
    return Meets(
        calendar=name,
        skipped=name in (found.schedule.skips or ()),
        inside=found.inside.count if known else None,
        first=found.inside.first,
        last=found.inside.last,
        crossing=found.crossing.count if crossing else None,
    )


def _kept(facts: Facts, kept: Capture) -> Kept:
    return Kept(words(kept.captures), seconds(kept.retention), access(facts, kept))


def _complaints(agent: Agent) -> Iterator[Complaints]:
    for intake in (agent.audience.intake if agent.audience else None) or ():
        yield Complaints(intake.channel or "", intake.routes_to or "")
