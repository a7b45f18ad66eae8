"""What of an agent can change, and whether somebody can turn it back and would notice."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.models import Agent

INHERENT = ("code", "prompt", "model")
"""Axes along which every agent changes."""
BEHAVIOUR = frozenset(
    {"refusal_rate", "quality_rate", "correction_rate", "escalation_rate", "tool_mix"}
)
"""Measures of what an agent does, where its servers look well."""
_WATCHED = {
    "model or version change": frozenset({"model_version", "version_change"}),
    "tool schema or empty results": frozenset({"tool_schema", "empty_result_rate"}),
    "refusals or quality": BEHAVIOUR,
}
"""What every agent's silent decay shows in, and the monitors that show it."""
_INDEX = "retrieval freshness"


@dataclass(frozen=True, slots=True)
class Lacks:
    """What an agent lacks of a list."""

    names: tuple[str, ...]
    """What it lacks, in the list's order."""
    missing: tuple[Cell, ...] = ()
    """Cells that could lengthen or shorten that; none: it is all of it."""


def unlevered(agent: Agent) -> Lacks:
    """Return the axes along which an agent changes and cannot be rolled back.

    Where `axes` is not stated, those that every agent has are certain and the rest is open.
    """
    gaps = unstated(agent, "rollback_levers")
    if gaps:
        return Lacks((), gaps)
    levers = agent.rollback_levers or ()
    have = {lever.kind for lever in levers}
    lacking = tuple(axis for axis in agent.axes or INHERENT if axis not in have)
    open_levers = tuple(cell for lever in levers for cell in unstated(lever, "kind"))
    if open_levers:
        return Lacks((), open_levers) if lacking else Lacks(())
    return Lacks(lacking, () if lacking else unstated(agent, "axes"))


def unmonitored(agent: Agent) -> Lacks:
    """Return the ways of silent decay of an agent that no monitor of it shows.

    An index is watched where there is one: where `axes` names it.
    """
    gaps = unstated(agent, "monitors")
    if gaps:
        return Lacks((), gaps)
    have = frozenset(agent.monitors or ())
    lacking = [what for what, shown in _WATCHED.items() if not have & shown]
    if "retrieval_freshness" in have:
        return Lacks(tuple(lacking))
    if "retrieval_index" in (agent.axes or ()):
        return Lacks((_INDEX, *lacking))
    return Lacks(tuple(lacking), () if lacking else unstated(agent, "axes"))


def behavioural(measures: Collection[str]) -> bool:
    """Return whether one of some measures is about what an agent does."""
    return not BEHAVIOUR.isdisjoint(measures)
