"""Which agents an entity concerns: whose work it is part of, however many steps away."""

from __future__ import annotations

from blastlint.analyses.escalation import rotations_paged, targets
from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from blastlint.inventory.models import Agent, Entity, System, Tool, Workflow
    from blastlint.subjects.facts import Facts

    Finder = Callable[[Facts, Any], Iterable[str]]


def concerned(facts: Facts, section: str, entity: Entity) -> tuple[str, ...]:
    """Return the agents that an entity of a section concerns, sorted; none if nothing uses it.

    What belongs to nobody in particular, such as a team or a repair route, concerns every agent.
    """
    finder = _FINDERS.get(section)
    return tuple(sorted(set(finder(facts, entity)))) if finder else facts.once(_everybody)


def _everybody(facts: Facts) -> tuple[str, ...]:
    return tuple(sorted(facts.inventory.agents))


def _found_once(users: Callable[[Facts], Iterable[tuple[str, str]]]) -> Finder:
    """Return a finder that looks up what a function yields: entities, each with an agent."""

    def work_out(facts: Facts) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, agent in users(facts):
            found.setdefault(name, set()).add(agent)
        return found

    return lambda facts, entity: facts.once(work_out).get(id_of(entity), ())


def _by_agents(named: Callable[[Agent], Iterable[str | None]]) -> Finder:
    """Return a finder of the agents that name an entity."""
    return _found_once(
        lambda facts: (
            (name, id_of(agent))
            for agent in facts.inventory.agents.values()
            for name in filter(None, named(agent))
        )
    )


def _by_tools(named: Callable[[Tool], Iterable[str | None]]) -> Finder:
    """Return a finder of the agents with a tool that names an entity."""
    return _found_once(
        lambda facts: (
            (name, agent)
            for tool in facts.tools()
            for name in filter(None, named(tool))
            for agent in facts.agents_of(tool)
        )
    )


def _by_systems(named: Callable[[System], Iterable[str | None]]) -> Finder:
    """Return a finder of the agents with a tool on a system that names an entity."""
    return _found_once(
        lambda facts: (
            (name, agent)
            for system in facts.inventory.systems.values()
            for name in filter(None, named(system))
            for agent in facts.agents_on(system)
        )
    )


def _by_either(one: Finder, other: Finder) -> Finder:
    return lambda facts, entity: (*one(facts, entity), *other(facts, entity))


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


def _workflow(facts: Facts, workflow: Workflow) -> Iterator[str]:
    for name in workflow.steps or ():
        yield from facts.agents_of(facts.inventory.tools[name])


def _policies(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the policies that an agent's page reaches, by way of others or not."""
    policies = facts.inventory.escalation_policies
    for agent in facts.inventory.agents.values():
        pending = [agent.escalation] if agent.escalation else []
        for name in pending:
            nested = (target for target in targets(policies[name]) if target.kind == "policy")
            pending += (target.id for target in nested if target.id not in pending)
        yield from ((name, id_of(agent)) for name in pending)


def _rotations(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the rotations that are there for an agent."""
    for agent in facts.inventory.agents.values():
        for name in filter(None, _rotations_of(facts, agent)):
            yield name, id_of(agent)


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


_FINDERS: dict[str, Finder] = {
    "agents": lambda _, agent: (id_of(agent),),
    "tools": lambda facts, tool: facts.agents_of(tool),
    "systems": lambda facts, system: facts.agents_on(system),
    "credentials": lambda facts, credential: facts.agents_with(credential),
    "audit_logs": _by_systems(lambda system: (system.audit_log,)),
    "calendars": _by_systems(lambda system: system.calendars or ()),
    "quotas": _quota,
    "capabilities": _by_either(
        _by_agents(lambda agent: agent.capabilities or ()),
        _by_tools(lambda tool: (tool.capability,)),
    ),
    "runbooks": _by_either(
        _by_agents(lambda agent: (agent.runbook,)),
        _by_tools(lambda tool: (tool.reversibility.runbook if tool.reversibility else None,)),
    ),
    "escalation_policies": _found_once(_policies),
    "workflows": _workflow,
    "rotations": _found_once(_rotations),
    "deployments": _by_agents(lambda agent: (agent.deployment,)),
    "fallbacks": _by_agents(lambda agent: agent.fallbacks or ()),
    "approval_gates": _by_tools(lambda tool: (tool.approval,)),
    "retry_profiles": _by_tools(lambda tool: (tool.retry,)),
}
"""Section to the function that finds the agents which its entities concern."""
