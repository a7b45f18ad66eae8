"""Where the values of credentials are kept: whoever can read there holds them."""

from __future__ import annotations

from blastlint.providers.grants import Becoming
from blastlint.reach.terms import in_scope
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.inventory.models import Credential, Store
    from blastlint.providers.grants import EdgeCertainty, Grant
    from blastlint.reach.holdings import Holding
    from blastlint.reach.terms import Terms


ANYWHERE = "*"
"""Resource of a place that is known no closer than its system."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One credential at one place."""

    name: str
    """Id of the credential."""
    credential: Credential
    place: Store
    resource: str

    def read_by(self, grant: Grant, holder: str, terms: Terms) -> Becoming | None:
        """The turn of a holder into the credential, if a grant lets it read the value."""
        there = grant.system == self.place.system and self._within(grant, terms)
        inside = not self.place.scope or in_scope(grant.scope, self.place.scope)
        name = self.place.name
        named = not grant.names or name is None or name in grant.names
        if not (there and inside and named and self._reveals(grant, terms)):
            return None
        needs = "; ".join(one for one in (grant.needs, self._missing(grant)) if one)
        sure: EdgeCertainty = "needs-fact" if needs else grant.certainty
        what = grant.resource if self.resource == ANYWHERE else self.resource
        where = f"{what} {name}" if name else what
        via = f"read its value ({grant.action} {where} on {grant.system})"
        whom = self.credential.principal or self.name
        return Becoming(holder, whom, via, grant.location, sure, needs)

    def _within(self, grant: Grant, terms: Terms) -> bool:
        """Whether a grant is of the place, or of something where the value may be."""
        return self.resource == ANYWHERE or terms.opens(grant.resource, self.resource, grant.scope)

    def _missing(self, grant: Grant) -> str:
        """The fact that decides: whether the value is among what may be read."""
        if self.place.name is None and grant.names:
            return f"that its value is in {' or '.join(grant.names)}"
        if self.resource == ANYWHERE and grant.resource != ANYWHERE:
            return f"that its value is in {grant.resource}"
        return ""

    def _reveals(self, grant: Grant, terms: Terms) -> bool:
        """Whether an action shows the value: one that the store names, else any that reads."""
        if self.place.actions is None:
            return grant.effect == "read" or grant.action == "*"
        return any(terms.covers(grant.action, action) for action in self.place.actions)


def stores_of(holdings: Mapping[str, Holding]) -> Iterator[Stored]:
    """Every place where an inventory says that a credential is kept."""
    for name in sorted(holdings):
        credential = holdings[name].credential
        for place in credential.stored_in or ():
            for resource in place.resources or (ANYWHERE,):
                yield Stored(name, credential, place, resource)
