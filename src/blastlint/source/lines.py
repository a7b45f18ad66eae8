"""Files that are neither YAML nor JSON, as documents: the list of their lines."""

from __future__ import annotations

import re

from blastlint.source.document import Document, _refused, _Text
from blastlint.source.encoding import prepare
from blastlint.source.limits import EVIDENCE
from blastlint.source.places import InputError
from blastlint.source.tree import Tree
from blastlint.source.words import Refusal
from blastlint.values import replace

_ARCHIVES = (
    (b"PGDMP", "an archive of pg_dump", "make it with pg_dump --format=plain"),
    (b"\x1f\x8b", "compressed with gzip", "unpack it"),
    (b"PK\x03\x04", "a zip archive", "unpack it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it"),
)
"""How files begin that hold text in another form: what they are, and what to do."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.source.limits import Limits
    from blastlint.source.root import Root


def lines_of(data: bytes, file: str, limits: Limits = EVIDENCE) -> Document:
    """Return a text as a document whose value is the list of its lines, without their ends.

    Such a file may hold secrets: no line of it is repeated when it is refused.
    """
    text = _Text(file, data)
    try:
        _refuse_archive(data)
        prepare(data, limits)
    except Refusal as refusal:
        (problem,) = _refused(text, refusal).problems
        place = problem.location and replace(problem.location, text="")
        raise InputError(replace(problem, location=place)) from None
    tree, lines, start = Tree(), list[str](), 0
    tree.starts.append(0)
    tree.ends.append(len(text.shown))
    for end in re.finditer(r"\r\n?|\n|\Z", text.shown):
        if end[0] or end.start() > start:
            lines.append(text.shown[start : end.start()])
            tree.starts.append(start)
            tree.ends.append(end.start())
        start = end.end()
    tree.values.append(lines)
    tree.roots.append(0)
    tree.sizes[0] = len(lines) + 1
    return Document(text, tree, 0)


def _refuse_archive(data: bytes) -> None:
    for beginning, what, advice in _ARCHIVES:
        if data.startswith(beginning):
            raise Refusal(f"the file is {what}, expected text", 0, advice=advice)


def read_lines(root: Root, relative: str, limits: Limits = EVIDENCE) -> Document:
    """Read a file as the list of its lines, opened and checked like every other one."""
    return lines_of(root.read_bytes(relative, limits.max_bytes), root.show(relative), limits)
