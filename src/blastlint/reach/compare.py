"""Compares what was declared with what is granted: too little, too much, and never there."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of, state
from blastlint.reach.needs import demands, doubt, users
from blastlint.reach.paths import Claim, OverGrant, UnderGrant
from blastlint.reach.terms import LEVELS, in_scope
from blastlint.reach.ways import granting
from blastlint.reach.web import place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.inventory.models import Capability, Tool
    from blastlint.inventory.models import Grant as TypedGrant
    from blastlint.providers.grants import Grant
    from blastlint.reach.needs import Cell, Demand
    from blastlint.reach.world import World
    from blastlint.source import Location

    Spot = tuple[str, str, str]
    """System, scope, resource."""


def under_grants(world: World) -> Iterator[UnderGrant]:
    """Every need that no grant meets, by tool, then capability, one for each resource."""
    told: set[tuple[str, str, Spot]] = set()
    for user in users(world.inventory):
        if not _judgeable(world, user):
            continue
        by_spot: dict[Spot, list[Demand]] = {}
        for demand in demands(user):
            spot = (demand.system, demand.scope, demand.resource)
            by_spot.setdefault(spot, []).append(demand)
        for spot, needed in sorted(by_spot.items()):
            name = (getattr(user, "capability", None) or id_of(user), needed[0].credential, spot)
            short = _shortfall(world, user, needed)
            if short is not None and not (name in told and needed[0].holder.startswith("cap")):
                told.add(name)
                yield short


def _judgeable(world: World, user: Tool | Capability) -> bool:
    """Whether it is stated at all what the credential is granted; if not, the cell is missing."""
    holding = world.holdings.get(user.credential or "")
    if holding is None:
        return False
    stated = state(holding.credential, "grants") in {"value", "null"}
    return stated or user.system in holding.spoken


def _shortfall(world: World, user: Tool | Capability, needed: list[Demand]) -> UnderGrant | None:
    """What of one resource a tool needs and is not granted for sure."""
    nodes = world.held(needed[0].credential)
    met = {demand: _surest(granting(world.ground, nodes, demand)) for demand in needed}
    missing = [demand for demand, grant in met.items() if grant is None]
    doubtful = [demand for demand, grant in met.items() if grant is not None and grant.needs]
    if not missing and not doubtful:
        return None
    first = (missing or doubtful)[0]
    there = sorted(_there(world, nodes, first), key=lambda grant: place(grant.location))
    fact = _missing_fact(world, first.credential, first.system) if missing else _needs(met[first])
    return UnderGrant(
        holder=first.holder,
        credential=first.credential,
        system=first.system,
        scope=first.scope,
        resource=first.resource,
        actions=tuple(sorted({demand.action for demand in missing or doubtful})),
        granted=tuple(sorted({grant.action for grant in there})),
        basis=first.basis,
        certainty="needs-fact" if fact else "proven",
        needs=fact,
        enabled=user.enabled is not False,
        location=first.location,
        nearest=there[0].location if there else None,
    )


def _surest(found: Iterable[tuple[int, Grant]]) -> Grant | None:
    """The surest of some grants; one that only might exist is told by what it needs."""
    grants = [grant for _, grant in found]
    return min(grants, key=lambda grant: LEVELS.index(grant.certainty), default=None)


def _needs(grant: Grant | None) -> str:
    return grant.needs if grant is not None else ""


def _there(world: World, nodes: Iterable[int], demand: Demand) -> Iterator[Grant]:
    """What is granted on the needed resource, whatever the action."""
    terms = world.ground.language.of(demand.system)
    for node in nodes:
        for grant in world.ground.web.grants.get(node, ()):
            near = not demand.scope or in_scope(grant.scope, demand.scope)
            on = grant.system == demand.system and terms.opens(grant.resource, demand.resource)
            if near and on:
                yield grant


def _missing_fact(world: World, credential: str, system: str) -> str:
    """What the evidence leaves open about the credential's principal."""
    principal = world.holdings[credential].credential.principal
    dangling = world.unresolved.get(system, ())
    return next((found.what for found in dangling if principal in found.holders), "")


def claims(world: World) -> Iterator[Claim]:
    """Every typed grant of which evidence speaks, with what of it the evidence does not show."""
    for name in sorted(world.holdings):
        credential, spoken = world.holdings[name].credential, world.holdings[name].spoken
        compared = [
            (number, typed)
            for number, typed in enumerate(credential.grants or ())
            if typed.system in spoken and typed.actions is not None
        ]
        for number, typed in compared:
            for index, resource in enumerate(typed.resources or ()):
                place = at(credential, "grants", number, "resources", index)
                yield _claim(world, name, typed, resource, place)


def _claim(
    world: World, credential: str, typed: TypedGrant, resource: str, location: Location
) -> Claim:
    """What evidence shows of one typed grant; the whole of something is shown by any part of it."""
    terms = world.ground.language.of(typed.system)
    scope = "" if typed.scope in {None, "*"} else typed.scope or ""
    shown = {
        grant.action
        for node in world.ground.own(credential)
        for grant in world.ground.web.grants.get(node, ())
        if grant.system == typed.system
        and (not scope or in_scope(grant.scope, scope))
        and (resource == "*" or terms.opens(grant.resource, resource))
    }
    unreal = {
        action
        for action in typed.actions or ()
        if not any(action == "*" or terms.covers(one, action) for one in shown)
    }
    return Claim(
        credential=credential,
        system=typed.system,
        scope=scope,
        resource=resource,
        actions=tuple(sorted(unreal)),
        granted=tuple(sorted(shown)),
        needs=_missing_fact(world, credential, typed.system) if unreal else "",
        location=location,
        typed=typed,
    )


def over_grants(
    world: World, undeclared: Mapping[tuple[str, Spot], frozenset[str]]
) -> Iterator[OverGrant]:
    """What credentials are granted beyond every need on needed resources, one for each resource.

    What is shown as an undeclared path is not shown again.
    """
    needs = world.demands
    for credential in sorted(needs.keys() & world.holdings.keys()):
        by_spot: dict[Spot, list[Grant]] = {}
        for node in sorted(world.ground.own(credential)):
            for grant in world.ground.web.grants.get(node, ()):
                spot = (grant.system, grant.scope, grant.resource)
                by_spot.setdefault(spot, []).append(grant)
        for spot, grants in sorted(by_spot.items()):
            told = undeclared.get((credential, spot), frozenset())
            yield from _surplus(
                world, credential, grants, _needed(world, needs[credential], spot), told
            )


def _needed(world: World, needs: Iterable[Demand], spot: Spot) -> set[str]:
    """The actions that somebody needs on a resource, in a scope."""
    system, scope, resource = spot
    terms = world.ground.language.of(system)
    return {
        demand.action
        for demand in needs
        if demand.system == system
        and in_scope(demand.scope, scope)
        and terms.same(demand.resource, resource)
    }


def _surplus(
    world: World, credential: str, grants: list[Grant], needed: set[str], told: frozenset[str]
) -> Iterator[OverGrant]:
    """The surplus among the grants of one resource, if it is needed at all."""
    apart = (grant for grant in grants if not grant.inherent)
    terms = world.ground.language.of(grants[0].system)
    unneeded = [grant for grant in apart if not any(terms.covers(n, grant.action) for n in needed)]
    surplus = [grant for grant in unneeded if grant.action not in told]
    if not needed or not surplus:
        return
    first = min(surplus, key=lambda grant: place(grant.location))
    level = min(LEVELS.index(grant.certainty) for grant in surplus)
    doubts = [_doubt(world, credential, grant) for grant in surplus]
    yield OverGrant(
        credential=credential,
        system=first.system,
        scope=first.scope,
        resource=first.resource,
        actions=tuple(sorted({grant.action for grant in surplus})),
        effects=tuple(sorted({grant.effect for grant in surplus})),
        needed=tuple(sorted(needed)),
        agents=world.named(world.holders.get(credential, 0)),
        certainty=LEVELS[level],
        doubt=None if None in doubts else doubts[0],
        location=first.location,
    )


def _doubt(world: World, credential: str, grant: Grant) -> Cell | None:
    """The cell that leaves open whether a tool needs a grant of a credential."""
    terms = world.ground.language.of(grant.system)
    keys = ((one, system) for one in (credential, "") for system in (grant.system, ""))
    half = (tool for key in keys for tool in world.half_stated.get(key, ()))
    cells = (doubt(tool, grant.system, grant.resource, grant.action, terms) for tool in half)
    return next(filter(None, cells), None)
