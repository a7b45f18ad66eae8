"""A manifest that is mostly schemas is read for what it says of access, and paid for as that."""

from __future__ import annotations

import pytest

from blastlint.providers.kubernetes.rbac import PASSED_OVER, read
from blastlint.source import EVIDENCE, InputError
from blastlint.source.reader import grow
from blastlint.values import replace
from providers.evidence import BOT, CLUSTER, binding, documents, role

SCHEMA = """
          properties:
            spec:
              type: object
              description: "what it wants: a lot"
              properties:
                port: {type: integer, enum: [80, 443]}
"""
CRD = """
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: widgets{number}.example.com}}
spec:
  group: example.com
  scope: Cluster
  names: {{kind: Widget, plural: widgets{number}}}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
{schema}
"""
RULES = "[{apiGroups: [example.com], resources: [widgets3], verbs: [delete]}]"


def _manifest(schemas: int, schema: str = SCHEMA) -> str:
    definitions = [CRD.format(number=number, schema=schema) for number in range(schemas)]
    return "".join([*definitions, role(RULES, **CLUSTER), binding(refers="ClusterRole")])


def test_schemas_are_not_built() -> None:
    """S16: 2 MB of definitions cost their events, and no value: counted, not timed."""
    text = _manifest(40).encode()
    limits = replace(EVIDENCE, passed_over=PASSED_OVER)
    whole, needed = grow(text, EVIDENCE), grow(text, limits)
    assert len(whole.values) == len(needed.values) == 42
    assert len(whole.starts) - len(needed.starts) == 40 * 18
    assert documents(_manifest(1))[0].value == {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets0.example.com"},
        "spec": {
            "group": "example.com",
            "scope": "Cluster",
            "names": {"kind": "Widget", "plural": "widgets0"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {}}}],
        },
    }


def test_what_they_say_of_access_is_the_same() -> None:
    """That a resource is cluster-scoped stands outside of its schema: a RoleBinding grants none."""
    found = read(documents(_manifest(5)))
    assert [one for one in found.grants if one.holder == BOT and "widgets3" in one.resource] == []
    other = read(documents(_manifest(2)))
    assert [one for one in other.grants if one.holder == BOT and "widgets3" in one.resource] != []


@pytest.mark.parametrize(
    "broken",
    [
        "          properties: {spec: [}\n",
        '          properties: "open\n',
        "          a: 1\n\tb: 2\n",
    ],
)
def test_a_syntax_error_in_a_schema_is_an_error(broken: str) -> None:
    """Nothing is believed of a file that cannot be read to its end."""
    with pytest.raises(InputError):
        documents(_manifest(2, broken))


def test_a_schema_is_not_nested_without_end() -> None:
    """What is passed over keeps to the depth of everything else."""
    deep = f"          properties: {'[' * 300}{']' * 300}\n"
    with pytest.raises(InputError, match="nested deeper than 200 levels"):
        documents(_manifest(1, deep))


def test_what_an_alias_repeats_is_not_passed_over() -> None:
    """An anchor inside of a schema may be asked for outside of it."""
    schema = "          properties: &rules [{apiGroups: [''], resources: [pods], verbs: [get]}]\n"
    text = _manifest(1, schema).replace(f"rules: {RULES}", "rules: *rules")
    with pytest.raises(InputError, match="alias"):
        documents(text)
    inside = _manifest(1, "          a: &x {type: string}\n          b: *x\n")
    assert documents(inside)[0].value["spec"]["versions"][0]["schema"]["openAPIV3Schema"] == {
        "a": {"type": "string"},
        "b": {"type": "string"},
    }
