"""A report can be worked through: one question a missing cell, and what blocks comes first."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from blastlint.reporters import render
from support import written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.finding import Finding

AS_OF = date(2026, 6, 2)
CLEAN = Path(__file__).resolve().parents[1] / "inventories" / "clean-support"
BARE = """
policy: {{profile: {profile}}}
agents: {{helper: {{}}}}
tools: {{crm.update: {{agents: [helper]}}}}
"""
FULLER = """
policy: {{profile: {profile}}}
agents: {{helper: {{owner: ops, escalation: pages}}}}
tools: {{crm.update: {{agents: [helper], system: crm, credential: key, effect: mutate}}}}
systems: {{crm: {{owner: ops, on_call: night, audit_log: trail}}}}
credentials: {{key: {{}}}}
audit_logs: {{trail: {{}}}}
teams: {{ops: {{}}}}
rotations: {{night: {{}}}}
escalation_policies: {{pages: {{}}}}
"""
PROFILES = ("pilot", "production", "regulated")


def found(text: str, folder: Path, profile: str) -> tuple[Finding, ...]:
    """Judge a stub under a profile."""
    return check([str(written(text.format(profile=profile), folder))], as_of=AS_OF).findings


def asked_about(finding: Finding) -> tuple[str, str]:
    """Return the entity and the cell that a question is about, as its message says them."""
    entity = re.search(r"\b(helper|crm\.update|crm|key|trail|ops|night|pages)\b", finding.message)
    cell = re.search(r"`([\w.]+)`", finding.message)
    assert entity, finding.message
    assert cell, finding.message
    return entity[1], cell[1]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("stub", [BARE, FULLER], ids=["bare", "fuller"])
def test_a_stub_is_asked_about_each_cell_once(stub: str, profile: str, tmp_path: Path) -> None:
    """Who starts with a bare tool gets a list of cells to fill, and no cell twice."""
    questions = [f for f in found(stub, tmp_path, profile) if f.certainty == "possible"]
    cells = [asked_about(one) for one in questions]
    assert len(cells) > 5
    assert len(set(cells)) == len(cells), cells


def test_a_stricter_profile_asks_for_more(tmp_path: Path) -> None:
    """What a pilot asks about, production asks about, too."""
    asked = [{asked_about(f) for f in found(BARE, tmp_path, profile)} for profile in PROFILES]
    assert asked[0] < asked[1] <= asked[2]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_stub_is_worked_through_in_order(profile: str, tmp_path: Path) -> None:
    """Errors come first; below each other stand the cells of one entity, required ones on top."""
    findings = found(FULLER, tmp_path, profile)
    grave = [("error", "warning", "note").index(finding.severity) for finding in findings]
    assert grave == sorted(grave)
    errors = [f for f in findings if f.severity == "error"]
    doubts = [f.certainty == "possible" for f in errors]
    assert doubts == sorted(doubts)
    lines = [f.place for f in errors if f.certainty == "possible"]
    assert lines == sorted(lines)
    for place in set(lines):
        asks = [f.subject.kind == "cell" for f in errors if f.place == place]
        assert asks == sorted(asks, reverse=True)


def cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield a file's cells, by section and name, each with the file without it."""
    lines = text.splitlines(keepends=True)
    section = ""
    for start, line in enumerate(lines):
        section = line.partition(":")[0] if line[:1].isalpha() else section
        cell = re.match(r"    (\w+):", line)
        if not cell or section == "policy":
            continue
        end = start + 1
        while end < len(lines) and (lines[end].startswith("     ") or not lines[end].strip()):
            end += 1
        yield f"{section} {cell[1]} {start + 1}", "".join(lines[:start] + lines[end:])


EVERY = 2
"""Of so many cells one is left out; all of them take long."""


@pytest.mark.parametrize("name", ["inventory.yaml", "systems.yaml", "people.yaml"])
def test_a_missing_cell_is_one_question(name: str, tmp_path: Path) -> None:
    """Take any cell out of a complete inventory: at most one question is asked, about that cell.

    What is then granted and no longer declared, or no longer verified, is a fault of its own.
    """
    folder = tmp_path / "clean"
    shutil.copytree(CLEAN, folder)
    text = (folder / name).read_text(encoding="utf-8")
    without = list(cuts(text))[::EVERY]
    assert len(without) > 5
    for cell, rest in without:
        if cell.startswith("retry_profiles"):
            continue  # an entity without its only cell is no map
        (folder / name).write_text(rest, encoding="utf-8")
        findings = check([str(folder)], as_of=AS_OF).findings
        questions = [f"{f.rule}: {f.message}" for f in findings if f.certainty == "possible"]
        faults = {f.rule for f in findings if f.certainty == "certain"}
        assert len(questions) <= 1, (cell, questions)
        assert len(faults) <= 1, (cell, faults)


def test_cells_of_one_entity_are_told_in_one_block(tmp_path: Path) -> None:
    """A place and a next step that many questions share are printed once: two blocks an entity."""
    report = check([str(written(BARE.format(profile="production"), tmp_path))], as_of=AS_OF)
    text = render(report, "text")
    required = [f for f in report.findings if f.rule == "required-cell-missing"]
    assert text.count("possible error[required-cell-missing]") == len(required) > 4
    assert text.count("Ask the team that answers for it") == 2
    assert text.count("Write what is so") == 2
    assert text.count("-->") == 4
    own = [f for f in required if f.subject.id.startswith("agent helper")]
    waiting = {rule for finding in own for rule in finding.folded}
    assert len(waiting) > 1
    assert f"{len(waiting)} more rules could not be judged" in text
