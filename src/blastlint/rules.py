"""Rules are data: one YAML file each, read when its pack is loaded, type-checked and compiled.

A pack of somebody's own is compiled at once, so that every fault in it is told. The built-in rules,
which tests compile, are compiled as they come to judge: a fault in one still stops the run.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256

from blastlint.compiling import Compiler
from blastlint.data import rules_directory
from blastlint.inventory.reading import read_as
from blastlint.inventory.shape import ROOT, shape
from blastlint.repair import plans
from blastlint.source import InputError, Problem, Root, did_you_mean, read
from blastlint.source import shown as quoted
from blastlint.subjects import KINDS
from blastlint.subjects.vocabulary import environment
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Literal

    from blastlint.compiling import CellPath
    from blastlint.expression import Expression, Template
    from blastlint.repair import Plan
    from blastlint.rulefile import Example, RuleFile
    from blastlint.source import Document

    Pack = str | tuple[Root, str]
    """A folder with rule files; or a root, and a folder in it."""
    Severity = Literal["error", "warning", "note"]
    Profile = Literal["pilot", "production", "regulated"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""Worst first."""

PROFILES: tuple[Profile, ...] = ("pilot", "production", "regulated")
"""What a policy can ask for: each asks for what the one before it does, and more."""


@dataclass(frozen=True, slots=True)
class RelatedPlace:
    """A further place of a finding."""

    at: CellPath
    note: Template


@dataclass(frozen=True, slots=True)
class Speech:
    """What a rule says of what it finds."""

    message: Template
    at: CellPath | None
    related: tuple[RelatedPlace, ...]
    severity_if: tuple[tuple[Severity, Expression], ...]
    """Severities with the conditions under which they replace the rule's own, worst first."""


class Judgement:
    """What a rule asks, and what it says then; each is compiled when it is first needed."""

    __slots__ = ("_compiler", "_repairs", "_speech", "_when")

    def __init__(self, compiler: _Compiler) -> None:
        self._compiler = compiler
        self._when: Expression | None = None
        self._speech: Speech | None = None
        self._repairs: tuple[Plan, ...] | None = None

    @property
    def when(self) -> Expression:
        """The condition."""
        if self._when is None:
            self._when = self._compiler.when()
        return self._when

    @property
    def speech(self) -> Speech:
        """What it says."""
        if self._speech is None:
            self._speech = self._compiler.speech()
        return self._speech

    @property
    def repairs(self) -> tuple[Plan, ...]:
        """The changes of files that would settle it."""
        if self._repairs is None:
            self._repairs = self._compiler.repairs()
        return self._repairs

    def instead(self, *, when: Expression | None = None, speech: Speech | None = None) -> Judgement:
        """Return one that asks or says something else: what would the examples notice?"""
        other = Judgement(self._compiler)
        other._when, other._speech = when or self.when, speech or self.speech
        return other

    def check(self) -> None:
        """Compile everything.

        Raises:
            InputError: something is wrong; with every problem of the rule.
        """
        problems: list[Problem] = []
        for part in ("when", "speech", "repairs"):
            try:
                getattr(self, part)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(*problems)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, ready to judge."""

    id: str
    title: str
    severity: Severity
    severity_in: Mapping[Profile, Severity]
    """Profile to the severity that replaces it, and what conditions say of it."""
    profile: Profile
    """The first profile that asks for it."""
    waivable: bool
    """Whether a waiver can accept its findings."""
    family: str
    each: str
    judgement: Judgement
    why: str
    fix: str
    refs: tuple[str, ...]
    tags: tuple[str, ...]
    examples: tuple[Example, ...]
    document: Document
    """The file it was read from."""

    @property
    def when(self) -> Expression:
        """The condition under which it speaks."""
        return self.judgement.when

    @property
    def speech(self) -> Speech:
        """What it says then."""
        return self.judgement.speech

    @property
    def repairs(self) -> tuple[Plan, ...]:
        """The changes of files that would settle it; the first whose condition holds counts."""
        return self.judgement.repairs


def load_rules(packs: Sequence[Pack] = ()) -> tuple[Rule, ...]:
    """Return the built-in rules and those of further packs, sorted by id.

    Args:
        packs: folders with rule files; one that a file names comes with the root it must lie in.

    Raises:
        InputError: a rule is wrong, or two share an id; with every problem of every pack.
    """
    rules = {rule.id: rule for rule in _built_in()}
    problems: list[Problem] = []
    for pack in packs:
        for rule in _collect(*(_home(pack) if isinstance(pack, str) else pack), problems):
            first = rules.setdefault(rule.id, rule)
            if first is not rule:
                problems.append(_twice(rule, first))
    if problems:
        raise InputError(*problems)
    return tuple(rules[name] for name in sorted(rules))


@cache
def _built_in() -> tuple[Rule, ...]:
    """Return the rules that ship with blastlint; several inventories share them."""
    return load_pack(rules_directory(), checked=True)


def load_pack(directory: str, *, checked: bool = False) -> tuple[Rule, ...]:
    """Return the rules of one folder, sorted by id.

    Args:
        directory: the folder.
        checked: whether tests have compiled its rules: the others are compiled here.

    Raises:
        InputError: as `load_rules`; also if there is no rule in the folder.
    """
    problems: list[Problem] = []
    found = _collect(*_home(directory), problems, checked=checked)
    rules = tuple(sorted(found, key=lambda rule: rule.id))
    if problems:
        raise InputError(*problems)
    return rules


def digest(rules: Iterable[Rule]) -> str:
    """Return the digest of what some rules say."""
    return sha256("\n".join(rule.document.digest for rule in rules).encode()).hexdigest()


def _home(directory: str) -> tuple[Root, str]:
    """Return where a folder lies that people name on the command line: anywhere.

    Raises:
        InputError: there is no such folder.
    """
    if not os.path.isdir(directory):
        message = f"there is no folder {quoted(directory)}"
        raise InputError(Problem(message, help="rules are read from a folder with rule files"))
    shown = "rules" if directory == rules_directory() else os.path.relpath(directory)
    return Root(directory, shown.replace(os.sep, "/")), ""


def _collect(
    root: Root, folder: str, problems: list[Problem], *, checked: bool = False
) -> Iterator[Rule]:
    files = tuple(root.walk(folder))
    if not files:
        message = f"no rule found in {quoted(root.show(folder))}"
        problems.append(Problem(message, help="a rule is a .yaml file"))
    for file in files:
        try:
            yield read_rule(read(root, file), file, checked=checked)
        except InputError as error:
            problems.extend(error.problems)


def read_rule(document: Document, file: str, *, checked: bool = False) -> Rule:
    """Read one rule, and compile it unless that was checked.

    Raises:
        InputError: the file is no rule, or does not fit what can be judged.
    """
    written: RuleFile = read_as(document, shape("rule"), ROOT)  # type: ignore[assignment]  # a record has its fields
    name = file.rpartition("/")[2].removesuffix(".yaml")
    problems = list(_misplaced(written, document, name))
    if written.each not in KINDS:
        problems.append(_unknown_subject(written.each, document))
    if problems:
        raise InputError(*problems)
    w, judgement = written, Judgement(_Compiler(document, written))
    if not checked:
        judgement.check()
    return Rule(
        w.id, w.title, w.severity, dict(_profiles(w)), w.profile or "pilot",
        w.waivable is not False, w.family, w.each, judgement,
        w.why, w.fix, tuple(w.refs), tuple(w.tags), tuple(w.examples), document,
    )  # fmt: skip


def _profiles(written: RuleFile) -> Iterator[tuple[Profile, Severity]]:
    """Yield the severities that depend on the profile."""
    for profile in PROFILES if written.severity_in else ():
        severity = getattr(written.severity_in, profile)
        if severity:
            yield profile, severity


def _misplaced(written: RuleFile, document: Document, name: str) -> Iterator[Problem]:
    if written.id != name:
        message = f"the rule's id is '{written.id}', its file is called '{name}.yaml'"
        yield Problem(message, document.at(("id",)), f"rename the file to {written.id}.yaml")


def _unknown_subject(each: str, document: Document) -> Problem:
    hint = did_you_mean(each, KINDS) or f"a rule can look at: {', '.join(sorted(KINDS))}"
    return Problem(f"no rule can look at each '{each}'", document.at(("each",)), hint)


def _twice(rule: Rule, first: Rule) -> Problem:
    return Problem(
        f"two rules are called '{rule.id}'",
        rule.document.at(("id",)),
        "rename one of them",
        (first.document.at(("id",), "the first one"),),
    )


class _Compiler:
    """Compiles one rule, a part at a time."""

    def __init__(self, document: Document, written: RuleFile) -> None:
        self.document = document
        self.written = written

    def compiler(self) -> Compiler:
        """Return what compiles the next part."""
        each = self.written.each
        return Compiler(self.document, environment(each, KINDS[each].record))

    def when(self) -> Expression:
        """Return the condition; raises an InputError if it is wrong."""
        compiler = self.compiler()
        when = compiler.condition(self.written.when, "when")
        if when is None:
            raise InputError(*compiler.problems)
        return when

    def speech(self) -> Speech:
        """Return what it says; raises an InputError with every wrong expression."""
        compiler, w = self.compiler(), self.written
        message = compiler.template(w.message, "message")
        at = compiler.path(w.at, "at") if w.at else None
        severities, related = tuple(self.severities(compiler)), tuple(self.related(compiler))
        if compiler.problems or message is None:
            raise InputError(*compiler.problems)
        return Speech(message, at, related, severities)

    def repairs(self) -> tuple[Plan, ...]:
        """Return its repairs; raises an InputError with everything wrong in them."""
        compiler = self.compiler()
        found = tuple(plans(self.written.repairs or (), compiler))
        if compiler.problems:
            raise InputError(*compiler.problems)
        return found

    def severities(self, compiler: Compiler) -> Iterator[tuple[Severity, Expression]]:
        """Yield the severities that depend on a condition."""
        for severity in SEVERITIES if self.written.severity_if else ():
            source = getattr(self.written.severity_if, severity)
            condition = source and compiler.condition(source, "severity_if", severity)
            if condition:
                yield severity, condition

    def related(self, compiler: Compiler) -> Iterator[RelatedPlace]:
        """Yield the further places."""
        for index, place in enumerate(self.written.related or ()):
            at = compiler.path(place.at, "related", index, "at")
            note = compiler.template(place.note, "related", index, "note")
            if at and note:
                yield RelatedPlace(at, note)
