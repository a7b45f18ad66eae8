"""Policies that stand alone, without the account that they are of.

Whoever has such a policy, and nothing else, is written `policy:NAME`. NAME is its own name, after
that of the role, user or group that it stands in (`policy:till/read`), or the name of its file. A
trust policy is that of a role of that name.
"""

from __future__ import annotations

import os

from blastlint.providers.aws.accounts import Entity, add, entity
from blastlint.providers.aws.policies import policy
from blastlint.providers.grants import Unresolved
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.aws.accounts import Account
    from blastlint.providers.aws.nodes import Node

_POLICIES = ("Statement", "PolicyVersion", "PolicyDocument")
_ROLES = ("Role", "Roles")


def is_loose(value: object) -> bool:
    """Whether a value is a policy, or an answer that holds one or the roles of an account."""
    return isinstance(value, dict) and any(key in value for key in (*_POLICIES, *_ROLES))


def take_in_loose(account: Account, node: Node, number: int) -> None:
    """Add a policy that stands alone, or roles.

    Args:
        account: What to add it to.
        node: The policy, or the answer that holds it.
        number: Its place in its file, from 0.
    """
    if "Role" in node.value:
        _take_in_role(account, node.at("Role").mapped())
    elif "Roles" in node.value:
        for row in node.rows("Roles"):
            _take_in_role(account, row)
    else:
        _take_in_policy(account, node, number)


def _take_in_role(account: Account, row: Node) -> None:
    role = entity(row, "role", "RoleName", "RolePolicyList")
    add(account, row, role)
    if "RolePolicyList" not in row.value:
        what = f"the policies of {role.arn}, which nothing in this evidence defines"
        account.unresolved.append(Unresolved(what, role.location, (role.arn,)))


def _take_in_policy(account: Account, node: Node, number: int) -> None:
    document = node
    if "PolicyVersion" in node.value:
        document = node.at("PolicyVersion").mapped().embedded("Document")
    elif "PolicyDocument" in node.value:
        document = node.embedded("PolicyDocument")
    name = _name(node, number)
    found = Entity("policy", f"policy:{name}", name, node.place())
    if _names_principals(document):
        trust = policy(f"trust policy {name}", document, identity=False)
        _refuse_resources(document)
        found = replace(found, kind="role", trust=trust)
    else:
        found = replace(found, inline=(policy(f"policy {name}", document),))
    add(account, node, found)


def _name(node: Node, number: int) -> str:
    """Its own name after that of whoever has it, if they are written; else that of its file."""
    owners = [node.text(key) for key in ("RoleName", "UserName", "GroupName", "PolicyName")]
    if "PolicyName" in node.value and "Statement" not in node.value:
        return "/".join(filter(None, owners))
    stem = os.path.splitext(os.path.basename(node.document.file))[0]
    return f"{stem}#{number + 1}" if number else stem


def _statements(document: Node) -> list[Node]:
    """The statements that are maps; the others are told when the policy is read."""
    written = document.at("Statement")
    rows = [written]
    if isinstance(written.value, list):
        rows = [written.at(index) for index in range(len(written.value))]
    return [row for row in rows if isinstance(row.value, dict)]


def _names_principals(document: Node) -> bool:
    return any({"Principal", "NotPrincipal"} & row.value.keys() for row in _statements(document))


def _refuse_resources(document: Node) -> None:
    for row in _statements(document):
        if {"Resource", "NotResource"} & row.value.keys():
            help_ = "give policies of users, groups and roles, and trust policies of roles"
            row.say("this is the policy of a resource, which is not read here", help_)
