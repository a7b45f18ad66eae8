"""PostgreSQL: what every role of a server may do, from dumps of its schema and of its roles.

Evidence is plain text: `pg_dump --schema-only --create DATABASE` for each database,
`pg_dumpall --roles-only --no-role-passwords` for roles and memberships, and where there is no dump,
a table of grants as CSV (see `table`). Files given together are of one server; what they say is put
together as the server would: memberships that are inherited, PUBLIC, ownership, schemas and
databases that must be open, row level security.

Principals are the names of roles, and `PUBLIC`. The scope of a grant is its database; it is empty
if neither the dump nor the setting's namespace names it. Resources are described in `effects`. What
PUBLIC may do with types and trusted languages from the start is left out: it opens nothing.
Triggers, rules, publications, subscriptions and what pg_hba.conf lets in are not read.
"""

from __future__ import annotations

from blastlint.providers.grants import UNSTATED, Granted
from blastlint.providers.postgres.becoming import becomings
from blastlint.providers.postgres.catalog import Catalog
from blastlint.providers.postgres.effects import effect, resource_covers
from blastlint.providers.postgres.grants import Entries, grants_of
from blastlint.providers.postgres.questions import questions
from blastlint.providers.postgres.rights import Rights
from blastlint.providers.postgres.statements import take_in
from blastlint.providers.postgres.table import is_table, take_in_table
from blastlint.providers.postgres.text import is_dump, script
from blastlint.source import InputError, Problem
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.providers.grants import Setting
    from blastlint.providers.postgres.text import Script
    from blastlint.source import Document

__all__ = ["LINES", "effect", "read", "resource_covers"]

LINES = (".sql", ".csv")


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """What every role holds, and can become, by all files of one server taken together.

    Args:
        documents: dumps and tables of grants, as lists of lines.
        setting: the server; its namespace is the database of a dump that does not name its own.

    Raises:
        InputError: a file is of another kind, cut off, or says what cannot be read.
    """
    catalog = _catalog(documents, setting)
    rights = Rights(catalog)
    rights.prepare()
    turns = tuple(turn for name in rights.names for turn in becomings(rights, name))
    entries = Entries(rights, turns)
    grants = tuple(
        grant for name in rights.names for grant in grants_of(rights, name, entries, setting.system)
    )
    return Granted(
        grants=grants,
        becomings=turns,
        unresolved=tuple(questions(rights)),
        principals=rights.names if documents else (),
        everything=frozenset(
            name for name in rights.names if rights.has_attribute(name, "SUPERUSER")
        ),
    )


def _catalog(documents: Sequence[Document], setting: Setting) -> Catalog:
    """Everything that the files say, or every problem with them."""
    stated = setting.server_version.partition(".")[0]
    catalog = Catalog(home=setting.namespace, server=int(stated) if stated.isdigit() else None)
    problems: list[Problem] = []
    for document in documents:
        try:
            _take_in(catalog, document)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return catalog


def _take_in(catalog: Catalog, document: Document) -> None:
    catalog.database = catalog.home
    if is_table(document):
        take_in_table(catalog, document)
    elif is_dump(document):
        _take_in_dump(catalog, document)
    else:
        raise InputError(_other(document))


def _take_in_dump(catalog: Catalog, document: Document) -> None:
    """Take in a dump; two that do not name their database could be of one or of two."""
    found = script(document)
    _check_version(catalog, found)
    earlier, catalog.dumped = catalog.dumped, {}
    take_in(catalog, found)
    if catalog.home in earlier and catalog.home in catalog.dumped:
        message = "this is a second dump that does not name its database"
        related = (earlier[catalog.home].noted("the first one"),)
        help_ = "make both with pg_dump --schema-only --create"
        raise InputError(Problem(message, document.at((1,)), help_, related))
    catalog.dumped = {**earlier, **catalog.dumped}


def _check_version(catalog: Catalog, found: Script) -> None:
    if found.server is None:
        return
    if catalog.seen not in {None, found.server}:
        message = f"this dump is of version {found.server}, another file of version {catalog.seen}"
        help_ = "files that are given together are of one server"
        raise InputError(Problem(message, found.document.at((1,)), help_))
    catalog.server = catalog.seen = found.server


def _other(document: Document) -> Problem:
    if not any(line.strip() for line in document.value):
        return Problem("the file is empty", document.at(), "export it again")
    place = replace(document.at((0,)), text="")
    message = "neither a dump of pg_dump or pg_dumpall as plain text, nor a table of grants"
    return Problem(message, place, "make it with pg_dump --schema-only --create")
