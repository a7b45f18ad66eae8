"""What every credential opens, for all credentials at once, grouped by resource."""

from __future__ import annotations

from blastlint.reach.starts import spread_out
from blastlint.reach.terms import LEVELS, in_scope, rank
from blastlint.reach.ways import EFFECT_THERE, key_of, shadows, writes
from blastlint.reach.web import EVERYTHING
from blastlint.reach.world import bits
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.grants import Effect, Grant
    from blastlint.reach.routes import Spill
    from blastlint.reach.starts import Spread, Start
    from blastlint.reach.world import World

    Place = tuple[str, bool, str, str, str, bool]
    """Credential, whether it takes others too, system, scope, resource, and if it is declared."""
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
    found = spread_out(world)
    ledger = _Ledger(world, found)
    for node, grants in sorted(world.ground.web.grants.items()):
        for grant in filter(_opens, grants):
            for level, held in _fresh(world, found, node, grant):
                ledger.enter(node, grant, level, held)
    ledger.enter_spills()
    return _folded(world, ledger.found)


def _opens(grant: Grant) -> bool:
    """Whether a grant opens anything by itself."""
    return not grant.inherent


class _Ledger:
    """What was found open so far."""

    __slots__ = ("_spread", "_world", "_written", "found")

    def __init__(self, world: World, spread: Spread) -> None:
        self.found: dict[Place, Exposure] = {}
        self._spread = spread
        self._world = world
        self._written: list[dict[str, int]] = [{} for _ in LEVELS]

    def enter(self, node: int, grant: Grant, level: int, held: int) -> None:
        """Enter a grant that is open to the starts in a mask."""
        world, (system, scope, resource, action) = self._world, key_of(grant)
        declared = world.declared.agents(system, scope, resource, action)
        owners = world.owners.get(node, ())
        somebody = OWN if world.ground.web.keys[node][0] == EVERYTHING else node
        for start, agents in self._apart(held, self._spread.masks[level][node]):
            surplus, via = 0, somebody
            if start.credential in owners:
                surplus, via = world.declared.stronger(grant, start.credential), OWN
            told = declared | surplus
            for mask, known in ((agents & told, True), (agents & ~told, False)):
                place = (start.credential, start.joint, system, scope, resource, known)
                self._add(place, action, (level, grant.effect, via), mask)
        if writes(grant) and system in world.ground.spills:
            self._written[level][system] = self._written[level].get(system, 0) | held

    def _apart(self, held: int, mask: int) -> Iterator[tuple[Start, int]]:
        """The starts in a mask with their agents; where several meet, those who need them all."""
        for bit in bits(held):
            start = self._spread.starts[bit]
            alone = self._spread.alone(mask) if start.joint else 0
            yield start, start.agents & ~alone

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
                    self._enter_spill(level, spill, fresh, known[system])
                    waiting.append((spill.to, fresh))

    def _enter_spill(self, level: int, spill: Spill, held: int, known_before: int) -> None:
        declared = self._world.declared.agents(spill.to, "", spill.via, EFFECT_THERE)
        for start, agents in self._apart(held, known_before):
            for mask, known in ((agents & declared, True), (agents & ~declared, False)):
                place = (start.credential, start.joint, spill.to, "", spill.via, known)
                self._add(place, EFFECT_THERE, (level, "mutate", OWN), mask)


def _fresh(world: World, found: Spread, node: int, grant: Grant) -> Iterator[tuple[int, int]]:
    """The starts to which a grant is open, by the level at which it first is."""
    before, masks = 0, found.masks
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
    wide: dict[tuple[str, bool, str], list[Place]] = {}
    for place in sorted(found):
        if not place[5] and "*" in place[4]:
            wide.setdefault(place[:3], []).append(place)
    for place, exposure in found.items() if wide else ():
        for other in wide.get(place[:3], ()):
            if not place[5] and _wider(world, other, place):
                exposure.leave_out(found[other])
    return {place: exposure for place, exposure in found.items() if exposure.actions}


def _wider(world: World, wide: Place, place: Place) -> bool:
    """Whether one resource is part of another, and not the same by another name."""
    terms = world.ground.language.of(place[2])
    inside = in_scope(wide[3], place[3]) and terms.opens(wide[4], place[4], wide[3])
    return inside and not terms.same(wide[4], place[4])
