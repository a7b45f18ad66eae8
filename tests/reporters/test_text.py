"""The text and concise formats: complete, aligned, and safe to print."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.reporters import render
from blastlint.reporters.escape import shown, width
from blastlint.reporters.text import problems
from blastlint.source import Location, Problem, Span
from blastlint.values import replace
from reporters.reports import (
    HOSTILE,
    SMALL,
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

GOLDEN = Path(__file__).parent / "golden"

FORMS = ("text", "concise")
SGR = re.compile("\x1b\\[[0-9;]*m")


def alone(text: str, column: int, end_column: int, *, lines: int = 0) -> str:
    """Return the frame of one finding at a place in a line."""
    place = Location("a.yaml", Span(7, column, 7 + lines, end_column), "here", text)
    finding = replace(SMALL, location=place)
    return render(replace(refund_report(), inventories=(inventory("a", (finding,)),)), "text")


def runner_command(line: str) -> bool:
    """Whether a build runner would take a line for a command (its two syntaxes)."""
    return line.lstrip().startswith("::") or "##[" in line or "##vso[" in line


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("report", [refund_report, clean_report, two_report, waived_report])
def test_golden(
    form: str, report: Callable[[], Report], golden: Callable[[Path, str], None]
) -> None:
    """What a person sees changes only on purpose."""
    golden(GOLDEN / f"{report.__name__}.{form}.txt", render(report(), form))


def test_clean_says_so() -> None:
    """A clean report says that nothing was found and that the launch is ready."""
    assert render(clean_report(), "text").startswith("clean-support: ready — nothing found · ")


def test_nothing_judged_is_not_a_pass() -> None:
    """A report without inventories never reads as ready."""
    empty = replace(refund_report(), inventories=())
    assert "cannot-tell" in render(empty, "text")


def test_many_questions_alike_are_asked_once() -> None:
    """What is asked of many rows is told of the first and names the others; three stand alone."""
    asked = replace(SMALL, certainty="possible", fix="State `reversibility`.", related=())
    for count, headlines in ((3, 3), (12, 1)):
        findings = [
            replace(
                asked,
                subject=replace(asked.subject, id=f"tool-{number:02}"),
                message=f"tool-{number:02} says nothing",
                location=Location("a.yaml", Span(number, 1, number, 2), "", "x"),
            )
            for number in range(1, count + 1)
        ]
        home = inventory("a", tuple(findings))
        text = render(replace(refund_report(), inventories=(home,)), "text")
        assert text.count("says nothing") == headlines
        assert ("= also: the same is asked of tool-02 (line 2), " in text) == (count == 12)
        assert ("and 3 more\n" in text) == (count == 12)
        assert f"{count} notes" in text
        faults = tuple(replace(one, certainty="certain") for one in findings)
        told = render(replace(refund_report(), inventories=(inventory("a", faults),)), "text")
        assert told.count("says nothing") == count


def test_colour_adds_only_colour() -> None:
    """Taking the colour away gives the plain output, so nothing is said by colour alone."""
    for form in FORMS:
        coloured = render(refund_report(), form, colour=True)
        assert coloured != SGR.sub("", coloured) == render(refund_report(), form)


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text(text: str, form: str, *, colour: bool) -> None:
    """No value can move the cursor, hide text, start a line or talk to a build runner."""
    out = SGR.sub("", render(poisoned(refund_report(), text), form, colour=colour))
    benign = render(poisoned(refund_report(), "benign"), form)
    assert all(char.isprintable() for char in out.replace("\n", ""))
    assert not any(map(runner_command, out.splitlines()))
    assert out.count("\n") == benign.count("\n") or not text.strip()


@settings(max_examples=300)
@given(st.text(alphabet=st.one_of(st.sampled_from(":#[vso] \n\r\t"), st.characters())))
def test_shown_is_one_safe_line(text: str) -> None:
    """Any value becomes one printable line that no build runner obeys, and stays so."""
    safe = shown(text)
    assert safe.isprintable()
    assert not runner_command(safe)
    assert shown(safe, limit=len(safe)) == safe


def test_shown_keeps_ordinary_text() -> None:
    """Names that platforms use stay as they are."""
    for text in ("arn:aws:iam::123456789012:role/x", "## heading", "漢字 é", "a # b", "C:\\x"):
        assert shown(text) == text


def test_shown_counts_what_it_leaves_out() -> None:
    """A very long value is cut, and says by how much."""
    assert shown("x" * 700).endswith("x… (100 more characters)")


def carets(out: str) -> tuple[str, str]:
    """Return the source line of a frame and the line of marks below it."""
    lines = out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("7 | "))
    return lines[at][4:], lines[at + 1][4:]


def under(out: str) -> str:
    """Return the printed text above the carets."""
    source, marks = carets(out)
    start, signs = marks.index("^"), marks.count("^")
    starts = [width(source[:at]) for at in range(len(source))]
    return "".join(
        char
        for char, column in zip(source, starts, strict=True)
        if start <= column < start + signs and width(char)
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("\tkey: value", "value"),
        ("キー: 値です", "値です"),
        ("名前: x", "x"),
        ("e\u0301: value", "value"),
        ("a: \u202evalue", "value"),
        ("x" * 300 + " value " + "y" * 150, "value"),
        ("value" + "y" * 400, "value"),
        ("y" * 400 + "value", "value"),
    ],
)
def test_carets_stand_under_what_is_meant(text: str, marked: str) -> None:
    """Tabs, wide characters, combining marks, escapes and long lines do not shift the carets."""
    start = text.index(marked) + 1
    out = alone(text, start, start + len(marked))
    assert under(out) == marked
    assert width(carets(out)[0]) <= 110


def test_span_over_lines_is_marked_to_the_end() -> None:
    """A value of several lines is marked to the end of its first line."""
    assert under(alone("  tool: a   ", 3, 2, lines=3)) == "tool: a"


def test_span_beyond_the_kept_text() -> None:
    """A place beyond the part of a line that was kept still has a caret."""
    assert "^ here" in alone("x" * 500, 900, 905)


def test_problems_have_frames() -> None:
    """An input problem is shown with both places and the next step."""
    first = Location("a.yaml", Span(3, 1, 3, 5), "first here", "name: a")
    again = Location("a.yaml", Span(9, 1, 9, 5), "again here", "name: b")
    out = problems([Problem("key 'name' stands here twice", again, "keep one", (first,))])
    assert out.splitlines() == [
        "error: key 'name' stands here twice",
        " --> a.yaml:9:1",
        "  |",
        "3 | name: a",
        "  | ---- first here",
        "...",
        "9 | name: b",
        "  | ^^^^ again here",
        "  = help: keep one",
    ]


def test_text_loads_nothing_heavy() -> None:
    """Printing text needs no model, template or schema library."""
    heavy = "{'pydantic', 'jinja2', 'jsonschema', 'networkx', 'rich', 'json', 'unicodedata'}"
    code = f"import sys, blastlint.reporters.text; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
