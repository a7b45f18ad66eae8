"""Profiles: judged once by every rule, an inventory is settled under each profile for itself."""

from __future__ import annotations

from blastlint.finding import settle
from blastlint.judge import draft, tell
from blastlint.rules import PROFILES, SEVERITIES
from blastlint.selection import asked
from blastlint.values import replace
from blastlint.waivers import accept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from blastlint.analyses.cells import Cell
    from blastlint.expression import Budget
    from blastlint.finding import Finding
    from blastlint.judge import Draft
    from blastlint.rules import Profile, Rule, Severity
    from blastlint.subjects import Facts


LATE = frozenset({"waiver", "known_finding"})
"""What is judged when all else is: whether an exception still has something to except."""


class Docket:
    """An inventory, judged once by the rules of all profiles."""

    def __init__(
        self, facts: Facts, rules: Sequence[Rule], left_out: Collection[str], budget: Budget
    ) -> None:
        """Judge an inventory.

        Args:
            facts: what to judge.
            rules: what to judge by, whatever profile asks for it.
            left_out: ids of the rules that do not judge under any profile.
            budget: what all conditions of a run may spend together.

        Raises:
            InputError: a rule takes more steps than are left.
        """
        self.facts = facts
        self.rules = rules
        self.left_out = frozenset(left_out)
        self.budget = budget
        facts.unwaivable = frozenset(rule.id for rule in rules if not rule.waivable)
        self._drafts = tuple(draft(_of(rules, late=False), facts, budget))
        self._settled: dict[Profile, tuple[Draft, ...]] = {}

    def findings(self, profile: Profile) -> tuple[Finding, ...]:
        """Return what a profile finds, in no order.

        Raises:
            InputError: a rule takes more steps than are left.
        """
        return tuple(tell(one, self.facts, self.budget) for one in self.settled(profile))

    def passes(self) -> Profile | None:
        """Return the highest profile that may launch, as may all below it; none: none may.

        Raises:
            InputError: a rule takes more steps than are left.
        """
        highest: Profile | None = None
        for profile in PROFILES:
            if settle(self.settled(profile)) in {"blocked", "cannot-tell"}:
                break
            highest = profile
        return highest

    def settled(self, profile: Profile) -> tuple[Draft, ...]:
        """Return what a profile asks for: folded, with what is accepted, and the waivers judged.

        A waiver of a rule that did not judge is neither used nor unused.
        """
        if profile not in self._settled:
            self._settled[profile] = self._settle(profile)
        return self._settled[profile]

    def _settle(self, profile: Profile) -> tuple[Draft, ...]:
        facts, waivers = self.facts, self.facts.inventory.waivers.values()
        asked_for = self._asked(self._drafts, profile)
        found, facts.accepted = accept(asked_for, waivers, facts.as_of, facts.unwaivable)
        facts.found = frozenset((one.rule.id, str(one.subject.id)) for one in found)
        silent = self.left_out.union(rule.id for rule in self.rules if not asked(rule, profile))
        about = draft(_of(self.rules, late=True), facts, self.budget)
        told = (one for one in about if one.subject.value.rule not in silent)
        return (*found, *self._asked(told, profile))

    def _asked(self, drafts: Iterable[Draft], profile: Profile) -> Iterator[Draft]:
        """Yield the drafts that a profile asks for, as grave as it says, folded."""
        said = self.facts.inventory.policy.rules
        own = (one for one in drafts if asked(one.rule, profile))
        return _fold([one if one.rule.id in said else _graded(one, profile) for one in own])


def _of(rules: Iterable[Rule], *, late: bool) -> Iterator[Rule]:
    """Yield the rules that judge what is known last, or all others."""
    return (rule for rule in rules if (rule.each in LATE) is late)


def _graded(one: Draft, profile: Profile) -> Draft:
    severity = one.rule.severity_in.get(profile)
    return one if severity is None else replace(one, severity=severity)


def _fold(drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Yield the drafts, those in doubt about one cell folded into one."""
    heads = {cell for one in drafts if one.subject.id.kind == "cell" for cell in one.cells}
    groups: dict[Cell, list[Draft]] = {}
    for one in drafts:
        if one.certainty == "certain" or not one.cells:
            yield one
            continue
        cause = next((cell for cell in one.cells if cell in heads), one.cells[0])
        groups.setdefault(cause, []).append(one)
    for group in groups.values():
        yield group[0] if len(group) == 1 else _folded(sorted(group, key=_rank))


def _rank(one: Draft) -> tuple[bool, int, str, str]:
    asks = one.subject.id.kind == "cell"
    return (not asks, SEVERITIES.index(one.severity), one.rule.id, str(one.subject.id))


def _folded(group: Sequence[Draft]) -> Draft:
    """The first of a group, as grave as the gravest: what cannot be judged is not made light."""
    head = group[0]
    worst: Severity = min((one.severity for one in group), key=SEVERITIES.index)
    return replace(
        head,
        severity=worst,
        agents=tuple(sorted({agent for one in group for agent in one.agents})),
        folded=tuple(sorted({one.rule.id for one in group[1:]} - {head.rule.id})),
    )
