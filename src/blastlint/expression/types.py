"""What a condition may be about: types, the names in scope, and the answer "not stated"."""

from __future__ import annotations

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_SOURCE = 4096
"""Longest source text, in characters."""
MAX_DEPTH = 32
"""Deepest nesting of an expression."""
MAX_STEPS = 100_000
"""Steps one evaluation may take when the caller sets no budget."""


class ExpressionError(Exception):
    """A source text that is no valid expression: what is wrong, where, and what to write."""

    def __init__(self, message: str, start: int, end: int, help: str) -> None:  # noqa: A002 -- the word readers know
        """Keep the message, the span `[start, end)` in characters of the source, and the help."""
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.help = help


class BudgetError(Exception):
    """An evaluation took more steps than it may."""


class Budget:
    """Steps that are left; give one to many evaluations to bound them together."""

    __slots__ = ("left", "steps")

    def __init__(self, steps: int = MAX_STEPS) -> None:
        """Start with `steps` steps."""
        self.steps = steps
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take `steps` away.

        Raises:
            BudgetError: not that many are left.
        """
        self.left -= steps
        if self.left < 0:
            raise BudgetError(f"the expression takes more than {self.steps:,} steps")


@dataclass(frozen=True, slots=True)
class NotStated:
    """The answer when a fact is missing: neither true nor false."""

    cells: tuple[object, ...] = ()
    """What is missing, in the caller's own (hashable) terms, in order and without repeats."""

    def __bool__(self) -> bool:
        raise TypeError("what is not stated is neither true nor false")


NOTHING = NotStated()
"""Not stated, and no cell is to blame: the question does not apply to what is stated."""


def union(values: Iterable[object]) -> NotStated:
    """Return the causes of all `NotStated` values; every other value adds none."""
    cells = [cell for value in values if value.__class__ is NotStated for cell in value.cells]
    return NotStated(tuple(dict.fromkeys(cells))) if cells else NOTHING


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value. Every value may also be null, or not stated."""

    kind: str
    """bool int double string enum duration day null list map record any.

    any: what an empty list holds.
    """
    arguments: tuple[Type, ...] = ()
    """The element's type of a list, the value's type of a map (keys are strings)."""
    record: str = ""
    """A record's name."""
    values: tuple[str, ...] = ()
    """All values of an enum."""

    def __str__(self) -> str:
        if self.kind == "list":
            return f"list of {self.arguments[0]}"
        if self.kind == "map":
            return f"map of {self.arguments[0]}"
        return self.record or self.kind


BOOL = Type("bool")
INT = Type("int")
DOUBLE = Type("double")
STRING = Type("string")
DURATION = Type("duration")
DAY = Type("day")
NULL = Type("null")
ANY = Type("any")


def enum_of(*values: str) -> Type:
    """Return the type of strings of which only these are possible."""
    return Type("enum", values=values)


def list_of(element: Type) -> Type:
    """Return the type of lists of such elements."""
    return Type("list", (element,))


def map_of(value: Type) -> Type:
    """Return the type of maps from strings to such values."""
    return Type("map", (value,))


def record_of(name: str) -> Type:
    """Return the type of records whose fields the environment lists under this name."""
    return Type("record", record=name)


def join(left: Type, right: Type) -> Type | None:
    """Return the type that holds the values of both, or None when they are never alike."""
    if left == right or right.kind in {"null", "any"}:
        return left
    if left.kind in {"null", "any"}:
        return right
    if left.arguments and left.kind == right.kind:
        inner = join(left.arguments[0], right.arguments[0])
        return Type(left.kind, (inner,)) if inner else None
    kinds = {left.kind, right.kind}
    if kinds == {"enum"}:
        return enum_of(*dict.fromkeys(left.values + right.values))
    wider = {frozenset({"int", "double"}): DOUBLE, frozenset({"string", "enum"}): STRING}
    return wider.get(frozenset(kinds))


def fits(source: Type, target: Type) -> bool:
    """Whether a value of `source` may stand where `target` is asked."""
    return source.kind != "null" and join(target, source) == target


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of a record."""

    type: Type
    get: Callable[[object], object]
    """From the record's value to the field's: a value, None (stated null) or a `NotStated`."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that the caller adds; it is called only when no argument is null or not stated."""

    parameters: tuple[Type, ...]
    result: Type
    call: Callable[..., object]
    """May itself answer None or a `NotStated`."""
    given: str = ""
    """Variable of the environment that it takes before its arguments, unwritten; empty for none."""


@dataclass(frozen=True, slots=True, eq=False)
class Environment:
    """The names that an expression may use."""

    variables: Mapping[str, Type]
    records: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    """Record name to its fields."""
    functions: Mapping[str, Function] = field(default_factory=dict)
