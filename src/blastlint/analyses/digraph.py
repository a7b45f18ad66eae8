"""What a directed graph reaches from here, and which of its nodes form knots."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping


def reached(graph: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Return every node that can be reached from some nodes, these included."""
    seen = set(starts)
    pending = list(seen)
    while pending:
        for node in graph.get(pending.pop(), ()):
            if node not in seen:
                seen.add(node)
                pending.append(node)
    return seen


def turned(graph: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return a graph with every edge turned round."""
    found: dict[str, set[str]] = {}
    for node, targets in graph.items():
        for target in targets:
            found.setdefault(target, set()).add(node)
    return found


def components(graph: Mapping[str, Collection[str]]) -> tuple[frozenset[str], ...]:
    """Return the strongly connected components, by their first node (Kosaraju's two passes)."""
    back, taken = turned(graph), set[str]()
    found = (
        frozenset(_untaken(back, node, taken))
        for node in reversed(_finished(graph))
        if node not in taken
    )
    return tuple(sorted(found, key=min))


def _untaken(graph: Mapping[str, Iterable[str]], start: str, taken: set[str]) -> Iterator[str]:
    """Yield what is reached from a node over nodes that nobody took yet, taking each."""
    taken.add(start)
    pending = [start]
    while pending:
        node = pending.pop()
        yield node
        fresh = [other for other in graph.get(node, ()) if other not in taken]
        taken.update(fresh)
        pending += fresh


def _finished(graph: Mapping[str, Collection[str]]) -> list[str]:
    """Return the nodes in the order in which a depth-first walk leaves them."""
    seen, order = set[str](), list[str]()
    for start in sorted(graph):
        pending = [] if start in seen else [(start, iter(sorted(graph[start])))]
        seen.add(start)
        while pending:
            node, rest = pending[-1]
            fresh = next((other for other in rest if other not in seen), None)
            if fresh is None:
                pending.pop()
                order.append(node)
            else:
                seen.add(fresh)
                pending.append((fresh, iter(sorted(graph.get(fresh, ())))))
    return order
