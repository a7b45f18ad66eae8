"""Names for what one holds without being a principal: a namespace, its pods, a view of all writes.

`everything:NAMESPACE` may do everything there. `pod:NAMESPACE` (`pod:*`: anywhere) is a pod whose
maker chose what it mounts: it reads every Secret and ConfigMap and uses every volume there, though
its maker may have no right to read one; if nothing stops it from being privileged, it is every
service account whose pods share its node. `webhook:cluster` is sent every object that is written.
"""

from __future__ import annotations

from blastlint.providers.grants import Becoming, Grant
from blastlint.providers.kubernetes.cluster import ACCOUNT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.grants import Effect
    from blastlint.providers.kubernetes.situation import Situation
    from blastlint.source import Location

WHOLE = "everything:"
POD = "pod:"
WEBHOOK = "webhook:cluster"
ANONYMOUS = "user:system:anonymous"
_NOBODY = (ANONYMOUS, "group:system:unauthenticated")

_MOUNTS: tuple[tuple[str, str, Effect], ...] = (
    ("/secrets", "get", "read"),
    ("/configmaps", "get", "read"),
    ("/persistentvolumeclaims", "get", "read"),
    ("/persistentvolumeclaims", "update", "mutate"),
)
"""What a pod does to what it mounts. Of a volume, it is the data that is read and changed."""


def grants_of_standins(found: Iterable[Becoming], system: str) -> Iterator[Grant]:
    """What each name that somebody becomes stands for, at the first place that leads to it."""
    places: dict[str, Location] = {}
    for each in found:
        if each.principal.startswith((WHOLE, POD, WEBHOOK)):
            known = places.get(each.principal, each.location)
            places[each.principal] = min(known, each.location, key=_order)
    for principal, place in sorted(places.items()):
        kind, _, scope = principal.partition(":")
        if kind == "everything":
            yield Grant(principal, system, scope, "*/*", "*", "grant", place)
        elif kind == "pod":
            yield from _mounts(principal, system, scope, place)
        else:
            yield _sees_writes(system, place)


def nodes_of_pods(standins: Iterable[Grant], here: Situation) -> Iterator[Becoming]:
    """The way from a pod to every other one on its node, unless Pod Security stops it."""
    for grant in standins:
        namespace = grant.holder.removeprefix(POD)
        first = grant.holder.startswith(POD) and grant.resource == _MOUNTS[0][0]
        if first and namespace != "*" and here.pod_security(namespace) != "stops":
            known = here.pod_security(namespace) == "allows"
            guard = "anything but Pod Security" if known else "Pod Security"
            needs = f"whether {guard} stops a privileged pod there, and which pods share its node"
            via = f"take over a node from a privileged pod in {namespace}"
            place = grant.location
            yield Becoming(grant.holder, f"{ACCOUNT}*", via, place, "needs-fact", needs)


def _order(place: Location) -> tuple[str, int, int, str]:
    return place.file, place.span.line, place.span.column, place.note


def _mounts(principal: str, system: str, scope: str, place: Location) -> Iterator[Grant]:
    for resource, action, effect in _MOUNTS:
        note = f"{place.note}; mounted into a pod"
        yield Grant(principal, system, scope, resource, action, effect, place.noted(note))


def _sees_writes(system: str, place: Location) -> Grant:
    return Grant(
        WEBHOOK,
        system,
        "*",
        "*/*",
        "get",
        "read",
        place,
        condition="when somebody writes the object",
        certainty="conditional",
    )


def without_a_token(grants: Sequence[Grant], accounts: Iterable[str]) -> Iterator[Becoming]:
    """The way of an account to what only those who do not say who they are may do."""
    held: dict[str, set[tuple[str, str, str, tuple[str, ...]]]] = {}
    place = None
    for grant in grants:
        rights = held.setdefault(grant.holder, set())
        rights.add((grant.scope, grant.resource, grant.action, grant.names))
        if place is None and grant.holder in _NOBODY:
            place = grant.location
    nobody = set().union(*(held.get(name, ()) for name in _NOBODY))
    for account in accounts if place else ():
        if place and not nobody <= held.get(account, set()):
            yield Becoming(
                account,
                ANONYMOUS,
                "ask without a token",
                place,
                "needs-fact",
                "whether the API server answers requests without a token",
            )
