"""Where a page ends and who repairs what."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.digraph import components, reached
from blastlint.analyses.recovery import (
    closed_cycles,
    dead_end,
    ends_with_people,
    not_pagers,
    recoveries,
    recovery_edges,
)
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory

POLICIES = """
agents: {bot: {escalation: bot-pages}, mute: {}, told: {escalation: good}}
rotations: {r: {}}
escalation_policies:
  good: {rules: [{targets: ["channel:alerts"]}, {targets: ["rotation:r", "channel:alerts"]}]}
  channel-last: {rules: [{targets: ["rotation:r"]}, {targets: ["channel:alerts"]}]}
  bot-last: {rules: [{targets: ["agent:bot"]}]}
  bot-pages: {rules: [{targets: ["policy:bot-last"]}]}
  through-agent: {rules: [{targets: ["agent:told"]}]}
  nested: {rules: [{targets: ["policy:good"]}]}
  mute-last: {rules: [{targets: ["agent:mute"]}]}
  no-levels: {rules: []}
  nobody: {rules: [{targets: []}]}
  open: {}
"""


@pytest.mark.parametrize(
    ("policy", "people"),
    [
        ("good", True),
        ("nested", True),
        ("through-agent", True),
        ("channel-last", False),
        ("bot-last", False),
        ("bot-pages", False),
        ("no-levels", False),
        ("nobody", False),
        ("mute-last", None),
        ("open", None),
    ],
)
def test_a_page_must_end_with_people(policy: str, *, people: bool | None, tmp_path: Path) -> None:
    """The last level decides, through nested policies and agents; a cycle ends nowhere."""
    inventory = inventory_of(POLICIES, tmp_path)
    assert ends_with_people(inventory, inventory.escalation_policies[policy]) is people


def test_a_dead_end_shows_the_way(tmp_path: Path) -> None:
    """The last node is no person; the place is the last level of the policy."""
    inventory = inventory_of(POLICIES, tmp_path)
    policies = inventory.escalation_policies
    end = dead_end(inventory, policies["channel-last"])
    assert end is not None
    assert (end.path, end.field) == (("policy:channel-last", "channel:alerts"), "targets")
    end = dead_end(inventory, policies["bot-last"])
    assert end is not None
    assert end.path == ("policy:bot-last", "agent:bot", "policy:bot-pages", "policy:bot-last")
    end = dead_end(inventory, policies["no-levels"])
    assert end is not None
    assert (end.path, end.field) == (("policy:no-levels",), "rules")
    end = dead_end(inventory, policies["mute-last"])
    assert end is not None
    assert [field for _, field in end.missing] == ["escalation"]


def test_what_is_not_a_pager_is_listed(tmp_path: Path) -> None:
    """A channel on any level, an agent, a person by name: none of them is a pager."""
    text = """
    rotations: {r: {}}
    escalation_policies:
      p:
        rules:
          - {targets: ["channel:help", "rotation:r"]}
          - {targets: ["person:Priya", "policy:p"]}
    """
    inventory = inventory_of(text, tmp_path)
    assert not_pagers(inventory.escalation_policies["p"]) == ("channel:help", "person:Priya")


def routes(text: str, tmp_path: Path) -> Inventory:
    """Return an inventory with two agents and some routes."""
    return inventory_of(
        f"agents: {{evan: {{escalation: p}}, zora: {{escalation: p}}}}\nrotations: {{r: {{}}}}\n"
        f'escalation_policies: {{p: {{rules: [{{targets: ["channel:x"]}}]}}}}\nroutes:\n{text}',
        tmp_path,
    )


NOBODY = "human_exit: null"
NO_HELP = f"equivalents: [], {NOBODY}"
TO_EVAN = 'repair_by: ["agent:evan"]'
TO_ZORA = 'repair_by: ["agent:zora"]'


@pytest.mark.parametrize(
    ("text", "single", "through_itself"),
    [
        (f"  a: {{component: agent:evan, {TO_EVAN}, {NO_HELP}}}", True, True),
        (f"  a: {{component: agent:evan, {TO_ZORA}, {NO_HELP}}}", True, False),
        (f"  a: {{component: agent:evan, repair_by: [], {NO_HELP}}}", True, False),
        (f'  a: {{component: agent:evan, {TO_EVAN}, human_exit: "rotation:r"}}', False, True),
        (f'  a: {{component: agent:evan, {TO_EVAN}, equivalents: ["agent:zora"]}}', False, True),
        (
            f'  a: {{component: agent:evan, {TO_EVAN}, equivalents: ["agent:evan"], {NOBODY}}}',
            True,
            True,
        ),
        (
            f"""  a: {{component: agent:evan, {TO_EVAN}, {NO_HELP}}}
  b: {{component: agent:evan, {TO_ZORA}, {NO_HELP}}}""",
            True,
            False,
        ),
        (
            f"""  a: {{component: agent:evan, {TO_ZORA}, {NO_HELP}}}
  b: {{component: agent:evan, repair_by: ["service:cron"], {NO_HELP}}}""",
            False,
            False,
        ),
        (f'  a: {{component: agent:evan, repair_by: ["rotation:r"], {NO_HELP}}}', False, False),
        (
            f'  a: {{component: agent:evan, repair_by: ["agent:zora", "agent:evan"], {NO_HELP}}}',
            True,
            True,
        ),
        (f"  a: {{component: agent:evan, {TO_EVAN}}}", None, True),
        (
            f"  a: {{component: agent:evan, {TO_EVAN}, equivalents: [], human_exit: policy:p}}",
            True,
            True,
        ),
    ],
)
def test_a_part_must_be_repairable_while_it_is_broken(
    text: str, *, single: bool | None, through_itself: bool, tmp_path: Path
) -> None:
    """Another route, an equivalent or a person is a way; the broken part itself is none."""
    (found,) = recoveries(routes(text, tmp_path))
    assert (found.component, found.single) == ("agent:evan", single)
    assert found.through_itself is through_itself
    assert bool(found.missing) == (single is None)


def test_two_that_repair_each_other_are_a_cycle(tmp_path: Path) -> None:
    """Dispatcher and worker wait for one another, and nobody else is asked."""
    text = (
        f"  a: {{component: agent:evan, {TO_ZORA}, {NO_HELP}}}\n"
        f"  b: {{component: agent:zora, {TO_EVAN}, {NO_HELP}}}\n"
    )
    (cycle,) = closed_cycles(routes(text, tmp_path))
    assert cycle.nodes == ("agent:evan", "agent:zora", "agent:evan")
    assert [edge.field for edge in cycle.edges] == ["repair_by", "repair_by"]
    assert not cycle.missing


def test_a_person_anywhere_opens_a_cycle(tmp_path: Path) -> None:
    """One human exit on the way round is enough, and so is a rotation that an agent pages."""
    text = (
        f'  a: {{component: agent:evan, {TO_ZORA}, human_exit: "rotation:r"}}\n'
        f"  b: {{component: agent:zora, {TO_EVAN}, {NO_HELP}}}\n"
    )
    assert closed_cycles(routes(text, tmp_path)) == ()


def test_an_open_cell_makes_a_cycle_uncertain(tmp_path: Path) -> None:
    """A route that does not say whether a person can step in is named."""
    text = (
        f"  a: {{component: agent:evan, {TO_ZORA}, equivalents: []}}\n"
        f"  b: {{component: agent:zora, {TO_EVAN}, {NO_HELP}}}\n"
    )
    (cycle,) = closed_cycles(routes(text, tmp_path))
    assert [field for _, field in cycle.missing] == ["human_exit"]


def test_a_part_that_repairs_itself_is_the_smallest_cycle(tmp_path: Path) -> None:
    """It waits for itself."""
    text = f"  a: {{component: agent:evan, {TO_EVAN}, {NO_HELP}}}"
    (cycle,) = closed_cycles(routes(text, tmp_path))
    assert cycle.nodes == ("agent:evan", "agent:evan")


def test_loops_of_the_worked_example_are_normal_paging(example: Inventory) -> None:
    """Its policy repeats its levels and reaches people each time."""
    assert closed_cycles(example) == ()
    assert ends_with_people(example, example.escalation_policies["refund-agent-pages"]) is True
    assert recoveries(example) == ()
    assert "policy:refund-agent-pages" in recovery_edges(example)


def test_a_long_chain_of_policies_neither_recurses_nor_stalls(tmp_path: Path) -> None:
    """Three thousand policies that lead to one another are walked one by one."""
    size = 3000
    text = "escalation_policies:\n" + "".join(
        f'  p{i}: {{rules: [{{targets: ["policy:p{(i + 1) % size}"]}}]}}\n' for i in range(size)
    )
    inventory = inventory_of(text, tmp_path)
    assert ends_with_people(inventory, inventory.escalation_policies["p0"]) is False
    (cycle,) = closed_cycles(inventory)
    assert len(cycle.edges) == size


GRAPHS = st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg")))


@settings(max_examples=100, deadline=None)
@given(GRAPHS)
def test_components_are_the_nodes_that_reach_one_another(graph: dict[str, set[str]]) -> None:
    """Two nodes share a component exactly if each is reached from the other."""
    nodes = set(graph).union(*graph.values())
    found = {node: part for part in components(graph) for node in part}
    for one in nodes & set(found):
        mutual = {n for n in reached(graph, {one}) if one in reached(graph, {n})}
        assert found[one] == mutual


@settings(max_examples=100, deadline=None)
@given(GRAPHS, st.lists(st.sampled_from("abcdefg"), max_size=4))
def test_more_edges_never_reach_less(graph: dict[str, set[str]], way: list[str]) -> None:
    """Adding edges keeps everything that was in reach."""
    wider = {node: set(found) for node, found in graph.items()}
    for source, target in pairwise(way):
        wider.setdefault(source, set()).add(target)
    assert reached(graph, {"a"}) <= reached(wider, {"a"})
