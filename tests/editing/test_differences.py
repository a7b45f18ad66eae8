"""A shown difference turns the old text into the new one, and marks no more than it must."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from blastlint.editing.differences import unified

if TYPE_CHECKING:
    from pathlib import Path

HEAD = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n")
lines = st.sampled_from(["a\n", "b\n", "\n", "same: x\n", "row 1\n", "row 2\n", "row 3\n"])
texts = st.lists(lines, max_size=30).map("".join)


def turned(old: str, diff: str) -> str:
    """Return what a difference makes of a text; its numbers are held against the text."""
    left, made = old.splitlines(keepends=True), list[str]()
    at = 0
    for line in diff.splitlines(keepends=True)[2:]:
        head = HEAD.fullmatch(line)
        if head:
            first = int(head[1]) - (head[2] != "0")
            made += left[at:first]
            assert len(made) == int(head[3]) - (head[4] != "0")
            at = first
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert left[at] == line[1:]
            made += [line[1:]] * (line[0] == " ")
            at += 1
    return "".join([*made, *left[at:]])


@given(texts, texts)
def test_it_turns_the_one_into_the_other(old: str, new: str) -> None:
    """The old text and the difference give the new text; of equal texts there is none."""
    diff = unified("a.yaml", old, new)
    assert (diff == "") == (old == new)
    if diff:
        assert turned(old, diff) == new


def rows(count: int, **others: str) -> str:
    """Return rows with many equal lines and one name each."""
    return "".join(
        f"row{number}:\n  kind: x\n  system: y\n  effect: {others.get(f'row{number}', 'read')}\n\n"
        for number in range(count)
    )


def test_one_line_of_a_long_file_of_equal_lines() -> None:
    """Only the line that changed is marked, however often its neighbours stand elsewhere."""
    before, after = rows(5_000), rows(5_000, row2500="destroy")
    diff = unified("a.yaml", before, after)
    marked = [line for line in diff.splitlines()[2:] if line[0] in "+-"]
    assert marked == ["-  effect: read", "+  effect: destroy"]


def test_git_takes_it(tmp_path: Path) -> None:
    """The real program applies it, also where a file has no last line end or is new."""
    old, new = "a\nb\nc", "a\nB\nc\nd"
    (tmp_path / "x.yaml").write_text(old, encoding="utf-8")
    patch = unified("x.yaml", old, new)
    command = ["git", "apply", "--verbose", "-"]
    subprocess.run(command, cwd=tmp_path, input=patch.encode(), check=True, capture_output=True)
    assert (tmp_path / "x.yaml").read_text(encoding="utf-8") == new
