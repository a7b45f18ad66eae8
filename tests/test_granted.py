"""The list of grants says all that a grant is, and the same thing once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from blastlint.granted import grants_in

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOW = "on: push\njobs:\n  build: {runs-on: ubuntu-latest, steps: [{run: make}]}\n"
PROTECTION = {
    "url": "https://api.github.com/repos/octo/app/branches/main/protection",
    "required_pull_request_reviews": {
        "required_approving_review_count": 1,
        "require_last_push_approval": True,
        "dismiss_stale_reviews": True,
    },
    "enforce_admins": {"enabled": True},
}
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: shop}
rules:
- {apiGroups: [""], resources: [pods, secrets], verbs: [get, list]}
- {apiGroups: [""], resources: [secrets], verbs: [delete], resourceNames: [a]}
- {apiGroups: [""], resources: [configmaps], verbs: [delete], resourceNames: [b]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: User, name: ann}]
"""


def listed(kind: str, text: str, tmp_path: Path, form: str = "text") -> str:
    """Return what a file grants."""
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    return grants_in(
        kind, [str(tmp_path)], principal="", derive=False, namespace="octo/app", form=form
    )


def test_resources_with_the_same_actions_and_limits_share_a_line(tmp_path: Path) -> None:
    """What differs in its actions, its names or what it needs stands by itself."""
    assert listed("kubernetes-rbac", ROLE, tmp_path).splitlines() == [
        "user:ann",
        "  get, list on /pods, /secrets in shop",
        "  delete on /secrets in shop  (only a)",
        "  delete on /configmaps in shop  (only b)",
        "1 principal, 6 grants, 0 tools, 0 unresolved",
    ]


def test_a_job_without_permissions_is_told_in_a_few_lines(tmp_path: Path) -> None:
    """Every permission waits for one and the same fact, which is said once for each level."""
    text = listed("github", WORKFLOW, tmp_path)
    assert len(text.splitlines()) == 6
    assert "actions, artifact_metadata, attestations" in text


def test_a_grant_tells_whether_it_counts_by_itself_and_asks_somebody_else(tmp_path: Path) -> None:
    """Both marks that a provider sets are there for programs that read the list."""
    (tmp_path / "protection.json").write_text(json.dumps(PROTECTION), encoding="utf-8")
    (principal,) = json.loads(listed("github", WORKFLOW, tmp_path, "json"))["principals"]
    marks = {(one["resource"], one["action"]): one for one in principal["grants"]}
    assert marks["issues", "read"]["inherent"]
    assert not marks["contents", "read"]["inherent"]
    assert marks["contents", "merge"]["second_person"]
    assert not marks["contents", "write"]["second_person"]
