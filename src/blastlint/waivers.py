"""Accepts what is found: a waiver matches one rule on one subject, exactly, until its last day."""

from __future__ import annotations

from blastlint.finding import Waiver
from blastlint.inventory.record import at, id_of
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from blastlint.inventory.models import Waiver as WrittenWaiver
    from blastlint.judge import Draft


def accept(
    drafts: Iterable[Draft],
    waivers: Iterable[WrittenWaiver],
    as_of: date,
    forbidden: Collection[str] = (),
) -> tuple[tuple[Draft, ...], dict[str, int]]:
    """Return the drafts, those accepted with their waiver, and how many each waiver matches.

    A waiver that is past its last day, or for a rule that forbids it, matches and accepts nothing.
    """
    by_target = {(waiver.rule, waiver.subject): waiver for waiver in waivers}
    matched: dict[str, int] = {}
    settled = []
    for one in drafts:
        waiver = by_target and by_target.get((one.rule.id, str(one.subject.id)))
        if waiver:
            matched[id_of(waiver)] = matched.get(id_of(waiver), 0) + 1
        valid = waiver and waiver.expires >= as_of and waiver.rule not in forbidden
        settled.append(replace(one, waiver=waiver_of(waiver)) if waiver and valid else one)
    return tuple(settled), matched


def waiver_of(written: WrittenWaiver) -> Waiver:
    """Return a waiver as reports show it."""
    return Waiver(
        id_of(written),
        written.rule,
        written.subject,
        written.reason,
        written.approved_by,
        written.expires,
        at(written, key=True),
    )
