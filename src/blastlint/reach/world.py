"""Puts an inventory and its evidence together: the web, the doors to it, and what is declared."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of
from blastlint.reach.declared import Declaration, Declared, accepted, grants_as_claims, needs_of
from blastlint.reach.doors import Doors, callers
from blastlint.reach.holdings import Language, holdings_of, sources_of
from blastlint.reach.needs import demands, half_stated, spot_of, users
from blastlint.reach.routes import Spill
from blastlint.reach.ways import EFFECT_THERE, Ground, granting
from blastlint.reach.weaving import weave
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool
    from blastlint.providers.grants import Grant, Granted, Unresolved
    from blastlint.reach.holdings import Holding, Source
    from blastlint.reach.needs import Demand


@dataclass(frozen=True, slots=True)
class World:
    """Everything that reach is asked about, ready to be walked."""

    inventory: Inventory
    holdings: Mapping[str, Holding]
    unresolved: Mapping[str, Sequence[Unresolved]]
    """By system: the references that its evidence leaves open."""
    ground: Ground
    doors: Doors
    agents: tuple[str, ...]
    """Agents, sorted: the place of an agent is its bit in every mask."""
    credentials: tuple[str, ...]
    """Credentials that some agent holds, sorted: the place is the bit."""
    holders: Mapping[str, int]
    """By credential: the agents that have a door to it, as a mask."""
    declared: Declared
    demands: Mapping[str, Sequence[Demand]]
    """By credential: what tools and capabilities need of it."""
    open_to: Mapping[str, Sequence[Tool]]
    """By agent: the tools of which not all is stated that they need."""
    half_stated: Mapping[tuple[str | None, str | None], Sequence[Tool]]
    """The same by credential and system; empty where that is not stated."""
    owners: Mapping[int, frozenset[str]]
    """By node: the credentials that hold it without becoming anybody."""

    def held(self, credential: str) -> set[int]:
        """What a credential holds, and what it is declared to derive."""
        return set(self.ground.own(credential)) | derived(self.ground, credential)

    def needs(self, node: int, grant: Grant) -> bool:
        """Whether some tool needs a grant of a credential or principal."""
        names = self.owners.get(node, ())
        wanted = (one for name in names for one in self.demands.get(name, ()))
        return any(grant is found for w in wanted for _, found in granting(self.ground, [node], w))

    def named(self, mask: int) -> tuple[str, ...]:
        """The agents in a mask."""
        return tuple(self.agents[bit] for bit in bits(mask))


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def assemble(inventory: Inventory, evidence: Mapping[str, Granted]) -> World:
    """Put an inventory and its evidence together."""
    language = Language(inventory)
    sources = sources_of(inventory, evidence)
    holdings = holdings_of(inventory, sources)
    ground = Ground(weave(holdings, sources, language), language, _spills(inventory))
    doors = Doors(inventory)
    agents = tuple(sorted(inventory.agents))
    holders = _holders(doors, agents)
    claims = list(_claims(inventory, ground, doors, agents, holders))
    return World(
        inventory=inventory,
        holdings=holdings,
        unresolved=_unresolved(sources),
        ground=ground,
        doors=doors,
        agents=agents,
        credentials=tuple(sorted(holders)),
        holders=holders,
        declared=Declared([*claims, *_spilled(claims, ground)], language),
        demands=_demands(inventory),
        open_to=_open_to(inventory, doors, agents),
        half_stated=_half_stated(inventory),
        owners=_owners(ground, holdings),
    )


def _unresolved(sources: Iterable[Source]) -> dict[str, list[Unresolved]]:
    found: dict[str, list[Unresolved]] = {}
    for source in sources:
        found.setdefault(source.system, []).extend(source.unresolved)
    return found


def _owners(ground: Ground, credentials: Iterable[str]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for credential in credentials:
        for node in ground.own(credential):
            found.setdefault(node, set()).add(credential)
    return {node: frozenset(names) for node, names in found.items()}


def _demands(inventory: Inventory) -> dict[str, list[Demand]]:
    found: dict[str, list[Demand]] = {}
    for user in users(inventory):
        for demand in demands(user):
            found.setdefault(demand.credential, []).append(demand)
    return found


def _open_to(inventory: Inventory, doors: Doors, agents: tuple[str, ...]) -> dict[str, list[Tool]]:
    found: dict[str, list[Tool]] = {}
    half = list(half_stated(inventory))
    masks = _users(inventory, doors, agents) if half else {}
    for tool in half:
        for bit in bits(masks.get(f"tool {id_of(tool)}", 0)):
            found.setdefault(agents[bit], []).append(tool)
    return found


def _half_stated(inventory: Inventory) -> dict[tuple[str | None, str | None], list[Tool]]:
    found: dict[tuple[str | None, str | None], list[Tool]] = {}
    for tool in half_stated(inventory):
        found.setdefault(spot_of(tool), []).append(tool)
    return found


def _spills(inventory: Inventory) -> dict[str, tuple[Spill, ...]]:
    found = {}
    for name in sorted(inventory.systems):
        written = inventory.systems[name].propagates or ()
        spills = [Spill(name, one.to, one.via or "", at(one)) for one in written]
        if spills:
            found[name] = tuple(sorted(spills, key=lambda spill: (spill.to, spill.via)))
    return found


def _holders(doors: Doors, agents: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for bit, agent in enumerate(agents):
        for door in doors.of(agent):
            found[door.credential] = found.get(door.credential, 0) | 1 << bit
    return found


def _claims(
    inventory: Inventory,
    ground: Ground,
    doors: Doors,
    agents: tuple[str, ...],
    holders: Mapping[str, int],
) -> Iterator[Declaration]:
    yield from needs_of(inventory, _users(inventory, doors, agents), ground.language)
    yield from accepted(inventory, holders)
    judged = {node for name in holders for node in ground.own(name)}
    for name in sorted(holders):  # what agents hold themselves is judged by what it declares
        nodes = sorted(derived(ground, name) - judged)
        grants = (grant for node in nodes for grant in ground.web.grants.get(node, ()))
        yield from grants_as_claims(grants, holders[name])


def _users(inventory: Inventory, doors: Doors, agents: tuple[str, ...]) -> dict[str, int]:
    """By tool and capability: the agents that have it, or hand work to one that has it."""
    direct: dict[str, set[str]] = {}
    for tool in inventory.tools.values():
        direct[f"tool {id_of(tool)}"] = set(callers(inventory, tool))
    for agent in inventory.agents.values():
        for capability in agent.capabilities or ():
            direct.setdefault(f"capability {capability}", set()).add(id_of(agent))
    behind: dict[str, int] = {}
    for bit, name in enumerate(agents):
        for other in doors.delegates(name):
            behind[other] = behind.get(other, 0) | 1 << bit
    return {holder: _union(behind[one] for one in have) for holder, have in direct.items()}


def _union(masks: Iterable[int]) -> int:
    mask = 0
    for one in masks:
        mask |= one
    return mask


def derived(ground: Ground, credential: str) -> set[int]:
    """What a credential reaches by the derivations that people declare, and by those alone."""
    web = ground.web
    seen: set[int] = set()
    waiting = list(ground.own(credential))
    for node in waiting:
        for target, _, kind, _ in web.steps(node):
            inside = node in seen and kind in _SAME and not _is_everything(ground, node)
            if (inside or kind == "derives") and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


_SAME = frozenset({"acts-as", "everything", "member", "same"})
"""Steps that stay with the principal one has become."""


def _is_everything(ground: Ground, node: int) -> bool:
    return ground.web.keys[node][0] == "everything"


def _spilled(claims: Iterable[Declaration], ground: Ground) -> Iterator[Declaration]:
    """What the declared writes are declared to cause elsewhere, and so on."""
    written: dict[str, int] = {}
    for claim in claims:
        if claim.system in ground.spills and _writes(claim, ground):
            written[claim.system] = written.get(claim.system, 0) | claim.agents
    waiting = sorted(written)
    for system in waiting:
        for spill in ground.spills.get(system, ()):
            yield Declaration(written[system], spill.to, "", spill.via, frozenset({EFFECT_THERE}))
            before = written.get(spill.to, 0)
            written[spill.to] = before | written[system]
            if written[spill.to] != before:
                waiting.append(spill.to)


def _writes(claim: Declaration, ground: Ground) -> bool:
    terms = ground.language.of(claim.system)
    return any(terms.effect(claim.resource, action) != "read" for action in claim.actions)
