"""Measures how right blastlint is, and writes the page docs/accuracy.md.

`python benchmarks/accuracy.py` compares what the providers say with sources of truth: published
catalogues, another program, a real server, second readings of real files. What a machine does not
have is not measured, and says so on the page; a section that was measured elsewhere is not given
up for that, unless `--anyway` is added. CLOUDSPLAINING names a Python that has cloudsplaining
installed, BLASTLINT_POSTGRES folders of servers besides those that are found.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from truth import NOT_MEASURED, NUMBERS, AbsentError, absent, filled, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPO = Path(__file__).resolve().parents[1]
PAGE = REPO / "docs" / "accuracy.md"
ALONE = ("truth_aws_paths", "truth_kubernetes", "truth_github", "truth_tools")
"""Modules that measure with nothing but real files."""
MODULES = (
    "truth_aws_paths",
    "truth_cloudsplaining",
    "truth_kubernetes",
    "truth_postgres",
    "truth_github",
    "truth_tools",
)
"""Modules that measure, in the order of the page."""
INTRODUCTION = (
    """\
What blastlint says that somebody can do is worth as much as it is right. This page counts how often
it is, against catalogues that others published, another program, real servers, and second readings
of real files. Where a source shares something with blastlint, its section says so. The page
is written by `benchmarks/accuracy.py`; a test computes again what needs neither a server nor
another program.""",
    """\
A case is one question with one answer. It is **agreed** if both say the same; **missed** if the
source says yes and blastlint says nothing; **over-reported** if the source says no and blastlint
says yes, under a condition or not; and **undecidable** if blastlint says that a fact is missing
that decides, and names it. Every miss and every false alarm is counted and explained below. Where
all cases agree, that is no proof: it says that these cases were not the ones that break it.""",
)


def main(arguments: Sequence[str]) -> int:
    """Measure and write the page; SystemExit if a measured section would be lost."""
    if set(arguments) - {"--anyway"}:
        raise SystemExit("usage: python benchmarks/accuracy.py [--anyway]")
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    new = page([measured(name) for name in MODULES])
    given_up = lost(old, new)
    if given_up and "--anyway" not in arguments:
        raise SystemExit(
            f"not measured on this machine, but on the page: {'; '.join(given_up)}\n"
            "nothing was written; add --anyway to give these sections up"
        )
    PAGE.write_text(new, encoding="utf-8")
    return 0


def measured(name: str) -> str:
    """The section that a module measures, or the one that says why it does not."""
    module = import_module(name)
    try:
        return str(module.measured().text())
    except AbsentError as error:
        return absent(module.TITLE, str(error))


def page(texts: list[str]) -> str:
    """The whole page of these sections."""
    summary = table(("source of truth", *NUMBERS), [_sum(text) for text in texts])
    head = ["# How right it is", *map(filled, INTRODUCTION), summary]
    return "\n\n".join(head) + "\n\n" + "\n".join(texts)


def _sum(text: str) -> tuple[str, ...]:
    """The sums of a section's table, as they stand in it; the rows of other programs left out."""
    title = text.partition("\n")[0].removeprefix("## ")
    rows = [numbers for what, numbers in counted(text) if not what.endswith("cloudsplaining")]
    if not rows:
        return (title, *("not measured" for _ in NUMBERS))
    return (title, *(f"{sum(column):,}" for column in zip(*rows, strict=True)))


def counted(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The rows of the tables of verdicts in a text, each with its numbers."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or cells[1:] == list(NUMBERS):
            inside = cells[1:] == list(NUMBERS)
        elif inside and cells[1].replace(",", "").isdigit():
            yield cells[0], tuple(int(cell.replace(",", "")) for cell in cells[1:])


def sections(text: str) -> dict[str, str]:
    """The sections of a page, by title, as `measured` returns them."""
    parts = text.split("\n## ")[1:]
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def lost(old: str, new: str) -> list[str]:
    """Titles of the sections that were measured, and no longer are."""
    before = sections(old)
    return [
        title
        for title, text in sections(new).items()
        if NOT_MEASURED in text and title in before and NOT_MEASURED not in before[title]
    ]


if __name__ == "__main__":
    sys.path[:0] = [str(REPO / "tests"), str(REPO / "src")]
    os.chdir(REPO)
    raise SystemExit(main(sys.argv[1:]))
