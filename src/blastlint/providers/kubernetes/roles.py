"""What a bound role gives: its rules, those it takes from other roles, or those it is born with."""

from __future__ import annotations

import os
from functools import cache

from blastlint.providers.kubernetes.aggregation import aggregates, selectors
from blastlint.providers.kubernetes.objects import UNKNOWN, Reading
from blastlint.source import EVIDENCE, Root, read_all
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.providers.kubernetes.aggregation import Selector
    from blastlint.providers.kubernetes.objects import Manifest, Rule

    Key = tuple[str, str, str]
    """Kind, namespace (empty for a ClusterRole), name."""

RELEASE = (1, 35)
"""Release of Kubernetes whose built-in roles and bindings are shipped here."""

SHIPPED = f"as Kubernetes {RELEASE[0]}.{RELEASE[1]} ships it"
"""What is assumed of a role that no file defines."""

_ROLE_KINDS = ("Role", "ClusterRole")


@dataclass(frozen=True, slots=True)
class Role:
    """One definition of a role."""

    manifest: Manifest
    """Where it stands."""
    rules: tuple[Rule, ...]
    """Its rules, as written."""
    labels: Mapping[str, str]
    """Its labels; those of a ClusterRole decide which others take in its rules."""
    selectors: tuple[Selector, ...] = ()
    """Which other ClusterRoles it takes its rules from, if it does."""
    shipped: bool = False
    """Whether it is built in, and no file defines it."""

    @property
    def key(self) -> Key:
        """What a binding finds it by."""
        return self.manifest.kind, self.manifest.namespace, self.manifest.name

    @property
    def aggregates(self) -> bool:
        """Whether the server replaces its rules by those of other roles."""
        return aggregates(self.manifest)


@dataclass(frozen=True, slots=True)
class Piece:
    """Rules that a bound role gives, and where they come from."""

    role: Role
    """The role that was bound."""
    source: Role
    """The role that has the rules; the same one, or one whose rules are taken in."""
    needs: tuple[str, ...] = ()
    """What must be known before they can be believed."""


@dataclass(slots=True)
class Roles:
    """Every role of the evidence, and behind them the built-in ones."""

    server_version: str = ""
    """Version of the server; empty if not known."""
    known: dict[Key, list[Role]] = field(default_factory=dict)
    """Definitions by what a binding finds them by; more than one if files disagree."""
    _pieces: dict[int, tuple[Piece, ...]] = field(default_factory=dict)
    """By the identity of a role: several bindings ask for the same."""

    def add(self, role: Role) -> None:
        """Take in a definition; the same one twice is one."""
        same_name = self.known.setdefault(role.key, [])
        mine = (role.rules, role.selectors, role.labels)
        if all(mine != (other.rules, other.selectors, other.labels) for other in same_name):
            same_name.append(role)

    def find(self, kind: str, namespace: str, name: str) -> tuple[list[Role], tuple[str, ...]]:
        """Definitions that a binding in a namespace (`*`: everywhere) means, and what is missing.

        Without one in the evidence, the built-in one.
        """
        if kind not in _ROLE_KINDS or (kind == "Role" and namespace == "*"):
            return [], ()
        key = (kind, "" if kind == "ClusterRole" else namespace, name)
        if key in self.known:
            return self.known[key], ()
        floating = self.known.get((kind, UNKNOWN, name), [])
        if floating:
            return floating, (f"the namespace that Role {name} is applied to",)
        shipped = shipped_roles().get(key)
        return ([shipped], self.as_shipped(shipped)) if shipped else ([], ())

    def as_shipped(self, role: Role) -> tuple[str, ...]:
        """What must be known before a built-in role is believed to be as it was shipped."""
        version = release_of(self.server_version)
        other = f", though the server is {self.server_version}" if version != RELEASE else ""
        return (f"that {role.manifest.title} is {SHIPPED}{other if version else ''}",)

    def pieces(self, role: Role) -> tuple[Piece, ...]:
        """The rules of a role, or of those that it takes its rules from; the sure ones first."""
        if not role.aggregates:
            return (Piece(role, role),)
        if id(role) not in self._pieces:
            found = sorted(self._gathered(role), key=lambda piece: bool(piece.needs))
            self._pieces[id(role)] = tuple(found)
        return self._pieces[id(role)]

    def _gathered(self, role: Role) -> Iterator[Piece]:
        """What the server puts together.

        In an export, the rules are what the server has put together already; in a file that
        somebody wrote they count for nothing, and the built-in roles may add to them.
        """
        if role.manifest.exported:
            yield Piece(role, role)
        seen = {role.key}
        waiting = [role]
        for taker in waiting:
            for given in self._selected(taker, shipped_too=not taker.manifest.exported):
                if given.key in seen:
                    continue
                same_name = self.known.get(given.key, [given])
                seen.add(given.key)
                waiting += [one for one in same_name if one.aggregates]
                yield from self._taken(role, given, same_name)

    def _taken(self, role: Role, given: Role, same_name: list[Role]) -> Iterator[Piece]:
        needs = self.as_shipped(given) if given.shipped and not role.shipped else ()
        if len(same_name) > 1:
            needs = (f"which definition of {given.manifest.title} is applied",)
        yield from (
            Piece(role, one, needs)
            for one in same_name
            if not one.aggregates or one.manifest.exported
        )

    def _selected(self, taker: Role, *, shipped_too: bool) -> Iterator[Role]:
        evidence = (role for same_name in self.known.values() for role in same_name)
        shipped = shipped_roles().values() if shipped_too else ()
        for role in (*evidence, *(one for one in shipped if one.key not in self.known)):
            if role.manifest.kind == "ClusterRole" and _chosen(taker.selectors, role.labels):
                yield role


def _chosen(choosers: Iterable[Selector], labels: Mapping[str, str]) -> bool:
    return any(all(one.matches(labels) for one in selector) for selector in choosers)


def role_of(reading: Reading, manifest: Manifest, *, shipped: bool = False) -> Role:
    """Read a role; what is wrong with it is told to the reading."""
    rules = reading.rules(manifest)
    if manifest.kind != "ClusterRole":
        return Role(manifest, rules, {}, (), shipped)
    labels, choosers = reading.labels(manifest), selectors(reading, manifest)
    return Role(manifest, rules, labels, choosers, shipped)


@cache
def shipped_manifests() -> tuple[Manifest, ...]:
    """The built-in roles and bindings, read when something first refers to one."""
    folder = Root(os.path.dirname(os.path.abspath(__file__)))
    documents = read_all(folder, "builtin_roles.yaml", replace(EVIDENCE, quotable=None))
    reading = Reading("")
    return tuple(reading.manifests(documents))


@cache
def shipped_roles() -> Mapping[Key, Role]:
    """The built-in roles."""
    reading = Reading("")
    found = (
        role_of(reading, manifest, shipped=True)
        for manifest in shipped_manifests()
        if manifest.kind in _ROLE_KINDS
    )
    return {role.key: role for role in found}


@cache
def release_of(version: str) -> tuple[int, int] | None:
    """Major and minor number of a server's version, such as `v1.35.2`; None if it has none."""
    major, _, minor = version.removeprefix("v").partition(".")
    minor = minor.partition(".")[0].rstrip("+")
    if not (major.isdecimal() and minor.isdecimal()):
        return None
    return int(major), int(minor)
