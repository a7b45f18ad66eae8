"""The Markdown format says the verdict first and makes nothing of anybody's text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from blastlint.check import check
from blastlint.reporters import render
from blastlint.reporters.markdown import LIMIT, SCREENFUL, code, prose
from blastlint.values import replace
from commands import REPO
from reporters.reports import (
    HOSTILE,
    REPEATED,
    clean_report,
    inventory,
    poisoned,
    refund_report,
    two_report,
    waived_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

    from blastlint.finding import Report

GOLDEN = Path(__file__).parent / "golden"

READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
ACTIVE = re.compile(r"@\w|#\d|GH-\d|https?:|www\.|\$|:\w+:|<!--|\b[0-9a-f]{7,40}\b", re.IGNORECASE)
"""What GitHub acts on in rendered text outside code."""
MARKUP = {"html_block", "html_inline", "link_open", "image"}


def flat(text: str) -> list[Token]:
    """Return all tokens of a text, those inside lines included."""
    return [inner for token in READER.parse(text) for inner in (token, *(token.children or ()))]


def skeleton(text: str) -> list[str]:
    """Return the block structure of a text, and our own markup in it."""
    return [
        f"{token.type} {token.content if token.type in MARKUP else ''}"
        for token in flat(text)
        if token.type not in {"text", "code_inline", "text_special", "inline"}
    ]


@pytest.mark.parametrize("report", [refund_report, clean_report, two_report, waived_report])
def test_golden(report: Callable[[], Report], golden: Callable[[Path, str], None]) -> None:
    """What a reviewer reads changes only on purpose."""
    golden(GOLDEN / f"{report.__name__}.md", render(report(), "markdown"))


def test_verdict_first() -> None:
    """The first line is the verdict."""
    assert render(refund_report(), "markdown").startswith("## ⛔ blocked\n")
    assert render(clean_report(), "markdown").startswith("## ✅ ready\n")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_hostile_text(text: str) -> None:
    """Any text leaves the structure as it is, and holds no link, mention, image or markup."""
    out = render(poisoned(refund_report(), text), "markdown")
    assert skeleton(out) == skeleton(render(poisoned(refund_report(), "benign"), "markdown"))
    assert not [t.content for t in flat(out) if t.type == "text" and ACTIVE.search(t.content)]


@settings(max_examples=300)
@given(st.text(alphabet=st.one_of(st.sampled_from("`*_[]()<>|\\#@!~:$ \nw.1-"), st.characters())))
def test_prose_is_only_words(text: str) -> None:
    """Whatever a sentence holds, a reader sees words and code, in a cell too."""
    for said in (prose(text), prose(text, cell=True), code(text), code(text, cell=True)):
        kinds = {t.type for t in flat(f"- x {said}\n")}
        assert kinds <= {
            "bullet_list_open",
            "list_item_open",
            "paragraph_open",
            "inline",
            "text",
            "code_inline",
            "paragraph_close",
            "list_item_close",
            "bullet_list_close",
        }
    row = f"| a | b |\n|---|---|\n| {prose(text, cell=True)} | {code(text, cell=True)} |\n"
    assert sum(t.type == "td_open" for t in flat(row)) == 2
    assert sum(t.type == "tr_open" for t in flat(row)) == 2


def test_prose_leaves_words_alone() -> None:
    """An ordinary message reads as it was written."""
    said = "stripe.refund.create can happen 90 times for one intent: 90 attempts, no key"
    assert prose(said) == said
    assert prose("ask @dana about (www.x.org) and x:tada:") == (
        "ask `@dana` about `(www.x.org)` and `x:tada:`"
    )


def test_many_findings_fit() -> None:
    """A comment stays under its limit, and says how many findings it left out."""
    many = tuple(replace(REPEATED, message=f"finding {n} " + "x" * 200) for n in range(2_000))
    out = render(replace(refund_report(), inventories=(inventory("a", many),)), "markdown")
    assert len(out) <= LIMIT
    left = re.search(r"\*\*([\d,]+) more findings\*\*", out)
    assert left
    assert out.count("| error |") + int(left[1].replace(",", "")) == 2_000
    assert "2,000 errors" in out


def test_many_inventories_fit() -> None:
    """A comment about very many inventories stays under its limit too."""
    many = tuple(inventory(f"inventory-{n}" * 20) for n in range(1_000))
    out = render(replace(refund_report(), inventories=many), "markdown")
    assert len(out) <= LIMIT
    assert "more inventories" in out


def test_a_screenful_stands_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment shows the gravest findings and folds the rest, none of which is lost."""
    monkeypatch.chdir(REPO)
    report = check(["inventories/refund-agent"], as_of=date(2026, 6, 2))
    said = render(report, "markdown")
    opened, _, folded = said.partition("<details>")
    rows = [line for line in folded.split("Paths, cuts and fixes")[0].split("\n") if "| `" in line]
    assert opened.count("| error |") == SCREENFUL
    assert len(rows) == len(report.findings) - SCREENFUL
    assert f"<summary>{len(rows)} more findings</summary>" in folded
