"""Evidence for the tests of the providers: texts and the real corpora."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from blastlint.providers import passed_over_by, provider, quotable_keys_of
from blastlint.providers.grants import Setting
from blastlint.providers.kubernetes.rbac import read, resource_covers
from blastlint.source import EVIDENCE, Document, Limits, Root, parse, read_all
from blastlint.values import replace

if TYPE_CHECKING:
    from blastlint.providers.grants import Granted

RBAC = "rbac.authorization.k8s.io"
BOT = "system:serviceaccount:billing:bot"
CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


def documents(
    text: str, file: str = "evidence.yaml", kind: str = "kubernetes-rbac"
) -> tuple[Document, ...]:
    """The documents of a text, which a kind of evidence may quote from."""
    return parse(dedent(text).encode(), file, quotable(kind))


def quotable(kind: str) -> Limits:
    """How files of a kind are read."""
    reader = provider(kind)
    return replace(EVIDENCE, quotable=quotable_keys_of(reader), passed_over=passed_over_by(reader))


def corpus(folder: str, *suffixes: str) -> tuple[Document, ...]:
    """Every document of a real corpus."""
    if not (CORPORA / folder).is_dir():
        pytest.skip(f"the corpus {folder} is not here")
    root = Root(str(CORPORA / folder))
    names = root.walk("", suffixes or (".yaml",))
    return tuple(document for name in names for document in read_all(root, name))


def role(rules: str, kind: str = "Role", namespace: str = "billing", name: str = "r") -> str:
    """A role with the rules, written as a flow list."""
    where = f", namespace: {namespace}" if namespace else ""
    return f"""
---
apiVersion: {RBAC}/v1
kind: {kind}
metadata: {{name: {name}{where}}}
rules: {rules}
"""


def binding(
    subjects: str = "[{kind: ServiceAccount, name: bot, namespace: billing}]",
    kind: str = "RoleBinding",
    namespace: str = "billing",
    refers: str = "Role",
    name: str = "r",
) -> str:
    """A binding of the subjects, written as a flow list, to a role."""
    where = f", namespace: {namespace}" if namespace else ""
    return f"""
---
apiVersion: {RBAC}/v1
kind: {kind}
metadata: {{name: b{where}}}
roleRef: {{apiGroup: {RBAC}, kind: {refers}, name: {name}}}
subjects: {subjects}
"""


CLUSTER = {"kind": "ClusterRole", "namespace": ""}
EVERYWHERE = {"kind": "ClusterRoleBinding", "namespace": "", "refers": "ClusterRole"}


def of(text: str, **options: str) -> Granted:
    """What a text grants."""
    return read(documents(text), Setting(**options))


def can(found: Granted, holder: str, action: str, resource: str) -> bool:
    """Whether a principal may do it, with certainty."""
    return any(
        grant.action in {"*", action} and resource_covers(grant.resource, resource, grant.scope)
        for grant in found.grants
        if grant.holder == holder and grant.certainty == "proven"
    )
