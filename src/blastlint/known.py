"""Makes and updates baselines: notes what is found today as known, and takes out what is fixed."""

from __future__ import annotations

import os

from blastlint.baseline import entries_of, read_baseline, render, updated
from blastlint.check import report_on
from blastlint.inventory.discovery import BASELINE_FILE
from blastlint.inventory.loading import load
from blastlint.reporters.escape import shown
from blastlint.reporters.words import count
from blastlint.selection import Selection
from blastlint.source import InputError, Problem
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from blastlint.finding import Finding, InventoryReport
    from blastlint.inventory.loading import Inventory
    from blastlint.subjects.facts import KnownFinding

STALE = "baseline-stale"
"""The rule of what a baseline holds too much: the update takes it out."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A baseline that is to be written."""

    file: str
    text: str
    said: str
    """What is new in it, in a line."""


def note_known(
    paths: Sequence[str],
    *,
    as_of: date,
    packs: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
) -> list[Noted]:
    """Return a baseline for every inventory; one that is there only loses what is fixed.

    Args:
        paths: folders; none means the current one.
        as_of: the day of judgement.
        packs: folders with further rules.
        select: ids of the only rules to judge by; none means all.
        ignore: ids of rules to leave out.

    Raises:
        InputError: something cannot be judged.
    """
    inventories = load(paths)
    alone = [inventory for inventory in inventories if inventory.place.alone]
    if alone:
        help_ = "name the folder of an inventory"
        raise InputError(
            Problem("a single file has no baseline beside it", alone[0].location, help_)
        )
    selection = Selection(select, ignore)
    report = report_on(inventories, as_of, packs, selection)
    pairs = zip(inventories, report.inventories, strict=True)
    return [_noted(inventory, judged, selection) for inventory, judged in pairs]


def _noted(inventory: Inventory, report: InventoryReport, selection: Selection) -> Noted:
    """Return a baseline; entries of rules that were not asked stay as they are."""
    findings = [finding for finding in report.findings if finding.rule != STALE]
    before = read_baseline(inventory.root)
    if before is None:
        entries = entries_of(findings)
    else:
        asked = [entry for entry in before if selection.takes(entry.rule)]
        kept = [entry for entry in before if not selection.takes(entry.rule)]
        entries = (*updated(findings, asked), *kept)
    file = inventory.root.show(BASELINE_FILE)
    said = f"{shown(file)}: {_said(entries, before, findings)}\n"
    return Noted(os.path.join(inventory.place.directory, BASELINE_FILE), render(entries), said)


def _said(
    entries: Sequence[KnownFinding],
    before: Sequence[KnownFinding] | None,
    findings: Iterable[Finding],
) -> str:
    known = f"{count(len(entries), 'known finding')}"
    if before is None:
        return f"{known} noted"
    new = sum(not finding.known and finding.waiver is None for finding in findings)
    left = f"; {count(new, 'finding')} new, and not added: fix or waive" if new else ""
    return f"{known}, {len(before) - len(entries):,} taken out{left}"
