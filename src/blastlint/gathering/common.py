"""Reads what every card has in common: what is left open, who attests, who has access."""

from __future__ import annotations

from functools import cache, partial

from blastlint.analyses import entitlements
from blastlint.dossier import Access, Attested, Gaps, Promise
from blastlint.expression import format_value
from blastlint.inventory.record import state, unknown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import timedelta
    from typing import Any

    from blastlint.inventory.models import Entity, Money
    from blastlint.inventory.models.parts import Part
    from blastlint.subjects import Facts


@dataclass(frozen=True, slots=True)
class Looked:
    """Cells of one part of an entity that a card shows."""

    part: Part | None
    """None: the entity does not have the part, which is a gap of the entity's own."""
    cells: tuple[str, ...]
    under: str = ""
    """Where the part stands in the entity: `kill_switch.`."""


def seconds(length: timedelta | None) -> float | None:
    """Return a length in seconds, whole ones as integers."""
    if length is None:
        return None
    found = length.total_seconds()
    return int(found) if found.is_integer() else found


def money(amount: Money | None) -> str:
    """Return an amount as people write it: `200 USD`."""
    return "" if amount is None else f"{format_value(amount.value)} {amount.currency}"


def words(value: Iterable[str] | None) -> tuple[str, ...]:
    """Return the texts of a list cell; none where it holds no value."""
    return tuple(value or ())


def attested(entity: Entity) -> Attested | None:
    """Return who says that an entity's facts are true; none: nobody does."""
    said = entity.attestation
    if said is None:
        return None
    return Attested(said.by or "", said.at, said.evidence or "")


def gaps(owner: str, *looked: Looked) -> Gaps:
    """Return what the cells that a card shows leave open.

    Args:
        owner: team that must say it; empty: nobody.
        looked: the parts and cells that are shown.
    """
    found: dict[str, list[str]] = {"missing": [], "unknown": [], "null": [], "value": []}
    promised = []
    for part, cell, name in _cells(looked):
        found[state(part, cell)].append(name)
        open_ = unknown(part, cell)
        if open_ is not None:
            promised.append(Promise(name, open_.owner or "", open_.resolve_by))
    unstated = (*found["missing"], *found["unknown"])
    return Gaps(owner, unstated, tuple(found["null"]), tuple(promised))


def _cells(looked: Iterable[Looked]) -> Iterator[tuple[Part, str, str]]:
    """Yield the cells that are shown: part, field, and what it is called in the entity."""
    for one in looked:
        if one.part is not None:
            yield from ((one.part, x, f"{one.under}{x.removesuffix('_')}") for x in one.cells)


def speaker(facts: Facts, entity: Entity, agents: Iterable[str], *own: str | None) -> str:
    """Return the team that must say what an entity does not state.

    The one that answers for it; else the one that attests it; else those of its agents.

    Args:
        facts: what is known.
        entity: the entity.
        agents: agents that it concerns.
        own: teams that answer for it, the first one that is named counts.
    """
    said = entity.attestation.by if entity.attestation else None
    named = next((team for team in (*own, said) if team), None)
    if named:
        return named
    every = facts.inventory.agents
    return ", ".join(sorted({every[name].owner or "" for name in agents} - {""}))


def access(facts: Facts, part: Any) -> Access | None:  # noqa: ANN401 -- a part with `requires`
    """Return what one needs to do what a part describes, and who has it; none: not stated."""
    if part.requires is None:
        return Access("", (), open=True) if state(part, "requires") == "null" else None
    return Access(part.requires, facts.once(_holders)(part.requires), open=False)


def _holders(facts: Facts) -> Callable[[str], tuple[str, ...]]:
    """Return the function that looks up who has an entitlement, each one once."""
    return cache(partial(entitlements.holders, facts.inventory))
