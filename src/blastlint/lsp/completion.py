"""What can be written where the cursor stands: keys, ids, values, rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lsprotocol.types import (
    CompletionItem,
    CompletionItemKind,
    CompletionList,
    MarkupContent,
    MarkupKind,
    TextEdit,
)

from blastlint.inventory.shape import PART_FILE, ROOT, UNKNOWN, shape
from blastlint.lsp.cursor import spot
from blastlint.lsp.hover import described
from blastlint.lsp.kinds import slot
from blastlint.lsp.mentions import RULE
from blastlint.providers import PROVIDERS
from blastlint.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.inventory.shape import Field, Type
    from blastlint.lsp.cursor import Spot
    from blastlint.lsp.kinds import Slot
    from blastlint.lsp.lines import Lines
    from blastlint.lsp.view import View

    Ids = Mapping[str, Sequence[str]]
    """Section to the ids in it; `rule` to the rules, `subject` to what was found."""

SUBJECT = "subject"
_FIRST = "0"
_LATER = "1"
"""How items are sorted: what is needed comes first."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """One thing to offer."""

    text: str
    kind: CompletionItemKind
    detail: str = ""
    about: str = ""
    first: bool = False


def ids_of(view: View, before: View) -> dict[str, list[str]]:
    """Return what an inventory has to refer to, by section.

    Args:
        view: how it stands now; of a file that does not parse it knows nothing.
        before: how it stood when it could last be judged.
    """
    found: dict[str, set[str]] = {section: set() for section in shape().sections}
    meant: dict[str, set[str]] = {section: set() for section in found}
    for one in (*before.mentions, *view.mentions):
        if one.section in found:
            (found if one.declares else meant)[one.section].add(one.id)
    ids = {section: sorted(names) for section, names in found.items()}
    missing = {f"missing {section}": sorted(meant[section] - found[section]) for section in found}
    report = before.answer.report
    subjects = {str(one.subject) for one in report.findings} if report else set()
    return {**ids, **missing, RULE: sorted(view.rules), SUBJECT: sorted(subjects)}


def complete(lines: Lines, offset: int, ids: Ids, *, root: bool) -> CompletionList:
    """Return what can be written at an offset.

    Args:
        lines: the text as it is now, half-written or not.
        offset: where the cursor stands.
        ids: what there is to refer to.
        root: whether this is the root file of an inventory.
    """
    if _in_comment(lines.text, offset):
        return CompletionList(is_incomplete=False, items=[])
    here = spot(lines.text, offset)
    choices = _keys(here, ids, root=root) if here.on == "key" else _values(here, ids, root=root)
    items = [_item(lines, here, choice, offset) for choice in choices]
    return CompletionList(is_incomplete=False, items=items)


def _in_comment(text: str, offset: int) -> bool:
    line = re.split(r"[\r\n]", text[:offset])[-1]
    bare = re.sub(r""""[^"]*"|'[^']*'""", lambda quoted: "_" * len(quoted[0]), line)
    return bool(re.search(r"(^|\s)#", bare))


# --- keys ---------------------------------------------------------------------------------------


def _keys(here: Spot, ids: Ids, *, root: bool) -> Iterator[_Choice]:
    """Yield the keys that the map under the cursor may have, and has not."""
    found = slot(here.pointer, root=root)
    if found is None:
        return
    for kind in found.type.options or (found.type,):
        if kind.kind == "part":
            yield from _fields(kind.part, here)
        elif kind.kind == "map" and found.part == "Policy":
            yield from (_Choice(rule, CompletionItemKind.Event) for rule in ids.get(RULE, ()))
        elif kind.kind == "map" and found.field:
            yield from _left_over(found, ids, here)
        elif _is_item(here, kind):
            yield from _of_type(kind, found, ids)
    if found.field and found.field.may_be_open and here.flow:
        yield from _fields(UNKNOWN, here)


def _is_item(here: Spot, kind: Type) -> bool:
    """Tell an item of a list of words, which looks like a key until a colon follows."""
    return bool(here.pointer) and isinstance(here.pointer[-1], int) and kind.kind != "part"


def _fields(part: str, here: Spot) -> Iterator[_Choice]:
    for field in shape().part(part).fields.values():
        if field.name not in here.beside:
            first = field.required or field.needed
            about = described(part, field)
            kind = CompletionItemKind.Property
            yield _Choice(field.name, kind, _head(field), about, first)


def _head(field: Field) -> str:
    return "required" if field.required else "needed for a launch" if field.needed else ""


def _left_over(found: Slot, ids: Ids, here: Spot) -> Iterator[_Choice]:
    """Yield the ids that are referred to and not declared yet: what a new key is likely to be."""
    section = found.field.name if found.field and found.part in {ROOT, PART_FILE} else ""
    for name in ids.get(f"missing {section}", ()):
        if name not in here.beside:
            yield _Choice(name, CompletionItemKind.Reference, f"referred to, not in {section} yet")


# --- values -------------------------------------------------------------------------------------


def _values(here: Spot, ids: Ids, *, root: bool) -> Iterator[_Choice]:
    """Yield the values that the cell under the cursor may hold."""
    found = slot(here.pointer, root=root)
    if found is None:
        return
    yield from _special(found, ids)
    for kind in found.type.options or (found.type,):
        yield from _of_type(kind, found, ids)


def _special(found: Slot, ids: Ids) -> Iterator[_Choice]:
    """Yield the values of cells whose type alone does not say what they may be."""
    name = (found.part, found.field.name if found.field else "")
    listed: Mapping[tuple[str, str], Sequence[str]] = {
        ("Waiver", "rule"): ids.get(RULE, ()),
        ("Waiver", "subject"): ids.get(SUBJECT, ()),
        ("Evidence", "kind"): tuple(PROVIDERS),
        (UNKNOWN, "owner"): ids.get("teams", ()),
        ("Attestation", "by"): ids.get("teams", ()),
    }
    for text in listed.get(name, ()):
        yield _Choice(text, CompletionItemKind.Value)


def _of_type(kind: Type, found: Slot, ids: Ids) -> Iterator[_Choice]:
    if kind.choices:
        for choice in kind.choices:
            said = str(choice).lower() if isinstance(choice, bool) else str(choice)
            yield _Choice(said, CompletionItemKind.EnumMember)
    elif kind.kind == "flag":
        yield from (_Choice(word, CompletionItemKind.EnumMember) for word in ("true", "false"))
    elif kind.kind == "list" and kind.items:
        yield from (_listed(choice) for choice in _of_type(kind.items, found, ids))
    if kind.ref:
        yield from _named(kind.ref, "", ids)
    if kind.none:
        yield _Choice(kind.none, CompletionItemKind.EnumMember)
    for prefix, section in (kind.prefixes or {}).items():
        if section:
            yield from _named(section, f"{prefix}:", ids)
        else:
            yield _Choice(f"{prefix}:", CompletionItemKind.Keyword, "and a name of your own")


def _named(section: str, prefix: str, ids: Ids) -> Iterator[_Choice]:
    for name in ids.get(section, ()):
        yield _Choice(f"{prefix}{name}", CompletionItemKind.Reference, f"in {section}")


def _listed(choice: _Choice) -> _Choice:
    """Return what is offered where a list stands that is not begun yet."""
    return _Choice(f"[{_written(choice.text, flow=True)}]", choice.kind, choice.detail)


# --- how it is written --------------------------------------------------------------------------


def _item(lines: Lines, here: Spot, choice: _Choice, offset: int) -> CompletionItem:
    """Return an item that takes the place of the word under the cursor."""
    is_key = choice.kind == CompletionItemKind.Property or _is_new_key(here, choice)
    colon = ": " if is_key and not here.followed else ""
    text = _written(choice.text, flow=here.flow)
    return CompletionItem(
        label=choice.text,
        kind=choice.kind,
        detail=choice.detail or None,
        documentation=MarkupContent(MarkupKind.Markdown, choice.about) if choice.about else None,
        sort_text=f"{_FIRST if choice.first else _LATER} {choice.text}",
        filter_text=_typed(lines.text, here, choice.text),
        text_edit=TextEdit(lines.between(here.start, max(here.end, offset)), text + colon),
    )


def _is_new_key(here: Spot, choice: _Choice) -> bool:
    """Tell whether what is offered becomes a key: an id or a rule where a key stands."""
    item = bool(here.pointer) and isinstance(here.pointer[-1], int)
    kinds = (CompletionItemKind.Event, CompletionItemKind.Reference)
    return here.on == "key" and not item and choice.kind in kinds


def _typed(text: str, here: Spot, word: str) -> str:
    """Return what an editor compares with the word that is typed, its quote included."""
    quote = text[here.start : here.start + 1]
    return f"{quote}{word}" if quote in {'"', "'"} else word


def _written(text: str, *, flow: bool) -> str:
    """Return a value as it is written: quoted between brackets if it has a colon in it."""
    plain = text.startswith(("{", "[")) or not (flow and ":" in text)
    return text if plain else f'"{text}"'
