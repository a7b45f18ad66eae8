"""The man page says what the parser says, and every reader of man pages reads it."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from command_pages import commands
from commands import REPO, environment
from man_page import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from clean_install import CleanInstall

PAGE = REPO / "man" / "blastlint.1"


def ran(*command: str) -> str:
    """Return what a reader of man pages prints; skip where there is none."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    env = {**environment(), "LC_ALL": "C.UTF-8", "MANWIDTH": "120", "MANPAGER": "cat"}
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return re.sub(r".\x08|\x1b\[[0-9;]*m", "", done.stdout)


def test_the_page_is_what_the_parser_says(golden: Callable[[Path, str], None]) -> None:
    """Who adds a command or an option sees it appear."""
    golden(PAGE, page())


def test_mandoc_finds_nothing_wrong() -> None:
    """The strict reader has nothing to say, not even about style."""
    assert ran("mandoc", "-T", "lint", str(PAGE)) == ""


@pytest.mark.parametrize(
    "reader",
    [("man", "--warnings", "-E", "UTF-8", "-l"), ("mandoc", "-T", "utf8", "-O", "width=120")],
    ids=["groff", "mandoc"],
)
def test_every_command_and_option_can_be_read(reader: tuple[str, ...]) -> None:
    """Nothing gets lost or garbled between the parser and the reader's screen."""
    text = ran(*reader, str(PAGE))
    flowing = " ".join(text.split())
    words = set(re.split(r"[\s,\[\]]+", text))
    for name, parser in commands().items():
        assert f"\n   {name}\n" in text.replace("\n     ", "\n   ")
        for action in parser._actions:
            assert set(action.option_strings) - {"-h", "--help"} <= words
            if action.dest != "help":
                assert " ".join(str(action.help).split()).replace("…", "...") in flowing
    assert "blastlint check --as-of 2026-06-02" in text
    assert not re.search(r"\\[e&(\[-]", text), "what escapes is not shown"


def test_man_finds_it_where_it_is_installed(clean_install: CleanInstall) -> None:
    """`man blastlint` shows it once the folder of manuals is known."""
    text = ran("man", "-E", "UTF-8", "-M", str(clean_install.folder / "share" / "man"), "blastlint")
    assert "judge whether an AI agent may launch" in text
