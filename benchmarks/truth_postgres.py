"""PostgreSQL: random databases on a real server, and what it lets its roles do."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from itertools import product
from typing import TYPE_CHECKING

from providers.postgres_server import Server, installed
from providers.postgres_world import (
    ROWS,
    SCHEMAS,
    SECURED,
    STATEMENTS,
    TABLE,
    World,
    answered,
    chain,
    said,
)
from truth import AbsentError, Row, Section, table, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truth import Verdict

    Right = tuple[str, ...]

WORLDS = 10
"""Random databases on each server."""
TITLE = "PostgreSQL: rights"
ABOUT = """\
{worlds} random databases on a real server of each version that is installed here ({versions}): 7
roles in groups of each other, 8 tables with owners, rights, grant options and revocations, some
with row level security, and sequences, functions and schemas. blastlint reads nothing but what
`pg_dumpall --roles-only` and `pg_dump --schema-only` wrote. The server is asked two ways: its own
`has_*_privilege` for every role, object and privilege, and real statements, each run as every role
on every table and taken back, as well as `SET ROLE` between any two roles.
"""
ACTIONS = ("SELECT", "DELETE", "TRUNCATE", "ALTER", "DROP")
COLUMN = ("SELECT", "UPDATE", "INSERT", "REFERENCES")
SEQUENCE = ("USAGE", "SELECT", "UPDATE")
NOTES = (
    """\
Tables with row level security are left out of the questions to `has_*_privilege`, which does not
know of it: it says yes where not one row can be met. The statements cover them: a right limited by
a policy agrees if the statement works and meets fewer than all rows.""",
    """\
A sequence in a closed schema opens by its number, and some roles could open the schema to
themselves. blastlint tells both as conditional. Here the schema must be open as it is, on both
sides; the tests try the other two on the servers.""",
    """\
Not in these worlds: rights to other servers, extensions, and functions that run as their owner.
The tests try some of them one by one.""",
)


def measured() -> Section:
    """Compare with every server here; raises AbsentError if there is none."""
    if not installed():
        raise AbsentError("no PostgreSQL server is installed on this machine")
    counted: dict[str, list[Verdict]] = {}
    allowed: Counter[str] = Counter()
    for version in sorted(installed()):
        with _running(version) as server:
            for seed in range(WORLDS):
                for what, so, result in _compared(World(server, seed)):
                    counted.setdefault(what, []).append(result)
                    allowed[what] += so
    versions = ", ".join(f"PostgreSQL {version}" for version in sorted(installed()))
    about = ABOUT.format(worlds=WORLDS, versions=versions)
    header = ("what the servers allow", "cases", "allowed")
    rows = [(what, f"{len(each):,}", f"{allowed[what]:,}") for what, each in counted.items()]
    more = table(header, rows)
    return Section(TITLE, about, tuple(Row.of(*one) for one in counted.items()), NOTES, more)


@contextmanager
def _running(version: int) -> Iterator[Server]:
    server = Server(version)
    try:
        yield server
    finally:
        server.stop()


def _compared(world: World) -> Iterator[tuple[str, bool, Verdict]]:
    """What is compared, whether the server allows it, and the verdict."""
    secured = {row[0] for row in world.ask(SECURED)}
    plain = [name for name in world.tables if name not in secured]
    tables = {"table": (plain, TABLE), "column": (plain, COLUMN)}
    others = {
        "sequence": (world.sequences, SEQUENCE),
        "function": (world.functions, ("EXECUTE",)),
        "schema": ([*SCHEMAS, "public"], ("USAGE", "CREATE")),
        "database": ([world.database], ("CONNECT", "TEMPORARY", "CREATE")),
    }
    for kind, (objects, privileges) in (tables | others).items():
        what = f"a right on a {kind}, as the server tells"
        if objects:
            yield from ((what, *one) for one in _told(world, kind, objects, privileges))
    yield from (("a statement, as it really ends", *one) for one in _tried(world))
    yield from (("`SET ROLE`, as it really ends", *one) for one in _turned(world))


def _told(
    world: World, kind: str, objects: list[str], privileges: tuple[str, ...]
) -> Iterator[tuple[bool, Verdict]]:
    """Verdicts on what `has_*_privilege` answers, for every role, privilege and object."""
    wanted = answered(world, kind, objects, privileges)
    sure, unsure = (_named(said(world, *how), kind) for how in ((), ("needs-fact",)))
    for one in product(world.roles, privileges, objects):
        how = "proven" if one in sure else "needs-fact" if one in unsure else ""
        yield one in wanted, verdict(one in wanted, how)


def _named(rights: set[Right], kind: str) -> set[Right]:
    """Rights, with their objects as the server calls them; one on a table is one on its column."""
    mark = "" if kind in {"table", "column", "sequence"} else f"{kind} "
    tail = "(name)" if kind == "column" else ""
    return {
        (role, action, name.removeprefix(mark).removesuffix(tail))
        for role, action, name in rights
        if name.startswith(mark)
    }


def _tried(world: World) -> Iterator[tuple[bool, Verdict]]:
    """Verdicts on what happens when each role runs each statement on each table."""
    proven, limited = said(world, "proven"), said(world, "conditional")
    unsure = said(world, "needs-fact") - proven - limited
    wanted = list(product(world.roles, ACTIONS, world.tables))
    answers = world.attempts([(who, "", STATEMENTS[how].format(what)) for who, how, what in wanted])
    for one, answer in zip(wanted, answers, strict=True):
        by_row = one[1] in {"SELECT", "DELETE"}
        met = int(answer) if answer.isdigit() else 0
        whole = met == ROWS if by_row else answer.isdigit()
        at_all = met > 0 if by_row else whole
        if one in unsure:
            yield at_all, "undecidable"
        elif one in proven or one not in limited:
            yield at_all, _ended(one in proven, whole=whole, at_all=at_all)
        else:
            yield at_all, "missed" if by_row and whole else "agreed"


def _ended(claimed: bool, *, whole: bool, at_all: bool) -> Verdict:  # noqa: FBT001 -- one truth
    """The verdict on what is claimed without a limit, or not at all."""
    if claimed:
        return "agreed" if whole else "over-reported"
    return "missed" if at_all else "agreed"


def _turned(world: World) -> Iterator[tuple[bool, Verdict]]:
    """Verdicts on who can turn into whom, in any number of steps."""
    pairs = list(product(world.roles, world.roles))
    answers = world.attempts([(who, whom, "SELECT 1") for who, whom in pairs])
    steps = {
        (one.holder, one.principal)
        for one in world.found.becomings
        if one.via.startswith("SET ROLE")
    }
    for (who, whom), answer in zip(pairs, answers, strict=True):
        said = "proven" if whom in chain(who, steps) else ""
        yield answer == "1", verdict(answer == "1", said)
