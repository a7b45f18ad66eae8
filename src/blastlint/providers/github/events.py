"""The events that start a workflow, and what each says of the ref and of who may cause it.

Source: GitHub's documentation, "Events that trigger workflows".
"""

from __future__ import annotations

OUTSIDE = {
    "discussion": "a discussion",
    "discussion_comment": "a comment on a discussion",
    "fork": "a fork",
    "gollum": "a page of the wiki",
    "issue_comment": "a comment on an issue or pull request",
    "issues": "an issue",
    "pull_request_review": "a review of a pull request",
    "pull_request_review_comment": "a comment on the changes of a pull request",
    "pull_request_target": "a pull request from a fork",
    "watch": "a star",
    "workflow_run": "a run of another workflow, which a pull request from a fork may have started",
}
"""Events that anybody may cause on a public repository and that run with the repository's rights.

`pull_request` is none of them: started from a fork it has a token that only reads, and no secrets.
"""

CODE = frozenset({"pull_request_target", "workflow_run", "issue_comment"})
"""Of these, the ones after which workflows check out the code of a fork."""

DEFAULT_BRANCH = frozenset(
    {
        "branch_protection_rule",
        "discussion",
        "discussion_comment",
        "fork",
        "gollum",
        "issue_comment",
        "issues",
        "label",
        "milestone",
        "page_build",
        "project",
        "project_card",
        "project_column",
        "public",
        "repository_dispatch",
        "schedule",
        "status",
        "watch",
        "workflow_run",
        "check_run",
        "check_suite",
        "image_version",
    }
)
"""Events that run a workflow on the default branch."""

PULL_REQUEST = frozenset({"pull_request"})
"""Events whose subject ends in `:pull_request`."""

PULL_REQUEST_OR_REF = frozenset(
    {
        "pull_request_target",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_comment",
    }
)
"""Events on pull requests of which the documentation does not say which subject they have."""

OTHERS = frozenset(
    {
        "create",
        "delete",
        "deployment",
        "deployment_status",
        "merge_group",
        "push",
        "registry_package",
        "release",
        "workflow_call",
        "workflow_dispatch",
    }
)
"""Events with a ref of their own, and the call from another workflow."""

ALL = DEFAULT_BRANCH | PULL_REQUEST | PULL_REQUEST_OR_REF | OTHERS
"""Every event that `on` may name."""
