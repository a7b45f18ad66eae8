"""Model Context Protocol clients: what each configured server runs as, holds, and calls.

A server is the principal `mcp:NAME` (`mcp:NAME@PROJECT` where a file keeps servers by project); the
client itself is `client`, and `host` is the account that it runs under on its machine. A server
that the client starts (stdio) is a program of that account, and can use whatever logins lie there.
A credential that a server is given is the principal `mcp:NAME/env:VARIABLE`, `…/header:HEADER`,
`…/argument:OPTION`, `…/address` or `…/env-file`: an inventory that names it as a credential's
`principal` says what it opens. Values are never repeated, nor are lines of the file.

Resources are `host` (action `run`), `host/logins`, `host/mount` and `credential/…` (action `use`),
`host/package` (action `fetch`), `container` (action `run`) and `server/HOST` (action `call`).
"""

from __future__ import annotations

import re

from blastlint.providers.grants import UNSTATED, Becoming, Grant, Granted, Unresolved
from blastlint.providers.mcp.configuration import servers
from blastlint.providers.mcp.credentials import held
from blastlint.providers.mcp.words import CONTAINERS, fetcher, mounts, program, words_of
from blastlint.providers.quiet import is_random
from blastlint.providers.recognise import ADDRESSES
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import EdgeCertainty, Effect, Setting
    from blastlint.providers.mcp.configuration import Path, Server
    from blastlint.providers.mcp.credentials import Held
    from blastlint.providers.mcp.words import Word
    from blastlint.source import Document

LINES = (".json", ".jsonc", ".toml", ".yaml", ".yml")
"""Files of a folder that are read; as lines, for they may hold comments, or be TOML."""
HOST = "host"
_CREDENTIAL = "credential/"
"""Like the host, something that a server also turns into: what it opens is told there."""
_LOGINS = "which logins lie there: in its environment, ~/.aws, ~/.kube, ~/.ssh, ~/.config, …"
_CHART = r"\{\{-?\s*(\.(Values|Release|Chart|Files)\b|include\b|template\b)|\{%"
"""What only the template of a chart says."""
_OFF = "once it is switched on: this file switches it off"


def read(documents: Sequence[Document], setting: Setting = UNSTATED, /) -> Granted:
    """What the servers of a client's configuration run as, hold and call.

    Args:
        documents: Files as lists of lines.
        setting: The system that stands for the machine of the client.
    """
    configured = servers(documents)
    problems = [problem for server in configured for problem in _templates(server)]
    if problems:
        raise InputError(*problems)
    told = [_Telling(server, setting.system) for server in configured]
    for one in told:
        one.tell()
    return Granted(
        grants=tuple(grant for one in told for grant in one.grants),
        becomings=(*(turn for one in told for turn in one.becomings), *_same(told)),
        unresolved=tuple(gap for one in told for gap in one.unresolved),
        principals=tuple(sorted({one.server.principal for one in told})),
    )


def effect(resource: str, action: str) -> Effect:
    """Running a program executes; what a login or a server opens cannot be told from here."""
    return "execute" if (resource, action) in _EXECUTES else "unknown"


_EXECUTES = frozenset({("host", "run"), ("container", "run"), ("host/package", "fetch")})


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- a provider's signature
    """Whether one resource covers another: literally, or by `*`."""
    return granted in {"*", needed}


def _templates(server: Server) -> Iterator[Problem]:
    """What in an entry is a template; an argument may hold braces of its own."""
    for key, value in server.body.items() if server.principal != "client" else ():
        rows: list[tuple[Path, object, str]] = [((key,), value, r"\{\{|\{%")]
        if isinstance(value, dict):
            rows += [((key, inner), text, r"\{\{|\{%") for inner, text in value.items()]
        if isinstance(value, list):
            rows += [((key, index), text, _CHART) for index, text in enumerate(value)]
        for path, text, pattern in rows:
            if isinstance(text, str) and re.search(pattern, text):
                message = "this looks like a template that has not been rendered"
                yield Problem(message, server.at(path), "render it first and name the result")


class _Telling:
    """What one entry says, collected."""

    def __init__(self, server: Server, system: str) -> None:
        self.server = server
        self.system = system
        self.grants: list[Grant] = []
        self.becomings: list[Becoming] = []
        self.marks: list[tuple[str, Becoming]] = []
        """Of each credential: what tells whether another one is the same."""
        self.unresolved: list[Unresolved] = []
        off = server.body.get("disabled") is True or server.body.get("enabled") is False
        self.condition = _OFF if off else ""

    def tell(self) -> None:
        """Take in everything that the entry says."""
        body = self.server.body
        words = words_of(body)
        if self.server.principal == "client":
            self._client()
        elif words:
            self._started(words)
        elif not any(body.get(key) for key in ADDRESSES):
            self._open(
                (), "neither a command nor an address is written, so what it is is not known"
            )
        for key in ADDRESSES:
            if body.get(key):
                self._remote(key, str(body[key]))
        for one in held(body, words):
            self._holds(one)

    def _client(self) -> None:
        """Whether the client itself runs commands without asking."""
        if self.server.body.get("sandbox_mode") == "danger-full-access":  # Codex
            asks = self.server.body.get("approval_policy") == "untrusted"
            limit = "for the commands that it trusts, or once somebody agrees" if asks else ""
            self._runs(("sandbox_mode",), limit)
        elif self.server.body.get("sandbox_mode") == "workspace-write":
            self._grant("host", "run", ("sandbox_mode",), condition="inside its sandbox")
        written = self.server.body.get("permissions")
        rights = written if isinstance(written, dict) else {}
        allowed, denied = _shell_rules(rights, "allow"), _shell_rules(rights, "deny")
        if any(_is_whole(rule) for _, rule in denied):
            return
        limit = "but for the commands that another rule denies" if denied else ""
        if rights.get("defaultMode") == "bypassPermissions":
            self._runs(("permissions", "defaultMode"), limit)
        for index, rule in allowed:
            some = "" if _is_whole(rule) else "for the commands that this rule allows"
            self._runs(("permissions", "allow", index), " ".join(filter(None, (some, limit))))

    def _runs(self, path: Path, limit: str) -> None:
        self._grant("host", "run", path, condition=limit)
        self._grant("host/logins", "use", path, needs=_LOGINS, condition=limit)
        if not limit:
            self._becomes(HOST, "runs any command without asking", path)

    def _started(self, words: Sequence[Word]) -> None:
        """A program that the client starts."""
        at = words[0].path
        if program(words) in CONTAINERS:
            self._grant("container", "run", at)
            needs = "which image runs: it is not named by its digest"
            if not any("@sha256:" in word.text for word in words):
                self._grant("host/package", "fetch", at, needs=needs)
            self._mounts(words)
        else:
            self._grant("host", "run", at)
            self._grant("host/logins", "use", at, needs=_LOGINS)
            self._becomes(HOST, "runs as a program of the client's account", at)
        loader = fetcher(words)
        if loader:
            needs = (
                f"which version runs: {loader} fetches the package and no exact version is written"
            )
            self._grant("host/package", "fetch", at, needs=needs)
        for word in words[1:]:
            if word.text.startswith(("http://", "https://")):
                self._calls(word.path, word.text)

    def _mounts(self, words: Sequence[Word]) -> None:
        for mount in mounts(words):
            needs = _LOGINS if mount.whole else f"what lies in {mount.what}"
            self._grant("host/mount", "use", mount.path, needs=needs)
            if mount.whole:
                self._becomes(HOST, f"its container is given {mount.what}", mount.path)

    def _remote(self, key: str, address: str) -> None:
        """A server that the client calls."""
        if self._calls((key,), address) and not held(self.server.body, ()):
            self._open(
                (key,), "no credential is written: how and as whom the client signs in is not known"
            )

    def _calls(self, path: Path, address: str) -> bool:
        host = host_of(address)
        if not host:
            self._open(path, "its address is not written out, so whom it calls is not known")
            return False
        needs = f"what {host} does with what it is sent and may do"
        self._grant(f"server/{host}", "call", path, needs=needs)
        return True

    def _holds(self, one: Held) -> None:
        owner = self.server.principal
        asked = f"what the credential in {one.called} may do, and as whom"
        needs = asked if one.sure else f"whether {one.called} is a credential, and what it opens"
        self._grant(f"credential/{one.name}", "use", one.path, needs=needs)
        doubt = "" if one.sure else needs
        self._becomes(f"{owner}/{one.name}", f"holds {one.called}, {one.source}", one.path, doubt)
        if one.mark and one.sure:
            self.marks.append((one.mark, self.becomings[-1]))

    # --- what is collected ----------------------------------------------------------------------

    def _grant(
        self, resource: str, action: str, path: Path, *, needs: str = "", condition: str = ""
    ) -> None:
        limit = " and ".join(filter(None, (self.condition, condition)))
        self.grants.append(
            Grant(
                holder=self.server.principal,
                system=self.system,
                scope="",
                resource=resource,
                action=action,
                effect=effect(resource, action),
                location=self.server.at(path),
                condition=limit,
                certainty=_certainty(needs, limit),
                needs=needs,
                inherent=resource == HOST or resource.startswith(_CREDENTIAL),
            )
        )

    def _becomes(self, principal: str, via: str, path: Path, needs: str = "") -> None:
        place, owner = self.server.at(path), self.server.principal
        via = f"{via} ({self.condition})" if self.condition else via
        certainty = _certainty(needs, self.condition)
        self.becomings.append(Becoming(owner, principal, via, place, certainty, needs))

    def _open(self, path: Path, why: str) -> None:
        place, owner = self.server.at(path), self.server.principal
        self.unresolved.append(Unresolved(f"{self.server.name}: {why}", place, (owner,)))


def _shell_rules(rights: dict[str, object], key: str) -> list[tuple[int, str]]:
    """The rules of a list that speak of commands, each with its position."""
    rules = rights.get(key)
    texts = [str(rule) for rule in rules] if isinstance(rules, list) else []
    return [(i, rule) for i, rule in enumerate(texts) if re.match(r"(Bash|PowerShell)(\(|$)", rule)]


def _is_whole(rule: str) -> bool:
    return not re.search(r"\((?!\*\)$)", rule)


def _same(told: Sequence[_Telling]) -> Iterator[Becoming]:
    """Credentials with one value: who has the one has the other."""
    first: dict[str, Becoming] = {}
    for mark, turn in (pair for one in told for pair in one.marks):
        other = first.setdefault(mark, turn)
        if other.principal != turn.principal:
            via = "the same value is given to both"
            yield Becoming(turn.principal, other.principal, via, turn.location)
            yield Becoming(other.principal, turn.principal, via, turn.location)


def _certainty(needs: str, condition: str) -> EdgeCertainty:
    return "needs-fact" if needs else "conditional" if condition else "proven"


def host_of(address: str) -> str:
    """The host of an http address; a label that looks like a secret is left out (`…`)."""
    from urllib.parse import urlsplit  # noqa: PLC0415 -- not every server is called

    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not re.fullmatch(r"[\w.:-]+", host):
        return ""
    return ".".join("…" if is_random(label) else label for label in host.split("."))
