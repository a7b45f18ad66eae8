"""Reads the layers of a retry profile: what is written, and what a named product does alone."""

from __future__ import annotations

from functools import reduce
from math import inf

from blastlint.analyses.attempts import Layer, times
from blastlint.analyses.cells import unstated
from blastlint.analyses.products import PRODUCTS, Product
from blastlint.inventory.record import state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from blastlint.analyses.attempts import Stage
    from blastlint.analyses.cells import Cell
    from blastlint.inventory.models import RetryLayer, RetryProfile

_PLAIN = Product("", "", "", attempts=None, coefficient=None)
"""A layer that names no product: an interval left out means at once, a limit of time means none."""
_MOVING = frozenset({"workflow", "queue"})
"""Layers whose next attempt is made by whichever worker is free, unless they say otherwise."""


def read_layer(part: RetryLayer) -> Layer:
    """Return a layer as the arithmetic takes it, in seconds."""
    product = product_of(part)
    return Layer(
        part.layer,
        attempts_of(part),
        initial=_stated(part, "initial_interval", product.initial, none=0.0),
        coefficient=_number(part, product),
        maximum=_limit(part, "maximum_interval", product.maximum),
        total=_limit(part, "total_timeout", product.total),
        attempt=_limit(part, "attempt_timeout", inf),
        jitter=bool(spreads(part)),
        visibility=_stated(part, "visibility_timeout", product.visibility, none=0.0),
        default_of=part.product or "" if _assumed(part) else "",
    )


def product_of(part: RetryLayer) -> Product:
    """Return the product that a layer names, or one without defaults."""
    return PRODUCTS[part.product] if part.product else _PLAIN


def attempts_of(part: RetryLayer) -> float | None:
    """Return the attempts of a layer; 0, null and `unlimited` mean no end."""
    product, stands = product_of(part), state(part, "max_attempts")
    if stands == "null":
        return inf
    if part.max_attempts is None:
        return product.attempts if stands == "missing" else None
    stated = part.max_attempts if isinstance(part.max_attempts, int) else 0
    return min(stated or inf, product.most)


def spreads(part: RetryLayer) -> bool | None:
    """Return whether waits are spread, by the layer or by default; none: not stated."""
    if part.jitter is None and part.product and state(part, "jitter") == "missing":
        return PRODUCTS[part.product].jitter
    return False if state(part, "jitter") == "null" else part.jitter


def repeats_on(part: RetryLayer) -> list[str] | None:
    """Return what a layer repeats, by the layer or by default; none: not stated."""
    silent = state(part, "retry_on") == "missing"
    known = product_of(part).retry_on if silent else part.retry_on
    return None if known is None else list(known)


def moves_to(part: RetryLayer) -> str:
    """Return how far from the last attempt the next may run: `nowhere`, `instance`, `region`."""
    if part.moves_to is not None:
        return part.moves_to
    return "instance" if part.layer in _MOVING or product_of(part).moves else "nowhere"


def counted(layer: Layer) -> str:
    """Return a layer with its attempts, and whose word they are if nobody stated them."""
    most = layer.most()
    count = "without end" if most == inf else f"{most:g}"
    assumed = f" (default of {layer.default_of})" if layer.default_of else ""
    return f"{layer.name} {count}{assumed}"


def profile_attempts(profile: RetryProfile) -> tuple[float | None, tuple[Cell, ...]]:
    """Return how often the layers of a profile make one call at most, or the cells that would tell.

    Defaults of products count; a null instead of layers means that nothing repeats.
    """
    if profile.layers is None:
        missing = unstated(profile, "layers")
        return (None, missing) if missing else (1.0, ())
    first: float | None = 1.0
    most = reduce(times, (read_layer(part).most() for part in profile.layers), first)
    return most, open_attempts(profile.layers)


def open_attempts(parts: Sequence[RetryLayer]) -> tuple[Cell, ...]:
    """Return the cells without which attempts cannot be counted."""
    return tuple((part, "max_attempts") for part in parts if attempts_of(part) is None)


def open_times(
    parts: Sequence[RetryLayer], layers: Sequence[Layer], whole: Stage
) -> tuple[Cell, ...]:
    """Return the cells of layers without which times cannot be computed."""
    if whole.duration is not None and whole.last_start is not None:
        return ()
    pairs = zip(parts, layers, strict=True)
    return tuple(cell for part, layer in pairs for cell in _open_waits(part, layer))


def _open_waits(part: RetryLayer, layer: Layer) -> tuple[Cell, ...]:
    """Return the cells of a layer without which its waits are not known."""
    if layer.attempts is None or layer.attempts == 1:
        return ()
    if layer.name == "queue":
        return unstated(part, "visibility_timeout") if layer.visibility is None else ()
    if layer.initial is None:
        return ((part, "initial_interval"),)
    return () if layer.waiting(layer.attempts) is not None else ((part, "backoff_coefficient"),)


def _assumed(part: RetryLayer) -> bool:
    """Return whether the attempts are a product's word and not the inventory's."""
    stated, product = part.max_attempts, product_of(part)
    if stated is None:
        return state(part, "max_attempts") == "missing" and product.attempts is not None
    return product.most != inf and (not isinstance(stated, int) or not 0 < stated <= product.most)


def _stated(part: RetryLayer, field: str, default: float | None, *, none: float) -> float | None:
    """Return the seconds of a cell, its default if it is missing, nothing if it is unknown."""
    span: timedelta | None = getattr(part, field)
    if span is not None:
        return span.total_seconds()
    return {"missing": default, "null": none}.get(state(part, field))


def _number(part: RetryLayer, product: Product) -> float | None:
    stated = part.backoff_coefficient
    if stated is None and state(part, "backoff_coefficient") == "missing":
        return product.coefficient
    return stated


def _limit(part: RetryLayer, field: str, default: float) -> float:
    """Return a limit of time in seconds; one that nobody states ends nothing."""
    span: timedelta | None = getattr(part, field)
    if span is not None:
        return span.total_seconds()
    return default if state(part, field) == "missing" else inf
