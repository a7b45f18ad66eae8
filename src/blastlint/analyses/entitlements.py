"""Whether the person who must do something has the access to do it.

Access is that of the rotation: the person on call may not be on the team that the rotation is
named after, so a team's entitlements are never implied.
"""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.escalation import agents_of, first_response
from blastlint.inventory.record import state
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from blastlint.analyses.cells import Cell
    from blastlint.analyses.escalation import Response
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import (
        Agent,
        Credential,
        Reversibility,
        Runbook,
        System,
        Tool,
    )
    from blastlint.inventory.models.parts import Part


@dataclass(frozen=True, slots=True)
class Ability:
    """Whether one rotation can do one thing."""

    action: str
    """What is done, in words."""
    requires: str | None
    """Entitlement that it needs; none: it needs none, or that is not stated."""
    rotation: str | None
    """Rotation that must do it; none: nobody, or not stated."""
    can: bool | None
    """Whether it can; none: not stated."""
    part: Part
    """Where the action is written; its field `requires` names the entitlement."""
    holders: tuple[str, ...] = ()
    """Rotations that could do it, sorted."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


@dataclass(frozen=True, slots=True)
class Compensation:
    """Whether somebody can undo a call."""

    by: str
    """What undoes it: `tool ID`, `runbook ID`, `a person`, or empty for nothing."""
    executable: bool | None
    """Whether an agent or a rotation can do that; none: not stated."""
    why: str
    """The reason, in words."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


@dataclass(frozen=True, slots=True)
class LogReaders:
    """Whether those who must know can read the audit log of a system."""

    system: str
    """System id."""
    audit_log: str
    """Audit log id."""
    on_call: str | None
    """Rotation paged for the system."""
    responder: str | None
    """Rotation paged first for the agent."""
    on_call_reads: bool | None
    """Whether the former can read it."""
    responder_reads: bool | None
    """Whether the latter can."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def can(inventory: Inventory, rotation: str, entitlement: str) -> bool | None:
    """Return whether the person on call has an entitlement; none if no list says so."""
    record = inventory.rotations[rotation]
    if unstated(record, "entitlements"):
        return None
    return entitlement in (record.entitlements or ())


def holders(inventory: Inventory, entitlement: str) -> tuple[str, ...]:
    """Return the rotations that have an entitlement, sorted."""
    named = inventory.rotations.items()
    return tuple(sorted(name for name, r in named if entitlement in (r.entitlements or ())))


def ability(
    inventory: Inventory,
    rotation: str | None,
    action: str,
    part: Part,
    *,
    requires: str | None,
    unknown_reader: tuple[Cell, ...] = (),
) -> Ability:
    """Return whether a rotation can do what a part of the inventory describes.

    A `requires: null` claims that everybody can; a `requires` left out says nothing.

    Args:
        inventory: the inventory of the part.
        rotation: rotation that must do it.
        action: what is done, in words.
        part: the part, with a field `requires`.
        requires: what that field says.
        unknown_reader: cells that would tell the rotation, where none is known.
    """
    if requires is None:
        free = state(part, "requires") == "null"
        gaps = unstated(part, "requires")
        return Ability(action, None, rotation, True if free else None, part, missing=gaps)
    able = holders(inventory, requires)
    if rotation is None:
        verdict = None if unknown_reader else False
        return Ability(action, requires, None, verdict, part, able, unknown_reader)
    gaps = unstated(inventory.rotations[rotation], "entitlements")
    verdict = can(inventory, rotation, requires)
    return Ability(action, requires, rotation, verdict, part, able, gaps)


def runbook_steps(inventory: Inventory, runbook: Runbook) -> tuple[Ability, ...]:
    """Return each step of a runbook and whether its reader can do it."""
    gaps = unstated(runbook, "reader")
    return tuple(
        ability(
            inventory, runbook.reader, step.do, step, requires=step.requires, unknown_reader=gaps
        )
        for step in runbook.steps or ()
    )


def rollback_levers(inventory: Inventory, agent: Agent) -> tuple[Ability, ...]:
    """Return each way to roll an agent back and whether the rotation paged first can use it."""
    first = first_response(inventory, agent)
    return tuple(
        ability(
            inventory,
            first.rotation,
            f"roll back {lever.kind or 'it'}",
            lever,
            requires=lever.requires,
            unknown_reader=() if first.rotation else first.missing,
        )
        for lever in agent.rollback_levers or ()
    )


def kill_switch(inventory: Inventory, agent: Agent) -> Ability | None:
    """Return whether the rotation paged first can stop an agent; none without a kill switch."""
    switch = agent.kill_switch
    if switch is None:
        return None
    first = first_response(inventory, agent)
    gaps = () if first.rotation else first.missing
    action = switch.method or "stop it"
    return ability(
        inventory,
        first.rotation,
        action,
        switch,
        requires=switch.requires,
        unknown_reader=gaps,
    )


def revocation(inventory: Inventory, credential: Credential) -> Ability | None:
    """Return whether the rotation named for it can take a credential away; none if none is named.

    Whoever is named and needs no stated entitlement is believed.
    """
    way = credential.revocation
    if way is None or way.by is None:
        return None
    action = way.method or "revoke it"
    if way.requires is None:
        return Ability(action, None, way.by, can=True, part=way, holders=(way.by,))
    return ability(inventory, way.by, action, way, requires=way.requires)


def compensation(inventory: Inventory, tool: Tool) -> Compensation | None:
    """Return whether somebody can undo a call; none where the tool's class needs no undoing.

    A tool undoes it if an agent can call it and its credential is declared to open what it
    requires; a runbook, if its reader can do every step; a person, if some rotation has the
    entitlement.
    """
    way = tool.reversibility
    if way is None or way.class_ != "compensable":
        return None
    if way.compensated_by is not None:
        return _by_tool(inventory, inventory.tools[way.compensated_by])
    gaps = unstated(way, "compensated_by")
    nothing = Compensation("", None if gaps else False, "nothing is named that undoes it", gaps)
    return by_hand(inventory, way) or nothing


def by_hand(inventory: Inventory, way: Reversibility) -> Compensation | None:
    """Return whether people can undo a call; none where neither runbook nor access is named."""
    if way.runbook is not None:
        steps = runbook_steps(inventory, inventory.runbooks[way.runbook])
        return _by_runbook(way.runbook, steps)
    if way.requires is None:
        return None
    able = holders(inventory, way.requires)
    gaps = () if able else _open_lists(inventory)
    why = f"{', '.join(able) or 'no rotation'} has {way.requires}"
    return Compensation("a person", True if able else None if gaps else False, why, gaps)


def _by_tool(inventory: Inventory, tool: Tool) -> Compensation:
    by = f"tool {tool.id}"
    if tool.enabled is False:
        return Compensation(by, executable=False, why=f"{tool.id} is switched off")
    if tool.agents is not None and not agents_of(inventory, tool):
        return Compensation(by, executable=False, why=f"no agent can call {tool.id}")
    if tool.credential is None:
        gaps = unstated(tool, "agents", "credential", "requires")
        return Compensation(by, None, "its credential is not stated", gaps)
    credential = inventory.credentials[tool.credential]
    gaps = (*unstated(tool, "agents", "requires"), *unstated(credential, "grants"))
    if gaps:
        return Compensation(by, None, "what it needs or holds is not stated", gaps)
    lacking = _lacking(tool, credential)
    why = f"{tool.credential} {'lacks ' + lacking if lacking else 'opens what it needs'}"
    return Compensation(by, not lacking, why)


def _by_runbook(name: str, steps: tuple[Ability, ...]) -> Compensation:
    by = f"runbook {name}"
    blocked = [step for step in steps if step.can is False]
    if blocked:
        first = blocked[0]
        why = f"{first.rotation or 'nobody'} has no {first.requires} to {first.action}"
        return Compensation(by, executable=False, why=why)
    gaps = tuple(cell for step in steps for cell in step.missing)
    if not steps:
        return Compensation(by, executable=False, why=f"{name} has no steps")
    return Compensation(by, None if gaps else True, "its reader can do every step", gaps)


def _lacking(tool: Tool, credential: Credential) -> str:
    """Return the first thing that a tool needs and that no declared grant opens, or nothing."""
    held = {
        (resource, action)
        for grant in credential.grants or ()
        if grant.system == tool.system
        for resource in grant.resources or ()
        for action in grant.actions or ()
    }
    needed = (
        (resource, action)
        for need in tool.requires or ()
        for resource in need.resources or ()
        for action in need.actions or ()
    )
    for resource, action in needed:
        if not held & {(r, a) for r in (resource, "*") for a in (action, "*")}:
            return f"{resource}:{action}"
    return ""


def _open_lists(inventory: Inventory) -> tuple[Cell, ...]:
    """Return the rotations that do not say what access they have."""
    return tuple(c for r in inventory.rotations.values() for c in unstated(r, "entitlements"))


def log_readers(
    inventory: Inventory, agent: Agent, systems: Iterable[str]
) -> tuple[LogReaders, ...]:
    """Return who can read the audit log of each of the systems that an agent's tools act on."""
    first = first_response(inventory, agent)
    logged = (system for system in map(inventory.systems.__getitem__, systems) if system.audit_log)
    return tuple(_readers(inventory, first, system) for system in logged)


def _readers(inventory: Inventory, first: Response, system: System) -> LogReaders:
    log = inventory.audit_logs[str(system.audit_log)]
    unlisted = unstated(log, "readers")
    nobody = () if system.on_call else unstated(system, "on_call")
    unknown = () if first.rotation else first.missing
    readers = log.readers or ()
    return LogReaders(
        system.id,
        log.id,
        system.on_call,
        first.rotation,
        _reads(system.on_call, readers, (*unlisted, *nobody)),
        _reads(first.rotation, readers, (*unlisted, *unknown)),
        (*unlisted, *nobody, *unknown),
    )


def _reads(rotation: str | None, readers: Collection[str], gaps: tuple[Cell, ...]) -> bool | None:
    return None if gaps else rotation is not None and rotation in readers
