"""The catalogue of permissions, the patterns, and what becomes of arbitrary answers."""

from __future__ import annotations

import json
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.github.catalogue import TOKEN_KEYS, WRITES, canonical
from blastlint.providers.github.codeowners import code_owners
from blastlint.providers.github.evidence import effect, resource_covers
from blastlint.providers.github.nodes import Node, Problems
from blastlint.providers.github.patterns import file_matches, matches
from blastlint.source import InputError
from providers.github import BOT, OPEN, SETTINGS, document, of, review, ruleset


@pytest.mark.parametrize(
    ("resource", "action", "expected"),
    [
        ("contents", "read", "read"),
        ("contents", "write", "mutate"),
        ("contents", "merge", "mutate"),
        ("contents/tests/", "write", "mutate"),
        ("pull-requests", "write", "mutate"),
        ("administration", "write", "grant"),
        ("workflows", "write", "execute"),
        ("models", "read", "spend"),
        ("secret:KEY", "read", "read"),
        ("environment:prod", "deploy", "execute"),
        ("contents", "push", "unknown"),
        ("quantum", "write", "unknown"),
    ],
)
def test_what_an_action_changes(resource: str, action: str, expected: str) -> None:
    """An action that nobody knows is never a pass."""
    assert effect(resource, action) == expected


def test_every_permission_of_a_workflow_is_in_the_catalogue() -> None:
    """One table for both spellings."""
    assert {canonical(key) for key in TOKEN_KEYS} <= WRITES.keys()


@pytest.mark.parametrize(
    ("granted", "needed", "covered"),
    [
        ("contents", "contents", True),
        ("pull_requests", "pull-requests", True),
        ("contents", "contents/tests/a.py", True),
        ("contents/docs/", "contents/docs/a.md", True),
        ("contents/docs/", "contents", False),
        ("contents/docs/", "contents/src/a.py", False),
        ("pull_requests", "contents", False),
        ("secrets", "secret:KEY", False),
        ("secret:*", "secret:KEY", True),
        ("*", "contents", True),
    ],
)
def test_one_resource_opens_another(granted: str, needed: str, *, covered: bool) -> None:
    """G9: `secrets` overwrites values and never reads them; `contents` is every file."""
    assert resource_covers(granted, needed) is covered


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*", "a/b.py", True),
        ("*.py", "a/b.py", True),
        ("/a/", "a/b/c.py", True),
        ("/a/", "x/a/c.py", False),
        ("a/", "x/a/c.py", True),
        ("docs/*", "docs/a.md", True),
        ("docs/*", "docs/deep/a.md", False),
        ("docs", "x/docs/deep/a.md", True),
        ("/docs", "docs/deep/a.md", True),
        ("**/logs", "x/logs/a", True),
        ("/src/**/test.py", "src/test.py", True),
        ("/src/**/test.py", "src/a/b/test.py", True),
        ("/.github/", ".github/workflows/ci.yml", True),
    ],
)
def test_a_line_of_code_owners_is_about_files(pattern: str, path: str, *, fits: bool) -> None:
    """As in .gitignore, but that `docs/*` stops at its folder."""
    assert file_matches(pattern, path) is fits


def test_the_last_line_that_fits_names_the_owners() -> None:
    """Not the first, and not the closest."""
    lines = "/.github/ @octo/sec\n* @octo/devs\n/docs/\n"
    (found,) = document("CODEOWNERS", lines)
    owners = code_owners([Node(found, (), found.value)], [], Problems())
    assert owners is not None
    assert owners.of(".github/workflows/ci.yml") == ("@octo/devs",)
    assert owners.of("docs/a.md") == ()


@given(st.text(alphabet="ab/*?[]!-.", max_size=12), st.text(alphabet="ab/-.", max_size=12))
def test_every_pattern_has_an_answer(pattern: str, name: str) -> None:
    """No text that somebody writes breaks the matcher; a plain name fits itself."""
    assert matches(pattern, name) in {True, False}
    assert matches(name, name)
    assert file_matches(pattern, name) in {True, False}


def test_many_stars_take_no_longer() -> None:
    """A pattern of an untrusted file cannot hold the run up."""
    assert not matches("*a" * 60 + "b", "a" * 200)
    assert not matches("**/a/" * 60 + "b", "a/" * 100)


@given(st.text(alphabet="ab*?", max_size=8), st.text(alphabet="ab", max_size=8))
def test_a_name_without_slashes_fits_as_everywhere(pattern: str, name: str) -> None:
    """The standard library's matcher is the oracle where slashes play no part."""
    assert matches(pattern, name) == fnmatchcase(name, pattern)


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("v[0-9]", "v7", True),
        ("v[0-9]", "vx", False),
        ("v[!0-9]", "vx", True),
        ("v[^0-9]", "v7", False),
        ("v[ab-]", "v-", True),
        ("**/b", "ab", False),
        ("**/b", "b", True),
        ("**/b", "x/y/b", True),
        ("a/**", "a/x/y", True),
        ("a**", "a/x", True),
    ],
)
def test_sets_and_folders(pattern: str, name: str, *, fits: bool) -> None:
    """Sets of signs, and folders of which there may be none."""
    assert matches(pattern, name) is fits


_TEXT = st.text(max_size=8)
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 20000) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_ANSWERS: list[dict[str, Any]] = [
    BOT,
    OPEN,
    SETTINGS,
    {"errors": [{"line": 1, "column": 3, "kind": "Unknown owner"}]},
    {"name": "bot", "default_permissions": {"contents": "write"}},
    {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": True},
    {"use_default": True, "use_immutable_subject": False, "sub_claim_prefix": "repo:o/r"},
    ruleset([review(), {"type": "required_status_checks", "parameters": {}}]),
    {
        "url": "https://api.github.com/repos/octo/app/branches/main/protection",
        "enforce_admins": {"enabled": False},
        "required_pull_request_reviews": {"bypass_pull_request_allowances": {"apps": []}},
        "restrictions": {"apps": []},
        "lock_branch": {"enabled": False},
    },
    {
        "on": {"push": {"branches": ["main"]}, "workflow_run": {"workflows": ["x"]}},
        "permissions": {"contents": "write", "id-token": "write"},
        "env": {"K": "${{ secrets.K }}"},
        "jobs": {
            "a": {
                "runs-on": ["self-hosted"],
                "needs": ["b"],
                "environment": {"name": "prod"},
                "permissions": {},
                "secrets": "inherit",
                "uses": "./.github/workflows/x.yml",
                "steps": [{"uses": "openai/codex-action@v1", "with": {"ref": "x"}, "run": "x"}],
            }
        },
    },
]


def _paths(value: object, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = [before]
    pairs = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, one in pairs:
        inner += _paths(one, (*before, key))
    return inner


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_stands_in_an_answer_is_read_or_refused(data: st.DataObject) -> None:
    """Any value at any place gives grants or a problem in words, never another error."""
    answer = json.loads(json.dumps(data.draw(st.sampled_from(_ANSWERS))))
    path = data.draw(st.sampled_from(_paths(answer)[1:]))
    place = answer
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = data.draw(_ANY)
    with suppress(InputError):
        of({"repo.json": SETTINGS, "a.json": BOT, "x.json": answer, "CODEOWNERS": "* @a\n"})
