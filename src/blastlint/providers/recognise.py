"""A guess at what a document is, so that evidence of the wrong kind is refused in words."""

from __future__ import annotations

SERVER_MAPS = ("mcpServers", "servers", "mcp_servers", "context_servers", "amp.mcpServers")
"""Keys under which clients of the Model Context Protocol keep their servers."""
_LOOKS = {
    "aws-iam": "an export or a policy of AWS IAM",
    "github": "a workflow of GitHub Actions",
    "kubernetes-rbac": "Kubernetes objects",
    "mcp-clients": "the configuration of an MCP client",
    "mcp-tools": "a list of MCP tools",
    "oauth-scopes": "a grant of OAuth scopes",
    "openapi": "an OpenAPI description",
}
"""What each kind looks like, in words."""
_MARKS = (
    ("kubernetes-rbac", {"apiVersion", "kind"}),
    ("github", {"jobs", "on"}),
    ("mcp-tools", {"name", "inputSchema"}),
    ("openapi", {"openapi"}),
    ("openapi", {"swagger"}),
    *(
        ("aws-iam", {key})
        for key in (
            *("UserDetailList", "GroupDetailList", "RoleDetailList", "PolicyDocument"),
            *("Statement", "PolicyVersion", "AssumeRolePolicyDocument"),
        )
    ),
)
"""Kind to keys that a document of it has; the first that fits decides."""
ADDRESSES = ("url", "serverUrl", "httpUrl")
"""Keys under which a client writes where a server is called."""
_START = ("command", *ADDRESSES)


def recognise(value: object) -> str:
    """The kind of evidence that the value looks like; empty when it looks like none."""
    if isinstance(value, list):
        return recognise(value[0]) if value else ""
    if not isinstance(value, dict):
        return ""
    marked = (kind for kind, keys in _MARKS if keys <= value.keys())
    return next(marked, "") or _recognise_answer(value)


def _recognise_answer(value: dict[str, object]) -> str:
    answer = value.get("result") if "jsonrpc" in value else value
    if isinstance(answer, dict) and isinstance(answer.get("tools"), list):
        return "mcp-tools"
    if _is_client(value):
        return "mcp-clients"
    return "oauth-scopes" if _is_scopes(value) else ""


def _is_client(value: dict[str, object]) -> bool:
    nested = value.get("mcp")
    inner = nested if isinstance(nested, dict) else {}
    return any(
        isinstance(body, dict) and any(map(is_server, body.values()))
        for body in (
            value,
            inner,
            *(each.get(key) for each in (value, inner) for key in SERVER_MAPS),
        )
    )


def is_server(body: object) -> bool:
    """Whether something says how to start or reach an MCP server."""
    return isinstance(body, dict) and any(isinstance(body.get(key), (str, list)) for key in _START)


def _is_scopes(value: dict[str, object]) -> bool:
    if isinstance(value.get("oauth_config"), dict) or isinstance(value.get("oauthScopes"), list):
        return True
    return isinstance(value.get("scope"), str) or isinstance(value.get("scopes"), (list, dict))


def advice(value: object, kind: str) -> str:
    """What to do with evidence that is not of the kind it was given as; empty if nothing is known.

    Args:
        value: The document.
        kind: Kind that it was given as.
    """
    seen = recognise(value)
    known = seen in _LOOKS and seen != kind
    return f"this looks like {_LOOKS[seen]}: use the kind {seen}" if known else ""
