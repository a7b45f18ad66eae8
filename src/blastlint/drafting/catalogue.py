"""Rows from what companies keep: who owns what (Backstage), and what is promised (OpenSLO)."""

from __future__ import annotations

import re
from collections import Counter

from blastlint.drafting.rows import Cell, Row
from blastlint.drafting.sources import slug
from blastlint.drafting.systems import system_row, team_row
from blastlint.reporters.words import count
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from blastlint.drafting.rows import Draft
    from blastlint.drafting.sources import Source

    Entity = tuple[dict[str, Any], str]
    """A map of a catalogue, and where it stands."""

_SYSTEMS = frozenset({"API", "Component", "Resource", "System"})
"""Kinds of Backstage that can be harmed."""
_ON_CALL = ("pagerduty.com/", "opsgenie.com/", "splunk.com/on-call", "grafana.com/")
"""How annotations begin that say who is paged."""
_DAYS = {"d": 1, "w": 7, "M": 30, "Q": 91, "Y": 365}
"""Days of the units that OpenSLO's windows have and durations of an inventory have not."""


def entities(source: Source) -> list[Entity]:
    """Return the entities of a catalogue, each with its place."""
    return [
        (document.value, source.place(document.at()))
        for document in source.documents
        if isinstance(document.value, dict)
    ]


# --- Backstage ----------------------------------------------------------------------------------


def backstage(source: Source, draft: Draft) -> None:
    """Draft systems and teams from the entities of a Backstage catalogue."""
    groups = {_name(entity) for entity, _ in entities(source) if entity.get("kind") == "Group"}
    for entity, place in entities(source):
        if entity.get("kind") == "Group":
            draft.put(team_row(_name(entity), f"a group in {place}"))
        elif entity.get("kind") in _SYSTEMS:
            _entity(entity, place, groups, draft)


def facts_of_backstage(source: Source) -> list[str]:
    """Return what is worth knowing of a catalogue as a whole."""
    every = [entity for entity, _ in entities(source)]
    kinds = Counter(str(entity.get("kind")) for entity in every)
    counted = ", ".join(count(number, kind) for kind, number in sorted(kinds.items()))
    groups = {_name(entity) for entity in every if entity.get("kind") == "Group"}
    owned = [entity for entity in every if _owner(entity)]
    dangling = sum(slug(_owner(entity)) not in groups for entity in owned)
    paged = sum(bool(_on_call(entity)) for entity in every)
    resources = sorted(_name(entity) for entity in every if entity.get("kind") == "AiResource")
    return [
        f"{count(len(every), 'entity')}: {counted}",
        f"{len(owned)} name an owner, {dangling} of them one that no file here defines",
        f"{paged} say who is on call" if paged else "none says who is on call",
        *([f"AI resources: {', '.join(resources)}"] if resources else []),
    ]


def _entity(entity: dict[str, Any], place: str, groups: set[str], draft: Draft) -> None:
    name, owner = _name(entity), slug(_owner(entity))
    spec = _map(entity, "spec")
    kind = f"{entity['kind']} of type {spec['type']}" if spec.get("type") else str(entity["kind"])
    row = system_row(
        name, f"{kind} in {place}, lifecycle {spec.get('lifecycle', 'not stated')}", draft
    )
    cells = dict(row.cells)
    if owner:
        cells = {key: replace(cell, asks=cell.asks and owner) for key, cell in cells.items()}
        cells["owner"] = Cell(owner, f"spec.owner in {place}")
        defined = "a group" if owner in groups else "no file here defines this group"
        draft.put(team_row(owner, f"owner {_owner(entity)}: {defined}"))
    draft.put(Row(row.section, row.id, cells, row.about))
    paged = _on_call(entity)
    if paged:
        draft.note(3, f"{name}: {place} names {paged} for on-call: write it as a rotation")


def _name(entity: dict[str, Any]) -> str:
    """Return an entity's id; what a server is called without saying that it is one."""
    name = slug(str(_map(entity, "metadata").get("name", "")))
    return re.sub(r"-mcp(-server)?$", "", name) or "unnamed"


def _owner(entity: dict[str, Any]) -> str:
    """Return the reference to an entity's owner (`group:default/x`, `x`)."""
    return (
        str(_map(entity, "spec").get("owner") or "").removeprefix("group:").removeprefix("default/")
    )


def _on_call(entity: dict[str, Any]) -> str:
    annotations = _map(entity, "metadata").get("annotations")
    keys = annotations if isinstance(annotations, dict) else {}
    return next((str(key) for key in keys if str(key).startswith(_ON_CALL)), "")


def _map(entity: dict[str, Any], key: str) -> dict[str, Any]:
    value = entity.get(key)
    return value if isinstance(value, dict) else {}


# --- OpenSLO ------------------------------------------------------------------------------------


def openslo(source: Source, draft: Draft) -> None:
    """Draft what services promise: of the agent as its objective, of others as availability."""
    for entity, place in entities(source):
        if entity.get("kind") == "SLO":
            _promise(entity, place, draft)


def facts_of_openslo(source: Source) -> list[str]:
    """Return what is worth knowing of objectives as a whole, and each of them."""
    slos = [(entity, place) for entity, place in entities(source) if entity.get("kind") == "SLO"]
    lines = [count(len(slos), "objective")]
    for entity, place in slos:
        spec, target, window = _map(entity, "spec"), _target(entity), _window(entity)
        within = f" over {window}" if window else ""
        lines.append(f"{spec.get('service')}: {_indicator(entity)}, {target}{within} ({place})")
    return lines


def _promise(entity: dict[str, Any], place: str, draft: Draft) -> None:
    service, target = slug(str(_map(entity, "spec").get("service", ""))), _target(entity)
    if not service or target is None:
        return
    if service == draft.wishes.agent:
        window = _window(entity)
        slo = {
            "target": target,
            "indicator": _indicator(entity),
            **({"window": window} if window else {}),
        }
        draft.put(Row("agents", service, {"slo": Cell(slo, f"the objective in {place}")}))
        return
    row = system_row(service, f"a service with an objective in {place}", draft)
    cells = dict(row.cells)
    known = draft.rows.get(("systems", service))
    stated = known.cells.get("availability") if known else None
    if "availab" in _words(entity).lower() and not (stated and stated.value <= target):
        cells["availability"] = Cell(target, f"promised, not measured: the objective in {place}")
        draft.forget("systems", service, "availability")
    draft.put(Row(row.section, row.id, cells, row.about))


def _words(entity: dict[str, Any]) -> str:
    """Return everything that an objective and its indicator are called."""
    parts = (entity, _map(_map(entity, "spec"), "indicator"))
    named = [_map(part, "metadata") for part in parts]
    return " ".join(str(one.get(key, "")) for one in named for key in ("name", "displayName"))


def _target(entity: dict[str, Any]) -> float | None:
    """Return the lowest target of an objective, from 0 to 1; none if it names none."""
    objectives = _map(entity, "spec").get("objectives")
    rows = (
        [row for row in objectives if isinstance(row, dict)] if isinstance(objectives, list) else []
    )
    return min(_targets(rows), default=None)


def _targets(rows: list[dict[str, Any]]) -> Iterator[float]:
    for row in rows:
        if isinstance(row.get("target"), int | float):
            yield float(row["target"])
        elif isinstance(row.get("targetPercent"), int | float):
            yield round(row["targetPercent"] / 100, 9)


def _window(entity: dict[str, Any]) -> str:
    """Return the length of an objective's window as a duration; empty if none is stated.

    OpenSLO writes `m` for minutes in slices and `1m` of a calendar window for a month.
    """
    windows = _map(entity, "spec").get("timeWindow")
    first = windows[0] if isinstance(windows, list) and windows else {}
    text = str(first.get("duration", "")) if isinstance(first, dict) else ""
    found = re.fullmatch(r"(\d+)([mhdwMQY])", text)
    if not found:
        return ""
    number, unit = int(found[1]), found[2]
    if unit == "m" and "calendar" in first:
        unit = "M"
    return f"{number * _DAYS[unit]}d" if unit in _DAYS else f"{number}{unit}"


def _indicator(entity: dict[str, Any]) -> str:
    """Return what an objective measures, in its own words."""
    indicator = _map(_map(entity, "spec"), "indicator")
    named = _map(indicator, "metadata").get("displayName") or _map(indicator, "metadata").get(
        "name"
    )
    return str(
        named or _map(entity, "spec").get("indicatorRef") or _map(entity, "metadata").get("name")
    )
