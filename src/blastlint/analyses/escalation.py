"""Who is paged first when an agent goes wrong, and how long that takes."""

from __future__ import annotations

from datetime import timedelta

from blastlint.analyses.cells import unstated
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, EscalationPolicy, EscalationRule, Tool

HUMAN = frozenset({"rotation", "person", "team"})
"""Kinds of target that are people."""
PLACES = frozenset({"channel", "mailbox", "person", "team"})
"""Kinds of target where people may look, and that page nobody until they answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of an escalation policy."""

    name: str
    """As written: `rotation:ID`, `channel:NAME`, …"""
    level: int
    """Level of the policy, from 1."""
    after: timedelta | None
    """Time from the start of the first policy until it is paged; none: not stated."""
    rule: EscalationRule
    """The level, whose `targets` name it."""
    open: tuple[Cell, ...] = ()
    """Delays before it that are not stated."""

    @property
    def kind(self) -> str:
        """What it is: rotation, policy, agent, service, channel, mailbox, webhook, person, team."""
        return self.name.partition(":")[0]

    @property
    def id(self) -> str:
        """Its name without the kind."""
        return self.name.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Response:
    """The first person who hears of a fault of an agent, and the times until it is stopped."""

    agent: str
    """Agent id."""
    rotation: str | None
    """Rotation that is paged first; none: nobody, or not stated."""
    detection: timedelta
    """From the first bad call to its detection, by policy."""
    paged_after: timedelta | None
    """From the detection to that page: the delays of the levels before it."""
    acknowledged: timedelta | None
    """From the page to its acknowledgement: the rotation's timeout."""
    stopped: timedelta | None
    """From the decision to the last call: the kill switch, as measured."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell who and when; the kill switch's are not among them."""

    @property
    def may_be_somebody(self) -> bool:
        """Whether a rotation is paged, or could be named by a cell that is open."""
        return self.rotation is not None or bool(self.missing)

    @property
    def until_person(self) -> timedelta | None:
        """From the first bad call to a person who looks at it."""
        if self.paged_after is None or self.acknowledged is None:
            return None
        return self.detection + self.paged_after + self.acknowledged

    @property
    def until_stopped(self) -> timedelta | None:
        """From the first bad call to the last one."""
        person = self.until_person
        return None if person is None or self.stopped is None else person + self.stopped


def agents_of(inventory: Inventory, tool: Tool) -> tuple[Agent, ...]:
    """Return the agents that can call a tool, by id; `*` means all of them."""
    named = tool.agents or ()
    if "*" in named:
        return tuple(inventory.agents.values())
    return tuple(inventory.agents[name] for name in named)


def targets(policy: EscalationPolicy, reached: Target | None = None) -> tuple[Target, ...]:
    """Return the entries of a policy, first level to last, with the time at which each is paged.

    Args:
        policy: the policy.
        reached: the entry of another policy that leads to it, if there is one.
    """
    found: list[Target] = []
    after = reached.after if reached else timedelta()
    gaps = reached.open if reached else ()
    for level, rule in enumerate(policy.rules or (), start=1):
        found += (Target(name, level, after, rule, gaps) for name in rule.targets or ())
        gaps = (*gaps, *unstated(rule, "escalation_delay"))
        after = None if after is None or gaps else after + (rule.escalation_delay or timedelta())
    return tuple(found)


def first_response(inventory: Inventory, agent: Agent) -> Response:
    """Return who is paged first for an agent: the first rotation that its policy names."""
    first = _first_rotation(inventory, agent.escalation)
    rotation = inventory.rotations[first.id] if first else None
    missing = first.open if first else _why_nobody(inventory, agent)
    if rotation is not None and rotation.ack_timeout is None:
        missing = (*missing, (rotation, "ack_timeout"))
    return Response(
        agent.id,
        first.id if first else None,
        inventory.policy.detection_lag,
        first.after if first else None,
        rotation.ack_timeout if rotation else None,
        agent.kill_switch.measured if agent.kill_switch else None,
        missing,
    )


def slowest_response(inventory: Inventory, tool: Tool) -> Response | None:
    """Return the slowest response among the agents that can call a tool; unknown is slowest."""
    found = [first_response(inventory, agent) for agent in agents_of(inventory, tool)]
    return max(found, key=lambda response: response.until_person or timedelta.max, default=None)


def _first_rotation(inventory: Inventory, policy: str | None) -> Target | None:
    """Return the first rotation that a policy pages."""
    return next(paged(inventory, policy), None)


def paged(inventory: Inventory, policy: str | None) -> Iterator[Target]:
    """Walk the levels of a policy in paging order, into nested ones; yield its rotations."""
    if policy is None:
        return
    seen = {policy}
    pending: list[Iterator[Target]] = [iter(targets(inventory.escalation_policies[policy]))]
    while pending:
        target = next(pending[-1], None)
        if target is None:
            pending.pop()
        elif target.kind == "rotation":
            yield target
        elif target.kind == "policy" and target.id not in seen:
            seen.add(target.id)
            pending.append(iter(targets(inventory.escalation_policies[target.id], target)))


def rotations_paged(inventory: Inventory, policy: str | None) -> tuple[str, ...]:
    """Return every rotation that a policy pages, in paging order, and those paged after them."""
    found: dict[str, None] = {}
    for target in paged(inventory, policy):
        name: str | None = target.id
        while name is not None and name not in found:
            found[name] = None
            name = inventory.rotations[name].secondary
    return tuple(found)


def _why_nobody(inventory: Inventory, agent: Agent) -> tuple[Cell, ...]:
    """Return the open cells that could name somebody: the policy, its levels, their targets."""
    if agent.escalation is None:
        return unstated(agent, "escalation")
    policy = inventory.escalation_policies[agent.escalation]
    cells = [cell for rule in policy.rules or () for cell in unstated(rule, "targets")]
    return (*unstated(policy, "rules"), *cells)
