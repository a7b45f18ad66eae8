"""What a set of Kubernetes grants lets its holder become, after the table of derivations."""

from __future__ import annotations

from functools import lru_cache

from blastlint.providers.grants import Becoming, Grant
from blastlint.providers.kubernetes.derivations import DERIVATIONS
from blastlint.providers.kubernetes.effects import resource, resource_covers
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.kubernetes.derivations import Derivation, Requirement
    from blastlint.source import Location

    Matched = dict[int, dict[str, list[Grant]]]
    """Grants of one holder: by requirement, by scope."""
    Accounts = dict[str, list[str]]
    """Known service accounts, by namespace."""

_ACCOUNT = "system:serviceaccount:"
_ADMIN = "cluster-admin"
_MASTERS = "system:masters"
_WHOLE = "everything:"
"""Whoever holds all of a namespace, before its name."""


_REQUIREMENTS = tuple(dict.fromkeys(need for each in DERIVATIONS for need in each.all_of))
_NUMBER = {need: number for number, need in enumerate(_REQUIREMENTS)}


@dataclass(slots=True)
class Reach:
    """What the grants of all holders lead to."""

    becomings: tuple[Becoming, ...] = ()
    """Who becomes whom."""
    grants: tuple[Grant, ...] = ()
    """What the holders of a whole namespace, `everything:NAMESPACE`, may do."""
    everything: frozenset[str] = field(default_factory=frozenset)
    """Principals that may do anything in the cluster."""


@lru_cache(maxsize=4096)
def _satisfied(
    granted: str, action: str, *, named: bool, everywhere: bool
) -> tuple[tuple[int, tuple[tuple[str, str], ...]], ...]:
    """Requirements that a grant meets, each with the (resource, verb) pairs that it covers."""
    scope = "*" if everywhere else ""
    rows = (
        (
            number,
            tuple(
                (needed, verb)
                for needed in need.resources
                for verb in need.verbs
                if action in {"*", verb}
                and resource_covers(granted, needed, scope)
                and not (named and verb == "create" and not resource(needed).subresource)
            ),
        )
        for number, need in enumerate(_REQUIREMENTS)
    )
    return tuple(row for row in rows if row[1])


def becomings(grants: Sequence[Grant], accounts: Sequence[str], server_version: str) -> Reach:
    """Whom the holders of the grants become, given the service accounts that are known."""
    by_namespace: Accounts = {}
    for account in accounts:
        namespace = account.removeprefix(_ACCOUNT).partition(":")[0]
        by_namespace.setdefault(namespace, []).append(account)
    by_holder: dict[str, list[Grant]] = {}
    for grant in grants:
        by_holder.setdefault(grant.holder, []).append(grant)
    everything = frozenset(who for who, held in by_holder.items() if _holds_everything(held))
    found: list[Becoming] = []
    for holder, held in by_holder.items():
        if holder not in everything:
            found += _of_holder(holder, held, by_namespace, server_version)
    namespaces = tuple(_whole_namespaces(found, grants))
    for grant in namespaces:
        found += _of_holder(grant.holder, [grant], by_namespace, server_version)
    return Reach(tuple(found), namespaces, everything)


def _holds_everything(held: Iterable[Grant]) -> bool:
    return any(
        (grant.scope, grant.resource, grant.action, grant.names, grant.certainty)
        == ("*", "*/*", "*", (), "proven")
        for grant in held
    )


def _whole_namespaces(found: Iterable[Becoming], grants: Sequence[Grant]) -> Iterator[Grant]:
    system = grants[0].system if grants else ""
    places: dict[str, Location] = {}
    for each in found:
        if each.principal.startswith(_WHOLE):
            places.setdefault(each.principal, each.location)
    for principal, place in sorted(places.items()):
        scope = principal.removeprefix(_WHOLE)
        yield Grant(principal, system, scope, "*/*", "*", "grant", place)


def _of_holder(
    holder: str, held: Iterable[Grant], accounts: Accounts, server_version: str
) -> Iterator[Becoming]:
    matched: Matched = {}
    for grant in held:
        everywhere = grant.scope == "*"
        key = (grant.resource, grant.action)
        for number, _ in _satisfied(*key, named=bool(grant.names), everywhere=everywhere):
            matched.setdefault(number, {}).setdefault(grant.scope, []).append(grant)
    for derivation in DERIVATIONS:
        if _version_allows(derivation, server_version) is not False:
            for scope, used in _scopes(derivation, matched):
                edge = _Edge(holder, derivation, scope, used, server_version)
                yield from edge.becomings(accounts)


def _scopes(
    derivation: Derivation, matched: Matched
) -> Iterator[tuple[str, tuple[tuple[Grant, ...], ...]]]:
    """Scopes in which all the rights are held, with the grants that hold them there."""
    rows = [matched.get(_NUMBER[need], {}) for need in derivation.all_of]
    scopes = ["*"] if derivation.everywhere else list(dict.fromkeys(s for row in rows for s in row))
    for scope in scopes:
        here = [
            tuple(g for s in dict.fromkeys((scope, "*")) for g in row.get(s, ())) for row in rows
        ]
        if all(here):
            yield scope, tuple(here)


def _version_allows(derivation: Derivation, server_version: str) -> bool | None:
    """Whether it works on that server; None when the version is not known and decides it."""
    if derivation.before is None:
        return True
    major, _, minor = server_version.removeprefix("v").partition(".")
    minor = minor.partition(".")[0].rstrip("+")
    if not (major.isdecimal() and minor.isdecimal()):
        return None
    return (int(major), int(minor)) < derivation.before


@dataclass(frozen=True, slots=True)
class _Edge:
    """One derivation that works for one holder in one scope."""

    holder: str
    derivation: Derivation
    scope: str
    used: tuple[tuple[Grant, ...], ...]
    server_version: str

    @property
    def where(self) -> str:
        if self.scope == "*":
            return "every namespace"
        return "an unknown namespace" if self.scope == "?" else self.scope

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the first right is limited to; empty when any will do."""
        return _common_names(self.used[0])

    @property
    def needs(self) -> str:
        """Everything that is not known and decides."""
        rule = self.derivation
        facts = [rule.missing.format(where=self.where)] if rule.missing else []
        if _version_allows(rule, self.server_version) is None:
            facts.append("the server's version, as `get` is enough before 1.35")
        names = [name for right in self.used for name in _common_names(right)]
        if rule.named and names and _ADMIN not in names:
            facts.append(rule.named.format(names=", ".join(names)))
        facts += [right[0].needs for right in self.used if all(grant.needs for grant in right)]
        return "; ".join(dict.fromkeys(facts))

    @property
    def via(self) -> str:
        """In words: `run a workload (create, patch deployments in billing)`."""
        parts = [
            _words(need, grants)
            for need, grants in zip(self.derivation.all_of, self.used, strict=True)
        ]
        return f"{self.derivation.name} ({' and '.join(parts)} in {self.where})"

    def becomings(self, accounts: Accounts) -> Iterator[Becoming]:
        needs, via = self.needs, self.via
        proven = [grant for grant in self.used[0] if not grant.needs] or self.used[0]
        for principal, missing in self._principals(accounts):
            facts = "; ".join(fact for fact in (needs, missing) if fact)
            if principal != self.holder:
                yield Becoming(
                    self.holder,
                    principal,
                    via,
                    proven[0].location,
                    "needs-fact" if facts else "proven",
                    facts,
                )

    def _principals(self, accounts: Accounts) -> Iterable[tuple[str, str]]:
        """Into whom, each with the fact that is missing for it alone."""
        target = self.derivation.target
        if target == "everything":
            return [("*" if self.scope == "*" else f"{_WHOLE}{self.scope}", "")]
        if target == "users":
            return [(f"user:{name}", "") for name in self.names or ("*",)]
        if target == "groups":
            any_group = not self.names or _MASTERS in self.names
            return [("*", "")] if any_group else [(f"group:{name}", "") for name in self.names]
        if target == "named accounts" and self.names:
            return [one for name in self.names for one in self._called(name, accounts)]
        return self._accounts(accounts)

    def _accounts(self, accounts: Accounts) -> Iterator[tuple[str, str]]:
        """Every service account in scope; in one namespace the known ones by name too."""
        if self.scope == "*":
            yield f"{_ACCOUNT}*", ""
            return
        if not self.derivation.missing:
            yield from ((account, "") for account in accounts.get(self.scope, ()))
        yield f"{_ACCOUNT}{self.scope}:*", ""

    def _called(self, name: str, accounts: Accounts) -> Iterator[tuple[str, str]]:
        if self.scope != "*":
            yield f"{_ACCOUNT}{self.scope}:{name}", ""
            return
        homes = [home for home, known in accounts.items() if f"{_ACCOUNT}{home}:{name}" in known]
        yield from ((f"{_ACCOUNT}{home}:{name}", "") for home in homes)
        if not homes:
            yield f"{_ACCOUNT}?:{name}", f"the namespaces that have a service account {name}"


def _common_names(right: Iterable[Grant]) -> tuple[str, ...]:
    if any(not grant.names for grant in right):
        return ()
    return tuple(sorted({name for grant in right for name in grant.names}))


def _words(need: Requirement, grants: Iterable[Grant]) -> str:
    number = _NUMBER[need]
    pairs = [
        pair
        for grant in grants
        for row, covered in _satisfied(
            grant.resource, grant.action, named=bool(grant.names), everywhere=grant.scope == "*"
        )
        if row == number
        for pair in covered
    ]
    verbs = [verb for verb in need.verbs if any(verb == held for _, held in pairs)]
    resources = sorted({name.partition("/")[2] for name, _ in pairs})
    return f"{', '.join(verbs)} {', '.join(resources)}"
