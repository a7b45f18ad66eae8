"""Whether somebody is on call whenever people use an agent."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.coverage import merged, minus, spans, uncovered, zone_of
from support import inventory_of, problems_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.analyses.coverage import Uncovered

AS_OF = date(2026, 6, 2)
"""A Tuesday in summer, on both sides of the Atlantic."""


def left(audience: str, *rotations: str, tmp_path: Path, as_of: date = AS_OF) -> Uncovered:
    """Return what rotations leave open of an audience's hours; each side as cells of YAML."""
    named = "\n".join(f"  r{number}: {{{cells}}}" for number, cells in enumerate(rotations))
    pages = ", ".join(f'"rotation:r{number}"' for number in range(len(rotations)))
    text = (
        f"agents: {{a: {{audience: {{{audience}}}, escalation: p}}}}\n"
        f"rotations:\n{named}\n"
        f"escalation_policies: {{p: {{rules: [{{targets: [{pages}]}}]}}}}\n"
    )
    inventory = inventory_of(text, tmp_path)
    return uncovered(inventory, inventory.agents["a"], as_of)


def cells(hours: str, zone: str = "") -> str:
    """Return the cells of an audience."""
    return f'hours: "{hours}"' + (f", time_zone: {zone}" if zone else "")


def cover(hours: str, zone: str = "") -> str:
    """Return the cells of a rotation."""
    return f'coverage: "{hours}"' + (f", time_zone: {zone}" if zone else "")


OFFICE = "Mon-Fri 09:00-18:00"
LONDON = "Europe/London"


@pytest.mark.parametrize(
    ("audience", "rotations", "hours"),
    [
        (cells("24x7"), [cover("24x7")], 0),
        (cells("24x7"), [cover(OFFICE, LONDON)], 168 - 45),
        (cells(OFFICE, LONDON), [cover(OFFICE, LONDON)], 0),
        (cells(f"{OFFICE} {LONDON}"), [cover(f"{OFFICE} {LONDON}", "Asia/Tokyo")], 0),
        (cells(OFFICE, LONDON), [cover(OFFICE, "Europe/Paris")], 5),
        (cells(OFFICE, LONDON), [cover("Mon-Thu 09:00-18:00", LONDON)], 9),
        (cells("09:00-18:00", LONDON), [cover(OFFICE, LONDON)], 18),
        (cells("22:00-06:00", "UTC"), [cover("22:00-06:00", "UTC")], 0),
        (cells("22:00-06:00", "UTC"), [cover("20:00-05:00", "UTC")], 7),
        (cells("Sun 23:00-01:00", "UTC"), [cover("Sun 00:00-24:00", "UTC")], 1),
        (cells("Sat-Mon 00:00-24:00", "UTC"), [cover("Sat,Sun 00:00-24:00", "UTC")], 24),
        (cells("24x7"), [cover("08:00-20:00", "UTC"), cover("20:00-08:00", "UTC")], 0),
        (cells("24x7"), [cover("08:00-20:00; 20:00-07:00", "UTC")], 7),
        (cells("Fri 17:00-18:00", "UTC"), [cover("Mon-Thu,Sat 00:00-24:00", "UTC")], 1),
    ],
)
def test_hours_left_open_are_counted(
    audience: str, rotations: list[str], hours: int, tmp_path: Path
) -> None:
    """Weekdays, nights, zones, spans that touch: what is left of the week, in hours."""
    found = left(audience, *rotations, tmp_path=tmp_path)
    assert found.worst == timedelta(hours=hours)
    assert (found.first is None) is (hours == 0)


def test_the_first_open_hours_are_told_in_utc(tmp_path: Path) -> None:
    """On a Tuesday in June London's rotation goes home at 17:00 UTC."""
    found = left(cells("24x7"), cover(OFFICE, LONDON), tmp_path=tmp_path)
    midnight = datetime(2026, 6, 2, tzinfo=UTC)
    assert found.first == (midnight, midnight + timedelta(hours=8))


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 6, 2), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        (date(2026, 3, 9), datetime(2026, 3, 9, 17, tzinfo=UTC)),
    ],
)
def test_zones_that_change_their_clocks_on_other_days_leave_gaps(
    as_of: date, first: datetime, tmp_path: Path
) -> None:
    """Five hours apart all summer and all winter, four in the weeks between the changes."""
    found = left(
        cells("09:00-18:00", LONDON),
        cover("04:00-13:00", "America/New_York"),
        tmp_path=tmp_path,
        as_of=as_of,
    )
    assert found.worst == timedelta(hours=7)
    assert found.first == (first, first + timedelta(hours=1))


def test_a_zone_without_summer_time_is_met_in_winter_too(tmp_path: Path) -> None:
    """18:00 in Tokyo is 10:00 in London in summer, 09:00 in winter."""
    found = left(
        cells("09:00-10:00", LONDON), cover("17:00-18:00", "Asia/Tokyo"), tmp_path=tmp_path
    )
    assert found.worst == timedelta(hours=7)
    assert found.first is not None
    assert found.first[0] == datetime(2026, 10, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize("turn", ["01:00", "01:30", "02:00", "02:30", "03:00"])
@pytest.mark.parametrize("zone", [LONDON, "America/New_York", "Australia/Lord_Howe"])
def test_a_handover_in_the_hour_of_the_change_leaves_nothing_open(
    turn: str, zone: str, tmp_path: Path
) -> None:
    """An hour that comes twice belongs to both, and one that is left out to neither."""
    rotations = [cover(f"{turn}-13:00", zone), cover(f"13:00-{turn}", zone)]
    assert left(cells("24x7"), *rotations, tmp_path=tmp_path).worst == timedelta()


def test_a_rotation_around_the_clock_settles_it(tmp_path: Path) -> None:
    """Whatever the others leave open does not matter then."""
    found = left(cells("24x7"), "members: 4", cover("24x7"), tmp_path=tmp_path)
    assert (found.worst, found.missing) == (timedelta(), ())
    assert found.rotations == ("r0", "r1")


@pytest.mark.parametrize(
    ("audience", "rotation", "missing"),
    [
        ("kind: customers", cover(OFFICE, LONDON), ["hours"]),
        (cells(OFFICE), cover(OFFICE, LONDON), ["time_zone"]),
        (cells(OFFICE, LONDON), "members: 4", ["coverage"]),
        (cells(OFFICE, LONDON), cover(OFFICE), ["time_zone"]),
        ("kind: customers", "members: 4", ["hours", "coverage"]),
    ],
)
def test_hours_without_a_zone_are_not_guessed(
    audience: str, rotation: str, missing: list[str], tmp_path: Path
) -> None:
    """What would tell is named."""
    found = left(audience, rotation, tmp_path=tmp_path)
    assert found.worst is None
    assert [field for _, field in found.missing] == missing


@pytest.mark.parametrize(
    ("audience", "rotation"),
    [("hours: null", cover(OFFICE, LONDON)), (cells(OFFICE, LONDON), "coverage: null")],
)
def test_null_is_an_answer(audience: str, rotation: str, tmp_path: Path) -> None:
    """Nobody uses it; nobody is on call."""
    found = left(audience, rotation, tmp_path=tmp_path)
    assert found.worst == timedelta(hours=0 if "null" in audience else 45)


def test_the_secondary_counts_and_so_does_a_nested_policy(tmp_path: Path) -> None:
    """Everybody whom a page to the agent can reach is on call for it."""
    text = """
    agents: {a: {audience: {hours: 24x7}, escalation: p}}
    rotations:
      day: {coverage: "08:00-20:00 UTC", secondary: eve}
      eve: {coverage: "20:00-23:00 UTC", secondary: day}
      night: {coverage: "23:00-08:00 UTC"}
    escalation_policies:
      p: {rules: [{targets: ["rotation:day"]}, {targets: ["policy:q"]}]}
      q: {rules: [{targets: ["rotation:night", "policy:p"]}]}
    """
    inventory = inventory_of(text, tmp_path)
    found = uncovered(inventory, inventory.agents["a"], AS_OF)
    assert (found.worst, found.rotations) == (timedelta(), ("day", "eve", "night"))


@pytest.mark.parametrize(
    ("hours", "zone"),
    [("24x7", ""), (OFFICE, ""), (f"{OFFICE} {LONDON}", LONDON), ("09:00-18:00 UTC", "UTC")],
)
def test_the_zone_of_hours_is_the_last_word(hours: str, zone: str) -> None:
    """A weekday and a clock are no zone."""
    assert zone_of(hours) == zone


def test_days_go_round_the_end_of_the_week() -> None:
    """Friday to Monday is four days; no days are all of them."""
    ((days, opens, closes),) = spans("Fri-Mon 22:00-02:00 UTC")
    assert days == {4, 5, 6, 0}
    assert (opens, closes) == (timedelta(hours=22), timedelta(hours=26))
    assert spans("00:00-24:00")[0] == (frozenset(range(7)), timedelta(), timedelta(hours=24))


STRETCHES = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=8)
"""Start and length, in hours of one day or two."""


def _stretches(found: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    start = datetime(2026, 6, 2, tzinfo=UTC)
    hour = timedelta(hours=1)
    return [(start + at * hour, start + (at + length) * hour) for at, length in found]


def _hours(found: list[tuple[datetime, datetime]]) -> set[datetime]:
    hour = timedelta(hours=1)
    return {start + n * hour for start, end in found for n in range((end - start) // hour)}


@settings(max_examples=200)
@given(STRETCHES, STRETCHES)
def test_taking_away_is_what_it_is_on_sets(
    used: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    """Hour by hour, what is left is what is used and not taken; in order, each hour once."""
    rest = list(minus(_stretches(used), merged(_stretches(taken))))
    assert _hours(rest) == _hours(_stretches(used)) - _hours(_stretches(taken))
    assert rest == sorted(rest)
    assert sum((end - start for start, end in rest), timedelta()) == timedelta(
        hours=len(_hours(rest))
    )


def test_a_zone_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """Hours carry their zone with them, and it is looked up like every other."""
    text = 'rotations: {r: {coverage: "Mon-Fri 09:00-18:00 Europe/Lundon"}}\n'
    (problem,) = problems_of(text, tmp_path)
    assert problem.message == "there is no time zone 'Europe/Lundon'"
    assert "Europe/London" in problem.help
