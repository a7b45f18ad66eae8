"""Kubernetes RBAC: who may do what, from roles, bindings and service accounts in files.

The unit is a binding together with its role: the role says what, the binding says who and where.
Principals are written `system:serviceaccount:NAMESPACE:NAME`, `user:NAME` and `group:NAME`; a
namespace that no file states is `?`, and every grant that hangs on it needs that fact. Names that
stand for something else than a principal are explained in `standins`.

A role of Kubernetes' own that no file defines is taken as the release in `roles` ships it: its
grants need that fact, and the reference stays unresolved. A definition in the evidence wins.
"""

from __future__ import annotations

from blastlint.providers.grants import UNSTATED, Granted, Unresolved
from blastlint.providers.kubernetes.becoming import becomings
from blastlint.providers.kubernetes.cluster import Cluster, binding_of
from blastlint.providers.kubernetes.effects import effect, resource_covers
from blastlint.providers.kubernetes.identities import ANNOTATIONS, identities
from blastlint.providers.kubernetes.objects import Reading
from blastlint.providers.kubernetes.roles import Roles, role_of
from blastlint.providers.kubernetes.situation import situation
from blastlint.providers.kubernetes.standins import without_a_token
from blastlint.providers.kubernetes.workloads import AUTOMOUNT, POD_SPEC, workload_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.providers.grants import Setting
    from blastlint.providers.kubernetes.objects import Manifest
    from blastlint.source import Document

__all__ = ["PASSED_OVER", "QUOTABLE", "effect", "read", "resource_covers"]

QUOTABLE = frozenset(
    {
        *("apiVersion", "kind", "metadata", "name", "namespace", "items", "labels", "annotations"),
        *("rules", "apiGroup", "apiGroups", "resources", "verbs", "resourceNames"),
        *("nonResourceURLs", "roleRef", "subjects", "aggregationRule", "clusterRoleSelectors"),
        *("matchLabels", "matchExpressions", "key", "operator", "values"),
        *("spec", "template", "serviceAccountName", "serviceAccount", AUTOMOUNT, "continue"),
        *(annotation for annotation, _ in ANNOTATIONS),
    }
)
"""Keys whose values say who may do what, and hold no secrets."""
PASSED_OVER = frozenset({"openAPIV3Schema"})
"""The schema of a CustomResourceDefinition: most of a large manifest, and nothing about access."""
_CUT = "this is one page of a longer list of objects: the others are not here"
_ENFORCE = "pod-security.kubernetes.io/enforce"
"""Label of a Namespace: the level of Pod Security Standards that its pods must keep to."""


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """Grants, and what they let one become, of all documents taken together.

    Args:
        documents: Manifests, lists, exports; kinds that say nothing of access are passed over.
        setting: The cluster they come from.
    """
    reading = Reading(setting.namespace)
    cluster = Cluster(setting.system, setting.namespace, Roles(setting.server_version))
    for manifest in reading.manifests(documents):
        _take_in(cluster, reading, manifest)
    reading.raise_problems()
    grants = (*cluster.grants(), *cluster.shipped_grants())
    reach = becomings(grants, situation(cluster, setting.server_version))
    outside = (*cluster.identities, *without_a_token(grants, sorted(cluster.accounts)))
    cut = (Unresolved(_CUT, place) for place in reading.cut)
    return Granted(
        grants=(*grants, *reach.grants),
        becomings=(*reach.becomings, *outside),
        shares=reach.shares,
        joints=reach.joints,
        unresolved=(*cluster.unresolved, *cut),
        principals=tuple(sorted((*cluster.accounts, *cluster.others))),
        everything=reach.everything | ({"group:system:masters"} & cluster.others.keys()),
    )


def _take_in(cluster: Cluster, reading: Reading, manifest: Manifest) -> None:
    if manifest.kind == "ServiceAccount":
        _take_in_account(cluster, reading, manifest)
    elif manifest.kind in {"Role", "ClusterRole"}:
        cluster.roles.add(role_of(reading, manifest))
    elif manifest.kind in {"RoleBinding", "ClusterRoleBinding"}:
        cluster.take_in(binding_of(reading, manifest))
    elif manifest.kind == "Namespace":
        labels = reading.table(manifest, "metadata", "labels")
        enforced = reading.text(manifest, labels, "metadata", "labels", _ENFORCE)
        cluster.levels[manifest.name] = enforced
    elif manifest.kind in POD_SPEC:
        _take_in_workload(cluster, reading, manifest)
    elif manifest.value("spec", "scope") == "Cluster":
        names = (manifest.value("spec", "group"), manifest.value("spec", "names", "plural"))
        cluster.custom.add("{}/{}".format(*names))


def _take_in_account(cluster: Cluster, reading: Reading, manifest: Manifest) -> None:
    principal = cluster.name(manifest.name, manifest.namespace)
    cluster.accounts.setdefault(principal, manifest.at("metadata", "name"))
    cluster.identities += identities(reading, manifest, principal)
    if manifest.value(AUTOMOUNT) is False:
        cluster.tokenless.add(principal)


def _take_in_workload(cluster: Cluster, reading: Reading, manifest: Manifest) -> None:
    workload = workload_of(reading, manifest)
    if workload:
        principal = cluster.name(workload.account, workload.namespace)
        cluster.accounts.setdefault(principal, manifest.at("metadata"))
        cluster.workloads.append(workload)
