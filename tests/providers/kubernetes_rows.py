"""The table of Kubernetes' ways, row by row: rights that meet a row, and rights that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from blastlint.providers.kubernetes.effects import cluster_scoped
from providers.evidence import CLUSTER, EVERYWHERE, binding, of, role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.kubernetes.derivations import Derivation

SOMEBODY = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: payer, namespace: billing}
"""
NAMESPACE = """
---
apiVersion: v1
kind: Namespace
metadata: {{name: billing, labels: {{pod-security.kubernetes.io/enforce: {level}}}}}
"""
Right = tuple[str, str, str]
"""Resource, verb, and the name that it is limited to, if any."""


class Case(NamedTuple):
    """Somebody with some rights in a cluster."""

    what: str
    rights: list[Right]
    namespace: str = ""
    """Where they hold; empty: where the row wants them."""
    version: str = ""
    level: str = "restricted"
    """The level of Pod Security in the namespace."""
    bound_inside: bool = False
    """Whether everything is bound in one namespace, whatever the row wants."""


def rule(resource: str, *verbs: str, names: str = "") -> str:
    """One rule in flow style; the resource as GROUP/RESOURCE[/SUBRESOURCE]."""
    group, _, name = resource.partition("/")
    limit = f", resourceNames: [{names}]" if names else ""
    return f"apiGroups: ['{group}'], resources: ['{name}'], verbs: [{', '.join(verbs)}]{limit}"


def rights_of(derivation: Derivation) -> list[Right]:
    """The first way to meet every requirement of a row."""
    return [(need.resources[0], need.verbs[0], "") for need in derivation.all_of]


def ways_to_meet(derivation: Derivation) -> Iterator[Case]:
    """Rights that meet a row: every resource and every verb of each requirement in turn."""
    first = rights_of(derivation)
    for number, need in enumerate(derivation.all_of):
        for resource in need.resources:
            for verb in need.verbs:
                name = need.names[0].format(where="billing") if need.names else ""
                limited = verb != "create" and name
                for one in sorted({"", name} if limited else {""}):
                    rights = [*first[:number], (resource, verb, one), *first[number + 1 :]]
                    yield Case("all rights", rights)


def without_one(derivation: Derivation) -> Iterator[Case]:
    """Rights that do not meet a row: one is missing, or is a little different."""
    rights = rights_of(derivation)
    for number, (resource, verb, _) in enumerate(rights):
        before, after = rights[:number], rights[number + 1 :]
        group, _, name = resource.partition("/")
        broken: list[tuple[str, list[Right]]] = [
            ("a right missing", []),
            ("another verb", [(resource, "deletecollection", "")]),
            ("another group", [(f"other.example.com/{name}", verb, "")]),
            ("another resource", [(f"{group}/other", verb, "")]),
        ]
        if name.count("/"):
            every = f"{resource.rpartition('/')[0] or group}/*"
            broken.append(("another subresource", [(every, verb, "")]))
        else:
            broken.append(("a subresource", [(f"{resource}/status", verb, "")]))
        for what, instead in broken:
            yield Case(what, [*before, *instead, *after])


def elsewhere(derivation: Derivation) -> Iterator[Case]:
    """The rights of a row, in another place or time than it says."""
    rights = rights_of(derivation)
    if derivation.everywhere:
        yield Case("one namespace", rights, version="1.20", bound_inside=True)
    if derivation.before:
        yield Case("a later server", rights, version="{}.{}".format(*derivation.before))
    if derivation.on:
        yield Case("another platform", rights, version="1.36")
    if derivation.lifts_pod_security:
        yield Case("nothing to lift", rights, level="privileged")
    for number, need in enumerate(derivation.all_of):
        if need.scope:
            yield Case("another namespace", rights, namespace="billing")
        if need.names:
            verb = next(verb for verb in need.verbs if verb != "create")
            other = (need.resources[0], verb, "other")
            yield Case("another name", [*rights[:number], other, *rights[number + 1 :]])


def how_sure(derivation: Derivation, case: Case) -> str:
    """How sure the way of a row is for somebody with these rights alone; empty: there is none."""
    inside = case.namespace or next((n.scope for n in derivation.all_of if n.scope), "billing")
    homes = [inside if case.bound_inside else _home(derivation, r, inside) for r in case.rights]
    texts = [_bound(n, *pair) for n, pair in enumerate(zip(case.rights, homes, strict=True))]
    platform = f"-{derivation.on}-1" if derivation.on else ""
    version = case.version or ("1.20" if derivation.before else "v1.36") + platform
    space = NAMESPACE.format(level=case.level) if derivation.lifts_pod_security else ""
    found = of(SOMEBODY + space + "".join(texts), server_version=version)
    sure = {e.certainty for e in found.becomings if e.via.startswith(f"{derivation.name} (")}
    return min(sure, key=("proven", "conditional", "needs-fact").index, default="")


def _bound(number: int, right: Right, namespace: str) -> str:
    """A role with one right, bound in a namespace, or everywhere if there is none."""
    resource, verb, name = right
    rules = f"[{{{rule(resource, verb, names=name)}}}]"
    where = {"namespace": namespace, "refers": "ClusterRole"} if namespace else EVERYWHERE
    return role(rules, **CLUSTER, name=f"r{number}") + binding(name=f"r{number}", **where)


def _home(derivation: Derivation, right: Right, namespace: str) -> str:
    """Where a right must be bound to count."""
    wide = cluster_scoped(right[0]) and right[0] != "/namespaces"
    return "" if derivation.everywhere or wide else namespace
