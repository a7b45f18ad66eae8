"""What the provider reads in dumps is what real servers answer, and let one do."""

from __future__ import annotations

import os
from itertools import product
from typing import TYPE_CHECKING

import pytest

from blastlint.providers.postgres.dumps import read, resource_covers
from blastlint.source import InputError, Root, read_lines
from providers.postgres_server import Server, installed
from providers.postgres_world import (
    ATTEMPT,
    ROWS,
    SCHEMAS,
    SECURED,
    STATEMENTS,
    TABLE,
    World,
    answered,
    chain,
    literal,
    said,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from blastlint.providers.grants import Grant


WORLDS = int(os.environ.get("BLASTLINT_WORLDS", "2"))
"""Random databases on each server."""
CACHE: dict[tuple[int, int], World] = {}


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[int, Server]]:
    """The servers that run, by version; each is started when it is first needed."""
    running: dict[int, Server] = {}
    yield running
    for one in running.values():
        one.stop()


@pytest.fixture(scope="module", params=sorted(installed()) or [0])
def server(request: pytest.FixtureRequest, servers: dict[int, Server]) -> Server:
    """A server of each version that is installed."""
    version = request.param
    if not version:
        pytest.skip("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")
    if version not in servers:
        servers[version] = Server(version)
    return servers[version]


@pytest.fixture(scope="module", params=range(WORLDS))
def world(server: Server, request: pytest.FixtureRequest) -> World:
    """A random world, and what the provider says of it."""
    key = (server.version, request.param)
    if key not in CACHE:
        CACHE[key] = World(server, request.param)
    return CACHE[key]


def test_rights_on_tables_are_those_of_the_server(world: World) -> None:
    """D2, D3: ownership, groups, PUBLIC and closed schemas add up as on the server."""
    secured = {row[0] for row in world.ask(SECURED)}
    wanted = answered(world, "table", world.tables, TABLE)
    found = {one for one in said(world) if one[1] in TABLE and one[2] in world.tables}
    assert found - wanted == set()
    assert {one for one in wanted - found if one[2] not in secured} == set()
    assert {one[1] for one in wanted - found} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_rights_on_columns_are_those_of_the_server(world: World) -> None:
    """S42: a column is open by its own right, or by that of its table."""
    privileges = ("SELECT", "UPDATE", "INSERT", "REFERENCES")
    secured = {row[0] for row in world.ask(SECURED)}
    tables = [name for name in world.tables if name not in secured]
    whole = {
        (role, action, resource.removesuffix("(name)"))
        for role, action, resource in said(world)
        if action in privileges
    }
    found = {one for one in whole if one[2] in tables}
    assert found == answered(world, "column", tables, privileges)


def test_rights_on_sequences_are_those_of_the_server(world: World) -> None:
    """Predefined roles reach sequences, too."""
    privileges = ("USAGE", "SELECT", "UPDATE")
    found = {one for one in said(world) if one[1] in privileges and one[2] in world.sequences}
    assert found == answered(world, "sequence", world.sequences, privileges)


@pytest.mark.parametrize(
    ("kind", "privileges"),
    [
        ("function", ("EXECUTE",)),
        ("schema", ("USAGE", "CREATE")),
        ("database", ("CONNECT", "TEMPORARY", "CREATE")),
    ],
)
def test_rights_on_other_objects_are_those_of_the_server(
    world: World, kind: str, privileges: tuple[str, ...]
) -> None:
    """S42: what PUBLIC has from the start is there until it is revoked."""
    objects = {
        "function": world.functions,
        "schema": [*SCHEMAS, "public"],
        "database": [world.database],
    }[kind]
    wanted = answered(world, kind, objects, privileges)
    found = {
        (role, action, resource.removeprefix(f"{kind} "))
        for role, action, resource in said(world)
        if action in privileges and resource.startswith(f"{kind} ")
    }
    ours = {one for one in found if not one[2].startswith("public.attempt")}
    assert ours == wanted


def test_a_role_turns_into_what_the_server_lets_it(world: World) -> None:
    """D1: SET ROLE works along chains of memberships, inherited or not, if each allows it."""
    others = list(product(world.roles, world.roles))
    answers = world.attempts([(who, whom, "SELECT 1") for who, whom in others])
    wanted = {pair for pair, answer in zip(others, answers, strict=True) if answer == "1"}
    steps = {
        (one.holder, one.principal)
        for one in world.found.becomings
        if one.via.startswith("SET ROLE")
    }
    found = {(who, whom) for who in world.roles for whom in chain(who, steps)}
    assert found & set(others) == wanted


def test_what_is_granted_works_and_nothing_else_does(world: World) -> None:
    """Each statement, run by each role on each table, does what the provider says."""
    actions = ("SELECT", "DELETE", "TRUNCATE", "ALTER", "DROP")
    proven, limited = said(world, "proven"), said(world, "conditional")
    wanted = list(product(world.roles, actions, world.tables))
    answers = world.attempts([(who, "", STATEMENTS[how].format(what)) for who, how, what in wanted])
    wrong = []
    for one, answer in zip(wanted, answers, strict=True):
        met = int(answer) if answer.isdigit() else 0
        by_row = one[1] in {"SELECT", "DELETE"}
        good = answer == str(ROWS) if by_row else answer.isdigit()
        if one in proven and not good:
            wrong.append((one, "proven", answer))
        elif one in limited and not (one not in proven and met < ROWS):
            wrong.append((one, "conditional", answer))
        elif one not in proven | limited and (met if by_row else answer != "refused"):
            wrong.append((one, "not said", answer))
    assert wrong == []


def test_no_password_is_shown(world: World) -> None:
    """The roles' dump holds their passwords; no line that holds one is repeated."""
    facts = (*world.found.grants, *world.found.becomings, *world.found.unresolved)
    assert "SCRAM" not in repr(facts)
    assert "hunter2" not in repr(facts)


# --- traps, each on a database of its own -------------------------------------------------------


class Case:
    """A database made by some statements, and what the provider says of it."""

    def __init__(self, server: Server, name: str, statements: str) -> None:
        self.server, self.database = server, name
        server.sql(f"CREATE DATABASE {name};")
        server.sql(statements + ATTEMPT, name)
        self.found = server.read(name)

    def attempt(self, who: str, what: str) -> str:
        """What happens when a role runs a statement: the rows it met, or `refused`."""
        query = f"SELECT public.attempt({literal(who)}, '', {literal(what)});"
        return self.server.sql(query, self.database)[0][0]

    def becomes(self, who: str) -> dict[str, tuple[str, str]]:
        """What a role turns into: how, and how sure."""
        return {
            one.principal: (one.via, one.certainty)
            for one in self.found.becomings
            if one.holder == who
        }

    def can(self, who: str, action: str, resource: str) -> list[str]:
        """How sure it is that a role may do something."""
        return [
            one.certainty
            for one in self.found.grants
            if (one.holder, one.action) == (who, action)
            and one.scope in {"*", self.database}
            and resource_covers(one.resource, resource)
        ]


def test_creating_roles_leads_to_everything_before_16(server: Server) -> None:
    """D5: until 15 CREATEROLE gives itself the role that runs programs; since 16 it does not."""
    case = Case(server, "creating", "CREATE ROLE creator CREATEROLE;")
    gave = case.attempt("creator", "GRANT pg_execute_server_program TO creator") != "refused"
    assert gave == (server.version < 16)
    assert ("*" in case.becomes("creator")) == gave


def test_admin_option_gives_itself_the_role(server: Server) -> None:
    """D1: who may hand a role out takes it, even if the grant says neither INHERIT nor SET."""
    bare = "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
    options = bare if server.version >= 16 else "WITH ADMIN OPTION"
    case = Case(
        server,
        "admins",
        "CREATE ROLE lead NOINHERIT; CREATE ROLE purse; CREATE ROLE root SUPERUSER;"
        f"GRANT purse TO lead {options}; GRANT root TO lead {options};",
    )
    taken = "GRANT purse TO lead" + (" WITH SET TRUE" if server.version >= 16 else "")
    assert case.attempt("lead", taken) != "refused"
    assert "purse" in case.becomes("lead")
    assert case.attempt("lead", "SET ROLE root") == ("refused" if server.version >= 16 else "0")
    assert ("root" in case.becomes("lead")) == (server.version < 16)


def test_programs_on_the_server_are_everything(server: Server) -> None:
    """D4: a member runs commands of the operating system; without INHERIT, after SET ROLE only."""
    case = Case(
        server,
        "programs",
        "CREATE ROLE runner; CREATE ROLE sleeper NOINHERIT; CREATE ROLE writer;"
        "GRANT pg_execute_server_program TO runner, sleeper;"
        "GRANT pg_write_server_files TO writer;",
    )
    program = "COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'"
    assert case.attempt("runner", program) == "1"
    assert case.becomes("runner")["*"][1] == "proven"
    assert case.can("runner", "EXECUTE", "server program") == ["proven"]
    assert case.attempt("sleeper", program) == "refused"
    assert set(case.becomes("sleeper")) == {"pg_execute_server_program"}
    assert case.becomes("pg_execute_server_program")["*"][1] == "proven"
    assert case.becomes("writer")["*"][1] == "conditional"


def test_a_sequence_opens_by_its_number(server: Server) -> None:
    """Without USAGE on the schema a sequence cannot be named, and its number still works."""
    case = Case(
        server,
        "numbers",
        "CREATE ROLE counter; CREATE SCHEMA shut; CREATE SEQUENCE shut.s; CREATE TABLE shut.t ();"
        "GRANT USAGE ON SEQUENCE shut.s TO counter; GRANT SELECT ON shut.t TO counter;",
    )
    number = case.server.sql("SELECT 'shut.s'::regclass::oid;", "numbers")[0][0]
    assert case.attempt("counter", "SELECT nextval('shut.s')") == "refused"
    assert case.attempt("counter", f"SELECT nextval({number}::regclass)") == "1"
    assert case.can("counter", "USAGE", "shut.s") == ["conditional"]
    assert case.attempt("counter", "SELECT * FROM shut.t") == "refused"
    assert case.can("counter", "SELECT", "shut.t") == []


def test_a_right_on_a_table_reaches_its_parts(server: Server) -> None:
    """Rows of a partition, or of an heir, are read through the table above."""
    case = Case(
        server,
        "parts",
        "CREATE ROLE parent_reader; CREATE TABLE whole (id int) PARTITION BY LIST (id);"
        "CREATE TABLE part PARTITION OF whole FOR VALUES IN (1); INSERT INTO whole VALUES (1);"
        "CREATE TABLE base (id int); CREATE TABLE heir () INHERITS (base);"
        "GRANT SELECT, INSERT ON whole, base TO parent_reader; INSERT INTO heir VALUES (1);",
    )
    assert case.attempt("parent_reader", "SELECT * FROM part") == "refused"
    assert case.attempt("parent_reader", "SELECT * FROM whole WHERE id = 1") == "1"
    assert case.can("parent_reader", "SELECT", "public.part") == ["proven"]
    assert case.can("parent_reader", "INSERT", "public.part") == ["proven"]
    assert case.attempt("parent_reader", "SELECT * FROM base") == "1"
    assert case.can("parent_reader", "SELECT", "public.heir") == ["proven"]
    assert case.can("parent_reader", "INSERT", "public.heir") == []


def test_a_view_opens_what_its_owner_may_read(server: Server) -> None:
    """D6: rights on a view are enough, unless it runs with those of whoever asks."""
    case = Case(
        server,
        "views",
        "CREATE ROLE viewer; CREATE TABLE cards (id int); CREATE TABLE keys (id int);"
        "CREATE VIEW open AS SELECT id FROM cards; GRANT SELECT ON open TO viewer;"
        "CREATE VIEW own WITH (security_invoker = on) AS SELECT id FROM keys;"
        "GRANT SELECT ON own TO viewer;",
    )
    assert case.attempt("viewer", "SELECT * FROM open") == "0"
    assert case.can("viewer", "SELECT", "public.cards") == ["conditional"]
    assert case.attempt("viewer", "SELECT * FROM own") == "refused"
    assert case.can("viewer", "SELECT", "public.keys") == []


def test_a_function_runs_as_its_owner_if_it_says_so(server: Server) -> None:
    """D6: SECURITY DEFINER lends the owner's rights to whoever may call it, which is everybody."""
    body = "LANGUAGE sql AS 'DELETE FROM public.ledger'"
    case = Case(
        server,
        "definers",
        "CREATE ROLE caller; CREATE ROLE keeper; CREATE TABLE ledger (id int);"  # noqa: S608 -- ours
        "ALTER TABLE ledger OWNER TO keeper; INSERT INTO ledger VALUES (1);"
        f"CREATE FUNCTION lent(a int) RETURNS void SECURITY DEFINER {body};"
        f"CREATE FUNCTION own() RETURNS void {body}; ALTER FUNCTION lent OWNER TO keeper;",
    )
    assert case.attempt("caller", "SELECT lent(1)") == "1"
    assert case.attempt("caller", "SELECT own()") == "refused"
    assert case.becomes("caller")["keeper"][1] == "needs-fact"
    effects = {one.resource: one.effect for one in case.found.grants if one.holder == "caller"}
    assert effects["function public.lent(a integer)"] == "execute"
    assert effects["function public.own()"] == "read"


def test_reading_all_data_reads_passwords(server: Server) -> None:
    """D4: pg_read_all_data opens the system's own table of roles, too, and no secured row."""
    case = Case(
        server,
        "all_data",
        "CREATE ROLE reader; GRANT pg_read_all_data TO reader; CREATE SCHEMA shut;"
        "CREATE TABLE shut.t AS SELECT 1 AS id; CREATE TABLE shut.rows AS SELECT 1 AS id;"
        "ALTER TABLE shut.rows ENABLE ROW LEVEL SECURITY;",
    )
    assert case.attempt("reader", "SELECT rolpassword FROM pg_authid LIMIT 1") == "1"
    assert case.can("reader", "SELECT", "pg_catalog.pg_authid") == ["proven"]
    assert case.attempt("reader", "SELECT * FROM shut.t") == "1"
    assert case.can("reader", "SELECT", "shut.t") == ["proven"]
    assert case.attempt("reader", "SELECT * FROM shut.rows") == "0"
    assert case.can("reader", "SELECT", "shut.rows") == []


def test_who_cannot_connect_holds_nothing(server: Server) -> None:
    """D2: a right is no use in a closed database, unless somebody who gets in takes the role."""
    case = Case(
        server,
        "closed",
        "CREATE ROLE outside; CREATE ROLE inside; CREATE ROLE taken; GRANT taken TO inside;"
        "REVOKE CONNECT ON DATABASE closed FROM PUBLIC; GRANT CONNECT ON DATABASE closed TO inside;"
        "CREATE TABLE t (id int); GRANT SELECT ON t TO outside, taken;",
    )
    assert case.can("outside", "SELECT", "public.t") == []
    assert case.can("taken", "SELECT", "public.t") == ["conditional"]
    assert case.can("inside", "SELECT", "public.t") == ["proven"]


def test_default_rights_hold_for_what_comes_later(server: Server) -> None:
    """S42: ALTER DEFAULT PRIVILEGES gives nothing on tables that exist."""
    case = Case(
        server,
        "later",
        "CREATE ROLE heir; CREATE TABLE old (id int);"
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO heir; CREATE TABLE young (id int);"
        "ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;",
    )
    assert case.attempt("heir", "SELECT * FROM old") == "refused"
    assert case.can("heir", "SELECT", "public.old") == []
    assert case.can("heir", "SELECT", "public.young") == ["proven"]
    assert case.can("heir", "SELECT", "new table *.*") == ["conditional"]


def test_names_are_read_as_they_are_written(server: Server) -> None:
    """S42: quotes, spaces and semicolons in the names of things end no statement."""
    name = """Till 'n; "co" \\shop"""
    server.sql('CREATE DATABASE "Till \'n; ""co"" \\shop"; CREATE ROLE "Ro;le ""x"" --";')
    server.sql(
        'CREATE SCHEMA "GRANT"; GRANT USAGE ON SCHEMA "GRANT" TO "Ro;le ""x"" --";'
        'CREATE TABLE "GRANT"."a.b(c)" ("id; x" int);'
        'GRANT SELECT ("id; x") ON "GRANT"."a.b(c)" TO "Ro;le ""x"" --";',
        name,
    )
    found = server.read(name)
    ours = [one for one in found.grants if one.holder == 'Ro;le "x" --' and one.scope == name]
    assert {(one.resource, one.action) for one in ours if "GRANT" in one.resource} == {
        ('schema "GRANT"', "USAGE"),
        ('"GRANT"."a.b(c)"("id; x")', "SELECT"),
    }


def test_a_whole_dump_says_the_same(server: Server) -> None:
    """Rows of tables that look like statements are passed over."""
    server.sql("CREATE DATABASE rows; CREATE ROLE row_reader;")
    server.sql(
        "CREATE TABLE t (note text); GRANT SELECT ON t TO row_reader;"
        "INSERT INTO t VALUES ('GRANT ALL ON TABLE public.t TO PUBLIC;'), (E'\\\\.'), ($$'$$);",
        "rows",
    )
    whole, parts = read([server.dump_all("--clean")]), server.read("rows")
    ours = {facts(one) for one in whole.grants if one.scope == "rows"}
    assert ours == {facts(one) for one in parts.grants if one.scope == "rows"}
    assert ("row_reader", "SELECT", "public.t", "proven") in ours


def facts(grant: Grant) -> tuple[str, ...]:
    """What a grant says, wherever it stands."""
    return grant.holder, grant.action, grant.resource, grant.certainty


def test_a_table_of_grants_is_read(server: Server) -> None:
    """S43: the view of the standard, made by a superuser; what it does not show is asked for."""
    server.sql("CREATE DATABASE listed; CREATE ROLE listed_reader;")
    server.sql(
        'CREATE SCHEMA app; CREATE TABLE app."a,b" (id int); GRANT SELECT, UPDATE ON app."a,b" '
        'TO listed_reader; GRANT SELECT (id) ON app."a,b" TO PUBLIC;',
        "listed",
    )
    exported = server.csv("SELECT * FROM information_schema.role_table_grants", "listed")
    columns = server.csv("SELECT * FROM information_schema.column_privileges", "listed")
    found = read([exported, columns])
    ours = {facts(one) for one in found.grants if one.holder == "listed_reader"}
    assert ours >= {
        ("listed_reader", "SELECT", 'app."a,b"', "needs-fact"),
        ("listed_reader", "UPDATE", 'app."a,b"', "needs-fact"),
    }
    assert ("PUBLIC", "SELECT", 'app."a,b"(id)', "needs-fact") in {
        facts(one) for one in found.grants
    }
    assert all("listed_reader" in one.holders for one in found.unresolved)
    assert len(found.unresolved) == 2


def test_a_dump_that_leaves_out_owners_or_rights_is_not_safe(server: Server) -> None:
    """S41: `--no-owner` and `--no-privileges` look as if nobody might do anything."""
    server.sql("CREATE DATABASE bare; CREATE ROLE bare_owner; CREATE ROLE bare_reader;")
    server.sql(
        "CREATE TABLE t (id int); ALTER TABLE t OWNER TO bare_owner;"
        "GRANT SELECT ON t TO bare_reader;",
        "bare",
    )
    roles = server.dump_all()
    whole = read([roles, server.dump("bare")])
    assert whole.unresolved == ()
    without = read([roles, server.dump("bare", "--schema-only", "--no-owner")])
    assert ["--no-owner" in one.what for one in without.unresolved] == [True]
    silent = read([roles, server.dump("bare", "--schema-only", "--no-privileges")])
    assert "bare_reader" in silent.unresolved[0].holders
    assert "bare_owner" not in silent.unresolved[0].holders


def test_a_login_to_another_server_is_a_question(server: Server) -> None:
    """D7: a user mapping stores a password, which is shown nowhere."""
    server.sql("CREATE DATABASE remote; CREATE ROLE remote_user;")
    server.sql(
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER other FOREIGN DATA WRAPPER w;"
        "CREATE USER MAPPING FOR remote_user SERVER other OPTIONS (password 'swordfish');",
        "remote",
    )
    found = server.read("remote")
    assert ("remote_user",) in [one.holders for one in found.unresolved]
    assert "swordfish" not in repr(found)


def test_an_archive_is_refused_in_words(server: Server, tmp_path: Path) -> None:
    """The custom format is no text."""
    archive = server.archive("postgres")
    (tmp_path / "shop.dump").write_bytes(archive)
    with pytest.raises(InputError, match=r"an archive of pg_dump.*--format=plain"):
        read_lines(Root(str(tmp_path)), "shop.dump")
