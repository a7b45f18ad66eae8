"""What a PostgreSQL server holds, as its dumps say: roles, memberships, objects, rights on them."""

from __future__ import annotations

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from blastlint.providers.grants import Inherited
    from blastlint.source import Location

    Key = tuple[str, str, str]
    """Database, kind, and name as SQL writes it."""

PUBLIC = "PUBLIC"
"""Everybody: every role is a member of it."""

PRIVILEGES: dict[str, tuple[str, ...]] = {
    "table": ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"),
    "sequence": ("SELECT", "UPDATE", "USAGE"),
    "schema": ("USAGE", "CREATE"),
    "function": ("EXECUTE",),
    "database": ("CREATE", "CONNECT", "TEMPORARY"),
    "type": ("USAGE",),
    "language": ("USAGE",),
    "foreign data wrapper": ("USAGE",),
    "foreign server": ("USAGE",),
    "large object": ("SELECT", "UPDATE"),
    "tablespace": ("CREATE",),
    "parameter": ("SET", "ALTER SYSTEM"),
}
"""What `ALL` means on each kind of object; a view is a table here."""
MAINTAIN_SINCE = 17
OPTIONS_SINCE = 16
"""Since this version a membership has options, and CREATEROLE gives no role of others."""

TO_ALL: dict[str, tuple[str, ...]] = {
    "function": ("EXECUTE",),
    "database": ("CONNECT", "TEMPORARY"),
}
"""What PUBLIC has on a new object until it is revoked.

It may use every type and trusted language too, which opens nothing and is left out.
"""
DATABASE_OWNER = "pg_database_owner"
"""Its one member is whoever owns the database, in each database."""
PUBLIC_CLOSED = 15
"""Since this version the schema public is the database owner's, and not everybody may create in it.

What a dump leaves unsaid of that schema is relative to the version of pg_dump, not of the server.
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A privilege of one role on one object."""

    location: Location
    grantable: bool = False
    inherited: Inherited | None = None
    """By which memberships a role has it that is not named on that line."""
    passed_on: Inherited | None = None
    """By which memberships it may pass it on; none: it may itself, or may not at all."""


@dataclass(slots=True)
class Role:
    """A role, with its attributes."""

    name: str
    location: Location
    defined: bool = False
    """False if it is only mentioned."""
    flags: set[str] = field(default_factory=set)
    """Attributes in upper case that it has: `SUPERUSER`, `INHERIT`, …"""


@dataclass(frozen=True, slots=True)
class Membership:
    """A role is a member of another one."""

    member: str
    group: str
    location: Location
    admin: bool = False
    inherit: bool | None = None
    """As the grant says (since 16); None: as the member's attribute says."""
    settable: bool = True


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of row level security."""

    name: str
    command: str
    roles: frozenset[str]
    permissive: bool


@dataclass(slots=True)
class Thing:
    """An object, and who has which privileges on it."""

    database: str
    kind: str
    """As in `PRIVILEGES`."""
    name: str
    """As SQL writes it, with its schema if it has one."""
    schema: str
    """Schema that it lies in, as SQL writes it; empty if in none."""
    location: Location
    created: bool = False
    owner: str = ""
    owned_at: Location | None = None
    acl: dict[str, dict[str, Held]] = field(default_factory=dict)
    """By role, by privilege."""
    columns: dict[str, dict[str, dict[str, Held]]] = field(default_factory=dict)
    """The same by column, for those that have rights of their own."""
    secured: bool = False
    """Row level security is on."""
    forced: bool = False
    """For the owner too."""
    policies: list[Policy] = field(default_factory=list)
    definer: bool = False
    """A function that runs as its owner."""
    callable: bool = True
    """False for the function of a trigger, which nobody calls."""
    language: str = ""
    """Of a function."""
    parents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Tables that it is a part of, each with the privileges there that reach into it."""
    form: str = ""
    """`view` or `materialized view`."""
    shows: tuple[str, ...] = ()
    """Relations that a view with its owner's rights may show."""


@dataclass(frozen=True, slots=True)
class Default:
    """Rights on objects that somebody creates later."""

    database: str
    creator: str
    schema: str
    kind: str
    holder: str
    privileges: tuple[str, ...]
    location: Location


@dataclass(frozen=True, slots=True)
class Mapping:
    """A stored login to another server."""

    role: str
    server: str
    location: Location


@dataclass(slots=True)
class Catalog:
    """Everything that the files of one server say."""

    home: str = ""
    """Database of what does not name its own; empty if it is not known."""
    database: str = ""
    """Database whose objects are being read."""
    server: int | None = None
    """Major version of the server, as a dump or the inventory says."""
    seen: int | None = None
    """The same, as a dump says."""
    dumped_by: int | None = None
    """Major version of pg_dump that wrote the file being read."""
    dumped: dict[str, Location] = field(default_factory=dict)
    """Databases of which a dump shows the objects, and where they begin."""
    roles: dict[str, Role] = field(default_factory=dict)
    memberships: list[Membership] = field(default_factory=list)
    things: dict[Key, Thing] = field(default_factory=dict)
    defaults: list[Default] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    rights: int = 0
    """How many lines give or take rights on objects."""
    options: bool = False
    """True if a membership states whether it is inherited, as dumps do since 16."""
    roles_from: Location | None = None
    """First line that defines a role."""
    table_from: Location | None = None
    """Head of a table of grants."""

    def before(self, version: int) -> bool | None:
        """Whether the server is older than a major version; None if that is not known."""
        if self.server is None:
            return False if self.options and version <= OPTIONS_SINCE else None
        return self.server < version

    def role(self, name: str, location: Location) -> Role:
        """The role of a name, made when it is first mentioned."""
        return self.roles.setdefault(name, Role(name, location, flags={"INHERIT"}))

    def thing(self, kind: str, name: str, schema: str, location: Location) -> Thing:
        """The object of a name in the database being read, made when it is first mentioned."""
        kind_of_name = "table" if kind == "sequence" else kind
        database = {"database": name, "tablespace": "*", "parameter": "*"}.get(kind, self.database)
        key = (database, kind_of_name, name)
        if key not in self.things:
            self.things[key] = Thing(database, kind, name, schema, location)
            self._begin(self.things[key], location)
        return self.things[key]

    def begin(self, location: Location) -> None:
        """Note that objects of the database being read follow; every one has a schema public."""
        if self.database not in self.dumped:
            self.dumped[self.database] = location
            self.thing("schema", "public", "", location)

    def found(self, database: str, kind: str, name: str) -> Thing | None:
        """The object of a name, if there is one."""
        return self.things.get((database, kind, name))

    def all_of(self, thing: Thing, kind: str = "") -> tuple[str, ...]:
        """What `ALL` means on an object."""
        privileges = PRIVILEGES[kind or thing.kind]
        if (kind or thing.kind) == "table" and (self.server or 0) >= MAINTAIN_SINCE:
            return (*privileges, "MAINTAIN")
        return privileges

    def own(self, thing: Thing, owner: str, location: Location) -> None:
        """Make a role the owner, with every privilege until some are revoked."""
        if thing.owner != owner:
            thing.acl.pop(thing.owner, None)
        thing.owner, thing.owned_at = owner, location
        self.role(owner, location)
        self.give(thing, owner, self.all_of(thing), Held(location, grantable=True))

    def give(self, thing: Thing, holder: str, privileges: Iterable[str], held: Held) -> None:
        """Note privileges on an object; one that can be passed on stays so."""
        has = thing.acl.setdefault(holder, {})
        for privilege in privileges:
            if privilege not in has or (held.grantable and not has[privilege].grantable):
                has[privilege] = held

    def _begin(self, thing: Thing, location: Location) -> None:
        """Give PUBLIC what it has on an object before any line says otherwise."""
        given = TO_ALL.get(thing.kind, ())
        if thing.kind == "schema" and thing.name in _OPEN_SCHEMAS:
            given = ("USAGE",)
        if (thing.kind, thing.name) == ("schema", "public") and self.dumped_by is not None:
            if self.dumped_by < PUBLIC_CLOSED:
                given = ("USAGE", "CREATE")
            else:
                note = f"{DATABASE_OWNER} owns the schema public unless a line says otherwise"
                self.own(thing, DATABASE_OWNER, location.noted(note))
        if given:
            note = f"PUBLIC has {', '.join(given)} unless it is revoked"
            self.give(thing, PUBLIC, given, Held(location.noted(note)))


_OPEN_SCHEMAS = ("public", "pg_catalog", "information_schema")
