"""What a draft never does: repeat a secret, break on a strange name, or lose a tool."""

from __future__ import annotations

import io
import json
import os
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.cli import run
from blastlint.inventory.loading import load
from drafts import DAY, files_of, listed, tool
from planted import LAYOUTS, MAKERS, WORD, Planted

if TYPE_CHECKING:
    from planted import Write


DUMP = """\
--
-- PostgreSQL database cluster dump
--

CREATE ROLE a;
ALTER ROLE a WITH NOSUPERUSER LOGIN PASSWORD 'x';
--
-- PostgreSQL database cluster dump complete
--
"""
LIST = """\
{"apiVersion": "v1", "kind": "List", "items": [
{"apiVersion": "v1",
"kind": "Secret",
"metadata": {"name": "a"}}]}
"""


def said(*words: str) -> tuple[int, str]:
    """Return the exit code of a draft, and everything that it prints."""
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        code = run(["init", "--as-of", DAY, *words])
    return code, out.getvalue()


# --- secrets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("kind", MAKERS)
def test_no_secret_is_drafted(kind: str, layout: Write, tmp_path: Path) -> None:
    """Of a secret in a file, nothing is printed, and nothing is written into the rows."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in MAKERS[kind](Planted(), layout).items():
        (folder / name).write_text(text, encoding="utf-8")
    with chdir(tmp_path):
        _, told = said("--from", f"{kind}:in")
        rows = [path.read_text(encoding="utf-8") for path in Path().glob("inventory/*.yaml")]
        assert WORD not in told
        assert not any(WORD in text for text in rows)


def test_a_client_is_read_and_never_copied(tmp_path: Path) -> None:
    """Its file may hold tokens: its servers are drafted, and where a value stands is said."""
    config = {"mcpServers": {"shop": {"command": "x", "env": {"API_TOKEN": f"{WORD}123"}}}}
    with chdir(tmp_path):
        Path("mcp.json").write_text(json.dumps(config), encoding="utf-8")
        code, told = said("--from", "mcp.json")
        assert code == 0
        assert "1. shop: the value of environment variable API_TOKEN is whose value stands" in told
        assert not any(WORD.encode() in data for data in files_of(Path("inventory")).values())
        (inventory,) = load(["inventory"])
        assert inventory.credentials["shop"].principal == "mcp:shop/env:API_TOKEN"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        (
            "roles.sql",
            DUMP,
            "passwords of roles",
        ),
        (
            "oauth-scopes:token.json",
            '{"access_token": "x", "scope": "chat:write", "token_type": "bearer"}',
            "a token or a key",
        ),
        (
            "list.json",
            LIST,
            "an object of kind Secret in a list",
        ),
    ],
)
def test_secrets_are_not_copied(name: str, text: str, what: str, tmp_path: Path) -> None:
    """A file with secrets that cannot be left out is refused, with how to export it."""
    with chdir(tmp_path):
        Path(name.rpartition(":")[2]).write_text(text, encoding="utf-8")
        code, told = said("--from", name)
        assert code == 2, told
        assert what in told
        assert not Path("inventory").exists()


def test_secrets_of_a_stream_are_left_out(tmp_path: Path) -> None:
    """Of a rendered chart, everything but its Secrets is copied, byte for byte."""
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\n"
    secret = f"apiVersion: v1\nkind: Secret\nmetadata: {{name: c}}\ndata: {{d: {WORD}}}\n"
    with chdir(tmp_path):
        Path("chart.yaml").write_text(
            f"---\n{account}---\n{secret}---\n{account}", encoding="utf-8"
        )
        assert said("--from", "chart.yaml")[0] == 0
        copy = Path("inventory/evidence/kubernetes/chart.yaml").read_text(encoding="utf-8")
        assert copy.count("\n") == f"---\n{account}---\n{secret}---\n{account}".count("\n")
        assert copy.startswith(f"---\n{account}---\n# left out, for it holds secrets\n")
        assert copy.endswith(f"\n---\n{account}")
        assert WORD not in copy


# --- strange names ------------------------------------------------------------------------------


STRANGE = [
    "no",
    "null",
    "1.10",
    "- a",
    "#x",
    "a: b",
    "{}",
    "*all",
    "日本",
    "a" * 128,
    "a" * 127 + "b",
    "get order",
    "get-order",
    "..",
    "💥",
    "tool\u202eevil",
    "a\u2028b",
]


def test_strange_names(tmp_path: Path) -> None:
    """Whatever a server calls its tools, each has a row with that name, and an id of its own."""
    with chdir(tmp_path):
        listed(Path("shop.json"), *(tool(name, "id", readOnlyHint=True) for name in STRANGE))
        code, told = said("--from", "shop.json")
        assert code == 0, told
        (inventory,) = load(["inventory"])
        assert sorted(str(one.registered_name) for one in inventory.tools.values()) == sorted(
            STRANGE
        )
        assert "\u202e" not in told
        assert said()[0] == 0


def test_a_name_that_cannot_be_written(tmp_path: Path) -> None:
    """A control character is in no inventory: the draft stops and says where it comes from."""
    with chdir(tmp_path):
        listed(Path("shop.json"), tool("a\x07b"))
        code, told = said("--from", "shop.json")
        assert code == 2
        assert "a control character cannot be written" in told
        assert not Path("inventory").exists()


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20
)
hints = st.fixed_dictionaries(
    {}, optional={"readOnlyHint": st.booleans(), "destructiveHint": st.booleans()}
)
tools = st.builds(lambda name, stated: tool(name, **stated), names, hints)
lists = st.lists(tools, min_size=1, max_size=8, unique_by=lambda one: one["name"])


@settings(max_examples=15, deadline=None)
@given(lists, lists)
def test_any_list_is_drafted_and_drafted_again(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    """A draft parses; the same again changes nothing; another list gives a row to each tool."""
    with TemporaryDirectory() as folder, chdir(folder):
        listed(Path("shop.json"), *first)
        assert said("--from", "shop.json")[0] == 0
        load(["inventory"])
        before = files_of(Path("inventory"))
        assert said("--diff") == (0, "")
        assert files_of(Path("inventory")) == before
        listed(Path("shop.json"), *second)
        assert said()[0] == 0
        (inventory,) = load(["inventory"])
        offered = {one["name"] for one in (*first, *second)}
        assert {one.registered_name for one in inventory.tools.values()} == offered
        assert said("--diff") == (0, "")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """It is said, and nothing is half written."""
    with chdir(tmp_path):
        listed(Path("shop.json"), tool("a"))
        Path("inventory").mkdir(mode=0o500)
        code, told = said("--from", "shop.json")
        assert code == 2
        assert "cannot write" in told
        assert not list(Path("inventory").iterdir())


# --- what a stranger can write ------------------------------------------------------------------


def test_what_is_remembered_reads_nothing_outside_of_the_checkout(tmp_path: Path) -> None:
    """A pull request can say what was read the last time, and makes nobody read other files."""
    outside, checkout = tmp_path / "outside", tmp_path / "checkout"
    outside.mkdir()
    (checkout / ".git").mkdir(parents=True)
    listed(outside / "shop.json", tool("a"))
    with chdir(checkout):
        assert said("--from", str(outside / "shop.json"))[0] == 0
        listed(outside / "shop.json", tool("a"), tool("b"))
        before = files_of(Path("inventory"))
        code, told = said()
        assert (code, files_of(Path("inventory"))) == (0, before)
        assert "not read again, for it lies outside of this checkout" in told
        assert "tools shop.b: added" in said("--from", str(outside / "shop.json"))[1]


@pytest.mark.parametrize("file", ["../../precious", "evidence/../../precious", "inventory.yaml"])
def test_what_is_remembered_removes_nothing_else(file: str, tmp_path: Path) -> None:
    """Only copies of evidence are removed with their source."""
    with chdir(tmp_path):
        Path("precious").write_text("x", encoding="utf-8")
        listed(Path("shop.json"), tool("a"))
        said("--from", "shop.json")
        memory = Path("inventory/evidence/drafted.json")
        damaged = json.loads(memory.read_bytes())
        damaged["copies"].append(file)
        memory.write_text(json.dumps(damaged), encoding="utf-8")
        code, told = said()
        assert code == 2
        assert "this is not what init remembered" in told
        assert Path("precious").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A folder that leads elsewhere is refused before the first byte."""
    with chdir(tmp_path):
        listed(Path("shop.json"), tool("a"))
        Path("elsewhere").mkdir()
        Path("inventory").mkdir()
        Path("inventory/evidence").symlink_to("../elsewhere")
        code, told = said("--from", "shop.json")
        assert code == 2
        assert "is a link" in told
        assert not [path for path in Path("elsewhere").rglob("*") if path.is_file()]
        assert not Path("inventory/inventory.yaml").exists()
