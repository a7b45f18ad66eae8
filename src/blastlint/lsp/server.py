"""The language server itself: what an editor may ask, and who answers."""

from __future__ import annotations

import gc
import sys
import traceback
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer

from blastlint.lsp import completion, hover, symbols
from blastlint.lsp.cursor import spot
from blastlint.lsp.fixes import fixes
from blastlint.lsp.kinds import field_at
from blastlint.lsp.lines import Lines
from blastlint.lsp.mentions import RULE
from blastlint.lsp.renaming import CannotRenameError, rename
from blastlint.lsp.session import Session, path_of
from blastlint.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from blastlint.lsp.symbols import Name
    from blastlint.lsp.view import View

WATCHED = "**/*.{yaml,yml,json,sql,toml}"
"""Files whose change on the disk may change an answer: inventories, rules, evidence."""
_TRIGGERS = [" ", ":", "[", "{", ",", '"', "'", "-"]
"""Characters after which an editor asks what can be written."""


class _Server(LanguageServer):
    """A server of one editor."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__(
            "blastlint",
            __version__,
            # whole texts: pygls counts other line breaks than a check does
            text_document_sync_kind=types.TextDocumentSyncKind.Full,
        )
        self.session = Session(today, self._publish, self._confess)

    def _publish(self, uri: str, said: Sequence[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, diagnostics=list(said), version=version)
        )

    def _confess(self, fault: BaseException) -> None:
        """Tell of a fault of ours, as the command line does; the server goes on."""
        sys.stderr.write("".join(traceback.format_exception(fault)))
        said = f"This is a fault of blastlint {__version__}, not of your files: {fault}"
        shown = types.ShowMessageParams(type=types.MessageType.Error, message=said)
        self.window_show_message(shown)

    def lines(self, path: str) -> Lines | None:
        """Return the text of an open file, as it is now."""
        opened = self.session.opened.get(path)
        codec = self.session.codec
        return Lines(opened.text, codec) if opened and codec else None


def serve(today: Callable[[], date]) -> None:
    """Answer an editor on standard input and output, until it says goodbye.

    Args:
        today: tells the day of judgement.
    """
    gc.enable()  # one short run needs no collector; this one lasts as long as the editor
    server = _Server(today)
    for register in (_follow, _tell, _lead, _change):
        register(server)
    server.start_io()
    server.session.stop()


# --- following what is typed --------------------------------------------------------------------


def _follow(server: _Server) -> None:
    """Follow what the editor opens, changes, saves and closes."""
    session = server.session

    @server.feature(types.INITIALIZED)
    def begin(_: types.InitializedParams) -> None:
        session.codec = server.workspace.position_codec
        session.folders = _folders(server)
        _watch(server)

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.open(document.uri, document.text, document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        for change in params.content_changes[-1:]:
            session.open(document.uri, change.text, document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        session.reread(filter(None, [path_of(params.text_document.uri)]))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def moved(_: types.DidChangeWorkspaceFoldersParams) -> None:
        session.folders = _folders(server)
        session.reread([])

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def elsewhere(params: types.DidChangeWatchedFilesParams) -> None:
        session.reread(filter(None, (path_of(change.uri) for change in params.changes)))


def _folders(server: _Server) -> list[str]:
    """Return the absolute paths of the folders that are open."""
    return [path for uri in server.workspace.folders if (path := path_of(uri)) is not None]


def _watch(server: _Server) -> None:
    """Ask the editor to tell of changes on the disk, if it can."""
    offered = server.client_capabilities.workspace
    watching = offered and offered.did_change_watched_files
    if not watching or not watching.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions(
        watchers=[types.FileSystemWatcher(glob_pattern=WATCHED)]
    )
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration(id=method, method=method, register_options=options)
    server.client_register_capability(types.RegistrationParams([registration]))


# --- telling ------------------------------------------------------------------------------------


def _tell(server: _Server) -> None:
    """Answer what stands under the cursor, and what can be written there."""
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        path = path_of(params.text_document.uri) or ""
        view = await session.view(path)
        lines = server.lines(path)
        if view is None or lines is None:
            return None
        return _hover(session.before(view), view, path, lines, lines.offset(params.position))

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=_TRIGGERS),
    )
    async def completed(params: types.CompletionParams) -> types.CompletionList | None:
        path = path_of(params.text_document.uri) or ""
        view = await session.recent(path)
        lines = server.lines(path)
        if view is None or lines is None:
            return None
        ids = completion.ids_of(view, session.before(view))
        root = path == view.root_file
        return completion.complete(lines, lines.offset(params.position), ids, root=root)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        path = path_of(params.text_document.uri) or ""
        view = await session.view(path)
        return symbols.outline(view, path) if view else []

    @server.feature(types.WORKSPACE_SYMBOL)
    def searched(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        views = [known.view for known in session.known.values() if known.view]
        return symbols.declared(views, params.query)


def _hover(good: View, view: View, path: str, lines: Lines, offset: int) -> types.Hover | None:
    """Return what is known of the word at an offset: what it names, else the field that it is."""
    name = symbols.name_at(view, path, lines, offset)
    said = name and (
        hover.of_id(view, name.section, name.id) or hover.of_id(good, name.section, name.id)
    )
    if name and said:
        return _shown(said, name.range)
    here = spot(lines.text, offset)
    found = field_at((*here.pointer, here.word), root=path == view.root_file)
    if here.on == "key" and found and found.field:
        place = lines.between(here.start, here.end)
        return _shown(hover.described(found.part, found.field), place)
    return None


def _shown(said: str, place: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, said), place)


# --- leading there ------------------------------------------------------------------------------


def _lead(server: _Server) -> None:
    """Answer where a name is declared, and where it is meant."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: types.DefinitionParams) -> list[types.Location]:
        return symbols.once(
            place for view, name in await _named(server, params) for place in _declared(view, name)
        )

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def referred(params: types.ReferenceParams) -> list[types.Location]:
        all_ = params.context.include_declaration
        return symbols.once(
            place
            for view, name in await _named(server, params)
            for place in symbols.places(
                view, [one for one in symbols.named(view, name) if all_ or not one.declares]
            )
        )


async def _named(
    server: _Server,
    params: types.DefinitionParams
    | types.ReferenceParams
    | types.RenameParams
    | types.PrepareRenameParams,
) -> Sequence[tuple[View, Name]]:
    """Return what stands at a place, with every inventory that knows it; or nothing."""
    path = path_of(params.text_document.uri) or ""
    views = await server.session.views(path)
    lines = server.lines(path)
    if not views or lines is None:
        return ()
    name = symbols.name_at(views[0], path, lines, lines.offset(params.position))
    if name is None:
        return ()
    good = server.session.before(views[0])
    known = [view for view in views if symbols.named(view, name)]
    return [(view, name) for view in known or [good]]


def _declared(view: View, name: Name) -> Iterator[types.Location]:
    """Yield where an id is declared; a rule in its file, if that lies with the inventory."""
    yield from symbols.places(view, [one for one in symbols.named(view, name) if one.declares])
    rule = view.rules.get(name.id) if name.section == RULE else None
    if rule and not view.manual(name.id):
        yield view.place(rule.document.at(("id",)))


# --- changing -----------------------------------------------------------------------------------


def _change(server: _Server) -> None:
    """Change what is named, and what is found."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix]),
    )
    async def repaired(params: types.CodeActionParams) -> list[types.CodeAction]:
        path = path_of(params.text_document.uri) or ""
        view = await server.session.view(path)
        return fixes(view, path, params) if view else []

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        for view, name in await _named(server, params):
            paths = {view.path(one.location.file) for one in symbols.named(view, name)}
            views = [view, *await server.session.sharing(paths, view)]
            try:
                return rename(views, name, params.new_name)
            except CannotRenameError as error:
                raise JsonRpcInvalidParams(str(error)) from None
        return None

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def renaming(params: types.PrepareRenameParams) -> types.Range | None:
        found = [name.range for _, name in await _named(server, params) if name.section != RULE]
        return found[0] if found else None
