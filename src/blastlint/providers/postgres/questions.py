"""What the files of a server leave open: whatever is not in them is a question, not an answer."""

from __future__ import annotations

from blastlint.providers.grants import Unresolved
from blastlint.providers.postgres.catalog import PUBLIC
from blastlint.providers.postgres.predefined import TO_EVERYTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.postgres.catalog import Catalog
    from blastlint.providers.postgres.rights import Rights

_HELP_ROLES = "add what pg_dumpall --roles-only writes"
_HELP_DUMP = "add what pg_dump --schema-only --create writes of every database"


def questions(rights: Rights) -> Iterator[Unresolved]:
    """Every reference that nothing defines, and every kind of file that is missing."""
    catalog = rights.catalog
    everybody = tuple(name for name in rights.names if not rights.has_attribute(name, "SUPERUSER"))
    yield from _files(catalog, everybody)
    yield from _roles(catalog)
    yield from _owners(catalog, everybody)
    yield from _rights(rights, everybody)
    yield from _logins(catalog)


def _files(catalog: Catalog, everybody: tuple[str, ...]) -> Iterator[Unresolved]:
    shown = next(iter(catalog.dumped.values()), None)
    begun = shown or catalog.table_from
    if catalog.roles_from is None and begun is not None:
        what = f"attributes and memberships of roles are not in these files; {_HELP_ROLES}"
        yield Unresolved(what, begun, everybody)
    if shown is None and catalog.roles_from is not None and catalog.table_from is None:
        what = f"no file shows what a role may do with any object; {_HELP_DUMP}"
        yield Unresolved(what, catalog.roles_from, everybody)
    if shown is None and catalog.table_from is not None:
        what = (
            "a table of grants lacks schemas, functions, owners (role_table_grants: columns) "
            f"and the roles that whoever exported it is no member of; {_HELP_DUMP}"
        )
        yield Unresolved(what, catalog.table_from, everybody)


def _roles(catalog: Catalog) -> Iterator[Unresolved]:
    """Roles that are named, and that the dump of roles does not create."""
    if catalog.roles_from is None:
        return
    for name, role in sorted(catalog.roles.items()):
        if not (role.defined or name == PUBLIC or name.startswith("pg_") or name in TO_EVERYTHING):
            what = f"the role {name} is named, and no file creates it"
            yield Unresolved(what, role.location, (name,))


def _owners(catalog: Catalog, everybody: tuple[str, ...]) -> Iterator[Unresolved]:
    """Objects without an owner: pg_dump --no-owner leaves out who may do everything with them."""
    without = [thing for thing in catalog.things.values() if thing.created and not thing.owner]
    if without:
        first, more = without[0], len(without) - 1
        others = f" and {more} other objects" if more else ""
        what = (
            f"who owns {first.kind} {first.name}{others} is not in these files; "
            "make the dump without --no-owner"
        )
        yield Unresolved(what, first.location, everybody)


def _rights(rights: Rights, everybody: tuple[str, ...]) -> Iterator[Unresolved]:
    """Roles that own nothing, in a dump that gives nobody anything."""
    catalog = rights.catalog
    if not catalog.dumped or catalog.rights or catalog.table_from:
        return
    owners = {thing.owner for thing in catalog.things.values()}
    poor = tuple(name for name in everybody if name != PUBLIC and name not in owners)
    if poor:
        what = (
            "no line gives or takes a right: nobody but owners has any, or the dump was made with "
            "--no-privileges"
        )
        yield Unresolved(what, next(iter(catalog.dumped.values())), poor)


def _logins(catalog: Catalog) -> Iterator[Unresolved]:
    for one in catalog.mappings:
        who = "everybody" if one.role == PUBLIC else one.role
        what = (
            f"the foreign server {one.server} holds a login for {who}, and what it opens there is "
            "not in these files"
        )
        yield Unresolved(what, one.location, (one.role,))
