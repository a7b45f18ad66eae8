"""What is wrong many times for one reason is one finding."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import judged
from blastlint.folding import FEW
from blastlint.rules import load_rules
from blastlint.selection import Selection
from support import inventory_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from blastlint.finding import Finding

AS_OF = date(2026, 6, 2)
PATHS = Selection(("undeclared-blast-path",), ())
NAMES = ("alpha", "beta", "delta", "gamma", "omega")
ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
rules:
"""
BOUND = """---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: r}
subjects: [{kind: ServiceAccount, name: bot, namespace: shop}]
"""
INVENTORY = """
agents: {bot: {}}
systems: {cluster: {kind: kubernetes}}
credentials:
  sa: {principal: "system:serviceaccount:shop:bot"}
tools:
  k8s.read: {agents: [bot], system: cluster, credential: sa, effect: read, requires: []}
evidence:
  rbac: {kind: kubernetes-rbac, files: [evidence/rbac.yaml], system: cluster}
"""


def found(
    tmp_path: Path, resources: Sequence[str], verbs: str = "[update]", more: str = ""
) -> tuple[Finding, ...]:
    """Return the undeclared paths of a service account with one rule for each resource."""
    rule = "- {{apiGroups: [example.com], resources: [{}], verbs: {}}}\n"
    rules = "".join(rule.format(name, verbs) for name in resources)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "rbac.yaml").write_text(ROLE + rules + BOUND, encoding="utf-8")
    return judged(inventory_of(INVENTORY + more, tmp_path), load_rules(), AS_OF, PATHS).findings


def test_a_few_stand_for_themselves(tmp_path: Path) -> None:
    """Who has a handful of lines to change is shown each of them."""
    findings = found(tmp_path, NAMES[:FEW])
    assert [len(finding.alike) for finding in findings] == [0] * FEW


def test_many_of_one_way_are_one(tmp_path: Path) -> None:
    """One speaks for all, names them, and shows where some of them stand."""
    (one,) = found(tmp_path, NAMES)
    assert one.message.endswith("(and 4 more like it)")
    assert str(one.subject) == "path:sa->cluster/example.com/alpha"
    assert one.alike == tuple(f"path:sa->cluster/example.com/{name}" for name in NAMES[1:])
    assert [place.note for place in one.related] == [
        "where it should have been declared",
        *(f"cluster/example.com/{name}" for name in ("beta", "delta", "gamma")),
    ]


def test_one_more_is_another_finding(tmp_path: Path) -> None:
    """Who keeps a list of known findings hears of it when the way opens more."""
    (few,) = found(tmp_path, NAMES[:4])
    (tmp_path / "more").mkdir()
    (many,) = found(tmp_path / "more", NAMES)
    assert few.fingerprint != many.fingerprint
    assert few.subject == many.subject


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_the_order_of_the_file_does_not_matter(number: int, tmp_path: Path) -> None:
    """The same subjects give the same finding, whichever comes first."""
    (one,) = found(tmp_path, [*NAMES[number:], *NAMES[:number]])
    assert str(one.subject) == "path:sa->cluster/example.com/alpha"


def test_an_accepted_one_stands_for_itself(tmp_path: Path) -> None:
    """A waiver accepts one subject, not all that are like it."""
    waiver = """
waivers:
  beta:
    rule: undeclared-blast-path
    subject: path:sa->cluster/example.com/beta
    reason: it is read by nobody
    approved_by: head of platform
    expires: 2026-12-31
"""
    open_, accepted = sorted(found(tmp_path, NAMES, more=waiver), key=lambda f: bool(f.waiver))
    assert "path:sa->cluster/example.com/beta" not in (str(open_.subject), *open_.alike)
    assert (str(accepted.subject), accepted.alike) == ("path:sa->cluster/example.com/beta", ())


def test_the_worst_speaks(tmp_path: Path) -> None:
    """An error does not hide behind a warning."""
    (tmp_path / "evidence").mkdir()
    reads = "".join(
        f"- {{apiGroups: [example.com], resources: [{name}], verbs: [get]}}\n" for name in NAMES
    )
    write = "- {apiGroups: [example.com], resources: [zeta], verbs: [delete]}\n"
    text = ROLE + reads + write + BOUND
    (tmp_path / "evidence" / "rbac.yaml").write_text(text, encoding="utf-8")
    (one,) = judged(inventory_of(INVENTORY, tmp_path), load_rules(), AS_OF, PATHS).findings
    assert (one.severity, str(one.subject)) == ("error", "path:sa->cluster/example.com/zeta")
    assert len(one.alike) == len(NAMES)


def test_what_is_only_possible_is_told_apart(tmp_path: Path) -> None:
    """A right that hangs on a missing fact does not make a proven one worse."""
    (tmp_path / "evidence").mkdir()
    rules = "- {apiGroups: [''], resources: [configmaps], verbs: [get]}\n"
    loose = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: w}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [delete]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: w}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: w}
subjects: [{kind: ServiceAccount, name: bot, namespace: shop}]
"""
    (tmp_path / "evidence" / "rbac.yaml").write_text(ROLE + rules + BOUND + loose, encoding="utf-8")
    findings = judged(inventory_of(INVENTORY, tmp_path), load_rules(), AS_OF, PATHS).findings
    said = {(f.certainty, f.severity, "delete" in f.message) for f in findings}
    assert said == {("certain", "warning", False), ("possible", "error", True)}


TWO = """
agents: {bot: {}}
systems: {cluster: {kind: kubernetes}}
credentials:
  far: {principal: "system:serviceaccount:shop:far", derives: [{to: NEAR}]}
  near: {principal: NEAR}
tools:
  far: {agents: [bot], system: cluster, credential: far, effect: read}
  near: {agents: [WHO], system: cluster, credential: near, effect: read}
evidence:
  rbac: {kind: kubernetes-rbac, files: [evidence/rbac.yaml], system: cluster}
"""


@pytest.mark.parametrize(("who", "heads"), [("bot", 1), ("other", 2)])
def test_a_path_that_leads_into_another_is_told_by_that(
    who: str, heads: int, tmp_path: Path
) -> None:
    """The same end is told once for each agent that has it, by the credential next to it."""
    (tmp_path / "evidence").mkdir()
    rule = "- {apiGroups: [example.com], resources: [alpha], verbs: [update]}\n"
    far = "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: far, namespace: shop}\n"
    (tmp_path / "evidence" / "rbac.yaml").write_text(ROLE + rule + BOUND + far, encoding="utf-8")
    text = TWO.replace("NEAR", "'system:serviceaccount:shop:bot'").replace("WHO", who)
    text = text.replace("{bot: {}}", "{bot: {}, other: {}}")
    findings = judged(inventory_of(text, tmp_path), load_rules(), AS_OF, PATHS).findings
    assert len(findings) == heads
    subject = "path:near->cluster/example.com/alpha"
    (near,) = [finding for finding in findings if str(finding.subject) == subject]
    assert bool(near.alike) == (heads == 1)
