"""Tries the examples of rules: each slip in a condition must make one of them fail.

    python benchmarks/mutants.py [--rule SLUG]… [--family NAME]… [--full | --markdown]

Each rule's `when` and `severity_if` are changed in one place at a time: a comparison is flipped or
takes its edge differently, `&&` becomes `||`, a side of either is dropped, a `!` is dropped, a
written value changes, the branches of a choice swap, `exists` becomes `all`. The rule's own
examples must notice. What they do not notice is printed, by rule. A mutant that means the same as
the condition stands in `equivalent.yaml`, as `--full` prints it, with the reason; one that stands
there and is noticed, or does not exist, is a fault, too. Exits with 1 if a mutant survives.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import yaml

from blastlint.examples import Staged
from blastlint.expression import ExpressionError, compile_expression
from blastlint.rules import load_rules
from blastlint.source import InputError
from blastlint.subjects import KINDS
from blastlint.subjects.vocabulary import environment
from blastlint.values import replace
from mutation import Mutant, mutants

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.expression import Expression
    from blastlint.rules import Rule

EQUIVALENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "equivalent.yaml")
"""Rule to mutated text to the reason why it means the same."""
WANTED = 95
"""Share of mutants, in percent, that the examples of a pack should notice."""


class Trial(NamedTuple):
    """What became of the mutants of one rule."""

    rule: str
    killed: int
    survivors: tuple[tuple[str, Mutant], ...]
    """Where in the rule, and what."""
    equivalent: int
    """Survivors that mean the same."""
    needless: tuple[str, ...]
    """Texts that are listed as meaning the same, and are no survivors."""


def trial(rule: Rule, rules: Sequence[Rule], same: Mapping[str, str]) -> Trial:
    """Run the examples of a rule on all its mutants."""
    staged = [Staged(rule, example, rules) for example in rule.examples]
    killed, survivors = 0, []
    for where, mutant, changed in variants(rule):
        if _noticed(changed, staged):
            killed += 1
        else:
            survivors.append((where, mutant))
    texts = {mutant.text for _, mutant in survivors}
    open_ = tuple(found for found in survivors if found[1].text not in same)
    needless = tuple(text for text in same if text not in texts)
    return Trial(rule.id, killed, open_, len(survivors) - len(open_), needless)


def variants(rule: Rule) -> Iterator[tuple[str, Mutant, Rule]]:
    """Yield the mutants of a rule: where, what, and the rule that has it.

    What is wrong with the input is found while it is read; such a rule's condition never runs.
    """
    if rule.each == "problem":
        return
    for mutant, condition in _compiled(rule, rule.when):
        yield "when", mutant, replace(rule, judgement=rule.judgement.instead(when=condition))
    for index, (severity, expression) in enumerate(rule.speech.severity_if):
        for mutant, condition in _compiled(rule, expression):
            said = list(rule.speech.severity_if)
            said[index] = (severity, condition)
            speech = replace(rule.speech, severity_if=tuple(said))
            changed = replace(rule, judgement=rule.judgement.instead(speech=speech))
            yield f"severity_if {severity}", mutant, changed


def _compiled(rule: Rule, expression: Expression) -> Iterator[tuple[Mutant, Expression]]:
    names = environment(rule.each, KINDS[rule.each].record)
    for mutant in mutants(expression.source, names):
        try:
            yield mutant, compile_expression(mutant.text, names)
        except ExpressionError:
            continue  # it makes no sense, and nobody could load it


def _noticed(rule: Rule, staged: Sequence[Staged]) -> bool:
    """Return whether some example fails."""
    try:
        return any(next(example.faults(rule), None) is not None for example in staged)
    except InputError:
        return True


def equivalents(rules: Sequence[Rule]) -> Mapping[str, Mapping[str, str]]:
    """Return the mutants that mean the same: rule, text, reason.

    Raises:
        SystemExit: a rule does not exist, or a reason is missing.
    """
    with open(EQUIVALENT, encoding="utf-8") as file:
        said: dict[str, dict[str, str]] = yaml.safe_load(file) or {}
    wrong = [name for name in said if name not in {rule.id for rule in rules}]
    wrong += [text for same in said.values() for text, why in same.items() if not why]
    if wrong:
        raise SystemExit(f"equivalent.yaml: no such rule, or no reason: {', '.join(wrong)}")
    return said


def told(done: Sequence[Trial], *, full: bool) -> Iterator[str]:
    """Yield the survivors by rule, and the share of mutants that were noticed."""
    for one in done:
        total = one.killed + len(one.survivors)
        if one.survivors or one.needless:
            yield f"{one.rule}: {one.killed} of {total} noticed"
        for where, mutant in one.survivors:
            yield f"  {where}: {mutant.text if full else mutant.slip}"
        for text in one.needless:
            yield f"  equivalent.yaml lists what is no survivor: {text}"
    yield f"{counted(done)} ({WANTED} % wanted)"


def counted(done: Sequence[Trial]) -> str:
    """Return how many mutants there are, and the share that was noticed."""
    killed = sum(one.killed for one in done)
    total = killed + sum(len(one.survivors) for one in done)
    same = sum(one.equivalent for one in done)
    return (
        f"{len(done)} rules, {total:,} mutants, {killed:,} noticed: {noticed(done):.1f} %; "
        f"{same} more mean the same"
    )


def noticed(done: Sequence[Trial]) -> float:
    """Return the share of mutants that was noticed, in percent."""
    killed = sum(one.killed for one in done)
    total = killed + sum(len(one.survivors) for one in done)
    return 100 * killed / total if total else 100.0


def page(done: Sequence[Trial]) -> Iterator[str]:
    """Yield the lines of the page that names the survivors."""
    yield "# Slips that the examples of rules do not notice"
    yield ""
    yield "Written by `python benchmarks/mutants.py --markdown`; what a slip is stands in its first"
    yield "lines, and what means the same as its condition in `equivalent.yaml`."
    yield ""
    yield f"{counted(done)}."
    for one in done:
        if one.survivors:
            yield f"\n## {one.rule}\n"
        for where, mutant in one.survivors:
            yield f"- {where}: `{mutant.slip}`"


def main(arguments: Sequence[str]) -> int:
    """Try the rules that are named, or all; return 1 if a mutant survives."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rule", action="append", default=[], metavar="SLUG")
    parser.add_argument("--family", action="append", default=[], metavar="NAME")
    parser.add_argument("--full", action="store_true", help="print whole conditions")
    parser.add_argument("--markdown", action="store_true", help="print the page of survivors")
    options = parser.parse_args(arguments)
    rules = load_rules()
    known = {rule.id for rule in rules} | {rule.family for rule in rules}
    if unknown := {*options.rule, *options.family} - known:
        raise SystemExit(f"there is no rule or family called {', '.join(sorted(unknown))}")
    chosen = [r for r in rules if r.id in options.rule or r.family in options.family]
    same = equivalents(rules)
    everything = not (options.rule or options.family)
    done = [trial(rule, rules, same.get(rule.id, {})) for rule in (rules if everything else chosen)]
    print("\n".join(page(done) if options.markdown else told(done, full=options.full)))
    return int(any(one.survivors or one.needless for one in done))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
