"""Who may assume a role of AWS: both sides of the door, and who comes from outside."""

from __future__ import annotations

from typing import Any

import pytest

from blastlint.providers.aws.becoming import FEW
from blastlint.providers.aws.iam import read
from providers.aws_evidence import (
    ACCOUNT,
    ADMIN,
    ALICE,
    ROOT,
    Json,
    allow,
    deny,
    document,
    export,
    group,
    managed,
    of,
    policy,
    role,
    targets,
    trust,
    turns,
    user,
)

ASSUME = allow("sts:AssumeRole", ADMIN)
WHOLE = trust({"AWS": f"{ROOT}:root"})
GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"


def admitted(trusts: Json, *statements: Json, **more: Any) -> str:  # noqa: ANN401 -- JSON
    """How sure it is that alice, with some statements, becomes a role with a trust policy."""
    found = of(user("alice", *statements, **more), role("admin", trusts))
    return next((turn.certainty for turn in turns(found) if turn.principal == ADMIN), "")


# --- within the account -------------------------------------------------------------------------


def test_a_trusted_account_leaves_it_to_its_policies() -> None:
    """A1, S33: trust in the root of the account lets in whom a policy allows, and nobody else."""
    assert admitted(WHOLE) == ""
    assert admitted(WHOLE, ASSUME) == "proven"
    assert admitted(trust({"AWS": ACCOUNT}), ASSUME) == "proven"


def test_a_policy_without_trust_opens_nothing() -> None:
    """A1: who may assume a role that does not trust it stays outside."""
    assert admitted(trust({"Service": "ec2.amazonaws.com"}), ASSUME) == ""
    assert admitted(trust({"AWS": f"{ROOT}:user/bob"}), ASSUME) == ""


def test_who_rewrites_a_trust_lets_itself_in() -> None:
    """A6: the trust that stands there today does not matter, and the right on another role does."""
    closed = trust({"Service": "ec2.amazonaws.com"})
    assert admitted(closed, allow("iam:UpdateAssumeRolePolicy", ADMIN)) == "proven"
    assert admitted(closed, allow("iam:UpdateAssumeRolePolicy", f"{ROOT}:role/other")) == ""
    assert admitted(closed, allow("iam:UpdateRole", ADMIN)) == ""


def test_a_trusted_principal_needs_no_policy() -> None:
    """A1: in one account the trust policy that names somebody is enough."""
    assert admitted(trust({"AWS": ALICE})) == "proven"
    assert admitted(trust("*")) == "proven"
    assert admitted(trust({"AWS": "*"})) == "proven"


def test_a_deny_closes_the_door_from_either_side() -> None:
    """A1, S24: a Deny in ones own policy or in the trust policy wins over every Allow."""
    assert admitted(trust({"AWS": ALICE}), deny("sts:AssumeRole", ADMIN)) == ""
    shut = policy(
        {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "sts:*"},
    )
    assert admitted(shut) == ""


def test_a_deny_with_a_condition_leaves_a_doubt() -> None:
    """Whether it applies no file says, on whichever side it stands."""
    condition = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
    guarded = deny("sts:AssumeRole", Condition=condition)
    assert admitted(trust({"AWS": ALICE}), guarded) == "conditional"
    shut = policy(
        {"Effect": "Allow", "Principal": {"AWS": f"{ROOT}:root"}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Condition": condition},
    )
    assert admitted(shut, ASSUME) == "conditional"


def test_a_condition_of_the_trust_policy_is_told() -> None:
    """A1, S27: its key is told, never the value: an external id is half a secret."""
    condition = {"StringEquals": {"sts:ExternalId": "hush-hush"}}
    found = of(user("alice"), role("admin", trust({"AWS": ALICE}, Condition=condition)))
    (turn,) = turns(found)
    assert (turn.certainty, turn.needs) == (
        "conditional",
        "the condition on sts:ExternalId is met",
    )
    assert "hush-hush" not in repr(found)


def test_everybody_but_some() -> None:
    """S33: NotPrincipal lets in whom it does not name, and shuts out whom it does not spare."""
    but_bob = policy(
        {"Effect": "Allow", "NotPrincipal": {"AWS": f"{ROOT}:user/bob"}, "Action": "sts:AssumeRole"}
    )
    assert admitted(but_bob) == "proven"
    but_alice = policy(
        {"Effect": "Allow", "NotPrincipal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}
    )
    assert admitted(but_alice) == ""
    only_bob = policy(
        {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": f"{ROOT}:user/bob"}, "Action": "sts:AssumeRole"},
    )
    assert admitted(only_bob) == ""


def test_trust_for_something_else_is_no_way_in() -> None:
    """To tag a session or to come by SAML is not to assume a role."""
    assert admitted(trust({"AWS": ALICE}, "sts:TagSession")) == ""
    assert admitted(trust({"AWS": ALICE}, "sts:*")) == "proven"


def test_a_session_is_named_under_a_condition() -> None:
    """Trust in one session of a role holds if the session has that name."""
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/night"
    worker = role("worker", trust({"Service": "ec2.amazonaws.com"}))
    found = of(worker, role("admin", trust({"AWS": session})))
    (turn,) = turns(found, f"{ROOT}:role/worker")
    assert (turn.principal, turn.certainty) == (ADMIN, "conditional")
    assert "the session's name" in turn.needs


def test_a_boundary_holds_a_role_back_but_not_a_user() -> None:
    """A user who is trusted by name is not limited by the boundary; a role is."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    edge = (managed("edge", policy(allow("s3:*"))),)
    worker = role("worker", trust({"Service": "ec2.amazonaws.com"}), **bounded)
    doors = role("admin", trust({"AWS": [ALICE, f"{ROOT}:role/worker"]}))
    found = of(user("alice", **bounded), worker, doors, policies=edge)
    assert targets(found) == {ADMIN}
    assert targets(found, f"{ROOT}:role/worker") == set()


def test_roles_assume_each_other_along_a_chain() -> None:
    """Each role becomes the next one, and no other."""
    links = [
        role(f"r{n}", trust({"AWS": f"{ROOT}:role/r{n - 1}"}) if n else WHOLE) for n in range(30)
    ]
    found = of(*links)
    assert [(one.holder, one.principal) for one in found.becomings] == [
        (f"{ROOT}:role/r{n}", f"{ROOT}:role/r{n + 1}") for n in range(29)
    ]


def test_many_targets_are_told_as_one_crowd() -> None:
    """Who may assume all of many roles chooses one of them; each is a member of the crowd."""
    roles = [role(f"r{n}", WHOLE) for n in range(FEW + 1)]
    found = of(user("alice", allow("sts:AssumeRole")), user("bob", allow("sts:*")), *roles)
    (crowd,) = targets(found)
    assert crowd == f"any of * (roles that trust {ACCOUNT})"
    assert targets(found, f"{ROOT}:user/bob") == {crowd}
    assert targets(found, crowd) == {one["Arn"] for one in roles}
    assert len(found.becomings) == len(roles) + 2


def test_a_crowd_knows_the_conditions_of_its_members() -> None:
    """A role that asks for a second factor is not surely a member."""
    second = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
    roles = [role(f"r{n}", WHOLE) for n in range(FEW)]
    strict = role("strict", trust({"AWS": f"{ROOT}:root"}, Condition=second))
    found = of(user("alice", allow("sts:AssumeRole")), *roles, strict)
    doubtful = [one for one in found.becomings if one.certainty == "conditional"]
    assert [one.principal for one in doubtful] == [f"{ROOT}:role/strict"]


def test_roles_of_aws_itself_cannot_be_changed() -> None:
    """A service-linked role is no way up: only its service changes and uses it."""
    own = role("linked", trust({"Service": "lambda.amazonaws.com"}))
    own["Arn"] = f"{ROOT}:role/aws-service-role/lambda.amazonaws.com/linked"
    rights = allow(["iam:UpdateAssumeRolePolicy", "iam:PassRole", "lambda:*"])
    assert targets(of(user("alice", rights), own)) == set()


# --- from outside -------------------------------------------------------------------------------


def test_another_account_is_a_missing_fact() -> None:
    """Whom it lets assume roles, its own policies say, and those are not here."""
    other = "arn:aws:iam::999999999999:root"
    (turn,) = turns(of(role("admin", trust({"AWS": "999999999999"}))), other)
    assert (turn.principal, turn.certainty) == (ADMIN, "needs-fact")
    assert "the account 999999999999 lets assume roles" in turn.needs


def test_both_accounts_are_read_together() -> None:
    """A role of another account needs the trust there and the policy here."""
    there = role("admin", trust({"AWS": f"{ROOT}:root"}))
    there["Arn"] = "arn:aws:iam::999999999999:role/admin"
    step = allow("sts:AssumeRole", there["Arn"])
    with_policy = read(
        [document(export(user("alice", step))), document(export(there), "other.json")]
    )
    assert [(t.principal, t.certainty) for t in turns(with_policy)] == [(there["Arn"], "proven")]
    named = role("admin", trust({"AWS": ALICE}), Arn=there["Arn"])
    without = read([document(export(user("alice"))), document(export(named), "other.json")])
    assert targets(without) == set()


def test_a_role_that_is_not_there_is_a_missing_fact() -> None:
    """Whether a role of another account trusts one, this evidence does not say."""
    far = "arn:aws:iam::999999999999:role/far"
    (turn,) = turns(of(user("alice", allow("sts:AssumeRole", far))))
    assert (turn.principal, turn.certainty) == (far, "needs-fact")
    assert f"whether {far} trusts it" in turn.needs


def test_anybody_may_be_trusted() -> None:
    """A2, S33: trust in `*` without a condition is open to the world."""
    (turn,) = turns(of(role("admin", trust("*"))), "*")
    assert (turn.principal, turn.certainty) == (ADMIN, "proven")


def test_somebody_deleted_is_named() -> None:
    """AWS leaves the id of whom it no longer knows in the policy; that is reported."""
    found = of(role("admin", trust({"AWS": "AIDAQRSTUVWXYZEXAMPLE"})))
    assert found.becomings == ()
    assert "the id of somebody deleted" in found.unresolved[0].what


def federated(issuer: str, condition: Json | None = None, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A trust policy for an OpenID Connect issuer."""
    conditions = {"Condition": condition} if condition else {}
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"}
    return trust(principal, "sts:AssumeRoleWithWebIdentity", **conditions, **more)


def outside(trusts: Json) -> dict[str, str]:
    """Who from outside becomes the role, each with how sure it is."""
    return {one.holder: one.certainty for one in of(role("admin", trusts)).becomings}


@pytest.mark.parametrize(
    "subject",
    [
        "repo:octo/app:environment:prod",
        "repo:octo/app:ref:refs/heads/main",
        "repo:octo@1234/app@5678:environment:prod",
        "repo:octo@1234/app@5678:pull_request",
    ],
)
def test_a_job_of_github_is_let_in_by_its_subject(subject: str) -> None:
    """A2, G5: both forms of a subject, with names or with their ids; the audience limits nobody."""
    condition = {"StringEquals": {f"{GITHUB}:sub": subject, f"{GITHUB}:aud": "sts.amazonaws.com"}}
    assert outside(federated(GITHUB, condition)) == {f"oidc:{GITHUB}:{subject}": "proven"}


def test_wildcards_of_a_subject_are_kept() -> None:
    """Several patterns are several holders, each as it is written."""
    condition = {"StringLike": {f"{GITHUB}:sub": ["repo:octo/app:*", "repo:octo/w?b:*"]}}
    assert outside(federated(GITHUB, condition)) == {
        f"oidc:{GITHUB}:repo:octo/app:*": "proven",
        f"oidc:{GITHUB}:repo:octo/w?b:*": "proven",
    }


def test_without_a_subject_everybody_of_the_issuer_is_let_in() -> None:
    """A2: a condition on the audience alone is met by every repository there is."""
    condition = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}
    assert outside(federated(GITHUB, condition)) == {f"oidc:{GITHUB}:*": "proven"}
    assert outside(federated(GITHUB)) == {f"oidc:{GITHUB}:*": "proven"}


def test_a_wildcard_in_an_equality_lets_nobody_in() -> None:
    """`StringEquals` knows no wildcards: the trust is dead, and that is reported."""
    condition = {"StringEquals": {f"{GITHUB}:sub": "repo:octo/*"}}
    found = of(role("admin", federated(GITHUB, condition)))
    assert found.becomings == ()
    assert "lets in no subject" in found.unresolved[0].what


def test_two_conditions_on_the_subject_both_hold() -> None:
    """Only the subjects that pass both of them are let in."""
    condition = {
        "StringLike": {f"{GITHUB}:sub": "repo:octo/*"},
        "StringEquals": {f"{GITHUB}:sub": ["repo:octo/app:pull_request", "repo:evil/x:ref:r"]},
    }
    assert outside(federated(GITHUB, condition)) == {
        f"oidc:{GITHUB}:repo:octo/app:pull_request": "proven"
    }


def test_other_claims_are_conditions() -> None:
    """What else a token must say is told by its key; a subject that is excluded too."""
    condition = {
        "StringLike": {f"{GITHUB}:job_workflow_ref": "octo/*"},
        "StringNotLike": {f"{GITHUB}:sub": "repo:octo/fork:*"},
    }
    (one,) = of(role("admin", federated(GITHUB, condition))).becomings
    assert (one.holder, one.certainty) == (f"oidc:{GITHUB}:*", "conditional")
    assert f"{GITHUB}:job_workflow_ref" in one.needs
    assert f"{GITHUB}:sub" in one.needs


def test_a_deny_of_the_provider_shuts_its_subjects_out() -> None:
    """A Deny without a condition closes the door for tokens as well."""
    trusts = federated(GITHUB)
    trusts["Statement"].append(trusts["Statement"][0] | {"Effect": "Deny"})
    assert outside(trusts) == {}


def test_a_service_account_of_eks_is_let_in() -> None:
    """The issuer is that of the cluster, the subject a service account."""
    condition = {"StringEquals": {f"{EKS}:sub": "system:serviceaccount:shop:till"}}
    assert outside(federated(EKS, condition)) == {
        f"oidc:{EKS}:system:serviceaccount:shop:till": "proven"
    }


def test_a_shared_issuer_is_limited_by_its_audience() -> None:
    """Of Cognito and the like the audience is the application, so it decides."""
    condition = {"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}
    principal = {"Federated": "cognito-identity.amazonaws.com"}
    trusts = trust(principal, "sts:AssumeRoleWithWebIdentity", Condition=condition)
    assert outside(trusts) == {"oidc:cognito-identity.amazonaws.com:*": "conditional"}


def test_saml_is_left_open_in_words() -> None:
    """Whom an identity provider signs in, no file of AWS says."""
    provider = f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"
    found = of(role("admin", trust({"Federated": provider}, "sts:AssumeRoleWithSAML")))
    assert found.becomings == ()
    (left,) = found.unresolved
    assert left.what.endswith(f"lets in whom {provider} signs in, by SAML")
    assert left.holders == (ADMIN,)


# --- limits of a step ---------------------------------------------------------------------------


def test_a_role_is_passed_within_its_account_only() -> None:
    """A role of another account can be assumed, but neither passed on nor changed."""
    there = role("admin", trust({"Service": "lambda.amazonaws.com"}))
    there["Arn"] = "arn:aws:iam::999999999999:role/admin"
    rights = allow(["iam:PassRole", "iam:UpdateAssumeRolePolicy", "lambda:*"])
    found = read([document(export(user("alice", rights))), document(export(there), "other.json")])
    assert targets(found) == set()
    named = allow(["iam:PassRole", "iam:UpdateAssumeRolePolicy", "lambda:*"], [there["Arn"], "*"])
    found = read([document(export(user("alice", named))), document(export(there), "other.json")])
    assert targets(found) == set()


def test_a_policy_that_binds_a_boundary_is_a_way_out_of_it() -> None:
    """S24: who may put another boundary in its place is not held back."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    rights = allow(["iam:PutUserPolicy", "iam:PutUserPermissionsBoundary"], ALICE)
    edge = (managed("edge", policy(allow("iam:*"))),)
    (turn,) = turns(of(user("alice", rights, **bounded), policies=edge))
    assert (turn.principal, turn.certainty) == ("*", "proven")


def test_administrators_of_identities_are_told_once_a_path() -> None:
    """Who may change every user names one of many, not each of them."""
    users = [user(f"u{n}") for n in range(3 * FEW)]
    found = of(user("alice", allow(["iam:PutUserPolicy", "iam:CreateAccessKey"])), *users)
    everything = [turn for turn in turns(found) if turn.principal == "*"]
    assert len(everything) == 2
    assert {turn.principal for turn in turns(found)} == {"*", f"any of * (users of {ACCOUNT})"}


def test_ones_own_group_is_nobody_else() -> None:
    """Who may join groups joins those that it is not in."""
    groups = [group("mine"), group("other")]
    found = of(user("alice", allow("iam:AddUserToGroup"), GroupList=["mine"]), *groups)
    assert targets(found) == {f"{ROOT}:group/other"}
