"""The manual of rules, as Markdown: a page for each rule, an index, and a table of the profiles."""

from __future__ import annotations

import re
import textwrap
from itertools import groupby
from typing import TYPE_CHECKING

from blastlint.manual import Block, families, flat, parts
from blastlint.rules import PROFILES, SEVERITIES, load_rules
from blastlint.selection import asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from blastlint.rules import Rule

_MARKUP = re.compile(r"([\\*_<>\[\]|#])")
"""What Markdown would act on, outside of code spans."""
_WIDTH = 88
_INDEX = """\
# Rules

These pages are printed from the {count} rule files in [rules](../../rules). `blastlint explain
RULE` prints the same in a terminal. Every example is a test: on the lines marked `# finding` the
rule speaks, and nowhere else. An example holds only what its rule looks at; a whole inventory needs
more.

[Profiles](../profiles.md) says which rules a launch is asked, [how to write a
rule](../writing-rules.md) what the conditions mean.
"""


def pages() -> dict[str, str]:
    """Return the pages of the built-in rules: path below `docs/rules` to text."""
    rules = sorted(load_rules(), key=lambda rule: (families()[rule.family].title, rule.id))
    found = {f"{rule.family}/{rule.id}.md": "\n".join(_page(rule)) + "\n" for rule in rules}
    return {"README.md": "\n".join(_index(rules)) + "\n", **found}


def profiles() -> str:
    """Return the table of the profiles, and what each of them adds."""
    rules = load_rules()
    return "\n".join(_profiles(rules)) + "\n"


# --- the index ----------------------------------------------------------------------------------


def _index(rules: Iterable[Rule]) -> Iterator[str]:
    rules = list(rules)
    yield _INDEX.format(count=len(rules))
    groups = [(family, list(group)) for family, group in groupby(rules, key=lambda r: r.family)]
    yield from ("| family | rules | what they look for |", "|---|---|---|")
    for family, members in groups:
        said = families()[family]
        yield f"| [{said.title}](#{anchor(said.title)}) | {len(members)} | {marked(said.about)} |"
    for family, members in groups:
        said = families()[family]
        yield from ("", f"## {said.title}", "", marked(said.about), "")
        yield from ("| rule | severity | from profile | what it finds |", "|---|---|---|---|")
        yield from map(_row, members)


def anchor(title: str) -> str:
    """Return the name under which a heading can be linked to, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _row(rule: Rule) -> str:
    cells = (_link(rule, ""), " or ".join(_severities(rule)), rule.profile, marked(rule.title))
    return f"| {' | '.join(cells)} |"


def _link(rule: Rule, start: str) -> str:
    return f"[{rule.id}]({start}{rule.family}/{rule.id}.md)"


def _severities(rule: Rule) -> list[str]:
    """Return every severity that a rule's words give it, worst first."""
    said = {rule.severity, *(s for s, _ in rule.speech.severity_if), *rule.severity_in.values()}
    return sorted(said, key=SEVERITIES.index)


# --- the profiles -------------------------------------------------------------------------------


def _profiles(rules: Iterable[Rule]) -> Iterator[str]:
    rules = sorted(rules, key=lambda rule: rule.id)
    yield from (
        "| profile | rules | more than before | graver | less grave |",
        "|---|---|---|---|---|",
    )
    for profile in PROFILES:
        asking = [rule for rule in rules if asked(rule, profile)]
        new = [rule for rule in asking if rule.profile == profile]
        graver = ", ".join(_link(r, "rules/") for r in asking if _changed(r, profile) < 0)
        less = ", ".join(_link(r, "rules/") for r in asking if _changed(r, profile) > 0)
        cells = (f"`{profile}`", str(len(asking)), str(len(new)), graver or "none", less or "none")
        yield f"| {' | '.join(cells)} |"
    for profile in PROFILES:
        yield from ("", f"### {profile}", "")
        own = sorted((r for r in rules if r.profile == profile), key=lambda rule: rule.family)
        if not own:
            yield "It adds none."
        for family, members in groupby(own, key=lambda rule: rule.family):
            links = ", ".join(_link(rule, "rules/") for rule in members)
            yield f"- {families()[family].title}: {links}"


def _changed(rule: Rule, profile: str) -> int:
    """Return how the severity changes under a profile: below 0 graver, above 0 less grave."""
    said = next((s for name, s in rule.severity_in.items() if name == profile), rule.severity)
    return SEVERITIES.index(said) - SEVERITIES.index(rule.severity)


# --- the page of a rule -------------------------------------------------------------------------


def _page(rule: Rule) -> Iterator[str]:
    family = families()[rule.family]
    home = f"[{family.title}](../README.md#{anchor(family.title)})"
    source = f"[its file](../../../rules/{rule.family}/{rule.id}.yaml)"
    yield f"# {rule.id}"
    yield from ("", f"{marked(rule.title)}.", "")
    yield f"Severity: **{rule.severity}** · {home} · {source}"
    for part in parts(rule):
        yield from ("", f"## {part.title}")
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
        yield from (f"{block.lead}:", "", "```cel", textwrap.fill(flat(block.text), _WIDTH), "```")
    elif block.kind == "tags":
        yield ", ".join(f"`{tag}`" for tag in block.text.split()) or "none"
    elif block.kind == "item":
        is_link = block.text.startswith("https://")
        yield f"- <{block.text}>" if is_link else f"- {marked(block.text)}"
    else:
        yield textwrap.fill(marked(block.text), 100, break_on_hyphens=False)


def marked(text: str) -> str:
    """Return words in which nothing but code spans means anything to Markdown."""
    pieces = re.split(r"(`[^`]*`)", flat(text))
    return "".join(p if p.startswith("`") else _MARKUP.sub(r"\\\1", p) for p in pieces)
