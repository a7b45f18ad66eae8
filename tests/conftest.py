"""Golden files: what a test writes is compared byte for byte, or accepted on request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
