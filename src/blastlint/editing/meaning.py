"""What a document is to say after an edit, worked out without its text."""

from __future__ import annotations

from blastlint.editing.writing import plain
from blastlint.source import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from blastlint.editing.layout import Pointer


def value_with(value: object, pointer: Pointer, new: object) -> object:
    """Return a value with another one at a pointer."""

    def change(container: Any, step: Any) -> None:  # noqa: ANN401 - a map or list and its key
        if isinstance(container, list) and step == len(container):
            container.append(plain(new))
        else:
            container[step] = plain(new)

    return _changed(value, pointer, change)


def value_without(value: object, pointer: Pointer) -> object:
    """Return a value without what stands at a pointer."""
    return _changed(value, pointer, lambda container, step: container.__delitem__(step))


def value_renamed(value: object, pointer: Pointer, key: str) -> object:
    """Return a value in which a key has another name."""

    def change(container: Any, step: Any) -> None:  # noqa: ANN401 - a map and its key
        if key in container:
            raise ValueError(f"there is a key {key!r} already")
        container[key] = container.pop(step)

    return _changed(value, pointer, change)


def value_with_entries(value: object, pointer: Pointer, lines: list[str]) -> object:
    """Return a value with the entries that lines of YAML say behind those at a pointer.

    Raises:
        InputError: the lines are no YAML.
        ValueError: the lines say nothing, or repeat a key that is there.
    """
    (read,) = parse("\n".join(lines).encode(), "these lines")
    old: Any = value
    for step in pointer:
        old = old[step]
    new = _joined(old, read.value)
    return value_with(value, pointer, new) if pointer else new


def _joined(old: object, new: object) -> object:
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *new]
    if isinstance(old or {}, dict) and isinstance(new, dict):
        both: dict[str, object] = {**(old or {}), **new}  # type: ignore[dict-item] # a map or none
        if len(both) == len(old or {}) + len(new):  # type: ignore[arg-type] # a map or none
            return both
    raise ValueError("these entries do not go with what is there")


def _changed(value: object, pointer: Pointer, change: Callable[[Any, Any], None]) -> object:
    """Return a copy of a value in which the container of a pointer's last step is changed."""
    root = at = _copy(value)
    for index, step in enumerate(pointer[:-1]):
        below = at[step]
        at[step] = {} if below is None and isinstance(pointer[index + 1], str) else _copy(below)
        at = at[step]
    change(at, pointer[-1])
    return root


def _copy(value: Any) -> Any:  # noqa: ANN401 - any value
    return value.copy() if isinstance(value, (dict, list)) else value
