"""The published contract of the JSON report, from which its schema is generated."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it at run time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from blastlint.dossier import Dossier
from blastlint.reporters.dossier_contract import part_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    DossierPart = BaseModel
else:
    DossierPart = part_of(Dossier)

Severity = Literal["error", "warning", "note"]
Profile = Literal["pilot", "production", "regulated"]
Verdict = Literal["blocked", "cannot-tell", "ready-with-waivers", "ready"]
Strength = Literal["proven", "conditional", "needs-fact"]
Exposure = Literal["direct", "latent"]
Count = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """An object of the contract: every field is always written, none is added."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Place(Part):
    """A stretch of a file; lines and columns count from 1, columns are code points."""

    file: str
    """Path with forward slashes, relative where the run could make it so."""
    line: Ordinal
    column: Ordinal
    end_line: Ordinal
    end_column: Ordinal
    """Column after the last character."""
    note: str
    """What the place has to do with the finding; may be empty."""
    text: str
    """The source line at `line`."""


class HopPart(Part):
    """One step of a blast path."""

    from_: Annotated[str, Field(alias="from")]
    """Where it starts."""
    to: str
    """Where it ends."""
    edge: str
    """Kind of step."""
    why: str
    """The step as a sentence."""
    certainty: Strength
    location: Place | None
    """The line that makes it true; null for what nobody wrote."""


class PathPart(Part):
    """The weakest way from an agent to an action on a system."""

    agent: str
    certainty: Strength
    """The weakest link."""
    reach: Exposure
    """direct: by the tools as they are; latent: only if the tool host is compromised."""
    gates: list[str]
    """Human gates on the way."""
    needs: list[str]
    """Missing facts and conditions on the way."""
    hops: list[HopPart]


class CutPart(Part):
    """The cheapest change that closes a path."""

    remove: list[str]
    closes: Count
    """Undeclared (system, resource) pairs that it closes."""


class WaiverPart(Part):
    """A named person accepts a finding until a day."""

    id: str
    rule: str
    subject: str
    """`KIND:ID`."""
    reason: str
    approved_by: str
    expires: date
    """Last day on which it holds."""
    location: Place


class SubjectPart(Part):
    """What a finding is about."""

    kind: str
    id: str


class FindingPart(Part):
    """A rule said yes about a subject."""

    rule: str
    title: str
    severity: Severity
    certainty: Literal["certain", "possible"]
    """possible: the inventory does not state a fact that the rule needs."""
    message: str
    subject: SubjectPart
    agents: list[str]
    location: Place
    related: list[Place]
    path: PathPart | None
    cut: CutPart | None
    fix: str
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """The same for the same rule and subject in every run; free of lines and text."""
    folded: list[str]
    """Rules that could not be judged for the same missing fact."""
    alike: list[str]
    """Further subjects, as `KIND:ID`, for which this finding speaks as well."""
    known: bool
    """Whether it was there before, where a run asks only for what is new."""
    waiver: WaiverPart | None


class ReachPart(Part):
    """What an agent can do to one resource."""

    system: str
    scope: str
    resource: str
    actions: list[str]
    effects: list[str]
    certainty: Strength
    declared: bool
    reach: Exposure
    through: list[str]
    """Credentials in the agent's hands that open it."""
    path: PathPart


class AgentPart(Part):
    """The answer for one agent."""

    id: str
    verdict: Verdict
    tier: Literal["T0", "T1", "T2", "T3"]
    owner: str
    systems: list[str]
    declared: Count
    """Reachable (system, resource, action) triples that are declared."""
    undeclared: Count
    """Reachable triples that nobody declared."""
    reach: list[ReachPart]


class ToolPart(Part):
    """What the first hour of an incident asks about one tool; empty text is not stated."""

    id: str
    agents: list[str]
    system: str
    effect: str
    scope: str
    tier: Literal["T0", "T1", "T2", "T3"]
    owner: str
    on_call: str
    credential: str
    reversibility: str
    undo: str
    approval: str
    audit_log: str
    attempts: Count | None
    """Attempts for one intent; null: not stated or unbounded."""
    effects: Count | None
    """Distinct effects that one intent can have; null: not stated or unbounded."""


class StandingPart(Part):
    """How an inventory stands under the profiles of its policy."""

    profile: Profile
    """What its policy asks for."""
    passes: Profile | None
    """The highest profile under which it may launch, as under all below it; null: under none, or
    people left rules out of the run."""
    judged: Count
    """How many rules judged."""
    is_limited: bool
    """Whether people left rules out of the run."""
    switched_off: list[str]
    """Rules that the policy switches off."""
    lowered: list[str]
    """Rules that the policy makes less grave than they say they are."""
    not_asked: list[str]
    """Rules that the profile does not ask for."""
    left_out: list[str]
    """Rules that people left out of the run."""


class CellsPart(Part):
    """How complete the inventory is."""

    needed: Count
    stated: Count


class EvidencePart(Part):
    """A file that was read as evidence."""

    file: str
    kind: str
    digest: str
    system: str
    """System that it speaks of; may be empty."""


class PolicyPart(Part):
    """One thing that a policy says."""

    name: str
    """Threshold, `profile`, or `rules.ID`."""
    value: str


class InventoryPart(Part):
    """The answer for one inventory."""

    name: str
    root: str
    verdict: Verdict
    standing: StandingPart
    cells: CellsPart
    agents: list[AgentPart]
    tools: list[ToolPart]
    findings: list[FindingPart]
    """Every finding, waived ones included, in the order to work through them: open before waived,
    errors before warnings before notes, certain before possible, then by place."""
    evidence: list[EvidencePart]
    compared: str
    """What tells known findings from new ones; empty: nothing was compared."""
    set_aside: list[str]
    """What the inventory says of its own judgement and was not trusted."""
    waivers: list[WaiverPart]
    """Every waiver, whether it accepts something or not."""
    policy: list[PolicyPart]
    """What the policy says or leaves as it is by default."""
    dossier: DossierPart
    """What is known of its agents, tools, systems, people and clocks."""


class RulePart(Part):
    """A rule that judged."""

    id: str
    title: str
    severity: Severity
    profile: Profile
    """The first profile that asks for it."""
    family: str
    why: str
    fix: str
    refs: list[str]
    tags: list[str]


class SummaryPart(Part):
    """The numbers of the run; open findings by severity, possible ones included."""

    errors: Count
    warnings: Count
    notes: Count
    waived: Count
    possible: Count
    """Open findings that rest on a fact nobody states."""
    known: Count
    """Open findings that were there before, where a run asks only for what is new."""
    inventories: Count
    agents: Count
    tools: Count
    systems: Count
    rules: Count
    passes: Profile | None
    """The highest profile under which every inventory may launch; null: there is none."""


class ReportPart(Part):
    """What a run of blastlint says."""

    schema_: Annotated[Literal["blastlint.report/v1"], Field(alias="schema")]
    version: str
    """Version of blastlint that judged."""
    as_of: date
    """The day the run was judged for."""
    verdict: Verdict
    """The worst verdict of all inventories."""
    summary: SummaryPart
    policy_digest: str
    """Digest of the rules and policies that judged."""
    inventories: list[InventoryPart]
    rules: list[RulePart]


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return schema_of(ReportPart, "blastlint report")


def schema_of(model: type[Part], title: str) -> dict[str, Any]:
    """Return the JSON Schema of an object of a contract."""
    schema = model.model_json_schema(by_alias=True)
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    named["title"] = title
    titled = (named, *named["$defs"].values())
    for part in titled:
        for field in part.get("properties", {}).values():
            field.pop("title", None)
    for part in named["$defs"].values():
        part.pop("title", None)
    return named
