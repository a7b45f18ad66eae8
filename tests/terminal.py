"""A terminal to run commands at, as a person does: it has a size, and keeps what was written."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from typing import TYPE_CHECKING, NamedTuple, Self

from commands import HANG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_LEFT_OUT = ("CI", "PRE_COMMIT", "GIT_EXEC_PATH", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHON")
"""Variables, or starts of their names, that nobody has who just sits at a terminal."""


class Said(NamedTuple):
    """What a command at a terminal has written."""

    code: int
    """Its exit code."""
    terminal: str
    """Everything that the terminal got."""


class Terminal:
    """A terminal with a command running at it; a context manager that ends the command."""

    def __init__(
        self,
        arguments: Sequence[str],
        cwd: Path,
        env: Mapping[str, str] | None = None,
        size: tuple[int, int] = (24, 80),
        out: Path | None = None,
    ) -> None:
        """Start a command.

        Args:
            arguments: the command.
            cwd: where it runs.
            env: variables that are added to the environment.
            size: lines and columns.
            out: where its standard output goes; none: to the terminal.
        """
        kept = {k: v for k, v in os.environ.items() if not k.startswith(_LEFT_OUT)}
        environment = {**kept, "TERM": "xterm", **(env or {})}
        self.text = ""
        self._process, self._file = pty.fork()
        if not self._process:
            _become(arguments, cwd, environment, size, out)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the command if it still runs."""
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
        os.close(self._file)

    def type(self, keys: str) -> None:
        """Type something."""
        os.write(self._file, keys.encode())

    def wait_for(self, pattern: str, start: int = 0) -> re.Match[str]:
        """Return the first match of a pattern in what the terminal got since a place."""
        until = time.monotonic() + HANG
        more = True
        while not (found := re.compile(pattern).search(self.text, start)):
            assert more, f"ended without {pattern!r}: {self.text[start:]!r}"
            assert time.monotonic() < until, f"never said {pattern!r}, but {self.text[start:]!r}"
            more = self.read()
        return found

    def read(self, wait: float = 0.1) -> bool:
        """Read what there is within some seconds; return whether more may come."""
        if not select.select([self._file], [], [], wait)[0]:
            return True
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:  # nobody has the terminal open any more
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def end(self) -> Said:
        """Return what was said when the command has ended."""
        until = time.monotonic() + HANG
        while self.read():
            assert time.monotonic() < until, f"does not end; it said {self.text!r}"
        code = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        self._process = 0
        return Said(code, self.text)


def _become(
    arguments: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    size: tuple[int, int],
    out: Path | None,
) -> None:
    """Turn this process into a command at the terminal."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        os.chdir(cwd)
        if out is not None:
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
        os.execvpe(arguments[0], list(arguments), dict(env))  # noqa: S606 -- what a test runs
    finally:
        os._exit(126)
