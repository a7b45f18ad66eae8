"""Records: cells by name, the three ways of not having a value, and the place of everything."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from blastlint.inventory.record import as_written, at, cells, id_of, kind_of, state, unknown
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Tool

TEXT = """\
version: 1
name: example
agents:
  a:
    mitigations: {buffer: {since: 1.10, limit: {largest_payload_bytes: 3.0}}}
    slo: {target: 1, hard_dependencies: {stripe: 0.999}}
    principal: {kind: agent, id: app/a}
tools:
  t:
    agents: [a]
    approval: none
    environment: null
    scope: {unknown: true, owner: payments, resolve_by: 2026-07-01}
    max_rate: 20/min
    reversibility: {class: compensable, window: 30d}
    idempotency:
      key:
        source: business_key
calendars:
  freeze:
    windows: [{start: 2026-06-26T17:00, duration: 1.5h}]
    refreshed_at: 2026-06-02T23:30:00-05:00
"""


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    """An inventory with every kind of cell."""
    return inventory_of(TEXT, tmp_path)


@pytest.fixture
def tool(inventory: Inventory) -> Tool:
    """Its tool."""
    return inventory.tools["t"]


def test_cells_become_python_values(inventory: Inventory) -> None:
    """Durations, days, times and rates can be computed with; text keeps its form."""
    agent, tool, freeze = (
        inventory.agents["a"],
        inventory.tools["t"],
        inventory.calendars["freeze"],
    )
    assert agent.mitigations is not None
    assert agent.mitigations["buffer"].since == "1.10"
    limit = agent.mitigations["buffer"].limit
    assert limit is not None
    assert (limit.largest_payload_bytes, type(limit.largest_payload_bytes)) == (3, int)
    assert agent.slo is not None
    assert (agent.slo.target, agent.slo.hard_dependencies) == (1.0, {"stripe": 0.999})
    assert isinstance(agent.slo.target, float)
    assert tool.max_rate == pytest.approx(20 / 60)
    assert list(tool.agents or ()) == ["a"]
    assert freeze.windows is not None
    assert freeze.windows[0].start == datetime(2026, 6, 26, 17)  # noqa: DTZ001 -- local, its zone stands beside it
    assert freeze.windows[0].duration == timedelta(minutes=90)
    assert freeze.refreshed_at == date(2026, 6, 3)


def test_a_trailing_underscore_is_dropped(tool: Tool) -> None:
    """`class` is a word of Python; its attribute is `class_`."""
    assert tool.reversibility is not None
    assert tool.reversibility.class_ == "compensable"
    assert state(tool.reversibility, "class_") == state(tool.reversibility, "class") == "value"


def test_the_four_states_of_a_cell(tool: Tool) -> None:
    """Missing is not none is not unknown, though each reads as None."""
    said = {name: state(tool, name) for name in ("agents", "environment", "scope", "effect")}
    assert said == {
        "agents": "value",
        "environment": "null",
        "scope": "unknown",
        "effect": "missing",
    }
    assert (tool.environment, tool.scope, tool.effect) == (None, None, None)


def test_an_unknown_cell_says_who_finds_out(tool: Tool) -> None:
    """The owner and the day are at hand; other cells have neither."""
    found = unknown(tool, "scope")
    assert found is not None
    assert (found.owner, found.resolve_by) == ("payments", date(2026, 7, 1))
    assert at(found).span.line == 13
    assert unknown(tool, "effect") is None


def test_a_field_that_nobody_declared_is_a_bug(tool: Tool) -> None:
    """A misspelt attribute never reads as a missing cell."""
    with pytest.raises(AttributeError, match="Tool has no field 'efect'"):
        _ = tool.efect  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="Tool has no field 'efect'"):
        state(tool, "efect")


def test_ids_are_the_keys_of_maps(inventory: Inventory) -> None:
    """What stands in a map by id knows its id; a part may have a field `id` of its own."""
    agent = inventory.agents["a"]
    assert (agent.id, id_of(agent), kind_of(agent)) == ("a", "a", "Agent")
    assert agent.mitigations is not None
    assert id_of(agent.mitigations["buffer"]) == "buffer"
    assert agent.principal is not None
    assert agent.principal.id == "app/a"
    assert inventory.tools["t"].reversibility is not None
    with pytest.raises(AttributeError):
        id_of(inventory.tools["t"].reversibility)


def test_every_cell_has_a_place(tool: Tool) -> None:
    """A value, its key, an item of a list, something below; else what would hold it."""
    places = {
        "value": at(tool, "max_rate"),
        "key": at(tool, "max_rate", key=True),
        "item": at(tool, "agents", 0),
        "below": at(tool, "idempotency", "key", "source"),
        "underscore": at(tool, "reversibility", "class_"),
        "missing": at(tool, "effect"),
        "missing below": at(tool, "idempotency", "key", "field"),
    }
    found = {name: (place.span.line, place.span.column) for name, place in places.items()}
    assert found == {
        "value": (14, 15),
        "key": (14, 5),
        "item": (10, 14),
        "below": (18, 17),
        "underscore": (15, 28),
        "missing": (9, 3),
        "missing below": (17, 7),
    }
    assert at(tool, "max_rate", note="a cap").note == "a cap"


def test_a_record_equals_only_itself(tool: Tool) -> None:
    """Two rows that say the same are still two rows."""
    assert tool == tool  # noqa: PLR0124 -- the point of the test
    assert len({tool, tool}) == 1
    assert repr(tool) == "<Tool at tools.t>"


def test_a_record_shows_its_cells(tool: Tool) -> None:
    """What was read and what was written are both at hand."""
    assert cells(tool)["approval"] == "none"
    assert "environment" not in cells(tool)
    assert as_written(tool)["max_rate"] == "20/min"
