"""A federated identity is joined where the issuing and the trusting side agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Granted
from reach.stories import graph_of, shown, turning

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.reach import Reached

ROLE = "arn:aws:iam::111122223333:role/deploy"
GITHUB = "oidc:token.actions.githubusercontent.com:"
JOB = "octo/app/.github/workflows/ci.yml:build"
TILL = "system:serviceaccount:shop:till"
EKS = "oidc:oidc.eks.eu-west-1.amazonaws.com/id/A1"
TEXT = """
agents: {{bot: {{}}}}
systems: {{aws: {{kind: aws}}, github: {{kind: github}}, cluster: {{kind: kubernetes}}}}
credentials:
  own: {{principal: "{principal}"}}
tools:
  run: {{agents: [bot], system: {system}, credential: own, effect: read}}
evidence:
  here: {{kind: {kind}, files: [here.yaml], system: {system}}}
  there: {{kind: mcp-tools, files: [there.yaml], system: aws}}
"""


def way(
    tmp_path: Path, here: Granted, trust: str, principal: str, *, system: str
) -> Reached | None:
    """Return how the agent reaches the bucket that a role opens to whom it trusts."""
    kind = "kubernetes-rbac" if system == "cluster" else "mcp-tools"
    bucket = shown(ROLE, "arn:aws:s3:::bills/*", "s3:GetObject", effect="read", system="aws")
    there = Granted((bucket,), (turning(trust, ROLE, "assume the role"),), principals=(ROLE,))
    text = TEXT.format(principal=principal, system=system, kind=kind)
    graph = graph_of(text, tmp_path, {"here": here, "there": there})
    return next((one for one in graph.reached("bot") if one.system == "aws"), None)


@pytest.mark.parametrize(
    ("issued", "trusted", "certainty"),
    [
        ("repo:octo/app:environment:prod", "repo:octo/app:environment:prod", "proven"),
        ("repo:octo/app:environment:prod", "repo:octo/app:*", "proven"),
        ("repo:octo/app:ref:refs/heads/*", "repo:octo/app:*", "proven"),
        ("repo:octo/app:ref:refs/heads/*", "repo:octo/app:ref:refs/heads/main", "needs-fact"),
        ("repo:octo/app:ref:refs/heads/main", "repo:octo/app:environment:prod", None),
        ("repo:octo/app:ref:refs/heads/main", "repo:octo/app-b:*", None),
        ("repo:octo/app:ref:refs/heads/main", "*", "proven"),
        ("repo:octo@1/app@2:environment:prod", "repo:octo/app:environment:prod", None),
    ],
)
def test_a_job_becomes_the_role_that_trusts_its_subject(
    tmp_path: Path, issued: str, trusted: str, certainty: str | None
) -> None:
    """A2, G5: the condition decides: a wider one lets it in, a narrower one only some runs."""
    here = Granted(becomings=(turning(JOB, GITHUB + issued, "id-token: write"),), principals=(JOB,))
    found = way(tmp_path, here, GITHUB + trusted, JOB, system="github")
    assert (found.certainty if found else None) == certainty


def test_another_issuer_is_somebody_else(tmp_path: Path) -> None:
    """The same subject of another issuer opens nothing."""
    subject = "repo:octo/app:environment:prod"
    here = Granted(becomings=(turning(JOB, GITHUB + subject),), principals=(JOB,))
    assert way(tmp_path, here, f"oidc:git.example.com:{subject}", JOB, system="github") is None


@pytest.mark.parametrize(
    ("annotated", "trusted", "certainty"),
    [
        (True, f"{EKS}:{TILL}", "proven"),
        (True, f"{EKS}:system:serviceaccount:shop:*", "proven"),
        (False, f"{EKS}:{TILL}", "needs-fact"),
        (True, f"{EKS}:system:serviceaccount:bank:till", "needs-fact"),
        (False, f"{EKS}:system:serviceaccount:bank:till", None),
    ],
)
def test_a_service_account_becomes_a_role_for_sure_if_both_sides_say_so(
    tmp_path: Path, *, annotated: bool, trusted: str, certainty: str | None
) -> None:
    """A2, K15: the cluster names the role, the role the account; one half leaves a question."""
    fact = "that the role's trust policy names it"
    named = turning(TILL, ROLE, "annotation", certainty="needs-fact", needs=fact)
    here = Granted(becomings=(named,) if annotated else (), principals=(TILL,))
    found = way(tmp_path, here, trusted, TILL, system="cluster")
    assert (found.certainty if found else None) == certainty


def test_the_missing_half_is_named(tmp_path: Path) -> None:
    """Without the annotation it is not known whether the issuer is this cluster's."""
    found = way(tmp_path, Granted(principals=(TILL,)), f"{EKS}:{TILL}", TILL, system="cluster")
    assert found
    fact = f"that {EKS.removeprefix('oidc:')} is the issuer of cluster"
    assert found.path.needs == (fact,)


@pytest.mark.parametrize(
    ("trusted", "reached"),
    [
        ("*", True),
        ("arn:aws:iam::444455556666:root", True),
        ("arn:aws:iam::777788889999:root", False),
    ],
)
def test_a_role_may_let_in_somebody_of_another_account(
    tmp_path: Path, trusted: str, *, reached: bool
) -> None:
    """Trust in anybody, or in a whole account, is trust in each of them."""
    other = "arn:aws:iam::444455556666:user/guest"
    here = Granted(principals=(other,))
    assert (way(tmp_path, here, trusted, other, system="aws") is not None) is reached
