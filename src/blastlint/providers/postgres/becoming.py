"""What a role can turn into: by SET ROLE, by giving itself a role, by functions of others."""

from __future__ import annotations

from blastlint.providers.grants import Becoming
from blastlint.providers.postgres.catalog import DATABASE_OWNER, OPTIONS_SINCE
from blastlint.providers.postgres.predefined import TO_EVERYTHING
from blastlint.providers.postgres.rights import membership

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.postgres.rights import Rights

EVERYBODY = "*"


def becomings(rights: Rights, name: str) -> Iterator[Becoming]:
    """Everything that a role can turn into in one step; of a superuser nothing is listed."""
    if rights.has_attribute(name, "SUPERUSER"):
        return
    yield from _by_set_role(rights, name)
    yield from _by_owning_databases(rights, name)
    yield from _by_admin_option(rights, name)
    yield from _by_creating_roles(rights, name)
    yield from _by_predefined(rights, name)
    yield from _by_definers(rights, name)


def _by_set_role(rights: Rights, name: str) -> Iterator[Becoming]:
    seen = set()
    for one in rights.memberships(name):
        if one.settable and one.group not in seen:
            seen.add(one.group)
            yield membership(one)


def _by_owning_databases(rights: Rights, name: str) -> Iterator[Becoming]:
    for thing in rights.catalog.things.values():
        if thing.kind != "database" or thing.owner != name or not thing.owned_at:
            continue
        if DATABASE_OWNER not in rights.automatic(name, thing.name):
            yield Becoming(name, DATABASE_OWNER, f"SET ROLE {DATABASE_OWNER}", thing.owned_at)


def _by_admin_option(rights: Rights, name: str) -> Iterator[Becoming]:
    """Who may give a role to others may give it to itself, with every option; no superuser."""
    seen = {one.group for one in rights.memberships(name) if one.settable}
    for holder in rights.automatic(name, ""):
        for one in rights.memberships(holder):
            done = one.group in seen or rights.has_attribute(one.group, "SUPERUSER")
            if one.admin and not done and one.group != name:
                seen.add(one.group)
                place = one.location.noted(f"{holder} may give {one.group} to anybody")
                yield Becoming(name, one.group, f"GRANT {one.group} to itself", place)


def _by_creating_roles(rights: Rights, name: str) -> Iterator[Becoming]:
    """Until 15 CREATEROLE gives any role but a superuser, so that which runs programs too."""
    before = rights.catalog.before(OPTIONS_SINCE)
    if not rights.has_attribute(name, "CREATEROLE") or before is False:
        return
    place = rights.catalog.roles[name].location
    yield Becoming(
        holder=name,
        principal=EVERYBODY,
        via="CREATEROLE, which before version 16 gives itself any role but a superuser, "
        "and pg_execute_server_program is one",
        location=place.noted(f"{name} may create roles"),
        certainty="needs-fact" if before is None else "proven",
        needs="the major version of the server" if before is None else "",
    )


def _by_predefined(rights: Rights, name: str) -> Iterator[Becoming]:
    for role, line in rights.automatic(name, "").items():
        if role not in TO_EVERYTHING:
            continue
        via, certainty, needs = TO_EVERYTHING[role]
        place = line or rights.catalog.roles[role].location
        if certainty == "needs-fact":
            needs = needs or f"what the managed service lets {role} do"
        yield Becoming(name, EVERYBODY, f"{role}: {via}", place, certainty, needs)


def _by_definers(rights: Rights, name: str) -> Iterator[Becoming]:
    """A function that runs as its owner does what it was written to do, which no line says."""
    for thing in rights.catalog.things.values():
        if not (thing.definer and thing.callable) or not thing.owner:
            continue
        held = rights.on(name, thing).get("EXECUTE")
        closed = rights.usage(name, thing.database, thing.schema) == "no"
        if held is None or closed or thing.owner in rights.automatic(name, thing.database):
            continue
        yield Becoming(
            holder=name,
            principal=thing.owner,
            via=f"function {thing.name}, which runs as its owner",
            location=held.location,
            certainty="needs-fact",
            needs=f"what function {thing.name} does with the rights of {thing.owner}",
        )
