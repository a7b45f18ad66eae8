"""What two principals of AWS do together: calls that follow each other, and no call of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from providers.aws_evidence import ACCOUNT, ROOT, Json, allow, of, role, trust, user
from reach.stories import graph_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.reach import ReachGraph
    from blastlint.reach.paths import CredentialPath

INVENTORY = f"""
agents: {{bot: {{}}, half: {{}}}}
tools:
  one: {{agents: [bot, half], system: aws, credential: a}}
  two: {{agents: [bot], system: aws, credential: b}}
credentials:
  a: {{principal: "{ROOT}:user/ann"}}
  b: {{principal: "{ROOT}:user/ben"}}
systems: {{aws: {{kind: aws}}}}
evidence: {{iam: {{kind: aws-iam, files: [iam.json], system: aws}}}}
"""
LAMBDA = role(
    "worker",
    trust({"Service": "lambda.amazonaws.com"}),
    allow("s3:DeleteObject", "arn:aws:s3:::data/*"),
)
PASS = allow("iam:PassRole", f"{ROOT}:role/worker")
FUNCTIONS = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function"
CREATE = allow("lambda:CreateFunction", f"{FUNCTIONS}:bot-*")
INVOKE = allow("lambda:InvokeFunction", f"{FUNCTIONS}:bot-*")


def _graph(tmp_path: Path, ann: list[Json], ben: list[Json]) -> ReachGraph:
    found = of(user("ann", *ann), user("ben", *ben), LAMBDA)
    return graph_of(INVENTORY, tmp_path, {"iam": found})


def _joint(graph: ReachGraph) -> list[CredentialPath]:
    return [one for one in graph.undeclared() if one.joint]


def test_one_makes_the_function_and_another_one_starts_it(tmp_path: Path) -> None:
    """S12, A7: two calls, each allowed to who makes it: the function runs as the role."""
    graph = _graph(tmp_path, [PASS, CREATE], [INVOKE])
    (path,) = _joint(graph)
    assert (path.resource, path.agents) == ("arn:aws:s3:::data/*", ("bot",))
    assert (path.acting_as, path.holding) == (f"{ROOT}:role/worker", "a and b")
    words = [hop.why for hop in path.witness.hops]
    assert any("ann can run a function as it (iam:PassRole, lambda:Create" in one for one in words)
    assert any("ben can call lambda:InvokeFunction" in one for one in words)


def test_passing_a_role_and_making_what_it_runs_are_one_call(tmp_path: Path) -> None:
    """A7: both rights are asked of whoever sends it; held apart they are no way."""
    assert _joint(_graph(tmp_path, [PASS], [CREATE, INVOKE])) == []


def test_what_starts_a_task_asks_for_the_role_again(tmp_path: Path) -> None:
    """A7: `ecs:RunTask` without `iam:PassRole` is refused, whoever registered the task."""
    register = [allow("iam:PassRole"), allow("ecs:RegisterTaskDefinition")]
    found = of(
        user("ann", *register),
        user("ben", allow("ecs:RunTask")),
        role("worker", trust({"Service": "ecs-tasks.amazonaws.com"}), allow("s3:*")),
    )
    assert _joint(graph_of(INVENTORY, tmp_path, {"iam": found})) == []


def test_a_right_to_start_other_functions_is_no_second_half(tmp_path: Path) -> None:
    """What the one can make is nothing that the other can start."""
    other = allow("lambda:InvokeFunction", f"{FUNCTIONS}:shop-*")
    assert _joint(_graph(tmp_path, [PASS, CREATE], [other])) == []


@pytest.mark.parametrize("action", ["iam:PutUserPolicy", "iam:AttachUserPolicy"])
def test_one_rewrites_another_whose_key_the_agent_holds_too(tmp_path: Path, action: str) -> None:
    """A5: rewriting somebody is a way for whoever is that somebody."""
    graph = _graph(tmp_path, [allow(action, f"{ROOT}:user/ben")], [allow("s3:ListBucket")])
    found = {one.resource for one in _joint(graph)}
    assert "*" in found
    assert all(one.agents == ("bot",) for one in _joint(graph))


def test_rewriting_somebody_else_is_no_way(tmp_path: Path) -> None:
    """A5: the agent holds no key of that one."""
    graph = _graph(tmp_path, [allow("iam:PutUserPolicy", f"{ROOT}:user/eve")], [])
    assert _joint(graph) == []
