"""Compares two reports: what an agent can newly reach, and whatever else became looser.

Nothing here looks at files or lines: a report knows what each agent reaches and by which weakest
way, so an inventory that was only moved or written anew compares as equal.
"""

from __future__ import annotations

from blastlint.baseline import marked, weights
from blastlint.compare.reach import Change, in_order, narrowed, widened
from blastlint.compare.terms import (
    EvidenceChange,
    PolicyChange,
    WaiverChange,
    evidence_changes,
    policy_changes,
    waiver_changes,
)
from blastlint.finding import names_of
from blastlint.inventory.pairing import paired
from blastlint.rules import SEVERITIES
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from typing import Literal

    from blastlint.finding import Finding, InventoryReport, Report

    FailOn = Literal["error", "warning", "note", "never"]

__all__ = ["Change", "Comparison", "EvidenceChange", "PolicyChange", "WaiverChange", "compare"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What lies between two reports."""

    base: Report
    head: Report
    widened: tuple[Change, ...]
    """What nobody stands for first, then by kind, inventory and system."""
    narrowed: tuple[Change, ...]
    new: tuple[Finding, ...]
    """Findings that were not there, or were less grave; in the order of the head report."""
    fixed: tuple[Finding, ...]
    """Findings that are no longer there, as the base report has them."""
    waivers: tuple[WaiverChange, ...]
    policy: tuple[PolicyChange, ...]
    evidence: tuple[EvidenceChange, ...]
    added: tuple[str, ...]
    """Names of the inventories that are new."""
    removed: tuple[str, ...]

    @property
    def open(self) -> tuple[Change, ...]:
        """What widened, and nobody declared or waived."""
        return tuple(change for change in self.widened if not change.accepted)

    fail_on: FailOn = "error"
    """Severity from which on a new finding counts; `never`: nothing does."""

    @property
    def fails(self) -> bool:
        """Whether somebody has to look before this is merged.

        That is so if reach widened and nobody declared or waived it, if evidence or a whole
        inventory went missing, or if a finding as grave as `fail_on` is new.
        """
        if self.fail_on == "never":
            return False
        grave = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        found = any(f.severity in grave and f.waiver is None for f in self.new)
        blind = self.removed or any(change.blind for change in self.evidence)
        return bool(self.open) or found or bool(blind)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed that a reviewer has to know of."""
        said = (self.widened, self.narrowed, self.new, self.fixed, self.waivers, self.policy)
        return not any((*said, self.evidence, self.added, self.removed))


def compare(base: Report, head: Report) -> Comparison:
    """Return what lies between two reports, inventories matched by their names, then folders."""
    pairs = paired(base.inventories, head.inventories, _SAME)
    both = [(old, new) for old, new in pairs if old and new]
    added = [(_nothing(new), new) for old, new in pairs if new and not old]
    gone = [(old, _nothing(old)) for old, new in pairs if old and not new]
    every = [*both, *added, *gone]
    return Comparison(
        base=base,
        head=head,
        widened=in_order(change for old, new in every for change in widened(old, new)),
        narrowed=in_order(change for old, new in every for change in narrowed(old, new)),
        new=tuple(finding for old, new in every for finding in _new(old, new)),
        fixed=tuple(finding for old, new in every for finding in _fixed(old, new)),
        waivers=tuple(change for old, new in every for change in waiver_changes(old, new)),
        policy=tuple(change for old, new in both for change in policy_changes(old, new, base)),
        evidence=tuple(change for old, new in both for change in evidence_changes(old, new)),
        added=tuple(new.name for _, new in added),
        removed=tuple(old.name for old, _ in gone),
    )


_SAME: tuple[Callable[[InventoryReport], Hashable], ...] = (
    lambda one: (one.name, one.root),
    lambda one: one.name,
    lambda one: one.root,
)
"""What two reports of one inventory share, the surest first."""


def _nothing(inventory: InventoryReport) -> InventoryReport:
    """Return an inventory of the same name that holds nothing."""
    return replace(inventory, agents=(), tools=(), findings=(), evidence=(), waivers=(), policy=())


def _new(old: InventoryReport, new: InventoryReport) -> Iterator[Finding]:
    before = weights(old.findings)
    plain = (replace(finding, known=False) for finding in new.findings)
    return (finding for finding in marked(plain, before) if not finding.known)


def _fixed(old: InventoryReport, new: InventoryReport) -> Iterator[Finding]:
    left = weights(new.findings)
    for finding in old.findings:
        if not any((finding.rule, name) in left for name in names_of(finding)):
            yield finding
