"""Tells what lies between two reports: for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

from typing import NamedTuple

from blastlint.compare.report import as_report, news, sentence, stops
from blastlint.reporters import json as plain
from blastlint.reporters import markdown, words
from blastlint.reporters.escape import shown
from blastlint.reporters.ink import ink as painter
from blastlint.reporters.text import told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from blastlint.compare import Change, Comparison
    from blastlint.reporters.ink import Ink

SCHEMA = "blastlint.comparison/v1"
LISTED = 20
"""Lines of one kind that a person is shown; the JSON has all of them."""
LIMIT = 60_000
"""Characters that a comment may have."""


class Fact(NamedTuple):
    """Something else that changed, on one line."""

    name: str
    """What kind of thing it is."""
    said: str
    grave: bool = False
    """Whether a reviewer should stop at it."""


def facts(comparison: Comparison) -> Iterator[Fact]:
    """Yield what a reviewer has to know beside reach that widened and findings that are new."""
    for name in comparison.added:
        yield Fact("new inventory", name)
    for less in comparison.evidence:
        if not less.blind:
            what = f"{less.kind} of {less.system or less.inventory}"
            yield Fact("evidence", f"{what} is in fewer files: {', '.join(less.files) or 'a file'}")
    for change in comparison.policy:
        before, after = change.before or "nothing", change.after or "nothing"
        yield Fact(
            "policy", f"{change.inventory}: {change.name} was {before}, is {after}", change.looser
        )
    for one in comparison.waivers:
        waiver = one.waiver
        what = f"{waiver.id}: {waiver.rule} on {waiver.subject} until {waiver.expires}"
        yield Fact(
            f"{one.kind} waiver", f"{what}, by {waiver.approved_by}", one.kind in {"new", "longer"}
        )
    for inventory in comparison.head.inventories:
        for said in inventory.set_aside:
            yield Fact("not trusted", f"{inventory.name}: {said}", grave=True)


def total(comparison: Comparison) -> str:
    """Return the numbers of a comparison in one line."""
    accepted = len(comparison.widened) - len(comparison.open)
    found = news(comparison)
    parts = [
        f"{words.count(len(comparison.open), 'widening')} that nobody declared",
        f"{accepted:,} declared or accepted",
        f"{len(comparison.narrowed):,} narrowed",
        f"{words.count(len(found), 'new finding')}",
        f"{len(comparison.fixed):,} fixed",
    ]
    return ", ".join(parts)


def digest(comparison: Comparison) -> str:
    """Return by which rules and policy each side was judged."""
    base, head = words.policy(comparison.base), words.policy(comparison.head)
    before = f" · before by {base}" if base != head else ""
    return f"judged by {head}{before} · as of {comparison.head.as_of}"


# --- text ---------------------------------------------------------------------------------------


def text(comparison: Comparison, *, colour: bool = False) -> str:
    """Return a comparison for a terminal: what nobody stands for first."""
    ink = painter(colour=colour)
    findings = [*stops(comparison), *news(comparison)]
    blocks = ["\n".join(told([finding], ink)) for finding in findings]
    blocks += ["\n".join(_list(name, lines, ink)) for name, lines in _lists(comparison)]
    blocks += ["\n".join(_fact(fact, ink) for fact in facts(comparison))]
    sign = "blocked" if comparison.fails else "ready"
    word = "wider" if comparison.open else "nothing wider"
    last = f"{ink(sign, word)} — {total(comparison)}\n{digest(comparison)}"
    return "\n\n".join(filter(None, [*blocks, last])) + "\n"


def _lists(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    accepted = [change for change in comparison.widened if change.accepted]
    yield "wider", [_line(change) for change in accepted]
    yield "narrower", [f"{', '.join(c.agents)}: {narrowed(c)}" for c in comparison.narrowed]
    yield "fixed", [f"{words.label(f)}[{f.rule}]: {f.message}" for f in comparison.fixed]


def _line(change: Change) -> str:
    return (
        f"{sentence(change)} [{words.place(change.location)}]"
        if change.location
        else sentence(change)
    )


def narrowed(change: Change) -> str:
    """Return what is no longer so, in words."""
    scope = f" in {change.scope}" if change.scope not in {"", "*"} else ""
    more = f" and {len(change.more):,} resources more" if change.more else ""
    what = f"{', '.join(change.actions)} {change.resource}{scope} on {change.system}{more}"
    return _LESS[change.kind].format(what=what)


_LESS = {
    "system": "no longer reaches {what}",
    "resource": "no longer reaches {what}",
    "effect": "no longer reaches {what}",
    "action": "no longer reaches {what}",
    "declaration": "{what} is declared now",
    "gate": "a person has to agree now: {what}",
    "latency": "only if the tool host is compromised now: {what}",
    "certainty": "less sure now: {what}",
    "path": "one way less: {what}",
}


def _list(name: str, lines: Sequence[str], ink: Ink) -> list[str]:
    marked = [f"{ink('strong', name)}: {shown(line, 400)}" for line in lines[:LISTED]]
    left = len(lines) - LISTED
    return [*marked, f"{ink('strong', name)}: {left:,} more"] if left > 0 else marked


def _fact(fact: Fact, ink: Ink) -> str:
    style = "warning" if fact.grave else "strong"
    return f"{ink(style, fact.name)}: {shown(fact.said, 400)}"


# --- Markdown -----------------------------------------------------------------------------------


def comment(comparison: Comparison) -> str:
    """Return a comparison as a comment of at most 60,000 characters, most of it folded."""
    sign = "⛔" if comparison.fails else "✅"
    word = "wider" if comparison.open else "nothing wider"
    head = f"## {sign} {word}\n\n{total(comparison)}\n"
    judged = markdown.prose(digest(comparison))
    tail = f"\n<sub>{judged} · blastlint {markdown.code(comparison.head.version)}</sub>\n"
    findings = [*stops(comparison), *news(comparison)]
    room = LIMIT - len(head) - len(tail)
    table = markdown.table(findings, room // 3) if findings else ""
    grave = [f"- {_marked(fact)}\n" for fact in facts(comparison) if fact.grave]
    noted = markdown.fitting(grave, room // 6, "facts") if grave else ""
    rest = [f"- {_marked(fact)}\n" for fact in facts(comparison) if not fact.grave]
    rest += [
        f"- {name}: {markdown.prose(line)}\n"
        for name, lines in _lists(comparison)
        for line in lines
    ]
    below = (
        _folded("Everything else that changed", markdown.fitting(rest, room // 6, "changes"))
        if rest
        else ""
    )
    ways = markdown.ways(findings, room // 3) if findings else ""
    return f"{head}{table}{chr(10) if noted else ''}{noted}{ways}{below}{tail}"


def _marked(fact: Fact) -> str:
    return f"**{fact.name}** {markdown.prose(fact.said)}"


def _folded(title: str, inside: str) -> str:
    return f"\n<details>\n<summary>{title}</summary>\n\n{inside}\n</details>\n"


# --- JSON ---------------------------------------------------------------------------------------


def as_json(comparison: Comparison) -> str:
    """Return a comparison as the published contract."""
    return plain.dumps(
        {
            "schema": SCHEMA,
            "version": comparison.head.version,
            "as_of": comparison.head.as_of.isoformat(),
            "fails": comparison.fails,
            "base": _side(comparison.base.verdict, comparison.base.policy_digest),
            "head": _side(comparison.head.verdict, comparison.head.policy_digest),
            "added": list(comparison.added),
            "removed": list(comparison.removed),
            "widened": [_change(change) for change in comparison.widened],
            "narrowed": [_change(change) for change in comparison.narrowed],
            "new": [plain.finding(one) for one in comparison.new],
            "fixed": [plain.finding(one) for one in comparison.fixed],
            "waivers": [
                {"inventory": one.inventory, "kind": one.kind, "waiver": plain.waiver(one.waiver)}
                for one in comparison.waivers
            ],
            "policy": [_fields(one) for one in comparison.policy],
            "evidence": [_fields(one) for one in comparison.evidence],
            "set_aside": [
                {"inventory": inventory.name, "said": said}
                for inventory in comparison.head.inventories
                for said in inventory.set_aside
            ],
        }
    )


def _side(verdict: str, policy: str) -> dict[str, str]:
    return {"verdict": verdict, "policy_digest": policy}


def _fields(value: Any) -> dict[str, object]:  # noqa: ANN401 -- a frozen record of plain values
    said = {name: getattr(value, name) for name in value.__slots__}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in said.items()}


def _change(change: Change) -> dict[str, object]:
    return _fields(change) | {
        "accepted": change.accepted,
        "path": plain.blast_path(change.path),
        "location": plain.place(change.location) if change.location else None,
        "waiver": plain.waiver(change.waiver) if change.waiver else None,
    }


def render(comparison: Comparison, form: str, *, colour: bool = False) -> str:
    """Return a comparison in a format; those of findings show what is new."""
    if form == "text":
        return text(comparison, colour=colour)
    own: dict[str, Callable[[Comparison], str]] = {"json": as_json, "markdown": comment}
    if form in own:
        return own[form](comparison)
    from blastlint.reporters import render as rendered  # noqa: PLC0415 -- one format is loaded

    return rendered(as_report(comparison), form, colour=colour)
