"""The second run over the same input says the same; over any other input it judges anew."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blastlint import check as pipeline
from blastlint.cli import run
from blastlint.reporters import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INVENTORY = """
version: 1
name: desk
policy: {packs: [rules]}
include: [../shared/systems.yaml]
agents: {bot: {}}
tools:
  look: {agents: [bot], system: k8s, credential: sa, effect: read}
credentials: {sa: {principal: "system:serviceaccount:shop:bot"}}
evidence: {rbac: {kind: kubernetes-rbac, files: [evidence], system: k8s}}
"""
RBAC = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: shop}
"""
RULE = """
id: own-rule
title: A rule of the house
severity: note
family: house
each: tool
when: tool.effect == "mutate"
message: "{tool.id} changes something"
why: It is so.
fix: Do not.
refs: [RFC 9110]
tags: [nist-800-53/AC-6]
examples:
  - bad: |
      agents: {a: {}}
      tools: {t: {agents: [a], effect: mutate}}  # finding
  - good: |
      agents: {a: {}}
      tools: {t: {agents: [a], effect: read}}
"""
FILES = {
    "repo/.git/HEAD": "ref: main\n",
    "repo/desk/inventory.yaml": INVENTORY,
    "repo/desk/agents.yaml": "teams: {shop: {}}\n",
    "repo/desk/evidence/rbac.yaml": RBAC,
    "repo/desk/rules/own-rule.yaml": RULE,
    "repo/shared/systems.yaml": "systems: {k8s: {kind: kubernetes}}\n",
    "pack/other-rule.yaml": RULE.replace("own-rule", "other-rule"),
}
COMMAND = ["check", "repo/desk", "--as-of", "2026-06-02", "--rules", "pack"]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout to check, and an empty folder for the cache beside it."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    folder = tmp_path / "cache"
    monkeypatch.setenv("BLASTLINT_CACHE_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was judged and not taken from the cache, one entry a run."""
    runs: list[object] = []
    judge = pipeline.check

    def counted(*arguments: object, **options: object) -> object:
        runs.append(arguments)
        return judge(*arguments, **options)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(pipeline, "check", counted)
    return runs


def _said(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = run([*COMMAND, *more])
    out, err = capsys.readouterr()
    assert not err
    return code, out


@pytest.mark.parametrize("form", FORMATS)
def test_a_second_run_says_the_same_bytes(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """In every format, with the same exit code, without judging again."""
    fresh = _said(capsys, "--no-cache", "--format", form)
    assert not kept.exists()
    assert _said(capsys, "--format", form) == fresh
    assert _said(capsys, "--format", form) == fresh
    assert len(judged) == 2


def test_the_exit_code_follows_what_is_asked_now(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--fail-on` changes no finding, and so no entry."""
    assert _said(capsys)[0] == 1
    assert _said(capsys, "--fail-on", "never")[0] == 0
    assert len(judged) == 1
    assert len(list(kept.iterdir())) == 1


def _append(file: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        with (root / file).open("a", encoding="utf-8") as handle:
            handle.write("#")

    return change


def _add(file: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / file).write_text(text, encoding="utf-8")

    return change


CHANGES = {
    **{f"a byte of {name}": _append(name) for name in FILES if name.endswith(".yaml")},
    "a file more": _add("repo/desk/more.yaml", "teams: {pay: {}}\n"),
    "evidence more": _add("repo/desk/evidence/more.yaml", RBAC.replace("bot", "other")),
    "a rule more": _add("pack/third-rule.yaml", RULE.replace("own-rule", "third-rule")),
    "a file less": lambda root: (root / "repo/desk/agents.yaml").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_judged_anew(
    kept: Path,
    judged: list[object],
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], None],
) -> None:
    """One byte in any file that was read, or one file more or less, and the entry says nothing."""
    _said(capsys)
    change(kept.parent)
    fresh = _said(capsys, "--no-cache")
    assert _said(capsys) == fresh
    assert len(judged) == 3


@pytest.mark.parametrize(
    "more",
    [
        ["--as-of", "2026-06-03"],
        ["--select", "own-rule"],
        ["--ignore", "own-rule"],
        ["--rules", "repo/desk/rules"],
    ],
    ids=" ".join,
)
def test_another_question_is_another_entry(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    """The day, and the rules that judge, are part of what is asked."""
    _said(capsys)
    run([*COMMAND, *more])
    assert len(judged) == 2
    assert kept.is_dir()


def test_another_program_is_another_entry(
    kept: Path,
    judged: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No version takes the word of another one, nor of another Python."""
    _said(capsys)
    monkeypatch.setattr("blastlint.cache.__version__", "0.0.0")
    _said(capsys)
    monkeypatch.setattr(sys, "version", "4.0")
    _said(capsys)
    assert len(judged) == 3
    assert kept.is_dir()


FORGED = '{"format": "blastlint.cache/1", "looks": [], "severities": [], "text": "ready"}'


@pytest.mark.parametrize(
    "content", ["", "\n", "{}", "\0" * 99, FORGED, f"{'0' * 64}\n{FORGED}", "[" * 9_999]
)
def test_a_broken_entry_is_as_none_at_all(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str], content: str
) -> None:
    """It is judged anew, and written anew."""
    fresh = _said(capsys)
    (entry,) = kept.iterdir()
    good = entry.read_bytes()
    for broken in (content.encode(), good[:-1], good.replace(b"text", b"tent")):
        entry.write_bytes(broken)
        assert _said(capsys) == fresh
        assert entry.read_bytes() == good
    assert len(judged) == 4


def test_a_folder_that_cannot_be_written_harms_nothing(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    """A file stands where the folder should be."""
    kept.write_text("", encoding="utf-8")
    fresh = _said(capsys, "--no-cache")
    assert _said(capsys) == _said(capsys) == fresh
    assert len(judged) == 3


def test_a_folder_inside_of_what_is_checked_is_not_believed(
    kept: Path,
    judged: list[object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever can change the inventory could write its verdict as well."""
    inside = kept.parent / "repo" / "cache"
    monkeypatch.setenv("BLASTLINT_CACHE_DIR", str(inside))
    _said(capsys)
    _said(capsys)
    assert len(judged) == 2
    assert not inside.exists()


@pytest.mark.skipif(os.name != "posix", reason="a folder has no such mode here")
def test_a_folder_that_others_may_write_to_is_not_believed(
    kept: Path, judged: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else's word is no verdict."""
    kept.mkdir()
    kept.chmod(0o777)
    _said(capsys)
    _said(capsys)
    assert len(judged) == 2
    assert list(kept.iterdir()) == []


def test_what_cannot_be_judged_is_not_kept(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that is refused is refused again, for its own reasons."""
    (kept.parent / "repo/desk/agents.yaml").write_text("no such key: 1\n", encoding="utf-8")
    assert run(COMMAND) == run(COMMAND) == 2
    assert capsys.readouterr().out == ""
    assert not kept.exists()


def test_old_entries_make_room(
    kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder does not grow for ever."""
    monkeypatch.setattr("blastlint.cache.ENTRIES", 2)
    for day in ("2026-06-03", "2026-06-04", "2026-06-05"):
        _said(capsys, "--as-of", day)
    assert len(list(kept.iterdir())) == 2


def test_runs_beside_each_other_do_not_mix(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four processes at once say the same, and leave one whole entry."""
    fresh = _said(capsys, "--no-cache")
    command = [sys.executable, "-m", "blastlint", *COMMAND]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    said = [process.communicate()[0].decode() for process in started]
    assert said == [fresh[1]] * 4
    assert [entry.suffix for entry in kept.iterdir()] == [".blastlint"]
    assert _said(capsys) == fresh
