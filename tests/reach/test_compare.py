"""What credentials lack, and what they have too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Granted, Unresolved
from reach.stories import graph_of, place, shown

if TYPE_CHECKING:
    from pathlib import Path

ROLL = """
agents: {bot: {}}
tools:
  roll: {agents: [bot], system: k8s, credential: sa, capability: auto,
         requires: [{resources: [apps/deployments], actions: [get, update],
                     basis: doc, scope: shop}]}
capabilities:
  auto: {enabled: false, system: k8s, credential: sa,
         requires: [{resources: [apps/deployments], actions: [update], scope: shop}]}
credentials:
  sa: {principal: "system:serviceaccount:shop:bot", CELLS}
systems: {k8s: {kind: kubernetes}}
EVIDENCE
"""
SA = "system:serviceaccount:shop:bot"
LISTED = "evidence: {rbac: {kind: kubernetes-rbac, files: [rbac.yaml], system: k8s}}"


def _roll(cells: str, evidence: str = "") -> str:
    return ROLL.replace("CELLS", cells).replace("EVIDENCE", evidence)


def _typed(actions: str) -> str:
    grant = f"{{system: k8s, resources: [apps/deployments], actions: {actions}, scope: shop}}"
    return f"grants: [{grant}]"


def test_patch_never_covers_update(tmp_path: Path) -> None:
    """The call will be refused on its first real run; it is told once, at the tool."""
    graph = graph_of(_roll(_typed("[get, list, patch]")), tmp_path)
    (one,) = graph.under_grants()
    assert (one.holder, one.actions, one.granted) == (
        "tool roll",
        ("update",),
        ("get", "list", "patch"),
    )
    assert (one.id, one.basis, one.certainty) == (
        "roll->k8s/apps/deployments@shop",
        "doc",
        "proven",
    )
    assert one.nearest is not None
    (more,) = graph.over_grants()
    assert (more.actions, more.needed) == (("list", "patch"), ("get", "update"))


@pytest.mark.parametrize("cells", ["grants: []", "grants: null"])
def test_a_credential_that_opens_nothing_lacks_everything(tmp_path: Path, cells: str) -> None:
    """None is a claim."""
    (one,) = graph_of(_roll(cells), tmp_path).under_grants()
    assert (one.actions, one.granted, one.nearest) == (("get", "update"), (), None)


@pytest.mark.parametrize("cells", ["kind: api_key", "grants: {unknown: true}"])
def test_nothing_is_lacking_where_nothing_is_stated(tmp_path: Path, cells: str) -> None:
    """A cell that is not stated is a question of its own."""
    assert graph_of(_roll(cells), tmp_path).under_grants() == ()


@pytest.mark.parametrize(
    "grant",
    [
        '{system: k8s, resources: ["apps/deployments"], actions: ["*"]}',
        '{system: k8s, resources: ["apps/*"], actions: [get, update], scope: shop}',
        '{system: k8s, resources: ["*"], actions: ["*"], scope: "*"}',
        "{system: k8s, resources: [deployments.apps], actions: [update, get]}",
    ],
)
def test_a_wildcard_covers_every_need(tmp_path: Path, grant: str) -> None:
    """By action, by group, by scope."""
    assert graph_of(_roll(f"grants: [{grant}]"), tmp_path).under_grants() == ()


def test_a_need_without_scope_is_met_in_any(tmp_path: Path) -> None:
    """Who does not limit a need does not ask for all namespaces."""
    text = _roll(_typed("[get, update]")).replace(", scope: shop}]}\ncap", "}]}\ncap")
    assert graph_of(text, tmp_path).under_grants() == ()


def test_evidence_speaks_before_the_inventory(tmp_path: Path) -> None:
    """What people typed is a claim: it grants nothing where evidence says otherwise."""
    granted = Granted((shown(SA, "apps/deployments", "get", scope="shop"),), principals=(SA,))
    text = _roll(_typed("[get, update]"), LISTED)
    (one,) = graph_of(text, tmp_path, {"rbac": granted}).under_grants()
    assert (one.actions, one.granted, one.certainty) == (("update",), ("get",), "proven")


def test_a_dangling_role_of_the_principal_leaves_it_open(tmp_path: Path) -> None:
    """Missing evidence is never a claim."""
    what = "RoleBinding shop/bot gives bot the Role admin, which nothing in this evidence defines"
    granted = Granted(principals=(SA,), unresolved=(Unresolved(what, place(3), (SA,)),))
    text = _roll(_typed("[get, update]"), LISTED)
    (one,) = graph_of(text, tmp_path, {"rbac": granted}).under_grants()
    assert (one.certainty, one.needs) == ("needs-fact", what)


def test_typed_grants_stand_in_doubt_when_evidence_does_not_name_the_principal(
    tmp_path: Path,
) -> None:
    """A misspelled principal must not pass."""
    other = "system:serviceaccount:shop:other"
    granted = Granted((shown(other, "/pods", "get"),), principals=(other,))
    text = _roll(_typed("[get, update]"), LISTED)
    graph = graph_of(text, tmp_path, {"rbac": granted})
    (one,) = graph.under_grants()
    fact = f"the evidence of k8s does not name '{SA}'"
    assert (one.actions, one.certainty, one.needs) == (("get", "update"), "needs-fact", fact)
    assert {path.certainty for path in graph.paths()} == {"needs-fact"}


def test_a_derived_principal_may_meet_a_need(tmp_path: Path) -> None:
    """A tool that is declared to assume a role acts with the role's grants."""
    text = """
    agents: {bot: {}}
    tools:
      load: {agents: [bot], system: lake, credential: key,
             requires: [{resources: [table], actions: [insert]}]}
    credentials:
      key: {grants: [], derives: [{to: role/loader, via: assume role}]}
      loader: {principal: role/loader,
               grants: [{system: lake, resources: [table], actions: [insert, drop]}]}
    systems: {lake: {}}
    """
    graph = graph_of(text, tmp_path)
    assert graph.under_grants() == ()
    assert graph.undeclared() == ()
    assert [one.declared for one in graph.reached("bot")] == [True, True]


@pytest.mark.parametrize(
    ("resource", "actions", "unreal"),
    [
        ("apps/deployments", "[get, update]", ("update",)),
        ("apps/deployments", "[get]", ()),
        ("apps/deployments", "['*']", ()),
        ("'*'", "[get]", ()),
        ("'*'", "[delete]", ("delete",)),
        ("/secrets", "['*']", ("*",)),
    ],
)
def test_a_typed_grant_is_compared_with_the_evidence(
    tmp_path: Path, resource: str, actions: str, unreal: tuple[str, ...]
) -> None:
    """A claim is what evidence does not show; a claim to all of something is shown by a part."""
    typed = f"grants: [{{system: k8s, resources: [{resource}], actions: {actions}, scope: shop}}]"
    real = tuple(shown(SA, "apps/deployments", one, scope="shop") for one in ("get", "patch"))
    granted = Granted(real, principals=(SA,))
    (claim,) = graph_of(_roll(typed, LISTED), tmp_path, {"rbac": granted}).claims()
    assert (claim.actions, claim.needs) == (unreal, "")


def test_a_claim_in_another_scope_is_not_real(tmp_path: Path) -> None:
    """What is granted in one namespace does not show a grant in another."""
    typed = "grants: [{system: k8s, resources: [apps/deployments], actions: [get], scope: bank}]"
    granted = Granted((shown(SA, "apps/deployments", "get", scope="shop"),), principals=(SA,))
    (claim,) = graph_of(_roll(typed, LISTED), tmp_path, {"rbac": granted}).claims()
    assert claim.actions == ("get",)


def test_a_dangling_role_leaves_a_claim_open(tmp_path: Path) -> None:
    """What nobody defines may be what was claimed."""
    gap = Unresolved("Role shop/more is not defined", place(3), (SA,))
    granted = Granted(unresolved=(gap,), principals=(SA,))
    (claim,) = graph_of(_roll(_typed("[get]"), LISTED), tmp_path, {"rbac": granted}).claims()
    assert (claim.actions, claim.needs) == (("get",), "Role shop/more is not defined")


def test_without_evidence_there_is_nothing_to_compare(tmp_path: Path) -> None:
    """A claim about a system that no evidence speaks for is not judged here."""
    assert graph_of(_roll(_typed("[get]")), tmp_path).claims() == ()


SHARED = """
agents: {bot: {}}
tools:
  note: {agents: [bot], system: desk, credential: key,
         requires: [{resources: [tickets], actions: [update]}]}
  other: {agents: [bot], OTHER}
credentials:
  key: {grants: [{system: desk, resources: [tickets], actions: [update, create]}]}
  own: {}
systems: {desk: {}, mail: {}}
"""


@pytest.mark.parametrize(
    ("other", "cell"),
    [
        ("system: desk, credential: key", "requires"),
        ("system: desk, requires: [{resources: [tickets], actions: [create]}]", "credential"),
        (
            "credential: key, requires: [{resources: [tickets], actions: [create]}]",
            "system",
        ),
        ("system: desk, credential: key, effect: read", None),
        ("system: desk, credential: own", None),
        ("system: mail, credential: key", None),
        ("system: desk, credential: null", None),
        ("system: desk, credential: key, requires: null", None),
        ("system: desk, requires: [{resources: [tickets], actions: [assign]}]", None),
    ],
)
def test_a_surplus_is_in_doubt_while_a_tool_may_need_it(
    other: str, cell: str | None, tmp_path: Path
) -> None:
    """What a tool needs, on which system and with which key: each cell can be what is missing."""
    (one,) = graph_of(SHARED.replace("OTHER", other), tmp_path).over_grants()
    assert (one.actions, one.certainty) == (("create",), "proven")
    assert (one.doubt[1] if one.doubt else None) == cell
