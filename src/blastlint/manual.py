"""The manual of rules, printed from the rules themselves."""

from __future__ import annotations

import textwrap

from blastlint.reporters.json import dumps
from blastlint.rules import load_rules
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.subjects import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.rulefile import Example
    from blastlint.rules import Rule

_WIDTH = 88


def page(name: str, packs: Sequence[str] = ()) -> str:
    """Return the page of a rule.

    Raises:
        InputError: there is no such rule.
    """
    rules = {rule.id: rule for rule in load_rules(packs)}
    if name not in rules:
        help_ = did_you_mean(name, rules) or "blastlint rules lists them"
        raise InputError(Problem(f"there is no rule '{name}'", help=help_))
    return "\n".join(_page(rules[name])) + "\n"


def listing(packs: Sequence[str], form: str) -> str:
    """Return the list of rules, as text or JSON."""
    rules = load_rules(packs)
    if form == "json":
        return dumps([_as_json(rule) for rule in rules])
    wide = max(len(rule.id) for rule in rules)
    lines = [f"{rule.id:{wide}}  {rule.severity:7}  {_flat(rule.title)}" for rule in rules]
    return "\n".join([*lines, f"{len(rules)} rules"]) + "\n"


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.id} ({rule.severity}, {rule.family})"
    yield _filled(rule.title)
    yield from ("", "Why", _filled(rule.why, indent="  "))
    yield from ("", "How it decides", f"  It looks at {KINDS[rule.each].about}.")
    yield _filled(f"It speaks when: {_flat(rule.when.source)}", indent="  ")
    for severity, condition in rule.severity_if:
        yield _filled(f"It is {_article(severity)} when: {_flat(condition.source)}", indent="  ")
    for title, examples in (("Bad", _shown(rule, bad=True)), ("Good", _shown(rule, bad=False))):
        for example in examples:
            yield from ("", title, *_example(example))
    yield from ("", "Fix", _filled(rule.fix, indent="  "))
    yield from ("", "References", *(f"  {reference}" for reference in rule.refs))
    yield from ("", "Tags", _filled(", ".join(rule.tags) or "none", indent="  "))


def _article(severity: str) -> str:
    return f"an {severity}" if severity == "error" else f"a {severity}"


def _shown(rule: Rule, *, bad: bool) -> Iterator[Example]:
    return (example for example in rule.examples if (example.bad is not None) == bad)


def _example(example: Example) -> Iterator[str]:
    yield textwrap.indent((example.bad or example.good or "").rstrip(), "  ")
    for name, text in (example.files or {}).items():
        yield f"  -- {name}"
        yield textwrap.indent(text.rstrip(), "  ")


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
