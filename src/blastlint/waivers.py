"""Accepts findings: a waiver matches one rule on one subject, exactly, until its last day."""

from __future__ import annotations

from blastlint.finding import Waiver
from blastlint.inventory.record import at, id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from blastlint.finding import Finding
    from blastlint.inventory.models import Waiver as WrittenWaiver


def accept(
    findings: Sequence[Finding], waivers: Iterable[WrittenWaiver], as_of: date
) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """Return the findings, those accepted with their waiver, and how many each waiver matches.

    A waiver that is past its last day matches and accepts nothing.
    """
    by_target = {(waiver.rule, waiver.subject): waiver for waiver in waivers}
    matched: dict[str, int] = {}
    settled = []
    for finding in findings:
        waiver = by_target.get((finding.rule, str(finding.subject)))
        if waiver is not None:
            matched[id_of(waiver)] = matched.get(id_of(waiver), 0) + 1
        valid = waiver is not None and waiver.expires >= as_of
        settled.append(finding.waived_by(_waiver(waiver)) if waiver and valid else finding)
    return tuple(settled), matched


def _waiver(written: WrittenWaiver) -> Waiver:
    return Waiver(
        id_of(written),
        written.rule,
        written.subject,
        written.reason,
        written.approved_by,
        written.expires,
        at(written, key=True),
    )
