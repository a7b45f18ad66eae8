"""Where a page ends and who repairs what: escalation and repair as one directed graph."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.digraph import components, reached, turned
from blastlint.analyses.escalation import HUMAN, PLACES, targets
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import EscalationPolicy, Route
    from blastlint.inventory.models.parts import Part

_WAYS = ("repair_by", "equivalents", "human_exit")


@dataclass(frozen=True, slots=True)
class Edge:
    """One node turns to another for help."""

    source: str
    """`KIND:NAME` that turns for help; a part, an agent, a policy, a rotation."""
    target: str
    """`KIND:NAME` that it turns to."""
    part: Part
    """Where that is written."""
    field: str
    """Field that says it."""


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A page that reaches no person at the end."""

    path: tuple[str, ...]
    """Nodes from the policy on; the last one is no person."""
    part: Part
    """Where the last step is written."""
    field: str
    """Field that says it."""
    missing: tuple[Cell, ...] = ()
    """Cells that could name a person; none: it is certain."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Nodes that wait for one another, with no person in reach."""

    edges: tuple[Edge, ...]
    """The way round; it ends where it starts."""
    missing: tuple[Cell, ...]
    """Cells that could name a person; none: it is certain."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Nodes on the way round, the first one again at the end."""
        return (*(edge.source for edge in self.edges), self.edges[0].source)


@dataclass(frozen=True, slots=True)
class Recovery:
    """Whether a part can be repaired while it is broken."""

    component: str
    """The part, as `KIND:NAME`."""
    routes: tuple[str, ...]
    """Ids of the routes that repair it."""
    single: bool | None
    """True if every route passes the part itself, or there is but one; none: not stated."""
    through_itself: bool
    """True if every route passes the part itself."""
    part: Part
    """The first of the routes."""
    missing: tuple[Cell, ...] = ()
    """Cells that could name another way."""


def not_pagers(policy: EscalationPolicy) -> tuple[str, ...]:
    """Return the targets of a policy where people may look and nobody is paged."""
    return tuple(target.name for target in targets(policy) if target.kind in PLACES)


def recovery_edges(inventory: Inventory) -> Mapping[str, tuple[Edge, ...]]:
    """Return who turns to whom, by the one who turns: agents, policies, rotations, parts."""
    found: dict[str, list[Edge]] = {}
    for edge in _edges(inventory):
        found.setdefault(edge.source, []).append(edge)
    return {source: tuple(edges) for source, edges in found.items()}


def _edges(inventory: Inventory) -> Iterator[Edge]:
    for agent in inventory.agents.values():
        if agent.escalation:
            yield Edge(f"agent:{agent.id}", f"policy:{agent.escalation}", agent, "escalation")
    for policy in inventory.escalation_policies.values():
        for target in targets(policy):
            yield Edge(f"policy:{policy.id}", target.name, target.rule, "targets")
    for rotation in inventory.rotations.values():
        if rotation.secondary:
            name = f"rotation:{rotation.id}"
            yield Edge(name, f"rotation:{rotation.secondary}", rotation, "secondary")
    for route in inventory.routes.values():
        if route.component:
            yield from _repairs(route, route.component)


def _repairs(route: Route, component: str) -> Iterator[Edge]:
    for field in ("repair_by", "equivalents"):
        for name in getattr(route, field) or ():
            yield Edge(component, name, route, field)
    if route.human_exit:
        yield Edge(component, route.human_exit, route, "human_exit")


def closed_cycles(inventory: Inventory) -> tuple[Cycle, ...]:
    """Return cycles of the graph from which no person can be reached, one for each knot of them.

    A cycle with a way out to a person is normal paging.
    """
    edges = recovery_edges(inventory)
    graph = {node: {edge.target for edge in edges[node]} for node in edges}
    people = {node for found in graph.values() for node in found if _is_person(node)}
    safe = reached(turned(graph), people)
    lost = {node: found - safe for node, found in graph.items() if node not in safe}
    return tuple(
        Cycle(_round(edges, knot), _openings(inventory, reached(lost, knot)))
        for knot in components(lost)
        if len(knot) > 1 or any(node in lost.get(node, ()) for node in knot)
    )


def _round(edges: Mapping[str, tuple[Edge, ...]], knot: Collection[str]) -> tuple[Edge, ...]:
    """Walk within a knot from its first node until a node comes again; return that way round."""
    node, walked = min(knot), list[Edge]()
    places: dict[str, int] = {}
    while node not in places:
        places[node] = len(walked)
        walked.append(next(edge for edge in edges[node] if edge.target in knot))
        node = walked[-1].target
    return tuple(walked[places[node] :])


def _openings(inventory: Inventory, nodes: Collection[str]) -> tuple[Cell, ...]:
    """Return the open cells of some nodes that could name a person."""
    found: list[Cell] = []
    for node in sorted(nodes):
        kind, _, name = node.partition(":")
        if kind == "agent" and name in inventory.agents:
            found += unstated(inventory.agents[name], "escalation")
        if kind == "policy" and name in inventory.escalation_policies:
            found += _open_levels(inventory.escalation_policies[name])
    for route in inventory.routes.values():
        if route.component in nodes:
            found += unstated(route, *_WAYS)
    return tuple(found)


def _open_levels(policy: EscalationPolicy) -> tuple[Cell, ...]:
    cells = (cell for rule in policy.rules or () for cell in unstated(rule, "targets"))
    return (*unstated(policy, "rules"), *cells)


def dead_end(inventory: Inventory, policy: EscalationPolicy) -> DeadEnd | None:
    """Return a way on which a page to a policy ends with no person; none if it ends with one.

    It ends with one if a target of the last level does: a rotation, a policy whose own last level
    does, an agent whose policy does.
    """
    ends = _endings(inventory, f"policy:{policy.id}")
    if any(map(_is_person, ends)):
        return None
    path = [f"policy:{policy.id}"]
    while ends.get(path[-1]) and path[-1] not in path[:-1]:
        path.append(ends[path[-1]][0])
    last = policy.rules[-1] if policy.rules else None
    return DeadEnd(
        tuple(path), last or policy, "targets" if last else "rules", _openings(inventory, set(ends))
    )


def ends_with_people(inventory: Inventory, policy: EscalationPolicy) -> bool | None:
    """Return whether the last level of a policy reaches people; none if that is not stated."""
    end = dead_end(inventory, policy)
    return True if end is None else None if end.missing else False


def _endings(inventory: Inventory, start: str) -> dict[str, tuple[str, ...]]:
    """Return every node that a page can end up at, and where it goes from there."""
    found: dict[str, tuple[str, ...]] = {}
    pending = [start]
    while pending:
        node = pending.pop()
        if node not in found:
            found[node] = _ending(inventory, node)
            pending += found[node]
    return found


def _ending(inventory: Inventory, node: str) -> tuple[str, ...]:
    """Return where a page goes at the end: an agent's policy, the last level of a policy."""
    kind, _, name = node.partition(":")
    if kind == "agent" and name in inventory.agents:
        policy = inventory.agents[name].escalation
        return (f"policy:{policy}",) if policy else ()
    if kind == "policy" and name in inventory.escalation_policies:
        rules = inventory.escalation_policies[name].rules
        return tuple(rules[-1].targets or ()) if rules else ()
    return ()


def recoveries(inventory: Inventory) -> tuple[Recovery, ...]:
    """Return for each part with a repair route whether it can be repaired while it is broken."""
    found: dict[str, list[Route]] = {}
    for route in inventory.routes.values():
        if route.component:
            found.setdefault(route.component, []).append(route)
    return tuple(_recovery(inventory, name, found[name]) for name in sorted(found))


def _recovery(inventory: Inventory, component: str, routes: list[Route]) -> Recovery:
    """Judge the routes of one part: `repair_by` is a chain, `equivalents` are other ways."""
    chains = {tuple(route.repair_by) for route in routes if route.repair_by}
    clear = [chain for chain in chains if component not in chain]
    others = {name for route in routes for name in route.equivalents or ()} - {component}
    exits = {route.human_exit for route in routes if route.human_exit}
    turned_to = {*exits, *(name for chain in clear for name in chain)}
    helped = len(clear) > 1 or others or any(_finds_people(inventory, n) for n in turned_to)
    gaps = () if helped else tuple(c for route in routes for c in unstated(route, *_WAYS))
    return Recovery(
        component,
        tuple(route.id for route in routes),
        False if helped else None if gaps else True,
        bool(chains) and not clear,
        routes[0],
        gaps,
    )


def _finds_people(inventory: Inventory, node: str) -> bool:
    """Return whether turning to a node ends with people; an agent that repairs is no person."""
    person = _is_person(node)
    return person or (
        node.startswith("policy:") and any(map(_is_person, _endings(inventory, node)))
    )


def _is_person(node: str) -> bool:
    return node.partition(":")[0] in HUMAN
