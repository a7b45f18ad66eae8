"""Tells everything that an agent reaches, without judging it."""

from __future__ import annotations

from blastlint import reach
from blastlint.evidence import read_evidence
from blastlint.granted import no_such
from blastlint.inventory.loading import load
from blastlint.progress import now
from blastlint.reporters.escape import shown
from blastlint.reporters.json import dumps, reach_row
from blastlint.reporters.text import step
from blastlint.reporters.words import count
from blastlint.summary import reach_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.finding import ReachRow


def reach_of(paths: Sequence[str], agent: str, system: str, form: str) -> str:
    """Return everything that an agent reaches, as text or JSON.

    Args:
        paths: inventories.
        agent: id of the agent.
        system: only what leads there; empty for everything.
        form: `text` or `json`.

    Raises:
        InputError: an input is wrong, or no inventory has such an agent or system.
    """
    inventories = load(paths)
    rows: list[ReachRow] = []
    known = [name for inventory in inventories for name in inventory.agents]
    if agent not in known:
        raise no_such("agent", agent, known)
    for inventory in inventories:
        if agent in inventory.agents:
            evidence = read_evidence(inventory)[0]
            now("working out what it reaches")
            graph = reach.build(inventory, evidence)
            rows += reach_rows(graph.reached(agent))
    systems = {row.system for row in rows} | {s for i in inventories for s in i.systems}
    if system and system not in systems:
        raise no_such("system", system, sorted(systems))
    chosen = [row for row in rows if system in {"", row.system}]
    if form == "json":
        return dumps([{"agent": agent, **reach_row(row)} for row in chosen])
    return "".join(_reach_text(agent, chosen))


def _reach_text(agent: str, rows: Sequence[ReachRow]) -> Iterator[str]:
    for row in rows:
        scope = f" in {row.scope}" if row.scope not in {"", "*"} else ""
        marks = [row.reach, row.certainty, "declared" if row.declared else "NOT DECLARED"]
        what = f"{row.system}{scope}: {', '.join(row.actions)} on {row.resource}"
        yield f"{shown(what)}  ({', '.join(marks)})\n"
        for number, hop in enumerate(row.path.hops, 1):
            yield f"    {number} {shown(step(hop))}\n"
        yield from (f"    needs: {shown(need)}\n" for need in row.path.needs)
    resources = count(len(_places(rows)), "resource")
    undeclared = len(_places(row for row in rows if not row.declared))
    yield f"{shown(agent)} reaches {resources}, {undeclared} of them with undeclared actions\n"


def _places(rows: Iterable[ReachRow]) -> set[tuple[str, str, str]]:
    """Return the resources of some rows, each once however many ways lead there."""
    return {(row.system, row.scope, row.resource) for row in rows}
