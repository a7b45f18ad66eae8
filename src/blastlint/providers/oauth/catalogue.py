"""What a scope opens, by the catalogues of Google and Slack.

A scope is known by its whole name. Slack's names are common words (`files:read`), so they are taken
for Slack's only where the evidence is Slack's, or every other scope beside them is.
"""

from __future__ import annotations

from functools import cache

from blastlint.providers.oauth import google, slack
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.providers.grants import Effect

_EFFECTS: dict[str, Effect] = {
    "r": "read",
    "a": "append",
    "m": "mutate",
    "d": "destroy",
    "n": "notify",
    "s": "spend",
    "x": "execute",
    "g": "grant",
}
_OPENID = "openid r\nprofile r\nemail r\naddress r\nphone r\noffline_access r until it is revoked"
_WATCH = "channels that report changes to any address"


@dataclass(frozen=True, slots=True)
class Opening:
    """One effect that a scope opens."""

    effect: Effect
    limit: str = ""
    """What it is limited to, or what is among it, in words."""
    conversations: bool = False
    """Slack: a bot has it only in the conversations that it is in."""
    needs: str = ""
    """The missing fact that decides, in words."""


@cache
def _google() -> dict[str, tuple[Opening, ...]]:
    found = {}
    for name, letters, limit in _rows(google.TABLE):
        openings = [Opening(_EFFECTS[one], limit) for one in letters if one != "w"]
        if "w" in letters:
            openings.append(Opening("append", _WATCH))
        if name in google.DOUBTS:
            effect, needs = google.DOUBTS[name]
            openings.append(Opening(effect, "", needs=needs))  # type: ignore[arg-type] # one of the effects
        found[_whole(name)] = tuple(openings)
    return found


@cache
def _slack() -> dict[str, tuple[Opening, ...]]:
    return {
        name: tuple(Opening(_EFFECTS[one], limit, "c" in letters) for one in letters if one != "c")
        for name, letters, limit in _rows(slack.TABLE)
    }


@cache
def _openid() -> dict[str, tuple[Opening, ...]]:
    return {
        name: tuple(Opening(_EFFECTS[one], limit) for one in letters)
        for name, letters, limit in _rows(_OPENID)
    }


@cache
def _covers() -> dict[str, frozenset[str]]:
    return {
        _whole(wide): frozenset(map(_whole, narrow.split()))
        for wide, narrow in google.COVERS.items()
    }


def _rows(table: str) -> Iterable[tuple[str, str, str]]:
    for line in table.strip().splitlines():
        name, letters, *limit = line.split(" ", 2)
        yield name, letters, "".join(limit)


def _whole(name: str) -> str:
    return name if ":" in name else google.PREFIX + name


def openings(scope: str, *, is_slack: bool) -> tuple[Opening, ...]:
    """What a scope opens; nothing if no catalogue has it.

    Args:
        scope: Its whole name.
        is_slack: Whether a name that Slack uses is Slack's.
    """
    found = _google().get(scope) or _openid().get(scope)
    return found or (_slack().get(scope, ()) if is_slack else ())


def are_slacks(scopes: Iterable[str]) -> bool:
    """Whether all scopes, but those of OpenID, are names of Slack's."""
    rest = [scope for scope in scopes if scope not in _openid()]
    return bool(rest) and all(scope in _slack() for scope in rest)


def effects_of(scope: str) -> frozenset[Effect]:
    """Every effect that a scope opens, whichever vendor's it is."""
    return frozenset(one.effect for one in openings(scope, is_slack=True))


def covers(granted: str, needed: str) -> bool:
    """Whether whoever has one scope may do all that another one opens."""
    if granted in {"*", needed} or needed in _covers().get(granted, ()):
        return True
    return needed == f"{granted}.readonly" and needed in _google()
