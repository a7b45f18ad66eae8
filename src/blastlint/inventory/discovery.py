"""Which inventories a run is about, and which files each of them is made of.

A folder with a file `inventory.yaml` is an inventory; every other YAML file below it belongs to
it, except what lies in a folder `evidence`, in a rule pack that its policy names, in a hidden
folder, or in a folder with an `inventory.yaml` of its own, which is an inventory of its own. A
file named on the command line is an inventory by itself.

An inventory may include files from outside its folder, but only from inside what encloses it: the
git checkout it lies in, or, outside any checkout, the path given on the command line. So a pull
request can share files across the repository and can make nobody read the rest of the machine.
"""

from __future__ import annotations

import os

from blastlint.inventory.shape import EVIDENCE_FOLDER
from blastlint.source import InputError, Location, Problem, Root, Span, shown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Protocol

    class Tree(Protocol):
        """Files that do not lie on the disk, such as those of a git revision."""

        @property
        def name(self) -> str:
            """What the tree is, in words."""

        @property
        def top(self) -> str:
            """Absolute path of the folder that they are the content of."""

        @property
        def files(self) -> Mapping[str, object]:
            """Every file, by its path from the top."""

        @property
        def folders(self) -> Collection[str]:
            """Every folder's path from the top; the top itself is the empty path."""

        def root(self, directory: str, shown: str) -> Root:
            """Return a folder to read from: its path from the top, with a slash before it."""


ROOT_FILE = "inventory.yaml"
"""Name of the file that makes a folder an inventory."""

BASELINE_FILE = "blastlint-baseline.yaml"
"""Name of the file of known findings: it belongs to no inventory, wherever it lies."""
_MISNAMED = ("inventory.yml", "inventory.json", "Inventory.yaml")
_FORM = f"an inventory is a folder with a file {ROOT_FILE}, or one file that holds everything"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one inventory lies."""

    directory: str
    """Absolute path of its folder, without links."""
    file: str
    """Its root file, relative to the folder."""
    shown: str
    """The folder as people call it."""
    enclosure: str
    """Absolute path of the folder that its includes may not leave."""
    alone: bool
    """True if a file was named: nothing beside it belongs to the inventory."""
    open: Callable[[str, str], Root] = Root
    """Opens a folder by its path and what people call it: on the disk, or in a tree."""

    @property
    def root(self) -> Root:
        """The folder, to read from."""
        return self.open(self.directory, self.shown)


def places(paths: Sequence[str]) -> tuple[list[Place], list[Problem]]:
    """Return the inventories below some paths, each once, and what is wrong with the paths."""
    found: dict[tuple[str, str], Place] = {}
    problems: list[Problem] = []
    for path in paths or ["."]:
        try:
            below = tuple(_below(path))
        except InputError as error:
            problems += error.problems
            continue
        for place in below:
            key = (place.directory, place.file)
            if key not in found or found[key].alone:
                found[key] = place
    return list(found.values()), problems


def places_in(tree: Tree, paths: Sequence[str]) -> list[Place]:
    """Return the inventories of a tree below some paths; a path that it does not hold has none.

    Raises:
        InputError: a path lies outside of the tree.
    """
    found: dict[tuple[str, str], Place] = {}
    for path in paths or ["."]:
        for place in _inside(tree, path):
            key = (place.directory, place.file)
            if key not in found or found[key].alone:
                found[key] = place
    return list(found.values())


def home(file: str, top: str, is_there: Callable[[str], bool] = os.path.lexists) -> Place | None:
    """Return the inventory in whose folder a file lies: the nearest one above it, if any.

    Args:
        file: absolute path.
        top: folder above which none is looked for, unless the git checkout reaches higher.
        is_there: tells whether there is something at a path.
    """
    folder = os.path.dirname(file)
    inside = folder == top or folder.startswith(os.path.join(top, ""))
    last = checkout(folder) or (top if inside else folder)
    while not is_there(os.path.join(folder, ROOT_FILE)):
        if folder == last:
            return None
        folder = os.path.dirname(folder)
    return _place(folder, top if inside else folder, ROOT_FILE, alone=False)


def alone(file: str) -> Place:
    """Return the inventory that one file is, by its absolute path."""
    folder, name = os.path.split(file)
    return _place(folder, folder, name, alone=True)


def files(place: Place, packs: Iterable[str]) -> Iterator[str]:
    """Yield the files that merge into an inventory, sorted, its root file left out."""
    if place.alone:
        return
    inside = [os.path.normpath(pack).replace(os.sep, "/") + "/" for pack in packs]
    others: dict[str, bool] = {"": False}
    for file in place.root.walk():
        folder, _, name = file.rpartition("/")
        passed_over = name == BASELINE_FILE or file == place.file
        if passed_over or _is_foreign(place, folder, others):
            continue
        if not any(file.startswith(pack) for pack in inside):
            yield file


def included(place: Place, path: str) -> tuple[Root, str]:
    """Return where to read a file that an inventory includes.

    Raises:
        InputError: the path is not relative, or leaves what encloses the inventory.
    """
    target = os.path.normpath(os.path.join(place.directory, path))
    if os.path.isabs(path) or not path.isprintable() or "\\" in path:
        raise InputError(Problem(f"{shown(path)} is not a path relative to this file"))
    if os.path.commonpath([place.enclosure, target]) != place.enclosure:
        raise InputError(
            Problem(
                f"{shown(path)} lies outside of what encloses this inventory",
                help="include files of the same git checkout, or check a folder that holds both",
            )
        )
    common = os.path.commonpath([place.directory, os.path.dirname(target)])
    up = os.path.relpath(common, place.directory)
    name = os.path.normpath(os.path.join(place.shown or ".", up)).replace(os.sep, "/")
    return place.open(common, "" if name == "." else name), os.path.relpath(target, common)


def _below(path: str) -> Iterator[Place]:
    """Yield the inventories that a path of the command line names, sorted."""
    if os.path.isfile(path):
        folder, file = os.path.split(path)
        yield _place(folder or ".", folder or ".", file, alone=True)
        return
    if not os.path.isdir(path):
        reason = "is no file and no folder" if os.path.exists(path) else "does not exist"
        raise InputError(Problem(f"{shown(path)} {reason}", help=_FORM))
    roots = list(_roots(path))
    if not roots:
        misnamed = next(
            (name for name in _MISNAMED if os.path.lexists(os.path.join(path, name))), ""
        )
        advice = f"rename {misnamed} to {ROOT_FILE}" if misnamed else _FORM
        raise InputError(Problem(f"no inventory found in {shown(path)}", help=advice))
    for folder in roots:
        yield _place(folder, path, ROOT_FILE, alone=False)


def _inside(tree: Tree, path: str) -> Iterator[Place]:
    """Yield the inventories that a path names in a tree, sorted."""
    below = from_top(tree.top, path)
    if below is None:
        help_ = "name a folder of this checkout"
        raise InputError(Problem(f"{shown(path)} lies outside of the repository", help=help_))
    if below in tree.files:
        folder, _, file = below.rpartition("/")
        yield _in_tree(tree, folder, file, alone=True)
        return
    start = f"{below}/" if below else ""
    for folder in sorted(tree.folders):
        listed = f"{folder}/".startswith(start) and not _is_passed_over(folder[len(start) :])
        if listed and (f"{folder}/{ROOT_FILE}" if folder else ROOT_FILE) in tree.files:
            yield _in_tree(tree, folder, ROOT_FILE, alone=False)


def from_top(top: str, path: str) -> str | None:
    """Return a path of the command line as it is called from the top of a tree, if it lies in it.

    A link on the disk leads nowhere in a tree, so a path counts by its own name, if it can.
    """
    named = os.path.normpath(os.path.join(os.path.realpath(os.curdir), path))
    for found in (named, os.path.realpath(path)):
        below = os.path.relpath(found, top).replace(os.sep, "/")
        if below != ".." and not below.startswith("../"):
            return "" if below == "." else below
    return None


def _is_passed_over(folder: str) -> bool:
    return any(name.startswith(".") or name == EVIDENCE_FOLDER for name in folder.split("/"))


def _in_tree(tree: Tree, folder: str, file: str, *, alone: bool) -> Place:
    called = os.path.relpath(os.path.join(tree.top, folder)).replace(os.sep, "/")
    return Place(f"/{folder}", file, "" if called == "." else called, "/", alone, tree.root)


def _roots(path: str) -> Iterator[str]:
    """Yield the folders at or below a path that hold a root file, parents first; no links."""
    left = [path]
    while left:
        here = left.pop()
        try:
            with os.scandir(here) as entries:
                inside = sorted(entries, key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            raise _unreadable(here, error) from None
        if any(entry.name == ROOT_FILE for entry in inside):
            yield here
        left += [os.path.join(here, entry.name) for entry in inside if _may_hold(entry)]


def _may_hold(entry: os.DirEntry[str]) -> bool:
    """Tell whether inventories are looked for in a folder."""
    hidden = entry.name.startswith(".") or entry.name == EVIDENCE_FOLDER
    return not hidden and entry.is_dir(follow_symlinks=False)


def _place(folder: str, given: str, file: str, *, alone: bool) -> Place:
    directory = os.path.realpath(folder)
    enclosure = checkout(directory) or os.path.realpath(given)
    return Place(directory, file, _called(folder), enclosure, alone)


def _called(folder: str) -> str:
    """Return a folder as people call it: relative to where they are, if it lies below."""
    here = os.path.relpath(folder)
    called = folder if here.startswith("..") and os.path.isabs(folder) else here
    called = os.path.normpath(called).replace(os.sep, "/")
    called = "".join(character if character.isprintable() else "?" for character in called)
    return "" if called == "." else called


def checkout(directory: str) -> str:
    """Return the top of the git checkout around a folder, or nothing."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        directory, name = os.path.split(directory)
        if not name:
            return ""
    return directory


def _is_foreign(place: Place, folder: str, known: dict[str, bool]) -> bool:
    """Tell whether a folder below an inventory belongs to evidence or to another inventory."""
    if folder in known:
        return known[folder]
    names = folder.split("/")
    above = ["/".join(names[: depth + 1]) for depth in range(len(names))]
    known[folder] = EVIDENCE_FOLDER in names or any(
        place.root.exists(f"{name}/{ROOT_FILE}") for name in above
    )
    return known[folder]


def _unreadable(path: str, error: OSError) -> InputError:
    name = _called(path)
    reason = (error.strerror or "cannot be read").lower()
    return InputError(Problem(f"{shown(name)}: {reason}", Location(name, Span(1, 1, 1, 1))))
