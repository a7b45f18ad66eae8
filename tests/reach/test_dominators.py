"""What no way can avoid, against taking every node away in turn."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.reach.dominators import Dominators, backwards

GRAPHS = st.integers(1, 7).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1), max_size=3), min_size=size, max_size=size
    )
)


def _reached(successors: dict[int, list[int]], without: int | None) -> set[int]:
    found: set[int] = set()
    waiting = [0]
    while waiting:
        node = waiting.pop()
        if node not in found and node != without:
            found.add(node)
            waiting.extend(successors[node])
    return found


@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_a_node_is_above_another_if_its_removal_cuts_the_other_off(graph: list[list[int]]) -> None:
    """Dominators are exactly the nodes without which the other is out of reach."""
    successors = dict(enumerate(graph))
    tree = Dominators(successors, 0)
    every = _reached(successors, None)
    for node in every:
        needed = {one for one in every if node not in _reached(successors, one)}
        assert set(tree.above([node])) == needed
    counts = tree.count(every)
    assert counts == {one: len(every - _reached(successors, one)) for one in every}


@settings(max_examples=100, deadline=None)
@given(GRAPHS, st.data())
def test_what_is_above_several_is_above_each(graph: list[list[int]], data: st.DataObject) -> None:
    """No way to any of them avoids it."""
    successors = dict(enumerate(graph))
    tree = Dominators(successors, 0)
    some = data.draw(st.lists(st.sampled_from(backwards(successors, 0)), min_size=1))
    shared = set.intersection(*(set(tree.above([node])) for node in some))
    assert set(tree.above(some)) == shared
