"""What a service can promise at best, and what takes several parts of it down at once."""

from __future__ import annotations

from math import prod

from blastlint.analyses.cells import unstated
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from blastlint.analyses.cells import Cell
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, Part

_DIGITS = 2
"""Digits of the time down that a rounded availability keeps."""


@dataclass(frozen=True, slots=True)
class SharedDomains:
    """Parts of an agent's service that fail together."""

    domains: Mapping[str, tuple[str, ...]]
    """Failure domain to the hard dependencies and fallbacks in it, where there are several."""
    missing: tuple[Cell, ...]
    """Cells that could name a further one."""


def ceiling(dependencies: Mapping[str, float]) -> Decimal:
    """Return the availability of something that needs all of its dependencies: their product.

    It is exact in the digits as they are written: 0.99 twice is 0.9801.

    Args:
        dependencies: dependency to its availability, 0 to 1.
    """
    from decimal import Decimal  # noqa: PLC0415 -- only an inventory with promises pays for it

    return prod((Decimal(str(share)) for share in dependencies.values()), start=Decimal(1))


def availability(share: Decimal) -> str:
    """Return an availability as people write it, never better than it is: `0.9935`, `0.999985`."""
    from decimal import ROUND_FLOOR, Decimal  # noqa: PLC0415 -- see above

    down = 1 - share
    places = max(_DIGITS, _DIGITS - 1 - down.adjusted()) if down else 0
    found = share.quantize(Decimal(1).scaleb(-places), ROUND_FLOOR)
    return f"{found.normalize():f}"


def shared_domains(inventory: Inventory, agent: Agent) -> SharedDomains:
    """Return the failure domains that several hard dependencies and fallbacks of an agent share.

    A dependency that is no system of the inventory has no domain that anybody could know.
    """
    found: dict[str, list[str]] = {}
    gaps: list[Cell] = []
    parts = _parts(inventory, agent)
    for name, (part, domain) in parts.items():
        if domain is not None:
            found.setdefault(domain, []).append(name)
        else:
            gaps += unstated(part, "failure_domain")
    return SharedDomains(
        {domain: tuple(found[domain]) for domain in sorted(found) if len(found[domain]) > 1},
        tuple(gaps) if len(parts) > 1 else (),
    )


def _parts(inventory: Inventory, agent: Agent) -> dict[str, tuple[Part, str | None]]:
    """Return what an agent's service stands on, by name, with what it fails together with."""
    names = (agent.slo.hard_dependencies if agent.slo else None) or {}
    systems = (inventory.systems[name] for name in names if name in inventory.systems)
    fallbacks = (inventory.fallbacks[name] for name in agent.fallbacks or ())
    found: dict[str, tuple[Part, str | None]] = {}
    found |= {f"system {one.id}": (one, one.failure_domain) for one in systems}
    found |= {f"fallback {one.id}": (one, one.failure_domain) for one in fallbacks}
    return found
