"""Renames an id everywhere it stands, or nowhere."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lsprotocol import types

from blastlint.inventory.discovery import BASELINE_FILE
from blastlint.inventory.scalars import PATTERNS
from blastlint.lsp.answers import answer
from blastlint.lsp.mentions import RULE
from blastlint.lsp.symbols import extent, named
from blastlint.lsp.texts import Texts
from blastlint.source import OWN, InputError
from blastlint.source import shown as quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blastlint.lsp.answers import Answer
    from blastlint.lsp.symbols import Name
    from blastlint.lsp.view import View


class CannotRenameError(Exception):
    """An id that is not renamed, with the reason in words."""


def rename(views: Sequence[View], name: Name, new: str) -> types.WorkspaceEdit:
    """Return the edits that give an id a new name, in every file that names it.

    The result is judged before it is handed out: it must say the same as before.

    Args:
        views: the inventory, and those that share one of the files.
        name: what is renamed.
        new: its new name.

    Raises:
        CannotRenameError: something would be said otherwise, or the id is none of ours.
    """
    edits: dict[str, list[types.TextEdit]] = {}
    changed: dict[str, bytes] = {}
    for view in views:
        _refuse(view, name, new)
        for path, some in _edits(view, name, new).items():
            edits[path] = some
            changed[path] = _applied(view, path, some)
    for view in views:
        after = _judged_with(view.answer, changed)
        if after.report is None or _found(after) != _found(view.answer):
            here = quoted(view.answer.place.shown or view.answer.draft.name)
            said = f"with {quoted(new)} the inventory {here} would say something else"
            raise CannotRenameError(f"{said}: {_difference(after)}")
    addresses = {path: view.uri(path) for view in views for path in edits}
    return types.WorkspaceEdit(changes={addresses[path]: some for path, some in edits.items()})


def _edits(view: View, name: Name, new: str) -> dict[str, list[types.TextEdit]]:
    """Return the edits of one inventory, by the path of the file."""
    found: dict[str, list[types.TextEdit]] = {}
    for mention in named(view, name):
        path = view.path(mention.location.file)
        found.setdefault(path, []).append(types.TextEdit(extent(view, mention), new))
    return found


def _refuse(view: View, name: Name, new: str) -> None:
    here = quoted(view.answer.place.shown or view.answer.draft.name)
    if name.section == RULE:
        raise CannotRenameError("a rule is named by its file; rename that, and its id in it")
    if view.answer.report is None:
        raise CannotRenameError(f"solve the problems of the inventory {here} first")
    if not re.fullmatch(PATTERNS["id"], new):
        raise CannotRenameError("ids are made of letters, digits and . _ / : @ -, at most 128")
    if any((one.section, one.id) == (name.section, new) for one in view.mentions):
        raise CannotRenameError(f"{quoted(new)} is there already, in {name.section} of {here}")
    if name.id in _baseline(view):
        raise CannotRenameError(
            f"{BASELINE_FILE} knows findings of {quoted(name.id)}: solve them, or note them again"
        )


def _baseline(view: View) -> str:
    """Return the text of the baseline; nothing if there is none."""
    place = view.answer.place
    try:
        return place.root.read_bytes(BASELINE_FILE, OWN.max_bytes).decode(errors="replace")
    except InputError:
        return ""


def _applied(view: View, path: str, edits: list[types.TextEdit]) -> bytes:
    """Return the content of a file after some edits."""
    lines = view.lines(path)
    text = lines.text
    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        start, end = lines.offset(edit.range.start), lines.offset(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text.encode(errors="surrogatepass")


def _judged_with(before: Answer, changed: Mapping[str, bytes]) -> Answer:
    """Return the judgement of an inventory of which some files hold something else."""
    texts = Texts({**before.texts.read, **changed})
    return answer(before.place, texts, before.as_of)


def _found(one: Answer) -> Counter[tuple[str, str, str]]:
    """Return how often each rule speaks, and how."""
    findings = one.report.findings if one.report else ()
    return Counter((f.rule, f.severity, f.certainty) for f in findings)


def _difference(after: Answer) -> str:
    if after.problems:
        return after.problems[0].message
    return "somewhere it is named in words that cannot be told from others"
