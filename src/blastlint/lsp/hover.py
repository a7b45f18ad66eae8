"""What an editor shows of the word under the cursor: an entity, a field, a rule."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from blastlint.inventory.record import as_written
from blastlint.inventory.shape import shape
from blastlint.inventory.wording import expected
from blastlint.lsp.kinds import example
from blastlint.lsp.mentions import RULE
from blastlint.reporters.markdown import code, prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.finding import ToolRow
    from blastlint.inventory.shape import Field, Type
    from blastlint.lsp.view import View
    from blastlint.rules import Rule

_SHOWN = 8
"""Cells of an entity that are shown."""
_WHOLE = 1 << 16
"""Characters of a rule's reason: all that a rule may have."""
_LONG = 120
"""Characters of a cell that are shown."""


def of_id(view: View, section: str, name: str) -> str:
    """Return a few lines on what an id names, as Markdown; nothing if it names nothing."""
    if section == RULE:
        return rule_card(view, view.rules[name]) if name in view.rules else ""
    entity = view.answer.draft.sections.get(section, {}).get(name)
    if entity is None:
        return ""
    report = view.answer.report
    row = next((row for row in report.tools if row.id == name), None) if report else None
    facts = list(_tool(row)) if section == "tools" and row else list(_cells(as_written(entity)))
    lines = (f"- {label}: {said}" for label, said in facts)
    return "\n".join((f"**{code(name)}** in {section}", "", *lines))


def _tool(row: ToolRow) -> Iterator[tuple[str, str]]:
    """Yield what the worst day of a tool asks."""
    effect = row.effect + (f", {row.scope}" if row.scope else "")
    undo = row.reversibility + (f", by {row.undo}" if row.undo not in {"", "none"} else "")
    known = (
        ("does", f"{effect} on {row.system}" if row.system else effect),
        ("tier", row.tier),
        ("owner", row.owner),
        ("on call", row.on_call),
        ("undone", undo),
        ("gate", row.approval),
        ("credential", row.credential),
        ("seen in", row.audit_log),
        ("attempts for one intent", "" if row.attempts is None else str(row.attempts)),
        ("effects for one intent", "" if row.effects is None else str(row.effects)),
        ("called by", ", ".join(row.agents)),
    )
    for label, said in known:
        yield label, prose(said) if said else "*not stated*"


def _cells(written: object) -> Iterator[tuple[str, str]]:
    """Yield the first cells of an entity, as they are written."""
    cells = list(written.items()) if isinstance(written, dict) else []
    for name, value in cells[:_SHOWN]:
        yield name, code(_plain(value), limit=_LONG)
    if len(cells) > _SHOWN:
        yield "and", f"{len(cells) - _SHOWN} more"


def _plain(value: object) -> str:
    """Return a value on one line, as a person would write it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_plain(cell)}' for key, cell in value.items())}}}"
    return value if isinstance(value, str) else json.dumps(value)


def described(part: str, field: Field) -> str:
    """Return what a field means, what may stand in it, and an example, as Markdown."""
    mark = "Required. " if field.required else "Needed for a launch. " if field.needed else ""
    lines = [f"{mark}{field.description}", "", f"Holds {_holds(field.type)}."]
    shown = example(part, field.name)
    if shown is not None:
        lines += ["", "```yaml", f"{field.name}: {_plain(shown)}"[: 3 * _LONG], "```"]
    return "\n".join(lines)


def _holds(kind: Type) -> str:
    """Say what may stand in a cell."""
    if kind.options:
        return " or ".join(map(_holds, kind.options))
    if kind.items:
        return f"a {'map by id' if kind.keys else 'list'} of: {_holds(kind.items)}"
    if kind.part:
        return "a map of " + ", ".join(map(code, shape().part(kind.part).fields))
    if kind.ref and not kind.prefixes:
        return f"an id in {code(kind.ref)}" + (f", or {code(kind.none)}" if kind.none else "")
    if kind.choices:
        return "one of " + ", ".join(code(_plain(choice)) for choice in kind.choices)
    return prose(expected(kind))


def _marked(text: str) -> str:
    """Return a text of a rule: what it marks as code is code, and nothing else acts."""
    pieces = re.split(r"`([^`]+)`", " ".join(text.split()))
    shown = [code(piece) if index % 2 else _beside(piece) for index, piece in enumerate(pieces)]
    return "".join(shown)


def _beside(piece: str) -> str:
    """Return prose that stands beside code, with the spaces and the signs that touch it."""
    found = re.fullmatch(r"([.,;:)]*)(\s*)(.*?)(\s*)(\(?)", piece)
    if found is None:
        return prose(piece, limit=_WHOLE)
    signs, before, words, behind, bracket = found.groups()
    return "".join((signs, before, prose(words, limit=_WHOLE) if words else "", behind, bracket))


def rule_card(view: View, rule: Rule) -> str:
    """Return what a rule looks for, why, and what to do, as Markdown."""
    page = view.manual(rule.id)
    lines = [
        f"**{code(rule.id)}** ({rule.severity})",
        _marked(rule.title),
        _marked(rule.why),
        f"Fix: {_marked(rule.fix)}",
        *((f"[The page of the rule]({page})",) if page else ()),
    ]
    return "\n\n".join(lines)
