"""Cuts the text of an expression into tokens, each with its place."""

from __future__ import annotations

import re

from blastlint.expression.types import ExpressionError

Token = tuple[str, str, int, int]
"""Kind, text, start, end. The kind of an operator or keyword is its text."""

KEYWORDS = frozenset({"true", "false", "null", "in"})

HINTS = {
    "=": "write == to compare",
    "&": "write && for 'and'",
    "|": "write || for 'or'",
    "and": "write && for 'and'",
    "or": "write || for 'or'",
    "not": "write ! for 'not'",
    "is": "write == to compare",
    "if": "write CONDITION ? ONE : OTHER",
    "else": "write CONDITION ? ONE : OTHER",
    "None": "write null",
    "nil": "write null",
    "True": "write true",
    "False": "write false",
    "any": "write list.exists(x, CONDITION)",
    "len": "write size(…)",
    "matches": "there are no patterns; write startsWith, endsWith or contains",
    "timestamp": "days are compared with days; there are no timestamps",
    **dict.fromkeys("+-*/%", "there is no arithmetic; compare values as they are"),
    **dict.fromkeys("{}", "there are no map literals; write a field of a record"),
    ";": "write one expression only",
    "\\": "escapes stand inside quotes only",
    "`": "put text in \"double\" or 'single' quotes",
}
"""What people write out of habit, and what to write instead."""

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[ \t\r\n\f]|//[^\n]*)+)
    |(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
               |"(?!"")(?:[^"\\\n\r]|\\.)*" | '(?!'')(?:[^'\\\n\r]|\\.)*'
               |[rR](?:\"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
                      |"(?!"")(?:[^"\\\n\r]|\\[^"\n\r])*" | '(?!'')(?:[^'\\\n\r]|\\[^'\n\r])*'))
    |(?P<number>0[xX][0-9a-fA-F]+|[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[_a-zA-Z][_a-zA-Z0-9]*)
    |(?P<operator>&&|\|\||[=!<>]=|[<>!?:.,()\[\]}-])
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(
    r"\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))", re.DOTALL
)
_SIMPLE = dict(zip("abfnrtv\\?\"'`", "\a\b\f\n\r\t\v\\?\"'`", strict=True))


def scan(source: str, start: int = 0, *, braced: bool = False) -> list[Token]:
    """Return the tokens from `start` on, closed by one of kind `end`.

    With `braced`, the text ends at the first `}` outside quotes, else at the end of `source`.

    Raises:
        ExpressionError: something is no token.
    """
    tokens: list[Token] = []
    position = start
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise _no_token(source, position)
        text, kind = match[0], match.lastgroup or ""
        end = match.end()
        if text == "}":
            if not braced:
                raise _no_token(source, position)
            break
        if kind == "operator" or text in KEYWORDS:
            tokens.append((text, text, position, end))
        elif kind != "space":
            tokens.append((kind, text, position, end))
        position = end
    tokens.append(("end", "", position, position))
    return tokens


def _no_token(source: str, position: int) -> ExpressionError:
    character = source[position]
    if character in "\"'":
        line_end = source.find("\n", position)
        end = len(source) if line_end < 0 else line_end
        return ExpressionError(
            "the text that starts here does not end", position, end, f"close it with {character}"
        )
    return ExpressionError(
        f"unexpected character {character!a}",
        position,
        position + 1,
        HINTS.get(character, "names, numbers, quoted text and operators are possible here"),
    )


def text_of(token: Token) -> str:
    """Return what a string token stands for.

    Raises:
        ExpressionError: an escape is not known.
    """
    _, text, start, _ = token
    raw = text[0] in "rR"
    opening = 1 if raw else 0
    width = 3 if text[opening : opening + 3] in {'"""', "'''"} and len(text) - opening > 5 else 1  # noqa: PLR2004 -- '' is empty text, '''''' too
    body = text[opening + width : -width]
    if raw or "\\" not in body:
        return body
    offset = start + width
    return _ESCAPE.sub(lambda match: _unescape(match, offset), body)


def _unescape(match: re.Match[str], offset: int) -> str:
    two, four, eight, octal, simple = match.groups()
    if simple in _SIMPLE:
        return _SIMPLE[simple]
    digits = two or four or eight
    code = int(octal, 8) if octal else int(digits, 16) if digits else -1
    if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:  # noqa: PLR2004 -- the bounds of Unicode
        return chr(code)
    shown = match[0] if match[0].isprintable() else ascii(match[0][1])
    raise ExpressionError(
        f"unknown escape {shown}" if simple else "no such character",
        offset + match.start(),
        offset + match.end(),
        r"write \\ for a backslash, or one of \n \t \" \' \xHH \uHHHH \UHHHHHHHH",
    )
