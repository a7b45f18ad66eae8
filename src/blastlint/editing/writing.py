"""Plain values to YAML that reads back as the same, here and in other programs."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite

from blastlint.source import is_plain_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WIDTH = 100
"""Characters of a line; what is longer is written on several."""
_EXACT = 10**15
"""Integers from here on are not read: other programs would lose digits."""
_LONGEST_KEY = 1000
"""Characters of a key; YAML reads 1024 with its quotes."""
_PLAIN = re.compile(r"[\w/.+($<=](?:[^\s#:]|(?<!\s)#|:(?=[^\s,\[\]{}])| (?=[^\s#]))*")
"""A text without quotes on a line of its own."""
_NOT_IN_FLOW = frozenset(",[]{}")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text of an inventory may hold."""


def written(value: object, *, flow: bool = False, quoted: bool = False) -> str:
    """Return a value on one line.

    Args:
        value: maps with text as keys, lists, text, numbers, truth values, days, none.
        flow: it is to stand inside braces or brackets.
        quoted: text is always quoted, as in JSON.

    Raises:
        ValueError: YAML for people cannot say it.
    """
    if isinstance(value, dict):
        pairs = (
            f"{name_of(k, quoted=quoted)}: {_inner(v, quoted=quoted)}" for k, v in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_inner(item, quoted=quoted) for item in value) + "]"
    return _scalar(value, flow=flow, quoted=quoted)


def block(value: object) -> list[str]:
    """Return a value on lines of its own; what fits on one line is not spread over several.

    Raises:
        ValueError: YAML for people cannot say it.
    """
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in entry(key, item)]
    if isinstance(value, (list, tuple)) and value:
        return [line for item in value for line in _item(item)]
    return [written(value)]


def entry(key: str, value: object, comment: str = "", room: int = WIDTH) -> list[str]:
    """Return the lines of a key and its value; what is longer than the room is spread."""
    name, note = name_of(key), remark(comment)
    line = f"{name}: {written(value)}"
    if len(line) <= room or not _can_be_spread(value):
        return [line + note]
    return [f"{name}:{note}", *indented(block(value), 2)]


def remark(comment: str) -> str:
    """Return a comment as it stands behind a value.

    Raises:
        ValueError: it does not fit on a line.
    """
    if not comment.replace("\t", " ").isprintable():
        raise ValueError("a comment is one line of characters that can be seen")
    return f"  # {comment.strip()}" if comment.strip() else ""


def indented(lines: list[str], columns: int) -> list[str]:
    """Return lines moved to the right; empty ones stay empty."""
    return [" " * columns + line if line.strip() else "" for line in lines]


def plain(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return a value as it will be read: days are text."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _item(value: object) -> list[str]:
    line = f"- {written(value)}"
    if len(line) <= WIDTH or not _can_be_spread(value):
        return [line]
    first, *others = block(value)
    return [f"- {first}", *indented(others, 2)]


def _can_be_spread(value: object) -> bool:
    return isinstance(value, (dict, list, tuple)) and bool(value)


def _inner(value: object, *, quoted: bool) -> str:
    return written(value, flow=True, quoted=quoted)


def name_of(key: object, *, quoted: bool = False) -> str:
    """Return a key as it is written.

    Raises:
        ValueError: it cannot be written.
    """
    if not isinstance(key, str) or not key:
        raise ValueError(f"a key is text, not {key!r}")
    found = _text(key, flow=True, quoted=quoted)
    if len(found) > _LONGEST_KEY:
        raise ValueError(f"a key is at most {_LONGEST_KEY} characters long")
    return found


def _scalar(value: object, *, flow: bool, quoted: bool) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _text(value, flow=flow, quoted=quoted)
    if isinstance(value, date):
        found = value.isoformat()
        return f'"{found}"' if quoted else found
    if isinstance(value, int) and abs(value) < _EXACT:
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return repr(value)
    raise ValueError(f"{value!r} cannot be written")


def _text(text: str, *, flow: bool, quoted: bool) -> str:
    if _REFUSED.search(text):
        raise ValueError("a control character cannot be written")
    if not quoted and text.isprintable() and _PLAIN.fullmatch(text) and is_plain_text(text):
        apart = text.startswith(("...", "<<")) or (flow and not _NOT_IN_FLOW.isdisjoint(text))
        if not apart:
            return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\U{number:08X}" if number > 0xFFFF else f"\\u{number:04X}"  # noqa: PLR2004 - the last that \u can name
