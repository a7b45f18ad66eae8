"""Removes a key or an item with its line, and leaves everything around it."""

from __future__ import annotations

from blastlint.editing.edit import Edit
from blastlint.editing.layout import Layout
from blastlint.editing.putting import emptied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.editing.layout import Entry, Pointer
    from blastlint.source import Document


def take(document: Document, pointer: Pointer) -> tuple[Edit, ...]:
    """Remove a key or an item with the comment behind it; the last one leaves `{}` or `[]`.

    Comments on lines of their own stay: nobody knows what they are about.

    Raises:
        InputError: the place is laid out in a way that is not edited.
        KeyError: nothing is written there.
        ValueError: the pointer is empty.
    """
    if not pointer:
        raise ValueError("a pointer names a key or an item")
    layout, above = Layout(document), tuple(pointer[:-1])
    layout.value(pointer)
    entries = layout.entries(above)
    here = layout.entry(pointer)
    index = entries.index(here)
    if layout.is_flow(above):
        return _from_flow(layout, above, entries, index)
    if len(entries) == 1:
        return emptied(layout, above)
    tail = here.tail if here.tail != here.end else layout.next_line(here.end)
    if layout.begins_line(here.start):
        return (_cut(layout, layout.line_start(here.start), tail),)
    following = entries[index + 1].start
    blank = not layout.text[tail:following].strip(" ")
    return (_cut(layout, here.start, following if blank else tail),)


def _from_flow(
    layout: Layout, above: Pointer, entries: list[Entry], index: int
) -> tuple[Edit, ...]:
    here = entries[index]
    comma = layout.comma(here.end)
    over = comma + 1 if comma >= 0 else here.end
    alone = layout.begins_line(here.start) and layout.ends_line(over)
    if len(entries) == 1:
        return _only(layout, above, here, over, alone=alone)
    if index + 1 == len(entries) and comma < 0:
        return _last(layout, entries, alone=alone)
    if alone:
        return (_cut(layout, layout.line_start(here.start), layout.next_line(over)),)
    following = entries[index + 1].start if index + 1 < len(entries) else over
    if not layout.text[over:following].strip():
        over = following
    return (_cut(layout, here.start, over),)


def _only(
    layout: Layout, above: Pointer, here: Entry, over: int, *, alone: bool
) -> tuple[Edit, ...]:
    """Take the only entry; comments around it stay."""
    start, end = layout.document.extent(above)
    around = layout.text[start + 1 : here.start] + layout.text[over : end - 1]
    if "#" not in around or not layout.in_braces(above):
        return emptied(layout, above)
    if alone:
        return (_cut(layout, layout.line_start(here.start), layout.next_line(over)),)
    return (_cut(layout, here.start, over),)


def _last(layout: Layout, entries: list[Entry], *, alone: bool) -> tuple[Edit, ...]:
    """Take the last entry, which no comma follows, and the comma before it."""
    before, here = entries[-2:]
    comma = layout.comma(before.end)
    if not alone and not layout.text[comma + 1 : here.start].strip():
        return (_cut(layout, comma, here.end),)
    start, end = here.start, here.end
    if alone:
        start, end = layout.line_start(start), layout.next_line(end)
    return (_cut(layout, comma, comma + 1), _cut(layout, start, end))


def _cut(layout: Layout, start: int, end: int) -> Edit:
    return Edit(layout.document.file, start, end, "")
