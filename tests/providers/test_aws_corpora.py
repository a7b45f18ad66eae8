"""Real accounts of AWS: the facts that their sources state."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from blastlint.providers.aws.iam import read
from blastlint.source import InputError, Root, read_all
from providers.aws_evidence import targets, turns
from providers.evidence import CORPORA

if TYPE_CHECKING:
    from blastlint.providers.grants import Granted

FOLDER = CORPORA / "aws-cloudsplaining"
ACCOUNT = "arn:aws:iam::200611803367"
REFUSED = (
    "test_group_detail_results.json",
    "test_role_detail_results.json",
    "test_user_detail_results.json",
)
"""Results of another program, not evidence."""
HELD_BACK = {
    "privesc-AssumeRole-start-user",  # without a policy, and no role names it
    "privesc2-SetExistingDefaultPolicyVersion-user",  # of a policy that has one version
    "privesc9-AttachRolePolicy-user",  # a user attaches policies to roles that do not let it in
    "privesc12-PutRolePolicy-user",
}
"""Users that are made to escalate, and of this account cannot."""
WORKLOADS = {
    "privesc-CloudFormationUpdateStack-user",
    "privesc-ec2InstanceConnect-user",
    "privesc-sageMakerCreatePresignedNotebookURL-user",
    "privesc-ssmSendCommand-user",
    "privesc-ssmStartSession-user",
    "privesc16-PassRoleToNewLambdaThenTriggerWithNewDynamo-user",
    "privesc17-EditExistingLambdaFunctionWithRole-user",
    "privesc19-UpdateExistingGlueDevEndpoint-user",
    "privesc4-CreateAccessKey-user",
    "privesc5-CreateLoginProfile-user",
    "privesc6-UpdateLoginProfile-user",
}
"""Users of whom a workload, a key or a password decides, which no export holds."""


@cache
def account(name: str = "example.json") -> Granted:
    """What a real account grants; skips if it is not here."""
    if not FOLDER.is_dir():
        pytest.skip("the corpus aws-cloudsplaining is not here")
    return read(read_all(Root(str(FOLDER)), name))


def test_the_account_has_44_users_78_roles_and_84_policies() -> None:
    """Every one is a principal, with or without a right; five groups besides."""
    found = set(account().principals)
    (document,) = read_all(Root(str(FOLDER)), "example.json")
    assert len(document.value["Policies"]) == 84
    for kind, many in (("User", 44), ("Role", 78), ("Group", 5)):
        arns = {row["Arn"] for row in document.value[f"{kind}DetailList"]}
        assert len(arns) == many
        assert arns <= found


def test_every_file_is_read_or_refused_in_words() -> None:
    """Exports and policies are read; the results of another program are not."""
    account()
    for name in sorted(path.name for path in FOLDER.glob("*.json")):
        if name in REFUSED:
            with pytest.raises(InputError, match="neither an export of AWS IAM nor a policy"):
                account(name)
        else:
            assert account(name).principals


def test_the_administrators_hold_everything() -> None:
    """Who has `*` on `*` for sure, in either of the two accounts of the file."""
    assert {one.rpartition("/")[2].partition("_")[0] for one in account().everything} == {
        "admin",
        "obama",
        "userwithlotsofpermissions",
        "AWS-QuickSetup-StackSet-Local-ExecutionRole",
        "AWSReservedSSO",
        "OrganizationAccountAccessRole",
        "privesc-AssumeRole-ending-role",
        "privesc-high-priv-service-role",
        "stacksets-exec-b5520cb2730c2f54b523d6375a319abb",
    }


def test_whoever_is_made_to_escalate_does() -> None:
    """The account has a user for every way up; each finds one, with its certainty."""
    users = {
        one.rpartition("/")[2]: {turn.certainty for turn in turns(account(), one)}
        for one in account().principals
        if one.startswith(f"{ACCOUNT}:user/privesc")
    }
    assert len(users) == 32
    assert {name for name, found in users.items() if not found} == HELD_BACK
    assert {name for name, found in users.items() if found == {"needs-fact"}} == WORKLOADS


@pytest.mark.parametrize(
    ("name", "certainties"),
    [
        ("fn1-privesc3-partial", {"proven"}),  # two halves in two policies
        ("fn2-exploitableResourceConstraint", {"proven"}),  # on its own policy only
        ("fn3-exploitableConditionConstraint", {"conditional"}),
        ("fp1-allow-and-deny", set()),
        ("fp2-allow-and-deny-multiple-policies", set()),
        ("fp3-deny-iam", set()),
        ("fp4-nonExploitableResourceConstraint", set()),
        ("fp5-nonExploitableConditionConstraint", set()),  # a date before the export was made
    ],
)
def test_cases_that_other_tools_get_wrong(name: str, certainties: set[str]) -> None:
    """What is named fn is missed by others, and fp is found by others without need."""
    for kind in ("user", "role"):
        found = turns(account(), f"{ACCOUNT}:{kind}/{name}-{kind}")
        assert {turn.certainty for turn in found} == certainties


def test_an_exception_is_no_limit() -> None:
    """Everything but a few actions still leads everywhere."""
    assert "*" in targets(account(), f"{ACCOUNT}:user/fn4-exploitableNotAction-user")


def test_roles_assume_roles_up_to_an_administrator() -> None:
    """The first becomes the second, which becomes the last."""
    first, second, last = (
        f"{ACCOUNT}:role/privesc-AssumeRole-{place}-role"
        for place in ("starting", "intermediate", "ending")
    )
    assert targets(account(), first) == {second}
    assert targets(account(), second) == {last}
    assert last in account().everything


def test_a_policy_that_no_file_defines_is_left_open() -> None:
    """The export names a policy of AWS that it does not hold."""
    (left,) = account("managed_policy_mismatch.json").unresolved
    assert "AWSLambdaReadOnlyAccess, which nothing in this evidence defines" in left.what


def test_policies_alone_are_named_after_their_files() -> None:
    """One file, one policy."""
    (grant, other) = account("wildcards.json").grants
    assert (grant.holder, grant.action, other.action) == ("policy:wildcards", "ecr:*", "s3:*")
    assert len(account("explicit-actions.json").grants) == 16
