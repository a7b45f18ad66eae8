"""What each PostgreSQL privilege changes, and which names of objects cover others.

A table, view or sequence is written `schema.table`, one of its columns `schema.table(column)`, any
table of a schema `schema.*`. Any other object has its kind first: `schema app`, `function
app.f(a integer)`, `database shop`, `server file`. `function app.f` is each function of that name,
`function app.*` each of the schema, `function *` each. What is granted on tables that nobody made
yet is on `new table app.*`. Who writes a table without its schema means the schema `public`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.grants import Effect

EFFECTS: dict[str, Effect] = {
    "SELECT": "read",
    "CONNECT": "read",
    "TEMPORARY": "read",  # what it makes ends with the session, and nobody else sees it
    "INSERT": "append",
    "CREATE": "append",
    "REFERENCES": "append",
    "UPDATE": "mutate",
    "ALTER": "mutate",
    "MAINTAIN": "mutate",
    "SET": "mutate",
    "CANCEL": "mutate",
    "DELETE": "destroy",
    "TRUNCATE": "destroy",
    "DROP": "destroy",
    "EXECUTE": "execute",
    "TRIGGER": "execute",
    "GRANT": "grant",
    "ALTER SYSTEM": "grant",
    "*": "grant",
}
"""Of every privilege, and of what an owner may do without one: ALTER, DROP, GRANT."""

_OF_USAGE: dict[str, Effect] = {"": "mutate", "language ": "execute", "foreign ": "execute"}
"""What USAGE changes by the kind of object, if it does not only open it."""
_NEW = "new "
_KINDS = (
    "schema ",
    "function ",
    "database ",
    "type ",
    "language ",
    "foreign ",
    "large ",
    "tablespace ",
    "parameter ",
    "server ",
)


def effect(resource: str, action: str) -> Effect:
    """What the action changes; on a sequence, USAGE takes numbers and so changes it."""
    action = action.upper()
    if action == "USAGE":
        return _OF_USAGE.get(_parted(resource)[0], "read")
    return EFFECTS.get(action, "unknown")


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- a provider's signature
    """Whether a grant on one object opens another: itself, its columns, tables of its schema."""
    if granted in {"*", needed}:
        return True
    (kind, pattern), (other, name) = _parted(granted), _parted(needed)
    if kind != other or granted.startswith(_NEW):
        return False
    if pattern in {"*", "*.*", name}:
        return True
    whole = name.partition("(")[0]
    return pattern == whole or (pattern.endswith(".*") and whole.startswith(pattern[:-1]))


def _parted(resource: str) -> tuple[str, str]:
    """The kind of an object, empty for tables and sequences, and its name with its schema."""
    name = resource.removeprefix(_NEW)
    for kind in _KINDS:
        if name.startswith(kind):
            return kind, name.removeprefix(kind)
    name = name.removeprefix("table ").removeprefix("sequence ")
    plain = name != "*" and "." not in name.partition("(")[0]
    return "", f"public.{name}" if plain else name
