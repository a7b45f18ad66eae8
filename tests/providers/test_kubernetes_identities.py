"""What a service account is outside its cluster, by its annotations."""

from __future__ import annotations

import pytest

from blastlint.source import InputError
from providers.evidence import of

TILL = "system:serviceaccount:shop:till"
ROLE = "arn:aws:iam::123456789012:role/till"
MAIL = "till@shop-1.iam.gserviceaccount.com"
CLIENT = "7d0b6d3e-0000-4000-8000-2f1f3f1a2b3c"


def account(annotations: str, namespace: str = ", namespace: shop") -> str:
    """A service account with annotations, written in flow style."""
    return f"""
---
apiVersion: v1
kind: ServiceAccount
metadata: {{name: till{namespace}, annotations: {annotations}}}
"""


@pytest.mark.parametrize(
    ("key", "cloud", "needs"),
    [
        ("eks.amazonaws.com/role-arn", ROLE, f"that the trust policy of {ROLE} names {TILL}"),
        (
            "iam.gke.io/gcp-service-account",
            MAIL,
            f"that {MAIL} lets {TILL} use it (roles/iam.workloadIdentityUser)",
        ),
        (
            "azure.workload.identity/client-id",
            CLIENT,
            f"that a federated credential of {CLIENT} names {TILL}",
        ),
    ],
)
def test_an_annotation_is_half_of_a_cloud_identity(key: str, cloud: str, needs: str) -> None:
    """K15: the cloud's trust is the other half, and the annotation alone proves nothing."""
    (edge,) = of(account(f'{{{key}: "{cloud}"}}')).becomings
    assert (edge.holder, edge.principal) == (TILL, cloud)
    assert (edge.certainty, edge.needs) == ("needs-fact", needs)
    assert cloud in edge.location.text


def test_other_annotations_are_no_identity() -> None:
    """K15: whatever else stands there, even if it is no text."""
    text = account('{eks.amazonaws.com/sts-regional-endpoints: "true", note: 7}')
    assert not of(text).becomings
    assert not of(account("null")).becomings


def test_an_account_without_a_namespace_keeps_its_identity_in_doubt() -> None:
    """S9: which account it is depends on where it is applied."""
    text = account(f'{{eks.amazonaws.com/role-arn: "{ROLE}"}}', namespace="")
    assert [edge.holder for edge in of(text).becomings] == ["system:serviceaccount:?:till"]
    assert [edge.holder for edge in of(text, namespace="shop").becomings] == [TILL]


def test_an_identity_that_cannot_be_read_is_refused() -> None:
    """A template or a number would hide where the account leads."""
    for value in ("7", '"{{ .Values.role }}"'):
        with pytest.raises(InputError):
            of(account(f"{{eks.amazonaws.com/role-arn: {value}}}"))
