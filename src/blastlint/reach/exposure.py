"""What every credential opens, for all credentials at once, grouped by resource."""

from __future__ import annotations

from blastlint.reach.spread import spread
from blastlint.reach.terms import LEVELS, in_scope, rank
from blastlint.reach.ways import EFFECT_THERE, key_of, shadows, writes
from blastlint.reach.web import EVERYTHING
from blastlint.reach.world import bits
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Effect, Grant
    from blastlint.reach.routes import Spill
    from blastlint.reach.world import World

    Place = tuple[int, str, str, str, bool]
    """Credential (as its bit), system, scope, resource, and whether it is declared."""
    Opening = tuple[int, Effect, int]
    """Level of certainty, effect, and the node whose grant it is: `OWN` or one that one becomes."""

OWN = -1
"""Stands for the principal of the credential itself, and for whoever may do everything."""


@dataclass(slots=True)
class Exposure:
    """What one credential opens on one resource."""

    actions: dict[str, Opening] = field(default_factory=dict)
    agents: int = 0

    def add(self, action: str, opening: Opening, agents: int) -> None:
        """Add an action that is open in some way to some agents."""
        level, effect, node = opening
        self.agents |= agents
        known = self.actions.setdefault(action, opening)
        if known is not opening:
            surest, first = min((known[0], known[2]), (level, node))
            self.actions[action] = (surest, max(known[1], effect, key=rank), first)

    def leave_out(self, wider: Exposure) -> None:
        """Leave out the actions that something wider opens as surely, to the same agents."""
        if self.agents & ~wider.agents:
            return
        surest = {action: opening[0] for action, opening in wider.actions.items()}
        for action, (level, _, _) in list(self.actions.items()):
            if min(surest.get(action, len(LEVELS)), surest.get("*", len(LEVELS))) <= level:
                del self.actions[action]


def expose(world: World) -> dict[Place, Exposure]:
    """Everything that the credentials open, declared and undeclared apart.

    What goes beyond a tool's need on the same resource without a stronger effect opens nothing
    new: it stands with what is declared, and is an over-grant of the credential.
    """
    ledger = _Ledger(world)
    masks = _masks(world)
    for node, grants in enumerate(world.ground.web.grants):
        for grant in filter(_opens, grants):
            for level, held in _fresh(world, masks, node, grant):
                ledger.enter(node, grant, level, held)
    ledger.enter_spills()
    return _folded(world, ledger.found)


def _opens(grant: Grant) -> bool:
    """Whether a grant opens anything by itself."""
    return not grant.inherent


class _Ledger:
    """What was found open so far."""

    __slots__ = ("_world", "_written", "found")

    def __init__(self, world: World) -> None:
        self.found: dict[Place, Exposure] = {}
        self._world = world
        self._written: list[dict[str, int]] = [{} for _ in LEVELS]

    def enter(self, node: int, grant: Grant, level: int, held: int) -> None:
        """Enter a grant that is open to the credentials in a mask."""
        world, (system, scope, resource, action) = self._world, key_of(grant)
        declared = world.declared.agents(system, scope, resource, action)
        owners = world.owners.get(node, ())
        somebody = OWN if world.ground.web.keys[node][0] == EVERYTHING else node
        for bit in bits(held):
            credential, surplus, via = world.credentials[bit], 0, somebody
            if credential in owners:
                surplus, via = world.declared.stronger(grant, credential), OWN
            agents = world.holders[credential]
            told = declared | surplus
            for mask, known in ((agents & told, True), (agents & ~told, False)):
                place = (bit, system, scope, resource, known)
                self._add(place, action, (level, grant.effect, via), mask)
        if writes(grant) and system in world.ground.spills:
            self._written[level][system] = self._written[level].get(system, 0) | held

    def _add(self, place: Place, action: str, opening: Opening, agents: int) -> None:
        if agents:
            if place not in self.found:
                self.found[place] = Exposure()
            self.found[place].add(action, opening, agents)

    def enter_spills(self) -> None:
        """Enter what writes cause elsewhere: the surest first, once for each credential."""
        known: dict[str, int] = {}
        for level, systems in enumerate(self._written):
            waiting = sorted(systems.items())
            for system, held in waiting:
                fresh = held & ~known.get(system, 0)
                known[system] = known.get(system, 0) | fresh
                for spill in self._world.ground.spills.get(system, ()) if fresh else ():
                    self._enter_spill(level, spill, fresh)
                    waiting.append((spill.to, fresh))

    def _enter_spill(self, level: int, spill: Spill, held: int) -> None:
        world = self._world
        declared = world.declared.agents(spill.to, "", spill.via, EFFECT_THERE)
        for bit in bits(held):
            agents = world.holders[world.credentials[bit]]
            for mask, known in ((agents & declared, True), (agents & ~declared, False)):
                place = (bit, spill.to, "", spill.via, known)
                self._add(place, EFFECT_THERE, (level, "mutate", OWN), mask)


def _masks(world: World) -> list[list[int]]:
    """For every level of certainty and node: the credentials that lead there, as a mask."""
    web = world.ground.web
    seeds = [0] * len(web.keys)
    for bit, name in enumerate(world.credentials):
        seeds[web.credential(name)] = 1 << bit
    masks = [seeds]
    for level in range(len(LEVELS)):
        new = level in web.levels
        masks.append(spread(web.successors(level), masks[-1]) if new else masks[-1])
    return masks[1:]


def _fresh(
    world: World, masks: Sequence[Sequence[int]], node: int, grant: Grant
) -> Iterator[tuple[int, int]]:
    """The credentials to which a grant is open, by the level at which it first is."""
    before = 0
    wider = list(shadows(world.ground.web, node, grant))
    for level in range(LEVELS.index(grant.certainty), len(LEVELS)):
        held = masks[level][node]
        fresh = held & ~before
        for shadow in wider:
            fresh &= ~masks[level][shadow]
        if fresh:
            yield level, fresh
        before |= held


def _folded(world: World, found: dict[Place, Exposure]) -> dict[Place, Exposure]:
    """Leave out what is undeclared only because something wider is: the wider says it all."""
    wide: dict[tuple[int, str], list[Place]] = {}
    for place in sorted(found):
        if not place[4] and "*" in place[3]:
            wide.setdefault((place[0], place[1]), []).append(place)
    for place, exposure in found.items() if wide else ():
        for other in wide.get((place[0], place[1]), ()):
            if not place[4] and _wider(world, other, place):
                exposure.leave_out(found[other])
    return {place: exposure for place, exposure in found.items() if exposure.actions}


def _wider(world: World, wide: Place, place: Place) -> bool:
    """Whether one resource is part of another, and not the same by another name."""
    terms = world.ground.language.of(place[1])
    inside = in_scope(wide[2], place[2]) and terms.opens(wide[3], place[3], wide[2])
    return inside and not terms.same(wide[3], place[3])
