"""What a Kubernetes principal can become: every way, and each way without one of its halves."""

from __future__ import annotations

import pytest

from blastlint.providers.kubernetes.derivations import DERIVATIONS, Derivation
from providers.evidence import BOT, CLUSTER, EVERYWHERE, RBAC, binding, of, role
from providers.kubernetes_rows import (
    NAMESPACE,
    SOMEBODY,
    elsewhere,
    how_sure,
    rule,
    ways_to_meet,
    without_one,
)

EVERY = "system:serviceaccount:billing:*"
PAYER = "system:serviceaccount:billing:payer"
POD = "pod:billing"


def ways(*rules: str, everywhere: bool = False, version: str = "") -> set[tuple[str, str]]:
    """Whom the holder of the rules becomes, and how certainly."""
    written = "[" + ", ".join(f"{{{rule}}}" for rule in rules) + "]"
    bound = binding(**EVERYWHERE) if everywhere else binding(refers="ClusterRole")
    found = of(SOMEBODY + role(written, **CLUSTER) + bound, server_version=version)
    return {(edge.principal, edge.certainty) for edge in found.becomings if edge.holder == BOT}


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
    assert ways(rule(roles, "escalate", "create")) == {("everything:billing", "needs-fact")}
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
    assert {EVERY, PAYER, BOT, POD} <= further
    assert any(grant.holder == POD for grant in found.grants)
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


def test_a_pod_reads_what_its_maker_may_not() -> None:
    """K5: a pod mounts any Secret, ConfigMap and volume of its namespace, whoever makes it."""
    rules = "[{" + rule("apps/deployments", "patch") + "}]"
    found = of(role(rules) + binding())
    assert (BOT, POD) in {(edge.holder, edge.principal) for edge in found.becomings}
    held = {
        (grant.scope, grant.resource, grant.action, grant.effect)
        for grant in found.grants
        if grant.holder == POD
    }
    assert held == {
        ("billing", "/secrets", "get", "read"),
        ("billing", "/configmaps", "get", "read"),
        ("billing", "/persistentvolumeclaims", "get", "read"),
        ("billing", "/persistentvolumeclaims", "update", "mutate"),
    }
    assert "/secrets" not in {grant.resource for grant in found.grants if grant.holder == BOT}
    assert POD not in found.principals


def test_a_pod_everywhere_reads_everywhere() -> None:
    """K5: with the right in every namespace, so are the Secrets."""
    rules = "[{" + rule("/pods", "create") + "}]"
    found = of(role(rules, **CLUSTER) + binding(**EVERYWHERE))
    assert {grant.scope for grant in found.grants if grant.holder == "pod:*"} == {"*"}


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        ("", "whether Pod Security stops"),
        (NAMESPACE.format(level="privileged"), "whether anything but Pod Security stops"),
        (NAMESPACE.format(level="baseline"), None),
        (NAMESPACE.format(level="restricted"), None),
    ],
)
def test_a_privileged_pod_takes_its_node(space: str, expected: str | None) -> None:
    """K14, K16: unless the level of its namespace forbids privileged pods."""
    found = of(space + role("[{" + rule("/pods", "create") + "}]") + binding())
    needs = [edge.needs for edge in found.becomings if edge.holder == POD]
    assert [need.startswith(expected or "-") for need in needs] == ([True] if expected else [])


def test_who_relabels_a_namespace_is_not_stopped_by_its_label() -> None:
    """K14: a level that the holder may lower is no level."""
    space = NAMESPACE.format(level="restricted")
    rules = f"[{{{rule('/pods', 'create')}}}, {{{rule('/namespaces', 'patch')}}}]"
    found = of(space + role(rules, **CLUSTER) + binding(refers="ClusterRole"))
    every = [edge for edge in found.becomings if edge.principal == "system:serviceaccount:*"]
    assert [(edge.holder, edge.certainty) for edge in every] == [(BOT, "needs-fact")]


@pytest.mark.parametrize(
    ("version", "certainty"), [("1.23", "proven"), ("1.24", "needs-fact"), ("", "needs-fact")]
)
def test_every_account_had_a_stored_token_once(version: str, certainty: str) -> None:
    """S14: before 1.24, whoever reads Secrets is every service account of the namespace."""
    assert (EVERY, certainty) in ways(rule("/secrets", "list"), version=version)


def test_a_named_secret_may_hold_a_token() -> None:
    """K2: which Secret it is, is the fact; even in a server that stores tokens of all accounts."""
    rules = "[{" + rule("/secrets", "get", names="app") + "}]"
    (edge,) = of(role(rules) + binding(), server_version="1.20").becomings
    assert edge.needs == "whether app holds the token of a service account"


def test_a_patch_answers_with_the_secret() -> None:
    """K2, K4: the answer to a patch is the whole object, so patch reads."""
    assert ways(rule("/secrets", "patch")) == {(EVERY, "needs-fact")}
    assert (EVERY, "proven") in ways(rule("/secrets", "create", "patch"))
    assert ways(rule("/secrets", "create", "update")) == set()


@pytest.mark.parametrize("resource", ["uids", "userextras", "userextras/scopes"])
def test_a_uid_or_an_extra_is_nobody(resource: str) -> None:
    """K9: they go with a user name, and no role binds them; alone the server refuses them."""
    extra = rule(f"authentication.k8s.io/{resource}", "impersonate")
    assert ways(extra, everywhere=True) == set()
    named = rule("/users", "impersonate", names="ann")
    assert ways(extra, named, everywhere=True) == {("user:ann", "proven")}


def test_a_certificate_is_anybody_but_the_masters() -> None:
    """K12: any user, account and group, but the server refuses to sign for the masters."""
    csr = "certificates.k8s.io/certificatesigningrequests"
    rights = (
        rule(csr, "create"),
        rule(f"{csr}/approval", "update"),
        rule("certificates.k8s.io/signers", "approve"),
    )
    groups = binding("[{kind: Group, name: devs}, {kind: Group, name: 'system:masters'}]")
    rules = "[" + ", ".join(f"{{{each}}}" for each in rights) + "]"
    found = of(groups + role(rules, **CLUSTER) + binding(**EVERYWHERE))
    made = {edge.principal for edge in found.becomings if "in another name" in edge.via}
    assert made == {"user:*", "system:serviceaccount:*", "group:devs"}
    assert {edge.certainty for edge in found.becomings if edge.holder == BOT} == {"needs-fact"}


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        ("kubernetes.io/kube-apiserver-client", {"user:*", "system:serviceaccount:*"}),
        ("kubernetes.io/kube-apiserver-client-kubelet", {"user:system:node:*"}),
        ("example.com/mine", set()),
    ],
)
def test_a_signer_signs_for_its_own_kind(signer: str, expected: set[str]) -> None:
    """K12: the right to approve is limited to signers by name."""
    csr = "certificates.k8s.io/certificatesigningrequests"
    found = ways(
        rule(csr, "create"),
        rule(f"{csr}/approval", "patch"),
        rule("certificates.k8s.io/signers", "approve", names=signer),
        everywhere=True,
    )
    assert {principal for principal, _ in found} == expected


def test_a_validating_webhook_sees_and_changes_nothing() -> None:
    """K13: a mutating one leads to everything, a validating one to what is written."""
    group = "admissionregistration.k8s.io"
    changes = ways(rule(f"{group}/mutatingwebhookconfigurations", "patch"), everywhere=True)
    assert changes == {("*", "needs-fact")}
    rules = "[{" + rule(f"{group}/validatingwebhookconfigurations", "create") + "}]"
    found = of(role(rules, **CLUSTER) + binding(**EVERYWHERE))
    (sees,) = [grant for grant in found.grants if grant.holder == "webhook:cluster"]
    assert (sees.action, sees.effect, sees.certainty) == ("get", "read", "conditional")


EKS = """
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: till
  namespace: shop
  annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::123456789012:role/till"}
"""


def test_the_map_of_iam_identities_is_the_cluster() -> None:
    """K17: on EKS, and in kube-system alone; other clusters have no such map."""
    rules = "[{" + rule("/configmaps", "patch") + "}]"

    def becomes(space: str, more: str = "", version: str = "") -> set[str]:
        text = more + role(rules, namespace=space) + binding(namespace=space)
        found = of(text, server_version=version)
        return {edge.principal for edge in found.becomings if edge.holder == BOT}

    assert becomes("kube-system", EKS) == {"*"}
    assert becomes("kube-system", version="v1.33.4-eks-1a2b3c") == {"*"}
    assert becomes("billing", EKS) == set()
    assert becomes("kube-system") == set()


def test_what_nobody_in_particular_may_do_everybody_may() -> None:
    """S8: whoever leaves out the token is anonymous; it is a way only if it opens more."""
    rules = "[{" + rule("/pods", "get") + "}]"
    public = binding("[{kind: Group, name: 'system:unauthenticated'}]", **EVERYWHERE)
    found = of(SOMEBODY + role(rules, **CLUSTER) + public)
    assert [(e.holder, e.principal, e.certainty) for e in found.becomings] == [
        (PAYER, "user:system:anonymous", "needs-fact")
    ]
    groups = ("system:unauthenticated", "system:authenticated")
    both = "[" + ", ".join(f"{{kind: Group, name: '{name}'}}" for name in groups) + "]"
    assert not of(SOMEBODY + role(rules, **CLUSTER) + binding(both, **EVERYWHERE)).becomings


def test_many_accounts_are_told_as_one() -> None:
    """Beyond a hundred, the pattern alone stands for them: each of n would be told to n others."""
    many = "".join(SOMEBODY.replace("payer", f"payer{n}") + "---" for n in range(101))
    rules = "[{" + rule("/pods", "create") + "}]"
    found = of(many + role(rules) + binding())
    assert {edge.principal for edge in found.becomings if edge.holder == BOT} == {EVERY, POD}


# --- the table, row by row ------------------------------------------------------------------------

ROWS = pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda each: each.name)


@ROWS
def test_a_row_works_in_every_way_that_it_names(derivation: Derivation) -> None:
    """With exactly the rights of a row, whichever alternative, its holder becomes somebody."""
    for case in ways_to_meet(derivation):
        assert how_sure(derivation, case), case


@ROWS
def test_a_row_needs_each_of_its_rights(derivation: Derivation) -> None:
    """Without one right, or with one that is a little different, there is no such way."""
    for case in without_one(derivation):
        assert not how_sure(derivation, case), case


@ROWS
def test_a_row_holds_where_and_when_it_says(derivation: Derivation) -> None:
    """Another namespace, a later server, another platform, other names: no such way."""
    for case in elsewhere(derivation):
        assert not how_sure(derivation, case), case
