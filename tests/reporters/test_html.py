"""The HTML page is one file that says the verdict first and is safe to mail around."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from blastlint.reporters import render
from blastlint.reporters.html import VERDICTS
from blastlint.values import replace
from reporters.reports import (
    HOSTILE,
    PATH,
    REPEATED,
    TOOLS,
    UNDECLARED,
    UNSTATED,
    WAIVED,
    clean_report,
    inventory,
    poisoned,
    refund_report,
    two_report,
    waived_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.finding import Report

FIXED = {"class", "role", "scope", "charset", "http-equiv", "lang", "name", "href"}
NAMED = ("#finding", "#agent")
"""Names of places that are made from what is there."""
REPORTS = [refund_report, clean_report, two_report, waived_report]
VOID = {"meta", "br", "input"}
OURS = ("style", "script")
"""Elements that hold a file of ours, and no data."""
CODE: tuple[str, list[tuple[str, str | None]]] = ("code", [])
"""The one element that a text can ask for, with backticks."""


class Page(HTMLParser):
    """Takes a page apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.skeleton: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag, its attributes, and the values that are always ours."""
        named = [f"{k}={v}" if k in FIXED and not str(v).startswith(NAMED) else k for k, v in attrs]
        if (tag, attrs) != CODE:
            self.skeleton.append(" ".join([tag, *named]))
        self.ids += [str(v) for k, v in attrs if k == "id"]
        self.links += [str(v) for k, v in attrs if k in {"href", "src", "action"}]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close exactly what is open."""
        assert self.open.pop() == tag
        if tag != CODE[0]:
            self.skeleton.append(f"/{tag}")
        if tag not in {"span", "code", "a", "b", "strong", "mark", "time"}:
            self.words.append(" ")

    def handle_comment(self, data: str) -> None:
        """Take down comments: there are none of ours."""
        self.skeleton.append(f"comment {data}")

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if not set(OURS) & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        """Everything a reader sees, on one line."""
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("report", REPORTS)
def test_well_formed(report: Callable[[], Report]) -> None:
    """Every tag is closed, every id is used once, and every link stays on the page."""
    page = Page(render(report(), "html"))
    assert page.open == []
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert all(link.startswith("#") for link in page.links)


def test_ids_are_unique() -> None:
    """A link leads to one place, even when two inventories have the same finding."""
    ours, theirs = (replace(WAIVED), replace(WAIVED))
    twice = (inventory("a", (UNDECLARED, ours)), inventory("b", (REPEATED, theirs)))
    page = Page(render(replace(refund_report(), inventories=twice), "html"))
    assert len(page.ids) == len(set(page.ids))
    assert f"#finding-{WAIVED.fingerprint}-2" in page.links


def test_backticks_mark_code() -> None:
    """What a fix quotes is set as code; a backtick without a partner stays one."""
    report = refund_report()
    (first, *rest) = report.inventories[0].findings
    fix = "set `a<b` to `c`"
    changed = replace(report.inventories[0], findings=(replace(first, fix=fix), *rest))
    page = render(replace(report, inventories=(changed,)), "html")
    assert "set <code>a&lt;b</code> to <code>c</code>" in page
    odd = replace(report.inventories[0], findings=(replace(first, fix="a ` b"), *rest))
    assert "<dd>a ` b</dd>" in render(replace(report, inventories=(odd,)), "html")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
def test_hostile_text(text: str) -> None:
    """Whatever somebody writes, tags and attributes stay as they are and the text is seen."""
    out = render(poisoned(refund_report(), text), "html")
    assert Page(out).skeleton == Page(render(poisoned(refund_report(), "benign"), "html")).skeleton
    assert all(char.isprintable() or char == "\n" for char in without_ours(out))
    out.encode()


def without_ours(page: str) -> str:
    """Return a page without its style and its script."""
    for tag in OURS:
        page = re.sub(f"<{tag}>.*?</{tag}>", "", page, flags=re.DOTALL)
    return page


def test_policy_allows_only_our_files() -> None:
    """The content security policy allows this style, this script, data images and no more."""
    out = render(refund_report(), "html")
    style, script = (re.findall(f"<{tag}>(.*?)</{tag}>", out, re.DOTALL) for tag in OURS)
    assert [len(style), len(script)] == [1, 1]
    styled, run = (b64encode(sha256(x[0].encode()).digest()).decode() for x in (style, script))
    assert (
        f"content=\"default-src 'none'; script-src 'sha256-{run}'; style-src 'sha256-{styled}'; "
        "img-src data:; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'\""
    ) in out
    assert out.count("<script") == 1
    for sink in (
        "innerHTML",
        "outerHTML",
        "eval(",
        "Function(",
        "document.write",
        'setAttribute("on',
    ):
        assert sink not in script[0]
    assert "style=" not in out
    assert out.index("charset") < out.index("Content-Security-Policy") < out.index("<title>")


@pytest.mark.parametrize("report", REPORTS)
def test_verdict_first(report: Callable[[], Report]) -> None:
    """The verdict opens the tab's title and the page."""
    word = VERDICTS[report().verdict][0]
    out = render(report(), "html")
    assert f"<title>{word}: " in out
    heading = re.search(r"<h1>.*?</h1>", out)
    assert heading
    assert re.sub("<[^>]*>", "", heading[0])[1:] == word


def test_says_everything() -> None:
    """Findings, every step of a path, the cut, fixes, tools, waivers and evidence are there."""
    text = Page(render(refund_report(), "html")).text
    for said in (
        UNDECLARED.message,
        *(hop.why for hop in PATH.hops),
        "take payouts out of stripe-rk's grants",
        REPEATED.fix,
        *UNSTATED.folded,
        *(tool.id for tool in TOOLS),
        WAIVED.message,
        "Accepted until 2026-07-15 by dana@example.com",
        "sha256:" + "5c" * 32,
        "✕ undeclared",
        "37 of 40 needed cells stated",
        "What this report does not say",
        "End of report: 6 findings, verdict blocked, as of 2026-06-02.",
    ):
        assert said in text


def test_clean_says_so() -> None:
    """A clean report says that nothing was found, and asks for no change."""
    text = Page(render(clean_report(), "html")).text
    assert "Nothing found." in text
    assert "What must change" not in text


def test_one_fix_for_many() -> None:
    """A fix that clears several errors says how many, and who has to make it."""
    twice = replace(REPEATED, rule="another-rule")
    report = replace(refund_report(), inventories=(inventory("a", (UNDECLARED, REPEATED, twice)),))
    text = Page(render(report, "html")).text
    assert f"{REPEATED.message} and 1 like it support-ai {REPEATED.fix}" in text


def test_nothing_judged() -> None:
    """A report without inventories reads as cannot tell."""
    assert "<title>Cannot tell" in render(replace(refund_report(), inventories=()), "html")


def test_same_bytes() -> None:
    """The same report gives the same page."""
    assert render(refund_report(), "html") == render(refund_report(), "html")
