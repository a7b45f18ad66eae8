"""What a set of Kubernetes grants lets its holder become, after the table of derivations."""

from __future__ import annotations

from functools import lru_cache, partial

from blastlint.providers.grants import Becoming, Grant
from blastlint.providers.kubernetes.cluster import ACCOUNT
from blastlint.providers.kubernetes.derivations import DERIVATIONS
from blastlint.providers.kubernetes.effects import resource, resource_covers
from blastlint.providers.kubernetes.joints import joints_of, shares_of
from blastlint.providers.kubernetes.standins import (
    POD,
    WEBHOOK,
    WHOLE,
    grants_of_standins,
    nodes_of_pods,
)
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.grants import Joint
    from blastlint.providers.kubernetes.derivations import Derivation, Requirement
    from blastlint.providers.kubernetes.situation import Situation

    Matched = dict[int, dict[str, list[Grant]]]
    """Grants of one holder: by requirement, by scope."""
    Index = dict[int, dict[str, dict[str, list[Grant]]]]
    """Grants: by requirement, by scope, by holder."""

_MASTERS = "system:masters"
_LISTED = 100
"""Service accounts of a namespace that are told by name; of more, their pattern alone says it."""

_REQUIREMENTS = tuple(dict.fromkeys(need for each in DERIVATIONS for need in each.all_of))
_NUMBER = {need: number for number, need in enumerate(_REQUIREMENTS)}


@dataclass(slots=True)
class Reach:
    """What the grants of all holders lead to."""

    becomings: tuple[Becoming, ...] = ()
    """Who becomes whom."""
    grants: tuple[Grant, ...] = ()
    """What the names stand for that are no principals, such as `everything:NAMESPACE`."""
    everything: frozenset[str] = field(default_factory=frozenset)
    """Principals that may do anything in the cluster."""
    shares: tuple[Becoming, ...] = ()
    """Who can make one of several calls."""
    joints: tuple[Joint, ...] = ()
    """What several calls together lead to, though nobody can make them all."""


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


def becomings(grants: Sequence[Grant], here: Situation) -> Reach:
    """Whom the holders of the grants become in a cluster."""
    by_holder: dict[str, list[Grant]] = {}
    for grant in grants:
        by_holder.setdefault(grant.holder, []).append(grant)
    everything = frozenset(
        who for who, held in by_holder.items() if any(_whole(g) and not g.needs for g in held)
    )
    found: list[Becoming] = []
    index: Index = {}
    for holder, held in by_holder.items():
        if holder not in everything:
            matched = _matched(held)
            found += _of_holder(holder, held, matched, here)
            _enter(index, holder, matched)
    system = grants[0].system if grants else ""
    for whole in grants_of_standins(found, system):
        if whole.holder.startswith(WHOLE):
            found += _of_holder(whole.holder, [whole], _matched([whole]), here)
    standins = tuple(grants_of_standins(found, system))
    found += nodes_of_pods(standins, here)
    shares, joints = _together(index, here)
    return Reach(tuple(found), standins, everything, shares, joints)


def _whole(grant: Grant) -> bool:
    """Whether it is every right in the cluster."""
    key = (grant.scope, grant.resource, grant.action, grant.names)
    return key == ("*", "*/*", "*", ())


def _matched(held: Iterable[Grant]) -> Matched:
    """The requirements that the grants of one holder meet."""
    matched: Matched = {}
    for grant in held:
        everywhere = grant.scope == "*"
        key = (grant.resource, grant.action)
        rows = _satisfied(*key, named=bool(grant.names), everywhere=everywhere)
        for number, _ in () if _whole(grant) else rows:
            matched.setdefault(number, {}).setdefault(grant.scope, []).append(grant)
    return matched


def _of_holder(
    holder: str, held: Iterable[Grant], matched: Matched, here: Situation
) -> Iterator[Becoming]:
    for grant in filter(_whole, held):  # not for sure, or nobody would ask
        place, needs = grant.location, grant.needs
        yield Becoming(holder, "*", "hold every right", place, "needs-fact", needs)
    for derivation in DERIVATIONS:
        if not derivation.on or derivation.on == here.platform:
            for scope, used in _scopes(derivation, matched):
                edge = _Edge(holder, derivation, scope, used, here)
                yield from edge.becomings()


def _scopes(
    derivation: Derivation, matched: Matched
) -> Iterator[tuple[str, tuple[tuple[Grant, ...], ...]]]:
    """Scopes in which all the rights are held, with the grants that hold them there."""
    rows = [matched.get(_NUMBER[need], {}) for need in derivation.all_of]
    if not all(rows):
        return
    scopes = ["*"] if derivation.everywhere else list(dict.fromkeys(s for row in rows for s in row))
    for scope in scopes:
        pairs = zip(derivation.all_of, rows, strict=True)
        here = tuple(tuple(_rights(need, row, scope)) for need, row in pairs)
        if all(here):
            yield scope, here


def _rights(need: Requirement, row: dict[str, list[Grant]], scope: str) -> Iterator[Grant]:
    """The grants that meet a requirement in a scope."""
    if need.scope and scope not in {"*", need.scope}:
        return
    names = {name.format(where=scope) for name in need.names}
    for held_in in dict.fromkeys((scope, "*")):
        for grant in row.get(held_in, ()):
            if not (names and grant.names) or names.intersection(grant.names):
                yield grant


@dataclass(frozen=True, slots=True)
class _Edge:
    """One derivation that works for one holder in one scope."""

    holder: str
    derivation: Derivation
    scope: str
    used: tuple[tuple[Grant, ...], ...]
    here: Situation

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
    def works(self) -> bool:
        """Whether nothing that is known stops it."""
        rule = self.derivation
        if rule.before and self.here.is_before(rule.before) is False:
            return False
        return not rule.lifts_pod_security or self.here.pod_security(self.scope) == "stops"

    @property
    def fact(self) -> str:
        """What decides whether it works; empty when it does."""
        rule = self.derivation
        names = [name for right in self.used for name in _common_names(right)]
        if rule.named and names:
            known = set(rule.known).intersection(names)
            return "" if known else rule.named.format(names=", ".join(dict.fromkeys(names)))
        if rule.sure_before and self.here.is_before(rule.sure_before):
            return ""
        return rule.missing.format(where=self.where)

    @property
    def needs(self) -> str:
        """What else is not known and decides."""
        facts, until = [], self.derivation.before
        if until and self.here.is_before(until) is None:
            facts.append(f"the server's version, as this works before {until[0]}.{until[1]}")
        facts += [right[0].needs for right in self.used if all(grant.needs for grant in right)]
        return "; ".join(fact for fact in dict.fromkeys(facts) if fact)

    @property
    def via(self) -> str:
        """In words: `run a workload (create, patch deployments in billing)`."""
        parts = [
            _words(need, grants)
            for need, grants in zip(self.derivation.all_of, self.used, strict=True)
        ]
        return f"{self.derivation.name} ({' and '.join(parts)} in {self.where})"

    def becomings(self) -> Iterator[Becoming]:
        if not self.works:
            return
        needs, via = self.needs, self.via
        proven = [grant for grant in self.used[0] if not grant.needs] or self.used[0]
        for principal, missing in self.turns():
            facts = "; ".join(dict.fromkeys(fact for fact in (missing, needs) if fact))
            if principal != self.holder:
                yield Becoming(
                    self.holder,
                    principal,
                    via,
                    proven[0].location,
                    "needs-fact" if facts else "proven",
                    facts,
                )

    def turns(self) -> Iterable[tuple[str, str]]:
        """Into whom, each with the fact that decides whether it works."""
        target, fact = self.derivation.target, self.fact
        if target == "named accounts" and self.names:
            return [one for name in self.names for one in self._called(name)]
        if target in {"accounts", "named accounts"}:
            return self._accounts(fact)
        if target == "running accounts":
            return [*((name, "") for name in self._running()), *self._accounts(fact)]
        if target == "workload":
            return [*self._accounts(fact), (f"{POD}{self.scope}", fact)]
        return [(name, fact) for name in self._others()]

    def _running(self) -> Sequence[str]:
        """The service accounts that the evidence shows pods in scope to run as."""
        if self.names:  # of pods, which no template tells
            return ()
        homes = self.here.running if self.scope == "*" else (self.scope,)
        found = [name for home in homes for name in self.here.running.get(home, ())]
        return found if len(found) <= _LISTED else ()

    def _others(self) -> Sequence[str]:
        """Into whom, if not into the service accounts in scope."""
        target = self.derivation.target
        if target == "users":
            return [f"user:{name}" for name in self.names or ("*",)]
        if target == "groups":
            any_group = not self.names or _MASTERS in self.names
            return ["*"] if any_group else [f"group:{name}" for name in self.names]
        if target == "every account":  # who runs pods everywhere is that already
            return [f"{ACCOUNT}*"] if self.scope != "*" else []
        if target == "anybody":
            return ["user:*", f"{ACCOUNT}*", *self.here.groups]
        fixed = {"node": "user:system:node:*", "webhook": WEBHOOK, "cluster": "*"}
        return [fixed.get(target) or ("*" if self.scope == "*" else f"{WHOLE}{self.scope}")]

    def _accounts(self, fact: str) -> Iterator[tuple[str, str]]:
        """Every service account in scope; in one namespace the known ones by name too."""
        if self.scope == "*":
            yield f"{ACCOUNT}*", fact
            return
        known = self.here.by_namespace.get(self.scope, ())
        if not fact and len(known) <= _LISTED:
            yield from ((account, "") for account in known)
        yield f"{ACCOUNT}{self.scope}:*", fact

    def _called(self, name: str) -> Iterator[tuple[str, str]]:
        if self.scope != "*":
            yield f"{ACCOUNT}{self.scope}:{name}", ""
            return
        known = self.here.by_name.get(name, ())
        yield from ((account, "") for account in known)
        if not known:
            yield f"{ACCOUNT}?:{name}", f"the namespaces that have a service account {name}"


# --- several calls ------------------------------------------------------------------------------


def _enter(index: Index, holder: str, matched: Matched) -> None:
    for number, row in matched.items():
        for scope, grants in row.items():
            index.setdefault(number, {}).setdefault(scope, {})[holder] = grants


def _together(index: Index, here: Situation) -> tuple[tuple[Becoming, ...], tuple[Joint, ...]]:
    """What several calls lead to that no one holder can all make."""
    shares: list[Becoming] = []
    joints: list[Joint] = []
    for derivation in (each for each in DERIVATIONS if each.calls):
        for scope in _joint_scopes(derivation, index):
            edge = _Edge("", derivation, scope, ((),) * len(derivation.all_of), here)
            rights = partial(_holders, index, derivation)
            found = shares_of(derivation, rights, edge.where, scope) if edge.works else ()
            shares += found
            if found:
                joints += joints_of(derivation, edge.where, edge.turns(), found[0])
    return tuple(dict.fromkeys(shares)), tuple(joints)


def _joint_scopes(derivation: Derivation, index: Index) -> Iterable[str]:
    rows = [index.get(_NUMBER[need], {}) for need in derivation.all_of]
    if not all(rows):
        return ()
    return ("*",) if derivation.everywhere else dict.fromkeys(s for row in rows for s in row)


def _holders(
    index: Index, derivation: Derivation, place: int, scope: str
) -> dict[str, tuple[Grant, ...]]:
    """Who holds a right of a derivation in a scope, by which grants."""
    need = derivation.all_of[place]
    by_scope = index[_NUMBER[need]]
    near = {one: by_scope.get(one, {}) for one in (scope, "*")}
    found = {}
    for holder in dict.fromkeys(holder for holders in near.values() for holder in holders):
        row = {one: holders[holder] for one, holders in near.items() if holder in holders}
        grants = tuple(_rights(need, row, scope))
        if grants:
            found[holder] = grants
    return found


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
