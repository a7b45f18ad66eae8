"""Retry arithmetic, with the published numbers."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.attempts import NO_END, Layer, length, per_key, stages
from blastlint.values import replace

SDK = Layer("sdk", 3, initial=1, coefficient=2, maximum=30, jitter=True)
FRAMEWORK = Layer("framework", 3, initial=0.5, coefficient=2, maximum=128, jitter=True)
QUEUE = Layer("queue", 5, visibility=1800)
PLANNER = Layer("planner", 2)
WRITE_PATH = (SDK, FRAMEWORK, QUEUE, PLANNER)


@pytest.mark.parametrize(("each", "depth", "total"), [(4, 3, 64), (3, 5, 243)])
def test_attempts_multiply_across_layers(each: int, depth: int, total: int) -> None:
    """Two published stacks: 4 attempts at 3 layers, 3 attempts at 5 layers."""
    layers = [Layer(f"layer-{i}", each) for i in range(depth)]
    assert stages(layers, 1.0)[-1].attempts == total


@pytest.mark.parametrize(
    ("depth", "attempts", "duration", "last_start"),
    [
        (1, 3, 63.0, 43.0),
        (2, 9, 190.5, 170.5),
        (3, 45, 7390.5, 7370.5),
        (4, 90, 14781.0, 14761.0),
    ],
)
def test_each_layer_adds_its_attempts_and_time(
    depth: int, attempts: int, duration: float, last_start: float
) -> None:
    """The worked example with a timeout of 20 s, layer by layer, to the half second."""
    stage = stages(WRITE_PATH, 20.0)[depth]
    assert (stage.attempts, stage.duration, stage.last_start) == (attempts, duration, last_start)


@pytest.mark.parametrize(
    ("timeout", "duration", "last_start"), [(30.0, 14961.0, 14931.0), (10.0, 14601.0, 14591.0)]
)
def test_the_timeout_of_the_call_counts_once_for_each_attempt(
    timeout: float, duration: float, last_start: float
) -> None:
    """The same stack around a slower and a faster call."""
    stage = stages(WRITE_PATH, timeout)[-1]
    assert (stage.duration, stage.last_start) == (duration, last_start)


def test_jitter_never_exceeds_the_written_wait() -> None:
    """Full jitter shortens waits, so the longest time is the same with and without it."""
    steady = tuple(replace(layer, jitter=False) for layer in WRITE_PATH)
    assert stages(steady, 20.0)[-1].duration == stages(WRITE_PATH, 20.0)[-1].duration


def test_waits_stop_growing_at_their_maximum() -> None:
    """1 + 2 + 4 + 5 + 5 seconds lie between six attempts capped at five seconds."""
    assert Layer("sdk", 6, initial=1, coefficient=2, maximum=5).waiting(6) == 17


def test_a_slow_call_holds_the_queue_longer_than_its_visibility_timeout() -> None:
    """The next delivery starts after the visibility timeout or the work, whichever is later."""
    assert stages([Layer("queue", 2, visibility=60)], 190.5)[-1].last_start == 190.5


def test_unlimited_attempts_have_no_end() -> None:
    """A layer without a limit and without a total timeout never gives up."""
    stage = stages([Layer("workflow", inf, initial=1, coefficient=2, maximum=100)], 20.0)[-1]
    assert (stage.attempts, stage.duration, stage.last_start) == (inf, inf, inf)


def test_a_total_timeout_ends_unlimited_attempts() -> None:
    """Waits of 1, 2, 4 and 8 s leave room for five attempts within 20 s, and none starts later."""
    stage = stages([Layer("workflow", inf, initial=1, coefficient=2, total=20)], 5.0)[-1]
    assert (stage.attempts, stage.duration, stage.last_start) == (5, 20, 20)


def test_jitter_takes_away_the_bound_of_a_total_timeout() -> None:
    """With full jitter a wait may be next to nothing, so no number of attempts is promised."""
    layer = Layer("workflow", inf, initial=1, coefficient=2, total=20, jitter=True)
    assert stages([layer], 5.0)[-1].attempts == inf


def test_a_fact_that_is_not_stated_stays_not_stated() -> None:
    """Attempts are known without a timeout; times are not, until a total timeout bounds them."""
    stage = stages([SDK], None)[-1]
    assert (stage.attempts, stage.duration, stage.last_start) == (3, None, None)
    assert stages([replace(SDK, total=90)], None)[-1].duration == 90
    assert stages([replace(SDK, attempts=None)], 20.0)[-1].attempts is None
    assert stages([replace(SDK, coefficient=None)], 20.0)[-1].duration is None
    assert stages([Layer("queue", 2)], 20.0)[-1].duration is None


def test_one_attempt_needs_no_further_facts() -> None:
    """A layer that is off changes nothing, whatever else it leaves out."""
    stage = stages([Layer("queue", 1)], 20.0)[-1]
    assert (stage.attempts, stage.duration, stage.last_start) == (1, 20, 0)


@pytest.mark.parametrize(
    ("last_start", "window", "effects"),
    [(7370.5, 7200.0, 2), (7200.0, 7200.0, 2), (7199.5, 7200.0, 1), (14400.0, 7200.0, 3)],
)
def test_a_repeat_at_the_edge_of_the_window_is_a_new_effect(
    last_start: float, window: float, effects: int
) -> None:
    """The window must be longer than the latest repeat, not as long."""
    assert per_key(45, last_start, window) == effects


def test_absurd_numbers_end_in_no_end() -> None:
    """Counts and times beyond any use neither crash nor take long."""
    layers = [Layer("sdk", 10**15, initial=1e9, coefficient=1e15)] * 40
    stage = stages(layers, 1e9)[-1]
    assert stage.attempts == inf
    assert length(stage.duration or 0) == NO_END
    crawl = Layer("sdk", inf, initial=1e-6, coefficient=1.0000001, total=86400)
    assert stages([crawl], 1.0)[-1].attempts


COUNTS = st.one_of(st.integers(1, 6), st.just(inf))
LAYERS = st.lists(
    st.builds(
        Layer,
        name=st.sampled_from(["sdk", "framework", "queue", "planner"]),
        attempts=COUNTS,
        initial=st.floats(0, 60),
        coefficient=st.floats(0, 3),
        maximum=st.floats(1, 100),
        visibility=st.floats(0, 3600),
    ),
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(LAYERS, st.floats(0, 100), st.data())
def test_more_attempts_never_shorten_or_reduce_anything(
    layers: list[Layer], timeout: float, data: st.DataObject
) -> None:
    """Raising one layer's attempts never lowers attempts, duration or latest start."""
    before = stages(layers, timeout)[-1]
    raised = [replace(x, attempts=(x.attempts or 1) + data.draw(st.integers(0, 5))) for x in layers]
    after = stages(raised, timeout)[-1]
    assert (after.attempts or 0) >= (before.attempts or 0)
    assert (after.duration or 0) >= (before.duration or 0)
    assert (after.last_start or 0) >= (before.last_start or 0)


@settings(max_examples=60, deadline=None)
@given(LAYERS, st.floats(0, 100))
def test_a_further_layer_never_shortens_the_worst_case(layers: list[Layer], timeout: float) -> None:
    """From the inside out, attempts and times only grow."""
    found = stages(layers, timeout)
    for inner, outer in pairwise(found):
        assert (outer.attempts or 0) >= (inner.attempts or 0)
        assert (outer.duration or 0) >= (inner.duration or 0)
        assert (outer.last_start or 0) >= (inner.last_start or 0)


@settings(max_examples=60, deadline=None)
@given(COUNTS, st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_longer_window_never_lets_more_effects_through(
    attempts: float, last_start: float, one: float, other: float
) -> None:
    """Remembering a key for longer never makes it protect less, nor more than all attempts."""
    short, long = sorted((one, other))
    few, many = per_key(attempts, last_start, long), per_key(attempts, last_start, short)
    assert few is not None
    assert many is not None
    assert 1 <= few <= many <= attempts


def test_lengths_are_rounded_to_what_a_duration_can_hold() -> None:
    """Half seconds are exact."""
    assert length(7370.5) == timedelta(hours=2, minutes=2, seconds=50, milliseconds=500)


def test_a_layer_that_stops_waiting_starts_again_sooner() -> None:
    """An attempt abandoned after 30 s is followed at once, while the work of 93 s goes on."""
    inner = Layer("sdk", 3, initial=1, coefficient=2)
    stage = stages([inner, Layer("framework", 2, attempt=30)], 30.0)[-1]
    assert (stage.attempts, stage.duration) == (6, 123)
    patient = stages([inner, Layer("framework", 2)], 30.0)[-1]
    assert patient.duration == 186
    bounded = stages([Layer("sdk", 3), Layer("framework", 2, attempt=30)], None)[-1]
    assert bounded.duration is None
