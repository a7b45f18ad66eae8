"""Weaves the web of principals from an inventory and its evidence, as far as credentials reach."""

from __future__ import annotations

from itertools import chain, groupby

from blastlint.inventory.record import at
from blastlint.providers.grants import Becoming, Grant
from blastlint.reach.federation import Federation, is_subject
from blastlint.reach.holdings import expanded, typed_grants
from blastlint.reach.homes import Homes
from blastlint.reach.stores import stores_of
from blastlint.reach.terms import LEVELS
from blastlint.reach.web import (
    CREDENTIAL,
    EVERYTHING,
    IDENTITY,
    JOINT,
    KINDS,
    PART,
    PATTERN,
    PRINCIPAL,
    Draft,
    Web,
    parted,
    place,
)
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.providers.grants import Joint
    from blastlint.reach.holdings import Holding, Language, Source
    from blastlint.reach.stores import Stored
    from blastlint.reach.web import Key, Strand
    from blastlint.source import Location

_BECOMES = bytes([KINDS.index("becomes")])
_ALL_OF = "everything:"
_AT_ONCE = 1024
"""Nodes whose steps are laid at once: what these touch several times should stay near at hand."""
_LEVEL = {certainty: level for level, certainty in enumerate(LEVELS)}


def weave(holdings: Mapping[str, Holding], sources: Sequence[Source], language: Language) -> Web:
    """Join credentials, principals, grants and becomings into one web.

    Only what some credential leads to is looked at: evidence names far more than that.
    """
    loom = Loom(holdings, sources, language)
    draft = loom.draft
    for name in sorted(holdings):
        draft.number((CREDENTIAL, "", name))
    laid = 0
    while laid < len(draft.keys):
        wave = draft.keys[laid : laid + _AT_ONCE]
        laid += len(wave)
        loom.lay_all(wave)
        if laid == len(draft.keys):
            loom.join()
    web = Web(draft)
    for number, key in enumerate(web.keys):
        if loom.may_grant(key) and (grants := tuple(loom.grants(key))):
            web.grants[number] = grants
    return web


class Targets(dict[str, int]):
    """The nodes that names lead to in one piece of evidence, found when first asked for."""

    __slots__ = ("_draft", "_homes", "_source")

    def __init__(self, source: Source, homes: Homes, draft: Draft) -> None:
        super().__init__()
        self._source = source
        self._homes = homes
        self._draft = draft

    def __missing__(self, name: str) -> int:
        number = self[name] = self._draft.number(_target(self._source, self._homes, name))
        return number


def _target(source: Source, homes: Homes, name: str) -> Key:
    """What a becoming leads to."""
    scope = scope_of_all(name)
    if scope is not None:
        system = source.system
        return EVERYTHING, source.home, system if scope == "*" else f"{system}@{scope}"
    if is_subject(name):
        return PRINCIPAL, "", name
    if name.endswith("*"):
        return PATTERN, source.home, name
    return _whoever(homes, homes.of(name, source.home), name)


def _whoever(homes: Homes, home: str, name: str) -> Key:
    """What one lands on by becoming a principal: all its credentials too, if it has any."""
    return (IDENTITY if homes.credentials(home, name) else PRINCIPAL), home, name


class Loom:
    """Answers for one node at a time what it leads to and what it is granted."""

    __slots__ = (
        "_by_home",
        "_federation",
        "_granted",
        "_holdings",
        "_homes",
        "_joints",
        "_language",
        "_marked",
        "_places",
        "_sources",
        "_stores",
        "_targets",
        "_witnessed",
        "draft",
    )

    def __init__(
        self, holdings: Mapping[str, Holding], sources: Sequence[Source], language: Language
    ) -> None:
        self._holdings = holdings
        self._language = language
        self._homes = Homes(holdings, sources)
        self._federation = Federation(sources)
        self._stores: dict[str, list[Stored]] = {}
        for store in stores_of(holdings):
            self._stores.setdefault(store.place.system, []).append(store)
        self._sources = sources
        self._by_home: dict[str, list[Source]] = {}
        self._places: dict[str, list[int]] = {}
        for number, source in enumerate(sources):
            self._by_home.setdefault(source.home, []).append(source)
            self._places.setdefault(source.home, []).append(number)
        self._witnessed = frozenset(source.system for source in sources)
        self._granted = frozenset[str]().union(*(source.grants for source in sources))
        more = (self._granted, *map(_marked, sources)) if self._stores else map(_marked, sources)
        self._marked = frozenset[str]().union(*more)
        """Principals that may lead to more than those whom they become."""
        self._targets: dict[tuple[str, str], Targets] = {}
        self._joints: dict[Key, tuple[Source, Joint]] = {
            (JOINT, source.home, _title(joint)): (source, joint)
            for source in sources
            for joint in source.joints
        }
        self.draft = Draft()

    def lay_all(self, keys: Iterable[Key]) -> None:
        """Add the steps from nodes, row by row where nothing but evidence says where they lead."""
        for speaking, row in groupby(keys, self._speaking):
            if speaking is None:
                for key in row:
                    self._lay_one(key)
                    self.draft.close()
            else:
                self._lay_rows(self._sources[speaking], [name for _, _, name in row])

    def _speaking(self, key: Key) -> int | None:
        """The place of the one source that says all about where a node leads, if there is one."""
        kind, home, name = key
        if kind != PRINCIPAL or name in self._marked or is_subject(name):
            return None
        if self._federation.concerns(name):
            return None
        places = self._places.get(home, ())
        if len(places) > 1:
            places = [one for one in places if name in self._sources[one].becomings]
        return places[0] if len(places) == 1 else None

    def _lay_rows(self, source: Source, names: Sequence[str]) -> None:
        """Add what principals can turn into, for many at once: there may be a million steps."""
        rows = [source.becomings.get(name, ()) for name in names]
        self.draft.close_all(map(len, rows))
        self._lay(source, list(chain.from_iterable(rows)))

    def _lay_one(self, key: Key) -> None:
        """Add the steps from a node."""
        kind, home, name = key
        if kind == PRINCIPAL:
            self._lay_becomings(home, name)
            self.draft.add(self._to_everything(home, name))
        else:
            self.draft.add(self._strands(kind, home, name))
        if self._stores and self.may_grant(key):
            self.draft.add(self._to_stored(key))

    def join(self) -> None:
        """Add the joints of which every part was found."""
        numbers = self.draft.numbers
        for key, (source, joint) in self._joints.items():
            parts = tuple(_part(source, name) for name in joint.parts)
            if key not in numbers and all(part in numbers for part in parts):
                self.draft.parts[key] = parts
                self.draft.number(key)

    def _to_stored(self, key: Key) -> Iterator[Strand]:
        """The credentials whose values a node can read."""
        for grant in self.grants(key):
            for store in self._stores.get(grant.system, ()):
                turning = store.read_by(grant, key[2], self._language.of(grant.system))
                if turning is not None:
                    yield self._holder_of(store), _LEVEL[turning.certainty], "becomes", turning

    def _holder_of(self, store: Stored) -> Key:
        """Who holds a credential: its principal, with all the credentials that this one has."""
        principal, systems = store.credential.principal, self._holdings[store.name].systems
        if not principal:
            return CREDENTIAL, "", store.name
        return _whoever(self._homes, self._homes.typed(principal, systems)[0], principal)

    def _strands(self, kind: str, home: str, name: str) -> Iterable[Strand]:
        if kind == CREDENTIAL:
            return self._from_credential(name)
        if kind == IDENTITY:
            return self._from_identity(home, name)
        if kind == PATTERN:
            return self._members(home, self._homes.matching(home, name))
        if kind == JOINT:
            return self._from_joint((kind, home, name))
        if kind == PART:
            return ()
        return self._from_everything(home, name)

    def may_grant(self, key: Key) -> bool:
        """Whether a node can have grants itself, found without looking for them."""
        return key[0] != PRINCIPAL or key[2] in self._granted

    def grants(self, key: Key) -> Iterable[Grant]:
        """The grants of a node itself."""
        kind, home, name = key
        if kind == CREDENTIAL:
            return typed_grants(name, self._holdings[name], self._witnessed, self._language)
        if kind == EVERYTHING:
            system, scope = parted(name)
            lines = sorted(self._lines(home, name), key=place)
            return (Grant(EVERYTHING, system, scope, "*", "*", "grant", line) for line in lines[:1])
        if kind != PRINCIPAL:
            return ()
        found: list[Grant] = []
        for source in self._by_home.get(home, ()):
            for grant in source.grants.get(name, ()):
                if grant.system and grant.action != "*" and grant.effect != "unknown":
                    found.append(grant)
                else:
                    found.extend(self._spelled(grant, source))
        return found

    def _spelled(self, grant: Grant, source: Source) -> Iterable[Grant]:
        """An evidence grant with its system filled in and its actions spelled out."""
        system = grant.system or source.system
        return expanded(replace(grant, system=system), self._language.of(system))

    # --- steps ----------------------------------------------------------------------------------

    def _lay_becomings(self, home: str, name: str) -> None:
        """Add what a principal can turn into, by its own evidence or as others trust it."""
        own: list[Becoming] = []
        outside = self._federation.concerns(name)
        for source in () if is_subject(name) else self._by_home.get(home, ()):
            becomings: Sequence[Becoming] = source.becomings.get(name, ())
            if becomings and outside:
                own += becomings
                becomings = self._federation.apart(name, becomings)
            if becomings:
                self._lay(source, becomings)
            for share in source.shares.get(name, ()):
                part = (PART, home, share.principal)
                self.draft.add([(part, _LEVEL[share.certainty], "adds", share)])
        for source, becoming in self._federation.of(home, name, own) if outside else ():
            self._lay(source, (becoming,))

    def _from_joint(self, key: Key) -> Iterator[Strand]:
        source, joint = self._joints[key]
        turning = joint.becoming
        target = _target(source, self._homes, turning.principal)
        yield target, _LEVEL[turning.certainty], "becomes", turning

    def _lay(self, source: Source, becomings: Sequence[Becoming]) -> None:
        """Add steps column by column."""
        draft, targets = self.draft, self._targets_of(source)
        draft.targets.extend([targets[one.principal] for one in becomings])
        draft.levels += bytes([_LEVEL[one.certainty] for one in becomings])
        draft.kinds += _BECOMES * len(becomings)
        draft.whys += becomings

    def _targets_of(self, source: Source) -> Targets:
        """What the becomings of a piece of evidence lead to."""
        key = (source.system, source.home)
        if key not in self._targets:
            self._targets[key] = Targets(source, self._homes, self.draft)
        return self._targets[key]

    def _to_everything(self, home: str, name: str) -> Iterator[Strand]:
        for source in self._by_home.get(home, ()):
            if name in source.everything:
                proof = Becoming(name, "*", "", _proof(source, name))
                yield (EVERYTHING, home, source.system), 0, "everything", proof

    def _from_credential(self, name: str) -> Iterator[Strand]:
        """What a credential acts as, and what it is said to derive."""
        holding = self._holdings[name]
        principal = holding.credential.principal or ""
        for home in holding.homes:
            acting = Becoming(name, principal, "", at(holding.credential, "principal"))
            yield (PRINCIPAL, home, principal), 0, "acts-as", acting
        for derivation in holding.credential.derives or ():
            turning = Becoming(name, derivation.to, derivation.via or "", at(derivation))
            pattern = derivation.to.endswith("*")
            for home in self._homes.typed(derivation.to, holding.systems):
                whom = (PATTERN, home, derivation.to) if pattern else None
                yield whom or _whoever(self._homes, home, derivation.to), 0, "derives", turning

    def _from_identity(self, home: str, name: str) -> Iterator[Strand]:
        """Who becomes a principal holds its own grants and every credential it has."""
        yield (PRINCIPAL, home, name), 0, "same", None
        for credential in self._homes.credentials(home, name):
            yield (CREDENTIAL, "", credential), 0, "same", None

    def _from_everything(self, home: str, name: str) -> Iterator[Strand]:
        """Who holds everything is everybody there, whose credentials may open other systems."""
        system, scope = parted(name)
        for source in self._by_home.get(home, ()):
            if source.system == system and scope == "*":
                names = self._homes.matching(home, "*") if home else sorted(source.names)
                yield from self._members(home, names)
            elif source.system == system:
                for becoming in source.becomings.get(f"everything:{scope}", ()):
                    target = _target(source, self._homes, becoming.principal)
                    yield target, 0, "becomes", becoming

    def _members(self, home: str, names: Iterable[str]) -> Iterator[Strand]:
        return ((_whoever(self._homes, home, name), 0, "member", None) for name in names)

    def _lines(self, home: str, name: str) -> Iterator[Location]:
        """The lines that give somebody everything."""
        system, scope = parted(name)
        for source in self._by_home.get(home, ()):
            if source.system == system:
                yield from (_proof(source, one) for one in source.everything if scope == "*")
                yield from (
                    becoming.location
                    for becomings in source.becomings.values()
                    for becoming in becomings
                    if scope_of_all(becoming.principal) == scope
                )
                yield from (
                    joint.becoming.location
                    for joint in source.joints
                    if scope_of_all(joint.becoming.principal) == scope
                )


def _title(joint: Joint) -> str:
    return " + ".join([*joint.parts, f"{joint.becoming.principal} {joint.becoming.via}"])


def _part(source: Source, name: str) -> Key:
    """The node of a part: a principal, or a call that shares of the evidence name."""
    return (PRINCIPAL if name in source.names else PART), source.home, name


def scope_of_all(name: str) -> str | None:
    """The scope in which a principal's name stands for everything; None for any other name."""
    if name == "*":
        return name
    return (name.partition(_ALL_OF)[2] or None) if _ALL_OF in name else None


def _marked(source: Source) -> Iterable[str]:
    """Principals of which a source says more than whom they become."""
    return chain(source.everything, source.shares)


def _proof(source: Source, holder: str) -> Location:
    """The line that gives a holder the whole authority: the widest of its grants, else any."""
    grants = source.grants.get(holder, ())
    wide = [grant for grant in grants if "*" in grant.resource and grant.action == "*"]
    lines = [grant.location for grant in wide or grants]
    return min(lines, key=place) if lines else source.location
