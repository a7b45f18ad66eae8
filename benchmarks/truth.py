"""What a measurement of accuracy is made of: verdicts, rows of them, and sections of a page."""

from __future__ import annotations

import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from blastlint.providers.grants import Granted

    Verdict = Literal["agreed", "missed", "over-reported", "undecidable"]

CORPORA = Path(__file__).resolve().parents[2] / "shared" / "corpora"
VERDICTS: tuple[Verdict, ...] = ("agreed", "missed", "over-reported", "undecidable")
NUMBERS = ("cases", *VERDICTS)
NOT_MEASURED = "Not measured here"
WIDTH = 100


class AbsentError(Exception):
    """Something that a measurement needs is not on this machine; the message names it."""


@dataclass(frozen=True)
class Row:
    """Cases of one kind, by what came of them."""

    what: str
    counts: Counter[Verdict]
    ours: bool = True
    """Whether they are about blastlint, and not about a program beside it."""

    @classmethod
    def of(cls, what: str, verdicts: Iterable[Verdict], *, ours: bool = True) -> Row:
        """Count verdicts."""
        return cls(what, Counter(verdicts), ours)

    @property
    def cells(self) -> tuple[str, ...]:
        """What it is, all cases, and how many have each verdict."""
        numbers = (self.counts.total(), *(self.counts[verdict] for verdict in VERDICTS))
        return (self.what, *(f"{number:,}" for number in numbers))


@dataclass(frozen=True)
class Section:
    """What was measured of one platform."""

    title: str
    about: str
    """Where the truth comes from."""
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    """Each difference, explained."""
    more: str = ""
    """Another table, in Markdown."""

    def text(self) -> str:
        """The section in Markdown."""
        header = ("what is compared", "cases", *VERDICTS)
        parts = [
            f"## {self.title}",
            filled(self.about),
            table(header, [r.cells for r in self.rows]),
        ]
        parts += [self.more] if self.more else []
        parts += ["\n".join(bullet(note) for note in self.notes)] if self.notes else []
        return "\n\n".join(parts) + "\n"


def verdict(expected: bool, said: str) -> Verdict:  # noqa: FBT001 -- two truths compared
    """What came of one case.

    Args:
        expected: Whether it is so, as the source of truth says.
        said: How sure blastlint is of it: a certainty, or empty when it does not say so.
    """
    if said == "needs-fact":
        return "undecidable"
    if bool(said) == expected:
        return "agreed"
    return "missed" if expected else "over-reported"


def absent(title: str, why: str) -> str:
    """The section of what could not be measured."""
    return f"## {title}\n\n{filled(f'{NOT_MEASURED}: {why}.')}\n"


def folder(name: str) -> Path:
    """A corpus; raises AbsentError if it is not here."""
    if not (CORPORA / name).is_dir():
        raise AbsentError(f"the corpus {name} is not on this machine")
    return CORPORA / name


def facts(granted: Granted) -> Iterator[str]:
    """The missing facts that grants and becomings need, each as often as it is needed."""
    needs = [one.needs for one in granted.grants] + [one.needs for one in granted.becomings]
    for each in needs:
        yield from filter(None, each.split("; "))


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]], *, words: bool = False) -> str:
    """A table in Markdown, whose columns after the first one are numbers, or words."""
    rule = ("---", *("---" if words else "--:" for _ in header[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))


def filled(text: str) -> str:
    """A paragraph, broken into lines."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def bullet(text: str) -> str:
    """An item of a list, broken into lines."""
    return textwrap.fill(
        f"- {text}",
        WIDTH,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
