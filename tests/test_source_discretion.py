"""A line of a file that may hold secrets is repeated only if no secret can stand in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blastlint.source import EVIDENCE, InputError, parse
from blastlint.source.discretion import discreet
from blastlint.values import replace

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = frozenset({"verbs", "name"})
SECRET = "s3cr3t-0f-n0body"  # noqa: S105 -- it opens nothing


@pytest.mark.parametrize(
    "line",
    [
        "  verbs: [get, list]",
        '- {verbs: [get], name: "a:b"}',
        '  "verbs": ["get"], "name": "x"',
        "  - get",
        '      "create",',
        "jobs:",
        "  verbs: {name: x}",
        '}, {"name": "x", "verbs": ["get"]}, {',
        "  run: |",
        "  token: ${{ secrets.TOKEN }}",
        "  name: arn:aws:iam::1:role/x",
    ],
)
def test_a_line_of_open_keys_is_repeated(line: str) -> None:
    """What is written under keys that hold no secrets is shown, and keys without a value."""
    assert discreet(line, OPEN, "verbs") == line


@pytest.mark.parametrize(
    "line",
    [
        f"password: {SECRET}",
        f"{{name: x, password: {SECRET}}}",
        f'{{"password":"{SECRET}","name":"x"}}',
        f"'password': {SECRET}",
        f'"pass\\"word": "{SECRET}", "name": "x"',
        f"data: [{SECRET}]",
        f"env: [{{name: x, value: {SECRET}}}]",
        f": {SECRET}",
        f"{{data: {{name: {SECRET}}}, name: x}}",
        f"name: {SECRET}}}, verbs: [get]",
        f"verbs: [{SECRET}]}}, name: x",
        f"a/b.c/d: {SECRET}",
        f"my name: {SECRET}",
        f"- {SECRET}",
        f'{SECRET}", "verbs": ["get"]',
        f"verbs: [get], name: {{x: {SECRET}}}",
        f"data: &{SECRET}",
        f"password: |- {SECRET}",
        f"token: ${{{{ '{SECRET}' }}}}",
        f"token: ${{{{ secrets.TOKEN }}}}{SECRET}",
    ],
)
def test_a_line_with_another_value_is_not(line: str) -> None:
    """Whatever else has a value on the line, nothing of the line is shown."""
    assert discreet(line, OPEN) == ""


def test_a_remark_is_cut_off() -> None:
    """People note anything behind the values."""
    assert discreet(f"verbs: [get]  # as {SECRET}", OPEN) == "verbs: [get]"
    assert discreet(f"# {SECRET}: x", OPEN) == ""


def test_without_open_keys_no_line_is_repeated() -> None:
    """A kind of evidence that names none shows places alone."""
    assert discreet("- get", frozenset(), "verbs") == ""
    assert discreet("jobs:", frozenset()) == ""


VALUES = st.recursive(
    st.just(SECRET),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["verbs:", "verbs", "name", "pass word", 'a"b', "x#", "value"]), inner
        )
    ),
    max_leaves=4,
)


def block(value: object) -> str:
    """YAML with a line for each value."""
    return yaml.safe_dump(value, default_flow_style=False, sort_keys=False)


def flow(value: object) -> str:
    """YAML with brackets."""
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=30)


def rows(value: object) -> str:
    """JSON with a line for each value."""
    return json.dumps(value, indent=1)


@given(VALUES, st.sampled_from([block, flow, rows, json.dumps]), st.sampled_from([1, -1]))
def test_no_value_of_another_key_is_ever_repeated(
    value: object, written: Callable[[object], str], order: int
) -> None:
    """However YAML or JSON is laid out, a place beside a secret does not show it."""
    pairs = [("name", "x"), ("password", value)]
    text = written(dict(pairs[::order]))
    (document,) = parse(text.encode(), "f.yaml", replace(EVIDENCE, quotable=OPEN))
    for pointer in ((), ("name",), ("password",)):
        for key in (False, True):
            assert SECRET not in document.at(pointer, key=key).text


@pytest.mark.parametrize(
    "text",
    [
        f"verbs: !{SECRET} x",
        f"verbs: *{SECRET}",
        f"verbs: {SECRET}: x",
        f"verbs: [{SECRET}",
        f'verbs: "{SECRET}',
        f'verbs: "{SECRET}\\q"',
        f"{SECRET}: 1\n{SECRET}: 2",
        f"name: x\n  verbs: {SECRET}",
        f"{{{{ {SECRET} }}}}",
        f"%{SECRET} x\n---\na: 1",
    ],
)
def test_a_broken_file_is_not_quoted(text: str) -> None:
    """Where it cannot be read, its keys do not tell what is a secret."""
    with pytest.raises(InputError) as caught:
        parse(text.encode(), "f.yaml", replace(EVIDENCE, quotable=OPEN))
    (problem,) = caught.value.problems
    assert SECRET not in repr(problem)
    assert problem.location is not None
