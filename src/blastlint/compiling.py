"""Compiles the expressions of one file of a rule, and tells what is wrong with them."""

from __future__ import annotations

from blastlint.expression import ExpressionError, compile_expression, compile_template
from blastlint.source import Problem
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.expression import Environment, Expression, Template
    from blastlint.source import Document, Location


@dataclass(frozen=True, slots=True)
class CellPath:
    """A path to a cell, such as `tool.retry.layers`: where a finding points."""

    parents: tuple[tuple[Expression, str], ...]
    """The record that holds the cell and the cell's name, and so on outwards."""


class Compiler:
    """Compiles the expressions of one rule, and collects what is wrong with them."""

    def __init__(self, document: Document, environment: Environment) -> None:
        self.document = document
        self.environment = environment
        """The names that the rule may use."""
        self.problems: list[Problem] = []

    def condition(self, source: str, *pointer: str | int) -> Expression | None:
        """Compile a condition; a fault becomes a problem."""
        try:
            return compile_expression(source, self.environment)
        except ExpressionError as error:
            self.fault(error, source, pointer)
            return None

    def template(self, source: str, *pointer: str | int) -> Template | None:
        """Compile a message; a fault becomes a problem."""
        try:
            return compile_template(source, self.environment)
        except ExpressionError as error:
            self.fault(error, source, pointer)
            return None

    def value(self, source: str, *pointer: str | int) -> Expression | None:
        """Compile an expression of any type; a fault becomes a problem."""
        try:
            return compile_expression(source, self.environment, None)
        except ExpressionError as error:
            self.fault(error, source, pointer)
            return None

    def path(self, source: str, *pointer: str | int) -> CellPath | None:
        """Compile the path to a cell, and the way back from it."""
        steps = source.split(".")
        try:
            compile_expression(source, self.environment, None)
            bases = [
                (compile_expression(".".join(steps[:end]), self.environment, None), steps[end])
                for end in range(len(steps) - 1, 0, -1)
            ]
        except ExpressionError as error:
            self.fault(error, source, pointer)
            return None
        return CellPath(tuple(bases))

    def fault(self, error: ExpressionError, source: str, pointer: Sequence[str | int]) -> None:
        """Keep what is wrong with an expression, at its place in the file."""
        wrong = source[error.start : error.end].strip()
        place = _within(self.document.at(pointer), source, error)
        known = not wrong or wrong in error.message
        message = error.message if known else f"{error.message}, in `{wrong}`"
        self.problems.append(Problem(message, place, error.help))


def _within(place: Location, source: str, error: ExpressionError) -> Location:
    """Return the part of a value that is wrong, if the value stands on one line as it is read."""
    span = place.span
    if span.line != span.end_line:
        return place
    start = place.text.find(source, span.column - 1)
    if start < 0:
        return place
    column = start + error.start + 1
    end = max(start + error.end + 1, column + 1)
    return replace(place, span=replace(span, column=column, end_column=end))
