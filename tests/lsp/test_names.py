"""Names: what one is, where it is declared, where it is meant, and a new one for it everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException

from lsp.editor import cut, drive, edited

if TYPE_CHECKING:
    from lsp.editor import Editor

REPO = Path(__file__).resolve().parents[2]
FILES = ("inventory.yaml", "tools.yaml", "credentials.yaml", "people.yaml", "systems.yaml")


@pytest.fixture
def refund(tmp_path: Path) -> Path:
    """Return a folder that holds a worked inventory."""
    folder = tmp_path / "refund-agent"
    shutil.copytree(REPO / "inventories" / "refund-agent", folder)
    return folder


def open_all(client: Editor) -> None:
    """Open every file of the worked inventory."""
    for name in FILES:
        client.open(name)


async def hover(client: Editor, name: str, text: str) -> str:
    """Return what is shown of a place; a `|` marks it."""
    found = await client.text_document_hover_async(types.HoverParams(**client.ask(name, text)))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


async def definition(client: Editor, name: str, text: str) -> list[tuple[str, str]]:
    """Return the files and texts that a place leads to."""
    found = await client.text_document_definition_async(
        types.DefinitionParams(**client.ask(name, text))
    )
    assert isinstance(found, list)
    places = [one for one in found if isinstance(one, types.Location)]
    return [(one.uri.rpartition("/")[2], client.text_at(one)) for one in places]


def test_an_id_leads_to_where_it_is_declared(refund: Path) -> None:
    """Across files, from a bare id, from one with a prefix, from a waiver, and from a rule."""

    async def story(client: Editor) -> None:
        open_all(client)
        name = "tools.yaml"
        assert await definition(client, name, "system: st|ripe") == [("systems.yaml", "stripe")]
        assert await definition(client, name, "credential: stripe-|rk") == [
            ("credentials.yaml", "stripe-rk")
        ]
        assert await definition(client, name, "  stripe.re|fund.create:") == [
            ("tools.yaml", "stripe.refund.create")
        ]
        assert await definition(client, name, "effect: sp|end") == []

    drive(refund, story)


WAIVED = """\
version: 1
name: small
policy: {rules: {over-grant: off}}
agents:
  bot: {owner: crew, escalates_to: ["team:crew"]}
teams: {crew: {members: 6}}
tools:
  send: {agents: [bot], effect: notify, attestation: {by: crew, at: 2026-01-01}}
waivers:
  later:
    {rule: over-grant, subject: "tool:send", reason: So., approved_by: Ann, expires: 2099-01-01}
"""


def test_names_in_words_lead_there_too(tmp_path: Path) -> None:
    """A subject of a waiver, a target with a prefix, a team that attests; a rule shows its page."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WAIVED)
        name = "inventory.yaml"
        assert await definition(client, name, '"tool:se|nd"') == [(name, "send")]
        assert await definition(client, name, "team:cr|ew") == [(name, "crew")]
        assert await definition(client, name, "by: cr|ew") == [(name, "crew")]
        for text in ("rule: over-|grant", "{over|-grant: off}"):
            assert "**`over-grant`**" in await hover(client, name, text)

    drive(tmp_path, story)


def test_every_mention_is_found(refund: Path) -> None:
    """With its declaration or without."""

    async def story(client: Editor) -> None:
        open_all(client)
        place = client.ask("systems.yaml", "  stri|pe:")
        for with_declaration in (True, False):
            context = types.ReferenceContext(with_declaration)
            found = await client.text_document_references_async(
                types.ReferenceParams(**place, context=context)
            )
            places = [(one.uri.rpartition("/")[2], client.text_at(one)) for one in found or ()]
            assert {text for _, text in places} == {"stripe"}
            files = {name for name, _ in places}
            assert ("systems.yaml" in files) is with_declaration
            assert {"tools.yaml", "credentials.yaml"} <= files

    drive(refund, story)


def test_hover_tells_what_a_thing_is(refund: Path) -> None:
    """A tool as its worst day asks, a system with its people, a field with an example."""

    async def story(client: Editor) -> None:
        open_all(client)
        tool = await hover(client, "tools.yaml", "  stripe.re|fund.create:")
        assert "spend, single_record on stripe" in tool.replace("`", "")
        assert "on call: payments-oncall" in tool
        system = await hover(client, "tools.yaml", "system: st|ripe")
        assert "- owner: `payments`" in system
        field = await hover(client, "tools.yaml", "    rever|sibility:")
        assert "Whether it can be undone" in field
        assert "```yaml\nreversibility: {class: irreversible" in field

    drive(refund, story)


def test_a_broken_file_still_answers(refund: Path) -> None:
    """While a line is half-written, what stands in the others is known."""

    async def story(client: Editor) -> None:
        open_all(client)
        await client.settled("tools.yaml")
        text = client.texts["tools.yaml"]
        client.type("tools.yaml", text.replace("    effect: spend\n", "    effect: [spend\n", 1))
        assert await definition(client, "tools.yaml", "system: st|ripe") == [
            ("systems.yaml", "stripe")
        ]
        assert "in tools" in await hover(client, "tools.yaml", "  stripe.re|fund.create:")

    drive(refund, story)


def test_the_outline_lists_sections_and_ids(refund: Path) -> None:
    """Of a file, and over all files by a few letters."""

    async def story(client: Editor) -> None:
        open_all(client)
        one = types.TextDocumentIdentifier(client.uri("systems.yaml"))
        found = await client.text_document_document_symbol_async(types.DocumentSymbolParams(one))
        symbols = [one for one in found or () if isinstance(one, types.DocumentSymbol)]
        names = {one.name: [below.name for below in one.children or ()] for one in symbols}
        assert "stripe" in names["systems"]
        everywhere = await client.workspace_symbol_async(types.WorkspaceSymbolParams("strrk"))
        assert [one.name for one in everywhere or ()] == ["stripe-rk"]

    drive(refund, story)


async def rename(client: Editor, name: str, text: str, new: str) -> dict[str, str]:
    """Return the files that a new name changes, as they are then."""
    found = await client.text_document_rename_async(
        types.RenameParams(**client.ask(name, text), new_name=new)
    )
    changes = (found.changes if found else None) or {}
    names = {client.uri(name): name for name in client.texts}
    return {names[uri]: edited(client.texts[names[uri]], some) for uri, some in changes.items()}


def test_a_new_name_is_written_everywhere(refund: Path) -> None:
    """Every mention changes, nothing else does, and the inventory says what it said."""

    async def story(client: Editor) -> None:
        open_all(client)
        await client.settled("tools.yaml")
        before = {name: client.codes(name) for name in FILES}
        changed = await rename(client, "systems.yaml", "  stri|pe:", "card-desk")
        assert set(changed) == {"tools.yaml", "credentials.yaml", "systems.yaml"}
        for name, text in changed.items():
            client.type(name, text)
        await client.settled("tools.yaml")
        assert {name: client.codes(name) for name in FILES} == before

    drive(refund, story)


def test_a_new_name_reaches_waivers_and_words(tmp_path: Path) -> None:
    """The subject of a waiver, a prefixed target, a team in words."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WAIVED)
        (text,) = (await rename(client, "inventory.yaml", "  se|nd:", "mail.send")).values()
        assert text == WAIVED.replace("  send:", "  mail.send:").replace(
            "tool:send", "tool:mail.send"
        )
        (text,) = (await rename(client, "inventory.yaml", "owner: cr|ew", "staff")).values()
        assert text == WAIVED.replace("crew", "staff")

    drive(tmp_path, story)


@pytest.mark.parametrize(
    ("text", "new", "why"),
    [
        ("  se|nd:", "two words", "letters, digits"),
        ("owner: cr|ew", "crew", "there already"),
        ("owner: cr|ew", "1", "something else"),
        ("{over|-grant: off}", "other", "rule"),
    ],
)
def test_a_name_that_does_not_fit_is_refused(tmp_path: Path, text: str, new: str, why: str) -> None:
    """All places or none: the editor is told why."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WAIVED)
        with pytest.raises(JsonRpcException, match=why):
            await rename(client, "inventory.yaml", text, new)

    drive(tmp_path, story)


def test_a_new_name_reaches_everybody_who_shares_the_file(tmp_path: Path) -> None:
    """A file that two inventories include is not renamed for one of them alone."""
    (tmp_path / ".git").mkdir()
    shared = "teams:\n  crew: {members: 6}\n"
    root = "version: 1\nname: {0}\ninclude: [../shared/teams.yaml]\nagents: {bot: {owner: crew}}\n"
    for name in ("one", "two", "shared"):
        (tmp_path / name).mkdir()
    for name in ("one", "two"):
        text = root.replace("{0}", name)
        (tmp_path / name / "inventory.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "shared/teams.yaml").write_text(shared, encoding="utf-8")

    async def story(client: Editor) -> None:
        client.open("one/inventory.yaml")
        for name in ("shared/teams.yaml", "two/inventory.yaml"):
            client.texts[name] = (tmp_path / name).read_text(encoding="utf-8")
        changed = await rename(client, "one/inventory.yaml", "owner: cr|ew", "staff")
        assert {name: text.count("staff") for name, text in changed.items()} == {
            "one/inventory.yaml": 1,
            "two/inventory.yaml": 1,
            "shared/teams.yaml": 1,
        }
        for broken in (root.replace("{0}", "two") + "oops: 1\n", "name: 'two\n"):
            client.open("two/inventory.yaml", broken)
            with pytest.raises(JsonRpcException, match="two"):
                await rename(client, "one/inventory.yaml", "owner: cr|ew", "staff")

    drive(tmp_path, story)


def test_references_of_a_shared_file_are_those_of_all(tmp_path: Path) -> None:
    """Who looks at a team sees every open inventory that means it."""
    (tmp_path / ".git").mkdir()
    root = "version: 1\nname: {0}\ninclude: [../teams.yaml]\nagents: {bot: {owner: crew}}\n"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        text = root.replace("{0}", name)
        (tmp_path / name / "inventory.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "teams.yaml").write_text("teams:\n  crew: {members: 6}\n", encoding="utf-8")

    async def story(client: Editor) -> None:
        client.open("teams.yaml")
        place = client.ask("teams.yaml", "  cr|ew:")
        found = await client.text_document_references_async(
            types.ReferenceParams(**place, context=types.ReferenceContext(True))  # noqa: FBT003 -- its only field
        )
        assert sorted(
            one.uri.removeprefix(f"{uris.from_fs_path(str(tmp_path))}/") for one in found or ()
        ) == [
            "one/inventory.yaml",
            "teams.yaml",
            "two/inventory.yaml",
        ]

    drive(tmp_path, story)


def test_a_baseline_keeps_names(tmp_path: Path) -> None:
    """Findings that are known by a name would all be new under another one."""
    baseline = 'schema: blastlint.baseline/v1\nfindings: []\n# "tool:send"\n'
    (tmp_path / "blastlint-baseline.yaml").write_text(baseline, encoding="utf-8")

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WAIVED)
        with pytest.raises(JsonRpcException, match="baseline"):
            await rename(client, "inventory.yaml", "  se|nd:", "mail.send")

    drive(tmp_path, story)


def test_what_can_be_renamed_is_marked(tmp_path: Path) -> None:
    """An editor shows the id alone, without its prefix."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WAIVED)
        place = client.ask("inventory.yaml", '"tool:se|nd"')
        found = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**place))
        assert isinstance(found, types.Range)
        assert cut(WAIVED, found) == "send"

    drive(tmp_path, story)
