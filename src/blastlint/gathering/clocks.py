"""Lays side by side the lengths of time that must outlast one another, as the rules judge them."""

from __future__ import annotations

from datetime import timedelta

from blastlint.analyses.clocks import audit_clock, dedupe_clock, undo_clock
from blastlint.analyses.layers import read_layer
from blastlint.analyses.streaming import silence, streams
from blastlint.dossier import Clock
from blastlint.gathering.common import seconds
from blastlint.inventory.record import id_of
from blastlint.subjects.clocks import all_quotas, lead, response
from blastlint.subjects.repeats import work_inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.quotas import Exhaustion
    from blastlint.inventory.models import Agent, Quota, RetryLayer, RetryProfile, Streaming, Tool
    from blastlint.subjects import Facts

# --- of a tool ----------------------------------------------------------------------------------


def tool_clocks(facts: Facts, tool: Tool) -> Iterator[Clock]:
    """Yield the clocks of a write: its key, its undoing, its record."""
    found = (
        dedupe_clock(facts.inventory, tool, facts.retry(tool)),
        undo_clock(facts.inventory, tool),
        audit_clock(facts.inventory, tool),
    )
    for one in found:
        if one is not None:
            has, needs = _finite(one.lasts), _finite(one.needs)
            yield Clock(one.name, has, one.against, needs, one.holds)


# --- of an agent --------------------------------------------------------------------------------


def agent_clocks(facts: Facts, agent: Agent) -> Iterator[Clock]:
    """Yield the clocks of an agent: of its streams, of what repeats its calls, of its quotas."""
    if agent.streaming is not None and streams(agent):
        yield from _streams(agent.streaming)
    names = sorted({tool.retry for tool in facts.tools_of(agent) if tool.retry})
    for name in names:
        yield from _layers(facts, facts.inventory.retry_profiles[name])
    yield from _warnings(facts, agent)


def _streams(stream: Streaming) -> Iterator[Clock]:
    """Yield what a stream must fit into; as long is too short."""
    longest = "the 99th percentile of the length of a stream"
    for hop in stream.hops or ():
        if hop.idle_timeout is not None:
            quiet = silence(stream)
            yield _longer(f"idle timeout of {hop.name}", hop.idle_timeout,
                          "the longest silence of a stream", quiet)  # fmt: skip
        if hop.total_timeout is not None:
            name = f"total timeout of {hop.name}"
            yield _longer(name, hop.total_timeout, longest, stream.p99_duration)
    grace = "grace given to open streams on a deploy"
    yield _longer(grace, stream.drain, longest, stream.p99_duration)


def _longer(name: str, has: timedelta | None, against: str, needs: timedelta | None) -> Clock:
    holds = None if has is None or needs is None else has > needs
    return Clock(name, seconds(has), against, seconds(needs), holds)


def _layers(facts: Facts, profile: RetryProfile) -> Iterator[Clock]:
    """Yield how long each layer waits for the work inside it; as long is enough."""
    for part in profile.layers or ():
        for name, has in _waits(part):
            work = work_inside(facts, part)
            needs = work if isinstance(work, timedelta) else None
            yield Clock(
                f"{name} of {part.layer} in {id_of(profile)}",
                seconds(has),
                "the work inside it, at worst",
                _finite(needs),
                None if needs is None else has >= needs,
            )


def _waits(part: RetryLayer) -> Iterator[tuple[str, timedelta]]:
    visible = read_layer(part).visibility
    if part.layer == "queue" and visible is not None and not part.heartbeat:
        yield "visibility timeout", timedelta(seconds=visible)
    if part.attempt_timeout is not None:
        yield "attempt timeout", part.attempt_timeout
    if part.total_timeout is not None:
        yield "total timeout", part.total_timeout


def _warnings(facts: Facts, agent: Agent) -> Iterator[Clock]:
    """Yield how long before it is empty a quota warns; as long as the response is enough."""
    yield from facts.once(_by_agent).get(id_of(agent), ())


def _by_agent(facts: Facts) -> dict[str, list[Clock]]:
    """Return the clocks of the quotas that run out, by the agents that draw on them."""
    clocks: dict[str, list[Clock]] = {}
    for name, quota in facts.inventory.quotas.items():
        found = facts.once(all_quotas)[name].exhaustion
        if found is not None:
            clock = _warning(facts, quota, found)
            for agent in facts.concerned("quotas", quota):
                clocks.setdefault(agent, []).append(clock)
    return clocks


def _warning(facts: Facts, quota: Quota, found: Exhaustion) -> Clock:
    has, needs = lead(facts, quota, found), response(facts, quota)
    known = isinstance(has, timedelta) and isinstance(needs, timedelta)
    return Clock(
        f"warning before quota {id_of(quota)} is empty",
        seconds(has) if isinstance(has, timedelta) else None,
        "paging, acknowledgement and stopping",
        seconds(needs) if isinstance(needs, timedelta) else None,
        has >= needs if known else None,  # type: ignore[operator]  # both are lengths then
    )


def _finite(length: timedelta | None) -> float | None:
    return None if length == timedelta.max else seconds(length)
