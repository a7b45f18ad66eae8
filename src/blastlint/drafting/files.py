"""The files that people name: which there are, and what each of them is."""

from __future__ import annotations

import os
import re

from blastlint.evidence import SUFFIXES, contents
from blastlint.progress import through
from blastlint.providers import PROVIDERS, provider
from blastlint.providers.mcp import configuration
from blastlint.providers.recognise import SERVER_MAPS, is_server, recognise
from blastlint.source import (
    EVIDENCE,
    InputError,
    Problem,
    Root,
    did_you_mean,
    read_all,
    read_lines,
    shown,
)
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.source import Document

CATALOGUES = ("backstage", "openslo")
"""Kinds of files that say who owns what and what is promised, and grant nothing."""
KINDS = (*PROVIDERS, *CATALOGUES)
_APIS = {"backstage.io/": "backstage", "openslo/": "openslo"}
"""How the `apiVersion` of a catalogue begins."""
_LOOKED_AT = (*SUFFIXES, ".jsonc", ".toml", ".sql", ".csv", "CODEOWNERS")
"""Ends of the files of a folder that are looked at."""
_BY_END = {".sql": "postgres", ".csv": "postgres", ".toml": "mcp-clients", "CODEOWNERS": "github"}
_SETTINGS = re.compile(r"(^|/)[.\w-]*(mcp|settings)[\w.-]*\.json$")
"""Files of clients that may name no server."""
_WELL_KNOWN = (
    ".mcp.json",
    ".vscode/mcp.json",
    ".cursor/mcp.json",
    ".github/workflows",
    "catalog-info.yaml",
    "openapi.yaml",
    "openapi.json",
)
"""Where such files usually lie in a repository."""


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A name that can be an id, and the beginning of longer ids."""
_GUESSED = replace(EVIDENCE, quotable=frozenset())
"""How a file is read of which nobody knows what it is: no message repeats a line of it."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a person names as a source: `[NAME[@SYSTEM]=][KIND:]PATH`."""

    path: str
    name: str = ""
    kind: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file and what it is."""

    name: str
    """Its path below the folder that was named; of a file that was named, its name."""
    path: str
    kind: str
    documents: tuple[Document, ...]


def named(text: str) -> Named:
    """Take apart what a person names as a source.

    Raises:
        InputError: there is no such kind, or the name cannot be an id.
    """
    if os.path.lexists(text):
        return Named(text)
    name, equals, rest = text.partition("=")
    if not equals or "/" in name:
        name, rest = "", text
    name, _, system = name.partition("@")
    check_id(name, "a source")
    check_id(system, "a system")
    kind, colon, path = rest.partition(":")
    if not colon or "/" in kind or "." in kind:
        return Named(rest, name, "", system)
    if kind not in KINDS:
        help_ = did_you_mean(kind, KINDS) or f"the kinds are {', '.join(KINDS)}"
        raise InputError(Problem(f"there is no kind of file '{kind}'", help=help_))
    return Named(path, name, kind, system)


def check_id(text: str, whose: str) -> None:
    """Refuse a name that cannot be an id; an empty one is no name.

    Raises:
        InputError: it holds other characters.
    """
    if text and not _ID.fullmatch(text):
        help_ = "use letters, digits and . _ - , at most 64 of them, a letter or digit first"
        raise InputError(Problem(f"'{text}' cannot be the name of {whose}", help=help_))


def well_known() -> list[Named]:
    """Return the files of this folder that usually tell of agents and their tools."""
    return [Named(path) for path in _WELL_KNOWN if os.path.exists(path)]


def files_of(given: Named) -> tuple[list[File], list[Problem]]:
    """Return the files of a path, and of a folder those that are none of the kinds.

    Raises:
        InputError: there is nothing to draft from, or it cannot be read; all problems at once.
    """
    if not os.path.exists(given.path):
        raise InputError(Problem(f"{shown(given.path)} does not exist", help="check the path"))
    whole = os.path.isdir(given.path)
    folder, name = (given.path, "") if whole else os.path.split(given.path)
    root = Root(folder or ".", folder)
    if given.kind:
        return [*_of_kind(root, given.kind, name)], []
    found: list[File] = []
    passed_over: list[Problem] = []
    names = tuple(root.walk("", _LOOKED_AT)) if whole else (name,)
    for file in through(names, "reading", "files"):
        try:
            found.append(_file(root, file))
        except InputError as error:
            passed_over += error.problems[:1]
    if passed_over and not whole:
        raise InputError(*passed_over)
    if not found:
        help_ = f"name files of these kinds: {', '.join(KINDS)}"
        raise InputError(Problem(f"{shown(given.path)} holds nothing to draft from", help=help_))
    return found, passed_over


def _of_kind(root: Root, kind: str, name: str) -> Iterator[File]:
    """Yield the files of a path that a person says the kind of."""
    if kind in CATALOGUES:
        names = list(root.walk()) if not name else [name]
        yield from (File(f, root.show(f), kind, tuple(read_all(root, f))) for f in names)
        return
    documents, problems = contents(root, name, provider(kind))
    if problems:
        raise InputError(*problems)
    by_file: dict[str, list[Document]] = {}
    for document in documents:
        by_file.setdefault(document.file, []).append(document)
    for file, parts in by_file.items():
        yield File(os.path.relpath(file, root.show("")), file, kind, tuple(parts))


def _file(root: Root, name: str) -> File:
    """Return a file with its kind.

    Raises:
        InputError: it cannot be read, or is none of the kinds.
    """
    end = next((end for end in _BY_END if name.endswith(end)), "")
    if end or name.endswith(".jsonc"):
        return _lines(root, name, _BY_END.get(end, "mcp-clients"))
    try:
        documents = tuple(read_all(root, name, _GUESSED))
    except InputError:
        return _commented(root, name)
    kind = next(filter(None, (_kind(one) for one in documents)), "")
    if not kind and _SETTINGS.search(name) and _is_client(root, name):
        kind = "mcp-clients"
    if kind == "mcp-clients":
        return _lines(root, name, kind)
    if not kind:
        help_ = f"init reads {', '.join(KINDS)}; write KIND:{name} if it is one of these"
        place = documents[0].at() if documents else None
        raise InputError(
            Problem(f"{shown(root.show(name))} is nothing to draft from", place, help_)
        )
    return File(name, root.show(name), kind, documents)


def _lines(root: Root, name: str, kind: str) -> File:
    """Return a file that is read as lines."""
    return File(name, root.show(name), kind, (read_lines(root, name),))


def _commented(root: Root, name: str) -> File:
    """Return a file that is no JSON or YAML: perhaps it is the JSON with comments of a client.

    Raises:
        InputError: it is not; with what is wrong with it as JSON or YAML.
    """
    if _is_client(root, name):
        return _lines(root, name, "mcp-clients")
    read_all(root, name, _GUESSED)
    raise AssertionError(name)  # the same file was refused before


def _is_client(root: Root, name: str) -> bool:
    """Whether a file is the configuration of a client; one that names no server may be one too."""
    try:
        configuration.servers([read_lines(root, name)])
    except InputError:
        return False
    return True


def _kind(document: Document) -> str:
    """Return the kind of a document; empty if it is none."""
    value = document.value
    first = value[0] if isinstance(value, list) and value else value
    api = first.get("apiVersion") if isinstance(first, dict) else None
    if isinstance(api, str):
        found = next((kind for start, kind in _APIS.items() if api.startswith(start)), "")
        if found:
            return found
    kind = recognise(value)
    if kind and not (kind == "mcp-clients" and _is_mixed(value)):
        return kind
    from blastlint.providers.github.documents import is_known  # noqa: PLC0415 -- the last guess

    return "github" if is_known(document) else ""


def _is_mixed(value: object) -> bool:
    """Whether a map without a list of servers holds one among other things."""
    return isinstance(value, dict) and not (
        value.keys() & {*SERVER_MAPS, "mcp", "projects"} or all(map(is_server, value.values()))
    )
