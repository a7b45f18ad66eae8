"""Arguments that a tool's description promises: what the planner reads and the schema must take.

Read are the lines below a heading such as `Args:` or `It takes three arguments:`, in the forms
`NAME: …`, `NAME (TYPE): …` and the same as bullets. A name in running text proves nothing.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADING = re.compile(
    r"[^:]*\b(args|arguments?|parameters?|params|inputs?)\b[^:]*:[*_]*$", re.IGNORECASE
)
_ENTRY = re.compile(r"(?:[-*•]\s+)?[`*_]*([a-z]\w{0,63})[`*]*\s*(?:\([^)]*\))?[`*]*\s*:(?:\s|$)")
_BULLETS = ("- ", "* ", "• ")
_OPEN = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties")
"""Keys by which a schema takes arguments that it does not list."""


def unlisted(description: str, schema: object) -> tuple[str, ...]:
    """Return the arguments that a description lists and a schema does not take; each once.

    None are returned if the schema leaves open what it takes.
    """
    if not isinstance(schema, dict) or any(key in schema for key in _OPEN):
        return ()
    if schema.get("additionalProperties", False) is not False:
        return ()
    said = dict.fromkeys(_promised(description))
    known = {name.lower() for name in _properties(schema)} if said else set()
    return tuple(name for name in said if name.lower() not in known)


def _promised(description: str) -> Iterator[str]:
    """Yield the names that a description lists as arguments."""
    heading = entries = -1
    for line in filter(str.strip, description.splitlines()):
        text, indent = line.strip(), len(line) - len(line.lstrip())
        if _HEADING.match(text) and not text.startswith(_BULLETS):
            heading, entries = indent, -1
            continue
        if indent < heading or (indent == heading and not text.startswith(_BULLETS)):
            heading = -1
        found = _ENTRY.match(text) if heading >= 0 and entries in {-1, indent} else None
        if found:
            entries = indent
            yield found[1]


def _properties(schema: object) -> Iterator[str]:
    """Yield the names of all properties of a schema, at any depth."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            fields = part.get("properties")
            yield from fields if isinstance(fields, dict) else ()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
