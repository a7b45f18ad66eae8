"""An editor for tests: starts the server as a process and speaks the protocol with it."""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls import uris
from pygls.lsp.client import LanguageClient

from commands import environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
    from pathlib import Path

PATIENCE = 20
"""Seconds after which an answer is given up."""


class Editor(LanguageClient):
    """A client that remembers what is shown in each file."""

    def __init__(self, root: Path) -> None:
        super().__init__("test", "1")
        self.root = root
        self.shown: dict[str, list[types.Diagnostic]] = {}
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.watching: list[types.Registration] = []
        self.said: list[str] = []
        self._news = asyncio.Event()
        self._listen()

    def _listen(self) -> None:
        """Hear what the server says of itself."""

        def show(params: types.PublishDiagnosticsParams) -> None:
            self.shown[params.uri] = list(params.diagnostics)
            self._news.set()

        def register(params: types.RegistrationParams) -> None:
            self.watching += params.registrations

        def hear(params: types.ShowMessageParams) -> None:
            self.said.append(params.message)

        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(show)
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(register)
        self.feature(types.WINDOW_SHOW_MESSAGE)(hear)

    def end(self) -> None:
        """End a server that has not ended by itself."""
        if self._server and self._server.returncode is None:
            self._server.terminate()

    async def gone(self) -> None:
        """Wait until the server has ended as it should."""
        assert self._server is not None
        async with asyncio.timeout(PATIENCE):
            assert await self._server.wait() == 0

    # --- files ---

    def uri(self, name: str) -> str:
        """Return the address of a file of the workspace."""
        return uris.from_fs_path(str(self.root / name)) or ""

    def open(self, name: str, text: str | None = None) -> None:
        """Open a file, with another text than the disk's if one is given."""
        path = self.root / name
        self.texts[name] = path.read_bytes().decode() if text is None else text
        self.versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), "yaml", 1, self.texts[name])
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, name: str, text: str) -> None:
        """Change the whole text of an open file, and save nothing."""
        self.versions[name] += 1
        self.texts[name] = text
        one = types.VersionedTextDocumentIdentifier(self.versions[name], self.uri(name))
        changes = [types.TextDocumentContentChangeWholeDocument(text)]
        self.text_document_did_change(types.DidChangeTextDocumentParams(one, changes))

    def close(self, name: str) -> None:
        """Close a file."""
        one = types.TextDocumentIdentifier(self.uri(name))
        self.text_document_did_close(types.DidCloseTextDocumentParams(one))

    # --- what is shown ---

    def codes(self, name: str) -> list[str]:
        """Return the rules that are shown in a file, in the order of the lines."""
        found = sorted(self.shown.get(self.uri(name), []), key=lambda one: one.range.start)
        return [str(one.code) for one in found]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is shown."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            shown = {uri: [one.message for one in some] for uri, some in self.shown.items()}
            raise AssertionError(f"never came: {shown}, said {self.said}") from None

    async def settled(self, name: str) -> None:
        """Wait until everything that was typed is judged."""
        one = types.TextDocumentIdentifier(self.uri(name))
        await self.text_document_document_symbol_async(types.DocumentSymbolParams(one))

    # --- places ---

    def at(self, name: str, text: str, *, behind: bool = False) -> types.Position:
        """Return where a piece of text begins or ends in a file; a `|` in it marks the place."""
        inside = text.index("|") if "|" in text else len(text) * behind
        offset = self.texts[name].index(text.replace("|", "")) + inside
        before = re.split(r"\r\n?|\n", self.texts[name][:offset])
        units = len(before[-1].encode("utf-16-le")) // 2
        return types.Position(len(before) - 1, units)

    def ask(self, name: str, text: str) -> dict[str, Any]:
        """Return the parameters of a question about a place."""
        one = types.TextDocumentIdentifier(self.uri(name))
        return {"text_document": one, "position": self.at(name, text)}

    def text_at(self, place: types.Location) -> str:
        """Return what stands at a place."""
        name = next(name for name in self.texts if self.uri(name) == place.uri)
        return cut(self.texts[name], place.range)


def cut(text: str, place: types.Range) -> str:
    """Return the text between two places."""
    start, end = offset(text, place.start), offset(text, place.end)
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def offset(text: str, place: types.Position) -> int:
    """Return how many UTF-16 units stand before a place."""
    lines = re.split(r"(\r\n?|\n)", text)
    before = "".join(lines[: 2 * place.line])
    return len(before.encode("utf-16-le")) // 2 + place.character


def edited(text: str, edits: Sequence[types.TextEdit]) -> str:
    """Return a text after edits, as an editor applies them."""
    units = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        start, end = offset(text, edit.range.start), offset(text, edit.range.end)
        units = units[: 2 * start] + edit.new_text.encode("utf-16-le") + units[2 * end :]
    return units.decode("utf-16-le")


@asynccontextmanager
async def editor(
    root: Path, encoding: types.PositionEncodingKind | None, program: Sequence[str]
) -> AsyncIterator[Editor]:
    """Start a server for a folder, and end it."""
    client = Editor(root)
    await client.start_io(sys.executable, *program, cwd=root, env=environment())
    try:
        async with asyncio.timeout(PATIENCE):
            await client.initialize_async(hello(root, encoding))
        client.initialized(types.InitializedParams())
        yield client
        async with asyncio.timeout(PATIENCE):
            await client.shutdown_async(None)
        client.exit(None)
        await client.gone()
    finally:
        client.end()
        await client.stop()  # type: ignore[no-untyped-call] # it returns nothing


def hello(root: Path, encoding: types.PositionEncodingKind | None = None) -> types.InitializeParams:
    """Return what an editor says first."""
    general = types.GeneralClientCapabilities(position_encodings=[encoding] if encoding else None)
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    workspace = types.WorkspaceClientCapabilities(did_change_watched_files=watching)
    uri = uris.from_fs_path(str(root)) or ""
    return types.InitializeParams(
        capabilities=types.ClientCapabilities(workspace=workspace, general=general),
        root_uri=uri,
        workspace_folders=[types.WorkspaceFolder(uri, root.name)],
    )


def drive(
    root: Path,
    story: Callable[[Editor], Coroutine[Any, Any, None]],
    encoding: types.PositionEncodingKind | None = None,
    program: Sequence[str] = ("-m", "blastlint", "lsp"),
) -> None:
    """Tell a story to a server that serves a folder.

    Args:
        root: the folder.
        story: what happens.
        encoding: how the editor counts; as usual, if none is given.
        program: what Python runs.
    """

    async def told() -> None:
        async with asyncio.timeout(3 * PATIENCE), editor(root, encoding, program) as client:
            await story(client)
            assert client.said == []

    asyncio.run(told())
