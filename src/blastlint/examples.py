"""Runs the examples of rules: a bad one is found on its marked lines, a good one is not found."""

from __future__ import annotations

import os
from datetime import date
from shutil import rmtree
from tempfile import gettempdir

from blastlint.check import ALL, docket_of, facts_of, told
from blastlint.expression import Budget
from blastlint.interruption import done_with, undo_with
from blastlint.inventory.loading import load
from blastlint.judge import STEPS
from blastlint.profiles import LATE
from blastlint.progress import through
from blastlint.rules import SEVERITIES
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from blastlint.rulefile import Example
    from blastlint.rules import Rule
    from blastlint.source import Location
    from blastlint.subjects import Facts

AS_OF = date(2026, 6, 2)
"""Day on which examples are judged."""
MARK = "# finding"
"""Comment at the end of a line on which an example expects a finding.

After a colon it may say how grave and how sure the finding is: `# finding: warning`,
`# finding: possible error`.
"""
KNOWN = (*SEVERITIES, "certain", "possible")
"""Words that a mark may add."""
CERTAIN_ERROR = frozenset({"error", "certain"})
"""How a problem of the input counts."""
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


Line = tuple[str, int]
"""File, relative to the example, and line."""


class _Folder:
    """A folder that is there for a while; a context manager."""

    def __init__(self) -> None:
        self._name = os.path.join(gettempdir(), f"blastlint-{os.urandom(8).hex()}")

    def __enter__(self) -> str:
        undo_with(self._remove)
        os.mkdir(self._name, 0o700)
        return self._name

    def __exit__(self, *_: object) -> None:
        self._remove()
        done_with(self._remove)

    def _remove(self) -> None:
        rmtree(self._name, ignore_errors=True)


class Staged:
    """An example, read once: a rule can be run on it, and so can variants of the rule."""

    def __init__(self, rule: Rule, example: Example, all_rules: Sequence[Rule]) -> None:
        """Read an example of a rule.

        Args:
            rule: the rule.
            example: one of its examples.
            all_rules: every rule, for those that judge exceptions from other rules.

        Raises:
            InputError: the example cannot be read.
        """
        texts = {"inventory.yaml": _completed(example.bad or example.good or "")}
        texts |= example.files or {}
        self.is_bad = example.bad is not None
        self.claims = {line: said for f, text in texts.items() for line, said in _marked(f, text)}
        others = all_rules if rule.each in LATE else ()
        self._others = tuple(other for other in others if other.id != rule.id)
        with _Folder() as folder:
            self._folder = folder
            for name, text in texts.items():
                _write(folder, name, text)
            self._read(rule, folder)

    def _read(self, rule: Rule, folder: str) -> None:
        self._facts: Facts | None = None
        self._problems: dict[Line, tuple[str, frozenset[str]]] = {}
        try:
            self._facts = facts_of(load([folder])[0], AS_OF)[0]
        except InputError as error:
            if rule.each != "problem":
                raise
            found = (p for p in error.problems if p.code == rule.id)
            self._problems = {self._line(p.location): (p.message, CERTAIN_ERROR) for p in found}

    def faults(self, rule: Rule) -> Iterator[str]:
        """Yield what the example claims and does not hold when it is judged by the rule.

        Raises:
            InputError: the rule exceeds its budget.
        """
        if bool(self.claims) != self.is_bad:
            yield f"a line of a bad example, and of no other, ends in '{MARK}'"
        found = self._found(rule)
        for file, line in sorted(self.claims.keys() - found.keys()):
            yield f"{file}:{line} is marked, and nothing is found there"
        for file, line in sorted(found.keys() - self.claims.keys()):
            yield f"{file}:{line} is found, and not marked: {found[file, line][0]}"
        for place in sorted(self.claims.keys() & found.keys()):
            yield from _untrue(place, self.claims[place], found[place][1])

    def _found(self, rule: Rule) -> dict[Line, tuple[str, frozenset[str]]]:
        """Return where the rule speaks: the message, and how grave and how sure it is."""
        if self._facts is None:
            return self._problems
        rules = [replace(rule, profile="pilot"), *self._others]
        findings = told(docket_of(self._facts, rules, ALL, Budget(STEPS)))
        own = [finding for finding in findings if finding.rule == rule.id]
        return {
            self._line(f.location): (f.message, frozenset({f.severity, f.certainty})) for f in own
        }

    def _line(self, location: Location | None) -> Line:
        if location is None:
            return "", 0
        file = os.path.relpath(location.file, self._folder).replace(os.sep, "/")
        return file, location.span.line


def run_examples(rules: Sequence[Rule], all_rules: Sequence[Rule]) -> Iterator[Outcome]:
    """Run the examples of some rules, each with its rule alone.

    Args:
        rules: the rules whose examples are run.
        all_rules: every rule, for those that judge exceptions from other rules.
    """
    for rule in through(rules, "trying", "rules"):
        for number, example in enumerate(rule.examples, start=1):
            kind = "good" if example.bad is None else "bad"
            yield Outcome(rule.id, f"{kind}-{number}", tuple(_faults(rule, example, all_rules)))


def _faults(rule: Rule, example: Example, all_rules: Sequence[Rule]) -> Iterator[str]:
    """Yield what is wrong with an example."""
    if (example.bad is None) == (example.good is None):
        yield "an example is either bad or good"
        return
    try:
        yield from Staged(rule, example, all_rules).faults(rule)
    except InputError as error:
        yield from (f"cannot be judged: {problem}" for problem in error.problems)


def _untrue(place: Line, said: Collection[str], found: Collection[str]) -> Iterator[str]:
    """Yield the words of a mark that do not fit what is found on its line."""
    for word in said:
        if word not in KNOWN:
            hint = did_you_mean(word, KNOWN) or f"a mark can say {', '.join(KNOWN)}"
            yield f"{place[0]}:{place[1]} is marked '{word}': {hint}"
        elif word not in found:
            yield f"{place[0]}:{place[1]} is marked '{word}', and is {', '.join(sorted(found))}"


def _completed(text: str) -> str:
    """Return an example as a root file; what it may leave out stands below, to keep its lines."""
    sections = {line.partition(":")[0] for line in text.splitlines()}
    head = "" if "version" in sections else _HEAD
    return f"{text.rstrip()}\n{head}{'' if 'agents' in sections else _AGENT}"


def _marked(file: str, text: str) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """Yield the marked lines of a file, and what else each mark says: `# finding: error`."""
    for number, line in enumerate(text.splitlines(), start=1):
        _, mark, said = line.rpartition(MARK)
        if mark and (not said.strip() or said.lstrip().startswith(":")):
            yield (file, number), tuple(said.replace(":", " ").replace(",", " ").split())


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
