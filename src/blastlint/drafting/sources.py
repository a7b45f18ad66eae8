"""What is read together to draft from: the files of a server, API, cluster, account, repository."""

from __future__ import annotations

import os
import re

from blastlint.drafting.files import files_of
from blastlint.progress import through
from blastlint.providers import PROVIDERS, provider
from blastlint.providers.grants import Granted, Setting
from blastlint.source import InputError
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from blastlint.drafting.files import File, Named
    from blastlint.source import Document, Location, Problem

_PLATFORMS = {
    "aws-iam": "aws",
    "github": "github",
    "kubernetes-rbac": "kubernetes",
    "postgres": "postgres",
}
_ONE_OF = ("kubernetes-rbac", "postgres")
"""Platforms whose files, unless somebody names them apart, are all of one."""
_DULL = re.compile(
    r"^(mcp|k8s|openapi|server|api)-|-(mcp-server|mcp|server|tools|rbac|mcp-clients)$"
    r"|^dotgithub-"
)
"""Parts of a file's name that say what it is and not whose."""
_NAMELESS = re.compile(r"|tools|mcp|rbac|workflows|evidence|export|manifests|openapi|swagger|roles")
"""Names of files and folders that say nothing of whose they are."""


@dataclass(frozen=True, slots=True)
class Source:
    """Files that are read together."""

    name: str
    """Id of the evidence; no other source has it."""
    called: str
    """What people call it: the server, API, cluster, account or repository."""
    system: str
    """Id of the system that it is or acts on; sources of several kinds may speak of one."""
    kind: str
    """One of `KINDS`."""
    files: Mapping[str, str]
    """Path of every file, by what it is called among them."""
    documents: tuple[Document, ...]
    granted: Granted
    """What its provider reads in it; empty for a catalogue."""

    def place(self, location: Location) -> str:
        """Return file and line of a location, the file as it is called among the others."""
        found = (name for name, path in self.files.items() if path == location.file)
        return f"{next(found, location.file)}:{location.span.line}"


@dataclass(slots=True)
class _Group:
    """Files that are read together."""

    name: str
    kind: str
    files: list[File]
    is_said: bool = False
    """Whether a person gave the name."""
    system: str = ""
    """What a person says that it acts on; empty: itself."""


def sources(given: Iterable[Named]) -> tuple[list[Source], list[Problem]]:
    """Return what people name, each once, and the files of folders that were passed over.

    Raises:
        InputError: something cannot be read, or is none of the kinds; all problems at once.
    """
    groups: dict[tuple[str, str], _Group] = {}
    passed_over: list[Problem] = []
    problems: list[Problem] = []
    for one in given:
        try:
            files, others = files_of(one)
        except InputError as error:
            problems += error.problems
            continue
        passed_over += others
        for group in _grouped(one, files):
            _join(groups, group)
    _tell_apart(groups.values())
    read = [
        _attempt(group, name, problems)
        for name, group in through(
            tuple(zip(_ids(groups.values()), groups.values(), strict=True)),
            "working out",
            "sources",
        )
    ]
    if problems:
        raise InputError(*problems)
    return [source for source in read if source], passed_over


def _grouped(given: Named, files: Sequence[File]) -> Iterator[_Group]:
    """Yield what belongs together of a path: what is read together."""
    groups: dict[tuple[str, str], list[File]] = {}
    twice = _same_workflows(files)
    for file in files:
        alone = twice and file.kind == "github"
        by = file.name if _is_whole(file) else os.path.dirname(file.name) if alone else ""
        groups.setdefault((file.kind, by), []).append(file)
    for (kind, by), group in groups.items():
        said = given.name if len(groups) == 1 else ""
        name = said or _title(group, kind) or _called(given.path, by, kind)
        yield _Group(name, kind, group, bool(said), given.system)


def _join(groups: dict[tuple[str, str], _Group], new: _Group) -> None:
    """Add files to those of one name; of a platform that nobody names, there is one."""
    key = (new.kind, new.name if new.is_said else f"unnamed {len(groups)}")
    if new.kind in _ONE_OF and not new.is_said:
        key = (new.kind, "unnamed")
        if key in groups:
            groups[key].name = _PLATFORMS[new.kind]
    if key in groups:
        groups[key].files += new.files
    else:
        groups[key] = new


def _is_whole(file: File) -> bool:
    """Whether a file tells of one server or account by itself."""
    value = file.documents[0].value if file.documents else None
    if file.kind == "mcp-tools":
        answer = value.get("result", value) if isinstance(value, dict) else value
        return isinstance(answer, list) or (isinstance(answer, dict) and "tools" in answer)
    if file.kind == "aws-iam":
        return isinstance(value, dict) and "UserDetailList" in value
    return file.kind in {"openapi", "oauth-scopes"}


def _same_workflows(files: Sequence[File]) -> bool:
    """Whether workflows of several repositories lie here: two of them have one name."""
    names = [os.path.basename(file.name) for file in files if file.kind == "github"]
    return len(set(names)) < len(names)


def _attempt(group: _Group, name: str, problems: list[Problem]) -> Source | None:
    """Return what some files say together; add what is wrong with them to the problems."""
    documents = tuple(document for file in group.files for document in file.documents)
    granted = Granted()
    system = group.system or group.name
    if group.kind in PROVIDERS:
        setting = Setting(system=system if group.kind in _PLATFORMS else "")
        try:
            granted = provider(group.kind).read(documents, setting)
        except InputError as error:
            problems += error.problems
            return None
    files = _apart(group.files)
    return Source(name, group.name, system, group.kind, files, documents, granted)


def _apart(files: Iterable[File]) -> dict[str, str]:
    """Return the path of every file by a name of its own."""
    found: dict[str, str] = {}
    for file in files:
        stem, end = os.path.splitext(file.name)
        found[_free(stem, end, found)] = file.path
    return found


def _title(files: Sequence[File], kind: str) -> str:
    """Return what an OpenAPI description calls itself."""
    value = files[0].documents[0].value if kind == "openapi" else None
    info = value.get("info") if isinstance(value, dict) else None
    title = info.get("title") if isinstance(info, dict) else None
    return _plain(title) if isinstance(title, str) else ""


def _called(path: str, by: str, kind: str) -> str:
    """Return what a source is called if nobody says: by its file or folder, without what it is."""
    if kind in _ONE_OF and not os.path.isdir(path):
        return _PLATFORMS[kind]
    whole = os.path.abspath(os.path.join(path, by) if os.path.isdir(path) else path)
    parts = [part for part in whole.split(os.sep) if part]
    for part in (*parts[-1:], *parts[-2:-1]):
        name = _plain(part)
        if not _NAMELESS.fullmatch(name):
            return name
    return _PLATFORMS.get(kind, kind)


def _plain(part: str) -> str:
    name = slug(os.path.splitext(part)[0])
    before = ""
    while before != name:
        before, name = name, _DULL.sub("", name)
    return name


def slug(text: str) -> str:
    """Return a text as an id: lower case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _tell_apart(groups: Iterable[_Group]) -> None:
    """Give groups of one kind different names."""
    taken: dict[str, set[str]] = {}
    for one in groups:
        names = taken.setdefault(one.kind, set())
        one.name = _free(one.name, "", names)
        names.add(one.name)


def _free(name: str, end: str, taken: Container[str]) -> str:
    """Return a name with its end that is not taken: with a number between them, if need be."""
    found, number = f"{name}{end}", 2
    while found in taken:
        found, number = f"{name}-{number}{end}", number + 1
    return found


def _ids(groups: Iterable[_Group]) -> list[str]:
    """Return an id for the evidence of each group: its name, with its kind where that is taken."""
    found: list[str] = []
    for one in groups:
        found.append(f"{one.name}-{one.kind}" if one.name in found else one.name)
    return found
