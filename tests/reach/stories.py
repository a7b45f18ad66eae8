"""Inventories for reach: what every one of them needs, so that a test writes what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blastlint.providers.grants import Becoming, Grant, Granted
from blastlint.reach import ReachGraph, build
from blastlint.source import Location, Span
from support import inventory_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from blastlint.providers.grants import EdgeCertainty, Effect

AGENT = "agents: {bot: {}}"


def graph_of(
    text: str, tmp_path: Path, evidence: Mapping[str, Granted] | None = None
) -> ReachGraph:
    """The reach graph of an inventory's text and of evidence by id."""
    return build(inventory_of(text, tmp_path), evidence or {})


def place(number: int) -> Location:
    """A line of an evidence file."""
    return Location("evidence/rbac.yaml", Span(number, 1, number, 9))


def shown(
    holder: str,
    resource: str,
    action: str,
    *,
    effect: Effect = "mutate",
    scope: str = "*",
    system: str = "k8s",
    certainty: EdgeCertainty = "proven",
    needs: str = "",
) -> Grant:
    """A grant that evidence shows."""
    return Grant(
        holder,
        system,
        scope,
        resource,
        action,
        effect,
        place(1),
        certainty=certainty,
        needs=needs,
    )


def turning(
    holder: str,
    principal: str,
    via: str = "run a pod",
    *,
    certainty: EdgeCertainty = "proven",
    needs: str = "",
) -> Becoming:
    """A becoming that evidence shows."""
    return Becoming(holder, principal, via, place(2), certainty, needs)


def triples(graph: ReachGraph, agent: str = "bot") -> list[str]:
    """What an agent reaches, as `SYSTEM/RESOURCE:ACTION`."""
    return [f"{one.system}/{one.resource}:{one.action}" for one in graph.reached(agent)]


def whys(graph: ReachGraph, target: str, agent: str = "bot") -> list[str]:
    """The sentences of the way to `SYSTEM/RESOURCE:ACTION`."""
    for one in graph.reached(agent):
        if f"{one.system}/{one.resource}:{one.action}" == target:
            return [hop.why for hop in one.path.hops]
    raise AssertionError(target)
