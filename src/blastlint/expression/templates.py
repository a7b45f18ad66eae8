"""Messages with expressions in braces."""

from __future__ import annotations

from blastlint.expression.conditions import Expression, check_source, compile_at
from blastlint.expression.formatting import format_value
from blastlint.expression.types import Budget, Environment, ExpressionError
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A message to fill in."""

    source: str
    parts: tuple[str | Expression, ...]
    """Text as it stands, and expressions to evaluate, in order."""

    def render(
        self,
        bindings: Mapping[str, object],
        budget: Budget | None = None,
        name_of: Callable[[object], str] | None = None,
    ) -> str:
        """Return the text with every expression's value, written as `format_value` does.

        Raises:
            BudgetError: an expression takes too many steps.
        """
        texts = []
        for part in self.parts:
            if isinstance(part, str):
                texts.append(part)
            else:
                texts.append(format_value(part.evaluate(bindings, budget), name_of))
        return "".join(texts)


def compile_template(text: str, environment: Environment) -> Template:
    """Compile a message; `{{` and `}}` stand for braces.

    Raises:
        ExpressionError: an expression is wrong, or a brace stands alone; places are in `text`.
    """
    check_source(text)
    parts: list[str | Expression] = []
    position = 0
    while position < len(text):
        brace = min(_find(text, "{", position), _find(text, "}", position))
        if brace > position:
            parts.append(text[position:brace])
        if brace == len(text):
            break
        if text[brace : brace + 2] in {"{{", "}}"}:
            parts.append(text[brace])
            position = brace + 2
            continue
        if text[brace] == "}":
            raise ExpressionError(
                "a brace that nothing opened", brace, brace + 1, "write }} for a brace"
            )
        expression, end = compile_at(text, brace + 1, environment)
        if end >= len(text):
            raise ExpressionError(
                "a brace that nothing closes", brace, brace + 1, "write {{ for a brace"
            )
        parts.append(expression)
        position = end + 1
    return Template(text, tuple(parts))


def _find(text: str, character: str, start: int) -> int:
    found = text.find(character, start)
    return len(text) if found < 0 else found
