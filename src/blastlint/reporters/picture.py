"""Makes the reach picture of one agent: what is drawn, folded until a person can read it.

From left to right: the agent, what it calls, the credentials in its hands, whom it turns into with
them, and what that opens, system by system. What an action opens is an entry; every entry is one
way through the picture, and every node and edge knows which ways pass through it.
"""

from __future__ import annotations

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from blastlint.finding import AgentSummary, ReachRow, ToolRow

CALLED, HELD, ENTRIES = 12, 14, 26
"""Nodes of each part that one picture shows; what is more is folded into one."""
STEPS = 3
"""Columns for credentials and for whom they turn into."""
NO_GATE = frozenset({"", "none", "not stated"})
"""Approvals of a tool that are none."""
_PASSED = "propagates"


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be done to one resource, or to several that are reached alike."""

    system: str
    rows: tuple[ReachRow, ...]

    @property
    def declared(self) -> bool:
        """Whether the inventory says so; rows of one entry agree in that."""
        return self.rows[0].declared

    @property
    def latent(self) -> bool:
        """Whether all of it needs a compromised tool host."""
        return all(row.reach == "latent" for row in self.rows)

    @property
    def doubt(self) -> str:
        """What keeps it from being proven, in a word."""
        found = {row.certainty for row in self.rows}
        return "" if "proven" in found else "conditional" if "conditional" in found else "a fact"

    @property
    def label(self) -> str:
        """Its resource, or how many there are."""
        places = dict.fromkeys((row.system, row.scope, row.resource) for row in self.rows)
        first = self.rows[0]
        if len(places) > 1:
            return f"{len(places):,} resources"
        return first.resource if first.resource != "*" else "every resource"

    @property
    def detail(self) -> str:
        """Its actions, or of several resources what they do."""
        one = len({(row.system, row.scope, row.resource) for row in self.rows}) == 1
        said = (row.actions if one else row.effects for row in self.rows)
        return ", ".join(dict.fromkeys(word for words in said for word in words))

    @property
    def depth(self) -> int:
        """How often an effect is passed on before it gets here."""
        return min(sum(h.edge == _PASSED for h in row.path.hops) for row in self.rows)


@dataclass(slots=True)
class Node:
    """Something on the way: the agent, what it calls, or what it holds and becomes."""

    name: str
    kind: str
    """agent, called, credential or principal."""
    label: str
    detail: str
    column: int
    ways: set[int] = field(default_factory=set)
    """Entries, by number, that are reached through it."""
    names: tuple[str, ...] = ()
    """What is folded into it."""


@dataclass(slots=True)
class Edge:
    """A step that some ways take."""

    source: str
    target: str
    """Name of a node, or `entry N`."""
    ways: set[int] = field(default_factory=set)
    gates: tuple[str, ...] = ()
    """People who have to say yes on this step."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that one picture shows."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    entries: tuple[Entry, ...]
    folded: int
    """Resources, tools and identities that do not stand alone."""

    def tone(self, edge: Edge) -> str:
        """Return whether the ways over an edge are declared, undeclared or both."""
        said = {self.entries[way].declared for way in edge.ways}
        return "mixed" if len(said) != 1 else "declared" if said == {True} else "undeclared"

    def latent(self, edge: Edge) -> bool:
        """Return whether every way over an edge needs a compromised tool host."""
        return bool(edge.ways) and all(self.entries[way].latent for way in edge.ways)


def picture(agent: AgentSummary, tools: Iterable[ToolRow]) -> Picture:
    """Return what to draw of an agent, at most some sixty nodes."""
    own = [tool for tool in tools if agent.id in tool.agents]
    entries = _entries(agent.reach)
    sketch = _Sketch(agent, entries)
    for number, entry in enumerate(entries):
        for row in entry.rows:
            sketch.walk(number, row)
    for tool in own:
        sketch.call(tool)
    sketch.others()
    return sketch.done()


def _entries(rows: Sequence[ReachRow]) -> tuple[Entry, ...]:
    """Fold the largest system first, until all entries have room."""
    systems: dict[str, list[ReachRow]] = {}
    for row in rows:
        systems.setdefault(row.system, []).append(row)
    levels = dict.fromkeys(systems, 0)
    found = {name: _grouped(own, 0) for name, own in systems.items()}
    while sum(map(len, found.values())) > ENTRIES:
        coarser = [name for name in found if levels[name] + 1 < len(_ALIKE)]
        if not coarser:
            return _rest([one for some in found.values() for one in some])
        largest = max(coarser, key=lambda name: len(found[name]))
        levels[largest] += 1
        found[largest] = _grouped(systems[largest], levels[largest])
    return tuple(one for some in found.values() for one in sorted(some, key=_grave))


def _exact(row: ReachRow) -> Hashable:
    return (row.scope, row.resource, row.declared, row.reach, row.certainty, row.through)


def _same_way(row: ReachRow) -> Hashable:
    last = row.path.hops[-1].source if row.path.hops else ""
    return (row.declared, row.reach, row.certainty, row.through, last)


def _same_stand(row: ReachRow) -> Hashable:
    return (row.declared, row.reach)


def _same_word(row: ReachRow) -> Hashable:
    return row.declared


_ALIKE: tuple[Callable[[ReachRow], Hashable], ...] = (_exact, _same_way, _same_stand, _same_word)
"""What makes rows of one system one entry: finest first."""


def _grouped(rows: Iterable[ReachRow], level: int) -> list[Entry]:
    alike: dict[Hashable, list[ReachRow]] = {}
    for row in rows:
        alike.setdefault(_ALIKE[level](row), []).append(row)
    return [Entry(some[0].system, tuple(some)) for some in alike.values()]


def _grave(entry: Entry) -> tuple[bool, bool]:
    return (entry.declared, entry.latent)


def _rest(entries: list[Entry]) -> tuple[Entry, ...]:
    """Keep the gravest entries; what is left of the other systems becomes one system."""
    ranked = sorted(entries, key=lambda one: (*_grave(one), -len(one.rows)))
    kept, rest = ranked[: ENTRIES - 2], ranked[ENTRIES - 2 :]
    name = f"{len({one.system for one in rest}):,} more systems"
    told: dict[bool, list[ReachRow]] = {}
    for one in rest:
        told.setdefault(one.declared, []).extend(one.rows)
    return (*kept, *(Entry(name, tuple(rows)) for rows in told.values()))


class _Sketch:
    """The nodes and edges as they are found, before they are folded."""

    def __init__(self, agent: AgentSummary, entries: tuple[Entry, ...]) -> None:
        self.agent = f"agent {agent.id}"
        self.entries = entries
        self.nodes = {self.agent: Node(self.agent, "agent", agent.id, agent.tier, 0)}
        self.edges: dict[tuple[str, str], Edge] = {}
        self.opened = {
            f"{row.system}/{row.resource}": at for at, e in enumerate(entries) for row in e.rows
        }
        self.systems: dict[str, int] = {}
        for at, entry in enumerate(entries):
            self.systems.setdefault(f"system {entry.system}", at)

    def walk(self, way: int, row: ReachRow) -> None:
        """Take down the nodes and edges of one row's path."""
        before, held, opened = self.agent, 0, ""
        self.nodes[self.agent].ways.add(way)
        for hop in row.path.hops:
            if hop.edge == "grants":
                opened = hop.target
            elif hop.edge == _PASSED:
                before = self._through(before, opened or hop.source, way)
                opened = ""
            else:
                held += hop.edge not in {"binds", "delegates"}
                self._node(hop.target, held).ways.add(way)
                self._edge(before, hop.target).ways.add(way)
                before = hop.target
        self._edge(before, f"entry {way}").ways.add(way)

    def _through(self, before: str, start: str, way: int) -> str:
        """An effect that is passed on goes through the entry that it starts from."""
        at = self.opened.get(start, self.systems.get(start, way))
        if at == way:
            return before
        self._edge(before, f"entry {at}").ways.add(way)
        return f"entry {at}"

    def _node(self, name: str, held: int) -> Node:
        noun, _, label = name.partition(" ")
        column = 1 + min(held, STEPS)
        if name not in self.nodes:
            kind = "called" if held == 0 else "credential" if noun == "credential" else "principal"
            said = "" if noun in {"tool", "credential", "principal"} else noun
            if noun == "principal":
                label, _, said = label.partition(" of ")
            self.nodes[name] = Node(name, kind, label or name, said, column)
        node = self.nodes[name]
        node.column = max(node.column, column) if name != self.agent else 0
        return node

    def _edge(self, source: str, target: str) -> Edge:
        return self.edges.setdefault((source, target), Edge(source, target))

    def call(self, tool: ToolRow) -> None:
        """Take down a tool and every way that its credential opens."""
        name = f"tool {tool.id}"
        node = self._node(name, 0)
        node.detail = f"{tool.effect} · {tool.tier}"
        held = f"credential {tool.credential}"
        node.ways |= {n for n, e in enumerate(self.entries) if _opens(tool.credential, e)}
        first = self._edge(self.agent, name)
        first.ways |= node.ways
        first.gates = () if tool.approval in NO_GATE else (tool.approval,)
        if node.ways:
            self._node(held, 1)
            self._edge(name, held).ways |= node.ways

    def others(self) -> None:
        """Lead the further credentials that open an entry to where their own ways join it."""
        for number, entry in enumerate(self.entries):
            for credential in dict.fromkeys(c for row in entry.rows for c in row.through):
                self._join(f"credential {credential}", number)

    def _join(self, name: str, way: int) -> None:
        if name not in self.nodes:
            return
        self.nodes[name].ways.add(way)
        out = [edge for (source, _), edge in self.edges.items() if source == name]
        if any(way in edge.ways for edge in out):
            return
        joined = [e for e in out if e.target in self.nodes and way in self.nodes[e.target].ways]
        (joined[0] if joined else self._edge(name, f"entry {way}")).ways.add(way)

    def done(self) -> Picture:
        """Fold what is too much, and return the picture."""
        into: dict[str, str] = {}
        called = [node for node in self.nodes.values() if node.kind == "called"]
        held = [node for node in self.nodes.values() if node.kind in {"credential", "principal"}]
        self._fold(called, CALLED, self._calls_alike, into)
        self._fold(held, HELD, lambda node: (node.kind, node.column), into)
        self._rewire(into)
        folded = sum(len(e.rows) - 1 for e in self.entries) + len(into)
        return Picture(tuple(self.nodes.values()), tuple(self.edges.values()), self.entries, folded)

    def _calls_alike(self, node: Node) -> Hashable:
        """Tools of one credential behind the same gate are alike."""
        out = (target for source, target in self.edges if source == node.name)
        gates = self.edges[self.agent, node.name].gates if self._is_own(node) else ()
        return (next(out, ""), gates)

    def _is_own(self, node: Node) -> bool:
        return (self.agent, node.name) in self.edges

    def _fold(
        self, some: list[Node], most: int, alike: Callable[[Node], Hashable], into: dict[str, str]
    ) -> None:
        """Make one node of the largest group of nodes that are alike, until there is room."""
        groups: dict[Hashable, list[Node]] = {}
        for node in some:
            groups.setdefault(alike(node), []).append(node)
        left = len(some)
        for group in sorted(groups.values(), key=len, reverse=True):
            if left <= most or len(group) == 1:
                break
            self._one(group, into)
            left -= len(group) - 1
        if left > most:
            single = [node for node in some if node.name in self.nodes]
            self._one(sorted(single, key=lambda node: -len(node.ways))[most - 1 :], into)

    def _one(self, group: list[Node], into: dict[str, str]) -> None:
        first = group[0]
        nouns = {"called": "tools", "credential": "credentials", "principal": "identities"}
        names = tuple(node.label for node in group)
        one = Node(f"{len(into)} folded {first.name}", first.kind, "", "", first.column)
        one.label = f"{len(names):,} {nouns[first.kind]}"
        one.detail = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")  # noqa: PLR2004 -- a taste
        one.names = names
        for node in group:
            one.ways |= node.ways
            into[node.name] = one.name
            del self.nodes[node.name]
        self.nodes[one.name] = one

    def _rewire(self, into: dict[str, str]) -> None:
        edges, self.edges = self.edges, {}
        for edge in edges.values():
            ends = (_last(edge.source, into), _last(edge.target, into))
            if ends[0] == ends[1]:
                continue
            one = self._edge(*ends)
            one.ways |= edge.ways
            one.gates = tuple(dict.fromkeys((*one.gates, *edge.gates)))


def _opens(credential: str, entry: Entry) -> bool:
    return any(credential in row.through for row in entry.rows)


def _last(name: str, into: dict[str, str]) -> str:
    while name in into:
        name = into[name]
    return name
