"""SQL as pg_dump writes it: statements as tokens, each with the line where it begins.

What pg_dump writes is regular: a few verbs matter, and of each only names, words and brackets. What
has to be exact is where quotes, bodies and comments end, so that nothing inside them is taken for a
statement. Libraries do not help with that: pglast is compiled and under the GPL, sqlglot takes
150 ms to load and keeps `ALTER DEFAULT PRIVILEGES` as one opaque text, sqlparse knows no lines.

Texts in quotes are never kept: a dump of roles holds passwords, and a body can hold anything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from blastlint.source import InputError, Problem
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.source import Document, Location

_LETTER = r"A-Za-z_\x80-\U0010ffff"
_TOKENS = r"""(?xs)
    (?:
     (?P<space>\s)
    |(?P<remark>--[^\n]*)
    |(?P<comment>/\*)
    |(?P<text>(?:[eE]'(?:[^'\\]|''|\\.)*+'|'(?:{plain})*+')|\$(?P<tag>(?:[{letter}][{letter}0-9]*)?)\$.*?\$(?P=tag)\$)
    |(?P<name>"(?:[^"]|"")*+")
    |(?P<word>[{letter}][{letter}0-9$]*)
    |(?P<number>\d[\w.]*)
    |(?P<open>['"]|\$(?:[{letter}][{letter}0-9]*)?\$)
    |(?P<mark>.)
    )\s*+
"""
_STANDARD = _TOKENS.format(letter=_LETTER, plain="[^']|''")
_ESCAPING = _TOKENS.format(letter=_LETTER, plain=r"[^'\\]|''|\\.")
"""When a backslash means something in every text: `standard_conforming_strings = off`."""
_COMMENT = re.compile(r"/\*|\*/")
_VERSION = re.compile(r"-- Dumped (?P<what>from database|by pg_dump) version (?P<number>\d+)")
_KEPT = frozenset({"true", "false", "on", "off", "yes", "1"})
_WHOLE = ("PostgreSQL database dump", "PostgreSQL database cluster dump")
_TITLE, _END_REACH = 10, 10
"""Lines at the beginning and at the end in which a dump says what it is, and that it is whole."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a name in quotes, a mark, or the place of a text whose value is not kept."""

    kind: str
    """word, name, number, mark, text or meta."""
    value: str
    """In lower case if it is a word; of a text only a truth value, or whose session it is."""

    def is_word(self, *words: str) -> bool:
        """Whether it is one of some words without quotes."""
        return self.kind == "word" and self.value in words


END = Token("mark", ";")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, up to its semicolon."""

    document: Document
    line: int
    """Index of the line where it begins."""
    tokens: tuple[Token, ...]
    hidden: frozenset[int] | set[int]
    """Lines that are not to be shown: something in quotes stands on them."""

    def at(self, note: str = "") -> Location:
        """The line where it begins; without its text, if a secret could stand there."""
        place = self.document.at((self.line,), note)
        return replace(place, text="") if self.line in self.hidden else place


@dataclass(slots=True)
class Script:
    """A dump: its statements, and what its head says."""

    document: Document
    statements: list[Statement] = field(default_factory=list)
    server: int | None = None
    """Major version of the server, as the head says."""
    dumped_by: int | None = None
    """Major version of pg_dump, as the head says."""


def is_dump(document: Document) -> bool:
    """Whether the first lines say that pg_dump or pg_dumpall wrote a file."""
    return bool(_title(document))


def _title(document: Document) -> str:
    lines = document.value[:_TITLE]
    return next((title for title in _WHOLE if f"-- {title}" in lines), "")


def script(document: Document) -> Script:
    """Return the statements of a dump; what psql alone understands is a statement of its own.

    Raises:
        InputError: the dump is cut off.
    """
    title = _title(document)
    found = Script(document)
    found.statements.extend(_Reader(document).statements())
    if f"-- {title} complete" not in document.value[-_END_REACH:]:
        place = replace(document.at((len(document.value) - 1,)), text="")
        message = "the dump is cut off: the line that says that it is complete is missing"
        raise InputError(Problem(message, place, "make the dump again"))
    for line in document.value:
        header = _VERSION.match(line) if line.startswith("-- Dumped") else None
        if header and header["what"] == "by pg_dump":
            found.dumped_by = int(header["number"])
        elif header:
            found.server = int(header["number"])
    return found


class _Reader:
    """Walks through the text of one file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = "\n".join(document.value)
        self.starts = [0, *accumulate(len(line) + 1 for line in document.value)]
        self.hidden: set[int] = set()
        self.offset = 0
        self.tokens = re.compile(_STANDARD)
        self.known: dict[str, Token] = {}
        """Words and marks that were met before."""

    def statements(self) -> Iterator[Statement]:
        """Every statement, and every command to psql."""
        while (first := self._beginning()) < len(self.text):
            if self.text[first] == "\\":
                yield self._meta(first)
                continue
            tokens = self._until_end()
            self._obey(tokens)
            yield Statement(self.document, self._line(first), tokens, self.hidden)

    def _beginning(self) -> int:
        """Go to where the next statement begins; remarks between statements are passed over."""
        while found := self.tokens.match(self.text, self.offset):
            if found.lastgroup == "comment":
                self._skip_comment(found)
            elif found.lastgroup == "remark":
                self._hide(*found.span("remark"))
                self.offset = found.end()
            elif found.lastgroup == "space" or found["mark"] == ";":
                self.offset = found.end()
            else:
                break
        return self.offset

    def _until_end(self) -> tuple[Token, ...]:
        """The tokens up to a semicolon; one inside parentheses or a body ends nothing."""
        tokens: list[Token] = []
        known, parentheses, blocks = self.known, 0, 0
        for found in self._walk():
            kind = found.lastgroup or ""
            value = found[kind]
            if value == ";" and parentheses <= 0 and blocks <= 0:
                break
            token = known.get(value) or self._token(found, tokens[-1] if tokens else END)
            if token is None:
                continue
            if value in _PARENTHESES:
                parentheses += _PARENTHESES[value]
            elif kind == "word" and token.value in _BLOCKS:
                blocks += _opened(token.value, tokens, blocks)
            tokens.append(token)
        return tuple(tokens)

    def _walk(self) -> Iterator[re.Match[str]]:
        """Each token from here on but comments, which end where no pattern can tell."""
        comment = True
        while comment:
            comment = False
            for found in self.tokens.finditer(self.text, self.offset):
                self.offset = found.end()
                comment = found.lastgroup == "comment"
                if comment:
                    self._skip_comment(found)
                    break
                yield found

    def _token(self, found: re.Match[str], before: Token) -> Token | None:
        kind = found.lastgroup or ""
        value = found[kind]
        if kind in {"word", "mark"}:
            token = self.known[value] = Token(kind, value.lower())
            return token
        if kind == "name":
            return Token(kind, value[1:-1].replace('""', '"'))
        if kind == "text":
            self._hide(*found.span(kind))
            inside = value[1:-1]
            return Token(kind, inside if before.is_word("authorization") or inside in _KEPT else "")
        if kind == "open":
            raise self._never_closed(found.start())
        if kind == "remark":
            self._hide(*found.span(kind))
        return None if kind in {"space", "remark"} else Token(kind, value)

    def _obey(self, tokens: tuple[Token, ...]) -> None:
        """What follows is read differently after two statements: a setting, and a copy."""
        words = [token.value for token in tokens[:2]]
        if words == ["set", "standard_conforming_strings"]:
            escaping = tokens[-1].value in {"off", "false"}
            self.tokens = re.compile(_ESCAPING if escaping else _STANDARD)
        if words[:1] == ["copy"] and [token.value for token in tokens[-2:]] == ["from", "stdin"]:
            end = self.text.find("\n\\.\n", self.offset)
            if end < 0:
                raise self._never_closed(self.offset)
            self.offset = end + 3

    def _meta(self, first: int) -> Statement:
        """A command to psql, such as connect: it ends with its line."""
        end = self.text.find("\n", first)
        self.offset = len(self.text) if end < 0 else end
        words = self.text[first : self.offset].split(maxsplit=1)
        line = self._line(first)
        self.hidden.add(line)
        name = _connected(words[1]) if words[0] == "\\connect" and len(words) > 1 else ""
        return Statement(
            self.document, line, (Token("meta", words[0]), Token("name", name)), self.hidden
        )

    def _skip_comment(self, found: re.Match[str]) -> None:
        self.offset, depth = found.end("comment"), 1
        while depth:
            edge = _COMMENT.search(self.text, self.offset)
            if edge is None:
                raise self._never_closed(found.start())
            depth += 1 if edge[0] == "/*" else -1
            self.offset = edge.end()
        self._hide(found.start(), self.offset)

    def _hide(self, start: int, end: int) -> None:
        """Show no line that something in quotes, or a remark, reaches to."""
        first = self._line(start)
        self.hidden.update(range(first, first + self.text.count("\n", start, end) + 1))

    def _never_closed(self, start: int) -> InputError:
        place = replace(self.document.at((self._line(start),)), text="")
        message = "a quote, a comment or a copy that begins on this line never ends"
        return InputError(Problem(message, place, "make the dump again: this one is cut off"))

    def _line(self, offset: int) -> int:
        return min(bisect_right(self.starts, offset), len(self.document.value)) - 1


def _connected(argument: str) -> str:
    """The database that a command to connect names, plainly or in a connection string.

    Empty for a connection string without it: what stands there may be a password.
    """
    found = re.search(r"dbname='((?:[^'\\]|\\.)*)'", argument)
    if found:
        return re.sub(r"\\(.)", r"\1", found[1].replace('""', '"'))
    secret = "=" in argument or "://" in argument
    return "" if secret else argument.strip().strip('"').replace('""', '"')


_PARENTHESES = {"(": 1, ")": -1}
_BLOCKS = frozenset({"atomic", "case", "end"})


def _opened(word: str, before: list[Token], blocks: int) -> int:
    """How many bodies a word opens or closes: `BEGIN ATOMIC … END`, and `CASE … END` inside."""
    if word == "atomic":
        return int(bool(before) and before[-1].is_word("begin"))
    if not blocks:
        return 0
    return 1 if word == "case" else -1


def quoted(name: str) -> str:
    """A name as SQL writes it: in quotes where it needs them."""
    if re.fullmatch(r"[a-z_][a-z0-9_$]*", name):
        return name
    return '"' + name.replace('"', '""') + '"'
