"""The reach picture shows what the report says, and folds until a person can read it."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.finding import AgentSummary, ReachRow, ToolRow
from blastlint.reach import BlastPath, Hop
from blastlint.reporters.picture import CALLED, ENTRIES, HELD, picture
from blastlint.reporters.placing import clip, measure, place
from blastlint.values import replace
from reporters.reports import AGENTS, REACH, TOOLS, refund_report

MOST = CALLED + HELD + ENTRIES + 1
"""Nodes of one picture, the agent included."""


def row(
    system: int, resource: int, credential: int, principals: int, *, declared: bool
) -> ReachRow:
    """Return what a credential opens after so many becomings."""
    held = [f"credential c{credential}", *(f"principal p{n} of s" for n in range(principals))]
    tool = f"tool t{credential}"
    hops = [Hop("agent a", tool, "binds", "", AGENTS, "proven")]
    hops.append(Hop(tool, held[0], "uses", "", AGENTS, "proven"))
    for before, after in pairwise(held):
        hops.append(Hop(before, after, "becomes", "", None, "proven"))
    hops.append(Hop(held[-1], f"s{system}/r{resource}", "grants", "", AGENTS, "proven"))
    path = BlastPath("a", "proven", "direct", (), tuple(hops))
    return ReachRow(
        f"s{system}", "*", f"r{resource}", ("do",), ("mutate",), "proven", declared, "direct",
        (f"c{credential}",), path,
    )  # fmt: skip


def tool(number: int) -> ToolRow:
    """Return a tool with a credential of its own."""
    return ToolRow(
        f"t{number}", ("a",), "s0", "mutate", "one", "T2", "o", "p", f"c{number}", "", "", "none",
        "", 1, 1,
    )  # fmt: skip


def agent(rows: list[ReachRow]) -> AgentSummary:
    """Return an agent that reaches some rows."""
    systems = tuple(sorted({one.system for one in rows}))
    return AgentSummary("a", "blocked", "T2", "o", systems, 0, 0, tuple(rows))


ROWS = st.builds(
    row, st.integers(0, 40), st.integers(0, 30), st.integers(0, 60), st.integers(0, 5),
    declared=st.booleans(),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=200), st.integers(0, 60))
def test_everything_is_there_and_it_is_readable(rows: list[ReachRow], tools: int) -> None:
    """At most some sixty nodes; every row in one entry; every entry led to from the agent."""
    drawn = picture(agent(rows), [tool(number) for number in range(tools)])
    assert len(drawn.nodes) + len(drawn.entries) <= MOST
    assert sorted(map(id, rows)) == sorted(id(one) for e in drawn.entries for one in e.rows)
    assert all(len({one.declared for one in entry.rows}) == 1 for entry in drawn.entries)
    names = {node.name for node in drawn.nodes}
    for edge in drawn.edges:
        assert edge.source in names or edge.source.startswith("entry ")
        assert edge.target in names or edge.target.startswith("entry ")
    for number in range(len(drawn.entries)):
        steps = {e.source: e.target for e in drawn.edges if number in e.ways}
        assert "agent a" in steps
        assert f"entry {number}" in {e.target for e in drawn.edges if number in e.ways}


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, max_size=60), st.integers(0, 30))
def test_nothing_lies_over_another(rows: list[ReachRow], tools: int) -> None:
    """Boxes of one column stand apart, columns do not meet, and all lies on the paper."""
    placed = place(picture(agent(rows), [tool(number) for number in range(tools)]))
    for one, other in combinations(placed.boxes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        above = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or above
    for box in placed.boxes:
        assert 0 <= box.x <= box.x + box.width <= placed.width
        assert 0 <= box.y <= box.y + box.height <= placed.height


def test_same_picture_for_the_same_report() -> None:
    """Nothing is left to chance."""
    (summary,) = refund_report().inventories[0].agents
    assert place(picture(summary, TOOLS)) == place(picture(summary, TOOLS))


def test_tones() -> None:
    """A step that only undeclared ways take is undeclared; one that both take is mixed."""
    rows = [row(0, 0, 0, 0, declared=True), row(0, 1, 0, 0, declared=False)]
    drawn = picture(agent(rows), [tool(0)])
    tones = {(e.source, e.target): drawn.tone(e) for e in drawn.edges}
    assert tones["agent a", "tool t0"] == "mixed"
    said = {drawn.entries[n].declared: tones["credential c0", f"entry {n}"] for n in (0, 1)}
    assert said == {True: "declared", False: "undeclared"}


def test_a_gate_stands_on_the_step_to_its_tool() -> None:
    """Who has to say yes is drawn where the agent calls the tool."""
    (summary,) = refund_report().inventories[0].agents
    drawn = picture(summary, TOOLS)
    gates = {edge.target: edge.gates for edge in drawn.edges if edge.gates}
    assert gates == {"tool stripe.refund.create": ("refund-over-50",)}


def test_other_credentials_lead_there_too() -> None:
    """What two credentials open is drawn from both, though the report tells one way."""
    one = row(0, 0, 0, 0, declared=True)
    both = replace(one, through=("c0", "c1"))
    drawn = picture(agent([both]), [tool(0), tool(1)])
    assert {e.source for e in drawn.edges if e.target == "entry 0"} == {
        "credential c0", "credential c1",
    }  # fmt: skip


def test_an_effect_passes_through_the_entry_that_it_starts_from() -> None:
    """A write that causes an effect elsewhere is drawn from system to system."""
    start = row(0, 0, 0, 0, declared=True)
    passed = Hop("system s0", "system s1", "propagates", "", AGENTS, "proven")
    path = BlastPath("a", "proven", "direct", (), (*start.path.hops, passed))
    effect = replace(start, system="s1", scope="", resource="mail", path=path)
    drawn = picture(agent([start, effect]), [tool(0)])
    assert ("entry 0", "entry 1") in {(e.source, e.target) for e in drawn.edges}


def test_many_tools_of_one_credential_are_one() -> None:
    """Tools that open the same are folded first, and their names are kept."""
    rows = [row(0, 0, 0, 0, declared=True)]
    many = [replace(tool(0), id=f"t{n}") for n in range(50)]
    drawn = picture(agent(rows), many)
    called = [node for node in drawn.nodes if node.kind == "called"]
    assert [node.label for node in called] == ["50 tools"]
    assert len(called[0].names) == 50


@pytest.mark.parametrize(
    ("text", "tail", "said"),
    [
        ("short", False, "short"),
        ("stripe.refund.create.and.more", False, "stripe.refund…"),
        ("arn:aws:iam::1:role/nightly-jobs", True, "…nightly-jobs"),
    ],
)
def test_labels_are_cut_where_it_tells_most(text: str, said: str, *, tail: bool) -> None:
    """A name keeps its start, an identity its end, at a joint if there is one near."""
    assert clip(text, 98, 13, tail=tail) == said
    assert measure(said[:-1] if said.endswith("…") else said[1:], 13) <= 98


def test_the_fixture_is_whole() -> None:
    """The reports that other tests use hold undeclared, latent and gated reach."""
    assert {one.declared for one in REACH} == {True, False}
    assert {one.reach for one in REACH} == {"direct", "latent"}
