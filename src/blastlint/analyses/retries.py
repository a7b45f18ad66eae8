"""What retries do to one intent: how many calls, for how long, and how many effects.

A key protects from inside the layer that makes it: every attempt of that layer, and of those
outside it, carries a new key and is a new effect to the system. The effects of one intent are the
attempts from that layer outwards, times what one key lets through while it is forgotten.

All numbers are upper bounds: they assume that each attempt reached the system and its answer was
lost. Counts are `math.inf` and times are `NO_END` where nothing ends them, `None` where the
inventory does not say.
"""

from __future__ import annotations

from functools import reduce
from math import inf

from blastlint.analyses.attempts import length, per_key, stages, times
from blastlint.analyses.cells import unstated
from blastlint.analyses.keys import HARMLESS, LAYERS, mint, protection
from blastlint.analyses.layers import counted, moves_to, open_attempts, open_times, read_layer
from blastlint.inventory.record import state
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from blastlint.analyses.attempts import Layer, Stage
    from blastlint.analyses.cells import Cell
    from blastlint.analyses.keys import Mint, Protection
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import RetryLayer, Tool

EXPECTED_LAYERS = ("sdk", "framework", "planner")
"""Layers that every agent has, on or off: the client library, the agent's framework, the model
that asks again when it sees an error. One that is off is declared with one attempt."""


@dataclass(frozen=True, slots=True)
class RetryFacts:
    """What retries do to one intent of a tool."""

    attempts: float | None = None
    """Most calls for one intent, by the layers that are declared (A)."""
    worst_duration: timedelta | None = None
    """Worst time until the outermost layer gives up (D)."""
    last_start: timedelta | None = None
    """Latest start of the last attempt (S)."""
    protection: Protection | None = None
    """What a repeat meets: none, natural, conditional or key."""
    repeatable: bool | None = None
    """True if a write is repeated and only a key could make the repeat harmless."""
    mint_level: str | None = None
    """Layer each of whose attempts makes a fresh key; none: no key, or one that is never remade."""
    inside_last_start: timedelta | None = None
    """Latest start of the last attempt that carries the same key (S inside the mint level)."""
    per_key: float | None = None
    """Effects that one key lets through because it is forgotten too early."""
    effects: float | None = None
    """Effects that one intent can have (F)."""
    repeating_layers: tuple[str, ...] = ()
    """Layers with more than one attempt, inner to outer."""
    reminting_layers: tuple[str, ...] = ()
    """Layers with more than one attempt that carry a fresh key each time, inner to outer."""
    unbounded_layers: tuple[str, ...] = ()
    """Layers that nothing ends: no limit of attempts and no total timeout."""
    undeclared_layers: tuple[str, ...] = ()
    """Layers that every agent has, or that make the key, and that nobody declared."""
    instance_movers: tuple[str, ...] = ()
    """Layers that may repeat a call with its key from another instance, inner to outer."""
    region_movers: tuple[str, ...] = ()
    """Those of them that may do so from another region."""
    layers: tuple[Layer, ...] = ()
    """The layers that are declared, inner to outer, in seconds."""
    stages: tuple[Stage, ...] = ()
    """The bare call, and the call as it looks from outside each of the layers."""
    missing: tuple[Cell, ...] = ()
    """Cells that would be needed to know the rest."""

    @property
    def amplification(self) -> str:
        """Where the attempts come from: `sdk 3 x framework 3`."""
        return " x ".join(counted(layer) for layer in self.layers if _repeats(layer))

    @property
    def assumed_layers(self) -> tuple[str, ...]:
        """Layers whose attempts are the default of a product, inner to outer."""
        return tuple(layer.name for layer in self.layers if layer.default_of)


@dataclass(frozen=True, slots=True)
class Stack:
    """The layers around a call, inner to outer: as written, as numbers, and what they come to."""

    written: tuple[RetryLayer, ...]
    layers: tuple[Layer, ...]
    stages: tuple[Stage, ...]


def is_write(tool: Tool) -> bool | None:
    """Return whether a call changes anything; none if its effect is not stated."""
    return None if tool.effect is None else tool.effect != "read"


def retry_facts(
    inventory: Inventory,
    tool: Tool,
    known: dict[tuple[str, float | None], Stack] | None = None,
) -> RetryFacts:
    """Return what the tool's retry profile does to one intent.

    Args:
        inventory: where its profile is.
        tool: the tool.
        known: stacks by profile and timeout, as far as they were read: many tools share one.
    """
    known = {} if known is None else known
    kind, unsure = protection(tool)
    written, unwritten = _written(inventory, tool)
    if written is None:
        return RetryFacts(
            protection=kind,
            effects=1 if kind in HARMLESS else None,
            repeatable=_repeatable(tool, kind, None),
            missing=(*unwritten, *unsure),
        )
    endless = state(tool, "timeout") == "null"
    timeout = _seconds(tool.timeout, inf if endless else None)
    which = (tool.retry or "", timeout)
    if which not in known:
        layers = tuple(map(read_layer, written))
        known[which] = Stack(written, layers, stages(layers, timeout))
    stack = known[which]
    return _facts(tool, kind, stack, (*_gaps(tool, stack), *unsure))


def _facts(
    tool: Tool, kind: Protection | None, stack: Stack, missing: tuple[Cell, ...]
) -> RetryFacts:
    layers, whole = stack.layers, stack.stages[-1]
    key = mint(tool, kind, layers)
    harmless = kind in HARMLESS or whole.attempts == 1
    once = 1 if harmless else _per_key(tool, stack.stages, key)
    renewed = layers if key.index is None else layers[key.index :]
    effects = reduce(times, (layer.most() for layer in renewed), once)
    return RetryFacts(
        attempts=whole.attempts,
        worst_duration=_length(whole.duration),
        last_start=_length(whole.last_start),
        protection=kind,
        repeatable=_repeatable(tool, kind, whole.attempts),
        mint_level=key.level,
        inside_last_start=None
        if key.index is None
        else _length(stack.stages[key.index].last_start),
        per_key=once,
        effects=1 if harmless else effects,
        repeating_layers=tuple(x.name for x in layers if _repeats(x)),
        reminting_layers=tuple(x.name for x in renewed if _repeats(x)) if key.level else (),
        unbounded_layers=tuple(x.name for x in layers if x.attempts == inf and x.total == inf),
        undeclared_layers=_undeclared(layers, key),
        layers=layers,
        stages=stack.stages,
        instance_movers=_movers(stack, key, {"instance", "region"}),
        region_movers=_movers(stack, key, {"region"}),
        missing=(*missing, *key.missing, *(_window(tool) if once is None else ())),
    )


def _movers(stack: Stack, key: Mint, places: set[str]) -> tuple[str, ...]:
    """Return the layers that carry a key on to certain places: those inside its mint level."""
    inside = zip(stack.written[: key.index], stack.layers, strict=False)
    return tuple(x.name for part, x in inside if _repeats(x) and moves_to(part) in places)


def _per_key(tool: Tool, made: Sequence[Stage], key: Mint) -> float | None:
    if key.index is None:
        return None
    inside = made[key.index]
    window = tool.idempotency.window if tool.idempotency else None
    return per_key(inside.attempts, inside.last_start, _seconds(window))


def _window(tool: Tool) -> tuple[Cell, ...]:
    """Return the dedupe window if it is open; a null is no promise to remember for ever."""
    claim = tool.idempotency
    return ((claim, "window"),) if claim is not None and claim.window is None else ()


def _repeatable(tool: Tool, kind: Protection | None, attempts: float | None) -> bool | None:
    write = is_write(tool)
    if write is False or attempts == 1 or kind in HARMLESS:
        return False
    return None if None in (write, attempts, kind) else True


def _written(
    inventory: Inventory, tool: Tool
) -> tuple[tuple[RetryLayer, ...] | None, tuple[Cell, ...]]:
    """Return the declared layers, or the cell that would list them; null claims that none are."""
    if tool.retry is None:
        open_cells = unstated(tool, "retry")
        return (None, open_cells) if open_cells else ((), ())
    profile = inventory.retry_profiles[tool.retry]
    open_cells = unstated(profile, "layers")
    return (None, open_cells) if open_cells else (tuple(profile.layers or ()), ())


def _gaps(tool: Tool, stack: Stack) -> tuple[Cell, ...]:
    """Return the cells without which attempts or times cannot be computed."""
    whole = stack.stages[-1]
    known = whole.duration is not None and whole.last_start is not None
    timeout = () if known else unstated(tool, "timeout")
    waits = open_times(stack.written, stack.layers, whole)
    return (*open_attempts(stack.written), *waits, *timeout)


def _undeclared(layers: Sequence[Layer], key: Mint) -> tuple[str, ...]:
    """Return expected layers that the profile does not name.

    Queues and workflow engines are not assumed: not every stack has one. A key that is made by a
    layer shows that the stack has that layer. A person who asks again is a new intent.
    """
    wanted = {*EXPECTED_LAYERS, key.level or "sdk"} - {layer.name for layer in layers} - {"user"}
    return tuple(name for name in LAYERS if name in wanted)


def _repeats(layer: Layer) -> bool:
    return (layer.most() or 1) > 1


def _length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else length(seconds)


def _seconds(span: timedelta | None, absent: float | None = None) -> float | None:
    return absent if span is None else span.total_seconds()
