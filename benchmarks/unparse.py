"""Writes the tree of a condition as text again: parsing the text gives the same tree."""

from __future__ import annotations

from blastlint.expression.syntax import (
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
)

CHOICE, OR, AND, RELATION, NOT, MEMBER = range(6)
"""How tightly a node binds, loosest first."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def unparse(node: Node, around: int = CHOICE) -> str:
    """Return the text of a tree, in parentheses where what stands around it binds tighter."""
    text, binds = _written(node)
    return f"({text})" if binds < around else text


def _written(node: Node) -> tuple[str, int]:
    """Return the text of a node and how tightly it binds."""
    match node:
        case Choice(condition=condition, yes=yes, no=no):
            return f"{unparse(condition, OR)} ? {unparse(yes, OR)} : {unparse(no)}", CHOICE
        case Logic(operator=operator, operands=operands):
            binds = OR if operator == "||" else AND
            return f" {operator} ".join(unparse(one, binds + 1) for one in operands), binds
        case Relation(operator=operator, left=left, right=right):
            return f"{unparse(left, RELATION)} {operator} {unparse(right, NOT)}", RELATION
        case Not(operand=operand):
            return f"!{unparse(operand, NOT)}", NOT
        case _:
            return _member(node), MEMBER


def _member(node: Node) -> str:
    match node:
        case Name(name=text):
            pass
        case Literal(value=value):
            text = _literal(value)
        case Select(operand=operand, field=field):
            text = f"{unparse(operand, MEMBER)}.{field}"
        case Index(operand=operand, key=key):
            text = f"{unparse(operand, MEMBER)}[{unparse(key)}]"
        case ListOf(items=items):
            text = f"[{_listed(items)}]"
        case Call(operand=on, name=name, arguments=arguments):
            start = f"{unparse(on, MEMBER)}." if on else ""
            text = f"{start}{name}({_listed(arguments)})"
        case _:
            raise TypeError(type(node))
    return text


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(map(unparse, nodes))


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(_character(one) for one in value)}"'
    return repr(value)


def _character(one: str) -> str:
    if one in _ESCAPES:
        return _ESCAPES[one]
    return one if one.isprintable() else f"\\U{ord(one):08x}"
