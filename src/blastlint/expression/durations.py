"""Reads a length of time as CEL writes it: `90s`, `1h30m`, `-1.5h`; and `30d` besides."""

from __future__ import annotations

import re
from datetime import timedelta

_PART = r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(d|h|ms|m|us|s)"
_LONGEST = 100
_MICROSECONDS = {
    "d": 86_400_000_000,
    "h": 3_600_000_000,
    "m": 60_000_000,
    "s": 1_000_000,
    "ms": 1_000,
    "us": 1,
}


def parse_duration(text: str) -> timedelta | None:
    """Return the length of time, to the microsecond, or None when the text is none.

    A day is 24 hours. CEL itself knows no `d`; the inventory writes days, so conditions may too.
    """
    if len(text) > _LONGEST or not re.fullmatch(rf"[+-]?(?:{_PART})+", text):
        return None
    total = sum(_microseconds(number, unit) for number, unit in re.findall(_PART, text))
    try:
        return timedelta(microseconds=-total if text[0] == "-" else total)
    except OverflowError:
        return None


def _microseconds(number: str, unit: str) -> int:
    whole, _, fraction = number.partition(".")
    digits = int((whole + fraction).lstrip("0") or "0")
    return digits * _MICROSECONDS[unit] // int(10 ** len(fraction))
