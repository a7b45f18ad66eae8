"""The one way to open a file: a regular file inside a directory, reached through no link."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import sha256

from blastlint.source.handles import (
    HANDLES,
    is_link,
    open_by_handles,
    open_by_names,
    replace_file,
)
from blastlint.source.places import (
    WHOLE_FILE,
    InputError,
    Location,
    Problem,
    did_you_mean,
    shown,
)
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WINDOWS = os.name == "nt"
_DEVICES = (
    "aux",
    "con",
    "nul",
    "prn",
    *(f"{kind}{n}" for kind in ("com", "lpt") for n in "123456789"),
)
"""What Windows opens instead of a file."""
_ENTRIES = 200_000
"""Names that a walk looks at."""
_SIBLINGS = 1_000
"""Names among which a misspelt one is looked for."""

_LINK = "links are not followed: put the file itself here"
_REASONS = {
    errno.ENOENT: "does not exist",
    errno.EACCES: "may not be read: permission denied",
    errno.EPERM: "may not be read: permission denied",
    errno.ENOTDIR: "is not a directory",
    errno.EISDIR: "is a directory, expected a file",
    errno.ENXIO: "is not a regular file",
    errno.ENAMETOOLONG: "has too long a name",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the file system, and a digest of what was seen."""

    what: str
    """`bytes` of a file, `walk`: the files below a folder, `folder`: whether there is one, `name`:
    whether there is anything of that name."""
    directory: str
    relative: str
    limit: str
    """Bytes at most, or the suffixes of the files."""
    seen: str


_looks: list[Look] | None = None
"""Where looks are written down, if somebody asked for it."""


def watch(looks: list[Look] | None) -> None:
    """Add every look from now on to a list; None: to none."""
    global _looks  # noqa: PLW0603 -- every root of a run looks for one and the same run
    _looks = looks


def look_again(look: Look) -> bool:
    """Return whether a look sees what it saw before."""
    root = Root(look.directory)
    try:
        if look.what == "bytes":
            return _digest(root.read_bytes(look.relative, int(look.limit))) == look.seen
        if look.what == "walk":
            return _digest_of(root.walk(look.relative, tuple(look.limit.split()))) == look.seen
    except InputError:
        return False
    seen = root.exists if look.what == "name" else root.is_directory
    return str(seen(look.relative)) == look.seen


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _digest_of(names: Iterable[str]) -> str:
    return _digest("\n".join(names).encode(errors="surrogateescape"))


class Root:
    """A directory; whatever is read from it is a regular file inside it."""

    def __init__(self, directory: str, shown: str = "") -> None:
        self.directory = directory
        """Where it is."""
        self.origin = directory
        """Where it would be on the disk: the same, but for what is read from elsewhere."""
        self.shown = shown.rstrip("/")
        """What people call it: the prefix of every path shown to them."""

    def show(self, relative: str) -> str:
        """Return a path as shown to people."""
        return "/".join(part for part in (self.shown, relative) if part) or "."

    def read_bytes(self, relative: str, max_bytes: int) -> bytes:
        """Return the content of a file, or raise InputError."""
        parts = self._parts(relative)
        opened = open_by_handles if HANDLES else open_by_names
        try:
            handle = opened(self.directory, parts)
        except OSError as error:
            raise self._reason(relative, error) from None
        try:
            data = self._content(relative, handle, max_bytes)
        except OSError as error:
            raise self._reason(relative, error) from None
        finally:
            os.close(handle)
        if _looks is not None:
            limit = str(max_bytes)
            _looks.append(Look("bytes", self._absolute, relative, limit, _digest(data)))
        return data

    def replace(self, relative: str, data: bytes) -> None:
        """Put a new file in the place of one, with its mode; no name on the way may be a link.

        Raises:
            OSError: it cannot be written; what was there is still there.
        """
        replace_file(self.directory, self._parts(relative), data)

    def is_directory(self, relative: str) -> bool:
        """Return whether a path is a directory inside this one, and no link on the way to it."""
        found = self._is_directory(relative)
        if _looks is not None:
            _looks.append(Look("folder", self._absolute, relative, "", str(found)))
        return found

    @property
    def _absolute(self) -> str:
        return os.path.abspath(self.directory)

    def _is_directory(self, relative: str) -> bool:
        path = self.directory
        for part in self._parts(relative):
            path = os.path.join(path, part)
            try:
                found = os.lstat(path)
            except OSError:
                return False
            if not stat.S_ISDIR(found.st_mode):
                return False
        return True

    def exists(self, relative: str) -> bool:
        """Return whether there is something of this name, be it a link."""
        found = os.path.lexists(self._path(relative))
        if _looks is not None:
            _looks.append(Look("name", self._absolute, relative, "", str(found)))
        return found

    def walk(
        self, relative: str = "", suffixes: tuple[str, ...] = (".yaml", ".yml")
    ) -> Iterator[str]:
        """Yield the sorted paths of the files that end in a suffix.

        Names that start with a dot are skipped. A link to a directory, or one that ends in a
        suffix, is an InputError: what stands behind it would be missed in silence.
        """
        if relative:
            self._refuse_links(relative)
        found: list[str] = []
        left = [relative]
        seen = 0
        while left:
            here = left.pop()
            for entry in self._entries(here):
                name = f"{here}/{entry.name}" if here else entry.name
                kept = self._kept(name, entry, suffixes)
                if kept:
                    (left if kept == "directory" else found).append(name)
                seen += 1
            if seen > _ENTRIES:
                raise self._error(here, f"holds more than {_ENTRIES} names", "check less at once")
        found.sort()
        if _looks is not None:
            limit = " ".join(suffixes)
            _looks.append(Look("walk", self._absolute, relative, limit, _digest_of(found)))
        yield from found

    def _entries(self, relative: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._path(relative)) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            raise self._reason(relative, error) from None

    def _kept(self, name: str, entry: os.DirEntry[str], suffixes: tuple[str, ...]) -> str:
        """Return what a walk does with a name: "directory", "file" or nothing."""
        if entry.name.startswith("."):
            return ""
        wanted = entry.name.endswith(suffixes)
        if entry.is_symlink() or (_WINDOWS and is_link(entry.stat(follow_symlinks=False))):
            if wanted or os.path.isdir(entry.path):
                raise self._error(name, "is a link", _LINK)
            return ""
        if entry.is_dir(follow_symlinks=False):
            return "directory"
        if wanted:
            self._parts(name)
        return "file" if wanted else ""

    def _parts(self, relative: str) -> list[str]:
        """Return a path's names, none of which leaves the directory or deceives a reader."""
        if relative.startswith("/") or (len(relative) > 1 and relative[1] == ":"):
            raise self._error(relative, "is an absolute path", "write it relative to this file")
        if "\\" in relative:
            raise self._error(relative, "contains a backslash", "separate names by '/'")
        parts = relative.split("/")
        if not relative.isprintable():
            raise self._error(relative, "contains a character that cannot be seen", "rename it")
        if ".." in parts:
            raise self._error(relative, "leads out of its directory", "move the file inside")
        if "" in parts or "." in parts:
            raise self._error(relative, "is not a plain path", "write it as NAME or DIRECTORY/NAME")
        if _WINDOWS and any(map(is_reserved, parts)):
            raise self._error(relative, "is not a file's name on Windows", "rename it")
        return parts

    def _content(self, relative: str, handle: int, max_bytes: int) -> bytes:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, "")
        if not stat.S_ISREG(found.st_mode):
            raise self._error(relative, "is not a regular file", "put the file itself here")
        data = b""
        if found.st_size <= max_bytes:
            with os.fdopen(handle, "rb", closefd=False) as file:
                data = file.read(max_bytes + 1)
        if found.st_size > max_bytes or len(data) > max_bytes:
            raise self._error(relative, f"is larger than {max_bytes} bytes", "split it")
        return data

    def _reason(self, relative: str, error: OSError) -> InputError:
        """Return why a file was not opened, by the first name on the way that is not right."""
        self._refuse_links(relative)
        words = _REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror}".lower()
        return self._error(relative, words)

    def _refuse_links(self, relative: str) -> None:
        """Raise if a name on the way is missing, a link, or no directory."""
        parts = self._parts(relative) if relative else []
        for index in range(len(parts)):
            name = "/".join(parts[: index + 1])
            try:
                found = os.lstat(self._path(name))
            except FileNotFoundError:
                near = self._near("/".join(parts[:index]), parts[index])
                raise self._error(name, "does not exist", near) from None
            except OSError as error:
                words = _REASONS.get(error.errno or 0, "cannot be read")
                raise self._error(name, words) from None
            if is_link(found):
                raise self._error(name, "is a link", _LINK)
            if index < len(parts) - 1 and not stat.S_ISDIR(found.st_mode):
                raise self._error(name, "is not a directory")

    def _near(self, parent: str, name: str) -> str:
        try:
            names = sorted(os.listdir(self._path(parent)))[:_SIBLINGS]
        except OSError:
            return ""
        return did_you_mean(name, names)

    def _path(self, relative: str) -> str:
        return f"{self.directory}/{relative}" if relative else self.directory or "."

    def _error(self, relative: str, reason: str, advice: str = "") -> InputError:
        name = self.show(relative)
        place = Location(name, WHOLE_FILE)
        return InputError(Problem(f"{shown(name)} {reason}", place, advice))


def is_reserved(name: str) -> bool:
    """Whether Windows opens something else than a file of this name."""
    stem = name.split(".", 1)[0].rstrip().lower()
    return stem in _DEVICES or ":" in name or name[-1:] in {" ", "."}
