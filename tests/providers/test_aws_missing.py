"""What the export of an account cannot hold, and so is told as a missing fact where it decides."""

from __future__ import annotations

import pytest

from blastlint.providers.aws.paths import paths
from providers.aws_evidence import (
    ACCOUNT,
    ALICE,
    ROOT,
    allow,
    attached,
    of,
    role,
    targets,
    trust,
    turns,
    user,
)

OTHER = "999999999999"


def needs(action: str, resource: str = "*") -> tuple[str, str]:
    """How sure the right of alice to an action on a resource is, and the missing fact."""
    (found,) = of(user("alice", allow(action, resource))).grants
    return found.certainty, found.needs


# --- policies of resources ----------------------------------------------------------------------


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:*", "KMS:Decrypt", "kms:Generate*"])
def test_a_key_obeys_its_account_only_if_its_own_policy_says_so(action: str) -> None:
    """A9, S24, S25: a policy of an identity opens no key by itself; no export has key policies."""
    fact = "whether the policy of the key leaves it to the policies of the account"
    assert needs(action) == ("needs-fact", fact)


def test_a_key_is_named_where_the_policy_names_it() -> None:
    """S25: the fact is about that key."""
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k1"
    assert needs("kms:Decrypt", key)[1].startswith(f"whether the policy of {key} leaves")


@pytest.mark.parametrize("action", ["kms:ListKeys", "kms:CreateKey", "s3:GetObject", "*"])
def test_what_is_on_no_key_needs_no_key_policy(action: str) -> None:
    """S25: to list keys asks no key, and whoever may do everything can change the key policy."""
    assert needs(action) == ("proven", "")


def test_the_policy_of_a_resource_in_another_account_decides() -> None:
    """S25: both accounts must allow it, and the policy of a queue is not in any export."""
    queue = f"arn:aws:sqs:eu-west-1:{OTHER}:orders"
    fact = f"whether the policy of {queue} lets in the account {ACCOUNT}"
    assert needs("sqs:SendMessage", queue) == ("needs-fact", fact)


@pytest.mark.parametrize(
    "resource",
    [
        f"arn:aws:sqs:eu-west-1:{ACCOUNT}:orders",
        "arn:aws:sqs:eu-west-1:*:orders",
        "arn:aws:sqs:*:1234*:orders",
        "*",
    ],
)
def test_a_resource_of_ones_own_account_needs_no_second_policy(resource: str) -> None:
    """S25: in one account the policy of an identity is enough, but for keys and roles."""
    assert needs("sqs:SendMessage", resource) == ("proven", "")


# --- what is true of users, roles and workloads -------------------------------------------------


def facts(found_by: str, *rights: str, **more: object) -> set[str]:
    """The missing facts of the steps that alice takes by some rights, towards bob or a worker."""
    others = (user("bob"), role("worker", LAMBDA), role("server", trust(SERVERS), **PROFILE))
    found = of(user("alice", *(allow(each) for each in rights), **more), *others)
    return {turn.needs for turn in turns(found) if found_by in turn.via}


LAMBDA = trust({"Service": "lambda.amazonaws.com"})
SERVERS = {"Service": "ec2.amazonaws.com"}
PROFILE = {"InstanceProfileList": [{"Arn": f"{ROOT}:instance-profile/server"}]}


def test_how_many_access_keys_a_user_has_is_a_missing_fact() -> None:
    """A3, S25: with two keys no third one can be made, and no export counts them."""
    fact = f"whether {ROOT}:user/bob has fewer than two access keys"
    assert facts("iam:CreateAccessKey", "iam:CreateAccessKey") == {fact}


def test_whether_a_user_has_a_password_is_a_missing_fact() -> None:
    """A3, S25: one is made where there is none, and changed where there is one."""
    user_ = f"{ROOT}:user/bob"
    assert facts("iam:CreateLoginProfile", "iam:CreateLoginProfile") == {
        f"whether {user_} has no login profile yet"
    }
    assert facts("iam:UpdateLoginProfile", "iam:UpdateLoginProfile") == {
        f"whether {user_} has a login profile"
    }


@pytest.mark.parametrize(
    ("action", "fact"),
    [
        ("ssm:StartSession", "a running instance with the SSM agent that runs as {}:role/server"),
        ("lambda:UpdateFunctionCode", "a function that runs as {}:role/worker and that something"),
        ("cloudformation:UpdateStack", ""),
    ],
)
def test_what_runs_as_a_role_is_a_missing_fact(action: str, fact: str) -> None:
    """A8, S25: no export lists what runs; a role that no such service may take is not reached."""
    found = facts(action, action)
    assert len(found) == bool(fact)
    assert all(each.startswith(fact.format(ROOT)) for each in found)


def test_every_path_over_what_runs_already_names_its_fact() -> None:
    """S25: whoever passes no role and assumes none takes over what the export does not list."""
    for path in paths():
        if path.services and not any(action == "iam:PassRole" for action, _ in path.actions):
            assert path.fact, path.id


# --- limits that only take away -----------------------------------------------------------------


def test_limits_above_an_account_and_of_a_session_add_no_right() -> None:
    """S24, S25: SCPs, RCPs and session policies only narrow; what they leave is at most this.

    Nothing in an export tells them, and a condition that they would set is none of the policy's.
    The right is told as the policies of the account say it.
    """
    (found,) = of(user("alice", allow("s3:GetObject"))).grants
    assert (found.certainty, found.condition, found.needs) == ("proven", "", "")


def test_a_boundary_that_aws_made_and_the_export_leaves_out_is_a_missing_fact() -> None:
    """S24, S32: what a boundary allows limits every right, so that none is sure without it."""
    arn = "arn:aws:iam::aws:policy/PowerUserAccess"
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": arn}}
    found = of(user("alice", allow("s3:GetObject"), **boundary))
    assert {one.certainty for one in found.grants} == {"needs-fact"}
    assert {one.needs for one in found.grants} == {f"what the permissions boundary {arn} allows"}


def test_a_policy_of_aws_that_the_export_leaves_out_is_left_open() -> None:
    """S32: its text is not guessed; whoever has it may hold more than is told."""
    held = {"AttachedManagedPolicies": attached("PowerUserAccess", home="aws")}
    found = of(user("alice", **held))
    (open_one,) = found.unresolved
    assert "arn:aws:iam::aws:policy/PowerUserAccess, which nothing" in open_one.what
    assert open_one.holders == (ALICE,)
    assert found.grants == ()


# --- service-linked roles -----------------------------------------------------------------------


def linked(**more: object) -> dict[str, object]:
    """The role of a service that only this service takes."""
    own = role("AWSServiceRoleForX", trust({"Service": "x.amazonaws.com"}), allow("*"), **more)
    return {**own, "Arn": f"{ROOT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"}


@pytest.mark.parametrize(
    "action", ["sts:AssumeRole", "iam:PassRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"]
)
def test_a_service_linked_role_is_its_services_alone(action: str) -> None:
    """S34: nobody assumes it, hands it on or changes it, whatever a policy allows."""
    assert targets(of(user("alice", allow([action, "lambda:*", "ec2:*"])), linked())) == set()


def test_a_service_linked_role_holds_what_its_policies_say() -> None:
    """S34: no limit above the account narrows it, so what is told of it is sure."""
    found = of(linked())
    assert {one.certainty for one in found.grants} == {"proven"}
    assert len(found.everything) == 1
