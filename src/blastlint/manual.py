"""The manual of rules, made from the rules themselves, and printed for a terminal."""

from __future__ import annotations

import textwrap
import tomllib

from blastlint.data import families_path
from blastlint.reporters.json import dumps
from blastlint.reporters.words import count
from blastlint.rules import PROFILES, load_rules
from blastlint.selection import asked
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.subjects import KINDS
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from blastlint.rulefile import Example
    from blastlint.rules import Profile, Rule, Severity

_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a rule's page."""

    kind: Literal["words", "condition", "listing", "item", "tags"]
    text: str
    lead: str = ""
    """What comes before it: a few words before a condition, the file's name before a listing."""


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of a rule's page."""

    title: str
    blocks: tuple[Block, ...]


def page(name: str, packs: Sequence[str] = ()) -> str:
    """Return the page of a rule, for a terminal.

    Raises:
        InputError: there is no such rule.
    """
    rules = {rule.id: rule for rule in load_rules(packs)}
    if name not in rules:
        help_ = did_you_mean(name, rules) or "blastlint rules lists them"
        raise InputError(Problem(f"there is no rule '{name}'", help=help_))
    return "\n".join(_page(rules[name])) + "\n"


def listing(packs: Sequence[str], form: str, profile: Profile | None = None) -> str:
    """Return the list of rules, or of those that a profile asks for, as text or JSON."""
    rules = [rule for rule in load_rules(packs) if profile is None or asked(rule, profile)]
    if form == "json":
        return dumps([_as_json(rule) for rule in rules])
    wide = max((len(rule.id) for rule in rules), default=0)
    lines = [
        f"{rule.id:{wide}}  {_severity(rule, profile):7}  {rule.profile:10}  {flat(rule.title)}"
        for rule in rules
    ]
    return "\n".join([*lines, count(len(rules), "rule")]) + "\n"


def _severity(rule: Rule, profile: Profile | None) -> Severity:
    """Return the severity of a rule, under a profile if one is given."""
    return rule.severity if profile is None else rule.severity_in.get(profile, rule.severity)


@dataclass(frozen=True, slots=True)
class Family:
    """A family of rules, in the words of the manual."""

    title: str
    about: str
    """What its rules look for, in a sentence."""


def families() -> Mapping[str, Family]:
    """Return what the families of the built-in rules are, by their folder's name."""
    with open(families_path(), "rb") as file:
        return {name: Family(**said) for name, said in tomllib.load(file).items()}


# --- what a page says ---------------------------------------------------------------------------


def parts(rule: Rule) -> Iterator[Part]:
    """Yield the parts of a rule's page, in order: the one walk over a rule."""
    yield Part("Why", (Block("words", rule.why),))
    yield from (Part("Bad", tuple(_example(e, e.bad))) for e in rule.examples if e.bad is not None)
    yield from (Part("Good", tuple(_example(e, e.good))) for e in rule.examples if e.bad is None)
    yield Part("Fix", (Block("words", rule.fix), *_repairs(rule)))
    yield Part("How it decides", tuple(_decision(rule)))
    yield Part("Profile", (Block("words", " ".join(_profiles(rule))),))
    yield Part("References", tuple(Block("item", reference) for reference in rule.refs))
    yield Part("Tags", (Block("tags", "\n".join(rule.tags)),))


def _repairs(rule: Rule) -> Iterator[Block]:
    """Yield what `check --fix` can do."""
    for plan in rule.repairs:
        how = "--fix" if plan.safe else "--fix --unsafe"
        yield Block("words", f"With `blastlint check {how}`: {plan.title.source}.")
        if plan.when:
            yield Block("condition", plan.when.source, "That is offered when")


def _profiles(rule: Rule) -> Iterator[str]:
    """Yield in sentences which profiles ask for a rule, and how grave it is under each."""
    asking = [f"`{profile}`" for profile in PROFILES if asked(rule, profile)]
    yield f"Asked for under {_and(asking)}."
    for profile, severity in rule.severity_in.items():
        yield f"Under `{profile}` it is {_article(severity)}, whatever the severity above."


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _decision(rule: Rule) -> Iterator[Block]:
    yield Block("words", f"It looks at {KINDS[rule.each].about}.")
    yield Block("condition", rule.when.source, "It speaks when")
    for severity, condition in rule.speech.severity_if:
        yield Block("condition", condition.source, f"It is {_article(severity)} when")


def _article(severity: str) -> str:
    return f"an {severity}" if severity == "error" else f"a {severity}"


def _example(example: Example, text: str | None) -> Iterator[Block]:
    yield Block("listing", text or "")
    for name, file in (example.files or {}).items():
        yield Block("listing", file, name)


# --- on a terminal ------------------------------------------------------------------------------


def _page(rule: Rule) -> Iterator[str]:
    family = families().get(rule.family)
    yield f"{rule.id} ({rule.severity}, {family.title if family else rule.family})"
    yield _filled(rule.title)
    for part in parts(rule):
        yield from ("", part.title)
        for block in part.blocks:
            yield from _printed(block)


def _printed(block: Block) -> Iterator[str]:
    """Yield the lines of a block, indented."""
    if block.kind == "listing":
        yield from (f"  -- {name}" for name in (block.lead,) if name)
        yield textwrap.indent(block.text.rstrip(), "  ")
    elif block.kind == "condition":
        yield _filled(f"{block.lead}: {block.text}", indent="  ")
    elif block.kind == "tags":
        yield _filled(", ".join(block.text.split()) or "none", indent="  ")
    elif block.kind == "item":
        yield f"  {block.text}"
    else:
        yield _filled(block.text, indent="  ")


def flat(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(flat(text), _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": flat(rule.title),
        "severity": rule.severity,
        "severity_in": dict(rule.severity_in),
        "profile": rule.profile,
        "family": rule.family,
        "each": rule.each,
        "when": flat(rule.when.source),
        "why": flat(rule.why),
        "fix": flat(rule.fix),
        "refs": list(rule.refs),
        "tags": list(rule.tags),
    }
