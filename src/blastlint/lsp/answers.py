"""Judges one inventory as it stands in the editor, and keeps what was read on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blastlint.check import judged
from blastlint.inventory.loading import drafted, finished
from blastlint.selection import rules_of
from blastlint.source import InputError
from blastlint.values import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from blastlint.finding import InventoryReport
    from blastlint.inventory.discovery import Place
    from blastlint.inventory.merging import Draft
    from blastlint.lsp.texts import Texts
    from blastlint.rules import Rule
    from blastlint.source import Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said of one inventory."""

    place: Place
    draft: Draft
    """What was read, also where something is wrong with it."""
    texts: Texts
    as_of: date
    """The day of judgement."""
    rules: Sequence[Rule]
    """The rules that can be named in it."""
    problems: Sequence[Problem]
    """What kept it from being judged."""
    report: InventoryReport | None
    """The judgement; none where there are problems."""


def answer(place: Place, texts: Texts, as_of: date) -> Answer:
    """Judge the inventory at a place.

    Args:
        place: where it lies.
        texts: what its files hold.
        as_of: the day of judgement.
    """
    draft = drafted(replace(place, open=texts.root))
    if draft.problems:
        return Answer(place, draft, texts, as_of, (), tuple(draft.problems), None)
    inventory = finished(draft)
    rules: Sequence[Rule] = ()
    try:
        rules = rules_of(inventory, ())
        return Answer(place, draft, texts, as_of, rules, (), judged(inventory, rules, as_of))
    except InputError as error:
        return Answer(place, draft, texts, as_of, rules, error.problems, None)
