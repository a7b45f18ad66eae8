"""Fills the cards of tools."""

from __future__ import annotations

from math import inf

from blastlint.analyses.attempts import NO_END
from blastlint.analyses.containment import containment, outcome
from blastlint.analyses.gates import gate_worth
from blastlint.analyses.tiers import tool_axes
from blastlint.analyses.undoing import undoing
from blastlint.dossier import (
    Gated,
    Idempotency,
    Receipt,
    Repeats,
    ToolCard,
    Undo,
    Worst,
)
from blastlint.gathering.clocks import tool_clocks
from blastlint.gathering.common import (
    Looked,
    access,
    attested,
    gaps,
    money,
    seconds,
    speaker,
    words,
)
from blastlint.inventory.record import id_of
from blastlint.subjects import indexes
from blastlint.subjects.facts import is_on, writes
from blastlint.subjects.rollback import lacks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.analyses.containment import Containment
    from blastlint.inventory.models import Idempotency as WrittenIdempotency
    from blastlint.inventory.models import Receipt as WrittenReceipt
    from blastlint.inventory.models import Reversibility, Tool
    from blastlint.subjects import Facts

MOST_AGENTS = 20
"""Agents of one tool for which its card says what they do until they are stopped."""
_READS = ("system", "credential", "effect", "reversibility", "requires")
_WRITES = (*_READS, "scope", "max_rate", "approval", "idempotency", "retry", "on_ambiguous")
_WRITES_ALSO = ("on_denied", "receipt", "provenance", "preflight")
_UNDO = ("class_", "window", "method", "compensated_by", "requires")


def tool_card(facts: Facts, tool: Tool) -> ToolCard:
    """Return the card of a tool."""
    return ToolCard(
        id=id_of(tool),
        enabled=is_on(tool),
        tier_why=tuple(_tier_why(facts, tool)),
        open_ended=tool.open_ended or "",
        max_rate=tool.max_rate,
        max_amount=money(tool.max_amount),
        undo=_undo(facts, tool, tool.reversibility) if tool.reversibility else None,
        gate=_gate(facts, tool),
        idempotency=_idempotency(tool.idempotency) if tool.idempotency else None,
        repeats=_repeats(facts, tool),
        on_ambiguous=tool.on_ambiguous or "",
        on_denied=tool.on_denied or "",
        result_means=tool.result_means or "",
        receipt=_receipt(tool.receipt) if tool.receipt else None,
        provenance=tool.provenance or "",
        preflight=words(tool.preflight),
        clocks=tuple(tool_clocks(facts, tool)) if writes(tool) else (),
        worst=tuple(_worst(facts, tool)) if writes(tool) else (),
        attested=attested(tool),
        gaps=gaps(_speaker(facts, tool), *_looked(tool)),
    )


def _looked(tool: Tool) -> Iterator[Looked]:
    if not writes(tool):
        yield Looked(tool, _READS)
        return
    yield Looked(tool, (*_WRITES, *_WRITES_ALSO))
    way = tool.reversibility
    final = way is not None and way.class_ in {"irreversible", "read_only"}
    yield Looked(way, ("class_",) if final else _UNDO, "reversibility.")


def _speaker(facts: Facts, tool: Tool) -> str:
    owner = facts.inventory.systems[tool.system].owner if tool.system else None
    return speaker(facts, tool, facts.agents_of(tool), owner)


def _tier_why(facts: Facts, tool: Tool) -> Iterator[str]:
    """Yield the axes that make the tier of a tool, in words."""
    extra = facts.once(indexes.undeclared).get(tool.credential, set())
    levels = tool_axes(facts.inventory, tool, extra)
    worst = max((level or 0) for level in levels.values())
    says = {
        "effect": f"its effect: {tool.effect}",
        "reversibility": f"its reversibility: {tool.reversibility and tool.reversibility.class_}",
        "scope": f"how much one call touches: {tool.scope}",
        "data": f"the data of {tool.system}",
        "reach": f"what {tool.credential} opens beyond what is declared",
    }
    yield from (says[axis] for axis, level in levels.items() if worst and level == worst)


# --- undoing ------------------------------------------------------------------------------------


def _undo(facts: Facts, tool: Tool, way: Reversibility) -> Undo:
    found = undoing(facts.inventory, tool, facts.once(lacks))
    by = found.by if found else ""
    if found is not None and way.compensated_by:
        by = f"tool {way.compensated_by}"
    return Undo(
        class_=way.class_ or "",
        outcome=outcome(facts.inventory, tool),
        window_seconds=seconds(way.window),
        method=way.method or "",
        by=by,
        executable=found.executable if found else None,
        why=found.why if found else "",
        access=access(facts, way),
        note=way.note or "",
    )


# --- gates and repeats --------------------------------------------------------------------------


def _gate(facts: Facts, tool: Tool) -> Gated:
    found = gate_worth(facts.inventory, tool)
    name = id_of(found.gate) if found.gate else ""
    return Gated(name, found.worth or "", found.why, money(found.ungated_max))


def _idempotency(said: WrittenIdempotency) -> Idempotency:
    key = said.key
    return Idempotency(
        strategy=said.strategy or "",
        field=(key and key.field) or "",
        source=(key and key.source) or "",
        template=(key and key.template) or "",
        window_seconds=seconds(said.window),
        on_mismatch=said.on_mismatch or "",
        tested_at=said.tested_at,
    )


def _repeats(facts: Facts, tool: Tool) -> Repeats:
    found = facts.retry(tool)
    lasts = found.worst_duration
    return Repeats(
        layers=found.amplification,
        protection=found.protection or "",
        unbounded=found.unbounded_layers,
        undeclared=found.undeclared_layers,
        worst_seconds=None if lasts == NO_END else seconds(lasts),
    )


def _receipt(said: WrittenReceipt) -> Receipt:
    return Receipt(
        said.field or "",
        said.system_of_record or "",
        said.verify_with or "",
        seconds(said.verify_within),
    )


# --- the worst day -------------------------------------------------------------------


def _worst(facts: Facts, tool: Tool) -> Iterator[Worst]:
    agents = (facts.inventory.agents[name] for name in facts.agents_of(tool)[:MOST_AGENTS])
    for agent in agents:
        found = containment(facts.inventory, agent, tool)
        yield Worst(
            agent=found.agent,
            lasts_seconds=seconds(found.lasts),
            calls=_whole(found.effects),
            ungated=_whole(found.ungated),
            money=_money(found),
            currency=found.currency,
        )


def _money(found: Containment) -> float | None:
    return None if found.money == inf else found.money


def _whole(number: float | None) -> int | None:
    return None if number is None or number == inf else int(number)
