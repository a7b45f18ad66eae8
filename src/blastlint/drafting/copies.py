"""The copies of evidence that an inventory keeps: an inventory is judged from its own folder alone.

What may hold secrets is never copied: such a file is refused, or, of a client, only read.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256

from blastlint.drafting.files import CATALOGUES
from blastlint.inventory.shape import EVIDENCE_FOLDER
from blastlint.source import EVIDENCE, InputError, Problem, Root, shown
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.drafting.sources import Source

ONLY_READ = (*CATALOGUES, "mcp-clients")
"""Kinds that become no evidence of an inventory."""
_SECRETS = {
    "kubernetes-rbac": (
        r"(?m)^[\s-]*[\"']?kind[\"']?\s*:\s*[\"']?Secret[\"']?\s*[,}]?\s*(#.*)?$",
        "an object of kind Secret in a list",
        "export roles, bindings and workloads without Secrets",
    ),
    "oauth-scopes": (
        r"(?i)(access|refresh|id)_token\"?\s*[:=]|client_secret|private_key",
        "a token or a key",
        "write the scopes alone to a file",
    ),
    "postgres": (
        r"(?i)\bPASSWORD\s+'",
        "passwords of roles",
        "export it with pg_dumpall --roles-only --no-role-passwords",
    ),
}
"""Kind to how a secret in it looks, what it is, and how to leave it out."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an inventory keeps of a source."""

    entry: tuple[str, ...]
    """What its entry under `evidence` names."""
    digest: str
    """Digest of all its files."""
    copies: dict[str, bytes]
    """Files to write, by their path below the inventory; none if they lie there already."""


def kept(source: Source, folder: str) -> Kept:
    """Return what an inventory in a folder keeps of a source.

    Raises:
        InputError: a file holds secrets, or cannot be read.
    """
    content = {name: _content(source, path) for name, path in source.files.items()}
    digest = sha256()
    for file, data in sorted(content.items()):
        digest.update(file.encode() + b"\0" + data + b"\0")
    inside = _inside(source, folder)
    copied = {} if inside or source.kind in ONLY_READ else _copies(source, content)
    entry = inside or _entry(source, f"{EVIDENCE_FOLDER}/{source.name}")
    return Kept(tuple(entry), digest.hexdigest()[:12], copied)


def source_of(copy: str) -> str:
    """Return the name of the source that a copy is of."""
    return copy.split("/")[1]


def _content(source: Source, path: str) -> bytes:
    """Return the bytes of a file that may be copied."""
    folder, name = os.path.split(path)
    data = Root(folder or ".", folder).read_bytes(name, EVIDENCE.max_bytes)
    pattern, what, help_ = _SECRETS.get(source.kind, ("", "", ""))
    if not pattern or not re.search(pattern, data.decode("utf-8", "replace")):
        return data
    data = _without(pattern, data)
    if not data:
        message = f"{shown(path)} holds {what}, which no inventory should keep"
        raise InputError(Problem(message, help=help_))
    return data


def _without(pattern: str, data: bytes) -> bytes:
    """Return a stream of YAML documents without those that match; nothing if it is no stream."""
    parts = re.split(r"(?m)^(?=---\s)", data.decode("utf-8", "replace"))
    if all(re.search(pattern, part) for part in parts if part.strip()):
        return b""
    return "".join(_blank(part) if re.search(pattern, part) else part for part in parts).encode()


def _blank(part: str) -> str:
    """Return a document without what it says, as long as it was: what follows keeps its line."""
    return "---\n# left out, for it holds secrets" + "\n" * max(1, part.count("\n") - 1)


def _copies(source: Source, content: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{EVIDENCE_FOLDER}/{source.name}/{file}": data for file, data in content.items()}


def _entry(source: Source, below: str) -> Iterator[str]:
    """Yield what names the files below a folder: the one file, or the folder."""
    yield f"{below}/{next(iter(source.files))}" if len(source.files) == 1 else below


def _inside(source: Source, folder: str) -> list[str]:
    """Return what names files that lie in the inventory already; nothing if they lie elsewhere."""
    here = os.path.realpath(folder)
    paths = [os.path.realpath(path) for path in source.files.values()]
    if os.path.commonpath([here, *paths]) != here:
        return []
    return [os.path.relpath(path, here).replace(os.sep, "/") for path in paths]
