"""The manual of rules, printed from the rules themselves, for a terminal or as Markdown."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby

from blastlint.reporters.json import dumps
from blastlint.rules import SEVERITIES, load_rules
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.subjects import KINDS
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from blastlint.rulefile import Example
    from blastlint.rules import Rule

_WIDTH = 88
_MARKUP = re.compile(r"([\\*_<>\[\]|#])")
"""What Markdown would act on, outside of code spans."""


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


def markdown() -> str:
    """Return the manual of the built-in rules, by family, as Markdown."""
    rules = sorted(load_rules(), key=lambda rule: (rule.family, rule.id))
    return "\n".join(_manual(rules)) + "\n"


def listing(packs: Sequence[str], form: str) -> str:
    """Return the list of rules, as text or JSON."""
    rules = load_rules(packs)
    if form == "json":
        return dumps([_as_json(rule) for rule in rules])
    wide = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:{wide}}  {rule.severity:7}  {_flat(rule.title)}" for rule in rules]
    return "\n".join([*lines, f"{len(rules)} rules"]) + "\n"


# --- what a page says ---------------------------------------------------------------------------


def _parts(rule: Rule) -> Iterator[Part]:
    """Yield the parts of a rule's page, in order: the one walk over a rule."""
    yield Part("Why", (Block("words", rule.why),))
    yield Part("How it decides", tuple(_decision(rule)))
    yield from (Part("Bad", tuple(_example(e, e.bad))) for e in rule.examples if e.bad is not None)
    yield from (Part("Good", tuple(_example(e, e.good))) for e in rule.examples if e.bad is None)
    yield Part("Fix", (Block("words", rule.fix),))
    yield Part("References", tuple(Block("item", reference) for reference in rule.refs))
    yield Part("Tags", (Block("tags", "\n".join(rule.tags)),))


def _decision(rule: Rule) -> Iterator[Block]:
    yield Block("words", f"It looks at {KINDS[rule.each].about}.")
    yield Block("condition", rule.when.source, "It speaks when")
    for severity, condition in rule.severity_if:
        yield Block("condition", condition.source, f"It is {_article(severity)} when")


def _article(severity: str) -> str:
    return f"an {severity}" if severity == "error" else f"a {severity}"


def _example(example: Example, text: str | None) -> Iterator[Block]:
    yield Block("listing", text or "")
    for name, file in (example.files or {}).items():
        yield Block("listing", file, name)


# --- on a terminal ------------------------------------------------------------------------------


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({rule.severity}, {rule.family})"
    yield _filled(rule.title)
    for part in _parts(rule):
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


# --- as Markdown --------------------------------------------------------------------------------

_HEAD = """\
# Rules

This page is printed from the {count} rule files in [rules](../rules). `blastlint explain RULE`
prints one of them. Every example is a test: on the lines marked `# finding` the rule speaks, and
nowhere else. An example holds only what its rule looks at; a whole inventory needs more.

[How to write a rule](writing-rules.md) says what the conditions mean.
"""


def _manual(rules: Sequence[Rule]) -> Iterator[str]:
    yield _HEAD.format(count=len(rules))
    yield from ("| rule | severity | what it finds |", "|---|---|---|")
    yield from map(_row, rules)
    for family, members in groupby(rules, key=lambda rule: rule.family):
        yield from ("", f"## {family}")
        for rule in members:
            yield from _chapter(rule)


def _row(rule: Rule) -> str:
    said = [severity for severity, _ in rule.severity_if if severity != rule.severity]
    severities = sorted([rule.severity, *said], key=SEVERITIES.index)
    return f"| [{rule.id}](#{rule.id}) | {' or '.join(severities)} | {marked(rule.title)} |"


def _chapter(rule: Rule) -> Iterator[str]:
    yield from ("", f"### {rule.id}", "", f"{marked(rule.title)}. Severity: **{rule.severity}**.")
    for part in _parts(rule):
        yield from ("", f"**{part.title}**")
        in_list = False
        for block in part.blocks:
            yield from () if in_list and block.kind == "item" else ("",)
            yield from _marked_up(block)
            in_list = block.kind == "item"


def _marked_up(block: Block) -> Iterator[str]:
    """Yield the lines of a block in Markdown."""
    if block.kind == "listing":
        yield from (text for text in (f"`{block.lead}`:", "") if block.lead)
        yield from ("```yaml", block.text.rstrip(), "```")
    elif block.kind == "condition":
        yield from (f"{block.lead}:", "", "```cel", _filled(block.text), "```")
    elif block.kind == "tags":
        yield ", ".join(f"`{tag}`" for tag in block.text.split()) or "none"
    elif block.kind == "item":
        is_link = block.text.startswith("https://")
        yield f"- <{block.text}>" if is_link else f"- {marked(block.text)}"
    else:
        yield textwrap.fill(marked(block.text), 100, break_on_hyphens=False)


def marked(text: str) -> str:
    """Return words in which nothing but code spans means anything to Markdown."""
    pieces = re.split(r"(`[^`]*`)", _flat(text))
    return "".join(p if p.startswith("`") else _MARKUP.sub(r"\\\1", p) for p in pieces)


# --- both ---------------------------------------------------------------------------------------


def _flat(text: str) -> str:
    return " ".join(text.split())


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(_flat(text), _WIDTH, initial_indent=indent, subsequent_indent=indent)


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": _flat(rule.title),
        "severity": rule.severity,
        "family": rule.family,
        "each": rule.each,
        "when": _flat(rule.when.source),
        "why": _flat(rule.why),
        "fix": _flat(rule.fix),
        "refs": list(rule.refs),
        "tags": list(rule.tags),
    }
