"""Tries one path of one principal on one target, and asks for everything that it takes."""

from __future__ import annotations

from blastlint.providers.aws.accounts import account_of
from blastlint.providers.aws.holders import Use, step, surest
from blastlint.providers.aws.paths import MAKE_PROFILE, boundary_removers
from blastlint.providers.aws.rights import whole
from blastlint.providers.aws.trust import by_service, way_in
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.aws.accounts import Account, Entity
    from blastlint.providers.aws.holders import Holder, Holders
    from blastlint.providers.aws.paths import Path
    from blastlint.providers.aws.patterns import Names
    from blastlint.providers.grants import Becoming

_EVERY = "arn:aws:iam::*:{kind}/*"
"""All of a kind, of whatever account: whoever has a policy of which the account is not known."""


class Attempts:
    """Answers for every path on which target a principal can do it."""

    __slots__ = ("_account", "_holders")

    def __init__(self, account: Account, holders: Holders) -> None:
        self._account = account
        self._holders = holders

    def on(self, holder: Holder, path: Path, target: Entity) -> list[Becoming]:
        """The step that a path is on one target; none if something is missing for sure."""
        if path.acting_on("target", "policy") and not _can_be_changed(holder, target):
            return []
        found = [*self._uses(holder, path, target)]
        uses = [use for use in found if use is not None]
        if len(uses) < len(found):
            return []
        uses += self._facts(holder, path, target, uses[0])
        known = target is not holder.entity and target.arn in self._account.entities
        via = f"{path.via} on {target.title}" if known else path.via
        if path.gives == "everything":
            return [step(holder.entity.arn, "*", via, uses, self.limit(target))]
        return [step(holder.entity.arn, target.arn, via, uses)]

    def _uses(self, holder: Holder, path: Path, target: Entity) -> Iterator[Use | None]:
        for action, acts_on in path.actions:
            if acts_on == "assume":
                yield way_in(holder, target)
            elif acts_on == "any":
                yield holder.use(action)
            else:
                ones = self._acted_on(acts_on, path, target)
                found = [holder.use(action, arn, path.services) for arn in ones]
                yield surest([use for use in found if use is not None])
        if path.services:
            yield by_service(target, path.services)
        if path.profile and not target.profiles:
            yield _profile(holder, path, target)

    def _acted_on(self, acts_on: str, path: Path, target: Entity) -> Sequence[str]:
        """ARNs of which one must be open to an action: of the target, its policies or groups."""
        if target.loose:
            kind = (path.holder or "role") if acts_on == "target" else acts_on
            return (_EVERY.format(kind=kind),)
        if acts_on == "target":
            return (target.arn,)
        owner = self._holders.of.get(target.arn)
        if owner is None:
            return ()
        groups = [group.arn for group in owner.groups]
        return groups if acts_on == "group" else [*_customer(owner.policies)]

    def changes(self, path: Path, target: Entity, on: Names) -> bool:
        """Whether a right to do a path to some resources is one to do it to a target."""
        mine = self._acted_on(path.actions[0][1], path, target)
        return not target.protected and any(map(on.has, mine))

    def _facts(self, holder: Holder, path: Path, target: Entity, use: Use) -> Iterator[Use]:
        """Facts that decide, and that the evidence does not hold."""
        facts = [path.fact.format(role=target.arn, user=target.arn)] if path.fact else []
        if target.loose:
            facts += [f"whether {holder.entity.arn} is of a {path.holder}"] if path.holder else []
            owned = path.acting_on("policy", "group")
            facts += [f"which groups and policies whoever has {target.arn} has"] if owned else []
        elif target.arn not in self._account.entities:
            many = "*" in target.arn or "?" in target.arn
            there = f"which {target.kind}s there are" if many else f"whether there is {target.arn}"
            facts.append(there)
        if facts:
            yield Use(use.location, needs=tuple(facts))

    def limit(self, target: Entity) -> str:
        """What still holds a principal back that may rewrite its own policies."""
        owner = self._holders.of.get(target.arn)
        if owner is None:
            return ""
        words = []
        boundary = owner.limits.boundary
        ways_out = [owner.use(each, target.arn) for each in boundary_removers(target.kind)]
        if boundary is not None and not whole(boundary) and not any(ways_out):
            words.append(f"only as far as the boundary {target.boundary} allows")
        if owner.limits.denies:
            words.append("except what its policies deny")
        return "; ".join(words)


def _can_be_changed(holder: Holder, target: Entity) -> bool:
    """Whether a target is neither AWS's own nor of another account, where it can but be assumed."""
    home = target.account
    abroad = home.isdecimal() and not holder.loose and home != holder.entity.account
    return not (target.protected or abroad)


def over(holder: Holder, path: Path, names: Names) -> list[Use]:
    """What it takes to do a path to all that a pattern names; empty if it cannot be done."""
    found: list[Use | None] = []
    for action, acts_on in path.actions:
        ways = holder.ways(action, path.services)
        whole_crowd = acts_on in {"target", "assume"}
        if acts_on not in {"target", "assume", "any"}:
            return []
        fitting = [use for on, use in ways if not whole_crowd or any(map(on.has, names.all_of))]
        found.append(surest(fitting))
    uses = [use for use in found if use is not None]
    return uses if len(uses) == len(found) else []


def profile_maker(holder: Holder, path: Path) -> list[Use]:
    """What it takes to put a role into an instance profile; empty if it cannot be done."""
    if not path.acting_on("target"):
        return []
    found = [holder.use(action) for action in MAKE_PROFILE]
    uses = [use for use in found if use is not None]
    return uses if len(uses) == len(found) else []


def _profile(holder: Holder, path: Path, target: Entity) -> Use | None:
    """The right to put a role into an instance profile, or what is not known of its profiles."""
    made = profile_maker(holder, path)
    if made:
        keys = tuple(key for use in made for key in use.keys)
        guards = tuple(key for use in made for key in use.guards)
        return replace(made[0], keys=keys, guards=guards)
    if target.profiles is None:
        needs = (f"whether an instance profile carries {target.arn}",)
        return Use(target.location, needs=needs)
    return None


def _customer(arns: Sequence[str]) -> Iterator[str]:
    """Managed policies that can be rewritten: those of AWS itself cannot."""
    return (arn for arn in arns if account_of(arn) != "aws")
