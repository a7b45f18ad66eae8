"""Turns tokens into a tree by recursive descent; the grammar is a part of CEL's."""

from __future__ import annotations

from blastlint.expression.tokens import HINTS, Token, scan, text_of
from blastlint.expression.types import (
    BOOL,
    DOUBLE,
    INT,
    MAX_DEPTH,
    NULL,
    STRING,
    ExpressionError,
    Type,
)
from blastlint.values import dataclass

RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
RESERVED = frozenset(
    {"as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"}
    | {"loop", "package", "namespace", "return", "var", "void", "while"}
)
"""Words that CEL keeps for itself; they may name fields, not variables."""
_MAX_INT = 2**63


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression and its place in the source."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value written out."""

    value: object
    type: Type


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Select(Node):
    """`operand.field`; `at` is where the field's name starts."""

    operand: Node
    field: str
    at: int


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`operand[key]`."""

    operand: Node
    key: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`name(arguments)`, or `operand.name(arguments)`; `at` is where the name starts."""

    operand: Node | None
    name: str
    at: int
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`!operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`a && b && c`, or the same with `||`: one node for a whole chain."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """`left operator right`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`condition ? yes : no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """`[a, b, c]`."""

    items: tuple[Node, ...]


def parse(source: str, start: int = 0, *, braced: bool = False) -> tuple[Node, int]:
    """Return the tree of the expression that starts at `start`, and the offset where it ends.

    Raises:
        ExpressionError: the text is not in the language.
    """
    tokens = scan(source, start, braced=braced)
    node = _Parser(tokens).whole()
    return node, tokens[-1][2]


class _Parser:
    """Reads a list of tokens once, from left to right."""

    __slots__ = ("depth", "position", "tokens")

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.expression()
        if self.tokens[self.position][0] != "end":
            raise self.unexpected()
        return node

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.tokens[self.position])
        node = self.either()
        if self.take("?"):
            yes = self.either()
            self.expect(":")
            no = self.expression()
            node = Choice(node.start, no.end, node, yes, no)
        self.depth -= 1
        return node

    def either(self) -> Node:
        operands = [self.both()]
        while self.take("||"):
            operands.append(self.both())
        return _chain("||", operands)

    def both(self) -> Node:
        operands = [self.relation()]
        while self.take("&&"):
            operands.append(self.relation())
        return _chain("&&", operands)

    def relation(self) -> Node:
        left = self.unary()
        while self.tokens[self.position][0] in RELATIONS:
            operator = self.next()[0]
            right = self.unary()
            left = Relation(left.start, right.end, operator, left, right)
        return left

    def unary(self) -> Node:
        marks: list[Token] = []
        while self.take("!"):
            marks.append(self.tokens[self.position - 1])
        node = self.member()
        for mark in reversed(marks):
            node = Not(mark[2], node.end, node)
        return node

    def member(self) -> Node:
        node = self.primary()
        while True:
            if self.take("."):
                node = self.selected(node)
            elif self.take("["):
                key = self.expression()
                node = Index(node.start, self.expect("]")[3], node, key)
            else:
                return node

    def selected(self, operand: Node) -> Node:
        _, name, start, end = self.expect("name")
        if self.take("("):
            arguments, end = self.items(")")
            return Call(operand.start, end, operand, name, start, arguments)
        return Select(operand.start, end, operand, name, start)

    def primary(self) -> Node:
        token = self.next()
        kind, text, start, end = token
        if kind == "name":
            return self.named(token)
        if kind == "(":
            node = self.expression()
            self.expect(")")
            return node
        if kind == "[":
            items, end = self.items("]")
            return ListOf(start, end, items)
        if kind == "-" and self.tokens[self.position][0] == "number":
            _, digits, _, end = self.next()
            return _number(text + digits, start, end)
        return self.literal(token)

    def literal(self, token: Token) -> Node:
        kind, text, start, end = token
        if kind == "string":
            return Literal(start, end, text_of(token), STRING)
        if kind == "number":
            return _number(text, start, end)
        if kind in _WORDS:
            return Literal(start, end, *_WORDS[kind])
        self.position -= 1
        raise self.unexpected()

    def named(self, token: Token) -> Node:
        _, name, start, end = token
        if name in RESERVED:
            raise ExpressionError(
                f"'{name}' is a reserved word", start, end, HINTS.get(name, "use another name")
            )
        if self.take("("):
            arguments, end = self.items(")")
            return Call(start, end, None, name, start, arguments)
        return Name(start, end, name)

    def items(self, closing: str) -> tuple[tuple[Node, ...], int]:
        items: list[Node] = []
        while self.tokens[self.position][0] != closing:
            items.append(self.expression())
            if not self.take(","):
                break
            if closing == ")" and self.tokens[self.position][0] == closing:
                raise self.unexpected()
        return tuple(items), self.expect(closing)[3]

    def next(self) -> Token:
        token = self.tokens[self.position]
        if token[0] != "end":
            self.position += 1
            return token
        raise self.unexpected()

    def take(self, kind: str) -> bool:
        if self.tokens[self.position][0] != kind:
            return False
        self.position += 1
        return True

    def expect(self, kind: str) -> Token:
        token = self.tokens[self.position]
        if token[0] != kind:
            raise self.unexpected("a name" if kind == "name" else f"'{kind}'")
        self.position += 1
        return token

    def unexpected(self, wanted: str = "") -> ExpressionError:
        kind, text, start, end = self.tokens[self.position]
        before = self.tokens[self.position - 1] if self.position else None
        hint = HINTS.get(text) or (HINTS.get(before[1]) if before else None)
        helped = hint or (f"write {wanted} here" if wanted else _HABIT)
        if kind != "end":
            return ExpressionError(f"unexpected '{_visible(text)}'", start, end, helped)
        if before is None:
            return ExpressionError("the expression is empty", max(start - 1, 0), start, helped)
        return ExpressionError(
            f"the expression ends too early, after '{_visible(before[1])}'",
            before[2],
            before[3],
            helped,
        )


def _visible(text: str) -> str:
    """Return a token as written, its control characters as escapes."""
    return text if text.isprintable() else ascii(text)[1:-1]


_HABIT = 'write a comparison such as tool.effect == "read"'
_WORDS: dict[str, tuple[object, Type]] = {
    "true": (True, BOOL),
    "false": (False, BOOL),
    "null": (None, NULL),
}


def _chain(operator: str, operands: list[Node]) -> Node:
    if len(operands) == 1:
        return operands[0]
    return Logic(operands[0].start, operands[-1].end, operator, tuple(operands))


def _number(text: str, start: int, end: int) -> Literal:
    value: int | float
    if "x" in text or "X" in text:
        value = int(text, 16)
    elif text.lstrip("-").isdigit():
        value = int(text)
    else:
        value = float(text)
    if not -_MAX_INT <= value < _MAX_INT and (isinstance(value, int) or abs(value) == float("inf")):
        raise ExpressionError("the number is too large", start, end, "write a smaller number")
    return Literal(start, end, value, INT if isinstance(value, int) else DOUBLE)


def too_deep(place: Node | Token) -> ExpressionError:
    """Return the error for an expression that nests too deeply at this place."""
    start, end = (place.start, place.end) if isinstance(place, Node) else place[2:]
    return ExpressionError(
        f"nested more than {MAX_DEPTH} deep", start, end, "split the rule, or flatten the condition"
    )
