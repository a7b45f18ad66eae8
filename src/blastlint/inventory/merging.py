"""Puts one inventory together from its files, and notes what does not fit."""

from __future__ import annotations

import os
from itertools import islice

from blastlint.inventory import discovery
from blastlint.inventory.policy import PolicyValues
from blastlint.inventory.reading import Notes, read_file
from blastlint.inventory.record import as_written, at, cells, document_of
from blastlint.inventory.recurrence import LONGEST, MOST_TIMES, unreadable
from blastlint.inventory.references import dangling, unknown_zones
from blastlint.inventory.shape import shape
from blastlint.progress import through
from blastlint.source import InputError, Location, Problem, Span, read, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from blastlint.inventory.discovery import Place
    from blastlint.inventory.policy import Said
    from blastlint.source import Document, Root

MOST_PROBLEMS = 1000
"""Problems after which no further file of an inventory is read."""


class Draft:
    """An inventory in the making."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.notes = Notes()
        self.documents: list[Document] = []
        self.name = ""
        self.sections: dict[str, dict[str, Any]] = {}
        self.postmortem_template: Any = None
        self.origins: dict[tuple[str, ...], Document] = {}
        """What is claimed once, to the file that claims it: (section, id), (policy, field), …"""
        self.thresholds: dict[str, Any] = {}
        self.rules: dict[str, Said] = {}
        self.unsure: set[str] = set()
        """Sections whose ids are not all known, because something could not be read."""
        self.seen: set[str] = set()
        """Absolute paths of the files read."""

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong so far."""
        return self.notes.problems

    def read_all(self) -> None:
        """Read the root file, the files that belong to it, and those that it includes."""
        root = self.place.root
        main = self.read(root, self.place.file, is_root=True)
        packs = main.policy.packs or () if main and main.policy else ()
        for relative in through(self.files(packs), "reading", "files"):
            if self.is_hopeless(root.show(relative)):
                return
            self.read(root, relative)
        for index, path in enumerate((main and main.include) or ()):
            self.include(path, at(main, "include", index))

    def files(self, packs: Iterable[str]) -> list[str]:
        """Return the files that belong to it, as far as they can be listed."""
        found: list[str] = []
        try:
            for relative in discovery.files(self.place, packs):
                found.append(relative)  # noqa: PERF402 -- those before an error are read, too
        except InputError as error:
            self.give_up(error)
        return found

    def is_hopeless(self, file: str) -> bool:
        """Tell, and note, when there is no use in reading on."""
        if len(self.problems) < MOST_PROBLEMS:
            return False
        place = Location(file, Span(1, 1, 1, 1))
        self.problems.append(Problem("not read any more", place, "solve the other problems first"))
        self.unsure.update(shape().sections)
        return True

    def include(self, path: str, place: Location) -> None:
        """Read a file that the root file includes, unless it belongs to the inventory anyway."""
        try:
            root, relative = discovery.included(self.place, path)
        except InputError as error:
            self.give_up(InputError(*(replace(found, location=place) for found in error.problems)))
            return
        self.read(root, relative, included=place.noted("included here"))

    def read(
        self, root: Root, relative: str, *, is_root: bool = False, included: Location | None = None
    ) -> Any:  # noqa: ANN401 -- a record, or None
        """Read and merge one file, once; return what it says."""
        path = os.path.join(root.directory, relative)
        if path in self.seen:
            return None
        self.seen.add(path)
        try:
            document = read(root, relative)
        except InputError as error:
            self.give_up(error, *((included,) if included else ()))
            return None
        said: Any = read_file(document, shape(), self.notes, root=is_root)
        if said is None:
            self.unsure.update(shape().sections)
            return None
        self.documents.append(document)
        self.merge(said)
        return said

    def give_up(self, error: InputError, *related: Location) -> None:
        """Note that a file could not be read: what it would have said is not known."""
        self.notes.problems += [
            replace(problem, related=(*problem.related, *related)) for problem in error.problems
        ]
        self.unsure.update(shape().sections)

    # --- merging ---

    def merge(self, said: Any) -> None:  # noqa: ANN401 -- a record
        """Add what one file says."""
        document = document_of(said)
        for name, cell in cells(said).items():
            if name in shape().sections:
                self.merge_section(name, cell, as_written(said)[name], document)
            elif name == "policy" and cell is not None:
                self.merge_policy(cell, document)
            elif name == "postmortem_template" and self.claim((name,), document, (name,)):
                self.postmortem_template = cell
            elif name == "name":
                self.name = cell

    def merge_section(self, name: str, entries: Any, written: Any, document: Document) -> None:  # noqa: ANN401 -- read, raw
        """Add the entities of one section of one file."""
        if not isinstance(written, dict):
            self.unsure.add(name)
            return
        for id_ in written:
            self.claim((name, id_), document, (name, id_))
        self.sections.setdefault(name, {}).update(entries)

    def merge_policy(self, cell: Any, document: Document) -> None:  # noqa: ANN401 -- a record
        """Add what one file says about thresholds and rules."""
        for name, value in cells(cell).items():
            if name == "rules":
                for rule in as_written(cell)[name] if value is not None else ():
                    self.claim(("policy", name, rule), document, ("policy", name, rule))
                self.rules.update(value or {})
            elif name == "packs" and document is not self.documents[0]:
                where = document.at(("policy", name), key=True)
                self.problems.append(
                    Problem("rule packs are named in the root file only", where, "move them there")
                )
            elif self.claim(("policy", name), document, ("policy", name)):
                self.thresholds[name] = value

    def claim(self, what: tuple[str, ...], document: Document, pointer: tuple[str, ...]) -> bool:
        """Tell whether nobody has said this before; if somebody has, that is a problem."""
        first = self.origins.setdefault(what, document)
        if first is document:
            return True
        where = document.at(pointer, key=True)
        before = first.at(pointer, "first written here", key=True)
        name = shown(what[-1]) if len(what) > 1 else f"'{what[0]}'"
        message = f"{name} stands in two files of this inventory"
        self.problems.append(
            Problem(message, where, "remove one of the two", (before,), "duplicate-id")
        )
        return False

    def policy(self) -> PolicyValues:
        """Return the merged policy, with defaults for what no file states."""
        origins = {what[1:]: file for what, file in self.origins.items() if what[0] == "policy"}
        home = self.documents[0]
        return PolicyValues(home, **self.thresholds, rules=self.rules, origins=origins)

    # --- checks of the whole ---

    def check(self) -> None:
        """Note what does not fit together."""
        self.documents[1:] = sorted(self.documents[1:], key=lambda document: document.file)
        ids: dict[str, set[str]] = {
            section: set() for section in shape().sections if section not in self.unsure
        }
        for what in self.origins:
            if what[0] in ids:
                ids[what[0]].add(what[1])
        self.notes.problems += dangling(self.notes.references, ids)
        self.notes.problems += unknown_zones(self.notes.references)
        self.notes.problems += islice(unreadable(self.sections), MOST_TIMES)
        self.check_horizon()
        if self.documents and not ids.get("agents", {"unsure"}):
            place = self.documents[0].at(("agents",), key=True)
            advice = "describe at least one agent in the section agents"
            self.problems.append(Problem("no agent is declared, nothing to judge", place, advice))

    def check_horizon(self) -> None:
        """Note a horizon so far away that counting up to it takes too long."""
        horizon = self.thresholds.get("horizon")
        if horizon is not None and horizon > LONGEST:
            place = self.policy().at("horizon")
            self.problems.append(Problem("the horizon is too far away", place, "366d at most"))
