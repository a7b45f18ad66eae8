"""Grants from RBAC files: every trap of the format, and the facts of the real corpora."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.grants import Granted
from blastlint.providers.kubernetes.rbac import read
from blastlint.source import InputError, Problem
from providers.evidence import (
    BOT,
    CLUSTER,
    EVERYWHERE,
    RBAC,
    binding,
    can,
    documents,
    of,
    role,
)


def tuples(found: Granted, holder: str = BOT) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """Scope, resource, action and names of what a principal holds."""
    return {
        (grant.scope, grant.resource, grant.action, grant.names)
        for grant in found.grants
        if grant.holder == holder
    }


def test_a_grant_names_its_line_its_role_and_its_binding() -> None:
    """The place of a grant is the verb that gives it."""
    text = role("[{apiGroups: [apps], resources: [deployments], verbs: [get, patch]}]") + binding()
    grant = of(text, system="k8s").grants[1]
    assert (grant.holder, grant.system, grant.scope) == (BOT, "k8s", "billing")
    assert (grant.resource, grant.action, grant.effect) == ("apps/deployments", "patch", "mutate")
    line, column = grant.location.span.line, grant.location.span.column
    assert text.splitlines()[line - 1][column - 1 :].startswith("patch")
    assert grant.location.note == "Role billing/r, bound by RoleBinding billing/b"


def test_the_binding_sets_the_scope() -> None:
    """K1: a ClusterRole bound by a RoleBinding holds in that namespace only."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    local = of(role(rules, **CLUSTER) + binding(refers="ClusterRole"))
    wide = of(role(rules, **CLUSTER) + binding(**EVERYWHERE))
    assert tuples(local) == {("billing", "/pods", "get", ())}
    assert tuples(wide) == {("*", "/pods", "get", ())}


def test_the_binding_is_the_grant_and_not_the_role() -> None:
    """K1: one ClusterRole, bound in one namespace for a subject of another, and for the cluster.

    Whoever takes the scope from the role, or from the subject, gets all three of them wrong: what
    lives in no namespace and the paths outside the resources come with a ClusterRoleBinding alone.
    """
    rules = (
        '[{apiGroups: [""], resources: [pods, nodes], verbs: [get]}, '
        "{nonResourceURLs: [/metrics], verbs: [get]}]"
    )
    subject = "[{kind: ServiceAccount, name: bot, namespace: ops}]"
    other = "system:serviceaccount:ops:bot"
    local = of(role(rules, **CLUSTER) + binding(subject, refers="ClusterRole"))
    assert tuples(local, other) == {("billing", "/pods", "get", ())}
    assert tuples(local, "system:serviceaccount:billing:bot") == set()
    wide = of(role(rules, **CLUSTER) + binding(subject, **EVERYWHERE))
    assert {(scope, resource) for scope, resource, *_ in tuples(wide, other)} == {
        ("*", "/pods"),
        ("*", "/nodes"),
        ("*", "url:/metrics"),
    }


@pytest.mark.parametrize("refers", ["Role", "ClusterRole"])
def test_a_binding_to_a_role_that_is_not_there_gives_nothing(refers: str) -> None:
    """K1: a role of the other kind with the same name is not the one that the binding refers to."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    there = role(rules) if refers == "ClusterRole" else role(rules, **CLUSTER)
    found = of(there + binding(refers=refers))
    assert not found.grants
    (hole,) = found.unresolved
    assert f"the {refers} r, which nothing in this evidence defines" in hole.what
    assert hole.holders == (BOT,)


def test_a_name_never_limits_create() -> None:
    """S1: the name of a new object is not in the request, so such a rule matches nothing."""
    rules = (
        '[{apiGroups: [""], resources: [configmaps], resourceNames: [x], '
        "verbs: [create, deletecollection, update]}]"
    )
    assert tuples(of(role(rules) + binding())) == {("billing", "/configmaps", "update", ("x",))}


def test_a_name_limits_create_on_a_subresource() -> None:
    """S1: pods/NAME/exec and serviceaccounts/NAME/token have the name in their path."""
    rules = (
        '[{apiGroups: [""], resources: [pods/exec, serviceaccounts/token], resourceNames: [x], '
        "verbs: [create]}]"
    )
    assert tuples(of(role(rules) + binding())) == {
        ("billing", "/pods/exec", "create", ("x",)),
        ("billing", "/serviceaccounts/token", "create", ("x",)),
    }


def test_every_verb_on_a_named_object_is_not_create() -> None:
    """S1: `*` with a name stands for the verbs that a name can match."""
    rules = '[{apiGroups: [""], resources: [configmaps], resourceNames: [x], verbs: ["*"]}]'
    actions = {action for _, _, action, _ in tuples(of(role(rules) + binding()))}
    assert actions == {"get", "list", "watch", "update", "patch", "delete"}


def test_a_name_limits_list_and_watch() -> None:
    """S2: a field selector puts the name into the request, so one object can be listed."""
    rules = '[{apiGroups: [""], resources: [secrets], resourceNames: [x], verbs: [list, watch]}]'
    assert tuples(of(role(rules) + binding())) == {
        ("billing", "/secrets", "list", ("x",)),
        ("billing", "/secrets", "watch", ("x",)),
    }


def test_a_subresource_is_a_resource_of_its_own() -> None:
    """S3: pods is not pods/exec, and `pods/*` matches nothing."""
    rules = '[{apiGroups: [""], resources: [pods, "pods/*"], verbs: [create]}]'
    found = of(role(rules) + binding())
    assert tuples(found) == {("billing", "/pods", "create", ())}
    assert not can(found, BOT, "create", "/pods/exec")


def test_a_wildcard_before_a_subresource_is_a_wildcard() -> None:
    """S3: `*/scale` is the scale of every resource of the group."""
    rules = '[{apiGroups: [apps], resources: ["*/scale"], verbs: [patch]}]'
    found = of(role(rules) + binding())
    assert can(found, BOT, "patch", "apps/deployments/scale")
    assert not can(found, BOT, "patch", "apps/deployments")


def test_the_group_must_match() -> None:
    """S4: deployments of the core group are not the deployments of apps."""
    rules = '[{apiGroups: [""], resources: [deployments], verbs: [patch]}]'
    found = of(role(rules) + binding())
    assert tuples(found) == {("billing", "/deployments", "patch", ())}
    assert not can(found, BOT, "patch", "apps/deployments")


def test_a_path_needs_a_cluster_role_binding() -> None:
    """S5: nonResourceURLs have no namespace, so a RoleBinding does not give them."""
    rules = "[{nonResourceURLs: [/metrics, /debug/*], verbs: [get]}]"
    assert not of(role(rules, **CLUSTER) + binding(refers="ClusterRole")).grants
    assert tuples(of(role(rules, **CLUSTER) + binding(**EVERYWHERE))) == {
        ("*", "url:/metrics", "get", ()),
        ("*", "url:/debug/*", "get", ()),
    }


@pytest.mark.parametrize(
    ("group", "holders"),
    [
        ("system:authenticated", {"a:one", "a:two", "b:three"}),
        ("system:serviceaccounts", {"a:one", "a:two", "b:three"}),
        ("system:serviceaccounts:a", {"a:one", "a:two"}),
        ("system:unauthenticated", set()),
        ("people", set()),
    ],
)
def test_every_service_account_is_in_groups_that_nobody_lists(
    group: str, holders: set[str]
) -> None:
    """S8: a binding to an implicit group reaches the service accounts, and the group stays."""
    accounts = "".join(
        f"---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {name}, namespace: {ns}}}\n"
        for ns, name in (("a", "one"), ("a", "two"), ("b", "three"))
    )
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    bound = binding(f"[{{kind: Group, name: '{group}'}}]", **EVERYWHERE)
    found = of(accounts + role(rules, **CLUSTER) + bound)
    expected = {f"system:serviceaccount:{holder}" for holder in holders} | {f"group:{group}"}
    assert {grant.holder for grant in found.grants} == expected
    assert f"group:{group}" in found.principals


def test_a_subject_without_namespace_is_in_that_of_its_role_binding() -> None:
    """S9: the server itself fills the namespace of a subject from the RoleBinding."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    found = of(role(rules) + binding("[{kind: ServiceAccount, name: bot}]"))
    assert [(grant.holder, grant.certainty) for grant in found.grants] == [(BOT, "proven")]


def test_a_manifest_without_namespace_needs_that_fact() -> None:
    """S9: where a manifest is applied is not in the file; `namespace` says it."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    text = role(rules, namespace="") + binding("[{kind: ServiceAccount, name: bot}]", namespace="")
    (unsure,) = of(text).grants
    assert (unsure.scope, unsure.holder) == ("?", "system:serviceaccount:?:bot")
    assert unsure.certainty == "needs-fact"
    assert "namespace" in unsure.needs
    (sure,) = of(text, namespace="billing").grants
    assert (sure.scope, sure.holder, sure.certainty) == ("billing", BOT, "proven")


def test_a_cluster_role_binding_must_say_the_namespace_of_its_subject() -> None:
    """S9: the server refuses it as written, so the grant is no fact and the subject is told."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    text = role(rules, **CLUSTER) + binding("[{kind: ServiceAccount, name: bot}]", **EVERYWHERE)
    for options, namespace in (({}, "?"), ({"namespace": "billing"}, "billing")):
        found = of(text, **options)
        assert [grant.certainty for grant in found.grants] == ["needs-fact"]
        assert found.principals == (f"system:serviceaccount:{namespace}:bot",)
        assert "without its namespace" in found.unresolved[0].what


@pytest.mark.parametrize(
    "rule",
    [
        'apiGroups: [""], resources: [nodes, persistentvolumes], verbs: [get]',
        f"apiGroups: [{RBAC}], resources: [clusterroles, clusterrolebindings], verbs: [create]",
        "apiGroups: [apiextensions.k8s.io], resources: [customresourcedefinitions], verbs: ['*']",
        "apiGroups: [storage.k8s.io], resources: [storageclasses], verbs: [patch]",
        "apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve]",
        'apiGroups: [""], resources: [nodes/proxy], verbs: [get]',
        'apiGroups: [""], resources: [users, groups], verbs: [impersonate]',
        'apiGroups: [""], resources: [namespaces], verbs: [list, create]',
    ],
)
def test_a_role_binding_gives_nothing_that_lives_in_no_namespace(rule: str) -> None:
    """S11: a cluster-scoped resource is out of a RoleBinding's reach, whatever can-i says."""
    assert not of(role(f"[{{{rule}}}]", **CLUSTER) + binding(refers="ClusterRole")).grants
    assert of(role(f"[{{{rule}}}]", **CLUSTER) + binding(**EVERYWHERE)).grants


def test_a_role_binding_reaches_its_own_namespace_object() -> None:
    """S11: the path of a Namespace object carries its own name as the namespace."""
    rules = '[{apiGroups: [""], resources: [namespaces], verbs: [get, list, patch]}]'
    found = of(role(rules, **CLUSTER) + binding(refers="ClusterRole"))
    assert tuples(found) == {
        ("billing", "/namespaces", "get", ("billing",)),
        ("billing", "/namespaces", "patch", ("billing",)),
    }


def test_binding_a_cluster_role_is_checked_in_the_namespace() -> None:
    """S11: `bind` on clusterroles is asked where the new RoleBinding is made."""
    rules = f"[{{apiGroups: [{RBAC}], resources: [clusterroles], verbs: ['*']}}]"
    found = of(role(rules, **CLUSTER) + binding(refers="ClusterRole"))
    assert {action for _, _, action, _ in tuples(found)} == {"bind"}


@pytest.mark.parametrize(
    "text",
    [
        role('[{apiGroups: [""], resources: [pods], verbs: ["{{ .Values.verb }}"]}]'),
        binding(name="'{{ include \"chart.name\" . }}'"),
        'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: "{{ .Release.Name }}-bot"}\n',
    ],
)
def test_an_unrendered_chart_is_refused_in_words(text: str) -> None:
    """S15: a template is not a manifest; only its rendered form says who may do what."""
    with pytest.raises(InputError, match=r"Helm template .*helm template"):
        of(text)


def test_braces_in_other_objects_are_no_template() -> None:
    """S15: dashboards and alert rules carry braces lawfully, and say nothing of access."""
    other = (
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: '{{ $labels }}'}\n"
    )
    assert of(role("[]") + other) == Granted()


def test_lists_of_every_kind_are_walked() -> None:
    """A typed list may leave kind and version to its items; null items are none."""
    text = f"""
    apiVersion: {RBAC}/v1
    kind: RoleList
    items:
      - metadata: {{name: r, namespace: billing}}
        rules: [{{apiGroups: [""], resources: [pods], verbs: [get]}}]
    ---
    apiVersion: v1
    kind: List
    items:
      - apiVersion: {RBAC}/v1
        kind: RoleBinding
        metadata: {{name: b, namespace: billing, creationTimestamp: null}}
        roleRef: {{kind: Role, name: r}}
        subjects: [{{kind: User, name: ann}}]
    ---
    {{apiVersion: v1, kind: ServiceAccountList, items: null}}
    ---
    """
    assert tuples(of(text), "user:ann") == {("billing", "/pods", "get", ())}


def test_empty_roles_and_bindings_are_lawful() -> None:
    """No rules and no subjects are no grants, and no error."""
    text = role("null") + binding("null") + role("[]", name="other")
    assert of(text) == Granted()


def test_an_empty_list_says_that_there_is_nothing() -> None:
    """An export of a namespace without roles is evidence; a file about other things is not."""
    assert of("{apiVersion: v1, kind: List, items: []}") == Granted()


def test_a_role_that_nobody_defines_is_reported() -> None:
    """K1: the subject stays a principal, and the reference has its place."""
    found = of(binding(name="elsewhere"))
    assert found.principals == (BOT,)
    assert not found.grants
    (hole,) = found.unresolved
    assert hole.what == (
        f"RoleBinding billing/b gives {BOT} the Role elsewhere, "
        "which nothing in this evidence defines"
    )
    assert hole.holders == (BOT,)
    assert "elsewhere" in hole.location.text


def test_a_role_of_another_namespace_is_not_the_one() -> None:
    """K1: roles of one name in two namespaces are two roles."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    found = of(role(rules, namespace="other") + binding())
    assert not found.grants
    assert len(found.unresolved) == 1


def test_a_cluster_role_binding_cannot_give_a_role() -> None:
    """The server refuses it; so the role's rules are not granted."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    found = of(role(rules) + binding(kind="ClusterRoleBinding", namespace="", refers="Role"))
    assert not found.grants
    assert "can only refer to a ClusterRole" in found.unresolved[0].what


def test_two_definitions_of_one_role_need_a_fact() -> None:
    """Which of them is applied is not in the files; the same one twice is no question."""
    one = role('[{apiGroups: [""], resources: [pods], verbs: [get]}]')
    two = role('[{apiGroups: [""], resources: [pods], verbs: [delete]}]')
    found = of(one + two + binding())
    assert {(g.action, g.certainty) for g in found.grants} == {
        ("get", "needs-fact"),
        ("delete", "needs-fact"),
    }
    assert {g.certainty for g in of(one + one + binding()).grants} == {"proven"}


def test_a_service_account_may_be_bound_by_its_user_name() -> None:
    """A User subject with a service account's name is that service account."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    found = of(role(rules) + binding(f"[{{kind: User, name: '{BOT}'}}]"))
    assert found.principals == (BOT,)
    assert tuples(found) == {("billing", "/pods", "get", ())}


def test_a_service_account_of_another_namespace_may_be_bound() -> None:
    """K1: the subject's namespace need not be the binding's."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
    found = of(role(rules) + binding("[{kind: ServiceAccount, name: bot, namespace: ops}]"))
    assert tuples(found, "system:serviceaccount:ops:bot") == {("billing", "/pods", "get", ())}


def test_the_whole_cluster_is_one_fact() -> None:
    """K18: who may do everything is in `everything`, and so is the group that bypasses checks."""
    rules = '[{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]'
    subjects = "[{kind: User, name: ann}, {kind: Group, name: 'system:masters'}]"
    wide = of(role(rules, **CLUSTER) + binding(subjects, **EVERYWHERE))
    assert wide.everything == {"user:ann", "group:system:masters"}
    assert not wide.becomings
    assert not of(role(rules, **CLUSTER) + binding(refers="ClusterRole")).everything


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("just: a map", "expected a Kubernetes object with apiVersion and kind"),
        ("- 1", "expected a Kubernetes object"),
        ("null", "no role, binding or service account"),
        ("{apiVersion: apps/v1, kind: Deployment}", "no role, binding or service account"),
        ("plain text", "expected a Kubernetes object"),
        ("{tools: [{name: a, inputSchema: {type: object}}]}", "use the kind mcp-tools"),
        ("[{name: a, inputSchema: {type: object}}]", "use the kind mcp-tools"),
        ("resources: [role.yaml]", "kubectl kustomize"),
        ("{apiVersion: v1, kind: List, items: 3}", "expected a list"),
        ("{apiVersion: v1, kind: List, items: [3]}", "expected a Kubernetes object"),
        (role("7"), "expected a list of rules"),
        (role("[7]"), "expected a map"),
        (role('[{apiGroups: "", resources: [pods], verbs: [get]}]'), "expected a list of texts"),
        (role('[{apiGroups: [""], resources: [pods], verbs: [1.10]}]'), "write it in quotes"),
        (role('[{apiGroups: [""], resources: [pods]}]'), "no verbs"),
        (role("[{resources: [pods], verbs: [get]}]"), "needs apiGroups and resources"),
        (binding("[{kind: Serviceaccount, name: a}]"), "did you mean 'ServiceAccount'"),
        (binding("[{name: a}]"), "has no kind"),
        (binding("[{kind: User}]"), "has no name"),
        (f"{{apiVersion: {RBAC}/v1, kind: RoleBinding, metadata: {{name: a}}}}", "no roleRef"),
        ("{apiVersion: v1, kind: ServiceAccount}", "no metadata.name"),
        (
            "{apiVersion: authorization.openshift.io/v1, kind: Role, metadata: {name: a}}",
            "oc get roles",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, message: str) -> None:
    """Nothing that might grant access is passed over; every refusal has a place."""
    with pytest.raises(InputError, match=message) as refused:
        of(text)
    assert all(problem.location for problem in refused.value.problems)


def test_all_problems_are_told_together() -> None:
    """A run does not stop at the first mistake."""
    with pytest.raises(InputError) as refused:
        of(role("7") + role("[7]", name="s") + binding("[{kind: User}]"))
    assert len(refused.value.problems) == 3


def test_the_value_of_a_secret_is_never_shown() -> None:
    """An export on a single line puts Secrets beside roles; no place quotes that line."""
    text = (
        '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Secret","data":'
        '{"password":"aHVudGVyMg=="},"metadata":{"name":"s"}},{"apiVersion":"' + RBAC + '/v1",'
        '"kind":"Role","metadata":{"name":"r","namespace":"billing"},"rules":[{"apiGroups":[""],'
        '"resources":["pods"],"verbs":["create"]}]},{"apiVersion":"' + RBAC + '/v1","kind":'
        '"RoleBinding","metadata":{"name":"b","namespace":"billing"},"roleRef":{"kind":"Role",'
        '"name":"r"},"subjects":[{"kind":"User","name":"ann"}]}%s]}'
    )
    found = of(text % "")
    assert found.grants
    assert "aHVudGVyMg" not in repr(found)
    with pytest.raises(InputError) as refused:
        of(text % ",{}")
    assert "aHVudGVyMg" not in repr(refused.value.problems)


def test_no_line_of_another_object_is_shown() -> None:
    """Settings, environments and charts hold secrets as well; on a shared line they stay hidden."""
    rule = '{"apiGroups":[""],"resources":["pods"],"verbs":["create"]}'
    text = (
        '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"apps/v1","kind":"Deployment",'
        '"metadata":{"name":"d","namespace":"billing"},"spec":{"template":{"spec":{"containers":'
        '[{"env":[{"name":"P","value":"hunter2"}]}]}}}},{"apiVersion":"' + RBAC + '/v1","kind":'
        '"Role","metadata":{"name":"r","namespace":"billing"},"rules":[' + rule + "]}]}"
    )
    found = read((*documents(text), *documents(binding())))
    assert found.grants
    assert "hunter2" not in repr(found)


def test_a_page_of_a_longer_list_leaves_the_rest_open() -> None:
    """What an export left out is a question, not an answer."""
    text = '{"apiVersion":"v1","kind":"List","metadata":{"continue":"abc"},"items":[]}'
    (hole,) = of(text).unresolved
    assert "longer list" in hole.what
    assert not of(text.replace("abc", "")).unresolved


def test_a_custom_resource_of_the_cluster_is_out_of_a_role_bindings_reach() -> None:
    """S11: its definition says where it lives; what no file defines is reached."""
    rules = "[{apiGroups: [example.com], resources: [widgets, widgets/status], verbs: [get]}]"
    bound = role(rules, **CLUSTER) + binding(refers="ClusterRole")
    kind = """
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec: {group: example.com, names: {plural: widgets}, scope: %s}
"""
    assert of(bound).grants
    assert of(kind % "Namespaced" + bound).grants
    assert not of(kind % "Cluster" + bound).grants
    assert of(kind % "Cluster" + role(rules, **CLUSTER) + binding(**EVERYWHERE)).grants


def test_the_order_of_files_changes_no_grant() -> None:
    """A binding may stand before its role."""
    one = documents(role('[{apiGroups: [""], resources: [pods], verbs: [get]}]'), "one.yaml")
    two = documents(binding(), "two.yaml")
    assert read((*one, *two)) == read((*two, *one))


WORDS = st.sampled_from(["", "*", "get", "pods", "/*", "ServiceAccount", "User", "Role", "r", "a"])
FIELDS = [
    "kind",
    "name",
    "namespace",
    "verbs",
    "resources",
    "apiGroups",
    "labels",
    "spec",
    "annotations",
    "clusterRoleSelectors",
    "matchLabels",
    "matchExpressions",
    "template",
    "volumes",
    "serviceAccountName",
    "scope",
    "names",
    "continue",
]
KINDS = [
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ServiceAccount",
    "List",
    "Namespace",
    "Pod",
    "Deployment",
    "CustomResourceDefinition",
]
ODD = st.recursive(
    WORDS | st.sampled_from([None, True, 0, 1.5]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
OBJECTS = st.fixed_dictionaries(
    {"apiVersion": st.sampled_from(["v1", f"{RBAC}/v1", "apps/v1", "apiextensions.k8s.io/v1"])},
    optional={
        "kind": st.sampled_from(KINDS),
        "metadata": ODD | st.just({"name": "r"}),
        "aggregationRule": ODD,
        "rules": ODD,
        "spec": ODD,
        "subjects": ODD,
        "roleRef": ODD | st.just({"kind": "Role", "name": "r"}),
        "items": ODD,
    },
)


@settings(max_examples=200)
@given(st.lists(OBJECTS, max_size=3))
def test_odd_objects_are_read_or_refused(objects: list[dict[str, object]]) -> None:
    """Whatever stands in the fields, the answer is grants or a refusal with places."""
    read_from = [doc for each in objects for doc in documents(json.dumps(each))]
    found = Granted()
    problems: tuple[Problem, ...] = ()
    try:
        found = read(read_from)
    except InputError as refused:
        problems = refused.problems
    assert all(problem.location for problem in problems)
    assert {grant.holder for grant in found.grants} <= {*found.principals, "everything:?", "pod:?"}


@settings(max_examples=60)
@given(st.permutations(range(5)))
def test_the_order_of_files_changes_nothing_but_the_order(order: list[int]) -> None:
    """Roles, bindings and accounts may come in any order."""
    rules = '[{apiGroups: [""], resources: [pods], verbs: [create]}]'
    texts = [
        role(rules),
        binding(),
        role(rules, **CLUSTER),
        binding("[{kind: Group, name: 'system:serviceaccounts'}]", **EVERYWHERE),
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s, namespace: billing}\n",
    ]
    parts = [documents(text, f"{number}.yaml") for number, text in enumerate(texts)]
    found = read([doc for number in order for doc in parts[number]])
    plain = read([doc for part in parts for doc in part])
    assert set(found.grants) == set(plain.grants)
    assert set(found.becomings) == set(plain.becomings)
    assert found.principals == plain.principals
