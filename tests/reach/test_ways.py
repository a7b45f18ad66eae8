"""The weakest way to everything, against trying every way there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.reach.holdings import Language
from blastlint.reach.routes import tell
from blastlint.reach.ways import Ground, find_routes
from reach.hand import door, web_of
from support import inventory_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from blastlint.inventory.loading import Inventory
    from blastlint.reach.doors import Door
    from blastlint.reach.ways import Routes
    from reach.hand import Right, Step

CREDENTIALS = ("c", "d")
PRINCIPALS = st.sampled_from(["C", "D", "P", "Q", "R"])
LEVEL = st.integers(0, 2)
STEPS = st.lists(st.tuples(PRINCIPALS, PRINCIPALS, LEVEL), max_size=8)
RIGHTS = st.lists(st.tuples(PRINCIPALS, st.sampled_from(["x", "y"]), LEVEL), max_size=5)
DOORS = st.lists(
    st.builds(
        door,
        st.sampled_from(CREDENTIALS),
        st.sampled_from([(), ("gate",)]),
        st.sampled_from(["direct", "latent"]),
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """An inventory that says nothing."""
    return inventory_of("", tmp_path_factory.mktemp("plain"))


def _routes(plain: Inventory, steps: list[Step], rights: list[Right], doors: list[Door]) -> Routes:
    ground = Ground(web_of(CREDENTIALS, steps, rights), Language(plain), {})
    return find_routes(ground, sorted(doors, key=lambda one: one.order))


def _measured(routes: Routes) -> dict[str, tuple[int, ...]]:
    return {key[2]: (route.level, *route.weight[:3]) for key, route in routes.items()}


def _every_way(
    steps: list[Step], rights: list[Right], doors: list[Door]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for one in doors:
        start = one.credential.upper()
        for end, level, length in _walks(steps, start, {start}):
            for holder, resource, surely in rights:
                if holder == end:
                    latent = int(one.reach == "latent")
                    yield resource, (max(level, surely), len(one.gates), latent, length + 1)


def _walks(steps: list[Step], node: str, seen: set[str]) -> Iterator[tuple[str, int, int]]:
    yield node, 0, 0
    for source, target, level in steps:
        if source == node and target not in seen:
            for end, rest, length in _walks(steps, target, seen | {target}):
                yield end, max(level, rest), length + 1


@settings(max_examples=150, deadline=None)
@given(STEPS, RIGHTS, DOORS)
def test_the_way_shown_is_the_weakest_of_all(
    plain: Inventory, steps: list[Step], rights: list[Right], doors: list[Door]
) -> None:
    """The surest way wins, then the one with the fewest gates, then direct, then the shortest."""
    expected: dict[str, tuple[int, ...]] = {}
    for resource, weight in _every_way(steps, rights, doors):
        expected[resource] = min(expected.get(resource, weight), weight)
    assert _measured(_routes(plain, steps, rights, doors)) == expected


@settings(max_examples=80, deadline=None)
@given(STEPS, RIGHTS, DOORS, st.tuples(PRINCIPALS, st.just("x"), LEVEL))
def test_a_grant_more_never_shrinks_reach(
    plain: Inventory, steps: list[Step], rights: list[Right], doors: list[Door], more: Right
) -> None:
    """What was reached is still reached, and no way to it became harder."""
    before = _measured(_routes(plain, steps, rights, doors))
    after = _measured(_routes(plain, steps, [*rights, more], doors))
    assert all(after[resource] <= weight for resource, weight in before.items())


@settings(max_examples=80, deadline=None)
@given(STEPS, RIGHTS, DOORS)
def test_a_gate_more_never_weakens_a_path(
    plain: Inventory, steps: list[Step], rights: list[Right], doors: list[Door]
) -> None:
    """With a gate in one more door, every way is at least as hard as before."""
    before = _measured(_routes(plain, steps, rights, doors))
    gated = [door(doors[0].credential, (*doors[0].gates, "new"), doors[0].reach), *doors[1:]]
    after = _measured(_routes(plain, steps, rights, gated))
    assert after.keys() == before.keys()
    assert all(after[resource] >= weight for resource, weight in before.items())


@settings(max_examples=80, deadline=None)
@given(STEPS, RIGHTS, DOORS, st.randoms())
def test_the_order_of_facts_changes_nothing(
    plain: Inventory,
    steps: list[Step],
    rights: list[Right],
    doors: list[Door],
    chance: Random,
) -> None:
    """Facts in another order give the same weights and the same names on every way."""
    first = _routes(plain, steps, rights, doors)
    mixed = [chance.sample(facts, len(facts)) for facts in (steps, rights)]
    second = _routes(plain, mixed[0], mixed[1], doors)
    assert _measured(first) == _measured(second)
    assert _names(steps, rights, first) == _names(mixed[0], mixed[1], second)


def _names(steps: list[Step], rights: list[Right], routes: Routes) -> dict[str, list[str]]:
    web = web_of(CREDENTIALS, steps, rights)
    return {key[2]: [hop.why for hop in tell(web, route).hops] for key, route in routes.items()}
