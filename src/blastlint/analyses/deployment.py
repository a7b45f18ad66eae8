"""What was released against what runs: fixes in force, abilities proven, upgrades that can upgrade.

A fix counts when the version that carries it runs. A capability counts when it has run for real.
A deployment that only a capability of its own agents can replace cannot receive the fix for that
capability: the upgrade path delivers its own repair.
"""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.digraph import components, reached, turned
from blastlint.analyses.versions import compare_versions
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Literal

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Capability, Deployment, Mitigation

    Release = Literal["same", "behind", "ahead", "other"]


@dataclass(frozen=True, slots=True)
class Force:
    """Whether a fix is in force."""

    running: str | None
    """Version that runs; none: nothing does, or it is not stated."""
    holds: bool | None
    """True if what runs carries the fix; none: not stated, or the versions do not compare."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell; none where the versions do not compare."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Deployments that only they themselves can replace."""

    names: tuple[str, ...]
    """Their ids, sorted: each is rolled out by an agent of another one of them, or its own."""
    missing: tuple[Cell, ...]
    """Cells that could name a way past; none: it is certain that there is none."""


def exercised(capability: Capability) -> bool | None:
    """Return whether a capability has ever run for real; none if that is not stated.

    A number of runs decides, then a day of the last one. Without both, what is switched off has
    not run.
    """
    if capability.live_runs is not None:
        return capability.live_runs > 0
    if capability.last_live_run is not None:
        return True
    off = capability.enabled is False
    return None if unstated(capability, "live_runs") and not off else False


def release_state(deployment: Deployment) -> Release | None:
    """Return how what runs relates to the latest release; none if one of them is not stated.

    `other` means that they differ, and nobody can say which one is later.
    """
    if unstated(deployment, "released", "running"):
        return None
    if deployment.released is None:
        return "same" if deployment.running is None else "ahead"
    if deployment.running is None:
        return "behind"
    order = compare_versions(deployment.running, deployment.released)
    return "other" if order is None else ("same", "ahead", "behind")[order]


def in_force(inventory: Inventory, agent: Agent, mitigation: Mitigation) -> Force:
    """Return whether what runs of an agent carries a fix that it relies on.

    A fix without a version is in no release, and with nothing running nothing is in force.
    """
    if agent.deployment is None:
        return Force(None, None, unstated(agent, "deployment"))
    deployment = inventory.deployments[agent.deployment]
    missing = (*unstated(mitigation, "since"), *unstated(deployment, "running"))
    if missing:
        return Force(deployment.running, None, missing)
    if mitigation.since is None or deployment.running is None:
        return Force(deployment.running, holds=False)
    order = compare_versions(deployment.running, mitigation.since)
    return Force(deployment.running, None if order is None else order >= 0)


def bootstraps(inventory: Inventory) -> tuple[Bootstrap, ...]:
    """Return the deployments that can only be replaced by themselves, knot by knot.

    An edge leads from a deployment to those whose agents have the capability that rolls it out.
    People get in where a runbook installs a release by hand, and from there along the edges.
    """
    homes = _homes(inventory)
    every = inventory.deployments
    graph = {name: homes.get(one.rolled_out_by, set()) for name, one in every.items()}
    open_ = {name for name, one in every.items() if one.out_of_band or not graph[name]}
    safe = reached(turned(graph), open_)
    lost = {name: targets for name, targets in graph.items() if name not in safe}
    return tuple(
        _bootstrap(inventory, knot)
        for knot in components(lost)
        if len(knot) > 1 or any(name in lost[name] for name in knot)
    )


def _bootstrap(inventory: Inventory, knot: Collection[str]) -> Bootstrap:
    names = tuple(sorted(knot))
    parts = (inventory.deployments[name] for name in names)
    return Bootstrap(names, tuple(cell for one in parts for cell in unstated(one, "out_of_band")))


def _homes(inventory: Inventory) -> Mapping[str | None, set[str]]:
    """Return the deployments whose agents have a capability, by themselves or in a tool."""
    found: dict[str | None, set[str]] = {}
    for agent in inventory.agents.values():
        if agent.deployment is not None:
            for name in agent.capabilities or ():
                found.setdefault(name, set()).add(agent.deployment)
    for tool in inventory.tools.values():
        for name in _callers(inventory, tool.agents or ()):
            home = inventory.agents[name].deployment
            if tool.capability is not None and home is not None:
                found.setdefault(tool.capability, set()).add(home)
    return found


def _callers(inventory: Inventory, names: Collection[str]) -> Collection[str]:
    return inventory.agents if "*" in names else [n for n in names if n in inventory.agents]
