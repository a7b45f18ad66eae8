"""On fully stated data, the condition language answers as two independent CEL engines do.

`cel-expr-python` wraps the CEL project's C++ engine, `common-expression-language` is the Rust one.
Where an engine is not asked, the reason is one of these:

* the C++ type checker refuses a literal int beside a double, and null beside a typed value, which
  the CEL specification allows at run time: its variables are declared `dyn` here, and numbers of
  both kinds are compared through variables;
* the Rust engine counts the bytes of a string in `size()`, the specification its code points: it
  is asked about the size of ASCII strings only.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from blastlint.expression import (
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    Environment,
    Expression,
    ExpressionError,
    Field,
    NotStated,
    Type,
    compile_expression,
    list_of,
    map_of,
    record_of,
)

cpp = pytest.importorskip("cel_expr_python.cel", reason="the C++ engine has no wheel here")
rust = pytest.importorskip("cel", reason="the Rust engine has no wheel here")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Bindings = dict[str, object]

SCALARS: dict[str, Type] = {
    "i": INT,
    "j": INT,
    "f": DOUBLE,
    "s": STRING,
    "t": STRING,
    "b": BOOL,
    "d": DURATION,
}
ROW = {
    "number": INT,
    "word": STRING,
    "on": BOOL,
    "words": list_of(STRING),
    "part": record_of("Row"),
}
VARIABLES: dict[str, Type] = {
    **SCALARS,
    "ints": list_of(INT),
    "words": list_of(STRING),
    "flags": list_of(BOOL),
    "row": record_of("Row"),
    "rows": list_of(record_of("Row")),
    "table": map_of(INT),
}


def cell(name: str) -> Callable[[object], object]:
    """Return the reader of a key: a record is a map to the engines."""

    def get(record: object) -> object:
        assert isinstance(record, dict)
        return record.get(name, NotStated((name,)))

    return get


ENVIRONMENT = Environment(
    VARIABLES, {"Row": {name: Field(kind, cell(name)) for name, kind in ROW.items()}}
)
CPP = cpp.NewEnv(variables={**dict.fromkeys(VARIABLES, cpp.Type.DYN), "d": cpp.Type.DURATION})


def plain(value: object) -> object:
    """Return a value with lists as lists, and with the class of every number."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return (type(value).__name__, value)


def ask_cpp(source: str, bindings: Bindings) -> object:
    """Return the C++ engine's answer."""
    answer = CPP.compile(source).eval(data=bindings)
    assert answer.type().name() != "ERROR", answer.plain_value()
    return plain(answer.plain_value())


def ask_rust(source: str, bindings: Bindings) -> object:
    """Return the Rust engine's answer."""
    return plain(rust.evaluate(source, bindings))


def compiled(source: str) -> Expression:
    """Compile an expression of any type."""
    return compile_expression(source, ENVIRONMENT, None)


# --- generated expressions ----------------------------------------------------------------------

_PLAIN = st.characters(codec="utf-8", exclude_characters="\0\r")
TEXTS = st.sampled_from(["", "a", "ab", "b", "é", "😀", "A"]) | st.text(_PLAIN, max_size=4)
INTS = st.integers(-3, 3) | st.sampled_from([-(2**63), 2**63 - 1])
DOUBLES = st.sampled_from([-1.5, 0.0, 0.5, 1.0, 2.0, 1e300]) | st.floats(-4, 4)
LENGTHS = st.integers(-(10**9), 10**9).map(lambda ms: timedelta(milliseconds=ms))


def quoted(text: str) -> st.SearchStrategy[str]:
    """Return ways to write a text as a literal."""
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    careful = text.replace("\\", "\\\\").replace("\n", "\\n")
    ways = [
        f'"{escaped}"',
        '"' + careful.replace('"', '\\"') + '"',
        "'" + careful.replace("'", "\\'") + "'",
        "'''" + text.replace("\\", "\\\\").replace("'", "\\'") + "'''",
    ]
    slashes = len(text) - len(text.rstrip("\\"))
    if not set(text) & set("\"'\n") and slashes % 2 == 0:  # where it is odd, the engines differ
        ways.append(f'r"{text}"')
    return st.sampled_from(ways)


LITERALS = {
    INT: INTS.map(str),
    DOUBLE: DOUBLES.map(lambda number: f"{number:.3e}"),
    STRING: TEXTS.flatmap(quoted),
    BOOL: st.sampled_from(["true", "false"]),
    DURATION: st.sampled_from(["0s", "90s", "1h30m", "-1.5h", "250ms", "1m0.5s", "7us"]).map(
        lambda text: f'duration("{text}")'
    ),
}


class Writer:
    """Draws well-typed expressions; `scope` maps each name to its type."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.scope = dict(VARIABLES)
        self.macros = 0

    def pick(self, *options: str) -> str:
        """Draw one of these."""
        return self.draw(st.sampled_from(options))

    def scalar(self, kind: Type, depth: int, *, literals: bool = True) -> str:
        """Write a variable, a field, a conditional or a literal of a type."""
        if depth and self.draw(st.integers(0, 5)) == 0:
            no = self.scalar(kind, depth - 1)
            return f"({self.boolean(depth - 1)} ? {self.scalar(kind, depth - 1)} : {no})"
        names = [name for name, known in self.scope.items() if known == kind]
        records = [name for name, known in self.scope.items() if known == record_of("Row")]
        fields = [name for name, known in ROW.items() if known == kind]
        names += [f"{record}.{field}" for record in records for field in fields]
        names += [f"{record}.part.{field}" for record in records[:1] for field in fields]
        if kind == INT:
            names.append('table["a"]')
        if literals and self.draw(st.booleans()):
            return self.draw(LITERALS[kind])
        return self.pick(*names)

    def listing(self, kind: Type, depth: int) -> str:
        """Write a list of scalars of a type."""
        if depth and self.draw(st.booleans()):
            return self.built(kind, depth - 1)
        if self.draw(st.booleans()):
            items = self.draw(
                st.lists(LITERALS[kind] | st.deferred(lambda: self.named(kind)), max_size=3)
            )
            return f"[{', '.join(items)}]"
        return {INT: "ints", STRING: self.pick("words", "row.words"), BOOL: "flags"}[kind]

    def named(self, kind: Type) -> st.SearchStrategy[str]:
        """Return the variables of a type."""
        return st.sampled_from([name for name, known in self.scope.items() if known == kind])

    def built(self, kind: Type, depth: int) -> str:
        """Write a list that a macro makes."""
        if self.draw(st.booleans()):
            source = self.listing(kind, depth)
            return f"{source}.filter({self.within(kind, depth)})"
        return f"rows.map({self.within(record_of('Row'), depth, kind)})"

    def within(self, element: Type, depth: int, result: Type = BOOL) -> str:
        """Write a macro's two arguments."""
        self.macros += 1
        name = f"x{self.macros}"
        self.scope[name] = element
        body = self.boolean(depth) if result == BOOL else self.scalar(result, depth)
        del self.scope[name]
        return f"{name}, {body}"

    def boolean(self, depth: int) -> str:
        """Write a condition."""
        forms = [self.comparison, self.equality, self.text, self.presence, self.member]
        if depth:
            forms += [self.logic, self.logic, self.negation, self.quantified, self.sized]
        return self.draw(st.sampled_from(forms))(max(depth - 1, 0))

    def comparison(self, depth: int) -> str:
        """Write an ordering."""
        operator = self.pick("<", "<=", ">", ">=")
        if self.draw(st.integers(0, 4)) == 0:
            number = self.scalar(INT, 0, literals=False)
            return self.pick(f"{number} {operator} f", f"f {operator} {number}", f"f == {number}")
        kind = self.draw(st.sampled_from([INT, DOUBLE, STRING, DURATION]))
        left, right = self.scalar(kind, depth), self.scalar(kind, depth)
        return f"{left} {operator} {right}"

    def equality(self, depth: int) -> str:
        """Write an equality of scalars, of lists, or with null."""
        operator = self.pick("==", "!=")
        if self.draw(st.integers(0, 4)) == 0:
            return f"{self.scalar(STRING, 0, literals=False)} {operator} null"
        if self.draw(st.integers(0, 2)) == 0:
            kind = self.draw(st.sampled_from([INT, STRING, BOOL]))
            return f"{self.listing(kind, depth)} {operator} {self.listing(kind, depth)}"
        kind = self.draw(st.sampled_from([INT, DOUBLE, STRING, DURATION, BOOL]))
        return f"{self.scalar(kind, depth)} {operator} {self.scalar(kind, depth)}"

    def text(self, depth: int) -> str:
        """Write a string function."""
        name = self.pick("startsWith", "endsWith", "contains")
        return f"{self.scalar(STRING, depth)}.{name}({self.scalar(STRING, depth)})"

    def presence(self, _depth: int) -> str:
        """Write a question for a field that is there, or for one that is not."""
        return f"has({self.pick('row.word', 'row.part.on', 'row.part.words', 'row.part.part')})"

    def member(self, depth: int) -> str:
        """Write a membership."""
        if self.draw(st.integers(0, 3)) == 0:
            return f"{self.scalar(STRING, depth)} in table"
        kind = self.draw(st.sampled_from([INT, STRING, BOOL]))
        return f"{self.scalar(kind, depth)} in {self.listing(kind, depth)}"

    def logic(self, depth: int) -> str:
        """Write a chain, sometimes without parentheses, to try precedence."""
        parts = [self.boolean(depth) for _ in range(self.draw(st.integers(2, 3)))]
        text = parts[0]
        for part in parts[1:]:
            text += f" {self.pick('&&', '||')} {part}"
        return self.pick(text, f"({text})")

    def negation(self, depth: int) -> str:
        """Write a negation."""
        return f"{self.pick('!', '!!')}({self.boolean(depth)})"

    def quantified(self, depth: int) -> str:
        """Write a macro that gives a bool."""
        name = self.pick("exists", "all", "exists_one")
        if self.draw(st.booleans()):
            return f"rows.{name}({self.within(record_of('Row'), depth)})"
        kind = self.draw(st.sampled_from([INT, STRING, BOOL]))
        return f"{self.listing(kind, depth)}.{name}({self.within(kind, depth)})"

    def sized(self, depth: int) -> str:
        """Write a comparison of a size."""
        what = self.pick("ints", "table", "rows", self.scalar(STRING, 0), self.listing(INT, depth))
        size = self.pick(f"size({what})", f"{what}.size()")
        return f"{size} {self.pick('==', '<')} {self.draw(INTS)}"


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """Draw a well-typed expression."""
    writer = Writer(draw)
    if draw(st.integers(0, 5)) == 0:
        kind = draw(st.sampled_from([INT, STRING, BOOL]))
        return writer.listing(kind, 3)
    if draw(st.integers(0, 5)) == 0:
        return writer.scalar(draw(st.sampled_from([INT, DOUBLE, STRING, BOOL])), 3)
    return writer.boolean(3)


_LEAF = {
    "number": INTS,
    "word": TEXTS,
    "on": st.booleans(),
    "words": st.lists(TEXTS, max_size=3),
}
_ROWS = st.fixed_dictionaries({**_LEAF, "part": st.fixed_dictionaries(_LEAF)})
DATA = st.fixed_dictionaries(
    {
        "i": INTS,
        "j": INTS,
        "f": DOUBLES,
        "s": TEXTS,
        "t": TEXTS,
        "b": st.booleans(),
        "d": LENGTHS,
        "ints": st.lists(INTS, max_size=4),
        "words": st.lists(TEXTS, max_size=4),
        "flags": st.lists(st.booleans(), max_size=3),
        "row": _ROWS,
        "rows": st.lists(_ROWS, max_size=3),
        "table": st.dictionaries(TEXTS, INTS, max_size=2).map(lambda table: {"a": 1} | table),
    }
)


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(expressions(), DATA)
def test_both_engines_agree_on_stated_facts(source: str, data: Bindings) -> None:
    """Any well-typed expression over stated facts means what CEL says it means."""
    found = plain(compiled(source).evaluate(data))
    assert asked_typed(source, data) == found
    if "size" not in source or (source + str(data)).isascii():
        assert ask_rust(source, data) == found


def asked_typed(source: str, data: Bindings) -> object:
    """What the first oracle says; it also checks types, and knows no null among texts."""
    try:
        return ask_cpp(source, data)
    except RuntimeError as error:
        if "no matching overload for '_==_' applied to" in str(error) and "null_type" in str(error):
            reject()
        raise


# --- chosen expressions -------------------------------------------------------------------------

STATED: Bindings = {
    "i": 3,
    "j": -3,
    "f": 0.5,
    "s": "héllo",
    "t": "",
    "b": True,
    "d": timedelta(minutes=90),
    "ints": [1, 2, 3],
    "words": ["a", "b", "b"],
    "flags": [True, False],
    "row": {"number": 1, "word": "w", "on": True, "words": ["x"], "part": {"number": 2}},
    "rows": [{"number": 1, "words": ["p", "q"]}, {"number": 2, "words": []}],
    "table": {"a": 1, "b-c": 2},
}


@pytest.mark.parametrize(
    "source",
    [
        "true || false && false",
        "!b == false",
        "!(b == false)",
        "!!b",
        "1 == 1 == true",
        "(1 < 2) == (2 > 1)",
        "b ? (b ? 1 : 2) : 3",
        "false ? 1 : false ? 2 : 3",
        "false && b || b",
        "i in [1, 2] || i == 3",
        "b in flags == true",
        "0x10 == 16 && -0x10 == -16",
        "-9223372036854775808 < 9223372036854775807",
        "1e3 == 1000.0 && .5 == 0.5 && 1.5e-1 == 0.15",
        "007 == 7",
        r"'\a\b\f\n\r\t\v\\\?\"\'\`' == t",
        r"'\x41\X42\103\u0043\U00000044'",
        r"r'\n\\.'",
        r"R'\x\ '",
        r'r"""a"b\ """',
        "'''it's\n'''",
        '"""say "hi" """',
        "''",
        "''''''",
        "s < 'i' && 'Z' < 'a' && 'a' < 'aa' && 'z' < 'é' && '\uffff' < '😀'",
        'duration("1h30m") == d && duration("90m") == d && duration("-1.5h") < d',
        'duration("1.5s") == duration("1500ms") && duration("7us") < duration("1ms")',
        'duration("+1s") == duration("1s")',
        'duration(".5s") == duration("500ms") && duration("1.s") == duration("1s")',
        "rows.all(r, r.words.all(w, size(w) == 1 && r.number == 1))",
        "rows.map(r, r.number)",
        "rows.filter(r, r.number > 1).map(r, r.number)",
        "rows.exists_one(r, r.words == [])",
        "rows.map(r, size(r.words))",
        "table.exists(k, k == 'b-c') && 'b-c' in table && table['b-c'] == 2",
        "table.all(k, table[k] > 0)",
        "[] == [] && ![].exists(x, true) && [].all(x, false)",
        "[1, 2,] == [1, 2]",
        "[b, b].filter(x, x) == [true, true]",
        "has(row.part.number) && !has(row.part.word)",
        "has(row.part) || has(row.part.part.part)",
        "b // a comment\n && b",
        "\tb\r\n&&\fb",
        "b || i > f",
        "f < i && i > f && i != f",
    ],
)
def test_both_engines_agree_on_chosen_expressions(source: str) -> None:
    """Precedence, escapes, number forms, durations and macros mean what CEL says they mean."""
    found = plain(compiled(source).evaluate(STATED))
    assert ask_cpp(source, STATED) == found
    assert ask_rust(source, STATED) == found


_WORDS = (
    *("i", "s", "b", "ints", "row", ".number", "table", '["a"]', "x", "x ,", "rows"),
    *("1", "2.5", "0x1", "'x'", 'r"y"', "null", "true", "(", ")", "[", "]", ",", ".", "?", ":"),
    *("==", "!=", "<", "in", "&&", "||", "!", "!!", "-", "has(", "size(", ".exists(", ".map("),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=9), st.sampled_from(["", " "]))
def test_the_language_is_a_part_of_cel(words: list[str], space: str) -> None:
    """Whatever text is accepted here is a CEL expression, and means the same or has no value."""
    source = space.join(words)
    try:
        found = compiled(source).evaluate(STATED)
    except ExpressionError:
        return
    answer = CPP.compile(source, disable_check=True).eval(data=STATED)
    if answer.type().name() != "ERROR":
        assert plain(answer.plain_value()) == plain(found)
