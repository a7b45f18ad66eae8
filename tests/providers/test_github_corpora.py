"""Real files of GitHub: the facts that their sources state."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blastlint.providers.github.catalogue import WRITES, effect
from blastlint.providers.github.evidence import read
from blastlint.providers.grants import Setting
from blastlint.source import InputError
from providers.evidence import CORPORA, corpus
from providers.github import merge, rights, turns

ACTION = "github-claude-code-action"
HERE = Setting(namespace="octo/app")
AGENT = "agent/anthropics/claude-code-action"


def answer(name: str) -> Any:  # noqa: ANN401 -- JSON
    """A file of the permissions' corpus."""
    path = CORPORA / "github-app-permissions" / name
    if not path.is_file():
        pytest.skip("the corpus github-app-permissions is not here")
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_manifest_asks_for_more_than_the_workflows_grant() -> None:
    """A pair of need and grant: the triage job never gets `contents: write`."""
    manifest = read(corpus(ACTION, "github-app-manifest.json"), HERE)
    asked = rights(manifest, "app/claude-code-custom-app", "needs-fact")
    assert {"contents:write", "issues:write", "pull_requests:write", "actions:read"} <= asked
    examples = read(corpus(f"{ACTION}/examples", ".yml"), HERE)
    held = rights(examples, "octo/app/.github/workflows/issue-triage.yml:triage-issue")
    assert held == {"contents:read", "issues:read", "issues:write", "secret:ANTHROPIC_API_KEY:read"}


def test_the_agent_of_the_examples_runs_in_ten_jobs() -> None:
    """Every example but the check of approvals runs it."""
    found = read(corpus(f"{ACTION}/examples", ".yml"), HERE)
    assert len(turns(found, AGENT)) == 10
    assert len([name for name in found.principals if name.startswith("octo/")]) == 11


def test_only_the_triage_example_lets_outsiders_start_the_agent() -> None:
    """It says so in its own input; the others wait for somebody with write access."""
    found = read(corpus(f"{ACTION}/examples", ".yml"), HERE)
    reads = [one for one in found.becomings if one.holder == "anyone" and "agent" in one.via]
    open_ = {one.principal.rpartition(":")[2] for one in reads if one.via.endswith("reads")}
    assert open_ == {"triage-issue"}


def test_the_example_that_fixes_builds_runs_the_code_of_a_branch() -> None:
    """Its own note says so: code of the pull request runs with the right to push."""
    found = read(corpus(f"{ACTION}/examples", "ci-failure-auto-fix.yml"), HERE)
    ways = [one.via for one in found.becomings if one.holder == "anyone"]
    assert any("whose code it checks out and runs" in way for way in ways)
    assert merge(found, "octo/app/.github/workflows/ci-failure-auto-fix.yml:auto-fix") is not None


def test_the_calls_of_the_actions_own_workflows_cap_the_called_ones() -> None:
    """`ci-all` grants reading and an identity; a called job that states nothing has just that."""
    found = read(corpus(f"{ACTION}/dotgithub-workflows", ".yml"), HERE)
    base = "octo/app/.github/workflows/"
    became = turns(found, f"{base}ci-all.yml:test-settings")
    assert len(became) == 4
    assert all(name.startswith(f"{base}test-settings.yml:") for name in became)
    assert found.unresolved == ()


def test_every_permission_of_the_schema_has_an_effect() -> None:
    """No name that Apps can ask for is missing from the catalogue."""
    schema = answer("app-permissions-schema.json")["properties"]
    assert len(schema) >= 30
    assert schema.keys() <= WRITES.keys()
    assert "unknown" not in {effect(name, "read") for name in schema}


def test_merging_needs_contents_and_a_post_may_only_read() -> None:
    """The table of requests: not the verb decides, and not the object."""
    paths = answer("api.github.com.json")["paths"]
    put = paths["/repos/{owner}/{repo}/pulls/{pull_number}/merge"]["PUT"]
    assert (put["permission"], put["access"]) == ("contents", "write")
    post = paths["/markdown"]["POST"]
    assert (post["permission"], post["access"]) == ("metadata", "read")


def test_a_real_ruleset_asks_for_a_second_person_and_owners_pass_it_by() -> None:
    """Two reviews, the last push among them; every owner of the organization bypasses it."""
    found = read(corpus("github-rulesets/branch-rulesets", "PRs-and-commits.json"), HERE)
    assert found.principals == ("org-admins",)
    grant = merge(found, "org-admins")
    assert grant is not None
    assert not grant.second_person
    assert "OrganizationAdmin" in json.dumps(
        json.loads((CORPORA / "github-rulesets/branch-rulesets/PRs-and-commits.json").read_text())
    )


def test_the_demo_of_an_organization_lets_a_team_pass() -> None:
    """Strict to read, and a team of unknown rights bypasses it always."""
    found = read(corpus("github-rulesets/universe-demos", ".json"))
    grant = merge(found, "team/8862074")
    assert grant is not None
    assert grant.scope == "repo-rules-demo/dev-repo1"
    assert grant.needs.startswith("whether team/8862074 can push to repo-rules-demo/dev-repo1")


def test_a_recipe_without_a_bypass_list_is_an_open_question() -> None:
    """A recipe shows no list: nobody knows whom it binds."""
    found = read(corpus("github-rulesets/branch-rulesets", "were-just-normal-repositories.json"))
    assert [one.what for one in found.unresolved] == [
        "the ruleset team rules-ex-1 does not say who may bypass it"
    ]


@pytest.mark.parametrize(
    "folder", ["agent-configs-witwave", "k8s-builtin-roles", "github-app-permissions"]
)
def test_files_of_other_kinds_are_refused(folder: str) -> None:
    """Neither an agent's settings nor a cluster's roles are evidence of GitHub."""
    with pytest.raises(InputError, match="expected evidence from GitHub"):
        read(corpus(folder, ".json", ".yaml"))
