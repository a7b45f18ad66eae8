"""Whatever stands in evidence of AWS is read, or refused with its place: never a traceback."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.aws.iam import read
from blastlint.source import InputError
from providers.aws_evidence import ADMIN, ALICE, document

KEYS = st.sampled_from(
    [
        *("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", "Role", "Roles"),
        *("Arn", "UserName", "GroupName", "RoleName", "GroupList", "PermissionsBoundary"),
        *("UserPolicyList", "RolePolicyList", "AttachedManagedPolicies", "PolicyArn"),
        *("AssumeRolePolicyDocument", "InstanceProfileList", "PermissionsBoundaryArn"),
        *("PolicyName", "PolicyDocument", "PolicyVersion", "PolicyVersionList", "Document"),
        *("DefaultVersionId", "VersionId", "IsDefaultVersion", "IsTruncated", "Statement"),
        *("Effect", "Action", "NotAction", "Resource", "NotResource", "Principal"),
        *("NotPrincipal", "Condition", "AWS", "Service", "Federated", "StringEquals"),
    ]
)
TEXTS = st.sampled_from(
    [
        *("", "*", "Allow", "Deny", "v1", ALICE, ADMIN, "iam:PassRole", "iam:*", "sts:AssumeRole"),
        *("lambda:*", "arn", "arn:aws:iam::*:role/*", "${aws:username}", "${", "123456789012"),
        *('{"Statement": []}', "%7B%7D", "{", "\ud800", "a except b and c", "::::::"),
    ]
)
LEAVES = TEXTS | st.none() | st.booleans() | st.integers(-1, 2) | st.floats(0, 1)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"])},
    optional={
        "Action": TEXTS | st.lists(TEXTS, max_size=2),
        "Resource": TEXTS | st.lists(TEXTS, max_size=2),
        "Principal": TEXTS | st.dictionaries(KEYS, TEXTS, max_size=2),
        "Condition": st.dictionaries(KEYS, st.dictionaries(TEXTS, LEAVES, max_size=2), max_size=2),
    },
)
VALUES = st.recursive(
    LEAVES | STATEMENTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
ENTITIES = st.dictionaries(KEYS, VALUES, max_size=4).map(lambda row: {"Arn": ALICE} | row)
LISTS = st.sampled_from(["UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"])
EXPORTS = st.dictionaries(LISTS, st.lists(ENTITIES, max_size=3), min_size=1, max_size=4)


@settings(max_examples=300)
@given(VALUES | EXPORTS)
def test_nothing_breaks_the_reader(value: object) -> None:
    """A value of any shape, with the words that matter in it."""
    with suppress(InputError):
        read([document(value)])


@given(EXPORTS)
def test_what_is_refused_has_a_place(value: object) -> None:
    """Every problem says where."""
    try:
        read([document(value)])
    except InputError as error:
        places = [problem.location for problem in error.problems]
        assert None not in places
