"""Walks through the tokens of one SQL statement: words, names, privileges, signatures."""

from __future__ import annotations

from itertools import pairwise

from blastlint.providers.postgres.catalog import PUBLIC
from blastlint.providers.postgres.text import Token, quoted
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.postgres.text import Statement
    from blastlint.source import Location

    Privilege = tuple[str, tuple[str, ...]]
    """Its name in upper case, and the columns that it is limited to."""

_NOTHING = Token("end", "")
_LITERAL = frozenset({"word", "mark", "text"})


class Cursor:
    """A place in a statement."""

    __slots__ = ("_index", "_place", "_tokens", "statement")

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._tokens = statement.tokens
        self._index = 0
        self._place: Location | None = None

    @property
    def place(self) -> Location:
        """Where the statement begins."""
        if self._place is None:
            self._place = self.statement.at()
        return self._place

    @property
    def here(self) -> Token:
        """The token to be read next."""
        return self._tokens[self._index] if self._index < len(self._tokens) else _NOTHING

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self._index >= len(self._tokens)

    def next(self) -> Token:
        """Read one token."""
        token = self.here
        self._index += 1
        return token

    def skip(self, *words: str) -> bool:
        """Read some words or marks, if exactly these are next."""
        if not self._matches(self._index, words):
            return False
        self._index += len(words)
        return True

    def skip_one(self, *words: str) -> bool:
        """Read one of some words, if it is next."""
        return any(self.skip(word) for word in words)

    def expect(self, word: str) -> None:
        """Read a word that must be there."""
        if not self.skip(word):
            raise self.problem(f"expected {word.upper()} in this statement")

    def has(self, *words: str) -> bool:
        """Whether some words stand next to each other in what is left."""
        return self._find(words) is not None

    def seek(self, *words: str) -> None:
        """Go behind the next such words, or to the end."""
        found = self._find(words)
        self._index = len(self._tokens) if found is None else found + len(words)

    def _find(self, words: tuple[str, ...]) -> int | None:
        first, rest = words[0], self._tokens[self._index :]
        places = (index for index, token in enumerate(rest, self._index) if token.value == first)
        return next((index for index in places if self._matches(index, words)), None)

    def _matches(self, start: int, words: tuple[str, ...]) -> bool:
        tokens = self._tokens
        if start + len(words) > len(tokens):
            return False
        for index, word in enumerate(words, start):
            token = tokens[index]
            if token.value != word or token.kind not in _LITERAL:
                return False
        return True

    def name(self) -> str:
        """Read one name, as it is stored."""
        token = self.next()
        if token.kind not in {"word", "name", "number"}:
            raise self.problem("expected a name in this statement")
        return token.value

    def role(self) -> str:
        """Read the name of a role, or PUBLIC."""
        self.skip("group")
        public = self.here.is_word("public")
        name = self.name()
        return PUBLIC if public else name

    def qualified(self) -> tuple[str, str]:
        """Read a name with its schema: both as SQL writes them."""
        parts = [quoted(self.name())]
        while self.skip("."):
            parts.append(quoted(self.name()))
        return ".".join(parts), ".".join(parts[:-1])

    def privileges(self) -> list[Privilege]:
        """Read privileges up to ON, each with its columns."""
        found: list[Privilege] = []
        while not (found and self.skip("on")):
            if self.done:
                raise self.problem("expected ON in this statement")
            words = []
            while self.here.kind == "word" and not self.here.is_word("on"):
                words.append(self.next().value.upper())
            name = " ".join(word for word in words if word != "PRIVILEGES")
            found.append(("TEMPORARY" if name == "TEMP" else name, self._columns()))
            self.skip(",")
            if not words:
                raise self.problem("expected a privilege in this statement")
        return found

    def _columns(self) -> tuple[str, ...]:
        if not self.skip("("):
            return ()
        found = [quoted(self.name())]
        while self.skip(","):
            found.append(quoted(self.name()))
        self.expect(")")
        return tuple(found)

    def signature(self) -> str:
        """Read the arguments of a function, without their defaults: `(a integer, b text)`."""
        if not self.skip("("):
            return "()"
        text, depth, silent = "(", 1, False
        while depth and not self.done:
            token = self.next()
            depth += {"(": 1, ")": -1}.get(token.value, 0) if token.kind == "mark" else 0
            if depth == 1 and (token.is_word("default") or token == Token("mark", "=")):
                silent = True
            elif depth == 0 or (depth == 1 and token == _COMMA):
                silent = False
            if not silent:
                text = _joined(text, token)
        return text

    def language(self) -> str:
        """The language that is named in what is left of the statement."""
        pairs = pairwise(self._tokens[self._index :])
        return next((name.value for word, name in pairs if word.is_word("language")), "")

    def qualified_names(self) -> Iterator[str]:
        """Every `schema.name` in what is left of the statement."""
        tokens = self._tokens
        for index in range(self._index, len(tokens) - 2):
            one, dot, two = tokens[index : index + 3]
            if dot == _DOT and {one.kind, two.kind} <= {"word", "name"}:
                yield f"{quoted(one.value)}.{quoted(two.value)}"

    def problem(self, message: str, help_: str = "") -> InputError:
        """Refuse the statement."""
        advice = help_ or "make the dump again with pg_dump --schema-only"
        return InputError(Problem(message, self.place, advice))


_COMMA, _DOT = Token("mark", ","), Token("mark", ".")


def _joined(text: str, token: Token) -> str:
    """A text with one more token, spaced as PostgreSQL does."""
    if token == _COMMA:
        return text + ", "
    if token.kind == "mark":
        return text + token.value
    value = quoted(token.value) if token.kind == "name" else token.value
    tight = not text or text[-1] in "([. "
    return text + value if tight else f"{text} {value}"


def roles_in(cursor: Cursor) -> list[str]:
    """Read names of roles, separated by commas."""
    found = [cursor.role()]
    while cursor.skip(","):
        found.append(cursor.role())
    return found
