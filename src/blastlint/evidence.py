"""Reads the evidence of an inventory: each named file, by the provider of its kind."""

from __future__ import annotations

from blastlint.inventory.record import at
from blastlint.progress import through
from blastlint.providers import (
    line_files_of,
    lines_read_by,
    passed_over_by,
    provider,
    quotable_keys_of,
)
from blastlint.providers.grants import Setting
from blastlint.source import EVIDENCE, WHOLE_FILE, InputError, Problem, read_all, read_lines, shown
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Evidence
    from blastlint.providers import Provider
    from blastlint.providers.grants import Granted
    from blastlint.source import Document, Limits, Location, Root

SUFFIXES = (".yaml", ".yml", ".json", ".snap")
"""Files of a folder that are evidence."""
_READABLE = "name a file that can be read; paths start at the folder of the inventory"


def read_evidence(
    inventory: Inventory,
) -> tuple[Mapping[str, Granted], tuple[tuple[str, str, str, str], ...]]:
    """Return what evidence says, by id, and the files read: path, kind, digest and system.

    Raises:
        InputError: a file is missing, cannot be read, or is of another kind; all problems at once.
    """
    granted: dict[str, Granted] = {}
    files: set[tuple[str, str, str, str]] = set()
    problems: list[Problem] = []
    for name, evidence in through(tuple(inventory.evidence.items()), "reading", "exports"):
        try:
            reader = _provider(evidence)
            documents = tuple(_documents(inventory, evidence, reader))
            granted[name] = _read(evidence, reader, documents)
        except InputError as error:
            problems.extend(error.problems)
            continue
        system = evidence.system or ""
        files |= {(d.file, evidence.kind, d.digest, system) for d in documents}
    if problems:
        raise InputError(*problems)
    return granted, tuple(sorted(files))


def _provider(evidence: Evidence) -> Provider:
    try:
        return provider(evidence.kind)
    except InputError as error:
        message, help_ = error.problems[0].message, error.problems[0].help
        raise InputError(Problem(message, at(evidence, "kind"), help_)) from None


def _read(evidence: Evidence, reader: Provider, documents: Sequence[Document]) -> Granted:
    setting = Setting(
        system=evidence.system or "",
        namespace=evidence.namespace or "",
        server_version=evidence.server_version or "",
    )
    return reader.read(documents, setting)


def _documents(inventory: Inventory, evidence: Evidence, reader: Provider) -> Iterator[Document]:
    """Yield the documents of some evidence; every entry that says nothing is a problem."""
    problems: list[Problem] = []
    for index, written in enumerate(evidence.files):
        found, wrong = contents(inventory.root, written, reader)
        named = at(evidence, "files", index)
        problems += (_named(problem, named) for problem in wrong)
        yield from found
    if not evidence.files:
        problems.append(Problem("no file is named", at(evidence, "files"), "name at least one"))
    if problems:
        raise InputError(*problems)


def contents(root: Root, written: str, reader: Provider) -> tuple[list[Document], list[Problem]]:
    """Return the documents of one file or folder, and what is wrong with it.

    Args:
        root: directory that it lies in.
        written: path of the file or folder.
        reader: provider of its kind of evidence, which says what it reads as lines.
    """
    suffixes, names = lines_read_by(reader), line_files_of(reader)
    limits = replace(
        EVIDENCE, quotable=quotable_keys_of(reader), passed_over=passed_over_by(reader)
    )
    found: list[Document] = []
    problems: list[Problem] = []
    try:
        files = _files(root, written, (*(suffixes or SUFFIXES), *names))
        for file in through(files, "reading", "files"):
            lines = bool(suffixes) or file.rpartition("/")[2] in names
            found += _attempt(root, file, problems, None if lines else limits)
    except InputError as error:
        problems += error.problems
    if not found and not problems:
        problems.append(_nothing(root, written, (*(suffixes or SUFFIXES), *names)))
    return found, problems


def _nothing(root: Root, written: str, suffixes: tuple[str, ...]) -> Problem:
    help_ = (
        f"its files end in {', '.join(suffixes)}"
        if _is_folder(root, written)
        else "export it again"
    )
    return Problem(f"{shown(root.show(written))} holds no evidence", help=help_)


def _is_folder(root: Root, written: str) -> bool:
    return not written or root.is_directory(written)


def _attempt(
    root: Root, file: str, problems: list[Problem], limits: Limits | None
) -> Sequence[Document]:
    """Return the documents of a file; without limits, its lines."""
    try:
        return read_all(root, file, limits) if limits else (read_lines(root, file),)
    except InputError as error:
        problems += error.problems
        return ()


def _files(root: Root, written: str, suffixes: tuple[str, ...]) -> Sequence[str]:
    """Return the files that an entry names: itself, or those of a folder, sorted."""
    if _is_folder(root, written):
        return tuple(root.walk(written, suffixes))
    return (written,)


def _named(problem: Problem, named: Location) -> Problem:
    """Return a problem with the place that names its file; that place alone if there is no file."""
    if problem.location is None or problem.location.span == WHOLE_FILE:
        return replace(problem, location=named, help=problem.help or _READABLE)
    return replace(problem, related=(*problem.related, named.noted("named here")))
