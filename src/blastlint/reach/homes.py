"""Where a principal's name means something: names that are local to one cluster are not shared."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from blastlint.reach.holdings import Holding, Source


class Homes:
    """The principals that are known in every home (a system with names of its own, or empty)."""

    __slots__ = ("_credentials", "_holdings", "_known", "_sorted")

    def __init__(self, holdings: Mapping[str, Holding], sources: Sequence[Source]) -> None:
        self._holdings = holdings
        self._known: dict[str, list[AbstractSet[str]]] = {"": []}
        for source in sources:
            self._known.setdefault(source.home, []).append(source.names)
        self._credentials: dict[str, list[str]] = {}
        self._sorted: dict[str, list[str]] = {}
        typed: dict[str, set[str]] = {}
        for name, holding in sorted(holdings.items()):
            principal = holding.credential.principal
            if principal:
                self._credentials.setdefault(principal, []).append(name)
                for system in holding.systems & self._known.keys():
                    typed.setdefault(system, set()).add(principal)
        for system, names in typed.items():
            self._known[system].append(names)

    def knows(self, home: str, name: str) -> bool:
        """Whether a name is known in a home."""
        return any(name in names for names in self._known.get(home, ()))

    def of(self, name: str, near: str) -> str:
        """The home of a name that is used in another home."""
        if not near or self.knows(near, name):
            return near
        return "" if name in self._credentials or self.knows("", name) else near

    def typed(self, name: str, near: AbstractSet[str]) -> list[str]:
        """The homes of a name or pattern that a person typed; those nearby win."""
        if name.endswith("*"):
            return sorted(home for home in self._known if home in near) or [""]
        local = [home for home in sorted(self._known) if home and self.knows(home, name)]
        chosen = [home for home in local if home in near] or local
        return ["", *chosen] if self.knows("", name) else chosen or [""]

    def matching(self, home: str, pattern: str) -> list[str]:
        """Names of a home that begin as a pattern does, sorted."""
        if home not in self._sorted:
            self._sorted[home] = sorted(set().union(*self._known.get(home, ())))
        names, prefix = self._sorted[home], pattern.removesuffix("*")
        last = bisect_right(names, prefix + "\U0010ffff")
        return names[bisect_left(names, prefix) : last]

    def credentials(self, home: str, name: str) -> list[str]:
        """The credentials of the inventory that a principal has in a home, sorted."""
        held = self._credentials.get(name)
        if held is None:
            return []
        return [one for one in held if not home or home in self._near(one)]

    def _near(self, credential: str) -> frozenset[str]:
        holding = self._holdings[credential]
        return holding.systems.union(holding.homes)
