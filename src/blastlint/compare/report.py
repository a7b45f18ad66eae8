"""A comparison as a report of what is new: every format that shows findings can show it."""

from __future__ import annotations

import posixpath

from blastlint.compare.reach import UNDECLARED, path_name
from blastlint.finding import Finding, RuleSummary, names_of, settle
from blastlint.inventory.discovery import ROOT_FILE
from blastlint.source import WHOLE_FILE, Location
from blastlint.subjects import SubjectId
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.compare import Change, Comparison, EvidenceChange
    from blastlint.finding import InventoryReport, Report

WIDENED = RuleSummary(
    id="reach-widened",
    title="A change lets an agent do more than before",
    severity="error",
    profile="pilot",
    family="reach",
    why=(
        "Whoever reviews a change sees the lines that it touches, not what they open. What an "
        "agent newly reaches is decided here, while somebody still looks at it."
    ),
    fix=(
        "Take the grant back, or declare what it opens (`requires` of a tool, `also_reaches` of "
        "the credential), so that a reviewer agrees to it."
    ),
    refs=("OWASP AISVS 1.0 C9.3.3", "NIST SP 800-53 r5 CM-3 Configuration Change Control"),
    tags=(
        "owasp-asi/ASI03",
        "owasp-llm/LLM06",
        "aisvs/9.3.3",
        "nist-800-53/AC-6",
        "nist-800-53/CM-3",
    ),
)
"""What outputs say of reach that widened: it is found by comparing, not by a rule of a pack."""

BLINDED = RuleSummary(
    id="evidence-lost",
    title="A change takes away what shows an agent's reach",
    severity="error",
    profile="pilot",
    family="reach",
    why=(
        "Without its evidence a credential seems to open less than before. Nothing became smaller: "
        "nobody sees it any more."
    ),
    fix="Put the evidence back, or let somebody agree that this system is judged without it.",
    refs=("NIST SP 800-53 r5 CM-3 Configuration Change Control",),
    tags=("nist-800-53/CM-3",),
)
GONE = RuleSummary(
    id="inventory-gone",
    title="A change takes away a whole inventory",
    severity="error",
    profile="pilot",
    family="reach",
    why="What stands in no inventory is judged by nobody, and may go on running all the same.",
    fix="Put the inventory back, or let somebody agree that its agents run no more.",
    refs=("NIST SP 800-53 r5 CM-3 Configuration Change Control",),
    tags=("nist-800-53/CM-3",),
)
"""What outputs say where a change leaves less to look at: it is found by comparing, too."""

_NEWS = {
    "system": "can now {what}, a system out of its reach until now",
    "resource": "can now {what}",
    "effect": "can now {what}",
    "action": "can now {what}",
    "declaration": "can {what} as before, and nobody declares it any more",
    "gate": "can now {what} without a person's consent",
    "latency": "can now {what} by its tools as they are",
    "certainty": "can now {what} for sure",
    "path": "can now {what} in a further way",
}
LISTED = 4
"""Actions and resources that a sentence names."""


def as_report(comparison: Comparison) -> Report:
    """Return the head report with what is new alone: reach that widened, and new findings."""
    told = _told(comparison)
    inventories = [
        _only_new(inventory, comparison, told) for inventory in comparison.head.inventories
    ]
    for inventory in comparison.base.inventories:
        if inventory.name in comparison.removed:
            findings = (_gone(inventory),)
            empty = replace(inventory, agents=(), tools=(), evidence=(), waivers=(), policy=())
            inventories.append(replace(empty, findings=findings, verdict=settle(findings)))
    rules = {rule.id: rule for rule in (*comparison.head.rules, WIDENED, BLINDED, GONE)}
    ordered = tuple(rules[name] for name in sorted(rules))
    return replace(comparison.head, inventories=tuple(inventories), rules=ordered)


def stops(comparison: Comparison) -> tuple[Finding, ...]:
    """Return why a comparison fails whatever is found: what widened, and what cannot be seen."""
    gone = (i for i in comparison.base.inventories if i.name in comparison.removed)
    blind = (
        _blinded(change, inventory)
        for inventory in comparison.head.inventories
        for change in comparison.evidence
        if change.blind and change.inventory == inventory.name
    )
    return (*map(finding_of, comparison.open), *blind, *map(_gone, gone))


def _blinded(change: EvidenceChange, inventory: InventoryReport) -> Finding:
    files = ", ".join(change.files) or "a file"
    return Finding(
        rule=BLINDED.id,
        title=BLINDED.title,
        severity="error",
        certainty="certain",
        message=f"{change.kind} of {change.system or change.inventory} is no longer read: {files}",
        subject=SubjectId("evidence", f"{change.kind}@{change.system}"),
        agents=(),
        location=_root_file(inventory),
        fix=BLINDED.fix,
    )


def _gone(inventory: InventoryReport) -> Finding:
    agents = _listed(tuple(agent.id for agent in inventory.agents)) or "no agent"
    return Finding(
        rule=GONE.id,
        title=GONE.title,
        severity="error",
        certainty="certain",
        message=f"{inventory.name} is gone, so nobody judges its agents any more: {agents}",
        subject=SubjectId("inventory", inventory.name),
        agents=tuple(agent.id for agent in inventory.agents),
        location=_root_file(inventory),
        fix=GONE.fix,
    )


def _root_file(inventory: InventoryReport) -> Location:
    return Location(posixpath.normpath(posixpath.join(inventory.root, ROOT_FILE)), WHOLE_FILE)


def news(comparison: Comparison) -> tuple[Finding, ...]:
    """Return the new findings that say something beside what widened."""
    told = _told(comparison)
    return tuple(finding for finding in comparison.new if not _is_told(finding, told))


def _told(comparison: Comparison) -> set[str]:
    return {name for change in comparison.open for name in change.ids}


def _only_new(
    inventory: InventoryReport, comparison: Comparison, told: set[str]
) -> InventoryReport:
    own = {(finding.order, finding.fingerprint) for finding in inventory.findings}
    new = [f for f in comparison.new if (f.order, f.fingerprint) in own and not _is_told(f, told)]
    wider = [finding_of(c) for c in comparison.widened if c.inventory == inventory.name]
    lost = [c for c in comparison.evidence if c.blind and c.inventory == inventory.name]
    blind = [_blinded(change, inventory) for change in lost]
    findings = tuple(sorted((*wider, *blind, *new), key=lambda finding: finding.order))
    return replace(inventory, findings=findings, verdict=settle(findings))


def _is_told(finding: Finding, told: set[str]) -> bool:
    """Return whether a finding says of undeclared reach what a change says already."""
    return finding.rule == UNDECLARED and any(path_name(name) in told for name in names_of(finding))


def finding_of(change: Change) -> Finding:
    """Return what a finding says of reach that widened: an error, or a note if it is accepted."""
    return Finding(
        rule=WIDENED.id,
        title=WIDENED.title,
        severity="note" if change.accepted else "error",
        certainty="possible" if change.path.certainty == "needs-fact" else "certain",
        message=sentence(change),
        subject=SubjectId("reach", _name(change)),
        agents=change.agents,
        location=change.location or _last(change) or Location(change.inventory, WHOLE_FILE),
        fix="" if change.accepted else WIDENED.fix,
        path=change.path,
        alike=tuple(f"reach:{name}" for name in change.more),
    )


def _name(change: Change) -> str:
    scope = f"@{change.scope}" if change.scope not in {"", "*"} else ""
    agents = ",".join(change.agents)
    actions = ",".join(change.actions)
    return f"{agents}->{change.system}/{change.resource}{scope}:{actions}"


def _last(change: Change) -> Location | None:
    places = [hop.location for hop in change.path.hops if hop.location]
    return places[-1] if places else None


def sentence(change: Change) -> str:
    """Return what changed, as half a sentence: who can now do what, and who stands for it."""
    who = _listed(change.agents)
    said = _NEWS[change.kind].format(what=_what(change))
    was = f" (it was {change.was})" if change.was and change.kind != "path" else ""
    return f"{who} {said}{was}{_stand(change)}"


def _what(change: Change) -> str:
    scope = f" in {change.scope}" if change.scope not in {"", "*"} else ""
    more = f" and {len(change.more):,} resources more" if change.more else ""
    effects = f" ({', '.join(change.effects)})" if change.effects else ""
    actions = _listed(change.actions)
    return f"{actions} {change.resource}{scope} on {change.system}{more}{effects}"


def _listed(names: tuple[str, ...]) -> str:
    left = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {left:,} more" if left > 0 else "")


def _stand(change: Change) -> str:
    if change.declared or change.kind == "declaration":
        return ", as declared" if change.declared else ""
    if change.waiver:
        return f"; {change.waiver.approved_by} accepts it until {change.waiver.expires}"
    return ", which nobody declared"
