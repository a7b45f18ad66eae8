"""Clocks that must outlast one another: a window or a retention against what it is there for."""

from __future__ import annotations

from datetime import timedelta

from blastlint.analyses.escalation import slowest_response
from blastlint.analyses.retries import retry_facts
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.analyses.cells import Cell
    from blastlint.analyses.retries import RetryFacts
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool

REVIEW = timedelta(days=14)
"""Time after a detection in which people still look things up in an audit log."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One length of time that must be longer than another."""

    name: str
    """The one that must be longer, in words."""
    lasts: timedelta | None
    """How long it lasts; none: not stated."""
    against: str
    """What it must outlast, in words."""
    needs: timedelta | None
    """How long that takes; none: not stated."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""

    @property
    def holds(self) -> bool | None:
        """True if it is longer: as long is too short. None if a length is not stated."""
        return None if self.lasts is None or self.needs is None else self.lasts > self.needs


def dedupe_clock(inventory: Inventory, tool: Tool, facts: RetryFacts | None = None) -> Clock | None:
    """Return the memory for a key against the latest repeat with that key.

    None where no key protects, or where no attempt repeats another one's key.

    Args:
        inventory: the inventory of the tool.
        tool: the tool.
        facts: its retry facts, where they are at hand.
    """
    facts = facts or retry_facts(inventory, tool)
    window = tool.idempotency.window if tool.idempotency else None
    if facts.protection != "key" or (window is None and facts.per_key == 1):
        return None
    return Clock(
        "time for which a key is remembered",
        window,
        "latest start of an attempt with the same key",
        facts.inside_last_start,
        facts.missing if None in (window, facts.inside_last_start) else (),
    )


def undo_clock(inventory: Inventory, tool: Tool) -> Clock | None:
    """Return the time in which a call can be undone against the time until a person undoes it.

    That time is detection, the delays until the first rotation is paged, its acknowledgement, and
    the kill switch as far as it was measured. None where nothing can be undone in time.
    """
    way_back = tool.reversibility
    if way_back is None or way_back.class_ not in {"reversible", "compensable"}:
        return None
    response = slowest_response(inventory, tool)
    person = response.until_person if response else None
    stopped = (response.stopped if response else None) or timedelta()
    missing = response.missing if response else ()
    return Clock(
        "time in which it can be undone",
        way_back.window,
        "detection, paging, acknowledgement and stopping",
        None if person is None else person + stopped,
        missing if way_back.window else (*missing, (way_back, "window")),
    )


def audit_clock(inventory: Inventory, tool: Tool) -> Clock | None:
    """Return how long a call's record is kept against how long it may be needed.

    It is needed until the call cannot be undone any more, and while people still investigate.
    None without an audit log.
    """
    system = inventory.systems[tool.system] if tool.system else None
    if system is None or system.audit_log is None:
        return None
    log = inventory.audit_logs[system.audit_log]
    window = tool.reversibility.window if tool.reversibility else None
    return Clock(
        "retention of the audit log",
        log.retention,
        "undoing and investigating",
        max(window or timedelta(), inventory.policy.detection_lag + REVIEW),
        () if log.retention else ((log, "retention"),),
    )
