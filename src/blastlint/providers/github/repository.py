"""The repository that the evidence is of, and the settings that its files do not show."""

from __future__ import annotations

from blastlint.source import Problem
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.github.documents import Sorted
    from blastlint.providers.github.nodes import Node, Problems

UNKNOWN = "?"
"""Name of a repository that nothing states."""


@dataclass(slots=True)
class Repository:
    """What is known of one repository; empty or None where the evidence does not say."""

    name: str = UNKNOWN
    """`OWNER/REPO`."""
    branch: str = ""
    """Default branch."""
    id: int | None = None
    owner_id: int | None = None
    public: bool | None = None
    token_default: str = ""
    """What a job without `permissions` may do: `read` or `write`."""
    approves: bool | None = None
    """Whether its workflows may approve pull requests."""
    immutable: bool | None = None
    """Whether its subjects carry ids."""
    custom_subject: bool | None = None
    """Whether its subjects follow a template of its own."""
    subject_prefix: str = ""
    """How its subjects begin, as GitHub states it."""

    @property
    def owner(self) -> str:
        """Its owner."""
        return self.name.partition("/")[0]

    @property
    def title(self) -> str:
        """What people call it."""
        return "the repository" if self.name == UNKNOWN else self.name


def repository(found: Sorted, stated: str, problems: Problems) -> Repository:
    """Put together what the evidence says of its one repository.

    Args:
        found: the sorted evidence.
        stated: `OWNER/REPO`, if somebody said so beside the evidence.
        problems: takes what is wrong.
    """
    here = Repository(name=stated or UNKNOWN)
    if stated and stated.count("/") != 1:
        help_ = "write the repository as OWNER/REPO"
        problems.found.append(Problem(f"'{stated}' is no repository of GitHub", help=help_))
    for node, name in _names(found, problems):
        if here.name not in {UNKNOWN, name} and here.name.lower() != name.lower():
            help_ = "give each repository an entry of its own under evidence"
            problems.say(node, f"this is of {name}, other evidence is of {here.name}", help_)
        elif here.name == UNKNOWN:
            here.name = name
    for node in found.of("repository"):
        _describe(here, node, problems)
    for node in found.of("token default"):
        _tokens(here, node, problems)
    for node in found.of("subject"):
        _subjects(here, node, problems)
    return here


def _names(found: Sorted, problems: Problems) -> Iterator[tuple[Node, str]]:
    for node in found.of("repository"):
        yield node, problems.text(node.get("full_name"))
    for node in found.of("protection"):
        yield node, _in_url(problems.text(node.get("url")))[0]
    for node in (*found.of("ruleset"), *found.of("ruleset named")):
        if node.get("source_type").value == "Repository" and node.has("source"):
            yield node, problems.text(node.get("source"))


def _in_url(url: str) -> tuple[str, str]:
    """Return the repository and branch in the address of a branch's protection."""
    rest = url.partition("/repos/")[2]
    name, _, branch = rest.removesuffix("/protection").partition("/branches/")
    return name, branch.replace("%2F", "/")


def protected_branch(node: Node, problems: Problems) -> str:
    """Return the branch that a protection is of; it stands in its address alone."""
    name, branch = _in_url(problems.text(node.get("url")))
    if not (name and branch):
        problems.say(node.get("url"), "expected the address of the protection of a branch")
    return branch


def _describe(here: Repository, node: Node, problems: Problems) -> None:
    here.branch = problems.text(node.get("default_branch"))
    here.id = problems.number(node.get("id"))
    here.owner_id = problems.number(problems.table(node.get("owner")).get("id"))
    private = problems.flag(node.get("private"))
    here.public = None if private is None else not private


def _tokens(here: Repository, node: Node, problems: Problems) -> None:
    here.token_default = problems.text(node.get("default_workflow_permissions"))
    if here.token_default not in {"read", "write"}:
        problems.say(node.get("default_workflow_permissions"), "expected read or write")
    here.approves = problems.flag(node.get("can_approve_pull_request_reviews"))


def reviewed(found: Sorted, problems: Problems) -> dict[str, str]:
    """Return the environments that ask a person before a job runs, each with the condition.

    Names of environments are compared without regard to letters; one that does not exist yet is
    made by the first job that names it, without any protection.
    """
    asking = {}
    for node in found.of("environment"):
        name = problems.text(node.get("name"))
        rules = [
            problems.text(one.get("type")) for one in problems.rows(node.get("protection_rules"))
        ]
        if "required_reviewers" in rules:
            asking[name.lower()] = f"a reviewer of the environment {name} agrees"
    return asking


def _subjects(here: Repository, node: Node, problems: Problems) -> None:
    default = problems.flag(node.get("use_default"))
    here.custom_subject = None if default is None else not default
    here.immutable = problems.flag(node.get("use_immutable_subject"))
    here.subject_prefix = problems.text(node.get("sub_claim_prefix"))
