"""Accounts of AWS for the tests, written as their exports are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blastlint.providers.aws.iam import action_covers, read, resource_covers
from blastlint.source import EVIDENCE, Document, parse

if TYPE_CHECKING:
    from blastlint.providers.grants import Becoming, Granted

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}"
ALICE = f"{ROOT}:user/alice"
ADMIN = f"{ROOT}:role/admin"

Json = dict[str, Any]


def allow(action: Any = "*", resource: Any = "*", **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "*", resource: Any = "*", **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A statement that denies."""
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def policy(*statements: Json) -> Json:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A trust policy that allows."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def _inline(statements: tuple[Json, ...]) -> list[Json]:
    return [
        {"PolicyName": f"p{number}", "PolicyDocument": policy(statement)}
        for number, statement in enumerate(statements)
    ]


def user(name: str, *statements: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A user with an inline policy for every statement."""
    inline = [
        {"PolicyName": f"p{n}", "PolicyDocument": policy(s)} for n, s in enumerate(statements)
    ]
    return {"UserName": name, "Arn": f"{ROOT}:user/{name}", "UserPolicyList": inline, **more}


def group(name: str, *statements: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A group with an inline policy for every statement."""
    inline = [
        {"PolicyName": f"p{n}", "PolicyDocument": policy(s)} for n, s in enumerate(statements)
    ]
    return {"GroupName": name, "Arn": f"{ROOT}:group/{name}", "GroupPolicyList": inline, **more}


def role(name: str, trusts: Any, *statements: Json, **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """A role with a trust policy, in no instance profile, and an inline policy for a statement."""
    inline = [
        {"PolicyName": f"p{n}", "PolicyDocument": policy(s)} for n, s in enumerate(statements)
    ]
    return {
        "RoleName": name,
        "Arn": f"{ROOT}:role/{name}",
        "AssumeRolePolicyDocument": trusts,
        "InstanceProfileList": [],
        "RolePolicyList": inline,
        **more,
    }


def managed(name: str, *documents: Json, home: str = ACCOUNT) -> Json:
    """A managed policy with its versions, of which the first is the default."""
    versions = [
        {"VersionId": f"v{number}", "IsDefaultVersion": number == 1, "Document": document}
        for number, document in enumerate(documents, 1)
    ]
    arn = f"arn:aws:iam::{home}:policy/{name}"
    return {
        "PolicyName": name,
        "Arn": arn,
        "DefaultVersionId": "v1",
        "PolicyVersionList": versions,
    }


def attached(*names: str, home: str = ACCOUNT) -> list[Json]:
    """Managed policies as they stand in a user, group or role."""
    arns = {name: f"arn:aws:iam::{home}:policy/{name}" for name in names}
    return [{"PolicyName": name, "PolicyArn": arn} for name, arn in arns.items()]


def export(*entities: Json, policies: tuple[Json, ...] = (), **more: Any) -> Json:  # noqa: ANN401 -- JSON
    """Account authorization details."""
    return {
        "UserDetailList": [one for one in entities if "UserName" in one],
        "GroupDetailList": [one for one in entities if "GroupName" in one],
        "RoleDetailList": [one for one in entities if "RoleName" in one],
        "Policies": list(policies),
        **more,
    }


def document(value: object, file: str = "account.json") -> Document:
    """A value as a document of a file."""
    return parse(json.dumps(value, indent=1).encode(), file, EVIDENCE)[0]


def of(*entities: Json, policies: tuple[Json, ...] = ()) -> Granted:
    """What an account grants."""
    return read([document(export(*entities, policies=policies))])


def can(found: Granted, holder: str, action: str, resource: str = "arn:aws:s3:::b/k") -> str:
    """How sure it is that a principal may do something; empty if it may not."""
    sure = [
        grant.certainty
        for grant in found.grants
        if grant.holder == holder
        and action_covers(grant.action, action)
        and resource_covers(grant.resource, resource)
    ]
    return min(sure, key=("proven", "conditional", "needs-fact").index, default="")


def turns(found: Granted, holder: str = ALICE) -> list[Becoming]:
    """What a principal becomes."""
    return [one for one in found.becomings if one.holder == holder]


def targets(found: Granted, holder: str = ALICE) -> set[str]:
    """Whom a principal becomes."""
    return {one.principal for one in turns(found, holder)}
