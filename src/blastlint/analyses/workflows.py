"""The order of a workflow's steps, and the class that the whole of it has.

Saga (H. Garcia-Molina and K. Salem, 1987): first what can be compensated, then the one step that
cannot, then nothing that may still have to be undone.
"""

from __future__ import annotations

from blastlint.analyses.gates import gate_worth
from blastlint.analyses.tiers import REVERSIBILITY
from blastlint.inventory.record import id_of
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool, Workflow

_ASKED = ("none", "partial", "full")
"""What a gate is worth, least first."""
_FINAL = frozenset({"spend", "destroy", "grant", "execute"})
"""Effects that make a step without a class count as one that cannot be undone."""


@dataclass(frozen=True, slots=True)
class Order:
    """A step that cannot be undone, and the first one after it that may have to be."""

    final: str
    """Tool id of the former."""
    late: str
    """Tool id of the latter."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """What a workflow makes smaller than it is."""

    why: str
    """In words; empty if nothing."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell; none: it is known."""


def steps_of(inventory: Inventory, workflow: Workflow) -> tuple[Tool, ...]:
    """Return the tools of a workflow, in order."""
    return tuple(inventory.tools[name] for name in workflow.steps or ())


def misordered(inventory: Inventory, workflow: Workflow) -> Order | None:
    """Return the first irreversible step with a compensable one after it; none: a sound order.

    A step of no known class takes no part: its own row is asked for it.
    """
    final = ""
    for step in steps_of(inventory, workflow):
        kind = class_of(step)
        if final and kind == "compensable":
            return Order(final, id_of(step))
        if not final and kind == "irreversible":
            final = id_of(step)
    return None


def class_of(tool: Tool) -> str:
    """Return the class of a step, as its row says; what spends or destroys is irreversible."""
    said = tool.reversibility.class_ if tool.reversibility else None
    return said or ("irreversible" if tool.effect in _FINAL else "")


def worst_step(inventory: Inventory, workflow: Workflow) -> Tool | None:
    """Return the first step of the worst class; none where no step has a class."""
    known = [step for step in steps_of(inventory, workflow) if class_of(step)]
    return max(known, key=lambda step: REVERSIBILITY[class_of(step)], default=None)


def understated(inventory: Inventory, workflow: Workflow) -> Weakness:
    """Return how a workflow counts as less than the worst of its steps.

    By its class, or by a gate that asks less than the gate of a step, which it replaces.
    """
    whole = gate_worth(inventory, workflow).worth
    for step in steps_of(inventory, workflow):
        own = gate_worth(inventory, step).worth
        if own and whole and _ASKED.index(whole) < _ASKED.index(own):
            return Weakness(f"asks less often than {id_of(step)} does alone")
    worst = worst_step(inventory, workflow)
    if worst is None or class_of(worst) == "read_only":
        return Weakness("")
    if workflow.class_ is None:
        return Weakness("", ((workflow, "class"),))
    if REVERSIBILITY[workflow.class_] >= REVERSIBILITY[class_of(worst)]:
        return Weakness("")
    return Weakness(f"counts as {workflow.class_}, and {id_of(worst)} is {class_of(worst)}")
