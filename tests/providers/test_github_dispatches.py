"""Dispatches: who sends one, and which jobs that puts in the sender's hands."""

from __future__ import annotations

from typing import Any

import pytest

from providers.github import (
    LISTED,
    OPEN,
    SETTINGS,
    installation,
    job,
    of,
    review,
    ruleset,
    turns,
)

SENT = "repository_dispatch"
PUSHER = "on: issues\npermissions: {contents: write}\njobs: {go: {runs-on: x}}"
FILES = "[{uses: actions/checkout@v6}, {run: make}]"
OPEN_MAIN = {"b.json": OPEN, "repo.json": SETTINGS}
"""A default branch before which nothing stands."""


def flow(steps: str, on: str = SENT) -> str:
    """A workflow with one job, which has no rights of its own."""
    return f"on: {on}\npermissions: {{}}\njobs: {{deploy: {{runs-on: x, steps: {steps}}}}}"


def pasting(text: str) -> str:
    """The steps of a job that pastes an expression into a script."""
    return f'[{{run: "echo ${{{{ {text} }}}}"}}]'


def app(files: dict[str, Any], **permissions: str) -> dict[str, Any]:
    """What an App becomes beside some files."""
    return turns(of({**files, "a.json": installation(**permissions)}), "app/bot")


# --- what the sender says -----------------------------------------------------------------------


def test_contents_write_sends_the_payload_that_a_script_pastes() -> None:
    """G8: no push is needed, and the `actions: write` of a workflow_dispatch is none."""
    files = {"ci.yml": flow(pasting("github.event.client_payload.tag"))}
    became = app(files, contents="write")[job("deploy")]
    assert became.via == (
        "sends a repository_dispatch (contents: write), whose text is pasted into a script"
    )
    assert became.certainty == "proven"
    assert app(files, actions="write") == {}
    assert app(files, contents="read") == {}


def test_a_dispatch_alone_is_no_power_over_what_it_starts() -> None:
    """G8: a script that takes the payload from its environment runs it as text, not as code."""
    steps = "[{run: 'echo $TAG', env: {TAG: '${{ github.event.client_payload.tag }}'}}]"
    assert app({"ci.yml": flow(steps)}, contents="write") == {}
    assert app({"ci.yml": flow("[{run: make}]")}, contents="write") == {}


def test_the_token_of_a_job_dispatches_too() -> None:
    """G8: of all that a job's token causes the dispatches start a workflow, a push does not."""
    text = pasting("github.event.client_payload.tag")
    found = of({"ci.yml": flow(text), "push.yml": PUSHER})
    assert turns(found, job("go", "push.yml")).keys() == {job("deploy")}
    pushed = of({"ci.yml": flow(text, on="push"), "push.yml": PUSHER})
    assert turns(pushed, job("go", "push.yml")) == {}


def test_a_job_does_not_become_itself() -> None:
    """G8: a job that dispatches its own workflow gains nothing."""
    text = flow(pasting("github.event.client_payload.tag")).replace("{}", "{contents: write}", 1)
    assert turns(of({"ci.yml": text}), job("deploy")) == {}


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("github.event.client_payload.tag", "proven"),
        ("github.event.client_payload", "proven"),
        ("github.event.client_payload.a.b-c", "proven"),
        ("github.event.client_payload.tag || 'main'", "conditional"),
        ("github.event.action", None),
    ],
)
def test_a_payload_in_a_longer_expression_is_not_sure(text: str, certainty: str | None) -> None:
    """G8: what an expression makes of the payload, only the run knows."""
    became = app({"ci.yml": flow(pasting(text))}, contents="write").get(job("deploy"))
    assert (became.certainty if became else None) == certainty


@pytest.mark.parametrize("on", ["{repository_dispatch: {types: [deploy]}}", f"[push, {SENT}]"])
def test_the_type_of_a_dispatch_keeps_nobody_out(on: str) -> None:
    """G8: whoever sends it chooses its type, and other triggers do not take the dispatch away."""
    files = {"ci.yml": flow(pasting("github.event.client_payload.tag"), on)}
    assert app(files, contents="write")[job("deploy")].certainty == "proven"


def test_a_guarded_job_is_not_sure() -> None:
    """G8: an `if` may keep the sender out."""
    text = flow(pasting("github.event.client_payload.tag")).replace("{run", "{if: x, run")
    assert app({"ci.yml": text}, contents="write")[job("deploy")].certainty == "conditional"


def test_an_agent_that_reads_the_payload_does_what_it_says() -> None:
    """G8: the prompt of an agent is no script, and steers it all the same."""
    prompt = "{prompt: '${{ github.event.client_payload.task }}'}"
    steps = f"[{{uses: anthropics/claude-code-action@v1, with: {prompt}}}]"
    became = app({"ci.yml": flow(steps)}, contents="write")[job("deploy")]
    assert became.via.endswith("which the agent anthropics/claude-code-action reads")
    assert became.certainty == "conditional"


@pytest.mark.parametrize(
    ("after", "there"), [("{run: make}", True), ("{uses: other/act@v1}", False)]
)
def test_a_payload_may_name_the_code_that_is_run(after: str, *, there: bool) -> None:
    """G8: a checkout of what the payload names takes away that only the default branch runs."""
    ref = "{ref: '${{ github.event.client_payload.ref }}'}"
    steps = f"[{{uses: actions/checkout@v6, with: {ref}}}, {after}]"
    assert (job("deploy") in app({"ci.yml": flow(steps)}, contents="write")) is there


def test_the_inputs_of_a_workflow_dispatch_are_what_its_sender_says() -> None:
    """G8: `actions: write` sends them, unless GitHub lets pass only a few values."""

    def started(kind: str) -> str:
        on = f"{{workflow_dispatch: {{inputs: {{tag: {{type: {kind}}}}}}}}}"
        return flow(pasting("inputs.tag"), on)

    assert app({"ci.yml": started("string")}, actions="write").keys() == {job("deploy")}
    assert app({"ci.yml": started("choice")}, actions="write") == {}
    assert app({"ci.yml": started("boolean")}, actions="write") == {}
    assert app({"ci.yml": started("string")}, contents="write") == {}


def test_a_dispatch_of_a_job_whose_permissions_nobody_states_is_a_question() -> None:
    """G8: the default of the repository decides whether the token sends anything."""
    silent = "on: issues\njobs: {go: {runs-on: x}}"
    files = {"ci.yml": flow(pasting("github.event.client_payload.tag")), "push.yml": silent}
    became = turns(of(files), job("go", "push.yml"))[job("deploy")]
    assert became.certainty == "needs-fact"
    assert became.needs == "the default permissions of workflows in octo/app"


# --- what the sender pushed ---------------------------------------------------------------------


def test_a_repository_dispatch_runs_the_default_branch() -> None:
    """G8: pushing a branch of one's own is not enough, as it is with a workflow_dispatch."""
    guarded = {"r.json": ruleset([{"type": "update"}]), "repo.json": SETTINGS}
    files = {"ci.yml": flow(FILES)}
    assert app({**files, **guarded}, contents="write") == {}
    became = app({**files, **OPEN_MAIN}, contents="write")[job("deploy")]
    assert became.via == "pushes to main and sends a repository_dispatch (contents: write)"
    assert (became.certainty, became.needs) == ("conditional", "")


def test_the_token_of_a_job_runs_what_it_pushed_by_a_dispatch() -> None:
    """G8: its push starts nothing, and the dispatch after it does."""
    found = of({"ci.yml": flow(FILES), "push.yml": PUSHER, **OPEN_MAIN})
    assert turns(found, job("go", "push.yml")).keys() == {job("deploy")}
    other = of({"ci.yml": flow(FILES, "schedule"), "push.yml": PUSHER, **OPEN_MAIN})
    assert turns(other, job("go", "push.yml")) == {}


def test_a_review_of_the_default_branch_stands_before_the_dispatch() -> None:
    """G8: another person approves what is run."""
    rules = ruleset([review(require_last_push_approval=True)])
    files = {"ci.yml": flow(FILES), "r.json": rules, "l.json": LISTED, "repo.json": SETTINGS}
    became = app(files, contents="write")[job("deploy")]
    assert became.via.endswith(", once another person approves it")


def test_without_the_protection_of_the_default_branch_it_is_a_question() -> None:
    """G8: neither a way nor none."""
    became = app({"ci.yml": flow(FILES)}, contents="write")[job("deploy")]
    assert became.via.startswith("pushes to the default branch and sends")
    assert became.certainty == "needs-fact"
    assert "all rulesets of octo/app" in became.needs


def test_a_way_that_is_as_sure_already_is_told_once() -> None:
    """G8: who writes workflows is every job, however one of them is started."""
    files = {"ci.yml": flow(pasting("github.event.client_payload.tag")), **OPEN_MAIN}
    author = app(files, contents="write", workflows="write")
    assert job("deploy") not in author
