"""What a report says beside its findings: the joined tool rows, and each agent's reach."""

from __future__ import annotations

from blastlint.finding import AgentSummary, ReachRow, RuleSummary, ToolRow, settle, weight
from blastlint.inventory.record import id_of, state
from blastlint.subjects import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.finding import Finding
    from blastlint.inventory.models import Agent, Tool
    from blastlint.reach import Reached
    from blastlint.rules import Rule
    from blastlint.subjects import Facts

    Ways = dict[tuple[str, str, str, str], set[str]]
    """System, scope, resource and action to the credentials that open it."""

NOT_STATED = "not stated"


def tool_rows(facts: Facts) -> tuple[ToolRow, ...]:
    """Return the row of every tool that an agent can call, sorted by id."""
    return tuple(_row(facts, tool) for tool in sorted(facts.tools(), key=id_of))


def _row(facts: Facts, tool: Tool) -> ToolRow:
    system = facts.inventory.systems[tool.system] if tool.system else None
    found = facts.retry(tool)
    return ToolRow(
        id=id_of(tool),
        agents=facts.agents_of(tool),
        system=tool.system or NOT_STATED,
        effect=tool.effect or NOT_STATED,
        scope=tool.scope or NOT_STATED,
        tier=facts.tier(tool),
        owner=(system and system.owner) or NOT_STATED,
        on_call=(system and system.on_call) or NOT_STATED,
        credential=tool.credential or NOT_STATED,
        reversibility=_reversibility(tool),
        undo=_undo(tool),
        approval=tool.approval or ("none" if state(tool, "approval") == "null" else NOT_STATED),
        audit_log=(system and system.audit_log) or NOT_STATED,
        attempts=_count(found.attempts),
        effects=_count(found.effects),
    )


def _count(number: float | None) -> int | None:
    return None if number is None or number == float("inf") else int(number)


def _reversibility(tool: Tool) -> str:
    way = tool.reversibility
    if way is None or way.class_ is None:
        return NOT_STATED
    return way.class_ if way.window is None else f"{way.class_}, {_length(way.window.days)}"


def _length(days: int) -> str:
    return f"{days} d" if days else "less than a day"


def _undo(tool: Tool) -> str:
    way = tool.reversibility
    if way is None:
        return NOT_STATED
    return way.compensated_by or way.runbook or way.method or "none"


def agent_summaries(facts: Facts, findings: Sequence[Finding]) -> tuple[AgentSummary, ...]:
    """Return the answer for each agent, sorted by id."""
    agents = sorted(facts.inventory.agents.values(), key=id_of)
    deciding = _deciding(facts, findings)
    return tuple(_agent(facts, agent, deciding[id_of(agent)]) for agent in agents)


def _deciding(facts: Facts, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the findings that an agent's verdict hangs on: of those that weigh alike, one."""
    unlike = {(one.agents, weight(one)): one for one in findings}
    found: dict[str, list[Finding]] = {name: [] for name in facts.inventory.agents}
    for (agents, _), finding in unlike.items():
        for name in agents or found:
            found[name].append(finding)
    return found


def _agent(facts: Facts, agent: Agent, own: Iterable[Finding]) -> AgentSummary:
    name = id_of(agent)
    reached = facts.graph.reached(name)
    return AgentSummary(
        id=name,
        verdict=settle(own),
        tier=facts.agent_tier(agent),
        owner=agent.owner or NOT_STATED,
        systems=tuple(sorted({one.system for one in reached})),
        declared=sum(one.declared for one in reached),
        undeclared=sum(not one.declared for one in reached),
        reach=tuple(reach_rows(reached, facts.once(_ways).get(name, {}))),
    )


def _ways(facts: Facts) -> dict[str, Ways]:
    """Return, for every agent, the credentials that open each place to each action."""
    found: dict[str, Ways] = {}
    for path in facts.paths():
        place = (path.system, path.scope, path.resource)
        for agent in path.agents:
            opened = found.setdefault(agent, {})
            for action in path.actions:
                opened.setdefault((*place, action), set()).add(path.credential)
    return found


def reach_rows(reached: Iterable[Reached], ways: Ways | None = None) -> Iterator[ReachRow]:
    """Yield what is reached, actions on one resource joined if they are reached in one way.

    Args:
        reached: what one agent reaches.
        ways: the credentials that open it; without them, the one of the weakest way.
    """
    rows: dict[tuple[tuple[str, ...], object], list[Reached]] = {}
    for one in reached:
        place = (one.system, one.scope, one.resource)
        through = tuple(sorted((ways or {}).get((*place, one.action), {one.credential})))
        alike = (*place, one.route.node, one.certainty, one.declared, one.reach)
        rows.setdefault((through, alike), []).append(one)
    for (through, _), group in rows.items():
        first = group[0]
        yield ReachRow(
            system=first.system,
            scope=first.scope,
            resource=first.resource,
            actions=tuple(sorted({one.action for one in group})),
            effects=tuple(sorted({one.effect for one in group})),
            certainty=first.certainty,
            declared=first.declared,
            reach=first.reach,
            through=through,
            path=first.path,
        )


def needed_cells(facts: Facts) -> tuple[int, int]:
    """Return how many cells a launch cannot do without, and how many of them hold a value."""
    states = [one.value.state for one in facts.subjects("cell", KINDS["cell"].list)]
    return len(states), states.count("value")


def rule_summaries(rules: Iterable[Rule]) -> tuple[RuleSummary, ...]:
    """Return what outputs need to know of the rules."""
    return tuple(
        RuleSummary(
            r.id,
            r.title,
            r.severity,
            r.profile,
            r.family,
            " ".join(r.why.split()),
            " ".join(r.fix.split()),
            r.refs,
            r.tags,
        )
        for r in rules
    )
