"""One thing that a rule looks at, and a kind of such things."""

from __future__ import annotations

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from blastlint.analyses.cells import Cell
    from blastlint.reach import BlastPath, Cut
    from blastlint.source import Location
    from blastlint.subjects.facts import Facts


@dataclass(frozen=True, slots=True)
class SubjectId:
    """What a finding is about."""

    kind: str
    """Subject kind, as in a rule's `each`."""
    id: str
    """Its id; unique within the kind."""

    def __str__(self) -> str:
        """Return `KIND:ID`, as a waiver names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a rule looks at."""

    id: SubjectId
    value: Any
    """What the rule's name for it stands for: a part of the inventory, or a fact."""
    locate: Callable[[], Location]
    """Finds where it stands, when a rule speaks."""
    agents: tuple[str, ...]
    """Agents that it concerns, sorted."""
    certain: bool = True
    """False if it is only there as far as is known."""
    walk: Callable[[], BlastPath] | None = None
    """Tells the way to it, for what is reached."""
    cut: Callable[[], Cut] | None = None
    """Finds the cheapest change that closes the path, when a rule speaks."""
    related: tuple[Location, ...] = ()
    """Further places, each with its note."""
    cell: Cell | None = None
    """The open cell that it is, or that leaves open whether there is anything to find."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject."""

    name: str
    """As in a rule's `each`, and the name of the subject in its conditions."""
    record: str
    """Record of the condition language that its subjects are."""
    list: Callable[[Facts], Iterator[Subject]]
    """Names the subjects in an inventory."""
    about: str
    """What they are, in words."""
