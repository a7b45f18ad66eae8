"""`blastlint init`: what it keeps, what it changes, what it asks, and what it refuses."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from blastlint.cli import run
from blastlint.inventory.loading import load
from drafts import DAY, files_of, listed, tool

if TYPE_CHECKING:
    from collections.abc import Callable

    Init = Callable[..., str]

INVENTORIES = Path(__file__).resolve().parents[2] / "inventories"
RBAC = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: till, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: till, namespace: shop}
rules:
- apiGroups: [""]
  resources: [pods]
  verbs: [get, create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: till, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: till}
subjects:
- {kind: ServiceAccount, name: till, namespace: shop}
"""
TILL = "system:serviceaccount:shop:till"
TOOLS = Path("inventory/tools.yaml")


@pytest.fixture
def init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Init:
    """Draft in a folder of its own; return what is said."""
    monkeypatch.chdir(tmp_path)

    def draft(*words: str, code: int = 0) -> str:
        found = run(["init", "--as-of", DAY, *words])
        said = capsys.readouterr()
        assert found == code, said
        return said.out + said.err

    return draft


def shop(*tools: dict[str, object]) -> str:
    """Write the list of the server shop; return the words that name it."""
    listed(Path("shop.json"), *tools)
    return "shop=shop.json"


READS = tool("get_order", "id", readOnlyHint=True)
ERASES = tool("delete_order", "id", readOnlyHint=False, destructiveHint=True)


# --- what is drafted ----------------------------------------------------------------------------


def test_one_server(init: Init) -> None:
    """Every cell is known, or a question to somebody, with where it comes from behind it."""
    said = init("--from", shop(READS, ERASES), "--agent", "till", "--owner", "payments")
    text = TOOLS.read_text(encoding="utf-8")
    assert "    effect: read  # readOnlyHint is true\n" in text
    assert "    effect: destroy  # its name says delete\n" in text
    assert "    reversibility: {class: read_only}  # it only reads\n" in text
    (inventory,) = load(["inventory"])
    assert sorted(inventory.tools) == ["shop.delete_order", "shop.get_order"]
    assert inventory.agents["till"].owner == "payments"
    assert "payments" in inventory.teams
    assert "Drafted 1 agent, 2 tools, 1 system, 1 credential into inventory" in said
    assert said.rstrip().endswith("blastlint check inventory")


def test_every_question_names_who_must_answer_and_by_when(init: Init) -> None:
    """No open cell is left to nobody, or to no day."""
    init("--from", shop(READS, ERASES))
    lines = [line for line in everything().splitlines() if "unknown: true" in line]
    assert len(lines) > 10
    for line in lines:
        assert "resolve_by: 2026-06-16}  # " in line
        assert line.endswith("?")


def everything() -> str:
    """Return the texts of all files of the drafted inventory."""
    paths = sorted(Path("inventory").glob("*.yaml"))
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def test_what_the_agent_acts_as(init: Init) -> None:
    """A principal that evidence names ties the agent to its grants: the first true finding."""
    Path("rbac.yaml").write_text(RBAC, encoding="utf-8")
    words = ["--from", shop(READS), "--from", "rbac.yaml", "--agent", "till", "--runs-as", TILL]
    said = init(*words)
    assert (
        f"  1. {TILL} can become system:serviceaccount:shop:* (run a pod): till acts as it" in said
    )
    (inventory,) = load(["inventory"])
    assert list(inventory.agents["till"].ambient or ()) == ["till"]
    (found,) = check(["inventory"], as_of=date.fromisoformat(DAY)).inventories
    assert "credential-can-mint" in {one.rule for one in found.findings}


def test_a_server_acts_on_the_system_that_is_said(init: Init) -> None:
    """Started by the client without a credential, it acts as the agent does, on that system."""
    Path("rbac.yaml").write_text(RBAC, encoding="utf-8")
    config = {"mcpServers": {"shop": {"command": "shop-server"}}}
    Path("mcp.json").write_text(json.dumps(config), encoding="utf-8")
    sources = ["--from", "shop@cluster=shop.json", "--from", "cluster=rbac.yaml"]
    shop(READS)
    init(*sources, "--from", "mcp.json", "--runs-as", TILL)
    (inventory,) = load(["inventory"])
    row = inventory.tools["shop.get_order"]
    assert (row.system, row.credential, row.source) == ("cluster", "till", "shop")
    assert (list(inventory.systems), list(inventory.credentials)) == (["cluster"], ["till"])
    why = "credential: till  # the client starts shop itself, without a credential (mcp.json:1)\n"
    assert why in TOOLS.read_text(encoding="utf-8")
    given = {"mcpServers": {"shop": {"command": "shop-server", "env": {"TOKEN": "${T}"}}}}
    Path("mcp.json").write_text(json.dumps(given), encoding="utf-8")
    init("-o", "other", *sources, "--from", "mcp.json", "--runs-as", TILL)
    assert load(["other"])[0].tools["shop.get_order"].credential == "shop"


def test_a_server_without_a_list_is_a_question(init: Init) -> None:
    """Nobody may launch with a server whose tools nobody knows; with their list, the row may go."""
    config = {"mcpServers": {"shop": {"url": "https://shop.example.com"}}}
    Path("mcp.json").write_text(json.dumps(config), encoding="utf-8")
    init("--from", "mcp.json")
    (found,) = check(["inventory"], as_of=date.fromisoformat(DAY)).inventories
    assert "tool:shop.unlisted" in {str(one.subject) for one in found.findings}
    assert found.verdict == "cannot-tell"
    said = init("--from", shop(READS))
    assert "tools shop.unlisted: the tools of its server are listed now; take this row out" in said
    assert sorted(load(["inventory"])[0].tools) == ["shop.get_order", "shop.unlisted"]


def test_one_name_for_a_server_and_a_cluster(init: Init) -> None:
    """It is one system, with two entries of evidence."""
    Path("rbac.yaml").write_text(RBAC, encoding="utf-8")
    init("--from", shop(READS), "--from", "shop=rbac.yaml")
    (inventory,) = load(["inventory"])
    assert list(inventory.systems) == ["shop"]
    assert inventory.systems["shop"].kind == "kubernetes"
    assert sorted(inventory.evidence) == ["shop", "shop-kubernetes-rbac"]


def test_what_came_and_went_of_a_list(init: Init) -> None:
    """Grants that nobody touched follow the evidence; what differs is told, not the whole list."""
    rbac = Path("rbac.yaml")
    rbac.write_text(RBAC, encoding="utf-8")
    init("--from", "rbac.yaml")
    rbac.write_text(RBAC.replace("get, create", "get"), encoding="utf-8")
    said = init()
    where = "system: kubernetes, resources: [/pods], actions: "
    assert "credentials till.grants: without {" + where + "[get, create], " in said
    assert "with {" + where + "[get], scope: shop}" in said


def test_a_principal_that_no_file_names(init: Init) -> None:
    """What was said on the command line and is nowhere is said first."""
    said = init("--from", shop(READS), "--runs-as", TILL)
    assert f"  1. no file names {TILL}, which agent is said to act as" in said
    Path("rbac.yaml").write_text(RBAC, encoding="utf-8")
    said = init("-o", "near", "--from", "rbac.yaml", "--runs-as", TILL.replace("till", "tlil"))
    assert f"is said to act as; did you mean '{TILL}'?" in said


def test_files_of_one_cluster_are_read_together(init: Init) -> None:
    """A role and its binding may come in two files; a name keeps clusters apart."""
    first, *rest = RBAC.split("---\n")
    Path("account.yaml").write_text(first, encoding="utf-8")
    Path("roles.yaml").write_text("---\n".join(rest), encoding="utf-8")
    init("--from", "account.yaml", "--from", "roles.yaml")
    (inventory,) = load(["inventory"])
    assert list(inventory.evidence) == ["kubernetes"]
    grants = inventory.credentials["till"].grants or ()
    assert [list(one.actions or ()) for one in grants] == [["get", "create"]]
    init("-o", "apart", "--from", "a=account.yaml", "--from", "b=roles.yaml")
    assert sorted(load(["apart"])[0].evidence) == ["a", "b"]


def test_what_usually_lies_in_a_repository(init: Init) -> None:
    """Without a word, the files of the tools around are found."""
    said = init(code=2)
    assert "there is nothing here to draft from" in said
    Path(".mcp.json").write_text('{"mcpServers": {"shop": {"command": "shop"}}}', encoding="utf-8")
    assert "no list of tools of shop" in init()


@pytest.mark.parametrize(
    "name", [path.parent.name for path in sorted(INVENTORIES.glob("*/evidence"))]
)
def test_the_evidence_of_the_worked_inventories(name: str, init: Init) -> None:
    """What people filed as evidence is read as what they filed it as, and nothing is left out."""
    said = init("--from", str(INVENTORIES / name / "evidence"))
    assert "Left out" not in said
    (drafted,) = load(["inventory"])
    (worked,) = load([str(INVENTORIES / name)])
    kinds = {one.kind for one in worked.evidence.values()}
    assert {one.kind for one in drafted.evidence.values()} == kinds
    assert "Nothing has changed in inventory." in init()


# --- drafted again ------------------------------------------------------------------------------


def edited(path: Path, old: str, new: str) -> None:
    """Write as a person would."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def test_what_people_wrote_is_kept(init: Init) -> None:
    """Values, comments, order and layout of people stay; only untouched cells follow the files."""
    init("--from", shop(READS, ERASES))
    edited(
        TOOLS, "    effect: destroy  # its name says delete", "    effect:   mutate # soft delete"
    )
    edited(TOOLS, "  # shop.json:1\n", "  # Reads one order. Ask Ann.\n\n")
    before = TOOLS.read_bytes()
    shop(READS, {**ERASES, "annotations": {"readOnlyHint": False, "destructiveHint": False}})
    said = init()
    assert "annotations: {readOnlyHint: false, destructiveHint: false}" in said
    after = TOOLS.read_bytes()
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert changed == [
        b"    annotations: {readOnlyHint: false, destructiveHint: false}  # as its server states"
    ]


def test_a_conflict_is_told_and_not_decided(init: Init) -> None:
    """Where a person wrote one thing and the files now say another, the person's word stands."""
    init("--from", shop(READS))
    edited(TOOLS, "effect: read  # readOnlyHint is true", "effect: append")
    shop({**READS, "annotations": {"readOnlyHint": False, "destructiveHint": True}})
    said = init()
    assert "effect: append\n" in TOOLS.read_text(encoding="utf-8")
    assert "shop.get_order.effect says append, which somebody wrote" in said
    assert "the files now say destroy" in said
    assert "which somebody wrote" not in init()


def test_an_answer_is_not_asked_for_again(init: Init) -> None:
    """A question that somebody answered leaves the worklist; an answer is never unsaid."""
    said = init("--from", shop(ERASES))
    assert "idempotency of tool shop.delete_order" in said
    line = next(
        line for line in TOOLS.read_text(encoding="utf-8").splitlines() if "idempotency:" in line
    )
    edited(TOOLS, line, "    idempotency: {strategy: natural}")
    said = init()
    assert "idempotency of tool" not in said
    assert "Nothing has changed in inventory." in said


def test_a_question_is_answered_by_the_files_when_they_can(init: Init) -> None:
    """What was unknown and is stated now takes the question's place."""
    silent = tool("look_up", "id")
    init("--from", shop(silent))
    assert "effect: {unknown: true" in TOOLS.read_text(encoding="utf-8")
    shop({**silent, "annotations": {"readOnlyHint": True}})
    init()
    text = TOOLS.read_text(encoding="utf-8")
    assert "    effect: read  # readOnlyHint is true\n" in text
    assert "    reversibility: {class: read_only}  # it only reads\n" in text


def test_a_doubt_of_a_person_is_kept(init: Init) -> None:
    """Whoever makes a known cell unknown again does not trust the files."""
    init("--from", shop(READS))
    doubt = "effect: {unknown: true, owner: ann, resolve_by: 2026-07-01}"
    edited(TOOLS, "effect: read  # readOnlyHint is true", doubt)
    assert "Nothing has changed in inventory." in init()
    assert doubt in TOOLS.read_text(encoding="utf-8")


def test_what_somebody_took_out_stays_out(init: Init) -> None:
    """A row that a person deleted is not put back; that it is still offered is said."""
    init("--from", shop(READS, ERASES))
    text = TOOLS.read_text(encoding="utf-8")
    start = text.index("  # shop.json:1\n  shop.delete_order:")
    TOOLS.write_text(text[:start].rstrip() + "\n", encoding="utf-8")
    said = init()
    assert "tools shop.delete_order: somebody took it out, the files still tell it" in said
    assert "delete_order" not in TOOLS.read_text(encoding="utf-8")


def test_a_tool_that_is_gone_is_told(init: Init) -> None:
    """Its row stays until somebody takes it out; the copy of the evidence does not."""
    Path("shop").mkdir()
    for one in (READS, ERASES):
        path = Path("shop", f"{one['name']}.json")
        path.write_text(json.dumps(one), encoding="utf-8")
    init("--from", "shop")
    Path("shop", "delete_order.json").unlink()
    said = init()
    assert "tools shop.delete_order: shop no longer offers it" in said
    assert "shop.delete_order:" in TOOLS.read_text(encoding="utf-8")
    assert not Path("inventory/evidence/shop/delete_order.json").exists()


def test_an_inventory_that_nobody_drafted(init: Init) -> None:
    """Rows are added to files as people cut them; nothing that is written there changes."""
    home = Path("inventory")
    home.mkdir()
    whole = "version: 1\nname: mine\n\nagents:\n  till: {owner: payments}   # ours\n"
    (home / "inventory.yaml").write_text(whole, encoding="utf-8")
    (home / "stuff.yaml").write_bytes(
        b"teams:\r\n  payments: {}\r\ntools:\r\n  shop.get_order:\r\n    effect: notify\r\n"
    )
    init("--from", shop(READS, ERASES))
    (inventory,) = load(["inventory"])
    assert (home / "inventory.yaml").read_text(encoding="utf-8").startswith(whole[:40])
    stuff = (home / "stuff.yaml").read_bytes()
    assert b"  shop.get_order:\r\n    effect: notify\r\n" in stuff
    assert b"\n" not in stuff.replace(b"\r\n", b"")
    assert inventory.tools["shop.get_order"].effect == "notify"
    assert list(inventory.agents) == ["till"]
    assert list(inventory.tools["shop.delete_order"].agents or ()) == ["till"]


def test_a_preview_writes_nothing(init: Init) -> None:
    """`--diff` shows what would be written, and says by its exit code whether anything would."""
    said = init("--from", shop(READS), "--diff", code=1)
    assert "+++ b/inventory/tools.yaml" in said
    assert "new: inventory/evidence/shop/shop.json" in said
    assert not Path("inventory").exists()
    init("--from", shop(READS))
    before = files_of(Path("inventory"))
    assert init("--diff") == ""
    shop(READS, ERASES)
    assert "+  shop.delete_order:" in init("--diff", code=1)
    assert files_of(Path("inventory")) == before


def test_evidence_that_lies_in_the_inventory_is_not_copied(init: Init) -> None:
    """Whoever keeps exports in the inventory already has one copy."""
    evidence = Path("inventory/evidence")
    evidence.mkdir(parents=True)
    listed(evidence / "shop.json", READS)
    init("--from", "inventory/evidence/shop.json")
    assert sorted(files_of(evidence)) == ["drafted.json", "shop.json"]
    (inventory,) = load(["inventory"])
    assert list(inventory.evidence["shop"].files) == ["evidence/shop.json"]


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "none.json"], "'none.json' does not exist"),
        (["--from", "mcp-tolls:shop.json"], "did you mean 'mcp-tools'?"),
        (["--from", "a b=shop.json"], "'a b' cannot be the name of a source"),
        (["--from", "shop.json", "--agent", "../x"], "'../x' cannot be the name of an agent"),
        (["--from", "notes.yaml"], "'notes.yaml' is nothing to draft from"),
        (["--from", "openapi:shop.json"], "this looks like a list of MCP tools"),
    ],
)
def test_a_mistake_is_said(words: list[str], said: str, init: Init) -> None:
    """What cannot be read stops the draft, with what to do."""
    shop(READS)
    Path("notes.yaml").write_text("hello: world\n", encoding="utf-8")
    told = init(*words, code=2)
    assert said in told
    assert told.endswith("1 problem: nothing was drafted\n")
    assert not Path("inventory").exists()


def test_a_damaged_memory_is_said(init: Init) -> None:
    """What init remembers may be deleted, and not be something else."""
    init("--from", shop(READS))
    memory = Path("inventory/evidence/drafted.json")
    memory.write_text('{"cells": 3}', encoding="utf-8")
    assert "this is not what init remembered" in init(code=2)
    memory.unlink()
    before = TOOLS.read_bytes()
    init("--from", shop(READS))
    assert TOOLS.read_bytes() == before
