"""Whom a trust policy lets in that the account does not define: other accounts, OIDC, SAML.

A subject of an OpenID Connect issuer is written `oidc:ISSUER:SUBJECT`, with the wildcards of the
condition that names it.
"""

from __future__ import annotations

from blastlint.providers.aws.accounts import account_of
from blastlint.providers.aws.holders import Use, step
from blastlint.providers.aws.paths import ASSUME
from blastlint.providers.aws.trust import is_account, speaks_of, statements
from blastlint.providers.grants import Unresolved
from blastlint.providers.wildcards import covers, overlaps
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from blastlint.providers.aws.accounts import Entity
    from blastlint.providers.aws.policies import Condition, Statement, Who
    from blastlint.providers.grants import Becoming

_WEB = "sts:AssumeRoleWithWebIdentity"
_SAML = "sts:AssumeRoleWithSAML"
_PROVIDER = ":oidc-provider/"
_LITERAL = ("stringequals", "stringequalsignorecase")
_LENGTH = 12
"""Digits of the number of an account."""


@dataclass(slots=True)
class Outside:
    """What comes in from outside."""

    becomings: list[Becoming] = field(default_factory=list)
    """Who becomes which role."""
    unresolved: list[Unresolved] = field(default_factory=list)
    """Who is named and cannot be told."""

    def leave_open(self, role: Entity, statement: Statement, what: str) -> None:
        """Note that a trust policy names somebody who cannot be told."""
        words = f"the trust policy of {role.arn} {what}"
        self.unresolved.append(Unresolved(words, statement.place(), (role.arn,)))

    def admit(self, holder: str, role: Entity, statement: Statement, action: str, use: Use) -> None:
        """Note who may assume a role, unless the policy denies it."""
        guards = _denials(role, statement, action)
        if guards is not None:
            via = f"assume the role ({action})"
            self.becomings.append(step(holder, role.arn, via, [replace(use, guards=guards)]))


def _denials(role: Entity, allowing: Statement, action: str) -> tuple[str, ...] | None:
    """Context keys of the Deny statements that may forbid it; None if one surely does."""
    keys: list[str] = []
    for one in statements(role):
        meant = any(who in allowing.who or who.kind == "*" for who in one.who) != one.others
        if one.allow or not meant or not speaks_of(one, action):
            continue
        if not one.keys:
            return None
        keys.append(one.keys)
    return tuple(keys)


def outsiders(roles: Iterable[Entity], known: Container[str]) -> Outside:
    """Whom the trust policies of roles let in that the evidence does not define."""
    found = Outside()
    for role in roles:
        for statement in statements(role):
            if statement.allow:
                _of_statement(found, role, statement, known)
    return found


def _of_statement(
    found: Outside, role: Entity, statement: Statement, known: Container[str]
) -> None:
    use = _use(role, statement)
    if statement.others:
        excepted = replace(use, keys=(*use.keys, "the principal, as some are excepted,"))
        found.admit("*", role, statement, ASSUME, excepted)
        return
    for who in statement.who:
        if who.kind == "*":
            found.admit("*", role, statement, ASSUME, use)
        elif who.kind == "Federated":
            _federated(found, role, statement, who)
        elif who.kind == "AWS" and who.name not in known:
            _stranger(found, role, statement, who)


def _use(role: Entity, statement: Statement) -> Use:
    place = statement.place(note=f"trust of {role.title}")
    return Use(place, tuple(each.words for each in statement.conditions))


def _stranger(found: Outside, role: Entity, statement: Statement, who: Who) -> None:
    """Somebody of another account, or nobody: what was deleted stays as an id."""
    if is_account(who.name, role.account) or f":{role.account}:assumed-role/" in who.name:
        return
    number = who.name.isdecimal() and len(who.name) == _LENGTH
    if not number and ":" not in who.name:
        found.leave_open(role, statement, f"names {who.name}, the id of somebody deleted")
        return
    name = f"arn:aws:iam::{who.name}:root" if number else who.name
    whole = f"whom of its own the account {account_of(name)} lets assume roles"
    needs = whole if name.endswith(":root") else f"what {name} is and may do"
    found.admit(name, role, statement, ASSUME, replace(_use(role, statement), needs=(needs,)))


def _federated(found: Outside, role: Entity, statement: Statement, who: Who) -> None:
    if ":saml-provider/" in who.name:
        if speaks_of(statement, _SAML):
            found.leave_open(role, statement, f"lets in whom {who.name} signs in, by SAML")
        return
    if not speaks_of(statement, _WEB):
        return
    issuer = who.name.partition(_PROVIDER)[2] or who.name
    named = [each for each in statement.conditions if _is_subject(each, issuer)]
    rest = [each.words for each in statement.conditions if each not in named]
    if _PROVIDER in who.name:  # whoever asks for a token also chooses its audience
        rest = [key for key in rest if key.lower() != f"{issuer}:aud".lower()]
    subjects = ["*"]
    for condition in named:
        subjects = _both(subjects, _subjects(condition))
    if not subjects:
        found.leave_open(role, statement, f"lets in no subject of {issuer} as it is written")
    for subject in subjects:
        use = replace(_use(role, statement), keys=tuple(rest))
        found.admit(f"oidc:{issuer}:{subject}", role, statement, _WEB, use)


def _is_subject(condition: Condition, issuer: str) -> bool:
    operator = _plain(condition.operator)
    is_named = condition.key.lower() == f"{issuer}:sub".lower()
    return is_named and operator in {*_LITERAL, "stringlike"}


def _plain(operator: str) -> str:
    return operator.lower().rpartition(":")[2].removesuffix("ifexists")


def _subjects(condition: Condition) -> Sequence[str]:
    """The subjects that a condition lets pass; only `StringLike` knows wildcards."""
    if _plain(condition.operator) not in _LITERAL:
        return condition.values
    return [value for value in condition.values if not {"*", "?"} & set(value)]


def _both(some: Sequence[str], others: Sequence[str]) -> list[str]:
    """Subjects that pass two conditions; where patterns only overlap, the later one."""
    found = (
        one if covers(other, one) else other
        for one in some
        for other in others
        if overlaps(one, other)
    )
    return list(dict.fromkeys(found))
