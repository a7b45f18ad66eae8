"""Apps: what an installation grants, what a manifest only asks for, and what pushing leads to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blastlint.source import InputError
from providers.github import (
    CLASSIC,
    LAST_PUSH,
    OIDC,
    REPO,
    SETTINGS,
    installation,
    job,
    of,
    review,
    rights,
    ruleset,
    turns,
)

WORK = """
    on: [push, workflow_dispatch]
    permissions: {}
    jobs:
      test:
        runs-on: x
        steps: [{uses: actions/checkout@v6}, {run: make}]
"""


def test_writing_includes_reading_and_administering_both() -> None:
    """The levels of a permission stand above each other."""
    found = of({"a.json": installation(issues="write", organization_projects="admin")})
    assert rights(found, "app/bot") == {
        "issues:read",
        "issues:write",
        "organization_projects:read",
        "organization_projects:write",
        "organization_projects:admin",
    }


def test_lower_levels_and_metadata_come_along() -> None:
    """No App is without metadata, and no writer without reading."""
    found = of({"a.json": installation(issues="write", metadata="read", checks="read")})
    along = {f"{one.resource}:{one.action}" for one in found.grants if one.inherent}
    assert along == {"issues:read", "metadata:read"}


def test_an_installation_on_all_repositories_holds_everywhere() -> None:
    """Its scope is no single repository."""
    assert {one.scope for one in of({"a.json": installation(issues="read")}).grants} == {"*"}


def selected(**more: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """An installation on selected repositories."""
    return {**installation(issues="read"), "repository_selection": "selected", **more}


def test_selected_repositories_must_be_shown() -> None:
    """Whether this one is among them is a fact that the installation does not state."""
    alone = of({"a.json": selected()})
    assert (
        alone.grants[0].needs == "whether octo/app is among the repositories selected for app/bot"
    )
    listed = {"total_count": 1, "repositories": [{"full_name": "Octo/App"}]}
    shown = of({"a.json": selected(), "r.json": listed}).grants[0]
    assert (shown.certainty, shown.scope) == ("proven", REPO)


def test_one_page_of_a_longer_list_is_unresolved() -> None:
    """The Apps on the next page are not known."""
    found = of({"a.json": {"total_count": 2, "installations": [installation(issues="read")]}})
    assert [one.what for one in found.unresolved] == [
        "this is one page of a longer list: the others are not here"
    ]
    assert rights(found, "app/bot") == {"issues:read"}


def test_a_suspended_installation_holds_on_condition() -> None:
    """It comes back with one click."""
    found = of({"a.json": {**installation(issues="read"), "suspended_at": "2026-01-01T00:00:00Z"}})
    assert rights(found, "app/bot") == set()
    assert rights(found, "app/bot", "conditional") == {"issues:read"}


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "My Bot!", "default_permissions": {"issues": "read"}},
        {"slug": "my-bot", "name": "My Bot!", "permissions": {"issues": "read"}},
    ],
)
def test_what_an_app_asks_for_is_not_what_it_has(asked: dict[str, Any]) -> None:
    """Neither the manifest nor the App's page is an installation."""
    found = of({"a.json": asked})
    assert rights(found, "app/my-bot") == set()
    assert rights(found, "app/my-bot", "needs-fact") == {"issues:read"}


def test_an_installation_speaks_for_its_app_and_the_manifest_does_not() -> None:
    """What was asked for later is not granted yet."""
    asked = {"slug": "bot", "permissions": {"issues": "write", "contents": "write"}}
    found = of({"app.json": asked, "a.json": installation(issues="read")})
    assert rights(found, "app/bot") == {"issues:read"}
    assert rights(found, "app/bot", "needs-fact") == set()


def test_an_unknown_permission_is_kept_and_unresolved() -> None:
    """The answer is GitHub's own: the permission exists, only its effect is not known."""
    found = of({"a.json": installation(quantum="write")})
    assert {one.effect for one in found.grants} == {"unknown"}
    assert [(one.holders, "quantum" in one.what) for one in found.unresolved] == [
        (("app/bot",), True)
    ]


def test_an_answer_that_holds_a_key_is_not_repeated() -> None:
    """What GitHub answers when an App is made holds its secrets, all on one line."""
    made = {
        "slug": "bot",
        "pem": "-----BEGIN",
        "client_secret": "s3cr3t",
        "permissions": {"issues": "read"},
    }
    one_line = json.dumps(made)
    found = of({"app.json": one_line})
    assert [(one.resource, one.location.text) for one in found.grants] == [("issues", "")]
    minted = json.dumps({"token": "ghs_0123456789abcdef", "permissions": {}})
    with pytest.raises(InputError) as raised:
        of({"x.json": minted})
    assert "ghs_" not in repr(raised.value.problems)


def test_an_unknown_level_is_refused() -> None:
    """A level that nobody knows is not a lower one."""
    with pytest.raises(InputError, match="expected read, write or admin for issues"):
        of({"a.json": installation(issues="triage")})


# --- the alerts of secret scanning --------------------------------------------------------------


@pytest.mark.parametrize("level", ["read", "write"])
def test_the_alerts_of_secret_scanning_are_one_question(level: str) -> None:
    """G13: they show whole tokens; whether one still works is told nowhere, so none is claimed."""
    found = of({"a.json": installation(secret_scanning_alerts=level), "ci.yml": WORK})
    (turn,) = turns(found, "app/bot").values()
    assert turn.principal == f"leaked/{REPO}"
    assert turn.certainty == "needs-fact"
    assert turn.needs == "whether an alert of octo/app is of a token that is still valid"
    assert turn.location.text.strip().startswith('"secret_scanning_alerts"')
    assert not [one for one in found.grants if one.holder == turn.principal]


def test_other_alerts_show_no_tokens() -> None:
    """G13: code scanning, under `security_events`, tells where code is wrong, and no token."""
    app = installation(security_events="write", vulnerability_alerts="read")
    assert turns(of({"a.json": app}), "app/bot") == {}


def test_each_installation_asks_once() -> None:
    """G13: an App that is not known to be installed asks for that fact too."""
    manifest: dict[str, Any] = {"slug": "other", "permissions": {"secret_scanning_alerts": "read"}}
    own = installation(**manifest["permissions"])
    found = of({"a.json": own, "app.json": manifest})
    asked = {one.holder: one.needs for one in found.becomings}
    assert asked.keys() == {"app/bot", "app/other"}
    assert asked["app/other"].startswith("an installation of app/other")


# --- the token of a job is not that of an App ---------------------------------------------------


def test_an_app_that_writes_workflows_is_every_job_of_the_repository() -> None:
    """G3, G4: it pushes a workflow of its own to a new branch; reviews do not stop that."""
    app = installation(contents="write", workflows="write")
    found = of({"a.json": app, "ci.yml": WORK, "sub.json": CLASSIC})
    became = turns(found, "app/bot")
    assert became.keys() == {f"{REPO}/.github/workflows/*", f"{OIDC}repo:{REPO}:*"}
    assert {one.certainty for one in became.values()} == {"proven"}
    assert "secret:*:read" in rights(found, "app/bot", "conditional")


def test_the_author_in_an_unknown_repository_is_still_every_job() -> None:
    """Nothing names the repository; its jobs are found all the same."""
    app = installation(contents="write", workflows="write")
    found = of({"a.json": app, "ci.yml": WORK}, repository="")
    assert "?/.github/workflows/*" in turns(found, "app/bot")


def test_an_app_without_workflows_still_changes_what_jobs_run() -> None:
    """G3: a job that runs files of the repository is open to whoever writes them."""
    found = of({"a.json": installation(contents="write"), "ci.yml": WORK})
    became = turns(found, "app/bot")
    assert became.keys() == {job("test")}
    assert became[job("test")].certainty == "conditional"
    assert "secret:*:read" not in rights(found, "app/bot", "conditional")


def test_an_app_that_starts_workflows_picks_the_branch() -> None:
    """G8: with `actions: write` a job that only people start is open too."""
    work = WORK.replace("[push, workflow_dispatch]", "workflow_dispatch")
    app = installation(contents="write", actions="write")
    assert turns(of({"a.json": app, "ci.yml": work}), "app/bot").keys() == {job("test")}
    assert turns(of({"a.json": installation(contents="write"), "ci.yml": work}), "app/bot") == {}


@pytest.mark.parametrize(
    ("rules", "ending"),
    [
        ([], "(contents: write)"),
        ([review(**LAST_PUSH)], ", once another person approves it"),
        ([{"type": "update"}], None),
    ],
)
def test_a_job_of_a_guarded_branch_runs_what_was_merged(
    rules: list[dict[str, Any]], ending: str | None
) -> None:
    """G2: a deployment that only the default branch starts is behind the gate of that branch."""
    work = WORK.replace("[push, workflow_dispatch]", "{push: {branches: [main]}}")
    files = {"r.json": ruleset(rules), "repo.json": SETTINGS, "ci.yml": work}
    became = turns(of({**files, "a.json": installation(contents="write")}), "app/bot")
    assert became[job("test")].via.endswith(ending) if ending else became == {}


def test_a_job_with_the_same_permission_starts_nothing() -> None:
    """G3: what the token of a job pushes starts no workflow, and it writes none."""
    pusher = "on: issues\npermissions: {contents: write}\njobs: {go: {runs-on: x}}"
    found = of({"ci.yml": WORK, "push.yml": pusher})
    assert turns(found, job("go", "push.yml")) == {}


def test_a_job_starts_what_can_be_dispatched() -> None:
    """G8: the two dispatches are the exceptions: with `actions: write` the job picks the branch."""
    pusher = "on: issues\npermissions: {contents: write, actions: write}\njobs: {go: {runs-on: x}}"
    found = of({"ci.yml": WORK, "push.yml": pusher})
    assert turns(found, job("go", "push.yml")).keys() == {f"{REPO}/.github/workflows/ci.yml:*"}
    only = pusher.replace("contents: write, ", "")
    assert turns(of({"ci.yml": WORK, "push.yml": only}), job("go", "push.yml")) == {}


PUSH_RULES = {
    "name": "no workflows",
    "target": "push",
    "enforcement": "active",
    "conditions": None,
    "rules": [
        {
            "type": "file_path_restriction",
            "parameters": {"restricted_file_paths": [".github/workflows/**/*"]},
        }
    ],
    "bypass_actors": [],
}


@pytest.mark.parametrize(
    ("change", "author"),
    [
        ({}, False),
        ({"enforcement": "evaluate"}, True),
        ({"bypass_actors": [{"actor_id": 7, "actor_type": "Integration"}]}, True),
        ({"conditions": {"repository_name": {"include": ["app"], "exclude": []}}}, False),
        ({"conditions": {"repository_name": {"include": ["else"], "exclude": []}}}, True),
        ({"conditions": {"repository_property": {"include": []}}}, True),
    ],
)
def test_a_push_ruleset_keeps_an_app_from_workflow_files(
    change: dict[str, Any], *, author: bool
) -> None:
    """G3: if it is enforced, and the App does not bypass it."""
    app = installation(contents="write", workflows="write")
    found = of({"a.json": app, "r.json": {**PUSH_RULES, **change}, "repo.json": SETTINGS})
    assert (f"{REPO}/.github/workflows/*" in turns(found, "app/bot")) is author


def test_a_ruleset_that_shuts_every_branch_stops_the_author_too() -> None:
    """G1: no new branch and no push to an old one."""
    shut = {
        **PUSH_RULES,
        "target": "branch",
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}},
        "rules": [{"type": "creation"}, {"type": "update"}],
    }
    app = installation(contents="write", workflows="write")
    assert turns(of({"a.json": app, "r.json": shut, "ci.yml": WORK}), "app/bot") == {}


# --- jobs that take an App's token --------------------------------------------------------------


def minting(given: str) -> str:
    """A workflow that takes the token of an App."""
    step = f"{{uses: actions/create-github-app-token@v2, with: {{{given}}}}}"
    return f"on: push\npermissions: {{}}\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}"


def test_a_job_with_the_key_of_an_app_is_that_app() -> None:
    """G12: the key opens every repository and permission of the installation, unless narrowed."""
    found = of({"ci.yml": minting("app-id: 7"), "a.json": installation(issues="write")})
    assert turns(found, job("a"))["app/bot"].certainty == "proven"
    narrow = of({"ci.yml": minting("app-id: 7, permission-issues: read"), "a.json": installation()})
    assert turns(narrow, job("a"))["app/bot"].certainty == "conditional"


def test_a_job_with_the_key_of_an_unknown_app_may_be_any() -> None:
    """G12: the number lies in a variable."""
    found = of({"ci.yml": minting("app-id: '${{ vars.APP }}'"), "a.json": installation()})
    assert turns(found, job("a"))["app/*"].needs == "which App the key is of"


def test_an_agent_without_a_token_takes_that_of_its_own_app() -> None:
    """The action exchanges the id token of the job, whose permissions then bound nothing."""
    text = """
        on: issues
        permissions: {contents: read, id-token: write}
        jobs: {a: {runs-on: x, steps: [{uses: anthropics/claude-code-action@v1}]}}
    """
    app = turns(of({"ci.yml": text, "sub.json": CLASSIC}), job("a"))["app/claude"]
    assert app.needs == "whether app/claude is installed on octo/app"
    known = of({"ci.yml": text, "a.json": installation("claude", contents="write")})
    assert turns(known, job("a"))["app/claude"].certainty == "proven"
    given = text.replace("@v1", "@v1, with: {github_token: x}")
    assert "app/claude" not in turns(of({"ci.yml": given}), job("a"))
