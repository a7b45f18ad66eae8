"""Whatever text somebody writes into an inventory, every output shows it and none obeys it."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blastlint.reporters import FORMATS, render
from reporters.reports import HOSTILE, poisoned, refund_report
from reporters.test_html import Page, without_ours

PIECES = (
    "<script>", "</script>", "</title>", "<!--", "-->", "<svg/onload=x>", "'", '"', "&lt;", "&#x0;",
    "\x00", "\x1b[31m", "\x9b", "\u202e", "\u2028", "\u200b", "\ufeff", "\ud800", "\r", "\n", "\t",
    "::error::", "::set-output name=x::", "##[error]", "##vso[x]", "|", "`", "```", "---", "[x](y)",
    "{{ x }}", "{% x %}", "]]>", "javascript:", "-> ", "a/b", " of ", "\U0001f469\u200d\U0001f4bb",
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), min_size=1, max_size=6).map("".join)
SHORT = settings(max_examples=25, deadline=None)
COMMANDS = ("##[", "##vso[")


def lines(text: str, form: str) -> list[str]:
    """Return the lines of an output that holds a text everywhere."""
    out = render(poisoned(refund_report(), text), form)
    return (without_ours(out) if form == "html" else out).split("\n")


@pytest.mark.parametrize("form", sorted(FORMATS))
@SHORT
@example("\n::error file=x::pwned")
@example("x" * 10_000)
@given(text=TEXT)
def test_nothing_is_obeyed(form: str, text: str) -> None:
    """No output holds a control or invisible character, or a build runner's command."""
    for line in lines(text, form):
        assert line.isprintable()
        assert form == "github" or not line.lstrip().startswith("::")
        assert form in {"json", "sarif"} or not any(sign in line for sign in COMMANDS)
        line.encode()


@SHORT
@example("\n::error file=x::pwned")
@given(text=TEXT)
def test_annotations_are_ours_alone(text: str) -> None:
    """A build runner is given as many commands as for any other text, each of ours."""
    ours, plain = lines(text, "github"), lines("benign", "github")
    assert [line.partition(" ")[0] for line in ours] == [line.partition(" ")[0] for line in plain]


@settings(max_examples=12, deadline=None)  # each renders and reads a whole comment
@example("</code></details><h1>GO</h1><!-- ")
@given(text=TEXT.filter(lambda text: bool(text.strip()) and text.count("`") < 2))
def test_markup_stays_as_it_is(text: str) -> None:
    """The tags and attributes of a page are the same, whatever the text."""
    said = render(poisoned(refund_report(), text), "html")
    plain = render(poisoned(refund_report(), "benign"), "html")
    tags = [tag.split(" ")[0] for tag in Page(said).skeleton]
    assert {*tags} <= {tag.split(" ")[0] for tag in Page(plain).skeleton}
    assert "script" in tags
    assert tags.count("script") == 1
    assert tags.count("h1") == 1


@pytest.mark.parametrize("form", ["json", "sarif"])
@pytest.mark.parametrize("text", HOSTILE)
def test_data_stays_data(form: str, text: str) -> None:
    """JSON is JSON, and a text comes back as it was, or as it is shown."""
    json.loads("\n".join(lines(text, form)))
