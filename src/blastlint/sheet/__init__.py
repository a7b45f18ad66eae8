"""The first-hour sheet: what whoever is paged needs, made from a report alone."""

from __future__ import annotations

from datetime import UTC, datetime

from blastlint.sheet import acting, knowing
from blastlint.sheet.desk import UTC_NAME, Desk
from blastlint.sheet.model import Line, Question, Sheet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.finding import InventoryReport, Report

    Answers = Callable[[Desk], Iterator[Line]]

__all__ = ["Line", "Question", "Sheet", "sheet_of"]

QUESTIONS: tuple[tuple[str, Answers], ...] = (
    ("Stop it", acting.stop),
    ("Can it be undone, and until when", acting.undo),
    ("What did it do", acting.records),
    ("Who owns it", acting.owners),
    ("The credential", acting.credentials),
    ("What changed", knowing.changes),
    ("State of the world", knowing.world),
    ("Duplicates", knowing.duplicates),
    ("Escalation", knowing.escalation),
    ("Keep evidence", knowing.evidence),
)
"""The questions in the order in which people ask them, each with what answers it."""


def sheet_of(
    report: Report,
    inventory: InventoryReport,
    agent: str,
    *,
    tool: str = "",
    reader: str = "",
    started: int | None = None,
    run: str = "",
) -> Sheet:
    """Return the sheet of an agent.

    Args:
        report: the report.
        inventory: its inventory that has the agent.
        agent: id of the agent.
        tool: the one tool that matters; empty: all of the agent's.
        reader: rotation that reads it; empty: the one that is paged first.
        started: instant at which it went wrong; none: nobody says.
        run: id of the run that went wrong; empty: nobody says.
    """
    summary = next(one for one in inventory.agents if one.id == agent)
    card = next(one for one in inventory.dossier.agents if one.id == agent)
    desk = Desk(
        inventory,
        summary,
        card,
        tool=tool,
        reader=reader,
        started=started,
        run=run,
        as_of=report.as_of,
    )
    return Sheet(
        inventory=inventory.name,
        agent=agent,
        tool=tool,
        verdict=summary.verdict,
        tier=summary.tier,
        reader=desk.reader.id if desk.reader else "",
        time_zone=desk.zone,
        started_at="" if started is None else desk.when(started, UTC_NAME),
        as_of=report.as_of,
        version=report.version,
        policy_digest=report.policy_digest,
        notes=tuple(_notes(desk)),
        questions=tuple(
            Question(number, title, tuple(answer(desk)))
            for number, (title, answer) in enumerate(QUESTIONS, start=1)
        ),
    )


def _notes(desk: Desk) -> Iterator[str]:
    """Yield how old the report is, and who attested what of it when."""
    old = (datetime.fromtimestamp(desk.now, UTC).date() - desk.as_of).days
    if old > 0:
        yield f"the report is {old} d older than the incident: what changed since is not in it"
    for one in desk.dossier.signatures:
        if one.attests and one.oldest is not None:
            yield f"{one.team}: its oldest attestation is of {desk.aged(one.oldest)}"
    silent = [row.id for row, card in desk.tools if card.attested is None]
    if silent:
        yield f"nobody attests {', '.join(silent[:5])}" + (
            f" and {len(silent) - 5} more" if len(silent) > 5 else ""  # noqa: PLR2004 -- named above
        )
