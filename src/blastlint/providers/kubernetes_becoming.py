"""What a set of Kubernetes grants lets its holder become, from one table of derivations."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from blastlint.providers.grants import Becoming, Grant
from blastlint.providers.kubernetes_effects import RBAC, resource, resource_covers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    Target = Literal["accounts", "named accounts", "users", "groups", "everything"]
    Matched = dict[int, dict[str, list[Grant]]]
    """Grants of one holder: by requirement, by scope."""

_ACCOUNT = "system:serviceaccount:"
_MASTERS = "system:masters"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A right that a derivation needs: any of the verbs on any of the resources."""

    resources: tuple[str, ...]
    """Resources, any of which will do."""
    verbs: tuple[str, ...]
    """Verbs, any of which will do."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A set of rights that together let their holder become somebody else."""

    name: str
    """What happens, in a few words."""
    all_of: tuple[Requirement, ...]
    """Rights that must all be held, in one namespace or everywhere."""
    target: Target
    """Whom one becomes: service accounts in scope, those named, users, groups, or anybody."""
    missing: str = ""
    """The fact that decides whether it works; empty when it always does."""
    everywhere: bool = False
    """Only rights that hold in every namespace count."""
    before: tuple[int, int] | None = None
    """First server version in which it no longer works."""


_RUN = ("create", "update", "patch")
_READ = ("get", "list", "watch")
_WORKLOADS = (
    "/replicationcontrollers",
    "apps/daemonsets",
    "apps/deployments",
    "apps/replicasets",
    "apps/statefulsets",
    "batch/cronjobs",
    "batch/jobs",
)
_PODS_RUN_AS = "which service accounts the pods in {where} run as"
_WRITE_ROLEBINDINGS = Requirement((f"{RBAC}/rolebindings",), _RUN)
_BIND_CLUSTERROLES = Requirement((f"{RBAC}/clusterroles",), ("bind",))
_IMPERSONATE_NAME = Requirement(("/users", "/serviceaccounts"), ("impersonate",))

DERIVATIONS: tuple[Derivation, ...] = (
    Derivation(
        "read a stored token",
        (Requirement(("/secrets",), _READ),),
        "accounts",
        missing="which service accounts have a token stored as a Secret in {where}",
    ),
    Derivation(
        "request a token",
        (Requirement(("/serviceaccounts/token",), ("create",)),),
        "named accounts",
    ),
    Derivation(
        "have a token stored and read it back",
        (Requirement(("/secrets",), ("create",)), Requirement(("/secrets",), _READ)),
        "accounts",
    ),
    Derivation("run a pod", (Requirement(("/pods",), ("create",)),), "accounts"),
    Derivation("run a workload", (Requirement(_WORKLOADS, _RUN),), "accounts"),
    Derivation(
        "change a running pod",
        (Requirement(("/pods", "/pods/ephemeralcontainers"), ("update", "patch")),),
        "accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod",
        (Requirement(("/pods/exec", "/pods/attach"), ("create",)),),
        "accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod by a GET request",
        (Requirement(("/pods/exec", "/pods/attach"), ("get",)),),
        "accounts",
        missing=_PODS_RUN_AS,
        before=(1, 35),
    ),
    Derivation(
        "run commands through a node",
        (Requirement(("/nodes/proxy",), ("get", "create")),),
        "accounts",
        missing=_PODS_RUN_AS,
        everywhere=True,
    ),
    Derivation(
        "impersonate a service account",
        (Requirement(("/serviceaccounts",), ("impersonate",)),),
        "named accounts",
    ),
    Derivation(
        "impersonate a user",
        (Requirement(("/users",), ("impersonate",)),),
        "users",
        everywhere=True,
    ),
    Derivation(
        "impersonate a group",
        (Requirement(("/groups",), ("impersonate",)), _IMPERSONATE_NAME),
        "groups",
        everywhere=True,
    ),
    *(
        Derivation(
            f"rewrite {kind} beyond its own rights",
            (
                Requirement((f"{RBAC}/{kind}",), ("escalate",)),
                Requirement((f"{RBAC}/{kind}",), ("update", "patch")),
            ),
            "everything",
        )
        for kind in ("roles", "clusterroles")
    ),
    Derivation(
        "bind any role to itself everywhere",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/clusterrolebindings",), _RUN)),
        "everything",
        everywhere=True,
    ),
    Derivation(
        "bind any role to itself",
        (_BIND_CLUSTERROLES, _WRITE_ROLEBINDINGS),
        "everything",
    ),
    Derivation(
        "bind the roles of a namespace to itself",
        (Requirement((f"{RBAC}/roles",), ("bind",)), _WRITE_ROLEBINDINGS),
        "everything",
        missing="what the Roles in {where} allow",
    ),
)
"""Every known way to become somebody else; `escalate` and `bind` need their second half."""

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
    by_holder: dict[str, list[Grant]] = {}
    for grant in grants:
        by_holder.setdefault(grant.holder, []).append(grant)
    everything = frozenset(who for who, held in by_holder.items() if _holds_everything(held))
    found: list[Becoming] = []
    for holder, held in by_holder.items():
        if holder not in everything:
            found += _of_holder(holder, held, accounts, server_version)
    namespaces = tuple(_whole_namespaces(found, grants))
    for grant in namespaces:
        found += _of_holder(grant.holder, [grant], accounts, server_version)
    return Reach(tuple(found), namespaces, everything)


def _holds_everything(held: Iterable[Grant]) -> bool:
    return any(
        (grant.scope, grant.resource, grant.action, grant.names, grant.certainty)
        == ("*", "*/*", "*", (), "proven")
        for grant in held
    )


def _whole_namespaces(found: Iterable[Becoming], grants: Sequence[Grant]) -> Iterator[Grant]:
    system = grants[0].system if grants else ""
    for principal in sorted({each.principal for each in found}):
        if principal.startswith("everything:"):
            first = next(each for each in found if each.principal == principal)
            yield Grant(
                principal,
                system,
                principal.removeprefix("everything:"),
                "*/*",
                "*",
                "grant",
                first.location,
            )


def _of_holder(
    holder: str, held: Iterable[Grant], accounts: Sequence[str], server_version: str
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
        first = self.used[0]
        if any(not grant.names for grant in first):
            return ()
        return tuple(sorted({name for grant in first for name in grant.names}))

    @property
    def needs(self) -> str:
        facts = (
            [self.derivation.missing.format(where=self.where)] if self.derivation.missing else []
        )
        if _version_allows(self.derivation, self.server_version) is None:
            facts.append("the server's version, as `get` is enough before 1.35")
        if (
            self.derivation.target == "everything"
            and self.names
            and "cluster-admin" not in self.names
        ):
            facts.append(f"what {', '.join(self.names)} allows")
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

    def becomings(self, accounts: Sequence[str]) -> Iterator[Becoming]:
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

    def _principals(self, accounts: Sequence[str]) -> Iterator[tuple[str, str]]:
        if self.derivation.target == "everything":
            yield ("*" if self.scope == "*" else f"everything:{self.scope}"), ""
        elif self.derivation.target == "users":
            yield from ((f"user:{name}", "") for name in self.names or ("*",))
        elif self.derivation.target == "groups":
            any_group = not self.names or _MASTERS in self.names
            yield from (("*", ""),) if any_group else ((f"group:{n}", "") for n in self.names)
        elif self.derivation.target == "named accounts" and self.names:
            yield from self._named(accounts)
        else:
            yield from self._accounts(accounts)

    def _accounts(self, accounts: Sequence[str]) -> Iterator[tuple[str, str]]:
        prefix = _ACCOUNT if self.scope == "*" else f"{_ACCOUNT}{self.scope}:"
        if not self.derivation.missing:
            yield from ((account, "") for account in accounts if account.startswith(prefix))
        yield f"{prefix}*", ""

    def _named(self, accounts: Sequence[str]) -> Iterator[tuple[str, str]]:
        for name in self.names:
            if self.scope != "*":
                yield f"{_ACCOUNT}{self.scope}:{name}", ""
                continue
            known = [account for account in accounts if account.endswith(f":{name}")]
            yield from ((account, "") for account in known)
            if not known:
                yield f"{_ACCOUNT}?:{name}", f"the namespaces that have a service account {name}"


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
