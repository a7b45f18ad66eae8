"""What every credential opens, for all credentials at once, grouped by resource."""

from __future__ import annotations

from dataclasses import dataclass, field

from blastlint.reach.spread import spread
from blastlint.reach.terms import LEVELS
from blastlint.reach.ways import EFFECT_THERE, key_of, writes
from blastlint.reach.web import EVERYTHING
from blastlint.reach.world import bits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Effect, Grant
    from blastlint.reach.routes import Spill
    from blastlint.reach.world import World

    Place = tuple[int, str, str, str, bool]
    """Credential (as its bit), system, scope, resource, and whether it is declared."""


@dataclass(slots=True)
class Exposure:
    """What one credential opens on one resource."""

    level: int = len(LEVELS)
    actions: dict[str, Effect] = field(default_factory=dict)
    agents: int = 0

    def add(self, level: int, action: str, effect: Effect, agents: int) -> None:
        """Add an action that is open with some certainty to some agents."""
        self.level = min(self.level, level)
        self.actions[action] = effect
        self.agents |= agents


def expose(world: World) -> dict[Place, Exposure]:
    """Everything that the credentials open, declared and undeclared apart.

    What goes beyond a tool's need on the same resource without a stronger effect is neither: it is
    an over-grant of the credential.
    """
    ledger = _Ledger(world)
    masks = _masks(world)
    for node in sorted(masks[-1]):
        for grant in world.ground.web.grants[node]:
            for level, held in _fresh(world, masks, node, grant):
                ledger.enter(node, grant, level, held)
    ledger.enter_spills()
    return ledger.found


class _Ledger:
    """What was found open so far."""

    __slots__ = ("_own", "_world", "_written", "found")

    def __init__(self, world: World) -> None:
        self.found: dict[Place, Exposure] = {}
        self._world = world
        self._written: list[dict[str, int]] = [{} for _ in LEVELS]
        self._own: dict[int, int] = {}
        for bit, credential in enumerate(world.credentials):
            for node in world.ground.own(credential):
                self._own[node] = self._own.get(node, 0) | 1 << bit

    def enter(self, node: int, grant: Grant, level: int, held: int) -> None:
        """Enter a grant that is open to the credentials in a mask."""
        world, (system, scope, resource, action) = self._world, key_of(grant)
        declared = world.declared.agents(system, scope, resource, action)
        own = self._own.get(node, 0)
        for bit in bits(held):
            surplus = 0
            if own >> bit & 1:
                surplus = world.declared.stronger(grant, world.credentials[bit])
            agents = world.holders[world.credentials[bit]]
            for mask, known in ((agents & declared, True), (agents & ~declared & ~surplus, False)):
                place = (bit, system, scope, resource, known)
                self._add(place, level, action, grant.effect, mask)
        if writes(grant) and system in world.ground.spills:
            self._written[level][system] = self._written[level].get(system, 0) | held

    def _add(self, place: Place, level: int, action: str, effect: Effect, agents: int) -> None:
        if agents:
            self.found.setdefault(place, Exposure()).add(level, action, effect, agents)

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
                self._add(
                    (bit, spill.to, "", spill.via, known), level, EFFECT_THERE, "mutate", mask
                )


def _masks(world: World) -> list[dict[int, int]]:
    """For every level of certainty and node: the credentials that lead there, as a mask."""
    web = world.ground.web
    masks = [{web.credential(name): 1 << bit for bit, name in enumerate(world.credentials)}]
    levels = web.levels
    for level in range(len(LEVELS)):
        if level in levels:
            steps = [[edge[0] for edge in edges if edge[1] <= level] for edges in web.edges]
            masks.append(spread(steps, masks[-1]))
        else:
            masks.append(masks[-1])
    return masks[1:]


def _fresh(
    world: World, masks: Sequence[dict[int, int]], node: int, grant: Grant
) -> Iterator[tuple[int, int]]:
    """The credentials to which a grant is open, by the level at which it first is."""
    before = 0
    web = world.ground.web
    everything = None
    if web.keys[node][0] != EVERYTHING:
        everything = web.everything.get(grant.system)
    for level in range(LEVELS.index(grant.certainty), len(LEVELS)):
        held = masks[level].get(node, 0)
        if everything is not None:
            held &= ~masks[level].get(everything, 0)
        if held & ~before:
            yield level, held & ~before
        before |= masks[level].get(node, 0)
