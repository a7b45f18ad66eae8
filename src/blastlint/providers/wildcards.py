"""Patterns as cloud platforms write them: `*` for any text, `?` for one character."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65536)
def covers(wide: str, narrow: str) -> bool:
    """Whether a pattern covers a name, or every name of another pattern."""
    if wide in {"*", narrow}:
        return True
    here = there = 0
    star, mark = -1, 0
    while there < len(narrow):
        letter = wide[here] if here < len(wide) else ""
        if letter == "*":
            star, mark, here = here, there, here + 1
        elif letter and (letter == narrow[there] or (letter == "?" and narrow[there] != "*")):
            here, there = here + 1, there + 1
        elif star >= 0:
            mark += 1
            here, there = star + 1, mark
        else:
            return False
    return not wide[here:].strip("*")


@lru_cache(maxsize=65536)
def overlaps(one: str, other: str) -> bool:
    """Whether some name fits both patterns."""
    if not is_wild(other):
        return covers(one, other)
    if not is_wild(one):
        return covers(other, one)
    row = [True] + [False] * len(other)
    for column, letter in enumerate(other, 1):
        row[column] = row[column - 1] and letter == "*"
    for letter in one:
        row = _next_row(row, letter, other)
        if not any(row):
            return False
    return row[-1]


def _next_row(before: list[bool], letter: str, other: str) -> list[bool]:
    row = [before[0] and letter == "*"]
    for column, beside in enumerate(other, 1):
        if "*" in {letter, beside}:
            row.append(before[column] or row[column - 1] or before[column - 1])
        else:
            row.append(before[column - 1] and (letter == beside or "?" in {letter, beside}))
    return row


def is_wild(pattern: str) -> bool:
    """Whether a pattern stands for more than one name."""
    return "*" in pattern or "?" in pattern
