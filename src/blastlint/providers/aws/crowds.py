"""Many users, roles or groups told as one, where a pattern of a policy names them all."""

from __future__ import annotations

from blastlint.providers.aws.holders import Use, step
from blastlint.providers.aws.trust import by_account, by_service
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.aws.accounts import Account, Entity
    from blastlint.providers.aws.patterns import Names
    from blastlint.providers.aws.trust import Trusts
    from blastlint.providers.grants import Becoming


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody of a kind whom a policy names by a pattern."""

    names: Names
    """The ARNs that a policy names."""
    kind: str
    """user, role or group."""
    account: str
    """Number of the account: theirs, or the one that they trust."""
    services: tuple[str, ...] = ()
    """Services of which the roles trust one."""
    trusting: bool = False
    """Whether the roles leave it to the account who may assume them."""
    profiled: bool = False
    """Whether they must be in an instance profile."""

    @property
    def name(self) -> str:
        """What a principal becomes that can choose one of them."""
        where = f"{self.kind}s that trust {self.account}"
        if not self.trusting:
            trust = f" that trust {' or '.join(self.services)}" if self.services else ""
            where = f"{self.kind}s of {self.account}{trust}"
        profiled = ", in an instance profile" if self.profiled else ""
        return f"any of {self.names.text} ({where}{profiled})"


class Crowds:
    """Finds the members of crowds, each crowd once."""

    __slots__ = ("_account", "_homes", "_members", "_trusts")

    def __init__(self, account: Account, trusts: Trusts) -> None:
        self._account = account
        self._trusts = trusts
        self._homes: dict[tuple[str, str], list[Entity]] = {}
        self._members: dict[Crowd, list[tuple[Entity, Use]]] = {}
        for one in account.entities.values():
            self._homes.setdefault((one.account, one.kind), []).append(one)

    def members(self, crowd: Crowd) -> list[tuple[Entity, Use]]:
        """Everybody in a crowd, with what being in it hangs on; the surest first."""
        found = self._members.get(crowd)
        if found is None:
            found = self._members[crowd] = sorted(self._find(crowd), key=lambda row: row[1].doubt)
        return found

    def _find(self, crowd: Crowd) -> Iterator[tuple[Entity, Use]]:
        for one in self._candidates(crowd):
            use = _in(one, crowd) if crowd.names.has(one.arn) else None
            if use is not None:
                yield one, use

    def _candidates(self, crowd: Crowd) -> list[Entity]:
        if crowd.trusting:
            return self._trusts.of_account(crowd.account)
        if crowd.services:
            roles = self._trusts.of_services(crowd.services)
            return [role for role in roles if role.account == crowd.account]
        return self._homes.get((crowd.account, crowd.kind), [])

    def becomings(self, crowds: dict[Crowd, None]) -> Iterator[Becoming]:
        """What one becomes that can choose a member: every one of them."""
        for crowd in crowds:
            for one, use in self.members(crowd):
                yield step(crowd.name, one.arn, f"choose {one.title}", [use])


def _in(one: Entity, crowd: Crowd) -> Use | None:
    """What it hangs on that somebody is in a crowd; None if it is not."""
    if (crowd.profiled and one.profiles is False) or (one.protected and not crowd.trusting):
        return None
    use: Use | None = Use(one.location)
    if crowd.trusting:
        use = by_account(one, crowd.account)
    elif crowd.services:
        use = by_service(one, crowd.services)
    return use
