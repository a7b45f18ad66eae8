"""Finds in a report the agent that somebody is paged for, and tells the first hour of it."""

from __future__ import annotations

from blastlint.granted import no_such
from blastlint.reporters import first_hour
from blastlint.sheet import sheet_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.finding import InventoryReport, Report


def sheets(
    report: Report,
    agent: str,
    tool: str,
    *,
    reader: str,
    started: int | None,
    run: str,
    form: str,
    colour: bool = False,
) -> str:
    """Return the sheet of an agent, one for each inventory that has it.

    Args:
        report: the report.
        agent: id of the agent.
        tool: the one tool that matters; empty: all of the agent's.
        reader: rotation that reads it; empty: the one that is paged first.
        started: instant at which it went wrong; none: nobody says.
        run: id of the run that went wrong; may be empty.
        form: `text`, `markdown` or `json`.
        colour: whether text is coloured.

    Raises:
        InputError: there is no such agent, tool or rotation.
    """
    homes = [one for one in report.inventories if agent in _agents(one)]
    if not homes:
        every = [name for one in report.inventories for name in _agents(one)]
        raise no_such("agent", agent, sorted(set(every)))
    _check(homes, agent, tool, reader)
    made = [
        sheet_of(
            report, home, agent, tool=tool, reader=reader, started=started, run=run
        )
        for home in homes
    ]  # fmt: skip
    return first_hour.render(made, form, colour=colour)


def _agents(inventory: InventoryReport) -> list[str]:
    """Return the agents of an inventory of which the report tells everything."""
    judged = {one.id for one in inventory.agents}
    return [card.id for card in inventory.dossier.agents if card.id in judged]


def _check(homes: Sequence[InventoryReport], agent: str, tool: str, reader: str) -> None:
    """Refuse a tool that the agent does not have, and a rotation that nobody declares."""
    tools = sorted({t.id for home in homes for t in home.tools if agent in t.agents})
    if tool and tool not in tools:
        raise no_such(f"tool of {agent}", tool, tools)
    rotations = sorted({one.id for home in homes for one in home.dossier.rotations})
    if reader and reader not in rotations:
        raise no_such("rotation", reader, rotations)
