"""Makes the mutants of a condition: each differs in one place, as a slip of the pen would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from blastlint.expression.checking import Checker, Code
from blastlint.expression.syntax import (
    Call,
    Choice,
    ListOf,
    Literal,
    Logic,
    Node,
    Not,
    Relation,
    parse,
)
from blastlint.values import replace
from unparse import unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.expression import Environment, Type

FLIPPED = {
    "==": ("!=",),
    "!=": ("==",),
    "<": (">=", "<="),
    "<=": (">", "<"),
    ">": ("<=", ">="),
    ">=": ("<", ">"),
}
TURNED = {"&&": "||", "||": "&&"}
QUANTIFIERS = {"exists": "all", "all": "exists"}


class Mutant(NamedTuple):
    """A condition with one slip."""

    text: str
    slip: str
    """The part that changed, and what it became."""


def mutants(source: str, environment: Environment) -> list[Mutant]:
    """Return the mutants of a condition, each text once, none the condition itself.

    A mutant may fail to compile: what it asks may make no sense. Nobody can ship that one.
    """
    tree, _ = parse(source)
    types = _types(tree, environment)
    found = {mutant.text: mutant for mutant in _mutants(tree, types, lambda node: node)}
    found.pop(unparse(tree), None)
    return list(found.values())


class _Typed(Checker):
    """A checker that keeps the type of every part."""

    __slots__ = ("types",)

    def __init__(self, environment: Environment) -> None:
        """Start with no type known."""
        super().__init__(environment)
        self.types: dict[int, Type] = {}

    def check(self, node: Node) -> Code:
        """Check a part, and keep its type."""
        code = super().check(node)
        self.types[id(node)] = code.type
        return code


def _types(tree: Node, environment: Environment) -> dict[int, Type]:
    checker = _Typed(environment)
    checker.check(tree)
    return checker.types


def _mutants(
    node: Node, types: dict[int, Type], around: Callable[[Node], Node]
) -> Iterator[Mutant]:
    """Yield the mutants of a part and of the parts in it; `around` puts it back in its place."""
    for changed in _slips(node, types):
        slip = f"{unparse(node)}  ->  {unparse(changed)}"
        yield Mutant(unparse(around(changed)), slip)
    for part, put in _parts(node):
        yield from _mutants(part, types, lambda one, put=put: around(put(one)))  # type: ignore[misc]  # mypy infers no type for a lambda with a default


def _parts(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """Yield the parts of a node, each with the function that puts another in its place."""
    for name in ("operand", "condition", "yes", "no", "left", "right", "key"):
        part = getattr(node, name, None)
        if isinstance(part, Node):
            yield part, lambda one, name=name: _changed(node, name, one)  # type: ignore[misc]  # as above
    for name in ("operands", "items", "arguments"):
        for index, part in enumerate(getattr(node, name, ())):
            yield part, lambda one, name=name, index=index: _with(node, name, index, one)  # type: ignore[misc]  # as above


def _with(node: Node, name: str, index: int, part: Node) -> Node:
    parts = getattr(node, name)
    return _changed(node, name, (*parts[:index], part, *parts[index + 1 :]))


def _changed(node: Node, name: str, value: object) -> Node:
    fields: dict[str, Any] = {name: value}
    return replace(node, **fields)


# --- slips --------------------------------------------------------------------------------------


def _slips(node: Node, types: dict[int, Type]) -> Iterator[Node]:
    """Yield what a slip makes of one node."""
    match node:
        case Relation():
            yield from _relation(node, types)
        case Logic():
            yield from _logic(node)
        case Not(operand=operand):
            yield operand
        case Choice(yes=yes, no=no):
            yield replace(node, yes=no, no=yes)
        case ListOf(items=items) if len(items) > 1:
            yield from (replace(node, items=rest) for rest in _one_less(items))
        case Call():
            yield from _call(node)
        case Literal():
            yield from (replace(node, value=value) for value in _values(node.value))


def _call(node: Call) -> Iterator[Node]:
    if node.operand and node.name in QUANTIFIERS:
        yield replace(node, name=QUANTIFIERS[node.name])
    match node.arguments:
        case (Literal(value=str(text)) as length,) if node.name == "duration":
            for other in _lengths(text):
                yield replace(node, arguments=(replace(length, value=other),))


def _relation(node: Relation, types: dict[int, Type]) -> Iterator[Node]:
    if node.operator == "in":
        yield Not(node.start, node.end, node)
    for operator in FLIPPED.get(node.operator, ()):
        yield replace(node, operator=operator)
    for side, other in (("left", node.right), ("right", node.left)):
        for part, put in _written(getattr(node, side)):
            value = _another(part.value, _choices(types[id(other)]))
            if value is not None:
                yield _changed(node, side, put(replace(part, value=value)))


def _written(node: Node) -> Iterator[tuple[Literal, Callable[[Node], Node]]]:
    """Yield the literals that a side of a relation is, or lists."""
    if isinstance(node, Literal):
        yield node, lambda one: one
    for index, item in enumerate(node.items if isinstance(node, ListOf) else ()):
        if isinstance(item, Literal):
            yield item, lambda one, index=index: _with(node, "items", index, one)  # type: ignore[misc]  # as above


def _choices(kind: Type) -> tuple[str, ...]:
    """Return the values of an enum, or of a list of them; none for another type."""
    return _choices(kind.arguments[0]) if kind.arguments else kind.values


def _another(value: object, choices: tuple[str, ...]) -> str | None:
    """Return the enum's next value."""
    if value not in choices or len(choices) == 1:
        return None
    return choices[(choices.index(str(value)) + 1) % len(choices)]


def _logic(node: Logic) -> Iterator[Node]:
    """Yield the chain with one operator turned, and the chain without one operand."""
    for cut in range(1, len(node.operands)):
        sides = tuple(_chain(node, part) for part in (node.operands[:cut], node.operands[cut:]))
        yield replace(node, operator=TURNED[node.operator], operands=sides)
    yield from (_chain(node, rest) for rest in _one_less(node.operands))


def _one_less(parts: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    return ((*parts[:index], *parts[index + 1 :]) for index in range(len(parts)))


def _chain(node: Logic, operands: tuple[Node, ...]) -> Node:
    return operands[0] if len(operands) == 1 else replace(node, operands=operands)


def _values(value: object) -> Iterator[object]:
    """Yield what else could stand for a literal: neighbours, the opposite, another text."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        yield value + 1
        yield value - 1
    elif isinstance(value, str):
        yield f"{value}~"


def _lengths(text: str) -> Iterator[str]:
    """Yield the lengths of time one more and one less, in the unit that comes first."""
    digits, rest = re.fullmatch(r"([0-9]*)(.*)", text).groups()  # type: ignore[union-attr]  # every text fits
    for step in (1, -1) if digits else ():
        yield f"{int(digits) + step}{rest}"
