"""blastlint as people install it: the built wheel and what it asks for, far from the checkout.

The environment holds the wheel, and of all that is installed here exactly the dependencies that
the wheel names, so that one which is missing from the list is missing there. Nothing is fetched
over a network. Whatever opens a file of the checkout there fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from commands import HANG, REPO, environment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

CACHES = shutil.ignore_patterns(".*_cache", ".git", ".venv", ".hypothesis", "__pycache__", "dist")
"""What is no part of the tree."""
HERE = Path(sysconfig.get_path("purelib"))
GUARD = """
import os, sys

REPO, LIBRARIES = {repo!r}, {libraries!r}


def guard(event, words):
    if event not in ("open", "os.listdir", "os.scandir") or not isinstance(words[0], (str, bytes)):
        return
    path = os.path.realpath(os.fsdecode(words[0]))
    if (path + os.sep).startswith(REPO) and not (path + os.sep).startswith(LIBRARIES):
        raise SystemExit("this belongs to the checkout: " + path)


sys.addaudithook(guard)
"""
"""What Python runs first in the environment."""


def built(tree: Path, env: Mapping[str, str] | None = None, umask: int = -1) -> Path:
    """Build wheel and sdist in a copy of the tree; return the folder that holds them."""
    command = [sys.executable, "-m", "hatchling", "build"]
    plain = {k: v for k, v in environment().items() if not k.startswith("SOURCE_")}
    done = subprocess.run(
        command,
        cwd=tree,
        env={**plain, **(env or {})},
        capture_output=True,
        check=False,
        umask=umask,
    )
    assert done.returncode == 0, done.stderr.decode()
    return tree / "dist"


def only(folder: Path, pattern: str) -> Path:
    """Return the one file that matches."""
    (found,) = folder.glob(pattern)
    return found


class CleanInstall:
    """An environment of its own."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        """Install a wheel into a new folder, with pip."""
        self.folder = folder
        venv.create(folder, symlinks=os.name != "nt")
        self.scripts = Path(sysconfig.get_path("scripts", "venv", {"base": str(folder)}))
        library = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
        self.python = str(self.scripts / "python")
        self.pip("install", "--no-deps", "--no-index", "--no-compile", str(wheel))
        (metadata,) = library.glob("blastlint-*.dist-info")
        for name in dependencies(Distribution.at(metadata)):
            _borrow(distribution(name), library)
        guarded = GUARD.format(repo=f"{REPO}{os.sep}", libraries=f"{HERE}{os.sep}")
        (library / "sitecustomize.py").write_text(guarded, encoding="utf-8")

    def pip(self, *arguments: str) -> str:
        """Run the pip of the tests on the environment; return what it prints."""
        command = [sys.executable, "-m", "pip", "--python", self.python, *arguments]
        command += ["--disable-pip-version-check", "--no-color"]
        done = subprocess.run(
            command, env=environment(), capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str] | None = None,
        timeout: float = HANG,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as a person does who has the environment activated.

        Args:
            command: `blastlint` or `python` with arguments, or any other command.
            cwd: where it runs: nowhere in the checkout.
            env: variables that are added to the environment.
            timeout: seconds.
        """
        assert REPO not in (cwd, *cwd.parents), "the checkout is not to be found from there"
        path = f"{self.scripts}{os.pathsep}{os.environ['PATH']}"
        found = {**environment(), "PATH": path, "BLASTLINT_CACHE_DIR": "", **(env or {})}
        first = self.scripts / command[0]
        return subprocess.run(
            [str(first) if first.exists() else command[0], *command[1:]],
            cwd=cwd,
            env=found,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=timeout,
        )


def dependencies(wanting: Distribution) -> list[str]:
    """Return what a distribution asks for, and what that asks for, sorted."""
    found: set[str] = set()
    left = [wanting]
    while left:
        for name in _asked_for(left.pop().requires or ()):
            if name not in found:
                found.add(name)
                left.append(distribution(name))
    return sorted(found)


def _asked_for(requirements: Iterable[str]) -> Iterator[str]:
    """Yield the names that are required here, without extras."""
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield requirement.name


def _borrow(one: Distribution, library: Path) -> None:
    """Let a library hold what a distribution has installed beside these tests."""
    tops = {file.parts[0] for file in one.files or () if file.parts[0] not in {"..", "__pycache__"}}
    assert tops, f"{one.name} does not say which files are its own"
    for top in tops:
        (library / top).symlink_to(Path(str(one.locate_file(top))).resolve())
