"""What a service account is outside its cluster: the cloud identity that its annotation names.

An annotation is one half. The other is the trust of the cloud identity, which its own platform's
evidence shows as `oidc:ISSUER:system:serviceaccount:NAMESPACE:NAME` turning into it; until both
agree, the way needs that fact.

Terms: IAM roles for service accounts (EKS), Workload Identity Federation for GKE, Microsoft Entra
Workload ID. A principal is written as it is annotated: the role's ARN, the Google service account's
email, the Entra application's client id.
"""

from __future__ import annotations

from blastlint.providers.grants import Becoming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.kubernetes.objects import Manifest, Reading

ANNOTATIONS = (
    (
        "eks.amazonaws.com/role-arn",
        "that the trust policy of {cloud} names {account}",
    ),
    (
        "iam.gke.io/gcp-service-account",
        "that {cloud} lets {account} use it (roles/iam.workloadIdentityUser)",
    ),
    (
        "azure.workload.identity/client-id",
        "that a federated credential of {cloud} names {account}",
    ),
)
"""Annotation of a service account, and what its cloud must say too."""


def identities(reading: Reading, manifest: Manifest, principal: str) -> Iterator[Becoming]:
    """The cloud identities of a service account; a wrong annotation is told to the reading."""
    annotations = reading.table(manifest, "metadata", "annotations")
    for key, needs in ANNOTATIONS:
        path = ("metadata", "annotations", key)
        cloud = reading.text(manifest, annotations, *path)
        if cloud:
            yield Becoming(
                holder=principal,
                principal=cloud,
                via=f"annotation {key}",
                location=manifest.at(*path, note=manifest.title),
                certainty="needs-fact",
                needs=needs.format(cloud=cloud, account=principal),
            )
