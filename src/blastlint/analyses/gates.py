"""What a human gate is worth: all of it, part of it, or nothing."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import ApprovalGate, Money, Tool, Workflow

    Worth = Literal["full", "partial", "none"]

_DECISIVE = ("mode", "enforced_at", "on_timeout", "approvers")
_NOT_PEOPLE = frozenset({"agent", "service", "webhook"})


@dataclass(frozen=True, slots=True)
class GateWorth:
    """What the gate of a tool is worth."""

    worth: Worth | None
    """full: a person says yes to every call. partial: to some. none: to none. None: not stated."""
    why: str
    """The reason, in words."""
    gate: ApprovalGate | None = None
    """The gate."""
    ungated_max: Money | None = None
    """Largest amount of one call that passes a partial gate."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def gate_worth(inventory: Inventory, tool: Tool | Workflow) -> GateWorth:
    """Return what the approval of a tool, or of a whole workflow, is worth.

    A gate is worth nothing when it comes after the act, is only asked for in a prompt, lets
    silence pass, or is not held by people. It is partial when a condition or a session limits it.
    """
    if tool.approval in {None, "none"}:
        gaps = unstated(tool, "approval")
        return GateWorth(None if gaps else "none", "no approval", missing=gaps)
    gate = inventory.approval_gates[str(tool.approval)]
    flaw = _flaw(gate)
    if flaw:
        return GateWorth("none", flaw, gate)
    gaps = tuple((gate, field) for field in _DECISIVE if getattr(gate, field) is None)
    if gaps:
        return GateWorth(None, "the gate does not say how it decides", gate, missing=gaps)
    if gate.applies_when is not None:
        open_cells = unstated(gate, "ungated_max")
        why = f"asks only when {gate.applies_when}"
        return GateWorth("partial", why, gate, gate.ungated_max, open_cells)
    if gate.mode == "per_session":
        return GateWorth("partial", "asks once a session", gate)
    return GateWorth("full", "asks for every action", gate)


def _flaw(gate: ApprovalGate) -> str:
    """Return why a gate is worth nothing, or an empty text."""
    if gate.mode == "post_hoc":
        return "looks at it afterwards"
    if gate.enforced_at == "prompt":
        return "is only asked for in a prompt"
    if gate.on_timeout == "allow":
        return "lets it pass when nobody answers"
    kind = (gate.approvers or "").partition(":")[0]
    return f"is held by a machine ({gate.approvers})" if kind in _NOT_PEOPLE else ""
