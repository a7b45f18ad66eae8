"""Which of two versions is the later one, and when that cannot be said.

Versions are dotted numbers, with the pre-releases and builds of Semantic Versioning 2.0.0 (section
11): `0.9 < 0.10`, `1.2 == 1.2.0`, `1.0.0-rc.1 < 1.0.0`. A day, a digest or a name is no such
version; two of those are equal or cannot be compared.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    Key = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]
    """Numbers, whether it is a release, identifiers of the pre-release: ordered as versions are."""

_NAME = r"[0-9A-Za-z-]+"
_VERSION = re.compile(
    r"v?(?P<numbers>[0-9]{1,18}(\.[0-9]{1,18}){0,7})"
    rf"(-(?P<pre>{_NAME}(\.{_NAME})*))?(\+{_NAME}(\.{_NAME})*)?"
)


def compare_versions(one: str, other: str) -> int | None:
    """Return -1, 0 or 1 where the first is earlier, the same or later; None: not comparable."""
    if one == other:
        return 0
    first, second = _key(one), _key(other)
    if first is None or second is None:
        return None
    return (first > second) - (first < second)


def _key(text: str) -> Key | None:
    found = _VERSION.fullmatch(text.strip())
    if found is None:
        return None
    numbers = [int(number) for number in found["numbers"].split(".")]
    if found["pre"] and len(numbers) == 1:  # 2026-05-20 is a day
        return None
    while numbers and numbers[-1] == 0:
        numbers.pop()
    names = found["pre"].split(".") if found["pre"] else []
    return tuple(numbers), not names, tuple(map(_rank, names))


def _rank(name: str) -> tuple[bool, int, str]:
    """Return how an identifier of a pre-release orders: numbers by value and before words."""
    return (False, int(name), "") if name.isdigit() else (True, 0, name)
