"""Streams against room, time and silence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.streaming import load, open_streams, silence, streams
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [(1200, 0.2, 240), (400, 14, 5600), (0.1, 0.3, 0.03), (0, 14, 0)],
)
def test_what_is_open_is_what_arrives_times_how_long_it_stays(
    rate: float, seconds: float, expected: float
) -> None:
    """A third of the traffic keeps twenty times as many connections open (Little's law)."""
    assert open_streams(rate, timedelta(seconds=seconds)) == expected


def test_a_load_is_known_as_far_as_it_is_stated(tmp_path: Path) -> None:
    """Each of the two numbers is known by itself, and the open cells are named."""
    text = """
    agents:
      whole:
        streaming:
          capacity: {arrival_rate: 24000/min, mean_duration: 14s, connection_limit: 1400, nodes: 4}
      half: {streaming: {capacity: {arrival_rate: 400/s, mean_duration: 14s, nodes: 4}}}
      other: {streaming: {capacity: {mean_duration: 14s, connection_limit: 10, nodes: 4}}}
      none: {streaming: {p99_duration: 75s}}
    """
    agents = inventory_of(text, tmp_path).agents
    found = {name: load(agent.streaming) for name, agent in agents.items() if agent.streaming}
    assert {name: (one.open, one.room) for name, one in found.items()} == {
        "whole": (5600, 5600),
        "half": (5600, None),
        "other": (None, 40),
        "none": (None, None),
    }
    missing = {name: [field for _, field in one.missing] for name, one in found.items()}
    assert missing == {
        "whole": [],
        "half": ["connection_limit"],
        "other": ["arrival_rate"],
        "none": ["capacity"],
    }


def test_a_heartbeat_ends_a_silence(tmp_path: Path) -> None:
    """The shorter of the gap and the heartbeat is what a proxy sees; without both it is unknown."""
    text = """
    agents:
      talks: {streaming: {longest_gap: 60s, heartbeat: 15s}}
      hums: {streaming: {heartbeat: 15s}}
      quick: {streaming: {longest_gap: 5s, heartbeat: 15s}}
      waits: {streaming: {longest_gap: 60s}}
      silent: {streaming: {}}
    """
    agents = inventory_of(text, tmp_path).agents
    found = {name: silence(agent.streaming) for name, agent in agents.items() if agent.streaming}
    seconds = {name: one and one.total_seconds() for name, one in found.items()}
    assert seconds == {"talks": 15, "hums": 15, "quick": 5, "waits": 60, "silent": None}


def test_an_agent_streams_if_it_says_how(tmp_path: Path) -> None:
    """One that says nothing, or that it does not, is left alone."""
    text = """
    agents:
      says: {streaming: {p99_duration: 75s}}
      on: {streaming: {enabled: true}}
      off: {streaming: {enabled: false, p99_duration: 75s}}
      none: {streaming: null}
      silent: {}
    """
    agents = inventory_of(text, tmp_path).agents
    assert sorted(name for name, agent in agents.items() if streams(agent)) == ["on", "says"]
