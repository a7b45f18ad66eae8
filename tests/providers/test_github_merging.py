"""Who merges without a second person: rulesets, branch protection, bypass lists and CODEOWNERS."""

from __future__ import annotations

from typing import Any

import pytest

from blastlint.source import InputError
from providers.github import (
    BOT,
    LAST_PUSH,
    LISTED,
    OPEN,
    REPO,
    SETTINGS,
    UNPROTECTED,
    document,
    installation,
    job,
    merge,
    of,
    review,
    ruleset,
)

RULES = {"repo.json": SETTINGS, "branch.json": UNPROTECTED, "list.json": LISTED}
"""Everything that proves that no other rule exists."""


def under(rules: dict[str, Any], app: dict[str, Any] = BOT, **more: Any) -> tuple[str, str, bool]:  # noqa: ANN401 -- JSON
    """How sure an App merges under a ruleset, on what condition or fact, and whether asked."""
    files = {**RULES, "ruleset.json": rules, "app.json": app, **more}
    grant = merge(of(files))
    assert grant is not None
    assert (grant.scope, grant.names) == (REPO, ("main",))
    return grant.certainty, grant.needs or grant.condition, grant.second_person


def test_an_unprotected_branch_is_merged_to_alone() -> None:
    """G6: `contents: write` is the right to merge; `pull_requests: write` is not needed."""
    files = {"branch.json": OPEN, "app.json": installation(contents="write")}
    grant = merge(of(files))
    assert grant is not None
    assert (grant.certainty, grant.condition, grant.needs) == ("proven", "", "")
    assert not grant.second_person


def test_writing_pull_requests_is_no_merge() -> None:
    """G6: approving is not merging."""
    files = {"branch.json": OPEN, "app.json": installation(pull_requests="write", contents="read")}
    assert merge(of(files)) is None


def test_without_an_export_of_the_rules_nobody_is_accused() -> None:
    """G2: rules do not lie in the repository: missing answers are named, and nothing is claimed."""
    grant = merge(of({"repo.json": SETTINGS, "app.json": BOT}))
    assert grant is not None
    assert grant.certainty == "needs-fact"
    assert grant.needs == "the branch protection of main; all rulesets of octo/app"
    assert not grant.second_person


def test_the_approval_of_the_last_push_is_a_second_person() -> None:
    """Whoever pushed last does not count: the one rule that an approver of its own cannot pass."""
    sure, condition, second = under(ruleset([review(**LAST_PUSH)]))
    assert (sure, second) == ("conditional", True)
    assert condition == "1 other person approves, one of them the last push"


def test_a_second_person_is_asked_whatever_else_is_unknown() -> None:
    """Further rules only add: they cannot take the review away."""
    files = {"repo.json": SETTINGS, "r.json": ruleset([review(**LAST_PUSH)]), "app.json": BOT}
    grant = merge(of(files))
    assert grant is not None
    assert (grant.second_person, grant.needs) == (True, "")


def test_one_review_is_none_for_whoever_can_approve_the_work_of_others() -> None:
    """G6: it pushes to somebody's pull request, approves it and merges it."""
    sure, condition, second = under(ruleset([review()]))
    assert (sure, second) == ("conditional", False)
    assert condition.startswith("somebody else opened the pull request")


def test_approvals_that_stay_are_no_review_of_the_last_push() -> None:
    """Two people approve, it pushes once more, and merges what nobody read."""
    sure, condition, second = under(ruleset([review(2)]))
    assert (sure, second) == ("conditional", False)
    assert condition.endswith("it pushes once more: approvals stay")


def test_approvals_that_a_push_takes_away_are_a_second_person() -> None:
    """Two reviews cannot come from one actor."""
    assert under(ruleset([review(2, dismiss_stale_reviews_on_push=True)]))[2]
    one = ruleset([review(dismiss_stale_reviews_on_push=True)])
    assert under(one, installation(contents="write"))[2]
    assert not under(one)[2]


def test_a_pull_request_without_reviews_is_no_gate() -> None:
    """A rule that asks for a pull request alone asks nobody."""
    assert under(ruleset([review(0)])) == ("proven", "", False)


def test_checks_are_a_condition_and_no_person() -> None:
    """They are named, and the merge stays one's own."""
    checks = {
        "type": "required_status_checks",
        "parameters": {"required_status_checks": [{"context": "build"}, {"context": "lint"}]},
    }
    assert under(ruleset([checks])) == ("conditional", "the checks pass: build, lint", False)


@pytest.mark.parametrize("enforcement", ["disabled", "evaluate"])
def test_a_ruleset_that_is_not_active_stops_nobody(enforcement: str) -> None:
    """It looks strict and is not enforced."""
    rules = ruleset([review(**LAST_PUSH)], enforcement=enforcement)
    assert under(rules) == ("proven", "", False)


@pytest.mark.parametrize("mode", ["always", "pull_request", "exempt"])
def test_an_app_on_the_bypass_list_merges_alone(mode: str) -> None:
    """Every mode lets it merge its own change; the line of the list is the proof."""
    actor = {"actor_id": 7, "actor_type": "Integration", "bypass_mode": mode}
    files = {
        **RULES,
        "r.json": ruleset([review(**LAST_PUSH)], bypass_actors=[actor]),
        "a.json": BOT,
    }
    grant = merge(of(files))
    assert grant is not None
    assert (grant.certainty, grant.second_person) == ("proven", False)
    assert grant.location.file == "r.json"
    assert grant.location.note == "app/bot bypasses the ruleset main only"


def test_another_app_on_the_bypass_list_helps_nobody_and_is_unresolved() -> None:
    """A number that no installation has may be any App."""
    actor = {"actor_id": 99, "actor_type": "Integration", "bypass_mode": "always"}
    rules = ruleset([review(**LAST_PUSH)], bypass_actors=[actor])
    assert under(rules)[2]
    found = of({**RULES, "r.json": rules, "a.json": BOT})
    assert [one.what for one in found.unresolved] == [
        "the App 99 bypasses the ruleset main only, and no installation here is its"
    ]


def test_a_team_with_the_number_of_an_app_is_no_app() -> None:
    """Numbers of teams and Apps are counted apart."""
    actor = {"actor_id": 7, "actor_type": "Team", "bypass_mode": "always"}
    rules = ruleset([review(**LAST_PUSH)], bypass_actors=[actor])
    assert under(rules)[2]
    grant = merge(of({**RULES, "r.json": rules}), "team/7")
    assert grant is not None
    assert (grant.certainty, grant.needs) == ("needs-fact", "whether team/7 can push to octo/app")


def test_a_ruleset_without_its_bypass_list_proves_nothing() -> None:
    """The list is left out for whoever may not edit the ruleset; that is not an empty list."""
    rules = ruleset([review(**LAST_PUSH)])
    del rules["bypass_actors"]
    assert under(rules) == ("needs-fact", "who may bypass the ruleset main only", False)
    what = "the ruleset main only does not say who may bypass it"
    assert [one.what for one in of({"r.json": rules}).unresolved] == [what]


def test_who_bypasses_one_of_two_rulesets_does_not_bypass_both() -> None:
    """The second ruleset still asks."""
    actor = {"actor_id": 7, "actor_type": "Integration", "bypass_mode": "always"}
    first = ruleset([review(**LAST_PUSH)], bypass_actors=[actor])
    second = ruleset([review(**LAST_PUSH)], id=2, name="second")
    assert under(first, **{"second.json": second})[2]


def test_people_who_bypass_are_named() -> None:
    """Roles and owners of the organization merge alone, as far as the list says."""
    listed = [
        {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"},
        {"actor_id": 1, "actor_type": "OrganizationAdmin", "bypass_mode": "always"},
        {"actor_id": None, "actor_type": "DeployKey", "bypass_mode": "always"},
    ]
    found = of({**RULES, "r.json": ruleset([review()], bypass_actors=listed)})
    assert found.principals == ("deploy-keys", "org-admins", "role/admin")
    assert {one.certainty for one in found.grants} == {"proven"}


def test_a_ruleset_that_restricts_updates_closes_the_branch() -> None:
    """G2: only those who bypass it may push: there is no merge to speak of."""
    files = {**RULES, "r.json": ruleset([{"type": "update"}]), "app.json": BOT}
    assert merge(of(files)) is None


def test_whoever_may_change_the_rules_is_not_bound_by_them() -> None:
    """G7: `administration: write` takes the review away first."""
    app = installation(contents="write", administration="write")
    sure, condition, second = under(ruleset([review(**LAST_PUSH), {"type": "update"}]), app)
    assert (sure, second) == ("conditional", False)
    assert condition == "it changes the rules first: administration: write"


# --- which branch -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "exclude", "asked"),
    [
        (["~ALL"], [], True),
        (["refs/heads/main"], [], True),
        (["refs/heads/m*"], [], True),
        (["refs/heads/**"], [], True),
        (["refs/heads/dev*"], [], False),
        (["refs/heads/*/main"], [], False),
        (["~ALL"], ["refs/heads/main"], False),
        (["~ALL"], ["~DEFAULT_BRANCH"], False),
        ([], [], False),
    ],
)
def test_a_ruleset_is_about_the_branches_it_includes(
    include: list[str], exclude: list[str], *, asked: bool
) -> None:
    """Excluded branches are free; a star stops at a slash."""
    conditions = {"ref_name": {"include": include, "exclude": exclude}}
    assert under(ruleset([review(**LAST_PUSH)], conditions=conditions))[2] is asked


@pytest.mark.parametrize(
    ("condition", "asked", "needs"),
    [
        ({"repository_name": {"include": ["~ALL"], "exclude": []}}, True, ""),
        ({"repository_name": {"include": ["a*"], "exclude": []}}, True, ""),
        ({"repository_name": {"include": ["~ALL"], "exclude": ["app"]}}, False, ""),
        ({"repository_id": {"repository_ids": [456]}}, True, ""),
        ({"repository_id": {"repository_ids": [1]}}, False, ""),
        ({"repository_property": {"include": []}}, False, "whether octo/app meets"),
    ],
)
def test_a_ruleset_of_an_organization_is_about_some_repositories(
    condition: dict[str, Any], needs: str, *, asked: bool
) -> None:
    """A name, a number, or a property, which the evidence does not show."""
    conditions = {"ref_name": {"include": ["~ALL"], "exclude": []}, **condition}
    rules = ruleset([review(**LAST_PUSH)], conditions=conditions, source_type="Organization")
    _, why, second = under(rules)
    assert second is asked
    assert why.startswith(needs)


@pytest.mark.parametrize("target", ["tag", "push"])
def test_a_ruleset_for_tags_or_pushes_is_no_gate_of_a_branch(target: str) -> None:
    """Its rules have other objects."""
    assert under(ruleset([review(**LAST_PUSH)], target=target)) == ("proven", "", False)


def test_a_listed_ruleset_that_no_file_shows_is_unresolved() -> None:
    """The list proves that there is another one, and not what it asks."""
    more = [*LISTED, {"id": 2, "name": "hidden", "enforcement": "active", "target": "branch"}]
    files = {**RULES, "list.json": more, "r.json": ruleset([]), "app.json": BOT}
    found = of(files)
    grant = merge(found)
    assert grant is not None
    assert grant.needs == "all rulesets of octo/app"
    assert [one.what for one in found.unresolved] == [
        "the ruleset hidden is listed, and its rules are not here"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"enforcement": "activ"}, "no enforcement of a ruleset.*did you mean 'active'"),
        ({"conditions": []}, "expected a map"),
        ({"conditions": {"ref_name": {"include": 5}}}, "expected a list"),
        ({"conditions": {"ref_name": {"include": ["~ALL"], "exclude": [5]}}}, "expected a text"),
        ({"target": "brnch"}, "no target of a ruleset.*did you mean 'branch'"),
        ({"bypass_actors": [{"actor_id": 1, "actor_type": "Teem"}]}, "did you mean 'Team'"),
        ({"bypass_actors": [{"actor_id": "x", "actor_type": "Team"}]}, "whole number"),
        ({"rules": [review(count=True)]}, "whole number"),
        ({"rules": [review(1, require_last_push_approval="yes")]}, "true or false"),  # type: ignore[arg-type] # wrong on purpose
    ],
)
def test_a_ruleset_that_cannot_be_read_is_refused(change: dict[str, Any], message: str) -> None:
    """What decides about a merge is never guessed."""
    with pytest.raises(InputError, match=message):
        under(ruleset([review()], **change) if "rules" not in change else {**ruleset([]), **change})


# --- branch protection --------------------------------------------------------------------------


def protection(**written: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """The answer about the protection of main."""
    url = f"https://api.github.com/repos/{REPO}/branches/main/protection"
    return {"url": url, "enforce_admins": {"enabled": True}, **written}


def guarded(app: dict[str, Any] = BOT, **written: Any) -> Any:  # noqa: ANN401 -- a grant or none
    """The merge of an App to a protected branch."""
    rules = ruleset([], enforcement="active")
    files = {"list.json": LISTED, "r.json": rules, "p.json": protection(**written), "a.json": app}
    return merge(of(files))


def test_the_protection_of_a_branch_asks_like_a_ruleset() -> None:
    """Its keys have other names; the branch stands in its address."""
    reviews = {"required_approving_review_count": 1, "require_last_push_approval": True}
    assert guarded(required_pull_request_reviews=reviews).second_person
    assert guarded().certainty == "proven"


def test_an_app_among_the_bypass_allowances_merges_alone() -> None:
    """Branch protection names Apps by slug."""
    reviews = {
        "required_approving_review_count": 1,
        "require_last_push_approval": True,
        "bypass_pull_request_allowances": {"apps": [{"slug": "bot"}], "teams": [], "users": []},
    }
    grant = guarded(required_pull_request_reviews=reviews)
    assert (grant.certainty, grant.second_person) == ("proven", False)


def test_a_restricted_branch_is_closed_to_all_but_those_named() -> None:
    """G2: who may push is a gate of its own, beside the reviews."""
    closed: dict[str, Any] = {"users": [], "teams": [], "apps": []}
    assert guarded(restrictions=closed) is None
    assert guarded(restrictions={**closed, "apps": [{"slug": "bot"}]}).certainty == "proven"


def test_a_locked_branch_is_closed_to_everybody() -> None:
    """Not even a bypass opens it."""
    reviews = {"bypass_pull_request_allowances": {"apps": [{"slug": "bot"}]}}
    assert guarded(lock_branch={"enabled": True}, required_pull_request_reviews=reviews) is None


def test_admins_whom_the_protection_does_not_bind_merge_alone() -> None:
    """G2: `enforce_admins` off is a bypass of every admin, and of no App."""
    reviews = {"required_approving_review_count": 1, "require_last_push_approval": True}
    answer = protection(required_pull_request_reviews=reviews, enforce_admins={"enabled": False})
    found = of({"list.json": LISTED, "r.json": ruleset([]), "p.json": answer, "a.json": BOT})
    grant = merge(found, "role/admin")
    assert grant is not None
    assert grant.certainty == "proven"
    bot = merge(found)
    assert bot is not None
    assert bot.second_person


# --- the token of a job -------------------------------------------------------------------------

FLOW = "on: push\npermissions: {contents: write, pull-requests: write}\njobs: {a: {runs-on: x}}"


@pytest.mark.parametrize(
    ("may", "second", "certainty"),
    [(True, False, "conditional"), (False, True, "conditional"), (None, False, "needs-fact")],
)
def test_a_job_approves_only_if_the_repository_lets_it(
    certainty: str, *, may: bool | None, second: bool
) -> None:
    """A setting decides whether a workflow's approval counts."""
    rules = ruleset([review(dismiss_stale_reviews_on_push=True)])
    files = {**RULES, "r.json": rules, "ci.yml": FLOW}
    if may is not None:
        files["d.json"] = {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": may,
        }
    grant = merge(of(files), job("a"))
    assert grant is not None
    assert (grant.certainty, grant.second_person) == (certainty, second)


def test_the_app_of_all_workflows_on_the_bypass_list_lets_every_job_through() -> None:
    """Number 15368 is github-actions, whose token every job has."""
    actor = {"actor_id": 15368, "actor_type": "Integration", "bypass_mode": "always"}
    rules = ruleset([review(**LAST_PUSH)], bypass_actors=[actor])
    grant = merge(of({**RULES, "r.json": rules, "ci.yml": FLOW}), job("a"))
    assert grant is not None
    assert (grant.certainty, grant.second_person) == ("proven", False)


# --- CODEOWNERS ---------------------------------------------------------------------------------

OWNED = ruleset([review(0, require_code_owner_review=True, dismiss_stale_reviews_on_push=True)])


def owned(text: str, **more: Any) -> tuple[str, str, bool]:  # noqa: ANN401 -- JSON
    """How an App merges where code owners are asked."""
    files: dict[str, Any] = {".github/CODEOWNERS": text, "checked.json": {"errors": []}, **more}
    return under(OWNED, **files)


def test_an_owner_of_everything_is_a_second_person() -> None:
    """An approval that a push takes away."""
    assert owned("* @octo/devs\n") == ("conditional", "a code owner approves: @octo/devs", True)


def test_without_the_file_the_owners_are_a_missing_fact() -> None:
    """The rule asks; whom, stands in a file that is not here."""
    assert under(OWNED) == ("needs-fact", "the file CODEOWNERS", False)


def test_owners_that_nobody_checked_are_a_missing_fact() -> None:
    """An owner that does not exist owns nothing, and the file does not show that."""
    sure, fact, second = under(OWNED, CODEOWNERS="* @octo/devs\n")
    assert (sure, second) == ("needs-fact", False)
    assert fact == "whether GitHub knows the code owners @octo/devs (/codeowners/errors)"


def unknown(column: int) -> dict[str, Any]:
    """GitHub's answer that the owner at a column of the first line does not exist."""
    error = {"line": 1, "column": column, "kind": "Unknown owner", "path": "CODEOWNERS"}
    return {"checked.json": {"errors": [error]}}


def test_an_owner_that_does_not_exist_approves_nothing() -> None:
    """With nobody else on the line, the files are free; with somebody, that one is asked."""
    sure, condition, second = owned("* @gone\n", **unknown(3))
    assert (sure, second) == ("conditional", False)
    assert condition == "it changes only files that no code owner is named for"
    assert owned("* @gone @here\n", **unknown(3))[1:] == ("a code owner approves: @here", True)
    found = of({"CODEOWNERS": "* @gone\n", **unknown(3)})
    assert ["Unknown owner in * @gone" in one.what for one in found.unresolved] == [True]


def test_files_without_an_owner_need_nobody() -> None:
    """A file that only names some owners leaves the rest open."""
    sure, condition, second = owned("/src/ @octo/devs\n")
    assert (sure, second) == ("conditional", False)
    assert condition == "it changes only files that no code owner is named for"


def test_the_last_line_that_fits_takes_the_owner_away() -> None:
    """A line without owners below one with them frees its files: that is where a change goes."""
    text = "* @octo/devs\n/docs/\n"
    files = {**RULES, "r.json": OWNED, "a.json": BOT, "CODEOWNERS": text, "c.json": {"errors": []}}
    found = of(files)
    free = merge(found, resource="contents/docs/")
    assert free is not None
    assert (free.certainty, free.second_person) == ("proven", False)
    assert (free.location.file, free.location.span.line) == ("CODEOWNERS", 2)


def test_a_later_line_gives_the_files_an_owner_again() -> None:
    """Whatever stands between, the last line decides."""
    text = "* @octo/devs\n/docs/\n/docs/ @octo/writers\n"
    files = {**RULES, "r.json": OWNED, "a.json": BOT, "CODEOWNERS": text, "c.json": {"errors": []}}
    assert merge(of(files), resource="contents/docs/") is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("!keep @a", "negates a pattern"),
        ("\\#x @a", "escapes a hash"),
        ("[ab].py @a", "range of characters"),
        ("src/ devs", "devs is neither @user, @org/team nor an address"),
    ],
)
def test_a_line_that_github_passes_over_is_unresolved(line: str, why: str) -> None:
    """Whoever wrote it believes that somebody owns these files."""
    found = of({"CODEOWNERS": f"# owners\n{line}\n"})
    assert [(why in one.what, one.location.span.line) for one in found.unresolved] == [(True, 2)]


def test_a_catch_all_that_github_passes_over_owns_nothing() -> None:
    """Without the at-sign there is no owner, and the review is not asked for."""
    assert not owned("* devs\n")[2]


def test_only_the_first_place_of_the_file_counts() -> None:
    """`.github` before the top before `docs`."""
    others = {"docs/CODEOWNERS": "* @nobody\n", "CODEOWNERS": "* @top\n"}
    assert owned("* @first # !\n", **others)[1] == "a code owner approves: @first"
    assert document("docs/CODEOWNERS", "* @x")[0].value == ["* @x"]
