"""The subjects of a job's OpenID Connect token, in both grammars.

A job with an environment has the subject `…:environment:NAME` alone; any other has one for each
event that starts it. Since 15 July 2026 the subject of a new, renamed or transferred repository,
and of one that chose so, carries ids: `repo:OWNER@ID/REPO@ID:…`, before it `repo:OWNER/REPO:…`. A
colon in a name is written `%3A`. Source: GitHub's "OpenID Connect reference".
"""

from __future__ import annotations

from blastlint.providers.github import events
from blastlint.providers.github.repository import UNKNOWN
from blastlint.providers.github.tokens import environment
from blastlint.providers.github.workflows import EVERY
from blastlint.providers.grants import Becoming
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.github.nodes import Node
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.tokens import Right, Tokens
    from blastlint.providers.github.workflows import Job

ISSUER = "oidc:token.actions.githubusercontent.com:"
_BRANCH, _TAG = "ref:refs/heads/", "ref:refs/tags/"
_PULL = "pull_request"
_WILD = "*?[]+"
_REVIEW = "which subject a run has that a review or pull_request_target starts"
_CALLED = "the event that starts a workflow that calls it"


@dataclass(frozen=True, slots=True)
class Part:
    """One half of a subject, and the fact that must be known for it to be right."""

    text: str
    needs: str = ""


def becomings(tokens: Tokens) -> Iterator[Becoming]:
    """Yield the subject of every token that a job may ask for."""
    for job in tokens.jobs():
        right = None if job.uses else tokens.rights(job).get(("id-token", "write"))
        for subject in _subjects(tokens, job) if right else ():
            yield _becoming(job, right, subject)


def _becoming(job: Job, right: Right | None, subject: Part) -> Becoming:
    assert right is not None  # noqa: S101 -- the caller asks only with a right
    needs = "; ".join(one for one in (right.needs, subject.needs) if one)
    via = "id-token: write" + (f", if {right.condition}" if right.condition else "")
    certainty = "needs-fact" if needs else right.certainty
    return Becoming(job.principal, ISSUER + subject.text, via, right.location, certainty, needs)


def _subjects(tokens: Tokens, job: Job) -> Iterator[Part]:
    for prefix in prefixes(tokens.repository):
        if prefix.text.endswith(EVERY):
            yield prefix
            continue
        for end in dict.fromkeys(_ends(tokens, job)):
            needs = "; ".join(one for one in (prefix.needs, end.needs) if one)
            yield Part(f"{prefix.text}:{end.text}", needs)


def prefixes(repository: Repository) -> Iterator[Part]:
    """Yield how the subjects of a repository begin; with a trailing `*` when only that is known."""
    here = repository
    if here.name == UNKNOWN:
        yield Part("repo:*", "which repository the workflows lie in")
    elif here.custom_subject:
        yield Part("*", f"the subject template of {here.name}")
    elif here.subject_prefix:
        yield Part(here.subject_prefix)
    elif here.immutable is None:
        fact = f"whether the subjects of {here.name} carry ids (/actions/oidc/customization/sub)"
        yield Part(f"repo:{here.name}", fact)
        yield Part(_with_ids(here) or f"repo:{here.owner}@*", fact)
    elif here.immutable:
        known = _with_ids(here)
        yield Part(known) if known else Part(f"repo:{here.owner}@*", f"the ids of {here.name}")
    else:
        yield Part(f"repo:{here.name}")


def _with_ids(here: Repository) -> str:
    if here.id is None or here.owner_id is None:
        return ""
    return f"repo:{here.owner}@{here.owner_id}/{here.name.partition('/')[2]}@{here.id}"


def _ends(tokens: Tokens, job: Job) -> Iterator[Part]:
    name, _ = environment(job)
    if name:
        fact = "which environment the job runs in" if name == EVERY else ""
        yield Part(f"environment:{name.replace(':', '%3A')}", fact)
        return
    for event, filters in job.workflow.triggers.items():
        if event != "workflow_call":
            yield from _of_event(tokens.repository, event, filters)
            continue
        callers = tokens.callers.get(job.workflow.file, [])
        yield from _of_callers(tokens, callers)


def _of_callers(tokens: Tokens, callers: list[Job]) -> Iterator[Part]:
    """Yield the ends for a called workflow: the run, and so the ref, is the caller's."""
    if not callers:
        yield Part(EVERY, _CALLED)
    for caller in callers:
        for event, filters in caller.workflow.triggers.items():
            if event == "workflow_call":
                yield Part(EVERY, _CALLED)
            else:
                yield from _of_event(tokens.repository, event, filters)


def _of_event(repository: Repository, event: str, filters: Node) -> Iterator[Part]:
    if event in events.PULL_REQUEST:
        yield Part(_PULL)
    elif event in events.PULL_REQUEST_OR_REF:
        yield from (Part(_PULL, _REVIEW), Part(f"{_BRANCH}*", _REVIEW))
    elif event in events.DEFAULT_BRANCH:
        branch = repository.branch.replace(":", "%3A")
        fact = "" if branch else f"the default branch of {repository.title}"
        yield Part(f"{_BRANCH}{branch or EVERY}", fact)
    elif event == "release":
        yield Part(f"{_TAG}*")
    elif event == "push":
        yield from _of_push(filters)
    else:
        yield from (Part(f"{_BRANCH}*"), Part(f"{_TAG}*"))


def _of_push(filters: Node) -> Iterator[Part]:
    branches, tags = _named(filters, "branches"), _named(filters, "tags")
    if branches or not tags:
        yield from (Part(f"{_BRANCH}{name}") for name in branches or (EVERY,))
    if tags or not branches:
        yield from (Part(f"{_TAG}{name}") for name in tags or (EVERY,))


def _named(filters: Node, key: str) -> tuple[str, ...]:
    """Return the refs that a filter names; a pattern as what stands before its first wildcard."""
    if filters.has(f"{key}-ignore"):
        return (EVERY,)
    names = (name for name in filters.get(key).words() if not name.startswith("!"))
    return tuple(dict.fromkeys(_literal(name) for name in names))


def _literal(pattern: str) -> str:
    at = min((pattern.index(sign) for sign in _WILD if sign in pattern), default=len(pattern))
    start = pattern[: max(at - 1, 0)] if pattern[at : at + 1] in {"?", "+"} else pattern[:at]
    return start.replace(":", "%3A") + (EVERY if at < len(pattern) else "")
