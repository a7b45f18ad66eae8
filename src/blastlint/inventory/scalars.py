"""The scalar types of an inventory: how each is written, and the Python value it becomes.

One table serves the models, the JSON Schemas made from them and the reader of a check, so that
an editor and a check accept the same text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,127}$"
"""Ids: plain ASCII, so that two ids which look alike are alike."""

DURATION_PATTERN = r"^[0-9]{1,9}(\.[0-9]{1,6})?(ms|s|m|h|d)$"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2}))?$"
LOCAL_TIME_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"
TIME_ZONE_PATTERN = r"^(UTC|[A-Z][A-Za-z]{1,31}(/[A-Za-z0-9_+-]{1,31}){1,2})$"
RATE_PATTERN = r"^[0-9]{1,9}/(s|min|h|d)$"
TARGET_PATTERN = r"^(rotation|policy|agent|service|channel|mailbox|webhook|person|team):.{1,127}$"

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def parse_duration(text: str) -> timedelta:
    """Return the length of time written as a number and one unit: `30s`, `15m`, `24h`, `30d`.

    Raises:
        ValueError: the text is not a duration.
    """
    if not re.match(DURATION_PATTERN, text):
        raise ValueError("expected a number and a unit, such as 30s, 15m, 24h or 30d")
    unit = text.lstrip("0123456789.")
    return float(text[: -len(unit)]) * _UNITS[unit]


def parse_day(text: str) -> date:
    """Return the calendar day of a date, or of an RFC 3339 instant (its day in UTC).

    Raises:
        ValueError: the text is neither, or names a day that does not exist.
    """
    if not re.match(DAY_PATTERN, text):
        raise ValueError("expected a day such as 2026-06-02")
    if "T" not in text:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(UTC).date()


def parse_local_time(text: str) -> datetime:
    """Return a wall-clock time without zone; the zone is a field of its own beside it.

    Raises:
        ValueError: the text is not of the form `2026-06-26T17:00`.
    """
    if not re.match(LOCAL_TIME_PATTERN, text):
        raise ValueError("expected a local time such as 2026-06-26T17:00, without zone")
    return datetime.fromisoformat(text)


def parse_rate(text: str) -> float:
    """Return events per second of a rate such as `20/min` (units s, min, h, d).

    Raises:
        ValueError: the text is not a rate.
    """
    if not re.match(RATE_PATTERN, text):
        raise ValueError("expected a count and a unit, such as 20/min or 2/h")
    count, unit = text.split("/")
    return int(count) / _UNITS[unit].total_seconds()


PARSERS: dict[str, Callable[[str], object]] = {
    "duration": parse_duration,
    "day": parse_day,
    "local-time": parse_local_time,
    "rate": parse_rate,
}
"""Scalar type name, as in the schema's `x-type`, to the function that reads its text."""
