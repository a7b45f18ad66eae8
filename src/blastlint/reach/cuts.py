"""Finds the cheapest change that closes what a credential opens and nobody declared."""

from __future__ import annotations

from dataclasses import dataclass

from blastlint.reach.paths import Cut
from blastlint.reach.routes import label
from blastlint.reach.ways import EFFECT_THERE, writes
from blastlint.reach.web import CREDENTIAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.providers.grants import Becoming, Grant
    from blastlint.reach.exposure import Exposure
    from blastlint.reach.world import World

    Spot = tuple[str, str, str]
    """System, scope, resource."""

SPARE, DECLARED, SHARING, NEEDED = 1, 3, 5, 20
"""What a change costs: a line that nobody needs, a derivation that somebody declared, a credential
that agents share, and a grant that a tool needs."""

START, END = -1, -2
"""Ends of the flow that a cut interrupts: the agents, and what they must not reach."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One thing to take away: a step, a grant (a step to `END`), or a use (one from `START`)."""

    source: int
    target: int
    cost: int
    words: str


class Cutter:
    """Cuts for one credential, which share what they find out."""

    __slots__ = ("_credential", "_needed", "_node", "_open", "_reached", "_world")

    def __init__(self, world: World, credential: str, undeclared: Mapping[Spot, Exposure]) -> None:
        self._world = world
        self._credential = credential
        self._node = world.ground.web.credential(credential)
        self._open = undeclared
        self._reached = self._walk(frozenset())

    def cut(self, spot: Spot) -> Cut:
        """The cheapest cut of one resource; of equally cheap ones that which closes the most."""
        flow = list(self._flow(spot))
        single = [one for one in flow if self._severs((one,), spot)]
        if single and min(one.cost for one in single) <= SPARE:
            chosen: tuple[Removal, ...] = (self._best(single, spot),)
        else:
            chosen = minimum(flow)
        words = tuple(sorted({one.words for one in chosen}))
        return Cut(words, self._closes(chosen, spot))

    def _best(self, single: list[Removal], spot: Spot) -> Removal:
        cheapest = min(one.cost for one in single)
        equal = [one for one in single if one.cost == cheapest]
        return min(equal, key=lambda one: (-self._closes((one,), spot), one.words))

    def _walk(self, without: frozenset[tuple[int, int]]) -> list[int]:
        """What is reached when some steps are gone."""
        found = [self._node]
        seen = {self._node}
        for node in found:
            for edge in self._world.ground.web.edges[node]:
                if edge[0] not in seen and (node, edge[0]) not in without:
                    seen.add(edge[0])
                    found.append(edge[0])
        return found

    def _severs(self, removals: tuple[Removal, ...], spot: Spot) -> bool:
        """Whether nothing leads there any more."""
        steps = frozenset((one.source, one.target) for one in removals)
        if any(one.source == START for one in removals):
            return True
        left = (node for node in self._walk(steps) if (node, END) not in steps)
        return not any(self._leads(node, spot) for node in left)

    def _closes(self, removals: tuple[Removal, ...], spot: Spot) -> int:
        """How many pairs of system and resource are out of reach afterwards."""
        pairs = {(system, resource) for system, _, resource in self._open}
        if any(one.source == START for one in removals):
            return len(pairs)
        steps = frozenset((one.source, one.target) for one in removals)
        left: set[tuple[str, str]] = set()
        written: set[str] = set()
        for node in self._walk(steps):
            for grant in self._world.ground.web.grants[node]:
                if (node, END) in steps and self._opens(grant, spot):
                    continue
                where = (grant.system, grant.scope, grant.resource)
                if self._is_open(where, grant.action):
                    left.add((grant.system, grant.resource))
                if writes(grant):
                    written.add(grant.system)
        left.update(self._spilled(written))
        return len(pairs - left)

    def _spilled(self, written: set[str]) -> Iterator[tuple[str, str]]:
        waiting = sorted(written)
        for system in waiting:
            for spill in self._world.ground.spills.get(system, ()):
                yield (spill.to, spill.via)
                if spill.to not in waiting:
                    waiting.append(spill.to)

    def _is_open(self, spot: Spot, action: str) -> bool:
        return spot in self._open and action in self._open[spot].actions

    def _opens(self, grant: Grant, spot: Spot) -> bool:
        """Whether a grant, or what its write causes, opens a resource."""
        if (grant.system, grant.scope, grant.resource) == spot:
            return self._is_open(spot, grant.action)
        caused = self._is_open(spot, EFFECT_THERE) and writes(grant)
        return caused and (spot[0], spot[2]) in set(self._spilled({grant.system}))

    def _leads(self, node: int, spot: Spot) -> bool:
        return any(self._opens(grant, spot) for grant in self._world.ground.web.grants[node])

    def _flow(self, spot: Spot) -> Iterator[Removal]:
        """Everything that could be taken away between the agents and a resource."""
        who = ", ".join(self._world.named(self._open[spot].agents))
        words = f"give {who} a credential of its own instead of {self._credential}"
        yield Removal(START, self._node, SHARING, words)
        web = self._world.ground.web
        for node in self._reached:
            for target, _, kind, because in web.edges[node]:
                if kind in _COSTS and because is not None:
                    yield Removal(node, target, _COSTS[kind], _words(kind, because))
                else:
                    yield Removal(node, target, _FIXED, "")
            grants = [grant for grant in web.grants[node] if self._opens(grant, spot)]
            if grants:
                yield self._grant(node, grants)

    def _grant(self, node: int, grants: list[Grant]) -> Removal:
        """The removal of what one holder is granted there."""
        web = self._world.ground.web
        actions = ", ".join(f"`{action}`" for action in sorted({grant.action for grant in grants}))
        resources = ", ".join(f"`{name}`" for name in sorted({grant.resource for grant in grants}))
        noun = "out of" if web.keys[node][0] == CREDENTIAL else "away from"
        name = web.keys[node][2] if noun == "out of" else label(web, node)
        cost = NEEDED if any(self._world.needs(node, grant) for grant in grants) else SPARE
        return Removal(node, END, cost, f"take {actions} on {resources} {noun} {name}")


_COSTS = {"becomes": SPARE, "everything": SPARE, "derives": DECLARED}
"""Steps that can be taken away; the others only say that two names are one."""
_FIXED = 10**6


def _words(kind: str, because: Becoming) -> str:
    if kind == "everything":
        return f"take everything away from {because.holder}"
    via = f" ({because.via})" if because.via else ""
    whom = "everybody" if because.principal == "*" else because.principal
    return f"stop {because.holder} from becoming {whom}{via}"


def minimum(flow: list[Removal]) -> tuple[Removal, ...]:
    """The cheapest set of removals that interrupts a flow from `START` to `END`."""
    import networkx as nx  # noqa: PLC0415 -- slow to import, needed for tangled paths only

    graph = nx.DiGraph()
    cheapest: dict[tuple[int, int], Removal] = {}
    for one in flow:
        key = (one.source, one.target)
        cost = cheapest[key].cost + one.cost if key in cheapest else one.cost
        graph.add_edge(*key, capacity=cost)
        cheapest.setdefault(key, one)
    _, (near, _) = nx.minimum_cut(graph, START, END)
    return tuple(one for one in flow if one.source in near and one.target not in near and one.words)
