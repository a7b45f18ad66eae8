"""How a number of bytes reads."""

from __future__ import annotations

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")
_STEP = 10
"""Each unit is 2 to the power of this many of the one before it (IEC 80000-13)."""


def size_of(count: int) -> str:
    """Return a number of bytes in the largest unit that it fills once: `3 MiB`, `1.5 KiB`."""
    power = min(max(count.bit_length() - 1, 0) // _STEP, len(_UNITS) - 1)
    text = f"{count / 2 ** (_STEP * power):.2f}".rstrip("0").rstrip(".")
    return f"{text} {_UNITS[power]}"
