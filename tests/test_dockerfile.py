"""The Dockerfile holds what it promises, as far as that can be tried without a container.

Its steps are run in a scratch folder by this machine's Python and shell, in place of the base
image's; what `apk` and the daemon do is not tried.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from commands import REPO, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = ("--as-of", "2026-06-02")
PLACES = ("/opt/blastlint", "/tmp/wheel", "/tmp/requirements.txt")  # noqa: S108 -- as it is written
"""What the steps write, outside of the folder that they run in."""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its steps are for a POSIX shell")


class Step(NamedTuple):
    """One instruction."""

    stage: int
    word: str
    rest: str


def steps() -> list[Step]:
    """Return the instructions of the Dockerfile."""
    text = (REPO / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n", "", re.sub(r"(?m)^#.*\n", "", text))
    found: list[Step] = []
    stage = -1
    for line in filter(None, joined.splitlines()):
        word, _, rest = line.partition(" ")
        stage += word == "FROM"
        found.append(Step(stage, word, rest.strip()))
    return found


def test_hadolint_finds_nothing() -> None:
    """The linter of Dockerfiles has nothing to say."""
    program = shutil.which("hadolint", path=os.path.dirname(sys.executable))
    if program is None:
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [program, "--failure-threshold", "style", str(REPO / "Dockerfile")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_it_runs_as_nobody_from_a_pinned_base() -> None:
    """The last stage has no root, the mounted folder, and the command; the base names its patch."""
    last = {step.word: step.rest for step in steps() if step.stage == 1}
    assert last["USER"] == "65532:65532"
    assert last["WORKDIR"] == "/work"
    assert last["ENTRYPOINT"] == '["blastlint"]'
    bases = [step.rest.split()[0] for step in steps() if step.word == "FROM"]
    assert bases == ["${BASE}", "${BASE}"], "both stages have the same Python"
    (base,) = (step.rest for step in steps() if step.word == "ARG")
    assert re.fullmatch(r"BASE=python:3\.\d+\.\d+-alpine3\.\d+", base)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the steps of the first stage in a scratch folder; return what stands for `/`."""
    root = tmp_path_factory.mktemp("image")
    source = root / "src"
    for folder in (source, root / "opt", root / "tmp"):
        folder.mkdir()
    beside = os.path.dirname(sys.executable)
    env = {**environment(), "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}
    for step in steps():
        if step.stage != 0:
            continue
        if step.word == "ENV":
            env |= dict(word.split("=", 1) for word in shlex.split(step.rest))
            env |= {"PIP_NO_CACHE_DIR": "0", "PIP_NO_COMPILE": "1"}  # what is here will do
        elif step.word == "COPY":
            _copy(shlex.split(step.rest), source)
        elif step.word == "RUN":
            _run(_moved(step.rest, root), source, env)
    return root


def _moved(command: str, root: Path) -> str:
    """Return a command that writes below another root."""
    for place in PLACES:
        command = command.replace(place, f"{root}{place}")
    return command


def _run(command: str, cwd: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-ec", command], cwd=cwd, env=env, capture_output=True, encoding="utf-8", check=False
    )
    if "Could not find a version" in done.stderr or "Failed to establish" in done.stderr:
        pytest.skip("the libraries cannot be downloaded")
    assert done.returncode == 0, done.stdout + done.stderr


def _copy(words: list[str], target: Path) -> None:
    """Copy what is named; of all there is, what is not ignored."""
    assert words[-1] == "./"
    for name in words[:-1]:
        for kept in _not_ignored() if name == "." else (name,):
            if (REPO / kept).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(REPO / kept, target / kept, ignore=ignored)
            else:
                shutil.copy(REPO / kept, target / kept)


def _not_ignored() -> Iterator[str]:
    """Yield what `.dockerignore` lets through: it names that, and keeps out everything else."""
    lines = (REPO / ".dockerignore").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    assert patterns[-1] == "**/__pycache__"
    for pattern in patterns[1:-1]:
        assert pattern.startswith("!")
        yield pattern.removeprefix("!")


def test_what_it_builds_runs(image: Path, tmp_path: Path) -> None:
    """The environment that is copied into the image judges a mounted folder, and keeps nothing."""
    work = shutil.copytree(REPO / "inventories" / "clean-support", tmp_path / "work")
    settings: dict[str, str] = {}
    for step in steps():
        if step.stage == 1 and step.word == "ENV":
            settings |= dict(word.split("=", 1) for word in shlex.split(step.rest))
    path = settings.pop("PATH").replace("${PATH}", os.environ["PATH"])
    path = path.replace("/opt/blastlint", f"{image}/opt/blastlint")
    env = {**environment(), **settings, "PATH": path, "HOME": str(tmp_path / "home")}
    said = subprocess.run(
        ["blastlint", "check", *DAY],
        cwd=work,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("clean-support: ready — ")
    assert not (tmp_path / "home").exists()
    assert shutil.which("pip", path=f"{image}/opt/blastlint/bin") is None
