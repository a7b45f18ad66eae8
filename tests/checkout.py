"""A real git repository for tests, with nobody's own settings in play."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PERSON = {"NAME": "somebody", "EMAIL": "somebody@example.org", "DATE": "2026-06-01T09:00:00Z"}


def settings() -> dict[str, str]:
    """Return the environment in which git runs: no settings but these, commits alike each time."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    names = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in _PERSON.items()}
    nothing = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return {**kept, **names, **nothing}


class Checkout:
    """A repository on the branch `main`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", ".")

    def git(self, *words: str) -> str:
        """Run a command of git; return what it prints."""
        command = ("git", *words)
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=settings(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def file(self, name: str, text: str) -> Path:
        """Write one file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def commit(self, message: str = "Change") -> str:
        """Commit everything that has changed; return the commit's id."""
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()
