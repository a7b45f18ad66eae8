"""Takes the statements of a dump into the catalogue, one kind of statement a function."""

from __future__ import annotations

from itertools import product

from blastlint.providers.postgres.catalog import PRIVILEGES, PUBLIC, Default, Held, Mapping, Policy
from blastlint.providers.postgres.parsing import Cursor, roles_in
from blastlint.providers.postgres.roles import alter_role, create_role, grant_role, revoke_role
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blastlint.providers.postgres.catalog import Catalog, Thing
    from blastlint.providers.postgres.parsing import Privilege
    from blastlint.providers.postgres.text import Script, Statement

_KINDS: dict[tuple[str, ...], str] = {
    ("table",): "table",
    ("foreign", "table"): "table",
    ("view",): "table",
    ("materialized", "view"): "table",
    ("sequence",): "sequence",
    ("schema",): "schema",
    ("function",): "function",
    ("procedure",): "function",
    ("routine",): "function",
    ("aggregate",): "function",
    ("database",): "database",
    ("type",): "type",
    ("domain",): "type",
    ("language",): "language",
    ("procedural", "language"): "language",
    ("foreign", "data", "wrapper"): "foreign data wrapper",
    ("foreign", "server"): "foreign server",
    ("server",): "foreign server",
    ("large", "object"): "large object",
    ("tablespace",): "tablespace",
    ("parameter",): "parameter",
}
_BY_FIRST = {
    first: [words for words in sorted(_KINDS, key=len, reverse=True) if words[0] == first]
    for first, *_ in _KINDS
}
"""The same by their first word, the longest first."""
_INHERITED = ("SELECT", "UPDATE", "DELETE", "TRUNCATE")
"""What a right on a table reaches into the tables that inherit from it."""
_MODIFIERS = ("temp", "temporary", "unlogged", "global", "local", "trusted", "recursive")


def take_in(catalog: Catalog, script: Script) -> None:
    """Take in every statement of a dump."""
    catalog.dumped_by = script.dumped_by
    session = ""
    for statement in script.statements:
        cursor = Cursor(statement)
        if cursor.here.kind == "word" and cursor.here.value in _VERBS:
            _VERBS[cursor.next().value](catalog, cursor, session)
        elif cursor.here.kind == "meta":
            _meta(catalog, statement)
        elif cursor.skip("set", "session", "authorization"):
            session = "" if cursor.here.is_word("default") else cursor.next().value
        elif cursor.skip("reset", "session", "authorization"):
            session = ""


def _meta(catalog: Catalog, statement: Statement) -> None:
    command, name = statement.tokens
    if command.value == "\\connect":
        catalog.database = name.value


def _create(catalog: Catalog, cursor: Cursor, session: str) -> None:
    cursor.skip("or", "replace")
    while cursor.here.is_word(*_MODIFIERS):
        cursor.next()
    place = cursor.place
    if cursor.skip("user", "mapping", "for"):
        role = cursor.role()
        cursor.skip("server")
        catalog.mappings.append(Mapping(role, cursor.name(), place))
    elif cursor.skip_one("role", "user", "group"):
        create_role(catalog, cursor)
    elif cursor.skip("policy"):
        _policy(catalog, cursor)
    else:
        _create_thing(catalog, cursor, session)


def _create_thing(catalog: Catalog, cursor: Cursor, session: str) -> None:
    words, kind = _kind(cursor)
    if not kind:
        return
    cursor.skip("if", "not", "exists")
    if kind not in {"database", "tablespace"}:
        catalog.begin(cursor.place)
    thing = _thing(catalog, cursor, kind)
    thing.created = True
    if session:
        catalog.own(thing, session, cursor.place)
    if kind == "function":
        _function(thing, cursor)
    elif kind == "tablespace" and cursor.skip("owner"):
        catalog.own(thing, cursor.role(), cursor.place)
    elif words == ("table",):
        cursor.seek("inherits", "(")
        thing.parents |= dict.fromkeys(cursor.qualified_names(), _INHERITED)
    elif words[-1] == "view":
        _view(thing, cursor, " ".join(words))
    elif kind == "schema" and cursor.skip("authorization"):
        catalog.own(thing, cursor.role(), cursor.place)


def _function(thing: Thing, cursor: Cursor) -> None:
    thing.definer = cursor.has("security", "definer")
    thing.language = cursor.language()
    thing.callable = not (
        cursor.has("returns", "trigger") or cursor.has("returns", "event_trigger")
    )


def _view(thing: Thing, cursor: Cursor, form: str) -> None:
    thing.form = form
    invoker = any(cursor.has("security_invoker", "=", word) for word in _TRUE)
    thing.shows = () if invoker else tuple(cursor.qualified_names())


_TRUE = ("true", "on", "yes", "1")


def _policy(catalog: Catalog, cursor: Cursor) -> None:
    name = cursor.name()
    cursor.expect("on")
    thing = _thing(catalog, cursor, "table")
    permissive = not cursor.skip("as", "restrictive")
    cursor.skip("as", "permissive")
    command = cursor.next().value.upper() if cursor.skip("for") else "ALL"
    roles = roles_in(cursor) if cursor.skip("to") else [PUBLIC]
    thing.policies.append(Policy(name, command, frozenset(roles), permissive))


def _alter(catalog: Catalog, cursor: Cursor, _: str) -> None:
    if cursor.skip("default", "privileges"):
        _defaults(catalog, cursor)
    elif cursor.skip_one("role", "user"):
        alter_role(catalog, cursor)
    else:
        _alter_thing(catalog, cursor)


def _alter_thing(catalog: Catalog, cursor: Cursor) -> None:
    _, kind = _kind(cursor)
    if not kind:
        return
    cursor.skip("if", "exists")
    cursor.skip("only")
    thing = _thing(catalog, cursor, kind)
    if cursor.skip("owner", "to"):
        catalog.own(thing, cursor.role(), cursor.place)
    elif cursor.skip("owned", "by") and not thing.owner:
        _owned_by(catalog, thing, cursor)
    elif cursor.has("row", "level", "security"):
        _row_security(thing, cursor)
    elif cursor.skip("attach", "partition"):
        part = _thing(catalog, cursor, "table")
        part.parents[thing.name] = ("INSERT", *_INHERITED)
    elif cursor.has("as", "identity"):
        cursor.seek("sequence", "name")
        if not cursor.done:
            sequence = _thing(catalog, cursor, "sequence")
            sequence.created = True
            if thing.owner:
                catalog.own(sequence, thing.owner, thing.owned_at or cursor.place)


def _row_security(thing: Thing, cursor: Cursor) -> None:
    if cursor.here.is_word("enable"):
        thing.secured = True
    elif cursor.here.is_word("force"):
        thing.forced = True


def _owned_by(catalog: Catalog, sequence: Thing, cursor: Cursor) -> None:
    name = cursor.qualified()[0].rpartition(".")[0]
    table = catalog.found(catalog.database, "table", name)
    if table and table.owner:
        catalog.own(sequence, table.owner, table.owned_at or cursor.place)


def _defaults(catalog: Catalog, cursor: Cursor) -> None:
    place, creator, schema = cursor.place, "", ""
    if cursor.skip("for"):
        cursor.next()
        creator = cursor.role()
    if cursor.skip("in", "schema"):
        schema = cursor.qualified()[0]
    if not cursor.skip("grant"):
        return  # what is revoked from defaults takes nothing from objects that exist
    privileges = cursor.privileges()
    plural = cursor.next().value
    plural += " " + cursor.next().value if plural == "large" else ""
    kind = plural.removesuffix("s") if plural != "routines" else "function"
    cursor.expect("to")
    for holder in roles_in(cursor):
        names = _spelled(kind, privileges)
        catalog.role(holder, place)
        catalog.defaults.append(
            Default(catalog.database, creator, schema, kind, holder, names, place)
        )


def _spelled(kind: str, privileges: Sequence[Privilege]) -> tuple[str, ...]:
    if any(name == "ALL" for name, _ in privileges):
        return PRIVILEGES.get(kind, ("ALL",))
    return tuple(name for name, _ in privileges)


def _grant(catalog: Catalog, cursor: Cursor, _: str) -> None:
    if not cursor.has("on"):
        grant_role(catalog, cursor)
        return
    privileges = cursor.privileges()
    targets = tuple(_targets(catalog, cursor))
    cursor.expect("to")
    holders = roles_in(cursor)
    held = Held(cursor.place, cursor.skip("with", "grant", "option"))
    catalog.rights += 1
    for holder in holders:
        catalog.role(holder, held.location)
        for (thing, kind), (name, columns) in product(targets, privileges):
            names = catalog.all_of(thing, kind) if name == "ALL" else (name,)
            _give(catalog, thing, holder, (names, columns), held)


def _give(
    catalog: Catalog,
    thing: Thing,
    holder: str,
    what: tuple[tuple[str, ...], tuple[str, ...]],
    held: Held,
) -> None:
    """Note privileges on an object, or on some of its columns, of which each knows four."""
    names, columns = what
    if not columns:
        catalog.give(thing, holder, names, held)
    for column in columns:
        acl = thing.columns.setdefault(column, {}).setdefault(holder, {})
        for one in names:
            if one in _OF_COLUMNS and (one not in acl or held.grantable):
                acl[one] = held


_OF_COLUMNS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")


def _revoke(catalog: Catalog, cursor: Cursor, _: str) -> None:
    if not cursor.has("on"):
        revoke_role(catalog, cursor)
        return
    option = cursor.skip("grant", "option", "for")
    privileges = cursor.privileges()
    targets = tuple(_targets(catalog, cursor))
    cursor.expect("from")
    catalog.rights += 1
    for holder in roles_in(cursor):
        for thing, kind in targets:
            for name, columns in privileges:
                names = catalog.all_of(thing, kind) if name == "ALL" else (name,)
                _take(thing, holder, names, columns, option=option)


def _take(
    thing: Thing, holder: str, names: Sequence[str], columns: Sequence[str], *, option: bool
) -> None:
    held = [thing.acl.get(holder, {})] if not columns else []
    # a privilege that is revoked from a table is revoked from each of its columns too
    held += [
        rows.get(holder, {})
        for name, rows in thing.columns.items()
        if not columns or name in columns
    ]
    for has in held:
        for name in names:
            if option and name in has:
                has[name] = replace(has[name], grantable=False)
            else:
                has.pop(name, None)


def _targets(catalog: Catalog, cursor: Cursor) -> Iterator[tuple[Thing, str]]:
    if cursor.here.is_word("all"):
        raise cursor.problem("rights on all objects of a schema at once are not read", "dump them")
    _, kind = _kind(cursor)
    kind = kind or "table"
    yield _thing(catalog, cursor, kind), kind
    while cursor.skip(","):
        yield _thing(catalog, cursor, kind), kind


def _kind(cursor: Cursor) -> tuple[tuple[str, ...], str]:
    """The kind of object that the next words name, if it is one of ours."""
    for words in _BY_FIRST.get(cursor.here.value, ()):
        if cursor.skip(*words):
            return words, _KINDS[words]
    return (), ""


def _thing(catalog: Catalog, cursor: Cursor, kind: str) -> Thing:
    name, schema = cursor.qualified()
    if kind == "function":
        name += cursor.signature()
    return catalog.thing(kind, name, schema if kind in _IN_SCHEMAS else "", cursor.place)


_IN_SCHEMAS = ("table", "sequence", "function", "type")


_VERBS: dict[str, Callable[[Catalog, Cursor, str], None]] = {
    "create": _create,
    "alter": _alter,
    "grant": _grant,
    "revoke": _revoke,
}
