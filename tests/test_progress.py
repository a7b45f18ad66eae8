"""Long work tells on a terminal how far it is, and nowhere else; what it prints stays the same."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from commands import HANG, REPO, blastlint, command
from inventories import AS_OF, write_many

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from terminal import Said, Terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")

NOTHING_KEPT = {"BLASTLINT_CACHE_DIR": ""}
ERASE = "\x1b[K"
LINE = re.compile(r"\r([^\r\x1b]*)\x1b\[K")


SLOW = """
import sys, time
from blastlint import check
from blastlint.__main__ import main

facts_of = check.facts_of
check.facts_of = lambda *words: time.sleep(0.1) or facts_of(*words)
sys.exit(main())
"""
"""The command on a machine that is slow, and not for want of work."""
AGENTS = 7
"""Inventories that take a while on that machine."""


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few inventories."""
    folder = tmp_path_factory.mktemp("some")
    for number in range(AGENTS):
        text = f"version: 1\nname: bot-{number}\nagents: {{bot-{number}: {{}}}}\n"
        (folder / str(number)).mkdir()
        (folder / str(number) / "inventory.yaml").write_text(text, encoding="utf-8")
    return folder


def at_terminal(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    size: tuple[int, int] = (24, 80),
    out: Path | None = None,
) -> Terminal:
    """Start blastlint at a terminal."""
    from terminal import Terminal  # noqa: PLC0415 -- not every system has one

    told = {**NOTHING_KEPT, **(env or {})}
    return Terminal(command(*arguments), cwd, told, size, out)


def said(
    folder: Path, env: Mapping[str, str] | None = None, **kind: Path | tuple[int, int]
) -> Said:
    """Return what checking a folder says at a terminal."""
    with at_terminal("-c", SLOW, "check", ".", *DAY, cwd=folder, env=env, **kind) as terminal:  # type: ignore[arg-type]  # as named
        return terminal.end()


DAY = ("--as-of", AS_OF)


def test_long_work_tells_how_far_it_is(tmp_path: Path) -> None:
    """What is done and how much of it, growing; in the end the line is gone."""
    many, out = tmp_path / "many", tmp_path / "out"
    write_many(str(many), 600)
    with at_terminal("-m", "blastlint", "check", ".", *DAY, cwd=many, out=out) as terminal:
        done = terminal.end()
    lines = LINE.findall(done.terminal)
    assert "".join(f"\r{line}{ERASE}" for line in lines) == done.terminal, "one line, nothing else"
    assert lines[-1] == "", "it is erased"
    told = [re.fullmatch(r"judging (\d+) of 60 inventories( \(\d+ s\))?", line) for line in lines]
    numbers = [int(found[1]) for found in told if found]
    assert numbers
    assert numbers == sorted(numbers)
    assert done.code == 0
    assert "\n60 inventories: ready — " in out.read_text(encoding="utf-8")


def test_the_report_stands_alone_on_the_terminal(some: Path) -> None:
    """Where both go to one terminal, the line is erased before the report begins."""
    done = said(some, {"NO_COLOR": "1"})
    before, _, report = done.terminal.rpartition(f"\r{ERASE}")
    assert LINE.findall(before)
    piped = blastlint("check", ".", *DAY, cwd=some, env={**NOTHING_KEPT, "COLUMNS": "80"})
    assert report.replace("\r\n", "\n") == piped.stdout
    assert piped.stderr == ""


def test_short_work_tells_nothing() -> None:
    """Half a second is waited for without a word."""
    for _ in range(5):  # a busy machine may make it long
        clean = ("-m", "blastlint", "check", "inventories/clean-support", *DAY)
        with at_terminal(*clean, cwd=REPO, env={"NO_COLOR": "1"}) as terminal:
            done = terminal.end()
        if "\r\x1b" not in done.terminal:
            break
    assert not LINE.findall(done.terminal)
    assert done.terminal.startswith("clean-support: ")


@pytest.mark.parametrize(
    "variables",
    [{"CI": "true"}, {"PRE_COMMIT": "1"}, {"GIT_EXEC_PATH": "/usr/lib/git-core"}, {"TERM": "dumb"}],
    ids="".join,
)
def test_nobody_waits_there(variables: dict[str, str], some: Path, tmp_path: Path) -> None:
    """A build server, a hook and a terminal that cannot erase get nothing."""
    assert said(some, variables, out=tmp_path / "out").terminal == ""


def test_an_answer_of_no_is_no_build_server(some: Path, tmp_path: Path) -> None:
    """`CI=false` says that this is none."""
    assert LINE.findall(said(some, {"CI": "false"}, out=tmp_path / "out").terminal)


@pytest.mark.parametrize("columns", [1, 12, 200])
def test_a_line_fits(columns: int, some: Path, tmp_path: Path) -> None:
    """It never wraps: what has wrapped could not be erased."""
    lines = LINE.findall(said(some, size=(24, columns), out=tmp_path / "out").terminal)
    assert lines or columns == 1
    assert all(len(line) < columns for line in lines)


def test_an_error_stands_alone_too(some: Path, tmp_path: Path) -> None:
    """What is wrong is told on a line of its own."""
    report = tmp_path / "missing" / "report"
    check = ("-c", SLOW, "check", ".", *DAY, "-o", str(report))
    with at_terminal(*check, cwd=some) as terminal:
        done = terminal.end()
    assert done.code == 2
    before, _, told = done.terminal.rpartition(f"\r{ERASE}")
    assert LINE.findall(before)
    assert "cannot write" in told.partition("\n")[0]


def test_who_interrupts_sees_one_line(some: Path) -> None:
    """Ctrl-C erases the line, and says what became of the run."""
    with at_terminal("-c", SLOW, "check", ".", *DAY, cwd=some) as terminal:
        terminal.wait_for(re.escape(ERASE))
        terminal.type("\x03")
        done = terminal.end()
    assert done.code == 128 + signal.SIGINT
    told = done.terminal.rpartition(f"\r{ERASE}")[2]
    assert told.replace("\r\n", "\n") == "interrupted: nothing was judged\n"


@pytest.mark.parametrize("stage", ["pre-commit", "pre-push"])
def test_a_hook_of_git_tells_nothing(stage: str, some: Path, tmp_path: Path) -> None:
    """A hook runs at the terminal of whoever commits, who asked git and not blastlint."""
    from checkout import Checkout, settings  # noqa: PLC0415 -- for this test alone
    from terminal import Terminal  # noqa: PLC0415 -- not every system has one

    work = Checkout(tmp_path / "work")
    subprocess.run(["git", "init", "-q", "--bare", tmp_path / "far"], check=True, timeout=HANG)
    work.git("remote", "add", "origin", "../far")
    work.file("file", "text")
    work.commit()
    script = work.file(".git/slow.py", SLOW)
    program = " ".join(command(str(script)))
    hook = work.file(
        f".git/hooks/{stage}",
        f"#!/bin/sh\n{program} check '{some}' {' '.join(DAY)} -o report\necho judged >&2\n",
    )
    hook.chmod(0o755)
    asked = {
        "pre-commit": ("commit", "--allow-empty", "-m", "x"),
        "pre-push": ("push", "origin", "main"),
    }
    with Terminal(("git", *asked[stage]), work.folder, {**settings(), **NOTHING_KEPT}) as terminal:
        done = terminal.end()
    assert "judged\r\n" in done.terminal
    assert "inventories" not in done.terminal
