"""The ways in which Kubernetes lets the holder of some rights become somebody else, as a table."""

from __future__ import annotations

from blastlint.providers.kubernetes.effects import RBAC
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Target = Literal["accounts", "named accounts", "users", "groups", "everything"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A right that a derivation needs: any of the verbs on any of the resources."""

    resources: tuple[str, ...]
    """Resources, any of which will do."""
    verbs: tuple[str, ...]
    """Verbs, any of which will do."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """A set of rights that together let their holder become somebody else."""

    name: str
    """What happens, in a few words."""
    all_of: tuple[Requirement, ...]
    """Rights that must all be held, in one namespace or everywhere."""
    target: Target
    """Whom one becomes: service accounts in scope, those named, users, groups, or anybody."""
    missing: str = ""
    """The fact that decides whether it works; empty when it always does."""
    named: str = ""
    """The fact that decides when a right is limited to names; empty when names are harmless."""
    everywhere: bool = False
    """Only rights that hold in every namespace count."""
    before: tuple[int, int] | None = None
    """First server version in which it no longer works."""


_RUN = ("create", "update", "patch")
_READ = ("get", "list", "watch")
_WORKLOADS = (
    "/replicationcontrollers",
    "apps/daemonsets",
    "apps/deployments",
    "apps/replicasets",
    "apps/statefulsets",
    "batch/cronjobs",
    "batch/jobs",
)
_PODS_RUN_AS = "which service accounts the pods in {where} run as"
_BIND_CLUSTERROLES = Requirement((f"{RBAC}/clusterroles",), ("bind",))
_IMPERSONATE_NAME = Requirement(("/users", "/serviceaccounts"), ("impersonate",))

DERIVATIONS: tuple[Derivation, ...] = (
    Derivation(
        "read a stored token",
        (Requirement(("/secrets",), _READ),),
        "accounts",
        missing="which service accounts have a token stored as a Secret in {where}",
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
    ),
    Derivation("run a pod", (Requirement(("/pods",), ("create",)),), "accounts"),
    Derivation("run a workload", (Requirement(_WORKLOADS, _RUN),), "accounts"),
    Derivation(
        "change a running pod",
        (Requirement(("/pods", "/pods/ephemeralcontainers"), ("update", "patch")),),
        "accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod",
        (Requirement(("/pods/exec", "/pods/attach"), ("create",)),),
        "accounts",
        missing=_PODS_RUN_AS,
    ),
    Derivation(
        "run commands in a pod by a GET request",
        (Requirement(("/pods/exec", "/pods/attach"), ("get",)),),
        "accounts",
        missing=_PODS_RUN_AS,
        before=(1, 35),
    ),
    Derivation(
        "run commands through a node",
        (Requirement(("/nodes/proxy",), ("get", "create")),),
        "accounts",
        missing=_PODS_RUN_AS,
        everywhere=True,
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
        "rewrite roles beyond its own rights",
        (
            Requirement((f"{RBAC}/roles",), ("escalate",)),
            Requirement((f"{RBAC}/roles",), ("update", "patch")),
        ),
        "everything",
        missing="which Roles in {where} are bound to it",
    ),
    Derivation(
        "rewrite clusterroles beyond its own rights",
        (
            Requirement((f"{RBAC}/clusterroles",), ("escalate",)),
            Requirement((f"{RBAC}/clusterroles",), ("update", "patch")),
        ),
        "everything",
        named="whether {names} is bound to it",
        everywhere=True,
    ),
    Derivation(
        "bind any role everywhere",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/clusterrolebindings",), ("create",))),
        "everything",
        named="what {names} allows",
        everywhere=True,
    ),
    Derivation(
        "bind any role",
        (_BIND_CLUSTERROLES, Requirement((f"{RBAC}/rolebindings",), ("create",))),
        "everything",
        named="what {names} allows",
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
            Requirement((f"{RBAC}/rolebindings",), ("create", "update", "patch")),
        ),
        "everything",
        missing="what the Roles in {where} allow",
    ),
)
"""Every known way to become somebody else; `escalate` and `bind` need their second half."""
