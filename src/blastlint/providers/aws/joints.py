"""Ways that take several calls of AWS, which different principals of one account may make.

Every call is allowed to whoever makes it. `iam:PassRole` is no call: it is asked for in the one
that hands the role over, so those two are never shared; nor is what a service asks it for again.
Of policies that stand alone nobody knows whose they are, so they share nothing.
"""

from __future__ import annotations

from blastlint.providers.aws.holders import Use, step, surest
from blastlint.providers.aws.paths import paths
from blastlint.providers.grants import Becoming, Joint
from blastlint.providers.wildcards import overlaps
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from blastlint.providers.aws.attempts import Attempts
    from blastlint.providers.aws.holders import Holder
    from blastlint.providers.aws.paths import Path
    from blastlint.providers.aws.patterns import Names

    Walked = Callable[[Holder, Path], Iterable[Becoming]]
    """What a holder becomes along a path."""
    Found = tuple[list[Becoming], list[Joint]]
    """Shares, and what they lead to."""

_PASS = "iam:PassRole"  # noqa: S105 -- the name of a right
_ASKED_AGAIN = ("cloudformation-", "datapipeline-", "ecs-")
"""Paths whose later calls ask for `iam:PassRole` too, or may."""
_EITHER = ("user", "role")


def joints(holders: Iterable[Holder], attempts: Attempts, walked: Walked) -> Found:
    """Who can make which calls, and what all of them lead to."""
    apart = [one for one in holders if not (one.everything or one.loose)]
    found: Found = ([], [])
    for path in paths():
        if path.target == "self":
            _rewrite(found, path, apart, attempts)
        elif len(path.actions) > len(_lead(path)) and not path.id.startswith(_ASKED_AGAIN):
            _several(found, path, apart, walked)
    return found


# --- rewriting somebody whose credential one holds ----------------------------------------------


def _rewrite(found: Found, path: Path, holders: Sequence[Holder], attempts: Attempts) -> None:
    """Add who can do to others what lets one do everything if it is done to oneself."""
    action = path.actions[0][0]
    able = [one for one in holders if one.able(action)]
    by_right: dict[tuple[str, str], Names] = {}
    for holder in (one for one in able if not _alone(one, path, attempts)):
        for on, use in holder.ways(action):
            by_right[holder.entity.account, on.text] = on
            part = _rewriting(path, on, holder.entity.account)
            found[0].append(step(holder.entity.arn, part, "", [use]))
    for (account, _), on in by_right.items():
        part = _rewriting(path, on, account)
        for one in (each.entity for each in holders if each.entity.account == account):
            if one.kind in {path.holder, *_any(path)} and attempts.changes(path, one, on):
                use = Use(one.location)
                turn = step(one.arn, "*", path.via, [use], attempts.limit(one))
                found[1].append(Joint((part, one.arn), turn))


def _rewriting(path: Path, on: Names, account: str) -> str:
    return f"do this to {on.text} in {account}: {path.via}"


def _any(path: Path) -> Sequence[str]:
    return () if path.holder else _EITHER


def _alone(holder: Holder, path: Path, attempts: Attempts) -> bool:
    """Whether it surely does so to itself, and so needs nobody."""
    own = path.holder in {"", holder.entity.kind}
    turns = attempts.on(holder, path, holder.entity) if own else ()
    return any(turn.certainty == "proven" for turn in turns)


# --- one call after the other -------------------------------------------------------------------


def _lead(path: Path) -> tuple[tuple[str, str], ...]:
    """What the first call asks for."""
    return path.actions[: 2 if path.actions[0][0] == _PASS else 1]


def _several(found: Found, path: Path, holders: Sequence[Holder], walked: Walked) -> None:
    """Add who can make the first call of a path, if others can make the later ones."""
    lead, later = _lead(path), [action for action, _ in path.actions[len(_lead(path)) :]]
    needed = {action for action, _ in lead}
    leading = [one for one in holders if needed <= one.abilities.keys()]
    leading = [one for one in leading if not set(later) <= one.abilities.keys()]
    if not all(any(one.able(action) for one in holders) for action in later):
        return
    known: dict[str, list[Becoming]] = {}
    for holder in leading:
        made = [on for on, _ in holder.ways(lead[-1][0])]
        what = " or ".join(dict.fromkeys(on.text for on in made))
        parts = [f"call {action} on {what} in {holder.entity.account}" for action in later]
        for part, action in zip(parts, later, strict=True):
            if part not in known:
                account = [one for one in holders if one.entity.account == holder.entity.account]
                known[part] = [*_following(account, action, part, made)]
                found[0].extend(known[part])
        if all(known[part] for part in parts):
            _add_chain(found, path, walked(holder, replace(path, actions=lead)), parts)


def _following(
    holders: Iterable[Holder], action: str, part: str, made: Sequence[Names]
) -> Iterator[Becoming]:
    """Who can make a later call on what the first one may make."""
    for holder in holders:
        use = surest([use for on, use in holder.ways(action) if _meets(made, on)])
        if use is not None:
            yield step(holder.entity.arn, part, "", [use])


def _add_chain(found: Found, path: Path, turns: Iterable[Becoming], rest: Sequence[str]) -> None:
    """Add what one becomes who can make the first call and all later ones."""
    does = ", ".join(action for action, _ in _lead(path))
    for turn in turns:
        part = f"{path.does} ({does}; {path.id}) on {turn.principal}"
        found[0].append(replace(turn, principal=part, via=""))
        whole = Becoming(turn.holder, turn.principal, path.via, turn.location)
        found[1].append(Joint((part, *rest), whole))


def _meets(made: Iterable[Names], on: Names) -> bool:
    """Whether something that the first call makes may be what a later one is allowed on."""
    return any(overlaps(one, other) for each in made for one in each.all_of for other in on.all_of)
