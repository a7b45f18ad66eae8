"""What is read from YAML and JSON text, and where it stands."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from yaml._yaml import CParser

from blastlint.source import (
    EVIDENCE,
    OWN,
    Document,
    InputError,
    Limits,
    Location,
    Problem,
    Root,
    Span,
    did_you_mean,
    parse,
    read,
    read_all,
)
from blastlint.source.encoding import prepare
from blastlint.source.reader import grow

if TYPE_CHECKING:
    from collections.abc import Callable

REPO = Path(__file__).resolve().parents[1]
CORPORA = REPO.parent / "shared" / "corpora"

SAMPLE = """\
# an inventory
name: refund-agent
version: 1.10
tools:
  stripe.refund.create:   # the one
    agents: [refund-agent, "other"]
    window: 'until
      noon'
    text: |
      two
      lines

    folded: >-
      one
      line
    empty:
    nothing: ~

    deep: {a: {b: [1, [2, 0x1F]]}}
  "quoted \\u00e9 key": no
rows:
- one: 1
  two: 2
-
  - x
- {}
- []
last: é€😀 end
"""

Pointer = tuple[str | int, ...]
Parser = type[CParser | yaml.SafeLoader]


def one(text: str | bytes, limits: Limits = OWN) -> Document:
    """Return the one document of a text."""
    data = text.encode() if isinstance(text, str) else text
    (found,) = parse(data, "f.yaml", limits)
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


def cut(text: str, span: Span) -> str:
    """Return the text of a span that lies on one line."""
    assert span.line == span.end_line
    return text.splitlines()[span.line - 1][span.column - 1 : span.end_column - 1]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("0755", 755),
        ("0o755", 493),
        ("0O755", "0O755"),
        ("0x1F", 31),
        ("-0x1F", "-0x1F"),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("12:30:45", "12:30:45"),
        ("2026-05-10", "2026-05-10"),
        ("2026-13-45", "2026-13-45"),
        ("999999999999999", 999999999999999),
        ("1.10", 1.1),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("1.e1", 10.0),
        (".", "."),
        ("+", "+"),
        ("e3", "e3"),
        ("1e", "1e"),
        ("1.2.3", "1.2.3"),
        ("١٢", "١٢"),
        ("1²", "1²"),
        ("<<", "<<"),
        ("=", "="),
        ("'1'", "1"),
        ('"true"', "true"),
        ("'~'", "~"),
    ],
)
@pytest.mark.parametrize("parser", [CParser, yaml.SafeLoader])
def test_scalars_follow_the_core_schema(written: str, value: object, parser: Parser) -> None:
    """A plain scalar is what YAML 1.2 says, never what YAML 1.1 made of it."""
    (found,) = grow(f"- {written}\n".encode(), OWN, parser).values
    assert found == [value]
    assert type(found[0]) is type(value)


@pytest.mark.parametrize(
    ("written", "raw"),
    [
        ("1.10", "1.10"),
        ("0755", "0755"),
        ("755", "755"),
        ("0x1F", "0x1F"),
        ("1e3", "1e3"),
        ("True", "True"),
        ("true", "true"),
        ("false", "false"),
        ("null", "null"),
        ("~", "~"),
        ("", ""),
        ("-0", "-0"),
        ("2.5", "2.5"),
        ("'1.10'", None),
        ("text", None),
        ("[1]", None),
        ("{a: 1}", None),
    ],
)
def test_raw_text_is_kept(written: str, raw: str | None) -> None:
    """A number keeps the way it is written; text and containers have none of it."""
    document = one(f"a: {written}\nb:\n- {written}\n")
    assert document.raw(document.value, "a") == raw
    assert document.raw(document.value["b"], 0) == raw


def test_raw_text_passes_aliases_and_merge_keys() -> None:
    """What an alias stands for keeps its raw text too."""
    document = one("a: &a 1.10\nb: *a\nc: &c {v: 2.50}\nd:\n  <<: *c\ne: [*a, 1]\n", EVIDENCE)
    value = document.value
    assert document.raw(value, "a") == "1.10"
    assert document.raw(value, "b") == "1.10"
    assert document.raw(value["d"], "v") == "2.50"
    assert document.raw(value["e"], 0) == "1.10"
    assert document.raw(value["e"], 1) == "1"


def test_places_of_everything_in_the_sample() -> None:
    """Each value and key is found where a person would point at."""
    document = one(SAMPLE)
    tool: Pointer = ("tools", "stripe.refund.create")
    expected: dict[Pointer, tuple[int, int, int, int]] = {
        (): (2, 1, 28, 14),
        ("name",): (2, 7, 2, 19),
        ("version",): (3, 10, 3, 14),
        ("tools",): (5, 3, 20, 26),
        tool: (6, 5, 19, 35),
        (*tool, "agents"): (6, 13, 6, 36),
        (*tool, "agents", 1): (6, 28, 6, 35),
        (*tool, "window"): (7, 13, 8, 12),
        (*tool, "text"): (9, 11, 11, 12),
        (*tool, "folded"): (13, 13, 15, 11),
        (*tool, "empty"): (16, 11, 16, 11),
        (*tool, "nothing"): (17, 14, 17, 15),
        (*tool, "deep", "a", "b", 1): (19, 23, 19, 32),
        (*tool, "deep", "a", "b", 1, 1): (19, 27, 19, 31),
        ("rows",): (22, 1, 27, 5),
        ("rows", 0): (22, 3, 23, 9),
        ("rows", 1): (25, 3, 25, 6),
        ("rows", 2): (26, 3, 26, 5),
        ("last",): (28, 7, 28, 14),
    }
    found = {p: document.at(p).span for p in expected}
    assert found == {p: Span(*span) for p, span in expected.items()}


def test_a_location_carries_file_note_and_line() -> None:
    """A message can be shown without opening the file again."""
    document = one(SAMPLE)
    location = document.at(("tools", "stripe.refund.create"), "declared here", key=True)
    assert location == Location(
        "f.yaml",
        Span(5, 3, 5, 23),
        "declared here",
        "  stripe.refund.create:   # the one",
    )
    assert location.noted("x").note == "x"
    assert len(one("a: " + "b" * 900).at(("a",)).text) == 500


def test_what_is_not_written_is_shown_at_what_would_hold_it() -> None:
    """A missing cell points at the name of the entity that misses it."""
    document = one(SAMPLE)
    named = document.at(("tools", "stripe.refund.create"), key=True)
    assert document.at(("tools", "stripe.refund.create", "owner")) == named
    assert document.at(("tools", "stripe.refund.create", "owner", "deeper", 3)) == named
    assert document.at(("rows", 0, "three")).span == document.at(("rows", 0)).span
    assert document.at(("rows", 9)).span == document.at(("rows",), key=True).span
    assert document.at(("name", "x")).span == document.at(("name",), key=True).span
    assert document.at(("nowhere",)).span == document.at().span
    assert document.at((), key=True).span == document.at().span


def test_aliases_are_shown_where_they_stand() -> None:
    """The alias has its own place; what it stands for has the anchor's."""
    text = "base: &b\n  x: 1\n  list: [1, 2]\nuse: *b\nmore:\n  <<: [*b, {y: 2}]\n  z: 3\n"
    document = one(text, EVIDENCE)
    assert document.value["more"] == {"z": 3, "x": 1, "list": [1, 2], "y": 2}
    assert document.at(("use",)).span == Span(4, 6, 4, 8)
    assert document.at(("use", "x")).span == Span(2, 6, 2, 7)
    assert document.at(("use", "list", 1)).span == Span(3, 13, 3, 14)
    assert document.at(("more", "x")).span == Span(2, 6, 2, 7)
    assert document.at(("more", "y"), key=True).span == Span(6, 13, 6, 14)
    assert document.at(("more", "z")).span == Span(7, 6, 7, 7)


def test_merge_keys_follow_their_precedence() -> None:
    """What a map says itself wins, then the first map that is named, through every level."""
    text = (
        "- &a {x: a, y: a}\n- &b {<<: *a, y: b, z: b}\n"
        "- {<<: [*b, *a], z: own}\n- {'<<': text}\n- {<<: *b, <: 1}\n"
    )
    document = one(text, EVIDENCE)
    assert document.value[2] == {"x": "a", "y": "b", "z": "own"}
    assert document.value[3] == {"<<": "text"}
    assert document.at((2, "x")).span == Span(1, 10, 1, 11)
    assert document.at((2, "y")).span == Span(2, 18, 2, 19)
    assert document.at((4, "z")).span.line == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[crm:read, 'x', a b]", ["crm:read", "x", "a b"]),
        ("[a: b, {c: d}]", [{"a": "b"}, {"c": "d"}]),
        ("- - a\n  - b\n- c: d\n  e: f\n", [["a", "b"], {"c": "d", "e": "f"}]),
        (
            "on: 1\nyes: 2\n3: 4\n1.10: 5\nnull: 6\n",
            {"on": 1, "yes": 2, "3": 4, "1.10": 5, "null": 6},
        ),
        ("'-': 1\n<: [-x, '-']\n", {"-": 1, "<": ["-x", "-"]}),
        ("? a\n: b\n? c\n", {"a": "b", "c": None}),
        ("--- text\n", "text"),
        ("--- |\n block\n...\n", "block\n"),
        ("a: http://x/y#z\nb: c # d\n", {"a": "http://x/y#z", "b": "c"}),
        ('a: "tab\\tnew\\nline\\x41\\u00e9\\U0001F600"\n', {"a": "tab\tnew\nlineAé😀"}),
        ("a:\n- b\n- c\nd: e\n", {"a": ["b", "c"], "d": "e"}),
    ],
)
@pytest.mark.parametrize("parser", [CParser, yaml.SafeLoader])
def test_structures(text: str, value: object, parser: Parser) -> None:
    """Maps, lists and text come out as they are written, keys always as text."""
    assert grow(text.encode(), OWN, parser).values == [value]


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.encode(), id="bom"),
        pytest.param(lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), id="both"),
        pytest.param(lambda text: text.replace("\n", "\r").encode(), id="cr"),
    ],
)
def test_line_ends_and_byte_order_marks_change_nothing(variant: Callable[[str], bytes]) -> None:
    """A file saved on another system has the same values at the same lines and columns."""
    plain, other = one(SAMPLE), one(variant(SAMPLE))
    assert plain.value == other.value
    for pointer in pointers(plain.value):
        assert plain.at(pointer) == other.at(pointer)
        assert plain.at(pointer, key=True) == other.at(pointer, key=True)


def corpus() -> list[Path]:
    """Return real YAML files: foreign ones and our own."""
    found = {*CORPORA.rglob("*.yaml"), *CORPORA.rglob("*.yml"), *REPO.glob("inventories/**/*.yaml")}
    return sorted(path for path in found if path.name != "iam-017.yaml")  # repeats a key


@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not part of the repository")
def test_both_parsers_agree_on_real_files() -> None:
    """PyYAML without libyaml reads every value and every place alike."""
    for path in corpus()[::4]:
        ready, _ = prepare(path.read_bytes(), EVIDENCE)
        fast, slow = (grow(ready, EVIDENCE, parser) for parser in (CParser, yaml.SafeLoader))
        for name in ("values", "roots", "starts", "ends", "sizes", "aliases", "raws"):
            if name != "raws":
                assert getattr(fast, name) == getattr(slow, name), (path, name)
        assert sorted(fast.raws.values()) == sorted(slow.raws.values())


@pytest.mark.skipif(not CORPORA.exists(), reason="the corpora are not part of the repository")
def test_every_span_of_real_files_lies_in_its_file() -> None:
    """A scalar's span holds its text, a key's span its key."""
    seen = 0
    for path in corpus()[::5]:
        text = path.read_bytes().decode("utf-8-sig")
        for document in parse(path.read_bytes(), path.name, EVIDENCE):
            for pointer in pointers(document.value):
                check_place(document, pointer, text)
                seen += 1
    assert seen > 3000


def check_place(document: Document, pointer: Pointer, text: str) -> None:
    """Assert that a pointer's span is where its value is written."""
    lines = text.splitlines()
    value: Any = document.value
    holder: Any = None
    for step in pointer:
        holder, value = value, value[step]
    span = document.at(pointer).span
    assert 1 <= span.line <= span.end_line <= max(len(lines), 1)
    assert (span.line, span.column) <= (span.end_line, span.end_column)
    assert span.end_column <= len(lines[span.end_line - 1]) + 1 if lines else True
    if isinstance(holder, dict):
        key = cut(text, document.at(pointer, key=True).span)
        assert key.strip("'\"") == pointer[-1] or key[0] in "'\""
    if holder is not None and not isinstance(value, (dict, list, str)):
        assert cut(text, span) == document.raw(holder, pointer[-1])
    elif isinstance(value, str) and span.line == span.end_line:
        assert value in cut(text, span) or cut(text, span)[0] in "\"'|>*&"


def test_several_documents(tmp_path: Path) -> None:
    """Evidence may hold several documents; empty ones between markers do not count."""
    (tmp_path / "e.yaml").write_text("---\n# none\n---\na: 1\n---\n---\nb: 2\n...\n")
    first, second = read_all(Root(str(tmp_path)), "e.yaml")
    assert (first.value, second.value) == ({"a": 1}, {"b": 2})
    assert second.at(("b",)).span == Span(7, 4, 7, 5)
    assert parse(b"# nothing\n", "f", EVIDENCE) == ()
    assert one("--- ''\n", EVIDENCE).value == ""


def test_reading_one_document(tmp_path: Path) -> None:
    """A file is read with its shown path and digest; an empty one is a problem."""
    (tmp_path / "a.yaml").write_bytes(b"a: 1\n")
    (tmp_path / "b.yaml").write_bytes(b"# later\n")
    root = Root(str(tmp_path), "inventories/x")
    document = read(root, "a.yaml")
    assert document.file == "inventories/x/a.yaml"
    assert document.digest == "sha256:" + sha256(b"a: 1\n").hexdigest()
    with pytest.raises(InputError, match=r"^inventories/x/b.yaml:1:1: the file is empty"):
        read(root, "b.yaml")


def test_a_problem_reads_as_one_line() -> None:
    """A problem says where, what and what to do."""
    place = Location("a.yaml", Span(1, 2, 1, 3))
    assert str(Problem("wrong", place, "write it right")) == "a.yaml:1:2: wrong; write it right"
    error = InputError(Problem("one"), Problem("two", place))
    assert str(error) == "one\na.yaml:1:2: two"
    assert [problem.message for problem in error.problems] == ["one", "two"]


@pytest.mark.parametrize(
    ("word", "names", "answer"),
    [
        ("ownr", ["owner", "on_call"], "did you mean 'owner'?"),
        ("Owner", ["owner", "owners"], "did you mean 'owner'?"),
        ("xyz", ["owner", "on_call"], ""),
        ("a", [], ""),
        ("stripe.refund", ["stripe.refunds", "stripe.refand"], "did you mean 'stripe.refunds'?"),
    ],
)
def test_did_you_mean(word: str, names: list[str], answer: str) -> None:
    """The closest name is offered, whatever the order of the names, and none that is far."""
    assert did_you_mean(word, names) == answer
    assert did_you_mean(word, reversed(names)) == answer
