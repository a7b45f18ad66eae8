"""The language of a system: what its actions change, and which names cover others."""

from __future__ import annotations

from blastlint.providers import covering_of, covers, is_platform, kind_for_system, provider

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from blastlint.inventory.models import System
    from blastlint.providers import Provider
    from blastlint.providers.grants import EdgeCertainty, Effect

LEVELS: tuple[EdgeCertainty, ...] = ("proven", "conditional", "needs-fact")
"""Certainties, the surest first; a path is as certain as its weakest link."""

EFFECTS: tuple[Effect, ...] = (
    "read",
    "notify",
    "append",
    "mutate",
    "execute",
    "spend",
    "destroy",
    "grant",
    "unknown",
)
"""Effects, the weakest first: a later one opens more. What is unknown counts as the strongest."""

_VERBS: dict[Effect, str] = {
    "read": "read get list watch select describe view search query fetch head download export",
    "notify": "send post notify mail email publish comment chat:write message",
    "append": "create insert append add upload open put_new",
    "mutate": "update patch write merge put edit modify set upsert replace rename move close",
    "execute": "execute exec run invoke dispatch start call",
    "spend": "refund pay charge payout transfer capture spend buy purchase order",
    "destroy": "delete drop destroy truncate purge remove erase terminate deletecollection",
    "grant": "grant admin impersonate bind escalate assume owner all",
}
_EFFECT_OF: dict[str, Effect] = {
    verb: effect for effect, verbs in _VERBS.items() for verb in verbs.split()
}


def rank(effect: Effect) -> int:
    """How much an effect opens: its place in `EFFECTS`."""
    return EFFECTS.index(effect)


def guess(resource: str, action: str) -> Effect:
    """What an action does that no catalogue knows: from its verb, else `unknown`."""
    if action == "*":
        return "grant" if resource == "*" else "unknown"
    word = action.lower()
    tail = word.replace(".", ":").rpartition(":")[2]
    return _EFFECT_OF.get(word) or _EFFECT_OF.get(tail) or "unknown"


class Terms:
    """What the actions of one system mean and cover."""

    __slots__ = ("_catalogue", "_covering", "_provider")

    def __init__(self, catalogue: Mapping[str, Effect], speaker: Provider | None) -> None:
        self._catalogue = catalogue
        self._provider = speaker
        self._covering = covering_of(speaker) if speaker else None

    @property
    def literal(self) -> bool:
        """True if resources are plain names: equal, or `*`."""
        return self._provider is None

    def opens(self, granted: str, needed: str, scope: str = "*") -> bool:
        """Whether a grant on one resource, in a scope, is one on the other."""
        if granted in {needed, "*"} or self._provider is None:
            return granted in {needed, "*"}
        return needed != "*" and self._provider.resource_covers(granted, needed, scope or "*")

    def covers(self, granted: str, needed: str) -> bool:
        """Whether one action covers another: literally, by `*`, or by a pattern of its platform."""
        return covers(granted, needed) or self.any_covers((granted,), needed)

    def any_covers(self, patterns: Iterable[str], action: str) -> bool:
        """Whether an action fits one of some patterns, where its platform has patterns."""
        covering = self._covering
        return covering is not None and any(covering(one, action) for one in patterns)

    def same(self, one: str, other: str) -> bool:
        """Whether two names mean one resource."""
        return one == other or (self.opens(one, other) and self.opens(other, one))

    def effect(self, resource: str, action: str) -> Effect:
        """What an action changes: by the system's catalogue, else the platform's, else its verb."""
        stated = self._catalogue.get(action)
        if stated is None and self._provider is not None:
            stated = self._provider.effect(resource, action)
        return stated if stated not in {None, "unknown"} else guess(resource, action)

    def actions(self, resource: str, action: str) -> tuple[str, ...]:
        """The actions that a granted one stands for; without a catalogue `*` stays as it is."""
        if action != "*" or resource == "*" or not self._catalogue:
            return (action,)
        return tuple(sorted(self._catalogue))


PLAIN = Terms({}, None)
"""For a system that the inventory does not describe."""


def terms_of(system: System, shown: Iterable[str] = ()) -> Terms:
    """The language of a system of the inventory.

    Args:
        system: the system.
        shown: kinds of its evidence, which tell the platform of a system that does not say its own.
    """
    stated = kind_for_system(system.kind or "")
    kind = stated if system.kind else next(filter(is_platform, sorted(shown)), None)
    return Terms(system.action_catalogue or {}, provider(kind) if kind else None)


def in_scope(allowed: str | None, scope: str) -> bool:
    """Whether a scope lies inside another; no scope and `*` mean everywhere."""
    return not allowed or allowed in {"*", scope}


__all__ = ["EFFECTS", "LEVELS", "PLAIN", "Terms", "covers", "guess", "in_scope", "rank", "terms_of"]
