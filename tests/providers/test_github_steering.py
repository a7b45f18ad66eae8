"""Who steers a job from outside: text that an agent reads, code of a fork, a pasted title."""

from __future__ import annotations

import pytest

from providers.github import SETTINGS, job, of, turns

AGENT = "{uses: anthropics/claude-code-action@v1}"
OPEN_AGENT = "{uses: anthropics/claude-code-action@v1, with: {allowed_non_write_users: '*'}}"


def steered(on: str, *steps: str, condition: str = "", **settings: bool) -> list[tuple[str, str]]:
    """How anyone steers a job: certainty and way."""
    text = f"""
        on: {on}
        permissions: {{}}
        jobs: {{a: {{runs-on: x, {condition} steps: [{", ".join(steps)}]}}}}
    """
    found = of({"ci.yml": text, "repo.json": {**SETTINGS, **settings}})
    return [(one.certainty, one.via) for one in found.becomings if one.holder == "anyone"]


@pytest.mark.parametrize("event", ["issues", "issue_comment", "discussion", "workflow_run"])
def test_text_from_outside_reaches_the_agent(event: str) -> None:
    """What it does with that is never certain, but nothing else stands between."""
    (found,) = steered(event, OPEN_AGENT)
    assert found[0] == "conditional"
    assert found[1].endswith("which the agent anthropics/claude-code-action reads")


def test_an_agent_that_asks_for_write_access_is_started_by_somebody_else() -> None:
    """The text still comes from outside."""
    ((_, via),) = steered("issue_comment", AGENT)
    assert via.endswith("once somebody with write access starts it")


def test_an_empty_list_of_outsiders_opens_nothing() -> None:
    """Writing the input and leaving it empty is not opening it."""
    step = OPEN_AGENT.replace("'*'", "''")
    assert steered("issues", step)[0][1].endswith("starts it")


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch", "pull_request"])
def test_other_events_let_nobody_in(event: str) -> None:
    """A pull request from a fork runs with a token that only reads, and without secrets."""
    assert steered(event, AGENT, "{run: make}") == []


HEAD = "{uses: actions/checkout@v6, with: {ref: '${{ github.event.pull_request.head.sha }}'}}"


def test_code_of_a_fork_runs_with_the_rights_of_the_repository() -> None:
    """G11: `pull_request_target`, a checkout of the head, and then anything that runs."""
    assert steered("pull_request_target", HEAD, "{run: make}") == [
        (
            "proven",
            "pull_request_target: a pull request from a fork, whose code it checks out and runs",
        )
    ]
    assert (
        steered("pull_request_target", HEAD, "{run: make}", condition="if: x,")[0][0]
        == "conditional"
    )


def test_a_checkout_of_the_base_or_without_a_run_is_harmless() -> None:
    """G11: neither half alone runs foreign code."""
    assert steered("pull_request_target", "{uses: actions/checkout@v6}", "{run: make}") == []
    assert steered("pull_request_target", "{run: make}", HEAD) == []
    assert steered("pull_request_target", HEAD, "{uses: actions/setup-node@v4}") == []


def test_a_checkout_by_command_counts() -> None:
    """The command line does what the action does."""
    assert steered("issue_comment", "{run: gh pr checkout 1}", "{run: make}")[0][0] == "conditional"


def test_a_title_that_is_pasted_into_a_script_is_a_command() -> None:
    """In an environment variable it is text."""
    paste = "{run: 'echo ${{ github.event.issue.title }}'}"
    held = "{run: echo $T, env: {T: '${{ github.event.issue.title }}'}}"
    assert [how for how, _ in steered("issues", paste)] == ["proven"]
    assert steered("issues", held) == []


def test_a_private_repository_has_no_outsiders_and_an_unknown_one_may() -> None:
    """Whether strangers can write there is a setting."""
    assert steered("issues", OPEN_AGENT, private=True) == []
    text = f"on: issues\npermissions: {{}}\njobs: {{a: {{runs-on: x, steps: [{OPEN_AGENT}]}}}}"
    turn = turns(of({"ci.yml": text}), "anyone")[job("a")]
    assert (turn.certainty, turn.needs) == ("needs-fact", "whether octo/app is public")


@pytest.mark.parametrize(
    ("step", "agent"),
    [
        (AGENT, "anthropics/claude-code-action"),
        ("{uses: openai/codex-action@v1}", "openai/codex-action"),
        ("{uses: google-github-actions/run-gemini-cli@v0}", "google-github-actions/run-gemini-cli"),
        ("{run: claude --model x -p hello}", "claude"),
        ("{run: npx foo && codex exec fix}", "codex"),
        ("{run: echo claude is nice}", ""),
        ("{uses: actions/checkout@v6}", ""),
    ],
)
def test_agents_are_known_by_action_and_command(step: str, agent: str) -> None:
    """An agent is a principal that is every job it runs in."""
    text = f"on: push\npermissions: {{}}\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}"
    holders = {one.holder for one in of({"ci.yml": text}).becomings if one.principal == job("a")}
    assert holders == ({f"agent/{agent}"} if agent else set())


CHAIN = """
    name: Triage
    on: issues
    permissions: {}
    jobs:
      read:
        runs-on: x
        steps: [{uses: anthropics/claude-code-action@v1}, {uses: actions/upload-artifact@v4}]
      act:
        needs: read
        runs-on: x
        steps: [{run: 'echo ${{ needs.read.outputs.plan }}'}]
      fetch: {needs: read, runs-on: x, steps: [{uses: actions/download-artifact@v4}]}
      apart: {needs: read, runs-on: x, steps: [{run: make}]}
"""


def test_later_jobs_that_use_what_an_agent_wrote_are_steered_by_it() -> None:
    """By outputs and by artifacts; coming later alone is not enough."""
    became = turns(of({"ci.yml": CHAIN}), job("read"))
    assert became.keys() == {job("act"), job("fetch")}
    assert "uses the outputs of read" in became[job("act")].via
    assert "uses the artifacts of read" in became[job("fetch")].via


def test_a_workflow_that_runs_after_the_agents_and_takes_its_artifacts_is_steered() -> None:
    """G11: `workflow_run` is where the rights come back."""
    after = """
        on: {workflow_run: {workflows: [Triage]}}
        permissions: {contents: write}
        jobs: {go: {runs-on: x, steps: [{uses: actions/download-artifact@v4}]}}
    """
    assert job("go", "after.yml") in turns(of({"ci.yml": CHAIN, "after.yml": after}), job("read"))
    other = after.replace("Triage", "Else")
    assert job("go", "o.yml") not in turns(of({"ci.yml": CHAIN, "o.yml": other}), job("read"))
