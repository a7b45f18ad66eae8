"""Follows the tutorial as its reader would: types its commands, and changes files as it says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "tutorial.md"
_BLOCK = re.compile(r"```(?P<language>\w+)(?: (?P<about>[^\n]+))?\n(?P<text>.*?)```", re.DOTALL)
_COMMAND = re.compile(r"\A\$ ((?:[^\n]+\\\n)*[^\n]+)\n")
_KEY = re.compile(r"( *)([^\s#:]+):(?: |$)")


def follow(folder: Path, say: Callable[[Sequence[str]], str]) -> str:
    """Do what the tutorial says in an empty folder; return the page as it then reads.

    Args:
        folder: Where its reader works.
        say: Runs one command of blastlint there; returns all that it prints.
    """
    shutil.copytree(DOCS / "tutorial" / "found", folder / "found")

    def done(block: re.Match[str]) -> str:
        language, about, text = block["language"], block["about"] or "", block["text"]
        if language == "console":
            return _typed(text, say)
        if language == "diff":
            _change(folder / about, text)
        elif language == "yaml" and about.startswith("in "):
            _answer(folder / about.removeprefix("in "), text)
        elif language == "yaml" and about.startswith("from "):
            assert text in (folder / about.removeprefix("from ")).read_text(encoding="utf-8")
        elif language == "yaml":
            _write(folder / about, text)
        return block[0]

    return _BLOCK.sub(done, PAGE.read_text(encoding="utf-8"))


def _typed(text: str, say: Callable[[Sequence[str]], str]) -> str:
    """Run the command that a block begins with; return the block with what it prints."""
    command = _COMMAND.match(text)
    assert command, text
    program, *arguments = shlex.split(command[1].replace("\\\n", " "))
    assert program == "blastlint"
    return f"```console\n{command[0]}{say(arguments).rstrip()}\n```"


def _write(file: Path, text: str) -> None:
    """Write a file anew that is there already."""
    assert file.exists(), file
    file.write_text(text, encoding="utf-8")


def _change(file: Path, text: str) -> None:
    """Take out and put in the marked lines of a difference."""
    old, new = (
        "".join(f"{line[1:]}\n" for line in text.splitlines() if line[0] in marks)
        for marks in (" -", " +")
    )
    whole = file.read_text(encoding="utf-8")
    assert whole.count(old) == 1, text
    file.write_text(whole.replace(old, new), encoding="utf-8")


def _answer(file: Path, text: str) -> None:
    """Put lines in the place of those with the same keys."""
    lines = file.read_text(encoding="utf-8").splitlines()
    places = _places(lines)
    asked = text.splitlines()
    for path, number in _places(asked).items():
        assert path in places, f"{file}: {'.'.join(path)}"
        lines[places[path]] = asked[number]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _places(lines: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Return the number of the line of every key, by the keys above it."""
    found: dict[tuple[str, ...], int] = {}
    above: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        key = _KEY.match(line)
        if key:
            above = [one for one in above if one[0] < len(key[1])]
            above.append((len(key[1]), key[2]))
            found[tuple(name for _, name in above)] = number
    return found
