"""Users, groups, roles and policies of an AWS account, from its authorization details."""

from __future__ import annotations

from blastlint.providers.aws.policies import Policy, policy
from blastlint.providers.grants import Unresolved
from blastlint.source import shown
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from blastlint.providers.aws.nodes import Node
    from blastlint.source import Location

_KINDS = (
    ("user", "UserDetailList", "UserName", "UserPolicyList"),
    ("group", "GroupDetailList", "GroupName", "GroupPolicyList"),
    ("role", "RoleDetailList", "RoleName", "RolePolicyList"),
)

LISTS = frozenset({"Policies", *(row[1] for row in _KINDS)})
"""Keys of which an export has at least one."""
_BOUNDARY = "PermissionsBoundaryArn"
_PROFILES = "InstanceProfileList"
_ADMIN = ":iam::aws:policy/AdministratorAccess"
_ADMIN_SAYS = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
"""What AWS's own AdministratorAccess says, which not every export repeats."""


@dataclass(frozen=True, slots=True, eq=False)
class Managed:
    """A managed policy with all its versions."""

    arn: str
    """ARN; those of AWS itself can be rewritten by nobody."""
    default: Policy
    """The version that counts today."""
    others: tuple[Policy, ...]
    """Versions that count once somebody makes them the default."""
    location: Location
    """Where it stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """A user, a group or a role."""

    kind: str
    """user, group or role; or policy, if nobody is known who has it."""
    arn: str
    """ARN."""
    name: str
    """Name without its path."""
    location: Location
    """Where it stands."""
    inline: tuple[Policy, ...] = ()
    """Policies written into it."""
    attached: tuple[str, ...] = ()
    """ARNs of the managed policies attached to it."""
    boundary: str = ""
    """ARN of its permissions boundary; empty without one."""
    member_of: tuple[str, ...] = ()
    """Names of its groups."""
    trust: Policy | None = None
    """Who may assume it, if it is a role."""
    profiles: bool | None = None
    """Whether an instance profile carries it; None if the evidence does not say."""

    @property
    def title(self) -> str:
        """What people call it: `user alice`."""
        return f"{self.kind} {self.name}"

    @property
    def loose(self) -> bool:
        """Whether it is a policy that stands alone: whoever has it, and nothing else."""
        return self.kind == "policy"

    @property
    def protected(self) -> bool:
        """Whether it is a role that only AWS itself can change or pass on."""
        return ":role/aws-service-role/" in self.arn or ":role/aws-reserved/" in self.arn

    @property
    def account(self) -> str:
        """Number of its account."""
        return account_of(self.arn)


@dataclass(slots=True)
class Account:
    """What authorization details say; several accounts may be read together."""

    entities: dict[str, Entity] = field(default_factory=dict)
    """By ARN, in file order."""
    managed: dict[str, Managed] = field(default_factory=dict)
    """By ARN."""
    unresolved: list[Unresolved] = field(default_factory=list)
    """What the files leave open."""
    written: dict[str, object] = field(default_factory=dict)
    """By ARN, what its definition says."""
    groups: dict[tuple[str, str], Entity] = field(default_factory=dict)
    """By number of the account, and name."""

    def of_kind(self, kind: str) -> list[Entity]:
        """All users, all groups, or all roles."""
        return [each for each in self.entities.values() if each.kind == kind]

    def groups_of(self, entity: Entity) -> tuple[Entity, ...]:
        """The groups that a user is in, as far as they are known."""
        known = (self.groups.get((entity.account, name)) for name in entity.member_of)
        return tuple(group for group in known if group is not None)


def account_of(arn: str) -> str:
    """The number of the account in an ARN; empty if there is none."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""  # noqa: PLR2004 -- the parts of an ARN


def take_in(account: Account, node: Node) -> None:
    """Add what one answer of `get-account-authorization-details` says."""
    _refuse_part(node)
    for row in node.rows("Policies"):
        _define(account, row, account.managed, managed(row))
    for kind, key, name, inline in _KINDS:
        for row in node.rows(key):
            add(account, row, entity(row, kind, name, inline))
            for attached in row.rows("AttachedManagedPolicies"):
                _supply(account, attached)


def _refuse_part(node: Node) -> None:
    """Note that an answer is one page of several, as AWS says or as its command line does."""
    help_ = "export it again without --max-items and --no-paginate: aws then reads every page"
    cut = node.at("IsTruncated").value
    if cut is not None and cut is not False:
        node.say("this export is cut off: IsTruncated is not false", help_, "IsTruncated")
    elif node.at("NextToken").value is not None:
        node.say("this export is cut off: NextToken says that more follows", help_, "NextToken")


def _supply(account: Account, attached: Node) -> None:
    arn = attached.at("PolicyArn").value
    if isinstance(arn, str) and arn.endswith(_ADMIN) and arn not in account.managed:
        says = policy("policy AdministratorAccess", replace(attached, value=_ADMIN_SAYS).opened())
        account.managed[arn] = Managed(arn, says, (), attached.place())


def add(account: Account, row: Node, found: Entity) -> None:
    """Add a user, group or role."""
    _define(account, row, account.entities, found)
    if found.kind == "group":
        account.groups[found.account, found.name] = found


def _define(account: Account, row: Node, known: dict[str, Any], found: Any) -> None:  # noqa: ANN401 -- a policy or an entity
    """Keep what an ARN stands for; two exports may repeat it, but not say two things of it."""
    if account.written.setdefault(found.arn, row.value) != row.value:
        help_ = "give one export of each account, the newest"
        row.say(f"{shown(found.arn)} is defined twice, and not in the same way", help_, "Arn")
    known[found.arn] = found


def managed(row: Node) -> Managed:
    """A managed policy with its versions, of which one is the default."""
    name, arn = row.text("PolicyName"), row.text("Arn", needed=True)
    default = row.text("DefaultVersionId")
    current: list[Policy] = []
    others: list[Policy] = []
    for version in row.rows("PolicyVersionList"):
        number = version.text("VersionId")
        chosen = number == default if default else version.at("IsDefaultVersion").value is True
        title = f"policy {name}" + ("" if chosen else f" {number}")
        (current if chosen else others).append(policy(title, version.embedded("Document")))
    if not current:
        row.say("the default version of this policy is not among its versions", "", "Arn")
        current = [Policy(f"policy {name}", ())]
    return Managed(arn, current[0], tuple(others), row.place("Arn"))


def entity(row: Node, kind: str, name_key: str, inline_key: str) -> Entity:
    """A user, group or role."""
    arn = row.text("Arn", needed=True)
    name = row.text(name_key) or arn.rpartition("/")[2]
    title = f"{kind} {name}"
    attached = [each.text("PolicyArn", needed=True) for each in row.rows("AttachedManagedPolicies")]
    boundary = row.at("PermissionsBoundary")
    return Entity(
        kind=kind,
        arn=arn,
        name=name,
        location=row.place("Arn"),
        inline=tuple(_inline(each, title) for each in row.rows(inline_key)),
        attached=tuple(dict.fromkeys(attached)),
        boundary="" if boundary.value is None else boundary.mapped().text(_BOUNDARY, needed=True),
        member_of=row.texts("GroupList"),
        trust=_trust(row, title),
        profiles=bool(list(row.rows(_PROFILES))) if _PROFILES in row.value else None,
    )


def _trust(row: Node, title: str) -> Policy | None:
    if row.at("AssumeRolePolicyDocument").value is None:
        return None
    return policy(f"trust of {title}", row.embedded("AssumeRolePolicyDocument"), identity=False)


def _inline(row: Node, title: str) -> Policy:
    return policy(f"policy {row.text('PolicyName')} in {title}", row.embedded("PolicyDocument"))


def dangling(account: Account) -> Iterator[Unresolved]:
    """What entities refer to and nothing defines."""
    members: dict[tuple[str, str], list[str]] = {}
    for user in account.of_kind("user"):
        for name in user.member_of:
            members.setdefault((user.account, name), []).append(user.arn)
    for one in account.entities.values():
        inside = members.get((one.account, one.name), ()) if one.kind == "group" else ()
        touched = (one.arn, *inside)
        for arn in dict.fromkeys((*one.attached, *filter(None, (one.boundary,)))):
            if arn not in account.managed:
                what = f"{one.arn} has the policy {arn}, which nothing in this evidence defines"
                yield Unresolved(what, one.location, touched)
        for name in one.member_of:
            if (one.account, name) not in account.groups:
                what = f"{one.arn} is in the group {name}, which nothing in this evidence defines"
                yield Unresolved(what, one.location, touched)
