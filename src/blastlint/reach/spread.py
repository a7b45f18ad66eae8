"""Walks a plain graph: what every source reaches, and the weakest way from one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count

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

_CLOSED = 1 << 62
"""Low mark of a node whose component is complete: it pulls nobody down any more."""


def components(successors: Sequence[Sequence[int]], roots: Iterable[int]) -> Iterator[list[int]]:
    """Strongly connected components within reach, each after all that it leads to (Tarjan)."""
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    for root in roots:
        walk = [] if root in order else [_enter(root, successors, order, low, stack)]
        while walk:
            node, following = walk[-1]
            step = next((n for n in following if _fresh(node, n, order, low)), None)
            if step is not None:
                walk.append(_enter(step, successors, order, low, stack))
                continue
            walk.pop()
            if walk:
                low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
            if low[node] == order[node]:
                yield _leave(node, low, stack)


def _enter(
    node: int,
    successors: Sequence[Sequence[int]],
    order: dict[int, int],
    low: dict[int, int],
    stack: list[int],
) -> tuple[int, Iterator[int]]:
    low[node] = order[node] = len(order)
    stack.append(node)
    return node, iter(successors[node])


def _fresh(node: int, following: int, order: dict[int, int], low: dict[int, int]) -> bool:
    """Whether a node was never entered; one that was entered may pull the other's low mark down."""
    if following not in order:
        return True
    low[node] = min(low[node], low[following])
    return False


def _leave(node: int, low: dict[int, int], stack: list[int]) -> list[int]:
    found = []
    while True:
        found.append(stack.pop())
        low[found[-1]] = _CLOSED
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
        for node in component:
            for following in successors[node]:
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
