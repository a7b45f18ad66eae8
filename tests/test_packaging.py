"""What people install is whole: built from a copy of the tree, unpacked elsewhere, run there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
CACHES = shutil.ignore_patterns(".*_cache", ".git", ".venv", ".hypothesis", "__pycache__", "dist")


def built(tree: Path) -> Path:
    """Build wheel and sdist in a copy of the tree; return the folder that holds them."""
    run([sys.executable, "-m", "hatchling", "build"], cwd=tree)
    return tree / "dist"


def run(command: list[str], *, cwd: Path, path: Path | None = None) -> bytes:
    """Run a command and return what it prints; it has no network to ask, and needs none."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "SOURCE_"))}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
    environment |= {"PYTHONPATH": str(path)} if path else {}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build once for all tests."""
    tree = tmp_path_factory.mktemp("build") / "tree"
    return built(Path(shutil.copytree(REPO, tree, ignore=CACHES, symlinks=True)))


def only(folder: Path, pattern: str) -> Path:
    """Return the one file that matches."""
    (found,) = folder.glob(pattern)
    return found


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel where nothing else of the project lies."""
    folder = tmp_path_factory.mktemp("installed")
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
    assert {name for name in names(installed) if not name.startswith(info)} == expected
    assert "blastlint/py.typed" in expected
    assert any(name.startswith("blastlint/reporters/templates/") for name in expected)


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
    folders = ("src", "rules", "schemas", "inventories", "tests", "docs", "benchmarks", "website")
    expected = {f"{folder}/{name}" for folder in folders for name in names(REPO / folder)}
    assert expected - found == set()
    files = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE", "pyproject.toml"}
    assert (files | {".pre-commit-hooks.yaml", "mkdocs.yml"}) - found == set()
    assert not [name for name in found if "__pycache__" in name or "_cache/" in name]


def test_two_builds_are_the_same_bytes(dist: Path, tmp_path: Path) -> None:
    """Anybody can build it again, elsewhere and later, and compare."""
    tree = Path(shutil.copytree(dist.parent, tmp_path / "elsewhere", ignore=CACHES))
    for file in tree.rglob("*"):
        os.utime(file, (0x65000000, 0x65000000))
    again = built(tree)
    first = {file.name: digest(file) for file in dist.iterdir()}
    assert first == {file.name: digest(file) for file in again.iterdir()}
    assert len(first) == 2


def digest(file: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


# --- what it does -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "refund-agent", "--as-of", "2026-06-02", "--fail-on", "never", "-f", "text"],
        ["check", "refund-agent", "--as-of", "2026-06-02", "--fail-on", "never", "-f", "html"],
        [
            "check",
            "released-not-deployed",
            "--as-of",
            "2026-06-02",
            "--fail-on",
            "never",
            "-f",
            "sarif",
        ],
        ["check", "clean-support", "--as-of", "2026-06-02"],
        ["rules"],
        ["explain", "undeclared-blast-path"],
        ["schema", "inventory"],
    ],
    ids=" ".join,
)
def test_what_is_installed_says_what_the_checkout_says(
    arguments: list[str], installed: Path, tmp_path: Path
) -> None:
    """Away from the checkout, with nothing but the wheel, every byte of the output is the same."""
    shutil.copytree(REPO / "inventories", tmp_path, dirs_exist_ok=True)
    command = [sys.executable, "-m", "blastlint", *arguments]
    there = run(command, cwd=tmp_path, path=installed)
    assert there == run(command, cwd=tmp_path, path=REPO / "src")
    assert there


def test_what_is_installed_is_what_runs(installed: Path, tmp_path: Path) -> None:
    """The tests above compare two things, not the checkout with itself."""
    command = [sys.executable, "-c", "from blastlint import data; print(data.rules_directory())"]
    folder = Path(os.fsdecode(run(command, cwd=tmp_path, path=installed)).strip())
    assert folder == installed / "blastlint/data/rules"
