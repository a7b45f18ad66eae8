"""Values of AWS evidence with their places, and everything that is wrong with them."""

from __future__ import annotations

from blastlint.source import EVIDENCE, InputError, Problem, did_you_mean, parse
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from blastlint.source import Document, Location

    Path = tuple[str | int, ...]

_TEMPLATES = ("{{", "<%", "${aws_", "${var.", "${local.", "${data.")
"""How unrendered templates look; policy variables look otherwise (`${aws:username}`)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value, where it stands, and where what is wrong with it is noted."""

    document: Document
    """Document that holds it."""
    path: Path
    """Where in the document."""
    value: Any
    """Plain value."""
    problems: list[Problem] = field(repr=False, compare=False)
    """What was found wrong so far; raised together."""
    inside: Node | None = None
    """The text that the document was written in, if it was: a document within a text."""
    day: datetime | None = None
    """Moment that the evidence is not older than, if it tells one."""

    def place(self, *path: str | int, note: str = "") -> Location:
        """The place of the value, or of something in it."""
        if self.inside is not None:
            return self.inside.place(note=note)
        return self.document.at((*self.path, *path), note)

    def say(self, message: str, help_: str = "", *path: str | int) -> None:
        """Note that something is wrong."""
        self.problems.append(Problem(message, self.place(*path), help=help_))

    def at(self, key: str | int) -> Node:
        """The value under a key; None stands for what is not there."""
        value = self.value
        kind = list if isinstance(key, int) else dict
        there = isinstance(value, kind) and (kind is list or key in value)
        found = value[key] if there else None
        path = (*self.path, key)
        return Node(self.document, path, found, self.problems, self.inside, self.day)

    def rows(self, key: str) -> Iterator[Node]:
        """The maps of a list; a missing list has none."""
        node = self.at(key)
        if node.value is None:
            return
        if not isinstance(node.value, list):
            node.say(f"expected a list of maps in {key}")
            return
        for index in range(len(node.value)):
            row = node.at(index)
            if isinstance(row.value, dict):
                yield row
            else:
                row.say(f"expected a map in {key}")

    def text(self, key: str, *, needed: bool = False) -> str:
        """A text; empty when it is absent."""
        node = self.at(key)
        if node.value is None:
            if needed:
                self.say(f"there is no {key} here")
            return ""
        return node.checked()

    def checked(self) -> str:
        """The value as a text, if it is one and no template."""
        if not isinstance(self.value, str):
            self.say("expected a text")
            return ""
        if any(mark in self.value for mark in _TEMPLATES):
            self.say("this is a template that was not rendered", "give what AWS itself returns")
        return self.value

    def mapped(self) -> Node:
        """The value as a map; an empty one in the place of anything else."""
        if isinstance(self.value, dict):
            return self
        self.say("expected a map")
        return replace(self, value={})

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts; a missing one is empty."""
        node = self.at(key)
        if node.value is None:
            return ()
        if isinstance(node.value, list):
            return tuple(node.at(index).checked() for index in range(len(node.value)))
        return (node.checked(),)

    def embedded(self, key: str) -> Node:
        """A policy document: a map, or a text that holds one, URL-encoded as the API sends it."""
        node = self.at(key)
        return node.opened() if isinstance(node.value, str) else node

    def opened(self) -> Node:
        """The map that a text holds."""
        from urllib.parse import unquote  # noqa: PLC0415 -- few exports are encoded

        written = self.value.lstrip()
        decoded = written if written.startswith("{") else unquote(written)
        try:
            found = parse(decoded.encode("utf-8", "replace"), self.document.file, EVIDENCE)
        except InputError as error:
            self.say("this policy document cannot be read: " + error.problems[0].message)
            return replace(self, value={"Statement": []})
        if len(found) != 1:
            self.say("this policy document cannot be read: expected one map")
            return replace(self, value={"Statement": []})
        return Node(found[0], (), found[0].value, self.problems, self, self.day)

    def known_keys(self, known: Sequence[str]) -> None:
        """Note every key that is none of the known ones."""
        for key in self.value:
            if key not in known:
                help_ = did_you_mean(str(key), known) or f"known are {', '.join(known)}"
                self.say("unknown key in a policy statement", help_, key)
