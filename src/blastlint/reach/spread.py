"""Walks a plain graph: what every source reaches, and the weakest way from one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import chain, count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.grants import Becoming

    Edge = tuple[int, int, str, Becoming | None]
    """Target, level of certainty, kind of step, and what made it true."""
    Weight = tuple[int, int, int, int]
    """Human gates, 1 if latent, hops, place in the alphabet of the ways in."""
    Tree = dict[int, tuple[Weight, tuple[int, Edge] | None]]
    """For every node within reach the weight of the way, and its last step."""

LENGTH = {"acts-as": 1, "becomes": 1, "derives": 1, "everything": 1}
"""Hops that a step counts for; the others only say that two names are one."""

_DONE = 1 << 62
"""Low mark of a node whose component is complete."""


def components(successors: Sequence[Sequence[int]], roots: Iterable[int]) -> Iterator[list[int]]:
    """Strongly connected components within reach, each after all that it leads to (Tarjan)."""
    low = [0] * len(successors)
    stack: list[int] = []
    for root in roots:
        if not low[root]:
            yield from _walked(successors, root, low, stack)


def _walked(
    successors: Sequence[Sequence[int]], root: int, low: list[int], stack: list[int]
) -> Iterator[list[int]]:
    """The components of one walk; `low` is 0 for what was never entered, huge for what is done."""
    number = low[root] = len(stack) + 1
    stack.append(root)
    walk = [(root, number, iter(successors[root]))]
    while walk:
        node, entered, following = walk[-1]
        for step in following:
            if not low[step]:
                number = low[step] = number + 1
                stack.append(step)
                walk.append((step, number, iter(successors[step])))
                break
            low[node] = min(low[node], low[step])
        else:
            walk.pop()
            if low[node] == entered:
                yield _closed(node, low, stack)
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


def spread(successors: Sequence[Sequence[int]], seeds: Mapping[int, int]) -> dict[int, int]:
    """The least fixed point: every node's mask is its own seed and that of all before it.

    One pass over the components, from the first to the last, visits every edge once however many
    sources there are; facts only ever accumulate.
    """
    masks = dict(seeds)
    for component in reversed(list(components(successors, sorted(seeds)))):
        mask = 0
        for node in component:
            mask |= masks.get(node, 0)
        for node in component:
            masks[node] = mask
        for following in chain.from_iterable(map(successors.__getitem__, component)):
            if mask & ~masks.get(following, 0):
                masks[following] = masks.get(following, 0) | mask
    return masks


def search(
    edges: Sequence[Sequence[Edge]], sources: Iterable[tuple[Weight, int]], level: int
) -> Tree:
    """The weakest way to every node, over steps that are at least as certain as a level.

    Certainty comes first and is a bottleneck, not a sum, so it is fixed before the search: a way
    through a surer but longer detour must not win against a shorter one that is just as certain
    in the end. Everything else adds up, and the lightest node is settled first.
    """
    serial = count()
    waiting: list[tuple[Weight, int, int, tuple[int, Edge] | None]]
    waiting = [(weight, next(serial), node, None) for weight, node in sources]
    heapify(waiting)
    found: Tree = {}
    while waiting:
        weight, _, node, step = heappop(waiting)
        if node in found:
            continue
        found[node] = (weight, step)
        gates, latent, hops, place = weight
        for edge in edges[node]:
            if edge[1] <= level and edge[0] not in found:
                farther = (gates, latent, hops + LENGTH.get(edge[2], 0), place)
                heappush(waiting, (farther, next(serial), edge[0], (node, edge)))
    return found
