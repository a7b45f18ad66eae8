"""Follows `$ref` inside one OpenAPI document; what leads out of it, or nowhere, is told.

References are those of RFC 6901 in a fragment (`#/components/parameters/Key`, `~1` for a slash,
`%20` for a space). One that leads back to itself ends there.
"""

from __future__ import annotations

import hashlib
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Path = tuple[str | int, ...]

_LONGEST = 50
"""References in a row."""


class References:
    """The references of one document."""

    def __init__(self, root: dict[str, object]) -> None:
        self._root = root
        self._direct: dict[str, tuple[str, ...]] = {}
        self._digests: dict[str, str] = {}

    def follow(self, value: object) -> tuple[object, str]:
        """What a value, or the reference that it is, stands for; and the reference that fails."""
        for _ in range(_LONGEST):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                return value, ""
            found = self.target(reference)
            if found is None:
                return {}, reference
            value = found
        return {}, str(reference)

    def target(self, reference: str) -> object:
        """What a reference names; None if that is not in this document."""
        if not reference.startswith("#"):
            return None
        value: object = self._root
        for step in _steps(reference[1:]):
            if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            elif isinstance(value, dict) and step in value:
                value = value[step]
            else:
                return None
        return value

    def digest(self, value: object) -> str:
        """`sha256:` and the digest of a value together with everything that it refers to."""
        reached = dict.fromkeys(_references(value))
        waiting = list(reached)
        for reference in waiting:
            new = [one for one in self._referred(reference) if one not in reached]
            reached |= dict.fromkeys(new)
            waiting += new
        parts = [_text(value), *(f"{one} {self._digests[one]}" for one in sorted(reached))]
        return f"sha256:{_hash(chr(10).join(parts))}"

    def _referred(self, reference: str) -> tuple[str, ...]:
        if reference not in self._direct:
            value = self.target(reference)
            self._direct[reference] = tuple(dict.fromkeys(_references(value)))
            self._digests[reference] = _hash(_text(value))
        return self._direct[reference]


def _steps(pointer: str) -> list[str]:
    from urllib.parse import unquote  # noqa: PLC0415 -- evidence without references needs none

    steps = unquote(pointer).split("/")[1:]
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _references(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
        waiting.extend(inner)
        reference = part.get("$ref") if isinstance(part, dict) else None
        if isinstance(reference, str):
            yield reference


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
