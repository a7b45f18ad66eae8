"""What the provider reads in dumps is what real servers answer, and let one do."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from providers.postgres_server import Server, installed
from providers.postgres_world import SCHEMAS, TABLE, World, literal

if TYPE_CHECKING:
    from collections.abc import Iterator


WORLDS = 4
"""Random databases on each server."""
CACHE: dict[tuple[int, int], World] = {}


@pytest.fixture(scope="module", params=sorted(installed()) or [0])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server of each version that is installed."""
    if not request.param:
        pytest.skip("no PostgreSQL server is installed here (Debian: apt-get install postgresql)")
    running = Server(request.param)
    yield running
    running.stop()


@pytest.fixture(scope="module", params=range(WORLDS))
def world(server: Server, request: pytest.FixtureRequest) -> World:
    """A random world, and what the provider says of it."""
    key = (server.version, request.param)
    if key not in CACHE:
        CACHE[key] = World(server, request.param)
    return CACHE[key]


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


def test_rights_on_tables_are_those_of_the_server(world: World) -> None:
    """Ownership, groups, PUBLIC, predefined roles and closed schemas add up as on the server."""
    secured = {row[0] for row in world.ask(SECURED)}
    wanted = answered(world, "table", world.tables, TABLE)
    found = {one for one in said(world) if one[1] in TABLE and one[2] in world.tables}
    assert found - wanted == set()
    assert {one for one in wanted - found if one[2] not in secured} == set()
    assert {one[1] for one in wanted - found} <= {"SELECT", "INSERT", "UPDATE", "DELETE"}


SECURED = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE relrowsecurity
"""


def test_rights_on_columns_are_those_of_the_server(world: World) -> None:
    """A column is open by its own right, or by that of its table."""
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
    """What PUBLIC has from the start is there until it is revoked."""
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
    """SET ROLE works along chains of memberships, inherited or not, if each allows it."""
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


def chain(who: str, steps: set[tuple[str, str]]) -> set[str]:
    """Whoever a role turns into in any number of steps; itself, too."""
    found, waiting = {who}, [who]
    for one in waiting:
        new = {target for holder, target in steps if holder == one} - found
        found |= new
        waiting += new
    return found


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
