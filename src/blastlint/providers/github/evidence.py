"""GitHub: workflows, Apps, rulesets and CODEOWNERS of one repository, taken together.

Principals are written:

* `OWNER/REPO/.github/workflows/FILE:JOB`: a job, with the token of its run. The repository is `?`
  if nothing states it.
* `app/SLUG`: a GitHub App, as its installation.
* `oidc:token.actions.githubusercontent.com:SUBJECT`: what a job's OpenID Connect token says it is.
* `anyone`: everybody who can open an issue or a pull request.
* `agent/OWNER/ACTION`, `agent/COMMAND`: an AI agent, wherever the repository runs it.
* `runner/LABELS`: a host of one's own that jobs run on.
* `leaked/OWNER/REPO`: whoever the tokens belong to that secret scanning found in the repository.
* `team/ID`, `role/NAME`, `user/NAME`, `org-admins`, `deploy-keys`: who may bypass a ruleset.

Every job and App also reads the repository's metadata; that is not repeated for each job.
"""

from __future__ import annotations

from blastlint.providers.github import (
    apps,
    dispatches,
    gates,
    merging,
    pairs,
    powers,
    steering,
    subjects,
)
from blastlint.providers.github.catalogue import TOKEN_KEYS, WRITES, effect, resource_covers
from blastlint.providers.github.codeowners import code_owners
from blastlint.providers.github.documents import sort
from blastlint.providers.github.merging import ACTIONS, ACTIONS_ID, Actor
from blastlint.providers.github.nodes import Problems
from blastlint.providers.github.pairs import Reviewer
from blastlint.providers.github.powers import Shut, Writer
from blastlint.providers.github.repository import repository, reviewed
from blastlint.providers.github.tokens import Tokens
from blastlint.providers.github.workflows import workflow
from blastlint.providers.grants import UNSTATED, Granted, Unresolved
from blastlint.source import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.github.apps import App
    from blastlint.providers.github.documents import Sorted
    from blastlint.providers.github.merging import Branch
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.workflows import Workflow
    from blastlint.providers.grants import Becoming, Grant, Setting
    from blastlint.source import Document

__all__ = ["LINE_FILES", "QUOTABLE", "effect", "read", "resource_covers"]

LINE_FILES = ("CODEOWNERS",)
"""Files that are lines, beside YAML and JSON."""
QUOTABLE = frozenset(
    {
        *(
            "on",
            "jobs",
            "permissions",
            *TOKEN_KEYS,
            *WRITES,
            "environment",
            "runs-on",
            "uses",
            "needs",
        ),
        *("name", "full_name", "default_branch", "enforcement", "bypass_actors", "actor_type"),
        *("actor_id", "bypass_mode", "type", "parameters", "total_count", "private", "protected"),
        *("required_approving_review_count", "require_code_owner_review", "app_slug", "slug"),
        *("require_last_push_approval", "repository_selection", "sub_claim_prefix", "types"),
        *("default_workflow_permissions", "can_approve_pull_request_reviews", "use_default"),
    }
)
"""Keys whose values say who may do what, and hold no secrets."""
_NOT_PRINCIPALS = "oidc:"


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """Everything that the documents, which are of one repository, say.

    Args:
        documents: Workflows, CODEOWNERS, and answers of GitHub's API.
        setting: The system, and as its namespace the repository, if no answer names it.
    """
    problems = Problems()
    found = sort(documents, problems)
    here = repository(found, setting.namespace, problems)
    gates.check(found, problems)
    tokens = Tokens(here, _workflows(found, here, problems), setting.system)
    tokens.environments = reviewed(found, problems)
    installed = apps.apps(found, here, problems)
    problems.raise_all()
    tokens.prepare()
    granted = _put_together(found, tokens, installed, problems)
    problems.raise_all()
    return granted


def _workflows(found: Sorted, here: Repository, problems: Problems) -> list[Workflow]:
    read_in: dict[str, Workflow] = {}
    for node in found.of("workflow"):
        one = workflow(node, here.name, problems)
        first = read_in.setdefault(one.file, one)
        if first is not one:
            problems.found.append(
                Problem(
                    f"two workflows are called {one.file}",
                    node.at("jobs", key=True),
                    "give each repository an entry of its own under evidence",
                    (first.node.at("jobs", key=True, note="the first one"),),
                )
            )
    return list(read_in.values())


def _put_together(
    found: Sorted, tokens: Tokens, installed: list[App], problems: Problems
) -> Granted:
    here, system = tokens.repository, tokens.system
    plain = [*tokens.grants()]
    for app in installed:
        plain += apps.grants(app, system, problems)
    actors = [*_jobs(tokens, plain), *_apps(installed, plain)]
    shut = Shut(
        gates.closing_workflows(found, here, problems),
        gates.closing_branches(found, here, problems),
    )
    owners = code_owners(found.of("owners"), found.of("owners checked"), problems)
    branches = merging.branches_of(found, here, owners, problems)
    merges = [
        one for branch in branches for actor in actors for one in merging.merges(branch, actor)
    ]
    reviewers = [*_reviewers(tokens, plain)]
    joint = [pair for branch in branches for pair in pairs.pairs(branch, actors, reviewers)]
    writers = [_writer(one, installed, branches, merges) for one in actors if one.app != ACTIONS]
    grants = [
        *plain,
        *merges,
        *(grant for branch in branches for grant in merging.bypassing(branch, here, system)),
        *powers.secrets(writers, shut),
    ]
    becomings = (
        *tokens.becomings(),
        *subjects.becomings(tokens),
        *powers.of_apps(writers, shut, tokens),
        *powers.of_jobs(tokens),
        *powers.runners(tokens),
        *powers.minted(tokens, installed),
        *steering.becomings(tokens.workflows, here),
        *(one for app in installed for one in apps.alerts(app, here)),
    )
    senders = {name: _holding(plain, name) for name in dispatches.SENT_WITH.values()}
    dispatched = (*dispatches.said(tokens, senders), *dispatches.pushed(tokens, merges))
    becomings = (*becomings, *dispatches.news(dispatched, becomings))
    unresolved = [
        *tokens.unresolved,
        *(one for app in installed for one in apps.unknown(app)),
        *(owners.unresolved if owners else ()),
        *merging.strangers(branches, actors),
        *_cut_off(found),
    ]
    return Granted(
        grants=(*grants, *(grant for _, grant in joint)),
        becomings=tuple(dict.fromkeys(becomings)),
        joints=tuple(turn for turn, _ in joint),
        unresolved=tuple(unresolved),
        principals=_principals(tokens, installed, grants, becomings),
    )


def _principals(
    tokens: Tokens,
    installed: Iterable[App],
    grants: Iterable[Grant],
    becomings: Iterable[Becoming],
) -> tuple[str, ...]:
    names = {job.principal for job in tokens.jobs()} | {app.principal for app in installed}
    names |= {grant.holder for grant in grants} | {turn.holder for turn in becomings}
    return tuple(sorted(name for name in names if not name.startswith(_NOT_PRINCIPALS)))


def _cut_off(found: Sorted) -> Iterator[Unresolved]:
    for node in found.incomplete:
        what = "this is one page of a longer list: the others are not here"
        yield Unresolved(what, node.at("total_count"))
    for node in gates.unread(found):
        what = f"the ruleset {node.get('name').value} is listed, and its rules are not here"
        yield Unresolved(what, node.at())
    for node in gates.silent(found):
        what = f"the ruleset {node.get('name').value} does not say who may bypass it"
        yield Unresolved(what, node.get("enforcement").at())


# --- who can push -------------------------------------------------------------------------------


def _jobs(tokens: Tokens, plain: Iterable[Grant]) -> Iterator[Actor]:
    """Yield the jobs that can push; their token is that of the App github-actions."""
    push, review = _holding(plain, "contents"), _holding(plain, "pull_requests")
    for job in tokens.jobs():
        name = job.principal
        if name in push:
            may = tokens.repository.approves if name in review else False
            yield Actor(name, ACTIONS, ACTIONS_ID, may, rules=False, push=push[name])


def _apps(installed: Iterable[App], plain: Iterable[Grant]) -> Iterator[Actor]:
    push, review = _holding(plain, "contents"), _holding(plain, "pull_requests")
    rules = _holding(plain, "administration")
    for app in installed:
        name = app.principal
        if name in push:
            slug, number = name.partition("/")[2], "" if app.id is None else str(app.id)
            yield Actor(name, slug, number, name in review, name in rules, push[name])


def _reviewers(tokens: Tokens, plain: Iterable[Grant]) -> Iterator[Reviewer]:
    """Yield who can approve pull requests."""
    for name, grant in _holding(plain, "pull_requests").items():
        app = name.partition("/")[2] if name.startswith("app/") else ACTIONS
        approves = True if app != ACTIONS else tokens.repository.approves
        yield Reviewer(name, app, approves, grant)


def _holding(plain: Iterable[Grant], resource: str) -> dict[str, Grant]:
    """Return by holder the grant of writing a resource."""
    return {one.holder: one for one in plain if (one.resource, one.action) == (resource, "write")}


def _writer(
    actor: Actor, installed: Iterable[App], branches: Iterable[Branch], merges: Iterable[Grant]
) -> Writer:
    """Return an App that can push, with what it can merge."""
    name = actor.principal
    alone: dict[str, bool | None] = {branch.name: None for branch in branches}
    for one in merges:
        if one.holder == name and one.resource == "contents":
            alone[one.names[0]] = not one.second_person
    own = [app for app in installed if app.principal == name]
    workflows, starts = (any(app.may(what) for app in own) for what in ("workflows", "actions"))
    return Writer(actor, workflows, starts, alone)
