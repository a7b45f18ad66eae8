"""Turns the rights of every role into grants, object by object."""

from __future__ import annotations

from blastlint.providers.grants import Grant, Inherited
from blastlint.providers.postgres.catalog import PUBLIC
from blastlint.providers.postgres.effects import effect
from blastlint.providers.postgres.predefined import PREDEFINED
from blastlint.providers.postgres.rights import MAINTAIN_ALL, OF_EVERY_TABLE, READ_ALL
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.providers.grants import Becoming, Effect
    from blastlint.providers.postgres.catalog import Default, Held, Thing
    from blastlint.providers.postgres.rights import Rights
    from blastlint.source import Location

_THROUGH_VIEW = {
    "view": ("SELECT", "INSERT", "UPDATE", "DELETE"),
    "materialized view": ("SELECT",),
}
_PLAIN = ("table", "sequence")
_OWNERS = ("ALTER", "DROP", "GRANT")
_OF_CALLER = ("sql", "plpgsql", "plperl", "pltcl", "plv8", "internal", "")
"""Languages whose functions can do no more than their caller, unless they run as their owner."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One action of one role on one resource."""

    resource: str
    action: str
    location: Location
    condition: str = ""
    effect: Effect | None = None
    """None: as the catalogue of actions says."""
    inherited: Inherited | None = None
    """As of a grant."""


@dataclass(slots=True)
class Entries:
    """Who gets into which database: by itself, or in the session of a role that becomes it."""

    rights: Rights
    becomings: tuple[Becoming, ...]
    _found: dict[str, dict[str, bool]] = field(default_factory=dict)

    def of(self, database: str) -> Mapping[str, bool]:
        """The roles that act in a database; true for those that connect themselves."""
        if database not in self._found:
            self._found[database] = self._walk(database)
        return self._found[database]

    def _walk(self, database: str) -> dict[str, bool]:
        names = self.rights.names
        found = {name: True for name in names if self.rights.may_connect(name, database)}
        targets: dict[str, list[str]] = {}
        for one in self.becomings:
            targets.setdefault(one.holder, []).append(one.principal)
        waiting = list(found)
        for name in waiting:
            for target in targets.get(name, ()):
                if target not in found:
                    found[target] = False
                    waiting.append(target)
        return {PUBLIC: False, **found}


_DOORS = frozenset({("database", "CONNECT"), ("database", "TEMPORARY"), ("schema", "USAGE")})
"""Privileges that open nothing by themselves: every other grant already counts them in."""


def grants_of(rights: Rights, name: str, entries: Entries, system: str) -> Iterator[Grant]:
    """Everything that a role may do by itself."""
    role = rights.catalog.roles.get(name)
    if role is not None and rights.has_attribute(name, "SUPERUSER"):
        place = role.location.noted(f"{name} is a superuser")
        yield Grant(name, system, "*", "*", "*", "grant", place)
        return
    found = (
        grant
        for thing in rights.catalog.things.values()
        for grant in _on(rights, name, thing, entries, system)
    )
    yield from _surest(found)
    for default in rights.catalog.defaults:
        if default.holder in rights.automatic(name, default.database):
            yield from _later(name, default, system)
    yield from _of_cluster(rights, name, system)


def _surest(found: Iterable[Grant]) -> Iterator[Grant]:
    """Each action on a resource once: the surest of the grants that allow it."""
    order = ("proven", "conditional", "needs-fact")
    best: dict[tuple[str, str, str], Grant] = {}
    for grant in found:
        key = (grant.scope, grant.resource, grant.action)
        known = best.setdefault(key, grant)
        if known is not grant:
            surer = order.index(grant.certainty) < order.index(known.certainty)
            chosen, both = grant if surer else known, _either(known.inherited, grant.inherited)
            same = chosen.inherited is both
            best[key] = chosen if same else replace(chosen, inherited=both)
    yield from best.values()


def _either(one: Inherited | None, other: Inherited | None) -> Inherited | None:
    """By which memberships something is held that is held in two ways."""
    if one is None or other is None or one is other or one == other:
        return one and other
    owners = dict.fromkeys((*one.owners, *other.owners))
    return Inherited(tuple(owners), tuple(dict.fromkeys((*one.memberships, *other.memberships))))


def _on(rights: Rights, name: str, thing: Thing, entries: Entries, system: str) -> Iterator[Grant]:
    """What a role may do because of one object, as far as it gets there."""
    connects = entries.of(thing.database).get(name)
    usage = rights.usage(name, thing.database, thing.schema) if thing.schema else "yes"
    closed = usage == "no" and thing.kind != "sequence"
    if connects is None or closed or not rights.concerns(name, thing):
        return
    way = _way_there(thing, usage, connects=connects)
    needs = "" if usage in {"yes", "no", "owner"} else usage
    for line in _lines(rights, name, thing):
        condition = "; ".join((line.condition, *way) if line.condition else way)
        yield Grant(
            holder=name,
            system=system,
            scope=thing.database,
            resource=line.resource,
            action=line.action,
            effect=line.effect or effect(line.resource, line.action),
            location=line.location,
            condition=condition,
            certainty="needs-fact" if needs else ("conditional" if condition else "proven"),
            needs=needs,
            inherent=(thing.kind, line.action) in _DOORS,
            inherited=line.inherited,
        )


def _way_there(thing: Thing, usage: str, *, connects: bool) -> tuple[str, ...]:
    """What it takes to get to an object, in words."""
    found = [] if connects else [f"in a session of a role that may connect to {thing.database}"]
    if usage == "no":
        found.append(f"by its number only, for the schema {thing.schema} is closed to it")
    if usage == "owner":
        found.append(f"after it gives itself USAGE on its schema {thing.schema}")
    return tuple(found)


def resource_of(thing: Thing) -> str:
    """How the object is written."""
    return thing.name if thing.kind in _PLAIN else f"{thing.kind} {thing.name}"


def _lines(rights: Rights, name: str, thing: Thing) -> Iterator[_Line]:
    resource, own = resource_of(thing), _effect_of(thing)
    held = rights.on(name, thing)
    for privilege, one in held.items():
        rows = rights.rows(name, thing, privilege)
        if rows is not None:
            yield _Line(resource, privilege, one.location, rows, own, one.inherited)
    yield from _of_columns(rights, name, thing, held)
    yield from _of_owner(rights, name, thing, resource)
    yield from _of_all_tables(rights, name, thing)
    yield from _of_parents(rights, name, thing)
    passing = {id(one.passed_on): one for one in reversed(held.values()) if one.grantable}
    for one in reversed(passing.values()):
        yield _Line(resource, "GRANT", one.location, inherited=one.passed_on)
    for privilege in _THROUGH_VIEW.get(thing.form, ()):
        if privilege in held:
            yield from _behind(rights, thing, privilege, held[privilege])


def _effect_of(thing: Thing) -> Effect | None:
    """A function that does only what its caller may do anyway changes nothing by being called."""
    if thing.kind != "function" or not thing.created or thing.definer:
        return None
    return "read" if thing.language in _OF_CALLER else None


def _of_columns(
    rights: Rights, name: str, thing: Thing, whole: Mapping[str, Held]
) -> Iterator[_Line]:
    for column, acl in thing.columns.items():
        for privilege, held in rights.collected(name, thing, acl).items():
            rows = rights.rows(name, thing, privilege)
            part = f"{thing.name}({column})"
            if privilege not in whole and rows is not None:
                yield _Line(part, privilege, held.location, rows, inherited=held.inherited)
            if held.grantable:
                yield _Line(part, "GRANT", held.location, inherited=held.passed_on)


def _of_owner(rights: Rights, name: str, thing: Thing, resource: str) -> Iterator[_Line]:
    line = rights.owner_line(name, thing)
    if line is not None:
        place = line.noted(f"{thing.owner} owns {resource}")
        inherited = rights.inherited(name, thing.database, (thing.owner,))
        yield from (_Line(resource, action, place, inherited=inherited) for action in _OWNERS)
        return
    schema = rights.catalog.found(thing.database, "schema", thing.schema)
    above = rights.owner_line(name, schema) if schema and thing.schema else None
    if above is not None and schema is not None:
        place = above.noted(f"the owner of schema {thing.schema} may")
        inherited = rights.inherited(name, thing.database, (schema.owner,))
        yield _Line(resource, "DROP", place, inherited=inherited)


def _of_all_tables(rights: Rights, name: str, thing: Thing) -> Iterator[_Line]:
    """What a predefined role gives on every table, this one too."""
    if thing.kind not in {*_PLAIN, "schema"}:
        return
    for role, place in _wide(rights, name, thing.database):
        usage = () if role == MAINTAIN_ALL else ("USAGE",)
        for privilege in usage if thing.kind == "schema" else OF_EVERY_TABLE[role]:
            rows = rights.rows(name, thing, privilege)
            if rows is not None:
                told = place.noted(f"{role} is for every table")
                inherited = rights.inherited(name, thing.database, (role,))
                yield _Line(resource_of(thing), privilege, told, rows, inherited=inherited)


def _wide(rights: Rights, name: str, database: str) -> Iterator[tuple[str, Location]]:
    for role, line in rights.automatic(name, database).items():
        known = rights.catalog.roles.get(role)
        if role in OF_EVERY_TABLE and known is not None:
            yield role, line or known.location


def _of_parents(rights: Rights, name: str, thing: Thing) -> Iterator[_Line]:
    """What rights on a table open of its parts; rights on the part itself are not asked for."""
    waiting, seen = list(thing.parents.items()), {thing.name}
    for above, privileges in waiting:
        parent = rights.catalog.found(thing.database, "table", above)
        if parent is None or above in seen:
            continue
        seen.add(above)
        waiting += parent.parents.items()
        if rights.usage(name, parent.database, parent.schema) != "yes":
            continue
        for privilege, held in rights.on(name, parent).items():
            rows = rights.rows(name, parent, privilege)
            if privilege in privileges and rows is not None:
                place = held.location.noted(f"{thing.name} is a part of {above}")
                yield _Line(thing.name, privilege, place, rows, inherited=held.inherited)


def _behind(rights: Rights, view: Thing, privilege: str, held: Held) -> Iterator[_Line]:
    """What a view opens with the rights of its owner."""
    waiting, seen = [view], {view.name}
    for one in waiting:
        for shown in one.shows:
            base = rights.catalog.found(one.database, "table", shown)
            if base is None or base.name in seen or not _owner_can(rights, one, base, privilege):
                continue
            seen.add(base.name)
            condition = f"only what {view.name} shows, with the rights of its owner {one.owner}"
            place = held.location.noted(f"{view.name} shows it")
            yield _Line(base.name, privilege, place, condition, inherited=held.inherited)
            waiting.append(base)


def _owner_can(rights: Rights, view: Thing, base: Thing, privilege: str) -> bool:
    owner = view.owner or PUBLIC
    return rights.has_attribute(owner, "SUPERUSER") or privilege in rights.on(owner, base)


# --- what does not hang on an object ------------------------------------------------------------


def _of_cluster(rights: Rights, name: str, system: str) -> Iterator[Grant]:
    """What attributes and predefined roles give in the whole server."""
    role = rights.catalog.roles.get(name)
    if role is None:
        return
    if "CREATEDB" in role.flags:
        place = role.location.noted(f"{name} may create databases")
        yield Grant(name, system, "*", "database *", "CREATE", "append", place)
    if "CREATEROLE" in role.flags:
        place = role.location.noted(f"{name} may create roles")
        yield Grant(name, system, "*", "server role", "CREATE", "grant", place)
    if "REPLICATION" in role.flags:
        yield _replication(name, role.location, system)
    for group, line in rights.automatic(name, "").items():
        for resource, action, what in PREDEFINED.get(group, ()):
            place = (line or role.location).noted(what)
            yield Grant(name, system, "*", resource, action, effect(resource, action), place)
    for wide, place in _wide(rights, name, ""):
        yield from _everywhere(name, wide, place, system)


def _replication(name: str, place: Location, system: str) -> Grant:
    return Grant(
        holder=name,
        system=system,
        scope="*",
        resource="*.*",
        action="SELECT",
        effect="read",
        location=place.noted(f"{name} may replicate, which copies all data"),
        certainty="needs-fact",
        needs=f"whether {name} may open a replication connection (pg_hba.conf)",
    )


def _everywhere(name: str, role: str, place: Location, system: str) -> Iterator[Grant]:
    """What holds in databases and for tables that no file shows; and the system's own tables."""
    for privilege in OF_EVERY_TABLE[role]:
        condition = "tables that the evidence does not show, and those made later"
        yield Grant(
            holder=name,
            system=system,
            scope="*",
            resource="new table *.*",
            action=privilege,
            effect=effect("", privilege),
            location=place.noted(f"{role} is for every table"),
            condition=condition,
            certainty="conditional",
        )
    if role == READ_ALL:
        note = f"{role} reads the stored passwords of roles too"
        yield Grant(name, system, "*", "pg_catalog.*", "SELECT", "read", place.noted(note))


def _later(name: str, default: Default, system: str) -> Iterator[Grant]:
    """What a role will have on objects that do not exist yet."""
    where = f" in {default.schema}" if default.schema else ""
    inside = "*" if default.kind in {"schema", "large object"} else f"{default.schema or '*'}.*"
    resource = f"new {default.kind} {inside}"
    for privilege in default.privileges:
        yield Grant(
            holder=name,
            system=system,
            scope=default.database,
            resource=resource,
            action=privilege,
            effect=effect(resource, privilege),
            location=default.location,
            condition=f"only {default.kind}s that {default.creator} creates later{where}",
            certainty="conditional",
        )
