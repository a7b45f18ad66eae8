"""Drafts from real files that nobody wrote for this: what is true of them stands in the draft."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blastlint.check import check
from blastlint.cli import run
from blastlint.inventory.loading import Inventory, load
from drafts import DAY, files_of

if TYPE_CHECKING:
    from collections.abc import Callable

CORPORA = Path(__file__).resolve().parents[3] / "shared" / "corpora"
pytestmark = pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not here")
GITHUB, WITWAVE = CORPORA / "mcp-github-mcp-server", CORPORA / "k8s-witwave"


@pytest.fixture
def init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """Draft in a folder of its own; return what is said."""
    monkeypatch.chdir(tmp_path)

    def draft(*sources: Path, code: int = 0) -> str:
        words = [word for source in sources for word in ("--from", str(source))]
        found = run(["init", "--as-of", DAY, *words])
        said = capsys.readouterr()
        assert (found, said.err) == (code, ""), said
        return said.out

    return draft


def loaded() -> Inventory:
    """Return the drafted inventory."""
    (found,) = load(["inventory"])
    return found


def verdict() -> str:
    """Return the verdict on the drafted inventory."""
    (found,) = check(["inventory"], as_of=date.fromisoformat(DAY)).inventories
    return found.verdict


def read_evidence() -> str:
    """Return the root file, with what is said of the evidence."""
    return Path("inventory/inventory.yaml").read_text(encoding="utf-8")


def test_tools_and_grants_together(init: Callable[..., str]) -> None:
    """117 tools and the grants of a cluster: a draft that cannot be judged yet, and no error."""
    said = init(GITHUB, WITWAVE)
    assert said.startswith(
        "What the files show, and what is to find out, the gravest first:\n\n  1. "
    )
    assert "witwave-operator can become system:serviceaccount:*" in said.splitlines()[4]
    inventory = loaded()
    assert len(inventory.tools) == 117
    assert {"milo", "mira", "witwave-operator"} <= set(inventory.credentials)
    assert verdict() == "cannot-tell"


def test_a_second_draft_changes_nothing(init: Callable[..., str]) -> None:
    """Reading the same files again, on any later day, leaves every byte as it is."""
    init(GITHUB, WITWAVE)
    before = files_of(Path("inventory"))
    assert "Nothing has changed in inventory." in init()
    assert run(["init", "--as-of", "2026-12-24"]) == 0
    assert run(["init", "--as-of", "2026-12-24", "--diff"]) == 0
    assert files_of(Path("inventory")) == before


def test_a_third_draft_changes_only_what_differs(init: Callable[..., str], tmp_path: Path) -> None:
    """One tool that is new and one that is another now: two rows, and nothing else."""
    github = tmp_path / "github"
    shutil.copytree(GITHUB, github)
    init(github, WITWAVE)
    before = Path("inventory/tools.yaml").read_text(encoding="utf-8").splitlines()
    untouched = files_of(Path("inventory"))
    changed = json.loads((github / "create_gist.snap").read_bytes())
    changed["annotations"]["destructiveHint"] = False
    (github / "create_gist.snap").write_text(json.dumps(changed), encoding="utf-8")
    changed["name"] = "erase_gist"
    (github / "erase_gist.snap").write_text(json.dumps(changed), encoding="utf-8")
    said = init()
    after = Path("inventory/tools.yaml").read_text(encoding="utf-8").splitlines()
    assert [line.strip() for line in before if line not in after] == []
    here = after.index("  github.create_gist:")
    row = slice(here, here + 12)
    assert before[: here + 4] == after[: here + 4]
    hints = "{readOnlyHint: false, destructiveHint: false, idempotentHint: false}"
    assert [line for line in after[row] if line not in before[row]] == [
        f"    annotations: {hints}  # as its server states",
        "    effect: append  # its name says create",
    ]
    end = next(n for n in range(here, len(before)) if not before[n])
    assert before[end:] == after[end : len(before)]
    assert after[len(before) :][:3] == ["", "  # erase_gist.snap:1", "  github.erase_gist:"]
    assert "tools github.erase_gist: added" in said
    now = files_of(Path("inventory"))
    assert {name for name in now if now[name] != untouched.get(name)} == {
        "tools.yaml",
        "evidence/drafted.json",
        "evidence/github/create_gist.snap",
        "evidence/github/erase_gist.snap",
    }


FACTS = {
    "agent-configs-witwave": ["23 files, 0 servers"],
    "aws-cloudsplaining": ["84 policies, 78 roles, 44 users"],
    "catalog-backstage-demo": [
        "9 entities: 2 APIs, 6 AiResources, 1 Component",
        "9 name an owner, 9 of them one that no file here defines",
        "none says who is on call",
        "API of type mcp-server",
        "owner: backstage-maintainers",
    ],
    "github-claude-code-action": [
        "31 jobs, 13 workflows",
        "11 jobs, 11 workflows",
        "that run one may ask for an id token",
        "that run one can be started or told something by outsiders",
        "runs anthropics/claude-code-action in",
        "principal: app/claude-code-custom-app",
    ],
    "github-rulesets": ["8 rulesets", "that somebody may bypass", "does not say who may bypass it"],
    "k8s-builtin-roles": ["31 ClusterRoles, 12 ClusterRoleBindings, 7 Roles, 7 RoleBindings"],
    "k8s-kagent": ["system:serviceaccount:kagent:kagent-controller", "- /*"],
    "k8s-kube-prometheus": [
        "8 ServiceAccounts",
        "which nothing in this evidence defines",
        "system:serviceaccount:monitoring:prometheus-operator",
    ],
    "k8s-witwave": ["witwave.ai/witwaveagents", "system:serviceaccount:witwave-self:milo"],
    "mcp-client-configs": [
        "5 files, 8 servers",
        "principal: mcp:prowler/header:Authorization",
        "called at mcp.prowler.com",
        "started by the client",
    ],
    "mcp-github-mcp-server": [
        "117 tools: its server calls 58 read-only and 59 not",
        "2 of those that write are called idempotent",
    ],
    "mcp-kubernetes-mcp-server": ["20 with all four hints"],
    "mcp-reference-servers": ["26 without any hint", "14 tools: its server calls 10 read-only"],
    "openapi-adyen-checkout": [
        "28 operations: 1 DELETE, 3 GET, 1 PATCH, 23 POST",
        "22 of 23 POST take an idempotency key",
        "idempotency: {strategy: key, key: {field: Idempotency-Key}}",
    ],
    "openapi-slack": [
        "174 operations: 80 GET, 94 POST",
        "OAuth scopes",
        "requires: [{resources: [admin.apps:read], actions: [read], basis: doc}]",
    ],
    "openslo-examples": [
        "4 objectives",
        "web-shop: Latency of user searches, 0.99 over 14d",
        "web-availability: Time when our service was running., 0.99 over 30d",
        "availability: 0.99",
    ],
}
"""Folder of the corpora to what its SOURCE.txt, or the table above all of them, says of it."""


@pytest.mark.parametrize("folder", FACTS)
def test_what_is_known_of_a_file_stands_in_its_draft(folder: str, init: Callable[..., str]) -> None:
    """Every kind of file is read, and its draft is an inventory that can be judged."""
    init(CORPORA / folder)
    loaded()
    assert verdict() in {"cannot-tell", "blocked"}
    texts = "".join(
        path.read_text(encoding="utf-8") for path in sorted(Path("inventory").glob("*.yaml"))
    )
    assert [fact for fact in FACTS[folder] if fact not in texts] == []


def test_clients_that_ask_nobody_are_told_first(init: Callable[..., str]) -> None:
    """Nine of twelve settings bypass every question."""
    said = init(CORPORA / "agent-configs-witwave")
    assert "  1. 9 clients may run any command without asking: " in said


def test_no_read_tool_is_asked_about_repeats(init: Callable[..., str]) -> None:
    """A read with idempotentHint false is no unsafe write."""
    init(CORPORA / "mcp-kubernetes-mcp-server" / "toolsets-full-tools.json")
    tools: dict[str, Any] = dict(loaded().tools)
    reads = [tool for tool in tools.values() if tool.effect == "read"]
    assert reads
    assert not any(tool.idempotency for tool in reads)


def test_a_folder_without_anything_to_draft_from(
    init: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A catalogue of attack paths is no evidence of anybody's account."""
    assert run(["init", "--from", str(CORPORA / "aws-pathfinding-paths")]) == 2
    assert "holds nothing to draft from" in capsys.readouterr().err
    assert callable(init)
