"""A guess at what a document is, so that evidence of the wrong kind is refused in words."""

from __future__ import annotations


def recognise(value: object) -> str:
    """The kind of evidence that the value looks like; empty when it looks like none."""
    if isinstance(value, list):
        return recognise(value[0]) if value else ""
    if not isinstance(value, dict):
        return ""
    if "apiVersion" in value and "kind" in value:
        return "kubernetes-rbac"
    if "name" in value and "inputSchema" in value:
        return "mcp-tools"
    return _recognise_answer(value)


def _recognise_answer(value: dict[str, object]) -> str:
    answer = value.get("result") if "jsonrpc" in value else value
    is_list = isinstance(answer, dict) and isinstance(answer.get("tools"), list)
    return "mcp-tools" if is_list else ""
