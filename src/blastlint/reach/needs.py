"""What tools and capabilities need, one literal action at a time."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of, kind_of
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Capability, Tool
    from blastlint.source import Location


@dataclass(frozen=True, slots=True)
class Demand:
    """One action on one resource that a tool or a capability needs."""

    holder: str
    """Who needs it, as `tool ID` or `capability ID`."""
    credential: str
    """Credential that it acts with; empty when it is not stated."""
    system: str
    scope: str
    """Scope of the need; empty when it is not limited."""
    resource: str
    action: str
    basis: str
    """How the need is known; empty when it is not stated."""
    user: Tool | Capability
    """The tool or capability itself."""
    place: tuple[int, int]
    """Number of the need in its list, and of the action in the need."""

    @property
    def location(self) -> Location:
        """Where the action is written."""
        need, action = self.place
        return at(self.user, "requires", need, "actions", action)


def demands(user: Tool | Capability) -> Iterator[Demand]:
    """The needs of one tool or capability; what is not stated is no need."""
    if not user.system:
        return
    holder = f"{kind_of(user).lower()} {id_of(user)}"
    for number, need in enumerate(user.requires or ()):
        for resource in need.resources or ():
            for index, action in enumerate(need.actions or ()):
                scope = "" if need.scope in {None, "*"} else need.scope or ""
                yield Demand(
                    holder,
                    user.credential or "",
                    user.system,
                    scope,
                    resource,
                    action,
                    need.basis or "",
                    user,
                    (number, index),
                )


def users(inventory: Inventory) -> Iterator[Tool | Capability]:
    """Everything that acts with a credential: tools, then capabilities, by id."""
    for name in sorted(inventory.tools):
        yield inventory.tools[name]
    for name in sorted(inventory.capabilities):
        yield inventory.capabilities[name]
