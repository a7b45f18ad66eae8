"""Why a text was not read, in words that say what to change."""

from __future__ import annotations

import re

from blastlint.source.places import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from yaml import YAMLError

_QUOTES = "put the value in quotes if it is text"
_INDENT = "check the indentation of this line and the lines above it"

_WORDS: tuple[tuple[str, str, str], ...] = (
    # what libyaml or PyYAML says · what is found and expected ({c}: the character there) · advice
    (
        r"cannot start any token|tab character",
        "a line or a value cannot start with {c}",
        "",
    ),
    (
        r"alphabetic or numeric character",
        "found {c} where a value is expected",
        "put it in quotes if it is text: '*' and '&' have a meaning of their own",
    ),
    (
        r"sequence entries are not allowed",
        "a '- ' item cannot start here",
        "start the list on a line of its own, below its key",
    ),
    (
        r"mapping values are not allowed|mapping keys are not allowed",
        "a second key cannot start here",
        "put the value before it in quotes if ': ' is part of the text, or check the indentation",
    ),
    (
        r"expected ':'",
        "expected ': ' after a key",
        "write 'key: value'; a key is one line of at most 1024 characters",
    ),
    (
        r"unexpected (end of stream|document (indicator|separator))",
        "the quote that opens here is never closed",
        "close it",
    ),
    (
        r"unknown escape",
        "unknown escape in double quotes",
        "write the backslash twice, or use single quotes",
    ),
    (
        r"hexdecimal|hexadecimal|Unicode character escape",
        "an escape in double quotes names no character",
        r"write \u and four hexadecimal digits, or the character itself",
    ),
    (
        r"expected '?<document start>",
        "expected the end of the file here",
        "a file holds one map; check the indentation, or put '---' between two documents",
    ),
    (
        r"expected ('-' indicator|<block end>|key)|expected a? ?(comment|indentation)",
        "found {c} where the next key or item is expected",
        _INDENT,
    ),
    (
        r"expected ',' or '(?P<close>.)'",
        "found {c} where ',' or '{close}' is expected",
        "add the missing character, or put the value before it in quotes",
    ),
    (r"node content", "found {c} where a value is expected", _QUOTES),
    (
        r"tag|URI|expected (the expected )?'[ !>]'",
        "a value cannot start with '!'",
        _QUOTES,
    ),
    (
        r"directive|version|incompatible|non-alphabetical",
        "a '%' directive is not read here",
        "remove the line",
    ),
    (r"indentation indicator|line break", "found {c} after '|' or '>'", "write the text below it"),
)


class Refusal(Exception):  # noqa: N818 - no error of the program; it never leaves this package
    """A text that is not read, and the offsets that show why."""

    def __init__(
        self,
        message: str,
        start: int,
        end: int | None = None,
        advice: str = "",
        other: tuple[int, int, str] | None = None,
        *,
        syntax: bool = False,
        code: str = "schema-invalid",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = start if end is None else end
        self.advice = advice
        self.other = other
        """A second place: start, end and what it is."""
        self.code = code
        self.syntax = syntax
        """The text is not YAML at all; perhaps it was meant for another program."""


def refusal_of(error: YAMLError, text: str) -> Refusal:
    """Return what a parser's error means."""
    said = str(getattr(error, "problem", None) or error)
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    if opened and (("scalar" in context and "unexpected" in said) or "expected ':'" in said):
        mark, opened = opened, None  # what is open says more than where the search ended
    start = min(mark.index, len(text)) if mark else 0
    end = start + (text[start : start + 1].strip("\r\n") != "")
    message, advice = _found(said, text[start : start + 1])
    other = None
    if opened and context.startswith("while parsing a flow") and opened.index < start:
        other = (opened.index, opened.index + 1, "opened here")
    return Refusal(message, start, end, advice, other, syntax=True)


def _found(said: str, character: str) -> tuple[str, str]:
    names = {"": "the end of the file", "\t": "a tab", "\n": "the end of the line"}
    name = names.get(character) or shown(character)
    for pattern, message, advice in _WORDS:
        match = re.search(pattern, said)
        if match:
            words = message.format(c=name, **match.groupdict())
            return words, advice or ("indent with spaces" if character == "\t" else _QUOTES)
    return "this is not YAML: " + shown(said), _INDENT


def suspect(refusal: Refusal, text: str) -> Refusal:
    """Return a refusal that names the program a text was meant for, if one can be told."""
    if not refusal.syntax:
        return refusal
    start, end = refusal.start, refusal.end
    if re.search(r"\{\{|\{%", text):
        return Refusal(
            "this looks like a template that has not been rendered",
            start,
            end,
            "render it first (for a chart: helm template) and name the result",
        )
    conflict = re.search(r"^<<<<<<< ", text, re.MULTILINE)
    if conflict:
        return Refusal("a merge conflict is left in the file", *conflict.span(), "resolve it")
    return refusal
