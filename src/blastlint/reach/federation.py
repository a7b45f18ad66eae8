"""Joins the two sides of a federated identity: who issues a subject, and which role trusts it.

A subject is the principal `oidc:ISSUER:SUBJECT`. The side that issues it turns into it; the side
that trusts it lets it turn into a role, with the wildcards of its condition. A service account of a
cluster is the subject of its own name, with whatever issuer the cluster has.
"""

from __future__ import annotations

from blastlint.providers.wildcards import covers, overlaps
from blastlint.reach.terms import LEVELS
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Becoming
    from blastlint.reach.holdings import Source

SUBJECT = "oidc:"
"""How the name of a federated subject begins."""
_ACCOUNT = "system:serviceaccount:"
_ARN = "arn:"


def is_subject(name: str) -> bool:
    """Whether a principal is a federated subject: known everywhere, whoever issues it."""
    return name.startswith(SUBJECT)


def is_somebody(name: str) -> bool:
    """Whether a holder is one principal, and not whoever a trust lets in."""
    return name != "*" and not is_subject(name)


def _lets_in(holder: str) -> bool:
    """Whether a holder is no principal of its own, but whoever a trust lets in."""
    account = holder.startswith(_ARN) and holder.endswith(":root")
    return account or not is_somebody(holder)


def both(issued: Becoming, trusted: Becoming) -> Becoming:
    """The turn into a subject and the turn of that into a role, as one."""
    needs = "; ".join(one.needs for one in (issued, trusted) if one.needs)
    certainty = max(issued.certainty, trusted.certainty, key=LEVELS.index)
    via = f"{issued.via}, then {trusted.via}"
    return replace(trusted, holder=issued.holder, via=via, certainty=certainty, needs=needs)


class Federation:
    """The trust of every piece of evidence in subjects that other evidence issues."""

    __slots__ = ("_anybody", "_hosts", "_trusts")

    def __init__(self, sources: Sequence[Source]) -> None:
        self._trusts: list[tuple[str, Source, Becoming]] = []
        self._anybody: list[tuple[str, Source, Becoming]] = []
        for source in sources:
            for holder in sorted(filter(_lets_in, source.becomings)):
                trusts = self._trusts if is_subject(holder) else self._anybody
                trusts += ((holder, source, one) for one in source.becomings[holder])
        self._hosts = list({id(source): source for _, source, _ in self._anybody}.values())

    def concerns(self, name: str) -> bool:
        """Whether somebody elsewhere may trust a principal of such a name."""
        if not name.startswith((SUBJECT, _ARN, _ACCOUNT)):
            return False
        if name.startswith(_ARN):
            return any(name not in source.names for source in self._hosts)
        return bool(self._trusts)

    def of(
        self, home: str, name: str, own: Sequence[Becoming]
    ) -> Iterator[tuple[Source, Becoming]]:
        """What a principal turns into because somebody else trusts it.

        Args:
            home: where its name means something; empty for everywhere.
            name: the principal.
            own: what its own evidence says that it turns into.
        """
        if is_subject(name):
            yield from self._subject(name)
        elif home and name.startswith(_ACCOUNT):
            yield from self._account(home, name, own)
        elif name.startswith(_ARN):
            yield from self._stranger(name)

    def _subject(self, name: str) -> Iterator[tuple[Source, Becoming]]:
        for holder, source, becoming in self._trusts:
            if covers(holder, name):
                yield source, becoming
            elif overlaps(holder, name):
                yield source, _if(becoming, f"the subject is {holder.removeprefix(SUBJECT)}")

    def _account(
        self, home: str, name: str, own: Sequence[Becoming]
    ) -> Iterator[tuple[Source, Becoming]]:
        """A service account is trusted for sure where its cluster names the same role."""
        named = {becoming.principal for becoming in own}
        for issuer, source, becoming in self._trusting(name):
            sure = becoming.principal in named
            fact = f"that {issuer} is the issuer of {home}"
            yield source, becoming if sure else _if(becoming, fact)

    def _trusting(self, account: str) -> Iterator[tuple[str, Source, Becoming]]:
        """The trust in a service account's name, each with the issuer that it is meant of."""
        for holder, source, becoming in self._trusts:
            issuer, _, subject = holder.removeprefix(SUBJECT).partition(f":{_ACCOUNT}")
            if subject and covers(f"{_ACCOUNT}{subject}", account):
                yield issuer, source, becoming

    def _stranger(self, name: str) -> Iterator[tuple[Source, Becoming]]:
        """Somebody of AWS, let in by a role that lets in anybody, or all of one account."""
        account = name.split(":", 5)[4:5]
        for holder, source, becoming in self._anybody:
            if name not in source.names and (holder == "*" or holder.split(":", 5)[4:5] == account):
                yield source, becoming

    def apart(self, name: str, becomings: Sequence[Becoming]) -> Sequence[Becoming]:
        """Becomings of a principal, but for those of a service account into roles that trust it.

        Those are told by the role's side.
        """
        if not name.startswith(_ACCOUNT):
            return becomings
        trusted = {trust.principal for _, _, trust in self._trusting(name)}
        return [one for one in becomings if one.principal not in trusted]


def _if(becoming: Becoming, fact: str) -> Becoming:
    """A becoming that holds only if a fact is so."""
    needs = "; ".join(one for one in (becoming.needs, fact) if one)
    return replace(becoming, certainty="needs-fact", needs=needs)
