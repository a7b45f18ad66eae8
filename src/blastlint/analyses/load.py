"""What repeats cost and look like: one run in three views, expected attempts, money, load.

A run is told in three units. A *task* is what the user asked for, a *step* is one thing that the
agent did for it, an *attempt* is one call that somebody bills. The same run is one success, some
failures and many bills, and all three are right.
"""

from __future__ import annotations

from math import inf
from math import pow as power

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.analyses.attempts import Layer, Stage

_DIGITS = 12
"""Digits after the point that a quotient is good for: 1.1 is not 1.0999999999999999."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an agent did in a run."""

    name: str
    attempts: float
    """Attempts, the first one included."""
    succeeded: bool
    """True if the last of them succeeded; the others failed."""

    @property
    def failed(self) -> float:
        """Attempts that failed."""
        return self.attempts - 1 if self.succeeded else self.attempts


@dataclass(frozen=True, slots=True)
class Count:
    """How many of some unit there were, and how many of them failed."""

    total: float
    failed: float

    @property
    def error_rate(self) -> float:
        """Share that failed, 0 to 1."""
        if self.total == inf:
            return 1.0 if self.failed == inf else 0.0
        return self.failed / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Views:
    """One run as product, operations and finance see it."""

    tasks: Count
    steps: Count
    attempts: Count

    @property
    def billed(self) -> float:
        """Attempts that are paid for: all of them."""
        return self.attempts.total


def views(run: Sequence[Step]) -> Views:
    """Return the three views of one run; its task succeeds if its last step did."""
    lost = 0 if run and run[-1].succeeded else 1
    return Views(
        Count(1, lost),
        Count(len(run), sum(not step.succeeded for step in run)),
        Count(sum(step.attempts for step in run), sum(step.failed for step in run)),
    )


def expected_attempts(layers: Iterable[Layer], failing: float) -> float | None:
    """Return the attempts to expect of one intent: (1 - p^n) / (1 - p) for n attempts.

    What one layer gives up on, the next one tries again: nested layers of which every failure is
    repeated come to as many attempts as one layer with their product. None if a count is missing.

    Args:
        layers: the layers that repeat.
        failing: probability p that an attempt fails, each independent of the others.
    """
    attempts: float = 1
    for layer in layers:
        most = layer.most()
        if most is None:
            return None
        attempts *= most
    if failing == 1:
        return attempts
    return round((1 - power(failing, attempts)) / (1 - failing), _DIGITS)


def run_cost(attempts: float, each: float, asks: float = 0, asking: float = 0) -> float:
    """Return what attempts cost, and the inference of each time that a planner asked for them."""
    return attempts * each + asks * asking


def load_factor(attempts: float | None, budget: float | None = None) -> float | None:
    """Return how many times the usual load falls on a dependency that fails.

    A client that may spend a share of its calls on retries never sends more than 1 + that share,
    however many layers it has.
    """
    capped = inf if budget is None else 1 + budget
    if attempts is None:
        return None if capped == inf else capped
    return min(attempts, capped)


def expected_asks(made: Sequence[Stage], layers: Sequence[Layer], failing: float) -> float | None:
    """Return how often to expect that the planner asks for one call.

    It asks again once every layer inside it has given up.

    Args:
        made: the call as it looks from outside each of the layers.
        layers: the layers, the innermost first.
        failing: probability that an attempt fails.
    """
    names = [layer.name for layer in layers]
    if "planner" not in names:
        return 1.0
    index = names.index("planner")
    inside = made[index].attempts
    return None if inside is None else expected_attempts([layers[index]], power(failing, inside))
