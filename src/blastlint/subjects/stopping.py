"""How an agent is stopped and turned back, and what it does until then."""

from __future__ import annotations

from blastlint.analyses import axes, entitlements
from blastlint.analyses.containment import containment, outcome
from blastlint.analyses.escalation import first_response
from blastlint.expression import BOOL, DOUBLE, DURATION, NotStated, enum_of, record_of
from blastlint.inventory.record import id_of, state
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.facts import is_live, is_on
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from blastlint.analyses.axes import Lacks
    from blastlint.analyses.cells import Cell
    from blastlint.analyses.containment import Containment
    from blastlint.analyses.entitlements import Ability
    from blastlint.inventory.models import Agent, RollbackLever, Tool
    from blastlint.subjects.facts import Facts
    from blastlint.subjects.subject import Kind

OUTCOME = enum_of("read_only", "reversible", "compensable", "irreversible")

# --- until it is stopped ------------------------------------------------------------------------


def _contained(facts: Facts, tool: Tool) -> tuple[Containment, ...]:
    """Return what each live agent does with a tool until it is stopped, if something stops it."""
    inventory = facts.inventory
    agents = (inventory.agents[name] for name in facts.agents_of(tool))
    return tuple(
        containment(inventory, agent, tool)
        for agent in agents
        if is_on(tool) and is_live(agent) and _is_stopped(facts, agent)
    )


def _is_stopped(facts: Facts, agent: Agent) -> bool:
    """Return whether a switch and a person may be there: that there is none is told elsewhere."""
    switch = agent.kill_switch
    if state(agent, "kill_switch") == "null" or (switch and state(switch, "measured") == "null"):
        return False
    return first_response(facts.inventory, agent).may_be_somebody


def _ungated(facts: Facts, tool: Tool) -> object:
    """Return the most calls that no gate holds back until an agent is stopped.

    A gate that nobody names holds nothing back. One agent that does too much is enough; what is
    open of the others does not matter then.
    """
    named = state(tool, "approval") != "missing"
    found = _contained(facts, tool)
    calls = [one.ungated if named else one.effects for one in found]
    known = max((count for count in calls if count is not None), default=0)
    gaps = tuple(
        c for one, count in zip(found, calls, strict=True) if count is None for c in one.missing
    )
    enough = known > facts.inventory.policy.max_undetected_effects
    return NotStated(gaps) if gaps and not enough else known


def _longest(facts: Facts, tool: Tool) -> object:
    found = _contained(facts, tool)
    return max((one.lasts for one in found if one.lasts is not None), default=None)


def _outcome(facts: Facts, tool: Tool) -> object:
    found = outcome(facts.inventory, tool)
    if found:
        return found
    way = tool.reversibility
    if way is None:
        return None if state(tool, "reversibility") == "null" else _open((tool, "reversibility"))
    return None if state(way, "class") == "null" else _open((way, "class"))


def _open(*cells: Cell) -> NotStated:
    return NotStated(cells)


# --- the switch ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """Systems in which agents can change something, as agent and system."""

    surely: frozenset[tuple[str, str]]
    possibly: frozenset[tuple[str, str]]
    """Those for which a fact is missing."""


def _written(facts: Facts) -> Written:
    found: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
    for path in facts.paths():
        if path.writes:
            sure = path.certainty != "needs-fact"
            found[sure] |= {(agent, path.system) for agent in path.agents}
    return Written(frozenset(found[True]), frozenset(found[False]))


def _switch_shares(facts: Facts, agent: Agent) -> object:
    """Return what its switch depends on and the agent uses or can change."""
    switch = agent.kill_switch
    judged = {name: _is_shared(facts, agent, name) for name in (switch and switch.depends_on) or ()}
    shared = [name for name, found in judged.items() if found is True]
    gaps = [found for found in judged.values() if isinstance(found, tuple)]
    return NotStated(sum(gaps, ())) if gaps and not shared else shared


def _is_shared(facts: Facts, agent: Agent, name: str) -> bool | tuple[Cell, ...]:
    """Return whether an agent uses or can change a thing, or the cells that would tell."""
    kind, _, id_ = name.partition(":")
    if kind == "credential":
        return id_of(agent) in facts.agents_with(facts.inventory.credentials[id_])
    if kind == "quota":
        return _draws(facts, agent, id_)
    if kind == "system":
        pair, written = (id_of(agent), id_), facts.once(_written)
        return () if pair in written.possibly - written.surely else pair in written.surely
    return name == f"agent:{id_of(agent)}"


def _draws(facts: Facts, agent: Agent, quota: str) -> bool | tuple[Cell, ...]:
    """Return whether an agent draws on a quota, itself or by a fallback."""
    record = facts.inventory.quotas[quota]
    fallbacks = (facts.inventory.fallbacks[name] for name in agent.fallbacks or ())
    if any(f"quota:{quota}" in (fallback.shares or ()) for fallback in fallbacks):
        return True
    if state(record, "consumers") in {"missing", "unknown"}:
        return ((record, "consumers"),)
    return f"agent:{id_of(agent)}" in (record.consumers or ())


# --- the way back -------------------------------------------------------------------------------


def _levers(facts: Facts) -> Mapping[RollbackLever, Ability]:
    """Return for each lever whether the rotation that is paged first can use it."""
    return {
        ability.part: ability  # type: ignore[misc]  # the part that a lever's ability names is it
        for agent in facts.inventory.agents.values()
        for ability in entitlements.rollback_levers(facts.inventory, agent)
    }


def _usable(facts: Facts, lever: RollbackLever) -> object:
    ability = facts.once(_levers)[lever]
    return or_missing(ability.can, ability.missing)


def _lacking(find: Callable[[Agent], Lacks]) -> Callable[[Facts, Agent], object]:
    """Return the function that answers what an agent lacks of a list."""

    def work_out(_: Facts, agent: Agent) -> object:
        found = find(agent)
        return NotStated(found.missing) if found.missing else list(found.names)

    return work_out


RECORDS: Mapping[str, Mapping[str, Answer]] = {
    "Tool": {
        "outcome": Answer(OUTCOME, _outcome),
        "containment": Answer(record_of("Containment"), View),
    },
    "Containment": {
        "ungated": Answer(DOUBLE, _ungated),
        "lasts": Answer(DURATION, _longest),
    },
    "Agent": {
        "switch_shares": Answer(NAMES, _switch_shares),
        "unlevered": Answer(NAMES, _lacking(axes.unlevered)),
        "unmonitored": Answer(NAMES, _lacking(axes.unmonitored)),
    },
    "RollbackLever": {"usable": Answer(BOOL, _usable)},
}
"""Record to the facts that are worked out for it."""

KINDS: tuple[Kind, ...] = ()
