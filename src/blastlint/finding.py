"""What a run says: findings, waivers, the verdict, and the report that carries them."""

from __future__ import annotations

from hashlib import sha256

from blastlint.rules import PROFILES, SEVERITIES
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from typing import Literal, Protocol

    from blastlint.analyses.tiers import Tier
    from blastlint.dossier import Dossier
    from blastlint.reach import BlastPath, Cut
    from blastlint.repair import Repair
    from blastlint.rules import Profile, Severity
    from blastlint.source import Location
    from blastlint.subjects import SubjectId

    Certainty = Literal["certain", "possible"]
    Verdict = Literal["blocked", "cannot-tell", "ready-with-waivers", "ready"]

    class Weighed(Protocol):
        """What counts of a finding when a verdict is made."""

        @property
        def severity(self) -> Severity:
            """How grave it is."""

        @property
        def certainty(self) -> Certainty:
            """How sure it is."""

        @property
        def waiver(self) -> Waiver | None:
            """Who accepts it."""


VERDICTS: tuple[Verdict, ...] = ("blocked", "cannot-tell", "ready-with-waivers", "ready")
"""Worst first."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person accepts a finding until a day."""

    id: str
    rule: str
    subject: str
    """`KIND:ID`."""
    reason: str
    approved_by: str
    expires: date
    """Last day on which it holds."""
    location: Location


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule said yes about a subject."""

    rule: str
    """Rule id."""
    title: str
    """The rule's title."""
    severity: Severity
    certainty: Certainty
    """possible: the inventory does not state a fact that the rule needs."""
    message: str
    """One sentence with the facts."""
    subject: SubjectId
    agents: tuple[str, ...]
    """Agents that it concerns, sorted."""
    location: Location
    """The one primary place."""
    fix: str
    """The next step."""
    related: tuple[Location, ...] = ()
    """Further places, each with its note."""
    path: BlastPath | None = None
    cut: Cut | None = None
    waiver: Waiver | None = None
    folded: tuple[str, ...] = ()
    """Rules that could not be judged for the same missing cell, sorted."""
    alike: tuple[str, ...] = ()
    """Further subjects of the rule for which this finding speaks as well, sorted."""
    known: bool = False
    """Whether it was there before, where a run asks only for what is new."""
    repair: Repair | None = None
    """A change of the inventory that would settle it."""

    @property
    def fingerprint(self) -> str:
        """Identity across runs: the rule and its subjects, never lines or text."""
        said = "\n".join((self.rule, str(self.subject), *self.alike))
        return sha256(said.encode(errors="backslashreplace")).hexdigest()[:32]

    @property
    def order(self) -> tuple[bool, int, bool, tuple[str, int, int], bool, str, str]:
        """Sort key: open before waived, what blocks first, faults before questions, then by place.

        Where something stands is who answers for it: a file or an entity has one owner. On one
        line, what asks for a cell comes before what could not be judged for want of another.
        """
        grave = SEVERITIES.index(self.severity)
        doubt = self.certainty == "possible"
        asks = self.subject.kind == "cell"
        about = (self.place, not asks, self.rule, str(self.subject))
        return (self.waiver is not None, grave, doubt, *about)

    @property
    def place(self) -> tuple[str, int, int]:
        """File, line and column."""
        span = self.location.span
        return (self.location.file, span.line, span.column)


@dataclass(frozen=True, slots=True)
class ToolRow:
    """The joined row of one tool: what the first hour of an incident asks."""

    id: str
    agents: tuple[str, ...]
    system: str
    effect: str
    scope: str
    tier: Tier
    owner: str
    """Owner of the system."""
    on_call: str
    """Rotation paged for the system."""
    credential: str
    reversibility: str
    """Class, and the window if there is one."""
    undo: str
    """Tool or runbook that undoes it."""
    approval: str
    audit_log: str
    attempts: int | None
    """Attempts for one intent; none: not stated or unbounded."""
    effects: int | None
    """Distinct effects that one intent can have; none: not stated or unbounded."""


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One reachable action, as a row of the report."""

    system: str
    scope: str
    resource: str
    actions: tuple[str, ...]
    effects: tuple[str, ...]
    certainty: Literal["proven", "conditional", "needs-fact"]
    declared: bool
    reach: Literal["direct", "latent"]
    through: tuple[str, ...]
    """Credentials in the agent's hands that open it, sorted; several are several ways."""
    path: BlastPath


@dataclass(frozen=True, slots=True)
class AgentSummary:
    """The answer for one agent."""

    id: str
    verdict: Verdict
    tier: Tier
    owner: str
    systems: tuple[str, ...]
    """Systems within reach, sorted."""
    declared: int
    """Reachable (system, resource, action) triples that are declared."""
    undeclared: int
    """Reachable triples that nobody declared."""
    reach: tuple[ReachRow, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How an inventory stands under the profiles of its policy."""

    profile: Profile
    """What its policy asks for."""
    passes: Profile | None
    """The highest one under which it may launch, as under all below it; none: under none.

    Also none where people left rules out of the run: nobody can say what those would find.
    """
    judged: int
    """How many rules judged: all that the profile asks for, but those left out."""
    is_limited: bool = False
    """Whether people left rules out of the run."""
    switched_off: tuple[str, ...] = ()
    """Rules that the policy switches off, sorted."""
    lowered: tuple[str, ...] = ()
    """Rules that the policy makes less grave than they say they are, sorted."""
    not_asked: tuple[str, ...] = ()
    """Rules that the profile does not ask for, sorted."""
    left_out: tuple[str, ...] = ()
    """Rules that people left out of the run, sorted."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that was read as evidence."""

    file: str
    kind: str
    """Kind of evidence."""
    digest: str
    """`sha256:…` of its bytes."""
    system: str
    """System that it speaks of; empty where it names several or none."""


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """The answer for one inventory."""

    name: str
    root: str
    verdict: Verdict
    agents: tuple[AgentSummary, ...]
    tools: tuple[ToolRow, ...]
    findings: tuple[Finding, ...]
    """Every finding, waived ones included, in the order to work through them."""
    cells_needed: int
    """Cells that a launch cannot do without."""
    cells_stated: int
    """How many of them hold a value."""
    standing: Standing
    compared: str = ""
    """What tells known findings from new ones, in words; empty: nothing was compared."""
    set_aside: tuple[str, ...] = ()
    """What the inventory says of its own judgement and was not trusted, in words."""
    evidence: tuple[EvidenceFile, ...] = ()
    """Files read, sorted by path."""
    waivers: tuple[Waiver, ...] = ()
    """Every waiver, whether it accepts something or not, sorted by id."""
    policy: tuple[tuple[str, str], ...] = ()
    """What the policy says or leaves as it is by default: name and value, sorted."""
    gathered: Dossier | None = None
    """What `dossier` tells; none: no output asked for it."""

    @property
    def dossier(self) -> Dossier:
        """What is known of its agents, tools, systems, people and clocks, if it was gathered."""
        if self.gathered is None:
            from blastlint.dossier import Dossier  # noqa: PLC0415 -- 50 classes that few runs need

            return Dossier()
        return self.gathered


@dataclass(frozen=True, slots=True)
class RuleSummary:
    """What an output needs to know of a rule."""

    id: str
    title: str
    severity: Severity
    profile: Profile
    """The first profile that asks for it."""
    family: str
    why: str
    fix: str
    refs: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a run says; every output is made from this alone."""

    version: str
    as_of: date
    inventories: tuple[InventoryReport, ...]
    rules: tuple[RuleSummary, ...]
    """Rules that judged some inventory, sorted by id."""
    policy_digest: str
    """Digest of rules and policies that judged."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all inventories; nobody can tell when there is none."""
        return min((i.verdict for i in self.inventories), key=VERDICTS.index, default="cannot-tell")

    @property
    def passes(self) -> Profile | None:
        """The highest profile under which every inventory may launch; none: there is none."""
        passed = [inventory.standing.passes for inventory in self.inventories]
        known = [profile for profile in passed if profile is not None]
        return min(known, key=PROFILES.index) if known and len(known) == len(passed) else None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, waived ones included, in the order to work through them."""
        found = (finding for inventory in self.inventories for finding in inventory.findings)
        return tuple(sorted(found, key=lambda finding: finding.order))

    def counts(self) -> dict[str, int]:
        """Return open findings by severity, and how many are waived."""
        found = dict.fromkeys((*SEVERITIES, "waived"), 0)
        for finding in self.findings:
            found["waived" if finding.waiver else finding.severity] += 1
        return found


def settle(findings: Iterable[Weighed]) -> Verdict:
    """Return the verdict of some findings: blockers decide, nothing is averaged."""
    errors = [one for one in findings if one.severity == "error"]
    opened = [one for one in errors if one.waiver is None]
    if any(one.certainty == "certain" for one in opened):
        return "blocked"
    if opened:
        return "cannot-tell"
    return "ready-with-waivers" if errors else "ready"


def names_of(finding: Finding) -> tuple[str, ...]:
    """Return the subjects that a finding speaks for, as `KIND:ID`, its own first."""
    return (str(finding.subject), *finding.alike)


def weight(finding: Finding) -> tuple[int, int, int]:
    """Return how grave a finding is: open before accepted, by severity, certain before possible."""
    doubt = finding.certainty == "possible"
    return (int(finding.waiver is not None), SEVERITIES.index(finding.severity), int(doubt))
