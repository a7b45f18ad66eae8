"""Finds what closes a way that takes several credentials: one call fewer, or one credential."""

from __future__ import annotations

from blastlint.reach.paths import Cut
from blastlint.reach.routes import legs
from blastlint.reach.spread import Tree, search
from blastlint.reach.web import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Becoming
    from blastlint.reach.routes import Route
    from blastlint.reach.spread import Edge, Fork
    from blastlint.reach.web import Web


def part_ways(web: Web, route: Route, others: Sequence[Route]) -> Cut:
    """The change that closes a way on which several meet, and what it closes besides.

    That is the first call of those on the way without which the agent does not get there; where
    each can be made by somebody else too, that one agent holds all the credentials.

    Args:
        web: the graph.
        route: the way.
        others: all ways on which several meet that begin with the same credential, this one too.
    """
    for holder, share in sorted(_shares(web, route), key=_order):
        left = _without(web, route, holder, share.principal)
        if route.node not in left:
            closed = sum(other.node not in left for other in others)
            return Cut((f"stop {share.holder} from being able to {share.principal}",), closed)
    held = dict.fromkeys(leg.door.credential for leg in legs(web, route, route.node) if leg.door)
    words = f"do not let {route.door.agent} hold {' and '.join(sorted(held))} at once"
    return Cut((words,), len(others))


def _shares(web: Web, route: Route) -> Iterator[tuple[int, Becoming]]:
    """The calls on a way that count together: who makes each, and by which line."""
    for leg in legs(web, route, route.node):
        for holder, (_, _, kind, because) in leg.steps:
            if kind == "adds" and because is not None:
                yield holder, because


def _order(one: tuple[int, Becoming]) -> tuple[str, str, tuple[str, int, int]]:
    share = one[1]
    return share.holder, share.principal, place(share.location)


def _without(web: Web, route: Route, holder: int, part: str) -> Tree:
    """Everything that the agent still reaches if one holder cannot make one call."""

    def steps(node: int) -> Sequence[Edge]:
        edges = web.steps(node)
        return edges if node != holder else [edge for edge in edges if not _is(edge, part)]

    def forks(node: int) -> Fork:
        return (), [edge[0] for edge in steps(node)]

    weighed = ((*door.order[:3], index) for index, door in enumerate(route.doors))
    sources = [
        (weight, web.credential(door.credential))
        for weight, door in zip(weighed, route.doors, strict=True)
        if door.whole
    ]
    return search(Tree(steps), forks, sources, web.joins, web.parts)


def _is(edge: Edge, part: str) -> bool:
    return edge[2] == "adds" and edge[3] is not None and edge[3].principal == part
