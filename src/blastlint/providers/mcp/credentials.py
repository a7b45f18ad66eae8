"""Which credentials a configured server is given, by name; their values are never repeated.

What is looked at: environment variables, headers, arguments, the address, and files of variables.
A variable whose name or value does not tell whether it is a credential is reported as a question;
one that is plainly a setting (`LOG_LEVEL=debug`, a port, a folder) is passed over.
"""

from __future__ import annotations

import hashlib
import re

from blastlint.providers.mcp.words import HEADER_OPTIONS, NAMING, option_of
from blastlint.providers.quiet import is_random
from blastlint.providers.recognise import ADDRESSES
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.mcp.configuration import Path
    from blastlint.providers.mcp.words import Word

_CREDENTIAL = re.compile(
    r"(?i)token|secret|passw|pwd|passphrase|credential|api[-_]?key|private|access[-_]?key|cookie"
    r"|(^|[-_.])(key|pat|pass|auth|sid|jwt|dsn|login|cert|session)($|[-_.])|authorization|bearer"
    r"|signature|kubeconfig|profile|connection|conn[-_]?str|database[-_]?ur[il]|webhook"
)
"""Names of what is, or leads to, a credential."""
_SETTING = re.compile(
    r"(?i)|true|false|yes|no|on|off|\d{1,6}|\d+(\.\d+){1,2}|stdio|sse|http|debug|info|warn|warning"
    r"|error|trace|silent|verbose|development|production|staging|test|utf-8|en|en_us(\.utf-8)?"
    r"|https?://[\w.-]+(:\d+)?/?"
    r"|(\.{0,2}|~|[a-z]:|\$\{workspaceFolder\}|\$\{userHome\}|\$HOME)[\\/][\w .\\/-]*"
)
"""Values that are plainly no credential: truth values, small numbers, levels, hosts, folders."""
_PLAIN_HEADERS = frozenset(
    {
        "accept",
        "accept-language",
        "content-type",
        "mcp-protocol-version",
        "user-agent",
        "x-mcp-readonly",
        "x-mcp-toolsets",
    }
)
_INSIDE = re.compile(r"(?i)(token|key|secret|passw(or)?d|auth)\w*[\"']?\s*[:=]\s*[\"']?\w")
"""A text with a credential in it, such as JSON or an assignment."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_VARIABLE_IN_TEXT = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_HEADER_IN_TEXT = re.compile(r"(?i)[a-z-]*(auth|key|token|secret|cookie)[a-z-]*")
"""Names that stand where a value could stand: only the usual forms are shown."""
_OPTION = re.compile(r"--?[a-z][a-z-]{0,29}")
_REFERENCE = re.compile(
    r"(?i)(bearer |basic |token )?(\$\{[^{}]*\}|\$\w+|%\w+%|\{(env|file):[^{}]*\}|op://.*|vault:.*"
    r"|keychain:.*|secretref:.*|<[\w -]+>)"
)

IN_FILE = "whose value stands in this file"
"""Source of a value that is written out."""
_ELSEWHERE = "${elsewhere.elsewhere}"
"""Stands for a value that a map says where to find."""


@dataclass(frozen=True, slots=True)
class Held:
    """A credential that a server is given, or what may be one."""

    name: str
    """`env:NAME`, `header:NAME`, `argument:--NAME`, `address`, `env-file`; never a value."""
    called: str
    """The same for people: `environment variable NAME`."""
    source: str
    """Where its value comes from, in words."""
    path: Path
    """Where it stands."""
    sure: bool = True
    """False if only a person can say whether it is a credential."""
    mark: str = ""
    """Equal for equal values, and for references to the same one; never shown."""


def _named(text: str, pattern: re.Pattern[str]) -> str:
    """The text if it is a name that may be shown; else `?`, for it could be a secret."""
    return text if pattern.fullmatch(text) and not is_random(text) else "?"


def held(body: dict[str, object], words: Sequence[Word]) -> tuple[Held, ...]:
    """Everything that a server is given which is, or may be, a credential; each name once.

    Args:
        body: The server as configured.
        words: Its command line.
    """
    found: dict[tuple[str, Path], Held] = {}
    for one in _held(body, words):
        place = one.path if one.name.endswith("?") else ()  # what cannot be named is told by place
        found.setdefault((one.name, place), one)
    return tuple(found.values())


def _held(body: dict[str, object], words: Sequence[Word]) -> Iterator[Held]:
    for key in ("env", "environment"):
        yield from _variables(body.get(key), (key,))
    inner = body.get("command")
    if isinstance(inner, dict):  # Zed
        yield from _variables(inner.get("env"), ("command", "env"))
    for key in ("headers", "http_headers"):
        yield from _headers(body.get(key), (key,))
    yield from _from_names(body)
    yield from _from_files(body)
    for key in ADDRESSES:
        yield from _address(body.get(key), (key,))
    yield from _arguments(words)


def _given(name: str, called: str, value: str, path: Path, *, sure: bool = True) -> Held:
    """What is given with a value; of the value, only whether two are equal is kept."""
    return Held(name, called, _source(value), path, sure, _mark(value))


def _mark(value: str) -> str:
    plain = re.sub(r"(?i)^(bearer|basic|token)\s+", "", value)
    known = plain and plain != _ELSEWHERE
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest() if known else ""


def _variables(value: object, path: Path) -> Iterator[Held]:
    rows = value.items() if isinstance(value, dict) else ()
    for name, given in rows:
        yield from _variable(_named(str(name), _VARIABLE), given, (*path, name))
    for index, text in enumerate(value if isinstance(value, list) else ()):
        name, _, given = str(text).partition("=")
        yield from _variable(_named(name, _VARIABLE_IN_TEXT), given, (*path, index))


def _variable(name: str, value: object, path: Path) -> Iterator[Held]:
    text = _text(value)
    sure = bool(_CREDENTIAL.search(name)) or is_random(text) or _has_login(text) or _is_store(text)
    if sure or not _SETTING.fullmatch(text):
        yield _given(f"env:{name}", f"environment variable {name}", text, path, sure=sure)


def _headers(value: object, path: Path) -> Iterator[Held]:
    for name, given in value.items() if isinstance(value, dict) else ():
        yield from _header(_named(str(name), _HEADER), _text(given), (*path, name))


def _header(name: str, value: str, path: Path) -> Iterator[Held]:
    sure = bool(_CREDENTIAL.search(name)) or is_random(value)
    plain = name.lower() in _PLAIN_HEADERS or _SETTING.fullmatch(value)
    if sure or not plain:
        yield _given(f"header:{name}", f"header {name}", value, path, sure=sure)


def _from_names(body: dict[str, object]) -> Iterator[Held]:
    """Codex: variables of the client's environment, named and not written out."""
    bearer = body.get("bearer_token_env_var")
    if bearer is not None:
        path: Path = ("bearer_token_env_var",)
        yield from _header("Authorization", f"${{{_text(bearer)}}}", path)
    taken = body.get("env_http_headers")
    for name, variable in taken.items() if isinstance(taken, dict) else ():
        path = ("env_http_headers", name)
        yield from _header(_named(str(name), _HEADER), f"${{{_text(variable)}}}", path)
    passed = body.get("env_vars")
    for index, name in enumerate(passed if isinstance(passed, list) else ()):
        yield _passed(_text(name), ("env_vars", index))


def _passed(text: str, path: Path) -> Held:
    """A variable that is handed on from the client's environment."""
    name = _named(text, _VARIABLE_IN_TEXT)
    sure = bool(_CREDENTIAL.search(name))
    source = "handed on from the client's environment"
    mark = _mark(f"${{{text}}}")
    return Held(f"env:{name}", f"environment variable {name}", source, path, sure, mark)


def _from_files(body: dict[str, object]) -> Iterator[Held]:
    for key in ("envFile", "env_file"):
        if body.get(key):
            yield _env_file((key,))
    if body.get("headersHelper"):
        source = "printed by a program at every start"
        yield Held("header:?", "headers of a helper program", source, ("headersHelper",))


def _env_file(path: Path) -> Held:
    name = "the file of environment variables"
    return Held("env-file", name, "which is not in this evidence", path, sure=False)


def _address(value: object, path: Path) -> Iterator[Held]:
    """An address with a login, a query, or a part that looks random."""
    text = _text(value)
    bare = text.split("?", 1)[0]
    random = any(map(is_random, re.split(r"[/.]", bare)))
    if _has_login(text) or random or "?" in text:
        sure = _has_login(text) or random or bool(_CREDENTIAL.search(text.partition("?")[2]))
        yield _given("address", "address", text, path, sure=sure)


def _arguments(words: Sequence[Word]) -> Iterator[Held]:
    taken = False
    for index, word in enumerate(words):
        following = words[index + 1].text if index + 1 < len(words) else ""
        if not taken:
            yield from _argument(word, following) or _loose(word, index)
        announces = _announces(option_of(word.text)[0]) and "=" not in word.text
        taken = announces and not taken and not following.startswith("-")


def _announces(option: str) -> bool:
    """Whether the value of an option is, or may be, a credential."""
    known = option in HEADER_OPTIONS or option in NAMING or option == "--env-file"
    return known or bool(_OPTION.fullmatch(option) and _CREDENTIAL.search(option))


def _argument(word: Word, following: str) -> list[Held]:
    """What an option announces; nothing if it announces no credential."""
    option, value = option_of(word.text)
    value = value or ("" if following.startswith("-") else following)
    if option in HEADER_OPTIONS:
        name, _, text = value.partition(":")
        return list(_header(_named(name, _HEADER_IN_TEXT), text.strip(), word.path))
    if option in NAMING:
        name, given, text = value.partition("=")
        name = _named(name, _VARIABLE_IN_TEXT)
        return list(_variable(name, text, word.path)) if given else [_passed(name, word.path)]
    if option == "--env-file":
        return [_env_file(word.path)]
    if _announces(option):
        return [_given(f"argument:{option}", f"argument {option}", value, word.path)]
    return []


def _loose(word: Word, number: int) -> Iterator[Held]:
    """A word that no option announces: a secret, a login, or a text with one inside."""
    _, value = option_of(word.text)
    text = value or word.text
    secret = is_random(text) or _has_login(text) or _is_store(text)
    if "://" in text and not secret:
        yield from _address(text, word.path)
    elif secret or _INSIDE.search(text):
        yield _given(f"argument:{number}", f"argument {number}", text, word.path)


def _is_store(text: str) -> bool:
    """Whether it is the address of a data store, which carries or implies a login."""
    return bool(
        re.match(r"(?i)(postgres|postgresql|mysql|mariadb|mongodb|redis|amqp|mssql)[\w+]*://", text)
    )


def _has_login(text: str) -> bool:
    return bool(re.match(r"[a-zA-Z][\w+.-]*://[^/@\s]+@", text))


def _source(text: str) -> str:
    """Where a value comes from; a value that stands in the file is not repeated."""
    if not text:
        return "whose value is not in this file"
    if not _REFERENCE.fullmatch(text):
        return IN_FILE
    if "input:" in text:
        return "asked for when the client starts"
    found = re.search(r"\$\{(?:env:)?(\w+)\}|\{env:(\w+)\}|\$(\w+)$|%(\w+)%", text)
    name = _named(next(filter(None, found.groups()), ""), _VARIABLE_IN_TEXT) if found else "?"
    return "taken from another place" if name == "?" else f"taken from the variable {name}"


def _text(value: object) -> str:
    """A value as text; a map, such as `{file: …}`, names another place."""
    if isinstance(value, dict):
        return _ELSEWHERE
    return "" if value is None else str(value)
