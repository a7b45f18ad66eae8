"""Workflow files: what the token of each job may do, and what else a job opens."""

from __future__ import annotations

import pytest

from blastlint.source import InputError
from providers.github import REPO, job, of, rights, turns

STEPS = "runs-on: ubuntu-latest\n    steps: [{run: make}]"


def flow(permissions: str = "", jobs: str = "", on: str = "push") -> str:
    """A workflow with its permissions and jobs."""
    top = f"permissions: {permissions}\n" if permissions else ""
    return f"on: {on}\n{top}jobs:\n{jobs or '  build:'}\n    {STEPS}\n"


def token(text: str, name: str = "build", certainty: str = "proven") -> set[str]:
    """What the token of a job may do."""
    return rights(of({"ci.yml": text}), job(name), certainty)


def test_naming_one_permission_drops_the_rest() -> None:
    """A map of one key is no addition to a default."""
    assert token(flow("{issues: write}")) == {"issues:read", "issues:write"}


def test_a_job_replaces_the_permissions_of_its_workflow() -> None:
    """They are not merged: what only the workflow names, the job does not have."""
    text = flow("{contents: write}", "  build:\n    permissions: {issues: read}")
    assert token(text) == {"issues:read"}


def test_a_job_may_give_up_what_its_workflow_has() -> None:
    """An empty map replaces too."""
    assert token(flow("{contents: write}", "  build:\n    permissions: {}")) == set()


def test_no_permissions_at_all_are_none() -> None:
    """`{}` is a statement; it is not the absence of one."""
    assert token(flow("{}")) == set()
    assert token(flow("{}"), certainty="needs-fact") == set()


def test_a_permission_of_none_grants_nothing() -> None:
    """`none` can be written out."""
    assert token(flow("{contents: none, issues: read}")) == {"issues:read"}


def test_absent_permissions_need_the_setting_of_the_repository() -> None:
    """Neither write-all nor nothing: the file does not tell; two reads every default has."""
    assert token(flow()) == {"contents:read", "packages:read"}
    open_ = token(flow(), certainty="needs-fact")
    assert {"contents:write", "pull_requests:write", "issues:read"} <= open_
    assert "id_token:write" not in open_


@pytest.mark.parametrize(
    ("setting", "expected"), [("read", {"contents:read", "packages:read"}), ("write", None)]
)
def test_the_setting_of_the_repository_decides(setting: str, expected: set[str] | None) -> None:
    """With the answer about the default, nothing is left open."""
    default = {"default_workflow_permissions": setting, "can_approve_pull_request_reviews": False}
    found = of({"ci.yml": flow(), "default.json": default})
    assert rights(found, job("build"), "needs-fact") == set()
    held = rights(found, job("build"))
    assert (
        held == expected if expected else "contents:write" in held and "id_token:write" not in held
    )


def test_read_all_gives_no_identity_and_write_all_does() -> None:
    """`write-all` includes the OpenID Connect token; permissions that only read stay reads."""
    assert "id_token:write" not in token(flow("read-all"))
    everything = token(flow("write-all"))
    assert {"id_token:write", "contents:write", "models:read"} <= everything
    assert "models:write" not in everything


def test_a_grant_stands_at_its_line() -> None:
    """The place of a right is the level that gives it, in the repository, with its effect."""
    found = of({"ci.yml": flow("\n  contents: write")})
    grant = next(one for one in found.grants if one.action == "write")
    assert (grant.system, grant.scope, grant.effect) == ("github", REPO, "mutate")
    assert (grant.location.span.line, grant.location.text) == (3, "  contents: write")


def test_reading_that_comes_with_writing_cannot_be_taken_away_alone() -> None:
    """It is no surplus; reading by itself, or as sure as nothing else, is one."""
    found = of({"ci.yml": flow("{contents: write, issues: read}")})
    marks = {
        (one.resource, one.action): one.inherent for one in found.grants if one.action != "merge"
    }
    assert marks == {
        ("contents", "read"): True,
        ("contents", "write"): False,
        ("issues", "read"): False,
    }
    assert not any(
        one.inherent for one in of({"ci.yml": flow()}).grants if one.resource == "packages"
    )


def test_the_key_on_is_no_truth_value() -> None:
    """YAML 1.1 reads a bare `on` as true, and a reader of it finds no trigger."""
    text = flow("{id-token: write}", on="{push: {branches: [main]}}")
    assert any(
        name.endswith(":ref:refs/heads/main") for name in turns(of({"ci.yml": text}), job("build"))
    )


def test_a_repository_that_nothing_names_is_unknown() -> None:
    """The file does not say where it lies; the principal shows that."""
    found = of({"ci.yml": flow("{contents: read}")}, repository="")
    assert found.principals == ("?/.github/workflows/ci.yml:build",)
    assert [one.holders for one in found.unresolved] == [found.principals]


# --- calls --------------------------------------------------------------------------------------

CALLED = flow("{contents: write, issues: write}", on="workflow_call")


def test_a_called_workflow_has_no_more_than_its_caller() -> None:
    """The permissions of a call are a cap, whatever the called workflow states."""
    caller = (
        "on: push\npermissions: {issues: write}\njobs: {go: {uses: ./.github/workflows/ci.yml}}"
    )
    found = of({"ci.yml": CALLED, "top.yml": caller})
    assert rights(found, job("build")) == {"issues:read", "issues:write"}
    assert turns(found, job("go", "top.yml"))[job("build")].via == "calls ci.yml"


def test_a_called_workflow_without_permissions_has_those_of_its_caller() -> None:
    """It does not fall back to the repository's default."""
    caller = "on: push\njobs: {go: {permissions: {checks: read}, uses: ./.github/workflows/ci.yml}}"
    found = of({"ci.yml": flow(on="workflow_call"), "top.yml": caller})
    assert rights(found, job("build")) == {"checks:read"}


def test_a_call_through_a_call_keeps_the_lowest_cap() -> None:
    """Every level lowers; a circle of calls ends."""
    top = "on: push\npermissions: {issues: read}\njobs: {go: {uses: ./.github/workflows/mid.yml}}"
    mid = "on: workflow_call\njobs: {on: {uses: ./.github/workflows/ci.yml}}"
    again = mid.replace("ci.yml", "mid.yml")
    found = of({"ci.yml": CALLED, "top.yml": top, "mid.yml": mid})
    assert rights(found, job("build")) == {"issues:read"}
    assert rights(of({"mid.yml": again}), job("on", "mid.yml")) == set()


def test_a_workflow_nobody_calls_holds_what_it_states_on_condition() -> None:
    """Who calls it is not in the evidence, so the cap is unknown."""
    held = rights(of({"ci.yml": CALLED}), job("build"), "conditional")
    assert held == {"contents:read", "contents:write", "issues:read", "issues:write"}


def test_a_workflow_from_elsewhere_is_unresolved_and_holds_the_rights_of_the_call() -> None:
    """Its code runs with the caller's token."""
    away = "other/lib/.github/workflows/x.yml@v1"
    text = f"on: push\npermissions: {{contents: write}}\njobs: {{go: {{uses: {away}}}}}"
    found = of({"ci.yml": text})
    assert "contents:write" in rights(found, job("go"))
    assert [(one.holders, "other/lib" in one.what) for one in found.unresolved] == [
        ((job("go"),), True)
    ]


# --- secrets and environments -------------------------------------------------------------------


def test_the_secrets_of_a_job_are_named_and_the_token_is_none() -> None:
    """G4: dots, indexes, `if` and the environment of the workflow count; quoted texts do not."""
    text = """
        on: push
        env: {A: "${{ secrets.TOP }}"}
        permissions: {}
        jobs:
          build:
            runs-on: x
            steps:
              - if: secrets.GATE != ''
                run: echo ${{ secrets['indexed'] }} ${{ secrets.GITHUB_TOKEN }} ${{ 'secrets.not' }}
    """
    assert token(text) == {"secret:TOP:read", "secret:GATE:read", "secret:INDEXED:read"}


@pytest.mark.parametrize("use", ["toJSON(secrets)", "secrets[matrix.name]"])
def test_all_secrets_at_once_are_every_secret(use: str) -> None:
    """A name that is worked out in the run may be any of them."""
    text = flow("{}", f"  build:\n    env: {{ALL: '${{{{ {use} }}}}'}}")
    assert token(text) == {"secret:*:read"}


def test_inherited_secrets_are_all_of_them() -> None:
    """`secrets: inherit` hands over more than the called workflow names."""
    called = flow("{}", "  build:\n    env: {K: '${{ secrets.KEY }}'}", on="workflow_call")
    caller = "on: push\njobs: {go: {uses: ./.github/workflows/ci.yml, secrets: inherit}}"
    found = of({"ci.yml": called, "top.yml": caller})
    assert rights(found, job("build")) == {"secret:KEY:read"}
    assert rights(found, job("go", "top.yml")) == {"secret:*:read"}


def test_a_secret_that_is_passed_keeps_its_own_name() -> None:
    """The name in a called workflow is that of its input, not of the secret."""
    called = flow("{}", "  build:\n    env: {K: '${{ secrets.key }}'}", on="workflow_call")
    passed = "{key: '${{ secrets.PROD }}'}"
    caller = f"on: push\njobs: {{go: {{uses: ./.github/workflows/ci.yml, secrets: {passed}}}}}"
    found = of({"ci.yml": called, "top.yml": caller})
    assert rights(found, job("build")) == {"secret:PROD:read"}


def test_no_value_of_a_secret_is_ever_asked_for_or_shown() -> None:
    """Only names come out, even where somebody wrote something beside them."""
    found = of({"ci.yml": flow("{}", "  build:\n    env: {P: hunter2, K: '${{ secrets.KEY }}'}")})
    grant = next(one for one in found.grants if one.resource == "secret:KEY")
    assert "hunter2" not in repr(grant.location.note) + grant.condition + grant.needs


@pytest.mark.parametrize("written", ["prod", "{name: prod, url: https://x.example}"])
def test_the_environment_of_a_job_is_a_right_to_deploy(written: str) -> None:
    """Both ways of writing it."""
    assert token(flow("{}", f"  build:\n    environment: {written}")) == {"environment:prod:deploy"}


@pytest.mark.parametrize("kind", ["required_reviewers", "wait_timer"])
def test_an_environment_with_reviewers_asks_a_person(kind: str) -> None:
    """G4: a waiting time is no person; letters of the name do not matter."""
    answer = {
        "total_count": 1,
        "environments": [{"name": "Prod", "protection_rules": [{"type": kind}]}],
    }
    found = of({"ci.yml": flow("{}", "  build:\n    environment: prod"), "e.json": answer})
    (grant,) = found.grants
    assert grant.second_person is (kind == "required_reviewers")
    assert grant.certainty == ("conditional" if grant.second_person else "proven")


def test_an_environment_from_an_expression_needs_a_fact() -> None:
    """Which one it is, only the run knows."""
    text = flow("{}", "  build:\n    environment: ${{ inputs.where }}")
    assert token(text, certainty="needs-fact") == {"environment:*:deploy"}


def test_a_host_of_ones_own_is_what_a_job_becomes() -> None:
    """G10: what lies on it is in reach of every job that runs there."""
    text = flow("{}").replace("ubuntu-latest", "[self-hosted, gpu]")
    assert "runner/gpu" in turns(of({"ci.yml": text}), job("build"))


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("permissions", "message"),
    [
        ("{pull_requests: write}", "no permission 'pull_requests'.*did you mean 'pull-requests'"),
        ("{workflows: write}", "no permission 'workflows'.*never changes workflow files"),
        ("{contents: admin}", "level of access: admin.*read, write, none"),
        ("{id-token: read}", "level of access: read.*write, none"),
        ("{contents: '${{ inputs.level }}'}", "level of access"),
        ("${{ inputs.all }}", "not known before the run"),
        ("write-everything", "not known before the run: write-everything"),
        ("null", "not known before the run"),
        ("[contents]", "not known before the run"),
    ],
)
def test_permissions_that_github_would_not_take_are_refused(permissions: str, message: str) -> None:
    """A typo is no permission less: it is a question, at its place."""
    with pytest.raises(InputError, match=message):
        of({"ci.yml": flow(permissions)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (flow(on="pull_request_traget"), "no event.*did you mean 'pull_request_target'"),
        ("jobs: {a: {}}", "does not say what starts it"),
        ("on: push\njobs: {a: 1}", "expected a job"),
        ("on: push\njobs: {}", "no jobs"),
        ("on: push\njobs: {a: {steps: x}}", "expected a list"),
        ("on: push\njobs: {{ jobs }}", "template that has not been rendered"),
        ("on: {{ trigger }}\njobs: {a: {}}", "template that has not been rendered"),
    ],
)
def test_workflows_that_cannot_be_read_are_refused(text: str, message: str) -> None:
    """Unknown events and unrendered templates stop, they are not passed over."""
    with pytest.raises(InputError, match=message):
        of({"ci.yml": text})


def test_two_workflows_of_one_name_are_refused() -> None:
    """One repository has one file of a name: they are of two repositories."""
    with pytest.raises(InputError, match=r"two workflows are called ci.yml.*an entry of its own"):
        of({"a/ci.yml": flow(), "b/ci.yml": flow()})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "expected evidence from GitHub"),
        ([], "an empty list does not say"),
        ({"apiVersion": "v1", "kind": "Role"}, "looks like evidence of the kind kubernetes-rbac"),
        ({"message": "Not Found", "status": "404"}, "an error that GitHub answered with"),
        ([{"type": "pull_request", "ruleset_id": 1}], "without the rulesets they come from"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(content: object, message: str) -> None:
    """The reader says what it expected, and what the file looks like."""
    with pytest.raises(InputError, match=message):
        of({"x.json": content})


def test_what_else_lies_in_the_folder_of_github_grants_nothing() -> None:
    """GitHub takes only `workflows` for workflows; another file there is still refused."""
    files = {
        ".github/dependabot.yml": "version: 2\nupdates: []",
        ".github/workflows/ci.yml": flow("{}"),
    }
    assert of(files).grants == ()
    with pytest.raises(InputError, match="expected evidence"):
        of({".github/workflows/x.yml": "version: 2"})


def test_evidence_of_two_repositories_is_refused() -> None:
    """Their branches and jobs would be mixed up."""
    with pytest.raises(InputError, match=r"of octo/other, other evidence is of octo/app"):
        of({"r.json": {"full_name": "octo/other", "default_branch": "main"}})


def test_a_repository_is_owner_and_name() -> None:
    """Half a name is refused."""
    with pytest.raises(InputError, match=r"'app' is no repository.*OWNER/REPO"):
        of({"ci.yml": flow()}, repository="app")
