"""What a tool's server says of it against what its row says; a hint is never evidence.

The hints and their defaults are those of the Model Context Protocol's `ToolAnnotations`: a tool
without a word about itself is a destructive, repeatable-with-harm, open-world write.
"""

from __future__ import annotations

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.inventory.models import Tool

DEFAULTS = {
    "readOnlyHint": False,
    "destructiveHint": True,
    "idempotentHint": False,
    "openWorldHint": True,
}
"""What an absent hint means (Model Context Protocol, `ToolAnnotations`)."""

ADDITIVE = frozenset({"append", "notify"})
"""Effects that destroy nothing, also where nobody can take them back."""


@dataclass(frozen=True, slots=True)
class HintConflicts:
    """Where the hints of a tool and its row disagree, in words."""

    stated: tuple[str, ...] = ()
    """By a hint that somebody wrote."""
    by_default: tuple[str, ...] = ()
    """By what an absent hint means."""


def hint_conflicts(tool: Tool, server: Mapping[str, bool] | None) -> HintConflicts:
    """Return where hints and row disagree.

    Args:
        tool: the row, with the hints that were copied into it.
        server: the hints of the tool's server, if its list is at hand.
    """
    stated: list[str] = []
    doubts: list[str] = []
    for source in (_copied(tool), server):
        if source is None:
            continue
        hints = {**DEFAULTS, **source}
        for hint, words in _conflicts(tool, hints):
            (stated if hint in source else doubts).append(words)
    return HintConflicts(tuple(dict.fromkeys(stated)), tuple(dict.fromkeys(doubts)))


def _copied(tool: Tool) -> Mapping[str, bool] | None:
    """Return the hints that stand in the row itself."""
    if tool.annotations is None:
        return None
    found = {hint: getattr(tool.annotations, hint) for hint in DEFAULTS}
    return {hint: value for hint, value in found.items() if value is not None}


def _conflicts(tool: Tool, hints: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Yield the hint and the conflict in words."""
    effect = tool.effect
    kind = tool.reversibility.class_ if tool.reversibility else None
    if effect is not None and hints["readOnlyHint"] != (effect == "read"):
        word = "true" if hints["readOnlyHint"] else "false"
        yield "readOnlyHint", f"readOnlyHint is {word}, the row says {effect}"
    if hints["readOnlyHint"] or effect in {None, "read"}:
        return
    final = kind == "irreversible" and effect not in ADDITIVE
    if not hints["destructiveHint"] and (effect == "destroy" or final):
        says = "destroy" if effect == "destroy" else "irreversible"
        yield "destructiveHint", f"destructiveHint is false, the row says {says}"
    if hints["destructiveHint"] and effect == "append":
        yield "destructiveHint", "destructiveHint is true, the row says append"
    yield from _repeats(tool, hints)


def _repeats(tool: Tool, hints: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Yield a conflict about repeating a call; a tested claim outweighs a hint."""
    said = tool.idempotency
    if said is None or said.strategy is None:
        return
    if hints["idempotentHint"] and said.strategy == "none":
        yield (
            "idempotentHint",
            "idempotentHint is true, the row says that nothing protects a repeat",
        )
    if not hints["idempotentHint"] and said.strategy == "natural" and said.tested_at is None:
        yield "idempotentHint", "idempotentHint is false, the row says natural and nobody tested it"
