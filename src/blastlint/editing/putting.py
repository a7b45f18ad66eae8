"""Sets a value, or adds entries, in the style of what stands there."""

from __future__ import annotations

from blastlint.editing.edit import Edit
from blastlint.editing.layout import Layout
from blastlint.editing.writing import WIDTH, block, entry, indented, name_of, remark, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.editing.layout import Entry, Pointer
    from blastlint.source import Document

_STEP = 2
"""Columns by which a block stands to the right of what it belongs to."""
_NO_MAP = "there is no map here to add to"


def put(document: Document, pointer: Pointer, value: object, comment: str = "") -> tuple[Edit, ...]:
    """Set the value at a pointer, or add its last step to the map or list that is there.

    Args:
        document: a file that people write.
        pointer: keys and indexes; the index after a list's last item adds one.
        value: maps, lists, text, numbers, truth values, days, none.
        comment: stands behind the value, instead of an older one; inside braces none is written.

    Raises:
        InputError: the place is laid out in a way that is not edited, or there is no map.
        ValueError: the value cannot be written, or the pointer is empty.
    """
    if not pointer:
        raise ValueError("a pointer names a key or an item")
    layout, above, last = Layout(document), tuple(pointer[:-1]), pointer[-1]
    container = _container(layout, above)
    steps = container if isinstance(container, dict) else range(len(container))
    if last in steps:
        return _replaced(layout, pointer, value, comment)
    if isinstance(container, list) and last != len(container):
        raise layout.refuse(above, f"this list has no item {last}", "name one of its items")
    return _inserted(layout, above, last, value, comment)


def add(document: Document, pointer: Pointer, lines: list[str]) -> tuple[Edit, ...]:
    """Append lines of YAML to a block, at its indentation and behind its last entry.

    Args:
        document: a file that people write.
        pointer: the map or list; empty: the whole file.
        lines: entries in block style, not indented, with their comments.

    Raises:
        InputError: what is there stands inside braces or brackets, or is no map.
    """
    layout = Layout(document)
    container = _container(layout, pointer)
    if container and not layout.is_flow(pointer):
        return (_appended(layout, pointer, lines),)
    if container or (pointer and layout.is_flow(pointer[:-1])):
        why = "entries with comments cannot be added inside braces or brackets"
        raise layout.refuse(pointer, why, "write it in block style, one entry a line")
    return _spread(layout, pointer, lines)


def rename(document: Document, pointer: Pointer, key: str) -> tuple[Edit, ...]:
    """Give the key at a pointer another name; its value stays.

    Raises:
        KeyError: there is no such key.
        ValueError: the name cannot be written.
    """
    layout = Layout(document)
    start, end = document.extent(pointer, key=True)
    return (_edit(layout, start, end, name_of(key, quoted=layout.text[start] == '"')),)


def emptied(layout: Layout, pointer: Pointer) -> tuple[Edit, ...]:
    """Return the edits that leave `{}` or `[]` of a container."""
    empty: object = type(layout.value(pointer))()
    if pointer:
        return _replaced(layout, pointer, empty, "")
    start, end = layout.document.extent()
    return (_edit(layout, start, start + len(layout.text[start:end].rstrip()), written(empty)),)


def _container(layout: Layout, pointer: Pointer) -> dict[str, object] | list[object]:
    """Return the map or list at a pointer; what is left empty is an empty map."""
    try:
        found = layout.value(pointer)
    except KeyError:
        found = ""
    if found is None:
        return {}
    if not isinstance(found, (dict, list)):
        raise layout.refuse(pointer, _NO_MAP, "write it first")
    return found


def _edit(layout: Layout, start: int, end: int, text: str) -> Edit:
    """Return a replacement without what it has in common with what stands there."""
    old = layout.text[start:end]
    while old and text and old[0] == text[0]:
        start, old, text = start + 1, old[1:], text[1:]
    while old and text and old[-1] == text[-1]:
        end, old, text = end - 1, old[:-1], text[:-1]
    return Edit(layout.document.file, start, end, text)


def _replaced(layout: Layout, pointer: Pointer, value: object, comment: str) -> tuple[Edit, ...]:
    here = layout.entry(pointer)
    above = tuple(pointer[:-1])
    if layout.is_flow(above):
        return (_in_flow(layout, here, value),)
    is_block = isinstance(layout.value(pointer), (dict, list)) and not layout.in_braces(pointer)
    one = written(value)
    nested = isinstance(value, (dict, list, tuple)) and bool(value)
    if nested and (is_block or layout.column(here.mark) + 1 + len(one) > WIDTH):
        return _spread(layout, pointer, block(value), comment)
    return (_set(layout, pointer, [one], comment, spread=False),)


def _spread(
    layout: Layout, pointer: Pointer, lines: list[str], comment: str = ""
) -> tuple[Edit, ...]:
    """Replace a value by a block."""
    if not pointer:
        start, end = layout.document.extent()
        return (_edit(layout, start, end, layout.newline.join(lines)),)
    return (_set(layout, pointer, lines, comment, spread=True),)


def _set(layout: Layout, pointer: Pointer, lines: list[str], comment: str, *, spread: bool) -> Edit:
    """Replace the value of an entry in a block, and keep the comments around it."""
    here, text = layout.entry(pointer), layout.text
    is_block = isinstance(layout.value(pointer), (dict, list)) and not layout.in_braces(pointer)
    header = layout.header(pointer)
    behind, over = layout.comment(here.end)
    if header:
        behind, over = layout.comment(here.value + header)[0], here.end
    elif is_block:
        behind = ""
    first, after_mark = "", here.mark
    if layout.line_start(here.value) != layout.line_start(here.mark):
        first, after_mark = layout.comment(here.mark)
    between = text[after_mark : here.value]
    note = remark(comment)
    column = _column(layout, pointer)
    if "#" in between:  # comments on lines of their own stay where they are
        lead = text[here.mark : here.value].rstrip(" ") + " " * column
        body = layout.newline.join([lines[0], *indented(lines[1:], column)])
        return _edit(layout, here.mark, over, lead + body + (note or behind))
    note = note or first + behind
    if not spread:
        return _edit(layout, here.mark, over, f" {lines[0]}{note}")
    if isinstance(pointer[-1], int) and not note:
        behind_dash = layout.column(here.mark) + 1
        body = layout.newline.join([f" {lines[0]}", *indented(lines[1:], behind_dash)])
    else:
        body = layout.newline.join(["", *indented(lines, column)])
    return _edit(layout, here.mark, over, note + body)


def _column(layout: Layout, pointer: Pointer) -> int:
    """Return the column of a block that is to be the value at a pointer."""
    above = layout.indentation(pointer[:-1])
    here = layout.entry(pointer)
    own = layout.column(here.value)
    return own if layout.begins_line(here.value) and own > above else above + _STEP


def _in_flow(layout: Layout, here: Entry, value: object) -> Edit:
    """Replace a value inside braces or brackets."""
    one = written(value, flow=True, quoted=layout.is_quoted())
    if here.value != here.end:
        return _edit(layout, here.value, here.end, one)
    if layout.text[here.mark - 1] != ":":
        return _edit(layout, here.mark, here.mark, f": {one}")
    space = " " if layout.text[here.value - 1] == ":" else ""
    return _edit(layout, here.value, here.value, space + one)


def _inserted(
    layout: Layout, above: Pointer, last: str | int, value: object, comment: str
) -> tuple[Edit, ...]:
    """Add an entry to a container."""
    container = layout.value(above)
    if container is None:
        if layout.is_flow(above[:-1]):
            return _replaced(layout, above, {last: value}, "")
        return _spread(layout, above, _lines(last, value, comment))
    if container and not layout.is_flow(above):
        room = WIDTH - layout.indentation(above)
        return (_appended(layout, above, _lines(last, value, comment, room)),)
    quoted = layout.is_quoted()
    one = written({last: value} if isinstance(last, str) else [value], quoted=quoted)[1:-1]
    if container:
        return _into_flow(layout, above, one)
    start = layout.document.extent(above)[0] + 1
    fits = layout.column(start) + len(one) < WIDTH and not comment
    if fits or (above and layout.is_flow(above[:-1])) or layout.text[start] not in "}]":
        return (_edit(layout, start, start, one),)
    return _spread(layout, above, _lines(last, value, comment))


def _lines(last: str | int, value: object, comment: str, room: int = WIDTH) -> list[str]:
    """Return the lines of a new entry."""
    if isinstance(last, str):
        return entry(last, value, comment, room)
    first, *others = block([value])
    return [first + remark(comment), *others]


def _appended(layout: Layout, pointer: Pointer, lines: list[str]) -> Edit:
    """Write lines behind the last entry of a block."""
    last = layout.entries(pointer)[-1]
    moved = indented(lines, layout.indentation(pointer))
    if last.tail != last.end:  # a text of lines ends where the next line begins
        moved = [*moved, ""] if layout.column(last.tail) == 0 else ["", *moved]
        return _edit(layout, last.tail, last.tail, layout.newline.join(moved))
    end = layout.comment(last.end)[1]
    return Edit(layout.document.file, end, end, layout.newline.join(["", *moved]))


def _into_flow(layout: Layout, pointer: Pointer, one: str) -> tuple[Edit, ...]:
    """Add an entry behind the last one inside braces or brackets."""
    if not layout.in_braces(pointer):
        why = "a key cannot be added to a pair without braces"
        raise layout.refuse(pointer, why, "put braces around it")
    last = layout.entries(pointer)[-1]
    comma = layout.comma(last.end)
    behind = comma + 1 if comma >= 0 else last.end
    add_comma = Edit(layout.document.file, last.end, last.end, ",")
    further = "," if comma >= 0 else ""
    begins = layout.begins_line(last.start)
    room = layout.line_end(behind) - layout.line_start(behind) + len(one) + _STEP <= WIDTH
    column = layout.column(last.start) if begins else _continued(layout, pointer)
    broken = layout.newline + " " * column
    if (begins or not room) and layout.ends_line(behind):
        end = layout.comment(behind)[1]
        new = Edit(layout.document.file, end, end, f"{broken}{one}{further}")
        return (new,) if comma >= 0 else (add_comma, new)
    text = f"{' ' if room else broken}{one}{further}"
    if comma < 0:
        text = f",{text}"
    if layout.text[behind - 1] == ":":  # an empty value
        text = f" {text}"
    return (Edit(layout.document.file, behind, behind, text),)


def _continued(layout: Layout, pointer: Pointer) -> int:
    """Return the column at which a line inside braces or brackets goes on."""
    start = layout.line_start(layout.document.extent(pointer)[0])
    line = layout.text[start : layout.line_end(start)]
    return len(line) - len(line.lstrip(" -")) + _STEP
