"""The page of a report is the same whether it is made now or later, from its JSON."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from commands import REPO, blastlint

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--as-of", "2026-06-02")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an inventory and its saved report."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(REPO / "inventories" / "refund-agent", folder / "inventory")
    blastlint("check", "inventory", *DAY, "-f", "json", "-o", "report.json", cwd=folder)
    return folder


def test_a_saved_run_renders_again_byte_for_byte(home: Path, tmp_path: Path) -> None:
    """The page needs nothing but the JSON: no inventory, no evidence, no rule."""
    blastlint("report", "inventory", *DAY, "-o", "now.html", cwd=home)
    shutil.copy(home / "report.json", tmp_path / "report.json")
    done = blastlint("report", "--from", "report.json", "-o", "later.html", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "later.html").read_bytes() == (home / "now.html").read_bytes()


def test_it_is_the_page_of_a_check(home: Path) -> None:
    """`check -f html` writes the same page."""
    checked = blastlint("check", "inventory", *DAY, "-f", "html", cwd=home)
    assert blastlint("report", "inventory", *DAY, cwd=home).stdout == checked.stdout


def test_what_a_saved_report_says_is_not_judged_anew(home: Path) -> None:
    """An inventory beside --from would be ignored, so it is refused."""
    done = blastlint("report", "inventory", "--from", "report.json", cwd=home)
    assert done.returncode == 2
    assert "nothing is judged anew" in done.stderr


@pytest.mark.parametrize("option", ["--from", "--since"])
def test_a_file_that_is_no_report_is_refused(option: str, home: Path) -> None:
    """The message says how to write one."""
    (home / "other.json").write_text("{}", encoding="utf-8")
    done = blastlint("report", option, "other.json", cwd=home)
    assert done.returncode == 2
    assert "is no report that can be read" in done.stderr
    assert "blastlint check --format json --output FILE" in done.stderr
