"""Checks a tree against the names and types in scope, and compiles it to one closure."""

from __future__ import annotations

from blastlint.expression import kleene
from blastlint.expression.durations import parse_duration
from blastlint.expression.faults import MACROS, a, comparable, count, fault, suggestion, unknown
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
    too_deep,
)
from blastlint.expression.types import (
    ANY,
    BOOL,
    DURATION,
    INT,
    MAX_DEPTH,
    NOTHING,
    STRING,
    Environment,
    ExpressionError,
    Type,
    fits,
    join,
    list_of,
)
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.expression.kleene import Step

_TEXT_FUNCTIONS: dict[str, Callable[..., object]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": str.__contains__,
}
_METHODS = (*MACROS, *_TEXT_FUNCTIONS, "size")
_BUILT_IN = ("has", "size", "duration")
_ORDERED = {
    "int": "number",
    "double": "number",
    "string": "string",
    "duration": "duration",
    "day": "day",
}


@dataclass(frozen=True, slots=True)
class Code:
    """A checked part of an expression: its place, its type and how it runs."""

    node: Node
    type: Type
    run: Step


class Checker:
    """Checks one expression; `scope` holds the names that the macros around a part have bound."""

    __slots__ = ("depth", "environment", "loops", "scope")

    def __init__(self, environment: Environment) -> None:
        """Start in an environment, outside every macro."""
        self.environment = environment
        self.scope: dict[str, Type] = {}
        self.depth = 0
        self.loops = False

    def check(self, node: Node) -> Code:
        """Return the code of a tree.

        Raises:
            ExpressionError: it uses an unknown name, or a value where another type is needed.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(node)
        kind, run = _CHECKS[type(node)](self, node)
        self.depth -= 1
        return Code(node, kind, run)

    def want(self, node: Node, kind: Type, why: str, helped: str = "") -> Code:
        """Check a part that must be of one type."""
        code = self.check(node)
        if not fits(code.type, kind):
            message = f"{why} must be {a(kind)}, this is {a(code.type)}"
            raise fault(node, message, helped or comparable(code.type))
        return code

    def literal(self, node: Literal) -> tuple[Type, Step]:
        """A value written out."""
        return node.type, kleene.constant(node.value)

    def name(self, node: Name) -> tuple[Type, Step]:
        """A variable of the environment or of a macro around."""
        kind = self.scope.get(node.name) or self.environment.variables.get(node.name)
        if kind is None:
            known = [*self.environment.variables, *self.scope]
            raise unknown("name", node.name, known, node.start, node.end)
        return kind, kleene.variable(node.name)

    def select(self, node: Select) -> tuple[Type, Step]:
        """A field of a record."""
        operand = self.check(node.operand)
        if operand.type.kind != "record":
            helped = 'write m["key"]' if operand.type.kind == "map" else comparable(operand.type)
            raise ExpressionError(f"{a(operand.type)} has no fields", node.at, node.end, helped)
        fields = self.environment.records[operand.type.record]
        field = fields.get(node.field)
        if field is None:
            what = f"field of {operand.type}"
            raise unknown(what, node.field, fields, node.at, node.end)
        return field.type, kleene.selection(operand.run, field.get)

    def index(self, node: Index) -> tuple[Type, Step]:
        """An entry of a map."""
        operand = self.check(node.operand)
        if operand.type.kind != "map":
            helped = "ask for elements with exists, all or filter"
            raise fault(node, f"{a(operand.type)} has no keys", helped)
        key = self.want(node.key, STRING, "a key")
        return operand.type.arguments[0], kleene.entry(operand.run, key.run)

    def negation(self, node: Not) -> tuple[Type, Step]:
        """`!a`."""
        return BOOL, kleene.negation(
            self.want(node.operand, BOOL, "what ! negates", "write !(…) around a comparison").run
        )

    def logic(self, node: Logic) -> tuple[Type, Step]:
        """A chain of `&&` or `||`."""
        why = f"each side of {node.operator}"
        steps = [self.want(operand, BOOL, why).run for operand in node.operands]
        return BOOL, kleene.logic(steps, decisive=node.operator == "||")

    def choice(self, node: Choice) -> tuple[Type, Step]:
        """`a ? b : c`."""
        condition = self.want(node.condition, BOOL, "what stands before ?")
        yes, no = self.check(node.yes), self.check(node.no)
        kind = join(yes.type, no.type)
        if kind is None:
            raise fault(
                node, f"one branch is {a(yes.type)}, the other {a(no.type)}", "make both alike"
            )
        return kind, kleene.choice(condition.run, yes.run, no.run)

    def listing(self, node: ListOf) -> tuple[Type, Step]:
        """`[a, b]`."""
        kind = ANY
        steps = []
        for item in node.items:
            code = self.check(item)
            _flat(code)
            joined = join(kind, code.type)
            if joined is None:
                raise fault(
                    item, f"the list holds {kind}s, this is {a(code.type)}", "make all items alike"
                )
            kind = joined
            steps.append(code.run)
        return list_of(kind), kleene.listing(steps)

    def relation(self, node: Relation) -> tuple[Type, Step]:
        """A comparison, or `in`."""
        left, right = self.check(node.left), self.check(node.right)
        if node.operator == "in":
            return BOOL, self.membership(left, right)
        if node.operator in kleene.ORDERINGS:
            return BOOL, _ordering(node, left, right)
        _alike(node, left, right)
        equal = node.operator == "=="
        if isinstance(right.node, Literal):
            return BOOL, kleene.equality_with(left.run, right.node.value, equal=equal)
        if left.type.kind == right.type.kind == "list":
            self.loops = True
            return BOOL, kleene.list_equality(left.run, right.run, equal=equal)
        return BOOL, kleene.equality(left.run, right.run, equal=equal)

    def membership(self, left: Code, right: Code) -> Step:
        """`a in b`."""
        if right.type.kind not in {"list", "map"}:
            helped = (
                "write text.contains(part)"
                if right.type.kind in {"string", "enum"}
                else "write [a, b]"
            )
            raise fault(
                right.node, f"what stands after in must be a list, this is {a(right.type)}", helped
            )
        element = STRING if right.type.kind == "map" else right.type.arguments[0]
        if join(left.type, element) is None:
            message = f"{a(left.type)} is never in a {right.type}"
            raise fault(left.node, message, comparable(left.type))
        _refuse_records(left.node, left.type, element)
        _possible(left.node, element)
        _possible(right.node, left.type)
        items = right.node.items if isinstance(right.node, ListOf) else (right.node,)
        values = [item.value for item in items if isinstance(item, Literal)]
        if len(values) == len(items):
            return kleene.membership_of(left.run, tuple(values))
        self.loops = True
        return kleene.membership(left.run, right.run)

    def call(self, node: Call) -> tuple[Type, Step]:
        """A function, a macro or a string function."""
        if node.operand is None:
            return self.function(node)
        if node.name in MACROS:
            return self.macro(node, node.operand)
        if node.name in _TEXT_FUNCTIONS:
            count(node, 1)
            text = self.want(node.operand, STRING, f"what stands before .{node.name}")
            part = self.want(node.arguments[0], STRING, f"what {node.name} looks for")
            return BOOL, kleene.call(_TEXT_FUNCTIONS[node.name], (text.run, part.run))
        if node.name == "size":
            count(node, 0)
            return self.size(node.operand)
        raise unknown("function", node.name, _METHODS, node.at, node.at + len(node.name))

    def function(self, node: Call) -> tuple[Type, Step]:
        """`has()`, `size()`, `duration()`, or a function of the environment."""
        if node.name == "has":
            return self.presence(node)
        if node.name == "size":
            count(node, 1)
            return self.size(node.arguments[0])
        if node.name == "duration":
            return _duration(node)
        function = self.environment.functions.get(node.name)
        if function is None:
            known = [*_BUILT_IN, *self.environment.functions]
            raise unknown("function", node.name, known, node.at, node.at + len(node.name))
        count(node, len(function.parameters))
        steps = [kleene.variable(function.given)] if function.given else []
        for argument, kind in zip(node.arguments, function.parameters, strict=True):
            _possible(argument, kind)
            wanted = STRING if isinstance(argument, Literal) and kind.kind == "enum" else kind
            steps.append(self.want(argument, wanted, f"what {node.name} takes").run)
        return function.result, kleene.call(function.call, steps)

    def presence(self, node: Call) -> tuple[Type, Step]:
        """`has(a.b)`."""
        count(node, 1)
        argument = node.arguments[0]
        if not isinstance(argument, Select):
            raise fault(argument, "has() asks for a field", "write has(tool.owner)")
        return BOOL, kleene.presence(self.check(argument).run)

    def size(self, operand: Node) -> tuple[Type, Step]:
        """`size()` of a string, list or map."""
        code = self.check(operand)
        if code.type.kind not in {"string", "enum", "list", "map"}:
            raise fault(operand, f"{a(code.type)} has no size", comparable(code.type))
        null = 0 if code.type.arguments else NOTHING
        return INT, kleene.size(code.run, null=null)

    def macro(self, node: Call, operand: Node) -> tuple[Type, Step]:
        """`exists`, `all`, `exists_one`, `filter` or `map` over a list, or over a map's keys."""
        count(node, 2)
        items = self.check(operand)
        if items.type.kind not in {"list", "map"}:
            message = f"what stands before .{node.name} must be a list, this is {a(items.type)}"
            raise fault(operand, message, comparable(items.type))
        element = STRING if items.type.kind == "map" else items.type.arguments[0]
        name = self.fresh_name(node.arguments[0])
        self.loops = True
        self.scope[name] = element
        body = self.macro_body(node)
        del self.scope[name]
        if node.name in {"exists", "all"}:
            decisive = node.name == "exists"
            return BOOL, kleene.quantifier(items.run, name, body.run, decisive=decisive)
        if node.name == "exists_one":
            return BOOL, kleene.exists_one(items.run, name, body.run)
        if node.name == "filter":
            return list_of(element), kleene.filtering(items.run, name, body.run)
        return list_of(body.type), kleene.mapping(items.run, name, body.run)

    def macro_body(self, node: Call) -> Code:
        """What a macro asks of each element."""
        if node.name != "map":
            return self.want(node.arguments[1], BOOL, f"what .{node.name} asks")
        body = self.check(node.arguments[1])
        _flat(body)
        return body

    def fresh_name(self, node: Node) -> str:
        """The name that a macro binds: one that means nothing else here."""
        if not isinstance(node, Name):
            raise fault(node, "a macro names its element first", "write list.exists(x, x == …)")
        if node.name in self.scope or node.name in self.environment.variables:
            raise fault(node, f"'{node.name}' already names something", "use another name")
        return node.name


_CHECKS: dict[type[Node], Callable[..., tuple[Type, Step]]] = {
    Literal: Checker.literal,
    Name: Checker.name,
    Select: Checker.select,
    Index: Checker.index,
    Not: Checker.negation,
    Logic: Checker.logic,
    Choice: Checker.choice,
    ListOf: Checker.listing,
    Relation: Checker.relation,
    Call: Checker.call,
}


def _flat(code: Code) -> None:
    """Refuse a list inside a new list, so that no expression builds more than it reads."""
    if code.type.arguments:
        raise fault(code.node, f"{a(code.type)} cannot be inside a list", "list single values")


def _alike(node: Relation, left: Code, right: Code) -> None:
    """Refuse `==` between values that are never equal."""
    _possible(left.node, right.type)
    _possible(right.node, left.type)
    both = {left.type.kind, right.type.kind}
    apart = both == {"enum"} and not set(left.type.values) & set(right.type.values)
    if apart or join(left.type, right.type) is None:
        message = f"{a(left.type)} never equals {a(right.type)}"
        raise fault(node, message, comparable(left.type))
    _refuse_records(node, left.type, right.type)


def _refuse_records(node: Node, left: Type, right: Type) -> None:
    """Refuse to compare records: two of them may speak of one thing without being one value."""
    cores = [kind.arguments[0] if kind.arguments else kind for kind in (left, right)]
    if all(core.kind == "record" for core in cores):
        raise fault(node, f"{a(cores[0])} is compared with null only", "compare their ids")


def _ordering(node: Relation, left: Code, right: Code) -> Step:
    kinds = {_ORDERED.get(left.type.kind), _ORDERED.get(right.type.kind)}
    if len(kinds) == 1 and None not in kinds:
        return kleene.ordering(node.operator, left.run, right.run)
    if "enum" in {left.type.kind, right.type.kind}:
        helped = 'write x in ["a", "b"]'
        raise fault(node, f"an enum has no order for {node.operator}", helped)
    message = f"{node.operator} does not compare {a(left.type)} with {a(right.type)}"
    raise fault(node, message, comparable(left.type))


def _possible(node: Node, kind: Type) -> None:
    """Refuse a written string that a closed set of values does not hold."""
    if kind.kind == "list":
        kind = kind.arguments[0]
    if kind.kind != "enum":
        return
    for literal in _literals(node):
        if isinstance(literal.value, str) and literal.value not in kind.values:
            message = f"{literal.value!a} is not a possible value"
            raise fault(literal, message, suggestion(literal.value, kind.values))


def _literals(node: Node) -> list[Literal]:
    """Return the literals that the value of a node may be, or may hold."""
    if isinstance(node, Literal):
        return [node]
    parts = node.items if isinstance(node, ListOf) else ()
    if isinstance(node, Choice):
        parts = (node.yes, node.no)
    return [literal for part in parts for literal in _literals(part)]


def _duration(node: Call) -> tuple[Type, Step]:
    count(node, 1)
    argument = node.arguments[0]
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        raise fault(argument, "duration() takes a written length of time", 'write duration("24h")')
    value = parse_duration(argument.value)
    if value is None:
        message = f"{argument.value!a} is no length of time"
        raise fault(argument, message, "write numbers with units, such as 90s, 1h30m or 30d")
    return DURATION, kleene.constant(value)
