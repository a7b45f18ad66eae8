"""Says the facts of a report in words and numbers, the same in every format."""

from __future__ import annotations

from blastlint.reporters.escape import shown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from blastlint.finding import Finding, InventoryReport, Report, Standing, Waiver
    from blastlint.reach import BlastPath, Cut
    from blastlint.source import Location


ALIKE = 8
"""Names that are told, of all that a finding speaks for."""
DIGITS = 12
"""Characters of a digest that are enough to tell it from another one."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers under a verdict."""

    errors: int
    """Open findings of this severity, possible ones included."""
    warnings: int
    notes: int
    waived: int
    """Findings that a waiver accepts, of any severity."""
    possible: int
    """Open findings that rest on a fact nobody states."""
    known: int
    """Open findings that were there before, where a run asks only for what is new."""
    agents: int
    tools: int
    systems: int
    """Systems that a tool names or an agent reaches."""

    @property
    def found(self) -> int:
        """Findings of every kind."""
        return self.errors + self.warnings + self.notes + self.waived


def totals(inventories: Iterable[InventoryReport]) -> Totals:
    """Count what some inventories hold."""
    inventories = tuple(inventories)
    findings = [f for i in inventories for f in i.findings]
    opened = [f for f in findings if not f.waiver]
    severities = [f.severity for f in opened]
    return Totals(
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        notes=severities.count("note"),
        waived=len(findings) - len(opened),
        possible=sum(f.certainty == "possible" for f in opened),
        known=sum(f.known for f in opened),
        agents=sum(len(i.agents) for i in inventories),
        tools=sum(len(i.tools) for i in inventories),
        systems=len({system for i in inventories for system in systems(i)}),
    )


def systems(inventory: InventoryReport) -> set[str]:
    """Return the systems that a tool names or an agent reaches."""
    named = {tool.system for tool in inventory.tools if tool.system}
    return named.union(*(agent.systems for agent in inventory.agents))


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 error`, `3 errors`, `2 inventories`."""
    if number == 1:
        return f"1 {noun}"
    changes = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    many = f"{noun[:-1]}ies" if changes else f"{noun}s"
    return f"{number:,} {many}"


def findings_in_words(numbers: Totals) -> str:
    """Return `2 errors, 3 warnings, 0 notes (1 possible), 1 waived`, or that nothing was found."""
    if not numbers.found:
        return "nothing found"
    possible = f" ({numbers.possible:,} possible)" if numbers.possible else ""
    counted = (
        count(numbers.errors, "error"),
        count(numbers.warnings, "warning"),
        count(numbers.notes, "note") + possible,
        f"{numbers.waived:,} waived",
    )
    known = f"; {numbers.known:,} of them known before" if numbers.known else ""
    return ", ".join(counted) + known


def scope_in_words(numbers: Totals) -> str:
    """Return `1 agent, 8 tools, 6 systems`."""
    return ", ".join(
        (
            count(numbers.agents, "agent"),
            count(numbers.tools, "tool"),
            count(numbers.systems, "system"),
        )
    )


def judged_by(report: Report, inventories: Sequence[InventoryReport]) -> str:
    """Return `54 rules, as of 2026-06-02`: the rules that judged some of all inventories.

    Where it is said of all of them, the policy is named too: `…, policy 3f2a9c01b2d4`.
    """
    alone = len(inventories) == 1
    number = inventories[0].standing.judged if alone else len(report.rules)
    named = f", {policy(report)}" if len(inventories) == len(report.inventories) else ""
    return f"{count(number, 'rule')}, as of {report.as_of}{named}"


def policy(report: Report) -> str:
    """Return `policy 3f2a9c01b2d4`: the start of the digest of what judged."""
    return f"policy {shown(report.policy_digest.removeprefix('sha256:')[:DIGITS])}"


def standing_in_words(standing: Standing) -> str:
    """Return `passes pilot; production is asked for, 2 rules off`."""
    asked, passed = standing.profile, standing.passes
    if standing.is_limited:
        said = f"{asked}, judged by some of its rules only"
    elif passed == asked:
        said = f"passes {asked}"
    else:
        said = f"passes {passed or 'no profile'}; {asked} is asked for"
    off = [f"{count(len(standing.switched_off), 'rule')} off"] if standing.switched_off else []
    less = [f"{count(len(standing.lowered), 'rule')} lowered"] if standing.lowered else []
    return ", ".join([said, *off, *less])


def label(finding: Finding) -> str:
    """Return the severity with what qualifies it: `error`, `possible error`, `waived error`."""
    doubt = "possible " if finding.certainty == "possible" else ""
    waived = "waived " if finding.waiver else ""
    return f"{waived}{doubt}{finding.severity}"


def place(location: Location) -> str:
    """Return `FILE:LINE:COLUMN`."""
    return f"{location.file}:{location.span.line}:{location.span.column}"


def path_in_words(path: BlastPath) -> str:
    """Return how a path stands: certainty, directness and the people on the way."""
    how = "direct" if path.reach == "direct" else "latent: only if the tool host is compromised"
    gates = ", ".join(path.gates)
    people = f"past the human gate {gates}" if gates else "no human gate on the way"
    return f"{how}, {people}"


def certainty(finding: Finding) -> str:
    """Return what a finding's certainty rests on, or nothing when it is plain."""
    if finding.path:
        needs = "; ".join(finding.path.needs)
        return f"{finding.path.certainty}: {needs}" if needs else finding.path.certainty
    if finding.certainty == "possible":
        return "possible: the inventory does not state a fact that this rule needs"
    return ""


def cut_in_words(cut: Cut) -> str:
    """Return the cheapest change and what it achieves."""
    closed = count(cut.closes, "undeclared way")
    return f"{' and '.join(cut.remove)} (closes {closed} into a system)"


def waiver_in_words(waiver: Waiver) -> str:
    """Return until when, by whom and why a finding is accepted."""
    return f"{waiver.expires} by {waiver.approved_by}: {waiver.reason} [{place(waiver.location)}]"


def lines(finding: Finding) -> Iterator[str]:
    """Yield what is said of a finding where there is no room for frames."""
    yield finding.message
    if sure := certainty(finding):
        yield f"certainty: {sure}"
    if alike := alike_in_words(finding):
        yield f"also: {alike}"
    if finding.cut:
        yield f"cut: {cut_in_words(finding.cut)}"
    if finding.fix:
        yield f"fix: {finding.fix}"
    if finding.waiver:
        yield f"waived until {waiver_in_words(finding.waiver)}"
    if folded := folded_in_words(finding.folded):
        yield f"note: {folded}"


def asked_too(others: Sequence[Finding]) -> str:
    """Return which other things the same is asked of; `-f concise` has a line for each."""
    places = [f"{one.subject.id} (line {one.location.span.line})" for one in others[:ALIKE]]
    more = f" and {len(others) - ALIKE:,} more" if len(others) > ALIKE else ""
    return f"the same is asked of {', '.join(places)}{more}"


def alike_in_words(finding: Finding) -> str:
    """Return what else a finding speaks for, or nothing."""
    kind = f"{finding.subject.kind}:"
    own = f"{finding.subject.id.partition('->')[0]}->"
    names = [one.removeprefix(kind).removeprefix(own) for one in finding.alike]
    more = f" and {len(names) - ALIKE:,} more" if len(names) > ALIKE else ""
    return ", ".join(names[:ALIKE]) + more


def folded_in_words(rules: Collection[str]) -> str:
    """Return which rules wait for the same missing facts, or nothing."""
    names = sorted(rules)
    more = f" and {len(names) - ALIKE:,} more" if len(names) > ALIKE else ""
    waiting = count(len(names), "more rule")
    return f"{waiting} could not be judged ({', '.join(names[:ALIKE])}{more})" if names else ""
