"""What tools and capabilities need, one literal action at a time."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of, kind_of, state
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Capability, Need, Part, Tool
    from blastlint.reach.terms import Terms
    from blastlint.source import Location

    Cell = tuple[Part, str]
    """A part of an inventory, and the name of one of its fields."""


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


def half_stated(inventory: Inventory) -> Iterator[Tool]:
    """Yield the tools that do not state all that they need, or where, or with which credential."""
    return (tool for tool in inventory.tools.values() if _open_cell(tool) is not None)


def _open_cell(tool: Tool) -> Cell | None:
    """Return the first cell that is not stated of what a tool needs."""
    needs = ((need, name) for need in tool.requires or () for name in ("resources", "actions"))
    cells = ((tool, "requires"), (tool, "system"), (tool, "credential"), *needs)
    return next((cell for cell in cells if _is_open(*cell)), None)


def spot_of(tool: Tool) -> tuple[str | None, str | None]:
    """Return the credential and the system of a tool: empty if not stated, None if it has none."""
    credential = "" if _is_open(tool, "credential") else tool.credential
    return credential, "" if _is_open(tool, "system") else tool.system


def doubt(tool: Tool, system: str, resource: str, action: str, terms: Terms) -> Cell | None:
    """Return the cell that leaves open whether a tool needs an action; None: nothing does.

    What only reads needs nothing but reads, whatever else is open.
    """
    elsewhere = tool.system != system and not _is_open(tool, "system")
    if elsewhere or (tool.effect == "read" and terms.effect(resource, action) != "read"):
        return None
    needs = tool.requires or ()
    may = _is_open(tool, "requires") or any(_may_be(n, resource, action, terms) for n in needs)
    return _open_cell(tool) if may else None


def _may_be(need: Need, resource: str, action: str, terms: Terms) -> bool:
    there = any(terms.opens(one, resource) for one in need.resources or ())
    does = any(terms.covers(one, action) for one in need.actions or ())
    return (there or _is_open(need, "resources")) and (does or _is_open(need, "actions"))


def _is_open(part: Part, field: str) -> bool:
    return state(part, field) in {"missing", "unknown"}


def users(inventory: Inventory) -> Iterator[Tool | Capability]:
    """Everything that acts with a credential: tools, then capabilities, by id."""
    for name in sorted(inventory.tools):
        yield inventory.tools[name]
    for name in sorted(inventory.capabilities):
        yield inventory.capabilities[name]
