"""Writes what a run says: all of it, as UTF-8, to the standard output or to a file."""

from __future__ import annotations

import os
import stat
import sys

from blastlint import interruption, progress
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    from blastlint.source import Root

    T = TypeVar("T")

_ELSEWHERE = "choose another --output"


def use_utf8() -> None:
    """Let the standard streams write UTF-8, whatever the locale says and the text holds."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def on_terminal(stream: object) -> bool:
    """Return whether a standard stream is open, and a terminal."""
    return stream is not None and bool(getattr(stream, "isatty", bool)())


def coloured(stream: object) -> bool:
    """Return whether to colour what a stream is given: a terminal, unless the user says no."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or on_terminal(stream)


def say(text: str) -> None:
    """Write to the standard output, now.

    Raises:
        InputError: it cannot be written.
        BrokenPipeError: whoever read it has stopped reading.
    """
    progress.end()
    out: object = sys.stdout  # None when the process was started without one
    if out is None:
        raise InputError(Problem("the standard output is closed", help="leave it open"))
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        hang_up()
        message = f"cannot write to the standard output: {_reason(error)}"
        raise InputError(Problem(message)) from None


def complain(text: str) -> None:
    """Write to the standard error, if anybody listens there."""
    progress.end()
    out: object = sys.stderr
    if out is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        hang_up()


def hang_up() -> None:
    """Throw away what a standard stream cannot write, so that no error comes of it at the end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def write_all(texts: Sequence[tuple[str, str | bytes]]) -> None:
    """Write texts to their files, all of them or none: the last thing that a command does.

    Everything is written beside its place first; only when that and the standard output have
    gone well, every file takes its place, and a run is not stopped any more. What is no regular
    file, such as a pipe, cannot be held back and is written to at once.

    Args:
        texts: files, each with its text or its bytes; `-` is the standard output, which takes text.

    Raises:
        InputError: something cannot be written.
        BrokenPipeError: whoever read the standard output has stopped reading.
    """
    files = [file for file, _ in texts if file != "-"]
    drafts = {file: _Draft(file) for file in files if not _attempt(file, _is_special, file)}
    try:
        for file, text in texts:
            if file in drafts:
                _attempt(file, drafts[file].write, _encoded(text))
        for file, text in texts:
            if file not in drafts:
                say(str(text)) if file == "-" else save(file, text)
        interruption.too_late()
        for file, draft in drafts.items():
            _attempt(file, draft.put)
    finally:
        for draft in drafts.values():
            draft.drop()


def save(file: str, text: str | bytes) -> None:
    """Write a file whole or not at all; what is no regular file, such as a pipe, is written to.

    Raises:
        InputError: it cannot be written.
    """
    data = _encoded(text)
    if _attempt(file, _is_special, file):
        _attempt(file, _write, file, data, "wb")
        return
    draft = _Draft(file)
    try:
        _attempt(file, draft.write, data)
        _attempt(file, draft.put)
    finally:
        draft.drop()


class _Draft:
    """The new content of a file, beside its place until it is whole."""

    def __init__(self, file: str) -> None:
        self._file = os.path.realpath(file)
        name = f".{os.urandom(8).hex()}.part"
        self._beside = os.path.join(os.path.dirname(self._file), name)

    def write(self, data: bytes) -> None:
        """Write the content; raises an OSError if that is not possible."""
        interruption.undo_with(self.drop)
        _write(self._beside, data, "xb")

    def put(self) -> None:
        """Let it take its place; raises an OSError if that is not possible."""
        os.replace(self._beside, self._file)

    def drop(self) -> None:
        """Leave nothing beside the place."""
        if os.path.lexists(self._beside):
            os.unlink(self._beside)
        interruption.done_with(self.drop)


def _attempt(file: str, do: Callable[..., T], *words: Any) -> T:  # noqa: ANN401 -- passed on
    """Do something with a file; raises an InputError that names it if that fails."""
    try:
        return do(*words)
    except OSError as error:
        message = f"cannot write '{file}': {_reason(error)}"
        raise InputError(Problem(message, help=_ELSEWHERE)) from None


def rewrite(files: Sequence[tuple[Root, str, bytes, bytes]]) -> None:
    """Give files new bytes, each whole or not at all; they keep their modes.

    All are looked at before the first one is written, and a run is not stopped in between.

    Args:
        files: the directory that a file was read from, its path there, what it is known to hold,
            and what it is to hold.

    Raises:
        InputError: one cannot be written, is reached through a link, or holds something else by
            now; then it is left as it is.
    """
    for root, relative, before, _ in files:
        if root.read_bytes(relative, len(before) + 1) != before:
            message = f"'{root.show(relative)}' has changed since it was read"
            raise InputError(Problem(message, help="run the command again"))
    interruption.too_late()
    for root, relative, _, data in files:
        try:
            root.replace(relative, data)
        except OSError as error:
            message = f"cannot write '{root.show(relative)}': {_reason(error)}"
            help_ = "make the file and its folder writable"
            raise InputError(Problem(message, help=help_)) from None


def _is_special(file: str) -> bool:
    """Return whether a file is written to as it is; raises an OSError if it cannot be looked at."""
    try:
        return not stat.S_ISREG(os.stat(file).st_mode)
    except FileNotFoundError:
        return file in {"", ".", ".."} or file.endswith("/")


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", errors="backslashreplace")


def _write(file: str, data: bytes, mode: str) -> None:
    with open(file, mode) as handle:
        handle.write(data)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
