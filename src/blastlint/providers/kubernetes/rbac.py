"""Kubernetes RBAC: who may do what, from roles, bindings and service accounts in files.

The unit is a binding together with its role: the role says what, the binding says who and where.
Principals are written `system:serviceaccount:NAMESPACE:NAME`, `user:NAME` and `group:NAME`; a
namespace that no file states is `?`, and every grant that hangs on it needs that fact. Names that
stand for something else than a principal are explained in `standins`.

A role of Kubernetes' own that no file defines is taken as the release in `roles` ships it: its
grants need that fact, and the reference stays unresolved. A definition in the evidence wins.
"""

from __future__ import annotations

from blastlint.providers.grants import UNSTATED, Granted
from blastlint.providers.kubernetes.becoming import becomings
from blastlint.providers.kubernetes.cluster import Cluster, binding_of
from blastlint.providers.kubernetes.effects import effect, resource_covers
from blastlint.providers.kubernetes.identities import identities
from blastlint.providers.kubernetes.objects import Reading
from blastlint.providers.kubernetes.roles import Roles, role_of
from blastlint.providers.kubernetes.situation import situation
from blastlint.providers.kubernetes.standins import without_a_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.providers.grants import Setting
    from blastlint.providers.kubernetes.objects import Manifest
    from blastlint.source import Document

__all__ = ["effect", "read", "resource_covers"]

ENFORCE = "pod-security.kubernetes.io/enforce"
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
    accounts = sorted(cluster.accounts)
    principals = (*accounts, *sorted(cluster.others))
    version, platform = setting.server_version, cluster.platform(setting.server_version)
    reach = becomings(grants, situation(principals, version, platform, cluster.levels))
    outside = (*cluster.identities, *without_a_token(grants, accounts))
    return Granted(
        grants=(*grants, *reach.grants),
        becomings=(*reach.becomings, *outside),
        unresolved=tuple(cluster.unresolved),
        principals=tuple(sorted(principals)),
        everything=reach.everything | ({"group:system:masters"} & cluster.others.keys()),
    )


def _take_in(cluster: Cluster, reading: Reading, manifest: Manifest) -> None:
    if manifest.kind == "ServiceAccount":
        principal = cluster.name(manifest.name, manifest.namespace)
        cluster.accounts.setdefault(principal, manifest.at("metadata", "name"))
        cluster.identities += identities(reading, manifest, principal)
    elif manifest.kind == "Namespace":
        labels = reading.table(manifest, "metadata", "labels")
        enforced = reading.text(manifest, labels, "metadata", "labels", ENFORCE)
        cluster.levels[manifest.name] = enforced
    elif manifest.kind in {"Role", "ClusterRole"}:
        cluster.roles.add(role_of(reading, manifest))
    else:
        cluster.take_in(binding_of(reading, manifest))
