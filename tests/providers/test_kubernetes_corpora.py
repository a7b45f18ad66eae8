"""Grants of real clusters' files: the facts that their sources state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Setting
from blastlint.providers.kubernetes.rbac import read
from providers.evidence import BOT, CLUSTER, binding, can, corpus, documents, role

if TYPE_CHECKING:
    from blastlint.providers.grants import Grant


def test_kube_prometheus_has_eight_service_accounts_and_two_open_references() -> None:
    """List kinds are walked, and roles that live elsewhere are reported, not dropped."""
    found = read(corpus("k8s-kube-prometheus"))
    prefix = "system:serviceaccount:monitoring:"
    assert [principal.removeprefix(prefix) for principal in found.principals] == [
        "alertmanager-main",
        "blackbox-exporter",
        "grafana",
        "kube-state-metrics",
        "node-exporter",
        "prometheus-adapter",
        "prometheus-k8s",
        "prometheus-operator",
    ]
    gives = [hole.what.split(" the ")[1].split(", ")[0] for hole in found.unresolved]
    assert gives == [
        "ClusterRole system:auth-delegator",
        "Role extension-apiserver-authentication-reader",
    ]
    assert {hole.holders for hole in found.unresolved} == {(f"{prefix}prometheus-adapter",)}
    scopes = {grant.scope for grant in found.grants if grant.holder == f"{prefix}prometheus-k8s"}
    assert scopes == {"*", "default", "kube-system", "monitoring"}
    assert can(found, f"{prefix}prometheus-k8s", "get", "url:/metrics")
    assert can(found, f"{prefix}kube-state-metrics", "list", "/secrets")


def test_milo_may_patch_its_agents_and_not_update_them() -> None:
    """The seed story: the call needs update, the role grants patch; a pod reads every Secret."""
    found = read(corpus("k8s-witwave/seed", "milo-agentlifecycle.yaml"))
    milo = "system:serviceaccount:witwave-self:milo"
    agents = {grant.action for grant in found.grants if "witwaveagents" in grant.resource}
    assert agents == {"get", "list", "watch", "patch"}
    assert can(found, milo, "delete", "/pods")
    assert not can(found, milo, "get", "/secrets")
    ways = [(edge.principal, edge.certainty) for edge in found.becomings if edge.holder == milo]
    assert ways == [
        ("system:serviceaccount:witwave-self:*", "proven"),
        ("pod:witwave-self", "proven"),
    ]
    assert any(
        (grant.scope, grant.resource, grant.action) == ("witwave-self", "/secrets", "get")
        for grant in found.grants
        if grant.holder == "pod:witwave-self"
    )


def test_mira_may_not_forward_ports() -> None:
    """What the agent's card says of itself is what its role says."""
    found = read(corpus("k8s-witwave/seed", "mira-readonly.yaml"))
    mira = "system:serviceaccount:witwave-self:mira"
    assert {grant.effect for grant in found.grants} == {"read"}
    assert not can(found, mira, "create", "/pods/portforward")


def test_the_samples_leave_their_namespace_to_the_reader() -> None:
    """A subject without namespace needs a fact, which the namespace option does not make true."""
    found = read(corpus("k8s-witwave/charts"), Setting(namespace="tools"))
    assert {grant.certainty for grant in found.grants} == {"needs-fact"}
    assert len(found.unresolved) == 2
    writes = {
        grant.holder
        for grant in found.grants
        if (grant.resource, grant.action) == ("/secrets", "update")
    }
    assert writes == {"system:serviceaccount:tools:mcp-helm"}


def test_kagent_can_run_pods_as_any_service_account() -> None:
    """A controller that creates deployments is every service account of its scope."""
    found = read(corpus("k8s-kagent"))
    assert not found.unresolved
    assert any(
        edge.principal == "system:serviceaccount:*" and edge.certainty == "proven"
        for edge in found.becomings
    )


def test_the_built_in_roles_are_read() -> None:
    """Every binding finds its role; only the masters hold everything."""
    found = read(corpus("k8s-builtin-roles"))
    assert found.everything == {"group:system:masters"}
    assert not found.unresolved
    assert "group:system:unauthenticated" in found.principals


@pytest.mark.parametrize(
    ("folder", "files"),
    [
        ("k8s-kube-prometheus", ()),
        ("k8s-kagent", ()),
        ("k8s-builtin-roles", ()),
        ("k8s-witwave/rendered", ()),
        ("k8s-witwave/charts", ()),
        ("k8s-witwave/seed", ("milo-agentlifecycle.yaml", "mira-readonly.yaml")),
        ("k8s-witwave/operator", ("role.yaml", "role_binding.yaml", "service_account.yaml")),
    ],
)
def test_every_corpus_is_read(folder: str, files: tuple[str, ...]) -> None:
    """Each gives grants that have their places, and says what every way needs."""
    found = read(corpus(folder, *files))
    assert found.grants
    assert all(grant.location.span.line > 0 for grant in found.grants)
    assert all(bool(edge.needs) == (edge.certainty == "needs-fact") for edge in found.becomings)


def test_the_pods_of_kube_prometheus_run_as_their_accounts() -> None:
    """S10: whoever may run commands in them is those that carry a token, and not the others."""
    text = role('[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]', **CLUSTER)
    bound = documents(text + binding(namespace="monitoring", refers="ClusterRole"))
    found = read((*corpus("k8s-kube-prometheus"), *bound))
    prefix = "system:serviceaccount:monitoring:"
    sure = {e.principal for e in found.becomings if (e.holder, e.certainty) == (BOT, "proven")}
    assert {name.removeprefix(prefix) for name in sure} == {
        "blackbox-exporter",
        "kube-state-metrics",
        "node-exporter",
        "prometheus-adapter",
        "prometheus-operator",
    }


def test_every_grant_has_a_known_effect() -> None:
    """No verb of the real corpora is missing from the table."""
    everything: list[Grant] = []
    for folder in (
        "k8s-kube-prometheus",
        "k8s-kagent",
        "k8s-builtin-roles",
        "k8s-witwave/rendered",
    ):
        everything += read(corpus(folder)).grants
    assert {grant.action for grant in everything if grant.effect == "unknown"} == set()
