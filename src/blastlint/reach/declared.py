"""What the inventory declares that its agents reach."""

from __future__ import annotations

from blastlint.reach.needs import demands, users
from blastlint.reach.terms import covers, in_scope, rank
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.inventory.loading import Inventory
    from blastlint.providers.grants import Effect, Grant
    from blastlint.reach.holdings import Language


@dataclass(frozen=True, slots=True)
class Declaration:
    """Somebody declares that some agents reach some actions."""

    agents: int
    """The agents, as a bit mask."""
    system: str
    scope: str
    """Empty or `*`: anywhere."""
    resource: str
    actions: frozenset[str]
    credential: str = ""
    """Credential of the tool that needs it; empty when it is no need of a tool."""
    strongest: int = -1
    """Rank of the strongest effect among the actions that a tool needs."""

    def names(self, action: str) -> bool:
        """Whether the action is among those claimed."""
        return "*" in self.actions or action in self.actions


class Declared:
    """The declared reach of all agents, looked up by resource."""

    __slots__ = ("_by_resource", "_by_system", "_found", "_language")

    def __init__(self, claims: Iterable[Declaration], language: Language) -> None:
        self._language = language
        self._by_system: dict[str, list[Declaration]] = {}
        self._by_resource: dict[tuple[str, str], list[Declaration]] = {}
        self._found: dict[tuple[str, str, str], tuple[Declaration, ...]] = {}
        for claim in claims:
            self._by_system.setdefault(claim.system, []).append(claim)
            self._by_resource.setdefault((claim.system, claim.resource), []).append(claim)

    def on(self, system: str, scope: str, resource: str) -> tuple[Declaration, ...]:
        """The claims that cover a resource in a scope."""
        key = (system, scope, resource)
        if key not in self._found:
            self._found[key] = tuple(self._covering(system, scope, resource))
        return self._found[key]

    def _covering(self, system: str, scope: str, resource: str) -> Iterator[Declaration]:
        terms = self._language.of(system)
        claims: Iterable[Declaration] = self._by_system.get(system, ())
        if terms.literal:
            names = {resource, "*"}
            claims = (
                c for name in sorted(names) for c in self._by_resource.get((system, name), ())
            )
        for claim in claims:
            if in_scope(claim.scope, scope) and terms.opens(claim.resource, resource, claim.scope):
                yield claim

    def agents(self, system: str, scope: str, resource: str, action: str) -> int:
        """The agents for which an action is declared."""
        mask, terms = 0, self._language.of(system)
        for claim in self.on(system, scope, resource):
            if claim.names(action) or terms.any_covers(claim.actions, action):
                mask |= claim.agents
        return mask

    def stronger(self, grant: Grant, credential: str) -> int:
        """The agents whose tools need as much, by this credential, on the same resource.

        What such a grant has beyond the need opens nothing new: it is an over-grant.
        """
        mask, limit = 0, rank(grant.effect)
        terms = self._language.of(grant.system)
        for claim in self.on(grant.system, grant.scope, grant.resource):
            needed = claim.credential == credential and claim.strongest >= limit
            if needed and terms.same(claim.resource, grant.resource):
                mask |= claim.agents
        return mask


def needs_of(
    inventory: Inventory, agents: Mapping[str, int], language: Language
) -> Iterator[Declaration]:
    """The needs of all tools and capabilities; who has them comes by the holder's name."""
    for user in users(inventory):
        grouped: dict[tuple[str, str, str, str], dict[str, Effect]] = {}
        holder = ""
        for one in demands(user):
            holder = one.holder
            effects = grouped.setdefault((one.credential, one.system, one.scope, one.resource), {})
            effects[one.action] = language.of(one.system).effect(one.resource, one.action)
        for (credential, system, scope, resource), effects in grouped.items():
            strongest = max(rank(effect) for effect in effects.values())
            mask = agents.get(holder, 0)
            yield Declaration(
                mask, system, scope, resource, frozenset(effects), credential, strongest
            )


def accepted(inventory: Inventory, agents: Mapping[str, int]) -> Iterator[Declaration]:
    """What the owners of credentials know of and accept; an absent cell claims nothing."""
    for name, credential in inventory.credentials.items():
        for entry in credential.also_reaches or ():
            for resource in entry.resources or ():
                actions = frozenset(entry.actions or ())
                yield Declaration(
                    agents.get(name, 0), entry.system, entry.scope or "", resource, actions
                )


def grants_as_claims(grants: Iterable[Grant], agents: int) -> Iterator[Declaration]:
    """The grants of a principal that a credential is declared to derive."""
    for grant in grants:
        actions = frozenset({grant.action})
        yield Declaration(agents, grant.system, grant.scope, grant.resource, actions)


__all__ = ["Declaration", "Declared", "accepted", "covers", "grants_as_claims", "needs_of"]
