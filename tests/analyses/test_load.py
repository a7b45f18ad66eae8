"""One run in three views, expected attempts, cost and load, with the published numbers."""

from __future__ import annotations

from math import inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.attempts import Layer, stages
from blastlint.analyses.load import (
    Count,
    Step,
    expected_asks,
    expected_attempts,
    load_factor,
    run_cost,
    views,
)

WRITE_PATH = (
    Layer("sdk", 3, initial=1, coefficient=2),
    Layer("framework", 3, initial=0.5, coefficient=2),
    Layer("queue", 5, visibility=1800),
    Layer("planner", 2),
)


def test_a_tool_retried_twice_makes_three_attempts() -> None:
    """The fourth attempt of the story is another step: the plan that crashed first.

    Counted in attempts of the tool there were two failures, counted over all steps three.
    """
    tool = Step("refund", 3, succeeded=True)
    assert views([tool]).attempts == Count(3, 2)
    whole = views([Step("plan", 1, succeeded=False), tool])
    assert whole.attempts == Count(4, 3)
    assert whole.steps == Count(2, 1)


def test_one_run_is_one_success_three_failures_and_four_bills() -> None:
    """Product, operations and finance are all right: 1 of 1, 3 of 4, 4."""
    run = views([Step("plan", 1, succeeded=False), Step("refund", 3, succeeded=True)])
    assert run.tasks == Count(1, 0)
    assert run.tasks.error_rate == 0
    assert run.attempts.error_rate == 0.75
    assert run.billed == 4


def test_a_run_whose_last_step_failed_is_a_failed_task() -> None:
    """A run that ends in failure, or that did nothing, is no success."""
    assert views([Step("refund", 3, succeeded=False)]).tasks == Count(1, 1)
    assert views([Step("refund", 3, succeeded=False)]).attempts == Count(3, 3)
    assert views([]).tasks == Count(1, 1)
    assert views([]).attempts.error_rate == 0


def test_attempts_without_end_fail_without_end() -> None:
    """What never stops fails nearly always."""
    assert views([Step("poll", inf, succeeded=True)]).attempts.error_rate == 1.0
    assert Count(inf, 3).error_rate == 0.0


@pytest.mark.parametrize(
    ("attempts", "failing", "expected"),
    [
        (1, 0.5, 1),
        (2, 0.1, 1.1),
        (3, 0.1, 1.11),
        (3, 0.5, 1.75),
        (3, 0.2, 1.24),
        (4, 0, 1),
        (4, 1, 4),
        (inf, 0.5, 2),
        (inf, 1, inf),
    ],
)
def test_expected_attempts_of_one_layer(attempts: float, failing: float, expected: float) -> None:
    """(1 - p^n) / (1 - p), and n where every attempt fails."""
    assert expected_attempts([Layer("sdk", attempts)], failing) == expected


def test_expected_attempts_need_every_count() -> None:
    """One layer that says nothing leaves the sum open."""
    assert expected_attempts([Layer("sdk", 3), Layer("framework", None)], 0.1) is None


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 4), max_size=4), st.floats(0, 0.99))
def test_nested_layers_expect_what_one_layer_with_their_product_expects(
    counts: list[int], failing: float
) -> None:
    """Each round of a layer fails if all attempts inside it do: the closed form holds for nests."""
    calls, failed = 1.0, failing
    for count in counts:
        calls *= sum(failed**k for k in range(count))
        failed = failed**count
    found = expected_attempts([Layer(f"l{i}", n) for i, n in enumerate(counts)], failing)
    assert found is not None
    assert isclose(found, calls, rel_tol=1e-9)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 6), max_size=4), st.floats(0, 1))
def test_expected_attempts_lie_between_one_and_the_worst(counts: list[int], rate: float) -> None:
    """No rate of failure makes fewer than one attempt or more than all of them."""
    layers = [Layer(f"l{i}", n) for i, n in enumerate(counts)]
    found = expected_attempts(layers, rate)
    worst = stages(layers, 1.0)[-1].attempts
    assert found is not None
    assert worst is not None
    assert 1 - 1e-9 <= found <= worst + 1e-9


def test_cost_is_attempts_and_what_the_planner_asks() -> None:
    """At worst 90 calls at 0.05 and two questions at 0.02; expected is little more than one."""
    made = stages(WRITE_PATH, 20.0)
    assert run_cost(90, 0.05, 2, 0.02) == pytest.approx(4.54)
    asks = expected_asks(made, WRITE_PATH, 0.1)
    assert asks == pytest.approx(1.0)
    expected = expected_attempts(WRITE_PATH, 0.1)
    assert expected is not None
    assert run_cost(expected, 0.05, asks or 0, 0.02) == pytest.approx(
        1.1111 * 0.05 + 0.02, abs=1e-4
    )
    assert run_cost(3, 0.05) == pytest.approx(0.15)


def test_a_planner_asks_again_only_when_everything_inside_gave_up() -> None:
    """Two attempts that fail half the time: the planner asks once more in a quarter of cases."""
    layers = (Layer("sdk", 2), Layer("planner", 2))
    assert expected_asks(stages(layers, 1.0), layers, 0.5) == 1.25
    assert expected_asks(stages(layers[:1], 1.0), layers[:1], 0.5) == 1.0
    unknown = (Layer("sdk", None), Layer("planner", 2))
    assert expected_asks(stages(unknown, 1.0), unknown, 0.5) is None


@pytest.mark.parametrize(
    ("attempts", "budget", "factor"),
    [(90, None, 90), (90, 0.1, 1.1), (1, 0.1, 1), (inf, 0.1, 1.1), (None, 0.1, 1.1), (90, 0, 1)],
)
def test_a_retry_budget_caps_the_load_however_deep_the_stack(
    attempts: float | None, budget: float | None, factor: float
) -> None:
    """With a budget of a tenth the load is at most 1.1 times the usual one."""
    assert load_factor(attempts, budget) == pytest.approx(factor)


def test_load_without_attempts_or_budget_is_open() -> None:
    """Nothing bounds what nobody states."""
    assert load_factor(None) is None
