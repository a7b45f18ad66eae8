"""Everybody to whom an inventory turns outside of escalation policies, and where it says so."""

from __future__ import annotations

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, ApprovalGate, Deployment, Entity, Route, Runbook
    from blastlint.inventory.models.parts import Part

    Found = tuple[str, Any, Part, str]
    """What for, to whom, and the part and field that say so."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody or something to whom the inventory turns."""

    section: str
    entity: Entity
    """What turns to it, and in which section that stands."""
    what: str
    """What for, in words: `step 3`, `intake help desk`, `approvers`."""
    target: str
    """As written: `rotation:ID`, `person:NAME`, …"""
    part: Part
    field: str
    """Where that is written."""

    @property
    def kind(self) -> str:
        """What it is, such as rotation, person or channel."""
        return self.target.partition(":")[0]


def contacts(inventory: Inventory) -> Iterator[Contact]:
    """Yield everybody to whom runbooks, routes, agents, gates and deployments turn."""
    for section, find in _FINDERS.items():
        for entity in getattr(inventory, section).values():
            found = (one for one in find(entity) if one[1])
            yield from (Contact(section, entity, *one) for one in found)


def _of_runbook(runbook: Runbook) -> Iterator[Found]:
    for number, step in enumerate(runbook.steps or (), start=1):
        yield f"step {number}", step.contact, step, "contact"


def _of_route(route: Route) -> Iterator[Found]:
    for field in ("repair_by", "equivalents"):
        for target in getattr(route, field) or ():
            yield field, target, route, field
    yield "human_exit", route.human_exit, route, "human_exit"


def _of_agent(agent: Agent) -> Iterator[Found]:
    for intake in (agent.audience.intake if agent.audience else None) or ():
        yield f"intake {intake.channel or ''}".strip(), intake.routes_to, intake, "routes_to"
    for commitment in agent.commitments or ():
        yield f'promise "{commitment.promise}"', commitment.queue, commitment, "queue"
    for alert in agent.alerts or ():
        yield f"alert on {alert.measure}", alert.pages, alert, "pages"
    for target in agent.escalates_to or ():
        yield "escalates_to", target, agent, "escalates_to"


def _of_gate(gate: ApprovalGate) -> Iterator[Found]:
    yield "approvers", gate.approvers, gate, "approvers"


def _of_deployment(deployment: Deployment) -> Iterator[Found]:
    alert = deployment.staleness_alert
    if alert is not None:
        yield "staleness_alert", alert.pages, alert, "pages"


_FINDERS: Mapping[str, Callable[[Any], Iterable[Found]]] = {
    "runbooks": _of_runbook,
    "routes": _of_route,
    "agents": _of_agent,
    "approval_gates": _of_gate,
    "deployments": _of_deployment,
}
"""Section to the function that finds to whom its entities turn."""
