"""Measures blastlint beside other programs, and compares the ratios with their budgets.

`python benchmarks/run.py [NAME…]` measures everything, or what is named, prints one table, and
exits with 1 if a budget is missed. Seconds differ between machines; ratios of CPU time, taken in
turns on the same machine, hardly do.
"""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version as version_of
from statistics import median
from tempfile import TemporaryDirectory

import draft
import fleet
import inventories
import web

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(os.path.dirname(HERE), "src")
BLASTLINT = "import sys; from blastlint.__main__ import main; sys.exit(main())"
YAMLLINT = "from yamllint.cli import run; run()"
"""What the installed scripts do."""
PLAIN_LOAD = """\
import os, sys, yaml
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as file:
            yaml.load(file, yaml.CSafeLoader)
"""
FLEET = 10_000
"""Tools of the fleet on which all rules are measured."""
CACHE = "BLASTLINT_CACHE_DIR"
CLEAN, FOUND = 0, 1
"""Exit codes: of a check that finds nothing, of a linter that does."""
TIMES = "×"  # noqa: RUF001 -- the sign is meant


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    work: str
    measured: float
    unit: str
    budget: float
    stretch: float
    detail: str

    @property
    def met(self) -> str:
        """What the figure keeps to: the stretch, the budget or neither."""
        if self.measured <= self.stretch:
            return "stretch"
        return "budget" if self.measured <= self.budget else "missed"


def version(_: str) -> Iterable[Row]:
    """The price of starting at all."""
    ours, floor = in_turns([_script(BLASTLINT, "--version"), _script("pass")], rounds=41)
    yield _ratio("blastlint --version / python -c pass", ours, floor, 5, 3)


def one(folder: str) -> Iterable[Row]:
    """What a person waits for at every commit."""
    file = os.path.join(folder, "one.yaml")
    with open(file, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(inventories.single())
    ours, theirs = in_turns([_check(file), _script(YAMLLINT, file)], rounds=25)
    yield _ratio("check, one inventory of 10 tools / yamllint", ours, theirs, 2.5, 0.75)


def init(folder: str) -> Iterable[Row]:
    """What a team waits for in its first minute: 117 tools and 30 service accounts are drafted."""
    draft.write(folder)
    home = os.path.join(folder, "inventory")
    code = f"import shutil; shutil.rmtree({home!r}, ignore_errors=True); {BLASTLINT}"
    sources = [word for name in draft.FILES for word in ("--from", os.path.join(folder, name))]
    command = _script(code, "init", "-o", home, *sources)
    (ours,) = in_turns([command], rounds=9)
    work = f"init, {draft.TOOLS} tools, {draft.ACCOUNTS} service accounts"
    detail = f"{min(ours):.2f} to {max(ours):.2f} s, median of {len(ours)}"
    yield Row(work, median(ours), "s", 2, 0.5, detail)


def many(folder: str) -> Iterable[Row]:
    """What a large organisation waits for."""
    directory = os.path.join(folder, "many")
    size = inventories.write_many(directory)
    ours, floor = in_turns([_check(directory), _script(PLAIN_LOAD, directory)], rounds=5)
    work = f"check, 1,000 files, {size / 1e6:.1f} MB / CSafeLoader"
    yield _ratio(work, ours, floor, 2, 0.75)


def warm(folder: str) -> Iterable[Row]:
    """What it waits for when nothing changed since the last run."""
    directory = os.path.join(folder, "warm")
    size = inventories.write_many(directory)
    again = _check(directory, "--format", "text")
    os.environ[CACHE] = os.path.join(folder, "cache")
    ours, floor = in_turns([again, _script(PLAIN_LOAD, directory)], rounds=5)
    work = f"the same {size / 1e6:.1f} MB again, unchanged / CSafeLoader"
    yield _ratio(work, ours, floor, 0.2, 0.1)


def reach(folder: str) -> Iterable[Row]:
    """Everything that 100 agents can reach, and how that grows."""
    small, large = _webs(folder, ["flat", "100000"], ["flat", "1000000"], rounds=5)
    work = "reach, 100 agents, 10⁶ edges"
    growth = math.log10(_middle(large, "seconds") / _middle(small, "seconds"))
    yield Row(work, _middle(large, "seconds"), "s", 2, 1, _spread(large))
    yield Row(work, _middle(large, "megabytes"), "MB", 250, 100, "peak of the whole process")
    yield Row(f"{work}, growth", growth, "exponent", 1.2, 1.2, "from 10⁵ edges to 10⁶")


def chain(folder: str) -> Iterable[Row]:
    """The longest way that anybody is told."""
    (found,) = _webs(folder, ["chain", "1000"], rounds=15)
    yield Row(
        "reach, a chain of 1,000 roles", _middle(found, "seconds"), "s", 2, 0.5, _spread(found)
    )


def rules(folder: str) -> Iterable[Row]:
    """The price of the whole pack on a fleet where most rules have something to say."""
    directory = os.path.join(folder, "fleet")
    size = fleet.write(directory, FLEET)
    judging = [*_check(directory), "-f", "concise", "--fail-on", "never"]
    ours, floor = [cpu_of(judging)], [cpu_of(_script(PLAIN_LOAD, directory))]
    work = f"check, {FLEET:,} tools of one inventory, {size / 1e6:.1f} MB / CSafeLoader"
    yield _ratio(work, ours, floor, 4, 2)
    told = json.loads(_output([sys.executable, os.path.join(HERE, "fleet.py"), directory]))["rules"]
    slowest = sorted(told, key=lambda name: -told[name]["seconds"])
    for name in slowest:
        share = told[name]["seconds"] / median(floor)
        print(f"{share:8.4f} {TIMES}  {told[name]['found']:7,} found  {name}")
    total = sum(one["seconds"] for one in told.values())
    detail = f"{total:.2f} s for {len(told)} rules; the slowest is {slowest[0]}"
    share = told[slowest[0]]["seconds"] / median(floor)
    yield Row("the slowest rule / CSafeLoader", share, TIMES, 0.5, 0.1, detail)


def diff(folder: str) -> Iterable[Row]:
    """What a reviewer waits for: one file of a thousand is changed.

    It is held against the least that anybody could do: to check all of them when nothing changed,
    with what the last run kept, and the inventory that changed with nothing. `diff` keeps nothing.
    """
    directory = os.path.join(folder, "repository")
    size = inventories.write_many(directory)
    changed = _commit_a_change(directory)
    os.environ[CACHE] = os.path.join(folder, "kept")
    review = _inside(directory, "diff", "HEAD^1", "HEAD", "--as-of", inventories.AS_OF)
    again = _check(directory, "--format", "text")
    ours, kept, alone = in_turns([review, again, _check(os.path.dirname(changed))], rounds=15)
    theirs = [whole + one for whole, one in zip(kept, alone, strict=True)]
    work = f"diff, one of 1,000 files, {size / 1e6:.1f} MB / check of all again and of the changed"
    yield _ratio(work, ours, theirs, 1.3, 1)


def _commit_a_change(directory: str) -> str:
    """Commit what a folder holds, and then a change of one file; return the file."""
    names = (os.path.join(here, file) for here, _, files in os.walk(directory) for file in files)
    changed = next(name for name in sorted(names) if name.endswith("inventory.yaml"))
    _git(directory, "init", "-q", ".")
    _commit(directory)
    with open(changed, encoding="utf-8") as file:
        text = file.read()
    with open(changed, "w", encoding="utf-8", newline="\n") as file:
        file.write(text.replace("daily_users: ", "daily_users: 1", 1))
    _commit(directory)
    return changed


def _commit(directory: str) -> None:
    _git(directory, "add", "--all")
    person = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    _git(directory, *person, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "x")


def _git(directory: str, *words: str) -> None:
    subprocess.run(("git", "-C", directory, *words), check=True, stdout=subprocess.DEVNULL)  # noqa: S607 -- the one on the path


BENCHMARKS: dict[str, Callable[[str], Iterable[Row]]] = {
    "version": version,
    "one": one,
    "init": init,
    "many": many,
    "warm": warm,
    "reach": reach,
    "chain": chain,
    "rules": rules,
    "diff": diff,
}


def in_turns(commands: Sequence[Sequence[str]], rounds: int) -> list[list[float]]:
    """Return the seconds of CPU of each command, one list each, after a round that only warms up.

    Bytecode is written in that first round; taking turns lets a busy machine disturb all alike.
    """
    times: list[list[float]] = [[] for _ in commands]
    for turn in range(rounds + 1):
        for command, own in zip(commands, times, strict=True):
            seconds = cpu_of(command)
            if turn:
                own.append(seconds)
    return times


def cpu_of(command: Sequence[str]) -> float:
    """Return the seconds of CPU that a command takes, of its user and of the system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _output(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def _output(command: Sequence[str]) -> str:
    """Return what a command prints; a command that fails measures nothing."""
    done = subprocess.run(
        command, env=_environment(), capture_output=True, encoding="utf-8", check=False
    )
    clean = (CLEAN, FOUND) if YAMLLINT in command else (CLEAN,)
    if done.returncode not in clean:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _environment() -> dict[str, str]:
    """Return the environment without what changes how Python starts, and this checkout in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, "PYTHONPATH": SOURCE}


def _inside(directory: str, *arguments: str) -> list[str]:
    """Return a command of blastlint that is run in a folder."""
    return _script(f"import os; os.chdir({directory!r}); {BLASTLINT}", *arguments)


def _script(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def _check(path: str, *options: str) -> list[str]:
    """Return the command that checks a path; without options, it judges anew."""
    cold = options or ("--no-cache",)
    return _script(BLASTLINT, "check", path, "--as-of", inventories.AS_OF, *cold)


def _ratio(
    work: str, ours: Sequence[float], theirs: Sequence[float], budget: float, stretch: float
) -> Row:
    detail = f"{median(ours) * 1000:.0f} ms / {median(theirs) * 1000:.0f} ms"
    ratio = median(ours) / median(theirs)
    return Row(work, ratio, TIMES, budget, stretch, f"{detail}, median of {len(ours)}")


def _webs(folder: str, *webs: Sequence[str], rounds: int) -> list[list[dict[str, float]]]:
    """Return what each web took in each round; each is measured in a process of its own."""
    file = os.path.join(folder, "web.yaml")
    with open(file, "w", encoding="utf-8", newline="\n") as handle:
        handle.write(web.inventory_text())
    script = os.path.join(HERE, "web.py")
    found: list[list[dict[str, float]]] = [[] for _ in webs]
    for turn in range(rounds + 1):
        for wanted, own in zip(webs, found, strict=True):
            told = json.loads(_output([sys.executable, script, *wanted, file]))
            if turn:
                own.append(told)
    return found


def _middle(found: Sequence[dict[str, float]], name: str) -> float:
    return median(one[name] for one in found)


def _spread(found: Sequence[dict[str, float]]) -> str:
    seconds = [one["seconds"] for one in found]
    return f"{min(seconds):.2f} to {max(seconds):.2f} s, median of {len(seconds)}"


def _machine() -> str:
    libraries = ", ".join(f"{name} {version_of(name)}" for name in ("PyYAML", "yamllint"))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.release()}; "
        f"Python {platform.python_version()}, {libraries}; load average {load}"
    )


def _processor() -> str:
    """Return the name of the processor, where Linux tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.partition(": ")[2].strip() for line in file if "model name" in line]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def _table(rows: Sequence[Row]) -> str:
    head = "| work | measured | budget | stretch | met | detail |\n|---|---|---|---|---|---|\n"
    lines = (
        f"| {row.work} | {row.measured:.2f} {row.unit} | {row.budget:g} | {row.stretch:g} "
        f"| {row.met} | {row.detail} |\n"
        for row in rows
    )
    return head + "".join(lines)


def main(names: Sequence[str]) -> int:
    """Measure what is named, print the table, and return 1 if a budget is missed."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        raise SystemExit(f"no benchmark is called {unknown[0]}: choose of {', '.join(BENCHMARKS)}")
    with TemporaryDirectory() as folder:
        rows = [row for name in names or BENCHMARKS for row in BENCHMARKS[name](folder)]
    print(f"{_machine()}\n\n{_table(rows)}", end="")
    return 1 if any(row.met == "missed" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
