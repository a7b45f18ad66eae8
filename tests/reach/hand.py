"""Small graphs, built by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blastlint.providers.grants import Becoming, Grant
from blastlint.reach.doors import Door
from blastlint.reach.terms import LEVELS, guess
from blastlint.reach.web import CREDENTIAL, PRINCIPAL, Draft, Web
from blastlint.source import Location, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.reach.paths import Reach
    from blastlint.reach.web import Key, Strand

    Step = tuple[str, str, int]
    """Holder, principal, level of certainty."""
    Right = tuple[str, str, int]
    """Holder, resource, level of certainty."""


def line(number: int) -> Location:
    """A place in a file."""
    return Location("web.yaml", Span(number, 1, number, 2))


def grant(holder: str, resource: str, action: str = "read", level: int = 0) -> Grant:
    """A grant on the system `s`."""
    effect = guess(resource, action)
    return Grant(holder, "s", "", resource, action, effect, line(1), certainty=LEVELS[level])


def web_of(credentials: Iterable[str], steps: Iterable[Step], rights: Iterable[Right]) -> Web:
    """A web in which a credential acts as the principal of its name in capitals."""
    steps, rights = list(steps), list(rights)
    names = {name for step in steps for name in step[:2]} | {right[0] for right in rights}
    held = sorted(credentials)
    strands: dict[Key, list[Strand]] = {(CREDENTIAL, "", name): [] for name in held}
    for name in (*names, *(name.upper() for name in held)):
        strands[PRINCIPAL, "", name] = []
    for name in held:
        acting = Becoming(name, name.upper(), "", line(2))
        strands[CREDENTIAL, "", name].append(((PRINCIPAL, "", name.upper()), 0, "acts-as", acting))
    for number, (holder, principal, level) in enumerate(steps):
        turning = Becoming(holder, principal, "a way", line(10 + number), LEVELS[level])
        strands[PRINCIPAL, "", holder].append(
            ((PRINCIPAL, "", principal), level, "becomes", turning)
        )
    draft = Draft()
    for key in strands:
        draft.number(key)
    for found in strands.values():
        draft.add(found)
        draft.close()
    web = Web(draft)
    for holder, resource, level in rights:
        node = web.keys.index((PRINCIPAL, "", holder))
        web.grants[node] = (*web.grants.get(node, ()), grant(holder, resource, level=level))
    return web


def door(credential: str, gates: tuple[str, ...] = (), reach: Reach = "direct") -> Door:
    """A door of the agent `a` to everything that a credential opens."""
    return Door("a", credential, reach, gates, ())
