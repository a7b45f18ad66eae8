"""Who really holds which rights: memberships, PUBLIC, ownership and schemas put together."""

from __future__ import annotations

from collections import defaultdict

from blastlint.providers.grants import Becoming, Inherited
from blastlint.providers.postgres.catalog import DATABASE_OWNER, OPTIONS_SINCE, PUBLIC, Held
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.postgres.catalog import Catalog, Membership, Thing
    from blastlint.source import Location

READ_ALL, WRITE_ALL, MAINTAIN_ALL = "pg_read_all_data", "pg_write_all_data", "pg_maintain"
OF_EVERY_TABLE: dict[str, tuple[str, ...]] = {
    READ_ALL: ("SELECT",),
    WRITE_ALL: ("INSERT", "UPDATE", "DELETE"),
    MAINTAIN_ALL: ("MAINTAIN",),
}
"""What a predefined role has on every table, view and sequence of every database.

The first two may use every schema, too.
"""
_BY_ROW = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""Privileges that row level security limits."""


@dataclass(slots=True)
class Rights:
    """Answers what a role holds, with everything that it has without doing anything."""

    catalog: Catalog
    names: tuple[str, ...] = ()
    """Every role that is named, and PUBLIC."""

    _groups: dict[str, list[Membership]] = field(default_factory=dict)
    _through: dict[tuple[str, str], dict[str, Location | None]] = field(default_factory=dict)
    _schemas: dict[tuple[str, str, str], str] = field(default_factory=dict)
    _named: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    _members: dict[tuple[str, str, tuple[str, ...]], Inherited | None] = field(default_factory=dict)

    def prepare(self) -> None:
        """Index the memberships, and list the names."""
        groups: dict[str, list[Membership]] = defaultdict(list)
        for one in self.catalog.memberships:
            groups[one.member].append(one)
        self._groups = groups
        self.names = tuple(sorted({*self.catalog.roles, PUBLIC}))

    def has_attribute(self, name: str, attribute: str) -> bool:
        """Whether a role itself has an attribute; no group hands one down."""
        role = self.catalog.roles.get(name)
        return role is not None and attribute in role.flags

    def memberships(self, name: str) -> list[Membership]:
        """What a role is itself a member of."""
        return self._groups.get(name, [])

    def automatic(self, name: str, database: str) -> dict[str, Location | None]:
        """The roles whose rights a role has by itself, nearest first, and by which line."""
        key = (name, database)
        if key not in self._through:
            self._through[key] = self._inherited(name, database)
        return self._through[key]

    def _inherited(self, name: str, database: str) -> dict[str, Location | None]:
        found: dict[str, Location | None] = {name: None}
        if name == PUBLIC:
            return found
        waiting = [name]
        home = self.catalog.found(database, "database", database)
        for one in waiting:
            for membership in self._groups.get(one, ()):
                if membership.group not in found and self._inherits(membership):
                    found[membership.group] = membership.location
                    waiting.append(membership.group)
            if home is not None and home.owner == one and self._owner_inherits(one):
                found.setdefault(DATABASE_OWNER, home.owned_at)
                waiting.append(DATABASE_OWNER)
        return {**found, PUBLIC: None}

    def _inherits(self, membership: Membership) -> bool:
        """Whether a member has the rights of the group without changing its role."""
        if membership.inherit is not None:
            return membership.inherit
        return self.has_attribute(membership.member, "INHERIT")

    def _owner_inherits(self, name: str) -> bool:
        """Whether the owner of a database is its pg_database_owner without changing its role."""
        since = self.catalog.before(OPTIONS_SINCE) is False
        return since or self.has_attribute(name, "INHERIT")

    # --- on one object --------------------------------------------------------------------------

    def concerns(self, name: str, thing: Thing) -> bool:
        """Whether any line gives a role something on an object; most say nothing of most roles."""
        key = (thing.database, thing.kind, thing.name)
        if key not in self._named:
            schema = self.catalog.found(thing.database, "schema", thing.schema)
            columns = (holder for acl in thing.columns.values() for holder in acl)
            owners = (thing.owner, schema.owner if schema else "")
            self._named[key] = {*thing.acl, *columns, *owners, *OF_EVERY_TABLE}
        mine = self.automatic(name, thing.database)
        return bool(thing.parents) or not self._named[key].isdisjoint(mine)

    def owner_line(self, name: str, thing: Thing) -> Location | None:
        """The line that makes a role the owner of an object, itself or through a group."""
        owned = bool(thing.owner) and thing.owner in self.automatic(name, thing.database)
        return thing.owned_at if owned else None

    def on(self, name: str, thing: Thing) -> dict[str, Held]:
        """The privileges that a role has on a whole object."""
        return self.collected(name, thing, thing.acl)

    def collected(
        self, name: str, thing: Thing, acl: dict[str, dict[str, Held]]
    ) -> dict[str, Held]:
        """What a list of rights gives a role itself, and through others."""
        chosen: dict[str, tuple[str, Held]] = {}
        owners: dict[str, tuple[str, ...]] = {}
        passing: dict[str, tuple[str, ...]] = {}
        for one in self.automatic(name, thing.database) if acl else ():
            for privilege, held in acl.get(one, {}).items():
                owners[privilege] = (*owners.get(privilege, ()), one)
                if held.grantable:
                    passing[privilege] = (*passing.get(privilege, ()), one)
                known = chosen.get(privilege)
                if known is None or (held.grantable and not known[1].grantable):
                    chosen[privilege] = (one, held)
        found: dict[str, Held] = {}
        told: dict[tuple[object, ...], Held] = {}
        for privilege, (one, held) in chosen.items():
            by, handed = owners[privilege], passing.get(privilege, ())
            key = (id(held), one, by, handed)  # what one line gives is told once
            if one != name and key not in told:
                inherited = self.inherited(name, thing.database, by)
                passed_on = self.inherited(name, thing.database, handed) if handed else None
                note = held.location.note or f"{name} has this through {one}"
                place = held.location.noted(note)
                told[key] = Held(place, held.grantable, inherited, passed_on)
            found[privilege] = told.get(key, held)
        return found

    def inherited(self, name: str, database: str, owners: tuple[str, ...]) -> Inherited | None:
        """By which memberships a role has what some roles have; None if it has it without."""
        key = (name, database, owners)
        if key not in self._members:
            ways = () if {name, PUBLIC} & {*owners} else tuple(self._ways(*key))
            self._members[key] = Inherited(owners, ways) if ways else None
        return self._members[key]

    def _ways(self, name: str, database: str, owners: tuple[str, ...]) -> Iterator[Becoming]:
        """The memberships that lead to some roles; none if owning the database does so too."""
        home = self.catalog.found(database, "database", database)
        owns = home is not None and home.owner == name and self._owner_inherits(name)
        if owns and not self.automatic(DATABASE_OWNER, database).keys().isdisjoint(owners):
            return
        seen = set()
        for one in self.memberships(name):
            leads = not self.automatic(one.group, database).keys().isdisjoint(owners)
            if leads and self._inherits(one) and one.group not in seen:
                seen.add(one.group)
                yield membership(one)

    # --- schemas, databases, rows ---------------------------------------------------------------

    def usage(self, name: str, database: str, schema: str) -> str:
        """Whether a role may use a schema: `yes`, `no`, `owner`, or the missing fact in words.

        Whoever owns a schema may give itself the right to use it.
        """
        key = (name, database, schema)
        if key not in self._schemas:
            self._schemas[key] = self._usage(*key)
        return self._schemas[key]

    def _usage(self, name: str, database: str, schema: str) -> str:
        if {READ_ALL, WRITE_ALL} & self.automatic(name, database).keys():
            return "yes"
        thing = self.catalog.found(database, "schema", schema)
        fact = f"whether {name} has USAGE on schema {schema}"
        if thing is None:
            return fact
        if "USAGE" in self.on(name, thing):
            return "yes"
        if self.owner_line(name, thing):
            return "owner"
        if self.catalog.roles_from is None and name != PUBLIC:
            return f"{fact}, which a group may give it"
        return "no"

    def may_connect(self, name: str, database: str) -> bool:
        """Whether a role may connect to a database, as far as any line says."""
        thing = self.catalog.found(database, "database", database)
        if thing is None or self.has_attribute(name, "SUPERUSER"):
            return True
        return "CONNECT" in self.on(name, thing) or self.owner_line(name, thing) is not None

    def rows(self, name: str, thing: Thing, privilege: str) -> str | None:
        """What row level security leaves of a privilege, in words; empty: all; None: no row."""
        if not thing.secured or privilege not in _BY_ROW or self.has_attribute(name, "BYPASSRLS"):
            return ""
        if self.owner_line(name, thing) and not thing.forced:
            return ""
        mine = self.automatic(name, thing.database).keys()
        policies = sorted(
            {
                one.name
                for one in thing.policies
                if one.permissive and one.command in {"ALL", privilege} and one.roles & mine
            }
        )
        if not policies:
            return None
        return f"only rows that row level security allows: {', '.join(policies)}"


def membership(one: Membership) -> Becoming:
    """What a role is by a membership that it has."""
    place = one.location.noted(f"{one.member} is a member of {one.group}")
    undo = f"revoke {one.group} from {one.member}"
    return Becoming(one.member, one.group, f"SET ROLE {one.group}", place, undo=undo)
