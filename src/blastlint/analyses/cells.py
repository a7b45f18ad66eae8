"""Cells that an answer would need and that the inventory does not state."""

from __future__ import annotations

from blastlint.inventory.record import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.inventory.models.parts import Part

    Cell = tuple[Part, str]
    """A part of the inventory, and the name of the field that it leaves open."""


def unstated(part: Part, *fields: str) -> tuple[Cell, ...]:
    """Return those of the fields that are missing or unknown; a null is a claim, not a gap."""
    return tuple((part, field) for field in fields if state(part, field) in {"missing", "unknown"})
