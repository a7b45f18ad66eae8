"""Which agents an entity concerns: whose work it is part of, however many steps away."""

from __future__ import annotations

from blastlint.analyses.escalation import rotations_paged, targets
from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from blastlint.inventory.models import Agent, Entity, Tool, Workflow
    from blastlint.subjects.facts import Facts


def concerned(facts: Facts, section: str, entity: Entity) -> tuple[str, ...]:
    """Return the agents that an entity of a section concerns, sorted; none if nothing uses it.

    What belongs to nobody in particular, such as a team or a repair route, concerns every agent.
    """
    finder = _FINDERS.get(section)
    names = finder(facts, entity) if finder else facts.inventory.agents
    return tuple(sorted(set(names)))


def _by_agents(matches: Callable[[Agent, str], bool]) -> Callable[[Facts, Any], Iterator[str]]:
    """Return a finder of the agents that match an entity's id."""

    def find(facts: Facts, entity: Entity) -> Iterator[str]:
        name = id_of(entity)
        return (id_of(a) for a in facts.inventory.agents.values() if matches(a, name))

    return find


def _by_tools(matches: Callable[[Tool, str], bool]) -> Callable[[Facts, Any], Iterator[str]]:
    """Return a finder of the agents with a tool that matches an entity's id."""

    def find(facts: Facts, entity: Entity) -> Iterator[str]:
        name = id_of(entity)
        return (a for tool in facts.tools() if matches(tool, name) for a in facts.agents_of(tool))

    return find


def _log(facts: Facts, log: Entity) -> Iterable[str]:
    on = (s for s in facts.inventory.systems.values() if s.audit_log == id_of(log))
    return (agent for system in on for agent in facts.agents_on(system))


def _calendar(facts: Facts, calendar: Entity) -> Iterable[str]:
    name = id_of(calendar)
    on = (s for s in facts.inventory.systems.values() if name in (s.calendars or ()))
    return (agent for system in on for agent in facts.agents_on(system))


def _quota(facts: Facts, quota: Any) -> Iterable[str]:  # noqa: ANN401 -- a record
    """Return the agents that draw on a quota: every agent, where nobody says who does."""
    if quota.consumers is None:
        return facts.inventory.agents
    tools = facts.inventory.tools
    found: set[str] = set()
    for name in quota.consumers:
        kind, _, id_ = name.partition(":")
        found |= {id_} if kind == "agent" else set()
        found |= set(facts.agents_of(tools[id_])) if kind == "tool" else set()
    return found


def _capability(facts: Facts, capability: Entity) -> Iterator[str]:
    name = id_of(capability)
    yield from _by_agents(lambda agent, one: one in (agent.capabilities or ()))(facts, capability)
    for tool in facts.tools():
        if tool.capability == name:
            yield from facts.agents_of(tool)


def _runbook(facts: Facts, runbook: Entity) -> Iterator[str]:
    name = id_of(runbook)
    yield from _by_agents(lambda agent, one: agent.runbook == one)(facts, runbook)
    for tool in facts.tools():
        if tool.reversibility and tool.reversibility.runbook == name:
            yield from facts.agents_of(tool)


def _workflow(facts: Facts, workflow: Workflow) -> Iterator[str]:
    for name in workflow.steps or ():
        yield from facts.agents_of(facts.inventory.tools[name])


def _policy(facts: Facts, policy: Entity) -> Iterator[str]:
    """Yield the agents whose page reaches a policy, by way of others or not."""
    policies = facts.inventory.escalation_policies
    for agent in facts.inventory.agents.values():
        pending = [agent.escalation] if agent.escalation else []
        for name in pending:
            nested = (target for target in targets(policies[name]) if target.kind == "policy")
            pending += (target.id for target in nested if target.id not in pending)
        if id_of(policy) in pending:
            yield id_of(agent)


def _rotation(facts: Facts, rotation: Entity) -> Iterable[str]:
    return facts.once(_called)[id_of(rotation)]


def _called(facts: Facts) -> dict[str, set[str]]:
    """Return the agents that each rotation is there for, by rotation."""
    found: dict[str, set[str]] = {name: set() for name in facts.inventory.rotations}
    for agent in facts.inventory.agents.values():
        for name in filter(None, _rotations_of(facts, agent)):
            found[name].add(id_of(agent))
    return found


def _rotations_of(facts: Facts, agent: Agent) -> Iterator[str | None]:
    """Yield who is paged for an agent or its systems, hears complaints, approves, revokes."""
    inventory = facts.inventory
    yield from rotations_paged(inventory, agent.escalation)
    yield inventory.runbooks[agent.runbook].reader if agent.runbook else None
    yield from (inventory.systems[name].on_call for name in facts.systems_of(agent))
    tools = facts.tools_of(agent)
    ways = (inventory.credentials[tool.credential].revocation for tool in tools if tool.credential)
    yield from (way.by for way in ways if way)
    gates = (inventory.approval_gates.get(tool.approval or "") for tool in tools)
    intakes = (agent.audience.intake if agent.audience else None) or ()
    asked = (*(gate.approvers for gate in gates if gate), *(one.routes_to for one in intakes))
    named = (target for target in asked if target and target.startswith("rotation:"))
    yield from (target.partition(":")[2] for target in named)


_FINDERS: dict[str, Callable[[Facts, Any], Iterable[str]]] = {
    "agents": lambda _, agent: (id_of(agent),),
    "tools": lambda facts, tool: facts.agents_of(tool),
    "systems": lambda facts, system: facts.agents_on(system),
    "credentials": lambda facts, credential: facts.agents_with(credential),
    "audit_logs": _log,
    "calendars": _calendar,
    "quotas": _quota,
    "capabilities": _capability,
    "runbooks": _runbook,
    "escalation_policies": _policy,
    "workflows": _workflow,
    "rotations": _rotation,
    "deployments": _by_agents(lambda agent, name: agent.deployment == name),
    "fallbacks": _by_agents(lambda agent, name: name in (agent.fallbacks or ())),
    "approval_gates": _by_tools(lambda tool, name: tool.approval == name),
    "retry_profiles": _by_tools(lambda tool, name: tool.retry == name),
}
"""Section to the function that finds the agents which its entities concern."""
