"""Quick fixes: the repairs that a check knows, and the values that a missing cell can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from blastlint.editing import revised, value_renamed, value_with, value_without, written
from blastlint.lsp.kinds import slot
from blastlint.repair import repair_of_problem
from blastlint.source import InputError
from blastlint.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.inventory.shape import Type
    from blastlint.lsp.view import View
    from blastlint.repair import Repair
    from blastlint.source import Location

    Offer = tuple[Repair, Location, str]
    """A repair, the place of what asks for it, and the code that is shown there."""

MOST = 8
"""Ids that are offered for one cell: who has more completes it."""


def fixes(view: View, path: str, asked: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done about what is shown at a place.

    Args:
        view: the inventory, as the editor holds it.
        path: the file.
        asked: the stretch of text, and what is shown there.
    """
    found = []
    for repair, location, code in _offers(view):
        if view.path(location.file) != path or not _meet(view.place(location).range, asked.range):
            continue
        shown = [one for one in asked.context.diagnostics if one.code == code]
        for one in (repair, *_answers(view, repair)):
            edit = _edit(view, one)
            if edit:
                found.append(_action(one, edit, shown))
    return found


def _offers(view: View) -> Iterator[Offer]:
    """Yield every repair of an inventory."""
    for problem in view.answer.problems:
        repair = repair_of_problem(problem)
        if repair and problem.location:
            yield repair, problem.location, problem.code
    for finding in view.answer.report.findings if view.answer.report else ():
        if finding.repair and finding.waiver is None:
            yield finding.repair, finding.location, finding.rule


def _meet(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def _action(
    repair: Repair, edit: types.WorkspaceEdit, shown: Sequence[types.Diagnostic]
) -> types.CodeAction:
    return types.CodeAction(
        title=repair.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=list(shown),
        is_preferred=repair.safe,
        edit=edit,
    )


def _answers(view: View, repair: Repair) -> Iterator[Repair]:
    """Yield the values that a cell can have which a repair would make a question."""
    if repair.document is None or not isinstance(repair.value, dict):
        return
    if repair.value.get("unknown") is not True:
        return
    path = view.path(repair.document.file)
    found = slot(repair.pointer, root=path == view.root_file)
    for kind in (found.type.options or (found.type,)) if found else ():
        for value in _values(view, kind):
            title = f"Write `{repair.pointer[-1]}: {written(value)}`"
            yield replace(repair, title=title, value=value)


def _values(view: View, kind: Type) -> Sequence[object]:
    if kind.kind == "flag":
        return (True, False)
    if kind.ref:
        ids = [one.id for one in view.mentions if one.declares and one.section == kind.ref]
        return sorted(ids)[:MOST]
    return kind.choices


def _edit(view: View, repair: Repair) -> types.WorkspaceEdit | None:
    """Return a repair as an editor applies it; None where the file is laid out too oddly for it."""
    if repair.document is None:
        return None
    try:
        edits = repair.edits()
        revised(repair.document, edits, _meant(repair, repair.document.value))
    except (InputError, KeyError, ValueError):
        return None
    path = view.path(repair.document.file)
    lines = view.lines(path)
    changes = [types.TextEdit(lines.between(one.start, one.end), one.text) for one in edits]
    return types.WorkspaceEdit(changes={view.uri(path): changes})


def _meant(repair: Repair, value: object) -> object:
    """Return what a file is to say after a repair."""
    if repair.verb == "take":
        return value_without(value, repair.pointer)
    if repair.verb == "rename":
        return value_renamed(value, repair.pointer, str(repair.value))
    return value_with(value, repair.pointer, repair.value)
