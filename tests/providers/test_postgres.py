"""PostgreSQL evidence as text: what old dumps say, what is refused, and what is never shown."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.grants import Granted, Setting
from blastlint.providers.postgres.dumps import effect, read, resource_covers
from blastlint.source import Document, InputError, lines_of

ROLES = """
CREATE ROLE bob;
ALTER ROLE bob WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN PASSWORD 'md5hunter2';
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
"""
TABLE = """
CREATE TABLE public.t (id integer);
ALTER TABLE public.t OWNER TO postgres;
GRANT SELECT ON TABLE public.t TO bob;
"""


def dump(body: str, version: int = 15, database: str = "shop") -> Document:
    """A dump of a database by pg_dump."""
    create = f"CREATE DATABASE {database};\nALTER DATABASE {database} OWNER TO postgres;\n"
    create = f"{create}\\connect {database}\n" if database else ""
    head = (
        f"-- Dumped from database version {version}.1\n-- Dumped by pg_dump version {version}.1\n"
    )
    return wrapped("database", head + create + dedent(body), "shop.sql")


def roles(body: str = ROLES) -> Document:
    """A dump of the roles."""
    return wrapped("database cluster", dedent(body), "roles.sql")


def wrapped(kind: str, body: str, file: str) -> Document:
    """A file between the lines that dumps begin and end with."""
    title = f"PostgreSQL {kind} dump"
    return lines_of(f"--\n-- {title}\n--\n\n{body}\n--\n-- {title} complete\n--\n".encode(), file)


def table(text: str) -> Document:
    """A table of grants."""
    return lines_of(dedent(text).lstrip().encode(), "grants.csv")


def held(found: Granted, holder: str = "bob") -> set[tuple[str, str]]:
    """What is granted to a role: action and resource."""
    return {(one.action, one.resource) for one in found.grants if one.holder == holder}


def refused(*documents: Document) -> str:
    """Why files cannot be judged."""
    with pytest.raises(InputError) as caught:
        read(documents)
    return str(caught.value)


# --- versions -----------------------------------------------------------------------------------


def test_everybody_creates_in_public_before_15() -> None:
    """What a dump leaves unsaid of the schema public is relative to the pg_dump that wrote it."""
    create = ("CREATE", "schema public")
    assert create in held(read([dump(TABLE, 14), roles()]))
    assert create not in held(read([dump(TABLE, 15), roles()]))
    closed = TABLE + "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    assert create not in held(read([dump(closed, 14), roles()]))


def test_the_version_decides_about_createrole() -> None:
    """D5: without a version it is a missing fact; the inventory or the dump of roles tells it."""
    maker = roles(ROLES + "ALTER ROLE bob WITH CREATEROLE;")
    assert [one.certainty for one in read([maker]).becomings] == ["needs-fact"]
    assert [one.needs for one in read([maker]).becomings] == ["the major version of the server"]
    old = read([maker], Setting(server_version="15.4"))
    assert [(one.principal, one.certainty) for one in old.becomings] == [("*", "proven")]
    assert read([maker], Setting(server_version="16")).becomings == ()
    options = "ALTER ROLE bob WITH CREATEROLE;\nGRANT g TO bob WITH INHERIT TRUE, SET FALSE;"
    assert read([roles(ROLES + "CREATE ROLE g;\n" + options)]).becomings == ()


def test_maintain_is_a_right_since_17() -> None:
    """ALL means one privilege more."""
    every = TABLE + "GRANT ALL ON TABLE public.t TO bob;"
    assert ("MAINTAIN", "public.t") in held(read([dump(every, 17), roles()]))
    assert ("MAINTAIN", "public.t") not in held(read([dump(every, 16), roles()]))


def test_a_managed_superuser_is_a_question() -> None:
    """S45: what rds_superuser may do stands in no dump."""
    found = read([roles(ROLES + "CREATE ROLE rds_superuser;\nGRANT rds_superuser TO bob;")])
    turns = {one.principal: one for one in found.becomings if one.holder == "bob"}
    assert turns["*"].certainty == "needs-fact"
    assert "rds_superuser" in turns["*"].needs


def test_replication_is_a_question_of_the_servers_own_list() -> None:
    """D5: a replication connection copies everything, if pg_hba.conf lets it in."""
    found = read([roles(ROLES + "ALTER ROLE bob WITH REPLICATION;")])
    copies = [one for one in found.grants if one.holder == "bob" and one.resource == "*.*"]
    assert [one.certainty for one in copies] == ["needs-fact"]
    assert "pg_hba.conf" in copies[0].needs


# --- what is missing ----------------------------------------------------------------------------


def test_without_roles_a_closed_schema_is_a_question() -> None:
    """S40: a group that is not in the evidence may open the schema."""
    body = (
        "CREATE SCHEMA app;\nALTER SCHEMA app OWNER TO postgres;\nCREATE TABLE app.t ();\n"
        "ALTER TABLE app.t OWNER TO postgres;\nGRANT SELECT ON TABLE app.t TO bob;"
    )
    found = read([dump(body)])
    grants = [one for one in found.grants if (one.holder, one.resource) == ("bob", "app.t")]
    assert [one.certainty for one in grants] == ["needs-fact"]
    assert ["bob" in one.holders for one in found.unresolved] == [True]
    assert ("SELECT", "app.t") not in held(read([dump(body), roles()]))


def test_roles_alone_show_no_rights() -> None:
    """S40: nobody is cleared by a file that holds no objects."""
    found = read([roles()])
    assert [one.holders for one in found.unresolved] == [("PUBLIC", "bob")]
    assert found.everything == {"postgres"}


def test_a_role_that_no_file_creates_is_unresolved() -> None:
    """A typed name or a role of another server is no role of this one."""
    found = read([dump(TABLE + "GRANT SELECT ON TABLE public.t TO bbo;"), roles()])
    assert [(one.holders, str(one.location)) for one in found.unresolved] == [
        (("bbo",), "shop.sql:14:1")
    ]


def test_the_inventory_names_a_database_that_the_dump_does_not() -> None:
    """Without --create a dump does not say which database it is of."""
    unnamed = dump(TABLE, database="")
    assert {one.scope for one in read([unnamed]).grants if one.action == "SELECT"} == {""}
    named = read([unnamed], Setting(namespace="till"))
    assert {one.scope for one in named.grants if one.action == "SELECT"} == {"till"}


# --- SQL ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "COMMENT ON TABLE public.t IS 'x; GRANT DELETE ON TABLE public.t TO bob;';",
        "COMMENT ON TABLE public.t IS E'it\\'s; GRANT DELETE ON TABLE public.t TO bob;';",
        "COMMENT ON TABLE public.t IS 'it''s; GRANT DELETE ON TABLE public.t TO bob;';",
        (
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS $_$ '; $$\n"
            "GRANT DELETE ON TABLE public.t TO bob; $_$;"
        ),
        "/* a /* b */ GRANT DELETE ON TABLE public.t TO bob; */",
        "-- GRANT DELETE ON TABLE public.t TO bob;",
        "COPY public.t (id) FROM stdin;\nGRANT DELETE ON TABLE public.t TO bob;\n\\.\n",
        (
            "SET standard_conforming_strings = off;\n"
            "COMMENT ON TABLE public.t IS 'it\\'s; GRANT DELETE ON TABLE public.t TO bob;';\n"
            "SET standard_conforming_strings = on;"
        ),
        (
            "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql BEGIN ATOMIC\n"
            " SELECT CASE WHEN true THEN 1 END;\n SELECT 2;\nEND;"
        ),
        'CREATE TABLE public."a; GRANT DELETE ON TABLE public.t TO bob; --" ();',
    ],
)
def test_nothing_inside_quotes_bodies_and_comments_is_a_statement(text: str) -> None:
    """S42: what follows them is read, what stands in them is not."""
    found = held(read([dump(TABLE + text + "\nGRANT UPDATE ON TABLE public.t TO bob;"), roles()]))
    assert ("DELETE", "public.t") not in found
    assert ("UPDATE", "public.t") in found


def test_an_owner_holds_what_no_line_grants() -> None:
    """D3: `OWNER TO` is every right and the one to hand them on, without any GRANT in the dump."""
    made = "CREATE TABLE public.t (id integer);\nALTER TABLE public.t OWNER TO {};\n"

    def rights(owner: str) -> set[str]:
        found = read([dump(made.format(owner)), roles()])
        return {action for action, what in held(found) if what == "public.t"}

    assert rights("bob") >= {"SELECT", "INSERT", "UPDATE", "DELETE", "GRANT", "DROP"}
    assert rights("postgres") == set()


def test_a_revoked_right_is_gone() -> None:
    """D3, S42: from the table, from its columns, from PUBLIC, and from the owner itself."""
    body = TABLE + (
        "GRANT UPDATE(id) ON TABLE public.t TO bob;\nREVOKE ALL ON TABLE public.t FROM bob;\n"
        "REVOKE ALL ON TABLE public.t FROM postgres;\nALTER TABLE public.t OWNER TO bob;\n"
        "REVOKE ALL ON TABLE public.t FROM bob;\nGRANT SELECT ON TABLE public.t TO bob;\n"
    )
    found = {one for one in held(read([dump(body), roles()])) if "public.t" in one[1]}
    assert found == {(what, "public.t") for what in ("SELECT", "ALTER", "DROP", "GRANT")}


def test_a_policy_opens_its_own_command_only() -> None:
    """S44: a policy for SELECT deletes no row, and a restrictive one opens none at all."""
    body = TABLE + (
        "GRANT DELETE ON TABLE public.t TO bob;\n"
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;\n"
        "CREATE POLICY mine ON public.t FOR SELECT TO bob USING ((id = 1));\n"
        "CREATE POLICY less ON public.t AS RESTRICTIVE USING ((id = 2));\n"
    )
    found = [one for one in read([dump(body), roles()]).grants if one.holder == "bob"]
    assert [(one.action, one.condition) for one in found if one.resource == "public.t"] == [
        ("SELECT", "only rows that row level security allows: mine")
    ]


def test_a_new_owner_of_the_schema_public_is_its_only_one() -> None:
    """The database's owner has lost the schema that a line gives to somebody else."""
    moved = TABLE + "ALTER SCHEMA public OWNER TO bob;"
    owner = "ALTER DATABASE shop OWNER TO till;\n"
    known = roles(ROLES + "CREATE ROLE till;")
    assert ("CREATE", "schema public") in held(read([dump(owner + TABLE), known]), "till")
    assert ("CREATE", "schema public") not in held(read([dump(owner + moved), known]), "till")
    assert ("CREATE", "schema public") in held(read([dump(owner + moved), known]), "bob")


def test_nobody_takes_a_superuser_by_admin_option() -> None:
    """Only a superuser gives a superuser's role to anybody."""
    options = "WITH ADMIN OPTION, INHERIT FALSE, SET FALSE GRANTED BY postgres;"
    grants = f"CREATE ROLE g;\nGRANT postgres TO bob {options}\nGRANT g TO bob {options}"
    assert [one.principal for one in read([roles(ROLES + grants)]).becomings] == ["g"]


def test_arguments_are_read_without_their_defaults() -> None:
    """A function is created with defaults and granted without."""
    body = (
        "CREATE FUNCTION public.f(a integer DEFAULT 3, VARIADIC b text[] DEFAULT '{x,y)}'::text[])"
        " RETURNS void LANGUAGE plpython3u AS $$ $$;\n"
        "ALTER FUNCTION public.f(a integer, VARIADIC b text[]) OWNER TO postgres;\n"
        "REVOKE ALL ON FUNCTION public.f(a integer, VARIADIC b text[]) FROM PUBLIC;\n"
        "GRANT ALL ON FUNCTION public.f(a integer, VARIADIC b text[]) TO bob;"
    )
    found = read([dump(body), roles()])
    name = "function public.f(a integer, variadic b text[])"
    assert ("EXECUTE", name) in held(found)
    assert ("EXECUTE", name) not in held(found, "PUBLIC")
    assert {one.effect for one in found.grants if one.resource == name} >= {"execute"}


PIECES = (
    *"();,.'$\"\\\n ",
    "$$",
    "/*",
    "--",
    "E'",
    "GRANT",
    "REVOKE",
    "ALL",
    "ON",
    "TO",
    "FROM",
    "CREATE",
    "ALTER",
    "ROLE",
    "TABLE",
    "VIEW",
    "FUNCTION",
    "DEFAULT PRIVILEGES",
    "POLICY",
    "WITH",
    "OWNER",
    "INHERIT",
    "COPY t FROM stdin;",
    "BEGIN ATOMIC",
    "CASE",
    "END",
    "SET SESSION AUTHORIZATION",
    "\\connect",
    "public.t",
    "bob",
    "é",
    "1",
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_text_is_read_or_refused_with_its_place(pieces: list[str]) -> None:
    """Nothing between the lines of a dump makes the reader stumble."""
    document = dump(TABLE + " ".join(pieces) + "\n")
    try:
        found = read([document])
    except InputError as error:
        places = [one.location for one in error.problems]
        assert all(place and place.span.line <= len(document.value) for place in places)
    else:
        assert ("SELECT", "public.t") in held(found) or "REVOKE" in pieces or "ALTER" in pieces


# --- what is refused ----------------------------------------------------------------------------


def test_a_dump_that_is_cut_off_is_refused() -> None:
    """Its last rights could be missing; a password at the cut is not shown."""
    whole = roles().value
    for end in (len(whole) - 4, 7):
        cut = lines_of("\n".join(whole[:end]).encode(), "roles.sql")
        assert "cut off" in refused(cut)
    open_quote = lines_of(
        b"--\n-- PostgreSQL database dump\n--\nALTER ROLE bob PASSWORD 'hunter2;\n", "f"
    )
    with pytest.raises(InputError) as caught:
        read([open_quote])
    assert "hunter2" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"GRANT ALL ON t TO bob;\n", "neither a dump of pg_dump"),
        (b"a,b\n1,2\n", "neither a dump of pg_dump"),
        (b"{}\n", "neither a dump of pg_dump"),
    ],
)
def test_another_kind_of_file_is_refused(data: bytes, message: str) -> None:
    """A list of statements typed by hand says nothing of the server."""
    assert message in refused(lines_of(data, "f.sql"))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PGDMP\x01\x0e\x00", "an archive of pg_dump"),
        (b"\x1f\x8b\x08\x00", "compressed with gzip"),
        (b"ALTER ROLE bob PASSWORD 'hunter2\xff';", "the byte 0xFF is not UTF-8"),
        (b"ALTER ROLE bob PASSWORD 'hunter2\x07';", "cannot be seen"),
    ],
)
def test_what_is_no_text_is_refused_without_its_line(data: bytes, message: str) -> None:
    """A password stands on some such lines."""
    with pytest.raises(InputError, match=message) as caught:
        lines_of(data, "f.sql")
    assert "hunter2" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grantee,table_schema,table_name\nbob,app,t", "has no column privilege_type"),
        ("grantees,table_schema,table_name,privilege_type\n", "did you mean 'grantees'"),
        ("grantee,table_schema,table_name,privilege_type\nbob,app,t", "3 values"),
        ("grantee,table_schema,table_name,privilege_type\nbob,app,,SELECT", "table_name is empty"),
        (
            "grantee,table_schema,table_name,privilege_type\nbob,app,t,READ",
            "'READ' is no privilege",
        ),
        ('grantee,table_schema,table_name,privilege_type\n"bob,app,t,READ', "is no CSV"),
        ('"grantee,table_schema,table_name,privilege_type\nbob,app,t,READ', "line is no CSV"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(text: str, message: str) -> None:
    """Half a table would clear whoever stands in the other half."""
    said = refused(table(text))
    assert message in said
    assert said.startswith("grants.csv:")


def test_every_broken_row_is_told_at_once() -> None:
    """Whoever mends one sees the others, too, and the other files' problems."""
    said = refused(
        table("grantee,table_schema,table_name,privilege_type\nbob,app,t,X\nbob,app,t,Y\n"),
        lines_of(b"", "empty.sql"),
    )
    assert len(said.splitlines()) == 3


def test_two_databases_without_names_are_refused() -> None:
    """One cannot tell whether the tables of both are the same."""
    first, second = dump(TABLE, database=""), dump(TABLE, database="")
    assert "second dump that does not name its database" in refused(first, second)


def test_two_servers_are_refused() -> None:
    """Roles of one server say nothing of another."""
    said = refused(dump(TABLE, 15), dump(TABLE, 16, "other"))
    assert "this dump is of version 16, another file of version 15" in said


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT SELECT TO;",
        "GRANT SELECT ON TABLE public.t;",
        "GRANT ON TABLE public.t TO bob;",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO bob;",
        "GRANT SELECT ON SOMETHING NEW public.t TO bob;",
        "GRANT SELECT (id ON TABLE public.t TO bob;",
        "REVOKE SELECT ON TABLE public.t;",
        "CREATE POLICY p public.t;",
        "ALTER DEFAULT PRIVILEGES FOR ROLE bob GRANT SELECT ON TABLES;",
        "CREATE ROLE;",
    ],
)
def test_a_statement_that_is_not_understood_is_refused(statement: str) -> None:
    """What could give a right is never passed over."""
    assert "in this statement" in refused(dump(TABLE + statement)) or "not read" in refused(
        dump(TABLE + statement)
    )


def test_no_line_with_a_password_is_shown() -> None:
    """The place of a role is told, and not the line that holds its password."""
    found = read([dump(TABLE), roles(ROLES.replace("NOCREATEDB LOGIN", "CREATEDB LOGIN"))])
    creating = [one for one in found.grants if one.resource == "database *"]
    assert [str(one.location) for one in creating if one.holder == "bob"] == ["roles.sql:7:1"]
    assert "hunter2" not in repr(found)


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "needed", "covers"),
    [
        ("app.orders", "app.orders", True),
        ("app.orders", "app.orders(total)", True),
        ("app.orders(total)", "app.orders", False),
        ("app.orders(total)", "app.orders(id)", False),
        ("app.*", "app.orders", True),
        ("app.*", "app.orders(total)", True),
        ("app.*", "apps.orders", False),
        ("app.*", "new table app.*", True),
        ("new table app.*", "app.orders", False),
        ("new table app.*", "app.*", False),
        ("public.orders", "orders", True),
        ("orders", "public.orders", True),
        ("orders", "app.orders", False),
        ("*.*", "app.orders", True),
        ("*.*", "schema app", False),
        ("*", "schema app", True),
        ("app.*", "function app.f(a integer)", False),
        ("function app.*", "function app.f(a integer)", True),
        ("function app.f", "function app.f(a integer)", True),
        ("function app.f(a integer)", "function app.f(a text)", False),
        ("function *", "function app.f()", True),
        ("schema app", "app.orders", False),
        ("database shop", "database till", False),
    ],
)
def test_which_names_cover_others(granted: str, needed: str, covers: bool) -> None:  # noqa: FBT001 -- a row of a table
    """S42: a table covers its columns, a schema's star its tables; kinds never mix."""
    assert resource_covers(granted, needed) == covers


@pytest.mark.parametrize(
    ("resource", "action", "changes"),
    [
        ("app.orders", "SELECT", "read"),
        ("app.orders", "select", "read"),
        ("app.orders", "INSERT", "append"),
        ("app.orders", "UPDATE", "mutate"),
        ("app.orders", "TRUNCATE", "destroy"),
        ("app.orders_id_seq", "USAGE", "mutate"),
        ("schema app", "USAGE", "read"),
        ("foreign server s", "USAGE", "execute"),
        ("function app.f()", "EXECUTE", "execute"),
        ("parameter archive_command", "ALTER SYSTEM", "grant"),
        ("app.orders", "SOMETHING", "unknown"),
    ],
)
def test_what_a_privilege_changes(resource: str, action: str, changes: str) -> None:
    """USAGE means another thing on every kind of object."""
    assert effect(resource, action) == changes


def test_one_line_for_two_roles_is_told_of_each() -> None:
    """What it gives bob is his own; what was revoked from him he has through the readers."""
    body = f"{TABLE}GRANT INSERT,UPDATE ON TABLE public.t TO bob,readers;\n"
    body += "REVOKE INSERT ON TABLE public.t FROM bob;\n"
    found = read([dump(body), roles(f"{ROLES}CREATE ROLE readers;\nGRANT readers TO bob;\n")])
    mine = {one.action: one for one in found.grants if one.holder == "bob"}
    assert mine["UPDATE"].inherited is None
    inherited = mine["INSERT"].inherited
    assert inherited is not None
    assert inherited.owners == ("readers",)
    assert [one.undo for one in inherited.memberships] == ["revoke readers from bob"]
    assert mine["INSERT"].location.note == "bob has this through readers"
