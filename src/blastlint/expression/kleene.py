"""How a compiled expression runs: every operator as a closure that lets "not stated" through."""

from __future__ import annotations

import operator

from blastlint.expression.types import NOTHING, NotStated, union

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Frame = dict[str, Any]
    Step = Callable[[Frame], Any]

BUDGET = ""
"""Where a frame keeps its budget: a key that no variable can have."""

ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def constant(value: object) -> Step:
    """Always the same value."""
    return lambda _: value


def variable(name: str) -> Step:
    """The value bound to a name."""
    return operator.itemgetter(name)


def selection(operand: Step, get: Callable[[Any], object]) -> Step:
    """A field of a record; a field of null is null."""

    def run(frame: Frame) -> object:
        record = operand(frame)
        if record is None or record.__class__ is NotStated:
            return record
        return get(record)

    return run


def entry(operand: Step, key: Step) -> Step:
    """The value under a key of a map; an absent key is not stated."""

    def run(frame: Frame) -> object:
        mapping, name = operand(frame), key(frame)
        if mapping.__class__ is NotStated or name.__class__ is NotStated:
            return union((mapping, name))
        return None if mapping is None else mapping.get(name, NOTHING)

    return run


def presence(operand: Step) -> Step:
    """Whether a value is stated and not null; this alone is never `not stated`."""

    def run(frame: Frame) -> bool:
        value = operand(frame)
        return value is not None and value.__class__ is not NotStated

    return run


def negation(operand: Step) -> Step:
    """`!a`."""

    def run(frame: Frame) -> object:
        value = operand(frame)
        if value is True:
            return False
        return True if value is False else _unanswered(value)

    return run


def logic(operands: Sequence[Step], *, decisive: bool) -> Step:
    """`&&` (false decides) or `||` (true decides), whatever else is not stated."""

    def run(frame: Frame) -> object:
        missing = None
        for operand in operands:
            value = operand(frame)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                missing = [value] if missing is None else [*missing, value]
        return (not decisive) if missing is None else union(missing)

    return run


def choice(condition: Step, yes: Step, no: Step) -> Step:
    """`a ? b : c`."""

    def run(frame: Frame) -> object:
        value = condition(frame)
        if value is True:
            return yes(frame)
        return no(frame) if value is False else _unanswered(value)

    return run


def equality(left: Step, right: Step, *, equal: bool) -> Step:
    """`a == b` or `a != b`; null equals null only."""

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if one.__class__ is NotStated or other.__class__ is NotStated:
            return union((one, other))
        return (one == other) is equal

    return run


def list_equality(left: Step, right: Step, *, equal: bool) -> Step:
    """`a == b` or `a != b` of lists, element by element."""

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if one.__class__ is NotStated or other.__class__ is NotStated:
            return union((one, other))
        if one is None or other is None:
            return (one is other) is equal
        frame[BUDGET].spend(len(one))
        return (tuple(one) == tuple(other)) is equal

    return run


def equality_with(left: Step, value: object, *, equal: bool) -> Step:
    """`a == literal` or `a != literal`."""

    def run(frame: Frame) -> object:
        one = left(frame)
        return one if one.__class__ is NotStated else (one == value) is equal

    return run


def ordering(symbol: str, left: Step, right: Step) -> Step:
    """`a < b` and its kin; null is neither less nor more."""
    compare = ORDERINGS[symbol]

    def run(frame: Frame) -> object:
        one, other = left(frame), right(frame)
        if one.__class__ is NotStated or other.__class__ is NotStated:
            return union((one, other))
        return NOTHING if one is None or other is None else compare(one, other)

    return run


def membership(item: Step, items: Step) -> Step:
    """`a in b`; null holds nothing."""

    def run(frame: Frame) -> object:
        one, many = item(frame), items(frame)
        if one.__class__ is NotStated or many.__class__ is NotStated:
            return union((one, many))
        if many is None:
            return False
        frame[BUDGET].spend(len(many))
        return one in many

    return run


def membership_of(item: Step, values: tuple[object, ...]) -> Step:
    """`a in [literals]`; words are looked up, not gone through."""
    words = all(isinstance(value, str) for value in values)
    known = frozenset(values) if words else values

    def run(frame: Frame) -> object:
        one = item(frame)
        return one if one.__class__ is NotStated else one in known

    return run


def listing(items: Sequence[Step]) -> Step:
    """`[a, b]`; not stated as soon as one item is not."""

    def run(frame: Frame) -> object:
        values = [item(frame) for item in items]
        missing = [value for value in values if value.__class__ is NotStated]
        return union(missing) if missing else tuple(values)

    return run


def size(operand: Step, *, null: object) -> Step:
    """Characters of a string, elements of a list or map; `null` is the answer for null."""

    def run(frame: Frame) -> object:
        value = operand(frame)
        if value is None:
            return null
        return value if value.__class__ is NotStated else len(value)

    return run


def call(function: Callable[..., object], arguments: Sequence[Step]) -> Step:
    """A function of values that are all stated and not null."""

    def run(frame: Frame) -> object:
        values = [argument(frame) for argument in arguments]
        for value in values:
            if value is None or value.__class__ is NotStated:
                return union(values)
        return function(*values)

    return run


def quantifier(items: Step, name: str, predicate: Step, *, decisive: bool) -> Step:
    """`exists` (one true decides) or `all` (one false decides); null holds no element."""

    def run(frame: Frame) -> object:
        values = items(frame)
        if values is None or values.__class__ is NotStated:
            return (not decisive) if values is None else values
        frame[BUDGET].spend(len(values))
        missing = []
        for frame[name] in values:
            answer = predicate(frame)
            if answer is decisive:
                return decisive
            if answer is not (not decisive):
                missing.append(answer)
        return union(missing) if missing else (not decisive)

    return run


def exists_one(items: Step, name: str, predicate: Step) -> Step:
    """Whether the predicate holds for exactly one element."""

    def run(frame: Frame) -> object:
        answers = _answers(frame, items, name, predicate)
        if answers.__class__ is NotStated:
            return answers
        found = sum(answer is True for answer in answers)
        missing = [answer for answer in answers if not isinstance(answer, bool)]
        return union(missing) if missing and found <= 1 else found == 1

    return run


def mapping(items: Step, name: str, expression: Step) -> Step:
    """`map`: not stated as soon as one result is not."""

    def run(frame: Frame) -> object:
        answers = _answers(frame, items, name, expression)
        if answers.__class__ is NotStated:
            return answers
        missing = [answer for answer in answers if answer.__class__ is NotStated]
        return union(missing) if missing else tuple(answers)

    return run


def filtering(items: Step, name: str, predicate: Step) -> Step:
    """`filter`: not stated as soon as one element's answer is not."""

    def run(frame: Frame) -> object:
        values = items(frame)
        answers = _answers(frame, constant(values), name, predicate)
        if answers.__class__ is NotStated:
            return answers
        missing = [answer for answer in answers if not isinstance(answer, bool)]
        if missing:
            return union(missing)
        return tuple(value for value, kept in zip(values or (), answers, strict=True) if kept)

    return run


def _answers(frame: Frame, items: Step, name: str, expression: Step) -> Any:  # noqa: ANN401 -- a list or NotStated
    values = items(frame)
    if values is None or values.__class__ is NotStated:
        return [] if values is None else values
    frame[BUDGET].spend(len(values))
    answers = []
    for frame[name] in values:
        answers.append(expression(frame))
    return answers


def _unanswered(value: object) -> NotStated:
    return value if isinstance(value, NotStated) else NOTHING
