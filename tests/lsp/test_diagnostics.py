"""What an editor shows of an inventory while it is written."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls import uris
from pygls.workspace import PositionCodec

from blastlint.lsp.session import Session, path_of
from lsp.editor import cut, drive

if TYPE_CHECKING:
    from lsp.editor import Editor

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def refund(tmp_path: Path) -> Path:
    """Return a folder, with a space in its name, that holds a worked inventory."""
    folder = tmp_path / "my work"
    shutil.copytree(REPO / "inventories" / "refund-agent", folder / "refund-agent")
    return folder


def test_findings_stand_at_their_lines(refund: Path) -> None:
    """Severity, rule, page and the way with every hop; in files that are not open, too."""

    async def story(client: Editor) -> None:
        client.open("refund-agent/inventory.yaml")
        client.texts["refund-agent/credentials.yaml"] = (
            refund / "refund-agent/credentials.yaml"
        ).read_text()
        await client.until(lambda: bool(client.codes("refund-agent/credentials.yaml")))
        shown = client.shown[client.uri("refund-agent/credentials.yaml")]
        (found,) = [
            one for one in shown if one.code == "undeclared-blast-path" and "payouts" in one.message
        ]
        assert cut(client.texts["refund-agent/credentials.yaml"], found.range) == "payouts"
        assert found.severity == types.DiagnosticSeverity.Error
        assert found.source == "blastlint"
        assert found.code_description is not None
        assert found.code_description.href.endswith("/docs/rules/reach/undeclared-blast-path.md")
        related = found.related_information or []
        assert [one.message.partition(" ")[0] for one in related[:3]] == ["1", "2", "3"]
        assert related[0].location.uri == client.uri("refund-agent/tools.yaml")

    drive(refund, story)


def test_a_broken_file_is_shown_and_mended(refund: Path) -> None:
    """What was found elsewhere stays meanwhile, and the problem goes when it is mended."""

    async def story(client: Editor) -> None:
        name = "refund-agent/systems.yaml"
        client.open(name)
        await client.until(lambda: bool(client.codes("refund-agent/credentials.yaml")))
        before = client.codes("refund-agent/credentials.yaml")
        good = client.texts[name]
        client.type(name, good.replace("systems:\n", "systems:\n  'broken\n", 1))
        await client.until(lambda: client.codes(name) == ["schema-invalid"])
        assert client.codes("refund-agent/credentials.yaml") == before
        client.type(name, good)
        await client.until(lambda: "schema-invalid" not in client.codes(name))
        await client.settled(name)
        assert client.codes("refund-agent/credentials.yaml") == before

    drive(refund, story)


TEAMS = "teams:\n  support: {members: 6}\n"
ROOT = """\
version: 1
name: small
agents:
  bot: {owner: support}
"""


def small(tmp_path: Path) -> Path:
    """Write a small inventory of two files."""
    (tmp_path / "inventory.yaml").write_text(ROOT, encoding="utf-8")
    (tmp_path / "teams.yaml").write_text(TEAMS, encoding="utf-8")
    return tmp_path


def test_an_edit_in_one_file_is_found_in_another(tmp_path: Path) -> None:
    """Whoever takes a team away is told where it is still meant; nothing has to be saved."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml")
        client.open("teams.yaml")
        await client.until(lambda: bool(client.codes("inventory.yaml")))
        assert "dangling-reference" not in client.codes("inventory.yaml")
        client.type("teams.yaml", TEAMS.replace("support", "sales"))
        await client.until(lambda: "dangling-reference" in client.codes("inventory.yaml"))
        (found,) = client.shown[client.uri("inventory.yaml")]
        assert cut(ROOT, found.range) == "support"
        client.type("teams.yaml", TEAMS)
        await client.until(lambda: "dangling-reference" not in client.codes("inventory.yaml"))

    drive(small(tmp_path), story)


def test_closing_the_last_file_clears_everything(tmp_path: Path) -> None:
    """What nobody looks at is not shown."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml")
        await client.until(lambda: bool(client.codes("inventory.yaml")))
        client.close("inventory.yaml")
        await client.until(lambda: not any(client.shown.values()))

    drive(small(tmp_path), story)


def test_a_new_file_counts_before_it_is_saved(tmp_path: Path) -> None:
    """A file that lies on no disk yet declares what others mean."""
    folder = small(tmp_path)
    (folder / "teams.yaml").unlink()

    async def story(client: Editor) -> None:
        client.open("inventory.yaml")
        await client.until(lambda: client.codes("inventory.yaml") == ["dangling-reference"])
        client.open("people.yaml", TEAMS)
        await client.until(lambda: "dangling-reference" not in client.codes("inventory.yaml"))

    drive(folder, story)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """An editor sends every YAML file; most of them are none of ours."""
    compose = "version: 3\nname: shop\nservices: {}\n"

    async def story(client: Editor) -> None:
        client.open("compose.yaml", compose)
        client.open("alone.yaml", ROOT + TEAMS)
        await client.until(lambda: bool(client.codes("alone.yaml")))
        assert client.codes("compose.yaml") == []

    drive(tmp_path, story)


def test_an_included_file_is_judged_with_those_who_include_it(tmp_path: Path) -> None:
    """What several inventories share shows what each of them says of it."""
    (tmp_path / ".git").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        root = ROOT.replace("small", name) + "include: [../shared/teams.yaml]\n"
        (tmp_path / name / "inventory.yaml").write_text(root, encoding="utf-8")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/teams.yaml").write_text(TEAMS, encoding="utf-8")

    async def story(client: Editor) -> None:
        client.open("shared/teams.yaml")
        await client.until(lambda: bool(client.codes("one/inventory.yaml")))
        await client.until(lambda: bool(client.codes("two/inventory.yaml")))
        client.type("shared/teams.yaml", "teams: {}\n")
        for name in ("one/inventory.yaml", "two/inventory.yaml"):
            await client.until(lambda name=name: client.codes(name) == ["dangling-reference"])  # type: ignore[misc]

    drive(tmp_path, story)


def test_what_changes_on_the_disk_is_judged_again(tmp_path: Path) -> None:
    """The editor is asked to watch, and what it tells is looked at."""
    folder = small(tmp_path)

    async def story(client: Editor) -> None:
        client.open("inventory.yaml")
        await client.until(lambda: bool(client.codes("inventory.yaml")))
        assert [one.method for one in client.watching] == ["workspace/didChangeWatchedFiles"]
        (folder / "teams.yaml").write_text("teams: {}\n", encoding="utf-8")
        event = types.FileEvent(client.uri("teams.yaml"), types.FileChangeType.Changed)
        client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await client.until(lambda: client.codes("inventory.yaml") == ["dangling-reference"])

    drive(folder, story)


WIDE = "version: 1\nname: small\nagents:\n  bot: {principal: {id: 🦊 Füchse}, owner: {0}}\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "mark"])
def test_places_count_as_the_editor_counts(tmp_path: Path, end: str, mark: str) -> None:
    """Emoji take two units, umlauts one; line ends and a byte order mark move nothing."""
    text = mark + WIDE.replace("{0}", "nobody").replace("\n", end)

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", text)
        await client.until(lambda: client.codes("inventory.yaml") == ["dangling-reference"])
        (found,) = client.shown[client.uri("inventory.yaml")]
        assert cut(text, found.range) == "nobody"
        assert found.range.start.line == 3

    drive(tmp_path, story)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        (types.PositionEncodingKind.Utf8, "utf-8"),
        (types.PositionEncodingKind.Utf16, "utf-16-le"),
        (types.PositionEncodingKind.Utf32, "utf-32-le"),
    ],
)
def test_an_editor_may_count_otherwise(
    tmp_path: Path, encoding: types.PositionEncodingKind, name: str
) -> None:
    """Helix and Neovim count bytes if the server can, others code points."""
    size = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[name]
    line = WIDE.replace("{0}", "nobody").split("\n")[3]

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", WIDE.replace("{0}", "nobody"))
        await client.until(lambda: client.codes("inventory.yaml") == ["dangling-reference"])
        (found,) = client.shown[client.uri("inventory.yaml")]
        units = line.encode(name)[size * found.range.start.character :]
        assert units.decode(name).startswith("nobody}")

    drive(tmp_path, story, encoding)


def test_a_mark_at_the_start_shifts_the_first_line(tmp_path: Path) -> None:
    """An editor that keeps a byte order mark in its text counts it."""
    text = "\ufeffnaem: x\nversion: 1\nagents: {bot: {}}\n"

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", text)
        await client.until(lambda: bool(client.codes("inventory.yaml")))
        places = [cut(text, one.range) for one in client.shown[client.uri("inventory.yaml")]]
        assert "naem" in places

    drive(tmp_path, story)


def test_no_link_is_followed(tmp_path: Path) -> None:
    """A workspace that somebody else wrote shows nothing of the machine around it."""
    (tmp_path / "work").mkdir()
    folder = small(tmp_path / "work")
    (tmp_path / "secret.yaml").write_text("teams: {hidden: {}}\n", encoding="utf-8")
    (folder / "linked.yaml").symlink_to(tmp_path / "secret.yaml")

    async def story(client: Editor) -> None:
        client.open("inventory.yaml")
        await client.until(lambda: any("link" in m for m in messages(client)))
        assert not any("hidden" in message for message in messages(client))

    drive(folder, story)


GUARDED = """\
import os, sys
def refuse(event, arguments):
    started = event.startswith(("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system"))
    if started or event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        os.write(2, f"{event} {arguments}".encode())
        os._exit(9)
    if event == "open" and str(arguments[0]).endswith(("passwd", "beyond.yaml")):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(9)
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(9)
sys.dont_write_bytecode = True
sys.addaudithook(refuse)
sys.argv = ["blastlint", "lsp"]
from blastlint.__main__ import main
sys.exit(main())
"""
"""Ends a server that starts a program, asks a network, writes a file or reads beyond its folder."""
HOSTILE = """\
version: 1
name: hostile
include: [../beyond.yaml, /etc/passwd]
policy: {packs: [../../packs]}
agents: {bot: {owner: "`$(touch owned)`"}}
evidence:
  far: {kind: github, files: [/etc/passwd, ../beyond.yaml]}
"""


def test_a_workspace_of_somebody_else_does_nothing(tmp_path: Path) -> None:
    """Nothing is started, asked or written, and nothing beyond the workspace is read."""
    (tmp_path / "work").mkdir()
    (tmp_path / "beyond.yaml").write_text(TEAMS, encoding="utf-8")

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", HOSTILE)
        await client.until(lambda: len(client.codes("inventory.yaml")) > 1)
        client.type("inventory.yaml", ROOT + TEAMS + HOSTILE[HOSTILE.index("evidence") :])
        await client.until(lambda: client.codes("inventory.yaml") == ["schema-invalid"] * 2)
        client.type("inventory.yaml", ROOT + TEAMS)
        await client.settled("inventory.yaml")

    drive(tmp_path / "work", story, program=("-c", GUARDED))


def messages(client: Editor) -> list[str]:
    """Return everything that is shown."""
    return [one.message for shown in client.shown.values() for one in shown]


def test_a_fault_of_ours_is_told_and_survived(tmp_path: Path) -> None:
    """Whatever nobody foresaw, the next change is judged again."""
    days = iter([None, date(2026, 6, 2)])
    faults: list[BaseException] = []
    shown: dict[str, int] = {}

    def today() -> date:
        day = next(days)
        if day is None:
            raise RuntimeError("the clock stands")
        return day

    async def story() -> None:
        session = Session(today, lambda uri, said, _: shown.update({uri: len(said)}), faults.append)
        session.codec = PositionCodec()
        uri = uris.from_fs_path(str(tmp_path / "inventory.yaml")) or ""
        session.open(uri, ROOT, 1)
        with pytest.raises(RuntimeError):
            await session.view(str(tmp_path / "inventory.yaml"))
        await asyncio.sleep(0)
        session.open(uri, ROOT, 2)
        assert await session.view(path_of(uri) or "") is not None
        session.stop()

    asyncio.run(story())
    assert [str(fault) for fault in faults] == ["the clock stands"]
    assert list(shown.values()) == [1]
