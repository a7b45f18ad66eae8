"""What credentials open and nobody declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reach.stories import graph_of, triples

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.reach import CredentialPath, ReachGraph

DESK = """
agents: {bot: {}}
tools:
  note: {agents: [bot], system: desk, credential: key,
         requires: [{resources: [tickets], actions: [create]}]}
credentials:
  key:
    also_reaches: [ALSO]
    grants:
      - {system: desk, resources: [tickets], actions: [create]}
      - GRANT
systems:
  desk: {data: [pii], CATALOGUE}
  mail: {}
"""


def _desk(tmp_path: Path, grant: str, also: str = "", catalogue: str = "") -> ReachGraph:
    text = DESK.replace("GRANT", grant).replace("ALSO", also)
    return graph_of(text.replace("CATALOGUE", catalogue), tmp_path)


def _told(graph: ReachGraph) -> dict[str, tuple[str, ...]]:
    return {one.id: one.actions for one in graph.undeclared()}


def test_another_resource_is_an_undeclared_path(tmp_path: Path) -> None:
    """The golden case: a key for tickets that also opens something else."""
    graph = _desk(tmp_path, "{system: desk, resources: [users], actions: [read, delete]}")
    (one,) = graph.undeclared()
    assert (one.id, one.actions, one.effects) == (
        "key->desk/users",
        ("delete", "read"),
        ("destroy", "read"),
    )
    assert (one.agents, one.certainty, one.reach) == (("bot",), "proven", "latent")
    assert (one.writes, one.sensitive, one.system_known) == (True, True, True)
    assert [hop.why for hop in one.witness.hops] == [
        "bot may call note",
        "note uses key",
        "key is granted delete, read on users",
    ]
    assert one.cut.remove == ("take `delete`, `read` on `users` out of key",)
    assert one.cut.closes == 1


@pytest.mark.parametrize(
    "also",
    [
        "{system: desk, resources: [users], actions: [read]}",
        '{system: desk, resources: ["*"], actions: [read]}',
        '{system: desk, resources: [users], actions: ["*"]}',
    ],
)
def test_what_its_owner_accepts_is_declared(tmp_path: Path, also: str) -> None:
    """By name or by wildcard."""
    graph = _desk(tmp_path, "{system: desk, resources: [users], actions: [read]}", also)
    assert graph.undeclared() == ()
    assert all(one.declared for one in graph.reached("bot"))


@pytest.mark.parametrize(
    "also",
    [
        "{system: desk, resources: [users]}",
        "{system: desk}",
        "{system: mail, resources: [users], actions: [read]}",
        "{system: desk, resources: [users], actions: [list]}",
    ],
)
def test_a_claim_about_something_else_or_nothing_declares_nothing(
    tmp_path: Path, also: str
) -> None:
    """An absent cell is a question, not a claim."""
    graph = _desk(tmp_path, "{system: desk, resources: [users], actions: [read]}", also)
    assert list(_told(graph)) == ["key->desk/users"]


def test_a_stronger_effect_on_a_needed_resource_is_an_undeclared_path(tmp_path: Path) -> None:
    """Creating tickets does not cover deleting them; reading them it does, as an over-grant."""
    graph = _desk(tmp_path, "{system: desk, resources: [tickets], actions: [delete, read]}")
    assert _told(graph) == {"key->desk/tickets": ("delete",)}
    assert [(one.id, one.actions) for one in graph.over_grants()] == [
        ("key->desk/tickets", ("read",))
    ]


def test_a_wildcard_stays_symbolic_without_a_catalogue(tmp_path: Path) -> None:
    """Only a wildcard in the declaration covers it, and what it hides is left out."""
    grant = '{system: desk, resources: ["*"], actions: ["*"]}'
    graph = _desk(tmp_path, grant)
    assert _told(graph) == {"key->desk/*": ("*",)}
    assert triples(graph) == ["desk/*:*", "desk/tickets:create"]
    whole = '{system: desk, resources: ["*"], actions: ["*"]}'
    assert _told(_desk(tmp_path, grant, whole)) == {}


def test_a_wildcard_expands_against_the_catalogue(tmp_path: Path) -> None:
    """The catalogue says what there is to do, and what it does."""
    catalogue = "action_catalogue: {create: append, peek: read, burn: destroy}"
    grant = '{system: desk, resources: [users], actions: ["*"]}'
    (one,) = _desk(tmp_path, grant, "", catalogue).undeclared()
    assert (one.actions, one.effects) == (
        ("burn", "create", "peek"),
        ("append", "destroy", "read"),
    )


def test_a_wider_path_tells_the_narrower_ones_too(tmp_path: Path) -> None:
    """Reading everything is one path, not one more for every resource."""
    grant = '{system: desk, resources: ["*", users, rooms], actions: [read]}'
    assert _told(_desk(tmp_path, grant)) == {"key->desk/*": ("read",)}


def test_a_grant_without_its_cells_is_everything_that_it_might_be(tmp_path: Path) -> None:
    """Silence is neither none nor a claim: the path is there until somebody says more."""
    (one,) = _desk(tmp_path, "{system: mail}").undeclared()
    assert (one.id, one.actions, one.certainty) == ("key->mail/* (possible)", ("*",), "needs-fact")
    assert one.witness.needs == ("the resources and actions of the grant are not stated",)


def test_a_condition_makes_a_path_conditional(tmp_path: Path) -> None:
    """It is told, with its condition."""
    grant = "{system: mail, resources: [out], actions: [send], condition: weekdays}"
    (one,) = _desk(tmp_path, grant).undeclared()
    assert (one.certainty, one.witness.needs) == ("conditional", ("weekdays",))


SCOPED = """
agents: {bot: {}}
tools:
  roll: {agents: [bot], system: k8s, credential: sa,
         requires: [{resources: [deployments.apps], actions: [patch], scope: NEED}]}
credentials:
  sa: {grants: [{system: k8s, resources: [apps/deployments], actions: [patch], scope: GRANT}]}
systems: {k8s: {kind: kubernetes}}
"""


@pytest.mark.parametrize(
    ("need", "grant", "told"),
    [
        ("shop", "shop", []),
        ('"*"', "shop", []),
        ("shop", "bank", ["sa->k8s/apps/deployments@bank"]),
        ("shop", '"*"', ["sa->k8s/apps/deployments"]),
    ],
)
def test_a_need_in_one_namespace_declares_no_other(
    tmp_path: Path, need: str, grant: str, told: list[str]
) -> None:
    """Resources are one by all their spellings; scopes are not."""
    graph = graph_of(SCOPED.replace("NEED", need).replace("GRANT", grant), tmp_path)
    assert list(_told(graph)) == told


SHARED = """
agents: {reader: {}, writer: {}}
tools:
  read: {agents: [reader], system: desk, credential: key,
         requires: [{resources: [tickets], actions: [read]}]}
  write: {agents: [writer], system: desk, credential: key,
          requires: [{resources: [tickets], actions: [read, delete]}]}
credentials: {key: {grants: [{system: desk, resources: [tickets], actions: [read, delete]}]}}
systems: {desk: {}}
"""


def test_a_shared_credential_is_told_once_with_the_agents_it_surprises(tmp_path: Path) -> None:
    """The reader holds a key that deletes; the writer declared it, and there is no over-grant."""
    graph = graph_of(SHARED, tmp_path)
    (one,) = graph.undeclared()
    assert (one.id, one.actions, one.agents) == ("key->desk/tickets", ("delete",), ("reader",))
    assert graph.over_grants() == ()
    assert one.cut.remove == ("give reader a credential of its own instead of key",)


def test_all_paths_are_told_declared_and_undeclared_apart(tmp_path: Path) -> None:
    """Every id is unique."""
    grant = "{system: desk, resources: [tickets, users], actions: [delete]}"
    paths: tuple[CredentialPath, ...] = _desk(tmp_path, grant).paths()
    assert [(one.id, one.declared) for one in paths] == [
        ("key->desk/tickets", False),
        ("key->desk/tickets (declared)", True),
        ("key->desk/users", False),
    ]


def test_the_order_of_sections_changes_nothing(tmp_path: Path) -> None:
    """The same facts in another order give the same paths in the same order."""
    lines = SHARED.strip().splitlines()
    first = graph_of(SHARED, tmp_path).undeclared()
    text = "\n".join([*lines[-2:], *lines[1:-2], lines[0]])
    second = graph_of(text, tmp_path).undeclared()
    assert [one.id for one in first] == [one.id for one in second]
    assert [[hop.why for hop in one.witness.hops] for one in first] == [
        [hop.why for hop in one.witness.hops] for one in second
    ]


@pytest.mark.parametrize(
    ("other", "cell"),
    [
        ("other: {agents: [bot], system: desk, credential: key, effect: mutate}", "requires"),
        ("other: {agents: [bot], credential: key, requires: null}", None),
        ("other: {agents: [bot], credential: key, requires: [{}]}", "system"),
        ("other: {agents: [bot], system: desk, credential: key, requires: [{}]}", "resources"),
        ("other: {agents: [bot], system: desk, credential: key, effect: read}", None),
        ("other: {agents: [bot], system: mail, credential: key, effect: mutate}", None),
        ("other: {agents: [], system: desk, credential: key, effect: mutate}", None),
        (
            "other: {agents: [bot], system: desk, credential: key, requires: [{resources: [x]}]}",
            None,
        ),
    ],
)
def test_a_need_that_is_not_stated_may_be_this_one(
    other: str, cell: str | None, tmp_path: Path
) -> None:
    """A missing cell accuses nobody; it is no excuse for what it could not hold."""
    text = DESK.replace("GRANT", "{system: desk, resources: [users], actions: [delete]}")
    text = text.replace("ALSO", "").replace("CATALOGUE", "").replace("tools:", f"tools:\n  {other}")
    (one,) = graph_of(text, tmp_path).undeclared()
    assert (one.doubt[1] if one.doubt else None) == cell
    assert one.certainty == "proven"


def test_a_doubt_that_only_one_agent_has_excuses_no_other(tmp_path: Path) -> None:
    """Both agents reach it; the tool that may need it is in the hands of one."""
    text = DESK.replace("GRANT", "{system: desk, resources: [users], actions: [delete]}")
    text = (
        text.replace("ALSO", "")
        .replace("CATALOGUE", "")
        .replace(
            "tools:",
            "tools:\n  other: {agents: [bot], system: desk, credential: key, effect: mutate}",
        )
    )
    text = text.replace("{bot: {}}", "{bot: {}, peer: {}}").replace(
        "note: {agents: [bot]", "note: {agents: [bot, peer]"
    )
    (one,) = graph_of(text, tmp_path).undeclared()
    assert (one.agents, one.doubt) == (("bot", "peer"), None)
