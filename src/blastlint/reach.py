"""What an agent can reach: grants and what they let one become, closed under a least fixed point."""

from __future__ import annotations

from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from blastlint.source import Location


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a blast path."""

    source: str
    """Where it starts, as `KIND ID` in words."""
    target: str
    """Where it ends."""
    edge: str
    """Kind of step: binds, ambient, uses, acts-as, becomes, grants, propagates, delegates."""
    why: str
    """A few words that make the step a sentence: `refund-agent may call stripe.refund.create`."""
    location: Location | None
    """The line that makes it true; none for what nobody wrote (an implicit group)."""
    certainty: Literal["proven", "conditional", "needs-fact"]
    """Whether the step holds."""


@dataclass(frozen=True, slots=True)
class BlastPath:
    """The weakest way from an agent to an action on a system."""

    agent: str
    """Agent id."""
    certainty: Literal["proven", "conditional", "needs-fact"]
    """The weakest link."""
    reach: Literal["direct", "latent"]
    """direct: by the tools as they are; latent: only if the tool host is compromised."""
    gates: tuple[str, ...]
    """Human gates on the way, by id."""
    hops: tuple[Hop, ...]
    """Steps, from the agent on."""
    needs: tuple[str, ...] = ()
    """Missing facts and conditions on the way, in words."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The cheapest change that closes a path."""

    remove: tuple[str, ...]
    """What to take away, in words."""
    closes: int
    """How many undeclared (system, resource) pairs it closes."""
