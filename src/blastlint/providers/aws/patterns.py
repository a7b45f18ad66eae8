"""How AWS compares names: `*` for any text, `?` for one character, and sets with exceptions.

A set of names is written as people read it: `s3:*`, `* except iam:*, sts:*`,
`s3:Get* and s3:*Object`. Actions are compared without regard to case, resources with it.
"""

from __future__ import annotations

from functools import lru_cache

from blastlint.providers.wildcards import covers, is_wild, overlaps
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_EXCEPT = " except "
_AND = " and "
_COMMA = ", "


@dataclass(frozen=True, slots=True)
class Names:
    """A set of names: whatever fits all of some patterns, and none of others."""

    all_of: tuple[str, ...]
    """Patterns that must all fit."""
    but: tuple[str, ...] = ()
    """Patterns of which none may fit."""
    fold: bool = False
    """Whether upper and lower case are the same, as in actions."""

    @property
    def text(self) -> str:
        """The set as people read it."""
        return _AND.join(self.all_of) + (_EXCEPT + _COMMA.join(self.but) if self.but else "")

    @property
    def simple(self) -> bool:
        """Whether it is one pattern without exceptions."""
        return len(self.all_of) == 1 and not self.but

    @property
    def plain(self) -> str:
        """The one name that is in the set; empty if there may be more."""
        name = self.all_of[0]
        return name if len(self.all_of) == 1 and not is_wild(name) and "${" not in name else ""

    def _covers(self, wide: str, narrow: str) -> bool:
        return covers(wide.lower(), narrow.lower()) if self.fold else covers(wide, narrow)

    def _overlaps(self, one: str, other: str) -> bool:
        return overlaps(one.lower(), other.lower()) if self.fold else overlaps(one, other)

    def has(self, name: str) -> bool:
        """Whether a name, or every name of a pattern, is in the set."""
        return all(self._covers(each, name) for each in self.all_of) and not any(
            self._overlaps(each, name) for each in self.but
        )

    def meets(self, pattern: str) -> bool:
        """Whether some name of a pattern may be in the set."""
        return all(self._overlaps(each, pattern) for each in self.all_of) and not any(
            self._covers(each, pattern) for each in self.but
        )

    def within(self, patterns: Iterable[str]) -> bool:
        """Whether one of the patterns covers the whole set."""
        return any(self._covers(each, mine) for each in patterns for mine in self.all_of)

    def without(self, patterns: Iterable[str]) -> Names | None:
        """The set without the names of some patterns; None when nothing is left."""
        more = [each for each in patterns if self.meets(each)]
        if not more:
            return self
        left = replace(self, but=tuple(dict.fromkeys((*self.but, *more))))
        return None if left.within(more) else left

    def shared_with(self, other: Names) -> Names | None:
        """What two sets have in common; None when that is surely nothing."""
        if not all(self._overlaps(one, two) for one in self.all_of for two in other.all_of):
            return None
        both = tuple(dict.fromkeys((*self.all_of, *other.all_of)))
        narrow = tuple(one for one in both if not self._needless(one, both))
        shared = Names(narrow, tuple(dict.fromkeys((*self.but, *other.but))), self.fold)
        return None if shared.within(shared.but) else shared

    def _needless(self, one: str, both: tuple[str, ...]) -> bool:
        """Whether another pattern says the same and more."""
        return any(
            each != one and self._covers(one, each) and not self._covers(each, one) for each in both
        )


@lru_cache(maxsize=65536)
def names(text: str, *, fold: bool = False) -> Names:
    """The set that a text stands for."""
    first, _, but = text.partition(_EXCEPT)
    return Names(tuple(first.split(_AND)), tuple(but.split(_COMMA)) if but else (), fold)
