"""Walks a plain graph: what every source reaches, and the weakest way from one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.grants import Becoming

    Edge = tuple[int, int, str, Becoming | None]
    """Target, level of certainty, kind of step, and what made it true."""
    Weight = tuple[int, int, int, int]
    """Human gates, 1 if latent, hops, place in the alphabet of the ways in."""
    Fork = tuple[Sequence[int], Sequence[int]]
    """Where steps lead that are no hop, and where those that are; each in the order of names."""
    Successors = Callable[[int], Sequence[int]]
    """Where the steps from a node lead; nodes are numbers from 0 on."""
    Component = tuple[list[int], list[int]]
    """Nodes that reach each other, and where steps lead from them to others."""

HOPS = frozenset({"acts-as", "adds", "becomes", "derives", "everything"})
"""Kinds of steps that count as a hop; the others only say that two names are one."""

SOURCE = -1
"""Stands for the node before a source."""
_NONE: Mapping[int, Sequence[int]] = MappingProxyType({})
_DONE = 1 << 62
"""Low mark of a node whose component is complete."""


class Tree(dict[int, "tuple[Weight, int]"]):
    """For every node within reach the weight of the way, and the node before it.

    Which step leads from the one to the other is looked up when somebody asks: few are told.
    """

    __slots__ = ("_steps",)

    def __init__(self, steps: Callable[[int], Iterable[Edge]]) -> None:
        super().__init__()
        self._steps = steps

    def step(self, node: int) -> tuple[int, Edge] | None:
        """The last step of the way to a node, and where it starts; none for a source."""
        weight, before = self[node]
        if before == SOURCE:
            return None
        hop = self[before][0] != weight
        for edge in self._steps(before):
            if edge[0] == node and (edge[2] in HOPS) is hop:
                return before, edge
        return before, (node, 0, "same", None)  # where several ways meet


def components(successors: Successors, count: int, roots: Iterable[int]) -> Iterator[Component]:
    """Strongly connected components within reach, each after all that it leads to (Tarjan)."""
    low = [0] * count
    stack: list[int] = []
    for root in roots:
        if not low[root]:
            yield from _walked(successors, root, low, stack)


def _walked(
    successors: Successors, root: int, low: list[int], stack: list[int]
) -> Iterator[Component]:
    """The components of one walk; `low` is 0 for what was never entered, huge for what is done."""
    number = low[root] = len(stack) + 1
    stack.append(root)
    leaving: list[int] = []
    walk = [(root, number, 0, iter(successors(root)))]
    while walk:
        node, entered, left, following = walk[-1]
        lowest = low[node]
        for step in following:
            mark = low[step]
            if not mark:
                number = low[step] = number + 1
                stack.append(step)
                walk.append((step, number, len(leaving), iter(successors(step))))
                break
            if mark < lowest:
                lowest = low[node] = mark
            elif mark == _DONE:
                leaving.append(step)
        else:
            walk.pop()
            if low[node] == entered:
                yield _closed(node, low, stack), leaving[left:]
                leaving[left:] = [node]  # a step of whoever led here
            elif low[node] < low[walk[-1][0]]:
                low[walk[-1][0]] = low[node]


def _closed(node: int, low: list[int], stack: list[int]) -> list[int]:
    """Take a component that is complete off the stack: it pulls nobody down any more."""
    found = []
    while True:
        found.append(stack.pop())
        low[found[-1]] = _DONE
        if found[-1] == node:
            return found


def spread(successors: Successors, seeds: Sequence[int]) -> list[int]:
    """The least fixed point: every node's mask is its own seed and that of all before it.

    One pass over the components, from the first to the last, visits every edge once however many
    sources there are; facts only ever accumulate.
    """
    masks = list(seeds)
    roots = (node for node, seed in enumerate(seeds) if seed)
    for component, leaving in reversed(list(components(successors, len(seeds), roots))):
        mask = 0
        for node in component:
            mask |= masks[node]
        for node in component:
            masks[node] = mask
        for following in leaving:
            masks[following] |= mask
    return masks


def search(
    found: Tree,
    forks: Callable[[int], Fork],
    sources: Iterable[tuple[Weight, int]],
    joins: Mapping[int, Sequence[int]] = _NONE,
    parts: Mapping[int, Sequence[int]] = _NONE,
) -> Tree:
    """Fill a tree with the weakest way to every node.

    Certainty comes first and is a bottleneck, not a sum, so it is fixed before the search, by the
    steps that are given: a way through a surer but longer detour must not win against a shorter
    one that is just as certain in the end. Everything else adds up, and the lightest nodes are
    settled first; among equals, who was found first.

    A joint is one hop behind the last of its parts, and as heavy as each of them (Knuth's way of
    searching where one step needs several nodes).

    Args:
        found: an empty tree over the same steps.
        forks: where the steps from a node lead.
        sources: where to begin, and what it weighs.
        joins: by node, the joints that it is a part of.
        parts: by joint, the nodes that must all be reached.
    """
    queues: dict[Weight, list[int]] = {}
    for weight, node in sources:
        if node not in found or weight < found[node][0]:
            found[node] = (weight, SOURCE)
            queues.setdefault(weight, []).append(node)
    seeds = set(found)
    heavy = found if joins else seeds
    waiting = list(queues)
    heapify(waiting)
    while waiting:
        near = heappop(waiting)
        far = (near[0], near[1], near[2] + 1, near[3])
        later = queues.get(far, [])
        _settle((queues[near], later), (near, far), found, forks, heavy)
        if later and far not in queues:
            queues[far] = later
            heappush(waiting, far)
        for joint, weight, last in _met(queues[near], found, near, joins, parts):
            found[joint] = (weight, last)
            if weight not in queues:
                queues[weight] = []
                heappush(waiting, weight)
            queues[weight].append(joint)
        seeds.difference_update(queues.pop(near))
    return found


def _settle(
    queues: tuple[list[int], list[int]],
    weights: tuple[Weight, Weight],
    found: Tree,
    forks: Callable[[int], Fork],
    heavy: Container[int],
) -> None:
    """Take the steps from the nodes in the first queue, which grows meanwhile.

    Queues come in the order of their weights, so that a node that was found by a hop weighs no more
    than one that is found by a hop now. Only `heavy` ones can weigh more: sources whose turn has
    not come, and where there are joints, any.
    """
    (queue, later), (near, far) = queues, weights
    for node in queue:
        if found[node][0] != near:  # a lighter way was found since
            continue
        same, next_ = forks(node)
        for target in same:
            if target not in found or near < found[target][0]:
                found[target] = (near, node)
                queue.append(target)
        for target in next_:
            if target not in found or (target in heavy and far < found[target][0]):
                found[target] = (far, node)
                later.append(target)


def _met(
    queue: Iterable[int],
    found: Tree,
    near: Weight,
    joins: Mapping[int, Sequence[int]],
    parts: Mapping[int, Sequence[int]],
) -> Iterator[tuple[int, Weight, int]]:
    """The joints of which the last part was settled now, each with its weight and that part."""
    pairs = ((node, joint) for node in queue for joint in joins.get(node, ()))
    for node, joint in pairs if joins else ():
        weights = [found[part][0] for part in parts[joint] if part in found]
        if len(weights) == len(parts[joint]) and max(weights) <= near:
            gates, latent, hops, _ = map(max, zip(*weights, strict=True))
            weight = (gates, latent, hops + 1, near[3])
            if joint not in found or weight < found[joint][0]:
                yield joint, weight, node
