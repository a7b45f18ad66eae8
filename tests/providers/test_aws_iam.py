"""How evidence of AWS is read: exports, policies, roles; and what is refused in words."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from blastlint.granted import grants_in
from blastlint.providers import kind_for_system, provider
from blastlint.providers.aws.iam import read
from blastlint.providers.grants import Setting
from blastlint.providers.recognise import recognise
from blastlint.source import EVIDENCE, InputError, parse
from providers.aws_evidence import (
    ADMIN,
    ALICE,
    ROOT,
    Json,
    allow,
    attached,
    can,
    document,
    export,
    managed,
    of,
    policy,
    role,
    targets,
    trust,
    turns,
    user,
)
from providers.evidence import documents

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.source import Problem

READS = policy(allow("s3:GetObject", "arn:aws:s3:::b/*"))


def refused(*values: object) -> list[Problem]:
    """What is said of evidence that is not read."""
    with pytest.raises(InputError) as caught:
        read([document(value, f"{number}.json") for number, value in enumerate(values)])
    return list(caught.value.problems)


# --- exports ------------------------------------------------------------------------------------


def test_an_account_is_read_with_the_line_of_every_grant() -> None:
    """The place is that of the action, and the note says which policy it is of."""
    text = """\
        {"UserDetailList": [{
          "Arn": "arn:aws:iam::1:user/a",
          "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": {
            "Effect": "Allow",
            "Action": [
              "s3:GetObject",
              "s3:PutObject"
            ],
            "Resource": "*"
          }}}]
        }]}
    """
    (first, second) = read(documents(text), Setting(system="aws")).grants
    assert (first.location.span.line, second.location.span.line) == (6, 7)
    assert second.location.note == "policy own in user a"
    assert (first.system, first.scope) == ("aws", "")


def test_documents_may_be_url_encoded() -> None:
    """S20: as the API itself sends them; also for trust policies."""
    encoded = user(
        "alice", UserPolicyList=[{"PolicyName": "p", "PolicyDocument": quote(json.dumps(READS))}]
    )
    doors = role("admin", quote(json.dumps(trust({"AWS": ALICE}))))
    found = of(encoded, doors)
    assert can(found, ALICE, "s3:GetObject") == "proven"
    assert targets(found) == {ADMIN}


def test_documents_may_be_text() -> None:
    """S20: JSON within JSON, as some tools write it."""
    versions = managed("m", READS)
    versions["PolicyVersionList"][0]["Document"] = json.dumps(READS)
    found = of(user("alice", AttachedManagedPolicies=attached("m")), policies=(versions,))
    assert can(found, ALICE, "s3:GetObject") == "proven"


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["*"]}],
    ],
)
def test_one_or_a_list_of_them(statement: object) -> None:
    """S21: a statement, an action and a resource may each stand alone or in a list."""
    found = read([document({"Statement": statement}, "p.json")])
    assert can(found, "policy:p", "s3:GetObject") == "proven"


def test_a_cut_off_export_is_refused() -> None:
    """S23: a page of an account is not the account: nothing is judged from it."""
    (problem,) = refused(export(user("alice"), IsTruncated=True))
    assert "IsTruncated" in problem.message
    assert "without --max-items" in problem.help
    assert problem.location is not None
    assert read([document(export(user("alice"), IsTruncated=False))]).principals == (ALICE,)


def test_an_export_that_the_command_line_cut_is_refused() -> None:
    """With `--max-items` aws leaves IsTruncated out, and says where it would go on."""
    (problem,) = refused(export(user("alice"), NextToken="eyJNYXJrZXIiOiBudWxsfQ=="))
    assert "NextToken" in problem.message


def test_truncated_json_is_refused_with_its_place() -> None:
    """A file that ends too early says where."""
    with pytest.raises(InputError) as caught:
        parse(b'{"UserDetailList": [\n  {"Arn": "arn:aws:iam::1:user/a",', "cut.json", EVIDENCE)
    place = caught.value.problems[0].location
    assert place is not None
    assert (place.file, place.span.line) == ("cut.json", 2)


def test_a_truncated_document_within_is_refused_with_its_place() -> None:
    """The text of a policy that ends too early is found by the line that holds it."""
    broken = user(
        "alice", UserPolicyList=[{"PolicyName": "p", "PolicyDocument": '{"Statement": ['}]
    )
    (problem,) = refused(export(broken))
    assert problem.message.startswith("this policy document cannot be read: ")
    assert problem.location is not None


def test_an_undefined_policy_is_left_open_for_whoever_has_it() -> None:
    """What is attached and not there is reported with all whom it concerns."""
    team = {"GroupName": "g", "Arn": f"{ROOT}:group/g", "AttachedManagedPolicies": attached("m")}
    (left,) = of(user("alice", GroupList=["g"]), team).unresolved
    assert f"{ROOT}:policy/m, which nothing in this evidence defines" in left.what
    assert left.holders == (f"{ROOT}:group/g", ALICE)


def test_an_undefined_group_is_left_open() -> None:
    """So is a group that the export does not hold."""
    (left,) = of(user("alice", GroupList=["g"])).unresolved
    assert f"{ALICE} is in the group g" in left.what


def test_an_export_without_roles_is_left_open_for_whoever_could_become_one() -> None:
    """An account always has roles: an export without any was filtered."""
    found = of(user("alice", allow("iam:PassRole")), user("bob", allow("s3:GetObject")))
    (left,) = found.unresolved
    assert left.what.startswith(f"this evidence holds no role of the account {ROOT[13:25]}, and ")
    assert left.holders == (ALICE,)


@pytest.mark.parametrize("cut", [True, "true", [], 0])
def test_whatever_is_not_false_is_cut_off(cut: object) -> None:
    """S23: only an export that says that it is whole is."""
    assert "IsTruncated" in refused(export(user("alice"), IsTruncated=cut))[0].message


def test_administrator_access_is_known_without_its_text() -> None:
    """S32: the best known policy of AWS itself need not be in the export."""
    found = of(user("alice", AttachedManagedPolicies=attached("AdministratorAccess", home="aws")))
    assert found.everything == {ALICE}
    assert found.unresolved == ()


def test_an_administrator_becomes_nobody_else() -> None:
    """Who holds everything needs no further steps."""
    doors = role("admin", trust({"AWS": f"{ROOT}:root"}), allow())
    assert turns(of(user("alice", allow()), doors)) == []


def test_the_same_principal_in_two_ways_is_refused() -> None:
    """Two exports of one account that differ are not mixed; the same one twice is read."""
    first, second = export(user("alice", allow("s3:Get*"))), export(user("alice"))
    (problem,) = refused(first, second)
    assert "is defined twice, and not in the same way" in problem.message
    assert len(read([document(first), document(first)]).grants) == 1


def test_all_problems_are_told_together() -> None:
    """Each with its place and what to do."""
    rows: list[Json] = [
        {"Effect": "Alow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:*", "Resourc": "*", "NotResource": "*"},
        {"Effect": "Allow", "Resource": "*"},
        {"Effect": "Allow", "Action": 7, "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${var.bucket}"},
    ]
    problems = refused(policy(*rows))
    assert [problem.message for problem in problems] == [
        "Effect is neither Allow nor Deny",
        "unknown key in a policy statement",
        "a statement needs either Action or NotAction",
        "expected a text",
        "this is a template that was not rendered",
    ]
    assert "did you mean 'Resource'?" in problems[1].help
    assert all(problem.location is not None for problem in problems)


@pytest.mark.parametrize(
    "value",
    [
        {"UserDetailList": {}},
        {"UserDetailList": ["alice"]},
        {"UserDetailList": [{"UserName": "alice"}]},
        {"Policies": [{"Arn": "a", "DefaultVersionId": "v2", "PolicyVersionList": []}]},
        {"Statement": "all"},
        {"Statement": [7]},
        {"PolicyVersion": 7},
        {"PolicyDocument": 7},
        {"PolicyDocument": []},
        {"Role": 7},
        {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": 7}]},
        {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"A": 7}}]},
        {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": 7}]},
    ],
)
def test_a_wrong_shape_is_refused(value: object) -> None:
    """Never with a traceback, always with a place."""
    assert all(problem.location is not None for problem in refused(value))


# --- other kinds --------------------------------------------------------------------------------


def test_another_kind_is_recognised() -> None:
    """Manifests and tool lists are sent to their own readers; exports and policies to this one."""
    (first, second) = refused(
        {"apiVersion": "v1", "kind": "List"}, {"tools": [{"name": "t", "inputSchema": {}}]}
    )
    assert first.help == "use the kind kubernetes-rbac"
    assert second.help == "use the kind mcp-tools"
    assert recognise(export()) == "aws-iam"
    assert recognise([READS]) == "aws-iam"


def test_no_evidence_of_access_is_refused() -> None:
    """What is neither an export nor a policy says nothing."""
    (problem,) = refused({"Buckets": []})
    assert "neither an export of AWS IAM nor a policy" in problem.message
    assert "get-account-authorization-details" in problem.help


def test_the_kind_is_registered() -> None:
    """Systems of the kind `aws` speak its language."""
    assert kind_for_system("aws") == "aws-iam"
    assert provider("aws-iam").effect("", "s3:GetObject") == "read"


# --- policies that stand alone ------------------------------------------------------------------


def test_a_policy_alone_is_held_by_whoever_has_it() -> None:
    """It is named after its file."""
    found = read([document(READS, "evidence/reader.json")])
    assert found.principals == ("policy:reader",)
    assert can(found, "policy:reader", "s3:GetObject") == "proven"


def test_policies_may_stand_in_a_list_and_in_answers() -> None:
    """As `get-policy-version` and `get-role-policy` return them."""
    answer = {"RoleName": "r", "PolicyName": "inline", "PolicyDocument": READS}
    version = {"PolicyVersion": {"VersionId": "v1", "Document": quote(json.dumps(READS))}}
    found = read([document([READS, answer, version], "all.json")])
    assert found.principals == ("policy:all", "policy:all#3", "policy:r/inline")
    assert all(can(found, one, "s3:GetObject") == "proven" for one in found.principals)


def test_a_policy_alone_may_be_everything() -> None:
    """Whoever has `*` on `*` is an administrator."""
    assert read([document(policy(allow()), "p.json")]).everything == {"policy:p"}


def test_a_policy_alone_escalates_under_facts() -> None:
    """Which roles there are it does not say; that one of them is reached is not ruled out."""
    found = read([document(policy(allow(["iam:PassRole", "lambda:*"])), "p.json")])
    passed = next(one for one in turns(found, "policy:p") if "lambda-001" in one.via)
    assert (passed.principal, passed.certainty) == ("arn:aws:iam::*:role/*", "needs-fact")
    assert "which roles there are" in passed.needs
    changes = read([document(policy(allow("lambda:UpdateFunctionCode")), "p.json")])
    assert targets(changes, "policy:p") == {"arn:aws:iam::*:role/*"}
    rewrite = read([document(policy(allow("iam:PutRolePolicy")), "p.json")])
    (turn,) = turns(rewrite, "policy:p")
    assert (turn.principal, turn.certainty) == ("*", "needs-fact")
    assert "whether policy:p is of a role" in turn.needs


def test_a_trust_policy_alone_is_that_of_a_role() -> None:
    """Whoever it lets in becomes the role of that name."""
    found = read([document(trust({"AWS": "arn:aws:iam::1:user/a"}), "till.json")])
    ((holder, principal),) = [(one.holder, one.principal) for one in found.becomings]
    assert (holder, principal) == ("arn:aws:iam::1:user/a", "policy:till")


def test_roles_alone_are_read_and_their_policies_left_open() -> None:
    """`get-role` tells who may assume a role, and nothing of what it may do."""
    row = {"Arn": ADMIN, "RoleName": "admin", "AssumeRolePolicyDocument": trust({"AWS": ALICE})}
    for value in ({"Role": row}, {"Roles": [row]}):
        found = read([document(value)])
        assert targets(found) == {ADMIN}
        assert [one.holders for one in found.unresolved] == [(ADMIN,)]


def test_the_policy_of_a_resource_is_refused() -> None:
    """Who may read a bucket is said by its policy, which is no right of a principal."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    (problem,) = refused(policy(statement))
    assert "the policy of a resource, which is not read here" in problem.message


# --- secrets ------------------------------------------------------------------------------------


def test_who_reads_a_secret_may_become_anybody() -> None:
    """A9: whose credential it holds is the missing fact; one step for each place."""
    secret = "arn:aws:secretsmanager:eu-west-1:1:secret:db-*"  # noqa: S105 -- a name
    statement = allow(["secretsmanager:GetSecretValue"], secret)
    (turn,) = turns(of(user("alice", statement)))
    assert (turn.principal, turn.certainty) == (secret, "needs-fact")
    assert turn.needs == f"whose credential {secret} holds"


def test_no_value_of_a_condition_is_shown() -> None:
    """A line that holds more than who may do what is not repeated."""
    condition = {"StringEquals": {"aws:UserAgent": "hush"}}
    text = json.dumps(policy(allow("s3:*", Condition=condition)))
    found = read(parse(text.encode(), "p.json", EVIDENCE))
    assert "hush" not in repr(found)
    assert found.grants[0].location.span.line == 1


# --- for people ---------------------------------------------------------------------------------


def test_people_are_told_what_a_principal_may_do_and_become(tmp_path: Path) -> None:
    """Its actions on a line for each resource, then each step; of others nothing is said."""
    rights = allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::b/*")
    doors = role("admin", trust({"AWS": ALICE}), allow())
    bob = user("bob", allow("s3:Frobnicate"))
    file = tmp_path / "account.json"
    file.write_text(json.dumps(export(user("alice", rights), bob, doors)), encoding="utf-8")
    ask = partial(grants_in, "aws-iam", [str(file)], derive=True, namespace="", form="text")
    out = ask(principal=ALICE)
    assert out.splitlines()[:-1] == [
        ALICE,
        "  s3:GetObject, s3:PutObject on arn:aws:s3:::b/*",
        f"  becomes {ADMIN} via assume the role (sts:AssumeRole; sts-001) on role admin",
    ]
    assert "unresolved: " in ask(principal="")
    assert f"{ADMIN}  (everything)" in ask(principal="")
