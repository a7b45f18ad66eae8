"""Every repair that a rule offers settles what the rule found, and breaks nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.check import ALL, docket_of, facts_of, told
from blastlint.editing import applied
from blastlint.examples import AS_OF, _completed, _write
from blastlint.expression import Budget
from blastlint.inventory.loading import load
from blastlint.judge import STEPS
from blastlint.rules import load_rules, read_rule
from blastlint.source import InputError, parse
from blastlint.values import replace

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.finding import Finding
    from blastlint.repair import Repair
    from blastlint.rulefile import Example

RULES = load_rules()
ASKED = [replace(rule, profile="pilot") for rule in RULES]
MENDED = {rule.id: rule for rule in RULES if rule.repairs}
EXAMPLES = [
    pytest.param(rule.id, example, id=f"{rule.id}-{number}")
    for rule in MENDED.values()
    for number, example in enumerate(rule.examples, start=1)
    if example.bad is not None
]


def judged(folder: Path) -> tuple[Finding, ...]:
    """Return what all rules find in a folder."""
    facts, _ = facts_of(load([str(folder)])[0], AS_OF)
    return told(docket_of(facts, ASKED, ALL, Budget(STEPS)))


def laid_out(example: Example, folder: Path) -> Path:
    """Write an example into a folder."""
    _write(str(folder), "inventory.yaml", _completed(example.bad or ""))
    for name, text in (example.files or {}).items():
        _write(str(folder), name, text)
    return folder


def make(repair: Repair) -> None:
    """Make a repair on the disk."""
    assert repair.document is not None
    assert repair.document.home is not None
    root, relative = repair.document.home
    text = applied(repair.document.text, repair.edits())
    _write(root.directory, relative, text)


def errors(findings: tuple[Finding, ...], *, sure: bool) -> set[str]:
    """Return the rules that find an error; unless only sure ones count, also those that may."""
    found = [one for one in findings if one.severity == "error"]
    if sure:
        return {one.rule for one in found if one.certainty == "certain"}
    return {one.rule for one in found}.union(*(one.folded for one in findings))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_a_repair_settles_its_finding(rule: str, example: Example, tmp_path: Path) -> None:
    """The finding is gone, the inventory can be judged, and nothing grave is new."""
    before = judged(laid_out(example, tmp_path))
    repairs = {str(one.subject): one.repair for one in before if one.rule == rule and one.repair}
    for subject, repair in repairs.items():
        laid_out(example, tmp_path)
        make(repair)
        after = judged(tmp_path)
        assert not any(one.rule == rule and str(one.subject) == subject for one in after)
        # a question says openly what its cell hid: then rules can no longer tell, and say so
        asks = isinstance(repair.value, dict)
        assert errors(after, sure=asks) <= errors(before, sure=asks)


@pytest.mark.parametrize("rule", MENDED)
def test_every_repair_has_an_example(rule: str, tmp_path: Path) -> None:
    """What a rule promises happens in one of its bad examples: each of its repairs in some."""
    offered = set()
    for number, example in enumerate(MENDED[rule].examples):
        if example.bad is not None:
            (tmp_path / str(number)).mkdir()
            found = judged(laid_out(example, tmp_path / str(number)))
            offered |= {
                (one.repair.verb, one.repair.safe)
                for one in found
                if one.rule == rule and one.repair
            }
    verbs = {"set": "put", "ask": "put", "remove": "take"}
    assert offered == {(verbs[plan.verb], plan.safe) for plan in MENDED[rule].repairs}


def test_a_safe_repair_never_makes_a_danger_quieter() -> None:
    """Safe is what takes out what accepts nothing, or writes what evidence shows; no more."""
    safe = {(rule.id, plan.verb) for rule in RULES for plan in rule.repairs if plan.safe}
    assert safe == {
        ("baseline-stale", "remove"),
        ("waiver-forbidden", "remove"),
        ("waiver-invalid", "remove"),
        ("declared-grant-not-real", "set"),
        ("declared-grant-not-real", "remove"),
        ("tool-not-inventoried", "set"),
    }


def test_nothing_is_accepted_declared_or_lowered_by_a_repair() -> None:
    """No repair adds a waiver, a known reach or a policy, and none changes a gate."""
    touched = {plan.source for rule in RULES for plan in rule.repairs if plan.verb != "remove"}
    assert not any("also_reaches" in source or "policy" in source for source in touched)
    assert not any("approval" in source or "gate" in source for source in touched)
    assert touched == {
        "cell",
        "claim.typed.actions",
        "registered_tool.namesake.registered_name",
        "tool.schema_digest",
        "waiver.expires",
    }


RULE = """\
id: a-rule
title: A rule
severity: error
family: inventory
each: tool
when: tool.write
message: "{tool.id}"
why: because
fix: do it
refs: []
tags: []
examples: []
repairs:
  - title: Do it
    safe: true
"""


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("    set: tool.effect\n", "one of 'set' with 'to', 'remove' and 'ask'"),
        ("    remove: tool\n    ask: tool.effect\n", "one of 'set' with 'to'"),
        ("    ask: tool.effect\n    to: tool.id\n", "one of 'set' with 'to'"),
        ("", "one of 'set' with 'to'"),
        ("    remove: tool.efect\n", "did you mean 'effect'"),
        ("    set: tool.effect\n    to: tool.nothing\n", "nothing"),
        ("    remove: tool\n    when: tool.effect == 3\n", "effect"),
    ],
)
def test_a_repair_that_makes_no_sense_is_refused(said: str, problem: str) -> None:
    """When the pack is loaded, at its place."""
    (document,) = parse((RULE + said).encode(), "a-rule.yaml")
    with pytest.raises(InputError, match=r"a-rule.yaml:1\d:\d+") as refused:
        read_rule(document, "a-rule.yaml")
    assert problem in str(refused.value)
