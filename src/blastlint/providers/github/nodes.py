"""Values of a document with their places, read with their type checked."""

from __future__ import annotations

from blastlint.source import InputError, Problem
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from blastlint.source import Document, Location

    Step = str | int


@dataclass(frozen=True, slots=True)
class Node:
    """A value, and where it stands."""

    document: Document
    """Document that holds it."""
    path: tuple[Step, ...]
    """Where in the document."""
    value: Any
    """Map, list, text, number, truth value or null."""

    def at(self, *path: Step, note: str = "", key: bool = False) -> Location:
        """The place of something in it."""
        return self.document.at((*self.path, *path), note, key=key)

    def has(self, key: str) -> bool:
        """Whether it is a map that holds the key."""
        return isinstance(self.value, dict) and key in self.value

    def get(self, *path: Step) -> Node:
        """Something in it; null where there is nothing."""
        value = self.value
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            else:
                found = isinstance(value, list) and isinstance(step, int) and step < len(value)
                value = value[step] if found else None
        return Node(self.document, (*self.path, *path), value)

    def items(self) -> Iterator[Node]:
        """The members of a list or map; of nothing, none."""
        if isinstance(self.value, dict):
            yield from (self.get(key) for key in self.value)
        elif isinstance(self.value, list):
            yield from (self.get(index) for index in range(len(self.value)))

    def words(self) -> list[str]:
        """The texts of a list, or one text as a list of one; a number is what is written.

        Maps, lists and null in it are left out: whoever decides by them checks them first.
        """
        if isinstance(self.value, str):
            return [self.value]
        scalars = (row for row in self.items() if isinstance(row.value, str | int | float))
        return [
            row.value if isinstance(row.value, str) else self._written(row.path[-1])
            for row in scalars
        ]

    def _written(self, key: Step) -> str:
        return self.document.raw(self.value, key) or ""

    @property
    def name(self) -> str:
        """Its key."""
        return str(self.path[-1]) if self.path else ""


@dataclass(slots=True)
class Problems:
    """What is wrong with the evidence; everything is raised together."""

    found: list[Problem] = field(default_factory=list)

    def say(self, node: Node, message: str, help_: str = "", *, key: bool = False) -> None:
        """Note that a value is wrong."""
        self.found.append(Problem(message, node.at(key=key), help_))

    def text(self, node: Node) -> str:
        """A text; empty when it is absent."""
        return str(self._of(node, str, "a text") or "")

    def flag(self, node: Node) -> bool | None:
        """A truth value; None when it is absent."""
        value = self._of(node, bool, "true or false")
        return None if value is None else bool(value)

    def number(self, node: Node) -> int | None:
        """A whole number; None when it is absent."""
        if isinstance(node.value, bool):
            self.say(node, "expected a whole number")
            return None
        value = self._of(node, int, "a whole number")
        return value if isinstance(value, int) else None

    def table(self, node: Node) -> Node:
        """A map; an empty one when it is absent."""
        value = self._of(node, dict, "a map")
        return Node(node.document, node.path, {} if value is None else value)

    def rows(self, node: Node) -> list[Node]:
        """The members of a list; none when it is absent."""
        value = self._of(node, list, "a list")
        return [] if value is None else list(node.items())

    def texts(self, node: Node) -> tuple[str, ...]:
        """A list of texts, or one text for a list of one; none when it is absent."""
        if isinstance(node.value, str):
            return (node.value,)
        return tuple(self.text(row) for row in self.rows(node))

    def _of(self, node: Node, kind: type, expected: str) -> object:
        if node.value is None or isinstance(node.value, kind):
            return node.value
        self.say(node, f"expected {expected}")
        return None

    def raise_all(self) -> None:
        """Raise everything that was noted, if anything was."""
        if self.found:
            raise InputError(*self.found)
