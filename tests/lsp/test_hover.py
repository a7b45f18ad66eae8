"""What is shown of a rule says what the rule says, and nothing that somebody wrote acts."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt
from pygls.workspace import PositionCodec

from blastlint.inventory import discovery
from blastlint.inventory.shape import shape
from blastlint.lsp import hover
from blastlint.lsp.answers import answer
from blastlint.lsp.texts import Texts
from blastlint.lsp.view import View
from blastlint.rules import load_rules

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.rules import Rule

AS_OF = date(2026, 6, 2)


def view(folder: Path) -> View:
    """Return the inventory in a folder."""
    place = discovery.home(str(folder / "inventory.yaml"), str(folder))
    assert place is not None
    return View(answer(place, Texts({}), AS_OF), {}, PositionCodec())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> View:
    """Return an inventory that says next to nothing."""
    folder = tmp_path_factory.mktemp("small")
    text = "version: 1\nname: small\nagents: {bot: {}}\n"
    (folder / "inventory.yaml").write_text(text, encoding="utf-8")
    return view(folder)


def plain(text: str) -> str:
    """Return the letters and digits of a text."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_a_rule_reads_as_it_was_written(rule: Rule, small: View) -> None:
    """Title, reason and fix whole, what they mark as code as code, and a link to the page."""
    said = hover.of_id(small, "rule", rule.id)
    tokens = MarkdownIt("commonmark").parse(said)
    inside = [child for token in tokens for child in token.children or ()]
    shown = plain("".join(one.content for one in inside if one.type in {"text", "code_inline"}))
    for text in (rule.title, rule.why, rule.fix):
        assert plain(text) in shown
    marked = {one.content for one in inside if one.type == "code_inline"}
    assert set(re.findall(r"`([^`]+)`", " ".join(rule.fix.split()))) <= marked
    assert [one.attrs["href"] for one in inside if one.type == "link_open"] == [
        f"https://github.com/blastlint/blastlint/blob/main/docs/rules/{rule.family}/{rule.id}.md"
    ]


def test_every_field_can_be_told() -> None:
    """Whatever a field holds, there are words for it."""
    for name in shape().names:
        for field in shape().part(name).fields.values():
            said = hover.described(name, field)
            assert said.startswith(("Required. ", "Needed for a launch. ", field.description))
            assert f"\n{field.name}: " in said


HOSTILE = """\
version: 1
name: small
agents:
  bot: {runbook: rb, status_from: "service:<img src=x onerror=alert(1)>"}
tools:
  send: {agents: [bot], system: crm, effect: notify}
systems:
  crm: {data: ["[click](https://evil.example)", "`` ` <b>", "![x](http://evil.example/x)"]}
runbooks: {rb: {}}
"""


def test_nothing_in_a_workspace_acts(tmp_path: Path) -> None:
    """Markup in a cell is shown as the text that it is."""
    (tmp_path / "inventory.yaml").write_text(HOSTILE, encoding="utf-8")
    seen = view(tmp_path)
    for section, name in (("agents", "bot"), ("systems", "crm"), ("tools", "send")):
        tokens = MarkdownIt("commonmark").parse(hover.of_id(seen, section, name))
        assert tokens
        inside = [child for token in tokens for child in token.children or ()]
        kinds = {token.type for token in (*tokens, *inside)}
        assert kinds.isdisjoint({"link_open", "image", "html_inline", "html_block"})
