"""What to say about a mistake: where it is, what is wrong, and what to write."""

from __future__ import annotations

from blastlint.expression.tokens import HINTS
from blastlint.expression.types import ExpressionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.expression.syntax import Call, Node
    from blastlint.expression.types import Type

MACROS = ("exists", "all", "exists_one", "filter", "map")
TEXTS = ("startsWith", "endsWith", "contains")

_USAGE = {
    **{name: f"write list.{name}(x, CONDITION)" for name in MACROS},
    **{name: f'write text.{name}("part")' for name in TEXTS},
    "has": "write has(tool.owner)",
    "size": "write size(list)",
    "duration": 'write duration("24h")',
}


def a(kind: Type) -> str:
    """Return a type with its article, as in `an int`."""
    text = str(kind)
    if kind.kind in {"null", "any"}:
        return text
    return f"{'an' if text[0] in 'aeioAEIO' else 'a'} {text}"


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?`, or else what is known."""
    from difflib import get_close_matches  # noqa: PLC0415 -- needed for a mistake only

    names = sorted(known)
    close = get_close_matches(word, names, 1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"known: {', '.join(names)}" if names else "nothing is known here"


def fault(node: Node, message: str, helped: str) -> ExpressionError:
    """Return the error at a part of the tree."""
    return ExpressionError(message, node.start, node.end, helped)


def unknown(what: str, word: str, known: Iterable[str], start: int, end: int) -> ExpressionError:
    """Return the error for a word that names nothing."""
    helped = HINTS.get(word) or suggestion(word, known)
    return ExpressionError(f"unknown {what}: '{word}'", start, end, helped)


def comparable(kind: Type) -> str:
    """Say what a value of this type is good for."""
    examples = {
        "list": "ask for elements with exists, all, in or size()",
        "map": "ask for keys with exists, all, in or size()",
        "record": "ask for one of its fields, or whether it is null",
        "duration": 'compare it with another, such as duration("24h")',
        "day": "compare it with another day",
        "null": "compare a field with null by == or !=",
    }
    if kind.kind == "enum":
        return f"compare it with one of: {', '.join(kind.values)}"
    return examples.get(kind.kind, f"compare it with another {kind}")


def count(node: Call, wanted: int) -> None:
    """Refuse a call with another number of arguments."""
    found = len(node.arguments)
    if found != wanted:
        plural = "" if wanted == 1 else "s"
        usage = _USAGE.get(node.name, f"give it {wanted}")
        raise fault(node, f"{node.name} takes {wanted} argument{plural}, not {found}", usage)
