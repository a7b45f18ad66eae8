"""Runs the examples of rules: a bad one is found on its marked lines, a good one is not found."""

from __future__ import annotations

import os
from datetime import date
from tempfile import TemporaryDirectory

from blastlint.check import judged
from blastlint.inventory.loading import load
from blastlint.source import InputError, Problem
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.rulefile import Example
    from blastlint.rules import Rule
    from blastlint.source import Location

AS_OF = date(2026, 6, 2)
"""Day on which examples are judged."""
MARK = "# finding"
"""Comment at the end of a line on which an example expects a finding."""
_HEAD = "version: 1\nname: example\n"
_AGENT = "agents: {agent: {}}\n"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one example."""

    rule: str
    name: str
    """`bad-1`, `good-2`, …"""
    faults: tuple[str, ...]
    """What the example claims and does not hold, in words; none: it passed."""


def run_examples(rules: Iterable[Rule], all_rules: Sequence[Rule]) -> Iterator[Outcome]:
    """Run the examples of some rules, each with its rule alone.

    Args:
        rules: the rules whose examples are run.
        all_rules: every rule, for those that judge waivers of other rules' findings.
    """
    for rule in rules:
        others = all_rules if rule.each == "waiver" else ()
        for number, example in enumerate(rule.examples, start=1):
            kind = "good" if example.bad is None else "bad"
            yield Outcome(rule.id, f"{kind}-{number}", tuple(_faults(rule, example, others)))


def _faults(rule: Rule, example: Example, others: Sequence[Rule]) -> Iterator[str]:
    """Yield what is wrong with an example."""
    if (example.bad is None) == (example.good is None):
        yield "an example is either bad or good"
        return
    texts = {"inventory.yaml": _completed(example.bad or example.good or "")}
    texts |= example.files or {}
    expected = {place for file, text in texts.items() for place in _marked(file, text)}
    if bool(expected) != (example.bad is not None):
        yield f"a line of a bad example, and of no other, ends in '{MARK}'"
    try:
        found = dict(_findings(rule, texts, others))
    except InputError as error:
        yield from (f"cannot be judged: {problem}" for problem in error.problems)
        return
    for file, line in sorted(expected - set(found)):
        yield f"{file}:{line} is marked, and nothing is found there"
    for file, line in sorted(set(found) - expected):
        yield f"{file}:{line} is found, and not marked: {found[file, line]}"


def _completed(text: str) -> str:
    """Return an example as a root file; what it may leave out stands below, to keep its lines."""
    sections = {line.partition(":")[0] for line in text.splitlines()}
    head = "" if "version" in sections else _HEAD
    return f"{text.rstrip()}\n{head}{'' if 'agents' in sections else _AGENT}"


def _marked(file: str, text: str) -> Iterator[tuple[str, int]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.rstrip().endswith(MARK):
            yield file, number


def _findings(
    rule: Rule, texts: Mapping[str, str], others: Sequence[Rule]
) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield where a rule finds something in an example, and what."""
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            _write(folder, name, text)
        try:
            inventory = load([folder])[0]
        except InputError as error:
            if rule.each != "problem":
                raise
            yield from (_placed(p, folder) for p in error.problems if p.code == rule.id)
            return
        always = replace(rule, profile="pilot")
        rest = (other for other in others if other.id != rule.id)
        report = judged(inventory, [always, *rest], AS_OF)
        for finding in report.findings:
            if finding.rule == rule.id:
                yield _place(finding.location, folder), finding.message


def _write(folder: str, name: str, text: str) -> None:
    path = os.path.join(folder, name)
    if ".." in name.split("/"):
        raise InputError(Problem(f"the file '{name}' lies outside of the example"))
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise InputError(Problem(f"the file '{name}' cannot be written: {reason}")) from None


def _placed(problem: Problem, folder: str) -> tuple[tuple[str, int], str]:
    place = _place(problem.location, folder) if problem.location else ("", 0)
    return place, problem.message


def _place(location: Location, folder: str) -> tuple[str, int]:
    """Return file and line, the file relative to the example."""
    return os.path.relpath(location.file, folder).replace(os.sep, "/"), location.span.line
