"""Looks up what cells refer to, once every file of an inventory is read."""

from __future__ import annotations

from itertools import islice

from blastlint.inventory.zones import names
from blastlint.source import Meant, Problem, nearest, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from blastlint.inventory.reading import Reference

MOST_PROBLEMS = 200
"""References listed for one inventory; whoever has more has forgotten a file."""
_COMPARISONS = 40_000
"""Ids that are compared in search of one that looks alike: that takes a while."""
TIME_ZONE = "time-zone"


def dangling(
    references: Sequence[Reference], ids: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Yield a problem for each reference to an id that no file of the inventory has.

    A section that could not be read is left out of `ids`, and so are references to it.
    """
    loose = (reference for reference in references if _is_loose(reference, ids))
    left = _COMPARISONS
    for reference in islice(loose, MOST_PROBLEMS):
        known = ids[reference.section]
        left -= len(known)
        yield _problem(reference, known if left >= 0 else ())


def unknown_zones(references: Sequence[Reference]) -> Iterator[Problem]:
    """Yield a problem for each time zone that the time zone database does not have."""
    zones = [reference for reference in references if reference.section == TIME_ZONE]
    if not zones:
        return
    known = names()
    wrong = (reference for reference in zones if reference.id not in known)
    for reference in islice(wrong, MOST_PROBLEMS):
        message = f"there is no time zone {shown(reference.id)}"
        yield _told(reference, message, nearest(reference.id, known))


def _is_loose(reference: Reference, ids: Mapping[str, Collection[str]]) -> bool:
    known = ids.get(reference.section)
    return known is not None and reference.id not in known


def _problem(reference: Reference, known: Collection[str]) -> Problem:
    message = f"{shown(reference.id)} is not in {reference.section}"
    advice = f"add it to {reference.section}, or correct the id"
    found = _told(reference, message, nearest(reference.id, known), advice)
    return replace(found, code="dangling-reference")


def _told(reference: Reference, message: str, near: tuple[str, bool], advice: str = "") -> Problem:
    """Return the problem of a reference, with what was meant if something is near."""
    word, sure = near
    place = reference.document.at(reference.pointer)
    if not word:
        return Problem(message, place, advice)
    meant = Meant(reference.document, reference.pointer, False, _in_place(reference, word), sure)  # noqa: FBT003 - in order
    return Problem(message, place, f"did you mean {shown(word)}?", meant=meant)


def _in_place(reference: Reference, word: str) -> str:
    """Return the text of a cell with another id at its end, behind its prefix."""
    written = reference.document.value
    for step in reference.pointer:
        written = written[step]
    return str(written).removesuffix(reference.id) + word
