"""What several credentials of one agent open together, and what they do not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from blastlint.evidence import read_evidence
from blastlint.providers.grants import Becoming, Granted, Joint
from blastlint.reach import build
from providers.github import LISTED, SETTINGS, UNPROTECTED, installation, review, ruleset
from reach.stories import graph_of, place, shown, triples, turning, whys
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.reach import ReachGraph

TWO = """
agents: {bot: {}, other: {}}
tools:
  one: {agents: [bot], system: k8s, credential: a, open_ended: shell, requires: []}
  two: {agents: [bot], system: k8s, credential: b, requires: []}
  only: {agents: [other], system: k8s, credential: a, open_ended: shell, requires: []}
credentials:
  a: {principal: A}
  b: {principal: B}
systems: {k8s: {}}
evidence: {roles: {kind: kubernetes-rbac, files: [roles.yaml], system: k8s}}
"""


def _share(holder: str, part: str, certainty: str = "proven", needs: str = "") -> Becoming:
    return Becoming(holder, part, "", place(3), certainty, needs)  # type: ignore[arg-type]  # a literal of the tests


def _joint(*parts: str, to: str = "T") -> Joint:
    return Joint(parts, Becoming(" and ".join(parts), to, "do both", place(4)))


def _granted(
    *shares: Becoming, joints: tuple[Joint, ...], turns: tuple[Becoming, ...] = ()
) -> Granted:
    rights = (shown("T", "jobs", "update"), shown("A", "pods", "get", effect="read"))
    return Granted(rights, turns, shares=shares, joints=joints, principals=("A", "B", "T", "U"))


BOTH = _granted(_share("A", "push"), _share("B", "pull"), joints=(_joint("push", "pull"),))


def test_two_credentials_open_together_what_neither_opens_alone(tmp_path: Path) -> None:
    """S12: only the agent that holds both gets there, and the way names both legs."""
    graph = graph_of(TWO, tmp_path, {"roles": BOTH})
    assert triples(graph) == ["k8s/jobs:update", "k8s/pods:get"]
    assert triples(graph, "other") == ["k8s/pods:get"]
    assert whys(graph, "k8s/jobs:update") == [
        "bot may call one",
        "one uses a",
        "a acts as A",
        "A can push",
        "bot may call two",
        "two uses b",
        "b acts as B",
        "B can pull",
        "whoever can do all this can become T: do both",
        "T is granted update on jobs",
    ]


def test_one_finding_for_the_pair_under_its_first_credential(tmp_path: Path) -> None:
    """It names both credentials, is as hard as its hardest leg, and closes with one call."""
    graph = graph_of(TWO, tmp_path, {"roles": BOTH})
    (path,) = [one for one in graph.undeclared() if one.joint]
    assert (path.id, path.holding, path.agents) == (
        "a->k8s/jobs as T with others",
        "a and b",
        ("bot",),
    )
    assert path.reach == "latent"
    assert path.witness.reach == "latent"
    assert path.cut.remove == ("stop A from being able to push",)
    assert path.cut.closes == 1


def test_whoever_can_do_it_alone_is_told_once(tmp_path: Path) -> None:
    """No second finding for the pair where one of the two gets there without the other."""
    granted = _granted(
        _share("A", "push"), _share("B", "pull"), joints=(_joint("push", "pull"),),
        turns=(turning("A", "T"),),
    )  # fmt: skip
    graph = graph_of(TWO, tmp_path, {"roles": granted})
    assert [one.id for one in graph.undeclared() if one.joint] == []
    assert "k8s/jobs:update" in triples(graph, "other")


def test_what_two_open_may_be_a_part_of_the_next(tmp_path: Path) -> None:
    """The fixed point goes on: the joint of two leads to a call that a third one needs."""
    granted = _granted(
        _share("A", "push"), _share("B", "pull"), _share("U", "turn"),
        joints=(_joint("push", "pull", to="U"), _joint("pull", "turn")),
    )  # fmt: skip
    graph = graph_of(TWO, tmp_path, {"roles": granted})
    assert triples(graph) == ["k8s/jobs:update", "k8s/pods:get"]
    assert triples(graph, "other") == ["k8s/pods:get"]


def test_a_part_may_be_to_be_somebody(tmp_path: Path) -> None:
    """Who rewrites a principal and holds its key as well has what was written."""
    granted = _granted(_share("A", "rewrite B"), joints=(_joint("rewrite B", "B"),))
    graph = graph_of(TWO, tmp_path, {"roles": granted})
    assert "k8s/jobs:update" in triples(graph)
    assert "k8s/jobs:update" not in triples(graph, "other")


def test_a_pair_is_as_sure_as_its_least_sure_call(tmp_path: Path) -> None:
    """The missing fact of one leg is that of the way."""
    granted = _granted(
        _share("A", "push"), _share("B", "pull", "needs-fact", "who else pulls"),
        joints=(_joint("push", "pull"),),
    )  # fmt: skip
    graph = graph_of(TWO, tmp_path, {"roles": granted})
    (path,) = [one for one in graph.undeclared() if one.joint]
    assert (path.certainty, path.witness.needs) == ("needs-fact", ("who else pulls",))


def test_where_a_call_can_be_made_twice_the_two_are_to_be_parted(tmp_path: Path) -> None:
    """Taking one call away does not help if the agent can make it as somebody else."""
    granted = _granted(
        _share("A", "push"), _share("U", "push"), _share("B", "pull"), _share("V", "pull"),
        joints=(_joint("push", "pull"),),
        turns=(turning("A", "U"), turning("B", "V")),
    )  # fmt: skip
    graph = graph_of(TWO, tmp_path, {"roles": granted})
    (path,) = [one for one in graph.undeclared() if one.joint]
    assert path.cut.remove == ("do not let bot hold a and b at once",)


# --- platforms ----------------------------------------------------------------------------------

CLUSTER = """
agents: {bot: {}, half: {}}
tools:
  one: {agents: [bot, half], system: k8s, credential: a, requires: []}
  two: {agents: [bot], system: k8s, credential: b, requires: []}
credentials:
  a: {principal: "system:serviceaccount:shop:a"}
  b: {principal: "system:serviceaccount:shop:b"}
systems: {k8s: {kind: kubernetes}}
evidence: {rbac: {kind: kubernetes-rbac, files: [evidence/rbac.yaml], system: k8s}}
"""
BOUND = """
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}Role
metadata: {{name: {who}, namespace: shop}}
rules: [{rules}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}RoleBinding
metadata: {{name: {who}, namespace: shop}}
roleRef: {{kind: {kind}Role, name: {who}, apiGroup: rbac.authorization.k8s.io}}
subjects: [{{kind: ServiceAccount, name: {who}, namespace: shop}}]
"""
PAYER = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: payer, namespace: shop}
"""


def _right(group: str, resource: str, verb: str) -> str:
    return f"{{apiGroups: ['{group}'], resources: [{resource}], verbs: [{verb}]}}"


def _cluster(tmp_path: Path, kind: str, a: str, b: str) -> ReachGraph:
    """A cluster in which two accounts each have one right, and a third one something else."""
    rights = {"a": a, "b": b, "payer": _right("", "events", "create")}
    bound = (BOUND.format(kind=kind, who=who, rules=rules) for who, rules in rights.items())
    (tmp_path / "evidence").mkdir()
    file = tmp_path / "evidence" / "rbac.yaml"
    file.write_text("---\n".join([PAYER, *bound]), encoding="utf-8")
    inventory = inventory_of(CLUSTER, tmp_path)
    return build(inventory, read_evidence(inventory)[0])


def test_kubernetes_one_stores_a_token_and_another_reads_it(tmp_path: Path) -> None:
    """Two requests, each allowed to who makes it: together they are any account there."""
    graph = _cluster(tmp_path, "", _right("", "secrets", "create"), _right("", "secrets", "get"))
    found = {one.id: one for one in graph.undeclared() if one.joint}
    path = found["a->k8s//events@shop as system:serviceaccount:shop:payer with others"]
    assert (path.certainty, path.agents) == ("proven", ("bot",))
    reads, meets, _ = [hop.why for hop in path.witness.hops][-3:]
    assert reads == "system:serviceaccount:shop:b can read Secrets in shop"
    assert meets.startswith("whoever can do all this can become system:serviceaccount:shop:payer")
    assert meets.endswith("have a token stored and read it back in shop")


RBAC = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (_right(RBAC, "clusterroles", "bind"), _right(RBAC, "rolebindings", "create")),
        (_right(RBAC, "roles", "escalate"), _right(RBAC, "roles", "update")),
        (_right("", "users", "impersonate"), _right("", "groups", "impersonate")),
    ],
)
def test_kubernetes_one_request_is_checked_for_one_account(tmp_path: Path, a: str, b: str) -> None:
    """S13: `bind`, `escalate` and a group beside a user are asked of whoever sends the request."""
    graph = _cluster(tmp_path, "Cluster", a, b)
    assert [one.id for one in graph.undeclared() if one.joint] == []


REPOSITORY = """
agents: {bot: {}, half: {}}
tools:
  one: {agents: [bot, half], system: github, credential: writer, requires: []}
  two: {agents: [bot], system: github, credential: reviewer, requires: []}
credentials:
  writer: {principal: app/writer}
  reviewer: {principal: app/REVIEWER}
systems: {github: {kind: github}}
evidence: {repo: {kind: github, files: [evidence], system: github}}
"""


def _repository(
    tmp_path: Path, reviewer: str, reviews: int = 1, *, owners: bool = False
) -> ReachGraph:
    rule = review(reviews, require_last_push_approval=True, require_code_owner_review=owners)
    files = {
        "repo.json": SETTINGS,
        "branch.json": UNPROTECTED,
        "list.json": LISTED,
        "r.json": ruleset([rule]),
        "w.json": installation("writer", contents="write", pull_requests="write"),
        "v.json": installation(reviewer, pull_requests="write") | {"app_id": 8},
    }
    (tmp_path / "evidence").mkdir()
    for name, content in files.items():
        (tmp_path / "evidence" / name).write_text(json.dumps(content), encoding="utf-8")
    inventory = inventory_of(REPOSITORY.replace("REVIEWER", reviewer), tmp_path)
    return build(inventory, read_evidence(inventory)[0])


def test_github_a_second_app_of_the_agent_is_no_second_person(tmp_path: Path) -> None:
    """One pushes, the other approves: the rule that wants two is met by one agent."""
    graph = _repository(tmp_path, "reviewer")
    assert graph.covers_write("half", "github", ["contents"]) is None
    write = graph.covers_write("bot", "github", ["contents"])
    assert write is not None
    assert write.action == "merge"
    assert [hop.why for hop in write.path.hops][-2].endswith("is approved by app/reviewer")


def test_github_one_approval_of_two_still_needs_a_person(tmp_path: Path) -> None:
    """Two approvals are asked for, and the agent has but one other App."""
    graph = _repository(tmp_path, "reviewer", reviews=2)
    assert graph.covers_write("bot", "github", ["contents"]) is None


def test_github_an_app_is_no_code_owner(tmp_path: Path) -> None:
    """Where the files have owners, the approval of an App is not theirs."""
    graph = _repository(tmp_path, "reviewer", owners=True)
    write = graph.covers_write("bot", "github", ["contents"])
    assert write is None or write.certainty == "needs-fact"
