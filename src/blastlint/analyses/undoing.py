"""Whether what is said to undo a call can be done at all."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.entitlements import Compensation, by_hand
from blastlint.analyses.escalation import agents_of
from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool


def undoing(
    inventory: Inventory, tool: Tool, lacks: Mapping[str, tuple[str, bool]]
) -> Compensation | None:
    """Return whether an agent or a person can undo a call, by what its row names for that.

    None where nothing has to be undone, or where nothing is named that does.

    Args:
        inventory: the inventory of the tool.
        tool: the tool.
        lacks: tool id to what its credential is not granted, and whether that is certain.
    """
    way = tool.reversibility
    if way is None or way.class_ not in {"reversible", "compensable"}:
        return None
    if way.compensated_by is None:
        return by_hand(inventory, way)
    return _by_tool(inventory, inventory.tools[way.compensated_by], lacks)


def _by_tool(
    inventory: Inventory, tool: Tool, lacks: Mapping[str, tuple[str, bool]]
) -> Compensation:
    name = id_of(tool)
    by = f"tool {name}"
    if tool.enabled is False:
        return Compensation(by, executable=False, why=f"{name} is switched off")
    if tool.agents is not None and not agents_of(inventory, tool):
        return Compensation(by, executable=False, why=f"no agent can call {name}")
    if name in lacks:
        what, certain = lacks[name]
        why = f"{tool.credential} is not granted {what}, which {name} needs"
        return Compensation(by, False if certain else None, why)
    gaps = unstated(tool, "agents", "credential", "requires")
    return Compensation(by, None if gaps else True, "its credential opens what it needs", gaps)
