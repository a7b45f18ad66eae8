"""What a tool does, from hints, methods and words: never less than it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.analyses.tiers import EFFECT
from blastlint.drafting.meaning import meaning, open_ended, words
from blastlint.providers.grants import HttpCall, RegisteredTool
from blastlint.source import WHOLE_FILE, Location

if TYPE_CHECKING:
    from collections.abc import Mapping

READ = {"readOnlyHint": True}
WRITE = {"readOnlyHint": False}


def tool(name: str, hints: Mapping[str, bool] | None = None, **more: Any) -> RegisteredTool:  # noqa: ANN401 -- any field
    """Return a tool of a list."""
    return RegisteredTool(
        name=name,
        description="",
        arguments=more.pop("arguments", ()),
        required=(),
        schema_digest="",
        hints=dict(hints or {}),
        location=Location("tools.json", WHOLE_FILE),
        **more,
    )


def request(method: str, path: str, name: str = "") -> RegisteredTool:
    """Return an operation of an API."""
    safe = method in {"GET", "HEAD"}
    return tool(name or path, http=HttpCall(method, path, safe, idempotent=safe))


@pytest.mark.parametrize(
    ("row", "effect"),
    [
        (tool("get_me", READ), "read"),
        (tool("list_commits", READ), "read"),
        (tool("get_workflow_run", READ), "read"),
        (tool("get_me"), ""),
        (tool("get_me", WRITE), ""),
        (tool("delete_all", READ), ""),
        (tool("execute_sql", READ), ""),
        (tool("delete_file", {**WRITE, "destructiveHint": True}), "destroy"),
        (tool("delete_file", {**WRITE, "destructiveHint": False}), ""),
        (tool("pods_delete", WRITE), "destroy"),
        (tool("create_or_update_file", WRITE), "mutate"),
        (tool("create_branch", {**WRITE, "destructiveHint": False}), "append"),
        (tool("create_branch", WRITE), "mutate"),
        (tool("frobnicate", {**WRITE, "destructiveHint": True}), "destroy"),
        (tool("frobnicate", {**WRITE, "destructiveHint": False}), "append"),
        (tool("frobnicate", WRITE), ""),
        (tool("add_issue_comment", {**WRITE, "destructiveHint": False}), "notify"),
        (tool("update_comment", WRITE), "mutate"),
        (tool("sendMessage", WRITE), "notify"),
        (tool("stripe_refund_create", WRITE), "spend"),
        (tool("inviteUsers", WRITE), "grant"),
        (tool("run_shell", WRITE), "execute"),
        (tool("issue_write", WRITE, choices=("create", "delete")), "destroy"),
        (tool("issue_read", READ, choices=("get", "list")), "read"),
        (tool("issue_read", READ, choices=("get", "delete")), ""),
        (request("GET", "/delete"), "read"),
        (request("DELETE", "/things/{id}"), "destroy"),
        (request("PUT", "/things/{id}"), "mutate"),
        (request("PATCH", "/payments/{id}/refunds"), "spend"),
        (request("POST", "/payments"), "spend"),
        (request("POST", "/things", "post-things"), ""),
        (request("POST", "/chat.delete"), "destroy"),
    ],
    ids=lambda value: value.name if isinstance(value, RegisteredTool) else value,
)
def test_effect(row: RegisteredTool, effect: str) -> None:
    """Each kind of sign decides as it should; an empty effect is a question."""
    found = meaning(row)
    assert found.effect == effect
    assert found.why.endswith("?") == (not effect)


names = st.text(alphabet="abcdefgdeltruncps_- ABC", min_size=1, max_size=24)
hints = st.dictionaries(
    st.sampled_from(["readOnlyHint", "destructiveHint", "idempotentHint"]), st.booleans()
)


@given(names, hints)
def test_reading_is_taken_from_a_hint_alone(name: str, stated: dict[str, bool]) -> None:
    """No name makes a tool harmless."""
    if not stated.get("readOnlyHint"):
        assert meaning(tool(name, stated)).effect != "read"


@given(names, hints, st.sampled_from(["delete", "refund", "exec", "grant"]))
def test_another_grave_word_never_makes_it_less(
    name: str, stated: dict[str, bool], word: str
) -> None:
    """With one more word of harm in its name, a tool is at least as grave."""
    before, after = (meaning(tool(one, stated)).effect for one in (name, f"{name} {word}"))
    if before and after:
        assert EFFECT[after] >= EFFECT[before]


def test_words_of_a_name() -> None:
    """Snakes, camels and plurals are taken apart."""
    assert words("HTTPServer_deleteOldComments2") == [
        *("http", "server", "delete", "old", "comment", "2"),
    ]


def test_what_is_taken_freely() -> None:
    """An argument that takes any command, code, statement or address; not one of choices."""
    assert open_ended(tool("a", arguments=("cwd", "Command"))) == ("shell", "Command")
    assert open_ended(tool("a", arguments=("sql",))) == ("sql", "sql")
    assert open_ended(tool("a", arguments=("command",), chosen_by="command")) == ("", "")
    assert open_ended(tool("a", arguments=("title",))) == ("", "")
