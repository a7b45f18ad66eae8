"""Writes what a run says: all of it, as UTF-8, to the standard output or to a file."""

from __future__ import annotations

import os
import stat
import sys

from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.source import Root

_ELSEWHERE = "choose another --output"


def use_utf8() -> None:
    """Let the standard streams write UTF-8, whatever the locale says and the text holds."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def say(text: str) -> None:
    """Write to the standard output, now.

    Raises:
        InputError: it cannot be written.
        BrokenPipeError: whoever read it has stopped reading.
    """
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


def save(file: str, text: str) -> None:
    """Write a file whole or not at all; what is no regular file, such as a pipe, is written to.

    Raises:
        InputError: it cannot be written.
    """
    data = text.encode("utf-8", errors="backslashreplace")
    try:
        if _is_special(file):
            _write(file, data, "wb")
        else:
            _replace(os.path.realpath(file), data)
    except OSError as error:
        message = f"cannot write '{file}': {_reason(error)}"
        raise InputError(Problem(message, help=_ELSEWHERE)) from None


def rewrite(root: Root, relative: str, before: bytes, data: bytes) -> None:
    """Give a file new bytes, whole or not at all; it keeps its mode, and no link is followed.

    Args:
        root: the directory that the file was read from.
        relative: its path there, with forward slashes.
        before: what it is known to hold.
        data: what it is to hold.

    Raises:
        InputError: it cannot be written, is reached through a link, or holds something else by
            now; then it is left as it is.
    """
    if root.read_bytes(relative, len(before) + 1) != before:
        message = f"'{root.show(relative)}' has changed since it was read"
        raise InputError(Problem(message, help="run the command again"))
    try:
        root.replace(relative, data)
    except OSError as error:
        message = f"cannot write '{root.show(relative)}': {_reason(error)}"
        raise InputError(Problem(message, help="make the file and its folder writable")) from None


def _is_special(file: str) -> bool:
    try:
        return not stat.S_ISREG(os.stat(file).st_mode)
    except FileNotFoundError:
        return file in {"", ".", ".."} or file.endswith("/")


def _replace(file: str, data: bytes) -> None:
    draft = f"{file}.{os.getpid()}.part"
    try:
        _write(draft, data, "xb")
        os.replace(draft, file)
    except OSError:
        if os.path.lexists(draft):
            os.unlink(draft)
        raise


def _write(file: str, data: bytes, mode: str) -> None:
    with open(file, mode) as handle:
        handle.write(data)


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()
