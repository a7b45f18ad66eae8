"""What other programs write as JSON is read as they meant it."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.source import EVIDENCE, Document, Span, parse

Pointer = tuple[str | int, ...]
Json = dict[str, object] | list[object] | str | int | float | bool | None


def one(text: str) -> Document:
    """Return the one document of a text."""
    (found,) = parse(text.encode(), "f.json", EVIDENCE)
    return found


def pointers(value: object, so_far: Pointer = ()) -> list[Pointer]:
    """Return the pointer of everything in a value."""
    found = [so_far]
    if isinstance(value, dict):
        children: list[tuple[str | int, object]] = list(value.items())
    else:
        children = list(enumerate(value)) if isinstance(value, list) else []
    for key, child in children:
        found += pointers(child, (*so_far, key))
    return found


JSON_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
JSON_KEY = st.text(st.characters(categories=("L", "Nd", "Pd", "So")), max_size=8)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JSON_KEY, inner, max_size=4),
    max_leaves=12,
)


@given(value=JSON_VALUES, indent=st.sampled_from([None, 2, "\t"]), ascii_only=st.booleans())
def test_json_means_what_json_says(
    value: Json, indent: int | str | None, *, ascii_only: bool
) -> None:
    """Whatever JSON a program writes is read as the same value, each at its place."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if not isinstance(value, (dict, list)):
        text, value = f"[{text}]", [value]
    if any(odd in text for odd in "\ufeff\ufffe\uffff"):
        return  # refused wherever they stand unescaped
    document = one(text)
    assert document.value == value
    for pointer in pointers(value):
        start, end = offsets(text, document.at(pointer).span)
        assert json.loads(text[start:end]) == at(value, pointer)


def offsets(text: str, span: Span) -> tuple[int, int]:
    """Return a span as offsets in a text whose lines end in line feeds only."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts[span.line - 1] + span.column - 1, starts[span.end_line - 1] + span.end_column - 1


def at(value: Json, pointer: Pointer) -> Json:
    """Return what a pointer leads to."""
    inner: Any = value
    for step in pointer:
        inner = inner[step]
    return cast("Json", inner)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud83d\ude00", "b": 1}', {"a": "😀", "b": 1}),
        (r'{"\uD83D\uDE00": "\\ud83d\\ude00"}', {"😀": r"\ud83d\ude00"}),
        ('{\n\t"a":\t"x\\/y",\n\t"b":[\n\t\t1\n\t]\n}', {"a": "x/y", "b": [1]}),
        ('{"a":"b:c","d":{"e":"f, g"}}', {"a": "b:c", "d": {"e": "f, g"}}),
        ('["a \u2028 b\u0085", "\u2029"]', ["a \u2028 b\u0085", "\u2029"]),
        (r'["\ud83d\ude00\ud83d\ude00", "x"]', ["😀😀", "x"]),
        ("[1E2, -1.5e-3, 0]", [100.0, -0.0015, 0]),
        ("[12345678901234567890, 1e999, NaN]", ["12345678901234567890", "1e999", "NaN"]),
    ],
)
def test_json_of_other_programs(text: str, value: object) -> None:
    """Escapes, tabs and line separators that YAML writes in another way come out right."""
    assert one(text).value == value


def test_places_after_a_translated_escape() -> None:
    """An escape that is handed on in another length moves nothing behind it."""
    text = (
        r'{"a": "\ud83d\ude00", "b": ["\ud83d\ude00\ud83d\ude00", 7],' + '\n "c": "\u2028", "d": 8}'
    )
    document = one(text)
    assert document.at(("a",)).span == Span(1, 7, 1, 21)
    assert document.at(("b", 1)).span == Span(1, 57, 1, 58)
    assert document.at(("d",)).span == Span(2, 17, 2, 18)
