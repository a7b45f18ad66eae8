"""Makes the repairs that rules and problems offer, judges again, and tells what is left.

Everything happens in memory until nothing is left to repair; then each file is written whole.
Evidence, packs and files outside of an inventory's folder are never touched.
"""

from __future__ import annotations

import os

from blastlint.check import report_on
from blastlint.editing import Revision
from blastlint.editing.differences import unified
from blastlint.inventory import discovery
from blastlint.inventory.loading import load_places
from blastlint.judging import gathers, in_git, names
from blastlint.output import rewrite
from blastlint.repair import repair_of_problem
from blastlint.reporters.escape import shown as escaped
from blastlint.reporters.words import count
from blastlint.selection import Selection
from blastlint.source import InputError, Problem, Root, shown
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from blastlint.finding import Finding, Report
    from blastlint.inventory.discovery import Place
    from blastlint.repair import Repair

    Offer = tuple[Repair, str]
    """A repair, and what asks for it, in words."""

ROUNDS = 50
"""A repair can make room for another one; nobody has seen more than a few rounds."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that repairs change."""

    root: Root
    """The folder that it lies in."""
    relative: str
    before: bytes
    after: bytes

    @property
    def file(self) -> str:
        """Its path as shown to people."""
        return self.root.show(self.relative)

    def diff(self) -> str:
        """Return what changes in it."""
        texts = (data.decode("utf-8-sig") for data in (self.before, self.after))
        return unified(self.file, *texts)


class Fixed:
    """What repairs change, and what is found then."""

    def __init__(
        self,
        changes: Sequence[Change],
        made: Sequence[str],
        left: Sequence[str],
        outcome: Report | tuple[Problem, ...],
    ) -> None:
        self.changes = changes
        self.made = made
        """Every repair, in words."""
        self.left = left
        """Every repair that could not be made, and why."""
        self._outcome = outcome

    def judged(self) -> Report:
        """Return the report of what is left.

        Raises:
            InputError: it cannot be judged; with every problem that is left.
        """
        if isinstance(self._outcome, tuple):
            raise InputError(*self._outcome)
        return self._outcome

    def diff(self) -> str:
        """Return what changes in all files.

        Raises:
            InputError: nothing changes, and what is there cannot be judged.
        """
        if not self.changes:
            self.judged()
        return "".join(change.diff() for change in self.changes)

    def write(self) -> None:
        """Write every file that changes.

        Raises:
            InputError: one cannot be written, or has changed since it was read.
        """
        rewrite([(one.root, one.relative, one.before, one.after) for one in self.changes])

    def summary(self) -> str:
        """Return what was done, a line for each repair."""
        lines = [*self.made, *(f"not done: {why}" for why in self.left)]
        files = f" in {count(len(self.changes), 'file')}" if self.changes else ""
        lines.append(f"{count(len(self.made), 'repair')}{files}")
        return "".join(f"{escaped(line)}\n" for line in lines)


def refuse_beside(options: argparse.Namespace) -> None:
    """Refuse what does not go with repairs.

    Raises:
        InputError: an option does not go with another one.
    """
    if in_git(options):
        message = "--fix and --diff change the files on the disk, and git was asked for others"
        help_ = "leave out --staged, --new-from and --trust-from"
        raise InputError(Problem(message, help=help_))
    if options.unsafe and not (options.fix or options.diff):
        message = "--unsafe says which repairs to make, and none were asked for"
        raise InputError(Problem(message, help="add --fix, or --diff to look first"))
    if options.diff and options.outputs:
        message = "--diff prints a difference and no report"
        raise InputError(Problem(message, help="leave out --format and --output"))


def fixed(options: argparse.Namespace, as_of: date) -> Fixed:
    """Work out all repairs of some inventories, in memory, and judge what is left.

    Raises:
        InputError: a path holds no inventory, or a rule cannot be read.
    """
    selection = Selection(names(options.select), names(options.ignore))
    return _Bench(options, as_of, selection).work()


class _Edited(Root):
    """A folder in which some files have other content than on the disk."""

    def __init__(self, directory: str, shown: str, contents: dict[str, bytes]) -> None:
        super().__init__(directory, shown)
        self.contents = contents

    def read_bytes(self, relative: str, max_bytes: int) -> bytes:
        """Return a file's content as it is to be, or as it is."""
        found = self.contents.get(os.path.join(self.directory, relative))
        return super().read_bytes(relative, max_bytes) if found is None else found


class _Bench:
    """Inventories that are being repaired."""

    def __init__(self, options: argparse.Namespace, as_of: date, selection: Selection) -> None:
        self.options = options
        self.as_of = as_of
        self.selection = selection
        self.contents: dict[str, bytes] = {}
        """Absolute path to what the file is to hold."""
        self.origins: dict[str, tuple[Root, str, bytes]] = {}
        """Absolute path to where it lies, and what it held."""
        self.made: list[str] = []
        self.left: dict[str, None] = {}
        self.folders: set[str] = set()
        """Folders of the inventories."""

    def work(self) -> Fixed:
        """Repair until nothing is left to repair."""
        outcome, offers = self.judge()
        for _ in range(ROUNDS):
            if not self.apply(offers):
                break
            worked = not isinstance(outcome, tuple)
            outcome, offers = self.judge()
            if worked and isinstance(outcome, tuple):
                raise RuntimeError(f"a repair broke an inventory: {outcome[0]}")
        changes = [
            Change(root, relative, before, self.contents[path])
            for path, (root, relative, before) in sorted(self.origins.items())
            if self.contents[path] != before
        ]
        return Fixed(changes, self.made, list(self.left), outcome)

    def judge(self) -> tuple[Report | tuple[Problem, ...], list[Offer]]:
        """Return what is found as the files are now, and the repairs that are offered."""
        places, problems = discovery.places(self.options.paths)
        self.folders = {place.directory for place in places}
        try:
            inventories = load_places([self.opened(place) for place in places], problems)
            report = report_on(
                inventories,
                self.as_of,
                self.options.rules,
                self.selection,
                gather=gathers(self.options),
            )
        except InputError as error:
            return error.problems, list(_of_problems(error.problems))
        return report, list(_of_findings(report.findings))

    def opened(self, place: Place) -> Place:
        """Return a place whose files are read as they are to be."""
        return replace(place, open=lambda folder, shown: _Edited(folder, shown, self.contents))

    def apply(self, offers: Iterable[Offer]) -> bool:
        """Make the repairs that do not meet each other; return whether anything changed."""
        by_file: dict[str, list[Offer]] = {}
        for repair, why in offers:
            path = self.path(repair) if repair.safe or self.options.unsafe else ""
            if path and not any(_meet(repair, other) for other, _ in by_file.get(path, ())):
                by_file.setdefault(path, []).append((repair, why))
        changed = [self.revise(path, some) for path, some in by_file.items()]
        return any(changed)

    def path(self, repair: Repair) -> str:
        """Return the absolute path of the file that a repair changes; nothing if it may not."""
        home = repair.document.home if repair.document else None
        if home is None or home[0].directory not in self.folders:
            return ""
        return os.path.join(home[0].directory, home[1])

    def revise(self, path: str, offers: list[Offer]) -> bool:
        """Make some repairs of one file, from its end to its beginning."""
        document = offers[0][0].document
        if document is None or document.home is None:
            return False
        revision = Revision(document)
        for repair, why in sorted(offers, key=_place, reverse=True):
            try:
                _make(revision, repair)
            except (InputError, ValueError) as error:
                self.left[f"{document.file}: {repair.title} ({why}): {error}"] = None
            else:
                self.made.append(f"{document.file}: {repair.title} ({why})")
        root, relative = document.home
        self.origins.setdefault(path, (Root(root.directory, root.shown), relative, document.data))
        self.contents[path] = revision.data
        return revision.is_changed


def _of_findings(findings: Iterable[Finding]) -> Iterator[Offer]:
    """Yield the repairs of findings that nobody has accepted."""
    for finding in findings:
        if finding.repair and finding.waiver is None:
            yield finding.repair, f"{finding.rule} on {shown(str(finding.subject))}"


def _of_problems(problems: Iterable[Problem]) -> Iterator[Offer]:
    for problem in problems:
        repair = repair_of_problem(problem)
        if repair:
            yield repair, problem.message


def _meet(one: Repair, other: Repair) -> bool:
    """Return whether two repairs of a file change the same thing, or one what holds the other."""
    shared = min(len(one.pointer), len(other.pointer))
    return one.pointer[:shared] == other.pointer[:shared]


def _place(offer: Offer) -> tuple[int, tuple[str, ...]]:
    """Return where a repair begins: what it changes, or what would hold it."""
    repair, _ = offer
    pointer = repair.pointer
    while repair.document and pointer:
        try:
            return repair.document.extent(pointer)[0], tuple(map(str, repair.pointer))
        except KeyError:
            pointer = pointer[:-1]
    return 0, ()


def _make(revision: Revision, repair: Repair) -> None:
    if repair.verb == "take":
        revision.take(repair.pointer)
    elif repair.verb == "rename":
        revision.rename(repair.pointer, str(repair.value))
    else:
        revision.put(repair.pointer, repair.value)
