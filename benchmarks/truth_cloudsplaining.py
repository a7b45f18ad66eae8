"""AWS: privilege escalation in an example account, side by side with cloudsplaining."""

from __future__ import annotations

import re
from collections import Counter
from fnmatch import fnmatchcase
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from blastlint.providers.aws.actions import corrections
from blastlint.providers.aws.iam import action_covers, effect, read
from blastlint.source import Root, read_all
from cloudsplaining_results import results
from truth import Row, Section, folder, table, verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from blastlint.providers.grants import Grant, Granted
    from cloudsplaining_results import Results
    from truth import Verdict

TITLE = "AWS: an example account, beside cloudsplaining"
ABOUT = """\
The repository of cloudsplaining (commit 5012eab) holds the export of an account with 44 users, 78
roles and 5 groups. Some were made to escalate, and are called `privesc…`; `fn…` should be found and
is missed by many programs, `fp…` should not be found and often is. The first two rows take these
names for the truth, one principal a case. Below, both programs are compared on every principal that
cloudsplaining judges. Compared: cloudsplaining {version} with policy_sentry {policy_sentry}, its
defaults, {methods} methods, of the policies of a principal and of its groups; blastlint: whoever
can become somebody else, or holds everything.
"""
UNDECIDABLE = """\
Undecidable are the ways over something that runs already, over access keys and over passwords. The
export of an account lists none of these. blastlint says which it would take; cloudsplaining counts
the right as a finding, or has no such method.
"""
LISTED = """\
Under three more headings (data exfiltration, exposure of resources, exposure of credentials)
cloudsplaining lists actions that a policy allows on everything. blastlint grants the same, but for
{} of them, which a statement denies: in another policy or, under one heading, in the same one.
"""
TIME = """\
Two principals (`fp5…`) may do everything in sessions whose token was issued before 2020. No clock
is read to judge this. The export itself says when its parts were made and last used, the newest in
2023; whatever asks from then on comes later, and no session lives longer than 36 hours. So the
condition can no longer be met, and the right is none. Where evidence tells no day, such as a policy
alone, the right stays conditional, and the moment is told.
"""
CLASSES = """\
Of the actions under exposure of resources, those are counted as missed that blastlint does not
call `grant` but {}. policy_sentry has a list of its own. blastlint takes the access level that AWS
publishes today, corrected by {} lines of its own
[table](../src/blastlint/providers/aws/data/aws_effects.json), each with its reason. What remains
are deletions, such as `iam:DeleteAccessKey`, new things that nobody has a right to yet, such as
`iam:CreateUser`, changes that give nobody anything, and what AWS counts among the management of
permissions although it only looks, such as `glue:GetQuery`. Undecidable are actions of CodeStar,
which AWS has closed down and blastlint does not know.
"""
ACCOUNT = "arn:aws:iam::200611803367"
TARGETS = (
    "privesc-AssumeRole-ending-role",
    "privesc-high-priv-service-role",
    "privesc-permissive-role-trust",
)
"""Roles of that name that others are to become."""
SURE = ("proven", "conditional", "needs-fact")


class Difference(NamedTuple):
    """Principals on which the two differ for one reason."""

    names: str
    """Pattern of the ends of their ARNs."""
    reason: str


ONLY_THEY = (
    Difference(
        r"fp2-allow-and-deny-multiple-policies-(user|role)",
        "One policy allows everything and another one denies it. cloudsplaining judges each policy "
        "by itself; nothing can be done here.",
    ),
    Difference(
        r"role/privesc(7-AttachUserPolicy|8-AttachGroupPolicy|10-PutUserPolicy|11-PutGroupPolicy"
        r"|13-AddUserToGroup)-role",
        "A role may change users or groups. It is neither, so it changes nothing about itself, and "
        "without a key or password of such a user it does not become one; who has one, gains. "
        "blastlint lists the "
        "right as a grant of the class `grant`, and no way up.",
    ),
    Difference(
        r"user/privesc(9-AttachRolePolicy|12-PutRolePolicy)-user",
        "A user may change roles, and may assume none of them.",
    ),
    Difference(
        r"privesc2-SetExistingDefaultPolicyVersion-(user|role)",
        "The policies that it could set back have one version each.",
    ),
    Difference(
        r"012345678901:user/biden",
        "It may pass roles to functions, and change functions, but this account has no role that "
        "the Lambda service may run as.",
    ),
)
ONLY_WE = (
    Difference(
        r"(group/admin|user/obama|user/userwithlotsofpermissions|ExecutionRole"
        r"|OrganizationAccountAccessRole|AWSReservedSSO_AdministratorAccess_\w+|stacksets-exec-\w+)",
        "Administrators, by AdministratorAccess, which the defaults of cloudsplaining leave out.",
    ),
    Difference(
        r"(AWS-QuickSetup-StackSet-Local-AdministrationRole|privesc-AssumeRole-\w+-role)",
        "A role that may assume a role, which trusts it, up to an administrator. "
        "cloudsplaining has no method for this.",
    ),
    Difference(
        r"privesc-(CloudFormationUpdateStack|ssmSendCommand|ssmStartSession)-(user|role)",
        "Ways over a stack or an instance that runs already, which are not among the methods of "
        "cloudsplaining. blastlint says that it needs a fact: which stack or instance there is.",
    ),
    Difference(
        r"fn1-privesc3-partial-(user|role)",
        "One half of the way stands in one policy, the other half in another.",
    ),
    Difference(
        r"fn2-exploitableResourceConstraint-(user|role)",
        "The right is limited to some policies, and its own is among them. cloudsplaining counts "
        "only rights on every resource.",
    ),
    Difference(
        r"fn3-exploitableConditionConstraint-(user|role)",
        "The right has a condition, which can be met. blastlint says that it is conditional.",
    ),
    Difference(
        r"AWSReservedSSO_ViewOnlyAccess_\w+",
        "It reads all parameters of Systems Manager. blastlint says that it needs a fact: whether "
        "a password or key of somebody is among them. cloudsplaining tells this under another "
        "heading.",
    ),
)


def measured() -> Section:
    """Compare with cloudsplaining; raises AbsentError without it or the account."""
    place = folder("aws-cloudsplaining")
    theirs = results(str(place / "example.json"))
    granted = read(read_all(Root(str(place)), "example.json"))
    ours = _ours(granted, theirs.escalates)
    found = {arn for arn, ways in theirs.escalates.items() if ways}
    said = {arn: "proven" if arn in found else "" for arn in theirs.escalates}
    rows = (
        Row.of("made to escalate or not: blastlint", _by_name(ours)),
        Row.of("made to escalate or not: cloudsplaining", _by_name(said), ours=False),
        Row.of("an action that cloudsplaining lists of a principal", _listed(theirs, granted)),
        Row.of("such an action that exposes a resource: of the class `grant`", _classes(theirs)),
    )
    notes = (
        *_notes("Only cloudsplaining", ONLY_THEY, sorted(found - _sayers(ours))),
        *_notes("Only blastlint", ONLY_WE, sorted(_sayers(ours) - found)),
        _of_names(ours),
        UNDECIDABLE,
        LISTED.format(_denials(theirs)),
        TIME,
        CLASSES.format(_other_classes(theirs), len(corrections())),
    )
    return Section(TITLE, _about(theirs), rows, notes, _side_by_side(ours, found))


def _about(theirs: Results) -> str:
    return ABOUT.format(
        version=theirs.version, policy_sentry=theirs.policy_sentry, methods=theirs.methods
    )


def _ours(granted: Granted, judged: Collection[str]) -> dict[str, str]:
    """How sure blastlint is that a principal becomes another one or holds everything."""
    said: dict[str, set[str]] = {arn: set() for arn in judged}
    for one in granted.becomings:
        if one.holder in said:
            said[one.holder].add(one.certainty)
    for arn in granted.everything & said.keys():
        said[arn].add("proven")
    return {arn: min(sure, key=SURE.index, default="") for arn, sure in said.items()}


def _sayers(ours: dict[str, str]) -> set[str]:
    return {arn for arn, sure in ours.items() if sure}


def expected(arn: str) -> bool | None:
    """What the name of a principal promises; None if it promises nothing."""
    name = arn.rpartition("/")[2]
    if ":group/" in arn or not arn.startswith(ACCOUNT) or name in TARGETS:
        return None
    if name.startswith("fp"):
        return False
    return True if name.startswith(("privesc", "fn")) else None


def _by_name(said: dict[str, str]) -> Iterator[Verdict]:
    for arn, sure in said.items():
        promised = expected(arn)
        if promised is not None:
            yield verdict(promised, sure)


def _listed(theirs: Results, granted: Granted) -> Iterator[Verdict]:
    """Verdicts on whether a listed action is granted, unless it is denied."""
    held: dict[str, list[Grant]] = {}
    for one in granted.grants:
        held.setdefault(one.holder, []).append(one)
    for arn, action in _actions(theirs):
        sure = {one.certainty for one in held.get(arn, ()) if action_covers(one.action, action)}
        said = min(sure, key=SURE.index, default="")
        yield verdict(not _is_denied(theirs, arn, action), said)


def _actions(theirs: Results) -> Iterator[tuple[str, str]]:
    """Every principal and action under the headings of cloudsplaining."""
    for principals in theirs.lists.values():
        for arn, actions in principals.items():
            yield from ((arn, action) for action in actions)


def _is_denied(theirs: Results, arn: str, action: str) -> bool:
    patterns = (pattern.lower() for pattern in theirs.denied[arn])
    return any(fnmatchcase(action.lower(), pattern) for pattern in patterns)


def _denials(theirs: Results) -> str:
    return f"{sum(_is_denied(theirs, *one) for one in _actions(theirs)):,}"


def _classes(theirs: Results) -> Iterator[Verdict]:
    """Verdicts on how dangerous blastlint calls the actions that expose a resource."""
    for said, many in _effects(theirs).items():
        result = verdict(expected=True, said="proven" if said == "grant" else "")
        yield from repeat("undecidable" if said == "unknown" else result, many)


def _effects(theirs: Results) -> Counter[str]:
    """How many of the actions that expose a resource blastlint gives each class."""
    exposing = {one for each in theirs.lists["ResourceExposure"].values() for one in each}
    return Counter(effect("*", action) for action in exposing)


def _other_classes(theirs: Results) -> str:
    rows = sorted(_effects(theirs).items(), key=lambda row: (-row[1], row[0]))
    return ", ".join(f"`{name}` ({n})" for name, n in rows if name not in {"grant", "unknown"})


def _side_by_side(ours: dict[str, str], found: set[str]) -> str:
    kinds = {
        "both find a way up": _sayers(ours) & found,
        "only cloudsplaining": found - _sayers(ours),
        "only blastlint": _sayers(ours) - found,
        "neither": ours.keys() - _sayers(ours) - found,
    }
    header = ("every principal that cloudsplaining judges", "principals", *SURE)
    return table(
        header, [(what, str(len(arns)), *_sure(arns, ours)) for what, arns in kinds.items()]
    )


def _sure(arns: Collection[str], ours: dict[str, str]) -> Iterator[str]:
    for sure in SURE:
        yield str(sum(ours[arn] == sure for arn in arns))


def _notes(who: str, known: tuple[Difference, ...], arns: list[str]) -> Iterator[str]:
    """Each reason with its principals; SystemExit if a difference has no reason, or none has it."""
    left = set(arns)
    for difference in known:
        alike = [arn for arn in arns if re.search(f"{difference.names}$", arn)]
        left -= set(alike)
        if not alike:
            raise SystemExit(f"{who}: no difference is like {difference.names}")
        names = ", ".join(f"`{arn.partition('::')[2]}`" for arn in alike[:2])
        more = ", …" if len(alike) > 2 else ""  # noqa: PLR2004 -- two examples are enough
        yield f"{who}, {len(alike)}: {difference.reason} ({names}{more})"
    if left:
        raise SystemExit(f"{who}: nobody has explained {sorted(left)}")


def _of_names(ours: dict[str, str]) -> str:
    missed = sorted(arn for arn, sure in ours.items() if expected(arn) and not sure)
    silent = [arn for arn in missed if arn.endswith("privesc-AssumeRole-start-user")]
    return (
        f"The {len(missed)} that blastlint misses by their names are explained above, "
        f"{len(missed) - len(silent)} of them with the differences that only cloudsplaining finds. "
        + "".join(
            f"`{arn.partition('::')[2]}` has no policy, and no role names it: both find nothing."
            for arn in silent
        )
    )
