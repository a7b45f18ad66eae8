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

ID_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9._/:@-]{0,126}[A-Za-z0-9_-])?$"
"""Ids: plain ASCII, so that two ids which look alike are alike."""
LINE = r"[^\x00-\x1f\u2028\u2029]"
"""A character of free words on one line; `.` means something else in every dialect."""

_FRACTION = r"(\.[0-9]{1,6})?"
DURATION_PATTERN = (
    rf"^([0-9]{{1,9}}{_FRACTION}(ms|s)|[0-9]{{1,6}}{_FRACTION}(m|h)|[0-9]{{1,5}}{_FRACTION}d)$"
)
"""At most 274 years, so that a day plus or minus a duration is always a day."""

_DATE = (
    r"((19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))"
    r"|((19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29)"
)
_CLOCK = rf"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]{_FRACTION})?"
DAY_PATTERN = rf"^{_DATE}(T{_CLOCK}(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
"""Days of the calendar from 1900 to 2199, leap days included: an editor refuses 30 February too."""
LOCAL_TIME_PATTERN = rf"^{_DATE}T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"

_SPAN_DAY = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_SPAN_DAYS = rf"{_SPAN_DAY}(-{_SPAN_DAY})?"
_SPAN_END = r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"
_SPAN_HOURS = rf"([01][0-9]|2[0-3]):[0-5][0-9]-{_SPAN_END}"
_SPAN = rf"({_SPAN_DAYS}(,{_SPAN_DAYS}){{0,6}} )?{_SPAN_HOURS}"
_ZONE = r"(UTC|[A-Z][A-Za-z]{1,31}(/[A-Za-z0-9_+-]{1,31}){1,2})"

PATTERNS = {
    "id": ID_PATTERN,
    "duration": DURATION_PATTERN,
    "day": DAY_PATTERN,
    "local-time": LOCAL_TIME_PATTERN,
    "rate": r"^[0-9]{1,9}/(s|min|h|d)$",
    "time-zone": rf"^{_ZONE}$",
    "clock": r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
    "hours": r"^([01][0-9]|2[0-4]):[0-5][0-9]-([01][0-9]|2[0-4]):[0-5][0-9]$",
    "week-hours": rf"^(24x7|{_SPAN}(; {_SPAN}){{0,6}}( {_ZONE})?)$",
    "currency": r"^[A-Z]{3}$",
    "action": rf"^{LINE}{{1,256}}$",
    "words": r"^[^\x00-\x20][\s\S]{0,4095}$",
    "subject": rf"^[a-z_]+:{LINE}{{1,500}}$",
}
"""Scalar type name, as in the schema's `x-type`, to the text it accepts.

Written so that Python, Rust and ECMAScript read each pattern alike.
"""

EXPECTED = {
    "id": "an id such as payments-oncall",
    "duration": "a duration such as 30s, 15m, 24h or 30d",
    "day": "a day such as 2026-06-02",
    "local-time": "a local time such as 2026-06-26T17:00, without zone",
    "rate": "a rate such as 20/min or 2/h",
    "time-zone": "an IANA time zone such as Europe/London",
    "clock": "a time of day such as 17:00",
    "hours": "hours such as 09:00-18:00",
    "week-hours": "hours of the week such as 24x7 or Mon-Fri 09:00-18:00 Europe/London",
    "currency": "a currency of three capital letters such as USD",
    "action": "an action on one line",
    "words": "some words",
    "subject": "a subject such as tool:ID",
}
"""Scalar type name to words for people."""

_UNITS = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
}


def _match(kind: str, text: object) -> str:
    if isinstance(text, str) and re.fullmatch(PATTERNS[kind], text) and not text.endswith("\n"):
        return text
    raise ValueError(f"expected {EXPECTED[kind]}")


def parse_duration(text: object) -> timedelta:
    """Return the length of time written as a number and one unit: `30s`, `15m`, `24h`, `30d`.

    Raises:
        ValueError: the value is not the text of a duration.
    """
    written = _match("duration", text)
    unit = written.lstrip("0123456789.")
    return float(written[: -len(unit)]) * _UNITS[unit]


def parse_day(text: object) -> date:
    """Return the calendar day of a date, or of an RFC 3339 instant (its day in UTC).

    Raises:
        ValueError: the value is neither, or names a day that does not exist.
    """
    written = _match("day", text)
    if "T" not in written:
        return date.fromisoformat(written)
    return datetime.fromisoformat(written).astimezone(UTC).date()


def parse_local_time(text: object) -> datetime:
    """Return a wall-clock time without zone; the zone is a field of its own beside it.

    Raises:
        ValueError: the value is not of the form `2026-06-26T17:00`.
    """
    return datetime.fromisoformat(_match("local-time", text))


def parse_rate(text: object) -> float:
    """Return events per second of a rate such as `20/min` (units s, min, h, d).

    Raises:
        ValueError: the value is not the text of a rate.
    """
    count, unit = _match("rate", text).split("/")
    return int(count) / _UNITS[unit].total_seconds()


def parse_instant(text: str) -> int:
    """Return a moment, such as `2026-06-02T02:17Z`, as seconds since 1970 in UTC.

    Raises:
        ValueError: the text is no moment, says no zone, or lies outside of the years of days.
    """
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not 1970 < found.year < 2200:  # noqa: PLR2004 -- instants, days
        raise ValueError("expected a time with its zone such as 2026-06-02T02:17Z")
    return int(found.timestamp())


PARSERS: dict[str, Callable[[object], object]] = {
    "duration": parse_duration,
    "day": parse_day,
    "local-time": parse_local_time,
    "rate": parse_rate,
}
"""Scalar type name, as in the schema's `x-type`, to the function that reads its text."""
