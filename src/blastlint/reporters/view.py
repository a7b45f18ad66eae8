"""Prepares what the page shows: names of places on it, owners, and what findings concern."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from hashlib import sha256

from blastlint.analyses.wallclock import of_the_week
from blastlint.finding import VERDICTS
from blastlint.inventory.zones import names, zone
from blastlint.reporters.picture import picture
from blastlint.reporters.placing import place
from blastlint.sheet.desk import span
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.dossier import (
        Access,
        AgentCard,
        CalendarCard,
        Clock,
        CredentialCard,
        LogCard,
        QuotaCard,
        RunbookCard,
        SystemCard,
        ToolCard,
    )
    from blastlint.finding import AgentSummary, Finding, InventoryReport, ReachRow, Report, ToolRow
    from blastlint.reporters.picture import Node
    from blastlint.reporters.placing import Placed

NOT_STATED = frozenset({"", "not stated"})
COLUMNS = 10
"""Systems that have a column of their own in the table of agents."""
WHOLE = 20
"""Agents, the worst first, that are told whole; of the others the page says less of each tool."""
DRAWN = 100
"""Agents, the worst first, whose reach is drawn; of the others it is listed."""
MANY = 300
"""Findings that are told whole, the gravest first; of more than that, the page says where and how
to fix them, and a browser lays out only what is in sight."""
FIRST = 5
"""Things of one kind that stand on the first screen."""


@dataclass(frozen=True, slots=True)
class AgentView:
    """One agent on the page."""

    anchor: str
    inventory: InventoryReport
    summary: AgentSummary
    card: AgentCard | None
    tools: tuple[tuple[str, ToolRow, ToolCard | None], ...]
    """Its tools, each with its name on the page."""
    placed: Placed
    rows: tuple[tuple[str, int, ReachRow], ...]
    """What it reaches: name on the page, number of the way in the picture, and the row."""
    folded: int
    """What the picture does not show by itself."""

    @property
    def systems(self) -> list[SystemCard]:
        """What is known of the systems within its reach."""
        return [one for one in self.inventory.dossier.systems if one.id in self.summary.systems]

    @property
    def credentials(self) -> list[CredentialCard]:
        """What is known of the credentials in its hands."""
        held = self.inventory.dossier.credentials
        return [one for one in held if self.summary.id in one.agents]

    @property
    def runbooks(self) -> list[RunbookCard]:
        """Its runbook, and those that undo what its tools do."""
        named = {self.card.runbook} if self.card else set()
        named |= {f"{t.undo.by.removeprefix('runbook ')}" for _, _, t in self.tools if t and t.undo}
        return [one for one in self.inventory.dossier.runbooks if one.id in named]

    @property
    def quotas(self) -> list[QuotaCard]:
        """The quotas that it draws on."""
        return [one for one in self.inventory.dossier.quotas if self.summary.id in one.agents]

    @property
    def calendars(self) -> list[CalendarCard]:
        """The calendars that systems within its reach heed, or its own planned runs."""
        meets = self.card.schedule.meets if self.card and self.card.schedule else ()
        named = {one.calendar for one in meets}
        within = set(self.summary.systems)
        calendars = self.inventory.dossier.calendars
        return [one for one in calendars if one.id in named or within & set(one.systems)]

    @property
    def clocks(self) -> list[tuple[str, Clock]]:
        """The lengths of time that must outlast others, those that lose first."""
        found = [(tool.id, clock) for _, tool, card in self.tools if card for clock in card.clocks]
        found += [(self.summary.id, clock) for clock in (self.card.clocks if self.card else ())]
        return sorted(found, key=lambda one: (one[1].holds is not False, one[1].holds is True))

    def can(self, access: Access | None, rotation: str) -> bool | None:
        """Return whether a rotation can do something; none: what decides it is not stated."""
        if access is None:
            return None
        if access.open or rotation in access.holders:
            return True
        known = {one.id: one for one in self.inventory.dossier.rotations}
        reader = known.get(rotation)
        if not access.requires or reader is None or "entitlements" in reader.gaps.unstated:
            return None
        return False

    def log(self, name: str) -> LogCard | None:
        """Return what is known of an audit log."""
        return next((one for one in self.inventory.dossier.logs if one.id == name), None)

    def way(self, number: int) -> str:
        """Return the name of the first row of a way of the picture."""
        return next((name for name, way, _ in self.rows if way == number), self.anchor)

    def target(self, node: Node) -> str:
        """Return where a node of the picture leads: a tool's card, or its first way in words."""
        named = (name for name, tool, _ in self.tools if tool.id in (node.names or (node.label,)))
        card = next(named, "") if node.kind == "called" else ""
        return card or (self.way(min(node.ways)) if node.ways else self.anchor)


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
    own = (tool for tool in inventory.tools if one.id in tool.agents)
    tools = sorted(own, key=lambda tool: tool.tier, reverse=True)
    known = {card.id: card for card in inventory.dossier.tools}
    drawn = picture(one, tools)
    rows = [(way, row) for way, entry in enumerate(drawn.entries) for row in entry.rows]
    return AgentView(
        anchor=name,
        inventory=inventory,
        summary=one,
        card=next((card for card in inventory.dossier.agents if card.id == one.id), None),
        tools=tuple((f"{name}-t{n}", tool, known.get(tool.id)) for n, tool in enumerate(tools)),
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
    """Return who has to act on a finding: the owner of a system, else the owners of agents."""
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
    said = finding.subject.id
    start, _, end = said.rpartition(" ")[2].partition("->")
    place = end or start
    tries = (said, used.get(said, ""), place, place.partition("/")[0], used.get(start, ""))
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


def length(seconds: float | None) -> str:
    """Return a length of time as people say it."""
    return "not stated" if seconds is None else span(seconds)


def local(instant: int, name: str) -> str:
    """Return an instant by the clocks of a zone; in UTC where the zone is not known."""
    try:
        found = datetime.fromtimestamp(instant, zone(name) if name in names() else UTC)
    except (OverflowError, ValueError, OSError):
        return "at no time of the calendar"
    return of_the_week(found)


def opened(rows: Iterable[ReachRow], credential: str) -> list[str]:
    """Return what a credential opens, of some rows, in words."""
    through = (row for row in rows if credential in row.through)
    return [f"{', '.join(row.actions[:3])} {row.resource} on {row.system}" for row in through]
