"""Reads the evidence of an inventory: each named file, by the provider of its kind."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of
from blastlint.providers import provider
from blastlint.source import EVIDENCE, InputError, Problem, read_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Evidence
    from blastlint.providers.grants import Granted
    from blastlint.source import Document

SUFFIXES = (".yaml", ".yml", ".json", ".snap")
"""Files of a folder that are evidence."""


def read_evidence(
    inventory: Inventory,
) -> tuple[Mapping[str, Granted], tuple[tuple[str, str, str], ...]]:
    """Return what each piece of evidence says, by id, and the files read: path, kind, digest.

    Raises:
        InputError: a file is missing, cannot be read, or is of another kind; all problems at once.
    """
    granted: dict[str, Granted] = {}
    files: dict[str, tuple[str, str, str]] = {}
    problems: list[Problem] = []
    for name, evidence in inventory.evidence.items():
        try:
            documents = tuple(_documents(inventory, evidence))
            granted[name] = _read(evidence, documents)
        except InputError as error:
            problems.extend(error.problems)
            continue
        files |= {d.file: (d.file, evidence.kind, d.digest) for d in documents}
    if problems:
        raise InputError(*problems)
    return granted, tuple(files[path] for path in sorted(files))


def _read(evidence: Evidence, documents: Sequence[Document]) -> Granted:
    try:
        reader = provider(evidence.kind)
    except InputError as error:
        message, help_ = error.problems[0].message, error.problems[0].help
        raise InputError(Problem(message, at(evidence, "kind"), help_)) from None
    if not documents:
        name = id_of(evidence)
        raise InputError(Problem(f"evidence '{name}' holds no document", at(evidence, "files")))
    return reader.read(
        documents,
        system=evidence.system or "",
        namespace=evidence.namespace or "",
        server_version=evidence.server_version or "",
    )


def _documents(inventory: Inventory, evidence: Evidence) -> Iterator[Document]:
    """Yield the documents of some evidence; every unreadable file is a problem."""
    problems: list[Problem] = []
    for index, written in enumerate(evidence.files):
        try:
            for file in _files(inventory, written):
                yield from read_all(inventory.root, file, EVIDENCE)
        except InputError as error:
            named = at(evidence, "files", index, note="named here")
            problems += (_named(problem, named) for problem in error.problems)
    if problems:
        raise InputError(*problems)


def _files(inventory: Inventory, written: str) -> Sequence[str]:
    """Return the files that an entry names: itself, or those of a folder, sorted."""
    if inventory.root.is_directory(written):
        return tuple(inventory.root.walk(written, SUFFIXES))
    return (written,)


def _named(problem: Problem, place: object) -> Problem:
    return Problem(
        problem.message,
        problem.location,
        problem.help,
        (*problem.related, place),  # type: ignore[arg-type]  # a Location
        problem.code,
    )
