"""Patterns of branches in rulesets and of files in CODEOWNERS, matched as GitHub does.

A pattern comes from whoever wrote the file, so it is walked state by state: the time is that of its
length times that of the name, whatever stars it holds.
"""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]/]+\]|.", re.DOTALL)
_FOLDERS, _ALL, _STAR = "**/", "**", "*"
_RANGE = 3
"""Length of `a-z`."""


@lru_cache(maxsize=1024)
def _parts(pattern: str) -> tuple[str, ...]:
    return tuple(_PART.findall(pattern))


def matches(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern in which `*` stops at a slash and `**` does not."""
    parts = _parts(pattern)
    states = _without_a_sign(parts, {0})
    for sign in name:
        states = _without_a_sign(parts, {to for at in states for to in _after(parts, at, sign)})
    return len(parts) in states


def _without_a_sign(parts: tuple[str, ...], states: set[int]) -> set[int]:
    """Return the states with those beyond stars, which may stand for nothing."""
    for state in [one for one in states if one >= 0]:
        at = state
        while at < len(parts) and parts[at] in {_FOLDERS, _ALL, _STAR}:
            at += 1
            states.add(at)
    return states


def _after(parts: tuple[str, ...], at: int, sign: str) -> Iterator[int]:
    """Yield the states after one sign; a negative one is inside of the folders of `**/`."""
    if at == len(parts):
        return
    part = parts[at] if at >= 0 else _FOLDERS
    if part == _FOLDERS:
        inside = at if at < 0 else -at - 1
        yield inside
        if sign == "/":
            yield -inside
    elif part == _ALL or (part == _STAR and sign != "/"):
        yield at
    elif part != _STAR and _is(part, sign):
        yield at + 1


def _is(part: str, sign: str) -> bool:
    """Whether a sign is the one that a part stands for, or one of its set."""
    if part == "?":
        return sign != "/"
    if len(part) == 1:
        return part == sign
    signs, unlike = part[1:-1], part[1] in "!^"
    return sign != "/" and _among(signs[unlike:], sign) is not unlike


def _among(signs: str, sign: str) -> bool:
    at = 0
    while at < len(signs):
        if signs[at + 1 : at + 2] == "-" and at + _RANGE <= len(signs):
            if signs[at] <= sign <= signs[at + 2]:
                return True
            at += _RANGE
        else:
            if signs[at] == sign:
                return True
            at += 1
    return False


def file_matches(pattern: str, path: str) -> bool:
    """Whether a line of CODEOWNERS is about a file.

    As in `.gitignore`: a slash before the end ties the pattern to the top, a folder stands for all
    below it; but `docs/*` is the files of the folder alone.
    """
    tied = "/" in pattern.rstrip("/")
    bare = pattern.lstrip("/")
    whole = bare if tied else f"**/{bare}"
    if bare.endswith("/"):
        return matches(f"{whole}**", path)
    below = not bare.endswith("*") and matches(f"{whole}/**", path)
    return below or matches(whole, path)


def is_everything(pattern: str) -> bool:
    """Whether a line of CODEOWNERS is about every file."""
    return pattern in {"*", "**", "/**", "**/*", "/**/*"}
