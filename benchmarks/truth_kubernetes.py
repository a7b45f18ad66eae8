"""Kubernetes: the table of ways, mutated, and what real manifests allow."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from blastlint.providers.kubernetes.derivations import DERIVATIONS
from blastlint.providers.kubernetes.effects import RBAC, cluster_scoped
from blastlint.providers.kubernetes.rbac import read, resource_covers
from kubernetes_authorizer import Cluster, Request, random_manifests, requests
from providers.evidence import BOT, binding, corpus, documents
from providers.kubernetes_rows import elsewhere, how_sure, ways_to_meet, without_one
from truth import Row, Section, folder, table, verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.providers.grants import Grant, Granted
    from blastlint.providers.kubernetes.derivations import Derivation
    from providers.kubernetes_rows import Case
    from truth import Verdict

SURE = ("proven", "conditional", "needs-fact")
CLUSTERS = 40
"""Made-up clusters."""
MADE_UP = f"{CLUSTERS} made-up clusters"
TITLE = "Kubernetes: RBAC"
ABOUT = """\
Ways to become somebody else: for every row of the table of
[derivations](../src/blastlint/providers/kubernetes/derivations.py) somebody gets exactly the rights
that the row names, every resource and verb of it in turn; then the same with one right missing, or
on another verb, group, resource or subresource; then in another namespace, server version, platform
or object than the row says. This shows that the table is read as it is written, one right at a
time; whether the table is right, it does not show. What somebody may do: the manifests of
kube-prometheus (4d719f1), kagent (5229184), witwave (d6d77a0) and the built-in roles of Kubernetes,
and 40 random clusters (wildcards, subresources, names, groups, aggregated and missing roles), with
every subject, namespace, verb, resource and name that occurs in them, against the rules of the API
server's RBAC authorizer, written down
[a second time](../benchmarks/kubernetes_authorizer.py) without any code of blastlint. Facts: what
the sources themselves say that somebody may or may not do.
"""
UNDECIDABLE = """\
Ways that are undecidable with all their rights hang on what RBAC does not show; the table of facts
counts them. They are found as possible, with that fact.
"""
DELEGATOR = """\
Undecidable under real manifests is one binding of kube-prometheus, to `system:auth-delegator`,
which the files do not define. The authorizer sees no role and refuses. blastlint knows the role
that Kubernetes makes itself, and says that it needs a fact: whether the cluster's is the same.
"""
NOT_MEASURED = """\
Not measured: the ways on a running cluster, authorizers other than RBAC, and admission. Which
resources lie in no namespace, and so are not asked for inside one, is taken from blastlint.
"""
NOTES = (UNDECIDABLE, DELEGATOR, NOT_MEASURED)
MANIFESTS: dict[str, tuple[str, ...]] = {
    "k8s-builtin-roles": (),
    "k8s-kube-prometheus": (),
    "k8s-kagent": (),
    "k8s-witwave/rendered": (),
    "k8s-witwave/seed": ("milo-agentlifecycle.yaml", "mira-readonly.yaml"),
}


EDIT, ADMIN, VIEW = "edit", "admin", "view"
MILO = "system:serviceaccount:witwave-self:milo"
MIRA = "system:serviceaccount:witwave-self:mira"


class Fact(NamedTuple):
    """What a source says that somebody may or may not do."""

    who: str
    """A principal, or a built-in role that somebody has in one namespace."""
    verbs: str
    things: str
    """Each as GROUP/RESOURCE[/SUBRESOURCE]."""
    so: bool


BUILT_IN = (
    Fact(EDIT, "create", "/pods /pods/exec /serviceaccounts/token", so=True),
    Fact(EDIT, "impersonate", "/serviceaccounts", so=True),
    Fact(EDIT, "get list watch create update patch delete", "/secrets", so=True),
    Fact(EDIT, "create", f"{RBAC}/rolebindings", so=False),
    Fact(EDIT, "get", f"{RBAC}/roles", so=False),
    Fact(VIEW, "get", "/configmaps", so=True),
    Fact(VIEW, "get list watch create update patch delete", "/secrets", so=False),
    Fact(VIEW, "get", f"{RBAC}/roles", so=False),
    Fact(VIEW, "create update patch delete", "/configmaps /pods /services", so=False),
    Fact(ADMIN, "create update patch delete", f"{RBAC}/roles {RBAC}/rolebindings", so=True),
    Fact(ADMIN, "bind escalate", f"{RBAC}/roles {RBAC}/clusterroles", so=False),
    Fact(ADMIN, "get list update delete", "/nodes", so=False),
    Fact(EDIT, "update", "/endpoints", so=False),
    Fact(ADMIN, "update", "/endpoints", so=False),
    Fact(EDIT, "get", "/endpoints", so=True),
    Fact(ADMIN, "get", "/endpoints", so=True),
)
PUBLISHED = {
    ("k8s-witwave/seed", "milo-agentlifecycle.yaml"): (
        Fact(MILO, "get list watch patch", "witwave.ai/witwaveagents", so=True),
        Fact(MILO, "update", "witwave.ai/witwaveagents", so=False),
        Fact(MILO, "delete", "/pods", so=True),
        Fact(MILO, "get", "/secrets", so=False),
        Fact(MILO, "create patch", "apps/deployments", so=True),
        Fact(MILO, "create", "batch/jobs batch/cronjobs", so=True),
    ),
    ("k8s-witwave/seed", "mira-readonly.yaml"): (
        Fact(MIRA, "create", "/pods/portforward", so=False),
    ),
}
"""Facts that the sources of the corpora state, by folder and file."""


def measured() -> Section:
    """Compare with the table, the authorizer and the sources; raises AbsentError without them."""
    asked = list(allowed())
    judged = [(name, verdict(so, how)) for name, _, so, how in asked]
    rows = (
        Row.of("a way, with rights that it takes", _mutated(ways_to_meet, expected=True)),
        Row.of("a way, with one right missing or changed", _mutated(without_one, expected=False)),
        Row.of("a way, in another place or version", _mutated(elsewhere, expected=False)),
        Row.of("a request under real manifests", (v for name, v in judged if name != MADE_UP)),
        Row.of("a request in made-up clusters", (v for name, v in judged if name == MADE_UP)),
        Row.of("a fact that a source states", _stated()),
    )
    return Section(TITLE, ABOUT, rows, NOTES, f"{_facts()}\n\n{_by_manifest(asked)}")


def _mutated(cases: Callable[[Derivation], Iterator[Case]], *, expected: bool) -> Iterator[Verdict]:
    for derivation in DERIVATIONS:
        for case in cases(derivation):
            yield verdict(expected, how_sure(derivation, case))


def _facts() -> str:
    """How many ways each missing fact decides."""
    found: Counter[str] = Counter()
    for derivation in DERIVATIONS:
        for case in ways_to_meet(derivation):
            if how_sure(derivation, case) == "needs-fact":
                fact = derivation.missing or derivation.named
                found[fact.format(where="the namespace", names="the role")] += 1
    header = ("the fact that decides a way", "cases")
    return table(header, [(fact, str(many)) for fact, many in sorted(found.items())])


def _stated() -> Iterator[Verdict]:
    roles = corpus("k8s-builtin-roles")
    for fact in BUILT_IN:
        bound = documents(binding(refers="ClusterRole", name=fact.who))
        yield from _agreed(fact._replace(who=BOT), "billing", read((*roles, *bound)))
    for (name, file), facts in PUBLISHED.items():
        for fact in facts:
            yield from _agreed(fact, "witwave-self", read(corpus(name, file)))


def _agreed(fact: Fact, namespace: str, granted: Granted) -> Iterator[Verdict]:
    held = by_holder(granted).get(fact.who, [])
    for verb, thing in product(fact.verbs.split(), fact.things.split()):
        home = "" if cluster_scoped(thing) else namespace
        group, _, resource = thing.partition("/")
        yield verdict(fact.so, said(held, Request(fact.who, home, verb, group, resource)))


def _by_manifest(asked: list[tuple[str, Request, bool, str]]) -> str:
    header = ("requests", "asked", "allowed", "undecidable")
    rows = []
    for name in (*MANIFESTS, MADE_UP):
        mine = [(so, how) for folder, _, so, how in asked if folder == name]
        undecided = sum(how == "needs-fact" for _, how in mine)
        numbers = (len(mine), sum(so for so, _ in mine), undecided)
        rows.append((name.removeprefix("k8s-"), *(f"{number:,}" for number in numbers)))
    return table(header, rows)


def allowed() -> Iterator[tuple[str, Request, bool, str]]:
    """Every question about every manifest: what the authorizer allows, and what is said of it."""
    for name, files in MANIFESTS.items():
        cluster = Cluster.of(folder(name.partition("/")[0]) / name.partition("/")[2], files)
        yield from _compared(name, cluster, read(corpus(name, *files)))
    for seed in range(CLUSTERS):
        text = random_manifests(seed)
        yield from _compared(MADE_UP, Cluster.of_texts([text]), read(documents(text)))


def _compared(
    name: str, cluster: Cluster, granted: Granted
) -> Iterator[tuple[str, Request, bool, str]]:
    """Of one cluster; what lies in no namespace is not asked for inside one."""
    found = by_holder(granted)
    for asked in requests(cluster):
        if not (asked.namespace and cluster_scoped(f"{asked.group}/{asked.resource}")):
            yield name, asked, cluster.allows(asked), said(found.get(asked.who, []), asked)


def by_holder(granted: Granted) -> dict[str, list[Grant]]:
    """The grants of every principal."""
    found: dict[str, list[Grant]] = {}
    for one in granted.grants:
        found.setdefault(one.holder, []).append(one)
    return found


def said(grants: list[Grant], asked: Request) -> str:
    """How sure it is that a principal may do something; empty if it may not."""
    thing = f"{asked.group}/{asked.resource}"
    sure = {
        one.certainty
        for one in grants
        if one.action in {"*", asked.verb}
        and one.scope in {"*", asked.namespace}
        and (not one.names or asked.name in one.names)
        and resource_covers(one.resource, thing, one.scope)
    }
    return min(sure, key=SURE.index, default="")
