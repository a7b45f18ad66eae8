"""What known products do by default, and where a layer takes it over."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.attempts import NO_END, stages
from blastlint.analyses.keys import LAYERS
from blastlint.analyses.layers import (
    attempts_of,
    counted,
    moves_to,
    open_attempts,
    profile_attempts,
    read_layer,
    repeats_on,
    spreads,
)
from blastlint.analyses.products import PRODUCTS, usual
from blastlint.analyses.retries import retry_facts
from blastlint.inventory.shape import shape
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.models import RetryLayer


def layer_of(cells: str, tmp_path: Path) -> RetryLayer:
    """Return a retry layer with some cells."""
    inventory = inventory_of(f"retry_profiles: {{p: {{layers: [{{{cells}}}]}}}}", tmp_path)
    (layer,) = inventory.retry_profiles["p"].layers or []
    return layer


@pytest.mark.parametrize(
    ("product", "attempts", "waits"),
    [
        ("openai-python", 3, (0.5, 2, 8)),
        ("anthropic-python", 3, (0.5, 2, 8)),
        ("stripe-python", 3, (0.5, 2, 5)),
        ("langgraph", 3, (0.5, 2, 128)),
        ("temporal", inf, (1, 2, 100)),
        ("step-functions", 4, (1, 2, inf)),
        ("aws-sdk", 3, (1, 2, 20)),
        ("boto3-legacy", 5, (1, 2, inf)),
        ("celery", 4, (180, 1, inf)),
        ("kubernetes-job", 7, (10, 2, 360)),
        ("tenacity", inf, (0, 1, inf)),
        ("mcp-client", 1, (0, 1, inf)),
        ("http-client", 1, (0, 1, inf)),
    ],
)
def test_a_product_stands_in_for_what_a_layer_leaves_out(
    product: str, attempts: float, waits: tuple[float, float, float], tmp_path: Path
) -> None:
    """Retries are counted as attempts: two retries are three, and six of a Job are seven."""
    layer = read_layer(layer_of(f"layer: framework, product: {product}", tmp_path))
    assert layer.attempts == attempts
    assert (layer.initial, layer.coefficient, layer.maximum) == waits
    assert layer.default_of == product


def test_a_queue_without_a_limit_hands_out_until_the_message_expires(tmp_path: Path) -> None:
    """SQS without a maxReceiveCount: every 30 s, for the four days that it keeps a message."""
    layer = read_layer(layer_of("layer: queue, product: sqs", tmp_path))
    assert (layer.attempts, layer.visibility, layer.total) == (inf, 30, 345_600)
    assert stages([layer], 20.0)[-1].last_start == 345_600


def test_an_event_is_delivered_four_times_within_six_minutes(tmp_path: Path) -> None:
    """Slack: at once, after 1 and after 5 minutes; the last delivery starts six minutes later."""
    layer = read_layer(layer_of("layer: queue, product: slack-events", tmp_path))
    assert stages([layer], 3.0)[-1].attempts == 4
    assert stages([layer], 3.0)[-1].last_start == 360


@pytest.mark.parametrize(
    ("cells", "attempts", "default_of"),
    [
        ("product: grpc, max_attempts: 4", 4, ""),
        ("product: grpc, max_attempts: 5", 5, ""),
        ("product: grpc, max_attempts: 6", 5, "grpc"),
        ("product: grpc, max_attempts: unlimited", 5, "grpc"),
        ("product: grpc", None, ""),
        ("product: temporal, max_attempts: 5", 5, ""),
        ("product: temporal, max_attempts: 0", inf, ""),
        ("product: openai-python, max_attempts: null", inf, ""),
        ("product: openai-python, max_attempts: {unknown: true, owner: a}", None, ""),
        ("product: openai-python, max_attempts: 1", 1, ""),
        ("product: null", None, ""),
    ],
)
def test_what_is_stated_comes_before_the_default(
    cells: str, attempts: float | None, default_of: str, tmp_path: Path
) -> None:
    """A default is for what is left out, not for what somebody says that nobody knows.

    gRPC takes no number above five, whatever it is told.
    """
    part = layer_of(f"layer: sdk, {cells}", tmp_path)
    layer = read_layer(part)
    assert (attempts_of(part), layer.attempts) == (attempts, attempts)
    assert layer.default_of == default_of
    assert bool(open_attempts([part])) == (attempts is None)


def test_other_cells_take_the_default_too(tmp_path: Path) -> None:
    """Waits, jitter and codes come from the product where the layer is silent about them."""
    silent = layer_of("layer: sdk, product: openai-python", tmp_path)
    assert (spreads(silent), repeats_on(silent)) == (
        True,
        ["408", "409", "429", "5xx", "connection"],
    )
    said = layer_of(
        "layer: sdk, product: openai-python, jitter: false, retry_on: [all], initial_interval: 2s,"
        " backoff_coefficient: 3, maximum_interval: 4s, total_timeout: 9s, attempt_timeout: 5s",
        tmp_path,
    )
    layer = read_layer(said)
    assert (spreads(said), repeats_on(said)) == (False, ["all"])
    assert (layer.initial, layer.coefficient, layer.maximum) == (2, 3, 4)
    assert (layer.total, layer.attempt) == (9, 5)
    plain = layer_of("layer: sdk", tmp_path)
    assert (spreads(plain), repeats_on(plain)) == (None, None)
    absent = layer_of("layer: sdk, product: openai-python, jitter: null, retry_on: null", tmp_path)
    assert (spreads(absent), repeats_on(absent)) == (False, None)


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ("layer: sdk", "nowhere"),
        ("layer: queue", "instance"),
        ("layer: workflow", "instance"),
        ("layer: framework, product: temporal", "instance"),
        ("layer: framework, product: langgraph", "nowhere"),
        ("layer: queue, moves_to: nowhere", "nowhere"),
        ("layer: sdk, moves_to: region", "region"),
    ],
)
def test_a_queue_moves_a_call_to_another_machine(cells: str, place: str, tmp_path: Path) -> None:
    """Whoever is free takes the message next, unless the layer says otherwise."""
    assert moves_to(layer_of(cells, tmp_path)) == place


def test_the_report_says_whose_word_a_number_is(tmp_path: Path) -> None:
    """A reader sees which attempts were looked up by nobody."""
    text = """
    retry_profiles:
      p:
        layers:
          - {layer: sdk, product: openai-python}
          - {layer: framework, max_attempts: 2, product: langgraph}
          - {layer: workflow, product: temporal}
    tools: {tool: {effect: append, timeout: 20s, retry: p}}
    """
    inventory = inventory_of(text, tmp_path)
    facts = retry_facts(inventory, inventory.tools["tool"])
    assert facts.amplification.split(" x ") == [
        "sdk 3 (default of openai-python)",
        "framework 2",
        "workflow without end (default of temporal)",
    ]
    assert facts.assumed_layers == ("sdk", "workflow")
    assert facts.unbounded_layers == ("workflow",)
    assert (facts.attempts, facts.last_start) == (inf, NO_END)
    assert counted(facts.layers[1]) == "framework 2"


def test_hidden_defaults_bring_the_same_numbers_as_stated_ones(tmp_path: Path) -> None:
    """Two products that nobody configured: nine attempts, the last of them 86 s after the first."""
    text = """
    retry_profiles:
      p: {layers: [{layer: sdk, product: openai-python}, {layer: framework, product: langgraph}]}
    tools: {tool: {effect: append, timeout: 10s, retry: p}}
    """
    inventory = inventory_of(text, tmp_path)
    facts = retry_facts(inventory, inventory.tools["tool"])
    assert facts.attempts == 9
    # One round of the client is 3 x 10 s + 1.5 s; three rounds, 1.5 s of waits between them.
    assert facts.worst_duration == timedelta(seconds=3 * 31.5 + 1.5)
    assert facts.last_start == timedelta(seconds=2 * 31.5 + 1.5 + 21.5)


def test_the_table_and_the_schema_name_the_same_products() -> None:
    """Who adds a product adds it to both; each says where its numbers come from."""
    choices = shape().part("RetryLayer").fields["product"].type.choices
    assert tuple(choices) == tuple(PRODUCTS)
    assert [name for name, p in PRODUCTS.items() if not p.source.startswith("https://")] == []
    assert [name for name, p in PRODUCTS.items() if p.layer not in LAYERS or not p.unit] == []


def test_a_layer_that_nobody_declares_is_told_with_its_known_defaults() -> None:
    """The attempts stand beside the products; of a model that asks again there is no table."""
    assert usual("framework") == "framework (3 in langgraph)"
    assert usual("workflow") == (
        "workflow (4 in celery, step-functions; 7 in kubernetes-job; without end in temporal)"
    )
    assert usual("planner") == "planner (as often as it likes)"


@pytest.mark.parametrize(
    ("profile", "attempts", "cell"),
    [
        (
            "{layers: [{layer: sdk, product: openai-python}, {layer: queue, max_attempts: 5}]}",
            15,
            "",
        ),
        (
            "{layers: [{layer: sdk, max_attempts: 2}, {layer: workflow, product: temporal}]}",
            inf,
            "",
        ),
        ("{layers: []}", 1, ""),
        ("{layers: null}", 1, ""),
        ("{}", None, "layers"),
        ("{layers: [{layer: sdk}, {layer: queue, max_attempts: 5}]}", None, "max_attempts"),
    ],
)
def test_a_profile_has_attempts_of_its_own(
    profile: str, attempts: float | None, cell: str, tmp_path: Path
) -> None:
    """What repeats a call is known of a profile before any tool uses it."""
    inventory = inventory_of(f"retry_profiles: {{p: {profile}}}", tmp_path)
    found, missing = profile_attempts(inventory.retry_profiles["p"])
    assert found == attempts
    assert [field for _, field in missing] == ([cell] if cell else [])
