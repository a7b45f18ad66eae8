"""Runs something again and again, each time told to stop at another step, and says what became.

A step is a call or a return of any function, ours or not. Every run is a process of its own, so
what it would do to a terminal, to its files and to its exit code is what it does.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAULT = 99
"""Exit code of a run that raised something."""


class Outcome(NamedTuple):
    """What became of one run."""

    code: int
    """Its exit code."""
    out: str
    err: str
    is_whole: bool
    """Whether it ended before its turn to be stopped came."""


def stopped(do: Callable[[], int], at: int, first: Callable[[], object] = bool) -> Outcome:
    """Run something in a process of its own that is interrupted at some step.

    Args:
        do: what to run; returns its exit code.
        at: the step, from 1.
        first: what is run before the first step that counts.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            first()
            _run(do, at, (out.fileno(), err.fileno(), writing))
        os.close(writing)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        ended = bool(os.read(reading, 1))
        os.close(reading)
        out.seek(0)
        err.seek(0)
        return Outcome(code, out.read().decode(), err.read().decode(), ended)


def steps(do: Callable[[], int], first: Callable[[], object]) -> Iterator[Outcome]:
    """Yield what becomes of something that is stopped at its first, its second step and so on."""
    at = 0
    while True:
        at += 1
        found = stopped(do, at, first)
        yield found
        if found.is_whole:
            return


def count(do: Callable[[], int]) -> int:
    """Return how many steps something takes."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        seen = 0

        def watch(*_: object) -> None:
            nonlocal seen
            seen += 1

        sys.setprofile(watch)
        do()
        sys.setprofile(None)
        os.write(writing, str(seen).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(process, 0)
    seen = int(os.read(reading, 100))
    os.close(reading)
    return seen


def _run(do: Callable[[], int], at: int, files: tuple[int, int, int]) -> None:
    """Run something, and never return."""
    os.dup2(files[0], 1)
    os.dup2(files[1], 2)
    left = at

    def watch(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGINT)

    code = FAULT
    try:
        sys.setprofile(watch)
        code = do()
        sys.setprofile(None)
        if left > 0:
            os.write(files[2], b"x")
    except BaseException as error:  # noqa: BLE001 -- whatever it is, it must not have come up
        sys.setprofile(None)
        os.write(2, repr(error).encode())
    finally:
        sys.stdout.flush()
        os._exit(code)
