"""Whenever a run is told to stop, it says so in one line, and nothing half-written is left."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from blastlint import __main__
from commands import HANG, REPO, blastlint, command, environment, python
from inventories import AS_OF, write_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

STOPPED = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "hung up"}
SMALL = "version: 1\nname: small\nagents: {bot: {}}\n"
DAY = ("--as-of", AS_OF)
BEFORE = "what was there before\n"


def said(number: int) -> str:
    """Return what a run says that a signal stops."""
    return f"{STOPPED[signal.Signals(number)]}: nothing was judged\n"


def in_forks(script: str, *arguments: str, cwd: Path) -> str:
    """Run a script that has the tools to stop what it runs; return what it prints."""
    head = "import sys; sys.path.insert(0, sys.argv.pop(1)); from stopped import *\n"
    done = python("-c", head + dedent(script), str(REPO / "tests"), *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def names(folder: Path) -> list[str]:
    """Return the names in a folder, hidden ones too."""
    return sorted(os.listdir(folder))


# --- writing ------------------------------------------------------------------------------------

WRITING = """
    import json, os
    from blastlint import interruption, output, progress

    folder, task = sys.argv[1:]
    BEFORE = "what was there before\\n"
    files = [os.path.join(folder, name) for name in ("one", "two")]

    def all_of_them():
        output.write_all([(files[0], "first\\n"), ("-", "said\\n"), (files[1], "second\\n")])
        interruption.too_late()
        return 0

    def one_of_them():
        output.save(files[0], "first\\n")
        return 0

    found = []
    for outcome in steps(globals()[task], interruption.listen):
        texts = []
        for file in files:
            with open(file) as handle:
                texts.append(handle.read())
            with open(file, "w") as handle:
                handle.write(BEFORE)
        found.append([*outcome, texts, sorted(os.listdir(folder))])
    print(json.dumps(found))
"""


def outcomes(task: str, folder: Path) -> list[tuple[int, str, str, bool, list[str], list[str]]]:
    """Return what becomes of writing two files that is stopped at every single step of it."""
    for name in ("one", "two"):
        (folder / name).write_text(BEFORE, encoding="utf-8")
    found = json.loads(in_forks(WRITING, str(folder), task, cwd=folder))
    assert len(found) > 50, "writing takes many steps"
    listed: list[tuple[int, str, str, bool, list[str], list[str]]] = found
    return listed


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    """Stopped at any step of writing, a run leaves either all files as they were or all new."""
    codes = set()
    for code, out, err, _, texts, listed in outcomes("all_of_them", tmp_path):
        codes.add(code)
        assert listed == ["one", "two"]
        if code == 130:
            assert (err, texts) == (said(signal.SIGINT), [BEFORE, BEFORE])
        else:
            assert (code, out, err) == (0, "said\n", "")
            assert texts == ["first\n", "second\n"]
    assert codes == {0, 130}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """The same for one file, after which a run goes on."""
    for code, _, err, is_whole, texts, listed in outcomes("one_of_them", tmp_path):
        assert listed == ["one", "two"]
        assert (code, err) == ((0, "") if is_whole else (130, said(signal.SIGINT)))
        assert texts in ([BEFORE, BEFORE], ["first\n", BEFORE])


def test_nothing_is_written_if_one_file_cannot_be(tmp_path: Path) -> None:
    """A run that fails leaves every file as it was, and prints nothing."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "one").write_text(BEFORE, encoding="utf-8")
    check = ("check", "small.yaml", *DAY, "-f", "text", "-f", "json", "-o", "one")
    done = blastlint(*check, "-f", "concise", "-o", "missing/two", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot write 'missing/two': no such file or directory" in done.stderr
    assert (tmp_path / "one").read_text(encoding="utf-8") == BEFORE
    assert names(tmp_path) == ["one", "small.yaml"]


def test_nothing_is_written_if_nobody_reads(tmp_path: Path) -> None:
    """A report that was not printed whole is not written beside it either."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    ours, theirs = os.pipe()
    os.close(ours)
    check = (
        "-m",
        "blastlint",
        "check",
        "small.yaml",
        *DAY,
        "-f",
        "json",
        "-o",
        "one",
        "-f",
        "text",
    )
    done = subprocess.run(
        command(*check), cwd=tmp_path, env=environment(), stdout=theirs, check=False, timeout=HANG
    )
    os.close(theirs)
    assert done.returncode == 2
    assert names(tmp_path) == ["small.yaml"]


# --- a whole run --------------------------------------------------------------------------------

RUNNING = """
    import json, os
    from blastlint.__main__ import main

    points, command = json.loads(sys.argv[1]), sys.argv[2:]
    sys.argv = ["blastlint", *command]

    total = count(main)
    found = []
    for point in points:
        for folder in ("out", "cache"):
            for name in os.listdir(folder):
                os.unlink(os.path.join(folder, name))
        outcome = stopped(main, 10 + int(total * point))
        texts = {name: open(os.path.join("out", name)).read() for name in sorted(os.listdir("out"))}
        found.append([*outcome, texts, os.listdir("tmp"), os.listdir("cache")])
    print(json.dumps(found))
"""
COMMANDS = {
    "check": ("check", "small", *DAY, "-f", "json", "-o", "out/a", "-f", "text", "-o", "out/b"),
    "sheet": ("sheet", "bot", "--inventory", "small", *DAY, "-f", "markdown", "-o", "out/a"),
    "test-rules": ("test-rules", "pack"),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an inventory, a pack, and folders that show what a run leaves behind."""
    for name in ("small", "pack", "out", "tmp", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "small" / "inventory.yaml").write_text(SMALL, encoding="utf-8")
    rule = REPO / "rules" / "inventory" / "owner-not-a-team.yaml"
    (tmp_path / "pack" / rule.name).write_bytes(rule.read_bytes())
    monkeypatch.setenv("BLASTLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_run_can_be_stopped_at_any_step(name: str, desk: Path) -> None:
    """From the first import to the last file, a stopped run says one line and leaves nothing."""
    seeded = random.Random(name)  # noqa: S311 -- points of a test, no secret
    points = sorted([0, 0.001, 0.002, 0.99, 0.999, *(seeded.random() for _ in range(5))])
    whole = blastlint(*COMMANDS[name], cwd=desk, env={"BLASTLINT_CACHE_DIR": ""})
    files = {
        file: (desk / "out" / file).read_text(encoding="utf-8") for file in names(desk / "out")
    }
    found = json.loads(in_forks(RUNNING, json.dumps(points), *COMMANDS[name], cwd=desk))
    for code, out, err, _, texts, left, kept in found:
        assert left == [], "nothing is left among the temporary files"
        assert all(entry.endswith(".blastlint") for entry in kept)
        if code == 130:
            assert (err, texts) == (said(signal.SIGINT), {})
        else:
            assert (code, out, err, texts) == (whole.returncode, whole.stdout, "", files)
    assert sum(code == 130 for code, *_ in found) > len(points) // 2
    again = blastlint(*COMMANDS[name], cwd=desk)
    assert (again.returncode, again.stdout, again.stderr) == (whole.returncode, whole.stdout, "")


# --- a long run, and real signals ---------------------------------------------------------------

ANNOUNCED = (
    "import os, sys; from blastlint.__main__ import main; os.write(1, b'.'); sys.exit(main())"
)
"""What the command `blastlint` does, and a dot when Python is ready to do it."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inventories that take a few seconds."""
    folder = tmp_path_factory.mktemp("many")
    write_many(str(folder), 600)
    return folder


def started(arguments: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a run; it is ready when this returns."""
    process = subprocess.Popen(
        command("-c", ANNOUNCED, *arguments),
        cwd=cwd,
        env={**environment(), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert os.read(process.stdout.fileno(), 1) == b"."
    return process


@pytest.mark.parametrize("number", STOPPED, ids=lambda number: signal.Signals(number).name)
def test_a_long_run_stops_at_once(number: int, many: Path, tmp_path: Path) -> None:
    """Whoever presses Ctrl-C has the prompt back, and the report of yesterday as it was."""
    arguments = ("check", str(many), *DAY, "-f", "json", "-o", "report", "-f", "text")
    for delay in (0.05, 0.2, 0.5):
        (tmp_path / "report").write_text(BEFORE, encoding="utf-8")
        with started(arguments, tmp_path, {"BLASTLINT_CACHE_DIR": ""}) as process:
            time.sleep(delay)
            process.send_signal(number)
            asked = time.monotonic()
            out, err = process.communicate(timeout=HANG)
        assert (process.returncode, out, err.decode()) == (128 + number, b"", said(number))
        assert time.monotonic() - asked < HANG / 2
        assert names(tmp_path) == ["report"]
        assert (tmp_path / "report").read_text(encoding="utf-8") == BEFORE


def test_what_is_to_be_ignored_stays_ignored(desk: Path) -> None:
    """A run behind `nohup` or in the background of a script is not stopped by the terminal."""
    script = f"trap '' INT HUP; {sys.executable} -m blastlint rules & kill -INT $!; wait $!"
    done = subprocess.run(
        ["sh", "-c", script], cwd=desk, env=environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout


def test_a_stop_before_anybody_listens(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first millisecond of a run says the same."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("blastlint.interruption.listen", interrupted)
    monkeypatch.setattr(sys, "argv", ["blastlint", "check"])
    assert __main__.main() == 130
    assert capsys.readouterr() == ("", said(signal.SIGINT))


def test_a_baseline_is_written_for_all_inventories_or_none(tmp_path: Path) -> None:
    """One that cannot be written keeps the others from being written."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        text = SMALL.replace("small", name).replace("{}", "{lifecycle: production}")
        (tmp_path / name / "inventory.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "b" / "blastlint-baseline.yaml").symlink_to("nowhere/at-all")
    done = blastlint("baseline", "a", "b", *DAY, cwd=tmp_path)
    assert done.returncode == 2
    assert names(tmp_path / "a") == ["inventory.yaml"]
