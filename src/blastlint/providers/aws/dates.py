"""Conditions on the time of a request: what is over for good, and what holds from now on.

No clock is read. But evidence is never older than the newest moment that it tells: somebody was
made or seen then, and every request from now on comes later. A condition that asks for an earlier
time can no longer be met. A session asks at most 36 hours after its token was issued.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.aws.policies import Condition

_TOLD = ("CreateDate", "UpdateDate", "LastUsedDate", "PasswordLastUsed")
"""Keys of an export under which a moment stands that is past when it is made."""
_NOW = ("aws:currenttime", "aws:epochtime")
_ISSUED = "aws:tokenissuetime"
_SESSION = timedelta(hours=36)
"""How long a session token can be used, at most (`sts:GetSessionToken`)."""
_BEFORE = ("datelessthan", "datelessthanequals", "dateequals")
_AFTER = ("dategreaterthan", "dategreaterthanequals")
_IN_WORDS = {
    "datelessthan": "before",
    "datelessthanequals": "until",
    "dateequals": "at",
    "dategreaterthan": "after",
    "dategreaterthanequals": "from",
}


_SECONDS = 10
"""Digits of a count of seconds, from 2001 to 2286."""


def moment(text: object) -> datetime | None:
    """A moment as AWS writes it, in ISO 8601 or in seconds since 1970; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        if text.isdecimal() and len(text) == _SECONDS:
            return datetime.fromtimestamp(int(text), UTC)
        found = datetime.fromisoformat(text if "-" in text else "")
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def newest(value: object) -> datetime | None:
    """The newest moment that evidence tells; None if it tells none."""
    return max(_moments(value), default=None)


def _moments(value: object) -> Iterator[datetime]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            told = (moment(one.get(key)) for key in _TOLD)
            yield from (each for each in told if each is not None)
            waiting += one.values()


def met(condition: Condition, day: datetime | None) -> bool | None:
    """Whether a condition is met from a day on: always, never, or None if that is open."""
    operator = condition.operator.lower()
    optional = operator.endswith("ifexists")
    operator, key = _operator(condition), condition.key.lower()
    moments = _of(condition)
    if day is None or not moments:
        return None
    if key in _NOW and operator in _AFTER:
        return True if min(moments) < day else None
    if key in _NOW and operator in _BEFORE:
        return False if max(moments) < day else None
    issued = key == _ISSUED and operator in _BEFORE and not optional
    return False if issued and max(moments) + _SESSION < day else None


def in_time(
    conditions: tuple[Condition, ...], day: datetime | None
) -> tuple[Condition, ...] | None:
    """The conditions that stay open from a day on; None if one can no longer be met."""
    found = [(each, met(each, day)) for each in conditions]
    if any(answer is False for _, answer in found):
        return None
    return tuple(each for each, answer in found if answer is None)


def words(condition: Condition) -> str:
    """A condition on the time, in words: `aws:CurrentTime before 2020-01-01`; else its key."""
    moments = _of(condition)
    told = " or ".join(_shown(each) for each in moments)
    return f"{condition.key} {_IN_WORDS[_operator(condition)]} {told}" if told else condition.key


def _shown(moment: datetime) -> str:
    """Return a moment as policies write it, without a time of day at midnight."""
    return moment.replace(tzinfo=None).isoformat(" ", "seconds").removesuffix(" 00:00:00")


def _operator(condition: Condition) -> str:
    """The operator as one of dates: seconds since 1970 may be compared as numbers."""
    operator = condition.operator.lower().removesuffix("ifexists")
    return operator.replace("numeric", "date")


def _of(condition: Condition) -> list[datetime]:
    """The moments, in UTC, that the time is compared with; empty if it is no such condition."""
    if _operator(condition) not in _IN_WORDS or condition.key.lower() not in (*_NOW, _ISSUED):
        return []
    found = [moment(each) for each in condition.values]
    return [] if None in found else [each.astimezone(UTC) for each in found if each]
