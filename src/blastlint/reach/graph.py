"""The reach graph: everything each agent can do, and what of it nobody declared."""

from __future__ import annotations

from blastlint.reach.compare import claims, over_grants, under_grants
from blastlint.reach.cuts import Cutter
from blastlint.reach.exposure import OWN, expose
from blastlint.reach.federation import both, is_subject
from blastlint.reach.needs import doubt as doubt_of
from blastlint.reach.parting import part_ways
from blastlint.reach.paths import Becomes, CredentialPath, Reached
from blastlint.reach.routes import LastCredentials, tell
from blastlint.reach.terms import LEVELS
from blastlint.reach.ways import EFFECT_THERE, find_routes, writes
from blastlint.reach.world import assemble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.inventory.loading import Inventory
    from blastlint.providers.grants import Becoming, Grant, Granted
    from blastlint.reach.doors import Door
    from blastlint.reach.exposure import Exposure, Opening, Place
    from blastlint.reach.needs import Cell
    from blastlint.reach.paths import BlastPath, Claim, Cut, OverGrant, Reach, UnderGrant
    from blastlint.reach.routes import Route
    from blastlint.reach.spread import Edge
    from blastlint.reach.ways import Routes, Triple
    from blastlint.reach.world import World

SENSITIVE = frozenset({"pii", "payment", "health", "secrets"})
"""Classes of data that must not leak."""
MERGE = "merge"
"""Action by which a change becomes part of a protected branch."""
_OPEN = LEVELS.index("needs-fact")
"""Level from which on something is only possible."""
_KEPT = 64
"""Sets of routes that are kept for the next question."""


class ReachGraph:
    """Answers what agents reach; every answer is found when it is first asked for."""

    __slots__ = ("_cutters", "_exposed", "_places", "_routes", "_told", "_world", "_writing")

    def __init__(self, world: World) -> None:
        self._world = world
        self._exposed: dict[Place, Exposure] | None = None
        self._routes: dict[tuple[str, str], Routes] = {}
        self._places = {name: bit for bit, name in enumerate(world.agents)}
        self._told: dict[str, BlastPath] = {}
        self._cutters: dict[str, Cutter] = {}
        self._writing: tuple[str, dict[str, list[Triple]]] = ("", {})

    def reached(self, agent: str) -> tuple[Reached, ...]:
        """Everything that an agent reaches, by system, scope, resource and action."""
        routes = self._all_routes(agent)
        last = LastCredentials(self._world.ground.web)
        return tuple(self._reached(agent, key, routes[key], last) for key in sorted(routes))

    def joint_grants(self, agent: str) -> tuple[Grant, ...]:
        """What an agent is granted because several of its credentials meet."""
        return tuple(route.grant for _, route in sorted(self._met(agent).items()))

    def _met(self, agent: str) -> Routes:
        """The routes of an agent on which several ways meet."""
        if not self._world.ground.web.parts:
            return {}
        return self._remembered((agent, "+"), self._world.doors.of(agent), joint=True)

    def _all_routes(self, agent: str) -> Routes:
        return self._remembered((agent, ""), self._world.doors.of(agent))

    def _remembered(
        self, key: tuple[str, str], doors: Sequence[Door], *, joint: bool = False
    ) -> Routes:
        """The routes through some doors; a few are kept, as questions come in a row."""
        if key not in self._routes:
            if len(self._routes) >= _KEPT:
                self._routes.pop(next(iter(self._routes)))
            self._routes[key] = find_routes(self._world.ground, doors, joint=joint)
        return self._routes[key]

    def _reached(self, agent: str, key: Triple, route: Route, last: LastCredentials) -> Reached:
        bit = 1 << self._places[agent]
        return Reached(
            agent=agent,
            system=key[0],
            scope=key[1],
            resource=key[2],
            action=key[3],
            effect="mutate" if route.spills else route.grant.effect,
            certainty=LEVELS[route.level],
            declared=bool(self._world.declared.agents(*key) & bit) or _is_told_by_others(route),
            reach="latent" if route.weight[1] else "direct",
            credential=last.on(route),
            route=route,
            teller=self,
        )

    def paths(self) -> tuple[CredentialPath, ...]:
        """What every credential in an agent's hands opens, declared and undeclared apart."""
        exposed = self._exposures()
        return tuple(path for place in sorted(exposed) for path in self._paths(place))

    def undeclared(self) -> tuple[CredentialPath, ...]:
        """What the credentials open and nobody declared, one for each resource."""
        exposed = self._exposures()
        return tuple(path for p in sorted(exposed) if not p[-1] for path in self._paths(p))

    def under_grants(self) -> tuple[UnderGrant, ...]:
        """What tools and capabilities need and are not granted."""
        return tuple(under_grants(self._world))

    def over_grants(self) -> tuple[OverGrant, ...]:
        """What credentials are granted beyond need, on resources that are needed."""
        exposed = self._exposures()
        undeclared = {
            (credential, (system, scope, resource)): frozenset(exposure.actions)
            for (credential, joint, system, scope, resource, declared), exposure in exposed.items()
            if not (joint or declared)
        }
        return tuple(over_grants(self._world, undeclared))

    def claims(self) -> tuple[Claim, ...]:
        """The typed grants of which evidence speaks."""
        return tuple(claims(self._world))

    def spoken_for(self, credential: str) -> frozenset[str]:
        """The systems for which evidence, not the inventory, says what a credential is granted."""
        return self._world.holdings[credential].spoken

    def held_by(self, credential: str) -> tuple[str, ...]:
        """The agents that hold a credential: by a tool, a capability, or in their runtime."""
        world = self._world
        return tuple(
            agent
            for agent in world.agents
            if any(door.credential == credential for door in world.doors.own(agent))
        )

    def grants_of(self, credential: str) -> tuple[Grant, ...]:
        """What a credential is granted: by evidence where there is any, else as it is declared."""
        nodes = sorted(self._world.ground.own(credential))
        return tuple(
            grant for node in nodes for grant in self._world.ground.web.grants.get(node, ())
        )

    def becomes(self, credential: str) -> tuple[Becomes, ...]:
        """The principals that the holder of a credential can turn into, in one step."""
        typed = list(self._steps(credential, "derives"))
        shown = list(self._steps(credential, "becomes"))
        named = {target for target, _ in typed}
        members = {edge[0] for node in named for edge in self._members(node)}
        seen = {one.principal for _, one in shown}
        found = [
            _turning(credential, one, declared=target in named | members) for target, one in shown
        ]
        found += [
            _turning(credential, one, declared=True)
            for _, one in typed
            if one.principal not in seen
        ]
        unique = {(one.principal, one.via): one for one in reversed(found)}
        return tuple(unique[key] for key in sorted(unique))

    def _steps(self, credential: str, kind: str) -> Iterator[tuple[int, Becoming]]:
        """The turns of a credential; a federated subject stands for the roles that trust it."""
        for node in sorted(self._world.ground.own(credential)):
            for target, one in self._turns(node, kind):
                trusted = list(self._turns(target, "becomes")) if is_subject(one.principal) else []
                yield from ((role, both(one, other)) for role, other in trusted)
                if not trusted:
                    yield target, one

    def _turns(self, node: int, kind: str) -> Iterator[tuple[int, Becoming]]:
        for target, _, step, because in self._world.ground.web.steps(node):
            if step == kind and because is not None:
                yield target, because

    def _members(self, node: int) -> Iterator[Edge]:
        return (edge for edge in self._world.ground.web.steps(node) if edge[2] == "member")

    def covers_write(self, agent: str, system: str, resources: Iterable[str]) -> Reached | None:
        """The surest write of an agent to one of some resources of a system, if there is any.

        Where evidence says who may merge, a push alone changes nothing yet, and a merge that
        another person must agree to is not the agent's.
        """
        asked = tuple(resources)
        terms = self._world.ground.language.of(system)
        routes = self._all_routes(agent)
        found = [
            (routes[key].order, key)
            for key in self._writes_of(agent).get(system, ())
            if any(terms.opens(key[2], one) or terms.opens(one, key[2]) for one in asked)
        ]
        merges = [one for one in found if _is_merge(routes[one[1]].grant)]
        if merges:
            found = [one for one in merges if not routes[one[1]].grant.second_person]
        key = min(found)[1] if found else None
        last = LastCredentials(self._world.ground.web)
        return self._reached(agent, key, routes[key], last) if key else None

    def _writes_of(self, agent: str) -> Mapping[str, Sequence[Triple]]:
        """What an agent can change, by system; kept for the agent of the last question."""
        if self._writing[0] != agent:
            found: dict[str, list[Triple]] = {}
            for key, route in self._all_routes(agent).items():
                if writes(route.grant):
                    found.setdefault(key[0], []).append(key)
            self._writing = (agent, found)
        return self._writing[1]

    def _exposures(self) -> dict[Place, Exposure]:
        if self._exposed is None:
            self._exposed = expose(self._world)
        return self._exposed

    def _paths(self, place: Place) -> Iterator[CredentialPath]:
        """What is open for sure and what only possibly, oneself and as somebody else: each a path.

        What is declared needs no such distinction between those whom one becomes.
        """
        exposure = self._exposures()[place]
        ways: dict[tuple[bool, bool, int], dict[str, Opening]] = {}
        for action, (level, effect, node) in exposure.actions.items():
            doubted = level < _OPEN and not place[-1] and self._doubt(place, action) is not None
            way = (level >= _OPEN, doubted, OWN if place[-1] else node)
            ways.setdefault(way, {})[action] = (level, effect, node)
        for (_, doubted, node), actions in sorted(ways.items()):
            doubt = self._doubt(place, min(actions)) if doubted else None
            yield self._path(place, actions, node, doubt)

    def _doubt(self, place: Place, action: str) -> Cell | None:
        """The cell that leaves open whether an action is needed, if each agent has such a tool.

        What a write causes elsewhere may be caused by whatever is open.
        """
        world, (_, _, system, _, resource, _) = self._world, place
        terms = world.ground.language.of(system)
        caused, found = action == EFFECT_THERE, None
        for agent in world.named(self._exposures()[place].agents):
            half = ((t, t.system if caused else None) for t in world.open_to.get(agent, ()))
            cells = (doubt_of(t, own or system, resource, action, terms) for t, own in half)
            cell = next(filter(None, cells), None)
            if cell is None:
                return None
            found = found or cell
        return found

    def _path(
        self, place: Place, actions: Mapping[str, Opening], node: int, doubt: Cell | None
    ) -> CredentialPath:
        credential, joint, system, scope, resource, declared = place
        world, agents = self._world, self._exposures()[place].agents
        record = world.inventory.systems.get(system)
        effects = tuple(sorted({effect for _, effect, _ in actions.values()}))
        return CredentialPath(
            credential=credential,
            system=system,
            scope=scope,
            resource=resource,
            actions=tuple(sorted(actions)),
            effects=effects,
            agents=world.named(agents),
            declared=declared,
            acting_as="" if node == OWN else world.ground.web.keys[node][2],
            certainty=LEVELS[min(level for level, _, _ in actions.values())],
            doubt=doubt,
            joint=joint,
            reach=self._reach(place, agents),
            writes=effects != ("read",),
            sensitive=record is not None and not SENSITIVE.isdisjoint(record.data or ()),
            system_known=record is not None,
            teller=self,
        )

    def _reach(self, place: Place, agents: int) -> Reach:
        """By what tools the weakest way leads there, as they are or only if their host is taken."""
        if not place[1]:
            return self._weakest(place[0], agents).reach
        latent = self._meeting(place, self._exposures()[place])[0].weight[1]
        return "latent" if latent else "direct"

    def _weakest(self, credential: str, agents: int) -> Door:
        """The weakest door of some agents that leads to everything a credential opens."""
        world = self._world
        doors = (world.doors.whole(name, credential) for name in world.named(agents))
        return min(doors, key=lambda door: (door.order, door.agent))

    # --- what is told when somebody asks --------------------------------------------------------

    def tell(self, route: Route) -> BlastPath:
        """Tell one route, hop by hop."""
        return tell(self._world.ground.web, route)

    def witness(self, path: CredentialPath) -> BlastPath:
        """Tell the weakest way of a credential's path."""
        if path.id not in self._told:
            self._told[path.id] = self._weakest_way(path, self._exposures()[self._place(path)])
        return self._told[path.id]

    def _weakest_way(self, path: CredentialPath, exposure: Exposure) -> BlastPath:
        if path.joint:
            ways = self._meeting(self._place(path), exposure, path.actions)
        else:
            door = self._weakest(path.credential, exposure.agents)
            routes = self._remembered((door.agent, door.credential), [door])
            spot = (path.system, path.scope, path.resource)
            ways = [routes[*spot, action] for action in path.actions]
        route = min(ways, key=lambda route: route.order)
        same = {way.grant.action for way in ways if _alike(way, route)}
        return tell(self._world.ground.web, route, sorted(same))

    def _meeting(
        self, place: Place, exposure: Exposure, actions: Iterable[str] = ()
    ) -> list[Route]:
        """The routes on which what an agent holds meets, of the agent that has the weakest."""
        _, _, system, scope, resource, _ = place
        found: list[list[Route]] = []
        for agent in self._world.named(exposure.agents):
            routes = self._met(agent)
            keys = ((system, scope, resource, action) for action in actions or exposure.actions)
            ways = [routes[key] for key in keys if key in routes]
            found += [sorted(ways, key=lambda route: route.order)] if ways else []
        return min(found, key=lambda ways: ways[0].order)

    def cut(self, path: CredentialPath) -> Cut:
        """Find the cheapest change that closes a path that nobody declared."""
        if path.joint:
            return self._parted(path)
        if path.credential not in self._cutters:
            mine = (path.credential, False)
            places = (p for p in sorted(self._exposures()) if p[:2] == mine and not p[-1])
            opened = [path for place in places for path in self._paths(place)]
            self._cutters[path.credential] = Cutter(self._world, path.credential, opened)
        return self._cutters[path.credential].cut(path.id)

    def _parted(self, path: CredentialPath) -> Cut:
        places = [p for p in self._exposures() if p[:2] == (path.credential, True) and not p[-1]]
        ways = {place: self._meeting(place, self._exposures()[place])[0] for place in places}
        route = ways[self._place(path)]
        return part_ways(self._world.ground.web, route, list(ways.values()))

    def _place(self, path: CredentialPath) -> Place:
        spot = (path.system, path.scope, path.resource)
        return path.credential, path.joint, *spot, path.declared


def _turning(credential: str, because: Becoming, *, declared: bool) -> Becomes:
    return Becomes(
        credential,
        because.principal,
        because.via,
        declared,
        because.certainty,
        because.needs,
        because.location,
    )


def _is_told_by_others(route: Route) -> bool:
    """Whether a grant to read opens nothing but what another grant opens as well."""
    return route.grant.inherent and not writes(route.grant)


def _is_merge(grant: Grant) -> bool:
    """Whether evidence says that its holder may merge."""
    return grant.action == MERGE and not grant.declared


def _alike(one: Route, other: Route) -> bool:
    """Whether two routes differ in the action alone."""
    return (one.node, one.level, one.spills) == (other.node, other.level, other.spills)


def build(inventory: Inventory, evidence: Mapping[str, Granted]) -> ReachGraph:
    """Build the reach graph of an inventory; evidence comes by its id in the inventory."""
    return ReachGraph(assemble(inventory, evidence))
