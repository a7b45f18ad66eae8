"""Ends a run that is told to stop: at once, in one line, with nothing half-written left behind.

Nothing is raised: an exception could come up anywhere, also where it is passed over or where
somebody tidies up, and a traceback would be all that is seen of it. Once what was asked for is
being put in its place, it is too late to stop, and the run ends as if nobody had asked.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_SAID = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "hung up"}
"""Signals that ask a run to stop, and what is said then; a system may lack the last one."""
_BASE = 128
"""The exit code of a run that a signal stops is this and the number of the signal."""


class _Listener:
    """What is known of the run, for whoever stops it."""

    process = 0
    """The process that listens; one that it has forked leaves its files alone."""
    signals: tuple[signal.Signals, ...] = ()
    undone: tuple[Callable[[], None], ...] = ()
    """What takes back what is not finished."""


def listen() -> None:
    """From now on, stop at once when asked; what somebody chose to ignore stays ignored."""
    known = [one for one in signal.Signals if one.name in _SAID]
    _Listener.process = os.getpid()
    _Listener.signals = tuple(one for one in known if signal.getsignal(one) != signal.SIG_IGN)
    for one in _Listener.signals:
        signal.signal(one, _stop)


def too_late() -> None:
    """From now on, run to the end: what was asked for is being put in its place."""
    for number in _Listener.signals:
        signal.signal(number, signal.SIG_IGN)


def undo_with(undo: Callable[[], None]) -> None:
    """Name what takes something back if the run is stopped; it is called between two steps."""
    _Listener.undone = (*_Listener.undone, undo)


def done_with(undo: Callable[[], None]) -> None:
    """Take back what was named: there is nothing left to undo."""
    _Listener.undone = tuple(one for one in _Listener.undone if one != undo)


def _stop(number: int, _frame: FrameType | None) -> None:
    too_late()
    if os.getpid() == _Listener.process:
        for undo in _Listener.undone:
            _try(undo)
        _tell(f"{_SAID[signal.Signals(number).name]}: nothing was judged\n")
    os._exit(_BASE + number)


def _try(undo: Callable[[], None]) -> None:
    try:
        undo()
    except OSError:  # what cannot be taken back does not keep the rest from it
        return


def _tell(line: str) -> None:
    """Write to the standard error itself: its buffer may be what was interrupted."""
    listens: object = sys.stderr  # None when the process was started without one
    try:
        if listens is not None:
            os.write(sys.stderr.fileno(), line.encode())
    except (OSError, ValueError):
        return
