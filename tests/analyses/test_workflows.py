"""The order of a workflow's steps, and what the whole counts as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.workflows import Order, misordered, understated, worst_step
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory

TOOLS = """
tools:
  look: {agents: [agent], effect: read, reversibility: {class: read_only}}
  set: {agents: [agent], effect: mutate, reversibility: {class: reversible}, approval: each}
  book: {agents: [agent], effect: append, reversibility: {class: compensable}, approval: some}
  pay: {agents: [agent], effect: spend, reversibility: {class: irreversible}, approval: none}
  wire: {agents: [agent], effect: spend}
  odd: {agents: [agent], effect: mutate}
rotations: {people: {}}
approval_gates:
  each: {mode: per_action, approvers: "rotation:people", enforced_at: tool_layer, on_timeout: deny}
  some: {mode: per_session, approvers: "rotation:people", enforced_at: tool_layer, on_timeout: deny}
  open: {mode: per_action, approvers: "rotation:people", enforced_at: prompt, on_timeout: deny}
  vague: {approvers: "rotation:people"}
"""


def flow(steps: str, tmp_path: Path, rest: str = "") -> Inventory:
    """Return an inventory with one workflow."""
    return inventory_of(f"workflows: {{flow: {{steps: [{steps}]{rest}}}}}\n{TOOLS}", tmp_path)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("book, pay", None),
        ("pay, book", Order("pay", "book")),
        ("pay, look, set, book, pay, book", Order("pay", "book")),
        ("wire, book", Order("wire", "book")),
        ("odd, book", None),
        ("pay, look, set, odd", None),
        ("pay, wire", None),
        ("", None),
    ],
)
def test_what_may_have_to_be_undone_comes_first(
    steps: str, expected: Order | None, tmp_path: Path
) -> None:
    """The first irreversible step, and the first compensable one after it."""
    inventory = flow(steps, tmp_path)
    assert misordered(inventory, inventory.workflows["flow"]) == expected


@pytest.mark.parametrize(
    ("steps", "worst"),
    [("look, set", "set"), ("book, pay, wire", "pay"), ("wire, look", "wire"), ("odd", None)],
)
def test_the_worst_step_is_the_first_of_its_class(
    steps: str, worst: str | None, tmp_path: Path
) -> None:
    """What spends and states no class counts as irreversible; other silence counts as nothing."""
    inventory = flow(steps, tmp_path)
    found = worst_step(inventory, inventory.workflows["flow"])
    assert (found.id if found else None) == worst


@pytest.mark.parametrize(
    ("steps", "rest", "words"),
    [
        ("look, book", ", class: reversible", "counts as reversible, and book is compensable"),
        ("look, book", ", class: compensable", ""),
        ("look, book", ", class: irreversible", ""),
        ("look", "", ""),
        ("odd", "", ""),
        ("set", ", class: reversible, approval: some", "asks less often than set does alone"),
        ("set", ", class: reversible, approval: open", "asks less often than set does alone"),
        ("set", ", class: reversible, approval: none", "asks less often than set does alone"),
        ("set, book", ", class: compensable, approval: each", ""),
        ("book", ", class: compensable, approval: some", ""),
        ("set", ", class: reversible, approval: vague", ""),
        ("set", ", class: reversible", ""),
    ],
)
def test_a_workflow_counts_as_its_worst_step(
    steps: str, rest: str, words: str, tmp_path: Path
) -> None:
    """By its class, and by a gate that asks less than the gate that it replaces."""
    inventory = flow(steps, tmp_path, rest)
    found = understated(inventory, inventory.workflows["flow"])
    assert (found.why, found.missing) == (words, ())


def test_a_workflow_without_a_class_is_asked_for_it(tmp_path: Path) -> None:
    """Nothing is said of the class of what changes something, so nothing can be compared."""
    inventory = flow("look, set", tmp_path)
    found = understated(inventory, inventory.workflows["flow"])
    assert [field for _, field in found.missing] == ["class"]
