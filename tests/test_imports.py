"""A run loads what it needs: every module that is loaded is waited for at every commit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from commands import python

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
import argparse, datetime, hashlib, json, re, yaml
argparse.ArgumentParser().add_argument("file")
"""
"""What every command but `--version` is built on; what these load themselves is theirs."""
RUN = "import sys\nfrom blastlint.__main__ import main\nmain()\n"
TELL = """
import sys
for name, module in list(sys.modules.items()):
    if getattr(module, "__spec__", None):
        sys.stderr.write(name + "\\n")
"""
CHECK = ("check", "inventories/clean-support", "--as-of", "2026-06-02")
LIGHT = {
    "__future__": "annotations that are not evaluated",
    "array": "places, 4 bytes each",
    "bisect": "lines by their offset",
    "encodings": "the encoding of files",
    "gc": "pausing the collector",
    "heapq": "the weakest way first",
    "importlib": "providers and reporters by name",
    "signal": "ending in order when a run is told to stop",
    "textwrap": "the help screen and the manual",
}
"""All that is loaded of the standard library beyond the base, and what for; each under 1 ms."""
MANUAL = {
    "contextlib": "by tomllib",
    "string": "by tomllib",
    "tomllib": "the titles of the families of rules",
    "typing": "by tomllib",
}
"""What the commands that print the manual load beside."""
HEAVY = {
    "networkx": "over 100 ms; nothing is asked of it",
    "jinja2": "100 ms; pages only",
    "jsonschema": "100 ms; the schemas inside lists of tools only",
    "pydantic": "100 ms; schemas are made ahead of time",
    "dataclasses": "8 ms, most of it inspect; `values` does the same",
    "inspect": "6 ms; nothing is looked up in source code",
    "typing": "3 ms; annotations are never evaluated",
    "pathlib": "5 ms; os is loaded anyway",
    "logging": "7 ms; there is no log",
    "traceback": "4 ms; only a fault needs it",
    "asyncio": "nothing runs beside anything",
    "threading": "nothing runs beside anything",
    "multiprocessing": "nothing runs beside anything",
    "subprocess": "nothing is started",
    "socket": "nothing is asked over a network",
    "ssl": "nothing is asked over a network",
    "http": "nothing is asked over a network",
    "urllib": "addresses are written by SARIF only",
    "random": "the same input gives the same bytes",
    "uuid": "the same input gives the same bytes",
    "tempfile": "nothing is kept aside",
    "pickle": "nothing is kept from run to run",
    "ctypes": "no foreign code",
    "zoneinfo": "5 ms; only local times that are reckoned with need it",
    "cronsim": "6 ms; schedules only",
    "dateutil": "18 ms; windows that repeat only",
    "importlib.metadata": "over 20 ms; the version is written in a file",
}
"""Modules that must not be loaded by a run that finds nothing, and why."""


@cache
def base() -> frozenset[str]:
    """Return the modules that the base loads."""
    return frozenset(python("-c", BASE + TELL).stderr.split())


@cache
def loaded(*arguments: str) -> frozenset[str]:
    """Return the modules that a command has loaded when it ends."""
    done = python("-c", RUN + TELL, *arguments)
    assert "Traceback" not in done.stderr
    assert done.stdout
    return frozenset(done.stderr.split())


def tops(names: frozenset[str]) -> set[str]:
    """Return the names of whole packages."""
    return {name.partition(".")[0] for name in names}


def own(names: frozenset[str]) -> set[str]:
    """Return our own modules, without the leading name."""
    return {name.removeprefix("blastlint.") for name in names if name.startswith("blastlint.")}


@pytest.mark.parametrize("arguments", [CHECK, ("explain", "over-grant"), ("rules",), ("--help",)])
def test_a_command_adds_little_to_its_base(arguments: tuple[str, ...]) -> None:
    """Whatever else is loaded stands on the list, with what it is for."""
    private = {"_bisect", "_heapq", "_string", "_typing"}
    further = {"tzdata"} if arguments == CHECK else set()
    further |= set(MANUAL) if arguments[0] in {"explain", "rules"} else set()
    added = tops(loaded(*arguments)) - tops(base()) - private
    assert added - {"blastlint"} - further <= set(LIGHT)


@pytest.mark.parametrize("module", HEAVY)
def test_a_run_that_finds_nothing_does_not_load(module: str) -> None:
    """What costs more than it gives, or could do what a run must not do, stays out of it."""
    assert module not in loaded(*CHECK) - base()


def test_what_tells_findings_alone_gathers_nothing_else() -> None:
    """The classes of a dossier take 15 ms, which only pages, JSON and sheets wait for."""
    assert not {name for name in own(loaded(*CHECK)) if name.startswith(("dossier", "gathering"))}


def test_the_base_itself_is_light() -> None:
    """None of the heavy libraries hides behind what everything is built on."""
    assert not tops(base()) & {"networkx", "jinja2", "jsonschema", "pydantic"}


def test_a_run_loads_one_library() -> None:
    """Of all dependencies, yaml reads the files; tzdata is a list of names without code."""
    libraries = {"yaml", "pydantic", "jsonschema", "networkx", "jinja2", "tzdata"}
    libraries |= {"cronsim", "dateutil"}
    assert tops(loaded(*CHECK)) & libraries == {"yaml", "tzdata"}


def test_zones_are_loaded_when_one_is_named(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Who names no time zone does not pay for the list of them."""
    file = tmp_path_factory.mktemp("zones") / "one.yaml"
    file.write_text("version: 1\nname: small\nagents: {bot: {}}\n", encoding="utf-8")
    assert "tzdata" not in tops(loaded("check", str(file), "--as-of", "2026-06-02"))


SCHEDULED = """\
version: 1
name: small
agents: {bot: {schedule: {cron: "0 2 * * *", time_zone: Etc/UTC, change_tools: [deploy]}}}
tools: {deploy: {agents: [bot], system: cluster, effect: mutate}}
systems: {cluster: {calendars: [freeze]}}
calendars: {freeze: {time_zone: Etc/UTC, windows: [WINDOW]}}
"""


@pytest.mark.parametrize(
    ("window", "libraries"),
    [
        ("{start: '2026-06-26T17:00', end: '2026-07-06T09:00'}", {"cronsim"}),
        ("{rrule: FREQ=DAILY, duration: 1h}", {"cronsim", "dateutil"}),
    ],
)
def test_what_repeats_is_loaded_when_something_does(
    window: str, libraries: set[str], tmp_path: Path
) -> None:
    """A schedule needs one library, a window that repeats another one."""
    file = tmp_path / "one.yaml"
    file.write_text(SCHEDULED.replace("WINDOW", window), encoding="utf-8")
    found = tops(loaded("check", str(file), "--as-of", "2026-06-02"))
    assert found & {"cronsim", "dateutil"} == libraries
    assert "zoneinfo" in found


def test_the_version_loads_itself() -> None:
    """The cheapest question costs nothing but the start of Python."""
    bare = frozenset(python("-c", TELL).stderr.split())
    wanted = {"__future__", "gc", "blastlint", "blastlint.__main__", "blastlint.version"}
    assert loaded("--version") - bare == wanted


def test_the_manual_reads_no_inventory() -> None:
    """A page of the manual needs the rules, and neither an inventory nor a reporter of findings."""
    modules = own(loaded("explain", "over-grant"))
    assert "rules" in modules
    assert not modules & {"check", "judge", "evidence", "inventory.loading", "reporters.text"}


def test_a_run_without_evidence_loads_no_platform() -> None:
    """What is known of a platform is loaded with evidence of it."""
    platforms = {name for name in own(loaded(*CHECK)) if name.startswith("providers.")}
    assert platforms == {"providers.grants", "providers.wildcards"}


def test_a_run_loads_the_reporter_it_writes_with() -> None:
    """Every format is loaded for itself, the manual and the models not at all."""
    modules = own(loaded(*CHECK))
    others = {f"reporters.{form}" for form in ("json", "sarif", "html", "markdown", "concise")}
    unneeded = {
        "asking",
        "granted",
        "examples",
        "manual",
        "rulefile",
        "inventory.models",
        "inventory.schema",
    }
    assert not modules & (others | unneeded)
