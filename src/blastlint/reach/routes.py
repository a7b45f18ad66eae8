"""Tells the way from an agent to an action, hop by hop."""

from __future__ import annotations

from blastlint.reach.paths import BlastPath, Hop
from blastlint.reach.terms import LEVELS
from blastlint.reach.web import CREDENTIAL, EVERYTHING, JOINT, PART, PATTERN, parted, place
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Becoming, Grant
    from blastlint.reach.doors import Door
    from blastlint.reach.spread import Edge, Tree, Weight
    from blastlint.reach.web import Web
    from blastlint.source import Location


@dataclass(frozen=True, slots=True)
class Spill:
    """A write to one system causes an effect in another."""

    system: str
    to: str
    via: str
    """What carries it, in words."""
    location: Location


@dataclass(frozen=True, slots=True)
class Route:
    """One way to one action: a door, the steps behind it, and the grant at the end."""

    level: int
    """Place of its certainty in `LEVELS`."""
    weight: Weight
    door: Door
    tree: Tree
    """The steps that lead to every node behind the door."""
    node: int
    """Who holds the grant."""
    grant: Grant
    spills: tuple[Spill, ...] = ()
    """How the effect goes on from the grant's system."""
    doors: Sequence[Door] = ()
    """All doors through which the tree was grown, by the place in its weights."""

    @property
    def order(self) -> tuple[bool, int, Weight, int, tuple[str, int, int], str]:
        """Weakest first.

        What the platform asks another person for comes last. Else the surest comes first: a way
        that is proven must not hide behind one that only might exist. Then the fewest gates, direct
        before latent, and the fewest hops.
        """
        gates, latent, hops, index = self.weight
        weight = (gates, latent, hops + len(self.spills), index)
        grant = self.grant
        where = place(grant.location)
        return (grant.second_person, self.level, weight, self.node, where, grant.action)


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of a way: from a door on, or from where others met."""

    door: Door | None
    steps: tuple[tuple[int, Edge], ...]
    """Where each step starts, and it."""


def legs(web: Web, route: Route, node: int) -> Iterator[Leg]:
    """The legs of a way to a node; where several meet, those that lead there come first."""
    found: list[tuple[int, Edge]] = []
    while node not in web.parts and (step := route.tree.step(node)) is not None:
        found.append(step)
        node = step[0]
    door = None
    if node in web.parts:
        for part in web.parts[node]:
            yield from legs(web, route, part)
    else:
        door = route.doors[route.tree[node][0][3]] if route.doors else route.door
    yield Leg(door, tuple(found[::-1]))


class LastCredentials:
    """Finds the last credential on the way to many nodes, each stretch of the way once."""

    __slots__ = ("_known", "_web")

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: dict[tuple[int, int], str] = {}

    def on(self, route: Route) -> str:
        """The last credential of the inventory on a way."""
        tree, node, passed = id(route.tree), route.node, []
        while (tree, node) not in self._known:
            passed.append(node)
            kind, _, name = self._web.keys[node]
            step = route.tree.step(node)
            if kind == CREDENTIAL or step is None:
                self._known[tree, node] = name
            else:
                node = step[0]
        found = self._known[tree, node]
        self._known.update(((tree, one), found) for one in passed)
        return found


def tell(web: Web, route: Route, actions: Sequence[str] = ()) -> BlastPath:
    """The route as a path; `actions` are told at its end instead of the one of its grant."""
    walked = tuple(legs(web, route, route.node))
    doors = [leg.door for leg in walked if leg.door]
    hops: list[Hop] = []
    for leg in walked:
        hops += leg.door.hops if leg.door else ()
        hops += _walked(web, leg.steps)
    hops = list(dict.fromkeys(hops))  # legs may begin alike
    if web.keys[route.node][0] != EVERYTHING:
        hops.extend(_granted(web, route, actions or (route.grant.action,)))
    hops.extend(_spilled(spill) for spill in route.spills)
    return BlastPath(
        agent=route.door.agent,
        certainty=LEVELS[route.level],
        reach="latent" if any(door.reach == "latent" for door in doors) else "direct",
        gates=tuple(dict.fromkeys(gate for door in doors for gate in door.gates)),
        hops=tuple(hops),
        needs=tuple(dict.fromkeys(_needs(walked, route.grant))),
        credentials=tuple(dict.fromkeys(door.credential for door in doors)),
    )


def _needs(walked: Sequence[Leg], grant: Grant) -> Iterator[str]:
    for _, (_, _, _, because) in (step for leg in walked for step in leg.steps):
        if because is not None and because.needs:
            yield because.needs
    yield from (words for words in (grant.condition, grant.needs) if words)


def label(web: Web, node: int) -> str:
    """A node in words."""
    kind, home, name = web.keys[node]
    if kind == EVERYTHING:
        return _all(name)
    if kind in {PART, JOINT}:
        return f"part {name}" if kind == PART else "all parts"
    noun = "credential" if kind == CREDENTIAL else "principal"
    return f"{noun} {name}" + (f" of {home}" if home and noun == "principal" else "")


def beside(web: Web, node: int, name: str) -> str:
    """Another principal where a node is at home, in words."""
    _, home, _ = web.keys[node]
    return f"principal {name}" + (f" of {home}" if home else "")


def _walked(web: Web, walked: Sequence[tuple[int, Edge]]) -> Iterator[Hop]:
    """The steps as hops; those that only say that two names are one are left out."""
    pattern: Becoming | None = None
    source = -1
    for start, (target, level, kind, because) in walked:
        source = start if pattern is None else source
        if web.keys[target][0] == PATTERN:
            pattern = because
            continue
        told = pattern if kind == "member" and pattern is not None else because
        pattern = None
        if kind == "member" and told is None:
            yield _becoming(web, start, target, level, None)
        elif told is not None:
            key = (source, target, id(told))
            if key not in web.told:
                web.told[key] = _STEPS.get(kind, _becoming)(web, source, target, level, told)
            yield web.told[key]


def _becoming(web: Web, source: int, target: int, level: int, because: Becoming | None) -> Hop:
    via = f": {because.via}" if because is not None and because.via else ""
    verb = "take" if web.keys[target][0] == EVERYTHING else "become"
    why = f"{_name(web, source)} can {verb} {_name(web, target)}{via}"
    location = because.location if because is not None else None
    certainty = because.certainty if because is not None else LEVELS[level]
    return Hop(label(web, source), label(web, target), "becomes", why, location, certainty)


def _acting(web: Web, source: int, target: int, level: int, because: Becoming | None) -> Hop:
    location = because.location if because is not None else None
    why = f"{_name(web, source)} acts as {_name(web, target)}"
    return Hop(label(web, source), label(web, target), "acts-as", why, location, LEVELS[level])


def _whole(web: Web, source: int, target: int, level: int, because: Becoming | None) -> Hop:
    location = because.location if because is not None else None
    why = f"{_name(web, source)} is granted {_name(web, target)}"
    return Hop(label(web, source), label(web, target), "grants", why, location, LEVELS[level])


def _adding(web: Web, source: int, target: int, level: int, because: Becoming | None) -> Hop:
    location = because.location if because is not None else None
    why = f"{_name(web, source)} can {_name(web, target)}"
    return Hop(label(web, source), label(web, target), "adds", why, location, LEVELS[level])


_STEPS = {"acts-as": _acting, "adds": _adding, "everything": _whole}


def _name(web: Web, node: int) -> str:
    kind, _, name = web.keys[node]
    if kind == JOINT:
        return "whoever can do all this"
    return _all(name) if kind == EVERYTHING else name


def _all(name: str) -> str:
    system, scope = parted(name)
    return f"everything on {system}" + (f" in {scope}" if scope != "*" else "")


def _granted(web: Web, route: Route, actions: Sequence[str]) -> Iterator[Hop]:
    """The grant, after the membership by which its holder has it."""
    grant, name, source = route.grant, _name(web, route.node), label(web, route.node)
    if grant.inherited:
        member, name = grant.inherited.memberships[0], grant.inherited.owners[0]
        why = f"{member.holder} has what {member.principal} has, as its member"
        target = beside(web, route.node, name)
        yield Hop(source, target, "becomes", why, member.location, member.certainty)
        source = target
    where = f" in {grant.scope}" if grant.scope not in {"", "*"} else ""
    what = "every resource" if grant.resource == "*" else grant.resource
    if grant.names:
        where = f" named {', '.join(grant.names)}{where}"
    why = f"{name} is granted {', '.join(actions)} on {what}{where}"
    target = f"{grant.system}/{grant.resource}"
    yield Hop(source, target, "grants", why, grant.location, grant.certainty)


def _spilled(spill: Spill) -> Hop:
    via = f": {spill.via}" if spill.via else ""
    why = f"a write to {spill.system} has an effect on {spill.to}{via}"
    return Hop(
        f"system {spill.system}", f"system {spill.to}", "propagates", why, spill.location, "proven"
    )
