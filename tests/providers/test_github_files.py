"""Folders of a repository as evidence: workflows, JSON and CODEOWNERS side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from blastlint.asking import reach_of
from blastlint.granted import grants_in
from providers.github import BOT, OPEN, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

FLOW = "on: push\npermissions: {contents: write}\njobs: {a: {runs-on: x}}\n"
INVENTORY = """
version: 1
name: shop
agents: {fixer: {}}
systems: {repo: {kind: github}}
credentials: {bot: {principal: app/bot}}
tools:
  push: {agents: [fixer], system: repo, credential: bot,
         requires: [{resources: [contents/src/], actions: [write]}]}
evidence:
  github: {kind: github, files: [.github, export], system: repo, namespace: octo/app}
"""


def lay_out(root: Path) -> None:
    """Write an inventory with the evidence of a repository."""
    flows, export = root / ".github" / "workflows", root / "export"
    flows.mkdir(parents=True)
    export.mkdir()
    (flows / "ci.yml").write_text(FLOW, encoding="utf-8")
    (root / ".github" / "CODEOWNERS").write_text("* @octo/devs\n[x] @a\n", encoding="utf-8")
    for name, answer in (("bot", BOT), ("main", OPEN), ("repo", SETTINGS)):
        (export / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    (root / "inventory.yaml").write_text(INVENTORY, encoding="utf-8")


def test_a_folder_of_github_is_evidence(tmp_path: Path) -> None:
    """Workflows are YAML, answers JSON, CODEOWNERS lines: each file is read as what it is."""
    lay_out(tmp_path)
    folders = [str(tmp_path / name) for name in (".github", "export")]
    told = grants_in(
        "github", folders, principal="", derive=True, namespace="", form="text"
    ).splitlines()
    assert "octo/app/.github/workflows/ci.yml:a" in told
    assert "  merge on contents in octo/app  (only main)" in told
    assert any("[x] has a range" in one and one.endswith("CODEOWNERS:2:1") for one in told)


def test_an_inventory_joins_the_app_with_its_evidence(tmp_path: Path) -> None:
    """The credential's principal is the App; what it can merge is reached and not declared."""
    lay_out(tmp_path)
    rows = json.loads(reach_of([str(tmp_path)], "fixer", "", "json"))
    found = {(row["resource"], row["declared"]) for row in rows if "merge" in row["actions"]}
    assert found == {("contents", False)}
    assert ("contents/src/", True) in {(row["resource"], row["declared"]) for row in rows}
