"""The web of principals: what each is granted, and what each can become."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.providers.grants import Grant
    from blastlint.reach.spread import Edge
    from blastlint.source import Location

    Key = tuple[str, str, str]
    """Kind of node, home (the system that a name is local to, or empty), name."""

CREDENTIAL, PRINCIPAL, IDENTITY, PATTERN, EVERYTHING = (
    "credential",
    "principal",
    "identity",
    "pattern",
    "everything",
)
"""Kinds of node. An identity is a principal with all its credentials: who becomes it holds them."""


class Web:
    """Principals and credentials as numbered nodes, with their grants and steps.

    Nodes are numbered in alphabetical order of their keys, so that nothing depends on the order
    in which files were read. Grants stay with their holder: they are listed only for holders that
    somebody reaches.
    """

    __slots__ = ("_numbers", "edges", "everything", "grants", "keys", "levels")

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys: list[Key] = sorted(keys)
        self._numbers = {key: number for number, key in enumerate(self.keys)}
        self.edges: list[list[Edge]] = [[] for _ in self.keys]
        self.grants: list[Sequence[Grant]] = [()] * len(self.keys)
        self.everything = {
            parted(name): number
            for number, (kind, _, name) in enumerate(self.keys)
            if kind == EVERYTHING
        }
        """By system and scope (`*`: all): the node that stands for everything there."""
        self.levels: tuple[int, ...] = (0,)
        """Levels of certainty that some step has, ascending, and 0."""

    def node(self, kind: str, home: str, name: str) -> int | None:
        """The number of a node, if there is such a node."""
        return self._numbers.get((kind, home, name))

    def credential(self, name: str) -> int:
        """The node of a credential of the inventory."""
        return self._numbers[CREDENTIAL, "", name]

    def whoever(self, home: str, name: str) -> int:
        """The node that one lands on when one becomes a principal."""
        identity = self.node(IDENTITY, home, name)
        return self._numbers[PRINCIPAL, home, name] if identity is None else identity

    def named(self, home: str, pattern: str) -> list[int]:
        """Principals of a home whose name begins as a pattern does."""
        prefix = pattern.removesuffix("*")
        first = bisect_left(self.keys, (PRINCIPAL, home, prefix))
        last = bisect_right(self.keys, (PRINCIPAL, home, prefix + "\U0010ffff"))
        return [self.whoever(home, self.keys[number][2]) for number in range(first, last)]

    def link(self, source: int, edge: Edge) -> None:
        """Add a step."""
        self.edges[source].append(edge)

    def settle(self) -> None:
        """Order the steps of every node, so that equal ways are told apart by name alone."""
        for steps in self.edges:
            if len(steps) > 1:
                steps.sort(key=_order)
        found = {edge[1] for steps in self.edges for edge in steps}
        self.levels = tuple(sorted({0, *found}))


def parted(name: str) -> tuple[str, str]:
    """System and scope of a node that stands for everything in them."""
    system, _, scope = name.partition("@")
    return system, scope or "*"


def _order(edge: Edge) -> tuple[int, int, str, str, str, int, int]:
    target, level, kind, because = edge
    if because is None:
        return (target, level, kind, "", "", 0, 0)
    return (target, level, kind, because.via, *place(because.location))


def place(location: Location | None) -> tuple[str, int, int]:
    """A sort key of a place: file, line, column."""
    if location is None:
        return ("", 0, 0)
    return (location.file, location.span.line, location.span.column)
