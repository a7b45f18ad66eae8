"""What every credential of an inventory is and is said to open, joined with what evidence shows."""

from __future__ import annotations

from collections import defaultdict

from blastlint.inventory.record import at
from blastlint.providers.grants import Grant
from blastlint.reach.federation import is_somebody
from blastlint.reach.needs import users
from blastlint.reach.terms import PLAIN, Terms, terms_of
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Credential, Evidence
    from blastlint.inventory.models import Grant as TypedGrant
    from blastlint.providers.grants import Becoming, EdgeCertainty, Granted, Joint, Unresolved
    from blastlint.source import Location

LOCAL_KINDS = ("kubernetes", "postgres", "mcp-clients")
"""Kinds of evidence whose principal names mean nothing outside the one system they come from."""


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of evidence, and the system it speaks for."""

    system: str
    home: str
    """The system again if its principals are local to it, else empty."""
    names: AbstractSet[str]
    """Every principal that it names."""
    everything: AbstractSet[str]
    """Principals that hold the platform's whole authority."""
    grants: Mapping[str, Sequence[Grant]]
    """By holder."""
    becomings: Mapping[str, Sequence[Becoming]]
    """By holder."""
    shares: Mapping[str, Sequence[Becoming]]
    """By holder."""
    joints: tuple[Joint, ...]
    unresolved: tuple[Unresolved, ...]
    location: Location
    """Where the inventory lists it."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is known of one credential before anybody walks anywhere."""

    credential: Credential
    systems: frozenset[str]
    """Systems that the inventory connects it with."""
    homes: tuple[str, ...]
    """Homes in which evidence names its principal; sorted."""
    spoken: frozenset[str]
    """Systems for which evidence, not the inventory, says what it is granted."""


def sources_of(inventory: Inventory, evidence: Mapping[str, Granted]) -> tuple[Source, ...]:
    """The pieces of evidence that say something about principals, by id."""
    found = (_source(name, inventory.evidence[name], evidence[name]) for name in sorted(evidence))
    return tuple(source for source in found if source.names)


def _source(name: str, record: Evidence, granted: Granted) -> Source:
    system = record.system or name
    grants: dict[str, list[Grant]] = defaultdict(list)
    for grant in granted.grants:
        grants[grant.holder].append(grant)
    becomings: dict[str, list[Becoming]] = defaultdict(list)
    for becoming in granted.becomings:
        becomings[becoming.holder].append(becoming)
    shares: dict[str, list[Becoming]] = defaultdict(list)
    for share in granted.shares:
        shares[share.holder].append(share)
    return Source(
        system=system,
        home=system if record.kind.startswith(LOCAL_KINDS) else "",
        names={*granted.principals, *granted.everything, *grants, *filter(is_somebody, becomings)},
        everything=granted.everything,
        grants=grants,
        becomings=becomings,
        shares=shares,
        joints=granted.joints,
        unresolved=granted.unresolved,
        location=at(record, key=True),
    )


def holdings_of(inventory: Inventory, sources: Sequence[Source]) -> dict[str, Holding]:
    """Join every credential with the evidence that names its principal."""
    systems: dict[str, set[str]] = {name: set() for name in inventory.credentials}
    for user in users(inventory):
        if user.credential and user.system and user.credential in systems:
            systems[user.credential].add(user.system)
    found = {}
    for name, credential in inventory.credentials.items():
        access = (*(credential.grants or ()), *(credential.also_reaches or ()))
        touched = systems[name].union(entry.system for entry in access)
        found[name] = _joined(credential, frozenset(touched), sources)
    return found


def _joined(credential: Credential, touched: frozenset[str], sources: Sequence[Source]) -> Holding:
    """Find who speaks for a credential.

    The same name in two clusters is two principals: where the inventory connects the credential
    with one of them, the other one is a namesake. Names that are unique everywhere have none.
    """
    naming = [source for source in sources if credential.principal in source.names]
    local = [source for source in naming if source.home]
    near = [source for source in local if source.system in touched] or local
    speaking = [*near, *(source for source in naming if not source.home)]
    homes = tuple(sorted({source.home for source in speaking}))
    return Holding(credential, touched, homes, frozenset(source.system for source in speaking))


class Language:
    """The terms of every system of an inventory, made when first asked for."""

    __slots__ = ("_inventory", "_terms")

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._terms: dict[str, Terms] = {}

    def of(self, system: str) -> Terms:
        """The terms of a system; plain ones for a system that nobody describes."""
        if system not in self._terms:
            record = self._inventory.systems.get(system)
            self._terms[system] = terms_of(record, self._shown(system)) if record else PLAIN
        return self._terms[system]

    def _shown(self, system: str) -> set[str]:
        """The kinds of a system's evidence."""
        return {one.kind for one in self._inventory.evidence.values() if one.system == system}


def typed_grants(
    name: str, holding: Holding, witnessed: frozenset[str], language: Language
) -> Iterator[Grant]:
    """The grants that a person typed, for systems where no evidence speaks for the credential."""
    for typed in holding.credential.grants or ():
        if typed.system not in holding.spoken:
            doubt = _doubt(holding, typed, witnessed)
            yield from _spelled(name, typed, doubt, language.of(typed.system))


def _doubt(holding: Holding, typed: TypedGrant, witnessed: frozenset[str]) -> str:
    """What must be known before a typed grant can be believed; empty if nothing."""
    if typed.system in witnessed:
        principal = holding.credential.principal
        who = f"'{principal}'" if principal else "its principal, which is not stated"
        return f"the evidence of {typed.system} does not name {who}"
    missing = [field for field in ("resources", "actions") if getattr(typed, field) is None]
    return f"the {' and '.join(missing)} of the grant are not stated" if missing else ""


def _spelled(name: str, typed: TypedGrant, doubt: str, terms: Terms) -> Iterator[Grant]:
    stated: EdgeCertainty = "conditional" if typed.condition else "proven"
    first = Grant(
        holder=name,
        system=typed.system,
        scope=typed.scope or "",
        resource="*",
        action="*",
        effect="unknown",
        location=at(typed),
        condition=typed.condition or "",
        certainty="needs-fact" if doubt else stated,
        needs=doubt,
        declared=True,
    )
    for number, resource in enumerate(("*",) if typed.resources is None else typed.resources):
        here = replace(first, resource=resource, location=at(typed, "resources", number))
        for action in ("*",) if typed.actions is None else typed.actions:
            yield from expanded(replace(here, action=action), terms)


def expanded(grant: Grant, terms: Terms) -> Iterator[Grant]:
    """A grant as its literal actions, each with its effect."""
    for action in terms.actions(grant.resource, grant.action):
        effect = grant.effect
        if effect == "unknown" or action != grant.action:
            effect = terms.effect(grant.resource, action)
        yield replace(grant, action=action, effect=effect)
