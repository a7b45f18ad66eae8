"""Finds the weakest way through some doors to every action behind them."""

from __future__ import annotations

from functools import partial

from blastlint.reach.routes import Route
from blastlint.reach.spread import SOURCE, Tree, search
from blastlint.reach.terms import LEVELS, in_scope
from blastlint.reach.web import EVERYTHING
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.grants import Grant
    from blastlint.reach.doors import Door
    from blastlint.reach.holdings import Language
    from blastlint.reach.needs import Demand
    from blastlint.reach.routes import Spill
    from blastlint.reach.spread import Edge, Weight
    from blastlint.reach.web import Web

    Triple = tuple[str, str, str, str]
    """System, scope, resource, action."""
    Routes = dict[Triple, Route]

EFFECT_THERE = "effect"
"""Action that a write elsewhere has on a system; its resource says what carries it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The graph behind the doors."""

    web: Web
    language: Language
    spills: Mapping[str, Sequence[Spill]]
    """By system: where a write to it has further effects."""

    _own: dict[str, Tree] = field(default_factory=dict)

    def trees(self, sources: Sequence[tuple[Weight, int]]) -> list[Tree]:
        """For every level of certainty, the weakest way to every node."""
        found: list[Tree] = []
        for level in range(len(LEVELS)):
            new = level in self.web.levels or not found
            found.append(self._tree(level, sources) if new else found[-1])
        return found

    def _tree(self, level: int, sources: Sequence[tuple[Weight, int]]) -> Tree:
        web = self.web
        tree = Tree(partial(web.steps, level=level))
        return search(tree, web.forks(level), sources, web.joins, web.parts)

    def own(self, credential: str) -> Tree:
        """What a credential holds without becoming anybody: its own node, and what it acts as."""
        if credential not in self._own:
            self._own[credential] = self._holds(self.web.credential(credential))
        return self._own[credential]

    def _holds(self, first: int) -> Tree:
        tree = Tree(self._own_steps)
        tree[first] = ((0, 0, 0, 0), SOURCE)
        waiting = [first]
        for node in waiting:
            for target, _, _, _ in self._own_steps(node):
                if target not in tree:
                    tree[target] = ((0, 0, tree[node][0][2] + 1, 0), node)
                    waiting.append(target)
        return tree

    def _own_steps(self, node: int) -> list[Edge]:
        return [edge for edge in self.web.steps(node) if edge[2] in {"acts-as", "everything"}]


def writes(grant: Grant) -> bool:
    """Whether a grant allows more than reading, as far as is known."""
    return grant.effect != "read"


def key_of(grant: Grant) -> Triple:
    """What a grant opens."""
    return (grant.system, grant.scope, grant.resource, grant.action)


def find_routes(ground: Ground, doors: Sequence[Door], *, joint: bool = False) -> Routes:
    """The weakest route through the doors to every action; the doors stand weakest first.

    Args:
        ground: what lies behind the doors.
        doors: the ways in.
        joint: only routes on which several ways meet.
    """
    found: Routes = {}
    candidates = _candidates(ground, doors)
    for route in _joint(ground.web, candidates) if joint else candidates:
        key = key_of(route.grant)
        if key not in found or route.order < found[key].order:
            found[key] = route
    _spill(ground, found)
    return found


def _joint(web: Web, routes: Iterable[Route]) -> Iterator[Route]:
    """The routes on which several ways meet."""
    for route in routes:
        node: int | None = route.node
        while node is not None and node not in web.parts:
            before = route.tree[node][1]
            node = None if before == SOURCE else before
        if node is not None:
            yield route


def _candidates(ground: Ground, doors: Sequence[Door]) -> Iterator[Route]:
    weighed = [((*door.order[:3], place), door) for place, door in enumerate(doors)]
    yield from _through_whole(ground, weighed)
    for weight, door in weighed:
        if door.demands:
            yield from _through_needs(ground, weight, door)


def _through_whole(ground: Ground, weighed: Sequence[tuple[Weight, Door]]) -> Iterator[Route]:
    """Routes through doors that open everything a credential holds or can become."""
    sources = [
        (weight, ground.web.credential(door.credential)) for weight, door in weighed if door.whole
    ]
    trees = ground.trees(sources)
    doors = [door for _, door in weighed]
    for node in sorted(ground.web.grants.keys() & trees[-1].keys()):
        first = next(level for level, tree in enumerate(trees) if node in tree)
        for grant in ground.web.grants[node]:
            level = max(first, LEVELS.index(grant.certainty))
            if not any(one in trees[level] for one in shadows(ground.web, node, grant)):
                weight = trees[level][node][0]
                door = weighed[weight[3]][1]
                yield Route(level, weight, door, trees[level], node, grant, doors=doors)


def shadows(web: Web, node: int, grant: Grant) -> Iterator[int]:
    """The nodes beside which a grant adds nothing: whoever reaches them has everything there."""
    if grant.scope != "*" and (grant.system, "*") in web.everything:
        yield web.everything[grant.system, "*"]
    if web.keys[node][0] != EVERYTHING and (grant.system, grant.scope) in web.everything:
        yield web.everything[grant.system, grant.scope]


def _through_needs(ground: Ground, weight: Weight, door: Door) -> Iterator[Route]:
    """Routes to what the tool in the door needs, as far as its credential is granted it."""
    own = ground.own(door.credential)
    gates, latent, hops, index = weight
    for demand in door.demands:
        for node, grant in granting(ground, own, demand):
            farther = (gates, latent, hops + own[node][0][2], index)
            level = LEVELS.index(grant.certainty)
            yield Route(level, farther, door, own, node, _narrowed(ground, grant, demand))


def granting(ground: Ground, nodes: Iterable[int], demand: Demand) -> Iterator[tuple[int, Grant]]:
    """The grants that allow what is needed; a need without a scope is met in any."""
    terms = ground.language.of(demand.system)
    for node in nodes:
        for grant in ground.web.grants.get(node, ()):
            allowed = grant.system == demand.system and terms.covers(grant.action, demand.action)
            within = not demand.scope or in_scope(grant.scope, demand.scope)
            if allowed and within and terms.opens(grant.resource, demand.resource, grant.scope):
                yield node, grant


def _narrowed(ground: Ground, grant: Grant, demand: Demand) -> Grant:
    """A grant as far as it is needed: a wildcard opens more, but this is what the call does."""
    terms = ground.language.of(demand.system)
    if grant.action == demand.action and terms.same(grant.resource, demand.resource):
        return grant
    effect = terms.effect(demand.resource, demand.action)
    scope = demand.scope or grant.scope
    return replace(
        grant, scope=scope, resource=demand.resource, action=demand.action, effect=effect
    )


def _spill(ground: Ground, found: Routes) -> None:
    """Add what writes cause in other systems, and what that causes further on."""
    best: dict[str, Route] = {}
    for route in found.values():
        system = route.grant.system
        known = best.get(system, route)
        if system in ground.spills and writes(route.grant) and route.order <= known.order:
            best[system] = route
    waiting = [best[system] for system in sorted(best)]
    while waiting:
        waiting.sort(key=lambda route: route.order)
        route = waiting.pop(0)
        system = route.spills[-1].to if route.spills else route.grant.system
        for spill in ground.spills.get(system, ()):
            farther = replace(route, spills=(*route.spills, spill))
            key = (spill.to, "", spill.via, EFFECT_THERE)
            if key not in found or farther.order < found[key].order:
                found[key] = farther
                waiting.append(farther)
