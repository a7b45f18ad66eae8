"""How often and how long a stack of retry layers repeats one call.

Times are seconds. `math.inf` means no end, `None` means that the inventory does not say.
The formulas are those of nested retries: attempts multiply, waits add up.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from itertools import islice
from math import floor, fsum, inf

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NO_END = timedelta.max
"""A length of time without end, where a duration is asked for."""

_COUNTED = 1_000
"""Waits that are added one by one; further ones count as the longest wait each."""
_FACTORLESS = 2
"""Attempts with one wait between them, for which the factor does not matter."""
_UNCOUNTABLE = 10**15
"""Attempts beyond this are as good as no end."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer that repeats what is inside it."""

    name: str
    """Which one: sdk, framework, queue, …"""
    attempts: float | None
    """Attempts, the first one included; inf: no end."""
    initial: float | None = 0.0
    """Wait before the second attempt; 0: at once."""
    coefficient: float | None = 1.0
    """Factor from one wait to the next."""
    maximum: float = inf
    """Longest wait."""
    total: float = inf
    """End of all attempts of this layer."""
    attempt: float = inf
    """How long it waits for one attempt; what is inside may go on after that."""
    jitter: bool = False
    """True if a wait may turn out shorter than written; it never turns out longer."""
    visibility: float | None = None
    """For a queue: when an unfinished message is handed out again."""
    default_of: str = ""
    """Product whose default the attempts are; empty: the inventory states them."""

    def waits(self) -> Iterator[float]:
        """Yield the waits between attempts, without end."""
        wait, factor = (
            self.initial or 0.0,
            max(1.0 if self.coefficient is None else self.coefficient, 0.0),
        )
        while True:
            yield min(wait, self.maximum)
            wait *= factor

    def waiting(self, attempts: float) -> float | None:
        """Return the longest time spent waiting between so many attempts."""
        if attempts <= 1 or self.initial == 0:
            return 0.0
        if self.initial is None or (attempts > _FACTORLESS and self.coefficient is None):
            return None
        if attempts == inf:
            return inf
        counted = list(islice(self.waits(), min(int(attempts) - 1, _COUNTED)))
        rest = int(attempts) - 1 - len(counted)
        grows = self.coefficient is not None and self.coefficient > 1
        return (
            fsum(counted) + rest * (self.maximum if grows else counted[-1])
            if rest
            else fsum(counted)
        )

    def most(self) -> float | None:
        """Return the most attempts: as written, or as many as its total timeout leaves room for."""
        if self.attempts is None or self.attempts == 1:
            return self.attempts
        return min(self.attempts, _room(self))


@lru_cache(maxsize=4096)
def _room(layer: Layer) -> float:
    """Return how many attempts can start within the total timeout if each fails at once."""
    pausing = bool(layer.initial) and layer.coefficient is not None
    if layer.total == inf or layer.jitter or layer.name == "queue" or not pausing:
        return inf
    elapsed, wait = 0.0, 0.0
    for started, wait in enumerate(islice(layer.waits(), _COUNTED), start=1):
        if elapsed + wait > layer.total:
            return started
        elapsed += wait
    shrinks = layer.coefficient is None or layer.coefficient < 1 or wait <= 0
    return inf if shrinks else 1 + _COUNTED + floor((layer.total - elapsed) / wait)


@dataclass(frozen=True, slots=True)
class Stage:
    """A call as it looks from outside one layer: everything inside it included."""

    layer: str
    """Name of the layer; empty for the bare call."""
    attempts: float | None
    """Most times the call is made (A)."""
    duration: float | None
    """Worst time until the layer gives up (D)."""
    last_start: float | None
    """Latest start of the last attempt (S)."""


def stages(layers: Sequence[Layer], timeout: float | None) -> tuple[Stage, ...]:
    """Return the bare call and what each layer makes of it, inner to outer.

    Args:
        layers: the layers, the innermost first.
        timeout: seconds that one attempt of the bare call may take.
    """
    found = [Stage("", 1, timeout, 0.0)]
    for layer in layers:
        found.append(_enclose(found[-1], layer))
    return tuple(found)


def _enclose(inner: Stage, layer: Layer) -> Stage:
    attempts = layer.most()
    each = _capped(inner.duration, layer.attempt)
    before = 0.0 if attempts == 1 else _before_last(layer, attempts, each)
    return Stage(
        layer.name,
        times(inner.attempts, attempts),
        _capped(_plus(before, inner.duration), layer.total),
        _capped(_plus(before, inner.last_start), layer.total),
    )


def _before_last(layer: Layer, attempts: float | None, inner: float | None) -> float | None:
    """Return the longest time from the first attempt of a layer to the start of its last one."""
    if attempts == inf:
        return inf
    if layer.name == "queue":
        gap = None if layer.visibility is None or inner is None else max(layer.visibility, inner)
        return None if attempts is None or gap is None else (attempts - 1) * gap
    if attempts is None or inner is None:
        return None
    return _plus((attempts - 1) * inner, layer.waiting(attempts))


def _plus(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _capped(seconds: float | None, total: float) -> float | None:
    """Return the time under a total timeout, which bounds even what is not stated."""
    if seconds is None:
        return None if total == inf else total
    return min(seconds, total)


def times(one: float | None, other: float | None) -> float | None:
    """Return a product of counts: not stated if a factor is, without end if beyond counting."""
    if one is None or other is None:
        return None
    return inf if inf in (one, other) or one * other > _UNCOUNTABLE else one * other


def per_key(attempts: float | None, last_start: float | None, window: float | None) -> float | None:
    """Return how many effects one key lets through, because it is forgotten while attempts go on.

    An attempt that starts exactly when the window ends is a new effect. No key lets through more
    effects than there are attempts while it lives.

    Args:
        attempts: attempts that carry the same key.
        last_start: latest start of the last of them.
        window: how long the key is remembered.
    """
    if attempts == 1:
        return 1
    if attempts is None or last_start is None or window is None:
        return None
    remembered = length(window)
    if not remembered or last_start == inf:
        return attempts
    return min(attempts, 1 + length(last_start) // remembered)


def length(seconds: float) -> timedelta:
    """Return seconds as a length of time, `NO_END` if there is none."""
    return timedelta(seconds=seconds) if seconds < NO_END.total_seconds() else NO_END
