"""What retries do to one intent, on the worked example and on one cell at a time."""

from __future__ import annotations

from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.attempts import NO_END
from blastlint.analyses.keys import LAYERS
from blastlint.analyses.retries import is_write, retry_facts
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.analyses.retries import RetryFacts
    from blastlint.inventory.loading import Inventory

STACK = """
retry_profiles:
  stack:
    layers:
      - {layer: sdk, max_attempts: 3, initial_interval: 1s, backoff_coefficient: 2, jitter: true}
      - {layer: framework, max_attempts: 3, initial_interval: 500ms, backoff_coefficient: 2}
      - {layer: queue, max_attempts: 5, visibility_timeout: 30m}
      - {layer: planner, max_attempts: 2}
  once:
    layers:
      - {layer: sdk, max_attempts: 1}
      - {layer: framework, max_attempts: 1}
      - {layer: planner, max_attempts: 1}
"""


def facts_of(cells: str, tmp_path: Path, profiles: str = STACK) -> RetryFacts:
    """Return the retry facts of a tool with some cells."""
    text = f"{profiles}\ntools:\n  tool: {{{cells}}}\n"
    inventory = inventory_of(text, tmp_path)
    return retry_facts(inventory, inventory.tools["tool"])


def keyed(key: str, window: str = "24h", more: str = "") -> str:
    """Return the cells of a tool with a key around a call of 30 s."""
    return (
        f"effect: spend, timeout: 30s, retry: stack, {more}"
        f"idempotency: {{strategy: key, window: {window}, key: {{{key}}}}}"
    )


def missing(facts: RetryFacts) -> list[str]:
    """Return the names of the open cells."""
    return [field for _, field in facts.missing]


@pytest.mark.parametrize(
    ("tool", "duration", "last_start", "effects"),
    [
        ("zendesk.ticket.create", 14781.0, 14761.0, 4),
        ("stripe.refund.create", 14961.0, 14931.0, 1),
        ("slack.post", 14601.0, 14591.0, 90),
    ],
)
def test_the_worked_example_has_the_published_numbers(
    example: Inventory, tool: str, duration: float, last_start: float, effects: int
) -> None:
    """Ninety attempts each; four tickets, one refund, ninety posts."""
    facts = retry_facts(example, example.tools[tool])
    assert facts.attempts == 90
    assert facts.worst_duration == timedelta(seconds=duration)
    assert facts.last_start == timedelta(seconds=last_start)
    assert facts.effects == effects
    assert facts.amplification == "sdk 3 x framework 3 x queue 5 x planner 2"
    assert not facts.missing
    assert not facts.undeclared_layers


def test_a_key_made_by_the_planner_lives_until_the_planner_asks_again(example: Inventory) -> None:
    """The last attempt with one key starts at 7,370.5 s, after its window of two hours."""
    facts = retry_facts(example, example.tools["zendesk.ticket.create"])
    assert facts.mint_level == "planner"
    assert facts.inside_last_start == timedelta(seconds=7370.5)
    assert facts.per_key == 2
    assert facts.reminting_layers == ("planner",)
    assert facts.repeating_layers == ("sdk", "framework", "queue", "planner")


@pytest.mark.parametrize(
    ("key", "effects", "level", "reminting"),
    [
        ("source: business_key", 1, None, ()),
        ("source: sdk_auto", 30, "framework", ("framework", "queue", "planner")),
        ("source: tool_call_id", 2, "planner", ("planner",)),
        ("source: random_per_attempt", 90, "sdk", ("sdk", "framework", "queue", "planner")),
        ("source: timestamp", 90, "sdk", ("sdk", "framework", "queue", "planner")),
        ("source: model_generated", 90, "sdk", ("sdk", "framework", "queue", "planner")),
        ("source: orchestrator_step, minted_at: user", 1, "user", ()),
        ("source: orchestrator_step, minted_at: queue", 10, "queue", ("queue", "planner")),
        ("source: orchestrator_step, minted_at: workflow", 10, "workflow", ("queue", "planner")),
        ("source: content_hash, deterministic: true", 1, None, ()),
        ("source: content_hash, deterministic: false", 2, "planner", ("planner",)),
        ("source: business_key, minted_at: queue", 10, "queue", ("queue", "planner")),
    ],
)
def test_the_source_of_the_key_decides_what_it_covers(
    key: str, effects: int, level: str | None, reminting: tuple[str, ...], tmp_path: Path
) -> None:
    """Every attempt at or outside the layer that makes the key is a new effect."""
    facts = facts_of(keyed(key), tmp_path)
    assert (facts.effects, facts.mint_level) == (effects, level)
    assert facts.reminting_layers == reminting


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("field: Idempotency-Key", "source"),
        ("source: orchestrator_step", "minted_at"),
        ("source: content_hash", "deterministic"),
    ],
)
def test_a_key_that_does_not_say_where_it_is_made_leaves_the_effects_open(
    key: str, cell: str, tmp_path: Path
) -> None:
    """The attempts are known, the effects are not, and one cell would tell."""
    facts = facts_of(keyed(key), tmp_path)
    assert (facts.attempts, facts.effects, facts.mint_level) == (90, None, None)
    assert facts.reminting_layers == ()
    assert cell in missing(facts)


@pytest.mark.parametrize("cells", ["", ", window: null"])
def test_a_key_without_a_window_promises_nothing(cells: str, tmp_path: Path) -> None:
    """How long a key is remembered must be said where calls are repeated with it."""
    text = "effect: spend, timeout: 30s, retry: stack, idempotency: "
    text += f"{{strategy: key, key: {{source: business_key}}{cells}}}"
    facts = facts_of(text, tmp_path)
    assert facts.effects is None
    assert missing(facts) == ["window"]


@pytest.mark.parametrize(
    ("cells", "protection", "effects"),
    [
        ("effect: mutate, idempotency: {strategy: natural}", "natural", 1),
        ("effect: append, idempotency: {strategy: natural}", "natural", 1),
        ("effect: notify, idempotency: {strategy: natural}", "none", 90),
        ("effect: spend, idempotency: {strategy: natural}", "none", 90),
        (
            "effect: mutate, idempotency: {strategy: conditional, precondition: sha}",
            "conditional",
            1,
        ),
        ("effect: mutate, idempotency: {strategy: conditional, precondition: null}", "none", 90),
        ("effect: mutate, idempotency: {strategy: conditional}", None, None),
        ("effect: mutate, idempotency: {strategy: lookup_first}", "none", 90),
        ("effect: mutate, idempotency: {strategy: none}", "none", 90),
        ("effect: mutate, idempotency: null", "none", 90),
        ("effect: mutate, idempotency: {strategy: null}", "none", 90),
        ("effect: mutate, idempotency: {strategy: key, key: null}", "none", 90),
        ("effect: mutate, idempotency: {strategy: key}", None, None),
        ("effect: mutate", None, None),
        ("effect: mutate, annotations: {idempotentHint: true}", None, None),
        ("idempotency: {strategy: natural}", None, None),
    ],
)
def test_a_word_alone_protects_nothing(
    cells: str, protection: str | None, effects: int | None, tmp_path: Path
) -> None:
    """Only what makes a repeat harmless counts; a hint of the tool's server is not looked at."""
    facts = facts_of(f"timeout: 30s, retry: stack, {cells}", tmp_path)
    assert (facts.protection, facts.effects) == (protection, effects)
    assert bool(facts.missing) == (protection is None)


@pytest.mark.parametrize(
    ("cells", "repeatable"),
    [
        ("effect: spend, retry: stack, idempotency: {strategy: none}", True),
        ("effect: read, retry: stack", False),
        ("effect: spend, retry: once", False),
        ("effect: spend, retry: null", False),
        ("effect: mutate, retry: stack, idempotency: {strategy: natural}", False),
        ("effect: mutate, idempotency: {strategy: natural}", False),
        ("effect: spend, retry: stack", None),
        ("effect: spend, idempotency: {strategy: none}", None),
        ("retry: stack, idempotency: {strategy: none}", None),
    ],
)
def test_a_repeat_matters_only_for_a_retried_write_that_no_state_protects(
    cells: str, *, repeatable: bool | None, tmp_path: Path
) -> None:
    """Rules about keys have nothing to say where nothing is repeated or a repeat is harmless."""
    assert facts_of(f"timeout: 30s, {cells}", tmp_path).repeatable is repeatable


def test_one_attempt_has_one_effect_whatever_is_not_said(tmp_path: Path) -> None:
    """A write that no layer repeats needs no key."""
    facts = facts_of("effect: spend, timeout: 30s, retry: once", tmp_path)
    assert (facts.attempts, facts.effects) == (1, 1)


def test_a_tool_without_retry_profile_says_nothing(tmp_path: Path) -> None:
    """The open cell is the profile, and nothing else is claimed."""
    facts = facts_of("effect: spend, idempotency: {strategy: none}", tmp_path)
    assert (facts.attempts, facts.effects, facts.last_start) == (None, None, None)
    assert missing(facts) == ["retry"]


def test_layers_that_every_agent_has_must_be_declared(tmp_path: Path) -> None:
    """The layer that makes the key is part of the stack too; a person who asks again is not."""
    profile = "retry_profiles: {stack: {layers: [{layer: sdk, max_attempts: 2}]}}"
    step = "source: orchestrator_step, minted_at: {}"
    facts = facts_of(keyed(step.format("workflow")), tmp_path, profile)
    assert facts.undeclared_layers == ("framework", "workflow", "planner")
    facts = facts_of(keyed(step.format("user")), tmp_path, profile)
    assert facts.undeclared_layers == ("framework", "planner")


@pytest.mark.parametrize("attempts", ["0", "unlimited", "null"])
def test_no_limit_and_no_total_timeout_is_unbounded(attempts: str, tmp_path: Path) -> None:
    """Zero, null and `unlimited` are three ways to write that nothing ends a layer."""
    profile = (
        f"retry_profiles: {{stack: {{layers: [{{layer: workflow, max_attempts: {attempts}}}]}}}}"
    )
    facts = facts_of(keyed("source: business_key"), tmp_path, profile)
    assert (facts.attempts, facts.effects, facts.last_start) == (inf, inf, NO_END)
    assert facts.unbounded_layers == ("workflow",)
    assert facts.amplification == "workflow without end"


@pytest.mark.parametrize(
    ("layer", "cell"),
    [
        ("layer: sdk", "max_attempts"),
        ("layer: queue, max_attempts: 2", "visibility_timeout"),
        ("layer: sdk, max_attempts: 3, initial_interval: 1s", "backoff_coefficient"),
        (
            "layer: sdk, max_attempts: 2, initial_interval: {unknown: true, owner: a}",
            "initial_interval",
        ),
    ],
)
def test_a_layer_names_the_cell_that_it_leaves_open(layer: str, cell: str, tmp_path: Path) -> None:
    """What cannot be computed says which cell would tell."""
    profile = f"retry_profiles: {{stack: {{layers: [{{{layer}}}]}}}}"
    facts = facts_of(keyed("source: business_key"), tmp_path, profile)
    assert facts.last_start is None
    assert cell in missing(facts)


def test_an_open_timeout_leaves_the_clock_open_and_not_the_count(tmp_path: Path) -> None:
    """Ninety attempts are ninety attempts, however long each takes."""
    facts = facts_of("effect: notify, retry: stack, idempotency: {strategy: none}", tmp_path)
    assert (facts.attempts, facts.effects, facts.worst_duration) == (90, 90, None)
    assert missing(facts) == ["timeout"]


def test_a_call_without_timeout_never_ends(tmp_path: Path) -> None:
    """`timeout: null` claims that there is none."""
    cells = "effect: notify, timeout: null, retry: stack, idempotency: {strategy: none}"
    assert facts_of(cells, tmp_path).worst_duration == NO_END


def test_a_profile_without_layers_is_open(tmp_path: Path) -> None:
    """A profile that is only a name says nothing."""
    facts = facts_of(keyed("source: business_key"), tmp_path, "retry_profiles: {stack: {}}")
    assert missing(facts) == ["layers"]


@pytest.mark.parametrize(("effect", "write"), [("read", False), ("append", True), (None, None)])
def test_everything_but_reading_is_a_write(
    effect: str | None, *, write: bool | None, tmp_path: Path
) -> None:
    """An effect that is not stated is neither."""
    cells = f"effect: {effect}" if effect else ""
    inventory = inventory_of(f"tools:\n  tool: {{{cells}}}\n", tmp_path)
    assert is_write(inventory.tools["tool"]) is write


def test_the_farther_out_a_key_is_made_the_fewer_effects(tmp_path: Path) -> None:
    """Moving the mint level outwards never adds an effect while keys are remembered."""
    counts = []
    for level in LAYERS:
        facts = facts_of(keyed(f"source: orchestrator_step, minted_at: {level}"), tmp_path)
        counts.append(facts.effects or 0)
    assert counts == sorted(counts, reverse=True)
