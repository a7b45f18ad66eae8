"""An answer as an editor looks at it: its files by their addresses, its places in their lines."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from blastlint.lsp.lines import Lines
from blastlint.lsp.mentions import mentions
from blastlint.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pygls.workspace import PositionCodec

    from blastlint.lsp.answers import Answer
    from blastlint.lsp.mentions import Mention
    from blastlint.rules import Rule
    from blastlint.source import Location

_MANUAL = "https://github.com/blastlint/blastlint/blob/main/docs/rules"


class View:
    """An answer, and how an editor counts and names what it speaks of."""

    def __init__(self, answer: Answer, opened: Mapping[str, str], codec: PositionCodec) -> None:
        self.answer = answer
        self._opened = opened
        self._codec = codec
        self._lines: dict[str, Lines] = {}
        self.rules: dict[str, Rule] = {rule.id: rule for rule in answer.rules or load_rules()}
        """The rules that can be named, by id."""

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place of the inventory that names an id."""
        return mentions(self.answer.draft)

    def mentions_in(self, path: str) -> Iterator[Mention]:
        """Yield the places of one file that name an id."""
        return (one for one in self.mentions if self.path(one.location.file) == path)

    @property
    def root_file(self) -> str:
        """Absolute path of the inventory's root file."""
        return os.path.join(self.answer.place.directory, self.answer.place.file)

    def path(self, shown: str) -> str:
        """Return the absolute path of a file by what people call it."""
        return self.answer.texts.paths.get(shown, shown)

    def lines(self, path: str) -> Lines:
        """Return the lines of a file as they were judged."""
        if path not in self._lines:
            text = self.answer.texts.content(path).decode(errors="replace")
            if path not in self._opened:  # on the disk a mark is no part of what is shown
                text = text.removeprefix("\ufeff")
            self._lines[path] = Lines(text, self._codec)
        return self._lines[path]

    def uri(self, path: str) -> str:
        """Return the address of a file: the editor's own, if it is open there."""
        return self._opened.get(path) or uris.from_fs_path(path) or ""

    def place(self, location: Location) -> types.Location:
        """Return where something stands."""
        path = self.path(location.file)
        return types.Location(self.uri(path), self.lines(path).range(location.span))

    def manual(self, rule: str) -> str:
        """Return the address of a rule's page; nothing for a rule of somebody's own."""
        family = self._families.get(rule, "")
        return f"{_MANUAL}/{family}/{rule}.md" if family else ""

    @cached_property
    def _families(self) -> dict[str, str]:
        """The families of the rules that the manual tells of, by id."""
        return {
            rule.id: rule.family for rule in load_rules() if self.rules.get(rule.id, rule) is rule
        }
