"""The examples in the published schemas: taken from the worked inventories and the rules.

What an editor shows beside a field was written for a story that is judged in the tests. The few
fields that no story needs have their example in the table here.
"""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blastlint.inventory.shape import EVIDENCE_FOLDER, ROOT, UNKNOWN, shape
from blastlint.rules import load_rules
from blastlint.source import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.inventory.shape import Shape, Type

    Key = tuple[str, str]
    """Name of a part, and of one of its fields."""

REPO = Path(__file__).resolve().parent.parent
STORIES = ("refund-agent", "clean-production", "clean-support", "*")
"""Worked inventories, those first whose cells are the best to copy from."""
SHORT = 160
"""Characters of an example that is still read beside a field."""
REST: dict[Key, Any] = {
    (UNKNOWN, "unknown"): True,
    (UNKNOWN, "owner"): "payments",
    (UNKNOWN, "resolve_by"): "2026-07-01",
    (ROOT, "include"): ["../shared/teams.yaml"],
    ("Access", "scope"): "octo/app",
    ("Attestation", "evidence"): "https://wiki.example/reviews/stripe-2026-05",
    ("Grant", "condition"): "aws:MultiFactorAuthPresent is true",
    ("Model", "call_cost"): {"value": 0.02, "currency": "USD"},
    ("Policy", "calendar_max_age"): "30d",
    ("Policy", "min_evidence_retention"): "30d",
    ("Policy", "packs"): ["rules"],
    ("Policy", "rules"): {"over-grant": "note"},
    ("Policy", "waiver_notice"): "14d",
    ("System", "guards_agents"): ["refund-agent"],
    ("Tool", "environment"): "production",
    (ROOT, "agents"): {"refund-agent": {"owner": "support-ai", "lifecycle": "production"}},
    (ROOT, "tools"): {"stripe.refund.create": {"agents": ["refund-agent"], "system": "stripe"}},
    (ROOT, "systems"): {"stripe": {"owner": "payments", "on_call": "payments-oncall"}},
    (ROOT, "credentials"): {"stripe-rk": {"kind": "api_key", "owner": "payments"}},
    (ROOT, "severity_in"): {"pilot": "warning"},
    ("SeverityIn", "pilot"): "warning",
    ("SeverityIn", "production"): "error",
    ("SeverityIn", "regulated"): "error",
}
"""What no story says, or none shortly."""


_REST = {key: [value] for key, value in REST.items()}


def illustrated(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a schema with an example at each of its properties.

    Args:
        schema: as the models say it.
        name: `rule`, or what it is of an inventory.
    """
    found = _of_rules() if name == "rule" else _of_inventories()
    made = deepcopy(schema)
    for part, said in {**made["$defs"], ROOT: made}.items():
        for field, property_ in said.get("properties", {}).items():
            property_["examples"] = [_best(found, part, field)]
    return made


def _best(found: dict[Key, list[Any]], part: str, field: str) -> Any:  # noqa: ANN401 -- any JSON
    """Return the first example that is short; else the shortest; else one of a field alike."""
    options = found.get((part, field)) or [
        value for (_, name), values in found.items() if name == field for value in values
    ]
    short = [value for value in options if len(json.dumps(value)) <= SHORT]
    return short[0] if short else min(options, key=lambda value: len(json.dumps(value)))


@cache
def _of_inventories() -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for story in STORIES:
        for file in sorted((REPO / "inventories").glob(f"{story}/**/*.yaml")):
            if EVIDENCE_FOLDER not in file.parts:
                _gather(found, shape(), file.read_bytes())
    for rule in load_rules():
        for example in rule.examples:
            _gather(found, shape(), (example.good or "{}").encode())
    return found | _REST


@cache
def _of_rules() -> dict[Key, list[Any]]:
    found: dict[Key, list[Any]] = {}
    for file in sorted((REPO / "rules").glob("*/*.yaml")):
        _gather(found, shape("rule"), file.read_bytes())
    return found | _REST


def _gather(found: dict[Key, list[Any]], known: Shape, text: bytes) -> None:
    for document in parse(text, "example.yaml"):
        for key, value in _cells(known, ROOT, document.value):
            if value not in ({}, [], "") and not _is_open(value):
                found.setdefault(key, []).append(_trimmed(value))


def _cells(known: Shape, part: str, written: dict[str, Any]) -> Iterator[tuple[Key, Any]]:
    """Yield every cell of a part and of what is inside of it."""
    for name, value in written.items():
        field = known.part(part).fields[name]
        yield (part, name), value
        for inside, below in _parts(field.type, value):
            yield from _cells(known, inside, below)


def _parts(kind: Type, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 -- any JSON
    """Yield the maps with fixed fields inside of a value, each with the name of its part."""
    if kind.kind == "part" and isinstance(value, dict):
        yield (UNKNOWN if _is_open(value) else kind.part), value
    elif kind.items and isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _parts(kind.items, item)


def _is_open(value: Any) -> bool:  # noqa: ANN401 -- any JSON
    return value is None or (isinstance(value, dict) and value.get("unknown") is True)


def _trimmed(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Return a long list or a long map by its beginning: one example is enough."""
    if len(json.dumps(value)) <= SHORT or not isinstance(value, list | dict):
        return value
    return value[:1] if isinstance(value, list) else value
