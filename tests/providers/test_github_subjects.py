"""OpenID Connect subjects of jobs: which token a cloud role may trust."""

from __future__ import annotations

from typing import Any

import pytest

from providers.github import CLASSIC, OIDC, REPO, SETTINGS, job, of, turns

IDS = "repo:octo@123/app@456"


def ends(on: str, more: str = "", files: dict[str, Any] | None = None) -> dict[str, str]:
    """The subjects of a job without the repository's part, with the facts they need."""
    text = f"on: {on}\npermissions: {{id-token: write}}\njobs:\n  a:\n    runs-on: x\n{more}"
    found = of({"ci.yml": text, "sub.json": CLASSIC, "repo.json": SETTINGS, **(files or {})})
    prefix = f"{OIDC}repo:{REPO}:"
    return {
        name.removeprefix(prefix): turn.needs for name, turn in turns(found, job("a")).items()
        if name.startswith(OIDC)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("{push: {branches: [main]}}", {"ref:refs/heads/main"}),
        ("{push: {branches: ['release/**']}}", {"ref:refs/heads/release/*"}),
        ("{push: {tags: ['v*']}}", {"ref:refs/tags/v*"}),
        ("{push: {branches: [main, 1.10]}}", {"ref:refs/heads/main", "ref:refs/heads/1.10"}),
        ("{push: {branches-ignore: [x]}}", {"ref:refs/heads/*"}),
        ("{push: {branches: [main], tags: [v1]}}", {"ref:refs/heads/main", "ref:refs/tags/v1"}),
        ("push", {"ref:refs/heads/*", "ref:refs/tags/*"}),
        ("pull_request", {"pull_request"}),
        ("schedule", {"ref:refs/heads/main"}),
        ("[issues, schedule]", {"ref:refs/heads/main"}),
        ("release", {"ref:refs/tags/*"}),
        ("workflow_dispatch", {"ref:refs/heads/*", "ref:refs/tags/*"}),
    ],
)
def test_the_event_sets_the_end_of_the_subject(on: str, expected: set[str]) -> None:
    """G5: branch, tag or pull request, as the trigger and its filters say."""
    found = ends(on)
    assert set(found) == expected
    assert not any(found.values())


def test_an_environment_wins_over_every_event() -> None:
    """G5: a trust of `ref:` never matches a job that deploys; a colon is escaped."""
    assert set(ends("[push, pull_request]", "    environment: prod")) == {"environment:prod"}
    assert set(ends("push", "    environment: 'prod:eu'")) == {"environment:prod%3Aeu"}


def test_an_environment_from_an_expression_is_any() -> None:
    """The pattern stands for all of them, and needs the fact."""
    found = ends("push", "    environment: ${{ inputs.where }}")
    assert set(found) == {"environment:*"}
    assert found["environment:*"] == "which environment the job runs in"


def test_without_id_token_there_is_no_subject() -> None:
    """G5: other permissions, however wide, mint no identity."""
    text = "on: push\npermissions: {contents: write}\njobs: {a: {runs-on: x}}"
    assert turns(of({"ci.yml": text, "sub.json": CLASSIC}), job("a")) == {}


def test_the_branch_of_an_issue_is_the_default_one_and_may_be_unknown() -> None:
    """Without the repository's settings the branch is a fact that is missing."""
    text = "on: issues\npermissions: {id-token: write}\njobs: {a: {runs-on: x}}"
    turn = turns(of({"ci.yml": text, "sub.json": CLASSIC}), job("a"))[
        f"{OIDC}repo:{REPO}:ref:refs/heads/*"
    ]
    assert turn.needs == "the default branch of octo/app"


def subjects(*answers: dict[str, Any], repository: str = REPO) -> dict[str, str]:
    """The subjects of one job after the answers about its repository."""
    text = "on: pull_request\npermissions: {id-token: write}\njobs: {a: {runs-on: x}}"
    found = of({"ci.yml": text} | {f"{i}.json": one for i, one in enumerate(answers)}, repository)
    own = [one for one in found.becomings if one.principal.startswith(OIDC)]
    return {one.principal.removeprefix(OIDC): one.certainty for one in own}


def test_the_setting_of_the_repository_chooses_the_grammar() -> None:
    """A trust of the old form is dead where subjects carry ids, and the other way round."""
    immutable = {"use_default": True, "use_immutable_subject": True}
    assert subjects(CLASSIC) == {f"repo:{REPO}:pull_request": "proven"}
    assert subjects(immutable, SETTINGS) == {f"{IDS}:pull_request": "proven"}


def test_the_prefix_that_github_states_is_taken_at_its_word() -> None:
    """The answer names the ids itself."""
    answer = {"use_default": True, "use_immutable_subject": True, "sub_claim_prefix": IDS}
    assert subjects(answer) == {f"{IDS}:pull_request": "proven"}


def test_without_the_setting_both_grammars_are_possible() -> None:
    """New, renamed and transferred repositories carry ids: neither form is believed or dropped."""
    both = {f"repo:{REPO}:pull_request": "needs-fact", f"{IDS}:pull_request": "needs-fact"}
    assert subjects(SETTINGS) == both
    assert subjects() == {f"repo:{REPO}:pull_request": "needs-fact", "repo:octo@*": "needs-fact"}


def test_a_template_of_its_own_and_an_unknown_repository_leave_the_subject_open() -> None:
    """Whatever the subject is, it is not passed over."""
    assert subjects({"use_default": False, "include_claim_keys": ["actor"]}) == {"*": "needs-fact"}
    assert subjects(repository="") == {"repo:*": "needs-fact"}


def test_a_called_workflow_has_the_ref_of_its_caller() -> None:
    """The run is the caller's; its own `workflow_call` says nothing."""
    caller = (
        "on: {push: {branches: [main]}}\npermissions: {id-token: write}\n"
        "jobs: {go: {uses: ./.github/workflows/ci.yml}}"
    )
    assert set(ends("workflow_call", files={"top.yml": caller})) == {"ref:refs/heads/main"}
    assert set(ends("workflow_call")) == {"*"}
