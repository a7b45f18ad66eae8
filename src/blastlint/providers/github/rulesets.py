"""What one ruleset or branch protection asks of a change, and who need not heed it."""

from __future__ import annotations

from blastlint.providers.github.nodes import Node
from blastlint.source import did_you_mean
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.github.nodes import Problems
    from blastlint.source import Location

_INERT = frozenset(
    {
        "branch_name_pattern",
        "copilot_code_review",
        "creation",
        "deletion",
        "non_fast_forward",
        "required_linear_history",
        "tag_name_pattern",
    }
)
"""Rules that do not stop a merge."""
ADMIN = "5"
"""Number of the repository role admin."""
_READ = frozenset({"pull_request", "update"})
_ACTORS = (
    "DeployKey",
    "EnterpriseOwner",
    "EnterpriseTeam",
    "Integration",
    "OrganizationAdmin",
    "RepositoryRole",
    "Team",
    "User",
)


@dataclass(frozen=True, slots=True)
class Bypass:
    """Somebody who need not heed a ruleset or protection."""

    kind: str
    """`Integration`, `Team`, `RepositoryRole`, …, as rulesets write it."""
    id: str
    """Number, or the slug that branch protection names; empty if there is none."""
    location: Location


@dataclass(frozen=True, slots=True)
class Gate:
    """What one ruleset or protection asks before a change lands on a branch."""

    title: str
    location: Location
    """The line that asks."""
    reviews: int = 0
    last_push: bool = False
    """Whether somebody other than the last pusher must approve."""
    dismisses: bool = False
    """Whether a push takes the approvals away that were given before."""
    owners: bool = False
    """Whether a code owner must approve."""
    others: tuple[str, ...] = ()
    """What it asks besides, in words; no person is needed for that."""
    closed: str = ""
    """Why nobody but those named may push; empty if anybody with write access may."""
    allowed: tuple[str, ...] = ()
    """Slugs of the Apps that may push all the same."""
    locked: bool = False
    """Whether nobody may push at all."""
    bypass: tuple[Bypass, ...] | None = ()
    """Who need not heed it; None if the export does not say."""
    needs: str = ""
    """Fact that says whether it is about this branch."""


# --- rulesets -----------------------------------------------------------------------------------


def ruleset(node: Node, needs: str, problems: Problems) -> Gate:
    """Read a ruleset; `needs` is the fact that says whether it is about the branch asked for."""
    title = f"the ruleset {problems.text(node.get('name'))}"
    rules = {problems.text(rule.get("type")): rule for rule in problems.rows(node.get("rules"))}
    review = rules["pull_request"] if "pull_request" in rules else Node(node.document, (), {})
    asks = review.get("parameters")
    place = asks.get("required_approving_review_count") if asks.value else review
    return Gate(
        title,
        place.at() if review.value else node.get("enforcement").at(),
        reviews=problems.number(asks.get("required_approving_review_count")) or 0,
        last_push=bool(problems.flag(asks.get("require_last_push_approval"))),
        dismisses=bool(problems.flag(asks.get("dismiss_stale_reviews_on_push"))),
        owners=bool(problems.flag(asks.get("require_code_owner_review"))),
        others=tuple(_others(rules, asks)),
        closed=f"{title} restricts updates" if "update" in rules else "",
        bypass=_bypass(node, problems),
        needs=needs,
    )


def _others(rules: dict[str, Node], asks: Node) -> Iterator[str]:
    """Yield what a ruleset asks besides reviews, in words."""
    for name, rule in rules.items():
        if name == "required_status_checks":
            yield _checks(rule.get("parameters", "required_status_checks"))
        elif name not in _INERT | _READ:
            yield f"the rule {name} is met"
    if asks.get("required_reviewers").value:
        yield "the teams approve that required_reviewers names for some files"


def _checks(listed: Node) -> str:
    names = (one.get("context").value for one in listed.items())
    return f"the checks pass: {', '.join(str(name) for name in names)}"


def _bypass(node: Node, problems: Problems) -> tuple[Bypass, ...] | None:
    """Return who may bypass a ruleset; whoever may not edit it is not shown the list."""
    if not node.has("bypass_actors"):
        return None
    return tuple(_actor(row, problems) for row in problems.rows(node.get("bypass_actors")))


def _actor(row: Node, problems: Problems) -> Bypass:
    kind = problems.text(row.get("actor_type"))
    if kind not in _ACTORS:
        help_ = did_you_mean(kind, _ACTORS) or f"one of {', '.join(_ACTORS)}"
        problems.say(row.get("actor_type"), f"'{kind}' is no type of bypass actor", help_)
    number = problems.number(row.get("actor_id"))
    return Bypass(kind, "" if number is None else str(number), row.at())


# --- branch protection --------------------------------------------------------------------------


def protection(node: Node, branch: str, problems: Problems) -> Gate:
    """Read the classic protection of a branch."""
    review = problems.table(node.get("required_pull_request_reviews"))
    limits = node.get("restrictions")
    title = f"the protection of {branch}"
    count = review.get("required_approving_review_count")
    return Gate(
        title,
        count.at() if review.value else node.at(),
        reviews=(problems.number(count) or 0) if review.value else 0,
        last_push=bool(problems.flag(review.get("require_last_push_approval"))),
        dismisses=bool(problems.flag(review.get("dismiss_stale_reviews"))),
        owners=bool(problems.flag(review.get("require_code_owner_reviews"))),
        others=tuple(_protected_others(node)),
        closed=f"{title} says who may push" if limits.value is not None else "",
        allowed=tuple(_slugs(problems.rows(problems.table(limits).get("apps")))),
        locked=node.get("lock_branch", "enabled").value is True,
        bypass=tuple(_allowances(node, review, problems)),
    )


def _protected_others(node: Node) -> Iterator[str]:
    checks = node.get("required_status_checks")
    if checks.value is not None:
        listed = checks.get("contexts")
        names = [str(one.value) for one in listed.items()]
        yield f"the checks pass: {', '.join(names)}"
    if node.get("required_conversation_resolution", "enabled").value is True:
        yield "every conversation is resolved"


def _slugs(listed: Sequence[Node]) -> Iterator[str]:
    for one in listed:
        slug = one.get("slug").value if isinstance(one.value, dict) else one.value
        yield str(slug)


def _allowances(node: Node, review: Node, problems: Problems) -> Iterator[Bypass]:
    listed = problems.table(review.get("bypass_pull_request_allowances"))
    for kind, key, name in (
        ("Integration", "apps", "slug"),
        ("Team", "teams", "slug"),
        ("User", "users", "login"),
    ):
        for one in problems.rows(listed.get(key)):
            written = one.get(name) if isinstance(one.value, dict) else one
            yield Bypass(kind, problems.text(written), one.at())
    if problems.flag(node.get("enforce_admins", "enabled")) is False:
        yield Bypass("RepositoryRole", ADMIN, node.get("enforce_admins").at())
