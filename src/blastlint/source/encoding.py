"""Bytes to text that the parser can be trusted with: UTF-8, nothing hidden, JSON escapes."""

from __future__ import annotations

import re

from blastlint.source.places import code
from blastlint.source.words import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.source.limits import Limits

_MARK = b"\xef\xbb\xbf"
_PLAIN = bytes((0x09, 0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)))
"""Bytes that need no second look in ASCII text."""
_NEVER = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff"
_BREAKS = "\x85\u2028\u2029"
"""Line breaks to some YAML readers and text to others."""
_TURNS = "\u202a-\u202e\u2066-\u2069"
"""Characters that make a line read otherwise than it is."""
# patterns that hardly any text needs: `re` compiles them when they are first used
_JSON = r"\s*[\[{]"
_STRINGS = r"""(?s)'[^']*+'|"(?:[^"\\]++|\\.)*+\""""
_ESCAPES = (
    r"(?s)\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\.|(?P<break>[\x85\u2028\u2029])"
)
_NAMED = {"\x85": r"\N", "\u2028": r"\L", "\u2029": r"\P"}


def prepare(data: bytes, limits: Limits) -> tuple[bytes, list[tuple[int, int]]]:
    """Return what the parser reads, and where its offsets differ from the text's.

    A difference is an offset in what the parser reads, and how much to add from there on.
    """
    if len(data) > limits.max_bytes:
        raise Refusal(f"larger than {limits.max_bytes} bytes", 0, advice="split it")
    if data.isascii():
        if data.translate(None, _PLAIN):
            _refuse_hidden(data.decode("ascii"), _NEVER)
        if rb"\u" not in data:
            return data, []
        text = data.decode("ascii")
    else:
        text = _decoded(data)
        json = not limits.strict and re.match(_JSON, text)
        _refuse_hidden(text, _NEVER + (_TURNS if limits.strict else "") + ("" if json else _BREAKS))
        data = data.removeprefix(_MARK)
    return _translated(text) if _needs_escapes(text) else (data, [])


def _decoded(data: bytes) -> str:
    data = data.removeprefix(_MARK)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            message = "the file is UTF-16, expected UTF-8"
        else:
            message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        place = len(data[: error.start].decode())
        raise Refusal(message, place, place + 1, "save the file as UTF-8") from None


def _refuse_hidden(text: str, characters: str) -> None:
    odd = re.search(f"[{characters}]", text)
    if odd is None:
        return
    why, advice = "cannot be seen", "remove it"
    if odd[0] == "\0":
        advice = "save the file as UTF-8, if it is UTF-16, or remove it"
    elif odd[0] in _BREAKS:
        why = "ends a line for some programs and not for others"
    elif "\u202a" <= odd[0] <= "\u2069":
        why = "makes the line look like another one"
    raise Refusal(f"the character {code(odd[0])} {why}", *odd.span(), advice)


def _needs_escapes(text: str) -> bool:
    """Whether this is JSON with something in its strings that YAML writes in another way."""
    return bool(re.match(_JSON, text)) and bool(
        re.search(rf"\\u[dD][89abAB][0-9a-fA-F]{{2}}\\u[dD][c-fC-F]|[{_BREAKS}]", text)
    )


def _translated(text: str) -> tuple[bytes, list[tuple[int, int]]]:
    shifts: list[tuple[int, int]] = []
    parts: list[str] = []
    done = length = 0
    for string in re.finditer(_STRINGS, text):
        if text[string.start()] == "'":
            continue
        for escape in re.compile(_ESCAPES).finditer(text, *string.span()):
            written = _in_yaml(escape)
            if written == escape[0]:
                continue
            parts += (text[done : escape.start()], written)
            length += escape.start() - done + len(written)
            done = escape.end()
            shifts.append((length, done - length))
    parts.append(text[done:])
    return "".join(parts).encode(), shifts


def _in_yaml(escape: re.Match[str]) -> str:
    if escape["high"]:
        high, low = int(escape["high"], 16), int(escape["low"], 16)
        return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"
    return _NAMED.get(escape[0], escape[0])
