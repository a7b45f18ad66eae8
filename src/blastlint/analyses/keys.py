"""What a repeated call meets, and which retry layer makes a fresh key.

Effective mint level: the innermost layer each of whose attempts makes a new key. Where it lies
follows from the source of the key; `minted_at` says it for `orchestrator_step` and can only move
it inwards for the others.
"""

from __future__ import annotations

from blastlint.analyses.cells import unstated
from blastlint.inventory.record import state
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from blastlint.analyses.attempts import Layer
    from blastlint.analyses.cells import Cell
    from blastlint.inventory.models import IdempotencyKey, Tool

    Protection = Literal["none", "natural", "conditional", "key"]
    """What a repeat meets: nothing, the same state, a refusal, a remembered key."""

LAYERS = (
    "transport",
    "sdk",
    "tool_wrapper",
    "framework",
    "workflow",
    "queue",
    "planner",
    "user",
)
"""Retry layers, inner to outer."""

HARMLESS = frozenset({"natural", "conditional"})
"""Protections under which a repeat is no second effect."""
_NEVER_NATURAL = frozenset({"spend", "notify", "execute"})
"""Effects that happen again each time: calling them natural is only a word."""
_EVERY_ATTEMPT = frozenset({"random_per_attempt", "timestamp", "model_generated"})


@dataclass(frozen=True, slots=True)
class Mint:
    """Where the key of a call is made."""

    index: int | None
    """How many layers lie inside it and share one key; none: not stated."""
    level: str | None = None
    """Layer each of whose attempts makes a fresh key; none: it is never remade."""
    missing: tuple[Cell, ...] = ()
    """Cells that would tell."""


def protection(tool: Tool) -> tuple[Protection | None, tuple[Cell, ...]]:
    """Return what a repeated call meets, and the cells that would tell when nothing says so.

    A word alone protects nothing: `conditional` needs its precondition, `natural` is not believed
    of effects that happen each time, and `lookup_first` is a race as soon as two workers run.
    """
    claim = tool.idempotency
    if claim is None or claim.strategy is None:
        return _claimed_absent(tool)
    if claim.strategy == "natural":
        if tool.effect is None:
            return None, unstated(tool, "effect")
        return ("none" if tool.effect in _NEVER_NATURAL else "natural"), ()
    if claim.strategy == "conditional":
        open_cells = unstated(claim, "precondition")
        return (None, open_cells) if open_cells else (_if(claim.precondition, "conditional"), ())
    if claim.strategy in {"key", "dedupe_store"}:
        open_cells = unstated(claim, "key")
        return (None, open_cells) if open_cells else (_if(claim.key, "key"), ())
    return "none", ()


def _claimed_absent(tool: Tool) -> tuple[Protection | None, tuple[Cell, ...]]:
    """Return none for a null, which claims that nothing protects; otherwise the open cell."""
    if tool.idempotency is None:
        open_cells = unstated(tool, "idempotency")
    else:
        open_cells = unstated(tool.idempotency, "strategy")
    return (None, open_cells) if open_cells else ("none", ())


def _if(stated: object, kind: Protection) -> Protection:
    return "none" if stated is None else kind


def mint(tool: Tool, kind: Protection | None, layers: Sequence[Layer]) -> Mint:
    """Return where the key is made among the layers that repeat the call."""
    if kind is None:
        return Mint(None)
    key = tool.idempotency.key if tool.idempotency else None
    if kind != "key" or key is None:
        return Mint(0 if kind == "none" else len(layers))
    implied = _implied(key, layers)
    if key.minted_at is None or implied.index is None:
        return implied
    stated = _from(key.minted_at, layers)
    return stated if (stated.index or 0) < implied.index else implied


def _implied(key: IdempotencyKey, layers: Sequence[Layer]) -> Mint:
    """Return the mint level that follows from the key's source."""
    source = key.source
    if source in _EVERY_ATTEMPT:
        return Mint(0, layers[0].name if layers else "sdk")
    if source == "sdk_auto":
        return _outside_sdk(layers)
    if source == "tool_call_id":
        return _from("planner", layers)
    if source == "orchestrator_step":
        stated = key.minted_at
        return _open(key, "minted_at") if stated is None else _from(stated, layers)
    if source == "content_hash" and key.deterministic is not True:
        return (
            _open(key, "deterministic") if key.deterministic is None else _from("planner", layers)
        )
    return _open(key, "source") if source is None else Mint(len(layers))


def _open(key: IdempotencyKey, field: str) -> Mint:
    """Return an unknown mint level; a null where one is needed counts as every attempt."""
    return Mint(0, "sdk") if state(key, field) == "null" else Mint(None, None, ((key, field),))


def _from(name: str, layers: Sequence[Layer]) -> Mint:
    """Return the place of a layer, or where it would lie if it is not declared."""
    names = [layer.name for layer in layers]
    if name in names:
        return Mint(names.index(name), name)
    outside = (i for i, n in enumerate(names) if LAYERS.index(n) > LAYERS.index(name))
    return Mint(next(outside, len(names)), name)


def _outside_sdk(layers: Sequence[Layer]) -> Mint:
    """Return the layer that calls the SDK: each of its attempts is a new call with a new key."""
    sdk = _from("sdk", layers)
    index = sdk.index or 0
    index += index < len(layers) and layers[index].name == "sdk"
    return Mint(index, layers[index].name if index < len(layers) else "framework")


def parts_of(template: str) -> int:
    """Return how many different `{parts}` a key is made of."""
    pieces = template.split("{")[1:]
    return len({part for part, closed, _ in (piece.partition("}") for piece in pieces) if closed})
