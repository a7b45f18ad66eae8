"""How a value reads in a message."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from math import isinf, isnan
from types import NoneType

from blastlint.expression.types import NotStated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_UNITS = (
    (timedelta(days=1), "d"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
)
_MANY = 100
"""Minutes or seconds that read better in larger units: 90 min, but 1 h 41 min."""
_LARGE = 1e15

LISTED = 20
"""Items of a list that a message shows; of more it says how many."""


def format_value(value: object, name_of: Callable[[object], str] | None = None) -> str:
    """Return a value as people read it: `7,370`, `2 h`, `unlimited`, `a, b`, `not stated`.

    Args:
        value: what an expression evaluates to.
        name_of: how to name a record; its attribute `id` when not given.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict | set | frozenset):
        return _list(value, name_of)
    for kind, write in _FORMATS.items():
        if isinstance(value, kind):
            return write(value)
    return name_of(value) if name_of else str(getattr(value, "id", value))


def _list(values: Collection[object], name_of: Callable[[object], str] | None) -> str:
    shown = [format_value(item, name_of) for item in islice(values, LISTED)]
    if len(values) > LISTED:
        shown.append(f"and {len(values) - LISTED:,} more")
    return ", ".join(shown) or "none"


def _number(value: float) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinf(value) or isnan(value):
        return "not a number" if isnan(value) else "unlimited" if value > 0 else "-unlimited"
    text = f"{value:,.3f}".rstrip("0").rstrip(".")
    if (value and text.strip("-") == "0") or abs(value) >= _LARGE:
        return f"{value:.3g}"
    return "0" if text == "-0" else text


def _duration(value: timedelta) -> str:
    if value == timedelta.max:
        return "unlimited"
    sign, length = "-" if value < timedelta() else "", abs(value)
    for unit, name in _UNITS:
        if length and not length % unit and (name != "min" or length < unit * _MANY):
            return f"{sign}{length // unit:,} {name}"
    return sign + (_seconds(length) if length < timedelta(seconds=_MANY) else _mixed(length))


def _mixed(length: timedelta) -> str:
    """Return a length in all the units that it has: `40 min 40 s`."""
    told = []
    for unit, name in _UNITS:
        count, length = divmod(length, unit)
        told += [f"{count:,} {name}"] if count else []
    return " ".join([*told, _seconds(length)] if length else told)


def _seconds(length: timedelta) -> str:
    whole, fraction = divmod(length // timedelta(microseconds=1), 1_000_000)
    digits = f".{fraction:06}".rstrip("0").rstrip(".")
    return f"{whole}{digits} s"


_FORMATS: dict[type, Callable[..., str]] = {
    NoneType: lambda _: "none",
    NotStated: lambda _: "not stated",
    bool: lambda value: "true" if value else "false",
    int: _number,
    float: _number,
    timedelta: _duration,
    date: lambda value: value.isoformat(),  # a moment too, which is a kind of day
}
