"""Laws of editing, for any value in any layout."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blastlint.editing import (
    Edit,
    add,
    applied,
    block,
    put,
    revised,
    take,
    value_with,
    value_with_entries,
    value_without,
    written,
)
from blastlint.editing.layout import Layout
from blastlint.source import Document, InputError, parse
from layouts import KEYS, MAPS, VALUES, files, pointers

if TYPE_CHECKING:
    from collections.abc import Sequence

    Pointer = tuple[str | int, ...]

MANY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
REMARK = re.compile(r"# remark \d+\.")


def read(file: tuple[dict[str, Any], bytes]) -> Document:
    """Return a drawn file as a document; where a remark became text, it is not looked at."""
    (document,) = parse(file[1], "f")
    assume(document.value == file[0])
    return document


def at(value: Any, pointer: Pointer) -> Any:  # noqa: ANN401 - any value
    """Return what stands at a pointer."""
    for step in pointer:
        value = value[step]
    return value


def remarks(text: str) -> list[str]:
    """Return the comments that a drawn text holds."""
    return REMARK.findall(text)


def assert_kept(document: Document, pointer: Pointer, text: str) -> None:
    """Nothing before an entry's line or behind its last one has changed, and no comment is lost."""
    layout = Layout(document)
    here = layout.entry(pointer)
    above = document.text[: layout.line_start(here.start)]
    behind = document.text[max(layout.line_end(here.end), here.tail) :]
    assert text.startswith(above.rstrip())
    assert text.endswith(behind)
    outside = document.text[: here.value], document.text[layout.line_end(here.end) :]
    assert set(remarks("".join(outside))) <= set(remarks(text))


@MANY
@given(value=VALUES, quoted=st.booleans())
def test_a_value_on_one_line_reads_back(value: object, quoted: bool) -> None:  # noqa: FBT001 - drawn
    """In a block, inside brackets, and as JSON would have it."""
    for text in (f"- {written(value, quoted=quoted)}", f"[{written(value, flow=True)}]"):
        (document,) = parse(text.encode(), "f")
        assert document.value == [value]


@MANY
@given(value=MAPS)
def test_a_value_on_lines_reads_back(value: dict[str, object]) -> None:
    """A block says what it was made of."""
    (document,) = parse("\n".join(block(value)).encode(), "f")
    assert document.value == value


@MANY
@given(file=files(), new=VALUES, comment=st.sampled_from(["", "new"]), data=st.data())
def test_a_value_is_replaced(
    file: tuple[dict[str, Any], bytes], new: object, comment: str, data: st.DataObject
) -> None:
    """The file says the new value, and everything else as it was."""
    document = read(file)
    pointer = data.draw(st.sampled_from(pointers(document.value)))
    edits = put(document, pointer, new, comment)
    result = revised(document, edits, value_with(document.value, pointer, new))
    if not comment:
        assert_kept(document, pointer, result.decode("utf-8-sig"))
    assert_edges(document, result)


@MANY
@given(file=files(), new=VALUES, key=KEYS, comment=st.sampled_from(["", "new"]), data=st.data())
def test_an_entry_is_added(
    file: tuple[dict[str, Any], bytes], new: object, key: str, comment: str, data: st.DataObject
) -> None:
    """It stands in the map or list, and nothing that was there is gone."""
    document = read(file)
    above = data.draw(st.sampled_from([(), *pointers(document.value)]))
    container = at(document.value, above)
    assume(isinstance(container, (dict, list)) and key not in container)
    step = key if isinstance(container, dict) else len(container)
    edits = put(document, (*above, step), new, comment)
    result = revised(document, edits, value_with(document.value, (*above, step), new))
    if container or not above:
        assert all(edit.start == edit.end for edit in edits)
    assert remarks(document.text) == remarks(result.decode())
    assert_edges(document, result)


@MANY
@given(file=files(), data=st.data())
def test_an_entry_is_taken(file: tuple[dict[str, Any], bytes], data: st.DataObject) -> None:
    """It is gone with its line, and nothing else is."""
    document = read(file)
    pointer = data.draw(st.sampled_from(pointers(document.value)))
    try:
        result = revised(document, take(document, pointer), value_without(document.value, pointer))
    except InputError:  # what follows would become part of a text of lines: nothing is changed
        assert re.search(r"[|>][-+]", document.text)
        return
    layout = Layout(document)
    here = layout.entry(pointer)
    over = layout.line_end(max(here.end, layout.comma(here.end)))
    outside = document.text[: here.start], document.text[over:]
    assert set(remarks("".join(outside))) <= set(remarks(result.decode()))
    assert_edges(document, result)


@MANY
@given(file=files(), new=VALUES, key=KEYS, data=st.data())
def test_what_is_added_and_taken_again_leaves_what_was(
    file: tuple[dict[str, Any], bytes], new: object, key: str, data: st.DataObject
) -> None:
    """The value is the one before, and so is every comment."""
    document = read(file)
    above = data.draw(st.sampled_from([(), *pointers(document.value)]))
    container = at(document.value, above)
    assume(isinstance(container, dict) and key not in container)
    meant = value_with(document.value, (*above, key), new)
    (more,) = parse(revised(document, put(document, (*above, key), new), meant), "f")
    result = revised(more, take(more, (*above, key)), document.value)
    assert remarks(result.decode()) == remarks(document.text)


@MANY
@given(file=files(), new=MAPS, data=st.data())
def test_lines_are_added(
    file: tuple[dict[str, Any], bytes], new: dict[str, object], data: st.DataObject
) -> None:
    """A block takes them; braces refuse them and say so."""
    document = read(file)
    above = data.draw(st.sampled_from([(), *pointers(document.value)]))
    container = at(document.value, above)
    assume(isinstance(container, dict) and not container.keys() & new.keys())
    lines = [f"# remark {10**6}.", *block(new)]
    try:
        edits = add(document, above, lines)
    except InputError as error:
        assert "braces" in str(error)  # noqa: PT017 - either outcome is right
        assert Layout(document).is_flow(above)
        return
    meant = value_with_entries(document.value, above, lines)
    result = revised(document, edits, meant)
    assert set(remarks(document.text)) | {lines[0]} == set(remarks(result.decode()))
    assert_edges(document, result)


def assert_edges(document: Document, result: bytes) -> None:
    """The byte order mark stays, and lines end as they did."""
    mark = b"\xef\xbb\xbf"
    assert result.startswith(mark) == document.data.startswith(mark)
    if b"\r\n" in document.data:
        assert b"\n" not in result.replace(b"\r\n", b"")
    elif b"\n" in document.data:
        assert b"\r" not in result


@given(
    text=st.text(max_size=30),
    cuts=st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=3)), max_size=5
    ),
)
def test_edits_are_applied_at_once_or_refused(
    text: str, cuts: Sequence[tuple[int, int, str]]
) -> None:
    """What stands outside of every edit is there in its order, or the edits overlap."""
    edits = [Edit("f", min(a, b), max(a, b), new) for a, b, new in cuts]
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    apart = all(one.end <= two.start for one, two in pairwise(ordered))
    if not apart or any(edit.end > len(text) for edit in edits):
        with pytest.raises(ValueError, match="overlaps"):
            applied(text, edits)
        return
    expected = text
    for edit in reversed(ordered):
        expected = expected[: edit.start] + edit.text + expected[edit.end :]
    assert applied(text, edits) == expected
