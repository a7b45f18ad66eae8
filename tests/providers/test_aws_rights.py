"""What policies of AWS allow: denials, exceptions, wildcards, boundaries, groups, conditions."""

from __future__ import annotations

import pytest

from blastlint.providers.aws.actions import fits, known
from blastlint.providers.aws.iam import action_covers, effect, resource_covers
from providers.aws_evidence import (
    ACCOUNT,
    ADMIN,
    ALICE,
    ROOT,
    Json,
    allow,
    attached,
    can,
    deny,
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

LAMBDA = trust({"Service": "lambda.amazonaws.com"})
DATE = {"DateLessThan": {"aws:CurrentTime": "2001-01-01T00:00:00Z"}}
SOURCE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
MFA = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def alice(*statements: Json, action: str = "s3:GetObject", on: str = "arn:aws:s3:::b/k") -> str:
    """How sure it is that a user with some statements may do something."""
    return can(of(user("alice", *statements)), ALICE, action, on)


# --- denials ------------------------------------------------------------------------------------


def test_a_deny_wins_wherever_it_stands() -> None:
    """S24: an action that one policy allows and another denies is not allowed."""
    assert alice(allow("s3:*"), deny("s3:GetObject")) == ""
    assert alice(deny("s3:GetObject"), allow("s3:*")) == ""
    assert alice(allow("s3:*"), deny("s3:GetObject"), action="s3:PutObject") == "proven"


def test_a_deny_of_a_group_wins_over_ones_own_allow() -> None:
    """What a group forbids, its members may not do."""
    found = of(user("alice", allow("s3:*"), GroupList=["g"]), group("g", deny("s3:Get*")))
    assert can(found, ALICE, "s3:GetObject") == ""
    assert can(found, ALICE, "s3:PutObject") == "proven"


def test_a_deny_on_some_resources_leaves_the_others() -> None:
    """The rest of the bucket stays open, and the rest of the actions on what is denied."""
    statements = (allow("s3:*"), deny("s3:GetObject", "arn:aws:s3:::b/secret/*"))
    assert alice(*statements, on="arn:aws:s3:::b/secret/x") == ""
    assert alice(*statements, on="arn:aws:s3:::b/public") == "proven"
    assert alice(*statements, on="arn:aws:s3:::b/secret/x", action="s3:PutObject") == "proven"


def test_a_deny_with_a_condition_never_subtracts() -> None:
    """S26: a date long past denies nothing: the right stays, under the condition."""
    assert alice(allow("s3:*"), deny("s3:*", Condition=DATE)) == "conditional"
    assert alice(allow("s3:*"), deny("sqs:*", Condition=DATE)) == "proven"


def test_a_deny_with_a_variable_never_subtracts() -> None:
    """S26, S29: whose folder `${aws:PrincipalTag/team}` is, no file says."""
    denied = deny("s3:*", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    assert alice(allow("s3:*"), denied) == "conditional"


def test_a_deny_except_some_actions() -> None:
    """Deny with NotAction leaves what it names, and nothing else."""
    denied = {"Effect": "Deny", "NotAction": ["s3:Get*"], "Resource": "*"}
    assert alice(allow(), denied) == "proven"
    assert alice(allow(), denied, action="s3:PutObject") == ""


def test_a_deny_except_every_action_denies_nothing() -> None:
    """S28: Deny with NotAction `*` speaks of no action; with an empty list of every one."""
    assert alice(allow(), {"Effect": "Deny", "NotAction": ["*"], "Resource": "*"}) == "proven"
    assert alice(allow(), {"Effect": "Deny", "NotAction": [], "Resource": "*"}) == ""


def test_a_deny_except_some_resources() -> None:
    """Deny with NotResource leaves what it names."""
    denied = {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}
    assert alice(allow("s3:*"), denied) == "proven"
    assert alice(allow("s3:*"), denied, on="arn:aws:s3:::other/k") == ""


def test_many_denials_never_drop_a_right() -> None:
    """A right cut into too many parts is kept whole and conditional."""
    cuts = [deny(f"s3:Get{n}*", f"arn:aws:s3:::b{n}/*") for n in range(12)]
    assert alice(allow("s3:*"), *cuts, action="s3:PutObject") in {"proven", "conditional"}


# --- complements --------------------------------------------------------------------------------


def test_allow_except_some_actions_stays_symbolic() -> None:
    """S28: NotAction is a complement: everything but what it names, in one grant."""
    found = of(user("alice", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}))
    assert [grant.action for grant in found.grants] == ["* except iam:*"]
    assert can(found, ALICE, "s3:GetObject") == "proven"
    assert can(found, ALICE, "iam:PassRole") == ""


def test_allow_except_some_resources() -> None:
    """S28: notResource is a complement too."""
    statement = {"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"}
    assert alice(statement) == ""
    assert alice(statement, on="arn:aws:s3:::other/k") == "proven"


def test_two_halves_are_the_whole() -> None:
    """S31: `iam:*` in one policy and everything but `iam:*` in another are an administrator."""
    rest = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
    assert of(user("alice", allow("iam:*"), rest)).everything == {ALICE}
    assert of(user("alice", allow("iam:Get*"), rest)).everything == frozenset()


# --- wildcards and case -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("s3:*", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s3:?etObject", "s3:GetObject", True),
        ("s3:GetObject?", "s3:GetObject", False),
        ("*", "iam:PassRole", True),
        ("s3:GetObject", "s3:*", False),
        ("* except iam:*, sts:*", "STS:AssumeRole", False),
        ("* except iam:*, sts:*", "s3:*", True),
        ("* except s3:GetObject", "s3:*", False),
    ],
)
def test_actions_are_covered_in_whatever_case(granted: str, needed: str, *, covered: bool) -> None:
    """S29: `*` is any text, `?` one character, and upper and lower case are the same."""
    assert action_covers(granted, needed) is covered


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/k", True),
        ("arn:aws:s3:::B/*", "arn:aws:s3:::b/k", False),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/k", False),
        ("arn:aws:sqs:*:*:q*", "arn:aws:sqs:eu-west-1:1:queue:sub", True),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/kk", False),
        ("* except arn:aws:s3:::b/*", "arn:aws:s3:::b/k", False),
    ],
)
def test_resources_are_covered_in_their_case(granted: str, needed: str, *, covered: bool) -> None:
    """S29: the names in an ARN are case-sensitive, and a `*` crosses colons and slashes."""
    assert resource_covers(granted, needed) is covered


def test_an_action_in_another_case_still_escalates() -> None:
    """S29: `IAM:putuserpolicy` is the action that it means."""
    assert targets(of(user("alice", allow("IAM:putUSERpolicy", ALICE)))) == {"*"}


def test_a_resource_in_another_case_is_another() -> None:
    """S29: a policy on `user/Alice` says nothing of `user/alice`."""
    assert targets(of(user("alice", allow("iam:PutUserPolicy", f"{ROOT}:user/Alice")))) == set()


def test_ones_own_name_is_filled_in() -> None:
    """S29: `${aws:username}` is whoever asks: the own folder, and no way to another user."""
    own = "arn:aws:s3:::home/${aws:username}/*"
    keys = allow("iam:CreateAccessKey", f"{ROOT}:user/${{aws:username}}")
    found = of(user("alice", allow("s3:GetObject", own), keys), user("bob"))
    assert can(found, ALICE, "s3:GetObject", "arn:aws:s3:::home/alice/k") == "proven"
    assert can(found, ALICE, "s3:GetObject", "arn:aws:s3:::home/bob/k") == ""
    assert targets(found) == set()


def test_a_variable_that_no_file_fills_is_a_condition() -> None:
    """S29: a tag is known to AWS alone: wide, and conditional."""
    statement = allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/team}/*")
    assert alice(statement, on="arn:aws:s3:::b/shop/k") == "conditional"


# --- resource types -----------------------------------------------------------------------------


def test_an_action_on_the_wrong_type_of_resource_grants_nothing() -> None:
    """S30: objects are not in `arn:…:::b` but in `arn:…:::b/*`, and that is reported."""
    found = of(user("alice", allow("s3:GetObject", "arn:aws:s3:::b")))
    assert found.grants == ()
    (open_one,) = found.unresolved
    assert "allows s3:GetObject on arn:aws:s3:::b, where it cannot apply" in open_one.what
    assert open_one.holders == (ALICE,)


def test_a_statement_for_a_bucket_and_its_objects_is_taken_apart() -> None:
    """Each action goes with the resource that it fits; nothing is reported."""
    both = allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])
    found = of(user("alice", both))
    assert {(grant.action, grant.resource) for grant in found.grants} == {
        ("s3:ListBucket", "arn:aws:s3:::b"),
        ("s3:GetObject", "arn:aws:s3:::b/*"),
    }
    assert found.unresolved == ()


@pytest.mark.parametrize(
    ("action", "resource", "fitting"),
    [
        ("iam:PassRole", f"{ROOT}:role/x", True),
        ("iam:PassRole", f"{ROOT}:user/x", False),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::*", True),
        ("s3:ListAllMyBuckets", "arn:aws:s3:::b", False),
        ("s3:ListBucket", "arn:aws:s3:::b/*", False),
        ("s3:GetObject", "arn:aws:sqs:::b/*", False),
        ("apigateway:GET", "arn:aws:apigateway:*::/a-new-kind-of-thing", True),
        ("madeup:Thing", "arn:aws:madeup:::x", True),
        ("s3:GetObject", "*", True),
    ],
)
def test_actions_fit_their_types_of_resources(action: str, resource: str, *, fitting: bool) -> None:
    """The table of actions says which; what it does not know fits."""
    assert fits(action, resource) is fitting


# --- boundaries, groups, versions ---------------------------------------------------------------


def test_a_boundary_is_no_grant() -> None:
    """S24: a boundary that allows everything gives a user without policies nothing."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    found = of(user("alice", **bounded), policies=(managed("edge", policy(allow())),))
    assert found.grants == ()
    assert found.everything == frozenset()


def test_a_boundary_limits() -> None:
    """S24: only what both say is allowed, and an administrator within one is none."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    edge = managed("edge", policy(allow("s3:Get*"), deny("s3:GetObjectAcl")))
    found = of(user("alice", allow(), **bounded), policies=(edge,))
    assert can(found, ALICE, "s3:GetObject") == "proven"
    assert can(found, ALICE, "s3:GetObjectAcl") == ""
    assert can(found, ALICE, "s3:PutObject") == ""
    assert found.everything == frozenset()


def test_a_boundary_that_is_not_there_is_a_missing_fact() -> None:
    """Nothing is sure of a user whose boundary nobody has."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    found = of(user("alice", allow("s3:*"), **bounded))
    assert can(found, ALICE, "s3:GetObject") == "needs-fact"
    assert f"what the permissions boundary {ROOT}:policy/edge allows" in found.grants[0].needs
    assert found.everything == frozenset()
    assert [one.holders for one in found.unresolved] == [(ALICE,)]


def test_who_rewrites_its_policies_stays_within_its_boundary() -> None:
    """Everything is then only what the boundary allows, unless it can be taken off."""
    bounded = {"PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/edge"}}
    rewrite = allow("iam:PutUserPolicy", ALICE)
    off = allow("iam:DeleteUserPermissionsBoundary", ALICE)
    edge = (managed("edge", policy(allow(["iam:*", "s3:*"]))),)
    (within,) = turns(of(user("alice", rewrite, **bounded), policies=edge))
    assert within.certainty == "conditional"
    assert "only as far as the boundary" in within.needs
    (without,) = turns(of(user("alice", rewrite, off, **bounded), policies=edge))
    assert without.certainty == "proven"


def test_members_have_what_their_groups_have() -> None:
    """Inline and attached policies of a group are those of its members."""
    team = group("g", allow("s3:GetObject"), AttachedManagedPolicies=attached("m"))
    found = of(
        user("alice", GroupList=["g"]), team, policies=(managed("m", policy(allow("sqs:*"))),)
    )
    assert can(found, ALICE, "s3:GetObject") == "proven"
    assert can(found, ALICE, "sqs:SendMessage", "arn:aws:sqs:::q") == "proven"


def test_only_the_default_version_counts() -> None:
    """A4, S22: an older version grants nothing today; who may make it the default gets it."""
    versions = managed("m", policy(allow("s3:GetObject")), policy(allow()))
    carried = {"AttachedManagedPolicies": attached("m")}
    assert of(user("alice", **carried), policies=(versions,)).everything == frozenset()
    switch = allow("iam:SetDefaultPolicyVersion", f"{ROOT}:policy/m")
    (turn,) = turns(of(user("alice", switch, **carried), policies=(versions,)))
    assert (turn.principal, turn.certainty) == ("*", "proven")
    assert "make policy m v2 the default version" in turn.via


def test_statements_in_different_policies_count_together() -> None:
    """A7, S31: passing a role in one policy and making a function in two others is one way."""
    split = [allow("iam:PassRole", ADMIN), allow("lambda:CreateFunction"), allow("lambda:Invoke*")]
    assert ADMIN in targets(of(user("alice", *split), role("admin", LAMBDA)))
    assert ADMIN not in targets(of(user("alice", *split[:2]), role("admin", LAMBDA)))


# --- conditions ---------------------------------------------------------------------------------


def test_an_allow_with_a_condition_is_conditional() -> None:
    """S27: it is neither dropped nor sure, and its key is told, not its value."""
    found = of(user("alice", allow("s3:GetObject", Condition=SOURCE)))
    (grant,) = found.grants
    assert (grant.certainty, grant.condition) == (
        "conditional",
        "the condition on aws:SourceIp is met",
    )


def test_an_escalation_under_a_condition_is_conditional() -> None:
    """S27: a policy that only lets one in with a second factor still lets one in."""
    (turn,) = turns(of(user("alice", allow("iam:PutUserPolicy", ALICE, Condition=SOURCE))))
    assert (turn.certainty, turn.needs) == ("conditional", "the condition on aws:SourceIp is met")


def test_a_guarded_escalation_is_conditional() -> None:
    """A Deny without a second factor does not close the way of who has one."""
    (turn,) = turns(
        of(user("alice", allow("iam:PutUserPolicy", ALICE), deny("iam:*", Condition=MFA)))
    )
    assert turn.certainty == "conditional"
    assert turn.needs == "no Deny by aws:MultiFactorAuthPresent applies"


def test_an_administrator_under_a_condition_is_none_for_sure() -> None:
    """Everything under a condition is not the whole authority."""
    assert of(user("alice", allow(Condition=SOURCE))).everything == frozenset()


@pytest.mark.parametrize(
    ("operator", "service", "passes"),
    [
        ("StringEquals", "lambda.amazonaws.com", True),
        ("StringEquals", "ec2.amazonaws.com", False),
        ("StringLike", "lambda.*", True),
        ("StringEqualsIfExists", "ec2.amazonaws.com", False),
        ("StringNotEquals", "lambda.amazonaws.com", False),
        ("StringNotEquals", "ec2.amazonaws.com", True),
    ],
)
def test_a_role_is_passed_to_named_services_only(
    operator: str, service: str, *, passes: bool
) -> None:
    """A7: `iam:PassedToService` decides by itself which compute a role can be passed to."""
    limited = allow("iam:PassRole", ADMIN, Condition={operator: {"iam:PassedToService": service}})
    found = of(user("alice", limited, allow("lambda:*")), role("admin", LAMBDA))
    sure = {t.principal for t in turns(found) if t.certainty == "proven"}
    assert (ADMIN in sure) is passes


# --- what actions change ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "change"),
    [
        ("s3:GetObject", "read"),
        ("s3:ListBucket", "read"),
        ("s3:DeleteBucket", "destroy"),
        ("dynamodb:UpdateItem", "mutate"),
        ("ec2:RunInstances", "execute"),
        ("lambda:InvokeFunction", "execute"),
        ("sns:Publish", "notify"),
        ("sqs:SendMessage", "append"),
        ("iam:PassRole", "grant"),
        ("iam:AttachRolePolicy", "grant"),
        ("s3:PutBucketPolicy", "grant"),
        ("sts:AssumeRole", "grant"),
        ("savingsplans:CreateSavingsPlan", "spend"),
        ("*", "grant"),
        ("s3:Get*", "read"),
        ("ec2:Describe*", "read"),
        ("* except iam:*", "grant"),
        ("s3:Frobnicate", "unknown"),
        ("madeup:*", "unknown"),
    ],
)
def test_what_an_action_changes(action: str, change: str) -> None:
    """By its access level and first word; a wildcard is as bad as the worst that it covers."""
    assert effect("", action) == change


def test_an_unknown_action_is_reported_and_kept() -> None:
    """It is granted with an unknown effect, and told to whoever has the policy."""
    found = of(user("alice", allow(["s3:Frobnicate", "s3:GetObject"])))
    assert {(grant.action, grant.effect) for grant in found.grants} == {
        ("s3:Frobnicate", "unknown"),
        ("s3:GetObject", "read"),
    }
    (open_one,) = found.unresolved
    assert "'s3:Frobnicate'" in open_one.what
    assert open_one.holders == (ALICE,)
    assert known("s3:Get*")
    assert not known("s3:Frob*")


def test_the_account_of_aws_is_nobodys_policy_to_rewrite() -> None:
    """A4: a new version of a policy of AWS itself cannot be made."""
    carried = {"AttachedManagedPolicies": attached("ReadOnlyAccess", home="aws")}
    readers = managed("ReadOnlyAccess", policy(allow("s3:Get*")), home="aws")
    found = of(user("alice", allow("iam:CreatePolicyVersion"), **carried), policies=(readers,))
    assert targets(found) == set()
    assert ACCOUNT not in readers["Arn"]


def test_only_a_user_has_a_name_to_fill_in() -> None:
    """A role asks without `aws:username`, so that what is limited by it never matches."""
    keys = allow("iam:CreateAccessKey", f"{ROOT}:user/${{aws:username}}")
    found = of(user("bob"), role("worker", LAMBDA, keys))
    assert targets(found, f"{ROOT}:role/worker") == set()
