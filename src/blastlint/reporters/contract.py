"""The published contract of the JSON report, from which its schema is generated."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it at run time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from blastlint.dossier import Dossier
from blastlint.reporters.dossier_contract import part_of
from blastlint.reporters.finding_contract import (
    Count,
    Exposure,
    FindingPart,
    Part,
    PathPart,
    Severity,
    Strength,
    Verdict,
    WaiverPart,
    schema_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    DossierPart = BaseModel
else:
    DossierPart = part_of(Dossier)

Profile = Literal["pilot", "production", "regulated"]


class ReachPart(Part):
    """What an agent can do to one resource."""

    system: str
    """System that is reached."""
    scope: str
    """Namespace, repository or schema; `*` or empty for all."""
    resource: str
    """Resource, as the platform writes it."""
    actions: list[str]
    """Actions that are open there, as the platform writes them."""
    effects: list[str]
    """Classes of change of these actions."""
    certainty: Strength
    """How sure it is, of the surest action."""
    declared: bool
    """Whether the inventory says so."""
    reach: Exposure
    """direct: by the tools as they are; latent: only if the tool host is compromised."""
    through: list[str]
    """Credentials in the agent's hands that open it."""
    path: PathPart
    """The weakest way there."""


class AgentPart(Part):
    """The answer for one agent."""

    id: str
    """The agent's id."""
    verdict: Verdict
    """The worst of what was found about it."""
    tier: Literal["T0", "T1", "T2", "T3"]
    """Tier of the worst of its tools: T0 is harmless, T3 the gravest."""
    owner: str
    """Team that answers for it; empty where nobody says."""
    systems: list[str]
    """Systems within its reach."""
    declared: Count
    """Reachable (system, resource, action) triples that are declared."""
    undeclared: Count
    """Reachable triples that nobody declared."""
    reach: list[ReachPart]
    """Everything that it can do, a row for each resource."""


class ToolPart(Part):
    """What the first hour of an incident asks about one tool; empty text is not stated."""

    id: str
    """The tool's id."""
    agents: list[str]
    """Agents that may call it."""
    system: str
    """System that it acts on."""
    effect: str
    """Class of change that a call makes."""
    scope: str
    """How much one call can touch."""
    tier: Literal["T0", "T1", "T2", "T3"]
    """How bad its worst call is: T0 is harmless, T3 the gravest."""
    owner: str
    """Owner of the system."""
    on_call: str
    """Rotation that is paged for the system."""
    credential: str
    """Credential that it uses."""
    reversibility: str
    """Whether a call can be undone, and how long."""
    undo: str
    """Tool or runbook that undoes it."""
    approval: str
    """Human gate before a call."""
    audit_log: str
    """Where its calls are seen."""
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
    """Cells that a launch cannot do without."""
    stated: Count
    """How many of them hold a value."""


class EvidencePart(Part):
    """A file that was read as evidence."""

    file: str
    """Path, as people call it."""
    kind: str
    """Kind of evidence, such as `kubernetes-rbac`."""
    digest: str
    """`sha256:…` of its bytes."""
    system: str
    """System that it speaks of; may be empty."""


class PolicyPart(Part):
    """One thing that a policy says."""

    name: str
    """Threshold, `profile`, or `rules.ID`."""
    value: str
    """What it is set to, by the policy or by default."""


class InventoryPart(Part):
    """The answer for one inventory."""

    name: str
    """Name of the inventory."""
    root: str
    """Its folder."""
    verdict: Verdict
    """The answer: blockers decide, nothing is averaged."""
    standing: StandingPart
    """How it stands under the profiles."""
    cells: CellsPart
    """How complete it is."""
    agents: list[AgentPart]
    """The answer for each agent."""
    tools: list[ToolPart]
    """The row of each tool."""
    findings: list[FindingPart]
    """Every finding, waived ones included, in the order to work through them: open before waived,
    errors before warnings before notes, certain before possible, then by place."""
    evidence: list[EvidencePart]
    """Files that were read as evidence."""
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
    """Rule id."""
    title: str
    """The fault, in one line."""
    severity: Severity
    """How grave it is where neither profile nor facts say otherwise."""
    profile: Profile
    """The first profile that asks for it."""
    family: str
    """Folder of the manual that it stands in."""
    why: str
    """Why it matters."""
    fix: str
    """The next step."""
    refs: list[str]
    """Where to read more."""
    tags: list[str]
    """Ids of public catalogues, such as `owasp-asi/ASI03`."""


class SummaryPart(Part):
    """The numbers of the run; open findings by severity, possible ones included."""

    errors: Count
    """Open errors."""
    warnings: Count
    """Open warnings."""
    notes: Count
    """Open notes."""
    waived: Count
    """Findings that somebody accepts."""
    possible: Count
    """Open findings that rest on a fact nobody states."""
    known: Count
    """Open findings that were there before, where a run asks only for what is new."""
    inventories: Count
    """Inventories that were judged."""
    agents: Count
    """Agents in them."""
    tools: Count
    """Tools in them."""
    systems: Count
    """Systems in them."""
    rules: Count
    """Rules that judged some inventory."""
    passes: Profile | None
    """The highest profile under which every inventory may launch; null: there is none."""


class ReportPart(Part):
    """What a run of blastlint says."""

    schema_: Annotated[Literal["blastlint.report/v1"], Field(alias="schema")]
    """Name and version of this contract."""
    version: str
    """Version of blastlint that judged."""
    as_of: date
    """The day the run was judged for."""
    verdict: Verdict
    """The worst verdict of all inventories."""
    summary: SummaryPart
    """The numbers of the run."""
    policy_digest: str
    """Digest of the rules and policies that judged."""
    inventories: list[InventoryPart]
    """The answer for each inventory."""
    rules: list[RulePart]
    """Rules that judged some inventory."""


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report."""
    return schema_of(ReportPart, "blastlint report")
