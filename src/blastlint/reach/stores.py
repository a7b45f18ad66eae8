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
        there = grant.system == self.place.system and terms.opens(
            grant.resource, self.resource, grant.scope
        )
        inside = not self.place.scope or in_scope(grant.scope, self.place.scope)
        name = self.place.name
        named = not grant.names or name is None or name in grant.names
        if not (there and inside and named and self._reveals(grant, terms)):
            return None
        missing = f"that its value is in {' or '.join(grant.names)}" if name is None else ""
        needs = "; ".join(one for one in (grant.needs, missing if grant.names else "") if one)
        sure: EdgeCertainty = "needs-fact" if needs else grant.certainty
        where = f"{self.resource} {name}" if name else self.resource
        via = f"read its value ({grant.action} {where} on {grant.system})"
        whom = self.credential.principal or self.name
        return Becoming(holder, whom, via, grant.location, sure, needs)

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
            for resource in place.resources or ("*",):
                yield Stored(name, credential, place, resource)
