"""Where a cursor stands is told from the text alone, and agrees with what the text says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.lsp.cursor import spot
from blastlint.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.source import Document

    Pointer = tuple[str | int, ...]

REPO = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for file in (REPO / "inventories").rglob("*.yaml")
    if "evidence" not in file.relative_to(REPO).parts
)


def steps(value: Any) -> Iterable[tuple[str | int, Any]]:  # noqa: ANN401 -- any YAML
    """Return what a map or a list holds, each with its key or position."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def scalars(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:  # noqa: ANN401 -- any YAML
    """Yield every word of a file, with the way to it."""
    for step, below in steps(value):
        yield from scalars(below, (*pointer, step))
    if isinstance(value, str) and value.isidentifier():
        yield pointer, value


def offset(text: str, line: int, column: int) -> int:
    """Return the offset of a place, both from 1."""
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) + column - 1


def keys(value: Any, pointer: Pointer = ()) -> Iterator[Pointer]:  # noqa: ANN401 -- any YAML
    """Yield the way to every key of a file."""
    for step, below in steps(value):
        if isinstance(step, str):
            yield (*pointer, step)
        yield from keys(below, (*pointer, step))


def read(file: Path) -> tuple[Document, str]:
    """Return a file as a document and as a text."""
    (document,) = parse(file.read_bytes(), file.name)
    return document, file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_words_of_whole_files_are_told_as_they_are_read(file: Path) -> None:
    """Every word that stands alone, in block style and between brackets, is found by its way."""
    document, text = read(file)
    words = list(scalars(document.value))
    assert words
    for pointer, word in words:
        span = document.at(pointer).span
        found = spot(text, offset(text, span.line, span.column) + 1)
        dashed = found.on == "key" and isinstance(pointer[-1], int)
        assert (found.pointer, found.word) == (pointer, word)
        assert found.on == "value" or dashed


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_keys_of_whole_files_are_told_as_they_are_read(file: Path) -> None:
    """Every key is found by the way to its map, and knows the keys before it."""
    document, text = read(file)
    for pointer in keys(document.value):
        span = document.at(pointer, key=True).span
        found = spot(text, offset(text, span.line, span.column) + 1)
        assert (found.on, found.pointer, found.word) == ("key", pointer[:-1], pointer[-1])
        assert found.followed


@pytest.mark.parametrize("file", FILES[:3], ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_file_that_ends_at_the_cursor_is_told_alike(file: Path) -> None:
    """What stands behind the cursor may be missing altogether."""
    document, text = read(file)
    for pointer, word in list(scalars(document.value))[::7]:
        span = document.at(pointer).span
        end = offset(text, span.line, span.column) + len(word)
        quoted = text[offset(text, span.line, span.column)] in "\"'"
        found = spot(text[: end + quoted], end + quoted)
        assert (found.pointer, found.word) == (pointer, word)


@settings(max_examples=400, deadline=None)
@given(st.text("ab:-, \n\r\t[]{}\"'#|>&*!%é🦊", max_size=60), st.integers(0, 60))
def test_no_text_is_too_odd(text: str, at: int) -> None:
    """Whatever is typed, there is an answer, and it lies in the text."""
    found = spot(text, min(at, len(text)))
    assert 0 <= found.start <= min(at, len(text)) <= max(found.end, at) <= max(len(text), at)
    assert found.word in text
