"""Ways that take several calls: who can make which, if no one of them can make them all."""

from __future__ import annotations

from blastlint.providers.grants import Becoming, Joint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from blastlint.providers.grants import EdgeCertainty, Grant
    from blastlint.providers.kubernetes.derivations import Derivation

    Holders = Mapping[str, tuple[Grant, ...]]
    """Grants that allow a call, by holder."""
    Rights = Callable[[int, str], Holders]
    """Who holds a right of the derivation, by its place there, in a scope."""


def shares_of(
    derivation: Derivation, rights: Rights, where: str, scope: str
) -> tuple[Becoming, ...]:
    """Who can make one of the calls in a scope; empty if nobody can make one of them.

    Whoever can make all of them is left out: they need nobody else.
    """
    calls = list(_calls(derivation, rights, scope))
    alone = set.intersection(*(set(holders) for _, holders in calls))
    shares = [
        [
            _share(holder, f"{words} in {where}", holders[holder])
            for holder in holders.keys() - alone
        ]
        for words, holders in calls
    ]
    if not all(shares):
        return ()
    return tuple(sorted((one for call in shares for one in call), key=_order))


def joints_of(
    derivation: Derivation, where: str, turns: Iterable[tuple[str, str]], first: Becoming
) -> Iterator[Joint]:
    """Into whom one turns who can make all the calls.

    Args:
        derivation: the way.
        where: the scope, in words.
        turns: into whom, each with the fact that decides whether it works.
        first: a share of it, whose line stands for the way.
    """
    parts = tuple(f"{words} in {where}" for _, words in derivation.calls)
    via = f"{derivation.name} in {where}"
    for principal, fact in turns:
        sure: EdgeCertainty = "needs-fact" if fact else "proven"
        turn = Becoming(" and ".join(parts), principal, via, first.location, sure, fact)
        yield Joint(parts, turn)


def _calls(derivation: Derivation, rights: Rights, scope: str) -> Iterator[tuple[str, Holders]]:
    """Each call with those who may make it: they hold every right that it asks for."""
    place = 0
    for count, words in derivation.calls:
        rows = [rights(number, scope) for number in range(place, place + count)]
        holders = set.intersection(*(set(row) for row in rows))
        yield words, {holder: _doubted(row[holder] for row in rows) for holder in holders}
        place += count


def _doubted(rows: Iterable[tuple[Grant, ...]]) -> tuple[Grant, ...]:
    """The surest grant of each right."""
    return tuple(min(row, key=lambda grant: bool(grant.needs)) for row in rows)


def _share(holder: str, part: str, grants: tuple[Grant, ...]) -> Becoming:
    needs = "; ".join(dict.fromkeys(grant.needs for grant in grants if grant.needs))
    sure: EdgeCertainty = "needs-fact" if needs else "proven"
    return Becoming(holder, part, "", grants[0].location, sure, needs)


def _order(share: Becoming) -> tuple[str, str]:
    return share.principal, share.holder
