"""What of an agent can change, and whether somebody can turn it back and would notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.analyses.axes import unlevered, unmonitored
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

LEVERS = "rollback_levers: [{kind: code}, {kind: prompt}, {kind: model}]"
WATCHED = "model_version, tool_schema, refusal_rate"


@pytest.mark.parametrize(
    ("cells", "names", "missing"),
    [
        (f"axes: [code, prompt, model], {LEVERS}", (), []),
        (f"axes: [model, retrieval_index], {LEVERS}", ("retrieval_index",), []),
        ("axes: [prompt], rollback_levers: null", ("prompt",), []),
        ("rollback_levers: [{kind: code}]", ("prompt", "model"), []),
        (LEVERS, (), ["axes"]),
        ("axes: [prompt]", (), ["rollback_levers"]),
        ("axes: [prompt], rollback_levers: [{requires: x}]", (), ["kind"]),
        ("axes: [prompt], rollback_levers: [{requires: x}, {kind: prompt}]", (), []),
        ("axes: [], rollback_levers: []", ("code", "prompt", "model"), []),
    ],
)
def test_an_axis_without_a_lever_is_named(
    cells: str, names: tuple[str, ...], missing: list[str], tmp_path: Path
) -> None:
    """Every agent has code, prompt and model; what else changes, it must say."""
    found = unlevered(inventory_of(f"agents: {{a: {{{cells}}}}}\n", tmp_path).agents["a"])
    assert (found.names, [field for _, field in found.missing]) == (names, missing)


@pytest.mark.parametrize(
    ("cells", "names", "missing"),
    [
        (f"axes: [prompt], monitors: [{WATCHED}]", (), []),
        (f"monitors: [{WATCHED}, retrieval_freshness]", (), []),
        (f"monitors: [{WATCHED}]", (), ["axes"]),
        (f"axes: [retrieval_index], monitors: [{WATCHED}]", ("retrieval freshness",), []),
        ("monitors: [model_version, correction_rate]", ("tool schema or empty results",), []),
        (
            "monitors: null",
            (
                "model or version change",
                "tool schema or empty results",
                "refusals or quality",
            ),
            [],
        ),
        ("axes: [prompt]", (), ["monitors"]),
    ],
)
def test_a_way_to_get_worse_unseen_is_named(
    cells: str, names: tuple[str, ...], missing: list[str], tmp_path: Path
) -> None:
    """An index is watched where there is one."""
    found = unmonitored(inventory_of(f"agents: {{a: {{{cells}}}}}\n", tmp_path).agents["a"])
    assert (found.names, [field for _, field in found.missing]) == (names, missing)
