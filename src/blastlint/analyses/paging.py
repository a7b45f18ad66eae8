"""What pages people, and who stands where only a person should: pagers, machines, channels."""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.analyses.digraph import reached
from blastlint.analyses.escalation import targets
from blastlint.analyses.recovery import dead_end, recovery_edges
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import EscalationPolicy, System, Tool

MACHINES = frozenset({"agent", "service", "webhook"})
"""Kinds of target that are no people and no place where people look."""
PAGERS = frozenset({"pager", "pagerduty", "opsgenie"})
"""Kinds of system that call people."""
RESERVED = ("acknowledged", "resolved")
"""Words that end a page when somebody believes them."""

_HARMLESS = frozenset({"read", "only", "get", "list", "view", "search", "page", "call", "notify"})
"""Verbs that look at pages, or start one and leave every other as it is."""
_MAKING = frozenset({"create", "trigger", "send"})
_PAGES = frozenset({"incident", "alert", "event", "page", "call", "message"})
"""What may be made on a pager without a change to whom it calls, in the singular."""
_BESIDE = frozenset({"notes", "comments", "status_updates", "change_events", "subscribers"})
"""What stands beside a page: writing it takes nobody's page away."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Machines at which a page ends for good."""

    names: tuple[str, ...]
    """As written: `agent:ID`, `webhook:NAME`; none if it ends with people or elsewhere."""
    missing: tuple[Cell, ...] = ()
    """Cells that could name people; none: it is certain."""


def is_pager(system: System) -> bool:
    """Return whether a system is there to call people; silence about its kind means no."""
    return (system.kind or "").lower() in PAGERS


def acknowledges(resource: str, action: str) -> bool:
    """Return whether an action on a pager can take, end or silence a page, or change who is paged.

    Scopes of PagerDuty (`incidents.write`), access rights of Opsgenie (`Create and Update`) and
    plain verbs are understood. Only what is known to read, or to start a page, does not.
    """
    words = action.lower().replace(":", ".").replace("/", ".").split(".")
    verbs = set(words[-1].replace("_", " ").split()) - {"and"}
    objects = {*words[:-1], *resource.lower().replace("/", ".").split(".")}
    made = any(thing.removesuffix("s") in _PAGES for thing in objects)
    return not (verbs <= _HARMLESS or objects & _BESIDE or (made and verbs <= _HARMLESS | _MAKING))


def machine_ends(inventory: Inventory, policy: EscalationPolicy) -> Ends:
    """Return the machines of a policy's last level, if no person is in reach from there.

    An agent that turns to a policy of its own is not an end.
    """
    end = dead_end(inventory, policy)
    last = policy.rules[-1].targets if policy.rules else None
    if end is None:
        return Ends(())
    names = tuple(name for name in last or () if _is_leaf(inventory, name))
    return Ends(names, end.missing if names or last is None else ())


def _is_leaf(inventory: Inventory, name: str) -> bool:
    kind, _, id_ = name.partition(":")
    turns = kind == "agent" and inventory.agents[id_].escalation is not None
    return kind in MACHINES and not turns


def rotations_reached(inventory: Inventory) -> Mapping[str, tuple[str, ...]]:
    """Return the rotations that a page to each policy can reach, sorted, by policy id."""
    edges = recovery_edges(inventory)
    graph = {node: {edge.target for edge in edges[node]} for node in edges}
    return {
        name: tuple(
            sorted(
                node.partition(":")[2]
                for node in reached(graph, {f"policy:{name}"})
                if node.startswith("rotation:")
            )
        )
        for name in inventory.escalation_policies
    }


# --- channels -----------------------------------------------------------------------------------


def incident_channels(policies: Iterable[EscalationPolicy]) -> set[str]:
    """Return the channels to which some policies turn, or that see their pages, without `#`."""
    return {name for policy in policies for name in _channels(policy)}


def _channels(policy: EscalationPolicy) -> Iterator[str]:
    for name in _seeing(policy):
        kind, _, channel = name.partition(":")
        if kind == "channel":
            yield channel.lstrip("#")


def _seeing(policy: EscalationPolicy) -> tuple[str, ...]:
    """Return everybody who sees a page to a policy: its targets, its subscribers."""
    return (*(target.name for target in targets(policy)), *(policy.subscribers or ()))


def posts_to(tool: Tool) -> Iterator[str]:
    """Yield the resources that a tool that writes needs, written as names of channels."""
    if tool.effect != "read":
        for need in tool.requires or ():
            for resource in need.resources or ():
                yield resource.removeprefix("channel:").lstrip("#")


def machines_seeing(policy: EscalationPolicy, posters: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the machines that see a page to a policy: named in it, or posting in its channels.

    Args:
        policy: the policy.
        posters: channel to the agents whose tools post there, as `agent:ID`.
    """
    named = [name for name in _seeing(policy) if name.partition(":")[0] in MACHINES]
    posting = (agent for channel in _channels(policy) for agent in posters.get(channel, ()))
    return list(dict.fromkeys((*named, *posting)))


def unseen(policy: EscalationPolicy) -> tuple[Cell, ...]:
    """Return the cells that could name more of those who see a page to a policy."""
    levels = (cell for rule in policy.rules or () for cell in unstated(rule, "targets"))
    return (*unstated(policy, "rules", "subscribers"), *levels)
