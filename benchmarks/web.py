"""Reaches through a web of principals of a given size, and prints what that took as JSON.

Run as `web.py flat EDGES` or `web.py chain ROLES`, each in a process of its own: the peak of
memory belongs to the whole process. What the web is made of is made before the clock starts.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
import time

from blastlint.inventory.loading import load
from blastlint.providers.grants import Becoming, Grant, Granted
from blastlint.reach import build
from blastlint.source import Location, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.inventory.loading import Inventory

AGENTS = 100
BUCKETS = 100
GRANTS = 1000
LINE = Location("evidence/roles.json", Span(1, 1, 1, 2))

HEAD = """\
version: 1
name: web
systems: {cloud: {kind: cloud}}
evidence: {roles: {kind: aws-iam, system: cloud, files: [evidence/roles.json]}}
"""


def inventory_text() -> str:
    """Return an inventory of agents, each with a shell that holds a key to a role of its own."""
    rows: dict[str, list[str]] = {"agents": [], "tools": [], "credentials": []}
    for number in range(AGENTS):
        agent, key = f"agent-{number}", f"key-{number}"
        tool = f"{{agents: [{agent}], credential: {key}, system: cloud, open_ended: shell}}"
        rows["agents"].append(f"  {agent}: {{}}\n")
        rows["tools"].append(f"  shell-{number}: {tool}\n")
        rows["credentials"].append(f"  {key}: {{principal: role-{number}}}\n")
    return HEAD + "".join(f"{section}:\n{''.join(lines)}" for section, lines in rows.items())


def flat(edges: int, seed: int = 1) -> Granted:
    """Return roles that can assume each other at random, five each: nearly all reach all."""
    dice = random.Random(seed)
    names = [f"role-{number}" for number in range(max(edges // 5, AGENTS))]
    becomings = tuple(
        Becoming(dice.choice(names), dice.choice(names), "assume the role", LINE)
        for _ in range(edges)
    )
    grants = tuple(
        Grant(dice.choice(names), "cloud", "", f"bucket-{number % BUCKETS}", "read", "read", LINE)
        for number in range(GRANTS)
    )
    return Granted(grants=grants, becomings=becomings, principals=tuple(sorted(names)))


def chain(roles: int) -> Granted:
    """Return roles of which each can assume the next; the last one may write."""
    names = [f"role-{number}" for number in range(roles)]
    becomings = tuple(
        Becoming(names[number], names[number + 1], "assume the role", LINE)
        for number in range(roles - 1)
    )
    grants = (Grant(names[-1], "cloud", "", "bucket-0", "write", "mutate", LINE),)
    return Granted(grants=grants, becomings=becomings, principals=tuple(sorted(names)))


def measured(inventory: Inventory, granted: Granted) -> dict[str, float]:
    """Return the seconds of CPU and the peak of memory of everything that a check asks for.

    That is every path of every credential, and for one credential the way hop by hop.
    """
    before = time.process_time()
    graph = build(inventory, {"roles": granted})
    paths = graph.undeclared()
    hops = len(graph.witness(paths[0]).hops)
    seconds = time.process_time() - before
    return {"seconds": seconds, "megabytes": _peak(), "paths": len(paths), "hops": hops}


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if sys.platform == "darwin" else peak / (1 << 10)


def main(kind: str, size: str, file: str) -> None:
    """Measure one web, with the collector paused as in every run of blastlint."""
    gc.disable()
    (inventory,) = load([file])
    granted = chain(int(size)) if kind == "chain" else flat(int(size))
    print(json.dumps(measured(inventory, granted)))


if __name__ == "__main__":
    main(*sys.argv[1:])
