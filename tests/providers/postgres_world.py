"""Databases with random roles, objects and rights, and what a real server says of them."""

from __future__ import annotations

import random
from itertools import combinations, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from providers.postgres_server import Server

SCHEMAS = ("app", "billing", '"Odd ""one"""')
TABLE = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
PREDEFINED = ("pg_read_all_data", "pg_write_all_data", "pg_monitor")
ATTEMPT = """
CREATE FUNCTION public.attempt(who text, become text, what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE found bigint := 0;
BEGIN
  BEGIN
    EXECUTE format('SET LOCAL SESSION AUTHORIZATION %I', who);
    IF become <> '' THEN EXECUTE format('SET LOCAL ROLE %I', become); END IF;
    EXECUTE what;
    GET DIAGNOSTICS found = ROW_COUNT;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'UNDOX';
  EXCEPTION
    WHEN SQLSTATE 'UNDOX' THEN RETURN found::text;
    WHEN insufficient_privilege THEN RETURN 'refused';
    WHEN OTHERS THEN RETURN SQLERRM;
  END;
END $$;
"""
"""Runs one statement as a role that logged in, and takes it back; answers with the rows it met."""


SECURED = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relrowsecurity
"""
STATEMENTS = {
    "SELECT": "SELECT * FROM {}",
    "INSERT": "INSERT INTO {} VALUES (1)",
    "UPDATE": "UPDATE {} SET name = 'x'",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {}",
    "ALTER": "ALTER TABLE {} SET (fillfactor = 90)",
    "DROP": "DROP TABLE {}",
    "GRANT": "GRANT TRIGGER ON {} TO CURRENT_USER",
}
ROWS = 2
"""Rows of every table; policies leave one of them."""


class World:
    """A database with random roles, objects and rights."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server = server
        self.seed = seed
        self.random = random.Random(f"{server.version}/{seed}")  # noqa: S311 -- worlds to come back to
        self.database = f"world{seed}"
        self.roles = [f"w{seed}_r{number}" for number in range(7)]
        self.tables: list[str] = []
        self.sequences: list[str] = []
        self.functions: list[str] = []
        server.sql(f"CREATE DATABASE {self.database};\n" + "\n".join(self._of_cluster()))
        server.sql("\n".join(self._of_database()) + ATTEMPT, self.database)
        self.found = server.read(self.database)

    def ask(self, query: str) -> set[tuple[str, ...]]:
        """The rows that the server answers with."""
        return set(self.server.sql(f"{query};", self.database))

    def attempts(self, wanted: list[tuple[str, str, str]]) -> list[str]:
        """What happens when a role, turned into another one, runs a statement."""
        lines = ", ".join(
            "({}, '{}', '{}', {})".format(number, *one[:2], literal(one[2]))
            for number, one in enumerate(wanted)
        )
        query = (
            "SELECT public.attempt(who, become, what) "  # noqa: S608 -- our own names
            f"FROM (VALUES {lines}) AS w(n, who, become, what) ORDER BY n;"
        )
        return [row[0] for row in self.server.sql(query, self.database)]

    def _pick(self, *options: str) -> str:
        return self.random.choice(options)

    def _role(self) -> str:
        return self.random.choice(self.roles)

    def _of_cluster(self) -> Iterator[str]:
        for name in self.roles:
            attributes = ("", "NOINHERIT", "BYPASSRLS", "CREATEDB", "PASSWORD 'hunter2'")
            yield f"CREATE ROLE {name} {self._pick(*attributes)};"
        yield f"CREATE ROLE w{self.seed}_root SUPERUSER;"
        for member, group in self.random.sample(list(combinations(self.roles, 2)), 7):
            yield f"GRANT {group} TO {member} {self._options()};"
        yield f"GRANT {self._pick(*PREDEFINED)} TO {self._role()};"
        yield f"ALTER DATABASE {self.database} OWNER TO {self._role()};"
        yield f"REVOKE {self._pick('TEMPORARY', 'CREATE')} ON DATABASE {self.database} FROM PUBLIC;"
        yield f"GRANT CREATE ON DATABASE {self.database} TO {self._role()};"

    def _options(self) -> str:
        """Options of a membership, as the version knows them."""
        if self.server.version < 16:
            return self._pick("", "", "WITH ADMIN OPTION")
        chosen = [f"{name} {self._pick('TRUE', 'FALSE')}" for name in ("INHERIT", "SET")]
        return f"WITH {', '.join(chosen)}"

    def _of_database(self) -> Iterator[str]:
        for schema in SCHEMAS:
            yield f"CREATE SCHEMA {schema}; ALTER SCHEMA {schema} OWNER TO {self._role()};"
            yield f"GRANT {self._pick('USAGE', 'ALL')} ON SCHEMA {schema} TO {self._role()};"
        for schema, number in product((*SCHEMAS, "public"), range(2)):
            yield from self._objects(schema, number)
        for _ in range(60):
            yield self._right()
        yield f"ALTER DEFAULT PRIVILEGES FOR ROLE {self._role()} GRANT SELECT ON TABLES TO PUBLIC;"

    def _objects(self, schema: str, number: int) -> Iterator[str]:
        """A table, a sequence and a function, with their owners."""
        table = f"{schema}." + self._pick(f"t{number}", f'"T; {number}"')
        sequence, function = f"{schema}.s{number}", f"{schema}.f{number}"
        self.tables.append(table)
        self.sequences.append(sequence)
        self.functions.append(f"{function}(integer, character varying[])")
        yield f"CREATE TABLE {table} (id int, name text);"
        yield f"INSERT INTO {table} VALUES (1, 'a'), (2, 'b');"  # noqa: S608 -- our own names
        yield f"ALTER TABLE {table} OWNER TO {self._role()};"
        if self.random.random() < 0.4:
            yield from self._policies(table)
        yield f"CREATE SEQUENCE {sequence}; ALTER SEQUENCE {sequence} OWNER TO {self._role()};"
        yield f"CREATE FUNCTION {function}(int, varchar[] DEFAULT '{{\"; (\"}}') RETURNS integer"
        yield "LANGUAGE sql AS $x$ SELECT 1 -- GRANT ALL ON SCHEMA app TO PUBLIC;\n $x$;"
        yield f"ALTER FUNCTION {function} OWNER TO {self._role()};"

    def _policies(self, table: str) -> Iterator[str]:
        """Row level security, with policies that let some see one row."""
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        if self.random.random() < 0.5:
            yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        for number in range(2):
            command, role = self._pick("ALL", "SELECT", "DELETE"), self._role()
            yield f"CREATE POLICY p{number} ON {table} FOR {command} TO {role} USING (id = 1);"

    def _right(self) -> str:
        """Some right given or taken."""
        role = self._pick(self._role(), self._role(), "PUBLIC")
        what = self._what()
        if self.random.random() < 0.4 and "(" not in what:
            return f"REVOKE {what} FROM {role} CASCADE;"
        passing = self._pick("", "WITH GRANT OPTION") if role != "PUBLIC" else ""
        return f"GRANT {what} TO {role} {passing};"

    def _what(self) -> str:
        table, sequence = self.random.choice(self.tables), self.random.choice(self.sequences)
        return self._pick(
            f"{self._pick(*TABLE, 'ALL')} ON {table}",
            f"{self._pick(*TABLE, 'ALL')} ON {table}",
            f"{self._pick('SELECT', 'UPDATE', 'ALL')} (name) ON {table}",
            f"{self._pick('USAGE', 'SELECT', 'ALL')} ON SEQUENCE {sequence}",
            f"ALL ON FUNCTION {self.random.choice(self.functions).partition('(')[0]}",
            f"{self._pick('USAGE', 'CREATE', 'ALL')} ON SCHEMA {self._pick(*SCHEMAS)}",
        )


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def said(world: World, *certainties: str) -> set[tuple[str, ...]]:
    """What the provider says that the roles of a world may do: role, action, resource."""
    return {
        (one.holder, one.action, one.resource)
        for one in world.found.grants
        if one.holder in world.roles
        and one.scope == world.database
        and one.certainty in (certainties or ("proven", "conditional"))
        and "its schema" not in one.condition
        and "its number" not in one.condition
    }


def answered(
    world: World, kind: str, objects: list[str], privileges: tuple[str, ...]
) -> set[tuple[str, ...]]:
    """What the server answers of the same, on one kind of object; its schema is to be open."""
    values = ", ".join(
        f"({literal(role)}, {literal(privilege)}, {literal(name)})"
        for role, privilege, name in product(world.roles, privileges, objects)
    )
    schema = "(parse_ident(split_part(o, '(', 1)))[1]"
    usable = f"has_schema_privilege(r, {schema}, 'USAGE')" if "." in objects[0] else "true"
    inside = "'name', " if kind == "column" else ""
    name = schema if kind == "schema" else "o"
    return world.ask(
        f"SELECT r, p, o FROM (VALUES {values}) AS v(r, p, o) "  # noqa: S608 -- our own names
        f"WHERE has_{kind}_privilege(r, {name}, {inside}p) AND {usable}"
    )


def chain(who: str, steps: set[tuple[str, str]]) -> set[str]:
    """Whoever a role turns into in any number of steps; itself, too."""
    found, waiting = {who}, [who]
    for one in waiting:
        new = {target for holder, target in steps if holder == one} - found
        found |= new
        waiting += new
    return found
