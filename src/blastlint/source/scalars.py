"""What a plain scalar stands for, and which texts people cannot tell apart."""

from __future__ import annotations

import re

CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
"""Plain scalars that are a truth value or null."""
STARTS = "~nNtTfF+-.0123456789"
"""First characters of plain scalars that may be something else than text."""

_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|(?P<oct>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<never>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_BASES = {"int": 10, "oct": 8, "hex": 16}
_DIGITS = 15
_EXACT = 10**_DIGITS
"""Integers from here on lose digits in programs that keep numbers as floats."""
_LONGEST = 20
"""Characters of the longest number below that: sign, prefix and octal digits."""

_LETTERS = frozenset("yn")
"""Truth values of YAML 1.1 that PyYAML leaves out."""

# patterns that hardly any text needs: `re` compiles them when they are first used
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
_LONE = "[\ud800-\udfff]"
_HIDDEN = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_SPACED = r"[^\S ]"
"""What looks like a space and is none."""


def number(text: str) -> int | float | str:
    """Return the number that a plain scalar stands for, infinity for one too long, or the text.

    The core schema of YAML 1.2: `0755` is 755, `1_000`, `12:30` and days are text.
    """
    if text.isdecimal() and text.isascii() and len(text) <= _DIGITS:
        return int(text)  # most numbers, and the fastest way
    if text[:1].isalpha():
        return text
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    kind = found.lastgroup or "int"
    if kind == "float":
        return float(text)
    if kind == "never" or len(text) > _LONGEST:
        return float("inf")
    value = int(text, _BASES[kind])
    return value if abs(value) < _EXACT else float("inf")


def is_plain_text(text: str) -> bool:
    """Whether a plain scalar stands for text, here and in programs that read YAML 1.1."""
    from yaml.nodes import ScalarNode  # noqa: PLC0415 - asked for by what is written only
    from yaml.resolver import Resolver  # noqa: PLC0415

    if text in CONSTANTS or number(text) is not text or text.lower() in _LETTERS:
        return False
    tag: str = Resolver().resolve(ScalarNode, text, (True, False))  # type: ignore[no-untyped-call] # untyped there
    return tag == Resolver.DEFAULT_SCALAR_TAG


def hidden_in_text(text: str, *, strict: bool) -> str:
    """Return the first character of a quoted text that must not be there, or nothing."""
    found = re.search(_CONTROL if strict else _LONE, text)
    return found[0] if found else ""


def hidden_in_key(text: str, *, strict: bool) -> str:
    """Return the first character of a key that people cannot see, or nothing."""
    if text.isascii() and text.isprintable():
        return ""
    found = re.search(_HIDDEN, text) or (re.search(_SPACED, text) if strict else None)
    return found[0] if found else ""


def is_normal(text: str) -> bool:
    """Whether no other spelling of a key looks the same by Unicode's own composition."""
    if text.isascii():
        return True
    from unicodedata import is_normalized  # noqa: PLC0415 - keys are hardly ever other than ASCII

    return is_normalized("NFC", text)
