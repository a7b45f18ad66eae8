"""What people install is whole: built from a copy of the tree, installed elsewhere, run there."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blastlint.commands import COMMANDS
from clean_install import CACHES, CleanInstall, built, only
from commands import REPO, environment
from support import nameless
from tutorial import PAGE, follow

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel where nothing else of the project lies."""
    folder = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(only(dist, "*.whl"), folder, "zip")
    return folder


def names(folder: Path) -> set[str]:
    """Return the files below a folder, without those that Python made."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix() for path in files}


# --- what is in it ------------------------------------------------------------------------------


def test_the_wheel_holds_the_package_and_its_data_and_nothing_else(installed: Path) -> None:
    """Every module, template, rule and schema is there; no test is."""
    info = only(installed, "*.dist-info").name
    expected = {f"blastlint/{name}" for name in names(REPO / "src/blastlint")}
    expected |= {f"blastlint/data/rules/{name}" for name in names(REPO / "rules")}
    expected |= {f"blastlint/data/schemas/{name}" for name in names(REPO / "schemas")}
    expected |= {f"blastlint/data/completions/{name}" for name in names(REPO / "completions")}
    shared = f"{info.removesuffix('.dist-info')}.data/data/share"
    expected |= {f"{shared}/{name}" for name in SHARED}
    assert {name for name in names(installed) if not name.startswith(info)} == expected
    assert "blastlint/py.typed" in expected
    assert any(name.startswith("blastlint/reporters/templates/") for name in expected)


SHARED = {
    "man/man1/blastlint.1": "man/blastlint.1",
    "bash-completion/completions/blastlint": "completions/blastlint.bash",
    "zsh/site-functions/_blastlint": "completions/_blastlint",
    "fish/vendor_completions.d/blastlint.fish": "completions/blastlint.fish",
}
"""Files below `share`, where manuals and shells look for them, to where they lie in the tree."""


def test_what_others_look_for_is_where_they_look(clean_install: CleanInstall) -> None:
    """The man page and the completions are installed by the names under which they are sought."""
    for name, origin in SHARED.items():
        file = clean_install.folder / "share" / name
        assert file.read_bytes() == (REPO / origin).read_bytes()


def test_the_wheel_says_what_it_is(installed: Path) -> None:
    """Licence, notice and the command come with it."""
    info = only(installed, "*.dist-info")
    for name in ("LICENSE", "NOTICE"):
        assert (info / "licenses" / name).read_bytes() == (REPO / name).read_bytes()
    metadata = (info / "METADATA").read_text(encoding="utf-8")
    assert "License-Expression: Apache-2.0\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    commands = (info / "entry_points.txt").read_text(encoding="utf-8")
    assert "blastlint = blastlint.__main__:main" in commands
    assert "Tag: py3-none-any" in (info / "WHEEL").read_text(encoding="utf-8")


def test_the_sdist_holds_what_the_tests_need(dist: Path) -> None:
    """Who packages it for a distribution can run the tests from it."""
    with tarfile.open(only(dist, "*.tar.gz")) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    own = ("src", "rules", "schemas", "completions", "man", "inventories")
    folders = (*own, "tests", "docs", "benchmarks", "website")
    expected = {f"{folder}/{name}" for folder in folders for name in names(REPO / folder)}
    assert expected - found == set()
    files = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE", "pyproject.toml"}
    files |= {"Dockerfile", ".dockerignore", ".pre-commit-hooks.yaml", "mkdocs.yml"}
    assert files - found == set()
    assert not [name for name in found if "__pycache__" in name or "_cache/" in name]


def test_two_builds_are_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    """Anybody can build it again, elsewhere and later, with other habits, and compare."""
    tree = Path(shutil.copytree(dist.parent, tmp_path / "else where", ignore=CACHES))
    for file in tree.rglob("*"):
        os.utime(file, (0x65000000, 0x65000000))
        file.chmod(0o775 if file.is_dir() else file.stat().st_mode & 0o700 | 0o060)
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    assert digests(built(tree, elsewhere, umask=0o077)) == digests(dist)


def test_a_date_that_is_asked_for_is_taken(dist: Path, tmp_path: Path) -> None:
    """Who packages it sets the date of all files, and gets the same bytes each time."""
    day = {"SOURCE_DATE_EPOCH": "1764547200"}  # 2025-12-01
    trees = [shutil.copytree(dist.parent, tmp_path / name, ignore=CACHES) for name in "ab"]
    first, second = (built(Path(tree), day) for tree in trees)
    assert digests(first) == digests(second)
    with zipfile.ZipFile(only(first, "*.whl")) as wheel:
        assert {entry.date_time[:3] for entry in wheel.infolist()} == {(2025, 12, 1)}


def test_the_sdist_builds_the_same_wheel(dist: Path, tmp_path: Path) -> None:
    """What distributions build from the sources is what the index offers."""
    with tarfile.open(only(dist, "*.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    again = built(only(tmp_path, "blastlint-*"))
    assert digests(again) == digests(dist)


def digests(folder: Path) -> dict[str, str]:
    """Return the digest of wheel and sdist."""
    found = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir()}
    assert len(found) == 2
    return found


@pytest.mark.parametrize(
    ("tool", "pattern"),
    [(("twine", "check", "--strict"), "*"), (("check_wheel_contents",), "*.whl")],
    ids=["metadata", "layout"],
)
def test_what_indexes_look_at(tool: tuple[str, ...], pattern: str, dist: Path) -> None:
    """The programs that people check packages with find nothing."""
    command = [sys.executable, "-m", *tool, *map(str, dist.glob(pattern))]
    done = subprocess.run(command, cwd=REPO, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# --- what it does -------------------------------------------------------------------------------

DAY = ("--as-of", "2026-06-02")
JUDGED = {
    "init": ("init", "--from", "release-agent/evidence/github", "-o", "drafted", *DAY),
    "check": ("check", "refund-agent", *DAY, "--fail-on", "never"),
    "check-all": (
        "check",
        *DAY,
        "--fail-on",
        "never",
        "-f",
        "sarif",
        "-o",
        "out",
        "-f",
        "markdown",
    ),
    "diff": ("diff", "./clean-support", "./refund-agent", *DAY),
    "baseline": ("baseline", "clean-support", *DAY),
    "report": ("report", "refund-agent", *DAY, "-o", "out"),
    "sheet": ("sheet", "refund-agent", "--inventory", "refund-agent", *DAY, "-o", "out"),
    "reach": ("reach", "release-agent", "release-agent", "--to", "aws"),
    "grants": ("grants", "github", "release-agent/evidence/github", "--derive"),
    "explain": ("explain", "undeclared-blast-path"),
    "rules": ("rules", "--profile", "pilot"),
    "schema": ("schema", "inventory"),
    "test-rules": ("test-rules", "pack"),
    "ids": ("ids", "agents"),
    "completion": ("completion", "fish"),
    "version": ("--version",),
    "help": ("--help",),
}


@pytest.mark.parametrize("name", JUDGED)
def test_what_is_installed_says_what_the_checkout_says(
    name: str, clean_install: CleanInstall, tmp_path: Path
) -> None:
    """Away from the checkout, with nothing but the wheel, every byte written is the same."""
    said, made = ran(name, tmp_path / "there", clean_install, "blastlint")
    heard, expected = ran(name, tmp_path / "here", None, sys.executable, "-m", "blastlint")
    assert (said.returncode, said.stdout, said.stderr) == (heard.returncode, heard.stdout, "")
    assert said.stdout or made
    assert made == expected


def ran(
    name: str, folder: Path, clean: CleanInstall | None, *program: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, bytes]]:
    """Run a command in a copy of the examples; return what it said, and what it has written."""
    shutil.copytree(REPO / "inventories", folder)
    shutil.copytree(REPO / "rules" / "reach", folder / "pack")
    before = names(folder)
    command = (*program, *JUDGED[name])
    if clean:
        done = clean.run(command, folder)
    else:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    changed = {one for one in names(folder) if one not in before}
    return done, {one: (folder / one).read_bytes() for one in changed}


def test_every_command_is_run_there() -> None:
    """A new command is tried as it is installed, too."""
    tried = {words[0] for words in JUDGED.values() if not words[0].startswith("-")}
    assert tried | set(EXTRA) == set(COMMANDS)


EXTRA = {"lsp": "pip install 'blastlint[lsp]'"}
"""Commands that need more than the wheel asks for, with what they say then."""


@pytest.mark.parametrize("name", EXTRA)
def test_what_needs_an_extra_names_it(
    name: str, clean_install: CleanInstall, tmp_path: Path
) -> None:
    """Whoever lacks a library learns what to type."""
    said = clean_install.run(("blastlint", name), tmp_path)
    assert (said.returncode, said.stdout) == (2, "")
    assert EXTRA[name] in said.stderr


def test_it_runs_as_a_module(clean_install: CleanInstall, tmp_path: Path) -> None:
    """`python -m blastlint` is the same command."""
    said = clean_install.run(("python", "-m", "blastlint", "explain", "over-grant"), tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == clean_install.run(("blastlint", "explain", "over-grant"), tmp_path).stdout


def test_it_has_what_it_asks_for_and_nothing_else(
    clean_install: CleanInstall, tmp_path: Path
) -> None:
    """What is used and not named as a dependency would be missing there."""
    clean_install.pip("check")
    found = {one["name"] for one in json.loads(clean_install.pip("list", "--format", "json"))}
    assert {"blastlint", "PyYAML", "pydantic"} <= found
    assert not {"pytest", "hatchling", "packaging"} & found
    tried = clean_install.run(("python", "-c", "import pytest"), tmp_path)
    assert "ModuleNotFoundError" in tried.stderr


def test_what_is_installed_is_what_runs(clean_install: CleanInstall, tmp_path: Path) -> None:
    """The tests above compare two things, not the checkout with itself."""
    where = "from blastlint import data; print(data.rules_directory())"
    folder = clean_install.run(("python", "-c", where), tmp_path).stdout.strip()
    assert Path(folder).is_relative_to(clean_install.folder)
    assert Path(folder).parts[-3:] == ("blastlint", "data", "rules")
    for read in (f"open({str(REPO / 'README.md')!r})", f"import os; os.listdir({str(REPO)!r})"):
        tried = clean_install.run(("python", "-c", read), tmp_path)
        assert "this belongs to the checkout" in tried.stderr


def test_the_tutorial_holds_where_it_is_installed(
    clean_install: CleanInstall, tmp_path: Path
) -> None:
    """Whoever follows it with nothing but the wheel sees what the page shows."""

    def say(arguments: Sequence[str]) -> str:
        plain = {"NO_COLOR": "1", "COLUMNS": "100"}
        done = clean_install.run(("blastlint", *arguments), tmp_path, plain)
        return nameless(done.stdout + done.stderr)

    assert follow(tmp_path, say) == PAGE.read_text(encoding="utf-8")


# --- without installing it ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheels(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetch the wheels of what it depends on: what installs anew takes nothing that is here."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "download", "-q", "-d", str(folder)]
    command += ["--only-binary", ":all:", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, str(only(dist, "*.whl"))], capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        pytest.skip("the dependencies cannot be downloaded")
    return folder


@pytest.mark.parametrize("program", ["pipx", "uvx"])
def test_it_runs_without_being_installed(
    program: str, dist: Path, wheels: Path, tmp_path: Path
) -> None:
    """`pipx run` and `uvx` make an environment for one run."""
    if not (shutil.which(program, path=BESIDE) or shutil.which(program)):
        pytest.skip(f"{program} is not installed")
    wheel = str(only(dist, "*.whl"))
    asked = {"pipx": ("run", "--spec", wheel), "uvx": ("--from", wheel)}
    done = subprocess.run(
        [program, *asked[program], "blastlint", "check", "clean-support", *DAY],
        cwd=shutil.copytree(REPO / "inventories", tmp_path / "work"),
        env={**environment(), "HOME": str(tmp_path), **AWAY, **from_folder(wheels, tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("clean-support: ready — ")


BESIDE = os.path.dirname(sys.executable)
AWAY = {"PATH": f"{BESIDE}{os.pathsep}{os.environ['PATH']}"}


def from_folder(wheels: Path, home: Path) -> dict[str, str]:
    """Return what lets both programs install from a folder alone, and touch nothing else."""
    pipx = {"PIPX_HOME": "pipx", "PIPX_BIN_DIR": "bin", "PIPX_MAN_DIR": "man"}
    uv = {"UV_CACHE_DIR": "uv", "UV_TOOL_DIR": "tools"}
    own = {name: str(home / folder) for name, folder in {**pipx, **uv}.items()}
    pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull}
    only_there = {"UV_NO_INDEX": "1", "UV_FIND_LINKS": str(wheels), "UV_NO_CONFIG": "1"}
    return {**own, **pip, **only_there, "UV_PYTHON": sys.executable, "UV_PYTHON_DOWNLOADS": "never"}
