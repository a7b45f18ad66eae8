"""What is refused, why and where: no input crashes, hangs or is read otherwise than it looks."""

from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import suppress

import pytest
import yaml

from blastlint.source import EVIDENCE as SILENT
from blastlint.source import OWN, InputError, Limits, Problem, parse
from blastlint.source.reader import grow
from blastlint.source.words import Refusal
from blastlint.values import replace

EVIDENCE = replace(SILENT, quotable=None)
"""Files of other programs, with every line repeated, so that a test can see it."""


def problem(data: bytes | str, limits: Limits = OWN) -> Problem:
    """Return the one problem of a text that is refused."""
    with pytest.raises(InputError) as caught:
        parse(data.encode() if isinstance(data, str) else data, "f.yaml", limits)
    (found,) = caught.value.problems
    return found


def said(found: Problem) -> str:
    """Return a problem's place and message."""
    assert found.location is not None
    span = found.location.span
    return f"{span.line}:{span.column} {found.message}"


NOT_YAML = [
    ("a:\n\tb: 1", "2:1 a line or a value cannot start with a tab"),
    ("a:\n  b: 1\n\tc: 2", "3:1 a line or a value cannot start with a tab"),
    ("a: @x", "1:4 a line or a value cannot start with '@'"),
    ("a: `x`", "1:4 a line or a value cannot start with '`'"),
    ("a: %x", "1:4 a line or a value cannot start with '%'"),
    ("a: b: c", "1:5 a second key cannot start here"),
    ("a: 1\n  b: 2", "2:4 a second key cannot start here"),
    ("a:\n  b: 1\n c: 2", "3:2 found 'c' where the next key or item is expected"),
    ("a: 'it's'", "1:8 found 's' where the next key or item is expected"),
    ("- a\nb: 1", "2:1 found 'b' where the next key or item is expected"),
    ("a: 1\n- b", "2:1 found '-' where the next key or item is expected"),
    ("a: 1\nb\nc: 2", "2:1 expected ': ' after a key"),
    ("a: 1\nbcd", "2:1 expected ': ' after a key"),
    ("a: {b: 1\nc: 2\n", "2:2 found ':' where ',' or '}' is expected"),
    ("a: [1, 2\nb: 3", "2:2 found ':' where ',' or ']' is expected"),
    ("a: [1 2", "1:8 found the end of the file where ',' or ']' is expected"),
    ("a: [", "1:5 found the end of the file where a value is expected"),
    ('a: "b\nc: 2\n', "1:4 the quote that opens here is never closed"),
    ("a: 'b", "1:4 the quote that opens here is never closed"),
    ('a: "c:\\d"', "1:7 unknown escape in double quotes"),
    ('a: "\\u12"', "1:7 an escape in double quotes names no character"),
    ('a: "\\ud83d"', "1:7 an escape in double quotes names no character"),
    ('a: "\\U99999999"', "1:7 an escape in double quotes names no character"),
    ("a: - b", "1:4 a '- ' item cannot start here"),
    ("a: *", "1:5 found the end of the file where a value is expected"),
    ("a: [*]", "1:6 found ']' where a value is expected"),
    ("a: !<", "1:6 a value cannot start with '!'"),
    ("[]\na: 1", "2:1 expected the end of the file here"),
    ('{"a": 1} {"a": 2}', "1:10 expected the end of the file here"),
    ("%FOO x\n---\na: 1", "1:5 a '%' directive is not read here"),
    ("a: >0\n b", "1:5 found '0' after '|' or '>'"),
]


@pytest.mark.parametrize(("text", "message"), NOT_YAML)
def test_what_is_not_yaml_is_said_in_words(text: str, message: str) -> None:
    """Each mistake people make is named with its place, what was found and a next step."""
    found = problem(text)
    assert said(found) == message
    assert found.help


@pytest.mark.parametrize("limits", [OWN, EVIDENCE], ids=["own", "evidence"])
@pytest.mark.parametrize("text", [text for text, _ in NOT_YAML])
def test_the_other_parser_refuses_it_too(text: str, limits: Limits) -> None:
    """PyYAML without libyaml refuses the same texts on the same line, and in words of ours."""
    if text.startswith("%FOO"):
        pytest.skip("PyYAML without libyaml passes over a directive that it does not know")
    with pytest.raises(Refusal) as caught:
        grow(text.encode(), limits, yaml.SafeLoader)
    assert not caught.value.message.startswith("this is not YAML")


def test_an_open_bracket_is_shown() -> None:
    """A missing bracket is related to the one that was opened."""
    (related,) = problem("a: {b: 1\nc: 2\n").related
    assert (related.span.line, related.span.column, related.note) == (1, 4, "opened here")


REFUSED = [
    ("a: 1\nb: 2\na: 3", "3:1 the key 'a' stands twice in one map"),
    ("a: 1\n'a': 2", "2:1 the key 'a' stands twice in one map"),
    ('{"1": x, 1: y}', "1:10 the key '1' stands twice in one map"),
    ("a: {b: [x, {}], c: 1}\nd: 1\na: 2", "3:1 the key 'a' stands twice in one map"),
    ("a: !!str 1", "1:4 the tag '!!str' is not read"),
    ("a: !!python/object:os.system x", "1:4 the tag '!!python/object:os.system' is not read"),
    ("a: ! b", "1:4 the tag '!' is not read"),
    ("a: !x [1]", "1:4 the tag '!x' is not read"),
    ("!x a: 1", "1:1 the tag '!x' is not read"),
    ("? [a]\n: b", "1:3 a map or list stands where a key is expected"),
    ("{a: 1}: b", "1:1 a map or list stands where a key is expected"),
    ("a\u200bb: 1", "1:1 a key contains U+200B, which cannot be seen"),
    ("a\u00adb: 1", "1:1 a key contains U+00AD, which cannot be seen"),
    ("a\u202eb: 1", None),
    ('"a\\0": 1', "1:1 a key contains U+0000, which cannot be seen"),
    ("a: \0", "1:4 the character U+0000 cannot be seen"),
    ("a: \x1b[0m", "1:4 the character U+001B cannot be seen"),
    ("a: \x7f", "1:4 the character U+007F cannot be seen"),
    ("a: é\x9b0m", "1:5 the character U+009B cannot be seen"),
    ("a: b\nc: \ufeff", "2:4 the character U+FEFF cannot be seen"),
    ("a: \uffff", "1:4 the character U+FFFF cannot be seen"),
    ("a: b\x85c: d", "1:5 the character U+0085 ends a line for some programs and not for others"),
    ("a: b\u2028c: d", "1:5 the character U+2028 ends a line for some programs and not for others"),
]


@pytest.mark.parametrize("limits", [OWN, EVIDENCE], ids=["own", "evidence"])
@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refused_everywhere(text: str, message: str | None, limits: Limits) -> None:
    """What could be read in two ways, or hides something, is refused with its place."""
    found = problem(text, limits)
    assert message is None or said(found) == message
    assert found.help


REFUSED_IN_OUR_FILES = [
    ("a: &x 1", "1:4 the anchor '&x' is not read here"),
    ("a: &x {b: 1}", "1:4 the anchor '&x' is not read here"),
    ("&x a: 1", "1:1 the anchor '&x' is not read here"),
    ("a: *x", "1:4 the alias '*x' is not read here"),
    ("*x : a", "1:1 the alias '*x' is not read here"),
    ("a: {<<: {b: 1}}", "1:5 a merge key is not read here"),
    ("%YAML 1.1\n---\na: 1", "1:1 a '%' directive is not read here"),
    ("%TAG ! x\n---\na: 1", "1:1 a '%' directive is not read here"),
    ("a: 1\n---\nb: 2", "2:4 a second document starts here, expected one in a file"),
    ("a: .nan", "1:4 '.nan' is not a finite number of at most 15 digits"),
    ("a: -.INF", "1:4 '-.INF' is not a finite number of at most 15 digits"),
    ("a: 1e999", "1:4 '1e999' is not a finite number of at most 15 digits"),
    ("a: 1000000000000000", "1:4 '1000000000000000' is not a finite number of at most 15 digits"),
    ("a: 0xFFFFFFFFFFFFF", "1:4 '0xFFFFFFFFFFFFF' is not a finite number of at most 15 digits"),
    ('a: "\\0"', "1:4 an escape makes U+0000, which is no text"),
    ('a: "x\\e[0m"', "1:4 an escape makes U+001B, which is no text"),
    ("a: \u202ex", "1:4 the character U+202E makes the line look like another one"),
    ("a: 1 # \u2066", "1:8 the character U+2066 makes the line look like another one"),
    ("a\u00a0b: 1", "1:1 a key contains U+00A0, which cannot be seen"),
    ('"a\\nb": 1', "1:1 a key contains U+000A, which cannot be seen"),
    ("e\u0301: 1", "1:1 the key 'e\u0301' is not in Unicode's form NFC"),
    ("'': 1", "1:1 a key is empty"),
    ("{'': 1}", "1:2 a key is empty"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED_IN_OUR_FILES)
def test_refused_in_our_own_files(text: str, message: str) -> None:
    """People write our files plainly; what a reviewer could misread is refused."""
    found = problem(text)
    assert said(found) == message
    assert found.help


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: &x {b: [1]}\nc: *x\n", {"a": {"b": [1]}, "c": {"b": [1]}}),
        ("&k a: 1\nb: {*k : 2}\n", {"a": 1, "b": {"a": 2}}),
        ("a: &n 7\nb: {*n : 2}\n", {"a": 7, "b": {"7": 2}}),
        ("a: {<<: {b: 1}, c: 2}", {"a": {"b": 1, "c": 2}}),
        ("a: &e\nb: *e", {"a": None, "b": None}),
        ("%YAML 1.1\n---\na: no", {"a": "no"}),
        ("a: [.nan, .inf, 1e999]", {"a": [".nan", ".inf", "1e999"]}),
        ("a: 1000000000000000", {"a": "1000000000000000"}),
        ('a: "\\0"', {"a": "\0"}),
        ("'': 1", {"": 1}),
        ("'<<': 1\nb: {<<: {c: 1}}", {"<<": 1, "b": {"c": 1}}),
    ],
)
def test_read_as_evidence(text: str, value: object) -> None:
    """Other programs' files may use aliases and merge keys; what is no exact number is text."""
    (document,) = parse(text.encode(), "f.yaml", EVIDENCE)
    assert document.value == value


def test_both_places_of_a_repeated_key() -> None:
    """A repeated key shows the other place too."""
    found = problem("x: {}\na: {b: [1, {c: d}]}\n'x': 2\n")
    (related,) = found.related
    assert (related.span.line, related.note) == (1, "first written here")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &a [*a]", "stands inside what it names"),
        ("a: &a {b: {c: *a}}", "stands inside what it names"),
        ("a: *b", "names nothing above it"),
        ("--- &a 1\n--- *a\n", "names nothing above it"),
        ("{*a : 1}", "names nothing above it"),
        ("a: &a [1]\nb: {*a : 1}", "a map or list stands where a key is expected"),
        ("a: &a b\n*a : 1\nb: 2\n", None),
        ("a: &k a\n*k : 1", "the key 'a' stands twice in one map"),
        ("a: {<<: 1}", "'<<' names something that is no map"),
        ("a: {<<: [{}, 1]}", "'<<' names something that is no map"),
        ("a: {<<: {b: 1}, <<: {c: 1}}", "the key '<<' stands twice in one map"),
    ],
)
def test_aliases_that_make_no_sense(text: str, reason: str | None) -> None:
    """An alias to itself, to nothing or to no key is a problem."""
    if reason is None:
        reason = "the key 'b' stands twice in one map"
    assert reason in problem(text, EVIDENCE).message


@pytest.mark.parametrize(
    "text",
    [
        "name: {{ .Values.name }}",
        "{{- if .Values.x }}\na: 1\n{{- end }}",
        "a:\n  {{- toYaml .Values.a | nindent 2 }}\n",
        "{% if x %}\na: 1\n{% endif %}",
    ],
)
def test_a_template_is_recognised(text: str) -> None:
    """A chart's template is not called broken YAML: it has to be rendered first."""
    found = problem(text, EVIDENCE)
    assert found.message == "this looks like a template that has not been rendered"
    assert "helm template" in found.help


def test_a_template_in_quotes_is_text() -> None:
    """What YAML can read is read."""
    (document,) = parse(b"a: '{{ x }}'", "f.yaml")
    assert document.value == {"a": "{{ x }}"}


def test_a_merge_conflict_is_recognised() -> None:
    """A file with conflict markers says so, at the marker."""
    text = "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n"
    assert said(problem(text)) == "2:1 a merge conflict is left in the file"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("a: 1".encode("utf-16"), "1:1 the file is UTF-16, expected UTF-8"),
        ("a: 1".encode("utf-16-be"), "1:1 the character U+0000 cannot be seen"),
        (b"a: caf\xe9\nb: 1", "1:7 the byte 0xE9 is not UTF-8"),
        (b"\xef\xbb\xbfa: 1\nb: \xc3\xa9\xff", "2:5 the byte 0xFF is not UTF-8"),
        (b"a: \xed\xa0\x80", "1:4 the byte 0xED is not UTF-8"),
        (b"a: \xc0\xaf", "1:4 the byte 0xC0 is not UTF-8"),
    ],
)
def test_other_encodings(data: bytes, message: str) -> None:
    """A file that is not UTF-8 is refused at the first byte that is wrong."""
    assert said(problem(data)) == message


def bomb(levels: int) -> str:
    """Return a text whose aliases multiply by nine on every level."""
    first = "a0: &a0 [" + ",".join("x" * 9) + "]\n"
    return first + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels)
    )


def merge_bomb(levels: int) -> str:
    """Return a text whose merge keys multiply by nine on every level."""
    return "a0: &a0 {k: 1}\n" + "".join(
        f"a{n}: &a{n}\n  <<: [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels)
    )


COSTLY: dict[str, tuple[str, str]] = {
    "brackets": ("[" * 10_000, "nested deeper"),
    "a megabyte of brackets": ("[" * 2**20, "nested deeper"),
    "braces": ("{a: " * 100_000, "nested deeper"),
    "dashes": ("- " * 100_000, "nested deeper"),
    "indentation": ("".join(" " * n + "a:\n" for n in range(1_000)), "nested deeper"),
    "laughs": (bomb(9), "aliases make this text too long"),
    "merges": (merge_bomb(9), "aliases make this text too long"),
    "chained merges": (
        "a0: &a0 {k: 1}\n"
        + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n" for n in range(1, 5_000)),
        "aliases make this text too long",
    ),
    "one long quote": ('a: "' + "x" * 2**20, "never closed"),
    "quotes": ("'" * 1_000_001, "never closed"),
    "open braces of a template": ("{{" * 500_000, "template"),
    "escapes in an open string": ('["' + "\\ud83d\\ude00" * 30_000, "names no character"),
}


@pytest.mark.parametrize("limits", [OWN, EVIDENCE], ids=["own", "evidence"])
@pytest.mark.parametrize("name", sorted(COSTLY))
def test_costly_texts_are_refused_early(name: str, limits: Limits) -> None:
    """A text made to exhaust a reader is refused before it costs anything."""
    text, reason = COSTLY[name]
    found = problem(text, limits)  # where the stock loaders need minutes, or crash
    if limits is EVIDENCE or "alias" not in reason:
        assert reason in found.message


def test_depth_is_counted_exactly() -> None:
    """64 levels are read and the 65th is refused at its bracket."""
    assert parse(("[" * 64 + "]" * 64).encode(), "f")
    assert said(problem("[" * 65 + "]" * 65)) == "1:65 nested deeper than 64 levels"


def test_caps_are_kept() -> None:
    """Size, number of values and length of a text have caps that are stated."""
    tight = replace(OWN, max_bytes=20, max_events=12, max_scalar=5)
    assert parse(b"a: [1, 2, 3]", "f", tight)
    assert "larger than 20 bytes" in problem("a: [1, 2, 3, 4, 5, 6, 7]", tight).message
    assert "more than 12 parts" in problem("[1,2,3,4,5,6,7]", tight).message
    assert said(problem("a:\n  abcdef", tight)) == "2:3 a text of more than 5 characters"


def test_an_alias_budget_counts_what_is_written_out() -> None:
    """The budget is characters that aliases add, so a short text cannot hide a long one."""
    tight = replace(EVIDENCE, max_aliases=30)
    assert parse(b"a: &a [x, y]\nb: [*a, *a]", "f", tight)
    assert "too long" in problem("a: &a [x, y]\nb: &b [*a, *a]\nc: *b", tight).message


def test_the_collector_is_left_as_it_was() -> None:
    """Reading pauses the cyclic collector and never leaves it off, or turns it on."""
    for data in (b"a: 1", b"a: ["):
        for enabled in (True, False):
            (gc.enable if enabled else gc.disable)()
            with suppress(InputError):
                parse(data, "f")
            left = gc.isenabled()
            gc.enable()
            assert left is enabled


def test_reading_works_without_libyaml() -> None:
    """Where PyYAML was built without libyaml, the same files are read, slower."""
    program = r"""
import sys
sys.modules['yaml._yaml'] = None
from blastlint.source import InputError, parse, reader
assert reader.CParser.__name__ == 'SafeLoader'
print(parse('a: [1.10, no]\nb: é'.encode(), 'f')[0].value)
for bad in ('a: [', r'a: "\UFFFFFFFF"', '[' * 99999, r'a: "\ud83d"', 'a: 1\na: 2'):
    try:
        parse(bad.encode(), 'f')
    except InputError as error:
        print(str(error).split(';')[0])
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == [
        "{'a': [1.1, 'no'], 'b': 'é'}",
        "f:1:5: found the end of the file where a value is expected",
        "f:1:1: an escape in double quotes names no character",
        "f:1:65: nested deeper than 64 levels",
        "f:1:4: an escape makes U+D83D, which is no text",
        "f:2:1: the key 'a' stands twice in one map",
    ]
