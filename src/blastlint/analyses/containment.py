"""How much a tool does before somebody stops it, in effects and in money."""

from __future__ import annotations

from math import floor, inf

from blastlint.analyses.cells import unstated
from blastlint.analyses.escalation import first_response
from blastlint.analyses.gates import gate_worth
from blastlint.inventory.record import state
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Money, Tool

_ROUNDING = 1e-9
"""A rate is a quotient; this keeps 20 a minute for a minute at 20."""


@dataclass(frozen=True, slots=True)
class Containment:
    """What happens between the first bad call and the last one."""

    agent: str
    """Agent id."""
    lasts: timedelta | None
    """Detection, paging, acknowledgement, kill switch."""
    effects: float | None
    """Calls in that time at the highest rate, gate or not; infinite where nothing caps it."""
    ungated: float | None
    """Those of them that no person sees: none behind a full gate."""
    money: float | None
    """Largest sum of the ungated calls; none: not stated, or the tool moves no money."""
    currency: str
    """Its currency; empty without a sum."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def containment(inventory: Inventory, agent: Agent, tool: Tool) -> Containment:
    """Return what an agent can do with a tool before it is stopped.

    effects = highest rate x (detection + paging + acknowledgement + kill switch), whole calls;
    money = ungated effects x the largest amount that passes ungated.
    """
    response = first_response(inventory, agent)
    gate = gate_worth(inventory, tool)
    lasts, rate = response.until_stopped, tool.max_rate
    if state(tool, "max_rate") == "null":
        rate = inf
    effects = None if lasts is None or rate is None else _whole(rate * lasts.total_seconds())
    ungated = 0 if gate.worth == "full" else effects if gate.worth else None
    each = gate.ungated_max if gate.worth == "partial" else tool.max_amount
    missing = (*unstated(tool, "max_rate"), *response.missing, *_stopping(agent), *gate.missing)
    return Containment(
        agent.id,
        lasts,
        effects,
        ungated,
        _money(ungated, each),
        each.currency if each else "",
        missing,
    )


def outcome(inventory: Inventory, tool: Tool) -> str:
    """Return the worst class of what a call sets off: its own, or that of an effect elsewhere.

    A write that is passed on is compensable where something undoes it there, irreversible where
    nothing does (OWASP AISVS 9.2.10: the worst class of a chain governs). Empty: not stated.
    """
    own = (tool.reversibility.class_ if tool.reversibility else None) or ""
    system = inventory.systems[tool.system] if tool.system else None
    passed_on = (system.propagates if system else None) or ()
    if any(state(effect, "compensated_by") == "null" for effect in passed_on):
        return "irreversible"
    return "compensable" if passed_on and own == "reversible" else own


def _whole(calls: float) -> float:
    return calls if calls == inf else floor(calls + _ROUNDING)


def _money(calls: float | None, each: Money | None) -> float | None:
    return None if calls is None or each is None else calls * each.value if each.value else 0.0


def _stopping(agent: Agent) -> tuple[Cell, ...]:
    """Return the open cell of the kill switch; one that nobody measured stops at no known time."""
    if agent.kill_switch is None:
        return unstated(agent, "kill_switch")
    return ((agent.kill_switch, "measured"),) if agent.kill_switch.measured is None else ()
