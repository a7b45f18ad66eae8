"""A repository on GitHub for the tests: files by name, and short answers of its API."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from blastlint.providers.github.evidence import read
from blastlint.providers.grants import Setting
from blastlint.source import lines_of, parse
from providers.evidence import quotable

if TYPE_CHECKING:
    from blastlint.providers.grants import Becoming, Grant, Granted
    from blastlint.source import Document

REPO = "octo/app"
OIDC = "oidc:token.actions.githubusercontent.com:"
OPEN = {"name": "main", "commit": {}, "protected": False}
"""Answer about a branch that nothing protects."""
SETTINGS = {"full_name": REPO, "default_branch": "main", "private": False, "id": 456,
            "owner": {"login": "octo", "id": 123}}  # fmt: skip
CLASSIC = {"use_default": True, "use_immutable_subject": False}


def document(file: str, content: str | dict[str, Any] | list[Any]) -> tuple[Document, ...]:
    """The documents of a file: text as written, a value as JSON, CODEOWNERS as lines."""
    text = dedent(content) if isinstance(content, str) else json.dumps(content, indent=1)
    if file.endswith("CODEOWNERS"):
        return (lines_of(text.encode(), file),)
    return parse(text.encode(), file, quotable("github"))


def of(files: dict[str, Any], repository: str = REPO) -> Granted:
    """What the files grant."""
    found = [one for file, content in files.items() for one in document(file, content)]
    return read(found, Setting(system="github", namespace=repository))


def job(name: str, file: str = "ci.yml") -> str:
    """Principal of a job."""
    return f"{REPO}/.github/workflows/{file}:{name}"


def rights(found: Granted, holder: str, certainty: str = "proven") -> set[str]:
    """What a principal holds with a certainty, as RESOURCE:ACTION; merging left out."""
    return {
        f"{one.resource}:{one.action}"
        for one in found.grants
        if (one.holder, one.certainty) == (holder, certainty) and one.action != "merge"
    }


def merge(found: Granted, holder: str = "app/bot", resource: str = "contents") -> Grant | None:
    """The grant of merging that a principal has, if it has one."""
    own = [
        one
        for one in found.grants
        if (one.holder, one.action, one.resource) == (holder, "merge", resource)
    ]
    return own[0] if own else None


def turns(found: Granted, holder: str) -> dict[str, Becoming]:
    """What a principal becomes, by the other one's name."""
    return {one.principal: one for one in found.becomings if one.holder == holder}


def installation(slug: str = "bot", **permissions: str) -> dict[str, Any]:
    """An installation of an App on all repositories."""
    return {
        "app_slug": slug,
        "app_id": 7,
        "repository_selection": "all",
        "permissions": permissions,
    }


def ruleset(rules: list[dict[str, Any]], **other: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """An active ruleset of the default branch that nobody bypasses."""
    return {
        "id": 1,
        "name": "main only",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": rules,
        "bypass_actors": [],
        **other,
    }


def review(count: int = 1, **other: bool) -> dict[str, Any]:
    """The rule that asks for reviews."""
    parameters = {"required_approving_review_count": count, **other}
    return {"type": "pull_request", "parameters": parameters}


LAST_PUSH = {"require_last_push_approval": True}
BOT = installation(contents="write", pull_requests="write")
LISTED = [{"id": 1, "name": "main only", "enforcement": "active", "target": "branch"}]
"""The list of the repository's rulesets, which proves that there is no other."""
UNPROTECTED = {"name": "main", "commit": {}, "protected": True, "protection": {"enabled": False}}
"""Answer about a branch that rulesets may protect, and classic protection does not."""
