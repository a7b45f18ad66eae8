"""Files as they are in the editor: what is open and not saved counts instead of the disk's."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from blastlint.source import Root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Texts:
    """What the files of a workspace hold at one moment."""

    def __init__(self, opened: Mapping[str, bytes]) -> None:
        self.opened = opened
        """Absolute path to the content of every file that is open."""
        self.read: dict[str, bytes] = {}
        """Absolute path to the content of every file that was read."""
        self.paths: dict[str, str] = {}
        """What people call a file, to its absolute path."""

    def exists(self, path: str) -> bool:
        """Return whether there is something at an absolute path."""
        return path in self.opened or os.path.lexists(path)

    def root(self, directory: str, shown: str) -> Root:
        """Return a folder to read from.

        Args:
            directory: its absolute path, without links.
            shown: what people call it.
        """
        return _OpenRoot(self, directory, shown)

    def content(self, path: str) -> bytes:
        """Return what was read of a file; nothing if it was not read."""
        return self.read.get(path, b"")


class _OpenRoot(Root):
    """A folder in which files that are open hold what the editor shows."""

    def __init__(self, texts: Texts, directory: str, shown: str) -> None:
        super().__init__(directory, shown)
        self._texts = texts

    def show(self, relative: str) -> str:
        """Return a path as shown to people, and remember which file that is."""
        name = super().show(relative)
        self._texts.paths[name] = self._absolute_of(relative)
        return name

    def read_bytes(self, relative: str, max_bytes: int) -> bytes:
        """Return the content of a file, or raise InputError."""
        path = self._absolute_of(relative)
        data = self._texts.opened.get(path)
        if data is None:
            data = super().read_bytes(relative, max_bytes)
        else:
            self._check(relative, path, len(data), max_bytes)
        self._texts.read[path] = data
        return data

    def exists(self, relative: str) -> bool:
        """Return whether there is something of this name."""
        return super().exists(relative) or self._absolute_of(relative) in self._texts.opened

    def walk(
        self, relative: str = "", suffixes: tuple[str, ...] = (".yaml", ".yml")
    ) -> Iterator[str]:
        """Yield the sorted paths of the files that end in a suffix, new ones too."""
        found = {*super().walk(relative, suffixes), *self._new(relative, suffixes)}
        yield from sorted(found)

    def _new(self, relative: str, suffixes: tuple[str, ...]) -> Iterator[str]:
        """Yield the files in a folder that are open and were never saved."""
        start = os.path.join(self._absolute_of(relative), "")
        for path in self._texts.opened:
            inside = path.removeprefix(start).replace(os.sep, "/")
            hidden = any(name.startswith(".") for name in inside.split("/"))
            if path.startswith(start) and path.endswith(suffixes) and not hidden:
                yield f"{relative}/{inside}" if relative else inside

    def _check(self, relative: str, path: str, size: int, max_bytes: int) -> None:
        """Hold what is open to what holds for the disk: no link on the way, no huge file."""
        self._parts(relative)
        if os.path.lexists(path):
            self._refuse_links(relative)
        if size > max_bytes:
            raise self._error(relative, f"is larger than {max_bytes} bytes", "split it")

    def _absolute_of(self, relative: str) -> str:
        return os.path.normpath(os.path.join(os.path.abspath(self.directory), relative))
