"""What rules on rollback, attestation and offers can look at, where an example cannot show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from support import written

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.finding import Finding

AS_OF = date(2026, 6, 2)


def found(rule: str, text: str, folder: Path, **files: str) -> list[Finding]:
    """Return what one rule finds in an inventory, with evidence files by name."""
    written(text, folder)
    (folder / "evidence").mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / "evidence" / name.replace("_", ".")).write_text(content, encoding="utf-8")
    report = check([str(folder)], as_of=AS_OF, select=[rule])
    return list(report.inventories[0].findings)


def test_an_unknown_cell_is_found_at_any_depth(tmp_path: Path) -> None:
    """In a part, in a list of parts, in a map by id; once, and under one name."""
    text = """
    agents:
      agent:
        model: {unknown: true}
        streaming: {hops: [{name: edge, idle_timeout: {unknown: true}}]}
        mitigations: {fix: {since: {unknown: true}}}
        owner: {unknown: true}
    """
    findings = found("unknown-without-plan", text, tmp_path)
    assert {f.subject.id: f.severity for f in findings} == {
        "agent agent.model": "warning",
        "agent agent.streaming.hops.0.idle_timeout": "warning",
        "agent agent.mitigations.fix.since": "warning",
        "agent agent.owner": "error",
    }
    assert {f.certainty for f in findings} == {"possible"}


def test_rules_that_need_an_overdue_cell_fold_into_its_finding(tmp_path: Path) -> None:
    """One cell is one finding, whatever hangs on it."""
    text = """
    tools:
      t:
        agents: [agent]
        effect: append
        provenance: {unknown: true, owner: a, resolve_by: 2026-06-01}
    """
    written(text, tmp_path)
    rules = ["unknown-without-plan", "write-provenance-missing"]
    (finding,) = check([str(tmp_path)], as_of=AS_OF, select=rules).inventories[0].findings
    assert (finding.rule, finding.folded) == ("unknown-without-plan", ("write-provenance-missing",))


SEVERAL = """
tools:
  spend: {agents: [agent], system: s, effect: spend, credential: c}
  look: {agents: [agent], system: other, effect: read}
systems:
  s: {owner: payments, audit_log: l, attestation: ATTESTED}
  other: {owner: support, attestation: ATTESTED}
credentials: {c: {attestation: ATTESTED}}
audit_logs: {l: {attestation: ATTESTED}}
teams: {payments: {attestation: ATTESTED}, support: {}}
"""


def test_a_stale_attestation_weighs_as_much_as_its_tools(tmp_path: Path) -> None:
    """An error for what a tool that spends hangs on; a warning for the rest."""
    text = SEVERAL.replace("ATTESTED", "{by: payments, at: 2025-06-02}")
    findings = found("attestation-stale", text, tmp_path)
    assert {f.subject.id: f.severity for f in findings} == {
        "system s": "error",
        "credential c": "error",
        "audit_log l": "error",
        "system other": "warning",
        "team payments": "warning",
    }


ROLE = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: ops}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}MORE]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: r, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: op, namespace: ops}]
"""
ESCALATE = ", {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: [VERB]}"
OPERATOR = """
systems: {k: {kind: kubernetes}}
credentials: {c: {principal: "system:serviceaccount:ops:op"}}
tools:
  t:
    agents: [agent]
    system: k
    credential: c
    hands_out: [{system: k, resources: [/pods], actions: [VERBS], scope: SCOPE}]
evidence: {k: {kind: kubernetes-rbac, files: [evidence], system: k}}
"""


@pytest.mark.parametrize(
    ("verbs", "scope", "rules", "findings"),
    [
        ("get", "ops", "", []),
        ("get, list", "ops", "", ["list on /pods"]),
        ("patch", "ops", "", ["patch on /pods"]),
        ("get", "shop", "", ["get on /pods"]),
        ("get", "'*'", "", ["get on /pods"]),
        ("delete", "ops", ESCALATE.replace("VERB", "escalate"), []),
        ("delete", "ops", ESCALATE.replace("VERB", "'*'"), []),
        ("delete", "ops", ESCALATE.replace("VERB", "create"), ["delete on /pods"]),
        ("delete", "shop", ESCALATE.replace("VERB", "escalate"), ["delete on /pods"]),
    ],
)
def test_what_is_handed_out_is_compared_with_the_evidence(
    verbs: str, scope: str, rules: str, findings: list[str], tmp_path: Path
) -> None:
    """Verbs compare literally and within their namespace; `escalate` on roles lifts the check."""
    text = OPERATOR.replace("VERBS", verbs).replace("SCOPE", scope)
    role = ROLE.replace("MORE", rules)
    messages = [f.message for f in found("delegated-grant-not-held", text, tmp_path, r_yaml=role)]
    assert len(messages) == len(findings)
    assert all(words in message for words, message in zip(findings, messages, strict=True))


@pytest.mark.parametrize("credential", ["", "c: {}"])
def test_a_credential_that_nothing_is_known_of_is_asked_for(
    credential: str, tmp_path: Path
) -> None:
    """Neither grants nor evidence: what it holds cannot be compared."""
    name = "credential: c" if credential else "system: k"
    text = f"""
    systems: {{k: {{}}}}
    credentials: {{{credential}}}
    tools:
      t: {{agents: [agent], {name}, hands_out: [{{system: k, resources: [a], actions: [b]}}]}}
    """
    (finding,) = found("delegated-grant-not-held", text, tmp_path)
    assert finding.certainty == "possible"


OPENAPI = """
openapi: 3.0.3
paths:
  /refunds:
    post:
      operationId: create_refund
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {PROPERTIES}}
"""


def test_an_operation_of_an_interface_can_be_pinned(tmp_path: Path) -> None:
    """The digest that the evidence is printed with is the one that a row holds."""
    text = """
    tools:
      t: {agents: [agent], registered_name: create_refund, schema_digest: DIGEST}
    evidence: {api: {kind: openapi, files: [evidence], agents: [agent]}}
    """
    one = OPENAPI.replace("PROPERTIES", "charge: {type: string}")
    (drift,) = found("tool-schema-drift", text.replace("DIGEST", "x"), tmp_path, api_yaml=one)
    digest = drift.message.partition("offered: ")[2].partition(",")[0]
    pinned = text.replace("DIGEST", digest)
    assert found("tool-schema-drift", pinned, tmp_path, api_yaml=one) == []
    two = OPENAPI.replace("PROPERTIES", "charge: {type: string}, amount: {type: integer}")
    assert len(found("tool-schema-drift", pinned, tmp_path, api_yaml=two)) == 1


def test_a_row_is_compared_with_the_list_that_it_names(tmp_path: Path) -> None:
    """Two servers may offer one name; the row says whose it is."""
    tool = '{"name": "a", "inputSchema": {"type": "object"}}'
    text = """
    tools: {t: {agents: [agent], registered_name: a, source: two}}
    evidence:
      one: {kind: mcp-tools, files: [evidence/one.json], agents: [agent]}
      two: {kind: mcp-tools, files: [evidence/two.json], agents: [agent]}
    """
    other = tool.replace('"a"', '"b"')
    (finding,) = found("row-orphaned", text, tmp_path, one_json=tool, two_json=other)
    assert finding.message == "t: two offers no tool called a"


CONDITIONAL = """
systems: {db: {kind: database, environment: production}}
credentials:
  c: {grants: [{system: db, resources: [rows], actions: [DELETE], condition: CONDITION}]}
tools:
  t:
    agents: [agent]
    system: db
    credential: c
    requires: NEED
    effect: destroy
    scope: single_record
    open_ended: OPEN
"""


@pytest.mark.parametrize(
    ("condition", "need", "open_ended", "count"),
    [
        ("null", "[]", "none", 1),
        ("own rows", "[]", "none", 0),
        ("null", "[{resources: [rows], actions: [DELETE]}]", "none", 0),
        ("null", "[{resources: [rows], actions: [DELETE]}]", "sql", 1),
    ],
)
def test_a_delete_counts_unless_something_picks_the_rows(
    condition: str, need: str, open_ended: str, count: int, tmp_path: Path
) -> None:
    """The platform by a condition, or a fixed tool that takes one record."""
    text = CONDITIONAL.replace("CONDITION", condition).replace("NEED", need)
    assert len(found("ddl-reachable", text.replace("OPEN", open_ended), tmp_path)) == count


def test_a_declared_delete_counts_if_no_tool_takes_one_record(tmp_path: Path) -> None:
    """That a nightly job shares the role limits nothing."""
    text = """
    systems: {db: {kind: database, environment: production}}
    credentials:
      c:
        grants: [{system: db, resources: [rows], actions: [SELECT, DELETE]}]
        also_reaches: [{system: db, resources: [rows], actions: [DELETE]}]
    tools:
      t:
        agents: [agent]
        system: db
        credential: c
        requires: [{resources: [rows], actions: [SELECT]}]
        effect: read
    """
    assert len(found("ddl-reachable", text, tmp_path)) == 1
