"""What one rule of a role really grants, once a binding has set its scope."""

from __future__ import annotations

from blastlint.providers.kubernetes.effects import (
    RBAC,
    URL,
    checked_in_a_namespace,
    cluster_scoped,
    resource,
    resource_covers,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from blastlint.providers.kubernetes.objects import Rule

    Atom = tuple[str, str, tuple[str, ...], int]
    """Resource, verb, object names (empty: any), position of the verb in the rule."""

_NAMELESS = ("create", "deletecollection")
"""Verbs whose request has no object name, unless a subresource puts one into the path."""

_NAMED = ("get", "list", "watch", "update", "patch", "delete")
"""Verbs of every resource that a list of names can match; list and watch by a field selector."""

_OWN_VERBS = (
    (f"{RBAC}/roles", ("bind", "escalate")),
    (f"{RBAC}/clusterroles", ("bind", "escalate")),
    ("/serviceaccounts", ("impersonate",)),
    ("/users", ("impersonate",)),
    ("/groups", ("impersonate",)),
    ("certificates.k8s.io/signers", ("approve", "attest", "sign")),
    ("policy/podsecuritypolicies", ("use",)),
    ("security.openshift.io/securitycontextconstraints", ("use",)),
)
"""Verbs that only some resources have."""

_OF_ITS_OWN_NAMESPACE = ("get", "update", "patch", "delete")
"""Verbs whose path names the Namespace object, so that a grant in that namespace reaches it."""


def atoms(rule: Rule, scope: str, custom: Container[str] = ()) -> Iterator[Atom]:
    """Single grants of the rule: one resource and one verb each, only those that can ever match.

    Args:
        rule: rule of a role.
        scope: namespace that its binding holds in, or `*`.
        custom: custom resources that live in no namespace.
    """
    for position, verb in enumerate(rule.verbs):
        for written in _resources(rule):
            if scope != "*" and resource(written).top in custom:
                continue
            for single, names in _in_scope(written, verb, rule.names, scope):
                yield written, single, names, position
        for url in rule.urls if scope == "*" else ():
            yield f"{URL}{url}", verb, (), position


def _resources(rule: Rule) -> Iterator[str]:
    for group in rule.groups:
        for name in rule.resources:
            if not name.endswith("/*"):  # `pods/*` is no wildcard: it matches nothing
                yield f"{group}/{name}"


def _in_scope(
    written: str, verb: str, names: tuple[str, ...], scope: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if scope == "*" or not cluster_scoped(written):
        yield from ((single, names) for single in _named_verbs(written, verb, names))
        return
    if written == "/namespaces" or written.startswith("/namespaces/"):
        yield from _own_namespace(written, verb, names, scope)
        return
    candidates = _verbs_of(written) if verb == "*" else (verb,)
    yield from ((one, names) for one in candidates if checked_in_a_namespace(written, one))


def _named_verbs(written: str, verb: str, names: tuple[str, ...]) -> tuple[str, ...]:
    parts = resource(written)
    if not names or parts.subresource or parts.name == "*":
        return (verb,)
    if verb == "*":
        return _verbs_of(written)
    return () if verb in _NAMELESS else (verb,)


def _own_namespace(
    written: str, verb: str, names: tuple[str, ...], scope: str
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if names and scope not in names:
        return
    if resource(written).subresource or verb in _OF_ITS_OWN_NAMESPACE:
        yield verb, (scope,)
    elif verb == "*":
        yield from ((one, (scope,)) for one in _OF_ITS_OWN_NAMESPACE)


def _verbs_of(written: str) -> tuple[str, ...]:
    own = [verb for row, verbs in _OWN_VERBS if resource_covers(written, row) for verb in verbs]
    return (*_NAMED, *dict.fromkeys(own))
