"""Whether what is said to undo a call can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.undoing import undoing
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory

TEXT = """
credentials: {key: {}}
rotations: {a: {entitlements: [undo.it]}}
runbooks: {rb: {reader: a, steps: [{do: undo, requires: WHAT}]}}
tools:
  post: {agents: [agent], effect: append, reversibility: {WAY}}
  back: {agents: [agent], effect: append, credential: key, requires: []}
  off: {agents: [agent], effect: append, enabled: false}
  alone: {agents: [], effect: append}
  vague: {agents: [agent], effect: append}
"""


def found(way: str, tmp_path: Path, what: str = "undo.it") -> tuple[bool | None, str, list[str]]:
    """Return whether a call can be undone, by what, and what would tell."""
    inventory = inventory_of(TEXT.replace("WAY", way).replace("WHAT", what), tmp_path)
    one = undoing(inventory, inventory.tools["post"], {})
    assert one is not None
    return one.executable, one.by, [field for _, field in one.missing]


@pytest.mark.parametrize("kind", ["reversible", "compensable"])
@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("compensated_by: back", (True, "tool back", [])),
        ("compensated_by: off", (False, "tool off", [])),
        ("compensated_by: alone", (False, "tool alone", [])),
        ("compensated_by: vague", (None, "tool vague", ["credential", "requires"])),
        ("requires: undo.it", (True, "a person", [])),
        ("requires: other", (False, "a person", [])),
        ("runbook: rb", (True, "runbook rb", [])),
    ],
)
def test_a_way_back_is_tried(
    kind: str, way: str, expected: tuple[bool | None, str, list[str]], tmp_path: Path
) -> None:
    """A tool that can be called, a person with the access, a runbook that its reader can follow."""
    assert found(f"class: {kind}, {way}", tmp_path) == expected


def test_a_runbook_fails_with_its_first_step(tmp_path: Path) -> None:
    """Whoever reads it lacks what a step needs."""
    assert found("class: reversible, runbook: rb", tmp_path, "other")[0] is False


@pytest.mark.parametrize("way", ["class: irreversible, requires: x", "class: reversible", ""])
def test_nothing_is_said_of_what_names_no_way_back(way: str, tmp_path: Path) -> None:
    """That a way is missing is said elsewhere."""
    inventory = inventory_of(TEXT.replace("WAY", way), tmp_path)
    assert undoing(inventory, inventory.tools["post"], {}) is None


@pytest.mark.parametrize(("certain", "executable"), [(True, False), (False, None)])
def test_a_refused_tool_undoes_nothing(
    *, certain: bool, executable: bool | None, tmp_path: Path
) -> None:
    """What its credential lacks decides; what evidence leaves open does not."""
    way = "class: reversible, compensated_by: back"
    inventory = inventory_of(TEXT.replace("WAY", way), tmp_path)
    one = undoing(inventory, inventory.tools["post"], {"back": ("update on tickets", certain)})
    assert one is not None
    assert one.executable is executable
    assert one.why == "key is not granted update on tickets, which back needs"


def test_the_ticket_of_the_example_can_be_taken_back(example: Inventory) -> None:
    """Its compensation holds the right that it needs."""
    one = undoing(example, example.tools["zendesk.ticket.create"], {})
    assert one is not None
    assert (one.by, one.executable) == ("tool zendesk.ticket.update", True)
