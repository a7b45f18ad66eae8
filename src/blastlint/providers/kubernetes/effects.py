"""How Kubernetes matches resources, and what each verb on them changes.

A resource is written `GROUP/RESOURCE[/SUBRESOURCE]`: the core group is empty (`/pods`,
`/pods/exec`), `*` stands for every group or resource (`*/*`), `apps/*/scale` for the subresource
`scale` of every resource of a group. A path outside the resources is written `url:PATH`
(`url:/metrics`). In an inventory people may also write the forms of kubectl: `pods`, `pods/exec`,
`deployments.apps`.
"""

from __future__ import annotations

from functools import lru_cache

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.grants import Effect

RBAC = "rbac.authorization.k8s.io"
URL = "url:"

_CORE_WITH_SUBRESOURCES = frozenset(
    {
        "namespaces",
        "nodes",
        "persistentvolumeclaims",
        "persistentvolumes",
        "pods",
        "replicationcontrollers",
        "resourcequotas",
        "serviceaccounts",
        "services",
    }
)
"""Resources of the core group that people write without its slash: `pods/exec`."""

_SEVERITY: tuple[Effect, ...] = (
    "read",
    "append",
    "notify",
    "mutate",
    "destroy",
    "spend",
    "execute",
    "grant",
)
"""Effects from harmless to worst."""

VERBS: dict[str, Effect] = {
    "get": "read",
    "list": "read",
    "watch": "read",
    "create": "append",
    "update": "mutate",
    "patch": "mutate",
    "delete": "destroy",
    "deletecollection": "destroy",
    "approve": "grant",
    "attest": "grant",
    "bind": "grant",
    "escalate": "grant",
    "impersonate": "grant",
    "sign": "grant",
    "use": "grant",
    "*": "grant",
}
"""What a verb changes on a resource that has no row of its own."""

URL_VERBS: dict[str, Effect] = {
    "get": "read",
    "head": "read",
    "options": "read",
    "post": "append",
    "put": "mutate",
    "patch": "mutate",
    "delete": "destroy",
    "*": "grant",
}
"""What a verb changes on a path outside the resources; it is the HTTP method in lower case."""

_WRITES = ("create", "update", "patch")
_CALLS = ("get", "create", "update", "patch")

SPECIAL: tuple[tuple[str, tuple[str, ...], Effect], ...] = (
    # A question that stores nothing.
    ("authentication.k8s.io/selfsubjectreviews", ("create",), "read"),
    ("authentication.k8s.io/tokenreviews", ("create",), "read"),
    ("authorization.k8s.io/localsubjectaccessreviews", ("create",), "read"),
    ("authorization.k8s.io/selfsubjectaccessreviews", ("create",), "read"),
    ("authorization.k8s.io/selfsubjectrulesreviews", ("create",), "read"),
    ("authorization.k8s.io/subjectaccessreviews", ("create",), "read"),
    # A call into a running workload. `get` opens the same connection as `create`: on nodes/proxy in
    # every release, on the others before 1.35.
    ("/pods/exec", ("get", "create"), "execute"),
    ("/pods/attach", ("get", "create"), "execute"),
    ("/pods/portforward", ("get", "create"), "execute"),
    ("/pods/proxy", _CALLS, "execute"),
    ("/services/proxy", _CALLS, "execute"),
    ("/nodes/proxy", _CALLS, "execute"),
    ("/pods/ephemeralcontainers", ("update", "patch"), "execute"),
    # A create that takes something away, or puts it in its place.
    ("/pods/eviction", ("create",), "destroy"),
    ("/pods/binding", ("create",), "mutate"),
    ("/bindings", ("create",), "mutate"),
    # Somebody gets rights.
    ("/serviceaccounts/token", ("create",), "grant"),
    (f"{RBAC}/roles", _WRITES, "grant"),
    (f"{RBAC}/clusterroles", _WRITES, "grant"),
    (f"{RBAC}/rolebindings", _WRITES, "grant"),
    (f"{RBAC}/clusterrolebindings", _WRITES, "grant"),
    ("certificates.k8s.io/certificatesigningrequests/approval", ("update", "patch"), "grant"),
    ("admissionregistration.k8s.io/mutatingadmissionpolicies", _WRITES, "grant"),
    ("admissionregistration.k8s.io/mutatingadmissionpolicybindings", _WRITES, "grant"),
    ("admissionregistration.k8s.io/mutatingwebhookconfigurations", _WRITES, "grant"),
    ("admissionregistration.k8s.io/validatingwebhookconfigurations", _WRITES, "grant"),
)
"""Resources on which a verb does something else than its name says."""

_CLUSTER_SCOPED = frozenset(
    {
        "/componentstatuses",
        "/namespaces",
        "/nodes",
        "/persistentvolumes",
        "admissionregistration.k8s.io/mutatingadmissionpolicies",
        "admissionregistration.k8s.io/mutatingadmissionpolicybindings",
        "admissionregistration.k8s.io/mutatingwebhookconfigurations",
        "admissionregistration.k8s.io/validatingadmissionpolicies",
        "admissionregistration.k8s.io/validatingadmissionpolicybindings",
        "admissionregistration.k8s.io/validatingwebhookconfigurations",
        "apiextensions.k8s.io/customresourcedefinitions",
        "apiregistration.k8s.io/apiservices",
        "authentication.k8s.io/selfsubjectreviews",
        "authentication.k8s.io/tokenreviews",
        "authentication.k8s.io/uids",
        "authentication.k8s.io/userextras",
        "authorization.k8s.io/selfsubjectaccessreviews",
        "authorization.k8s.io/selfsubjectrulesreviews",
        "authorization.k8s.io/subjectaccessreviews",
        "/groups",
        "/users",
        "certificates.k8s.io/certificatesigningrequests",
        "certificates.k8s.io/clustertrustbundles",
        "certificates.k8s.io/signers",
        "flowcontrol.apiserver.k8s.io/flowschemas",
        "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations",
        "metrics.k8s.io/nodes",
        "networking.k8s.io/ingressclasses",
        "networking.k8s.io/ipaddresses",
        "networking.k8s.io/servicecidrs",
        "node.k8s.io/runtimeclasses",
        "policy/podsecuritypolicies",
        f"{RBAC}/clusterrolebindings",
        f"{RBAC}/clusterroles",
        "resource.k8s.io/deviceclasses",
        "resource.k8s.io/devicetaintrules",
        "resource.k8s.io/resourceslices",
        "scheduling.k8s.io/priorityclasses",
        "security.openshift.io/securitycontextconstraints",
        "storage.k8s.io/csidrivers",
        "storage.k8s.io/csinodes",
        "storage.k8s.io/storageclasses",
        "storage.k8s.io/volumeattachments",
        "storage.k8s.io/volumeattributesclasses",
        "storagemigration.k8s.io/storageversionmigrations",
    }
)
"""Resources that live in no namespace."""

_CHECKED_IN_A_NAMESPACE = frozenset(
    {
        (f"{RBAC}/clusterroles", "bind"),
        ("policy/podsecuritypolicies", "use"),
        ("security.openshift.io/securitycontextconstraints", "use"),
    }
)
"""Verbs on cluster-scoped resources that the server checks in the namespace where they are used."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource, taken apart."""

    group: str
    """API group; empty for the core group, `*` for all of them."""
    name: str
    """Plural name, or `*`."""
    subresource: str
    """Subresource; empty when the resource itself is meant."""

    @property
    def top(self) -> str:
        """The resource without its subresource, `GROUP/RESOURCE`."""
        return f"{self.group}/{self.name}"


@lru_cache(maxsize=4096)
def resource(written: str) -> Resource:
    """Take apart what somebody wrote: `apps/deployments`, `deployments.apps`, `pods`."""
    group, slash, rest = written.partition("/")
    if not slash:
        name, _, group = written.partition(".")
        return Resource("*" if written == "*" else group, name, "")
    if group in _CORE_WITH_SUBRESOURCES:
        return Resource("", group, rest)
    name, _, subresource = rest.partition("/")
    return Resource(group, name, subresource)


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:
    """Whether a grant of one resource (in a namespace, unless the scope is `*`) opens another."""
    if granted.startswith(URL) or needed.startswith(URL):
        return scope == "*" and _url_covers(granted, needed)
    have, need = resource(granted), resource(needed)
    if "*" in have.subresource or have.group not in {"*", need.group}:
        return False
    if scope != "*" and have.name == "*" and need.top in _CLUSTER_SCOPED:
        return False
    if have.name == "*":
        return not have.subresource or have.subresource == need.subresource
    return (have.name, have.subresource) == (need.name, need.subresource)


def _url_covers(granted: str, needed: str) -> bool:
    if not (granted.startswith(URL) and needed.startswith(URL)):
        return False
    return granted == needed or (granted.endswith("*") and needed.startswith(granted[:-1]))


def cluster_scoped(written: str) -> bool:
    """Whether the resource lives in no namespace, as far as the built-in ones tell."""
    return resource(written).top in _CLUSTER_SCOPED


def checked_in_a_namespace(written: str, verb: str) -> bool:
    """Whether the server checks this verb of a cluster-scoped resource where it is used."""
    return (resource(written).top, verb) in _CHECKED_IN_A_NAMESPACE


@lru_cache(maxsize=4096)
def effect(written: str, action: str) -> Effect:
    """What the action changes; with a wildcard in the resource, the worst of what it covers."""
    if written.startswith(URL):
        return URL_VERBS.get(action.lower(), "unknown")
    if action not in VERBS:
        return "unknown"
    rows = [(row, does) for row, verbs, does in SPECIAL if action in verbs]
    exact = [does for row, does in rows if resource(row) == resource(written)]
    covered = [does for row, does in rows if resource_covers(written, row)]
    return exact[0] if exact else max([VERBS[action], *covered], key=_SEVERITY.index)
