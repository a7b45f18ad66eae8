"""The README tells the truth: its console blocks are run and compared."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from blastlint.cli import COMMANDS, run

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

REPO = Path(__file__).resolve().parent.parent
README = REPO / "README.md"
_BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def test_every_console_block_shows_what_its_command_prints(
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A command of the README prints exactly what stands below it."""
    monkeypatch.chdir(REPO)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")

    def printed(block: re.Match[str]) -> str:
        program, *arguments = shlex.split(block["command"])
        assert program == "blastlint"
        run(arguments)
        return f"```console\n$ {block['command']}\n{capsys.readouterr().out.rstrip()}\n```"

    text = README.read_text(encoding="utf-8")
    assert _BLOCK.search(text)
    golden(README, _BLOCK.sub(printed, text))


def test_the_table_of_commands_names_every_command() -> None:
    """A command that exists stands in the README."""
    table = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(rf"`blastlint {name}[ `]", table)] == []
