"""Quick fixes: what an editor offers for what is shown, and what the file says then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types

from lsp.editor import drive, edited

if TYPE_CHECKING:
    from pathlib import Path

    from lsp.editor import Editor

NAME = "inventory.yaml"
BASE = """\
version: 1
name: small
agents:
  bot: {owner: support}
systems:
  crm: {}          # 🦊 und Füchse
tools:
  # the only one
  read.orders:
    agents: [bot]
    system: crm
    effect: read   # changes nothing
teams:
  support: {members: 6}
  sales: {members: 4}
"""


async def offered(client: Editor, code: str, message: str = "") -> dict[str, types.CodeAction]:
    """Return what is offered for what is shown, by its title."""
    await client.settled(NAME)
    shown = [
        one
        for one in client.shown.get(client.uri(NAME), [])
        if one.code == code and message in one.message
    ]
    assert shown, [one.message for one in client.shown.get(client.uri(NAME), [])]
    found = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(client.uri(NAME)),
            shown[0].range,
            types.CodeActionContext(shown[:1]),
        )
    )
    return {one.title: one for one in found or () if isinstance(one, types.CodeAction)}


def taken(client: Editor, action: types.CodeAction) -> str:
    """Return the text of the file once an offer was taken."""
    assert action.kind == types.CodeActionKind.QuickFix
    assert action.diagnostics
    assert action.edit is not None
    changes = action.edit.changes or {}
    assert list(changes) == [client.uri(NAME)]
    return edited(client.texts[NAME], changes[client.uri(NAME)])


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "mark"])
def test_a_missing_cell_becomes_a_question_or_a_value(tmp_path: Path, end: str, mark: str) -> None:
    """With the team that answers for it and a day, or with what it can be; all else stays."""
    text = mark + BASE.replace("\n", end)

    async def story(client: Editor) -> None:
        client.open(NAME, text)
        found = await offered(client, "required-cell-missing", "system crm: `owner`")
        assert "Write `owner: sales`" in found
        after = taken(client, found["Write `owner: support`"])
        assert after == text.replace("crm: {} ", "crm: {owner: support} ")
        asked = await offered(client, "required-cell-missing", "tool read.orders: `credential`")
        title = next(one for one in asked if "question" in one)
        day = date.today() + timedelta(days=14)  # noqa: DTZ011 -- as the server's clock, or near
        unknown = taken(client, asked[title])
        added = unknown.replace(text.removeprefix(mark).partition("teams:")[0], "")
        assert "unknown: true" in unknown
        assert "owner: support" in unknown
        assert f"{day:%Y-%m}" in added or f"{day - timedelta(days=1):%Y-%m}" in added
        assert unknown.count("\n") == unknown.count(end)
        client.type(NAME, unknown)
        await client.settled(NAME)
        messages = [one.message for one in client.shown[client.uri(NAME)]]
        assert not [said for said in messages if said.startswith("tool read.orders: `credential`")]

    drive(tmp_path, story)


@pytest.mark.parametrize(
    ("right", "wrong", "code", "title"),
    [
        ("    effect: read ", "    efect: read ", "schema-invalid", "Write 'effect'"),
        ("effect: read ", "effect: raed ", "schema-invalid", "Write 'read'"),
        ("system: crm", "system: crn", "dangling-reference", "Write 'crm'"),
    ],
)
def test_what_was_meant_is_offered(
    tmp_path: Path, right: str, wrong: str, code: str, title: str
) -> None:
    """A slip of a key, of a value, of an id: one press makes it right."""

    async def story(client: Editor) -> None:
        client.open(NAME, BASE.replace(right, wrong))
        found = await offered(client, code)
        assert taken(client, found[title]) == BASE

    drive(tmp_path, story)


def test_a_waiver_that_accepts_nothing_is_taken_out(tmp_path: Path) -> None:
    """What needs nobody's judgement is marked as the one to take."""
    waivers = (
        "waivers:\n  old:\n    rule: over-grant\n    subject: tool:read.orders\n"
        "    reason: Soon.\n    approved_by: Ann\n    expires: 2190-01-01\n"
    )

    async def story(client: Editor) -> None:
        client.open(NAME, BASE + waivers)
        found = await offered(client, "waiver-invalid")
        (action,) = found.values()
        assert action.is_preferred
        assert taken(client, action) == BASE + "waivers: {}\n"

    drive(tmp_path, story)


def test_nothing_is_offered_elsewhere(tmp_path: Path) -> None:
    """Where nothing is shown, there is nothing to repair."""

    async def story(client: Editor) -> None:
        client.open(NAME, BASE)
        await client.settled(NAME)
        place = types.Range(types.Position(0, 0), types.Position(0, 3))
        one = types.TextDocumentIdentifier(client.uri(NAME))
        asked = types.CodeActionParams(one, place, types.CodeActionContext([]))
        assert not await client.text_document_code_action_async(asked)

    drive(tmp_path, story)
