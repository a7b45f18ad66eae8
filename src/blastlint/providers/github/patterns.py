"""Patterns of branches in rulesets and of files in CODEOWNERS, matched as GitHub does."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]/]+\]|.", re.DOTALL)
_MEANS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_piece(part) for part in _PART.findall(pattern)), re.DOTALL)


def _piece(part: str) -> str:
    """Return one piece as an expression; a set of characters keeps its meaning."""
    if len(part) == 1 or part in _MEANS:
        return _MEANS.get(part) or re.escape(part)
    not_these = part[1] in "!^"
    signs = part[1 + not_these : -1].replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    return f"[{'^' if not_these else ''}{signs}]"


def matches(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern in which `*` stops at a slash and `**` does not."""
    return _compiled(pattern).fullmatch(name) is not None


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
