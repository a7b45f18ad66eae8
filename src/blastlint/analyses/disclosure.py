"""What an agent can read that must not get out, and the tools by which it can send it out.

In one session what was read is in the model's context, and any call after it can carry it on.
"""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.gates import gate_worth
from blastlint.analyses.tiers import DATA
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool

SENSITIVE = frozenset(kind for kind, level in DATA.items() if level > DATA["internal"])
"""Classes of data that must not get out: personal, payment, health, secrets."""
_CARRIES = frozenset({"append", "mutate"})
"""Effects that carry a text to where others may be told of it."""
_ANYWHERE = frozenset({"shell", "code", "http"})
"""What an open-ended tool takes that can name any recipient."""


@dataclass(frozen=True, slots=True)
class Found:
    """Some tools of an agent, and what could be found besides."""

    tools: tuple[Tool, ...]
    """In the order given."""
    missing: tuple[Cell, ...] = ()
    """Cells that could add to them."""


def sensitive_reads(inventory: Inventory, tools_of_agent: Iterable[Tool]) -> Found:
    """Return the tools by which an agent reads data that must not get out."""
    tools: list[Tool] = []
    gaps: list[Cell] = []
    for tool in tools_of_agent:
        system = inventory.systems[tool.system] if tool.system else None
        if tool.effect != "read" or tool.enabled is False or system is None:
            continue
        gaps += unstated(system, "data")
        if not SENSITIVE.isdisjoint(system.data or ()):
            tools.append(tool)
    return Found(tuple(tools), tuple(gaps))


def open_sends(inventory: Inventory, tools_of_agent: Iterable[Tool]) -> Found:
    """Return the tools by which an agent can tell outsiders something on its own.

    A person's yes to every call, or a list of those who may get it, closes a tool.
    """
    tools: list[Tool] = []
    gaps: list[Cell] = []
    for tool in tools_of_agent:
        if tool.enabled is False or tool.recipients == "allow_list" or not _leaves(inventory, tool):
            continue
        gate = gate_worth(inventory, tool)
        gaps += gate.missing if gate.worth is None else ()
        if gate.worth in {"none", "partial"}:
            tools.append(tool)
    return Found(tuple(tools), tuple(gaps))


def _leaves(inventory: Inventory, tool: Tool) -> bool:
    """Return whether what a call is given can get out: at once, or by what its system passes on."""
    if tool.effect == "notify" or tool.open_ended in _ANYWHERE:
        return True
    system = inventory.systems[tool.system] if tool.system else None
    passed_on = (system.propagates if system else None) or ()
    return tool.effect in _CARRIES and any(edge.to.startswith("external:") for edge in passed_on)
