"""What evidence says principals become, and what that opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Granted
from providers.github import installation, of
from reach.stories import graph_of, shown, triples, turning, whys

if TYPE_CHECKING:
    from pathlib import Path

SA = "system:serviceaccount:shop:"
SHOP = """
agents: {bot: {}}
tools:
  look: {agents: [bot], system: k8s, credential: sa,
         requires: [{resources: [pods], actions: [get]}]}
credentials:
  sa: {principal: "system:serviceaccount:shop:bot", DERIVES}
  key: {principal: "system:serviceaccount:shop:pay", grants: [
        {system: stripe, resources: [refunds], actions: [create]},
        {system: k8s, resources: [secrets], actions: [delete]}]}
systems: {k8s: {kind: kubernetes}, stripe: {}, k8s-dev: {kind: kubernetes}}
evidence:
  rbac: {kind: kubernetes-rbac, files: [rbac.yaml], system: k8s}
  dev: {kind: kubernetes-rbac, files: [dev.yaml], system: k8s-dev}
"""
LOOK = shown(f"{SA}bot", "/pods", "get", effect="read")


def _shop(derives: str = "kind: service_account") -> str:
    return SHOP.replace("DERIVES", derives)


def test_a_chain_of_principals_is_followed_to_its_end(tmp_path: Path) -> None:
    """Every hop is told with its line, and the credential found on the way opens its system."""
    granted = Granted(
        (LOOK, shown(f"{SA}run", "/nodes", "delete", effect="destroy")),
        (turning(f"{SA}bot", f"{SA}run"), turning(f"{SA}run", f"{SA}pay")),
        principals=(f"{SA}bot", f"{SA}run"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    assert triples(graph) == [
        "k8s/secrets:delete",
        "k8s//nodes:delete",
        "k8s//pods:get",
        "stripe/refunds:create",
    ]
    assert whys(graph, "stripe/refunds:create") == [
        "bot may call look",
        "look uses sa",
        f"sa acts as {SA}bot",
        f"{SA}bot can become {SA}run: run a pod",
        f"{SA}run can become {SA}pay: run a pod",
        "key is granted create on refunds",
    ]
    last = [one.credential for one in graph.reached("bot")]
    assert last == ["key", "sa", "sa", "key"]
    cuts = {one.id: (one.cut.remove, one.cut.closes) for one in graph.undeclared()}
    assert cuts[f"sa->k8s//nodes as {SA}run"] == (
        (f"stop {SA}bot from becoming {SA}run (run a pod)",),
        3,
    )


def test_a_pattern_stands_for_every_principal_of_its_form(tmp_path: Path) -> None:
    """The hop names the one that matters, not the pattern."""
    granted = Granted(
        (LOOK, shown(f"{SA}pay", "/secrets", "get", effect="read")),
        (turning(f"{SA}bot", f"{SA}*"),),
        principals=(f"{SA}bot", f"{SA}pay"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    assert whys(graph, "k8s//secrets:get")[-2:] == [
        f"{SA}bot can become {SA}pay: run a pod",
        f"{SA}pay is granted get on /secrets",
    ]
    (one,) = graph.becomes("sa")
    assert (one.principal, one.via, one.declared) == (f"{SA}*", "run a pod", False)


@pytest.mark.parametrize(
    ("derives", "declared"),
    [
        (f'derives: [{{to: "{SA}pay"}}]', True),
        (f'derives: [{{to: "{SA}*"}}]', True),
        (f'derives: [{{to: "{SA}other"}}]', False),
        ("derives: []", False),
    ],
)
def test_a_declared_derivation_declares_what_it_opens(
    tmp_path: Path, derives: str, *, declared: bool
) -> None:
    """By name and by pattern; a principal of another name declares nothing."""
    granted = Granted(
        (LOOK, shown(f"{SA}pay", "/secrets", "get", effect="read")),
        (turning(f"{SA}bot", f"{SA}pay"),),
        principals=(f"{SA}bot", f"{SA}pay"),
    )
    graph = graph_of(_shop(derives), tmp_path, {"rbac": granted})
    assert (graph.undeclared() == ()) is declared
    becomes = {one.principal: one.declared for one in graph.becomes("sa")}
    assert becomes[f"{SA}pay"] is declared


def test_everything_is_one_path_and_hides_the_rest_of_its_system(tmp_path: Path) -> None:
    """No fan-out; but what lies beyond the system is still found."""
    granted = Granted(
        (LOOK, shown(f"{SA}bot", "*/*", "*", effect="grant")),
        everything=frozenset({f"{SA}bot"}),
        principals=(f"{SA}bot", f"{SA}pay"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    assert [one.id for one in graph.undeclared()] == ["sa->k8s/*", "sa->stripe/refunds as key"]
    assert whys(graph, "k8s/*:*")[-1] == f"{SA}bot is granted everything on k8s"
    assert triples(graph)[0] == "k8s/*:*"
    assert graph.under_grants() == ()


def test_becoming_anybody_is_everything(tmp_path: Path) -> None:
    """`*` stands for the whole system; `everything:SCOPE` for all of one scope."""
    whole = Granted((LOOK,), (turning(f"{SA}bot", "*"),), principals=(f"{SA}bot",))
    graph = graph_of(_shop(), tmp_path, {"rbac": whole})
    assert whys(graph, "k8s/*:*")[-1] == f"{SA}bot can take everything on k8s: run a pod"
    part = Granted(
        (LOOK, shown(f"{SA}bot", "/secrets", "get", scope="bank")),
        (turning(f"{SA}bot", "everything:bank"),),
        principals=(f"{SA}bot",),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": part})
    assert [one.id for one in graph.undeclared()] == ["sa->k8s/*@bank"]


def test_the_surest_way_is_shown_even_if_it_is_longer(tmp_path: Path) -> None:
    """A proven path must not hide behind one that only might exist."""
    granted = Granted(
        (LOOK, shown(f"{SA}pay", "/secrets", "get")),
        (
            turning(
                f"{SA}bot", f"{SA}pay", "impersonate", certainty="needs-fact", needs="the version"
            ),
            turning(f"{SA}bot", f"{SA}run"),
            turning(f"{SA}run", f"{SA}pay"),
        ),
        principals=(f"{SA}bot", f"{SA}run", f"{SA}pay"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    found = {f"{one.system}/{one.resource}": one for one in graph.undeclared()}
    one = found["k8s//secrets"]
    assert (one.certainty, one.witness.needs) == ("proven", ())
    assert one.cut.remove == (
        f"stop {SA}bot from becoming {SA}pay (impersonate)",
        f"stop {SA}bot from becoming {SA}run (run a pod)",
    )


def test_a_missing_fact_goes_with_the_path(tmp_path: Path) -> None:
    """The weakest link decides, and the path says what must be known."""
    granted = Granted(
        (LOOK, shown(f"{SA}pay", "/secrets", "get")),
        (turning(f"{SA}bot", f"{SA}pay", certainty="needs-fact", needs="the version"),),
        principals=(f"{SA}bot", f"{SA}pay"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    assert {(one.certainty, one.witness.needs) for one in graph.undeclared()} == {
        ("needs-fact", ("the version",))
    }


def test_the_same_name_in_another_cluster_is_somebody_else(tmp_path: Path) -> None:
    """A service account of the test cluster opens nothing in production."""
    here = Granted((LOOK,), principals=(f"{SA}bot",))
    there = Granted((shown(f"{SA}bot", "/secrets", "get", system="k8s-dev"),), principals=(SA,))
    graph = graph_of(_shop(), tmp_path, {"rbac": here, "dev": there})
    assert triples(graph) == ["k8s//pods:get"]
    graph = graph_of(_shop(), tmp_path, {"dev": there})
    assert "k8s-dev//secrets:get" in triples(graph)


TWINS = """
agents: {bot: {}}
tools:
  read: {agents: [bot], system: desk, credential: narrow,
         requires: [{resources: [tickets], actions: [read]}]}
credentials:
  narrow: {principal: app/desk, grants: [{system: desk, resources: [tickets], actions: [read]}]}
  wide: {principal: app/desk, grants: [{system: desk, resources: [users], actions: [delete]}]}
systems: {desk: {}}
"""


def test_a_token_does_not_open_what_its_owners_other_token_does(tmp_path: Path) -> None:
    """Two credentials of one principal stay two; only who becomes the principal holds both."""
    assert triples(graph_of(TWINS, tmp_path)) == ["desk/tickets:read"]
    text = TWINS.replace(
        "app/desk, grants: [{system: desk, resources: [t",
        "app/other, derives: [{to: app/desk}], grants: [{system: desk, resources: [t",
    )
    assert triples(graph_of(text, tmp_path)) == ["desk/tickets:read", "desk/users:delete"]


def test_two_ways_are_cut_together(tmp_path: Path) -> None:
    """Where no single change closes a path, the cheapest set of changes is told."""
    granted = Granted(
        (LOOK, shown(f"{SA}one", "/secrets", "get"), shown(f"{SA}two", "/secrets", "get")),
        (turning(f"{SA}bot", f"{SA}one"), turning(f"{SA}bot", f"{SA}two", "mint a token")),
        principals=(f"{SA}bot", f"{SA}one", f"{SA}two"),
    )
    graph = graph_of(_shop(), tmp_path, {"rbac": granted})
    (one,) = graph.undeclared()
    assert one.cut.remove == (
        f"stop {SA}bot from becoming {SA}one (run a pod)",
        f"stop {SA}bot from becoming {SA}two (mint a token)",
    )
    assert one.cut.closes == 1


def test_a_tangle_is_cut_where_it_is_thinnest(tmp_path: Path) -> None:
    """Four ways lead out and two lead on: two changes close what four would."""
    turns = [turning(f"{SA}bot", f"{SA}a{n}", f"way {n}") for n in range(4)]
    turns += [turning(f"{SA}a{n}", f"{SA}mid{n // 2}") for n in range(4)]
    turns += [turning(f"{SA}mid{n}", f"{SA}end", "mint a token") for n in range(2)]
    names = tuple({turn.holder for turn in turns} | {f"{SA}end"})
    granted = Granted((LOOK, shown(f"{SA}end", "/secrets", "get")), tuple(turns), principals=names)
    (one,) = graph_of(_shop(), tmp_path, {"rbac": granted}).undeclared()
    assert one.cut.remove == (
        f"stop {SA}mid0 from becoming {SA}end (mint a token)",
        f"stop {SA}mid1 from becoming {SA}end (mint a token)",
    )
    assert one.cut.closes == 1


def test_one_line_that_opens_many_ways_is_one_change(tmp_path: Path) -> None:
    """Who may run pods becomes every account; taking that away is one change, not many."""
    granted = Granted(
        (LOOK, shown(f"{SA}one", "/secrets", "get"), shown(f"{SA}two", "/secrets", "get")),
        (turning(f"{SA}bot", f"{SA}one"), turning(f"{SA}bot", f"{SA}two")),
        principals=(f"{SA}bot", f"{SA}one", f"{SA}two"),
    )
    (one,) = graph_of(_shop(), tmp_path, {"rbac": granted}).undeclared()
    assert one.cut.remove == (f"stop {SA}bot from becoming {SA}one and 1 more (run a pod)",)


LEAKED = """
agents: {bot: {}}
systems: {github: {kind: github}, stripe: {}}
credentials:
  app: {principal: app/bot}
  found:
    principal: leaked/octo/app
    grants: [{system: stripe, resources: [payouts], actions: [create]}]
tools: {alerts.read: {agents: [bot], system: github, credential: app, effect: read}}
evidence: {app: {kind: github, files: [app.json], system: github, namespace: octo/app}}
"""


def test_a_token_that_secret_scanning_found_is_a_question(tmp_path: Path) -> None:
    """G13: a credential that is known to have leaked is told as possible, and no other is."""
    reads = {"secret_scanning_alerts": "read"}
    reading = of({"app.json": installation(**reads)})
    rows = graph_of(LEAKED, tmp_path, {"app": reading}).reached("bot")
    (row,) = [one for one in rows if one.system == "stripe"]
    assert row.certainty == "needs-fact"
    assert row.path.needs == ("whether an alert of octo/app is of a token that is still valid",)
    other = LEAKED.replace("leaked/octo/app", "leaked/octo/other")
    assert {one.system for one in graph_of(other, tmp_path, {"app": reading}).reached("bot")} == {
        "github"
    }
