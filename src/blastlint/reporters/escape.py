"""Makes any value safe to print on one line, and keeps it readable."""

from __future__ import annotations

LIMIT = 600
"""Characters of one value that an output shows."""


def shown(value: str, limit: int = LIMIT) -> str:
    r"""Return a value as one printable line.

    Control, bidirectional and invisible characters appear as `\u{202E}`; what a build runner would
    take for a command (`::` at the start, `##[`, `##vso[`) is broken up the same way.
    """
    if len(value) > limit:
        value = f"{value[:limit]}… ({len(value) - limit} more characters)"
    if value.isprintable() and "##" not in value and not value.lstrip().startswith("::"):
        return value
    return "".join(pieces(value))


def pieces(value: str) -> list[str]:
    """Return what is printed for each character of a value."""
    return [_piece(value, at) for at in range(len(value))]


def _piece(value: str, at: int) -> str:
    char = value[at]
    if char.isprintable() and not _commands(value, at):
        return char
    return f"\\u{{{ord(char):X}}}"


def _commands(value: str, at: int) -> bool:
    """Whether the character would complete the start of a build runner's command."""
    if value[at] == "#":
        following = value[at + 1 : at + 2]
        return value[at - 1 : at] == "#" and (following == "[" or following.isalpha())
    return value[at : at + 2] == "::" and not value[:at].strip()


def width(text: str) -> int:
    """Return how many terminal columns a printable text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - rarely needed

    return sum(0 if combining(char) else 1 + (east_asian_width(char) in "WF") for char in text)
