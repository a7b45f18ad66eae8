"""The same input gives the same bytes: whatever the machine, the order of files, and the day."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from blastlint.cli import run
from blastlint.options import DIFF_FORMATS, FORMATS
from checkout import Checkout, settings
from commands import REPO, blastlint, python
from support import AGENTS, HEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

STORY = "inventories/refund-agent"
STORIES = sorted(path.parent.name for path in (REPO / "inventories").glob("*/inventory.yaml"))
LISTS = frozenset({"gitlab"})
"""Formats that are an empty list where nothing is found."""
AS_OF = ("--as-of", "2026-06-02")


def asked(folder: Path, story: str = STORY) -> list[str]:
    """Return a command line that writes every format to a file of its name in a folder."""
    outputs = (("--format", form, "--output", str(folder / form)) for form in FORMATS)
    return ["check", story, *AS_OF, *(word for words in outputs for word in words)]


def written(folder: Path) -> dict[str, bytes]:
    """Return what was written, by format, and make sure that it says something."""
    found = {form: (folder / form).read_bytes() for form in FORMATS}
    assert all(len(data) > 80 or form in LISTS for form, data in found.items())
    return found


def judged(
    folder: Path, cwd: Path = REPO, env: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Judge the refund agent in a process of its own; return every format."""
    done = blastlint(*asked(folder), cwd=cwd, env=env)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    return written(folder)


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the refund agent's report says, in every format."""
    return judged(tmp_path_factory.mktemp("reference"), env={"PYTHONHASHSEED": "0"})


MACHINES = {
    "another order of hashes": {"PYTHONHASHSEED": "1"},
    "and another": {"PYTHONHASHSEED": "4294967295"},
    "the first zone to see a day": {"TZ": "Pacific/Kiritimati"},
    "the last one": {"TZ": "Etc/GMT+12"},
    "plain C": {"LC_ALL": "C", "LANG": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    "Turkish, with its dotless i": {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"},
    "Latin-1": {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
    "a wide terminal with colours": {"COLUMNS": "400", "FORCE_COLOR": "1", "TERM": "xterm"},
    "a narrow one without": {"COLUMNS": "20", "NO_COLOR": "1", "TERM": "dumb"},
    "optimised code": {"PYTHONOPTIMIZE": "2"},
}


@pytest.mark.parametrize("machine", MACHINES)
def test_the_machine_does_not_matter(
    machine: str, reference: dict[str, bytes], tmp_path: Path
) -> None:
    """Hashes, zone, language, terminal: what two people compare must not differ by them."""
    assert judged(tmp_path, env=MACHINES[machine]) == reference


def reviewed(
    folder: Path, cwd: Path, env: Mapping[str, str] | None = None
) -> dict[str, dict[str, bytes]]:
    """Compare a branch with its base, and judge it by the base; return every format of both."""
    found = {}
    for name, command, forms in (
        ("diff", ("diff", "main", "HEAD", "--trust-base"), DIFF_FORMATS),
        ("check", ("check", "--staged", "--new-from", "main", "--trust-from", "main"), FORMATS),
    ):
        home = folder / name
        home.mkdir(parents=True)
        outputs = [word for form in forms for word in ("-f", form, "-o", str(home / form))]
        done = blastlint(*command, *AS_OF, *outputs, cwd=cwd, env={**settings(), **(env or {})})
        assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
        found[name] = {form: (home / form).read_bytes() for form in forms}
    return found


def branched(folder: Path) -> Path:
    """Return a checkout in which a change lets the refund agent do more."""
    checkout = Checkout(folder)
    shutil.copytree(REPO / STORY, folder / STORY)
    checkout.commit("Start")
    checkout.git("checkout", "-q", "-b", "change")
    credentials = folder / STORY / "credentials.yaml"
    text = credentials.read_text(encoding="utf-8")
    wider = "grants: [{system: zendesk, resources: [macros], actions: [delete]}, "
    assert "grants: [" in text
    credentials.write_text(text.replace("grants: [", wider, 1), encoding="utf-8")
    checkout.commit("Grant more")
    return folder


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_two_clones_of_one_commit_are_reviewed_alike(tmp_path: Path) -> None:
    """At other paths, and on any machine: whoever repeats a review reads the same bytes."""
    first = branched(tmp_path / "one")
    reference = reviewed(tmp_path / "reference", first, {"PYTHONHASHSEED": "0"})
    clone = tmp_path / "a" / "b b" / "ü" / "two"
    clone.parent.mkdir(parents=True)
    Checkout(tmp_path / "other").git("clone", "-q", str(first), str(clone))
    for command in (("branch", "main", "origin/main"), ("gc", "-q", "--aggressive")):
        done = subprocess.run(("git", *command), cwd=clone, env=settings(), check=False)
        assert done.returncode == 0
    for number, machine in enumerate(MACHINES):
        assert reviewed(tmp_path / str(number), clone, MACHINES[machine]) == reference, machine


def test_the_depth_of_the_folder_does_not_matter(
    reference: dict[str, bytes], tmp_path: Path
) -> None:
    """A checkout elsewhere, under the same name as seen from where one stands, says the same."""
    deep = tmp_path / "a" / "b b" / "ü"
    shutil.copytree(REPO / STORY, deep / STORY)
    assert judged(tmp_path, cwd=deep) == reference


def test_the_order_and_the_age_of_files_do_not_matter(
    reference: dict[str, bytes], tmp_path: Path
) -> None:
    """A fresh checkout creates files in any order, and dates them today."""
    names = sorted(path.name for path in (REPO / STORY).iterdir())
    for seed in (1, 2):
        home = tmp_path / str(seed)
        (home / STORY).mkdir(parents=True)
        dice = random.Random(seed)  # noqa: S311 -- an order, no secret
        for age, name in enumerate(dice.sample(names, len(names))):
            copy = shutil.copyfile(REPO / STORY / name, home / STORY / name)
            os.utime(copy, (seed * age * 1e8, seed * age * 1e8))
        assert judged(home, cwd=home) == reference


class Shuffled:
    """What `os.scandir` returns, in another order."""

    def __init__(self, entries: Any, seed: int) -> None:  # noqa: ANN401 -- a private type of os
        self._entries = entries
        self._seed = seed

    def __enter__(self) -> Iterator[os.DirEntry[str]]:
        """Return the entries."""
        with self._entries:
            found = list(self._entries)
        random.Random(self._seed).shuffle(found)  # noqa: S311 -- an order, no secret
        return iter(found)

    def __exit__(self, *_: object) -> None:
        """Do nothing: the folder is closed."""


def shuffling(scandir: Callable[[str], Any], seed: int) -> Callable[[str], Shuffled]:
    """Return `os.scandir` with another order."""
    return lambda path: Shuffled(scandir(path), seed)


def test_problems_come_in_one_order_however_a_folder_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong in many files and many inventories is told by name, file after file."""
    for name in ("b", "a", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "inventory.yaml").write_text(HEAD + AGENTS, encoding="utf-8")
        for file in ("z.yaml", "m.yaml", "d.yaml"):
            (tmp_path / name / file).write_text("tools: {same: {}}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    scandir, said = os.scandir, []
    for seed in range(6):
        monkeypatch.setattr(os, "scandir", shuffling(scandir, seed))
        assert run(["check", "."]) == 2
        said.append(capsys.readouterr().err)
    assert said[0].count("first written here") == 6
    assert said[1:] == said[:-1]


@pytest.mark.parametrize("story", STORIES)
def test_the_order_in_which_a_folder_is_listed_does_not_matter(
    story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File systems list as they like; folders of evidence are no exception."""
    monkeypatch.chdir(REPO)
    scandir, listdir, found = os.scandir, os.listdir, []
    for seed in range(4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        monkeypatch.setattr(os, "scandir", shuffling(scandir, seed))
        monkeypatch.setattr(os, "listdir", lambda path: listdir(path)[::-1])
        run(asked(folder, f"inventories/{story}"))
        found.append(written(folder))
    assert found[1:] == found[:-1]


def findings(root: Path) -> list[dict[str, Any]]:
    """Return the findings of an inventory, without the places where it stands."""
    done = blastlint("check", ".", *AS_OF, "--format", "json", cwd=root)
    (inventory,) = json.loads(done.stdout)["inventories"]
    return sorted((_placeless(found) for found in inventory["findings"]), key=json.dumps)


def _placeless(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, dict):
        return {k: _placeless(v) for k, v in value.items() if k not in {"location", "related"}}
    return [_placeless(one) for one in value] if isinstance(value, list) else value


def test_a_renamed_and_split_file_keeps_its_findings(tmp_path: Path) -> None:
    """How people cut an inventory into files says nothing, and fingerprints stay what they were."""
    root = tmp_path / "one"
    shutil.copytree(REPO / STORY, root)
    before = findings(root)
    (root / "systems.yaml").rename(root / "zzz.yaml")
    (root / "below").mkdir()
    lines = (root / "tools.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    first = lines.index("tools:\n")
    rows = [i for i, line in enumerate(lines) if i > first and line[:2] == "  " and line[2] > " "]
    middle = rows[len(rows) // 2]
    (root / "tools.yaml").write_text("".join(lines[:middle]), encoding="utf-8")
    (root / "below" / "aaa.yaml").write_text("tools:\n" + "".join(lines[middle:]), encoding="utf-8")
    assert len(before) > 10
    assert findings(root) == before


NO_CLOCK = """\
import datetime, sys, time

def refuse(*_):
    raise AssertionError("a clock was asked")

class Day(datetime.date):
    today = refuse

class Moment(datetime.datetime):
    now = utcnow = today = refuse

datetime.date, datetime.datetime = Day, Moment
for name in ("time", "time_ns", "gmtime", "localtime", "ctime", "monotonic", "strftime"):
    setattr(time, name, refuse)
from blastlint.__main__ import main
sys.exit(main())
"""
"""Runs blastlint where every look at a clock is a fault."""


def test_a_given_day_is_the_only_time_there_is(reference: dict[str, bytes], tmp_path: Path) -> None:
    """With a day of judgement no clock is asked, so that tomorrow's report is today's."""
    done = python("-c", NO_CLOCK, *asked(tmp_path))
    assert (done.returncode, done.stderr) == (1, "")
    assert written(tmp_path) == reference


def test_without_a_day_the_clock_is_asked() -> None:
    """The test above can fail: this is what it looks like."""
    done = python("-c", NO_CLOCK, "check", STORY)
    assert done.returncode == 3
    assert "a clock was asked" in done.stderr


WATCHED = """\
import os, sys

seen = []
ACTS = (
    "socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system",
    "os.startfile", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.mkdir",
    "os.remove", "os.rename", "os.rmdir", "os.utime", "shutil.", "tempfile.",
    "ctypes.", "pty.", "urllib.", "http.", "ftplib.", "smtplib.", "sqlite3.", "winreg.", "mmap.",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        if isinstance(path, int):
            return  # a handle: it was seen when it was opened
        if set(mode or "") & set("wxa+") or (flags or 0) & WRITES:
            seen.append(("write", str(path)))
    elif event.startswith(ACTS):
        paths = [str(one) for one in arguments if isinstance(one, (str, bytes))]
        seen.extend((event, path) for path in paths or ["-"])

sys.addaudithook(watch)
from blastlint.__main__ import main
main()
told = tuple(seen)
sys.stderr.write("".join(f"{event} {path}\\n" for event, path in told))
"""
"""Runs blastlint, and prints what it did beside reading: kind of act, and path or `-`."""


def acts(*arguments: str, cwd: Path = REPO) -> set[tuple[str, str]]:
    """Return what a command did beside reading; Python's own store of bytecode is left out."""
    done = python("-c", WATCHED, *arguments, cwd=cwd)
    told = {(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in done.stderr.splitlines()}
    return {(act, path) for act, path in told if "__pycache__" not in path}


@pytest.mark.parametrize("story", STORIES)
def test_a_run_does_nothing_but_read_and_write_its_outputs(story: str, tmp_path: Path) -> None:
    """No socket, no process, no other file: whoever runs it on a stranger's files is safe."""
    found = acts(*asked(tmp_path, f"inventories/{story}"))
    drafts = {path for act, path in found if act == "write"}
    assert len(drafts) == len(FORMATS)
    assert all(re.fullmatch(r"\.[0-9a-f]{16}\.part", os.path.relpath(d, tmp_path)) for d in drafts)
    renamed = {("os.rename", path) for path in (*drafts, *(str(tmp_path / f) for f in FORMATS))}
    assert {(act, path) for act, path in found if act != "write"} == renamed
    assert sorted(os.listdir(tmp_path)) == sorted(FORMATS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", STORY, *AS_OF),
        ("reach", "refund-agent", STORY),
        ("grants", "mcp-tools", "inventories/github-triage/evidence"),
        ("explain", "over-grant"),
        ("rules",),
        ("schema", "inventory"),
        ("--version",),
    ],
)
def test_a_command_that_prints_touches_nothing(arguments: tuple[str, ...]) -> None:
    """What only tells leaves no trace, and asks nobody."""
    assert acts(*arguments) == set()


def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    """A socket, a process, a folder and a file are seen; a file that is read is not."""
    code = f"""
import socket, subprocess, os
open({str(REPO / "README.md")!r}).close()
open({str(tmp_path / "x")!r}, "w").close()
os.mkdir({str(tmp_path / "y")!r})
socket.socket().close()
subprocess.run([{sys.executable!r}, "-c", "pass"])
"""
    watch = WATCHED.replace("from blastlint.__main__ import main\nmain()\n", code)
    assert watch != WATCHED
    told = python("-c", watch).stderr
    assert f"write {tmp_path / 'x'}\n" in told
    assert f"os.mkdir {tmp_path / 'y'}\n" in told
    assert "socket." in told
    assert "subprocess.Popen" in told
    assert "README" not in told
