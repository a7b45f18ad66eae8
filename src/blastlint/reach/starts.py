"""Where reach begins: at every credential in an agent's hands, and where several meet.

What takes the calls of several principals is open to an agent that holds them all, and to no one of
its credentials alone. So it begins anew there: under the first of them, with the others.
"""

from __future__ import annotations

from blastlint.reach.spread import spread
from blastlint.reach.terms import LEVELS
from blastlint.reach.world import bits
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.reach.web import Web
    from blastlint.reach.world import World


@dataclass(frozen=True, slots=True)
class Start:
    """One bit of every mask."""

    node: int
    credential: str
    agents: int
    """The agents that start here, as a mask."""
    level: int = 0
    """The certainty from which on they do."""
    joint: bool = False
    """Whether it takes other credentials of the same agent too."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Which starts lead where."""

    starts: Sequence[Start]
    masks: Sequence[Sequence[int]]
    """For every level of certainty and node: the starts that lead there, as a mask."""

    def agents(self, mask: int) -> int:
        """The agents of some starts."""
        found = 0
        for bit in bits(mask):
            found |= self.starts[bit].agents
        return found

    def alone(self, mask: int) -> int:
        """The agents of those starts that take no other credential."""
        found = 0
        for bit in bits(mask):
            found |= 0 if self.starts[bit].joint else self.starts[bit].agents
        return found


def spread_out(world: World) -> Spread:
    """The least fixed point over everything that every agent holds."""
    web = world.ground.web
    starts = [Start(web.credential(name), name, world.holders[name]) for name in world.credentials]
    found = Spread(starts, _masks(web, starts))
    while web.parts and (met := list(_meetings(web, found))):
        starts += met
        found = Spread(starts, _masks(web, starts))
    return found


def _meetings(web: Web, found: Spread) -> Iterator[Start]:
    """The starts at joints whose parts agents hold now, and which open something new to them."""
    done = dict.fromkeys(web.parts, 0)
    for level, masks in enumerate(found.masks):
        for joint, (first, *others) in web.parts.items():
            agents = found.agents(masks[first]) & ~done[joint] & ~found.agents(masks[joint])
            for part in others:
                agents &= found.agents(masks[part])
            for target, sure, _, _ in web.steps(joint):
                agents &= ~found.agents(found.masks[max(level, sure)][target])
            done[joint] |= agents
            yield from _shared(found, joint, masks[first], agents, level)


def _shared(found: Spread, joint: int, mask: int, agents: int, level: int) -> Iterator[Start]:
    """Each agent starts at a joint once, under the first credential that has its first part."""
    for bit in bits(mask):
        one = found.starts[bit]
        if one.agents & agents:
            yield Start(joint, one.credential, one.agents & agents, level, joint=True)
            agents &= ~one.agents


def _masks(web: Web, starts: Sequence[Start]) -> list[list[int]]:
    masks: list[list[int]] = [[0] * len(web.keys)]
    for level in range(len(LEVELS)):
        fresh = [(bit, one.node) for bit, one in enumerate(starts) if one.level == level]
        if not fresh and level not in web.levels:
            masks.append(masks[-1])
            continue
        seeds = list(masks[-1])
        for bit, node in fresh:
            seeds[node] |= 1 << bit
        masks.append(spread(web.successors(level), seeds))
    return masks[1:]
