"""Prepares what the page shows: names for places on it, owners, and findings by what they concern."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from blastlint.finding import VERDICTS
from blastlint.reporters.picture import picture
from blastlint.reporters.placing import place
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.finding import AgentSummary, Finding, InventoryReport, ReachRow, Report, ToolRow
    from blastlint.reporters.placing import Placed

NOT_STATED = frozenset({"", "not stated"})
COLUMNS = 10
"""Systems that have a column of their own in the table of agents."""
FIRST = 5
"""Things of one kind that stand on the first screen."""


@dataclass(frozen=True, slots=True)
class AgentView:
    """One agent on the page."""

    anchor: str
    inventory: InventoryReport
    summary: AgentSummary
    tools: tuple[tuple[str, ToolRow], ...]
    """Its tools, each with the name of its card."""
    placed: Placed
    rows: tuple[tuple[str, int, ReachRow], ...]
    """What it reaches: name on the page, number of the way in the picture, and the row."""
    folded: int
    """What the picture does not show by itself."""

    def way(self, number: int) -> str:
        """Return the name of the first row of a way of the picture."""
        return next((name for name, way, _ in self.rows if way == number), self.anchor)


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding on the page."""

    anchor: str
    finding: Finding
    inventory: InventoryReport
    family: str
    owners: tuple[str, ...]
    systems: tuple[str, ...]

    @property
    def agents(self) -> tuple[str, ...]:
        """Agents that it concerns."""
        return self.finding.agents


@dataclass(frozen=True, slots=True)
class Ask:
    """One next step, and what it clears."""

    views: tuple[FindingView, ...]

    @property
    def first(self) -> FindingView:
        """The finding that speaks for it."""
        return self.views[0]

    @property
    def owners(self) -> tuple[str, ...]:
        """Who has to take the step."""
        return tuple(dict.fromkeys(owner for view in self.views for owner in view.owners))


def anchor(kind: str, *names: str) -> str:
    """Return the name of a place on the page: the same in every run, and never what is named."""
    said = "\n".join(names).encode(errors="backslashreplace")
    return f"{kind}-{sha256(said).hexdigest()[:10]}"


def agents(report: Report) -> list[AgentView]:
    """Return every agent, the worst first, each under a name of its own."""
    names: Counter[str] = Counter()
    found = []
    for inventory in report.inventories:
        for one in inventory.agents:
            name = anchor("agent", inventory.name, inventory.root, one.id)
            names[name] += 1
            own = name if names[name] == 1 else f"{name}-{names[name]}"
            found.append(_agent(own, inventory, one))
    return sorted(found, key=_worst)


def _worst(view: AgentView) -> tuple[int, int, int]:
    one = view.summary
    return (VERDICTS.index(one.verdict), -one.undeclared, -int(one.tier[1:] or 0))


def _agent(name: str, inventory: InventoryReport, one: AgentSummary) -> AgentView:
    tools = [tool for tool in inventory.tools if one.id in tool.agents]
    drawn = picture(one, tools)
    rows = [(way, row) for way, entry in enumerate(drawn.entries) for row in entry.rows]
    return AgentView(
        anchor=name,
        inventory=inventory,
        summary=one,
        tools=tuple((f"{name}-t{n}", tool) for n, tool in enumerate(tools)),
        placed=place(drawn),
        rows=tuple((f"{name}-r{n}", way, row) for n, (way, row) in enumerate(rows)),
        folded=drawn.folded,
    )


def findings(report: Report) -> list[FindingView]:
    """Return every finding in the order to work through them."""
    families = {rule.id: rule.family for rule in report.rules}
    seen: Counter[str] = Counter()
    pairs = [(f, inventory) for inventory in report.inventories for f in inventory.findings]
    found = []
    for finding, inventory in sorted(pairs, key=lambda pair: pair[0].order):
        name = f"finding-{finding.fingerprint}"
        seen[name] += 1
        own = name if seen[name] == 1 else f"{name}-{seen[name]}"
        family = families.get(finding.rule, "")
        found.append(
            FindingView(
                own,
                finding,
                inventory,
                family,
                owners(finding, inventory),
                systems(finding, inventory),
            )
        )
    return found


def owners(finding: Finding, inventory: InventoryReport) -> tuple[str, ...]:
    """Return who has to act on a finding: a system's owner for a system, else the agents' owners."""
    if finding.subject.kind == "system":
        own = {tool.owner for tool in inventory.tools if tool.system == finding.subject.id}
        if own - NOT_STATED:
            return tuple(sorted(own - NOT_STATED))
    concerned = (one for one in inventory.agents if one.id in finding.agents)
    return tuple(sorted({one.owner for one in concerned} - NOT_STATED))


def systems(finding: Finding, inventory: InventoryReport) -> tuple[str, ...]:
    """Return the systems that a finding's subject names."""
    known = {system for one in inventory.agents for system in one.systems}
    known |= {tool.system for tool in inventory.tools}
    used = {tool.id: tool.system for tool in inventory.tools}
    named = finding.subject.id.split(" ")[-1].partition("->")
    place = named[2] or named[0]
    tries = (place, place.partition("/")[0], used.get(named[0], ""), used.get(place, ""))
    return tuple(dict.fromkeys(one for one in tries if one in known - NOT_STATED))


def steps(views: Iterable[FindingView]) -> list[Ask]:
    """Return the next steps that clear what stands against a launch for sure, reach first."""
    open_ = [v for v in views if v.finding.severity == "error" and not v.finding.waiver]
    return _asked([v for v in open_ if v.finding.certainty == "certain"])


def questions(views: Iterable[FindingView]) -> list[Ask]:
    """Return what nobody can tell yet, and what would be known with an answer."""
    open_ = [v for v in views if v.finding.severity == "error" and not v.finding.waiver]
    return _asked([v for v in open_ if v.finding.certainty == "possible"])


def _asked(views: Sequence[FindingView]) -> list[Ask]:
    cleared: dict[str, list[FindingView]] = {}
    for view in views:
        cleared.setdefault(view.finding.fix or view.anchor, []).append(view)
    asks = [Ask(tuple(some)) for some in cleared.values()]
    return sorted(asks, key=lambda ask: (ask.first.finding.path is None, -len(ask.views)))


def columns(views: Iterable[AgentView]) -> tuple[list[str], bool]:
    """Return the systems that most agents reach, and whether there are more of them."""
    reached = Counter(system for view in views for system in view.summary.systems)
    ranked = sorted(reached, key=lambda system: (-reached[system], system))
    return ranked[:COLUMNS], len(ranked) > COLUMNS


def reached(one: AgentSummary, system: str) -> tuple[int, int, bool]:
    """Return how many actions on a system are declared, how many not, and if all are latent."""
    rows = [row for row in one.reach if row.system == system]
    declared = sum(len(row.actions) for row in rows if row.declared)
    count = sum(len(row.actions) for row in rows)
    return declared, count - declared, all(row.reach == "latent" for row in rows)


def named(views: Iterable[FindingView], name: str) -> list[str]:
    """Return every name that findings can be chosen by, sorted."""
    values = (getattr(view, name) for view in views)
    said = (value if isinstance(value, tuple) else (value,) for value in values)
    return sorted({one for some in said for one in some if one})
