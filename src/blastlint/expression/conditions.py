"""A compiled expression: text and names in, a function of bindings out."""

from __future__ import annotations

from blastlint.expression.checking import Checker
from blastlint.expression.faults import a
from blastlint.expression.kleene import BUDGET
from blastlint.expression.syntax import parse
from blastlint.expression.types import (
    BOOL,
    MAX_SOURCE,
    Budget,
    Environment,
    ExpressionError,
    Type,
    fits,
)
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.expression.kleene import Step
    from blastlint.expression.syntax import Node


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """An expression that fits its environment."""

    source: str
    type: Type
    run: Step
    """The compiled closure; `evaluate` is the way in."""
    loops: bool
    """Whether it goes over lists, and so needs a budget."""

    def evaluate(self, bindings: Mapping[str, object], budget: Budget | None = None) -> object:
        """Return the value for these variables: a Python value, None (null) or a `NotStated`.

        Args:
            bindings: a value for every variable of the environment that the expression uses.
            budget: what it may spend; 100,000 steps when not given.

        Raises:
            BudgetError: it takes more steps.
        """
        if self.loops:
            return self.run({**bindings, BUDGET: budget or Budget()})
        return self.run(bindings)  # type: ignore[arg-type]  # only loops write to a frame


def compile_expression(
    source: str, environment: Environment, expect: Type | None = BOOL
) -> Expression:
    """Parse, check and compile an expression.

    Args:
        source: its text, at most 4,096 characters.
        environment: the names it may use.
        expect: the type its value must have; None for any.

    Raises:
        ExpressionError: the text is wrong; with its place and what to write instead.
    """
    check_source(source)
    node, _ = parse(source)
    expression = _compiled(source, node, environment)
    if expect is not None and not fits(expression.type, expect):
        message = f"the expression is {a(expression.type)}, not {a(expect)}"
        raise ExpressionError(message, node.start, node.end, f"write one that gives {a(expect)}")
    return expression


def compile_at(text: str, start: int, environment: Environment) -> tuple[Expression, int]:
    """Compile the expression from `start` to the next `}` outside quotes, and say where that is."""
    node, end = parse(text, start, braced=True)
    return _compiled(text[start:end], node, environment), end


def check_source(source: str) -> None:
    """Refuse a text that is too long, or that no output could carry.

    Raises:
        ExpressionError: it is.
    """
    if len(source) > MAX_SOURCE:
        message = f"longer than {MAX_SOURCE:,} characters"
        raise ExpressionError(message, MAX_SOURCE, len(source), "split the rule")
    if source.isascii():
        return
    for offset, character in enumerate(source):
        if "\ud800" <= character <= "\udfff":
            message = f"unexpected character {character!a}"
            raise ExpressionError(message, offset, offset + 1, "write the text in UTF-8")


def _compiled(source: str, node: Node, environment: Environment) -> Expression:
    checker = Checker(environment)
    code = checker.check(node)
    return Expression(source, code.type, code.run, checker.loops)
