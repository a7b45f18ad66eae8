"""Keeps what a run printed, for the next run over the very same input.

An entry holds a text as it was rendered, and every look at the file system that led to it, each
with a digest of what was seen there: files, lists of files, whether something is a folder. It
speaks again only if all of them see the same today, by the same program, for the same day and the
same question. Whatever is wrong with an entry, it is as if it were not there. Nothing in it is run.
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256

from blastlint.data import schema_path
from blastlint.inventory.discovery import places
from blastlint.output import save
from blastlint.source import InputError, Look, look_again
from blastlint.values import dataclass
from blastlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

FOLDER = "BLASTLINT_CACHE_DIR"
"""Variable of the environment that names the folder; if it is empty, nothing is kept."""
FORMAT = "blastlint.cache/1"
LARGEST = 1 << 26
"""Bytes of an entry; a larger one is not kept."""
ENTRIES = 64
"""Entries that are kept; the oldest make room."""
_SUFFIX = ".blastlint"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run said."""

    text: str
    severities: tuple[str, ...]
    """Of the findings that nobody accepted."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The entries of one question, one for each format that it is answered in."""

    folder: str
    question: str
    """Digest of what is asked, by which program, and of the inventories that the paths name."""

    def get(self, form: str) -> Kept | None:
        """Return what was said in a format, if it would be said again."""
        try:
            with open(self._file(form), "rb") as file:
                data = file.read(LARGEST + 1)
            told, _, body = data.partition(b"\n")
            if len(data) > LARGEST or told.decode() != sha256(body).hexdigest():
                return None
            entry = json.loads(body)
            if [entry["format"], entry["question"]] != [FORMAT, self._key(form)]:
                return None
            if not all(look_again(Look(*look)) for look in entry["looks"]):
                return None
            return Kept(entry["text"], tuple(entry["severities"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, form: str, kept: Kept, looks: Iterable[Look]) -> None:
        """Keep what was said, if that is possible."""
        entry = {
            "format": FORMAT,
            "question": self._key(form),
            "looks": [[getattr(look, name) for name in Look.__slots__] for look in looks],
            "severities": kept.severities,
            "text": kept.text,
        }
        body = json.dumps(entry)
        if len(body) >= LARGEST:
            return
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            save(self._file(form), f"{sha256(body.encode()).hexdigest()}\n{body}")
            self._make_room()
        except (OSError, InputError):
            return

    def _make_room(self) -> None:
        with os.scandir(self.folder) as entries:
            own = [entry for entry in entries if entry.name.endswith(_SUFFIX)]
        for entry in sorted(own, key=lambda one: one.stat().st_mtime_ns)[:-ENTRIES]:
            os.unlink(entry.path)

    def _key(self, form: str) -> str:
        return sha256(f"{self.question} {form}".encode()).hexdigest()

    def _file(self, form: str) -> str:
        return os.path.join(self.folder, f"{self._key(form)}{_SUFFIX}")


def cache_for(paths: Sequence[str], asked: Any) -> Cache | None:  # noqa: ANN401 -- any JSON
    """Return where the answers to a question are kept; None if nowhere.

    A folder inside of what is checked is none: whoever changes the one could forge the other. Nor
    is one that others may write to.

    Args:
        paths: what is checked.
        asked: everything else that the answer hangs on, as plain data.
    """
    folder = _folder()
    if not folder:
        return None
    found, problems = places(paths)
    where = os.path.realpath(folder)
    if problems or any(_inside(where, place.enclosure) for place in found) or _is_shared(where):
        return None
    rows = [[p.directory, p.file, p.shown, p.enclosure, p.alone] for p in found]
    said = [__version__, sys.version, os.getcwd(), list(_program()), rows, asked]
    return Cache(where, sha256(json.dumps(said).encode()).hexdigest())


def _folder() -> str:
    """Return the user's folder for what can be made again; empty if there is none."""
    named = os.environ.get(FOLDER)
    if named is not None:
        return named
    homes = {"win32": "LOCALAPPDATA", "darwin": ""}
    home = os.environ.get(homes.get(sys.platform, "XDG_CACHE_HOME"), "")
    if not home:
        below = "Library/Caches" if sys.platform == "darwin" else ".cache"
        home = os.path.join(os.path.expanduser("~"), below)
    return os.path.join(home, "blastlint") if os.path.isabs(home) else ""


def _inside(folder: str, enclosure: str) -> bool:
    try:
        return os.path.commonpath([folder, enclosure]) == enclosure
    except ValueError:  # on another drive
        return False


def _is_shared(folder: str) -> bool:
    """Return whether a folder is there and somebody else may write to it."""
    try:
        found = os.stat(folder)
    except OSError:
        return False
    return os.name == "posix" and (found.st_uid != os.getuid() or bool(found.st_mode & 0o022))


def _program() -> Iterator[tuple[str, int, int]]:
    """Yield what shows a change of the program: its own files, and the folders of libraries."""
    left = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(schema_path("inventory"))]
    for here in left:
        with os.scandir(here) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        left += [one.path for one in inside if one.is_dir() and one.name != "__pycache__"]
        files = [(one.path, one.stat()) for one in inside if one.is_file()]
        yield from ((path, found.st_size, found.st_mtime_ns) for path, found in files)
    for library in sys.path:
        if os.path.isdir(library):
            yield library, 0, os.stat(library).st_mtime_ns
