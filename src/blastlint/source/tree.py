"""The values of a text and where each one stands, kept in a few numbers a value."""

from __future__ import annotations

from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Map = dict[str, Any]


class Tree:
    """The values of a text and where each one stands.

    Every key and every value has a slot, in the order in which they are written; a container's
    slot is followed by those of what it holds. Offsets count characters.
    """

    __slots__ = (
        "aliases",
        "ends",
        "merge_keys",
        "merged",
        "raws",
        "roots",
        "sizes",
        "starts",
        "values",
    )

    def __init__(self) -> None:
        self.values: list[object] = []
        """One value a document."""
        self.roots: list[int] = []
        """The slot of each of them."""
        self.starts = array("I")
        """Offset of each slot's first character."""
        self.ends = array("I")
        """Offset after each slot's last character."""
        self.sizes: dict[int, int] = {}
        """Slots that a container takes, itself included."""
        self.aliases: dict[int, int] = {}
        """Slot of an alias → slot of what it stands for."""
        self.merge_keys: set[int] = set()
        """Slots of merge keys."""
        self.merged: dict[int, list[tuple[Map, int]]] = {}
        """Slot of a map → maps that its merge key brings in, each with its slot."""
        self.raws: dict[tuple[int, str | int], str] = {}
        """(id of a container, key) → text of a number, truth value or null, where unusual."""

    def extent(self, slot: int) -> tuple[int, int]:
        """Return the offsets of a slot's first character, and after its last one."""
        return self.starts[slot], self.ends[slot]

    def children(self, slot: int, value: Map | list[Any]) -> dict[Any, int]:
        """Return the slot of every key of a map, or of every item of a list."""
        if isinstance(value, list):
            return dict(enumerate(self.items(slot)))
        found = self._own(slot, value)
        for source, place in self.merged.get(slot, ()):
            found = self._own(place, source) | found
        return found

    def items(self, slot: int) -> list[int]:
        """Return the slots of the items of a list."""
        found = []
        end = slot + self.sizes[slot]
        slot += 1
        while slot < end:
            found.append(slot)
            slot += self.sizes.get(slot, 1)
        return found

    def keys(self, slot: int) -> list[int]:
        """Return the slots of the keys of a map, as far as it has been read."""
        found = []
        end = slot + self.sizes.get(slot, len(self.starts) - slot)
        slot += 1
        while slot < end:
            found.append(slot)
            slot += 1 + self.sizes.get(slot + 1, 1)
        return found

    def _own(self, slot: int, value: Map) -> dict[Any, int]:
        # what a map says itself stands before what its merge key brought in
        keys = (key for key in self.keys(slot) if key not in self.merge_keys)
        return dict(zip(value, keys, strict=False))
