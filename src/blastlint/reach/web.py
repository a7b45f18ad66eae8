"""The web of principals: what each is granted, and what each can become."""

from __future__ import annotations

from array import array
from itertools import accumulate
from operator import itemgetter

from blastlint.reach.spread import HOPS
from blastlint.reach.terms import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from blastlint.providers.grants import Becoming, Grant
    from blastlint.reach.paths import Hop
    from blastlint.reach.spread import Edge, Fork, Successors
    from blastlint.source import Location

    Key = tuple[str, str, str]
    """Kind of node, home (the system that a name is local to, or empty), name."""
    Strand = tuple[Key, int, str, Becoming | None]
    """A step before nodes are numbered: target, level of certainty, kind, and why."""

CREDENTIAL, PRINCIPAL, IDENTITY, PATTERN, EVERYTHING, PART, JOINT = (
    "credential",
    "principal",
    "identity",
    "pattern",
    "everything",
    "part",
    "joint",
)
"""Kinds of node.

An identity is a principal with all its credentials: who becomes it holds them. A part is one of the
calls that a joint way takes; a joint is reached by whoever reaches all of its parts.
"""


KINDS = ("acts-as", "adds", "becomes", "derives", "everything", "member", "same")
"""Kinds of steps: first those that are hops."""
_HOPS = sum(kind in HOPS for kind in KINDS)

_AT_ONCE = 1 << 14
"""Steps that are renumbered at once."""

LAST = len(LEVELS) - 1
"""The level of everything, however uncertain."""


class Draft:
    """Nodes and steps as they are found: numbered by discovery, each node after those before it.

    Steps lie in columns, those of a node in a row: a million of them are a few large lists, and
    not a million small objects.
    """

    __slots__ = (
        "first",
        "keys",
        "kinds",
        "levels",
        "numbers",
        "parts",
        "renaming",
        "targets",
        "whys",
    )

    def __init__(self) -> None:
        self.keys: list[Key] = []
        self.numbers: dict[Key, int] = {}
        self.first = array("q", [0])
        """By node, where its steps begin; the steps of the last one end where the columns do."""
        self.targets = array("i")
        self.levels = bytearray()
        self.kinds = bytearray()
        """Places in `KINDS`."""
        self.whys: list[Becoming | None] = []
        self.renaming: set[int] = set()
        """The nodes of which some step is no hop."""
        self.parts: dict[Key, tuple[Key, ...]] = {}
        """By joint: the nodes that must all be reached."""

    def number(self, key: Key) -> int:
        """The number of a node, which is a new one if it was not found before."""
        number = self.numbers.setdefault(key, len(self.keys))
        if number == len(self.keys):
            self.keys.append(key)
        return number

    def add(self, strands: Iterable[Strand]) -> None:
        """Add steps of the node whose turn it is."""
        for key, level, kind, why in strands:
            self.targets.append(self.number(key))
            self.levels.append(level)
            self.kinds.append(KINDS.index(kind))
            self.whys.append(why)
            if kind not in HOPS:
                self.renaming.add(len(self.first) - 1)

    def close(self) -> None:
        """Go on to the next node."""
        self.first.append(len(self.targets))

    def close_all(self, sizes: Iterable[int]) -> None:
        """Go on past nodes whose steps come next, so many of each."""
        self.first.extend(accumulate(sizes, initial=self.first.pop()))

    def renumber(self, places: Sequence[int]) -> None:
        """Give every node the number of its place in a list instead."""
        numbers = array("i", bytes(4 * len(places)))
        for number, place in enumerate(places):
            numbers[place] = number
        for at in range(0, len(self.targets), _AT_ONCE):
            some = self.targets[at : at + _AT_ONCE]
            self.targets[at : at + _AT_ONCE] = array("i", [numbers[place] for place in some])
        self.numbers.clear()


class Web:
    """Principals and credentials as numbered nodes, with their grants and steps.

    Nodes are numbered in alphabetical order of their keys, so that nothing depends on the order
    in which files were read.
    """

    __slots__ = (
        "_draft",
        "_numbers",
        "_places",
        "everything",
        "grants",
        "joins",
        "keys",
        "levels",
        "parts",
        "told",
    )

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._places = in_order(draft.keys)
        """By node, its place in the draft."""
        self.keys: list[Key] = [draft.keys[place] for place in self._places]
        draft.renumber(self._places)
        self.grants: dict[int, Sequence[Grant]] = {}
        """By node that is granted anything itself: few are, of many that lead on."""
        self.everything = {
            parted(name): number
            for number, (kind, _, name) in enumerate(self.keys)
            if kind == EVERYTHING
        }
        """By system and scope (`*`: all): the node that stands for everything there."""
        self._numbers = {
            name: number for number, (kind, _, name) in enumerate(self.keys) if kind == CREDENTIAL
        }
        self.levels = tuple(sorted({0, *draft.levels}))
        """Levels of certainty that some step has, ascending, and 0."""

        numbers = {key: n for n, key in enumerate(self.keys)} if draft.parts else {}
        self.parts = {
            numbers[key]: tuple(numbers[part] for part in draft.parts[key])
            for key in sorted(draft.parts)
        }
        """By joint: the nodes that must all be reached."""
        self.joins: dict[int, list[int]] = {}
        """By node: the joints that it is a part of."""
        for joint, parts in self.parts.items():
            for part in parts:
                self.joins.setdefault(part, []).append(joint)

        self.told: dict[tuple[int, int, int], Hop] = {}
        """Steps that were told before; long ways share most of them."""

    def credential(self, name: str) -> int:
        """The node of a credential of the inventory."""
        return self._numbers[name]

    def steps(self, node: int, level: int = LAST) -> list[Edge]:
        """The steps from a node that are at least as certain as a level.

        They stand in an order of their own, so that equal ways are told apart by name alone.
        """
        draft, place = self._draft, self._places[node]
        row = slice(draft.first[place], draft.first[place + 1])
        targets, kinds = draft.targets[row], [KINDS[kind] for kind in draft.kinds[row]]
        found = list(zip(targets, draft.levels[row], kinds, draft.whys[row], strict=True))
        if level < self.levels[-1]:
            found = [edge for edge in found if edge[1] <= level]
        if len(found) > 1:
            distinct = len(set(targets)) == len(targets)
            found.sort(key=itemgetter(0) if distinct else _order)
        return found

    def forks(self, level: int = LAST) -> Callable[[int], Fork]:
        """Where the steps from any node lead that are at least as certain as a level."""
        draft, places, every = self._draft, self._places, level >= self.levels[-1]
        targets, first, renaming = draft.targets, draft.first, draft.renaming

        def of(node: int) -> Fork:
            place = places[node]
            if every and place not in renaming:
                return (), sorted(targets[first[place] : first[place + 1]])
            row = range(first[place], first[place + 1])
            kept = [n for n in row if draft.levels[n] <= level]
            pairs = sorted((targets[n], draft.kinds[n]) for n in kept)
            same = [target for target, kind in pairs if kind >= _HOPS]
            return same, [target for target, kind in pairs if kind < _HOPS]

        return of

    def successors(self, level: int) -> Successors:
        """Where the steps from any node lead that are at least as certain as a level."""
        targets, levels, first = self._draft.targets, self._draft.levels, self._draft.first
        places = self._places

        def all_of(node: int) -> Sequence[int]:
            place = places[node]
            return targets[first[place] : first[place + 1]]

        def sure_of(node: int) -> Sequence[int]:
            row = range(first[places[node]], first[places[node] + 1])
            return [targets[n] for n in row if levels[n] <= level]

        return all_of if level >= self.levels[-1] else sure_of


def in_order(keys: Sequence[Key]) -> list[int]:
    """Places of keys in alphabetical order; sorted name by name within a kind: much faster."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for place, (kind, home, _) in enumerate(keys):
        grouped.setdefault((kind, home), []).append(place)
    names = [name for _, _, name in keys]
    return [
        place
        for group in sorted(grouped)
        for place in sorted(grouped[group], key=names.__getitem__)
    ]


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
