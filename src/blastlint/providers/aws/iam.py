"""AWS IAM: who may do what in an account, from exports of its users, roles and policies.

Read are the answers of `aws iam get-account-authorization-details`, and policies by themselves.
Principals are ARNs, and `policy:NAME` for whoever has a policy that stands alone. Actions and
resources keep their wildcards and exceptions: `s3:*`, `* except iam:*`.
"""

from __future__ import annotations

from blastlint.providers.aws.accounts import LISTS, Account, dangling, take_in
from blastlint.providers.aws.actions import effect, known
from blastlint.providers.aws.becoming import becomings
from blastlint.providers.aws.dates import newest
from blastlint.providers.aws.holders import Holders, bound
from blastlint.providers.aws.loose import is_loose, take_in_loose
from blastlint.providers.aws.nodes import Node
from blastlint.providers.aws.patterns import names
from blastlint.providers.aws.rights import asked_of_resources, in_words, useless
from blastlint.providers.grants import UNSTATED, Grant, Granted, Unresolved
from blastlint.providers.recognise import recognise
from blastlint.source import InputError, Problem, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.aws.holders import Holder
    from blastlint.providers.aws.policies import Policy
    from blastlint.providers.grants import Setting
    from blastlint.source import Document

__all__ = ["QUOTABLE", "action_covers", "effect", "read", "resource_covers"]

QUOTABLE = frozenset(
    {
        *("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies", "IsTruncated"),
        *("Arn", "Path", "UserName", "GroupName", "RoleName", "PolicyName", "PolicyArn"),
        *("GroupList", "UserPolicyList", "GroupPolicyList", "RolePolicyList", "VersionId"),
        *("AttachedManagedPolicies", "InstanceProfileList"),
        *("PermissionsBoundary", "PermissionsBoundaryArn"),
        *("Version", "Statement", "Effect", "Action", "NotAction", "Resource", "NotResource"),
        *("Principal", "NotPrincipal", "AWS", "Service", "Federated"),
    }
)
"""Keys whose values say who may do what; a policy that is written as a text may hold anything."""
_MANY = 8
"""So many unknown actions of a statement are told by name."""
_ON_ROLES = ("iam:PassRole", "sts:AssumeRole", "iam:UpdateAssumeRolePolicy")
_EXPORT = "give the answer of `aws iam get-account-authorization-details`, or policies"


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """Grants, and what they let one become, of all documents taken together.

    Args:
        documents: Account authorization details, or policies.
        setting: The account that they come from.

    Raises:
        InputError: a document is something else, is cut off, or says what AWS does not know.
    """
    account = _taken_in(documents)
    holders = Holders(account)
    reach = becomings(account, holders)
    grants = tuple(grant for one in holders.all for grant in _grants(account, one, setting.system))
    everything = frozenset(one.entity.arn for one in holders.all if one.everything)
    return Granted(
        grants=grants,
        becomings=reach.becomings,
        shares=reach.shares,
        joints=reach.joints,
        unresolved=(
            *account.unresolved,
            *dangling(account),
            *reach.outside.unresolved,
            *_without_roles(account, holders),
            *_doubtful(holders),
        ),
        principals=tuple(sorted({*account.entities, *(each.holder for each in reach.becomings)})),
        everything=everything,
    )


def _taken_in(documents: Sequence[Document]) -> Account:
    account = Account()
    problems: list[Problem] = []
    day = newest([document.value for document in documents])
    for document in documents:
        node = Node(document, (), document.value, problems, day=day)
        rows = [node]
        if isinstance(node.value, list):
            rows = [node.at(index) for index in range(len(node.value))]
        for number, row in enumerate(rows):
            _take_in(account, row, number)
    if problems:
        raise InputError(*problems)
    return account


def _take_in(account: Account, node: Node, number: int) -> None:
    value = node.value
    if isinstance(value, dict) and not LISTS.isdisjoint(value):
        take_in(account, node)
    elif is_loose(value):
        take_in_loose(account, node, number)
    else:
        kind = recognise(value)
        other = f"this looks like evidence of the kind {kind}" if kind else ""
        help_ = f"use the kind {kind}" if kind else _EXPORT
        node.say(other or "this is neither an export of AWS IAM nor a policy", help_)


def _grants(account: Account, holder: Holder, system: str) -> Iterator[Grant]:
    for right in holder.rights:
        resources, variables = bound(right.resources, holder.entity)
        keys = [each.words for each in right.conditions]
        condition = in_words([*keys, *variables], right.guards)
        action = right.actions.text
        known = resources.plain in account.entities
        asked = () if known else asked_of_resources(right.actions, resources, holder.entity.account)
        needs = "; ".join((*holder.needs, *asked))
        yield Grant(
            holder=holder.entity.arn,
            system=system,
            scope="",
            resource=resources.text,
            action=action,
            effect=effect("", action),
            location=right.location,
            condition=condition,
            certainty="needs-fact" if needs else "conditional" if condition else "proven",
            needs=needs,
        )


def _without_roles(account: Account, holders: Holders) -> Iterator[Unresolved]:
    """Who could become roles that an export leaves out: every account has some."""
    homes = {one.account for one in account.of_kind("role")}
    for holder in holders.all:
        one = holder.entity
        unseen = one.account and one.account not in homes and not holder.everything
        if unseen and any(map(holder.able, _ON_ROLES)):
            what = f"this evidence holds no role of the account {one.account}, and {one.arn} may"
            yield Unresolved(f"{what} become some", one.location, (one.arn,))


def _doubtful(holders: Holders) -> Iterator[Unresolved]:
    """What policies allow that AWS is not known to have, or not on such resources."""
    having: dict[Policy, list[str]] = {}
    for holder in holders.all:
        for policy in holders.policies(holder.entity):
            having.setdefault(policy, []).append(holder.entity.arn)
    for policy, arns in having.items():
        for statement in policy.statements:
            unknown = [each for each in statement.actions if not known(each)]
            if unknown:
                more = f" and {len(unknown) - _MANY} more" if len(unknown) > _MANY else ""
                listed = ", ".join(map(shown, unknown[:_MANY])) + more
                what = f"{policy.title} speaks of what AWS is not known to have: {listed}"
                yield Unresolved(what, statement.place(), tuple(arns))
            for action, resources in useless(statement):
                what = f"{policy.title} allows {action} on {resources}, where it cannot apply"
                yield Unresolved(what, statement.place(), tuple(arns))


def action_covers(granted: str, needed: str) -> bool:
    """Whether one action covers another: `s3:Get*` does `s3:GetObject`, in whatever case."""
    return names(granted, fold=True).has(needed)


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- AWS has no scopes
    """Whether a grant on some ARNs covers others; upper and lower case are not the same."""
    return names(granted).has(needed)
