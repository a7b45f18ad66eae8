"""What the actions of AWS change, and which resources they can be allowed on.

The table restates AWS's service authorization reference: every action with its access level and
the types of resources that it takes.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache, lru_cache

from blastlint.providers.aws.patterns import names
from blastlint.providers.wildcards import covers, overlaps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from blastlint.providers.aws.patterns import Names
    from blastlint.providers.grants import Effect

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
"""Folder of the tables that ship with the provider."""

_SEVERITY: tuple[Effect, ...] = (
    *("read", "notify", "append", "mutate", "execute", "spend", "destroy", "grant"),
)
"""Effects from harmless to worst."""

_PARTS = 6
"""Parts of an ARN."""
_ANY = "*:*:*:*:*:*"
"""An ARN of whatever type."""

_METHODS = "apigateway"
"""Service whose actions are methods of HTTP, on any path."""

_VERBS: tuple[tuple[Effect, str], ...] = (
    ("destroy", "delete batchdelete terminate remove purge deregister destroy revoke cancel"),
    ("execute", "invoke start run execute batchexecute rebuild reboot"),
    ("notify", "send publish"),
    ("spend", "purchase"),
    ("append", "create register import add batchwrite upload allocate copy restore"),
)
"""What the first word of a writing action says; any other word changes what is there."""
_LOOKS = ("get", "list", "describe", "batchget")
"""First words of what only looks, even if AWS counts it among those that manage permissions."""


@cache
def table() -> Any:  # noqa: ANN401 -- JSON that ships with the package
    """The table of actions, and of the patterns of resource types, by service."""
    with open(os.path.join(DATA, "aws_actions.json"), encoding="utf-8") as file:
        return json.load(file)


@cache
def corrections() -> dict[str, Effect]:
    """Actions, in lower case, that do something else than their level or first word says.

    `*:NAME` is an action of that name in whatever service. Each stands with its reason.
    """
    with open(os.path.join(DATA, "aws_effects.json"), encoding="utf-8") as file:
        written: dict[str, tuple[Effect, str]] = json.load(file)
    return {action.lower(): does for action, (does, _) in written.items()}


@cache
def _rows(service: str) -> dict[str, list[str]]:
    """Level and types of resources of a service's actions, which are in lower case."""
    written: dict[str, str] = table()["actions"].get(service, {})
    return {
        name: kind.split("|") for kind, listed in written.items() for name in listed.lower().split()
    }


@lru_cache(maxsize=4096)
def effect(resource: str, action: str) -> Effect:  # noqa: ARG001 -- a provider's signature
    """What an action changes; with a wildcard, the worst of what it covers."""
    chosen = names(action.lower(), fold=True)
    if chosen.plain:
        return _effect(*_parted(chosen.plain))
    worst = -1
    for does in _covered(chosen):
        worst = max(worst, _SEVERITY.index(does))
        if does == "grant":
            break
    return _SEVERITY[worst] if worst >= 0 else "unknown"


def _covered(chosen: Names) -> Iterator[Effect]:
    """Effects of the actions in a set."""
    pattern = re.compile(re.escape(chosen.all_of[0]).replace(r"\*", ".*").replace(r"\?", "."))
    service = chosen.all_of[0].partition(":")[0]
    wild = "*" in service or "?" in service
    services = [each for each in table()["actions"] if covers(service, each)] if wild else [service]
    for each in services:
        for name, row in _rows(each).items():
            full = f"{each}:{name}"
            if pattern.fullmatch(full) and (chosen.simple or chosen.has(full)):
                yield _told(each, name, row)


def _parted(action: str) -> tuple[str, str]:
    service, _, name = action.partition(":")
    return service, name


def _effect(service: str, name: str) -> Effect:
    row = _rows(service).get(name)
    return "unknown" if row is None else _told(service, name, row)


def _told(service: str, name: str, row: list[str]) -> Effect:
    corrected = corrections()
    exact = corrected.get(f"{service}:{name}") or corrected.get(f"*:{name}")
    return exact or _by_level(name, row)


def _by_level(name: str, row: list[str]) -> Effect:
    looks = row[0] == "p" and name.startswith(_LOOKS)
    if row[0] != "w":
        return "read" if looks or row[0] == "r" else "grant"
    return next((does for does, verbs in _VERBS if name.startswith(tuple(verbs.split()))), "mutate")


@lru_cache(maxsize=65536)
def known(action: str) -> bool:
    """Whether AWS has such an action, or one that the pattern covers."""
    if "*" in action or "?" in action:
        return next(_covered(names(action.lower(), fold=True)), None) is not None
    service, name = _parted(action.lower())
    return name in _rows(service)


@lru_cache(maxsize=4096)
def takes(action: str, kind: str) -> bool:
    """Whether an action, or one that a pattern covers, is one on resources of a type."""
    service, pattern = _parted(action.lower())
    rows = _rows(service).items()
    return any(kind in row[1:] and covers(pattern, name) for name, row in rows)


@lru_cache(maxsize=65536)
def fits(action: str, resource: str) -> bool:
    """Whether an action can be allowed on a resource at all: on its bucket, or on its objects.

    What the table does not know fits, be it an action or a type of resource. An action without
    types of resources is checked against everything, so that only a pattern can allow it.
    """
    service, name = _parted(action.lower())
    row = _rows(service).get(name)
    if row is None or resource == "*" or service == _METHODS:
        return True
    if len(row) == 1:
        return resource.endswith("*")
    kinds: dict[str, str] = table()["types"].get(service, {})
    if any(_is_a(kinds.get(kind, _ANY), resource) for kind in row[1:]):
        return True
    same_service = f":{service}:" in resource
    return same_service and not any(_is_a(kind, resource) for kind in kinds.values())


def _is_a(kind: str, resource: str) -> bool:
    """Whether a resource may be of a type; the name of a bucket has no slash, its objects do."""
    if kind == "arn:*:s3:::*" and "/" in resource:
        return False
    wanted, parts = kind.split(":", _PARTS - 1), resource.split(":", _PARTS - 1)
    if len(parts) < _PARTS and resource.endswith("*"):
        parts += ["*"] * (_PARTS - len(parts))
    return len(parts) == len(wanted) and all(map(overlaps, wanted, parts))
