"""Which servers a client's configuration names, and where in the file each thing stands.

Read are JSON, JSON with comments and trailing commas, YAML, and TOML (Codex). Such a file often
holds secrets: no place that comes from here repeats its line, and no message quotes the file.

JSON with comments needs no library: the parser of `source` takes trailing commas as they are, and
comments are blanked out first, so that every line and column stays what it was.
"""

from __future__ import annotations

import re

from blastlint.providers.quiet import is_random
from blastlint.providers.recognise import SERVER_MAPS, advice, is_server, recognise
from blastlint.source import (
    EVIDENCE,
    InputError,
    Location,
    Problem,
    Span,
    did_you_mean,
    parse,
)
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blastlint.source import Document

    Path = tuple[str | int, ...]
    Place = Callable[[Path], Location]

_SETTINGS = (
    "permissions",
    "env",
    "sandbox_mode",
    "inputs",
    "hooks",
    "model",
    "enableAllProjectMcpServers",
)
"""Keys of a client's settings that may stand in a file without any server."""
_JSON = r"\s*(?:/|[\[{]\s*[\[{\"/\]}])"
"""How JSON begins; what begins with a bracket and a plain word is YAML."""
_JSON_PARTS = r'"(?:[^"\\\n]|\\.)*"|//[^\r\n]*|/\*.*?\*/'


@dataclass(frozen=True, slots=True)
class Server:
    """One server, or the client itself, as configured."""

    principal: str
    """`mcp:NAME`, or `mcp:NAME@PROJECT` where the file keeps servers by project; `client`."""
    body: dict[str, object]
    """What is written of it; empty if that is no map."""
    at: Place
    """The place of something in it."""

    @property
    def name(self) -> str:
        """What people call it: `server NAME`."""
        return f"server {self.principal.removeprefix('mcp:')}"


@dataclass(frozen=True, slots=True)
class _File:
    """One document of a configuration."""

    value: object
    at: Place


def servers(documents: Sequence[Document]) -> list[Server]:
    """Every server, and every client's own settings, in file order.

    Args:
        documents: Files as lists of lines.

    Raises:
        InputError: a file is no configuration of a client; all problems at once.
    """
    found: list[Server] = []
    problems: list[Problem] = []
    for document in documents:
        try:
            for file in _files(document):
                found += _servers(file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return found


def _servers(file: _File) -> list[Server]:
    value = file.value
    if not isinstance(value, dict) or recognise(value) in {"kubernetes-rbac", "openapi"}:
        raise InputError(_refusal(file))
    found = list(_by_key(file, value, (), ""))
    if not found and any(map(is_server, value.values())):
        found = list(_entries(file, (), value, ""))
    if value.keys() & {"permissions", "env", "sandbox_mode"}:
        found.append(Server("client", value, file.at))
    if not found and value and not value.keys() & {*SERVER_MAPS, *_SETTINGS, "mcp", "projects"}:
        raise InputError(_refusal(file))
    return found


def _refusal(file: _File) -> Problem:
    known = advice(file.value, "mcp-clients")
    keys = file.value if isinstance(file.value, dict) else {}
    near = (did_you_mean(str(key), SERVER_MAPS) for key in keys)
    help_ = known or next(filter(None, near), "servers stand under mcpServers or servers")
    return Problem("this names no MCP server", file.at(()), help=help_)


def _by_key(file: _File, value: dict[str, object], base: Path, suffix: str) -> Iterator[Server]:
    """The servers under the keys that clients use, and below the projects of one."""
    for key in SERVER_MAPS:
        if key in value:
            yield from _entries(file, (*base, key), value[key], suffix)
    inner = value.get("mcp")
    if isinstance(inner, dict):
        if inner.keys() & set(SERVER_MAPS):
            yield from _by_key(file, inner, (*base, "mcp"), suffix)
        elif any(isinstance(body, dict) for body in inner.values()):  # OpenCode
            yield from _entries(file, (*base, "mcp"), inner, suffix)
    projects = value.get("projects")
    for path, project in projects.items() if isinstance(projects, dict) and not suffix else ():
        if isinstance(project, dict):
            yield from _by_key(file, project, (*base, "projects", path), f"@{path}")


def _entries(file: _File, base: Path, value: object, suffix: str) -> Iterator[Server]:
    """The entries of a map of servers, or of a list of servers that have names."""
    if value is None:
        return
    rows: list[tuple[str | int, str, object]]
    if isinstance(value, list):
        rows = [(index, _name(body, index), body) for index, body in enumerate(value)]
    elif isinstance(value, dict):
        rows = [(name, name, body) for name, body in value.items()]
    else:
        help_ = "give the file that holds the map"
        raise InputError(Problem("expected a map of servers", file.at(base), help_))
    for step, name, body in rows:
        here = _below(file.at, (*base, step))
        yield Server(f"mcp:{name}{suffix}", body if isinstance(body, dict) else {}, here)


def _name(body: object, index: int) -> str:
    """The name of a server in a list; its position if it has none."""
    name = body.get("name") if isinstance(body, dict) else None
    shown = isinstance(name, str) and re.fullmatch(r"[\w@./: -]{1,64}", name)
    return str(name) if shown and not is_random(str(name)) else str(index)


def _below(at: Place, base: Path) -> Place:
    return lambda path: at((*base, *path))


# --- files --------------------------------------------------------------------------------------


def _files(document: Document) -> list[_File]:
    """What a file says, in whatever form it is written."""
    text = "\n".join(document.value)
    if not text.strip():
        place = Location(document.file, Span(1, 1, 1, 1))
        raise InputError(Problem("the file is empty", place, "write {} for no server"))
    return [_toml(document, text)] if _is_toml(document.file, text) else _parsed(document, text)


def _is_toml(file: str, text: str) -> bool:
    tables = not text.lstrip().startswith("{") and re.search(r"(?m)^\s*\[\[?mcp_servers\b", text)
    return file.endswith(".toml") or bool(tables)


def _parsed(document: Document, text: str) -> list[_File]:
    plain = _without_comments(text) if re.match(_JSON, text) else text
    found = parse(plain.encode("utf-8", "replace"), document.file, EVIDENCE)
    return [_File(one.value, one.at) for one in found]


def _without_comments(text: str) -> str:
    """The text with comments blanked; a `//` within a string is none."""

    def blank(found: re.Match[str]) -> str:
        part = found[0]
        return part if part.startswith('"') else re.sub(r"[^\n]", " ", part)

    return re.sub(_JSON_PARTS, blank, text, flags=re.DOTALL)


# --- TOML ---------------------------------------------------------------------------------------


def _toml(document: Document, text: str) -> _File:
    import tomllib  # noqa: PLC0415 -- few configurations are TOML

    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_not_toml(document, str(error))) from None
    return _File(value, _Tables(document).at)


def _not_toml(document: Document, said: str) -> Problem:
    """What the parser says may quote the file; where it says it, it does not."""
    found = re.search(r"at line (\d+), column (\d+)", said)
    line, column = (int(found[1]), int(found[2])) if found else (max(1, len(document.value)), 1)
    place = Location(document.file, Span(line, column, line, column + 1))
    return Problem(
        "this cannot be read as TOML", place, "check the line, and whether the file is cut off"
    )


@dataclass(frozen=True, slots=True)
class _Tables:
    """Finds things in a TOML file, whose parser keeps no places."""

    document: Document

    def at(self, path: Path) -> Location:
        """The line of a key, else that of the table that would hold it."""
        steps = [str(step) for step in path]
        for size in range(len(steps), 0, -1):
            line = self._table(steps[:size])
            if line is not None:
                inner = self._key(line, steps[size]) if size < len(steps) else None
                return self._place(line if inner is None else inner)
        first = self._key(-1, steps[0]) if steps else None
        return self._place(first or 0)

    def _table(self, steps: Sequence[str]) -> int | None:
        for number, line in enumerate(self.document.value):
            header = re.match(r"\s*\[\[?(.+?)\]\]?\s*(#.*)?$", line)
            if header and _parts(header[1]) == list(steps):
                return number
        return None

    def _key(self, table: int, name: str) -> int | None:
        for number, line in enumerate(self.document.value[table + 1 :], start=table + 1):
            if re.match(r"\s*\[", line):
                return None
            key = re.match(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[.=]""", line)
            if key and name in key.groups():
                return number
        return None

    def _place(self, index: int) -> Location:
        return replace(self.document.at((index,)), text="")


def _parts(header: str) -> list[str]:
    found = re.findall(r"""\s*(?:"([^"]*)"|'([^']*)'|([^.\s"']+))\s*\.?""", header)
    return ["".join(parts) for parts in found]
