"""The published paths of AWS, an account for each, and which of them an export cannot decide."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import pytest
import yaml

from blastlint.providers.aws.paths import paths
from blastlint.source import Root, read
from providers.aws_evidence import (
    ROOT,
    Json,
    allow,
    attached,
    group,
    managed,
    of,
    policy,
    role,
    trust,
    turns,
    user,
)
from providers.evidence import CORPORA

FOLDER = CORPORA / "aws-pathfinding-paths"
TWICE = "iam/iam-017.yaml"
"""A published file in which a key stands twice."""
TABLE = {path.id: path for path in paths()}
VICTIM = "victim"
SERVICES = {
    "apprunner": "tasks.apprunner.amazonaws.com",
    "bedrock-agentcore": "bedrock-agentcore.amazonaws.com",
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "datapipeline": "datapipeline.amazonaws.com",
    "ec2": "ec2.amazonaws.com",
    "ec2-instance-connect": "ec2.amazonaws.com",
    "ecs": "ecs-tasks.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "ssm": "ec2.amazonaws.com",
}
"""Whom a role must trust so that the compute of a service runs as it."""
UNDECIDED = {
    "apprunner-002": "an App Runner service that runs as",
    "bedrock-002": "a code interpreter that runs as",
    "cloudformation-002": "a stack whose service role is",
    "cloudformation-004": "a stack set that",
    "cloudformation-005": "a stack whose service role is",
    "codebuild-002": "a build project that runs as",
    "codebuild-003": "a build project for batches that runs as",
    "ec2-002": "an instance that runs as",
    "ec2-004": "a launch template that names",
    "ec2instanceconnect-003": "a running instance that runs as",
    "ecs-003": "an ECS cluster",
    "ecs-004": "an ECS cluster",
    "ecs-005": "an ECS cluster with a registered container instance",
    "glue-002": "a development endpoint that runs as",
    "glue-005": "a Glue job that can be changed",
    "glue-006": "a Glue job that can be changed",
    "iam-002": "has fewer than two access keys",
    "iam-004": "has no login profile yet",
    "iam-006": "has a login profile",
    "iam-015": "has fewer than two access keys",
    "iam-018": "has fewer than two access keys",
    "lambda-002": "a stream or queue that can trigger the function",
    "lambda-003": "a function that runs as",
    "lambda-004": "a function that runs as",
    "lambda-005": "a function that runs as",
    "sagemaker-004": "a notebook instance in service that runs as",
    "sagemaker-005": "a notebook instance that runs as",
    "ssm-001": "a running instance with the SSM agent that runs as",
    "ssm-002": "a running instance with the SSM agent that runs as",
}
"""Paths that an export of an account cannot decide, each with the fact that it does not hold."""

LACKING = {
    "trust": [
        *(name for name, path in TABLE.items() if path.services),
        *("iam-014", "iam-016", "iam-017", "sts-001"),
    ],
    "profile": [name for name, path in TABLE.items() if path.profile],
    "policy": ["iam-001", "iam-016", "iam-020"],
    "member": ["iam-010", "iam-011"],
}
"""What an account can lack besides permissions, and the paths that take it."""


class Published(NamedTuple):
    """One published path."""

    id: str
    permissions: tuple[str, ...]
    on_itself: bool
    requires: str
    """Its prerequisites, joined."""


def files() -> list[str]:
    """The published files, by their names in the folder."""
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml"))


@cache
def published() -> dict[str, Published]:
    """The published paths by id; skips if they are not here."""
    if not FOLDER.is_dir():
        pytest.skip("the published paths are not here")
    found = {}
    for name in files():
        text = (FOLDER / name).read_text(encoding="utf-8")
        value: Any = yaml.safe_load(text) if name == TWICE else read(Root(str(FOLDER)), name).value
        permissions = tuple(row["permission"] for row in value["permissions"]["required"])
        on_itself = value["category"] == "self-escalation"
        requires = str(value.get("prerequisites"))
        found[value["id"]] = Published(value["id"], permissions, on_itself, requires)
    return found


def no_longer_than(permissions: tuple[str, ...]) -> set[str]:
    """The paths that take no other permissions than these."""
    return {path.id for path in published().values() if set(path.permissions) <= set(permissions)}


def account(path: Published, permissions: tuple[str, ...], **without: bool) -> list[Json]:
    """An account in which somebody has some permissions, and a path has what else it takes.

    Args:
        path: The published path.
        permissions: What the actor may do, each in a policy of its own.
        without: Prerequisites that are missing: `trust`, `profile`, `policy` or `member`.
    """
    actor_is_role = any("RolePolicy" in one for one in path.permissions) and path.on_itself
    actor = f"{ROOT}:role/actor" if actor_is_role else f"{ROOT}:user/actor"
    kind = (
        "user"
        if any("User" in p or "Key" in p or "Login" in p for p in path.permissions)
        else "role"
    )
    target = actor if path.on_itself else f"{ROOT}:{kind}/{VICTIM}"
    own = [allow(each, _resource(each, target)) for each in permissions]
    mine = [] if without.get("policy") else attached("own")
    owned = {"AttachedManagedPolicies": mine if path.on_itself else []}
    if actor_is_role:
        actor_row = role("actor", trust({"Service": "sso.amazonaws.com"}), *own, **owned)
    else:
        groups = [] if without.get("member") else ["team"]
        actor_row = user("actor", *own, GroupList=groups, **owned)
    carried = [] if without.get("profile") else [{"InstanceProfileName": "p"}]
    victims = {"AttachedManagedPolicies": [] if without.get("policy") else attached("own")}
    return [
        actor_row,
        group("team"),
        group("admins", allow()),
        user(VICTIM, **victims),
        role(
            VICTIM,
            trust(_trusted(path, missing=without.get("trust", False))),
            InstanceProfileList=carried,
            **victims,
        ),
    ]


def _resource(permission: str, target: str) -> str:
    if permission == "iam:CreatePolicyVersion":
        return f"{ROOT}:policy/own"
    if permission == "iam:AddUserToGroup":
        return f"{ROOT}:group/admins"
    if "GroupPolicy" in permission:
        return f"{ROOT}:group/team"
    return target if permission.startswith(("iam:", "sts:")) else "*"


def _trusted(path: Published, *, missing: bool) -> Json:
    named = {SERVICES[p.split(":")[0]] for p in path.permissions if p.split(":")[0] in SERVICES}
    if missing:
        return {"Service": "nothing.amazonaws.com"}
    if "sts:AssumeRole" in path.permissions:
        return {"AWS": f"{ROOT}:root"}
    return {"Service": sorted(named) or ["nothing.amazonaws.com"]}


def found_by(path: Published, permissions: tuple[str, ...], **without: bool) -> dict[str, str]:
    """The paths that the actor finds, each with what it needs."""
    entities = account(path, permissions, **without)
    granted = of(*entities, policies=(managed("own", policy(allow("sqs:ListQueues"))),))
    actor = next(one["Arn"] for one in entities if one["Arn"].endswith("/actor"))
    return {
        match[1]: one.needs
        for one in turns(granted, actor)
        if (match := re.search(r"; ([a-z0-9-]+)\)", one.via))
    }
