"""Which rules judge an inventory: the built-in ones, its packs', and what people select."""

from __future__ import annotations

import os

from blastlint.inventory.discovery import included
from blastlint.rules import PROFILES, SEVERITIES, load_rules
from blastlint.source import InputError, Problem, did_you_mean, shown
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from blastlint.inventory.loading import Inventory
    from blastlint.rules import Pack, Profile, Rule, Severity
    from blastlint.source import Location, Root

_LISTED = "blastlint rules lists them"


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that a run is limited to."""

    select: Sequence[str] = ()
    """Ids of the only rules that judge; none: all of them."""
    ignore: Sequence[str] = ()
    """Ids of rules that do not."""

    @property
    def is_limited(self) -> bool:
        """Whether it leaves any rule out."""
        return bool(self.select or self.ignore)

    def takes(self, rule: str) -> bool:
        """Return whether a rule judges."""
        return (not self.select or rule in self.select) and rule not in self.ignore

    def check(self, known: Collection[str]) -> None:
        """Refuse the names of rules that do not exist.

        Raises:
            InputError: with every such name.
        """
        wrong = [name for name in (*self.select, *self.ignore) if name not in known]
        if wrong:
            raise InputError(*(_no_such_rule(name, known) for name in wrong))


def rules_of(inventory: Inventory, packs: Sequence[Pack]) -> tuple[Rule, ...]:
    """Return the rules of an inventory: built-in, of the run's packs, of its policy's packs.

    Raises:
        InputError: a pack cannot be read, or the policy names a rule that does not exist.
    """
    policy = inventory.authority.policy
    named = {os.path.realpath(pack) if isinstance(pack, str) else _path(*pack) for pack in packs}
    own = [(root, pack) for root, pack in _own(inventory) if _path(root, pack) not in named]
    rules = load_rules((*packs, *own))
    known = {rule.id for rule in rules}
    wrong = [name for name in policy.rules if name not in known]
    if wrong:
        problems = (_no_such_rule(name, known, policy.at("rules", name)) for name in wrong)
        raise InputError(*problems)
    return rules


def left_out(rules: Iterable[Rule], inventory: Inventory, selection: Selection) -> frozenset[str]:
    """Return the ids of the rules that judge an inventory under no profile."""
    off = {*switched_off(inventory), *(r.id for r in rules if not selection.takes(r.id))}
    return frozenset(off)


def switched_off(inventory: Inventory) -> tuple[str, ...]:
    """Return the ids of the rules that an inventory's policy switches off, sorted."""
    return tuple(sorted(name for name, said in inventory.policy.rules.items() if said == "off"))


def lowered(rules: Iterable[Rule], inventory: Inventory) -> tuple[str, ...]:
    """Return the ids of the rules that an inventory's policy makes less grave, sorted."""
    said = inventory.policy.rules
    graded = (rule for rule in rules if said.get(rule.id, "off") != "off")
    less = (r.id for r in graded if SEVERITIES.index(said[r.id]) > SEVERITIES.index(_gravest(r)))
    return tuple(sorted(less))


def _gravest(rule: Rule) -> Severity:
    """Return the worst severity that a rule's own words give it."""
    said = (rule.severity, *(severity for severity, _ in rule.speech.severity_if))
    return min((*said, *rule.severity_in.values()), key=SEVERITIES.index)


def asked(rule: Rule, profile: Profile) -> bool:
    """Return whether a profile asks for a rule."""
    return PROFILES.index(rule.profile) <= PROFILES.index(profile)


def _no_such_rule(name: str, known: Collection[str], place: Location | None = None) -> Problem:
    return Problem(f"there is no rule '{name}'", place, did_you_mean(name, known) or _LISTED)


def _own(inventory: Inventory) -> list[tuple[Root, str]]:
    """Return where the packs lie that an inventory's policy names.

    Raises:
        InputError: one is no folder, or lies outside of what encloses the inventory.
    """
    found: list[tuple[Root, str]] = []
    problems: list[Problem] = []
    for index, pack in enumerate(inventory.authority.policy.packs):
        try:
            found.append(_folder(inventory, pack))
        except InputError as error:
            place = inventory.authority.policy.at("packs", index)
            problems += (replace(problem, location=place) for problem in error.problems)
    if problems:
        raise InputError(*problems)
    return found


def _folder(inventory: Inventory, pack: str) -> tuple[Root, str]:
    root, folder = included(inventory.authority.place, pack)
    if not root.is_directory(folder):
        message = f"there is no folder {shown(pack)}"
        raise InputError(Problem(message, help="a pack is a folder with rule files, and no link"))
    return root, folder


def _path(root: Root, folder: str) -> str:
    """Return where a pack lies, be it read from the disk or from git."""
    return os.path.normpath(os.path.join(root.origin, folder))
