"""AWS policies as they are written: statements, whom they name, and on which condition."""

from __future__ import annotations

import re

from blastlint.providers.aws.dates import in_time, words
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.aws.nodes import Node
    from blastlint.source import Location

_VARIABLE = re.compile(r"\$\{([^},]+)")
_KEYS = (
    *("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"),
    *("Principal", "NotPrincipal", "Condition"),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a condition: an operator, a context key, and the values it is compared with."""

    operator: str
    """Operator, such as `StringEquals`."""
    key: str
    """Context key, such as `aws:SourceIp`."""
    values: tuple[str, ...]
    """Values; never shown, but for moments."""

    @property
    def words(self) -> str:
        """What it looks at: its key, and with a moment when."""
        return words(self)


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody whom a statement names."""

    kind: str
    """AWS, Service, Federated or CanonicalUser; `*` for anybody."""
    name: str
    """As it is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One statement of a policy."""

    node: Node
    """Where it stands."""
    allow: bool
    """Whether it allows or denies."""
    actions: tuple[str, ...]
    """Patterns of actions, as written."""
    other_actions: bool
    """Whether it speaks of all actions but these."""
    resources: tuple[str, ...]
    """Patterns of resources, as written."""
    other_resources: bool
    """Whether it speaks of all resources but these."""
    conditions: tuple[Condition, ...]
    """All of which must be met."""
    who: tuple[Who, ...]
    """Whom it names; empty in a policy of an identity."""
    others: bool
    """Whether it speaks of everybody but these."""

    def place(self, index: int = -1, note: str = "") -> Location:
        """The place of one of its actions, or of the statement."""
        key = "NotAction" if self.other_actions else "Action"
        if index < 0:
            return self.node.place(note=note)
        many = isinstance(self.node.value.get(key), list) and not self.other_actions
        return self.node.place(key, *((index,) if many else ()), note=note)

    @property
    def keys(self) -> str:
        """Context keys that it looks at, in words; empty if it holds in every context."""
        variables = {key for each in self.resources for key in _VARIABLE.findall(each)}
        return ", ".join(sorted({each.words for each in self.conditions} | variables))


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy document."""

    title: str
    """What people call it."""
    statements: tuple[Statement, ...]
    """Its statements, in order, but for those whose time is over."""


def policy(title: str, node: Node, *, identity: bool = True) -> Policy:
    """The policy that a document holds.

    Args:
        title: What people call it.
        node: The document.
        identity: Whether it belongs to an identity, so that it names resources and nobody.
    """
    if not isinstance(node.value, dict) or "Statement" not in node.value:
        node.say("expected a policy document with a Statement")
        return Policy(title, ())
    return Policy(title, tuple(_statements(node, identity=identity)))


def _statements(node: Node, *, identity: bool) -> Iterator[Statement]:
    written = node.at("Statement")
    rows = [written] if isinstance(written.value, dict) else list(node.rows("Statement"))
    for row in rows:
        found = _statement(row, identity=identity)
        still = in_time(found.conditions, node.day)
        if still is not None:
            yield replace(found, conditions=still)


def _statement(node: Node, *, identity: bool) -> Statement:
    node.known_keys(_KEYS)
    effect = node.text("Effect", needed=True)
    if effect not in {"Allow", "Deny", ""}:
        node.say("Effect is neither Allow nor Deny", "", "Effect")
    kept = node.value.keys()
    if ("Action" in kept) == ("NotAction" in kept):
        node.say("a statement needs either Action or NotAction")
    if ("Resource" in kept and "NotResource" in kept) or (
        identity and "Resource" not in kept and "NotResource" not in kept
    ):
        node.say("a statement needs either Resource or NotResource")
    if identity and ("Principal" in kept or "NotPrincipal" in kept):
        node.say("a policy of an identity names no Principal")
    return Statement(
        node,
        effect == "Allow",
        node.texts("NotAction") if "NotAction" in kept else node.texts("Action"),
        "NotAction" in kept,
        node.texts("NotResource") if "NotResource" in kept else node.texts("Resource"),
        "NotResource" in kept,
        tuple(_conditions(node.at("Condition"))),
        tuple(_who(node.at("NotPrincipal" if "NotPrincipal" in kept else "Principal"))),
        "NotPrincipal" in kept,
    )


def _conditions(node: Node) -> Iterator[Condition]:
    if node.value is None:
        return
    if not isinstance(node.value, dict):
        node.say("expected a map of operators in Condition")
        return
    for operator in node.value:
        row = node.at(operator)
        if not isinstance(row.value, dict):
            row.say("expected a map of context keys below an operator")
            continue
        for key in row.value:
            yield Condition(str(operator), str(key), _values(row.value[key]))


def _values(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(str(each).lower() if isinstance(each, bool) else str(each) for each in listed)


def _who(node: Node) -> Iterator[Who]:
    if node.value is None:
        return
    if node.value == "*":
        yield Who("*", "*")
    elif isinstance(node.value, dict):
        for kind in node.value:
            for name in node.texts(kind):
                yield Who("*" if (kind, name) == ("AWS", "*") else str(kind), name)
    else:
        node.say("expected '*' or a map of AWS, Service or Federated")
