"""The commands on the how-to pages do what they promise: run as they stand, beside stand-ins."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from blastlint.cli import run
from checkout import Checkout, settings
from providers.postgres_server import Server, installed
from test_self_approval import TILL, WIDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Said = Callable[..., str]

REPO = Path(__file__).resolve().parent.parent
DOCS = REPO / "docs"
PAGES = sorted(set(DOCS.rglob("*.md")) - set((DOCS / "rules").rglob("*.md")))
SECRET = "hunter2"  # noqa: S105 -- what must not be left in a file
needs_jq = pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed")

ACCESS: list[dict[str, Any]] = [
    {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {
            "name": "till",
            "namespace": "shop",
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"env": SECRET}),
                "eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/till",
            },
        },
    },
    {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": {"name": "till", "namespace": "shop"},
        "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["create"]}],
    },
    {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "till", "namespace": "shop"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "till"},
        "subjects": [{"kind": "ServiceAccount", "name": "till", "namespace": "shop"}],
    },
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "till-1", "namespace": "shop"},
        "spec": {
            "serviceAccountName": "till",
            "containers": [
                {"name": "a", "args": [SECRET], "env": [{"name": "TOKEN", "value": SECRET}]}
            ],
        },
    },
]
APPS = [{"app_slug": name, "id": i, "permissions": {}} for i, name in enumerate("abc")]
ANSWERS: dict[str, Any] = {
    "repos/OWNER/REPO": {"full_name": "OWNER/REPO", "default_branch": "main", "private": True},
    "repos/OWNER/REPO/actions/permissions/workflow": {
        "default_workflow_permissions": "write",
        "can_approve_pull_request_reviews": False,
    },
    "repos/OWNER/REPO/actions/oidc/customization/sub": {"use_default": True},
    "repos/OWNER/REPO/branches/main": {"name": "main", "commit": {}, "protected": True},
    "repos/OWNER/REPO/branches/main/protection": {
        "url": "https://api.github.com/repos/OWNER/REPO/branches/main/protection",
        "enforce_admins": {"enabled": True},
    },
    "repos/OWNER/REPO/environments?per_page=100": {"total_count": 0, "environments": []},
    "repos/OWNER/REPO/codeowners/errors": {"errors": []},
    "repos/OWNER/REPO/rulesets?per_page=100": [
        {"id": 7, "name": "main", "enforcement": "active", "target": "branch"}
    ],
    "repos/OWNER/REPO/rulesets/7": {
        "id": 7,
        "name": "main",
        "enforcement": "active",
        "target": "branch",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [{"type": "deletion"}],
        "bypass_actors": [],
    },
    "orgs/ORG/installations?per_page=100": [
        {"total_count": 3, "installations": APPS[:2]},
        {"total_count": 3, "installations": APPS[2:]},
    ],
}
TOOLS = {"tools": [{"name": "ticket_read", "inputSchema": {"type": "object"}}]}
SERVER = f"""\
import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    result = {TOOLS!r} if asked["method"] == "tools/list" else {{"capabilities": {{}}}}
    if "id" in asked:
        print(json.dumps({{"jsonrpc": "2.0", "id": asked["id"], "result": result}}), flush=True)
"""
CLIENT = {
    "mcpServers": {
        "tickets": {"command": "npx", "args": ["t@1.0.0"], "env": {"TOKEN": SECRET}},
        "far": {"url": "https://mcp.example.com", "headers": {"Authorization": SECRET}},
    }
}


def shell(page: str, words: str) -> str:
    """Return the listing of shell commands on a page that holds some words."""
    (found,) = (text for text in listings(DOCS / page) if words in text)
    return found


def listings(page: Path) -> list[str]:
    """Return the listings of shell commands on a page."""
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    return [token.content for token in tokens if token.type == "fence" and token.info == "sh"]


class Desk:
    """A folder to work in, and programs that stand in for those that need a platform."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.programs = folder / "bin"
        (self.folder / "evidence").mkdir(parents=True)
        self.programs.mkdir()

    def program(self, name: str, text: str) -> None:
        """Let a program of this name run some Python."""
        path = self.programs / name
        path.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
        path.chmod(0o755)

    def run(
        self, commands: str, variables: Mapping[str, str] | None = None, *, code: int = 0
    ) -> str:
        """Run commands as a person would; return what they print."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", commands],
            cwd=self.folder,
            env={**settings(), "PATH": path, **(variables or {})},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    def evidence(self, name: str) -> str:
        """Return what a file holds now, which must not be a secret."""
        text = (self.folder / "evidence" / name).read_text(encoding="utf-8")
        assert SECRET not in text
        return text


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with nothing on it."""
    return Desk(tmp_path)


@pytest.fixture
def grants(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Say what evidence of a kind shows, as `blastlint grants` does."""
    monkeypatch.chdir(desk.folder)

    def said(kind: str, *files: str) -> str:
        assert run(["grants", kind, *files, "--derive"]) == 0
        return capsys.readouterr().out

    return said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_are_shell(page: Path) -> None:
    """A quote that is left open would be found by whoever copies it."""
    for text in listings(page):
        done = subprocess.run(
            ["bash", "-n"], input=text, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (text, done.stderr)


@needs_jq
def test_kubernetes_is_exported_without_secrets(desk: Desk, grants: Said) -> None:
    """What containers are given is gone, and nothing that blastlint reads."""
    whole = {"apiVersion": "v1", "kind": "List", "items": ACCESS}
    (desk.folder / "whole.json").write_text(json.dumps(whole), encoding="utf-8")
    desk.program("kubectl", f"import json; print(json.dumps({whole!r}))")
    desk.run(shell("evidence/kubernetes.md", "kubectl get"))
    assert "serviceAccountName" in desk.evidence("rbac.json")
    said = grants("kubernetes-rbac", "evidence/rbac.json")
    assert said == grants("kubernetes-rbac", "whole.json")
    assert "create on /pods in shop" in said
    assert "arn:aws:iam::111122223333:role/till" in said


@needs_jq
def test_github_is_exported_page_by_page(desk: Desk, grants: Said) -> None:
    """Every ruleset, and every installation of a list in pages, is there."""
    desk.program("gh", f"import json, sys; print(json.dumps({ANSWERS!r}[sys.argv[-1]]))")
    home = desk.folder / ".github" / "workflows"
    home.mkdir(parents=True)
    workflow = "on: push\njobs: {build: {runs-on: ubuntu-24.04, steps: [{run: make}]}}\n"
    (home / "build.yml").write_text(workflow, encoding="utf-8")
    (home.parent / "CODEOWNERS").write_text("* @octo/devs\n", encoding="utf-8")
    (desk.folder / "evidence" / "github").mkdir()
    desk.run(shell("evidence/github.md", "gh api"))
    assert json.loads(desk.evidence("github/ruleset-7.json"))["bypass_actors"] == []
    assert json.loads(desk.evidence("github/installations.json"))["installations"] == APPS
    said = grants("github", "evidence/github")
    assert "OWNER/REPO/.github/workflows/build.yml:build\n  read, write on actions" in said
    assert "app/c" in said
    assert ", 0 unresolved" in said


@needs_jq
def test_an_mcp_server_is_asked_for_its_tools(desk: Desk, grants: Said) -> None:
    """By three lines, and by the Inspector; both answers are read."""
    desk.program(
        "npx",
        f"import sys\nif '--cli' in sys.argv: print({json.dumps(TOOLS)!r})\nelse:\n"
        + "".join(f"    {line}\n" for line in SERVER.splitlines()),
    )
    (desk.folder / "evidence" / "tools").mkdir()
    desk.run(shell("evidence/mcp.md", '"method":"tools/list"').replace("sleep 3", "sleep 1"))
    desk.run(shell("evidence/mcp.md", "--method tools/list"))
    for name in ("everything", "tickets", "far"):
        assert "ticket_read" in grants("mcp-tools", f"evidence/tools/{name}.json")


@needs_jq
def test_a_client_is_copied_without_its_values(desk: Desk, grants: Said) -> None:
    """Each value is the name of where it comes from, and what it opens stays asked."""
    (desk.folder / ".mcp.json").write_text(json.dumps(CLIENT), encoding="utf-8")
    desk.run(shell("evidence/mcp.md", ".mcp.json"))
    assert '"${TOKEN}"' in desk.evidence("mcp.json")
    said = grants("mcp-clients", "evidence/mcp.json")
    assert "header Authorization, taken from another place" in said
    assert "environment variable TOKEN, taken from the variable TOKEN" in said


@needs_jq
def test_scopes_are_asked_for_without_leaving_a_token(desk: Desk, grants: Said) -> None:
    """As a list from a header, and as an answer without its tokens."""
    headers = "HTTP/2 200\r\nX-OAuth-Scopes: chat:write,channels:history\r\n\r\n"
    desk.program("curl", f"print({headers!r})")
    desk.run(shell("evidence/oauth.md", "auth.test"))
    assert desk.evidence("slack-scopes.txt") == "chat:write\nchannels:history\n"
    assert "read on channels:history" in grants("oauth-scopes", "evidence/slack-scopes.txt")
    answer = {"access_token": SECRET, "refresh_token": SECRET, "scope": "gmail.send"}
    (desk.folder / "answer.json").write_text(json.dumps(answer), encoding="utf-8")
    desk.run(shell("evidence/oauth.md", "answer.json"))
    assert json.loads(desk.evidence("token.json")) == {"scope": "gmail.send"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The newest PostgreSQL that is installed here."""
    if not installed():
        pytest.skip("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")
    running = Server(max(installed()))
    running.sql(f"CREATE ROLE report LOGIN PASSWORD '{SECRET}'; CREATE ROLE exporter LOGIN;")
    running.sql("CREATE DATABASE shop;")
    running.sql("CREATE TABLE orders (id int); GRANT SELECT ON orders TO report;", "shop")
    yield running
    running.stop()


def test_postgres_is_exported_without_passwords(server: Server, desk: Desk, grants: Said) -> None:
    """By a login that may read, and by none that may not, as the page says."""
    (desk.folder / "evidence" / "shop-db").mkdir()
    path = f"{installed()[server.version]}{os.pathsep}{os.environ['PATH']}"
    login = {"PGHOST": server._folder, "PGUSER": "exporter", "PATH": path}
    roles, schema = shell("evidence/postgres.md", "pg_dumpall").splitlines()
    desk.run(roles, login)
    assert "report" in desk.evidence("shop-db/roles.sql")
    desk.run(schema, login, code=1)
    server.sql("GRANT pg_read_all_data TO exporter;")
    desk.run(schema, login)
    assert "report\n" in grants("postgres", "evidence/shop-db")
    assert "SELECT on public.orders in shop" in grants("postgres", "evidence/shop-db")
    desk.run(shell("evidence/postgres.md", "psql shop"), {**login, "PGUSER": "postgres"})
    assert "report" in desk.evidence("shop-db/grants.csv")


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_any_build_server_stops_what_opens_something(desk: Desk) -> None:
    """With a clone whose base has moved on meanwhile."""
    origin = Checkout(desk.folder / "origin")
    origin.file("inventories/till/inventory.yaml", TILL)
    origin.file("ci/gate.sh", (REPO / "ci" / "gate.sh").read_text(encoding="utf-8"))
    (origin.folder / "ci" / "gate.sh").chmod(0o755)
    origin.commit()
    clone = desk.folder / "clone"
    origin.git("clone", "-q", str(origin.folder), str(clone))
    origin.file("README.md", "A shop.\n")
    origin.commit()
    desk.program("blastlint", "import sys\nfrom blastlint.__main__ import main\nsys.exit(main())\n")
    change = Checkout(clone)
    gate = f"cd clone\n{shell('ci/other.md', 'ci/gate.sh')}"
    desk.run(gate)
    change.file("inventories/till/inventory.yaml", TILL.replace(*WIDER))
    change.commit()
    assert "error[reach-widened]" in desk.run(gate, code=1)
