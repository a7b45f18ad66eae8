"""The pipeline, top to bottom: inventories and evidence in, a report out."""

from __future__ import annotations

import os
from hashlib import sha256

from blastlint import reach
from blastlint.evidence import read_evidence
from blastlint.finding import InventoryReport, Report, Waiver, settle
from blastlint.inventory.loading import load
from blastlint.inventory.record import at, id_of
from blastlint.judge import judge
from blastlint.rules import digest, load_rules
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.subjects import Facts
from blastlint.summary import agent_summaries, needed_cells, rule_summaries, tool_rows
from blastlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from blastlint.finding import Finding
    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Waiver as WrittenWaiver
    from blastlint.rules import Rule


def check(
    paths: Sequence[str],
    *,
    as_of: date,
    packs: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Report:
    """Judge the inventories at some paths: the one function that the command line calls, too.

    Args:
        paths: folders or files; none means the current folder.
        as_of: the day of judgement, the only time there is.
        packs: folders with further rules.
        select: ids of the only rules to judge by; none means all.
        ignore: ids of rules to leave out.

    Raises:
        InputError: something cannot be read or does not fit; nothing was judged.
    """
    rules = chosen(load_rules(packs), select, ignore)
    inventories = load(paths)
    problems: list[Problem] = []
    reports = [_attempt(inventory, rules, as_of, problems) for inventory in inventories]
    if problems:
        raise InputError(*problems)
    judged = tuple(report for report in reports if report)
    return Report(__version__, as_of, judged, rule_summaries(rules), _digest(rules, inventories))


def _attempt(
    inventory: Inventory, rules: Sequence[Rule], as_of: date, problems: list[Problem]
) -> InventoryReport | None:
    """Judge one inventory; what is wrong with it does not hide what is wrong with the next."""
    try:
        return judged(inventory, rules, as_of)
    except InputError as error:
        problems.extend(error.problems)
        return None


def judged(inventory: Inventory, rules: Sequence[Rule], as_of: date) -> InventoryReport:
    """Judge one inventory.

    Raises:
        InputError: its evidence, or a pack that it names, cannot be read.
    """
    rules = with_packs(rules, inventory)
    granted, files = read_evidence(inventory)
    graph = reach.build(inventory, granted)
    facts = Facts(inventory, granted, graph, as_of)
    findings = judge((rule for rule in rules if rule.each != "waiver"), facts)
    findings, facts.accepted = accept(findings, inventory.waivers.values(), as_of)
    findings += judge((rule for rule in rules if rule.each == "waiver"), facts)
    findings = tuple(sorted(findings, key=lambda finding: finding.order))
    needed, stated = needed_cells(facts)
    return InventoryReport(
        name=inventory.name,
        root=inventory.directory or ".",
        verdict=settle(findings),
        agents=agent_summaries(facts, findings),
        tools=tool_rows(facts),
        findings=findings,
        cells_needed=needed,
        cells_stated=stated,
        evidence=files,
    )


def accept(
    findings: Sequence[Finding], waivers: Iterable[WrittenWaiver], as_of: date
) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """Return the findings, those accepted with their waiver, and how many each waiver matches.

    A waiver matches one rule on one subject, exactly. One that is expired accepts nothing.
    """
    by_target = {(waiver.rule, waiver.subject): waiver for waiver in waivers}
    matched: dict[str, int] = {}
    settled = []
    for finding in findings:
        waiver = by_target.get((finding.rule, str(finding.subject)))
        if waiver is not None:
            matched[id_of(waiver)] = matched.get(id_of(waiver), 0) + 1
        valid = waiver is not None and waiver.expires >= as_of
        settled.append(finding.waived_by(_waiver(waiver)) if waiver and valid else finding)
    return tuple(settled), matched


def _waiver(written: WrittenWaiver) -> Waiver:
    return Waiver(
        id_of(written),
        written.rule,
        written.subject,
        written.reason,
        written.approved_by,
        written.expires,
        at(written, key=True),
    )


def with_packs(rules: Sequence[Rule], inventory: Inventory) -> Sequence[Rule]:
    """Return the rules, with those of the packs that an inventory's policy names."""
    policy = inventory.policy
    if policy.packs:
        folders = [os.path.join(inventory.root.directory, pack) for pack in policy.packs]
        further = load_rules(folders)
        known = {rule.id for rule in load_rules()}
        rules = (*rules, *(rule for rule in further if rule.id not in known))
    unknown = [name for name in policy.rules if name not in {rule.id for rule in load_rules()} | {r.id for r in rules}]
    if unknown:
        names = [rule.id for rule in rules]
        raise InputError(
            *(
                Problem(
                    f"there is no rule '{name}'",
                    policy.at("rules", name),
                    did_you_mean(name, names) or "blastlint rules lists them",
                )
                for name in unknown
            )
        )
    return rules


def chosen(
    rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]
) -> tuple[Rule, ...]:
    """Return the rules that are asked for.

    Raises:
        InputError: a name is no rule's.
    """
    names = [rule.id for rule in rules]
    wrong = [name for name in (*select, *ignore) if name not in names]
    if wrong:
        raise InputError(*_no_such_rule(wrong, names))
    return tuple(
        rule for rule in rules if (not select or rule.id in select) and rule.id not in ignore
    )


def _no_such_rule(wrong: Iterable[str], names: Sequence[str]) -> Iterator[Problem]:
    for name in wrong:
        help_ = did_you_mean(name, names) or "blastlint rules lists them"
        yield Problem(f"there is no rule '{name}'", help=help_)


def _digest(rules: Sequence[Rule], inventories: Sequence[Inventory]) -> str:
    """Return the digest of the rules and policies that judged."""
    texts = [digest(rules), *(repr(sorted(i.policy.rules.items())) for i in inventories)]
    return f"sha256:{sha256(chr(10).join(texts).encode()).hexdigest()}"
