"""The web of principals: what each is granted, and what each can become."""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from blastlint.providers.grants import Becoming, Grant
    from blastlint.reach.paths import Hop
    from blastlint.reach.spread import Edge
    from blastlint.source import Location

    Key = tuple[str, str, str]
    """Kind of node, home (the system that a name is local to, or empty), name."""
    Strand = tuple[Key, int, str, Becoming | None]
    """A step before nodes are numbered: target, level of certainty, kind, and why."""

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
    in which files were read.
    """

    __slots__ = ("_numbers", "edges", "everything", "grants", "keys", "levels", "told")

    def __init__(self, strands: Mapping[Key, Iterable[Strand]]) -> None:
        self.keys: list[Key] = in_order(strands)
        self._numbers = numbers = {key: number for number, key in enumerate(self.keys)}
        self.edges: list[list[Edge]] = [
            settled([(numbers[to], level, kind, why) for to, level, kind, why in strands[key]])
            for key in self.keys
        ]
        self.grants: list[Sequence[Grant]] = [()] * len(self.keys)
        self.everything = {
            parted(name): number
            for number, (kind, _, name) in enumerate(self.keys)
            if kind == EVERYTHING
        }
        """By system and scope (`*`: all): the node that stands for everything there."""
        found = {edge[1] for steps in self.edges for edge in steps}
        self.levels = tuple(sorted({0, *found}))
        """Levels of certainty that some step has, ascending, and 0."""

        self.told: dict[tuple[int, int, int], Hop] = {}
        """Steps that were told before; long ways share most of them."""

    def credential(self, name: str) -> int:
        """The node of a credential of the inventory."""
        return self._numbers[CREDENTIAL, "", name]


def in_order(keys: Iterable[Key]) -> list[Key]:
    """Keys in alphabetical order; sorted name by name within a kind, which is much faster."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for kind, home, name in keys:
        grouped.setdefault((kind, home), []).append(name)
    return [(*group, name) for group in sorted(grouped) for name in sorted(grouped[group])]


def settled(steps: list[Edge]) -> list[Edge]:
    """Steps in an order of their own, so that equal ways are told apart by name alone."""
    if len(steps) > 1:
        steps.sort(key=itemgetter(0))
        if any(one[0] == other[0] for one, other in pairwise(steps)):
            steps.sort(key=_order)
    return steps


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
