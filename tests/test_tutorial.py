"""The tutorial is true: every command prints what it shows, and it ends with a verdict."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from blastlint.cli import run
from support import nameless
from tutorial import PAGE, follow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest


def test_whoever_follows_the_tutorial_sees_what_it_shows(
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """From three files to an agent that may launch, in the order of the page."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")

    def say(arguments: Sequence[str]) -> str:
        run(arguments)
        out, err = capsys.readouterr()
        return nameless(out + err)

    golden(PAGE, follow(tmp_path, say))
    assert run(["check", "scale-bot", "--as-of", "2026-06-02"]) == 0
    assert "scale-bot: ready" in capsys.readouterr().out
    keeps_it_so(tmp_path)


def keeps_it_so(folder: Path) -> None:
    """What the last section says is so: what comes back is noticed, and a launch is asked more."""
    init = ["init", "-o", "scale-bot", "--as-of", "2026-06-02"]
    assert run([*init, "--diff"]) == 0
    shutil.copy(PAGE.parent / "tutorial" / "found" / "rbac.yaml", folder / "found" / "rbac.yaml")
    assert run([*init, "--diff"]) == 1
    assert run(init) == 0
    assert run(["check", "scale-bot", "--as-of", "2026-06-02"]) == 1
    root = folder / "scale-bot" / "inventory.yaml"
    text = root.read_text(encoding="utf-8")
    assert "profile: pilot" in text
    root.write_text(text.replace("profile: pilot", "profile: production"), encoding="utf-8")
    assert run(["check", "scale-bot", "--as-of", "2026-06-02"]) == 1
