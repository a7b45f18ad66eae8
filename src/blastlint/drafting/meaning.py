"""What a tool does, as far as its list tells: by hints, HTTP method and the words of its name.

A guess may overstate what a tool does and never understates it: that something only reads is taken
from a hint or a method and never from a name, and of several answers the worst one counts.
"""

from __future__ import annotations

import re

from blastlint.analyses.tiers import EFFECT
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from blastlint.providers.grants import RegisteredTool

_VERBS = {
    "destroy": "clean cleanup clear delete destroy drop erase evict kill prune purge remove "
    "terminate truncate uninstall wipe",
    "spend": "buy capture charge pay payment payout purchase refund reversal transfer withdraw",
    "execute": "deploy dispatch eval exec execute install invoke restart run start trigger",
    "grant": "authorize grant impersonate invite permit share",
    "notify": "alert announce broadcast email notify page publish reply send",
    "mutate": "apply archive assign cancel change close configure disable dismiss edit enable fix "
    "label lock manage mark merge modify move patch push put rename reopen replace reprioritize "
    "reset resize resolve restore rollback rotate scale set star stop submit sync toggle "
    "unarchive unassign unlock unresolve unstar update upsert write",
    "append": "add append commit copy create duplicate fork generate import insert log make new "
    "open post record register upload",
}
"""Effect to the words of names that mean it."""
_EFFECT_OF = {word: effect for effect, words in _VERBS.items() for word in words.split()}
_TALK = frozenset(
    {"announcement", "chat", "comment", "email", "mail", "message", "reply", "review", "sms"}
)
"""What is written for people to read."""
_WRITING = frozenset({"append", "mutate"})
_ORDER = ("read", "append", "mutate", "notify", "spend", "grant", "destroy", "execute")
"""Effects, the gravest last; of those that weigh alike, the one that is harder to undo."""
_GRAVE = frozenset({"destroy", "execute", "grant", "spend"})
_METHODS = {"PUT": "mutate", "PATCH": "mutate", "DELETE": "destroy"}
_TAKES = {
    "shell": ("bash", "cmd", "command", "shell"),
    "code": ("code", "javascript", "python", "script"),
    "sql": ("sql", "statement"),
    "http": ("url", "uri"),
}
"""What a tool takes freely, and the arguments that say so."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a tool does."""

    effect: str
    """Empty if the list does not tell."""
    why: str
    """From what, in words; if it does not tell, what is asked."""


def words(name: str) -> list[str]:
    """Return the words of a name in lower case, plurals of known words without their s."""
    split = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return [_singular(word.lower()) for word in split]


def _singular(word: str) -> str:
    stem = word.removesuffix("s")
    return stem if stem in _EFFECT_OF or stem in _TALK else word


def meaning(tool: RegisteredTool) -> Meaning:
    """Return what a tool does."""
    return _of_request(tool) if tool.http else _of_hints(tool)


def _of_request(tool: RegisteredTool) -> Meaning:
    """Return what a request does: by its method (RFC 9110, 9.2), and for POST by its words."""
    call = tool.http
    if call is None or call.safe:
        method = call.method if call else ""
        return Meaning("read", f"{method} is meant to change nothing")
    named = [word for word in words(f"{tool.name} {call.path}") if word != call.method.lower()]
    by_method = _METHODS.get(call.method, "")
    effect, word = _worst(named)
    if by_method and _rank(by_method) >= _rank(effect):
        return Meaning(by_method, call.method)
    if effect:
        return Meaning(effect, f"{call.method}, and its name says {word}")
    return Meaning("", f"does this {call.method} only read, or what does it change?")


def _of_hints(tool: RegisteredTool) -> Meaning:
    """Return what a tool does by the hints of its server and the words of its name."""
    effect, word = _of_name(tool)
    reads, destroys = tool.hints.get("readOnlyHint"), tool.hints.get("destructiveHint")
    if reads:
        return _reading(tool)
    if not effect:
        return _nameless(tool)
    hint = ""
    if effect == "append" and destroys is not False:
        hint = (
            "; destructiveHint is true"
            if destroys
            else "; without destructiveHint it may change more"
        )
        effect = "mutate"
    elif destroys is False and effect == "destroy":
        return _either("destructiveHint is false", word)
    return Meaning(effect, f"its name says {word}{hint}")


def _reading(tool: RegisteredTool) -> Meaning:
    """Return that a tool reads, as its hint says, unless it is named after what is grave."""
    verbs = (word for name in (tool.name, *tool.choices) for word in words(name)[:1])
    word = next((one for one in verbs if _EFFECT_OF.get(one, "") in _GRAVE), "")
    if word:
        return _either("readOnlyHint is true", word)
    return Meaning("read", "readOnlyHint is true")


def _either(hint: str, word: str) -> Meaning:
    return Meaning("", f"{hint} and its name says {word}: which one is right?")


def _nameless(tool: RegisteredTool) -> Meaning:
    """Return what a tool does whose name says nothing of a change."""
    stated, destroys = tool.hints.get("readOnlyHint"), tool.hints.get("destructiveHint")
    if stated is False and destroys:
        return Meaning("destroy", "readOnlyHint is false and destructiveHint is true")
    if stated is False and destroys is False:
        return Meaning("append", "destructiveHint is false: it only adds")
    if stated is False:
        return Meaning("", "readOnlyHint is false: what does it change?")
    return Meaning("", "its server does not say: does it only read, or what does it change?")


def _of_name(tool: RegisteredTool) -> tuple[str, str]:
    """Return the worst effect of a tool's name and of what its caller may choose, and the word."""
    if not tool.choices:
        return _worst(words(tool.name))
    found = [_worst(words(choice)) for choice in tool.choices]
    found.append(_worst(words(tool.name)))
    return max(found, key=lambda one: _rank(one[0]))


def _worst(named: Sequence[str]) -> tuple[str, str]:
    """Return the worst effect that words mean, and the word; twice nothing if they mean none."""
    found = [(_EFFECT_OF[word], word) for word in named if word in _EFFECT_OF]
    if not found:
        return "", ""
    effect, word = max(found, key=lambda one: _rank(one[0]))
    talk = next((one for one in named if one in _TALK), "")
    if talk and effect in _WRITING and talk != word and _adds(named):
        return "notify", f"{word} and {talk}"
    return effect, word


def _adds(named: Iterable[str]) -> bool:
    """Whether words speak of something new for people to read, not of what is there already."""
    return any(_EFFECT_OF.get(word) == "append" or word in {"submit", "write"} for word in named)


def _rank(effect: str) -> tuple[int, int]:
    return (EFFECT[effect], _ORDER.index(effect)) if effect else (-1, -1)


def gravity(effect: str) -> tuple[int, int]:
    """Return how grave an effect is, to sort by; nobody knowing is graver than anything."""
    return _rank(effect) if effect else (len(_ORDER), 0)


def open_ended(tool: RegisteredTool) -> tuple[str, str]:
    """Return what a tool takes freely and the argument that says so; twice nothing if none does."""
    given = {argument.lower(): argument for argument in tool.arguments}
    for kind, names in _TAKES.items():
        found = next((given[name] for name in names if name in given), "")
        if found and found != tool.chosen_by:
            return kind, found
    return "", ""
