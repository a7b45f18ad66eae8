"""Turns the values of a dossier into plain ones, and back: its classes are the whole contract."""

from __future__ import annotations

import types
import typing
from datetime import date
from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeVar

    T = TypeVar("T")


def as_plain(value: object) -> Any:  # noqa: ANN401 -- any JSON value
    """Return a value as JSON has it: objects, lists, and days as text."""
    if isinstance(value, tuple):
        return [as_plain(one) for one in value]
    names = getattr(type(value), "__match_args__", None)
    if names is not None:
        return {written(name): as_plain(getattr(value, name)) for name in names}
    return value.isoformat() if hasattr(value, "isoformat") else value


def from_plain(kind: type[T], value: Mapping[str, Any]) -> T:
    """Return the value of a class that an object was made of, trusting that it is one."""
    known = hints(kind)  # type: ignore[arg-type]  # a class is hashable
    return kind(**{name: _read(hint, value[written(name)]) for name, hint in known.items()})


def written(name: str) -> str:
    """Return how the contract writes the name of a field: `class` for `class_`."""
    return name.removesuffix("_")


@cache
def hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- a class of values
    """Return the fields of a class with their types, in order."""
    known = typing.get_type_hints(kind)
    return {name: known[name] for name in kind.__match_args__}


def _read(hint: Any, value: Any) -> Any:  # noqa: ANN401 -- any type, any JSON value
    if value is None:
        return None
    if isinstance(hint, types.UnionType):
        return _read(next(one for one in typing.get_args(hint) if one is not type(None)), value)
    if typing.get_origin(hint) is tuple:
        one = typing.get_args(hint)[0]
        return tuple(_read(one, each) for each in value)
    if hint is date:
        return date.fromisoformat(value)
    return from_plain(hint, value) if hasattr(hint, "__match_args__") else value
