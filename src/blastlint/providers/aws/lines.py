"""Shows a line of AWS evidence only if it says who may do what, and nothing that may be secret."""

from __future__ import annotations

import re

from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.source import Location

_KEYS = re.compile(r'"([^"]*)"\s*:|(?:^|[\s{,\-])([A-Za-z_][\w.\-]*)\s*:(?=\s|$)')
_OPEN = frozenset(
    {
        *("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", "IsTruncated"),
        *("Arn", "Path", "UserName", "GroupName", "RoleName", "PolicyName", "PolicyArn"),
        *("GroupList", "UserPolicyList", "GroupPolicyList", "RolePolicyList", "VersionId"),
        *("AttachedManagedPolicies", "InstanceProfileList", "AssumeRolePolicyDocument"),
        *("PermissionsBoundary", "PermissionsBoundaryArn", "Document", "PolicyDocument"),
        *("Version", "Statement", "Effect", "Action", "NotAction", "Resource", "NotResource"),
        *("Principal", "NotPrincipal", "AWS", "Service", "Federated"),
    }
)
"""Keys whose values say who may do what."""


def discreet(place: Location) -> Location:
    """The place; without its text, unless every key on the line is one that may be shown."""
    found = [quoted or bare for quoted, bare in _KEYS.findall(place.text)]
    return place if all(key in _OPEN for key in found) else replace(place, text="")
