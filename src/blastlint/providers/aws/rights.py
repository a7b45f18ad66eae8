"""What a principal of AWS may really do: allowed, not denied, and within its boundary."""

from __future__ import annotations

from blastlint.providers.aws.accounts import account_of
from blastlint.providers.aws.actions import fits, takes
from blastlint.providers.aws.patterns import Names
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.aws.policies import Condition, Policy, Statement
    from blastlint.source import Location

_PARTS = 24
"""Into how many parts Deny statements may cut a right; beyond that it only counts as guarded."""


@dataclass(frozen=True, slots=True, eq=False)
class Right:
    """Some actions on some resources."""

    actions: Names
    """Actions."""
    resources: Names
    """Resources."""
    conditions: tuple[Condition, ...]
    """What must be met."""
    location: Location
    """The line that allows it."""
    guards: tuple[str, ...] = ()
    """Context keys of Deny statements that may take it away."""

    @property
    def condition(self) -> str:
        """Its conditions, in words."""
        return in_words([each.words for each in self.conditions], self.guards)


def in_words(keys: Iterable[str], guards: Iterable[str] = ()) -> str:
    """Context keys of Allow and of Deny statements, in words; empty without any."""
    keys, guards = set(keys), set(guards)
    if not keys and not guards:
        return ""
    wanted, feared = ", ".join(sorted(keys)), ", ".join(sorted(guards))
    parts = [
        f"the condition on {wanted} is met" if wanted else "",
        f"no Deny by {feared} applies" if feared else "",
    ]
    return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Limits:
    """What takes rights away from a principal."""

    denies: tuple[Statement, ...] = ()
    """Deny statements without a condition."""
    guards: tuple[Statement, ...] = ()
    """Deny statements with one."""
    boundary: tuple[Right, ...] | None = None
    """What the permissions boundary allows; None without one."""


def allowed(policy: Policy, note: str) -> tuple[Right, ...]:
    """What the Allow statements of a policy say, each action and resource by itself."""
    return tuple(
        right for one in policy.statements if one.allow for right in _of_statement(one, note)
    )


def _of_statement(statement: Statement, note: str) -> Iterator[Right]:
    resources = list(_each(statement.resources, others=statement.other_resources, fold=False))
    for index, actions in enumerate(
        _each(statement.actions, others=statement.other_actions, fold=True)
    ):
        place = statement.place(index, note)
        for resource in resources:
            if not actions.plain or fits(actions.plain, resource.all_of[0]):
                yield Right(actions, resource, statement.conditions, place)


def _each(patterns: Sequence[str], *, others: bool, fold: bool) -> Iterator[Names]:
    if others:
        everything = Names(("*",), (), fold).without(patterns)
        yield from () if everything is None else (everything,)
    else:
        yield from (Names((each,), (), fold) for each in patterns)


def useless(statement: Statement) -> Iterator[tuple[str, str]]:
    """Actions of an Allow that can never be allowed on the resources it names."""
    if statement.allow and not (statement.other_actions or statement.other_resources):
        for action in statement.actions:
            if not any(fits(action, resource) for resource in statement.resources):
                yield action, ", ".join(statement.resources)


def asked_of_resources(actions: Names, resources: Names, own: str) -> Iterator[str]:
    """What policies of resources must allow as well, which no export of an account holds.

    A KMS key obeys the policies of its account only if its own policy says so; a resource of
    another account must let this one in.

    Args:
        actions: Actions that are allowed.
        resources: Resources that they are allowed on, with variables filled in.
        own: Number of the account of whoever is allowed; empty if it is not known.
    """
    action = actions.all_of[0].lower() if actions.all_of else ""
    if action.startswith("kms:") and takes(action, "key"):
        key = resources.plain or "the key"
        yield f"whether the policy of {key} leaves it to the policies of the account"
    homes = {account_of(each) for each in resources.all_of}
    if own and homes and all(each.isdecimal() and each != own for each in homes):
        yield f"whether the policy of {resources.text} lets in the account {own}"


def limited(rights: Iterable[Right], limits: Limits) -> tuple[Right, ...]:
    """Rights as far as nothing takes them away."""
    found = list(rights)
    if limits.boundary is not None:
        found = [part for each in found for part in _inside(each, limits.boundary)]
    if limits.denies:
        found = [part for each in found for part in _not_denied(each, limits.denies)]
    return tuple(_guarded(each, limits.guards) for each in found) if limits.guards else tuple(found)


def _inside(right: Right, boundary: Iterable[Right]) -> Iterator[Right]:
    for outer in boundary:
        actions = right.actions.shared_with(outer.actions)
        resources = right.resources.shared_with(outer.resources)
        if actions is not None and resources is not None:
            conditions = tuple(dict.fromkeys((*right.conditions, *outer.conditions)))
            guards = (*right.guards, *outer.guards)
            yield Right(actions, resources, conditions, right.location, guards)


def _not_denied(right: Right, denies: Iterable[Statement]) -> Sequence[Right]:
    parts = [right]
    for deny in denies:
        cut = [piece for part in parts for piece in _cut(part, deny)]
        if len(cut) > _PARTS:
            parts = [replace(each, guards=(*each.guards, "many statements")) for each in parts]
            break
        parts = cut
    return parts


def _cut(right: Right, deny: Statement) -> Iterator[Right]:
    """The right without what is denied: other actions on all of it, all actions on the rest."""
    if not touches(right, deny):
        yield right
        return
    for actions in _outside(right.actions, deny.actions, others=deny.other_actions):
        yield replace(right, actions=actions)
    for resources in _outside(right.resources, deny.resources, others=deny.other_resources):
        yield replace(right, resources=resources)


def touches(right: Right, statement: Statement) -> bool:
    """Whether a statement may speak of something in a right."""
    return _meets(right.actions, statement.actions, others=statement.other_actions) and _meets(
        right.resources, statement.resources, others=statement.other_resources
    )


def _meets(names: Names, patterns: Sequence[str], *, others: bool) -> bool:
    if others:
        return names.without(patterns) is not None
    return any(names.meets(each) for each in patterns)


def _outside(names: Names, patterns: Sequence[str], *, others: bool) -> Iterator[Names]:
    """The names that a clause leaves; a variable in a Deny is not known to fit."""
    if others:
        shared = (names.shared_with(Names((each,), (), names.fold)) for each in patterns)
        yield from (each for each in shared if each is not None)
        return
    left = names.without([each for each in patterns if "${" not in each])
    if left is not None:
        yield left


def _guarded(right: Right, guards: Iterable[Statement]) -> Right:
    keys = [one.keys for one in guards if touches(right, one)]
    return replace(right, guards=(*right.guards, *keys)) if keys else right


def whole(rights: Iterable[Right]) -> bool:
    """Whether rights are all actions on all resources, split over statements or not."""
    wide = [
        each.actions
        for each in rights
        if not each.condition and each.resources.text == "*" and each.actions.all_of
    ]
    for actions in wide:
        if actions.all_of == ("*",) and all(
            any(other is not actions and other.has(gap) for other in wide) for gap in actions.but
        ):
            return True
    return False
