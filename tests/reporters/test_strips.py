"""Strips keep within their paper, whatever a report holds."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from blastlint.dossier import CalendarCard, Clock, Gaps, Response, RunsOut, WindowCard
from blastlint.reporters import strips
from blastlint.reporters.view import length, local

if TYPE_CHECKING:
    from datetime import date

SECONDS = st.none() | st.floats(0, 1e12) | st.just(inf)
INSTANT = st.integers(-(10**15), 10**15)
DAY = st.dates()


@given(st.tuples(SECONDS, SECONDS, SECONDS))
def test_a_response_fills_its_strip(lengths: tuple[float | None, ...]) -> None:
    """The four parts follow each other, each is to be seen, and together they fit."""
    parts = strips.response(Response("r", 60, *lengths))
    assert [part.x for part in parts[1:]] == [part.x + part.width for part in parts[:-1]]
    assert all(part.width >= 1 for part in parts)
    assert parts[-1].x + parts[-1].width <= strips.WIDTH + len(parts)


def test_parts_are_in_proportion() -> None:
    """Half of the time takes half of the strip."""
    parts = strips.response(Response("r", 1200, 0, 600, 600))
    assert [round(part.width / strips.WIDTH, 1) for part in parts] == [0.5, 0, 0.2, 0.2]


@given(SECONDS, SECONDS)
def test_a_clock_fits(has: float | None, needs: float | None) -> None:
    """The longer of two lengths is at most as wide as the strip; without end is a length, too."""
    widths = strips.clock(Clock("a", has, "b", needs, None))
    assert all(0 < width <= strips.WIDTH for width in widths)
    assert length(has)


@given(st.lists(st.tuples(INSTANT, INSTANT), max_size=4), DAY, DAY)
def test_windows_fit(windows: list[tuple[int, int]], start: date, end: date) -> None:
    """A window may begin before the strip, or end after it, and is drawn within."""
    cards = tuple(WindowCard(min(pair), max(pair)) for pair in windows)
    calendar = CalendarCard(
        id="c", kind="freeze", source="", refreshed_at=None, time_zone="UTC", enforcement="",
        on_unknown="", systems=(), windows=cards, more_windows=0, known=True, doubts=(),
        attested=None, gaps=Gaps(""),
    )  # fmt: skip
    for part in strips.windows(calendar, start, end):
        assert 0 <= part.x <= part.x + part.width <= strips.WIDTH
        assert part.width > 0
    assert all(0 <= x <= strips.WIDTH and name for x, name in strips.ticks(start, end))


@given(INSTANT, INSTANT, INSTANT)
def test_a_cycle_fits(starts: int, ends: int, at: int) -> None:
    """The end of a quota lies within its strip."""
    assert 0 < strips.cycle(RunsOut(starts, ends, at, (), None)) <= strips.WIDTH


@given(INSTANT, st.sampled_from(["Europe/London", "", "Mars/Base", "../../etc/passwd"]))
def test_any_instant_is_told(instant: int, zone: str) -> None:
    """An instant that no calendar has, and a zone that nobody knows, are told as such."""
    assert local(instant, zone)


def test_local_time() -> None:
    """An instant is told by the clocks of its zone."""
    assert local(1_780_358_400, "America/New_York") == "Mon 2026-06-01 20:00"
    assert local(1_780_358_400, "nowhere") == "Tue 2026-06-02 00:00"
