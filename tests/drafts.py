"""What tests of drafts need: small lists of tools, and all files of a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-06-02"


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tool(name: str, *arguments: str, **hints: bool) -> dict[str, Any]:
    """Return a tool as a server lists it."""
    properties = {argument: {"type": "string"} for argument in arguments}
    row: dict[str, Any] = {
        "name": name,
        "description": f"Does {name}.",
        "inputSchema": {"type": "object", "properties": properties},
    }
    return {**row, "annotations": hints} if hints else row


def listed(path: Path, *tools: dict[str, Any]) -> Path:
    """Write the answer of a server to `tools/list`."""
    path.write_text(json.dumps({"tools": list(tools)}), encoding="utf-8")
    return path
