"""Finds what belongs together on two sides of a change, such as inventories that were renamed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from typing import TypeVar

    T = TypeVar("T")


def paired(
    before: Iterable[T], after: Iterable[T], keys: Sequence[Callable[[T], Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Return pairs of what was and what is; what has no partner stands alone.

    Args:
        before: what was.
        after: what is.
        keys: what partners share, the surest first; it counts only where one has it on each side.

    Returns:
        Everything that is, in its order, then what is gone, in the order in which it was.
    """
    olds, news = list(before), list(after)
    found: dict[int, T] = {}
    for key in keys:
        left = _unique(olds, key)
        open_ = _unique([new for new in news if id(new) not in found], key)
        for name in left.keys() & open_.keys():
            found[id(open_[name])] = left[name]
        taken = set(map(id, found.values()))
        olds = [old for old in olds if id(old) not in taken]
    return [*((found.get(id(new)), new) for new in news), *((old, None) for old in olds)]


def _unique(things: Iterable[T], key: Callable[[T], Hashable]) -> dict[Hashable, T]:
    """Return the things by key, without those that share one."""
    by_key: dict[Hashable, list[T]] = {}
    for thing in things:
        by_key.setdefault(key(thing), []).append(thing)
    return {name: some[0] for name, some in by_key.items() if len(some) == 1}
