"""One line on a terminal that tells what long work is doing, and goes when it is done.

Short work shows nothing, and neither does a pipe, a hook or a build server: only whoever sits in
front of a terminal and waits is told. A timer writes the line, so that a long step does not keep
it back; where a system has none, there is no line.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from blastlint.interruption import done_with, undo_with

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import FrameType
    from typing import Any, TypeVar

    T = TypeVar("T")

_FIRST, _AGAIN = 0.5, 0.2
"""Seconds after which the line appears, and after which it is written anew."""
_WIDTH = 80
"""Columns of a terminal that does not tell."""
_HOOKS = ("PRE_COMMIT", "GIT_EXEC_PATH")
"""Variables that pre-commit and git set for what they start."""
_ERASED = b"\r\x1b[K"


class _Line:
    """What is being done, and what the terminal shows of it."""

    file = -1
    """The terminal; negative: nothing is shown."""
    started = 0.0
    loops: tuple[tuple[str, int, int, str], ...] = ()
    """From the outermost inwards: what is done, with which one of how many, of what kind."""
    step = ""
    """What is done within the innermost one."""
    said = "starting"
    """What was told last: it stays until something else is done."""
    shown = b""


def start() -> None:
    """Show a line if work takes long and somebody waits for it at a terminal."""
    file = _terminal(os.environ)
    if file < 0 or not hasattr(signal, "setitimer"):
        return
    _Line.file, _Line.started = file, time.monotonic()
    undo_with(end)
    signal.signal(signal.SIGALRM, _draw)
    signal.setitimer(signal.ITIMER_REAL, _FIRST, _AGAIN)


def end() -> None:
    """Erase the line, and show none any more."""
    if _Line.file < 0:
        return
    signal.setitimer(signal.ITIMER_REAL, 0)
    erase()
    done_with(end)
    _Line.file = -1


def through(things: Sequence[T], doing: str, kind: str) -> Iterator[T]:
    """Yield things, and tell how many of them are through.

    Args:
        things: what is worked on, one after the other.
        doing: what is done with them, such as `reading`.
        kind: what they are, such as `files`.
    """
    return iter(things) if _Line.file < 0 else _through(things, doing, kind)


def _through(things: Sequence[T], doing: str, kind: str) -> Iterator[T]:
    outer = _Line.loops
    for number, thing in enumerate(things, 1):
        _Line.loops, _Line.step = (*outer, (doing, number, len(things), kind)), ""
        yield thing
    _Line.loops, _Line.step = outer, ""


def now(doing: str) -> None:
    """Tell what is done next, such as `working out what agents reach`."""
    _Line.step = doing


def erase() -> None:
    """Take the line off the terminal; it may come back."""
    if _Line.shown:
        _write(_ERASED)
        _Line.shown = b""


def _terminal(environment: Mapping[str, str]) -> int:
    """Return the terminal of the standard error; a negative number if nobody waits there."""
    stream: Any = sys.stderr  # None when the process was started without one
    if stream is None or not stream.isatty() or environment.get("TERM", "dumb") == "dumb":
        return -1
    if environment.get("CI", "") not in {"", "0", "false"} or any(map(environment.get, _HOOKS)):
        return -1
    return int(stream.fileno())


def _draw(_number: int, _frame: FrameType | None) -> None:
    """Write the line, if it has changed and the terminal is ours to write to."""
    line = _text()
    try:
        width = os.get_terminal_size(_Line.file).columns or _WIDTH
        in_front = os.tcgetpgrp(_Line.file) == os.getpgrp()
    except OSError:  # the terminal has gone
        return
    cut = line[: width - 1].encode()
    if cut != _Line.shown and in_front:
        _Line.shown = cut  # before it is, so that whoever stops the run now erases it
        _write(b"\r" + cut + _ERASED[1:])


def _text() -> str:
    """Return what is done: the outermost of what is many, or the step, and for how long."""
    many = [loop for loop in _Line.loops if loop[2] > 1]
    if many:
        doing, number, total, kind = many[0]
        said = f"{doing} {number:,} of {total:,} {kind}"
    else:
        said = _Line.step or _Line.said
    _Line.said = said
    seconds = int(time.monotonic() - _Line.started)
    return f"{said} ({seconds} s)" if seconds else said


def _write(data: bytes) -> None:
    try:
        os.write(_Line.file, data)
    except OSError:  # the terminal has gone
        return
