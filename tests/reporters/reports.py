"""Reports built by hand, for the tests of every format."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from blastlint.finding import (
    AgentSummary,
    EvidenceFile,
    Finding,
    InventoryReport,
    ReachRow,
    Report,
    RuleSummary,
    Standing,
    ToolRow,
    Waiver,
    settle,
)
from blastlint.reach import BlastPath, Cut, Hop
from blastlint.source import Location, Span
from blastlint.subjects import SubjectId
from blastlint.values import replace
from reporters.dossiers import filled

if TYPE_CHECKING:
    from blastlint.finding import Verdict
    from blastlint.rules import Profile

AS_OF = date(2026, 6, 2)
HOME = "inventories/refund-agent/"


def place(file: str, line: int, text: str, marked: str = "", note: str = "") -> Location:
    """Return the place of some text in a line of a file."""
    marked = marked or text.strip()
    column = text.index(marked) + 1
    return Location(
        HOME + file, Span(line, column, line, column + len(marked)), note=note, text=text
    )


TOOL = place("inventory.yaml", 14, "  stripe.refund.create:", "stripe.refund.create")
AGENTS = place("inventory.yaml", 15, "    agents: [refund-agent]", "refund-agent")
CREDENTIAL = place("inventory.yaml", 18, "    credential: stripe-rk", "stripe-rk")
GRANTS = place(
    "credentials.yaml",
    9,
    "    grants: [{system: stripe, resources: [refunds, charges, payouts], actions: [create]}]",
    "payouts",
)
WEBHOOK = place(
    "systems/stripe.yaml",
    6,
    "    propagates: [{on: [payouts], to: ledger, effect: append}]",
    "ledger",
)
RETRY = place("inventory.yaml", 31, "    retry: {attempts: 10}", "attempts: 10", "10 attempts here")
QUEUE = place("inventory.yaml", 44, "    redelivery: 9", "redelivery: 9", "9 redeliveries here")
SYSTEM = place("systems/crm.yaml", 3, "  crm:", "crm")

HOPS = (
    Hop(
        "agent refund-agent",
        "tool stripe.refund.create",
        "binds",
        "refund-agent may call stripe.refund.create",
        AGENTS,
        "proven",
    ),
    Hop(
        "tool stripe.refund.create",
        "credential stripe-rk",
        "uses",
        "stripe.refund.create acts as stripe-rk",
        CREDENTIAL,
        "proven",
    ),
    Hop(
        "credential stripe-rk",
        "stripe payouts",
        "grants",
        "stripe-rk may create payouts on stripe",
        GRANTS,
        "proven",
    ),
    Hop(
        "stripe payouts",
        "ledger entries",
        "propagates",
        "a payout on stripe appends to ledger",
        WEBHOOK,
        "conditional",
    ),
    Hop(
        "ledger entries",
        "everyone signed in",
        "becomes",
        "whoever signs in is in the group everyone",
        None,
        "needs-fact",
    ),
)
PATH = BlastPath(
    "refund-agent",
    "needs-fact",
    "latent",
    (),
    HOPS,
    needs=("whether the ledger webhook is enabled",),
)
GATED = BlastPath("refund-agent", "proven", "direct", ("refund-over-50",), HOPS[:3])
WAIVER = Waiver(
    "crm-owner",
    "missing-on-call",
    "system:crm",
    "the CRM team joins the rotation in July",
    "dana@example.com",
    date(2026, 7, 15),
    place("waivers.yaml", 3, "  crm-owner:", "crm-owner"),
)

UNDECLARED = Finding(
    "undeclared-blast-path",
    "An agent reaches what nobody declared",
    "error",
    "certain",
    "refund-agent can create payouts on stripe, and nobody declared it",
    SubjectId("path", "refund-agent→stripe:payouts"),
    ("refund-agent",),
    replace(GRANTS, note="this grant"),
    "take payouts out of the key's grants, or declare it in the tool's requires",
    related=(replace(TOOL, note="needs only refunds"),),
    path=PATH,
    cut=Cut(("take payouts out of stripe-rk's grants",), 3),
)
REPEATED = Finding(
    "nonidempotent-write-without-key",
    "A write that is retried has no idempotency key",
    "error",
    "certain",
    "stripe.refund.create can happen 90 times for one intent: 90 attempts, no key",
    SubjectId("tool", "stripe.refund.create"),
    ("refund-agent",),
    TOOL,
    "send an Idempotency-Key made from the refund request's id",
    related=(RETRY, QUEUE),
)
UNSTATED = Finding(
    "missing-reversibility",
    "A write does not say whether it can be undone",
    "error",
    "possible",
    "crm.contact.update does not say whether it can be undone",
    SubjectId("tool", "crm.contact.update"),
    ("refund-agent",),
    replace(TOOL, span=Span(52, 3, 52, 23)),
    "state reversibility.class",
    folded=("irreversible-without-approval", "undo-never-drilled", "undo-window-unwatched"),
)
STALE = Finding(
    "drill-too-old",
    "The undo was last drilled too long ago",
    "warning",
    "certain",
    "the undo of stripe.refund.create was last drilled 214 days ago; 90d is the limit",
    SubjectId("tool", "stripe.refund.create"),
    ("refund-agent",),
    place("inventory.yaml", 40, "      drilled_at: 2025-10-31", "2025-10-31"),
    "drill it and record the day",
)
SMALL = Finding(
    "ungated-read",
    "A read of personal data has no gate",
    "note",
    "certain",
    "crm.contact.read returns personal data to refund-agent with no gate",
    SubjectId("tool", "crm.contact.read"),
    ("refund-agent",),
    place("inventory.yaml", 60, "  crm.contact.read:", "crm.contact.read"),
    "",
)
WAIVED = Finding(
    "missing-on-call",
    "A system has nobody to page",
    "error",
    "certain",
    "crm has no on-call rotation",
    SubjectId("system", "crm"),
    ("refund-agent",),
    SYSTEM,
    "name the rotation that is paged for crm",
    waiver=WAIVER,
)
FINDINGS = tuple(
    sorted((UNDECLARED, REPEATED, UNSTATED, STALE, SMALL, WAIVED), key=lambda f: f.order)
)

REACH = (
    ReachRow(
        system="crm",
        scope="*",
        resource="contacts",
        actions=("read",),
        effects=("read",),
        certainty="proven",
        declared=True,
        reach="direct",
        through=("crm-oauth",),
        path=GATED,
    ),
    ReachRow(
        system="stripe",
        scope="*",
        resource="payouts",
        actions=("create",),
        effects=("spend",),
        certainty="needs-fact",
        declared=False,
        reach="latent",
        through=("stripe-rk",),
        path=PATH,
    ),
    ReachRow(
        system="stripe",
        scope="*",
        resource="refunds",
        actions=("create", "read"),
        effects=("read", "spend"),
        certainty="proven",
        declared=True,
        reach="direct",
        through=("stripe-rk",),
        path=GATED,
    ),
)
TOOLS = (
    ToolRow(
        "crm.contact.read", ("refund-agent",), "crm", "read", "one", "T2", "support-ops", "",
        "crm-oauth", "read-only", "", "", "crm-access", 1, 1,
    ),
    ToolRow(
        "stripe.refund.create", ("refund-agent",), "stripe", "spend", "one", "T3", "payments",
        "payments-oncall", "stripe-rk", "irreversible", "", "refund-over-50", "stripe-events",
        90, None,
    ),
)  # fmt: skip


def rule(finding: Finding, *tags: str) -> RuleSummary:
    """Return the rule behind a finding."""
    return RuleSummary(
        finding.rule,
        finding.title,
        finding.severity,
        "pilot",
        "reach",
        f"{finding.title}, and the first hour of an incident goes into finding that out.",
        finding.fix or "Put a gate in front of it.",
        ("https://example.org/why", "Agentic AI threats, section 3"),
        tags,
    )


RULES = tuple(
    sorted(
        (
            rule(UNDECLARED, "owasp-asi/ASI03", "external/cwe/cwe-250", "external/cwe/cwe-269"),
            rule(REPEATED, "owasp-asi/ASI08", "external/cwe/cwe-837"),
            rule(UNSTATED),
            rule(STALE, "nist-800-53/CP-10"),
            rule(SMALL),
            rule(WAIVED),
        ),
        key=lambda r: r.id,
    )
)


def inventory(
    name: str = "refund-agent", findings: tuple[Finding, ...] = FINDINGS
) -> InventoryReport:
    """Return an inventory's answer with some findings."""
    verdict = settle(findings)
    agent = AgentSummary(
        "refund-agent", verdict, "T3", "support-ai", ("crm", "ledger", "stripe"), 3, 1, REACH
    )
    return InventoryReport(
        name,
        f"inventories/{name}",
        verdict,
        (agent,),
        TOOLS,
        findings,
        40,
        37,
        Standing("production", _passes(verdict), 6, switched_off=("self-merge",)),
        evidence=(
            EvidenceFile(
                "inventories/refund-agent/evidence/rbac.yaml",
                "kubernetes-rbac",
                "sha256:" + "5c" * 32,
                "k8s-support",
            ),
        ),
        waivers=tuple(finding.waiver for finding in findings if finding.waiver),
        policy=(
            ("max_attempts", "10"),
            ("profile", "production"),
            ("rules.retry-amplification", "off"),
        ),
        gathered=filled(),
    )


def _passes(verdict: Verdict) -> Profile:
    """Return what an inventory passes: the pilot before the launch, everything after it."""
    return "pilot" if verdict in {"blocked", "cannot-tell"} else "regulated"


def refund_report() -> Report:
    """Return the report of an agent that may not launch."""
    return Report("0.1.0", AS_OF, (inventory(),), RULES, "sha256:" + "ab" * 32)


def clean_report() -> Report:
    """Return the report of an agent that may launch, with nothing found."""
    clean = replace(inventory("clean-support", ()), cells_stated=40)
    return Report("0.1.0", AS_OF, (clean,), RULES, "sha256:" + "ab" * 32)


def waived_report() -> Report:
    """Return the report of an agent that may launch because a finding is accepted."""
    return replace(refund_report(), inventories=(inventory("accepted", (WAIVED,)),))


def two_report() -> Report:
    """Return one report of two inventories."""
    return replace(
        refund_report(), inventories=(*clean_report().inventories, *refund_report().inventories)
    )


HOSTILE = (
    "::error file=x::pwned",
    "##[error]pwned ##vso[task.setvariable]x",
    "a\r\n::set-output name=x::y",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\ \x9b31m",
    "admin\u202egnp.exe\u2066 \u200bzero",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "{{ 7*7 }}{% raw %}{# c #}",
    "| a | b |\n|---|---|\n`````` @octocat #123 GH-12 ![x](https://evil.example/x.png)",
    "</code></details><h1>GO</h1><!-- ",
    "[click](javascript:alert(1)) https://evil.example www.evil.example <https://evil.example>",
    "## ready\n- [x] done\n1. one\n> quote\n***\n$x$ :tada: ~~no~~ \\| \\",
    "]]>{0}[1](1) \\[x\\]",
    "\ud800 lone surrogate \U0001f469\u200d\U0001f4bb 漢字 é\u0301",
    "../../etc/passwd",
    "x" * 5_000,
    "",
)
"""Text that somebody could put into an inventory to make an output misbehave."""


def poisoned(report: Report, text: str) -> Report:
    """Return a report with every free text in it replaced."""
    changed: Report = _poisoned(report, text, "")
    return changed


def _poisoned(value: Any, text: str, field: str) -> Any:  # noqa: ANN401 - walks values of any type
    if isinstance(value, str):
        return value if field in CHOSEN else text
    if isinstance(value, tuple):
        return tuple(_poisoned(part, text, field) for part in value)
    names = getattr(type(value), "__match_args__", ())
    if not names or isinstance(value, Span):
        return value
    return replace(value, **{name: _poisoned(getattr(value, name), text, name) for name in names})


CHOSEN = frozenset(
    {"severity", "certainty", "verdict", "tier", "reach", "tags", "profile", "passes"}
)
"""Fields that hold one of a few words of ours, or (tags) what only a rule pack says."""
