"""What a Kubernetes principal can become: every way, and each way without one of its halves."""

from __future__ import annotations

import pytest

from blastlint.providers.kubernetes.derivations import DERIVATIONS, Derivation
from blastlint.providers.kubernetes.rbac import read
from providers.evidence import BOT, CLUSTER, EVERYWHERE, RBAC, binding, documents, of, role

EVERY = "system:serviceaccount:billing:*"
SOMEBODY = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: payer, namespace: billing}
"""
PAYER = "system:serviceaccount:billing:payer"


def ways(*rules: str, everywhere: bool = False, version: str = "") -> set[tuple[str, str]]:
    """Whom the holder of the rules becomes, and how certainly."""
    written = "[" + ", ".join(f"{{{rule}}}" for rule in rules) + "]"
    bound = binding(**EVERYWHERE) if everywhere else binding(refers="ClusterRole")
    found = of(SOMEBODY + role(written, **CLUSTER) + bound, server_version=version)
    return {(edge.principal, edge.certainty) for edge in found.becomings if edge.holder == BOT}


def rule(resource: str, *verbs: str, names: str = "") -> str:
    """One rule in flow style; the resource as GROUP/RESOURCE[/SUBRESOURCE]."""
    group, _, name = resource.partition("/")
    limit = f", resourceNames: [{names}]" if names else ""
    return f"apiGroups: ['{group}'], resources: ['{name}'], verbs: [{', '.join(verbs)}]{limit}"


@pytest.mark.parametrize("verb", ["get", "list", "watch"])
def test_reading_secrets_may_yield_tokens(verb: str) -> None:
    """K2: which tokens are stored is a fact that RBAC does not show."""
    assert ways(rule("/secrets", verb)) == {(EVERY, "needs-fact")}


def test_requesting_a_token_is_being_the_account() -> None:
    """K3: every account of the namespace, the known ones by name; a name limits it."""
    assert ways(rule("/serviceaccounts/token", "create")) == {(EVERY, "proven"), (PAYER, "proven")}
    named = ways(rule("/serviceaccounts/token", "create", names="other"))
    assert named == {("system:serviceaccount:billing:other", "proven")}
    assert ways(rule("/serviceaccounts", "create")) == set()


def test_a_token_for_a_name_in_every_namespace() -> None:
    """K3: a name that is known somewhere is proven there, an unknown one needs a fact."""
    resource = "/serviceaccounts/token"
    assert ways(rule(resource, "create", names="payer"), everywhere=True) == {(PAYER, "proven")}
    unknown = ways(rule(resource, "create", names="x"), everywhere=True)
    assert unknown == {("system:serviceaccount:?:x", "needs-fact")}


def test_a_stored_token_needs_to_be_read_back() -> None:
    """K4: creating a Secret alone yields nothing."""
    assert ways(rule("/secrets", "create")) == set()
    assert (EVERY, "proven") in ways(rule("/secrets", "create"), rule("/secrets", "get"))


@pytest.mark.parametrize(
    ("resource", "verb"),
    [
        ("/pods", "create"),
        ("/replicationcontrollers", "patch"),
        ("apps/deployments", "create"),
        ("apps/statefulsets", "update"),
        ("apps/daemonsets", "patch"),
        ("batch/cronjobs", "update"),
        ("batch/jobs", "create"),
        ("*/*", "create"),
    ],
)
def test_running_a_workload_is_being_any_account_of_the_namespace(resource: str, verb: str) -> None:
    """K5: a pod template may name any service account of its namespace."""
    assert {(EVERY, "proven"), (PAYER, "proven")} <= ways(rule(resource, verb))


@pytest.mark.parametrize(
    ("resource", "verb"),
    [
        ("/deployments", "create"),
        ("extensions/jobs", "create"),
        ("apps/deployments", "delete"),
        ("apps/deployments/scale", "update"),
        ("/pods/log", "get"),
        ("/pods", "get"),
    ],
)
def test_other_rights_on_workloads_are_no_way(resource: str, verb: str) -> None:
    """K5: the group, the subresource and the verb must be the ones that start a pod."""
    assert ways(rule(resource, verb)) == set()


def test_a_name_does_not_let_one_create_a_pod() -> None:
    """K5 with S1: create with a name never matches."""
    assert ways(rule("/pods", "create", names="x")) == set()
    assert ways(rule("*/*", "create", names="x")) & {(EVERY, "proven")} == set()


@pytest.mark.parametrize(
    ("resource", "verb"),
    [
        ("/pods", "patch"),
        ("/pods/ephemeralcontainers", "update"),
        ("/pods/exec", "create"),
        ("/pods/attach", "create"),
        ("/*/exec", "create"),
    ],
)
def test_acting_in_a_running_pod_needs_to_know_the_pods(resource: str, verb: str) -> None:
    """K6, K7: one becomes the account that the pod runs as, which RBAC does not show."""
    assert ways(rule(resource, verb)) == {(EVERY, "needs-fact")}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", {(EVERY, "needs-fact")}),
        ("1.34", {(EVERY, "needs-fact")}),
        ("v1.34.2", {(EVERY, "needs-fact")}),
        ("1.35", set()),
        ("1.36+", set()),
        ("new", {(EVERY, "needs-fact")}),
    ],
)
def test_exec_by_get_depends_on_the_server(version: str, expected: set[tuple[str, str]]) -> None:
    """K7: from 1.35 on, only create opens the connection; not knowing is no pass."""
    assert ways(rule("/pods/exec", "get"), version=version) == expected


def test_the_missing_version_is_named() -> None:
    """K7: the fact that decides is said, and only while it is missing."""
    rules = f"[{{{rule('/pods/exec', 'get')}}}]"
    unknown = of(role(rules) + binding())
    known = of(role(rules) + binding(), server_version="1.30")
    assert "version" in unknown.becomings[0].needs
    assert "version" not in known.becomings[0].needs


def test_the_nodes_proxy_is_a_way_into_every_pod() -> None:
    """K8: get is enough, in every release, but only from a ClusterRoleBinding."""
    everyone = {("system:serviceaccount:*", "needs-fact")}
    assert ways(rule("/nodes/proxy", "get"), everywhere=True, version="1.36") == everyone
    assert ways(rule("/nodes/proxy", "get")) == set()


def test_impersonating_service_accounts() -> None:
    """K9: checked in the account's namespace; names limit it."""
    assert (PAYER, "proven") in ways(rule("/serviceaccounts", "impersonate"))
    assert ways(rule("/serviceaccounts", "impersonate", names="payer")) == {(PAYER, "proven")}


def test_impersonating_users() -> None:
    """K9: only a ClusterRoleBinding gives it; names limit it."""
    assert ways(rule("/users", "impersonate"), everywhere=True) == {("user:*", "proven")}
    named = ways(rule("/users", "impersonate", names="ann"), everywhere=True)
    assert named == {("user:ann", "proven")}
    assert ways(rule("/users", "impersonate")) == set()


def test_impersonating_groups_needs_a_user() -> None:
    """K9: the server refuses a group without a user name; any group includes the masters."""
    groups, users = rule("/groups", "impersonate"), rule("/users", "impersonate", names="ann")
    assert ways(groups, everywhere=True) == set()
    assert ("*", "proven") in ways(groups, users, everywhere=True)
    named = rule("/groups", "impersonate", names="viewers")
    assert ("group:viewers", "proven") in ways(named, users, everywhere=True)


def test_escalate_needs_a_role_to_change() -> None:
    """K10, S13: escalate alone is no way, and neither is writing roles without it."""
    roles = f"{RBAC}/roles"
    assert ways(rule(roles, "escalate")) == set()
    assert ways(rule(roles, "update", "create", "patch")) == set()
    assert ways(rule(roles, "escalate", "patch")) == {("everything:billing", "needs-fact")}
    cluster = f"{RBAC}/clusterroles"
    assert ways(rule(cluster, "escalate", "patch"), everywhere=True) == {("*", "proven")}
    named = ways(rule(cluster, "escalate"), rule(cluster, "patch", names="x"), everywhere=True)
    assert named == {("*", "needs-fact")}


def test_bind_needs_a_binding_to_write() -> None:
    """K11, S13: bind alone is no way, and neither is writing bindings without it."""
    bind, write = rule(f"{RBAC}/clusterroles", "bind"), rule(f"{RBAC}/rolebindings", "create")
    assert ways(bind) == set()
    assert ways(write) == set()
    assert ways(bind, write) == {("everything:billing", "proven")}
    wide = rule(f"{RBAC}/clusterrolebindings", "create")
    assert ("*", "proven") in ways(bind, wide, everywhere=True)


def test_binding_a_named_role_needs_to_know_it() -> None:
    """K11: what a named role allows decides; cluster-admin allows everything."""
    write = rule(f"{RBAC}/rolebindings", "create")
    named = rule(f"{RBAC}/clusterroles", "bind", names="reader")
    assert ways(named, write) == {("everything:billing", "needs-fact")}
    admin = rule(f"{RBAC}/clusterroles", "bind", names="cluster-admin")
    assert ways(admin, write) == {("everything:billing", "proven")}


def test_joining_an_existing_binding_needs_to_know_it() -> None:
    """K11: the role of a binding cannot be changed, so only its subjects can be added to."""
    bind, write = rule(f"{RBAC}/clusterroles", "bind"), rule(f"{RBAC}/rolebindings", "patch")
    assert ways(bind, write) == {("everything:billing", "needs-fact")}


def test_who_holds_a_namespace_is_every_account_of_it() -> None:
    """The stand-in for a whole namespace has its grant, and its own ways on."""
    bind, write = rule(f"{RBAC}/clusterroles", "bind"), rule(f"{RBAC}/rolebindings", "create")
    rules = f"[{{{bind}}}, {{{write}}}]"
    found = of(SOMEBODY + role(rules, **CLUSTER) + binding(refers="ClusterRole"))
    (whole,) = [grant for grant in found.grants if grant.holder == "everything:billing"]
    assert (whole.scope, whole.resource, whole.action) == ("billing", "*/*", "*")
    assert whole.location.note
    further = {edge.principal for edge in found.becomings if edge.holder == "everything:billing"}
    assert {EVERY, PAYER, BOT} <= further
    assert "everything:billing" not in found.principals


def test_an_edge_says_how_and_where() -> None:
    """The words name the verbs, the resources and the namespace; the place is a granting verb."""
    rules = "[" + "{" + rule("apps/deployments", "create", "patch") + "}]"
    edge = of(role(rules) + binding()).becomings[0]
    assert edge.via == "run a workload (create, patch deployments in billing)"
    assert "create" in edge.location.text


def test_an_uncertain_grant_makes_an_uncertain_way() -> None:
    """The certainty of a way is that of its weakest right."""
    rules = "[" + "{" + rule("/serviceaccounts/token", "create") + "}]"
    text = role(rules, namespace="") + binding(namespace="")
    found = of(text)
    assert {edge.certainty for edge in found.becomings} == {"needs-fact"}
    assert all("applied" in edge.needs for edge in found.becomings)


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda each: each.name)
def test_every_row_works_and_needs_each_of_its_rights(derivation: Derivation) -> None:
    """With exactly the rights of a row its holder becomes somebody; without one of them, not so."""
    needs = [rule(need.resources[0], need.verbs[0]) for need in derivation.all_of]

    def uses(rules: list[str]) -> bool:
        text = role("[" + ", ".join(f"{{{each}}}" for each in rules) + "]", **CLUSTER)
        found = read(documents(SOMEBODY + text + binding(**EVERYWHERE)))
        return any(edge.via.startswith(f"{derivation.name} (") for edge in found.becomings)

    assert uses(needs)
    for left_out in range(len(needs)):
        assert not uses(needs[:left_out] + needs[left_out + 1 :])
