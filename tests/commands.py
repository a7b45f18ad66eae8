"""Runs blastlint as its users do: a process of its own, which cannot hang a test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REPO = Path(__file__).resolve().parent.parent
HANG = 20
"""Seconds after which a command is taken for hung."""


def blastlint(
    *arguments: str, cwd: Path = REPO, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `blastlint ARGUMENTS`; what it prints is read as UTF-8."""
    return python("-m", "blastlint", *arguments, cwd=cwd, env=env)


def python(
    *arguments: str, cwd: Path = REPO, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with further variables in its environment."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env={**environment(), **(env or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=HANG,
    )


def command(*arguments: str) -> Sequence[str]:
    """Return the command line of Python with some arguments."""
    return (sys.executable, *arguments)


def environment() -> dict[str, str]:
    """Return what a person's shell would pass on: nothing of the test run's own settings."""
    mine = ("PYTHON", "COLUMNS", "NO_COLOR", "FORCE_COLOR", "PYTEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(mine)}
