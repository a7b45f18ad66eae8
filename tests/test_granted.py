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


def rbac(**verbs: str) -> str:
    """Roles for the Secrets of one namespace, each bound to a user of its name."""
    kinds = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: {0}, namespace: shop}}
rules: [{{apiGroups: [""], resources: [secrets], verbs: [{1}]}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: {0}, namespace: shop}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: {0}}}
subjects: [{{kind: User, name: {0}}}]
"""
    return "---".join(kinds.format(name, verb) for name, verb in verbs.items())


def derived(text: str, tmp_path: Path, form: str = "text", principal: str = "") -> str:
    """Return what a file of Kubernetes grants, and what everybody can become."""
    (tmp_path / "file.yaml").write_text(text, encoding="utf-8")
    return grants_in(
        "kubernetes-rbac",
        [str(tmp_path)],
        principal=principal,
        derive=True,
        namespace="",
        form=form,
    )


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


# --- what several principals open together ------------------------------------------------------

TOGETHER = """\
together: create a Secret in shop (by user:ann) and read Secrets in shop (by user:bob, user:cy)
  become system:serviceaccount:shop:* via have a token stored and read it back in shop
"""


def test_what_two_principals_open_together_is_a_line_of_its_own(tmp_path: Path) -> None:
    """K4: neither becomes anybody by its own call, so neither of their lines says it."""
    text = derived(rbac(ann="create", bob="get", cy="get"), tmp_path)
    assert TOGETHER in text
    assert "via have a token stored" not in text.replace(TOGETHER, "")
    assert "together" not in listed("kubernetes-rbac", rbac(ann="create", bob="get"), tmp_path)


def test_what_one_principal_opens_alone_is_not_told_as_several(tmp_path: Path) -> None:
    """Its own line says it already."""
    text = derived(rbac(ann="create, get"), tmp_path)
    assert "together" not in text
    assert "via have a token stored" in text


def test_one_principal_is_told_of_its_own_joints_alone(tmp_path: Path) -> None:
    """Who takes part in none sees none."""
    text = rbac(ann="create", bob="get", cy="delete")
    assert "together" in derived(text, tmp_path, principal="user:bob")
    assert "together" not in derived(text, tmp_path, principal="user:cy")


def test_programs_read_who_takes_which_part(tmp_path: Path) -> None:
    """The parts of a joint are those that principals share in, by the same words."""
    found = json.loads(derived(rbac(ann="create", bob="get"), tmp_path, "json"))
    shares = {one["principal"]: one["shares"] for one in found["principals"]}
    parts = [share["part"] for shared in shares.values() for share in shared]
    (joint,) = found["joints"]
    assert joint["parts"] == parts == ["create a Secret in shop", "read Secrets in shop"]
    assert joint["principal"] == "system:serviceaccount:shop:*"
    assert (joint["certainty"], joint["needs"]) == ("proven", "")
    assert shares["user:ann"][0]["location"]["file"].endswith("file.yaml")


def test_without_derive_no_part_is_told(tmp_path: Path) -> None:
    """What principals become is told when it is asked for."""
    found = json.loads(listed("kubernetes-rbac", rbac(ann="create", bob="get"), tmp_path, "json"))
    assert found["joints"] == []
    assert all(one["shares"] == [] for one in found["principals"])
