"""What principals of AWS can become, after the table of published paths."""

from __future__ import annotations

from blastlint.providers.aws.accounts import Entity, account_of
from blastlint.providers.aws.attempts import Attempts, over, profile_maker
from blastlint.providers.aws.crowds import Crowd, Crowds
from blastlint.providers.aws.holders import Use, step
from blastlint.providers.aws.joints import joints
from blastlint.providers.aws.outsiders import outsiders
from blastlint.providers.aws.paths import ASSUME, NEW_DEFAULT, paths, stores
from blastlint.providers.aws.patterns import Names
from blastlint.providers.aws.rights import whole
from blastlint.providers.aws.trust import Trusts
from blastlint.providers.wildcards import overlaps
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.providers.aws.accounts import Account
    from blastlint.providers.aws.holders import Holder, Holders
    from blastlint.providers.aws.outsiders import Outside
    from blastlint.providers.aws.paths import Path, Store
    from blastlint.providers.grants import Becoming, Joint
    from blastlint.source import Location

FEW = 20
"""So many targets of one path are told one by one; more are told as a crowd."""

_ANY = Names(("*",))
_CERTAINTIES = ("proven", "conditional", "needs-fact")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom the principals of an account become."""

    becomings: tuple[Becoming, ...]
    shares: tuple[Becoming, ...]
    """Who can make one of several calls."""
    joints: tuple[Joint, ...]
    """What several calls lead to."""
    outside: Outside
    """What the trust policies leave open."""


def becomings(account: Account, holders: Holders) -> Reach:
    """Whom the principals of an account become, alone and with others."""
    walk = _Walk(account, holders)
    found: list[Becoming] = []
    for holder in holders.all:
        if not holder.everything:
            found += walk.of(holder)
    shares, together = joints(holders.all, walk.attempts, walk.along)
    found += walk.crowds.becomings(walk.used)
    outside = outsiders(account.of_kind("role"), account.entities)
    return Reach(
        tuple(dict.fromkeys([*found, *outside.becomings])),
        tuple(dict.fromkeys(shares)),
        tuple(dict.fromkeys(together)),
        outside,
    )


class _Walk:
    """Tries every path for one principal after the other."""

    __slots__ = (
        "_account",
        "_accounts",
        "_holders",
        "_paths",
        "_trusts",
        "attempts",
        "crowds",
        "used",
    )

    def __init__(self, account: Account, holders: Holders) -> None:
        self._account = account
        self._holders = holders
        self._trusts = Trusts(account.of_kind("role"))
        self.attempts = Attempts(account, holders)
        self._accounts = {each.account for each in account.entities.values()} - {""}
        self.crowds = Crowds(account, self._trusts)
        self.used: dict[Crowd, None] = {}
        self._paths = [
            (path, {action for action, on in path.actions if on != "assume"}) for path in paths()
        ]
        """Every path, and what one must be able to do on something to take it."""

    def of(self, holder: Holder) -> Iterator[Becoming]:
        """Everything that a principal becomes."""
        abilities = holder.abilities.keys()
        kinds = {"", holder.entity.kind}
        for path, actions in self._paths:
            if actions <= abilities and (holder.loose or path.holder in kinds):
                yield from self.along(holder, path)
        yield from self._older_versions(holder)
        for store in stores():
            yield from _stored(holder, store)

    def along(self, holder: Holder, path: Path) -> Iterable[Becoming]:
        """What a principal becomes along one path."""
        if path.target == "self":
            return self.attempts.on(holder, path, holder.entity)
        if path.gives == "everything":
            return self._surest(holder, path)
        return self._each(holder, path)

    def _surest(self, holder: Holder, path: Path) -> list[Becoming]:
        """The surest way to everything; one target is as good as another."""
        found: list[Becoming] = []
        members = (one for aim in self._aims(holder, path) for one in self._members(holder, aim))
        for one in members:
            found += self.attempts.on(holder, path, one)
            if found and (path.fact or found[-1].certainty == "proven" or len(found) > FEW):
                break  # it does not get surer, or it has been looked at long enough
        return sorted(found, key=_doubt)[:1]

    def _each(self, holder: Holder, path: Path) -> Iterator[Becoming]:
        """A step to every target, or to a crowd of many."""
        done: set[str] = set()
        for aim in self._aims(holder, path):
            members = self._members(holder, aim)
            if isinstance(aim, Crowd) and len(members) > FEW:
                uses = over(holder, path, aim.names)
                if uses:
                    yield self._to_crowd(holder, path, aim, uses)
                    continue
            for one in members:
                if one.arn not in done:
                    done.add(one.arn)
                    yield from self.attempts.on(holder, path, one)

    def _members(self, holder: Holder, aim: Entity | Crowd) -> list[Entity]:
        members = [one for one, _ in self.crowds.members(aim)] if isinstance(aim, Crowd) else [aim]
        own = (holder.entity, *holder.groups)
        return [one for one in members if one not in own]

    def _to_crowd(self, holder: Holder, path: Path, crowd: Crowd, uses: list[Use]) -> Becoming:
        self.used[crowd] = None
        if path.fact:
            fact = path.fact.format(role="one of them", user="one of them")
            uses.append(Use(uses[0].location, needs=(fact,)))
        made = profile_maker(holder, path) if path.profile else []
        return step(holder.entity.arn, crowd.name, f"{path.via} on any of them", [*uses, *made])

    # --- on whom --------------------------------------------------------------------------------

    def _aims(self, holder: Holder, path: Path) -> Iterator[Entity | Crowd]:
        """On whom a path may work, before everything is asked that it takes."""
        chosen = path.acting_on("target")
        if path.acting_on("assume"):  # few let one in, however many one may change
            yield from self._trusts.naming(holder)
            yield from self._named(holder, path, ASSUME)
        elif chosen:
            yield from self._named(holder, path, chosen[0])
        elif holder.loose:
            yield _stranger(path.target, "*", holder.able(path.actions[0][0])[0].location)
        else:
            yield self._crowd(holder, path, _ANY)

    def _named(self, holder: Holder, path: Path, action: str) -> Iterator[Entity | Crowd]:
        """Those whom the rights to an action name."""
        ways = dict(holder.ways(action, path.services))
        for names, use in ways.items():
            pattern = names.all_of[0]
            if not _is_of(path.target, names):
                continue
            known = self._account.entities.get(names.plain)
            if known is not None:
                yield known
            elif names.plain or holder.loose or self._is_foreign(pattern):
                yield _stranger(path.target, pattern, use.location)
            else:
                yield self._crowd(holder, path, names)

    def _is_foreign(self, pattern: str) -> bool:
        """Whether a pattern names those of an account that is not known."""
        number = account_of(pattern)
        return number.isdecimal() and number not in self._accounts

    def _crowd(self, holder: Holder, path: Path, names: Names) -> Crowd:
        return Crowd(
            names,
            path.target,
            holder.entity.account,
            path.services,
            trusting=bool(path.acting_on("assume")),
            profiled=path.profile and not profile_maker(holder, path),
        )

    # --- outside the table ----------------------------------------------------------------------

    def _older_versions(self, holder: Holder) -> Iterator[Becoming]:
        """Bring back a version of an attached policy that allows everything."""
        for arn, policy in self._holders.older(holder):
            use = holder.use(NEW_DEFAULT, arn)
            if use is not None and whole(self._holders.rights(policy)):
                via = f"make {policy.title} the default version ({NEW_DEFAULT})"
                yield step(holder.entity.arn, "*", via, [use], self.attempts.limit(holder.entity))


def _doubt(one: Becoming) -> int:
    return _CERTAINTIES.index(one.certainty)


def _is_of(kind: str, names: Names) -> bool:
    """Whether some name of a pattern may be of a kind."""
    return all(overlaps(f"arn:*:iam::*:{kind}/*", each) for each in names.all_of)


def _stranger(kind: str, pattern: str, place: Location) -> Entity:
    """Somebody whom the evidence does not define."""
    arn = pattern if f":{kind}/" in pattern else f"arn:aws:iam::*:{kind}/*"
    return Entity(kind, arn, arn, place)


def _stored(holder: Holder, store: Store) -> Iterator[Becoming]:
    """Read a credential of somebody else, one step for each place that holds some."""
    found: dict[str, tuple[list[str], Use]] = {}
    for action in store.actions:
        for names, use in holder.ways(action):
            if all(overlaps(store.pattern, each) for each in names.all_of):
                arn = store.pattern if names.all_of == ("*",) else names.all_of[0]
                found.setdefault(arn, ([], use))[0].append(action)
    for arn, (actions, use) in found.items():
        via = f"read a {store.what} ({', '.join(dict.fromkeys(actions))})"
        fact = Use(use.location, needs=(f"whose credential {arn} holds",))
        yield step(holder.entity.arn, arn, via, [use, fact])
