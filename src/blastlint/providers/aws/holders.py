"""Principals of AWS with their rights: whether each may do this to that, and on what it hangs."""

from __future__ import annotations

from functools import lru_cache

from blastlint.providers.aws.accounts import account_of
from blastlint.providers.aws.paths import needed
from blastlint.providers.aws.patterns import Names
from blastlint.providers.aws.rights import Limits, allowed, in_words, limited, whole
from blastlint.providers.grants import Becoming
from blastlint.providers.wildcards import covers, overlaps
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.providers.aws.accounts import Account, Entity
    from blastlint.providers.aws.policies import Condition, Policy, Statement
    from blastlint.providers.aws.rights import Right
    from blastlint.providers.grants import EdgeCertainty
    from blastlint.source import Location

_PASSED_TO = "iam:passedtoservice"
_USERNAME = "aws:username"
"""Only a user has one, and it names that user."""
_EQUALS = ("stringequals", "stringlike", "stringequalsignorecase")


@dataclass(frozen=True, slots=True)
class Use:
    """That a principal may do something, and what that hangs on."""

    location: Location
    """The line that allows it."""
    keys: tuple[str, ...] = ()
    """Context keys of the conditions that must be met."""
    guards: tuple[str, ...] = ()
    """Context keys of the denials that must not apply."""
    needs: tuple[str, ...] = ()
    """Facts that are missing."""

    @property
    def doubt(self) -> tuple[int, int]:
        """How far it is from being sure; the smallest is the surest."""
        return len(self.needs), len(self.keys) + len(self.guards)

    @property
    def condition(self) -> str:
        """What it depends on, in words."""
        return in_words(self.keys, self.guards)


def surest(uses: Sequence[Use]) -> Use | None:
    """The surest of some ways; None if there is no way."""
    return min(uses, key=lambda use: use.doubt, default=None)


def step(holder: str, principal: str, via: str, uses: Sequence[Use], limit: str = "") -> Becoming:
    """What somebody becomes by all of some uses, with what each of them hangs on."""
    needs = [fact for use in uses for fact in use.needs]
    keys = [key for use in uses for key in use.keys]
    guards = [key for use in uses for key in use.guards]
    words = "; ".join(dict.fromkeys(filter(None, (*needs, in_words(keys, guards), limit))))
    certainty: EdgeCertainty = "needs-fact" if needs else "conditional" if words else "proven"
    return Becoming(holder, principal, via, uses[0].location, certainty, words)


@dataclass(slots=True, eq=False)
class Holder:
    """A user, group or role with everything that it may do."""

    entity: Entity
    """Who it is."""
    rights: tuple[Right, ...]
    """What it may do."""
    limits: Limits
    """What takes rights away from it."""
    needs: tuple[str, ...] = ()
    """Facts that are missing about all of its rights."""
    groups: tuple[Entity, ...] = ()
    """Groups that it is in."""
    policies: tuple[str, ...] = ()
    """ARNs of the managed policies that apply to it."""
    _by_action: dict[str, list[Right]] | None = None

    @property
    def loose(self) -> bool:
        """Whether it is a policy that stands alone."""
        return self.entity.loose

    @property
    def everything(self) -> bool:
        """Whether it may surely do anything in its account."""
        return not self.needs and whole(self.rights)

    def able(self, action: str) -> Sequence[Right]:
        """Its rights to an action that some derivation needs, on whatever resource."""
        return self.abilities.get(action, ())

    @property
    def abilities(self) -> Mapping[str, Sequence[Right]]:
        """Its rights by action, as far as some derivation needs the action."""
        if self._by_action is None:
            self._by_action = {}
            for right in self.rights:
                for each in _of_use(right.actions):
                    self._by_action.setdefault(each, []).append(right)
        return self._by_action

    def use(self, action: str, resource: str = "", services: Sequence[str] = ()) -> Use | None:
        """The surest way in which it may do something to a resource, or to some resource."""
        ways = self.ways(action, services)
        return surest([use for on, use in ways if not resource or on.has(resource)])

    def ways(self, action: str, services: Sequence[str] = ()) -> list[tuple[Names, Use]]:
        """On which resources it may do something, each with what that hangs on."""
        found = []
        for right in self.able(action):
            keys = _left(right.conditions, services)
            resources, variables = bound(right.resources, self.entity)
            if keys is not None and _USERNAME not in map(str.lower, variables):
                use = Use(right.location, (*keys, *variables), right.guards, self.needs)
                found.append((resources, use))
        return found

    def denied(self, action: str, resource: str) -> bool:
        """Whether a Deny without condition forbids it."""
        return any(_speaks_of(one, action, resource) for one in self.limits.denies)

    def guards(self, action: str, resource: str) -> tuple[str, ...]:
        """Context keys of the Deny statements with a condition that may forbid it."""
        return tuple(one.keys for one in self.limits.guards if _speaks_of(one, action, resource))

    def within_boundary(self, action: str, resource: str) -> bool:
        """Whether its permissions boundary, if it has one, allows it."""
        boundary = self.limits.boundary
        return boundary is None or any(
            right.actions.has(action) and right.resources.has(resource) for right in boundary
        )


@lru_cache(maxsize=65536)
def _of_use(actions: Names) -> tuple[str, ...]:
    """Actions in a set that some derivation needs."""
    return tuple(action for action in needed() if actions.has(action))


def _speaks_of(statement: Statement, action: str, resource: str) -> bool:
    actions = [each.lower() for each in statement.actions]
    return _named(actions, action.lower(), others=statement.other_actions) and _named(
        statement.resources, resource, others=statement.other_resources
    )


def _named(patterns: Sequence[str], name: str, *, others: bool) -> bool:
    return others != any(covers(each, name) for each in patterns)


def _left(conditions: Sequence[Condition], services: Sequence[str]) -> tuple[str, ...] | None:
    """Context keys that stay open; None if a condition cannot be met with these services."""
    open_keys = []
    for each in conditions:
        met = _passes(each, services) if services and each.key.lower() == _PASSED_TO else None
        if met is False:
            return None
        if met is None:
            open_keys.append(each.words)
    return tuple(open_keys)


def _passes(condition: Condition, services: Sequence[str]) -> bool | None:
    """Whether a role may be passed to one of the services; None if the operator is another."""
    operator = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    named = [one for one in services for value in condition.values if overlaps(value, one)]
    if operator in _EQUALS:
        return bool(named)
    if operator in {"stringnotequals", "stringnotlike"}:
        return len(set(named)) < len(services)
    return None


def bound(resources: Names, entity: Entity) -> tuple[Names, tuple[str, ...]]:
    """Resources with the variables filled in that are known, and the names of the others."""
    if "${" not in resources.text:
        return resources, ()
    unknown: list[str] = []
    wide = tuple(_filled(each, entity, unknown) for each in resources.all_of)
    sure = len(unknown)
    but = tuple(_filled(each, entity, unknown) for each in resources.but)
    kept = but if len(unknown) == sure else ()
    return Names(wide, kept, resources.fold), tuple(dict.fromkeys(unknown))


def _filled(pattern: str, entity: Entity, unknown: list[str]) -> str:
    parts = pattern.split("${")
    done = parts[0]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        if name.lower() == _USERNAME and entity.kind == "user":
            done += entity.name + rest
        elif name in {"*", "?", "$"}:
            done += name + rest
        else:
            unknown.append(name)
            done += "*" + rest
    return done


class Holders:
    """Every principal of the evidence, made from its policies."""

    __slots__ = ("_account", "_limited", "_said", "all", "of")

    def __init__(self, account: Account) -> None:
        self._account = account
        self._said: dict[int, tuple[Right, ...]] = {}
        self._limited: dict[tuple[object, ...], tuple[tuple[Right, ...], Limits]] = {}
        self.all = [self._holder(entity) for entity in account.entities.values()]
        """All of them, in file order."""
        self.of = {each.entity.arn: each for each in self.all}
        """By ARN."""

    def _holder(self, entity: Entity) -> Holder:
        groups = self._account.groups_of(entity)
        owned = [policy for one in (entity, *groups) for policy in self.policies(one)]
        boundary, needs = self._boundary(entity)
        key = (*(id(policy) for policy in owned), boundary and id(boundary))
        if key not in self._limited:  # most principals share their policies with others
            limits = self._limits(owned, boundary)
            rights = [right for policy in owned for right in self.rights(policy)]
            self._limited[key] = limited(rights, limits), limits
        rights_left, limits = self._limited[key]
        arns = tuple(arn for one in (entity, *groups) for arn in one.attached)
        return Holder(entity, rights_left, limits, needs, groups, arns)

    def _limits(self, policies: Sequence[Policy], boundary: Policy | None) -> Limits:
        sources = [*policies, *([boundary] if boundary else [])]
        denying = [one for policy in sources for one in policy.statements if not one.allow]
        return Limits(
            tuple(one for one in denying if _unconditional(one)),
            tuple(one for one in denying if not _unconditional(one)),
            self.rights(boundary) if boundary else None,
        )

    def policies(self, entity: Entity) -> Iterator[Policy]:
        """The policies of a user, group or role itself that are known."""
        yield from entity.inline
        for arn in entity.attached:
            managed = self._account.managed.get(arn)
            if managed is not None:
                yield managed.default

    def rights(self, policy: Policy) -> tuple[Right, ...]:
        """What the Allow statements of a policy say."""
        key = id(policy)
        if key not in self._said:
            self._said[key] = allowed(policy, policy.title)
        return self._said[key]

    def _boundary(self, entity: Entity) -> tuple[Policy | None, tuple[str, ...]]:
        if not entity.boundary:
            return None, ()
        managed = self._account.managed.get(entity.boundary)
        if managed is not None:
            return managed.default, ()
        return None, (f"what the permissions boundary {entity.boundary} allows",)

    def older(self, holder: Holder) -> Iterator[tuple[str, Policy]]:
        """Versions of its managed policies that are not the default, with the ARN of each."""
        for arn in holder.policies:
            if arn in self._account.managed and account_of(arn) != "aws":
                yield from ((arn, each) for each in self._account.managed[arn].others)


def _unconditional(statement: Statement) -> bool:
    return not statement.keys
