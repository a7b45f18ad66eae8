"""Writes a report as the published JSON contract, and reads one back."""

from __future__ import annotations

import json

from blastlint.reporters.words import totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from blastlint.finding import (
        AgentSummary,
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
    from blastlint.source import Location

    Json = dict[str, Any]
    """An object of the contract."""

SCHEMA = "blastlint.report/v1"
"""Names the contract and its version."""


def render(report: Report) -> str:
    """Return the report as JSON: stable order, ASCII, a newline at the end."""
    return dumps(as_json(report))


def dumps(value: object) -> str:
    """Return any value as this project writes JSON."""
    return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def as_json(report: Report) -> Json:
    """Return the report as plain values, in the order of the contract."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "as_of": report.as_of.isoformat(),
        "verdict": report.verdict,
        "summary": _summary(report),
        "policy_digest": report.policy_digest,
        "inventories": [_inventory(inventory) for inventory in report.inventories],
        "rules": [_rule(rule) for rule in report.rules],
    }


def _summary(report: Report) -> Json:
    numbers = totals(report.inventories)
    return {
        "errors": numbers.errors,
        "warnings": numbers.warnings,
        "notes": numbers.notes,
        "waived": numbers.waived,
        "possible": numbers.possible,
        "known": numbers.known,
        "inventories": len(report.inventories),
        "agents": numbers.agents,
        "tools": numbers.tools,
        "systems": numbers.systems,
        "rules": len(report.rules),
        "passes": report.passes,
    }


def _inventory(inventory: InventoryReport) -> Json:
    from blastlint.dossier.plain import as_plain  # noqa: PLC0415 -- only whole reports need it

    return {
        "name": inventory.name,
        "root": inventory.root,
        "verdict": inventory.verdict,
        "standing": _standing(inventory.standing),
        "cells": {"needed": inventory.cells_needed, "stated": inventory.cells_stated},
        "agents": [_agent(agent) for agent in inventory.agents],
        "tools": [_tool(tool) for tool in inventory.tools],
        "findings": [finding(found) for found in inventory.findings],
        "evidence": [
            {"file": one.file, "kind": one.kind, "digest": one.digest, "system": one.system}
            for one in inventory.evidence
        ],
        "compared": inventory.compared,
        "set_aside": list(inventory.set_aside),
        "waivers": [waiver(accepted) for accepted in inventory.waivers],
        "policy": [{"name": name, "value": value} for name, value in inventory.policy],
        "dossier": as_plain(inventory.dossier),
    }


def _standing(standing: Standing) -> Json:
    return {name: _plain(getattr(standing, name)) for name in standing.__slots__}


def _agent(agent: AgentSummary) -> Json:
    return {
        "id": agent.id,
        "verdict": agent.verdict,
        "tier": agent.tier,
        "owner": agent.owner,
        "systems": list(agent.systems),
        "declared": agent.declared,
        "undeclared": agent.undeclared,
        "reach": [reach_row(row) for row in agent.reach],
    }


def reach_row(row: ReachRow) -> Json:
    """Return one reachable action as the contract writes it."""
    return {
        "system": row.system,
        "scope": row.scope,
        "resource": row.resource,
        "actions": list(row.actions),
        "effects": list(row.effects),
        "certainty": row.certainty,
        "declared": row.declared,
        "reach": row.reach,
        "through": list(row.through),
        "path": blast_path(row.path),
    }


def _tool(tool: ToolRow) -> Json:
    return {name: _plain(getattr(tool, name)) for name in tool.__slots__}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def finding(found: Finding) -> Json:
    """Return a finding as the contract writes it."""
    return {
        "rule": found.rule,
        "title": found.title,
        "severity": found.severity,
        "certainty": found.certainty,
        "message": found.message,
        "subject": {"kind": found.subject.kind, "id": found.subject.id},
        "agents": list(found.agents),
        "location": place(found.location),
        "related": _places(found.related),
        "path": blast_path(found.path) if found.path else None,
        "cut": _cut(found.cut) if found.cut else None,
        "fix": found.fix,
        "fingerprint": found.fingerprint,
        "folded": list(found.folded),
        "alike": list(found.alike),
        "known": found.known,
        "waiver": waiver(found.waiver) if found.waiver else None,
        "repair": {"title": found.repair.title, "safe": found.repair.safe}
        if found.repair
        else None,
    }


def _places(locations: Iterable[Location]) -> list[Json]:
    return [place(location) for location in locations]


def place(location: Location) -> Json:
    """Return a place as the contract writes it."""
    span = location.span
    return {
        "file": location.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "note": location.note,
        "text": location.text,
    }


def blast_path(path: BlastPath) -> Json:
    """Return a blast path as the contract writes it."""
    return {
        "agent": path.agent,
        "certainty": path.certainty,
        "reach": path.reach,
        "gates": list(path.gates),
        "needs": list(path.needs),
        "hops": [_hop(hop) for hop in path.hops],
    }


def _hop(hop: Hop) -> Json:
    return {
        "from": hop.source,
        "to": hop.target,
        "edge": hop.edge,
        "why": hop.why,
        "certainty": hop.certainty,
        "location": place(hop.location) if hop.location else None,
    }


def _cut(cut: Cut) -> Json:
    return {"remove": list(cut.remove), "closes": cut.closes}


def waiver(accepted: Waiver) -> Json:
    """Return a waiver as the contract writes it."""
    return {
        "id": accepted.id,
        "rule": accepted.rule,
        "subject": accepted.subject,
        "reason": accepted.reason,
        "approved_by": accepted.approved_by,
        "expires": accepted.expires.isoformat(),
        "location": place(accepted.location),
    }


def _rule(rule: RuleSummary) -> Json:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "profile": rule.profile,
        "family": rule.family,
        "why": rule.why,
        "fix": rule.fix,
        "refs": list(rule.refs),
        "tags": list(rule.tags),
    }
