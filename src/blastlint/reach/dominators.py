"""Finds what every way must pass: the dominators of the nodes of a graph."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Dominators:
    """The dominator tree of a graph: a node's parent is the last one that no way can avoid.

    Computed by going round in reverse postorder until nothing changes (Cooper, Harvey, Kennedy).
    """

    __slots__ = ("_order", "_parent", "_place")

    def __init__(self, successors: Mapping[int, Sequence[int]], root: int) -> None:
        self._order = backwards(successors, root)
        self._place = {node: place for place, node in enumerate(self._order)}
        before: dict[int, list[int]] = {node: [] for node in self._order}
        for node in self._order:
            for following in successors.get(node, ()):
                before[following].append(node)
        self._parent = {root: root}
        while self._settle(before):
            pass

    def _settle(self, before: Mapping[int, Sequence[int]]) -> bool:
        changed = False
        for node in self._order[1:]:
            known = [one for one in before[node] if one in self._parent]
            parent = known[0]
            for one in known[1:]:
                parent = self._meet(parent, one)
            if self._parent.get(node) != parent:
                self._parent[node] = parent
                changed = True
        return changed

    def _meet(self, one: int, other: int) -> int:
        """The last node that no way to either can avoid."""
        place, parent = self._place, self._parent
        while one != other:
            while place[one] > place[other]:
                one = parent[one]
            while place[other] > place[one]:
                other = parent[other]
        return one

    def above(self, nodes: Iterable[int]) -> list[int]:
        """The nodes that no way to any of some nodes can avoid, the last one first."""
        first, *others = nodes
        for other in others:
            first = self._meet(first, other)
        chain = [first]
        while self._parent[chain[-1]] != chain[-1]:
            chain.append(self._parent[chain[-1]])
        return chain

    def count(self, nodes: Iterable[int]) -> dict[int, int]:
        """How many of some nodes (with repetition) lie behind each node, itself included."""
        found = dict.fromkeys(self._order, 0)
        for node in nodes:
            found[node] += 1
        for node in reversed(self._order[1:]):
            found[self._parent[node]] += found[node]
        return found


def backwards(successors: Mapping[int, Sequence[int]], root: int) -> list[int]:
    """Everything within reach in reverse postorder: but for loops, causes before effects."""
    seen = {root}
    found: list[int] = []
    walk = [(root, iter(successors.get(root, ())))]
    while walk:
        node, following = walk[-1]
        step = next((one for one in following if one not in seen), None)
        if step is None:
            found.append(node)
            walk.pop()
        else:
            seen.add(step)
            walk.append((step, iter(successors.get(step, ()))))
    return found[::-1]
