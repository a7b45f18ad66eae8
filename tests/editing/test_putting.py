"""What a value looks like where it is put: the style of what stands around it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from blastlint.editing import Revision, add, applied, put, revised, take, value_with
from blastlint.editing.differences import unified
from blastlint.source import InputError, parse

REPO = Path(__file__).resolve().parents[2]
LONG = ["a-name-that-fills-a-quarter-of-it"] * 4
INVENTORIES = sorted(
    file for file in REPO.glob("inventories/**/*.yaml") if "evidence" not in file.parts
)


def put_in(text: str, *pointer: str | int, value: object, comment: str = "") -> str:
    """Return a text after a value has been put into it; it says so when it is read again."""
    (document,) = parse(text.encode(), "f")
    edits = put(document, pointer, value, comment)
    return revised(document, edits, value_with(document.value, pointer, value)).decode()


@pytest.mark.parametrize(
    ("before", "pointer", "value", "after"),
    [
        ("a: 1  # one\nb: 2\n", ["a"], 3, "a: 3  # one\nb: 2\n"),
        ("a:\nb: 2\n", ["a"], 3, "a: 3\nb: 2\n"),
        ("a:   # none yet\n", ["a"], "x", "a: x   # none yet\n"),
        ("a: 'x'\n", ["a"], "it's", "a: it's\n"),
        ("a: |  # text\n  x\n\nb: 2\n", ["a"], 3, "a: 3  # text\n\nb: 2\n"),
        ("a: >-\n  x\n  y\n\n\n# b\nb: 2\n", ["a"], "z", "a: z\n\n\n# b\nb: 2\n"),
        ("a: [1, 2]  # two\n", ["a"], [1], "a: [1]  # two\n"),
        ("a: [1, 2]\n", ["a", 1], 3, "a: [1, 3]\n"),
        ("a: [1, 2]\n", ["a", 2], 3, "a: [1, 2, 3]\n"),
        ("a: []\n", ["a", 0], 3, "a: [3]\n"),
        ("a:\n  - 1\n  - 2  # two\n", ["a", 1], 3, "a:\n  - 1\n  - 3  # two\n"),
        (
            "-\n   x\n",
            [0],
            {"a": LONG, "b": 1},
            "- a:\n    - " + "\n    - ".join(LONG) + "\n  b: 1\n",
        ),
        ("a:\n- 1\nb: 2\n", ["a", 1], "x", "a:\n- 1\n- x\nb: 2\n"),
        ("a:  # list\n  - 1\n  - 2\nb: 2\n", ["a"], [3], "a:  # list\n  - 3\nb: 2\n"),
        ("a:\n  # why\n  b: 1\nc: 2\n", ["a"], "x", "a:\n  # why\n  x\nc: 2\n"),
        (
            "a:\n  b: 1\n\n# about c\nc: 2\n",
            ["a", "d"],
            2,
            "a:\n  b: 1\n  d: 2\n\n# about c\nc: 2\n",
        ),
        ("a:\n    b: 1  # one", ["a", "d"], 2, "a:\n    b: 1  # one\n    d: 2"),
        ("- b: 1\n- c: 2\n", [0, "d"], 2, "- b: 1\n  d: 2\n- c: 2\n"),
        ("a: |\n  x\n\n\nb: 1\n", ["c"], 2, "a: |\n  x\n\n\nb: 1\nc: 2\n"),
        ("b: 1\na: |+\n  x\n\n\n", ["c"], 2, "b: 1\na: |+\n  x\n\n\nc: 2\n"),
        ("a: {b: 1}  # c\n", ["a", "d"], [2], "a: {b: 1, d: [2]}  # c\n"),
        ("a: {b: 1,}\n", ["a", "d"], 2, "a: {b: 1, d: 2,}\n"),
        ("a: {b}\n", ["a", "b"], 2, "a: {b: 2}\n"),
        ("a: {b: , c: 1}\n", ["a", "b"], 2, "a: {b: 2, c: 1}\n"),
        ("a: {}\n", ["a", "d"], 2, "a: {d: 2}\n"),
        ("a:\nb: 1\n", ["a", "d"], 2, "a:\n  d: 2\nb: 1\n"),
        (
            "a: {\n  b: 1,\n  c: 2  # c\n}\n",
            ["a", "d"],
            3,
            "a: {\n  b: 1,\n  c: 2,  # c\n  d: 3\n}\n",
        ),
        ("a: {\n  b: 1,  # b\n}\n", ["a", "d"], 3, "a: {\n  b: 1,  # b\n  d: 3,\n}\n"),
        ("a: 1\r\nb:\r\n  c: 1\r\n", ["b", "d"], 2, "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\n"),
        ("\ufeffa: é\n", ["b"], 2, "\ufeffa: é\nb: 2\n"),
        ('{\n  "a": 1\n}\n', ["b"], "x", '{\n  "a": 1,\n  "b": "x"\n}\n'),
        ("a: x\n", ["a"], date(2026, 6, 2), "a: 2026-06-02\n"),
    ],
)
def test_a_value_takes_the_style_around_it(
    before: str, pointer: list[str | int], value: object, after: str
) -> None:
    """Comments, indentation, commas and line ends are those of the file."""
    assert put_in(before, *pointer, value=value) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\n", "a: 2  # new\n"),
        ("a: 1   # old\n", "a: 2  # new\n"),
        ("a:\n  b: 1  # b\nc: 1\n", "a: 2  # new\nc: 1\n"),
        ("a: |  # old\n  x\n", "a: 2  # new\n"),
        ("b: 1\n", "b: 1\na: 2  # new\n"),
        ("{b: 1}\n", "{b: 1, a: 2}\n"),
    ],
)
def test_a_comment_stands_behind_its_value(before: str, after: str) -> None:
    """It takes the place of an older one; inside braces none is written."""
    assert put_in(before, "a", value=2, comment="new") == after


def test_what_does_not_fit_on_a_line_is_spread() -> None:
    """A long value becomes a block, below its key and its comment."""
    spread = "".join(f"    - {name}\n" for name in LONG)
    assert put_in("x:\n  a: 1  # one\n", "x", "a", value=LONG) == f"x:\n  a:  # one\n{spread}"
    assert put_in("x:\n  b: 1\n", "x", "a", value=LONG) == f"x:\n  b: 1\n  a:\n{spread}"
    lines = put_in("x: {b: 1}\n", "x", "a", value=LONG).splitlines()
    assert lines[0] == "x: {b: 1,"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("no", '"no"'),
        ("Y", '"Y"'),
        ("1.10", '"1.10"'),
        ("0x1F", '"0x1F"'),
        ("12:30:45", '"12:30:45"'),
        ("2026-06-02", '"2026-06-02"'),
        ("null", '"null"'),
        ("~", '"~"'),
        ("", '""'),
        ("*all", '"*all"'),
        ("@team", '"@team"'),
        ("- x", '"- x"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("a\nb\t", '"a\\nb\\t"'),
        ("\u202ex", '"\\u202Ex"'),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*"),
        ("because a, b", "because a, b"),
        ("refund:{id}", '"refund:{id}"'),
        ("größer als 1", "größer als 1"),
    ],
)
def test_text_that_reads_as_something_else_is_quoted(text: str, written: str) -> None:
    """Here and in programs that read YAML 1.1; what needs no quotes has none."""
    if text == "refund:{id}":
        assert put_in("a: {b: 1}\n", "a", "b", value=text) == f"a: {{b: {written}}}\n"
    else:
        assert put_in("a: 1\n", "a", value=text) == f"a: {written}\n"


@pytest.mark.parametrize(
    "value", ["\x1b[1m", float("nan"), 10**15, object(), {"": 1}, {1: 2}, {"k" * 1001: 1}]
)
def test_what_nobody_could_read_is_not_written(value: object) -> None:
    """The reader would refuse it, or other programs would read something else."""
    with pytest.raises(ValueError, match=r"written|key"):
        put_in("a: 1\n", "a", value=value)


@pytest.mark.parametrize("comment", ["a\nb: 1", "\x1b"])
def test_a_comment_is_one_line_that_can_be_seen(comment: str) -> None:
    """Nothing can hide behind it."""
    with pytest.raises(ValueError, match="comment"):
        put_in("a: 1\n", "a", value=2, comment=comment)


@pytest.mark.parametrize(
    ("before", "pointer", "after"),
    [
        ("a: 1\nb: 2  # two\nc: 3\n", ["b"], "a: 1\nc: 3\n"),
        ("a: 1\nb:\n  c: 1\n\n# d\nd: 2\n", ["b"], "a: 1\n\n# d\nd: 2\n"),
        ("a:\n  b: 1\nc: 2\n", ["a", "b"], "a: {}\nc: 2\n"),
        ("a:\n  # why\n  - 1  # one\nc: 2\n", ["a", 0], "a:\n  # why\n  []\nc: 2\n"),
        ("- a: 1\n  b: 2\n", [0, "a"], "- b: 2\n"),
        ("- a: 1\n  # about b\n  b: 2\n", [0, "a"], "-   # about b\n  b: 2\n"),
        ("- - 1\n  - 2\n-\n  - 3\n", [0, 0], "- - 2\n-\n  - 3\n"),
        ("- 1\n-\n  # c\n  - 3\n", [1], "- 1\n"),
        ("a: [1, 2, 3]\n", ["a", 0], "a: [2, 3]\n"),
        ("a: [1, 2, 3]\n", ["a", 2], "a: [1, 2]\n"),
        ("a: [1, 2,]\n", ["a", 1], "a: [1, ]\n"),
        ("a: [1]  # one\n", ["a", 0], "a: []  # one\n"),
        ("a: {b: 1, c: 2}\n", ["a", "b"], "a: {c: 2}\n"),
        ("[\n  1,  # one\n  2  # two\n]\n", [1], "[\n  1  # one\n]\n"),
        ("[\n  1,  # one\n  2,  # two\n]\n", [0], "[\n  2,  # two\n]\n"),
        ("[\n  # first\n  1\n]\n", [0], "[\n  # first\n]\n"),
        ("[1, # one\n 2]\n", [1], "[1 # one\n ]\n"),
        ("a: 1\nb: |+\n  x\n\nc: 1\n", ["b"], "a: 1\nc: 1\n"),
        ("a: 1\n", ["a"], "{}\n"),
    ],
)
def test_an_entry_goes_with_its_line(before: str, pointer: list[str | int], after: str) -> None:
    """What is left is laid out as it was; the last entry leaves an empty container."""
    revision = Revision(parse(before.encode(), "f")[0])
    revision.take(pointer)
    assert revision.data.decode() == after


@pytest.mark.parametrize(
    ("before", "pointer", "after"),
    [
        (
            "a:\n  b: 1\n\n# c\nc: 1\n",
            ["a"],
            "a:\n  b: 1\n  # from x\n  new:\n    d: 1\n\n# c\nc: 1\n",
        ),
        ("a: {}  # none\n", ["a"], "a:  # none\n  # from x\n  new:\n    d: 1\n"),
        ("a:\nc: 1\n", ["a"], "a:\n  # from x\n  new:\n    d: 1\nc: 1\n"),
        ("a: 1\n# end\n", [], "a: 1\n# from x\nnew:\n  d: 1\n# end\n"),
        ("{}\n", [], "# from x\nnew:\n  d: 1\n"),
    ],
)
def test_lines_are_added_behind_the_last_entry(before: str, pointer: list[str], after: str) -> None:
    """With the indentation of the map; what is about the next thing stays with it."""
    revision = Revision(parse(before.encode(), "f")[0])
    revision.add(pointer, ["# from x", "new:", "  d: 1"])
    assert revision.data.decode() == after


@pytest.mark.parametrize("text", ["a: {b: 1}\n", "{a: {}}\n"])
def test_lines_are_not_added_inside_braces(text: str) -> None:
    """People are told what to write instead."""
    (document,) = parse(text.encode(), "f")
    with pytest.raises(InputError, match=r"f:1:\d: .*write it in block style"):
        add(document, ["a"], ["c: 1  # why"])


@pytest.mark.parametrize("text", ["? a\n: 1\n? b\n: 2\n", "[a: 1]\n"])
def test_what_is_laid_out_unusually_is_refused(text: str) -> None:
    """Nothing is damaged; the place is named."""
    (document,) = parse(text.encode(), "f")
    pointer: list[str | int] = ["a"] if isinstance(document.value, dict) else [0, "b"]
    with pytest.raises(InputError, match=r"f:1:\d+: "):
        put(document, pointer, 2)


def test_a_result_that_says_something_else_is_refused() -> None:
    """Whatever the reason, no damaged file leaves here."""
    (document,) = parse(b"a: |\n  x", "f")
    with pytest.raises(InputError, match="by hand"):
        revised(document, put(document, ["b"], 1), {"a": "x", "b": 1})
    with pytest.raises(InputError, match="by hand"):
        revised(document, put(document, ["a"], "1"), {"a": 1})
    (number,) = parse(b"a: 1", "f")
    with pytest.raises(InputError, match="by hand"):
        revised(number, put(number, ["a"], True), {"a": 1})  # noqa: FBT003 - a value


@pytest.mark.parametrize("pointer", [["a", "b"], ["c", "b"]])
def test_a_value_needs_something_to_stand_in(pointer: list[str]) -> None:
    """A map that is not there is not made up."""
    (document,) = parse(b"a: 1\n", "f")
    with pytest.raises(InputError, match="no map here"):
        put(document, pointer, 1)


def test_a_root_is_not_replaced() -> None:
    """A pointer names something in a file."""
    (document,) = parse(b"a: 1\n", "f")
    with pytest.raises(ValueError, match="pointer"):
        put(document, [], 1)
    with pytest.raises(ValueError, match="pointer"):
        take(document, [])


def test_a_difference_is_one_that_programs_read() -> None:
    """The names, the lines around, and whether the last line ends."""
    revision = Revision(parse(b"a: 1\nb: 2", "folder/f.yaml")[0])
    revision.put(["b"], 3, "why")
    assert unified("folder/f.yaml", revision.before.text, revision.document.text) == (
        "--- a/folder/f.yaml\n+++ b/folder/f.yaml\n@@ -1,2 +1,2 @@\n a: 1\n"
        "-b: 2\n\\ No newline at end of file\n+b: 3  # why\n\\ No newline at end of file\n"
    )
    assert revision.is_changed


@pytest.mark.parametrize("file", INVENTORIES, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_every_entry_of_the_worked_inventories_can_be_edited(file: Path) -> None:
    """A field more in every row, and out again: the bytes are those of before."""
    data = file.read_bytes()
    (document,) = parse(data, file.name)
    for section, rows in document.value.items():
        for row in rows if isinstance(rows, dict) else ():
            if isinstance(rows[row], dict):
                revision = Revision(document)
                revision.put([section, row, "added"], {"unknown": True, "owner": "somebody"})
                assert revision.is_changed
                revision.take([section, row, "added"])
                assert applied(revision.document.text, []).encode() == data
