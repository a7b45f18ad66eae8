"""A table of grants as CSV: `information_schema.role_table_grants` or `column_privileges`.

Columns `grantee`, `table_schema`, `table_name`, `privilege_type` must be there; `table_catalog`
(the database), `column_name` and `is_grantable` are read if they are. psql writes it:

    psql --csv -c "SELECT * FROM information_schema.role_table_grants"

The view shows only the grants of roles that whoever asks is a member of: ask as a superuser. It
has no schemas, functions, owners, memberships or row level security; a dump has them all.
"""

from __future__ import annotations

from blastlint.providers.postgres.catalog import PRIVILEGES, PUBLIC, Held
from blastlint.providers.postgres.text import quoted
from blastlint.source import InputError, Problem, did_you_mean, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.providers.postgres.catalog import Catalog
    from blastlint.source import Document, Location

    Row = dict[str, str]

NEEDED = ("grantee", "table_schema", "table_name", "privilege_type")
_COLUMNS = frozenset(
    {*NEEDED, "grantor", "table_catalog", "column_name", "is_grantable", "with_hierarchy"}
)
"""Every column of the two views."""
_AGAIN = "export the table again"
_PRIVILEGES = frozenset({*PRIVILEGES["table"], "MAINTAIN"})


def is_table(document: Document) -> bool:
    """Whether the first line names columns of a table of grants."""
    head = document.value[0].lower() if document.value else ""
    return any(name in head for name in NEEDED)


def take_in_table(catalog: Catalog, document: Document) -> None:
    """Take in every row.

    Raises:
        InputError: a column is missing, or rows are not as the head says; all rows at once.
    """
    import csv  # noqa: PLC0415 -- only a table of grants needs it

    reader = csv.reader(document.value, strict=True)
    try:
        head = [name.strip().lower() for name in next(reader)]
    except csv.Error:
        place = replace(document.at((0,)), text="")
        raise InputError(Problem("the first line is no CSV", place, _AGAIN)) from None
    _check_head(document, head)
    catalog.table_from = catalog.table_from or document.at((0,))
    problems: list[Problem] = []
    before = reader.line_num
    try:
        for values in reader:
            row = dict(zip(head, values, strict=False))
            message = "" if len(values) == len(head) else _count(len(values), len(head))
            message = message or _wrong(row)
            if message:
                problems.append(Problem(message, _at(document, before, head), _AGAIN))
            else:
                _take_in_row(catalog, row, _at(document, before, head))
            before = reader.line_num
    except csv.Error:
        message = "this row is no CSV: a quote that opens in it is not closed"
        problems.append(Problem(message, _at(document, before, head), _AGAIN))
    if problems:
        raise InputError(*problems)


def _at(document: Document, line: int, head: Sequence[str]) -> Location:
    """The place of a row; without its text, if it has columns that are of something else."""
    place = document.at((line,))
    return place if _COLUMNS.issuperset(head) else replace(place, text="")


def _count(found: int, expected: int) -> str:
    return f"this row has {found} values, and the head {expected} columns"


def _check_head(document: Document, head: list[str]) -> None:
    missing = [name for name in NEEDED if name not in head]
    if missing:
        hint = did_you_mean(missing[0], head)
        help_ = f"{hint or 'export it'} with psql --csv from information_schema.role_table_grants"
        message = f"this table of grants has no column {', '.join(missing)}"
        raise InputError(Problem(message, document.at((0,)), help_))


def _wrong(row: Row) -> str:
    empty = [name for name in NEEDED if not row[name]]
    if empty:
        return f"the column {empty[0]} is empty"
    if row["privilege_type"].upper() not in _PRIVILEGES:
        return f"{shown(row['privilege_type'])} is no privilege on a table"
    return ""


def _take_in_row(catalog: Catalog, row: Row, place: Location) -> None:
    catalog.database = row.get("table_catalog", "") or catalog.home
    schema = quoted(row["table_schema"])
    thing = catalog.thing("table", f"{schema}.{quoted(row['table_name'])}", schema, place)
    holder = PUBLIC if row["grantee"] == PUBLIC else row["grantee"]
    catalog.role(holder, place)
    held = Held(place, grantable=row.get("is_grantable", "").upper() == "YES")
    privilege = row["privilege_type"].upper()
    if row.get("column_name"):
        acl = thing.columns.setdefault(quoted(row["column_name"]), {})
        acl.setdefault(holder, {})[privilege] = held
    else:
        catalog.give(thing, holder, (privilege,), held)
