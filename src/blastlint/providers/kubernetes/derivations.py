"""The ways in which Kubernetes lets the holder of some rights become somebody else, as a table."""

from __future__ import annotations

from blastlint.providers.kubernetes.effects import RBAC
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Target = Literal[
        "accounts",
        "named accounts",
        "running accounts",
        "workload",
        "every account",
        "users",
        "groups",
        "anybody",
        "node",
        "webhook",
        "everything",
        "cluster",
    ]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A right that a derivation needs: any of the verbs on any of the resources."""

    resources: tuple[str, ...]
    """Resources, any of which will do."""
    verbs: tuple[str, ...]
    """Verbs, any of which will do."""
    names: tuple[str, ...] = ()
    """Object names, one of which a right that is limited to names must include; empty: any will.

    `{where}` is the namespace that the other rights hold in.
    """
    scope: str = ""
    """The one namespace that it is about; empty: any."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A set of rights that together let their holder become somebody else."""

    name: str
    """What happens, in a few words."""
    all_of: tuple[Requirement, ...]
    """Rights that must all be held, in one namespace or everywhere.

    By one principal: `bind` and `escalate` are asked for in the call that writes the binding or
    role, and so is the user with the group that is impersonated.
    """
    target: Target
    """Whom one becomes.

    `accounts`: the service accounts in scope; `named accounts`: those, or the ones that the first
    right names; `running accounts`: those that pods in scope run as; `workload`: those in
    scope, and a pod with all that it can mount; `every account`: of the cluster; `users`, `groups`:
    any, or those named; `anybody`: but for the masters; `node`: any node; `webhook`: who sees
    objects as they are written; `everything`: in scope; `cluster`: everything, wherever the rights
    hold.
    """
    missing: str = ""
    """The fact that decides whether it works; empty when it always does."""
    named: str = ""
    """The fact that decides instead when a right is limited to names."""
    known: tuple[str, ...] = ()
    """Names of which that fact is known."""
    everywhere: bool = False
    """Only rights that hold in every namespace count."""
    before: tuple[int, int] | None = None
    """First server version in which it no longer works."""
    sure_before: tuple[int, int] | None = None
    """First server version in which the missing fact decides; before, it always works."""
    lifts_pod_security: bool = False
    """It is a way only where Pod Security stops a pod from taking over its node."""
    on: str = ""
    """The only platform that has it: `eks`; empty for all."""
    calls: tuple[tuple[int, str], ...] = ()
    """The calls, in words, with how many of the rights each asks for, in their order.

    Each call is allowed to whoever makes it, so different principals may make them. Empty if there
    is but one call.
    """


_WRITE = ("create", "update", "patch")
_READ = ("get", "list", "watch", "patch")
"""Verbs whose answer is the object: a patch that changes nothing reads it too."""
_WORKLOADS = (
    "/replicationcontrollers",
    "apps/daemonsets",
    "apps/deployments",
    "apps/replicasets",
    "apps/statefulsets",
    "batch/cronjobs",
    "batch/jobs",
)
_CONTROLLED = (
    "agents.x-k8s.io/sandboxes",
    "argoproj.io/cronworkflows",
    "argoproj.io/rollouts",
    "argoproj.io/workflows",
    "batch.volcano.sh/jobs",
    "jobset.x-k8s.io/jobsets",
    "kagent.dev/agents",
    "keda.sh/scaledjobs",
    "kubeflow.org/mpijobs",
    "kubeflow.org/notebooks",
    "kubeflow.org/pytorchjobs",
    "leaderworkerset.x-k8s.io/leaderworkersets",
    "monitoring.coreos.com/alertmanagers",
    "monitoring.coreos.com/prometheuses",
    "ray.io/rayclusters",
    "ray.io/rayjobs",
    "ray.io/rayservices",
    "serving.knative.dev/configurations",
    "serving.knative.dev/services",
    "sparkoperator.k8s.io/sparkapplications",
    "tekton.dev/pipelineruns",
    "tekton.dev/taskruns",
)
"""Custom resources that hold a pod template, or name a service account for the pods they start."""

_PODS_RUN_AS = "which service accounts the pods in {where} run as"
_PRIVILEGED = (
    "whether anything else stops a privileged pod in {where}, and which pods share its node"
)
_RUN_POD = Requirement(("/pods",), ("create",))
_RUN_WORKLOAD = Requirement(_WORKLOADS, _WRITE)
_RELABEL = Requirement(("/namespaces",), ("update", "patch"), ("{where}",))
_CREATE_VOLUME = Requirement(("/persistentvolumes",), ("create",))
_DISK = "whether anything stops volumes on a node's own disk, and which pods run on that node"
_BIND_CLUSTERROLES = Requirement((f"{RBAC}/clusterroles",), ("bind",))
_IMPERSONATE_NAME = Requirement(("/users", "/serviceaccounts"), ("impersonate",))
_ADMIN = ("cluster-admin",)
_CSR = "certificates.k8s.io/certificatesigningrequests"
_ADMISSION = "admissionregistration.k8s.io"
_SIGNER = "kubernetes.io/kube-apiserver-client"
_ANY_SIGNER = "kubernetes.io/*"
_ASK_APPROVE = ((1, "ask for a certificate"), (2, "approve a certificate"))
"""Whoever approves needs both other rights, for one call."""
_APPROVE_OWN = (
    Requirement((_CSR,), ("create",)),
    Requirement((f"{_CSR}/approval",), ("update", "patch")),
)


def _approve(signer: str) -> Requirement:
    return Requirement(("certificates.k8s.io/signers",), ("approve",), (signer, _ANY_SIGNER))


def _escalate(roles: str) -> Requirement:
    return Requirement((f"{RBAC}/{roles}",), ("escalate",))


DERIVATIONS: tuple[Derivation, ...] = (
    Derivation(
        "read a stored token",
        (Requirement(("/secrets",), _READ),),
        "accounts",
        missing="which service accounts have a token stored as a Secret in {where}",
        named="whether {names} holds the token of a service account",
        sure_before=(1, 24),
    ),
    Derivation(
        "request a token",
        (Requirement(("/serviceaccounts/token",), ("create",)),),
        "named accounts",
    ),
    Derivation(
        "have a token stored and read it back",
        (Requirement(("/secrets",), ("create",)), Requirement(("/secrets",), _READ)),
        "accounts",
        calls=((1, "create a Secret"), (1, "read Secrets")),
    ),
    Derivation("run a pod", (_RUN_POD,), "workload"),
    Derivation("run a workload", (_RUN_WORKLOAD,), "workload"),
    Derivation(
        "have a controller run a pod",
        (Requirement(_CONTROLLED, _WRITE),),
        "workload",
        missing="whether a controller runs pods for it in {where}, and as which service accounts",
    ),
    Derivation(
        "change a running pod",
        (Requirement(("/pods", "/pods/ephemeralcontainers"), ("update", "patch")),),
        "running accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod",
        (Requirement(("/pods/exec", "/pods/attach"), ("create",)),),
        "running accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod by a GET request",
        (Requirement(("/pods/exec", "/pods/attach"), ("get",)),),
        "running accounts",
        missing=_PODS_RUN_AS,
        before=(1, 35),
    ),
    Derivation(
        "run commands through a node",
        (Requirement(("/nodes/proxy",), ("get", "create")),),
        "running accounts",
        missing=_PODS_RUN_AS,
        everywhere=True,
    ),
    Derivation(
        "lift Pod Security and take over a node from a pod",
        (_RUN_POD, _RELABEL),
        "every account",
        missing=_PRIVILEGED,
        lifts_pod_security=True,
        calls=((1, "run a pod"), (1, "relabel the namespace")),
    ),
    Derivation(
        "lift Pod Security and take over a node from a workload",
        (_RUN_WORKLOAD, _RELABEL),
        "every account",
        missing=_PRIVILEGED,
        lifts_pod_security=True,
        calls=((1, "run a workload"), (1, "relabel the namespace")),
    ),
    Derivation(
        "mount a node's disk in a pod",
        (_CREATE_VOLUME, _RUN_POD),
        "every account",
        missing=_DISK,
        calls=((1, "create a PersistentVolume"), (1, "run a pod")),
    ),
    Derivation(
        "mount a node's disk in a workload",
        (_CREATE_VOLUME, _RUN_WORKLOAD),
        "every account",
        missing=_DISK,
        calls=((1, "create a PersistentVolume"), (1, "run a workload")),
    ),
    Derivation(
        "impersonate a service account",
        (Requirement(("/serviceaccounts",), ("impersonate",)),),
        "named accounts",
    ),
    Derivation(
        "impersonate a user",
        (Requirement(("/users",), ("impersonate",)),),
        "users",
        everywhere=True,
    ),
    Derivation(
        "impersonate a group",
        (Requirement(("/groups",), ("impersonate",)), _IMPERSONATE_NAME),
        "groups",
        everywhere=True,
    ),
    Derivation(
        "sign a certificate in another name",
        (*_APPROVE_OWN, _approve(_SIGNER)),
        "anybody",
        missing="whether the cluster signs certificates of clients",
        everywhere=True,
        calls=_ASK_APPROVE,
    ),
    Derivation(
        "sign a certificate in a node's name",
        (*_APPROVE_OWN, _approve(f"{_SIGNER}-kubelet")),
        "node",
        missing="whether the cluster signs certificates of nodes",
        everywhere=True,
        calls=_ASK_APPROVE,
    ),
    Derivation(
        "have every write changed by a webhook",
        (Requirement((f"{_ADMISSION}/mutatingwebhookconfigurations",), _WRITE),),
        "cluster",
        missing="whether the API server can call a webhook of the holder's",
        everywhere=True,
    ),
    Derivation(
        "have every write sent to a webhook",
        (Requirement((f"{_ADMISSION}/validatingwebhookconfigurations",), _WRITE),),
        "webhook",
        missing="whether the API server can call a webhook of the holder's",
        everywhere=True,
    ),
    Derivation(
        "have every write changed by a policy",
        (
            Requirement((f"{_ADMISSION}/mutatingadmissionpolicies",), _WRITE),
            Requirement((f"{_ADMISSION}/mutatingadmissionpolicybindings",), _WRITE),
        ),
        "cluster",
        missing="whether the server has MutatingAdmissionPolicy switched on",
        everywhere=True,
        calls=((1, "write a MutatingAdmissionPolicy"), (1, "bind a MutatingAdmissionPolicy")),
    ),
    Derivation(
        "map itself to the masters in aws-auth",
        (Requirement(("/configmaps",), ("update", "patch"), ("aws-auth",), "kube-system"),),
        "cluster",
        missing="whether the cluster takes IAM identities from the ConfigMap aws-auth",
        on="eks",
    ),
    Derivation(
        "rewrite roles beyond its own rights",
        (_escalate("roles"), Requirement((f"{RBAC}/roles",), ("update", "patch"))),
        "everything",
        missing="which Roles in {where} are bound to it",
    ),
    Derivation(
        "make the role that a binding waits for",
        (_escalate("roles"), Requirement((f"{RBAC}/roles",), ("create",))),
        "everything",
        missing="whether a RoleBinding in {where} names a Role that does not exist",
    ),
    Derivation(
        "rewrite clusterroles beyond its own rights",
        (_escalate("clusterroles"), Requirement((f"{RBAC}/clusterroles",), ("update", "patch"))),
        "everything",
        named="whether {names} is bound to it",
        everywhere=True,
    ),
    Derivation(
        "make the clusterrole that a binding waits for",
        (_escalate("clusterroles"), Requirement((f"{RBAC}/clusterroles",), ("create",))),
        "everything",
        missing="whether a binding names a ClusterRole that does not exist",
        everywhere=True,
    ),
    Derivation(
        "bind any role everywhere",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/clusterrolebindings",), ("create",))),
        "everything",
        named="what {names} allows",
        known=_ADMIN,
        everywhere=True,
    ),
    Derivation(
        "bind any role",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/rolebindings",), ("create",))),
        "everything",
        named="what {names} allows",
        known=_ADMIN,
    ),
    Derivation(
        "join an existing binding everywhere",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/clusterrolebindings",), ("update", "patch"))),
        "everything",
        missing="what the existing ClusterRoleBindings give",
        everywhere=True,
    ),
    Derivation(
        "join an existing binding",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/rolebindings",), ("update", "patch"))),
        "everything",
        missing="what the existing RoleBindings in {where} give",
    ),
    Derivation(
        "bind the roles of a namespace",
        (
            Requirement((f"{RBAC}/roles",), ("bind",)),
            Requirement((f"{RBAC}/rolebindings",), _WRITE),
        ),
        "everything",
        missing="what the Roles in {where} allow",
    ),
)
"""Every known way to become somebody else; `escalate` and `bind` need their second half."""
