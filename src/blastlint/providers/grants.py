"""The atom of reach: a grant, what it lets its holder become, and what a tool list registers."""

from __future__ import annotations

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from blastlint.source import Location

    Effect = Literal[
        "read", "append", "mutate", "destroy", "spend", "notify", "execute", "grant", "unknown"
    ]
    EdgeCertainty = Literal["proven", "conditional", "needs-fact"]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the place that evidence comes from, and does not stand in the evidence."""

    system: str = ""
    """System id that its grants are of; empty when evidence is read without an inventory."""
    namespace: str = ""
    """Kubernetes: namespace of the objects that state none, as with `kubectl apply -n`.

    GitHub: repository of the files that state none, as `OWNER/REPO`.
    """
    server_version: str = ""
    """Version of the server, such as `1.35`; some rights depend on it. Empty if not known."""


UNSTATED = Setting()
"""Nothing is known of the place."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A holder may do an action on a resource of a system, because of a line."""

    holder: str
    """Principal, as its platform writes it (`system:serviceaccount:NS:NAME`, an ARN, …).

    Kubernetes: `everything:NS` stands for whoever holds all of a namespace, `pod:NS` for a pod
    there whose maker chose what it mounts.
    """
    system: str
    """System id; empty when evidence is read without an inventory."""
    scope: str
    """Namespace, repository or schema; `*` for all of them; empty where the platform has none.

    Kubernetes: `?` is a namespace that no file states; such a grant needs that fact.
    """
    resource: str
    """Resource as the platform writes it.

    Kubernetes: `GROUP/RESOURCE[/SUBRESOURCE]`, and `url:PATH` for a path outside the resources.
    """
    action: str
    """Action, literally; `*` stays symbolic."""
    effect: Effect
    """Class of change, from the provider's catalogue of actions; `unknown` is never a pass."""
    location: Location
    """The line that made it true."""
    names: tuple[str, ...] = ()
    """Object names that it is limited to; empty means any."""
    condition: str = ""
    """Condition under which it holds, in words; empty when there is none."""
    certainty: EdgeCertainty = "proven"
    """Whether it holds for sure, under the condition, or only if a missing fact is so."""
    needs: str = ""
    """The missing fact, in words, when the certainty is `needs-fact`."""
    declared: bool = False
    """True when a person typed it, false when evidence shows it."""
    inherent: bool = False
    """True if it opens nothing by itself: reading with writing, USAGE of a schema."""
    second_person: bool = False
    """True if the platform asks another person each time: a review of the last push, for one."""
    inherited: Inherited | None = None
    """By which memberships the holder has it; None if it is its own, or everybody's."""


@dataclass(frozen=True, slots=True)
class Becoming:
    """A principal can turn into another one."""

    holder: str
    """Who turns."""
    principal: str
    """Into whom; a trailing `*` stands for every principal of that form, `*` for anybody."""
    via: str
    """How, in words: `create pods in billing`."""
    location: Location
    """The line that made it true."""
    certainty: EdgeCertainty = "proven"
    """As of a grant."""
    needs: str = ""
    """The missing fact, in words."""
    undo: str = ""
    """How it is taken away, in words, where that has a name: `revoke sales from ann`."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """Why somebody has the grant of others without becoming one of them: it is their member."""

    owners: tuple[str, ...]
    """Whose grant it is."""
    memberships: tuple[Becoming, ...]
    """The holder's own steps towards them; each alone is enough, and the first one is told."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A way to become somebody that takes several calls, each allowed to whoever makes it.

    Different principals may make them; rights that one call asks for together are one part.
    """

    parts: tuple[str, ...]
    """What it takes: a part that `shares` of the evidence name, or a principal to be."""
    becoming: Becoming
    """Into whom, by all the parts; its own certainty, without that of the parts."""


@dataclass(frozen=True, slots=True)
class HttpCall:
    """The HTTP request of a tool, as an OpenAPI description tells."""

    method: str
    """In upper case: `GET`, `POST`, …"""
    path: str
    """Path, with its parameters in braces."""
    safe: bool
    """By its method, it is meant to change nothing (RFC 9110, 9.2.1)."""
    idempotent: bool
    """By its method, twice is meant to be as once (RFC 9110, 9.2.2)."""
    key: str = ""
    """Header or field that takes an idempotency key; empty: none is declared, which is not none."""
    key_required: bool = False
    """Whether a call without the key is refused."""
    needs: str = ""
    """What the description leaves open about a repeated call, in words."""
    scopes: tuple[tuple[str, ...], ...] | None = None
    """OAuth scopes: one of these sets is enough, each needs all of its scopes.

    An empty set: a caller needs no scope that way. None: the description does not say.
    """
    optional: bool = False
    """Whether it may be called without signing in."""


@dataclass(frozen=True, slots=True)
class RegisteredTool:
    """A tool that a server offers, as its list shows it (Model Context Protocol: `Tool`)."""

    name: str
    """Registered name."""
    description: str
    """What the planner reads."""
    arguments: tuple[str, ...]
    """Top-level properties of its input schema, sorted."""
    required: tuple[str, ...]
    """Arguments that the schema requires."""
    schema_digest: str
    """`sha256:` and the digest of its name and its input schema, as canonical JSON."""
    hints: dict[str, bool]
    """The hints it states itself; the specification's defaults are not filled in here."""
    location: Location
    """Where it stands."""
    chosen_by: str = ""
    """Argument that chooses what the tool does (`method`); empty if it always does one thing."""
    choices: tuple[str, ...] = ()
    """What that argument may say; each is an action of its own, and only the worst one counts."""
    http: HttpCall | None = None
    """The request that it makes, where an OpenAPI description tells."""
    unlisted: tuple[str, ...] = ()
    """Arguments that its description names and its schema does not take."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A reference in evidence that nothing in it defines."""

    what: str
    """The dangling reference, in words."""
    location: Location
    """Where it stands."""
    holders: tuple[str, ...] = ()
    """Principals of whom the evidence therefore does not say everything."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Everything that one piece of evidence says."""

    grants: tuple[Grant, ...] = ()
    """Grants, in file order."""
    becomings: tuple[Becoming, ...] = ()
    """What the holders can become, in file order."""
    shares: tuple[Becoming, ...] = ()
    """Who can make one of the calls of a joint way: its principal is that part, in words."""
    joints: tuple[Joint, ...] = ()
    """Ways that take several calls, which different principals may make."""
    tools: tuple[RegisteredTool, ...] = ()
    """Registered tools, in file order."""
    unresolved: tuple[Unresolved, ...] = ()
    """References that nothing defines."""
    principals: tuple[str, ...] = ()
    """Every principal the evidence names, with or without a grant; sorted."""
    everything: frozenset[str] = field(default_factory=frozenset)
    """Principals that hold the platform's whole authority (`*` on `*`)."""
