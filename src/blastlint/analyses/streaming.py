"""Streams against what they pass through: silence, time, and the connections that stay open."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.models import Agent, Streaming

_ROUNDING = 9
"""Decimals of a number of streams: what a product of fractions adds lies beyond them."""


@dataclass(frozen=True, slots=True)
class Load:
    """Streams that are open at the peak, and those that can be."""

    open: float | None
    """Mean number of open streams (Little's law: arrivals x mean duration); none: not stated."""
    room: int | None
    """Streams that all nodes together hold open; none: not stated."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def streams(agent: Agent) -> bool:
    """Return whether an agent streams its answers: it says how, and not that it does not."""
    return agent.streaming is not None and agent.streaming.enabled is not False


def open_streams(arrival_rate: float, mean_duration: timedelta) -> float:
    """Return the mean number of open streams (Little's law).

    Args:
        arrival_rate: streams that start in a second.
        mean_duration: mean length of a stream.
    """
    return round(arrival_rate * mean_duration.total_seconds(), _ROUNDING)


def load(streaming: Streaming) -> Load:
    """Return the load of an agent's streams at the peak, against the connections it has."""
    capacity = streaming.capacity
    if capacity is None:
        return Load(None, None, unstated(streaming, "capacity"))
    rate, duration = capacity.arrival_rate, capacity.mean_duration
    limit, nodes = capacity.connection_limit, capacity.nodes
    return Load(
        None if rate is None or duration is None else open_streams(rate, duration),
        None if limit is None or nodes is None else limit * nodes,
        unstated(capacity, "arrival_rate", "mean_duration", "connection_limit", "nodes"),
    )


def silence(streaming: Streaming) -> timedelta | None:
    """Return the longest time without a byte: a heartbeat ends a gap between two tokens."""
    stated = [t for t in (streaming.longest_gap, streaming.heartbeat) if t is not None]
    return min(stated, default=None)
