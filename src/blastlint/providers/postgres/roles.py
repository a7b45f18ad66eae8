"""Takes roles, their attributes and their memberships into the catalogue."""

from __future__ import annotations

from blastlint.providers.postgres.catalog import Membership
from blastlint.providers.postgres.parsing import roles_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.providers.postgres.catalog import Catalog
    from blastlint.providers.postgres.parsing import Cursor

ATTRIBUTES = (
    "SUPERUSER",
    "INHERIT",
    "CREATEROLE",
    "CREATEDB",
    "LOGIN",
    "REPLICATION",
    "BYPASSRLS",
)


def create_role(catalog: Catalog, cursor: Cursor) -> None:
    """`CREATE ROLE name WITH …`."""
    catalog.roles_from = catalog.roles_from or cursor.place
    role = catalog.role(cursor.role(), cursor.place)
    role.defined = True
    role.location = cursor.place
    _attributes(catalog, cursor, role.name)


def alter_role(catalog: Catalog, cursor: Cursor) -> None:
    """`ALTER ROLE name WITH …`; settings of a role say nothing of its rights."""
    name = cursor.role()
    if not (cursor.here.is_word("in", "set", "reset", "rename") or name == "all"):
        role = catalog.role(name, cursor.place)
        role.location = cursor.place
        _attributes(catalog, cursor, name)


def _attributes(catalog: Catalog, cursor: Cursor, name: str) -> None:
    role = catalog.roles[name]
    while not cursor.done:
        token = cursor.next()
        word = token.value.upper() if token.kind == "word" else ""
        if word in ATTRIBUTES:
            role.flags.add(word)
        elif word.removeprefix("NO") in ATTRIBUTES:
            role.flags.discard(word.removeprefix("NO"))


def grant_role(catalog: Catalog, cursor: Cursor) -> None:
    """`GRANT group TO member WITH ADMIN OPTION, INHERIT FALSE, SET FALSE`."""
    groups = roles_in(cursor)
    cursor.expect("to")
    members = roles_in(cursor)
    options = _options(cursor)
    catalog.options = catalog.options or "inherit" in options
    for group in groups:
        for member in members:
            catalog.role(group, cursor.place)
            catalog.role(member, cursor.place)
            catalog.memberships.append(
                Membership(
                    member,
                    group,
                    cursor.place,
                    admin=options.get("admin", False),
                    inherit=options.get("inherit"),
                    settable=options.get("set", True),
                )
            )


def _options(cursor: Cursor) -> dict[str, bool]:
    found: dict[str, bool] = {}
    if not cursor.skip("with"):
        return found
    while cursor.here.is_word("admin", "inherit", "set"):
        name = cursor.next().value
        found[name] = not cursor.next().is_word("false")
        cursor.skip(",")
    return found


def revoke_role(catalog: Catalog, cursor: Cursor) -> None:
    """`REVOKE group FROM member`; what is revoked of an option leaves the membership."""
    if cursor.has("option", "for"):
        return
    groups = roles_in(cursor)
    cursor.expect("from")
    members = roles_in(cursor)
    catalog.memberships = [
        one for one in catalog.memberships if not (one.group in groups and one.member in members)
    ]
