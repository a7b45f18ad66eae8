"""Whose token the pods of a workload carry, and so whom one becomes by a command in one of them."""

from __future__ import annotations

import pytest

from blastlint.source import InputError
from providers.evidence import BOT, CLUSTER, EVERYWHERE, binding, of, role

PAYER = "system:serviceaccount:billing:payer"
EXEC = '[{apiGroups: [""], resources: [pods/exec], verbs: [create]}]'


def workload(
    spec: str, kind: str = "Deployment", group: str = "apps/v1", more: str = "", space: str = ""
) -> str:
    """An object whose pods have a spec, written in flow style."""
    inside = {
        "Pod": spec,
        "CronJob": f"{{jobTemplate: {{spec: {{template: {{spec: {spec}}}}}}}}}",
    }.get(kind, f"{{template: {{spec: {spec}}}{more}}}")
    return f"""
---
apiVersion: {group}
kind: {kind}
metadata: {{name: w, namespace: {space or "billing"}}}
spec: {inside}
"""


def account(automount: str) -> str:
    """The account `payer`, which leaves its token out of pods or not."""
    return f"""
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: payer, namespace: billing}}
automountServiceAccountToken: {automount}
"""


def sure(text: str, rules: str = EXEC) -> set[str]:
    """Whom the bot becomes for sure by running commands in pods of its namespace."""
    found = of(text + role(rules) + binding())
    assert ("system:serviceaccount:billing:*", "needs-fact") in {
        (edge.principal, edge.certainty) for edge in found.becomings if edge.holder == BOT
    }
    return {e.principal for e in found.becomings if (e.holder, e.certainty) == (BOT, "proven")}


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("Pod", "v1"),
        ("ReplicationController", "v1"),
        ("Deployment", "apps/v1"),
        ("DaemonSet", "apps/v1"),
        ("ReplicaSet", "apps/v1"),
        ("StatefulSet", "apps/v1"),
        ("Job", "batch/v1"),
        ("CronJob", "batch/v1"),
    ],
)
def test_a_command_in_a_known_pod_is_its_account(kind: str, group: str) -> None:
    """K7, S10: the evidence may show who the pods run as; others may run besides."""
    assert sure(workload("{serviceAccountName: payer}", kind, group)) == {PAYER}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (workload("{serviceAccount: payer}"), {PAYER}),
        (workload("{containers: []}"), {"system:serviceaccount:billing:default"}),
        (workload("{serviceAccountName: payer}", space="other"), set()),
        (workload("{serviceAccountName: payer}", more=", replicas: 0"), set()),
        (workload("{serviceAccountName: payer}", group="example.com/v1"), set()),
        (workload("null"), set()),
    ],
)
def test_a_pod_without_an_account_runs_as_the_default_one(text: str, expected: set[str]) -> None:
    """S10: the old field counts too; another namespace, kind or no pod at all does not."""
    assert sure(text) == expected


@pytest.mark.parametrize(
    ("of_account", "of_pod", "expected"),
    [
        ("true", "", {PAYER}),
        ("false", "", set()),
        ("true", ", automountServiceAccountToken: false", set()),
        ("false", ", automountServiceAccountToken: true", {PAYER}),
        (
            "false",
            ", volumes: [{projected: {sources: [{serviceAccountToken: {path: t}}]}}]",
            {PAYER},
        ),
        ("false", ", volumes: [{emptyDir: {}}, {projected: {sources: [{secret: {}}]}}]", set()),
    ],
)
def test_a_pod_without_a_token_gives_none(of_account: str, of_pod: str, expected: set[str]) -> None:
    """S10: the pod's word counts before its account's, and a projected token before both."""
    pod = workload(f"{{serviceAccountName: payer{of_pod}}}")
    assert sure(account(of_account) + pod) == expected


def test_a_pod_by_name_is_not_known_from_its_template() -> None:
    """S10: the name of a pod is made up when it starts."""
    named = EXEC.replace("verbs:", "resourceNames: [w-1], verbs:")
    assert sure(workload("{serviceAccountName: payer}"), named) == set()


def test_commands_everywhere_are_every_known_pod() -> None:
    """K7, K8: with the right in every namespace, pods of every namespace count."""
    pods = workload("{serviceAccountName: payer}") + workload("{}", space="shop")
    found = of(pods + role(EXEC, **CLUSTER) + binding(**EVERYWHERE))
    assert {edge.principal for edge in found.becomings if edge.certainty == "proven"} == {
        PAYER,
        "system:serviceaccount:shop:default",
    }


def test_a_workload_alone_says_nothing_of_access() -> None:
    """A file without roles and accounts is not the evidence that was meant."""
    with pytest.raises(InputError, match="no role, binding or service account"):
        of(workload("{serviceAccountName: payer}"))
