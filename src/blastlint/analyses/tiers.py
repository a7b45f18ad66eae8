"""How dangerous a tool is, and the agent that holds it: the worst axis decides, never a mean."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.gates import gate_worth
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import Literal

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Tool

    Tier = Literal["T0", "T1", "T2", "T3"]

TIERS: tuple[Tier, ...] = ("T0", "T1", "T2", "T3")
"""Harmless first."""
_WORST = 3

EFFECT = {
    "read": 0,
    "append": 1,
    "mutate": 2,
    "notify": 2,
    "destroy": 3,
    "spend": 3,
    "grant": 3,
    "execute": 3,
}
"""Level of an effect. Nothing says whether a message stays inside, so it counts as leaving."""
REVERSIBILITY = {"read_only": 0, "reversible": 1, "compensable": 2, "irreversible": 3}
"""Level of a reversibility class."""
SCOPE = {
    "single_record": 0,
    "channel": 1,
    "bulk": 2,
    "service": 2,
    "repository": 2,
    "account": 3,
    "organisation": 3,
}
"""Level of how much one call can touch."""
DATA = {"public": 0, "internal": 1, "pii": 2, "payment": 3, "health": 3, "secrets": 3}
"""Level of a class of data; for a tool that only reads, 2 at most."""


@dataclass(frozen=True, slots=True)
class RuleOfTwo:
    """Whether an agent combines untrusted input, sensitive data and acting without a person.

    Source: Agents Rule of Two. Any two of them may stand without a person; all three may not.
    """

    untrusted: bool | None
    """A: outsiders can write something that it reads."""
    sensitive: bool | None
    """B: it sees private data or sensitive systems."""
    acts: bool | None
    """C: it can change something or tell somebody without a person's yes to each action."""
    ungated: tuple[str, ...]
    """Write tools that nobody approves."""
    partly_gated: tuple[str, ...]
    """Write tools of which some calls pass unapproved."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""

    @property
    def complete(self) -> bool | None:
        """True if all three hold, False if one does not, None if that is not stated."""
        facts = (self.untrusted, self.sensitive, self.acts)
        return False if False in facts else None if None in facts else True


def tool_tier(inventory: Inventory, tool: Tool, undeclared: Collection[str] = frozenset()) -> Tier:
    """Return the tier of a tool: exactly this, or at least this where `tier_gaps` names cells.

    Args:
        inventory: the inventory of the tool.
        tool: the tool.
        undeclared: effects that its credential opens and that nobody declared.
    """
    return TIERS[max(level or 0 for level in tool_axes(inventory, tool, undeclared).values())]


def tool_axes(
    inventory: Inventory, tool: Tool, undeclared: Collection[str] = frozenset()
) -> dict[str, int | None]:
    """Return the level of each axis of a tool, 0 to 3; none where it is not stated."""
    return {
        "effect": EFFECT.get(tool.effect or ""),
        "reversibility": REVERSIBILITY.get(_class(tool)),
        "scope": SCOPE.get(tool.scope or ""),
        "data": _data(inventory, tool),
        "reach": _WORST if set(undeclared) - {"read"} else 2 if undeclared else 0,
    }


def tier_gaps(inventory: Inventory, tool: Tool) -> tuple[Cell, ...]:
    """Return the open cells that could raise a tier; they cannot raise the worst one."""
    cells = unstated(tool, "effect", "reversibility", "scope", "system")
    if tool.reversibility is not None:
        cells += unstated(tool.reversibility, "class")
    if tool.system is not None:
        cells += unstated(inventory.systems[tool.system], "data")
    return cells


def agent_tier(combined: RuleOfTwo, tools: Iterable[Tier]) -> Tier:
    """Return the tier of an agent: its worst tool's, one higher if the Rule of Two is broken.

    Args:
        combined: what the agent combines.
        tools: tiers of the tools that it can call.
    """
    level = max(map(TIERS.index, tools), default=0)
    return TIERS[min(level + (combined.complete is True), _WORST)]


def rule_of_two(inventory: Inventory, agent: Agent, tools: Iterable[Tool]) -> RuleOfTwo:
    """Return whether an agent combines untrusted input, sensitive data and unapproved acts.

    Args:
        inventory: the inventory of the agent.
        agent: the agent.
        tools: the tools that it can call.
    """
    writes = [tool for tool in tools if tool.effect != "read"]
    gates = {tool.id: gate_worth(inventory, tool) for tool in writes if tool.effect}
    ungated = tuple(name for name, gate in gates.items() if gate.worth == "none")
    partly = tuple(name for name, gate in gates.items() if gate.worth == "partial")
    cells = (cell for gate in gates.values() if gate.worth is None for cell in gate.missing)
    effects = (cell for tool in writes for cell in unstated(tool, "effect"))
    gaps = () if ungated or partly else (*effects, *cells)
    return RuleOfTwo(
        None if unstated(agent, "untrusted_inputs") else bool(agent.untrusted_inputs),
        None if unstated(agent, "sensitive_data") else bool(agent.sensitive_data),
        True if ungated or partly else None if gaps else False,
        ungated,
        partly,
        (*unstated(agent, "untrusted_inputs", "sensitive_data"), *gaps),
    )


def _class(tool: Tool) -> str:
    return (tool.reversibility.class_ if tool.reversibility else None) or ""


def _data(inventory: Inventory, tool: Tool) -> int | None:
    """Return the level of the worst data of the tool's system; reading alone is 2 at most."""
    system = inventory.systems[tool.system] if tool.system else None
    if system is None or system.data is None:
        return None
    worst = max((DATA[kind] for kind in system.data), default=0)
    return min(worst, 2) if tool.effect == "read" else worst
