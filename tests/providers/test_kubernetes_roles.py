"""Roles that take their rules from others, and roles that no file defines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Setting
from blastlint.providers.kubernetes.effects import resource_covers
from blastlint.providers.kubernetes.objects import Reading
from blastlint.providers.kubernetes.rbac import read
from blastlint.providers.kubernetes.roles import RELEASE, shipped_manifests, shipped_roles
from blastlint.source import InputError
from providers.evidence import (
    BOT,
    CLUSTER,
    EVERYWHERE,
    RBAC,
    binding,
    can,
    corpus,
    documents,
    of,
    role,
)

if TYPE_CHECKING:
    from typing import Any

    from blastlint.providers.grants import Grant, Granted

GET_PODS = '[{apiGroups: [""], resources: [pods], verbs: [get]}]'
HERE = (BOT, "billing")
FACT = "is as Kubernetes 1.35 ships it"


def labelled(name: str, labels: str, rules: str = "[]", aggregation: str = "") -> str:
    """A ClusterRole with labels and perhaps selectors, each written in flow style."""
    rule = f"aggregationRule: {{clusterRoleSelectors: {aggregation}}}" if aggregation else ""
    return f"""
---
apiVersion: {RBAC}/v1
kind: ClusterRole
metadata: {{name: {name}, labels: {labels}}}
rules: {rules}
{rule}
"""


def verbs(verb: str) -> str:
    """Rules with one verb, by which the role that gave it can be told."""
    return f'[{{apiGroups: [""], resources: [pods], verbs: [{verb}]}}]'


def held(found: Granted, holder: str = BOT) -> set[tuple[str, str, str]]:
    """Resource, action and certainty of what a principal holds."""
    return {(g.resource, g.action, g.certainty) for g in found.grants if g.holder == holder}


# --- aggregation --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("selectors", "chosen"),
    [
        ("[{matchLabels: {a: '1'}}]", {"get", "list"}),
        ("[{matchLabels: {a: '1', b: '2'}}]", {"list"}),
        ("[{matchLabels: {a: '1', b: '2'}}, {matchLabels: {c: '3'}}]", {"list", "watch"}),
        ("[{matchExpressions: [{key: a, operator: In, values: ['0', '1']}]}]", {"get", "list"}),
        ("[{matchExpressions: [{key: b, operator: Exists}]}]", {"list"}),
        (
            "[{matchLabels: {a: '1'}, matchExpressions: [{key: b, operator: DoesNotExist}]}]",
            {"get"},
        ),
        (
            "[{matchLabels: {m: x}, matchExpressions: [{key: a, operator: NotIn, values: ['1']}]}]",
            {"watch"},
        ),
    ],
)
def test_a_selector_chooses_by_labels(selectors: str, chosen: set[str]) -> None:
    """S6: any selector chooses, all its lines must match; NotIn is met without the label."""
    text = (
        labelled("one", "{a: '1', m: x}", verbs("get"))
        + labelled("two", "{a: '1', b: '2', m: x}", verbs("list"))
        + labelled("three", "{c: '3', m: x}", verbs("watch"))
        + labelled("r", "{}", aggregation=selectors)
        + binding(**EVERYWHERE)
    )
    found = of(text)
    assert {(action, certainty) for _, action, certainty in held(found)} == {
        (action, "proven") for action in chosen
    }
    assert not found.unresolved


def test_the_written_rules_of_an_aggregated_role_count_for_nothing() -> None:
    """S6: the server replaces them."""
    text = labelled("one", "{a: b}", verbs("get"))
    taker = labelled("r", "{}", verbs("delete"), "[{matchLabels: {a: b}}]")
    assert held(of(text + taker + binding(**EVERYWHERE))) == {("/pods", "get", "proven")}


def test_the_rules_in_an_export_are_what_the_server_put_there() -> None:
    """S6: an export of one aggregated role alone is not an empty role."""
    taker = labelled("r", "{}", GET_PODS, "[{matchLabels: {a: b}}]")
    exported = taker.replace("metadata: {name: r", "metadata: {uid: 7a1c, name: r")
    found = of(exported + binding(**EVERYWHERE))
    assert held(found) == {("/pods", "get", "proven")}
    assert not found.unresolved


def test_aggregation_goes_several_steps_and_round_in_circles() -> None:
    """S6: a role that is taken in may itself take others in, even the one that takes it."""
    text = (
        labelled("r", "{c: x}", aggregation="[{matchLabels: {a: x}}]")
        + labelled("middle", "{a: x}", aggregation="[{matchLabels: {b: x}}, {matchLabels: {c: x}}]")
        + labelled("leaf", "{b: x}", GET_PODS)
        + binding(**EVERYWHERE)
    )
    found = of(text)
    assert held(found) == {("/pods", "get", "proven")}
    note = found.grants[0].location.note
    assert note == "ClusterRole leaf, taken in by ClusterRole r, bound by ClusterRoleBinding b"


def test_a_role_is_no_part_of_an_aggregated_one() -> None:
    """S6: only ClusterRoles are selected; a Role with the label is not."""
    stray = role(GET_PODS).replace("{name: r,", "{name: r, labels: {a: b},")
    taker = labelled("r", "{}", aggregation="[{matchLabels: {a: b}}]")
    found = of(stray + taker + binding(**EVERYWHERE))
    assert not found.grants
    assert "by label" in found.unresolved[0].what


def test_two_definitions_of_a_part_need_a_fact() -> None:
    """S6: which one is applied is not in the files."""
    text = (
        labelled("one", "{a: b}", verbs("get"))
        + labelled("one", "{a: b}", verbs("delete"))
        + labelled("r", "{}", aggregation="[{matchLabels: {a: b}}]")
    )
    found = of(text + binding(**EVERYWHERE))
    assert {(g.action, g.certainty) for g in found.grants} == {
        ("get", "needs-fact"),
        ("delete", "needs-fact"),
    }


@pytest.mark.parametrize(
    ("aggregation", "message"),
    [
        ("7", "expected a list of clusterRoleSelectors"),
        ("[]", "the API server refuses it"),
        ("[{matchLabels: {a: true}}]", "write it in quotes"),
        ("[{matchLabels: [a]}]", "expected a map"),
        ("[{matchExpressions: [{key: a, operator: in, values: [b]}]}]", "did you mean 'In'"),
        ("[{matchExpressions: [{key: a, operator: In}]}]", "In needs values"),
        ("[{matchExpressions: [{key: a, operator: Exists, values: [b]}]}]", "Exists has no values"),
        ("[{matchExpressions: [{operator: Exists}]}]", "needs a key"),
    ],
)
def test_a_selector_that_cannot_be_read_is_refused(aggregation: str, message: str) -> None:
    """What chooses nothing by mistake would hide rights."""
    with pytest.raises(InputError, match=message):
        of(labelled("r", "{}", aggregation=aggregation))


def test_a_label_that_is_no_text_is_refused() -> None:
    """`aggregate-to-view: true` without quotes is refused by the server as well."""
    with pytest.raises(InputError, match="write it in quotes"):
        of(labelled("r", "{rbac.authorization.k8s.io/aggregate-to-view: true}"))


# --- built-in roles -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "may", "may_not"),
    [
        ("view", [("get", "/configmaps")], [("get", "/secrets"), ("create", "/pods")]),
        (
            "edit",
            [
                ("create", "/pods"),
                ("create", "/pods/exec"),
                ("get", "/secrets"),
                ("impersonate", "/serviceaccounts"),
                ("create", "/serviceaccounts/token"),
                ("get", "/endpoints"),
            ],
            [(f"{verb}", f"{RBAC}/rolebindings") for verb in ("create", "get")]
            + [("update", "/endpoints")],
        ),
        (
            "admin",
            [("create", f"{RBAC}/rolebindings"), ("get", "/secrets")],
            [("bind", f"{RBAC}/clusterroles"), ("escalate", f"{RBAC}/roles"), ("get", "/nodes")],
        ),
        ("cluster-admin", [("escalate", f"{RBAC}/roles"), ("delete", "/secrets")], []),
    ],
)
def test_a_built_in_role_gives_its_rights_with_a_fact(
    name: str, may: list[tuple[str, str]], may_not: list[tuple[str, str]]
) -> None:
    """S7: `edit` reads every Secret and is every account; that the cluster's is so is a fact."""
    found = of(binding(refers="ClusterRole", name=name))
    mine = [grant for grant in found.grants if grant.holder == BOT]
    assert {(grant.scope, grant.certainty) for grant in mine} == {("billing", "needs-fact")}
    assert all(FACT in grant.needs for grant in mine)
    assert all(allows(mine, *right) for right in may)
    assert not any(allows(mine, *right) for right in may_not)


def allows(grants: list[Grant], action: str, resource: str) -> bool:
    """Whether one of the grants opens it."""
    return any(
        grant.action in {"*", action} and resource_covers(grant.resource, resource, grant.scope)
        for grant in grants
    )


def test_a_reference_to_a_built_in_role_stays_open() -> None:
    """S7: the evidence does not define it, and says where it is referred to."""
    found = of(binding(refers="ClusterRole", name="view"))
    (hole,) = found.unresolved
    assert hole.what.endswith(
        "the ClusterRole view, which nothing in this evidence defines; "
        "it is taken as Kubernetes 1.35 ships it"
    )
    assert hole.holders == (BOT,)
    place = found.grants[0].location
    assert (place.span.line, "view" in place.text) == (hole.location.span.line, True)
    assert place.note.endswith("as Kubernetes 1.35 ships it, bound by RoleBinding billing/b")


def test_a_definition_in_the_evidence_wins() -> None:
    """S7: a cluster may have another `view` than the one it was born with."""
    found = of(role(GET_PODS, **CLUSTER, name="view") + binding(refers="ClusterRole", name="view"))
    assert held(found) == {("/pods", "get", "proven")}
    assert not found.unresolved


def test_a_chart_adds_to_a_built_in_role() -> None:
    """S6, S7: the label of a chart's role makes it a part of the built-in `edit` and `admin`."""
    label = '{rbac.authorization.k8s.io/aggregate-to-edit: "true"}'
    chart = labelled("widgets", label, verbs("frobnicate"))
    for name, expected in (("view", False), ("edit", True), ("admin", True)):
        found = of(chart + binding(refers="ClusterRole", name=name))
        mine = [grant for grant in found.grants if grant.action == "frobnicate"]
        assert bool(mine) == expected
        assert all("frobnicate" in grant.location.text for grant in mine)


def test_a_built_in_role_adds_to_one_of_the_evidence() -> None:
    """S6, S7: whoever selects the labels of the built-in roles takes their rules in."""
    label = "{rbac.authorization.k8s.io/aggregate-to-view: 'true'}"
    taker = labelled("r", "{}", aggregation=f"[{{matchLabels: {label}}}]")
    found = of(taker + binding(**EVERYWHERE))
    assert ("/configmaps", "get", "needs-fact") in held(found)
    assert {g.needs for g in found.grants} == {f"that ClusterRole system:aggregate-to-view {FACT}"}
    exported = taker.replace("metadata: {name: r", "metadata: {uid: 7a1c, name: r")
    assert not of(exported + binding(**EVERYWHERE)).grants


def test_another_release_is_told() -> None:
    """S7, S14: the roles differ between releases; a known other one is named."""
    text = binding(refers="ClusterRole", name="view")
    assert of(text, server_version="v1.35.2").grants[0].needs.endswith("ships it")
    other = of(text, server_version="1.29").grants[0].needs
    assert other.endswith("as Kubernetes 1.35 ships it, though the server is 1.29")


def test_a_built_in_role_is_found_in_its_own_namespace() -> None:
    """S7: the reader of the authentication settings is a Role of kube-system alone."""
    name = "extension-apiserver-authentication-reader"
    assert of(binding(namespace="kube-system", name=name)).grants
    assert not of(binding(namespace="billing", name=name)).grants
    assert not of(binding(kind="ClusterRoleBinding", namespace="", name=name)).grants


def test_cluster_admin_is_everything_with_a_fact() -> None:
    """S7: its holder becomes anybody at once, and nothing else is said of how."""
    found = of(
        binding(kind="ClusterRoleBinding", namespace="", refers="ClusterRole", name="cluster-admin")
    )
    assert [(edge.principal, edge.certainty) for edge in found.becomings] == [("*", "needs-fact")]
    assert not found.everything


def test_a_binding_to_nobody_leaves_nothing_open() -> None:
    """Whatever such a role is, no principal of the evidence has it."""
    assert not of(binding("null", name="elsewhere")).unresolved


def test_a_principal_of_the_system_holds_what_is_built_in() -> None:
    """S7: an impersonated controller reads every Secret by a binding that no file shows."""
    names = "[{kind: User, name: 'system:kube-controller-manager'}]"
    found = of(role(GET_PODS) + binding(names))
    user = "user:system:kube-controller-manager"
    assert ("/configmaps", "get", "proven") not in held(found, user)
    assert ("*/*", "list", "needs-fact") in held(found, user)
    (place,) = {g.location.text.strip() for g in found.grants if g.resource == "*/*"}
    assert "system:kube-controller-manager" in place
    assert held(of(role(GET_PODS) + binding("[{kind: User, name: ann}]")), "user:ann") == {
        ("/pods", "get", "proven")
    }


def test_what_is_shipped_is_what_the_project_publishes() -> None:
    """Roles, labels, rules and bindings equal those that Kubernetes tests itself against."""
    published = corpus("k8s-builtin-roles")
    items = [item for document in published for item in document.value["items"]]
    assert {_facts(item) for item in items} == {
        _facts({**manifest.body, "kind": manifest.kind}) for manifest in shipped_manifests()
    }
    assert len(shipped_roles()) == 38
    assert RELEASE == (1, 35)


def _facts(item: dict[str, Any]) -> str:
    """What decides of a role or binding, in one text."""
    metadata = item["metadata"]
    labels = {k: v for k, v in (metadata.get("labels") or {}).items() if "aggregate-to" in k}
    reference = item.get("roleRef") or {}
    subjects = [
        {key: subject.get(key) for key in ("kind", "name", "namespace")}
        for subject in item.get("subjects") or ()
    ]
    facts = (
        [item["kind"], metadata["name"], metadata.get("namespace"), labels],
        [item.get("aggregationRule"), item.get("rules") or [], subjects],
        [reference.get("kind"), reference.get("name")],
    )
    return json.dumps(facts, sort_keys=True)


def test_the_corpus_itself_reads_as_what_is_shipped() -> None:
    """A binding to `edit` gives the same by the files as without them."""
    bound = documents(binding(refers="ClusterRole", name="edit"))
    by_files = read((*corpus("k8s-builtin-roles"), *bound), Setting())
    without = read(bound)
    local = {(g.resource, g.action) for g in by_files.grants if (g.holder, g.scope) == HERE}
    assert local == {right[:2] for right in held(without)}
    assert can(by_files, BOT, "get", "/secrets")


def test_what_everybody_has_is_to_ask_what_there_is_and_what_oneself_may_do() -> None:
    """S8: a release whose implicit groups may do more must not be left out in silence."""
    groups = ("system:authenticated", "system:unauthenticated", "system:serviceaccounts")
    reading = Reading("")
    bindings = [one for one in shipped_manifests() if one.kind.endswith("Binding")]
    rules = {
        (subject.name, rule.verbs, (*rule.resources, *rule.urls))
        for binding in bindings
        for subject in reading.subjects(binding)
        if subject.name in groups
        for rule in shipped_roles()["ClusterRole", "", str(binding.value("roleRef", "name"))].rules
    }
    assert {name for name, _, _ in rules} == set(groups)
    asking = {"selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews"}
    for _, verbs, what in rules:
        urls = verbs == ("get",) and all(one.startswith("/") for one in what)
        assert urls or (verbs == ("create",) and asking.issuperset(what))
