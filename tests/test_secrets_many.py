"""What is secret in evidence appears nowhere: in no output, no file and no error."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.cli import run
from blastlint.options import FORMATS
from blastlint.providers import PROVIDERS
from planted import LAYOUTS, MAKERS, WORD, Planted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planted import Write

SYSTEMS = {
    "aws-iam": "aws",
    "github": "github",
    "kubernetes-rbac": "kubernetes",
    "oauth-scopes": "saas",
    "postgres": "postgres",
}
"""Kind of the system whose grants a kind of evidence shows."""
MOST = 12
"""Principals of some evidence that the inventory gives to its agent."""


def test_every_kind_of_evidence_is_tried() -> None:
    """A new kind says in `planted` where its files can hold secrets."""
    assert set(MAKERS) == set(PROVIDERS)


def said(*arguments: str) -> tuple[int, str]:
    """Return the exit code of a command, and all that it prints."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = run(arguments)
    return code, out.getvalue()


def lay(files: dict[str, str], folder: Path) -> Path:
    """Write files into a folder for evidence; return it."""
    evidence = folder / "evidence"
    evidence.mkdir(exist_ok=True)
    for name, text in files.items():
        (evidence / name).write_text(text, encoding="utf-8")
    return evidence


def leaks(text: str) -> set[str]:
    """Return the lines that hold a planted secret."""
    return {line[:300] for line in text.splitlines() if WORD in line}


def inventory(kind: str, principals: Sequence[str]) -> str:
    """Return an inventory whose agent has a tool for each principal that evidence names."""
    some = list(enumerate(principals[:MOST]))
    system = "system" if kind in SYSTEMS else None
    evidence = {"kind": kind, "files": ["evidence"], "observed_at": "2026-06-01"}
    credentials = {f"c{number}": {"principal": name, "grants": []} for number, name in some}
    tools = {
        f"t{number}": {"agents": ["a"], "system": "system", "credential": f"c{number}"}
        for number, _ in some
    }
    whole = {
        "version": 1,
        "name": "planted",
        "agents": {"a": {}},
        "systems": {"system": {"kind": SYSTEMS.get(kind, "saas")}},
        "credentials": credentials,
        "tools": {**tools, "other": {"agents": ["a"], "registered_name": "other"}},
        "evidence": {"e": {**evidence, **({"system": system} if system else {})}},
    }
    return json.dumps(whole, indent=1)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("kind", PROVIDERS)
def test_no_secret_of_evidence_is_printed(kind: str, layout: Write, tmp_path: Path) -> None:
    """Neither a judgement in any form nor a list of grants repeats one."""
    folder = lay(MAKERS[kind](Planted(), layout), tmp_path)
    code, text = said("grants", kind, str(folder), "--derive")
    assert (code, leaks(text)) == (0, set())
    code, listed = said("grants", kind, str(folder), "--derive", "-f", "json")
    assert (code, leaks(listed)) == (0, set())
    principals = [row["principal"] for row in json.loads(listed)["principals"]]
    (tmp_path / "inventory.yaml").write_text(inventory(kind, principals), encoding="utf-8")
    outputs = [f"-f={form} -o={tmp_path / form}".split() for form in FORMATS]
    flat = [part for pair in outputs for part in pair]
    code, text = said("check", str(tmp_path), "--as-of", "2026-06-02", *flat)
    assert (code, leaks(text)) == (1, set())
    written = {form: (tmp_path / form).read_text(encoding="utf-8") for form in FORMATS}
    assert {form: leaks(text) for form, text in written.items() if leaks(text)} == {}
    assert "evidence/" in written["text"]
    code, text = said("reach", "a", str(tmp_path))
    assert (code, leaks(text)) == (0, set())


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("kind", PROVIDERS)
def test_no_secret_is_printed_where_evidence_is_of_another_kind(
    kind: str, layout: Write, tmp_path: Path
) -> None:
    """Who names the wrong file gets its place and no line of it."""
    for made, maker in MAKERS.items():
        (tmp_path / made).mkdir()
        folder = lay(maker(Planted(), layout), tmp_path / made)
        for file in sorted(folder.iterdir()):
            assert leaks(said("grants", kind, str(file), "--derive")[1]) == set(), file.name


def broken(text: str, at: int, how: str) -> str:
    """Return a text that is cut off, or has something else, at a place."""
    at %= len(text) + 1
    return text[:at] + ("" if how == "cut" else how + text[at:])


BREAKS = (
    "cut",
    "{{ .Values.x }}",
    "'",
    '"',
    "!x ",
    "*x ",
    "\t",
    "]",
    "}",
    ":",
    "\n",
    "- ",
    "\x00",
    "#",
)


@pytest.mark.parametrize("kind", PROVIDERS)
@settings(max_examples=1500, derandomize=False, deadline=None)
@given(
    at=st.integers(0, 4000),
    how=st.sampled_from(BREAKS),
    layout=st.sampled_from(LAYOUTS),
    which=st.integers(0, 3),
)
def test_no_secret_is_printed_where_evidence_is_broken(
    kind: str, at: int, how: str, layout: Write, which: int
) -> None:
    """A file that is cut off or damaged anywhere is refused, or read, without being quoted."""
    files = MAKERS[kind](Planted(), layout)
    name = sorted(files)[which % len(files)]
    with TemporaryDirectory() as folder:
        evidence = lay({name: broken(files[name], at, how)}, Path(folder))
        code, text = said("grants", kind, str(evidence / name), "--derive", "-f", "json")
        assert (code in {0, 2}, leaks(text)) == (True, set())
        Path(folder, "inventory.yaml").write_text(inventory(kind, ()), encoding="utf-8")
        code, text = said("check", folder, "--as-of", "2026-06-02")
        assert (code in {1, 2}, leaks(text)) == (True, set())
