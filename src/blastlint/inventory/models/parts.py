"""What an inventory's entities are made of: scalar types, references, shared groups of fields."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from blastlint.inventory import scalars

TYPE_CHECKING = False


def _text(value: object) -> object:
    """Accept a number where text is asked: `0.36` written bare is still a version."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _whole(value: object) -> object:
    """Accept `3.0` as 3, as JSON Schema does."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _not_a_flag(value: object) -> object:
    """Refuse `true` where a number is asked: Python would take it for 1."""
    if isinstance(value, bool):
        raise ValueError("expected a number")  # noqa: TRY004 -- pydantic collects ValueErrors only
    return value


def _parsed(kind: str) -> Any:  # noqa: ANN401 -- pydantic's own type is private
    """A text that becomes another Python value."""
    return WithJsonSchema({"type": "string", "pattern": scalars.PATTERNS[kind], "x-type": kind})


def _word(kind: str, **keywords: Any) -> Any:  # noqa: ANN401 -- pydantic takes any JSON value here
    """A text of a certain form."""
    return Field(pattern=scalars.PATTERNS[kind], json_schema_extra={"x-type": kind, **keywords})


def _reference(section: str, **keywords: str) -> Any:  # noqa: ANN401 -- see above
    """The id of something in another section."""
    return _word("id", **{"x-ref": section}, **keywords)


def _prefixed(*, ref: str = "", **prefixes: str) -> Any:  # noqa: ANN401 -- see above
    """A reference that says what it refers to: prefix to section, or to nothing for free words."""
    pattern = rf"^({'|'.join(prefixes)}):{scalars.LINE}{{1,500}}$"
    if ref:
        pattern = rf"{pattern}|{scalars.PATTERNS['id']}"
    keywords: dict[str, Any] = {"x-type": "target", "x-prefixes": prefixes}
    return Field(pattern=pattern, json_schema_extra=keywords | ({"x-ref": ref} if ref else {}))


MOST = 10**15 - 1
"""Numbers up to here are kept exactly, whoever reads them."""

Id = Annotated[str, _word("id")]
Text = Annotated[
    str,
    Field(max_length=4096),
    BeforeValidator(_text),
    WithJsonSchema({"type": ["string", "number"], "x-type": "text"}),
]
Words = Annotated[str, _word("words")]
"""A text that must say something."""
Action = Annotated[str, _word("action")]
"""An action, as its platform writes it, where it stands as a key."""
Version = Annotated[Literal[1], BeforeValidator(_not_a_flag)]
Whole = Annotated[int, Field(ge=0, le=MOST), BeforeValidator(_whole)]
Number = Annotated[float, Field(ge=-MOST, le=MOST)]
Share = Annotated[float, Field(ge=0, le=1)]
Duration = Annotated[timedelta, BeforeValidator(scalars.parse_duration), _parsed("duration")]
Day = Annotated[date, BeforeValidator(scalars.parse_day), _parsed("day")]
LocalTime = Annotated[datetime, BeforeValidator(scalars.parse_local_time), _parsed("local-time")]
Rate = Annotated[float, BeforeValidator(scalars.parse_rate), _parsed("rate")]
TimeZone = Annotated[str, _word("time-zone")]
Target = Annotated[
    str,
    _prefixed(
        rotation="rotations",
        policy="escalation_policies",
        agent="agents",
        team="teams",
        service="",
        channel="",
        mailbox="",
        webhook="",
        person="",
    ),
]
"""Somebody or something to turn to."""
Holder = Annotated[str, _prefixed(ref="agents", service="", human="")]
"""An agent's id, or `service:NAME`, `human:ROLE`."""
Consumer = Annotated[str, _prefixed(agent="agents", tool="tools", team="teams", service="")]
"""Somebody or something that draws on a quota."""
Elsewhere = Annotated[str, _prefixed(ref="systems", external="")]
"""A system's id, or `external:NAME`."""
Undoing = Annotated[str, _prefixed(ref="tools", manual="")]
"""A tool's id, or `manual:WHAT IS DONE`."""
Shared = Annotated[
    str,
    _prefixed(quota="quotas", credential="credentials", system="systems", region="", provider=""),
]
"""Something that two things depend on."""
Dependency = Annotated[
    str,
    _prefixed(
        agent="agents", credential="credentials", quota="quotas", system="systems", service=""
    ),
]
"""Something that must work for another thing to work."""

AgentRef = Annotated[str, _reference("agents")]
AuditLogRef = Annotated[str, _reference("audit_logs")]
CalendarRef = Annotated[str, _reference("calendars")]
CapabilityRef = Annotated[str, _reference("capabilities")]
CredentialRef = Annotated[str, _reference("credentials")]
DeploymentRef = Annotated[str, _reference("deployments")]
EscalationPolicyRef = Annotated[str, _reference("escalation_policies")]
EvidenceRef = Annotated[str, _reference("evidence")]
FallbackRef = Annotated[str, _reference("fallbacks")]
GateRef = Annotated[str, _reference("approval_gates", **{"x-none": "none"})]
RetryProfileRef = Annotated[str, _reference("retry_profiles")]
RotationRef = Annotated[str, _reference("rotations")]
RunbookRef = Annotated[str, _reference("runbooks")]
SystemRef = Annotated[str, _reference("systems")]
TeamRef = Annotated[str, _reference("teams")]
ToolRef = Annotated[str, _reference("tools")]

Effect = Literal["read", "append", "mutate", "destroy", "spend", "notify", "execute", "grant"]
Environment = Literal["production", "staging", "development", "test"]

Clock = Annotated[str, _word("clock")]
Hours = Annotated[str, _word("hours")]
WeekHours = Annotated[str, _word("week-hours")]
"""Hours of every week, with the zone they are in."""
Subject = Annotated[str, _word("subject")]

NEEDED: Any = Field(default=None, json_schema_extra={"x-needed": True})
"""A cell that a launch cannot do without: its absence is one finding of its own."""


def _is_unknown(value: object) -> bool:
    return isinstance(value, dict) and value.get("unknown") is True


class Part(BaseModel):
    """A group of fields inside an entity."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )

    settled: ClassVar[bool] = False
    """True if every cell that is written must hold a value: neither `unknown` nor null."""

    @model_validator(mode="before")
    @classmethod
    def _set_unknowns_aside(cls, value: Any) -> Any:  # noqa: ANN401 -- raw input
        """Read a cell `{unknown: true, …}` as not stated, once it is well formed itself."""
        if not isinstance(value, dict):
            return value
        if cls.settled:
            for key in (key for key, cell in value.items() if cell is None):
                raise ValueError(f"{key} is empty")
            return value
        optional = {f.alias or name for name, f in cls.model_fields.items() if not f.is_required()}
        unknown = {key for key, cell in value.items() if key in optional and _is_unknown(cell)}
        for key in unknown:
            Unknown.model_validate(value[key])
        return {key: cell for key, cell in value.items() if key not in unknown}


class Named(Part):
    """A thing that an inventory names: a map entry whose key is its id."""

    if TYPE_CHECKING:
        id: str


class Unknown(Part):
    """A cell whose value nobody knows yet, who finds it out, and by when."""

    settled: ClassVar[bool] = True

    unknown: Literal[True]
    """Always true."""
    owner: Text | None = None
    """Team that finds it out."""
    resolve_by: Day | None = None
    """Day by which it is known."""


class Attestation(Part):
    """Who says that the facts of an entity are true, and when."""

    by: Text | None = None
    """Team that attests: the owner of the thing, not of the agent."""
    at: Day | None = None
    """Day of the attestation."""
    evidence: Text | None = None
    """Where the proof lies: a link, a ticket, a file."""


class Entity(Named):
    """A thing that somebody attests."""

    attestation: Attestation | None = None
    """Who says that these facts are true, and when."""


class Money(Part):
    """An amount of money."""

    value: Number
    """The amount, in units of the currency."""
    currency: Annotated[str, _word("currency")]
    """ISO 4217 code."""


class Need(Part):
    """What a call needs to be allowed to do (names after RFC 9396 and Kubernetes RBAC)."""

    resources: list[Text] | None = None
    """Resources, as the platform writes them (`refunds`, `apps/deployments`)."""
    actions: list[Text] | None = None
    """Actions, literally as the platform writes them: `patch` is not `update`."""
    scope: Text | None = None
    """Namespace, repository or schema that the need is limited to; absent means anywhere."""
    basis: Literal["doc", "code", "dry_run", "live_run"] | None = None
    """How it is known: read in a document, read in code, a dry run, a live run."""


class Access(Part):
    """Actions on resources of one system."""

    system: SystemRef
    """System that is opened."""
    resources: list[Text] | None = None
    """Resources, as the platform writes them; `*` means all of them."""
    actions: list[Text] | None = None
    """Actions, as the platform writes them; `*` means all of them."""
    scope: Text | None = None
    """Namespace, repository or schema that the access is limited to; absent means all."""


class Grant(Access):
    """What a credential is declared to open."""

    condition: Text | None = None
    """Condition under which the platform allows it."""


class AlsoReaches(Access):
    """A reach beyond the tools' needs that its owner knows of and accepts."""

    reason: Text | None = None
    """Why the credential opens it."""


class Store(Access):
    """A place where the value of a credential is kept: whoever can read there holds it."""

    name: Text | None = None
    """Name of the object, where a resource has many: the Secret, the parameter."""


class Derivation(Part):
    """Another principal that the holder of a credential can become."""

    to: Text
    """The principal, as its platform writes it."""
    via: Text | None = None
    """How: `secrets get`, `assume role`, `impersonate`."""
