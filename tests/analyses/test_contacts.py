"""Everybody to whom an inventory turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blastlint.analyses.contacts import contacts
from blastlint.inventory.record import at
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
agents:
  a:
    audience: {intake: [{channel: desk, routes_to: "rotation:r"}, {channel: chat}]}
    commitments: [{promise: a person calls, queue: "person:P"}, {promise: done}]
    alerts: [{measure: refusal_rate, pages: "policy:p"}]
    escalates_to: ["channel:c"]
  b: {}
rotations: {r: {}}
escalation_policies: {p: {}}
runbooks: {rb: {steps: [{do: look}, {do: call, contact: "person:Q"}]}}
routes: {way: {component: "agent:a", repair_by: ["agent:b"], human_exit: "rotation:r"}}
approval_gates: {g: {approvers: "person:G"}, h: {}}
deployments: {d: {staleness_alert: {after: 1h, pages: "mailbox:m"}}, e: {}}
"""


def test_every_contact_is_listed_with_its_place(tmp_path: Path) -> None:
    """Runbooks, routes, agents, gates, deployments; a cell without anybody is none."""
    found = list(contacts(inventory_of(TEXT, tmp_path)))
    assert [(one.section, one.what, one.target, one.kind) for one in found] == [
        ("runbooks", "step 2", "person:Q", "person"),
        ("routes", "repair_by", "agent:b", "agent"),
        ("routes", "human_exit", "rotation:r", "rotation"),
        ("agents", "intake desk", "rotation:r", "rotation"),
        ("agents", 'promise "a person calls"', "person:P", "person"),
        ("agents", "alert on refusal_rate", "policy:p", "policy"),
        ("agents", "escalates_to", "channel:c", "channel"),
        ("approval_gates", "approvers", "person:G", "person"),
        ("deployments", "staleness_alert", "mailbox:m", "mailbox"),
    ]
    assert all(one.target in at(one.part, one.field).text for one in found)
