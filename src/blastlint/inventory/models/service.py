"""Service: what users are promised, how answers reach them, and what keeps that promise alive."""

from typing import Literal

from blastlint.inventory.models.parts import (
    Day,
    Duration,
    Id,
    Named,
    Part,
    Rate,
    Share,
    Target,
    Text,
    ToolRef,
    Whole,
)


class MitigationLimit(Part):
    """The bound that a mitigation moves."""

    transport_max_bytes: Whole | None = None
    """Largest payload that the transport takes, in bytes."""
    largest_payload_bytes: Whole | None = None
    """Largest payload seen or expected, in bytes."""


class Mitigation(Named):
    """A fix that must be running to count."""

    kind: Literal["systemic", "defensive"] | None = None
    """Removes the cause, or limits the damage."""
    since: Text | None = None
    """First version that carries it."""
    incident: Text | None = None
    """Incident that it answers."""
    limit: MitigationLimit | None = None
    """The bound it moves."""


class Slo(Part):
    """Service level objective (OpenSLO: target, timeWindow, indicator)."""

    target: Share | None = None
    """Share of good events, 0 to 1."""
    window: Duration | None = None
    """Time window."""
    unit: Literal["task", "step", "attempt"] | None = None
    """What one event is."""
    indicator: Text | None = None
    """What is measured."""
    latency: Duration | None = None
    """Promised latency."""
    quality_sli: Text | None = None
    """Indicator for wrong answers."""
    hard_dependencies: dict[Id, Share] | None = None
    """Dependency to its availability, 0 to 1."""


class Replaces(Part):
    """What the agent takes over from."""

    system: Text | None = None
    """The predecessor."""
    slo: Slo | None = None
    """What its users are used to."""
    status: Literal["running", "read_only", "decommissioned"] | None = None
    """Whether one can go back to it."""


class Hop(Part):
    """A proxy or balancer between the agent and its user."""

    name: Text
    """Its name."""
    idle_timeout: Duration | None = None
    """Cut after this much silence."""
    total_timeout: Duration | None = None
    """Cut after this long."""
    buffering: bool | None = None
    """True if it waits for the whole answer."""


class StreamCapacity(Part):
    """What arrives and what can be held open, at the peak (Little's law)."""

    arrival_rate: Rate | None = None
    """Streams that start, such as `400/s`."""
    mean_duration: Duration | None = None
    """Mean length of a stream."""
    connection_limit: Whole | None = None
    """Connections that one node holds open."""
    nodes: Whole | None = None
    """Nodes at the peak."""
    measured_at: Day | None = None
    """Day on which these numbers were measured."""


class Streaming(Part):
    """How answers are streamed."""

    enabled: bool | None = None
    """False if answers are not streamed; absent beside other cells means they are."""
    since: Day | None = None
    """Day on which streaming was switched on."""
    p99_duration: Duration | None = None
    """99th percentile of the length of a stream."""
    longest_gap: Duration | None = None
    """Longest silence between two tokens."""
    heartbeat: Duration | None = None
    """Interval of the bytes sent while the model is silent (comment lines of server-sent events,
    pings); absent means none."""
    on_client_abort: Literal["finish", "cancel", "cancel_before_write", "compensate"] | None = None
    """What happens to writes when the user leaves."""
    drain: Duration | None = None
    """Grace given to open streams on a deploy (Kubernetes: `terminationGracePeriodSeconds`)."""
    scaling_signal: (
        Literal["concurrency", "queue_depth", "request_rate", "cpu", "memory"] | None
    ) = None
    """What the autoscaler looks at; null: nothing scales."""
    hops: list[Hop] | None = None
    """Proxies on the way; `[]` claims none."""
    histogram_max: Duration | None = None
    """Top bucket of the duration histogram; null: no histogram."""
    measures: list[Literal["duration", "time_to_first_token", "inter_token_latency"]] | None = None
    """What is measured of a stream (OpenTelemetry: `gen_ai.server.time_to_first_token`,
    `time_per_output_token`)."""
    capacity: StreamCapacity | None = None
    """What arrives and what can be held open."""


class Cache(Part):
    """A cache that the agent leans on."""

    demand: Rate | None = None
    """Requests at the peak, before the cache, such as `50/s`."""
    capacity: Rate | None = None
    """Requests that what lies behind the cache takes: a quota, a database."""
    cold_start_tested_at: Day | None = None
    """Day on which it was started empty under peak load, and held."""


class FailureCounter(Part):
    """What the agent counts of its own failures."""

    counts: Text | None = None
    """What is counted: failed upgrades, refused calls."""
    threshold: Whole | None = None
    """Count at which somebody is called; null: none."""
    pages: Target | None = None
    """Who is called; null: nobody."""


class Check(Named):
    """A preflight, gate or drift check that is said to guard something."""

    kind: Literal["preflight", "gate", "drift"] | None = None
    """Before a call, before a merge or a release, or afterwards against what should be."""
    wired_at: Text | None = None
    """What runs it: a job of CI, an admission hook, a command; null: nothing does."""
    meant_for: list[ToolRef] | None = None
    """Tools whose calls it should guard."""
    runs_on: list[ToolRef] | None = None
    """Tools on whose way it really runs."""


class Link(Part):
    """A transport that payloads of the agent take: to another agent, a tool server, a queue."""

    to: Text
    """Other end: an agent's id, or a name."""
    transport_max_bytes: Whole | None = None
    """Largest payload that the transport takes, in bytes; null: no limit."""
    largest_payload_bytes: Whole | None = None
    """Largest payload seen or expected, in bytes."""
