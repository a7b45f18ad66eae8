"""Makes what a first draft is made from: a server's list of tools, and the objects of a cluster."""

from __future__ import annotations

import json
import os

TOOLS, ACCOUNTS = 117, 30
FILES = ("tools.json", "rbac.yaml")
_VERBS = ("get", "list", "search", "create", "update", "delete", "merge", "add_comment_to", "run")
_KINDS = ("issue", "branch", "release", "order", "gist", "label", "project", "file", "page")
_OBJECTS = """\
apiVersion: v1
kind: ServiceAccount
metadata: {{name: account-{n}, namespace: team-{team}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: role-{n}, namespace: team-{team}}}
rules:
- {{apiGroups: [""], resources: [pods, configmaps, secrets], verbs: [get, list, watch]}}
- {{apiGroups: [apps], resources: [deployments], verbs: [get, patch, update]}}
- {{apiGroups: [batch], resources: [jobs], verbs: [create, delete]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: binding-{n}, namespace: team-{team}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: role-{n}}}
subjects:
- {{kind: ServiceAccount, name: account-{n}, namespace: team-{team}}}
"""


def write(folder: str) -> None:
    """Write the two files into a folder: the same bytes on every machine."""
    with open(os.path.join(folder, FILES[0]), "w", encoding="utf-8", newline="\n") as file:
        json.dump({"tools": [_tool(number) for number in range(TOOLS)]}, file, indent=2)
    objects = (_OBJECTS.format(n=number, team=number // 3) for number in range(ACCOUNTS))
    with open(os.path.join(folder, FILES[1]), "w", encoding="utf-8", newline="\n") as file:
        file.write("---\n".join(objects))


def _tool(number: int) -> dict[str, object]:
    verb, kind = _VERBS[number % len(_VERBS)], _KINDS[number // len(_VERBS) % len(_KINDS)]
    names = ("owner", "repo", "id", "title", "body", f"field_{number}")
    reads = verb in {"get", "list", "search"}
    return {
        "name": f"{verb}_{kind}_{number}",
        "description": f"{verb.capitalize()} a {kind} of a repository. " * 4,
        "inputSchema": {
            "type": "object",
            "properties": {name: {"type": "string", "description": name} for name in names},
            "required": ["owner", "repo"],
        },
        "annotations": {"readOnlyHint": reads, "destructiveHint": verb == "delete"},
    }
