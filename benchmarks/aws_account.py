"""Measures how reading an AWS account grows with it: CPU seconds at each size, and the exponent.

The account has users in groups, roles that services, the account or another role assume, policies
with wildcards, a Deny and boundaries; and beside it a chain in which every role assumes the next.
"""

from __future__ import annotations

import gc
import json
import sys
from math import log
from time import process_time
from typing import Any

from blastlint.providers.aws.iam import read
from blastlint.source import EVIDENCE, parse

NUMBER = "123456789012"
ROOT = f"arn:aws:iam::{NUMBER}"
SERVICES = ("lambda", "ec2", "ecs-tasks", "glue", "codebuild")
SIZES = (1250, 2500, 5000)
CHAINS = (250, 500, 1000)


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """A statement that allows."""
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """A policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(**principal: str) -> dict[str, Any]:
    """A trust policy."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def managed(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """A managed policy with one version."""
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": policy(*statements)}
    arn = f"{ROOT}:policy/{name}"
    return {
        "PolicyName": name,
        "Arn": arn,
        "DefaultVersionId": "v1",
        "PolicyVersionList": [version],
    }


def role(name: str, trusts: dict[str, Any], *statements: dict[str, Any]) -> dict[str, Any]:
    """A role with one inline policy."""
    return {
        "RoleName": name,
        "Arn": f"{ROOT}:role/{name}",
        "AssumeRolePolicyDocument": trusts,
        "InstanceProfileList": [],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": policy(*statements)}],
        "AttachedManagedPolicies": [{"PolicyName": "base", "PolicyArn": f"{ROOT}:policy/base"}],
    }


def user(number: int) -> dict[str, Any]:
    """A user; a tenth may pass on and assume any role, every fiftieth may change all of IAM."""
    name = f"user-{number}"
    own = f"arn:aws:s3:::home/{name}/*"
    statements = [allow(["s3:GetObject", "s3:PutObject"], own)]
    if number % 10 == 0:
        statements.append(allow(["iam:PassRole", "lambda:*", "ec2:*", "sts:AssumeRole"]))
    if number % 50 == 1:
        statements.append(allow("iam:*"))
    return {
        "UserName": name,
        "Arn": f"{ROOT}:user/{name}",
        "GroupList": [f"group-{number % 20}"],
        "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": policy(*statements)}],
        "AttachedManagedPolicies": [],
        "PermissionsBoundary": {"PermissionsBoundaryArn": f"{ROOT}:policy/boundary"},
    }


def group(number: int) -> dict[str, Any]:
    """A group that carries a managed policy."""
    name = f"group-{number}"
    attached = [{"PolicyName": "base", "PolicyArn": f"{ROOT}:policy/base"}]
    arn = f"{ROOT}:group/{name}"
    return {"GroupName": name, "Arn": arn, "AttachedManagedPolicies": attached}


def account(size: int) -> dict[str, Any]:
    """An account of that many principals, half of them roles."""
    roles = []
    for number in range(size // 2):
        trusts = trust(Service=f"{SERVICES[number % len(SERVICES)]}.amazonaws.com")
        if number % 3 == 0:
            trusts = trust(AWS=f"{ROOT}:root")
        own = allow(
            ["dynamodb:GetItem", "dynamodb:PutItem"], f"arn:aws:dynamodb:*:*:table/t{number}"
        )
        roles.append(role(f"role-{number}", trusts, own))
    base = managed(
        "base",
        allow(["logs:*", "cloudwatch:Put*", "ec2:Describe*"]),
        {"Effect": "Deny", "Action": ["s3:DeleteBucket"], "Resource": "arn:aws:s3:::audit*"},
    )
    return {
        "UserDetailList": [user(number) for number in range(size // 2)],
        "GroupDetailList": [group(number) for number in range(20)],
        "RoleDetailList": roles,
        "Policies": [
            base,
            managed("boundary", allow(["s3:*", "iam:*", "lambda:*", "sts:*", "ec2:*"])),
        ],
    }


def chain(length: int) -> dict[str, Any]:
    """Roles of which each assumes the next."""
    roles = []
    for number in range(length):
        trusts = trust(AWS=f"{ROOT}:role/link-{number - 1}" if number else f"{ROOT}:root")
        steps = allow("sts:AssumeRole", f"{ROOT}:role/link-{number + 1}")
        roles.append(role(f"link-{number}", trusts, steps))
    return {"RoleDetailList": roles, "Policies": [managed("base", allow("logs:*"))]}


def measure(title: str, made: dict[int, dict[str, Any]]) -> None:
    """Print the CPU time of each size, without the time of parsing, and how it grows."""
    times: dict[int, float] = {}
    for size, value in made.items():
        documents = parse(json.dumps(value, indent=1).encode(), "account.json", EVIDENCE)
        before = process_time()
        found = read(documents)
        times[size] = process_time() - before
        counts = f"{len(found.grants)} grants, {len(found.becomings)} steps"
        print(f"{title} {size}: {times[size]:.2f} s, {counts}")
    first, last = min(times), max(times)
    if first == last:
        return
    exponent = log(times[last] / times[first]) / log(last / first)
    print(f"{title}: grows with size to the power of {exponent:.2f}")


if __name__ == "__main__":
    gc.disable()  # as in every run of blastlint
    wanted = [int(size) for size in sys.argv[1:]] or SIZES
    measure("account", {size: account(size) for size in wanted})
    measure("chain", {length: chain(length) for length in CHAINS})
