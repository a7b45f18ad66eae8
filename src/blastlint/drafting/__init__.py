"""Drafts inventories: rows from tools, configurations and grants, with a question in every gap."""

from __future__ import annotations

import os
from collections import Counter

from blastlint.drafting.begin import drafted, evidence, remember, to_read
from blastlint.drafting.copies import kept, source_of
from blastlint.drafting.files import check_id
from blastlint.drafting.memory import FILE, OPEN, Memory, as_text, digest_of, remembered
from blastlint.drafting.rows import Wishes
from blastlint.drafting.sources import slug, sources
from blastlint.drafting.updating import Changes, update
from blastlint.drafting.worklist import items
from blastlint.drafting.writing import ROOT, Given, new_files
from blastlint.editing.differences import unified
from blastlint.inventory.discovery import checkout
from blastlint.inventory.loading import load
from blastlint.inventory.shape import EVIDENCE_FOLDER
from blastlint.output import write_all
from blastlint.source import EVIDENCE, OWN, InputError, Problem, Root, parse, shown
from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from blastlint.drafting.copies import Kept
    from blastlint.drafting.rows import Draft
    from blastlint.drafting.worklist import Item
    from blastlint.inventory.loading import Inventory

__all__ = ["Drafted", "draft_inventory", "put_down"]

FOLDER = "inventory"
"""Where a new inventory is written if nobody says."""
_AGENT = "agent"
"""Id of an agent that nobody names."""


@dataclass(slots=True)
class Drafted:
    """What is to be written, and what is to be said."""

    folder: str
    is_new: bool
    changes: Changes = field(default_factory=Changes)
    """Files of the inventory that change, the copies of evidence among them."""
    removed: list[str] = field(default_factory=list)
    """Copies of evidence that are no longer in their source."""
    passed_over: list[Problem] = field(default_factory=list)
    """Files of folders that nothing was drafted from."""
    worklist: list[Item] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    """Rows by section."""

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write or to remove."""
        return bool(self.changes.files or self.removed)

    def diff(self) -> str:
        """Return what would change as a unified diff; of evidence, which files."""
        root = Root(self.folder, self.folder)
        parts: list[str] = []
        for file, data in sorted(self.changes.files.items()):
            there = root.exists(file)
            if file.startswith(f"{EVIDENCE_FOLDER}/"):
                parts.append(f"{'changed' if there else 'new'}: {root.show(file)}\n")
                continue
            before = root.read_bytes(file, OWN.max_bytes).decode() if there else ""
            parts.append(unified(root.show(file), before, data.decode()))
        return "".join([*parts, *(f"removed: {root.show(file)}\n" for file in self.removed)])


def draft_inventory(  # noqa: PLR0917 -- one for each option of the command
    given: Sequence[str], folder: str, agent: str, owner: str, runs_as: str, as_of: date
) -> Drafted:
    """Draft an inventory, or what has to change in one that was drafted before; write nothing.

    Args:
        given: files and folders, as `[NAME=][KIND:]PATH`; none: what was read the last time.
        folder: where it lies; empty: this folder if it is an inventory, else `inventory`.
        agent: id of the agent that has the tools; empty: the one that is there.
        owner: team that answers for the agent; may be empty.
        runs_as: principal that the agent acts as; may be empty.
        as_of: day of the draft.

    Raises:
        InputError: something cannot be read, or is laid out in a way that is not edited.
    """
    check_id(agent, "an agent")
    check_id(owner, "a team")
    folder = folder or ("." if os.path.exists(ROOT) else FOLDER)
    there = load([folder])[0] if os.path.exists(os.path.join(folder, ROOT)) else None
    memory = remembered(Root(folder, folder)) if there else Memory()
    wishes = _wishes(memory, there, {"agent": agent, "owner": owner, "runs_as": runs_as}, as_of)
    asked, left = to_read(given, folder, memory, checkout(os.path.realpath(folder)))
    read, passed_over = sources(asked)
    keeps = {source.name: kept(source, folder) for source in read}
    draft = drafted(read, wishes)
    evidence(read, keeps, memory, wishes, draft)
    done = Drafted(folder, there is None, passed_over=passed_over)
    done.counts = Counter(row.section for row in draft.rows.values())
    before = memory.copies
    done.changes = _changes(there, draft, memory, keeps, Given.from_day(as_of), folder)
    remember(memory, asked, left, folder, read, keeps, draft)
    done.changes.said += [
        f"not read again, for it lies outside of this checkout: {one.path}; name it with --from"
        for one in left
    ]
    _copy(done, keeps, before, memory)
    done.worklist = items(draft, _open_cells(done, there))
    return done


def _wishes(memory: Memory, there: Inventory | None, now: dict[str, str], as_of: date) -> Wishes:
    """Return what is said now, else what was said the last time, else what the inventory says."""
    only = next(iter(there.agents)) if there and len(there.agents) == 1 else _AGENT
    said = {"agent": only, **memory.wishes, **{key: text for key, text in now.items() if text}}
    memory.wishes = said
    return Wishes(said["agent"], as_of, said.get("owner", ""), said.get("runs_as", ""))


def _changes(  # noqa: PLR0917 -- what a draft is held against
    there: Inventory | None,
    draft: Draft,
    memory: Memory,
    keeps: Iterable[str],
    days: Given,
    folder: str,
) -> Changes:
    if there:
        return update(there, draft.rows.values(), memory, tuple(keeps), days)
    name = _called(folder)
    texts = new_files(name, draft.rows.values(), days)
    return Changes({file: text.encode() for file, text in texts.items()})


def _called(folder: str) -> str:
    """Return what a new inventory is called: as its folder, or the one around it."""
    path, last = os.path.split(os.path.abspath(folder))
    return slug(os.path.basename(path) if last == FOLDER else last) or _AGENT


def _copy(done: Drafted, keeps: Mapping[str, Kept], before: Iterable[str], memory: Memory) -> None:
    """Add the copies of evidence that are new or differ, and the memory itself."""
    root = Root(done.folder, done.folder)
    files = {file: data for own in keeps.values() for file, data in own.copies.items()}
    files[FILE] = as_text(memory).encode()
    for file, data in files.items():
        if not (root.exists(file) and root.read_bytes(file, EVIDENCE.max_bytes) == data):
            done.changes.files[file] = data
    gone = (file for file in before if source_of(file) in keeps and file not in files)
    done.removed = [file for file in gone if root.exists(file)]


def put_down(done: Drafted) -> None:
    """Write a draft to its folder: all of its files, or none.

    Raises:
        InputError: something cannot be written.
    """
    paths = [(os.path.join(done.folder, file), data) for file, data in done.changes.files.items()]
    try:
        for path, _ in paths:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        _refuse_links(done)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        message = f"cannot write {shown(done.folder)}: {reason}"
        raise InputError(Problem(message, help="choose another --output")) from None
    write_all(paths)
    for file in done.removed:
        os.unlink(os.path.join(done.folder, file))


def _refuse_links(done: Drafted) -> None:
    """Write nothing through a link: it may lead out of the inventory.

    Raises:
        InputError: a folder on the way to a file is one.
    """
    root = Root(done.folder, done.folder)
    for file in (*done.changes.files, *done.removed):
        above = os.path.dirname(file)
        if above and not root.is_directory(above):
            message = f"{shown(root.show(above))} is a link, or no folder"
            raise InputError(Problem(message, help="put the folder itself here"))


def _open_cells(done: Drafted, there: Inventory | None) -> dict[tuple[str, str], frozenset[str]]:
    """Return the cells that are open in the files as they will be."""
    texts = {document.file: document.value for document in there.documents} if there else {}
    for file, data in done.changes.files.items():
        if file.endswith((".yaml", ".yml")) and not file.startswith("evidence/"):
            shown = Root(done.folder, done.folder).show(file)
            texts[shown] = parse(data, shown)[0].value
    found: dict[tuple[str, str], frozenset[str]] = {}
    for value in texts.values():
        for section, rows in value.items():
            for name, row in rows.items() if isinstance(rows, dict) else ():
                cells = row.items() if isinstance(row, dict) else ()
                found[section, name] = frozenset(
                    field for field, cell in cells if digest_of(cell) == OPEN
                )
    return found
