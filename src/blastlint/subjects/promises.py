"""What an agent says and what its numbers say: promises, service levels, metrics, cost."""

from __future__ import annotations

from functools import partial
from math import inf

from blastlint.analyses.load import Step, expected_asks, expected_attempts, run_cost, views
from blastlint.expression import BOOL, DOUBLE, STRING, NotStated, enum_of, format_value, record_of
from blastlint.inventory.record import at, id_of, path_of, state
from blastlint.subjects.answer import NAMES, Answer, View
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blastlint.inventory.models import Agent, Commitment, Metric, Slo, Tool
    from blastlint.subjects.facts import Facts

UNIT = enum_of("task", "step", "attempt")


def _agent(facts: Facts, part: Commitment | Metric) -> Agent:
    """Return the agent that a part of its row belongs to."""
    return facts.inventory.agents[str(path_of(part)[1])]


def _listed(
    kind: str, field: str, name: Callable[[Commitment | Metric], str]
) -> Callable[[Facts], Iterator[Subject]]:
    """Return the function that lists the parts of some list in every agent's row."""

    def subjects(facts: Facts) -> Iterator[Subject]:
        for agent, row in facts.inventory.agents.items():
            titles = [name(part) for part in getattr(row, field) or ()]
            for part, title in zip(getattr(row, field) or (), _numbered(titles), strict=True):
                subject = SubjectId(kind, f"{agent}/{title}")
                yield Subject(subject, part, partial(at, part), (agent,))

    return subjects


def _numbered(titles: Sequence[str]) -> list[str]:
    """Return names that are all different: the second of a kind is told by its number."""
    counts = [titles[: number + 1].count(title) for number, title in enumerate(titles)]
    return [f"{t}#{n}" if n > 1 else t for t, n in zip(titles, counts, strict=True)]


# --- promises -----------------------------------------------------------------------------------


def _callable(facts: Facts, promise: Commitment) -> bool:
    """Return whether the agent can call the tool that backs a promise."""
    agent = id_of(_agent(facts, promise))
    return promise.tool is not None and agent in facts.agents_of(
        facts.inventory.tools[promise.tool]
    )


# --- service levels and metrics -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number by which an agent is judged."""

    agent: Agent
    name: str
    part: Slo | Metric


def _indicators(facts: Facts) -> Iterator[Subject]:
    for name, agent in facts.inventory.agents.items():
        slo = [Indicator(agent, "slo", agent.slo)] if agent.slo else []
        titles = _numbered([metric.name for metric in agent.metrics or ()])
        numbers = zip(titles, agent.metrics or (), strict=True)
        for found in (*slo, *(Indicator(agent, title, metric) for title, metric in numbers)):
            subject = SubjectId("indicator", f"{name}/{found.name}")
            yield Subject(subject, found, partial(at, found.part, "unit"), (name,))


def _unit(_: Facts, indicator: Indicator) -> object:
    if indicator.part.unit is None and state(indicator.part, "unit") != "null":
        return NotStated(((indicator.part, "unit"),))
    return indicator.part.unit


def _shown(agent: Agent) -> list[Metric]:
    """Return the metrics of an agent that stand on somebody's dashboard and say what they count."""
    return [metric for metric in agent.metrics or () if metric.view and metric.unit]


def _unjoined(_: Facts, agent: Agent) -> object:
    """Return the views of an agent that count different things and share no key, in words."""
    shown = _shown(agent)
    if len({m.view for m in shown}) < 2 or len({m.unit for m in shown}) < 2:  # noqa: PLR2004
        return []
    open_cells = tuple(
        (m, "correlation_key")
        for m in shown
        if state(m, "correlation_key") in {"missing", "unknown"}
    )
    stated = {m.correlation_key for m in shown if (m, "correlation_key") not in open_cells}
    if open_cells and len(stated) < 2 and None not in stated:  # noqa: PLR2004
        return NotStated(open_cells)
    joined = len(stated) == 1 and None not in stated
    return [] if joined else [f"{m.view}: {m.name} by {m.unit}" for m in shown]


# --- cost ---------------------------------------------------------------------------------------


def _most_repeated(facts: Facts, agent: Agent) -> Tool | None:
    """Return the tool of an agent with the most attempts, as far as they are known."""
    known = [t for t in facts.tools_of(agent) if facts.retry(t).attempts is not None]
    return max(known, key=lambda tool: facts.retry(tool).attempts or 0, default=None)


def _worst(facts: Facts, metric: Metric) -> object:
    """Return the most attempts that one intent of the agent's tools can come to."""
    agent = _agent(facts, metric)
    tool = _most_repeated(facts, agent)
    most = facts.retry(tool).attempts if tool else None
    found = [facts.retry(t) for t in facts.tools_of(agent)]
    missing = tuple(cell for f in found if f.attempts is None for cell in f.missing)
    return NotStated(missing) if missing and (most is None or most == 1) else most or 1


def _expected(facts: Facts, metric: Metric) -> object:
    """Return the most attempts to expect, of the tools whose rate of failure is measured."""
    counts = [
        expected_attempts(facts.retry(tool).layers, tool.failure_rate)
        for tool in facts.tools_of(_agent(facts, metric))
        if tool.failure_rate is not None
    ]
    return max((count for count in counts if count is not None), default=None)


def _cost(facts: Facts, metric: Metric) -> str:
    """Return what the most repeated tool costs, expected and at worst; empty if not known."""
    agent = _agent(facts, metric)
    tool = _most_repeated(facts, agent)
    if tool is None or tool.call_cost is None:
        return ""
    found, rate = facts.retry(tool), tool.failure_rate
    asking = _asking(agent, tool.call_cost.currency)
    asks = next((x.most() or 1 for x in found.layers if x.name == "planner"), 1)
    told = [("at worst", found.attempts, asks)]
    if rate is not None:
        expected = expected_attempts(found.layers, rate)
        told.insert(0, ("expected", expected, expected_asks(found.stages, found.layers, rate) or 1))
    sums = ((w, run_cost(n or 1, tool.call_cost.value, a, asking)) for w, n, a in told)
    return ", ".join(f"{words} {_money(s)} {tool.call_cost.currency}" for words, s in sums)


def _asking(agent: Agent, currency: str) -> float:
    """Return what one call of the agent's model costs, if it is in the same currency."""
    cost = agent.model.call_cost if agent.model else None
    return cost.value if cost and cost.currency == currency else 0.0


def _money(amount: float) -> str:
    return "without end" if amount == inf else format_value(amount)


def _worst_view(facts: Facts, agent: Agent) -> str:
    """Return how one success of the most repeated tool counts in three views."""
    tool = _most_repeated(facts, agent)
    most = facts.retry(tool).attempts if tool else None
    if tool is None or most is None or most == inf:
        return ""
    told = views([Step(id_of(tool), most, succeeded=True)])
    failed, total = format_value(told.attempts.failed), format_value(told.attempts.total)
    return f"1 of 1 tasks, {failed} of {total} attempts failed, {format_value(told.billed)} billed"


RECORDS = {
    "Commitment": {
        "agent": Answer(record_of("Agent"), lambda facts, one: View(facts, _agent(facts, one))),
        "callable": Answer(BOOL, _callable),
    },
    "Indicator": {
        "agent": Answer(record_of("Agent"), lambda facts, one: View(facts, one.agent)),
        "name": Answer(STRING, lambda _, one: one.name),
        "unit": Answer(UNIT, _unit),
    },
    "Metric": {
        "agent": Answer(record_of("Agent"), lambda facts, one: View(facts, _agent(facts, one))),
        "worst_attempts": Answer(DOUBLE, _worst),
        "expected_attempts": Answer(DOUBLE, _expected),
        "costs": Answer(STRING, _cost),
    },
    "Agent": {
        "unjoined_views": Answer(NAMES, _unjoined),
        "worst_view": Answer(STRING, _worst_view),
    },
}
"""Records of the condition language for what an agent says, and for what its numbers say."""

KINDS = (
    Kind(
        "commitment",
        "Commitment",
        _listed("commitment", "commitments", lambda one: one.promise),  # type: ignore[union-attr]
        "every promise that an agent may make",
    ),
    Kind(
        "metric",
        "Metric",
        _listed("metric", "metrics", lambda one: one.name),  # type: ignore[union-attr]
        "every number that people look at",
    ),
    Kind("indicator", "Indicator", _indicators, "every service level and metric of an agent"),
)
