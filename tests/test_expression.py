"""The condition language: what it accepts, what it answers, and how it explains a mistake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blastlint.expression import (
    BOOL,
    DAY,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    Budget,
    BudgetError,
    Environment,
    ExpressionError,
    Field,
    Function,
    NotStated,
    Type,
    compile_expression,
    compile_template,
    enum_of,
    format_value,
    list_of,
    map_of,
    record_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AS_OF = date(2026, 6, 2)


@dataclass(frozen=True)
class Row:
    """A record for tests: a name, and the cells that are stated."""

    name: str
    cells: Mapping[str, object]

    __hash__ = object.__hash__

    @property
    def id(self) -> str:
        """The row's name, as an entity's id."""
        return self.name


def cell(name: str) -> Callable[[object], object]:
    """Return the reader of one field: its value, or the pair that names the missing cell."""

    def get(record: object) -> object:
        assert isinstance(record, Row)
        return record.cells.get(name, NotStated(((record.name, name),)))

    return get


def fields(**types: Type) -> dict[str, Field]:
    """Return fields of these types."""
    return {name: Field(kind, cell(name)) for name, kind in types.items()}


ENVIRONMENT = Environment(
    variables={
        "tool": record_of("Tool"),
        "tools": list_of(record_of("Tool")),
        "names": list_of(STRING),
        "numbers": list_of(INT),
        "limits": map_of(INT),
        "today": DAY,
        "yes": BOOL,
        "count": INT,
        "share": DOUBLE,
        "word": STRING,
    },
    records={
        "Tool": fields(
            id=STRING,
            effect=enum_of("read", "append", "mutate", "destroy", "spend"),
            tier=enum_of("T0", "T1"),
            gated=BOOL,
            agents=list_of(STRING),
            actions=list_of(enum_of("create", "delete")),
            timeout=DURATION,
            tested_at=DAY,
            retry=record_of("Retry"),
            labels=map_of(STRING),
        ),
        "Retry": fields(attempts=INT, effects=DOUBLE, profile=STRING, layer=record_of("Retry")),
    },
    functions={
        "age": Function((DAY,), DURATION, lambda day: AS_OF - day),
        "worse": Function((enum_of("low", "high"), STRING), BOOL, lambda a, b: a > b),
    },
)

RETRY = Row("retry", {"attempts": 7370, "effects": inf, "profile": None})
TOOL = Row(
    "refund",
    {
        "id": "refund",
        "effect": "spend",
        "gated": False,
        "agents": ("support", "billing"),
        "actions": ("create",),
        "timeout": timedelta(minutes=40),
        "tested_at": date(2026, 5, 3),
        "retry": RETRY,
        "labels": {"team": "payments", "none": None},
    },
)
BARE = Row("bare", {"retry": None, "agents": None, "gated": None, "timeout": None})
BINDINGS: dict[str, object] = {
    "tool": TOOL,
    "tools": (TOOL, BARE),
    "names": ["a", "b", "b"],
    "numbers": (1, 2, 3),
    "limits": {"refunds": 50},
    "today": AS_OF,
    "yes": True,
    "count": 3,
    "share": 0.5,
    "word": "héllo",
}


def value(source: str, **bindings: object) -> object:
    """Return what an expression of any type evaluates to."""
    expression = compile_expression(source, ENVIRONMENT, None)
    return expression.evaluate({**BINDINGS, **bindings})


def mistake(source: str, expect: Type | None = None) -> ExpressionError:
    """Return the error of a source text that must be refused."""
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source, ENVIRONMENT, expect)
    error = caught.value
    assert 0 <= error.start <= error.end <= len(source)
    assert error.end > error.start or not source
    assert error.message
    assert error.help
    assert all(text.isprintable() for text in (error.message, error.help))
    return error


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('tool.effect != "read" && tool.retry.attempts > 1', True),
        ('tool.effect == "read" || !tool.gated', True),
        ("count == 3 ? word : tool.id", "héllo"),
        ("count == 4 ? 1 : count == 3 ? 2.5 : 3", 2.5),
        ("1 < 1.5 && share == 0.5 && count >= 3.0 && 3 in [3.0]", True),
        ('tool.effect in ["spend", "destroy"]', True),
        ('"create" in tool.actions', True),
        ('"refunds" in limits && limits["refunds"] == 50', True),
        ('limits.exists(name, name.startsWith("ref"))', True),
        ("count in numbers", True),
        ('tool.agents.exists(agent, agent == "billing")', True),
        ("numbers.all(n, n > 0)", True),
        ('names.exists_one(n, n == "b")', False),
        ('names.exists_one(n, n == "a")', True),
        ("numbers.filter(n, n != 2)", (1, 3)),
        ("numbers.map(n, n > 1)", (False, True, True)),
        ("numbers.filter(n, n > 1) == [2, 3]", True),
        ("numbers.exists(n, numbers.all(m, m <= n))", True),
        ("[].exists(x, x == 1)", False),
        ("[].all(x, x == 1)", True),
        ('size("") == 0 && size([]) == 0 && names.size() == 3', True),
        ("size(word)", 5),
        ('word.startsWith("h") && word.endsWith("o") && word.contains("éll")', True),
        ('tool.timeout < duration("1h") && tool.timeout == duration("2400s")', True),
        ('age(tool.tested_at) == duration("30d")', True),
        ("tool.tested_at < today", True),
        ('worse("low", "high")', True),
        ("has(tool.retry.attempts) && !has(tool.tier)", True),
        ("tool.retry.profile == null && null == tool.retry.profile", True),
        ("tool.retry != null && 1 != null", True),
        ("tools != [] && !(tool in []) && !(null in tools) && [tool] != []", True),
        ("[null, 1] == [null, 1] && null in [null]", True),
        ("yes == true && !false && !!yes", True),
        ("1 == 2 == false", True),
        ("true || false && false", True),
        ("!yes == false", True),
        ("-1 < 0 && -0x10 == -16 && -1.5e0 < .5", True),
        ("9223372036854775807 > -9223372036854775808", True),
        ("yes // said so\n && true", True),
        ("tools.map(t, t.id) == tools.map(t, t.id)", NotStated((("bare", "id"),))),
    ],
)
def test_answers(source: str, expected: object) -> None:
    """Stated facts are compared as CEL compares them."""
    assert value(source) == expected


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (r'"a\"b"', 'a"b'),
        (r"'\a\b\f\n\r\t\v\\\?\"\'\`'", "\a\b\f\n\r\t\v\\?\"'`"),
        (r'"\x41\X42\103\u00e9\U0001F600"', "ABCé😀"),
        (r"r'''\'\ '''", "\\'\\ "),
        (r'r"\n\ "', "\\n\\ "),
        (r"R'\x'", r"\x"),
        ('"""two\n"lines" """', 'two\n"lines" '),
        ("'''it's'''", "it's"),
        ('""', ""),
        ("''''''", ""),
        ('r""', ""),
        ('"\0\t"', "\0\t"),
    ],
)
def test_string_literals(literal: str, text: str) -> None:
    """String literals have CEL's quotes and escapes."""
    assert value(literal) == text


def test_a_missing_cell_is_named() -> None:
    """Whatever needs a cell that is not stated answers with that cell."""
    missing = NotStated((("bare", "effect"),))
    for source in (
        'tool.effect == "read"',
        'tool.effect != "read"',
        'tool.effect in ["read"]',
        '"read" in [tool.effect]',
        '!(tool.effect == "read")',
        'tool.effect.startsWith("r")',
        "size(tool.effect)",
        "[tool.effect]",
        'tool.effect == "read" ? 1 : 2',
        'worse("low", tool.effect)',
        "names.map(n, tool.effect)",
        "names.filter(n, n == tool.effect)",
        "names.exists(n, n == tool.effect)",
        "names.all(n, n == tool.effect)",
        "tool.effect == null",
        "tool.effect",
        "limits[tool.effect]",
        "yes && tool.effect == word",
    ):
        assert value(source, tool=BARE) == missing, source


def test_every_cause_is_kept_once_and_in_order() -> None:
    """The causes of two missing facts are united, the first first."""
    found = value('tool.effect == tool.id || tool.effect == "read"', tool=BARE)
    assert found == NotStated((("bare", "effect"), ("bare", "id")))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("tool.retry == null", True),
        ("tool.retry.attempts == null", True),
        ("tool.retry.layer.layer == null", True),
        ("has(tool.retry) || has(tool.retry.attempts) || has(tool.effect)", False),
        ("tool.retry.attempts > 1", NotStated()),
        ("1 > tool.retry.attempts", NotStated()),
        ('tool.timeout < duration("1s")', NotStated()),
        ("!tool.gated", NotStated()),
        ("tool.gated && yes", NotStated()),
        ("tool.gated && false", False),
        ("tool.gated ? 1 : 2", NotStated()),
        ("size(tool.retry.profile)", NotStated()),
        ('tool.retry.profile.contains("x")', NotStated()),
        ("size(tool.agents) == 0", True),
        ("tool.agents.exists(a, true)", False),
        ("tool.agents.all(a, false)", True),
        ("tool.agents.exists_one(a, true)", False),
        ("tool.agents.filter(a, true) == []", True),
        ("size(tool.agents.map(a, a))", 0),
        ('"x" in tool.agents', False),
        ("tool.agents == []", False),
        ("tool.agents != names", True),
        ('tool.retry.profile in ["a", "b"]', False),
    ],
)
def test_null_is_a_claim_that_there_is_none(source: str, expected: object) -> None:
    """A field of null is null, null holds nothing, and null has no order."""
    assert value(source, tool=BARE) == expected


def test_an_absent_key_is_not_stated() -> None:
    """A map says nothing about keys that it does not hold."""
    assert value('limits["other"] == 1') == NotStated()
    assert value('tool.labels["none"] == null') is True
    assert value('tool.labels["team"] == "x"', tool=BARE) == NotStated((("bare", "labels"),))
    assert value('tool.retry.profile == null ? tool.labels["a"] : "b"', tool=BARE) != "b"


def test_exists_one_waits_for_missing_answers_unless_two_hold() -> None:
    """Two elements that hold decide, whatever the others turn out to be."""
    one = 'tools.exists_one(t, t.effect == "spend")'
    missing = NotStated((("bare", "effect"),))
    assert value(one, tools=(TOOL, BARE)) == missing
    assert value(one, tools=(BARE,)) == missing
    assert value(one, tools=(TOOL, BARE, TOOL)) is False
    assert value(one, tools=(TOOL,)) is True


def test_what_is_not_stated_has_no_truth() -> None:
    """Python code cannot take "not stated" for true or false by accident."""
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(NotStated())


# --- laws ---------------------------------------------------------------------------------------

_CONDITIONS = st.recursive(
    st.sampled_from(
        [
            'tool.effect == "read"',
            'tool.effect != "spend"',
            'tool.effect in ["read", "spend"]',
            "tool.gated",
            "tool.retry.attempts > 1",
            "tool.retry.attempts == tool.retry.effects",
            "tool.retry == null",
            'tool.timeout <= duration("1m")',
            "size(tool.agents) > 1",
            '"billing" in tool.agents',
            'tool.agents.exists(i, i == "billing")',
            'tool.agents.all(i, i.contains("b") || tool.gated)',
            "tool.agents.filter(i, i == tool.effect) == []",
            "true in tool.agents.map(i, tool.gated)",
            'tool.agents.exists_one(i, i != "support" && tool.gated)',
            'age(tool.tested_at) > duration("1d")',
            "true",
            "false",
        ]
    ),
    lambda inner: st.one_of(
        inner.map(lambda a: f"!({a})"),
        st.tuples(inner, st.sampled_from(["&&", "||", "==", "!="]), inner).map(
            lambda abc: f"({abc[0]}) {abc[1]} ({abc[2]})"
        ),
        st.tuples(inner, inner, inner).map(lambda abc: f"({abc[0]}) ? ({abc[1]}) : ({abc[2]})"),
    ),
    max_leaves=6,
)
_RETRIES = {"attempts": st.integers(0, 3), "effects": st.floats(0, 3)}


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """Draw a tool with every cell stated, some of them null."""
    cells = {
        "effect": st.sampled_from(["read", "append", "spend"]),
        "gated": st.booleans(),
        "agents": st.lists(st.sampled_from(["support", "billing"]), max_size=3).map(tuple),
        "timeout": st.sampled_from([timedelta(seconds=10), timedelta(minutes=2)]),
        "tested_at": st.dates(date(2026, 5, 1), AS_OF),
        "retry": st.fixed_dictionaries(_RETRIES).map(lambda cells: Row("retry", cells)),
    }
    return Row("tool", {name: draw(st.none() | cell) for name, cell in cells.items()})


def without(row: Row, names: frozenset[str]) -> Row:
    """Return the row with these cells not stated."""
    return Row(row.name, {name: cell for name, cell in row.cells.items() if name not in names})


NAMES = ("effect", "gated", "agents", "timeout", "tested_at", "retry")


@settings(max_examples=300, deadline=None)
@given(_CONDITIONS, rows(), st.frozensets(st.sampled_from(NAMES)))
def test_stating_a_fact_never_overturns_an_answer(
    source: str, tool: Row, hidden: frozenset[str]
) -> None:
    """An answer given without some facts stays the answer whatever these facts are."""
    early = value(source, tool=without(tool, hidden))
    if isinstance(early, NotStated):
        assert set(early.cells) <= {("tool", name) for name in hidden}
    else:
        assert value(source, tool=tool) == early


@settings(max_examples=100, deadline=None)
@given(_CONDITIONS, rows())
def test_full_facts_give_an_answer(source: str, tool: Row) -> None:
    """With every fact stated and none null, the answer is true or false."""
    if None not in tool.cells.values():
        assert isinstance(value(source, tool=tool), bool)


# --- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "marked", "message", "help_part"),
    [
        ('tool.efect == "read"', "efect", "unknown field of Tool: 'efect'", "'effect'?"),
        ('tol.effect == "read"', "tol", "unknown name: 'tol'", "'tool'?"),
        ('tool.effect == "raed"', '"raed"', "'raed' is not a possible value", "'read'?"),
        ('tool.effect in ["read", "spent"]', '"spent"', "'spent' is not", "'spend'?"),
        ('"creat" in tool.actions', '"creat"', "'creat' is not", "'create'?"),
        ('tool.actions == ["delet"]', '"delet"', "'delet' is not", "'delete'?"),
        ('tool.effect == (yes ? "read" : "reed")', '"reed"', "'reed' is not", "'read'?"),
        ('worse("lo", word)', '"lo"', "'lo' is not a possible", "'low'?"),
        ('tool.actions.exists(x, x == "creat")', '"creat"', "'creat' is not", "'create'?"),
        ("tool.effect == tool.tier", "tool.effect == tool.tier", "never equals", "one of: read"),
        ('tool.effect > "read"', 'tool.effect > "read"', "an enum has no order", "in ["),
        ('tool.retry.attempts == "1"', 'tool.retry.attempts == "1"', "an int never", "another int"),
        ('tool.timeout > "24h"', 'tool.timeout > "24h"', "a duration with a string", "duration("),
        ("yes < true", "yes < true", "< does not compare a bool with a bool", "another bool"),
        ("tool.retry < 1", "tool.retry < 1", "a Retry with an int", "fields"),
        ("tool == tool.retry.layer", None, "a Tool never equals a Retry", "fields"),
        ("tools.exists(t, t == tool)", "t == tool", "a Tool is compared with null only", "ids"),
        ("tool in tools", "tool", "a Tool is compared with null only", "ids"),
        ("tools == tools", None, "a Tool is compared with null only", "ids"),
        ("1 < null", "1 < null", "does not compare an int with null", "int"),
        ("tool.tested_at < tool.timeout", None, "a day with a duration", "day"),
        ("tool", "tool", "the expression is a Tool, not a bool", "gives a bool"),
        ("null", "null", "the expression is null, not a bool", "gives a bool"),
        ("word && yes", "word", "each side of && must be a bool", "another string"),
        ("!word", "word", "what ! negates must be a bool", "!(…)"),
        ("!count == 3", "count", "what ! negates must be a bool", "!(…)"),
        ("count ? 1 : 2", "count", "what stands before ? must be a bool", "int"),
        ('yes ? 1 : "a"', None, "one branch is an int, the other a string", "alike"),
        ('[1, "a"]', '"a"', "the list holds ints", "alike"),
        ("[names]", "names", "cannot be inside a list", "single"),
        ("names.map(n, names)", "names", "cannot be inside a list", "single"),
        ("1 in names", "1", "an int is never in a list of string", "int"),
        ('"h" in word', "word", "must be a list, this is a string", "contains"),
        ("1 in 2", "2", "must be a list", "[a, b]"),
        ("word.size", "size", "a string has no fields", "string"),
        ("limits.refunds", "refunds", "a map of int has no fields", 'm["key"]'),
        ("names[0]", "names[0]", "a list of string has no keys", "exists"),
        ("limits[0]", "0", "a key must be a string", "int"),
        ("size(count)", "count", "an int has no size", "int"),
        ("has(tool)", "tool", "has() asks for a field", "has(tool.owner)"),
        ("has()", "has()", "has takes 1 argument, not 0", "has(tool.owner)"),
        ("size(names, 1)", None, "size takes 1 argument, not 2", "size(list)"),
        ("names.all(true)", None, "all takes 2 arguments, not 1", "list.all(x, CONDITION)"),
        ('names.exists("x", true)', '"x"', "names its element first", "exists(x"),
        ("names.exists(tool, true)", "tool", "'tool' already names something", "another"),
        ("names.all(x, names.all(x, true))", "x", "'x' already names", "another"),
        ("names.exists(x, x)", "x", "what .exists asks must be a bool", "string"),
        ("word.exists(x, true)", "word", "must be a list, this is a string", "string"),
        ("names.exists(x, y)", "y", "unknown name: 'y'", "known: "),
        ("names.any(x, true)", "any", "unknown function: 'any'", "list.exists(x,"),
        ("aeg(today)", "aeg", "unknown function: 'aeg'", "'age'?"),
        ('age("2026-06-02")', '"2026-06-02"', "what age takes must be a day", "string"),
        ("age()", "age()", "age takes 1 argument, not 0", "1"),
        ('duration("3 weeks")', '"3 weeks"', "'3 weeks' is no length of time", "30d"),
        ('duration("99999999999999d")', '"99999999999999d"', "is no length of time", "30d"),
        ("duration(word)", "word", "takes a written length", 'duration("24h")'),
        ('word.matches("h.*")', "matches", "unknown function", "no patterns"),
        ("len(names) > 0", "len", "unknown function", "size("),
        ("yes and count == 1", "and", "unexpected 'and'", "&&"),
        ("yes or yes", "or", "unexpected 'or'", "||"),
        ("not yes", "yes", "unexpected 'yes'", "!"),
        ("yes & yes", "&", "unexpected character '&'", "&&"),
        ("yes | yes", "|", "unexpected character '|'", "||"),
        ("count = 3", "=", "unexpected character '='", "=="),
        ("count + 1 == 4", "+", "unexpected character '+'", "arithmetic"),
        ("count - 1 == 2", "-", "unexpected '-'", "arithmetic"),
        ("-count", "-", "unexpected '-'", "arithmetic"),
        ("tool.retry == None", "None", "unknown name: 'None'", "null"),
        ("yes == True", "True", "unknown name: 'True'", "true"),
        ("if yes", "if", "'if' is a reserved word", "?"),
        ("count == ", "==", "the expression ends too early", "comparison"),
        ("(yes", "yes", "ends too early, after 'yes'", "')'"),
        ("yes)", ")", "unexpected ')'", "comparison"),
        ("names.", ".", "ends too early", "a name"),
        ("age(today,)", ")", "unexpected ')'", "comparison"),
        ("size(names names)", "names", "unexpected 'names'", "')'"),
        ("yes ? 1", "1", "ends too early", "':'"),
        ("{1: 2}", "{", "unexpected character '{'", "map"),
        ("yes}", "}", "unexpected character '}'", "map"),
        ('"open', '"open', "the text that starts here does not end", 'close it with "'),
        ("'open\n'", "'open", "does not end", "'"),
        ('"""open"', '"""open"', "does not end", '"'),
        (r'"\q"', r"\q", r"unknown escape \q", r"\\"),
        (r'"\ud800"', r"\ud800", "no such character", r"\uHHHH"),
        (r'"\U00110000"', r"\U00110000", "no such character", r"\uHHHH"),
        (r'"\x4"', r"\x", "unknown escape", r"\xHH"),
        ("9223372036854775808", "9223372036854775808", "too large", "smaller"),
        ("1e999", "1e999", "too large", "smaller"),
        ("1u == 1", "u", "unexpected 'u'", "comparison"),
        ("1. == 1", "==", "unexpected '=='", "a name"),
        ("naïve", "ï", r"unexpected character '\xef'", "names"),
        ("yes\0", "\0", r"unexpected character '\x00'", "names"),
        ("'\ud800' == word", "\ud800", r"unexpected character '\ud800'", "UTF-8"),
        ("yes \u202e&& yes", "\u202e", r"'\u202e'", "names"),
    ],
)
def test_a_mistake_is_shown_where_it_is(
    source: str, marked: str | None, message: str, help_part: str
) -> None:
    """Every mistake has a place in the source, says what is wrong and what to write."""
    error = mistake(source, BOOL)
    assert message in error.message
    assert help_part in error.help
    assert source[error.start : error.end] == (source if marked is None else marked)


@pytest.mark.parametrize(
    "source",
    [
        "",
        " ",
        "\n",
        "// nothing",
        "(" * 10_000,
        "(" * 4_000,
        "[" * 4_000,
        "!" * 4_000 + "yes",
        "tool" + ".retry" * 500,
        "tool" + '["a"]' * 500,
        "yes" + " == yes" * 500,
        "yes ? " * 500 + "yes",
        "yes" + " ? yes : yes" * 300,
        "tools" + ".filter(t, true)" * 200,
        "age(" * 900,
        "'" * 4_001,
        '"' + "\\" * 4_000,
        "9" * 4_096,
        "1e" + "9" * 4_000,
        "\ufeffyes",
        "\ud800",
        "\uff59es",
        "{{}}",
        "__import__('os')",
        "tool.__class__",
        "tool.cells",
        "yes if yes else yes",
        "lambda: yes",
    ],
)
def test_hostile_sources_are_mistakes(source: str) -> None:
    """Whatever the text, the answer is one error with a place: no crash, no way out."""
    mistake(source, BOOL)


_WORDS = (
    *("tool", ".effect", ".retry", ".id", "names", "numbers", "yes", "limits", "x"),
    *("1", "2.5", '"read"', "'x'", "null", "true", "(", ")", "[", "]", ",", ".", "?", ":"),
    *("==", "!=", "<", "in", "&&", "||", "!", "-", "+", "{", "}", "\\", '"'),
    *("has(", "size(", "duration(", ".exists(", ".map("),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(_WORDS) | st.text(max_size=3),
        max_size=12,
    ).map(" ".join)
)
@example('" " " \x1f "')
@example('" " . " \x1f "')
def test_any_text_compiles_or_is_explained(source: str) -> None:
    """Random text either compiles, and then evaluates, or is refused with a place."""
    try:
        expression = compile_expression(source, ENVIRONMENT, None)
    except ExpressionError:
        mistake(source)
    else:
        expression.evaluate(BINDINGS)


def test_long_flat_conditions_are_fine() -> None:
    """The limits are for nesting, not for a long list of conditions."""
    assert value(" && ".join(["yes"] * 400)) is True
    assert value("(" * 30 + "yes" + ")" * 30) is True
    assert value("yes" + " == yes" * 30) is True


# --- budget -------------------------------------------------------------------------------------


def test_nested_loops_run_out_of_budget() -> None:
    """Loops in loops stop after 100,000 steps, or after what the caller allows."""
    loops = "numbers.all(a, numbers.all(b, numbers.all(c, a <= 1000)))"
    assert value(loops, numbers=range(40)) is True
    with pytest.raises(BudgetError, match="100,000 steps"):
        value(loops, numbers=range(60))
    with pytest.raises(BudgetError):
        value("numbers.all(a, !(a in numbers) || [a] == numbers || true)", numbers=range(400))
    with pytest.raises(BudgetError):
        value("numbers.all(a, numbers == numbers)", numbers=range(400))


def test_one_budget_bounds_many_evaluations() -> None:
    """A shared budget is spent by every evaluation that is given it."""
    expression = compile_expression("numbers.exists(n, n < 0)", ENVIRONMENT)
    budget = Budget(8)
    expression.evaluate(BINDINGS, budget)
    expression.evaluate(BINDINGS, budget)
    assert budget.left == 2
    with pytest.raises(BudgetError, match="more than 8 steps"):
        expression.evaluate(BINDINGS, budget)


def test_evaluation_leaves_the_bindings_alone() -> None:
    """The caller's bindings are read, never written."""
    bindings = dict(BINDINGS)
    compile_expression("numbers.all(n, n in numbers)", ENVIRONMENT).evaluate(bindings)
    assert bindings == BINDINGS


# --- messages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{tool.id} runs {tool.retry.attempts} times", "refund runs 7,370 times"),
        (
            "{tool.retry.effects} effects for {tool.agents}",
            "unlimited effects for support, billing",
        ),
        ("{{tool.id}} is {tool.id}}}{{", "{tool.id} is refund}{"),
        ("{'}'}{\"{\"} {limits['refunds']}", "}{ 50"),
        ("{tool.tier}, {tool.retry.profile}, {tool.gated}", "not stated, none, false"),
        ("{tool} and {tools}", "refund and refund, bare"),
        (
            "{yes ? 'on' : 'off'} since {tool.tested_at} ({age(tool.tested_at)})",
            "on since 2026-05-03 (30 d)",
        ),
        ("{ tools.filter(t, has(t.effect)) }", "refund"),
    ],
)
def test_messages_are_filled_in(text: str, expected: str) -> None:
    """Braces hold expressions, doubled braces are braces, and values read well."""
    assert compile_template(text, ENVIRONMENT).render(BINDINGS) == expected


def test_the_caller_may_name_records() -> None:
    """A message names records as the caller says."""
    template = compile_template("{tools}", ENVIRONMENT)
    assert template.render(BINDINGS, name_of=lambda row: f"<{row!s:.3}>") == "<Row>, <Row>"


@pytest.mark.parametrize(
    ("text", "marked", "message"),
    [
        ("it is {tool.idd}", "idd", "unknown field of Tool"),
        ("a {word", "{", "nothing closes"),
        ("an {'open}", "'open}", "does not end"),
        ("a } alone", "}", "nothing opened"),
        ("a {} hole", "{", "empty"),
        ("a { } hole", " ", "empty"),
        ("{tool.id tool}", "tool", "unexpected 'tool'"),
        ("{count:5}", ":", "unexpected ':'"),
        ("{count}}", "}", "nothing opened"),
        ("{{count}", "}", "nothing opened"),
        ("x" * 4_097, "x", "longer than 4,096"),
        ("{tool.id \ud800}", "\ud800", "unexpected character"),
    ],
)
def test_a_mistake_in_a_message_is_shown_where_it_is(text: str, marked: str, message: str) -> None:
    """Places are counted in the whole text of the message."""
    with pytest.raises(ExpressionError) as caught:
        compile_template(text, ENVIRONMENT)
    error = caught.value
    assert message in error.message
    assert error.help
    assert text[error.start : error.end] == marked


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (0, "0"),
        (7370, "7,370"),
        (-1234567, "-1,234,567"),
        (1.0, "1"),
        (0.5, "0.5"),
        (1234.56789, "1,234.568"),
        (100.0, "100"),
        (0.00012, "0.00012"),
        (-0.0, "0"),
        (1e300, "1e+300"),
        (inf, "unlimited"),
        (-inf, "-unlimited"),
        (inf - inf, "not a number"),
        (True, "true"),
        (timedelta(days=30), "30 d"),
        (timedelta(hours=24), "1 d"),
        (timedelta(hours=2), "2 h"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(minutes=2441), "1 d 16 h 41 min"),
        (timedelta(hours=99), "99 h"),
        (timedelta(hours=123), "123 h"),
        (timedelta(days=1000), "1,000 d"),
        (timedelta(seconds=7370.5), "2 h 2 min 50.5 s"),
        (timedelta(seconds=2440), "40 min 40 s"),
        (timedelta(seconds=99.5), "99.5 s"),
        (timedelta(seconds=100), "1 min 40 s"),
        (timedelta(seconds=-2440), "-40 min 40 s"),
        (timedelta(seconds=0.5), "0.5 s"),
        (timedelta(seconds=30), "30 s"),
        (timedelta(microseconds=1), "0.000001 s"),
        (timedelta(), "0 s"),
        (timedelta(days=-2), "-2 d"),
        (timedelta(seconds=-1.5), "-1.5 s"),
        (timedelta.max, "unlimited"),
        (None, "none"),
        (NotStated((1,)), "not stated"),
        (date(2026, 6, 2), "2026-06-02"),
        (datetime(2026, 6, 26, 17, 0), "2026-06-26T17:00:00"),  # noqa: DTZ001 -- a local time
        ((), "none"),
        (["a", 1000, None], "a, 1,000, none"),
        ({"k": 1}, "k"),
        (range(3), "range(0, 3)"),
        (tuple(range(25)), ", ".join(map(str, range(20))) + ", and 5 more"),
    ],
)
def test_values_read_well(found: object, text: str) -> None:
    """Numbers are grouped, durations have the largest unit that fits, infinity is unlimited."""
    assert format_value(found) == text


@settings(max_examples=100)
@given(st.timedeltas(timedelta(-10_000), timedelta(10_000)))
def test_a_written_duration_is_read_back(length: timedelta) -> None:
    """What a message says about a duration is exact."""
    text = format_value(length).replace(",", "").replace(" ", "").replace("min", "m")
    assert value(f'duration("{text}")') == length
