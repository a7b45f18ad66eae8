"""What a sheet is written at: the records of one agent at hand, who reads, and what time it is."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf

from blastlint.inventory.zones import names, zone
from blastlint.sheet.model import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from typing import Protocol, TypeVar

    from blastlint.dossier import (
        Access,
        AgentCard,
        CredentialCard,
        Dossier,
        Gaps,
        LogCard,
        RotationCard,
        RunbookCard,
        SystemCard,
        ToolCard,
    )
    from blastlint.finding import AgentSummary, InventoryReport, ToolRow
    from blastlint.sheet.model import Mark

    class HasId(Protocol):
        """A record that has an id."""

        @property
        def id(self) -> str:
            """Its id."""

    R = TypeVar("R", bound=HasId)

UTC_NAME = "Etc/UTC"
_NOBODY = "nobody is named who"
_PAGED = frozenset({"cannot", "unclear"})
"""Marks of what somebody else does."""
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


class Desk:
    """The records of one agent, who reads about it, and when it went wrong."""

    def __init__(
        self,
        inventory: InventoryReport,
        summary: AgentSummary,
        agent: AgentCard,
        *,
        tool: str = "",
        reader: str = "",
        started: int | None = None,
        run: str = "",
        as_of: date,
    ) -> None:
        """Lay out what is known.

        Args:
            inventory: the inventory of the agent.
            summary: the answer for the agent.
            agent: what is known of it.
            tool: the one tool that matters; empty: all of the agent's.
            reader: rotation that reads; empty: the one that is paged first.
            started: instant at which it went wrong; none: nobody says.
            run: id of the run that went wrong; empty: nobody says.
            as_of: day of the report.
        """
        known = inventory.dossier
        self.inventory = inventory
        self.dossier: Dossier = known
        self.agent = agent
        self.summary = summary
        self.run = run
        self.as_of = as_of
        self.started = started
        self.logs: dict[str, LogCard] = _by_id(known.logs)
        self.runbooks: dict[str, RunbookCard] = _by_id(known.runbooks)
        self.rotations: dict[str, RotationCard] = _by_id(known.rotations)
        self.reader = self.rotations.get(reader or agent.response.rotation)
        rows = {row.id: row for row in inventory.tools}
        self.tools: tuple[tuple[ToolRow, ToolCard], ...] = tuple(
            (rows[card.id], card)
            for card in known.tools
            if card.id in rows and agent.id in rows[card.id].agents and tool in {"", card.id}
        )
        used = {row.system for row, _ in self.tools}
        self.systems: tuple[SystemCard, ...] = tuple(s for s in known.systems if s.id in used)
        held = {row.credential for row, _ in self.tools} if tool else set(agent.credentials)
        self.credentials: tuple[CredentialCard, ...] = tuple(
            one for one in known.credentials if one.id in held
        )

    # --- who can --------------------------------------------------------------------------------

    def mark(self, access: Access | None) -> Mark:
        """Return whether the reader can do something."""
        if self.reader is None:
            return ""
        if access is None:
            return "unclear"
        if access.open or self.reader.id in access.holders:
            return "can"
        if not access.requires or "entitlements" in self.reader.gaps.unstated:
            return "unclear"
        return "cannot"

    def does(
        self, text: str, access: Access | None, gaps: Gaps, cell: str, command: str = ""
    ) -> Line:
        """Return the line of something that somebody does, with who can.

        Args:
            text: what is done, and how.
            access: what it takes.
            gaps: what the record leaves open.
            cell: the cell that says what it takes.
            command: how it is done, as it is written down.
        """
        if access is None:
            said = f"{text}; who can is {unstated(gaps, cell)}"
            return Line(said, self.mark(access), ask=_asked(gaps, cell), command=command)
        mark = self.mark(access)
        page = f"; page {listed(access.holders)}" if mark in _PAGED and access.holders else ""
        said = f"{text}; {_holders(access)}{page}"
        return Line(said, mark, access.holders, command=command)

    def follows(self, text: str, runbook: RunbookCard, command: str = "") -> Line:
        """Return the line of something that a runbook does, with whether the reader can do it all.

        Args:
            text: what is done.
            runbook: whose every step it takes.
            command: how it is done, as it is written down.
        """
        marks = [self.mark(step.access) for step in runbook.steps]
        worst = next((mark for mark in ("cannot", "unclear") if mark in marks), None)
        if not runbook.steps:
            return unsaid(f"{text}; the runbook states no steps", runbook.gaps.owner)
        able = set(self.rotations)
        for step in runbook.steps:
            if step.access is not None and not step.access.open:
                able &= set(step.access.holders)
        named = tuple(sorted(able)) if all(step.access for step in runbook.steps) else ()
        said = f"{text}; whoever can do every step: {listed(named, 'nobody that is known')}"
        return Line(said, worst or ("can" if self.reader else ""), named, command=command)

    def reads(self, text: str, log: LogCard) -> Line:
        """Return the line of something that the readers of a log see."""
        if "readers" in log.gaps.unstated:
            said = f"{text}; who can read it is {unstated(log.gaps, 'readers')}"
            mark: Mark = "unclear" if self.reader else ""
            return Line(said, mark, ask=_asked(log.gaps, "readers"))
        said = f"{text}; read by {', '.join(log.readers) or 'no rotation'}"
        if self.reader is None:
            return Line(said, holders=log.readers)
        if self.reader.id in log.readers:
            return Line(said, "can", log.readers)
        page = f"; page {listed(log.readers)}" if log.readers else ""
        return Line(f"{said}{page}", "cannot", log.readers)

    def paged(self, target: str) -> str:
        """Return a target of a page, with the time that a rotation has to take it."""
        kind, _, name = target.partition(":")
        found = self.rotations.get(name) if kind == "rotation" else None
        if found is None:
            return target
        if found.ack_timeout_seconds is None:
            return f"{name} (how long it has to take it is not stated)"
        return f"{name} (has {span(found.ack_timeout_seconds)} to take it)"

    # --- what time it is ------------------------------------------------------------------------

    @property
    def zone(self) -> str:
        """The reader's zone, UTC where none is known."""
        own = self.reader.time_zone if self.reader else ""
        return own if own in names() else UTC_NAME

    @property
    def now(self) -> int:
        """The instant that the sheet is for: when it started, or the day of the report."""
        day = datetime(self.as_of.year, self.as_of.month, self.as_of.day, tzinfo=UTC)
        return int(day.timestamp()) if self.started is None else self.started

    def when(self, instant: float, name: str = "") -> str:
        """Return day and time of an instant by the reader's clock, or by another one."""
        try:
            local = datetime.fromtimestamp(instant, zone(name or self.zone))
        except (OverflowError, ValueError, OSError):
            return "at no time of the calendar"
        return f"{local.replace(tzinfo=None).isoformat(' ', 'minutes')} {local.tzname()}"

    @staticmethod
    def knows(name: str) -> bool:
        """Return whether there is a zone of a name."""
        return name in names()

    def after(self, seconds: float) -> str:
        """Return when a length of time after the start is over, or the length alone."""
        if self.started is None:
            return f"{span(seconds)} after the call"
        return f"{self.when(self.started + seconds)}, {span(seconds)} after the start"

    def aged(self, day: date | None) -> str:
        """Return a day with its age: `2026-05-10, 23 d before`; nothing without a day."""
        if day is None:
            return ""
        age = (datetime.fromtimestamp(self.now, UTC).date() - day).days
        return f"{day} ({span(age * 86_400)} before)" if age > 0 else f"{day}"


def _by_id(records: Sequence[R]) -> dict[str, R]:
    return {record.id: record for record in records}


def span(seconds: float) -> str:
    """Return a length of time by its two largest units: `40 min 40 s`, `30 d`."""
    if seconds == inf:
        return "without end"
    left, parts = round(max(seconds, 0)), list[str]()
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count:,} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or ("less than 1 s" if seconds else "0 s")


def listed(names: Iterable[str], nothing: str = "none") -> str:
    """Return names with commas, or a word for nothing."""
    return ", ".join(names) or nothing


# --- what is not stated -------------------------------------------------------------------------


def lacking(what: str, gaps: Gaps, cell: str) -> Line:
    """Return the line of a cell without a value: there is none, or who must say it."""
    if cell in gaps.absent:
        return Line(f"{what}: there is none, the inventory says")
    return Line(f"{what}: {unstated(gaps, cell)}", "open", ask=_asked(gaps, cell))


def unsaid(what: str, owner: str, more: str = "") -> Line:
    """Return the line of a fact that nobody states, with who must say it."""
    return Line(f"{what}; {owner or _NOBODY} must say it{more}", "open", ask=owner)


def _asked(gaps: Gaps, cell: str) -> str:
    promised = next((one.owner for one in gaps.promised if one.cell == cell), "")
    return promised or gaps.owner


def unstated(gaps: Gaps, cell: str) -> str:
    """Return that a cell holds nothing, and who must say it."""
    day = next((one.day for one in gaps.promised if one.cell == cell), None)
    by = f" by {day}" if day else ""
    return f"not stated; {_asked(gaps, cell) or _NOBODY} must say it{by}"


def _holders(access: Access) -> str:
    if access.open:
        return "everybody who is paged can"
    if not access.requires:
        return f"{listed(access.holders)} is named for it"
    return f"takes {access.requires}: {listed(access.holders, 'no rotation has it')}"
