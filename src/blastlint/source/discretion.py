"""Whether a line of a file that may hold secrets can be repeated."""

from __future__ import annotations

import re

_REMARK = re.compile(r"(?:^|\s)#.*")
"""What a person noted behind the values; a quoted text that looks like it is cut off, too."""
_COLON = re.compile(r"""(?<=["']):|:(?=[\s,\]}]|$)""")
"""What stands between a key and its value."""
_KEY = re.compile(r"""(?:^|[\s{,\[-])(?:"([^"]*)"|'([^']*)'|([^\s"'{}\[\],]+))\s*$""")
_NO_VALUE = re.compile(r"\s*(?:$|[{\[]\s*$|[|>][-+\d]*\s*$|\$\{\{\s*[\w.-]+\s*\}\}\s*$)")
"""What follows a key whose value stands on other lines or elsewhere."""
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_BEGINNING = re.compile(r"""[\s{}\[\],?-]*(?:"[^"]*"|'[^']*'|[^\s"'{}\[\],]+)?\s*$""")
"""What may stand before the first colon: its key, and nothing of a value from the line before."""


def discreet(line: str, quotable: frozenset[str], above: str = "") -> str:
    """Return a line of YAML or JSON without remarks; nothing if a secret could stand in it.

    Args:
        line: the line, or its beginning.
        quotable: keys whose values hold no secrets; without any, no line is repeated.
        above: the key of what is to be shown; empty for a whole document.
    """
    line = _REMARK.sub("", line).rstrip()
    colons = list(_COLON.finditer(line))
    if not quotable or (above not in quotable and (not colons or above not in line)):
        return ""
    if not colons:
        return line
    first, last = colons[0].start(), colons[-1].start()
    if not _BEGINNING.match(line[:first]) or _ends_another(line[first:last]):
        return ""
    return line if all(_may_stand(line, colon, quotable) for colon in colons) else ""


def _ends_another(text: str) -> bool:
    """Whether a map or list ends here that began on another line, below a key that is not seen."""
    depth = 0
    for mark in re.findall(r"[{}\[\]]", _QUOTED.sub("", text)):
        depth += 1 if mark in "{[" else -1
        if depth < 0:
            return True
    return False


def _may_stand(line: str, colon: re.Match[str], quotable: frozenset[str]) -> bool:
    """Whether a key has no value on the line, or one that holds no secret."""
    key = _KEY.search(line, 0, colon.start())
    named = key is not None and bool(quotable.intersection(key.groups()))
    return named or _NO_VALUE.match(line, colon.end()) is not None
