"""What many tests need: small inventories, written where they are needed."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

from blastlint.inventory.loading import Inventory, load
from blastlint.source import InputError, Problem

if TYPE_CHECKING:
    from pathlib import Path

_POLICY = re.compile(r"\bpolicy `?[0-9a-f]{12}\b`?")
HEAD = "version: 1\nname: example\n"
AGENTS = "agents:\n  agent: {}\n"


def nameless(text: str) -> str:
    """Return an output without the digest of its policy, which changes with every rule."""
    return _POLICY.sub("policy …", text)


def inventory_of(text: str, tmp_path: Path) -> Inventory:
    """Return the inventory that a text says, with a name and an agent if it has none."""
    (inventory,) = load([str(written(text, tmp_path))])
    return inventory


def problems_of(text: str, tmp_path: Path) -> list[Problem]:
    """Return what is wrong with the inventory that a text says."""
    try:
        inventory_of(text, tmp_path)
    except InputError as error:
        return list(error.problems)
    return []


def written(text: str, tmp_path: Path) -> Path:
    """Write a text as an inventory's root file; return its folder."""
    text = dedent(text).strip("\n") + "\n"
    if not has_line(text, "version:"):
        text = HEAD + text
    if not has_line(text, "agents:"):
        text += AGENTS
    (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def has_line(text: str, start: str) -> bool:
    """Tell whether a line of a text starts with a word."""
    return any(line.startswith(start) for line in text.splitlines())
