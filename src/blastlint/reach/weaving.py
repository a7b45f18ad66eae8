"""Weaves the web of principals from an inventory and its evidence."""

from __future__ import annotations

from dataclasses import replace

from blastlint.inventory.record import at
from blastlint.providers.grants import Becoming, Grant
from blastlint.reach.holdings import Language, expanded, typed_grants
from blastlint.reach.terms import LEVELS
from blastlint.reach.web import (
    CREDENTIAL,
    EVERYTHING,
    IDENTITY,
    PATTERN,
    PRINCIPAL,
    Web,
    parted,
    place,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.reach.holdings import Holding, Source
    from blastlint.reach.web import Key
    from blastlint.source import Location


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
    for source in sources:
        keys.add((EVERYTHING, source.home, source.system))
        keys.update(_turned(source, homes))
    for holding in holdings.values():
        for derivation in holding.credential.derives or ():
            kind = PATTERN if _is_pattern(derivation.to) else PRINCIPAL
            keys.update(
                (kind, home, derivation.to) for home in _derived(holding, derivation.to, homes)
            )
    shared = [key for key in keys if key[0] == PRINCIPAL and _credentials(key, holdings, homes)]
    keys.update((IDENTITY, home, name) for _, home, name in shared)
    return keys


def _turned(source: Source, homes: _Homes) -> Iterator[Key]:
    """What the holders in a piece of evidence can turn into."""
    for name in {becoming.principal for becoming in source.granted.becomings} - {"*"}:
        scope = _scope_of_all(name)
        if scope is not None:
            yield EVERYTHING, source.home, f"{source.system}@{scope}"
        elif _is_pattern(name):
            yield PATTERN, source.home, name
        else:
            yield PRINCIPAL, homes.of(name, source.home), name


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
    for becoming in source.granted.becomings:
        holder = _everything(web, source, becoming.holder)
        if holder is None:
            holder = web.node(PRINCIPAL, source.home, becoming.holder)
        target = _target(web, source, homes, becoming)
        if holder is not None and target is not None:
            web.link(holder, (target, LEVELS.index(becoming.certainty), "becomes", becoming))


def _target(web: Web, source: Source, homes: _Homes, becoming: Becoming) -> int | None:
    """The node that a becoming leads to."""
    name = becoming.principal
    node = _everything(web, source, name)
    if node is not None:
        if not web.grants[node]:
            web.grants[node] = (_whole(source, web.keys[node][2], becoming.location),)
        return node
    if _is_pattern(name):
        return web.node(PATTERN, source.home, name)
    return web.whoever(homes.of(name, source.home), name)


def _everything(web: Web, source: Source, name: str) -> int | None:
    """The node that stands for everything in a system or a scope, if a name means that."""
    scope = _scope_of_all(name)
    return None if scope is None else web.everything.get((source.system, scope))


def _scope_of_all(name: str) -> str | None:
    """The scope in which a principal's name stands for everything; None for any other name."""
    return name if name == "*" else name.partition("everything:")[2] or None


def _whole(source: Source, name: str, location: Location) -> Grant:
    return Grant(EVERYTHING, source.system, parted(name)[1], "*", "*", "grant", location)


def _link_everything(web: Web, source: Source) -> None:
    """Tie those who hold a platform's whole authority to the one node that stands for it."""
    node = web.everything[source.system, "*"]
    proofs = _proofs(source)
    for holder in sorted(proofs):
        principal = web.node(PRINCIPAL, source.home, holder)
        if principal is not None:
            web.link(principal, (node, 0, "everything", proofs[holder]))
    if proofs:
        first = min((one.location for one in proofs.values()), key=place)
        web.grants[node] = (_whole(source, source.system, first),)
    members = web.named(source.home, "*") if source.home else _own(web, source)
    for member in members if web.grants[node] else ():
        web.link(node, (member, 0, "member", None))


def _own(web: Web, source: Source) -> list[int]:
    return [web.whoever("", name) for name in sorted(source.names)]


def _proofs(source: Source) -> dict[str, Becoming]:
    """The grant that shows the whole authority of each who has it: the widest, else any."""
    places = {}
    if source.location is not None:
        places = dict.fromkeys(sorted(source.granted.everything), source.location)
    sure: set[str] = set()
    for grant in source.granted.grants:
        widest = "*" in grant.resource and grant.action == "*"
        if grant.holder in source.granted.everything and grant.holder not in sure:
            places[grant.holder] = grant.location
            sure |= {grant.holder} if widest else set()
    return {holder: Becoming(holder, "*", "", line) for holder, line in places.items()}


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
