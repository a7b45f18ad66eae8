"""Weaves the web of principals from an inventory and its evidence."""

from __future__ import annotations

from dataclasses import replace

from blastlint.inventory.record import at
from blastlint.providers.grants import Becoming, Grant
from blastlint.reach.holdings import Language, expanded, typed_grants
from blastlint.reach.terms import LEVELS
from blastlint.reach.web import CREDENTIAL, EVERYTHING, IDENTITY, PATTERN, PRINCIPAL, Web, place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blastlint.reach.holdings import Holding, Source
    from blastlint.reach.web import Key


def weave(holdings: Mapping[str, Holding], sources: Sequence[Source], language: Language) -> Web:
    """Join credentials, principals, grants and becomings into one web."""
    homes = _homes(holdings, sources)
    web = Web(_keys(holdings, sources, homes))
    for source in sources:
        _hang_grants(web, source, language)
        _link_becomings(web, source, homes)
        _link_everything(web, source)
    _link_patterns(web)
    witnessed = frozenset(source.system for source in sources)
    for name, holding in holdings.items():
        node = web.credential(name)
        web.grants[node] = tuple(typed_grants(name, holding, witnessed, language))
        _link_credential(web, name, holding, homes)
    _link_identities(web, holdings, homes)
    web.settle()
    return web


class _Homes:
    """Where a principal's name means something."""

    __slots__ = ("credentials", "known")

    def __init__(self, known: dict[str, set[str]], credentials: dict[str, list[str]]) -> None:
        self.known = known
        self.credentials = credentials

    def of(self, name: str, near: str) -> str:
        """The home of a name that is used in another home."""
        if name in self.known.get(near, ()):
            return near
        return "" if name in self.known[""] or name in self.credentials else near

    def all_of(self, name: str, near: frozenset[str]) -> list[str]:
        """The homes in which a name that a person typed is known; those nearby win."""
        local = [home for home, names in self.known.items() if home and name in names]
        chosen = [home for home in local if home in near] or local
        return sorted([*chosen, ""] if name in self.known[""] else chosen) or [""]


def _homes(holdings: Mapping[str, Holding], sources: Sequence[Source]) -> _Homes:
    known: dict[str, set[str]] = {"": set()}
    for source in sources:
        known.setdefault(source.home, set()).update(source.names)
    credentials: dict[str, list[str]] = {}
    for name, holding in holdings.items():
        principal = holding.credential.principal
        if principal:
            credentials.setdefault(principal, []).append(name)
            for system in holding.systems & known.keys():
                known[system].add(principal)
    return _Homes(known, credentials)


def _is_pattern(name: str) -> bool:
    return name.endswith("*")


def _keys(holdings: Mapping[str, Holding], sources: Sequence[Source], homes: _Homes) -> set[Key]:
    keys: set[Key] = {(CREDENTIAL, "", name) for name in holdings}
    keys.update((PRINCIPAL, home, name) for home, names in homes.known.items() for name in names)
    keys.update((EVERYTHING, source.home, source.system) for source in sources)
    for source in sources:
        turned = {becoming.principal for becoming in source.granted.becomings} - {"*"}
        for name in turned:
            home = source.home if _is_pattern(name) else homes.of(name, source.home)
            keys.add((PATTERN if _is_pattern(name) else PRINCIPAL, home, name))
    for holding in holdings.values():
        for derivation in holding.credential.derives or ():
            kind = PATTERN if _is_pattern(derivation.to) else PRINCIPAL
            keys.update(
                (kind, home, derivation.to) for home in _derived(holding, derivation.to, homes)
            )
    shared = [key for key in keys if key[0] == PRINCIPAL and _credentials(key, holdings, homes)]
    keys.update((IDENTITY, home, name) for _, home, name in shared)
    return keys


def _derived(holding: Holding, name: str, homes: _Homes) -> list[str]:
    if not _is_pattern(name):
        return homes.all_of(name, holding.systems)
    return sorted(home for home in homes.known if home in holding.systems) or [""]


def _credentials(key: Key, holdings: Mapping[str, Holding], homes: _Homes) -> list[str]:
    """Credentials that a principal holds in this home."""
    _, home, name = key
    return [
        credential
        for credential in homes.credentials.get(name, ())
        if not home or home in holdings[credential].systems or home in holdings[credential].homes
    ]


def _hang_grants(web: Web, source: Source, language: Language) -> None:
    by_holder: dict[str, list[Grant]] = {}
    for grant in source.granted.grants:
        by_holder.setdefault(grant.holder, []).append(grant)
    for holder, grants in by_holder.items():
        node = web.node(PRINCIPAL, source.home, holder)
        if node is not None:
            added = [one for grant in grants for one in _literal(grant, source, language)]
            web.grants[node] = (*web.grants[node], *added)


def _literal(grant: Grant, source: Source, language: Language) -> Sequence[Grant]:
    """An evidence grant, with its system filled in and its actions spelled out."""
    if grant.system and grant.action != "*" and grant.effect != "unknown":
        return (grant,)
    system = grant.system or source.system
    return tuple(expanded(replace(grant, system=system), language.of(system)))


def _link_becomings(web: Web, source: Source, homes: _Homes) -> None:
    everything = web.node(EVERYTHING, source.home, source.system)
    for becoming in source.granted.becomings:
        holder = web.node(PRINCIPAL, source.home, becoming.holder)
        name = becoming.principal
        if name == "*":
            target = everything
        elif _is_pattern(name):
            target = web.node(PATTERN, source.home, name)
        else:
            target = web.whoever(homes.of(name, source.home), name)
        if holder is not None and target is not None:
            web.link(holder, (target, LEVELS.index(becoming.certainty), "becomes", becoming))


def _link_everything(web: Web, source: Source) -> None:
    """Tie those who hold a platform's whole authority to the one node that stands for it."""
    node = web.node(EVERYTHING, source.home, source.system)
    proofs = _proofs(source)
    shown = [*proofs.values(), *(b for b in source.granted.becomings if b.principal == "*")]
    if node is None or not shown:
        return
    for holder in sorted(source.granted.everything):
        principal = web.node(PRINCIPAL, source.home, holder)
        if principal is not None and holder in proofs:
            web.link(principal, (node, 0, "everything", proofs[holder]))
    lines = sorted((one.location for one in shown), key=place)
    whole = Grant(EVERYTHING, source.system, "*", "*", "*", "grant", lines[0])
    web.grants[node] = (whole,)
    members = web.named(source.home, "*") if source.home else _own(web, source)
    for member in members:
        web.link(node, (member, 0, "member", None))


def _own(web: Web, source: Source) -> list[int]:
    return [web.whoever("", name) for name in sorted(source.names)]


def _proofs(source: Source) -> dict[str, Becoming]:
    """The grant that shows the whole authority of each who has it: the widest, else the first."""
    widest: dict[str, Grant] = {}
    for grant in source.granted.grants:
        if grant.holder in source.granted.everything:
            best = widest.setdefault(grant.holder, grant)
            if "*" in grant.resource and grant.action == "*" and best.action != "*":
                widest[grant.holder] = grant
    return {
        holder: Becoming(holder, "*", "everything", grant.location)
        for holder, grant in widest.items()
    }


def _link_patterns(web: Web) -> None:
    for number, (kind, home, name) in enumerate(web.keys):
        if kind == PATTERN:
            for member in web.named(home, name):
                web.link(number, (member, 0, "member", None))


def _link_credential(web: Web, name: str, holding: Holding, homes: _Homes) -> None:
    """Tie a credential to what it acts as, to who holds it, and to what it is said to derive."""
    node, credential = web.credential(name), holding.credential
    for home in holding.homes:
        principal = web.node(PRINCIPAL, home, credential.principal or "")
        if principal is not None:
            acting = Becoming(name, credential.principal or "", "", at(credential, "principal"))
            web.link(node, (principal, 0, "acts-as", acting))
    for derivation in credential.derives or ():
        for home in _derived(holding, derivation.to, homes):
            pattern = web.node(PATTERN, home, derivation.to)
            target = web.whoever(home, derivation.to) if pattern is None else pattern
            turning = Becoming(name, derivation.to, derivation.via or "", at(derivation))
            web.link(node, (target, 0, "derives", turning))


def _link_identities(web: Web, holdings: Mapping[str, Holding], homes: _Homes) -> None:
    """Who becomes a principal holds its own grants and every credential of the inventory it has."""
    for number, (kind, home, name) in enumerate(web.keys):
        if kind != IDENTITY:
            continue
        principal = web.node(PRINCIPAL, home, name)
        credentials = _credentials((kind, home, name), holdings, homes)
        for node in (principal, *map(web.credential, credentials)):
            if node is not None:
                web.link(number, (node, 0, "same", None))
