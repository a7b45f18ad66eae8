"""The examples of rules notice a slip in a condition, and the command that says so is right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mutants
from blastlint.expression import BOOL, INT, STRING, Environment, enum_of, list_of
from blastlint.expression.syntax import (
    RESERVED,
    Call,
    Choice,
    Index,
    ListOf,
    Literal,
    Logic,
    Name,
    Node,
    Not,
    Relation,
    Select,
    parse,
)
from blastlint.expression.tokens import KEYWORDS
from blastlint.rules import load_pack, load_rules
from mutation import mutants as mutants_of
from unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = load_rules()
PAGE = Path(mutants.__file__).with_name("mutants.md")

# --- the text of a tree -------------------------------------------------------------------------


def bare(node: object) -> object:
    """Return a tree without places, in a form that can be compared."""
    if isinstance(node, tuple):
        return tuple(map(bare, node))
    if not isinstance(node, Node):
        return (type(node), node)
    told = {"start", "end", "at", "type"}
    names = [n for kind in type(node).__mro__ for n in getattr(kind, "__slots__", ())]
    return (type(node), *((n, bare(getattr(node, n))) for n in sorted(names) if n not in told))


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,5}", fullmatch=True).filter(
    lambda name: name not in RESERVED | KEYWORDS
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
)
LEAVES = st.builds(lambda v: Literal(0, 0, v, BOOL), VALUES) | st.builds(
    lambda n: Name(0, 0, n), NAMES
)


def grown(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Return the trees one level higher."""
    some = st.lists(inner, max_size=3).map(tuple)
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    relation = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in"])
    return st.one_of(
        st.builds(lambda o, f: Select(0, 0, o, f, 0), inner, NAMES),
        st.builds(lambda o, k: Index(0, 0, o, k), inner, inner),
        st.builds(lambda o, n, a: Call(0, 0, o, n, 0, a), st.none() | inner, NAMES, some),
        st.builds(lambda o: Not(0, 0, o), inner),
        st.builds(lambda o, p: Logic(0, 0, o, p), st.sampled_from(["&&", "||"]), many),
        st.builds(lambda o, a, b: Relation(0, 0, o, a, b), relation, inner, inner),
        st.builds(lambda c, y, n: Choice(0, 0, c, y, n), inner, inner, inner),
        st.builds(lambda i: ListOf(0, 0, i), some),
    )


@given(st.recursive(LEAVES, grown, max_leaves=12))
def test_a_tree_is_written_as_a_text_that_means_it(tree: Node) -> None:
    """What is tried is the mutant that was made, not another one that reads alike."""
    assert bare(parse(unparse(tree))[0]) == bare(tree)


def test_every_condition_of_the_rules_is_written_faithfully() -> None:
    """The same, on what people wrote."""
    for rule in RULES:
        for source in (rule.when.source, *(e.source for _, e in rule.speech.severity_if)):
            tree, _ = parse(source)
            assert bare(parse(unparse(tree))[0]) == bare(tree)


# --- slips --------------------------------------------------------------------------------------

NAMED = Environment(
    {"a": BOOL, "b": BOOL, "c": BOOL, "n": INT, "s": STRING, "e": enum_of("x", "y", "z")}
    | {"some": list_of(INT)}
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("n < 3", {"n >= 3", "n <= 3", "n < 4", "n < 2"}),
        ("n >= 3", {"n < 3", "n > 3", "n >= 4", "n >= 2"}),
        ('s == "t"', {'s != "t"', 's == "t~"'}),
        ('e != "z"', {'e == "z"', 'e != "x"', 'e != "z~"'}),
        ("!a", {"a"}),
        ("a == true", {"a != true", "a == false"}),
        ("a && b", {"a || b", "a", "b"}),
        (
            "a && b && c",
            {"a || b && c", "a && b || c", "b && c", "a && c", "a && b"},
        ),
        ("a ? b : c", {"a ? c : b"}),
        (
            'e in ["x", "y"]',
            {'!(e in ["x", "y"])', 'e in ["y", "y"]', 'e in ["x", "z"]'}
            | {'e in ["y"]', 'e in ["x"]', 'e in ["x~", "y"]', 'e in ["x", "y~"]'},
        ),
        ("some.exists(i, i == n)", {"some.all(i, i == n)", "some.exists(i, i != n)"}),
        (
            'duration("24h") > duration("1h30m")',
            {f'duration("24h") {o} duration("1h30m")' for o in ("<=", ">=")}
            | {f'duration("{d}h") > duration("1h30m")' for d in (23, 25)}
            | {f'duration("24h") > duration("{d}h30m")' for d in (0, 2)}
            | {'duration("24h~") > duration("1h30m")', 'duration("24h") > duration("1h30m~")'},
        ),
    ],
)
def test_a_slip_of_every_kind_is_made(source: str, expected: set[str]) -> None:
    """No kind of slip is forgotten, and none is made twice; what makes no sense is not loaded."""
    found = [mutant.text for mutant in mutants_of(source, NAMED)]
    assert set(found) == expected
    assert len(found) == len(expected)


# --- examples against slips ---------------------------------------------------------------------

WEAK = """\
id: many-attempts
title: A tool is tried often
severity: warning
severity_if:
  error: tool.effect == "spend"
profile: pilot
family: test
each: tool
when: tool.live && tool.enabled == true
message: "{tool.id} is on"
why: It is.
fix: Do not.
refs: [none]
tags: []
examples:
  - bad: |
      tools:
        pay: {agents: [agent], enabled: true, effect: spend}  # finding
"""
STRONG = """\
  - good: |
      tools:
        pay: {agents: [agent], enabled: false}
  - bad: |
      tools:
        pay: {agents: [agent], effect: notify, enabled: true}  # finding: certain warning
"""


def tried(text: str, folder: Path, same: dict[str, str] | None = None) -> mutants.Trial:
    """Run a rule's examples on its mutants."""
    (folder / "many-attempts.yaml").write_text(text, encoding="utf-8")
    (rule,) = load_pack(str(folder))
    return mutants.trial(rule, (rule,), same or {})


def test_what_the_examples_do_not_notice_survives(tmp_path: Path) -> None:
    """A side that no example needs, and a severity that none states, are told."""
    survivors = {mutant.text for _, mutant in tried(WEAK, tmp_path).survivors}
    assert "tool.live" in survivors
    assert 'tool.effect != "spend"' in survivors
    stronger = {mutant.text for _, mutant in tried(WEAK + STRONG, tmp_path).survivors}
    assert stronger == {"tool.enabled == true"}


def test_what_means_the_same_is_excused_only_if_it_survives(tmp_path: Path) -> None:
    """The list of excuses holds no mutant that is noticed, and none that does not exist."""
    excused = {"tool.enabled == true": "every tool here is live"}
    assert tried(WEAK + STRONG, tmp_path, excused).survivors == ()
    assert tried(WEAK + STRONG, tmp_path, excused).equivalent == 1
    needless = {"tool.live": "it is noticed"}
    assert tried(WEAK + STRONG, tmp_path, needless).needless == ("tool.live",)


NOTICED = 99
"""Percent of all mutants that the examples notice at least; it only ever grows."""


def test_the_examples_notice_most_slips(golden: Callable[[Path, str], None]) -> None:
    """An example that would pass whatever its rule says is no test; what survives is told."""
    same = mutants.equivalents(RULES)
    done = {rule.id: mutants.trial(rule, RULES, same.get(rule.id, {})) for rule in RULES}
    assert [name for name, one in done.items() if one.needless] == []
    engine = [rule.id for rule in RULES if rule.family == "engine"]
    assert [name for name in engine if done[name].survivors] == []
    trials = list(done.values())
    assert mutants.noticed(trials) >= NOTICED
    golden(PAGE, "\n".join(mutants.page(trials)) + "\n")
