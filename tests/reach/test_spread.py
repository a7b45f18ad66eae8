"""Walks over plain graphs, against the slowest ways of doing the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.reach.spread import Tree, components, search, spread

GRAPHS = st.integers(1, 7).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size
    )
)


def _reachable(successors: list[list[int]], start: int) -> set[int]:
    found = {start}
    while more := {n for node in found for n in successors[node]} - found:
        found |= more
    return found


@settings(max_examples=200, deadline=None)
@given(GRAPHS, st.data())
def test_a_mask_holds_exactly_the_sources_before_a_node(
    successors: list[list[int]], data: st.DataObject
) -> None:
    """The fixed point is the least one: every source reaches what it reaches alone, and no more."""
    nodes = st.integers(0, len(successors) - 1)
    sources = data.draw(st.lists(nodes, max_size=4))
    seeds = [0] * len(successors)
    for bit, node in enumerate(sources):
        seeds[node] |= 1 << bit
    masks = spread(successors.__getitem__, seeds)
    for bit, node in enumerate(sources):
        found = {n for n, mask in enumerate(masks) if mask >> bit & 1}
        assert found == _reachable(successors, node)


@settings(max_examples=200, deadline=None)
@given(GRAPHS)
def test_components_hold_those_who_reach_each_other(successors: list[list[int]]) -> None:
    """Two nodes are in one component if and only if each reaches the other."""
    found = list(components(successors.__getitem__, len(successors), range(len(successors))))
    place = {node: number for number, (component, _) in enumerate(found) for node in component}
    reach = [_reachable(successors, node) for node in range(len(successors))]
    for one in range(len(successors)):
        for other in reach[one]:
            assert (place[one] == place[other]) == (one in reach[other])
            assert place[other] <= place[one]
    for component, leaving in found:
        outside = {n for node in component for n in successors[node]} - set(component)
        assert set(leaving) == outside


def test_a_chain_of_a_hundred_thousand_is_walked_without_recursion() -> None:
    """Depth costs nothing but time."""
    length = 100_000
    successors = [[node + 1] if node + 1 < length else [0] for node in range(length)]
    seeds = [1, 0, 0, 0, 0, 2, *[0] * (length - 6)]
    assert spread(successors.__getitem__, seeds)[length - 1] == 3


def test_the_step_that_leads_to_a_node_is_the_first_by_name_among_equals() -> None:
    """Two ways of one weight are told apart by the numbers of their nodes, which follow names."""
    step = "becomes"
    edges = [[(1, 0, step, None), (2, 0, step, None)], [(3, 0, step, None)], [(3, 0, step, None)]]
    steps = [*edges, []]
    forks = [((), [edge[0] for edge in some]) for some in steps]
    tree = search(Tree(steps.__getitem__), forks.__getitem__, [((0, 0, 0, 0), 0)])
    assert (tree[3], tree.step(3)) == (((0, 0, 2, 0), 1), (1, (3, 0, step, None)))


@settings(max_examples=200, deadline=None)
@given(GRAPHS, GRAPHS, st.data())
def test_every_node_is_found_by_its_lightest_way(
    hops: list[list[int]], names: list[list[int]], data: st.DataObject
) -> None:
    """Against relaxing all steps until nothing changes, from ways in of any weight."""
    size = min(len(hops), len(names))
    forks = [
        tuple(sorted({n for n in row if n < size}) for row in (names[node], hops[node]))
        for node in range(size)
    ]
    ways_in = st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 3))
    chosen = data.draw(st.lists(st.tuples(ways_in, st.integers(0, size - 1)), min_size=1))
    sources = [((*weight, place), node) for place, (weight, node) in enumerate(chosen)]
    tree = search(Tree(lambda _: ()), lambda node: (forks[node][0], forks[node][1]), sources)
    lightest = {node: weight for weight, node in sorted(sources, reverse=True)}
    before: dict[int, tuple[int, int, int, int]] = {}
    while before != lightest:
        before = dict(lightest)
        for node, (gates, latent, walked, place) in before.items():
            for hop, row in enumerate(forks[node]):
                weight = (gates, latent, walked + hop, place)
                lightest.update((n, weight) for n in row if weight < lightest.get(n, (9, 0, 0, 0)))
    assert {node: weight for node, (weight, _) in tree.items()} == lightest


@settings(max_examples=200, deadline=None)
@given(GRAPHS, st.data())
def test_a_joint_is_reached_by_whoever_reaches_all_its_parts(
    successors: list[list[int]], data: st.DataObject
) -> None:
    """Against doing it again and again until nothing changes; a way weighs at least its parts."""
    nodes = st.integers(0, len(successors) - 1)
    sources = data.draw(st.lists(nodes, min_size=1, max_size=3, unique=True))
    joints = data.draw(st.lists(st.tuples(st.sets(nodes, min_size=1, max_size=3), nodes)))
    parts = {len(successors) + n: sorted(wanted) for n, (wanted, _) in enumerate(joints)}
    graph = [*successors, *([target] for _, target in joints)]
    joins = {node: [j for j in parts if node in parts[j]] for node in range(len(successors))}
    tree = search(
        Tree(lambda node: [(target, 0, "becomes", None) for target in graph[node]]),
        lambda node: ((), graph[node]),
        [((0, 0, 0, place), node) for place, node in enumerate(sources)],
        joins,
        parts,
    )
    found: set[int] = set()
    more = set(sources)
    while more - found:
        found |= more
        met = {joint for joint, wanted in parts.items() if found.issuperset(wanted)}
        more = met | {target for node in found for target in graph[node]}
    assert set(tree) == found
    for joint in found & parts.keys():
        assert all(tree[part][0][:3] < tree[joint][0][:3] for part in parts[joint])
