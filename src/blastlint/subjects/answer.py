"""How a condition is answered: a view of the inventory's parts, and facts that are worked out."""

from __future__ import annotations

from blastlint.expression import STRING, NotStated, Type, list_of
from blastlint.inventory.record import id_of
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from blastlint.analyses.cells import Cell
    from blastlint.subjects.facts import Facts


class View:
    """A value as a condition sees it: with the facts of its inventory at hand."""

    __slots__ = ("facts", "known", "value")

    def __init__(self, facts: Facts, value: Any) -> None:  # noqa: ANN401 -- a part or a fact
        self.facts = facts
        self.value = value
        self.known: dict[str, object] = {}
        """What was worked out of it before: many rules ask the same."""

    @property
    def id(self) -> str:
        """The id of an entity, as messages show it."""
        found: str = id_of(self.value)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """A fact that is worked out."""

    type: Type
    work_out: Callable[[Facts, Any], object]
    """From the facts and a record to a value, None (there is none) or what is not stated."""


NAMES = list_of(STRING)
"""Type of a list of words."""


def views(facts: Facts, values: Iterable[object]) -> list[View]:
    """Return some parts of the inventory as a condition sees them."""
    return [View(facts, value) for value in values]


def or_missing(value: object, missing: tuple[Cell, ...]) -> object:
    """Return a value, or, where it is None, that it is not stated: the cells that would tell it."""
    return NotStated(missing) if value is None else value
