"""Compares an output with the file that holds what was accepted before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

GOLDEN = Path(__file__).parent / "golden"


def same(request: pytest.FixtureRequest, path: Path, text: str) -> bool:
    """Whether a file holds exactly this text; with `--accept`, make it so."""
    if request.config.getoption("--accept", default=False):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path.is_file() and path.read_bytes() == text.encode()
