"""Reads a report back from its JSON, so that any format can be made of it later."""

from __future__ import annotations

import json
import os
from datetime import date

from blastlint.data import schema_path
from blastlint.dossier import Dossier
from blastlint.dossier.plain import from_plain
from blastlint.finding import (
    AgentSummary,
    EvidenceFile,
    Finding,
    InventoryReport,
    ReachRow,
    Report,
    RuleSummary,
    Standing,
    ToolRow,
    Waiver,
)
from blastlint.reach import BlastPath, Cut, Hop
from blastlint.repair import Repair
from blastlint.reporters.json import SCHEMA
from blastlint.source import WHOLE_FILE, InputError, Location, Problem, Root, Span, shown
from blastlint.subjects import SubjectId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = dict[str, Any]
    """An object of the contract."""


_WRITE = "write one with `blastlint check --format json --output FILE`"
_LARGEST = 512 * 1024 * 1024
"""Bytes that a report may have."""


def load(file: str) -> Report:
    """Return the report that a file holds.

    Raises:
        InputError: it cannot be read, or is no report of this version.
    """
    folder, name = os.path.split(file)
    data = Root(folder or ".", folder).read_bytes(name, _LARGEST)
    place = Location(file, WHOLE_FILE)
    try:
        text = data.decode()
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(Problem(f"{shown(file)} is no JSON", place, _WRITE)) from None
    wrong = _mismatch(value)
    if wrong:
        raise InputError(
            Problem(f"{shown(file)} is no report that can be read: {wrong}", place, _WRITE)
        )
    return from_json(text)


def _mismatch(value: object) -> str:
    """Return where a value leaves the contract, and how; nothing if it keeps to it."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 -- only a saved report needs it
    from jsonschema.exceptions import best_match  # noqa: PLC0415

    with open(schema_path("report"), encoding="utf-8") as contract:
        schema = json.load(contract)
    error = best_match(Draft202012Validator(schema).iter_errors(value))
    return f"{error.json_path}: {error.message[:200]}" if error else ""


def from_json(text: str) -> Report:
    """Return the report that a JSON report was made of.

    The text is trusted to follow the contract: check a foreign one against the schema first.
    """
    data = json.loads(text)
    if data["schema"] != SCHEMA:
        message = f"this is a {data['schema']!r} report; {SCHEMA!r} is what can be read"
        raise ValueError(message)
    return Report(
        version=data["version"],
        as_of=date.fromisoformat(data["as_of"]),
        inventories=tuple(map(_inventory, data["inventories"])),
        rules=tuple(RuleSummary(**_frozen(rule)) for rule in data["rules"]),
        policy_digest=data["policy_digest"],
    )


def _frozen(values: Json) -> Json:
    """Make tuples of an object's lists."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }


def _inventory(data: Json) -> InventoryReport:
    return InventoryReport(
        name=data["name"],
        root=data["root"],
        verdict=data["verdict"],
        agents=tuple(map(_agent, data["agents"])),
        tools=tuple(ToolRow(**_frozen(tool)) for tool in data["tools"]),
        findings=tuple(map(_finding, data["findings"])),
        cells_needed=data["cells"]["needed"],
        cells_stated=data["cells"]["stated"],
        standing=Standing(**_frozen(data["standing"])),
        evidence=tuple(EvidenceFile(**one) for one in data["evidence"]),
        compared=data["compared"],
        set_aside=tuple(data["set_aside"]),
        waivers=tuple(map(_waiver, data["waivers"])),
        policy=tuple((one["name"], one["value"]) for one in data["policy"]),
        gathered=from_plain(Dossier, data["dossier"]),
    )


def _agent(data: Json) -> AgentSummary:
    return AgentSummary(**_frozen(data | {"reach": list(map(_row, data["reach"]))}))


def _row(data: Json) -> ReachRow:
    return ReachRow(**_frozen(data | {"path": _path(data["path"])}))


def _finding(data: Json) -> Finding:
    values = {name: value for name, value in data.items() if name != "fingerprint"}
    values |= {
        "subject": SubjectId(**data["subject"]),
        "location": _place(data["location"]),
        "related": list(map(_place, data["related"])),
        "path": _path(data["path"]) if data["path"] else None,
        "cut": Cut(**_frozen(data["cut"])) if data["cut"] else None,
        "waiver": _waiver(data["waiver"]) if data["waiver"] else None,
        "repair": Repair(**data["repair"]) if data["repair"] else None,
    }
    return Finding(**_frozen(values))


def _place(data: Json) -> Location:
    span = Span(data["line"], data["column"], data["end_line"], data["end_column"])
    return Location(data["file"], span, data["note"], data["text"])


def _path(data: Json) -> BlastPath:
    return BlastPath(**_frozen(data | {"hops": list(map(_hop, data["hops"]))}))


def _hop(data: Json) -> Hop:
    return Hop(
        source=data["from"],
        target=data["to"],
        edge=data["edge"],
        why=data["why"],
        location=_place(data["location"]) if data["location"] else None,
        certainty=data["certainty"],
    )


def _waiver(data: Json) -> Waiver:
    expires = date.fromisoformat(data["expires"])
    return Waiver(**data | {"expires": expires, "location": _place(data["location"])})
