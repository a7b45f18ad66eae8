"""What a change does: both sides are judged by the same day and rules, and compared."""

from __future__ import annotations

import os
import posixpath
from contextlib import ExitStack
from functools import cache

from blastlint.baseline import marked, weights
from blastlint.check import report_on
from blastlint.compare import compare
from blastlint.finding import Report
from blastlint.git import Repository, Snapshot
from blastlint.inventory.discovery import from_top, places_in
from blastlint.inventory.loading import found_in, hold_to, load, moved_agents
from blastlint.inventory.pairing import paired
from blastlint.selection import Selection
from blastlint.source import InputError, Problem, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from blastlint.compare import Change, Comparison
    from blastlint.inventory.loading import Inventory
    from blastlint.rules import Pack
    from blastlint.source import Location

    Side = Report | Snapshot | str
    """A saved report, a revision, or a folder."""

_YAML = (".yaml", ".yml")
_OUTWARDS = ("..", "\\")


def review(
    base: str,
    head: str,
    paths: Sequence[str],
    *,
    as_of: date,
    packs: Sequence[str],
    selection: Selection,
    trust_base: bool = False,
) -> Comparison:
    """Compare two sides: revisions of the repository around, folders, or saved JSON reports.

    Args:
        base: what there was.
        head: what there is; empty: the files as they lie on the disk.
        paths: inventories to look at in a revision; none means all below the current folder.
        as_of: the day of judgement of both.
        packs: folders with further rules.
        selection: the rules that judge.
        trust_base: judge the head by the policy, waivers and baseline of the base.

    Raises:
        InputError: a side is not there, or cannot be judged.
    """
    with ExitStack() as stack:
        around = cache(Repository)
        sides = [_side(name, stack, around) for name in (base, head)]
        if trust_base and any(isinstance(side, Report) for side in sides):
            help_ = "name revisions or folders: a saved report was judged by its own policy"
            raise InputError(Problem("--trust-base does not fit a saved report", help=help_))
        rules = _packs_of(sides[0], packs) if trust_base else packs
        if isinstance(sides[0], Snapshot) and isinstance(sides[1], Snapshot):
            paths = _touched(sides[0], sides[1], paths)
            if not paths:
                return compare(*(report_on((), as_of, rules, selection) for _ in sides))
        before, after = (_inventories(side, paths) for side in sides)
        if trust_base:
            _trust(after or (), before or ())
        reports = [
            side if isinstance(side, Report) else report_on(found or (), as_of, rules, selection)
            for side, found in zip(sides, (before, after), strict=True)
        ]
        found = compare(reports[0], reports[1])
        return replace(found, widened=tuple(_anchored(found, _changed_lines(sides))))


def check_in_git(
    paths: Sequence[str],
    *,
    as_of: date,
    packs: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    staged: bool = False,
    new_from: str | None = None,
    trust_from: str | None = None,
    gather: bool = False,
) -> Report:
    """Judge inventories with the help of git.

    Args:
        paths: folders or files; none means the current folder.
        as_of: the day of judgement.
        packs: folders with further rules.
        select: ids of the only rules to judge by; none means all.
        ignore: ids of rules to leave out.
        staged: judge what the next commit will hold, not what lies on the disk.
        new_from: revision since which findings count; those that it has are known.
        trust_from: revision from which policy, packs, waivers and baselines are taken.
        gather: whether an output tells what is known beside the findings.

    Raises:
        InputError: a revision is not there, or something cannot be judged.
    """
    selection = Selection(select, ignore)
    repository = Repository()
    with ExitStack() as stack:
        tree = stack.enter_context(repository.staged()) if staged else None
        inventories = found_in(tree, paths) if tree else load(paths)
        trusted: Snapshot | None = None
        rules: Sequence[Pack] = packs
        if trust_from:
            trusted = stack.enter_context(repository.revision(trust_from))
            rules = _packs_of(trusted, packs)
            gone = _trust(inventories, found_in(trusted, paths, required=False))
            if gone:
                raise InputError(*(_gone(inventory, trusted) for inventory in gone))
        report = report_on(inventories, as_of, rules, selection, gather=gather)
        if new_from is None:
            return report
        base = stack.enter_context(repository.revision(new_from))
        before = found_in(base, paths, required=False)
        if trusted:
            hold_to(before, found_in(trusted, paths, required=False))
        return _only_new(report, report_on(before, as_of, rules, selection), new_from)


def _only_new(report: Report, base: Report, name: str) -> Report:
    """Return a report in which the findings are known that an earlier one has, too."""
    keys = (lambda i: (i.root, i.name), lambda i: i.root, lambda i: i.name)
    pairs = paired(base.inventories, report.inventories, keys)
    return replace(
        report,
        inventories=tuple(
            replace(
                now,
                findings=tuple(marked(now.findings, weights(old.findings) if old else {})),
                compared=" and ".join(filter(None, (now.compared, f"revision {name}"))),
            )
            for old, now in pairs
            if now is not None
        ),
    )


# --- what judges --------------------------------------------------------------------------------


def _trust(inventories: Sequence[Inventory], trusted: Sequence[Inventory]) -> tuple[Inventory, ...]:
    """Let inventories be judged by their trusted versions; return those that are gone.

    Raises:
        InputError: the change hands an agent to an inventory with another policy.
    """
    gone = hold_to(inventories, trusted)
    problems = tuple(moved_agents(inventories, trusted))
    if problems:
        raise InputError(*problems)
    return gone


def _gone(inventory: Inventory, tree: Snapshot) -> Problem:
    return Problem(
        f"the inventory {shown(inventory.name)} of {tree.name} is gone, so nobody judges it",
        inventory.location,
        "put it back, or let somebody take it out who may do without --trust-from",
    )


def _packs_of(side: Side, packs: Sequence[str]) -> Sequence[Pack]:
    """Return where packs are read from: those inside a repository from the revision that judges.

    Raises:
        InputError: the revision does not hold one.
    """
    if not isinstance(side, Snapshot):
        return packs
    return [_pack_of(side, pack) for pack in packs]


def _pack_of(tree: Snapshot, pack: str) -> Pack:
    """Return a pack by its own name: a link that the change makes does not lead elsewhere."""
    folder = from_top(tree.top, pack)
    if folder is None:
        return pack
    top = os.path.relpath(tree.top).replace(os.sep, "/")
    root = tree.root("/", "" if top == "." else top)
    if not root.is_directory(folder):
        help_ = "rules that judge a change are not taken from the change itself"
        raise InputError(Problem(f"{tree.name} has no folder {shown(pack)}", help=help_))
    return root, folder


def _side(name: str, stack: ExitStack, around: Callable[[], Repository]) -> Side:
    """Return what a name stands for: a report, a folder that is written as one, or a revision.

    A change can add a folder with the name of a branch, and must not become its own base by that.
    """
    if not name:
        return ""
    if name.endswith(".json") and os.path.isfile(name):
        from blastlint.reporters import saved  # noqa: PLC0415 -- only a saved report needs it

        return saved.load(name)
    if _is_written_as_folder(name) and os.path.isdir(name):
        return name
    if _is_written_as_folder(name) or name.endswith(".json"):
        help_ = "name a revision, a folder, or a report: a file that ends in .json"
        raise InputError(Problem(f"{shown(name)} is no side of a comparison", help=help_))
    try:
        return stack.enter_context(around().revision(name))
    except InputError:
        if not os.path.isdir(name):
            raise
        help_ = f"if the folder is meant, write ./{name}"
        message = f"git knows no revision {shown(name)}"
        raise InputError(Problem(message, help=help_)) from None


def _is_written_as_folder(name: str) -> bool:
    """Return whether a name can be no revision: it starts as a path does, or ends in a slash."""
    starts = name in {".", ".."} or name.startswith(("./", "../", f".{os.sep}", f"..{os.sep}"))
    return starts or os.path.isabs(name) or name.endswith(("/", os.sep))


def _inventories(side: Side, paths: Sequence[str]) -> Sequence[Inventory] | None:
    """Return the inventories of a side; None for a report, which is judged already."""
    if isinstance(side, Snapshot):
        return found_in(side, paths, required=False)
    if isinstance(side, str):
        return load([side] if side else paths)
    return None


# --- what a change can have touched -------------------------------------------------------------


def _touched(base: Snapshot, head: Snapshot, paths: Sequence[str]) -> list[str]:
    """Return the folders of the inventories that may differ between two revisions.

    An inventory is read from its folder, and from what it includes: files elsewhere, which it names
    with `..`. The rest is the same on both sides, byte for byte, and is not read at all.

    Raises:
        InputError: there is no inventory on either side.
    """
    before = {place.directory.strip("/"): base for place in places_in(base, paths)}
    after = {place.directory.strip("/"): head for place in places_in(head, paths)}
    every = {**before, **after}
    if not every:
        help_ = "name a folder that holds an inventory on one of the two sides"
        raise InputError(Problem("no inventory found on either side", help=help_))
    changed = {
        path
        for path in base.files.keys() | head.files.keys()
        if base.files.get(path) != head.files.get(path)
    }
    inside = {folder for path in changed for folder in _above(path)}
    others = {folder: side for folder, side in every.items() if changed and folder not in inside}
    outwards = _looking_out(others)
    return [
        posixpath.join(head.top, folder)
        for folder in sorted(every)
        if folder in inside or folder in outwards
    ]


def _above(path: str) -> Iterator[str]:
    """Yield every folder around a file, the top too."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _looking_out(folders: Mapping[str, Snapshot]) -> set[str]:
    r"""Return the folders of those inventories that may name files outside of them.

    Two dots do, and so may whatever YAML writes with a backslash: `"\x2e."` are two dots as well.
    """
    found: set[str] = set()
    for side in dict.fromkeys(folders.values()):
        own = [folder for folder, one in folders.items() if one is side]
        marked = side.holding(_OUTWARDS, _YAML)
        found.update(folder for folder in own if not marked.isdisjoint(side.below(folder)))
    return found


# --- where a change stands ----------------------------------------------------------------------


def _anchored(comparison: Comparison, is_changed: Callable[[Location], bool]) -> Iterator[Change]:
    """Yield what widened, each with the last line of its way that the change touches."""
    for change in comparison.widened:
        places = [hop.location for hop in change.path.hops if hop.location]
        touched = [place for place in places if is_changed(place)]
        yield replace(change, location=(touched or places)[-1] if places else None)


def _changed_lines(sides: Sequence[Side]) -> Callable[[Location], bool]:
    """Return what tells whether a place of the head lies on a line that the base does not have."""
    base, head = sides
    if isinstance(base, Snapshot) and isinstance(head, Snapshot):
        return lambda place: _differs(base, head, place)
    return lambda _: False


def _differs(base: Snapshot, head: Snapshot, place: Location) -> bool:
    name = os.path.relpath(os.path.realpath(place.file), head.top).replace(os.sep, "/")
    return place.span.line in base.lines_changed(head, name)
