"""Finds the cheapest change that closes what a credential opens and nobody declared."""

from __future__ import annotations

from blastlint.reach.dominators import Dominators, backwards
from blastlint.reach.paths import Cut
from blastlint.reach.routes import beside, label
from blastlint.reach.ways import EFFECT_THERE, granting, key_of, writes
from blastlint.reach.web import CREDENTIAL, EVERYTHING, PATTERN
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.providers.grants import Becoming, Grant, Inherited
    from blastlint.reach.paths import CredentialPath
    from blastlint.reach.ways import Triple
    from blastlint.reach.world import World

    Spot = str
    """What is to be closed: a path, by its id."""
    Shared = tuple[int, tuple[str, ...], tuple[str, ...]]
    """Who has something by memberships, by which ones, and whose it is."""

SPARE, DECLARED, FOREIGN, SHARING, NEEDED = 1, 3, 4, 5, 20
"""What a change costs: a line that nobody needs, a derivation that somebody declared, a grant of
somebody else, who may need it, a credential that agents share, and a grant that a tool needs."""

_COSTS = {"becomes": SPARE, "everything": SPARE, "derives": DECLARED}
"""Steps that can be taken away; the others only say that two names are one."""

END = -1
"""End of the flow that a cut interrupts: what must not be reached."""
_NEVER = 10**6
"""The cost of what cannot be taken away."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One thing to take away."""

    cost: int
    words: tuple[str, ...]


class Cutter:
    """Cuts for one credential, which share what they find out.

    What one holder can become in one way stands on one line and goes away together, so every such
    way is a node of its own in the graph that is cut, and so is the bundle of all its ways.
    """

    __slots__ = (
        "_bundles",
        "_closed",
        "_credential",
        "_grants",
        "_homes",
        "_members",
        "_needed",
        "_net",
        "_open",
        "_root",
        "_spills",
        "_spots",
        "_tree",
        "_ways",
        "_world",
    )

    def __init__(self, world: World, credential: str, undeclared: Sequence[CredentialPath]) -> None:
        self._world = world
        self._credential = credential
        self._root = world.ground.web.credential(credential)
        self._open = {path.id: path for path in undeclared}
        self._spots: dict[Triple, Spot] = {
            (path.system, path.scope, path.resource, action): path.id
            for path in undeclared
            for action in path.actions
        }
        self._ways: dict[int, Removal] = {}
        self._bundles: dict[int, Removal] = {}
        self._members: dict[Shared, int] = {}
        self._homes: dict[int, int] = {}
        self._needed: set[int] = set()
        self._spills: dict[str, list[Spot]] = {}
        self._net = self._weave_net()
        self._tree = Dominators(self._net, self._root)
        self._grants = self._find_openings()
        self._closed = self._count()

    def cut(self, spot: Spot) -> Cut:
        """The cheapest cut of one resource; of equally cheap ones that which closes the most."""
        single = list(self._single(spot))
        cost, closes, words = min(single, key=lambda one: (one[0], -one[1], one[2]))
        tangled = bool(self._ways) or len(self._grants[spot]) > 1
        if cost > SPARE + SPARE and tangled:
            ways, grants = self._several(spot)
            chosen = {*(self._ways[way] for way in ways), *grants.values()}
            if sum(one.cost for one in chosen) < cost:
                words = tuple(sorted({words for one in chosen for words in one.words}))
                return Cut(words, self._closes_together(frozenset(ways), set(grants), spot))
        return Cut(words, closes)

    def _single(self, spot: Spot) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Every single change that closes a resource: its cost, what it closes, in words."""
        who = ", ".join(self._open[spot].agents)
        words = f"give {who} a credential of its own instead of {self._credential}"
        yield SHARING, self._closed[self._root], (words,)
        holders = self._grants[spot]
        for node in self._tree.above(holders):
            way = self._ways.get(node) or self._bundles.get(node)
            if way is not None:
                yield way.cost, self._closed[node], way.words
        removals = [self._grant(node, grants) for node, grants in holders.items()]
        cost = max(one.cost for one in removals)
        if cost < _NEVER and len({one.words for one in removals}) == 1:
            yield cost, self._closes_beside(holders), removals[0].words

    # --- the graph that is cut ------------------------------------------------------------------

    def _weave_net(self) -> dict[int, list[int]]:
        """The steps behind the credential, with a node for every way to become somebody."""
        web = self._world.ground.web
        net: dict[int, list[int]] = {}
        waiting, seen = [self._root], {self._root}
        for node in waiting:
            ways: dict[tuple[str, str], list[tuple[int, Becoming]]] = {}
            net[node] = []
            for target, _, kind, because in web.steps(node):
                if kind in _COSTS and because is not None:
                    ways.setdefault((kind, because.via), []).append((target, because))
                else:
                    net[node].append(target)
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
            for place, memberships in self._inherit(node):
                net[place] = []
                for one in memberships:
                    ways.setdefault(("becomes", one.via), []).append((place, one))
            self._bind(net, node, ways)
        return net

    def _inherit(self, node: int) -> Iterator[tuple[int, tuple[Becoming, ...]]]:
        """A node for what a holder has by the same memberships: it goes away with them."""
        needed: set[int] | None = None
        for grant in self._world.ground.web.grants.get(node, ()):
            if grant.inherited is None:
                continue
            needed = self._needed_of(node) if needed is None else needed
            key = _shared(node, grant.inherited)
            if key not in self._members:
                place = self._members[key] = self._number()
                self._homes[place] = node
                yield place, grant.inherited.memberships
            if id(grant) in needed:
                self._needed.add(self._members[key])

    def _needed_of(self, node: int) -> set[int]:
        """The grants of a holder that some tool needs."""
        world = self._world
        wanted = (one for name in world.owners.get(node, ()) for one in world.demands.get(name, ()))
        return {id(grant) for one in wanted for _, grant in granting(world.ground, [node], one)}

    def _bind(
        self,
        net: dict[int, list[int]],
        node: int,
        ways: Mapping[tuple[str, str], list[tuple[int, Becoming]]],
    ) -> None:
        """Add a node for each way from a holder, and one for the bundle of them all."""
        numbers = []
        for (kind, _), taken in ways.items():
            numbers.append(self._number())
            needed = any(target in self._needed for target, _ in taken)
            cost = NEEDED if needed else _COSTS[kind]
            self._ways[numbers[-1]] = Removal(cost, (self._words(kind, taken),))
            net[numbers[-1]] = [target for target, _ in taken]
        if numbers:
            removals = [self._ways[number] for number in numbers]
            words = tuple(sorted(one.words[0] for one in removals))
            bundle = self._number()
            self._bundles[bundle] = Removal(sum(one.cost for one in removals), words)
            net[bundle] = numbers
            net[node].append(bundle)

    def _number(self) -> int:
        made = len(self._ways) + len(self._bundles) + len(self._members)
        return len(self._world.ground.web.keys) + made

    def _words(self, kind: str, taken: list[tuple[int, Becoming]]) -> str:
        first = taken[0][1]
        if kind == "everything":
            return f"take everything away from {first.holder}"
        if first.undo:
            return first.undo
        keys = self._world.ground.web.keys
        names = [one.principal for target, one in taken if keys[target][0] == PATTERN]
        whom = (names or sorted(one.principal for _, one in taken))[0]
        more = "" if names or len(taken) == 1 else f" and {len(taken) - 1} more"
        whom = "anybody" if whom == "*" else whom
        via = f" ({first.via})" if first.via else ""
        return f"stop {first.holder} from becoming {whom}{more}{via}"

    def _find_openings(self) -> dict[Spot, dict[int, list[Grant]]]:
        """By path: who holds the grants that open it, or whose effect it is."""
        found: dict[Spot, dict[int, list[Grant]]] = {spot: {} for spot in self._open}
        for node in sorted(self._net):
            for grant in self._world.ground.web.grants.get(node, ()):
                shared = grant.inherited and self._members[_shared(node, grant.inherited)]
                for spot in self._opened(grant):
                    found[spot].setdefault(shared or node, []).append(grant)
        return found

    def _opened(self, grant: Grant) -> list[Spot]:
        """What a grant opens that nobody declared, itself and by what its write causes."""
        spots = self._spilled(grant.system) if writes(grant) else []
        own = self._spots.get(key_of(grant))
        return [own, *spots] if own else spots

    def _spilled(self, system: str) -> list[Spot]:
        """What a write to a system has an effect on, at the end of every chain."""
        if system not in self._spills:
            self._spills[system] = self._follow(system)
        return self._spills[system]

    def _follow(self, system: str) -> list[Spot]:
        found: list[Triple] = []
        waiting = [system]
        for one in waiting:
            for spill in self._world.ground.spills.get(one, ()):
                effect = (spill.to, "", spill.via, EFFECT_THERE)
                if effect not in found:
                    found.append(effect)
                    waiting.append(spill.to)
        return [self._spots[effect] for effect in found if effect in self._spots]

    # --- what a change closes -------------------------------------------------------------------

    def _count(self) -> dict[int, int]:
        """By node: how many resources are open only behind it."""
        return self._tree.count(self._tree.above(holders)[0] for holders in self._grants.values())

    def _closes_beside(self, removed: Mapping[int, list[Grant]]) -> int:
        """How many resources nobody opens any more when some holders lose some grants."""
        gone = {id(grant) for grants in removed.values() for grant in grants}
        opened = {
            spot for grants in removed.values() for one in grants for spot in self._opened(one)
        }
        return sum(self._only(spot, gone) for spot in opened)

    def _only(self, spot: Spot, gone: set[int]) -> bool:
        """Whether some grants are all that opens a resource."""
        return all(id(one) in gone for grants in self._grants[spot].values() for one in grants)

    # --- several changes at once ----------------------------------------------------------------

    def _grant(self, node: int, grants: list[Grant]) -> Removal:
        """The removal of what one holder is granted there."""
        web, place, node = self._world.ground.web, node, self._homes.get(node, node)
        if web.keys[node][0] == EVERYTHING:
            return Removal(_NEVER, ())
        needed = any(self._world.needs(node, grant) for grant in grants)
        wild = all("*" in grant.action or "*" in grant.resource for grant in grants)
        actions = ", ".join(f"`{action}`" for action in sorted({grant.action for grant in grants}))
        resources = ", ".join(f"`{name}`" for name in sorted({grant.resource for grant in grants}))
        scopes = sorted({grant.scope for grant in grants} - {"", "*"})
        resources += f" in {', '.join(scopes)}" if scopes else ""
        if place != node and grants[0].inherited:
            owners = [beside(web, node, owner) for owner in sorted(grants[0].inherited.owners)]
            several = tuple(f"take {actions} on {resources} away from {one}" for one in owners)
            return Removal(NEEDED if needed else FOREIGN * len(owners), several)
        mine = web.keys[node][0] == CREDENTIAL
        name = web.keys[node][2] if mine else label(web, node)
        if needed and wild:
            words = f"narrow {actions} on {resources} of {name} to what is needed"
            return Removal(SPARE, (words,))
        own = node in self._world.ground.own(self._credential)
        words = f"take {actions} on {resources} {'out of' if mine else 'away from'} {name}"
        return Removal(NEEDED if needed else SPARE if own else FOREIGN, (words,))

    def _several(self, spot: Spot) -> tuple[list[int], dict[int, Removal]]:
        """The cheapest set of ways and grants that together close a resource."""
        import networkx as nx  # noqa: PLC0415 -- slow to import, needed for tangled paths only

        graph = nx.DiGraph()
        for node, targets in self._net.items():
            for target in targets:
                cost = self._ways[target].cost if target in self._ways else _NEVER
                graph.add_edge(node, target, capacity=cost)
        last = {node: self._grant(node, grants) for node, grants in self._grants[spot].items()}
        lines: dict[str, int] = {}
        for removal in last.values():  # who hold by the same line lose it together
            for words in removal.words:
                lines[words] = max(lines.get(words, 0), removal.cost // len(removal.words))
        numbers = {words: END - number for number, words in enumerate(lines, 1)}
        for node, removal in last.items():
            for words in removal.words:
                graph.add_edge(node, numbers[words], capacity=_NEVER)
                graph.add_edge(numbers[words], END, capacity=lines[words])
            if not removal.words:
                graph.add_edge(node, END, capacity=_NEVER)
        _, (near, _) = nx.minimum_cut(graph, self._root, END)
        entered = {way for node in near & self._bundles.keys() for way in self._net[node]}
        ways = sorted(entered - near)
        return ways, {node: removal for node, removal in last.items() if node in near}

    def _closes_together(self, ways: frozenset[int], holders: set[int], spot: Spot) -> int:
        """How many resources nobody reaches any more without some ways and grants."""
        left = set(backwards({n: t for n, t in self._net.items() if n not in ways}, self._root))
        gone = {id(grant) for node in holders for grant in self._grants[spot][node]}
        return sum(
            not any(id(one) not in gone for node in left & found.keys() for one in found[node])
            for found in self._grants.values()
        )


def _shared(node: int, inherited: Inherited) -> Shared:
    """A key for what a holder has in the same way: it goes away together."""
    return node, tuple(one.via for one in inherited.memberships), inherited.owners
