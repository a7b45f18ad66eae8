"""What many tests share: golden files, compared byte for byte, and blastlint as it is installed."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clean_install import CACHES, CleanInstall, built, only
from commands import REPO

if TYPE_CHECKING:
    from collections.abc import Callable

os.environ["BLASTLINT_CACHE_DIR"] = ""  # a test that is about the cache names a folder of its own


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that rewrites golden files."""
    parser.addoption("--accept", action="store_true", help="rewrite golden files that differ")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a file, byte for byte; with `--accept`, rewrite the file."""
    accept = bool(request.config.getoption("--accept"))

    def compare(path: Path, text: str) -> None:
        data = text.encode()
        if accept and (not path.exists() or path.read_bytes() != data):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert path.exists(), f"{path} is missing: write it with pytest --accept"
        found = path.read_bytes().decode()
        assert found == text, f"{path} differs: look, then rewrite it with pytest --accept"

    return compare


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build wheel and sdist, once for all tests."""
    tree = tmp_path_factory.mktemp("build") / "tree"
    return built(Path(shutil.copytree(REPO, tree, ignore=CACHES, symlinks=True)))


@pytest.fixture(scope="session")
def clean_install(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> CleanInstall:
    """Install the wheel where nothing else of the project lies, once for all tests."""
    return CleanInstall(tmp_path_factory.mktemp("clean") / "env", only(dist, "*.whl"))


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage: none of it ever is any."""
    gc.collect()
    gc.freeze()
