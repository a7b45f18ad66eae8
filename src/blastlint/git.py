"""Reads a repository through git's own store: a revision, or what the next commit will hold.

Nothing is checked out and nothing is written, so what lies in the folder plays no part. The only
program that is started is `git`, and it is told to fetch nothing.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from bisect import bisect_left
from difflib import SequenceMatcher

from blastlint.source import InputError, Problem, Root, did_you_mean, shown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import IO, Any, Self

_QUIET = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LITERAL_PATHSPECS": "0",
    "GIT_GLOB_PATHSPECS": "0",
    "GIT_NOGLOB_PATHSPECS": "0",
    "GIT_ICASE_PATHSPECS": "0",
    "LC_ALL": "C",
}
"""Nothing is fetched, nothing stands for something else, nobody is asked; paths mean one thing."""
_EMPTY = (
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
)
"""Ids of the empty file: what git notes of a file that is only intended to be added."""
_LARGE = b"version https://git-lfs.github.com/spec/"
_KINDS = {"120000": "link", "160000": "submodule"}
"""Mode of an entry that is no file to what it is."""
_HEAD = ("id", "kind", "size")
"""What git says of an object before it shows it."""
_LISTING = (
    *("--files-with-matches", "--null", "--full-name", "--no-color"),
    *("--text", "--fixed-strings", "--no-recurse-submodules", "--threads=1"),
)
"""How git lists the files that hold a text, whatever people like to see; threads cost it double."""
_INSTEAD = "put the file itself here"
_MANY_LINES = 4_000
"""Lines up to which two files are compared in the order of their lines."""
_SIBLINGS = 1_000
"""Names among which a misspelt one is looked for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as git keeps it."""

    id: str
    """Its object: two files with one id hold the same."""
    kind: str
    """`file`, `link` or `submodule`."""


class Repository:
    """The repository around the current folder."""

    def __init__(self) -> None:
        self.top = os.path.realpath(_asked("rev-parse", "--show-toplevel").rstrip("\n"))
        """Its folder, without links."""
        self._reader = _Reader()

    def revision(self, name: str) -> Snapshot:
        """Return the files of a revision, by any name that git knows it by.

        Raises:
            InputError: there is no such revision.
        """
        commit = self._reader.commit(name)
        if commit is None:
            self._reader.close()
            help_ = "name a branch, a tag or a commit that this clone holds; `git fetch` it first"
            raise InputError(Problem(f"git knows no revision {shown(name)}", help=help_))
        listed = _asked("ls-tree", "-r", "-z", "--full-tree", commit)
        entries = (line.split("\t", 1) for line in listed.split("\0") if line)
        files = {path: _entry(words.split()[0], words.split()[2]) for words, path in entries}
        return Snapshot(self.top, files, f"revision {name}", self._reader, tree=commit)

    def staged(self) -> Snapshot:
        """Return the files that the next commit will hold.

        Raises:
            InputError: a merge is not finished.
        """
        listed = _asked("ls-files", "--stage", "-z", "--full-name", ":/")
        files: dict[str, Entry] = {}
        for line in filter(None, listed.split("\0")):
            words, path = line.split("\t", 1)
            mode, name, stage = words.split()
            if stage != "0":
                help_ = "resolve the conflict and `git add` the file"
                raise InputError(Problem(f"{shown(path)} is not merged yet", help=help_))
            files[path] = _entry(mode, name)
        for path in _intended(files):
            del files[path]
        return Snapshot(self.top, files, "what is staged", self._reader, tree="--cached")


def _entry(mode: str, name: str) -> Entry:
    return Entry(name, _KINDS.get(mode, "file"))


def _intended(files: Mapping[str, Entry]) -> list[str]:
    """Return the files that are only intended to be added: no commit will hold them yet."""
    empty = {path for path, entry in files.items() if entry.id in _EMPTY}
    if not empty:
        return []
    known = _asked("ls-tree", "-r", "-z", "--full-tree", "--name-only", "HEAD", missing="")
    added = _asked("diff", "--cached", "--name-only", "-z", "--no-renames", "--no-ext-diff")
    return sorted(empty - {*known.split("\0"), *added.split("\0")})


def _asked(*words: str, missing: str | None = None) -> str:
    """Return what git answers.

    Args:
        words: the command.
        missing: the answer if git has none; else that is an error.

    Raises:
        InputError: git is not there, or refuses; with its own words.
    """
    done = _run(*words)
    if done.returncode == 0:
        return os.fsdecode(done.stdout)
    if missing is not None:
        return missing
    said = os.fsdecode(done.stderr).strip().partition("\n")[0].removeprefix("fatal: ")
    raise InputError(
        Problem(f"git says: {said or 'nothing'}", help="run this inside a git checkout")
    )


def _run(*words: str) -> subprocess.CompletedProcess[bytes]:
    command = (_git(), "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *words)
    return subprocess.run(  # noqa: S603 -- git, with words of ours and one revision, verified
        command, capture_output=True, check=False, env={**os.environ, **_QUIET}
    )


def _git() -> str:
    """Return where git is; never one that lies in the folder that is judged.

    Raises:
        InputError: it is not installed.
    """
    found = shutil.which("git")
    if found is None or not os.path.isabs(found):
        raise InputError(Problem("git is not installed", help="install it, or compare two folders"))
    return found


class _Reader:
    """Reads objects from one git that is kept running."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, name: str) -> bytes:
        """Return what an object holds.

        Raises:
            OSError: git does not hold it.
        """
        self._ask(name)
        found = self._answer(b"blob")
        if found is None:
            raise OSError(f"git does not hold object {name}; `git fetch` it first")
        return found[1]

    def commit(self, name: str) -> str | None:
        """Return the id of a commit, by any name that git knows it by; None if it knows none."""
        if "\n" in name or "\0" in name:
            return None
        self._ask(f"{name}^{{commit}}")
        found = self._answer(b"commit")
        return found[0] if found else None

    def _ask(self, name: str) -> None:
        ask, _ = self._pipes()
        ask.write(os.fsencode(name) + b"\n")
        ask.flush()

    def _answer(self, kind: bytes) -> tuple[str, bytes] | None:
        """Return id and content of what was asked for; None if git has nothing of the kind."""
        _, answer = self._pipes()
        head = answer.readline().split()
        if len(head) != len(_HEAD) or not head[2].isdigit():
            return None
        data = answer.read(int(head[2]) + 1)[:-1]
        return (head[0].decode(), data) if head[1] == kind else None

    def close(self) -> None:
        """End the program that reads."""
        if self._process is not None:
            self._process.communicate()
            self._process = None

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 -- git, with words of ours
                (_git(), "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_QUIET},
            )
        found: Any = self._process  # both pipes were asked for
        return found.stdin, found.stdout


class Snapshot:
    """The files of one state of a repository; a context manager that ends git with it."""

    def __init__(
        self, top: str, files: Mapping[str, Entry], name: str, reader: _Reader, *, tree: str
    ) -> None:
        self.top = top
        """Folder of the repository."""
        self.files = files
        """Path from the top of the repository to its entry."""
        self.name = name
        """What it is, in words."""
        self.folders = frozenset(_folders(files))
        self._paths = sorted(files)
        self._reader = reader
        self._tree = tree
        self._changed: dict[str, frozenset[int]] = {}

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program that reads."""
        self._reader.close()

    def root(self, directory: str, shown: str) -> SnapshotRoot:
        """Return a folder to read from.

        Args:
            directory: its path from the top, with a slash before it.
            shown: what people call it.
        """
        return SnapshotRoot(self, directory, shown)

    def content(self, entry: Entry) -> bytes:
        """Return what an entry holds; for a link, where it leads.

        Raises:
            OSError: git does not hold it.
        """
        return self._reader.read(entry.id)

    def holding(self, marks: Iterable[str], suffixes: Iterable[str]) -> frozenset[str]:
        """Return the files of some suffixes that hold one of some marks; all, if git has doubts."""
        ends = tuple(suffixes)
        marked = (word for mark in marks for word in ("-e", mark))
        where = (self._tree, "--", *(f":(top)*{end}" for end in ends))
        done = _run("grep", *_LISTING, *marked, *where)
        if done.returncode > 1 or done.stderr:
            return frozenset(path for path in self.files if path.endswith(ends))
        found = os.fsdecode(done.stdout).split("\0")
        return frozenset(path.removeprefix(f"{self._tree}:") for path in found)

    def lines_changed(self, later: Snapshot, path: str) -> Collection[int]:
        """Return the lines of a file of a later snapshot that this one does not have, from 1."""
        old, new = self.files.get(path), later.files.get(path)
        if new is None or old == new:
            return ()
        if path not in self._changed:
            before = self.content(old).splitlines() if old else []
            self._changed[path] = frozenset(_new_lines(before, later.content(new).splitlines()))
        return self._changed[path]

    def below(self, folder: str) -> Sequence[str]:
        """Return the sorted paths of the files in a folder, at any depth."""
        start = f"{folder}/" if folder else ""
        first = bisect_left(self._paths, start)
        last = bisect_left(self._paths, f"{folder}0", first) if folder else len(self._paths)
        return self._paths[first:last]  # "0" is the character after the slash


def _new_lines(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[int]:
    """Yield the numbers of the lines that are new; in files of many lines, those of a new text."""
    if len(before) + len(after) > _MANY_LINES:
        known = set(before)
        yield from (number for number, line in enumerate(after, 1) if line not in known)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag in {"insert", "replace"}:
            yield from range(start + 1, end + 1)


def _folders(paths: Iterable[str]) -> Iterator[str]:
    """Yield every folder that holds one of some paths, the top too."""
    done = {""}
    yield ""
    for path in paths:
        folder = posixpath.dirname(path)
        while folder not in done:
            done.add(folder)
            yield folder
            folder = posixpath.dirname(folder)


class SnapshotRoot(Root):
    """A folder of a snapshot: read like one on the disk."""

    def __init__(self, snapshot: Snapshot, directory: str, shown: str) -> None:
        super().__init__(directory, shown)
        self.origin = os.path.join(snapshot.top, directory.strip("/"))
        self._snapshot = snapshot
        self._prefix = directory.strip("/") + "/" if directory.strip("/") else ""

    def read_bytes(self, relative: str, max_bytes: int) -> bytes:
        """Return the content of a file, or raise InputError."""
        path = self._within("/".join(self._parts(relative)))
        entry = self._snapshot.files.get(path)
        if entry is None:
            raise self._missing(relative, path)
        if entry.kind != "file":
            raise self._error(relative, f"is a {entry.kind}", _INSTEAD)
        try:
            data = self._snapshot.content(entry)
        except OSError as error:
            raise self._error(relative, "cannot be read", str(error)) from None
        if len(data) > max_bytes:
            raise self._error(relative, f"is larger than {max_bytes} bytes", "split it")
        if data.startswith(_LARGE):
            advice = "git keeps it elsewhere (Git LFS): commit the file itself"
            raise self._error(relative, "is only a pointer to the file", advice)
        return data

    def is_directory(self, relative: str) -> bool:
        """Return whether a path is a directory inside this one."""
        return self._within("/".join(self._parts(relative))) in self._snapshot.folders

    def exists(self, relative: str) -> bool:
        """Return whether there is something of this name."""
        path = self._within(relative)
        return path in self._snapshot.files or path in self._snapshot.folders

    def walk(
        self, relative: str = "", suffixes: tuple[str, ...] = (".yaml", ".yml")
    ) -> Iterator[str]:
        """Yield the sorted paths of the files that end in a suffix, as on the disk."""
        top = self._within(relative)
        for path in self._snapshot.below(top):
            inside = path[len(top) + 1 :] if top else path
            if any(part.startswith(".") for part in inside.split("/")):
                continue
            name = path[len(self._prefix) :]
            if self._is_refused(path, suffixes):
                raise self._error(name, f"is a {self._snapshot.files[path].kind}", _INSTEAD)
            if path.endswith(suffixes) and self._snapshot.files[path].kind == "file":
                self._parts(name)
                yield name

    def _is_refused(self, path: str, suffixes: tuple[str, ...]) -> bool:
        """Return whether something that is no file may hide what would be read."""
        entry = self._snapshot.files[path]
        if entry.kind == "link" and not path.endswith(suffixes):
            there = os.fsdecode(self._snapshot.content(entry))
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), there))
            return target not in self._snapshot.files
        return entry.kind != "file"

    def _within(self, relative: str) -> str:
        return f"{self._prefix}{relative}" if relative else self._prefix.rstrip("/")

    def _missing(self, relative: str, path: str) -> InputError:
        if path in self._snapshot.folders:
            return self._error(relative, "is a directory, expected a file")
        folder = posixpath.dirname(path)
        files = self._snapshot.below(folder)[:_SIBLINGS]
        near = [posixpath.basename(file) for file in files if posixpath.dirname(file) == folder]
        advice = did_you_mean(posixpath.basename(path), near)
        return self._error(relative, f"does not exist in {self._snapshot.name}", advice)
