"""Places a reach picture on paper: columns, rows and curves, in whole units of one SVG pixel."""

from __future__ import annotations

from itertools import pairwise

from blastlint.reporters.escape import shown, width
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.reporters.picture import Edge, Entry, Node, Picture

NODE, ENTRY, HEAD, LANE = 40, 27, 30, 10
"""Heights of a node, an entry, a system's name, and of what only leads past a column."""
GAP, BETWEEN = 12, 72
"""Room between nodes, and between columns."""
TOP = 34
"""Room for the names of the columns."""
NARROW, WIDE, CARD = 96, 210, 340
"""Width of a column's nodes, at least and at most; of a system at most."""
SWEEPS = 8
"""How often columns are put in order by their neighbours; more changes nothing visible."""
_NARROW = frozenset("iljtfrI.,:;'|!()[]{}/ -")
_BROAD = frozenset("mwMW@%—…")
_SOON = 8
"""So far in, a part of a name is left out whole."""


@dataclass(slots=True)
class Box:
    """A node, or a system with its entries, and where it stands."""

    name: str
    column: int
    height: int
    width: int = 0
    x: int = 0
    y: int = 0
    node: Node | None = None
    system: str = ""
    entries: tuple[tuple[int, Entry], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as a curve."""

    edge: Edge
    tone: str
    latent: bool
    path: str
    gate: tuple[int, int]
    """Where its gate stands."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture with places."""

    width: int
    height: int
    heads: tuple[tuple[int, str], ...]
    """Where each column starts, and what it is called."""
    boxes: tuple[Box, ...]
    """Column by column, from top to bottom: the order in which keys reach them."""
    lines: tuple[Line, ...]


def place(drawn: Picture) -> Placed:
    """Return where everything of a picture stands."""
    boxes = _boxes(drawn)
    names = {box.name: box for box in boxes}
    home = {f"entry {at}": box.name for box in boxes for at, _ in box.entries}
    ends = [(home.get(e.source, e.source), home.get(e.target, e.target)) for e in drawn.edges]
    routes = _routed(ends, names)
    columns = _columns(names.values())
    links = [pair for route in routes for pair in pairwise(route)]
    _order(columns, links, names)
    tall = max((_height(column) for column in columns), default=NODE)
    heads, x = [], 1
    for column in columns:
        wide = max(_wide(box) for box in column)
        heads.append((x, _head(column)))
        y = TOP + (tall - _height(column)) // 2
        for box in column:
            box.x, box.y, box.width = x, y, wide
            y += box.height + GAP
        x += wide + BETWEEN
    lines = tuple(_line(drawn, *one, names) for one in zip(drawn.edges, routes, strict=True))
    ordered = tuple(sorted(boxes, key=lambda box: (box.column, box.y)))
    return Placed(x - BETWEEN + 1, tall + TOP + 4, tuple(heads), ordered, lines)


def _routed(ends: Sequence[tuple[str, str]], names: dict[str, Box]) -> list[list[str]]:
    """Lead every edge past the columns between its ends in a lane, one for each start."""
    used = sorted({box.column for box in names.values()})
    routes = []
    for source, target in ends:
        lanes = []
        for column in used:
            if names[source].column < column < names[target].column:
                name = f"lane {column} {source}"
                names.setdefault(name, Box(name, column, LANE))
                lanes.append(name)
        routes.append([source, *lanes, target])
    return routes


def _boxes(drawn: Picture) -> list[Box]:
    boxes = [Box(node.name, node.column, NODE, node=node) for node in drawn.nodes]
    last = max((node.column for node in drawn.nodes), default=0) + 1
    systems: dict[str, list[tuple[int, Entry]]] = {}
    for at, entry in enumerate(drawn.entries):
        systems.setdefault(entry.system, []).append((at, entry))
    for system, own in systems.items():
        column = last + min(entry.depth for _, entry in own)
        tall = HEAD + ENTRY * len(own)
        boxes.append(Box(f"card {system}", column, tall, system=system, entries=tuple(own)))
    return boxes


def _columns(boxes: Iterable[Box]) -> list[list[Box]]:
    """The columns that hold something, from left to right."""
    found: dict[int, list[Box]] = {}
    for box in boxes:
        found.setdefault(box.column, []).append(box)
    return [found[column] for column in sorted(found)]


def _height(column: Sequence[Box]) -> int:
    return sum(box.height + GAP for box in column) - GAP


def _order(
    columns: list[list[Box]], links: Sequence[tuple[str, str]], names: dict[str, Box]
) -> None:
    """Put every column in the order of its neighbours' middles, back and forth."""
    beside: dict[str, list[str]] = {name: [] for name in names}
    for source, target in links:
        beside[source].append(target)
        beside[target].append(source)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            _stack(column)
            middles = {box.name: _middle(box, beside, names) for box in column}
            column.sort(key=lambda box: middles[box.name])
            _stack(column)


def _stack(column: Sequence[Box]) -> None:
    """Give a column's boxes heights around zero, so that columns of any length compare."""
    y = -_height(column) // 2
    for box in column:
        box.y = y
        y += box.height + GAP


def _middle(box: Box, beside: dict[str, list[str]], names: dict[str, Box]) -> float:
    middles = [names[name].y + names[name].height / 2 for name in beside[box.name]]
    return sum(middles) / len(middles) if middles else box.y + box.height / 2


def _wide(box: Box) -> int:
    if not box.entries and box.node is None:
        return NARROW
    if box.node is not None:
        bold = 15.5 if box.node.kind == "agent" else 13
        said = max(measure(box.node.label, bold), measure(box.node.detail, 11.5)) + 26
        return min(max(said, NARROW), WIDE)
    entries = (measure(f"{one.label} {one.detail}", 12.5) + 62 for _, one in box.entries)
    return min(max(NARROW, measure(box.system, 14) + 24, *entries), CARD)


def _head(column: Sequence[Box]) -> str:
    kinds = [box.node.kind for box in column if box.node]
    if not kinds:
        passed = min((e.depth for box in column for _, e in box.entries), default=0)
        return "Passes on to" if passed else "Can do, where"
    heads = {"agent": "Agent", "called": "Calls", "credential": "Holds", "principal": "Becomes"}
    return heads[max(sorted(set(kinds)), key=kinds.count)]


def _line(drawn: Picture, edge: Edge, route: Sequence[str], names: dict[str, Box]) -> Line:
    left, *lanes, right = (names[name] for name in route)
    x, y = left.x + left.width, _port(left, edge.source)
    end = (right.x, _port(right, edge.target))
    gate = (end[0] - 9, end[1])
    if left.column >= right.column:
        bend, x2 = BETWEEN // 2, right.x + right.width
        path = f"M{x} {y}c{bend} 0 {bend + x2 - x} {end[1] - y} {x2 - x} {end[1] - y}"
        return Line(edge, drawn.tone(edge), drawn.latent(edge), path, (x + bend, end[1]))
    path = f"M{x} {y}"
    for lane in lanes:
        path += f"{_curve(x, y, lane.x, lane.y + LANE // 2)}h{lane.width}"
        x, y = lane.x + lane.width, lane.y + LANE // 2
    path += _curve(x, y, *end)
    return Line(edge, drawn.tone(edge), drawn.latent(edge), path, gate)


def _curve(x: int, y: int, right: int, down: int) -> str:
    bend = (right - x) // 2
    return f"c{bend} 0 {bend} {down - y} {right - x} {down - y}"


def _port(box: Box, end: str) -> int:
    """Where an edge meets a box: at its middle, or at the entry that it leads to."""
    for row, (at, _) in enumerate(box.entries):
        if end == f"entry {at}":
            return box.y + HEAD + ENTRY * row + ENTRY // 2
    return box.y + box.height // 2


def measure(text: str, size: float) -> int:
    """Return about how wide a text is in a font of that size; never less than it turns out."""
    text = text[:200]
    if not text.isascii():
        return round(width(shown(text)) * size * 0.62)
    narrow = sum(char in _NARROW for char in text)
    broad = sum(char in _BROAD for char in text)
    capital = sum(char.isupper() for char in text)
    plain = len(text) - narrow - broad
    return round(size * (narrow * 0.36 + broad * 0.95 + plain * 0.58 + capital * 0.1))


def clip(text: str, room: int, size: float, *, tail: bool = False) -> str:
    """Return a text cut to the room it has; its end is kept where that tells more."""
    text = shown(text, 400)
    if measure(text, size) <= room:
        return text
    keep = len(text) - 1
    while keep > 1 and measure(text[-keep:] if tail else text[:keep], size) > room - size:
        keep -= 1
    if not tail:
        return f"{text[:keep].rstrip()}…"
    kept = text[-keep:]
    joints = (kept.find(sign) + 1 for sign in "/:")
    return f"…{kept[min((at for at in joints if 0 < at <= _SOON), default=0) :]}"
