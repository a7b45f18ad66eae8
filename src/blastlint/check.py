"""The pipeline, top to bottom: inventories and evidence in, a report out."""

from __future__ import annotations

from hashlib import sha256

from blastlint import reach
from blastlint.baseline import known, trusted_baseline
from blastlint.evidence import read_evidence
from blastlint.expression import Budget
from blastlint.finding import EvidenceFile, InventoryReport, Report, Standing, settle
from blastlint.folding import fold
from blastlint.inventory.loading import load
from blastlint.judge import STEPS
from blastlint.profiles import Docket
from blastlint.progress import now, through
from blastlint.rules import digest
from blastlint.selection import Selection, asked, left_out, lowered, rules_of, switched_off
from blastlint.source import InputError
from blastlint.subjects import Facts
from blastlint.summary import agent_summaries, needed_cells, rule_summaries, tool_rows
from blastlint.version import __version__
from blastlint.waivers import waiver_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from typing import TypeVar

    from blastlint.dossier import Dossier
    from blastlint.finding import Finding
    from blastlint.inventory.loading import Inventory
    from blastlint.rules import Pack, Rule
    from blastlint.source import Problem

    T = TypeVar("T")
    R = TypeVar("R")

ALL = Selection()
"""Every rule."""


def check(
    paths: Sequence[str],
    *,
    as_of: date,
    packs: Sequence[str] = (),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    gather: bool = True,
) -> Report:
    """Judge the inventories at some paths: the one function that the command line calls, too.

    Args:
        paths: folders or files; none means the current folder.
        as_of: the day of judgement, the only time there is.
        packs: folders with further rules.
        select: ids of the only rules to judge by; none means all.
        ignore: ids of rules to leave out.
        gather: whether an output tells what is known beside the findings.

    Raises:
        InputError: something cannot be read or does not fit; nothing was judged.
    """
    return report_on(load(paths), as_of, packs, Selection(select, ignore), gather=gather)


def report_on(
    inventories: Sequence[Inventory],
    as_of: date,
    packs: Sequence[Pack],
    selection: Selection,
    *,
    gather: bool = False,
) -> Report:
    """Judge inventories that are loaded.

    Raises:
        InputError: as `check`.
    """
    rules = _each(inventories, lambda inventory: rules_of(inventory, packs))
    available = {rule.id: rule for some in rules for rule in some}
    if inventories:  # where nothing is judged, nobody knows which packs would have been read
        selection.check(available)
    pairs = list(zip(inventories, rules, strict=True))
    budget = Budget(STEPS)
    reports = _each(
        through(pairs, "judging", "inventories"),
        lambda pair: judged(*pair, as_of, selection, budget, gather=gather),
    )
    asking = {r.id for i, some in pairs for r in judging(i, some, selection)}
    heard = [rule for name, rule in sorted(available.items()) if name in asking]
    digested = [rule for name, rule in sorted(available.items()) if selection.takes(name)]
    return Report(
        __version__,
        as_of,
        tuple(reports),
        rule_summaries(heard),
        _digest(digested, inventories),
    )


def _each(things: Iterable[T], do: Callable[[T], R]) -> list[R]:
    """Do one thing after the other; what is wrong with one does not hide the next one's faults."""
    done: list[R] = []
    problems: list[Problem] = []
    for thing in things:
        try:
            done.append(do(thing))
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(*dict.fromkeys(problems))
    return done


def judged(
    inventory: Inventory,
    rules: Sequence[Rule],
    as_of: date,
    selection: Selection = ALL,
    budget: Budget | None = None,
    *,
    gather: bool = False,
) -> InventoryReport:
    """Judge one inventory.

    Raises:
        InputError: its evidence cannot be read, or a rule exceeds the budget.
    """
    budget = budget or Budget(STEPS)
    facts, files = facts_of(inventory, as_of)
    docket = docket_of(facts, rules, selection, budget)
    findings = told(docket)
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
        standing=_standing(docket, rules, selection),
        compared="" if facts.baseline is None else "the baseline",
        set_aside=inventory.set_aside,
        evidence=files,
        waivers=tuple(map(waiver_of, inventory.waivers.values())),
        policy=inventory.policy.said,
        gathered=_gathered(facts) if gather else None,
    )


def _gathered(facts: Facts) -> Dossier:
    from blastlint.gathering import dossier  # noqa: PLC0415 -- only whole reports need it

    now("gathering what the report tells")
    return dossier(facts)


def _standing(docket: Docket, rules: Sequence[Rule], selection: Selection) -> Standing:
    inventory = docket.facts.inventory
    return Standing(
        profile=inventory.policy.profile,
        passes=None if selection.is_limited else docket.passes(),
        judged=len(judging(inventory, rules, selection)),
        is_limited=selection.is_limited,
        switched_off=switched_off(inventory),
        lowered=lowered(rules, inventory),
        not_asked=_ids(r for r in rules if not asked(r, inventory.policy.profile)),
        left_out=_ids(r for r in rules if not selection.takes(r.id)),
    )


def _ids(rules: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(sorted(rule.id for rule in rules))


def judging(
    inventory: Inventory, rules: Sequence[Rule], selection: Selection = ALL
) -> tuple[Rule, ...]:
    """Return the rules that judge an inventory: asked for by its profile, and not left out."""
    out, profile = left_out(rules, inventory, selection), inventory.policy.profile
    return tuple(rule for rule in rules if rule.id not in out and asked(rule, profile))


def facts_of(inventory: Inventory, as_of: date) -> tuple[Facts, tuple[EvidenceFile, ...]]:
    """Return what is known of an inventory, and the evidence read.

    Raises:
        InputError: its evidence or its baseline cannot be read.
    """
    granted, files = read_evidence(inventory)
    now("working out what agents reach")
    facts = Facts(inventory, granted, reach.build(inventory, granted), as_of)
    facts.baseline = trusted_baseline(inventory.root, inventory.authority.root)
    return facts, tuple(EvidenceFile(*file) for file in files)


def docket_of(facts: Facts, rules: Sequence[Rule], selection: Selection, budget: Budget) -> Docket:
    """Judge an inventory by the rules of every profile.

    Raises:
        InputError: a rule exceeds the budget.
    """
    out = left_out(rules, facts.inventory, selection)
    return Docket(facts, [rule for rule in rules if rule.id not in out], out, budget)


def told(docket: Docket) -> tuple[Finding, ...]:
    """Return what the profile of an inventory's policy finds, in the order to work through it."""
    facts = docket.facts
    findings = fold(docket.findings(facts.inventory.policy.profile))
    return tuple(sorted(known(findings, facts.baseline or ()), key=lambda finding: finding.order))


def _digest(rules: Sequence[Rule], inventories: Sequence[Inventory]) -> str:
    """Return the digest of the rules and policies that judge."""
    policies = (inventory.policy.text for inventory in inventories)
    return f"sha256:{sha256(chr(10).join([digest(rules), *policies]).encode()).hexdigest()}"
