"""The names in an inventory: what a place names, where it is declared, and wherever it is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from blastlint.inventory.shape import PART_FILE, ROOT, shape
from blastlint.lsp.cursor import spot
from blastlint.lsp.kinds import slot
from blastlint.lsp.mentions import RULE, Mention
from blastlint.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.lsp.cursor import Spot
    from blastlint.lsp.kinds import Slot
    from blastlint.lsp.lines import Lines
    from blastlint.lsp.view import View
    from blastlint.source import Document

_ICONS = {
    "agents": types.SymbolKind.Class,
    "tools": types.SymbolKind.Function,
    "systems": types.SymbolKind.Module,
    "credentials": types.SymbolKind.Key,
    "audit_logs": types.SymbolKind.File,
    "teams": types.SymbolKind.Namespace,
    "evidence": types.SymbolKind.File,
}


@dataclass(frozen=True, slots=True)
class Name:
    """An id, and the stretch of text under the cursor that says it."""

    section: str
    """Section that it belongs to, or `rule`."""
    id: str
    range: types.Range


def name_at(view: View, path: str, lines: Lines, offset: int) -> Name | None:
    """Return what the text at an offset names; None if it names nothing.

    Args:
        view: the inventory.
        path: the file.
        lines: its text as it is now: if it was judged like this, places are exact, else they are
            told from the text alone.
        offset: where the cursor stands.
    """
    if view.lines(path).text == lines.text:
        line = lines.position(offset).line + 1
        for mention in view.mentions_in(path):
            if not mention.location.span.line <= line <= mention.location.span.end_line:
                continue
            found = extent(view, mention)
            if lines.offset(found.start) <= offset <= lines.offset(found.end):
                return Name(mention.section, mention.id, found)
    return _told(lines, offset, root=path == view.root_file)


def _told(lines: Lines, offset: int, *, root: bool) -> Name | None:
    """Return what a word names, by the text before it."""
    here = spot(lines.text, offset)
    if not here.word:
        return None
    place = lines.between(here.start, here.end)
    if here.on == "key":
        section = _section_of_keys(here)
        return Name(section, here.word, place) if section else None
    found = slot(here.pointer, root=root)
    section, name = _meant(found, here.word) if found else ("", "")
    return Name(section, name, place) if section else None


def _section_of_keys(here: Spot) -> str:
    """Return the section whose ids are keys at a place."""
    if here.pointer == ("policy", "rules"):
        return RULE
    if len(here.pointer) == 1 and here.pointer[0] in shape().sections:
        return str(here.pointer[0])
    return ""


def _meant(found: Slot, word: str) -> tuple[str, str]:
    """Return the section and the id that a value refers to."""
    if (found.part, found.field.name if found.field else "") == ("Waiver", "rule"):
        return RULE, word
    for kind in found.type.options or (found.type,):
        prefix, colon, rest = word.partition(":")
        if colon and kind.prefixes and prefix in kind.prefixes:
            return kind.prefixes[prefix], rest
        if kind.ref and word != kind.none:
            return kind.ref, word
    return "", ""


def extent(view: View, mention: Mention) -> types.Range:
    """Return where the id itself stands, without prefix and quotes."""
    lines = view.lines(view.path(mention.location.file))
    start, end = lines.start(mention.location.span), lines.end(mention.location.span)
    at = lines.text.rfind(mention.id, start, end)
    return lines.between(at, at + len(mention.id)) if at >= 0 else lines.between(start, end)


def places(view: View, found: Iterable[Mention]) -> list[types.Location]:
    """Return where some mentions stand."""
    return [
        types.Location(view.uri(view.path(one.location.file)), extent(view, one)) for one in found
    ]


def once(found: Iterable[types.Location]) -> list[types.Location]:
    """Return places in their order, each once, however many inventories know them."""
    places: list[types.Location] = []
    for one in found:
        if one not in places:
            places.append(one)
    return places


def named(view: View, name: Name) -> list[Mention]:
    """Return every mention of an id."""
    return [one for one in view.mentions if (one.section, one.id) == (name.section, name.id)]


def outline(view: View, path: str) -> list[types.DocumentSymbol]:
    """Return the sections of a file with the ids in them."""
    for document in view.answer.draft.documents:
        if view.path(document.file) == path and isinstance(document.value, dict):
            return list(_sections(view, document))
    return []


def _sections(view: View, document: Document) -> Iterator[types.DocumentSymbol]:
    fields = {**shape().part(ROOT).fields, **shape().part(PART_FILE).fields}
    for section, written in document.value.items():
        if section not in fields:
            continue
        inside = written if section in shape().sections and isinstance(written, dict) else {}
        below = [
            _symbol(view, document, (section, name), _ICONS.get(section, types.SymbolKind.Object))
            for name in inside
        ]
        yield _symbol(view, document, (section,), types.SymbolKind.Namespace, below)


def _symbol(
    view: View,
    document: Document,
    pointer: tuple[str, ...],
    kind: types.SymbolKind,
    below: list[types.DocumentSymbol] | None = None,
) -> types.DocumentSymbol:
    key = view.place(document.at(pointer, key=True)).range
    value = view.place(document.at(pointer)).range
    whole = types.Range(key.start, max(key.end, value.end))
    return types.DocumentSymbol(
        name=pointer[-1], kind=kind, range=whole, selection_range=key, children=below
    )


def declared(views: Iterable[View], query: str) -> list[types.WorkspaceSymbol]:
    """Return the ids of some inventories that hold the letters of a query, in their order."""
    found = []
    for view in views:
        for one in view.mentions:
            if one.declares and _fits(query, one.id):
                (place,) = places(view, [one])
                kind = _ICONS.get(one.section, types.SymbolKind.Object)
                name = types.WorkspaceSymbol(
                    location=place, name=one.id, kind=kind, container_name=one.section
                )
                found.append(name)
    return found


def _fits(query: str, name: str) -> bool:
    letters = iter(name.casefold())
    return all(letter in letters for letter in query.casefold())
