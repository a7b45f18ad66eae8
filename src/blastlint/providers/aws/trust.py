"""Who may assume a role of AWS: its trust policy, together with what the caller may do."""

from __future__ import annotations

from blastlint.providers.aws.accounts import account_of
from blastlint.providers.aws.holders import Use, surest
from blastlint.providers.aws.paths import ASSUME
from blastlint.providers.wildcards import covers
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from blastlint.providers.aws.accounts import Entity
    from blastlint.providers.aws.holders import Holder
    from blastlint.providers.aws.policies import Statement, Who


def speaks_of(statement: Statement, action: str) -> bool:
    """Whether a statement is about an action."""
    named = any(covers(each.lower(), action.lower()) for each in statement.actions)
    return named != statement.other_actions


def statements(role: Entity) -> Sequence[Statement]:
    """The statements of a role's trust policy; none if it is not known."""
    return role.trust.statements if role.trust else ()


def is_account(name: str, number: str) -> bool:
    """Whether a principal stands for a whole account: whoever it lets do it."""
    return bool(number) and (name == number or name.endswith(f"::{number}:root"))


class Trusts:
    """The trust policies of all roles, with an index by whom they name."""

    __slots__ = ("_anybody", "_by_account", "_by_name", "_by_service", "_by_session", "_refusing")

    def __init__(self, roles: Iterable[Entity]) -> None:
        self._by_name: dict[str, list[Entity]] = {}
        self._by_session: dict[str, list[Entity]] = {}
        self._by_account: dict[str, list[Entity]] = {}
        self._by_service: dict[str, list[Entity]] = {}
        self._refusing: dict[str, list[Entity]] = {}
        self._anybody: list[Entity] = []
        for role in roles:
            refuses = any(not one.allow for one in statements(role))
            for statement in statements(role):
                if statement.allow:
                    self._note(role, statement, refuses=refuses)

    def _note(self, role: Entity, statement: Statement, *, refuses: bool) -> None:
        for who in statement.who:
            number = account_of(who.name) or who.name
            rows = self._by_name.setdefault(who.name, [])
            if statement.others or who.kind == "*":
                rows = self._anybody
            elif who.kind == "Service":
                rows = self._by_service.setdefault(who.name, [])
            elif is_account(who.name, number):
                homes = self._refusing if refuses else self._by_account
                rows = homes.setdefault(number, [])
            elif ":assumed-role/" in who.name:
                session = f"{number}:{who.name.split('/')[1]}"
                rows = self._by_session.setdefault(session, [])
            if role not in rows[-1:]:
                rows.append(role)

    def naming(self, holder: Holder) -> list[Entity]:
        """Roles that name a principal itself or anybody, or refuse some of its account."""
        one = holder.entity
        found = [*self._by_name.get(one.arn, ()), *self._anybody]
        if one.kind == "role":
            found += self._by_session.get(f"{one.account}:{one.name}", ())
        found += self._refusing.get(one.account, ())
        return list(dict.fromkeys(found))

    def of_account(self, number: str) -> list[Entity]:
        """Roles that leave it to an account who may assume them, and refuse none of it."""
        return self._by_account.get(number, [])

    def of_services(self, services: Sequence[str]) -> list[Entity]:
        """Roles that one of the services may assume."""
        found = [role for one in services for role in self._by_service.get(one, ())]
        return list(dict.fromkeys([*found, *self._anybody]))


def way_in(holder: Holder, role: Entity) -> Use | None:
    """The surest way in which a principal may assume a role; None if it may not."""
    if role.trust is None:
        use = holder.use(ASSUME, role.arn)
        return use and replace(use, needs=(*use.needs, f"whether {role.arn} trusts it"))
    if holder.denied(ASSUME, role.arn):
        return None
    found: list[Use] = []
    guards = holder.guards(ASSUME, role.arn)
    for statement in statements(role):
        match = _match(statement, holder) if speaks_of(statement, ASSUME) else ""
        if match and statement.allow:
            found += _entered(holder, role, statement, match)
        elif match and not statement.conditions:
            return None
        elif match:
            guards = (*guards, statement.keys)
    return surest([replace(use, guards=(*use.guards, *guards)) for use in found])


def _entered(holder: Holder, role: Entity, statement: Statement, match: str) -> Iterator[Use]:
    keys = tuple(each.words for each in statement.conditions)
    keys += ("the session's name",) if match == "session" else ()
    if match != "delegated" and _needs_no_policy(holder, role):
        place = statement.place(note=f"trust of {role.title}")
        yield Use(place, keys, needs=holder.needs if holder.entity.kind == "role" else ())
    use = holder.use(ASSUME, role.arn)
    if use:
        yield replace(use, keys=(*use.keys, *keys))


def _needs_no_policy(holder: Holder, role: Entity) -> bool:
    """Whether it is enough that the trust policy names a principal.

    It is within one account; only the boundary of a role, not that of a user, still limits it.
    """
    one = holder.entity
    if one.account != role.account or one.kind == "group":
        return False
    return one.kind == "user" or holder.within_boundary(ASSUME, role.arn)


def _match(statement: Statement, holder: Holder) -> str:
    """How a trust statement names a principal: itself, by session, or by its whole account."""
    kinds = [_names(who, holder.entity) for who in statement.who]
    if statement.others:
        return "" if any(kinds) else "direct"
    return next((kind for kind in ("direct", "session", "delegated") if kind in kinds), "")


def _names(who: Who, entity: Entity) -> str:
    if who.kind == "*":
        return "direct"
    if who.kind != "AWS":
        return ""
    if who.name == entity.arn:
        return "direct"
    if is_account(who.name, entity.account):
        return "delegated"
    if entity.kind == "role" and f":{entity.account}:assumed-role/{entity.name}/" in who.name:
        return "session"
    return ""


def by_account(role: Entity, number: str) -> Use | None:
    """How a role leaves it to an account who may assume it; None if it does not."""
    return _allowed(role, lambda who: who.kind == "AWS" and is_account(who.name, number))


def by_service(role: Entity, services: Sequence[str]) -> Use | None:
    """How a role trusts one of the services; None if it does not."""
    if role.trust is None:
        return Use(role.location, needs=(f"whether {role.arn} trusts {' or '.join(services)}",))
    return _allowed(role, lambda who: who.kind == "*" or who.name in services)


def _allowed(role: Entity, names: Callable[[Who], bool]) -> Use | None:
    found: list[Use] = []
    guards: list[str] = []
    for statement in statements(role):
        meant = any(names(who) for who in statement.who) != statement.others
        if not (meant and speaks_of(statement, ASSUME)):
            continue
        if statement.allow:
            keys = tuple(each.words for each in statement.conditions)
            found.append(Use(statement.place(note=f"trust of {role.title}"), keys))
        elif statement.conditions:
            guards.append(statement.keys)
        else:
            return None
    use = surest(found)
    return use and replace(use, guards=tuple(guards))
