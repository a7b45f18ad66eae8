"""What is left to find out, the gravest first: cells that ask the same, and what was noticed."""

from __future__ import annotations

from blastlint.analyses.tiers import EFFECT
from blastlint.drafting.meaning import gravity
from blastlint.drafting.rows import named_few
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from blastlint.drafting.rows import Cell, Draft, Row

_FIELDS = (
    *(
        "effect",
        "principal",
        "used_by",
        "grants",
        "ambient",
        "layers",
        "reversibility",
        "idempotency",
    ),
    *("requires", "also_reaches", "escalation", "owner", "on_call", "audit_log", "revocation"),
    *("untrusted_inputs", "environment"),
)
"""Fields that are asked for, those first on which most of the rest hangs."""
_GRAVEST = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the worklist."""

    level: int
    """How grave it is: 0 is worst."""
    order: int
    text: str
    asks: str = ""
    """Who must answer."""


def items(draft: Draft, is_open: Mapping[tuple[str, str], frozenset[str]]) -> list[Item]:
    """Return the worklist, the gravest first.

    Args:
        draft: what is drafted.
        is_open: by section and id, the fields that are still open in the files.
    """
    found = [Item(note.weight, -1, note.text) for note in draft.notes]
    effects = _effects(draft)
    groups: dict[tuple[str, str, str], list[tuple[int, Row]]] = {}
    for row in draft.rows.values():
        effect = effects.get(row.id if row.section == "tools" else _system(row), None)
        for name in is_open.get((row.section, row.id), ()):
            cell = row.cells.get(name)
            if cell and cell.is_open:
                key = (row.section, name, cell.why)
                groups.setdefault(key, []).append((_level(effect), row))
    found += [_item(key, rows) for key, rows in groups.items()]
    return sorted(found, key=lambda one: (one.level, one.order, one.text))


def _item(key: tuple[str, str, str], graded: list[tuple[int, Row]]) -> Item:
    section, field, question = key
    level = min(grade for grade, _ in graded)
    rows = [row for _, row in sorted(graded, key=lambda one: one[0])]
    order = _FIELDS.index(field) if field in _FIELDS else len(_FIELDS)
    cells = [row.cells[field] for row in rows]
    names = [row.id for row in rows]
    what = section if len(names) > 1 else section.removesuffix("s")
    text = f"{field} of {len(names)} {what}: {question} {named_few(names)}"
    if len(names) == 1:
        text = f"{field} of {what} {names[0]}: {question}"
    return Item(level, order, text, _who(cells))


def _who(cells: Iterable[Cell]) -> str:
    return named_few(list(dict.fromkeys(cell.asks for cell in cells)))


def _system(row: Row) -> str:
    """Return the system that a row hangs on; empty for the agents, which hang on all of them."""
    return f"system {row.id}" if row.section in {"systems", "credentials"} else ""


def _effects(draft: Draft) -> dict[str, str]:
    """Return the effect of every tool, the worst on every system, and under nothing the worst."""
    found: dict[str, str] = {}
    for row in draft.section("tools"):
        effect = str(row.cells["effect"].value or "")
        for key in (row.id, f"system {row.cells['system'].value}", ""):
            known = found.get(key)
            if known is None or gravity(effect) > gravity(known):
                found[key] = effect
    return found


def _level(effect: str | None) -> int:
    """Return how grave a question is; what no tool touches is asked after what one changes."""
    if effect is None:
        return _GRAVEST
    return 1 + _GRAVEST - EFFECT[effect] if effect else 1
