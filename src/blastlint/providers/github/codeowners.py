"""CODEOWNERS: whose approval the change of a file needs. The last line that fits decides.

Source: GitHub's "About code owners". A line that GitHub does not understand it passes over, so
that nobody owns what the line was written for.
"""

from __future__ import annotations

import re

from blastlint.providers.github.patterns import file_matches, is_everything
from blastlint.providers.grants import Unresolved
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.github.nodes import Node, Problems
    from blastlint.source import Location

_WORD = re.compile(r"(?:\\.|\S)+")
_ACCOUNT = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)?")
_NOBODY = "Unknown owner"
"""What GitHub calls an owner that does not exist or may not write here."""
_PLACES = ("/.github/CODEOWNERS", "/CODEOWNERS", "/docs/CODEOWNERS")
"""Where GitHub looks, in this order; the first file that it finds is the only one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that counts."""

    pattern: str
    owners: tuple[str, ...]
    """None if the line takes the owners away."""
    location: Location


@dataclass(slots=True)
class CodeOwners:
    """The file that counts."""

    lines: list[Line] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    """Lines that GitHub passes over, and owners that it does not know."""
    checked: bool = False
    """Whether GitHub's own answer says which owners it knows."""

    def of(self, path: str) -> tuple[str, ...]:
        """Return who owns a file; nobody if no line fits or the last one names nobody."""
        fits = (line for line in reversed(self.lines) if file_matches(line.pattern, path))
        return next((line.owners for line in fits), ())

    @property
    def rest(self) -> Line | None:
        """The last line about every file, if it names somebody."""
        wide = [line for line in self.lines if is_everything(line.pattern)]
        return wide[-1] if wide and wide[-1].owners else None

    @property
    def exempt(self) -> list[Line]:
        """The lines below that one that take files away from their owners."""
        rest = self.rest
        after = self.lines[self.lines.index(rest) + 1 :] if rest else []
        return [line for line in after if not self.of(_within(line.pattern))]


def code_owners(
    nodes: Sequence[Node], checks: Sequence[Node], problems: Problems
) -> CodeOwners | None:
    """Read the file that counts; None if there is none.

    Args:
        nodes: the files, as lists of lines.
        checks: GitHub's answers about errors in the file.
        problems: takes what is wrong.
    """
    if not nodes:
        return None
    found, file = CodeOwners(checked=bool(checks)), min(nodes, key=_order)
    faults = dict(_faults(checks, problems))
    for index, text in enumerate(file.value):
        _take_in(found, file.get(index), text, faults.get(index + 1))
    return found


def _faults(checks: Sequence[Node], problems: Problems) -> Iterator[tuple[int, Node]]:
    """Yield the errors that GitHub reports, by the number of the line."""
    for error in (one for answer in checks for one in problems.rows(answer.get("errors"))):
        yield problems.number(error.get("line")) or 0, error


def _order(node: Node) -> int:
    path = f"/{node.document.file}"
    if path.endswith(_PLACES[0]):
        return 0
    return 2 if path.endswith(_PLACES[2]) else 1


def _take_in(found: CodeOwners, node: Node, text: str, reported: Node | None) -> None:
    words = _WORD.findall(text.partition(" #")[0])
    if not words or words[0].startswith("#"):
        return
    pattern, owners = words[0].replace("\\ ", " "), tuple(words[1:])
    kind = str(reported.get("kind").value) if reported else ""
    fault = _fault(pattern, owners) or (f"{kind} in {' '.join(words)}" if kind else "")
    if fault:
        what = f"GitHub passes over this line of CODEOWNERS, or over an owner in it: {fault}"
        found.unresolved.append(Unresolved(what, _place(node)))
    if reported and kind == _NOBODY:
        owners = _known(text, owners, reported.get("column").value)
    if not fault or kind == _NOBODY:
        found.lines.append(Line(pattern, owners, _place(node)))


def _place(node: Node) -> Location:
    """The place of a line, without the remark behind it."""
    place = node.at()
    return replace(place, text=place.text.partition("#")[0].rstrip())


def _known(text: str, owners: tuple[str, ...], column: object) -> tuple[str, ...]:
    """Return the owners but the one at a column, counted from 1; nobody if it is none of them."""
    words = text[column - 1 :].split() if isinstance(column, int) and column > 0 else []
    wrong = words[0] if words else ""
    return tuple(one for one in owners if one != wrong) if wrong in owners else ()


def _fault(pattern: str, owners: tuple[str, ...]) -> str:
    """Return why GitHub does not understand a line; empty if it does."""
    if pattern.startswith("!"):
        return f"{pattern} negates a pattern, which only .gitignore knows"
    if pattern.startswith("\\#"):
        return f"{pattern} escapes a hash, which only .gitignore knows"
    if "[" in pattern:
        return f"{pattern} has a range of characters, which only .gitignore knows"
    wrong = [owner for owner in owners if not _is_owner(owner)]
    return f"{wrong[0]} is neither @user, @org/team nor an address" if wrong else ""


def _is_owner(word: str) -> bool:
    name, _, host = word.partition("@")
    address = bool(name) and "." in host.strip(".") and "@" not in host
    return address or _ACCOUNT.fullmatch(word) is not None


def _within(pattern: str) -> str:
    """Return the path of a file that a pattern is about."""
    path = pattern.strip("/").replace("**", "*").replace("*", "any").replace("?", "x")
    return f"{path}/any" if pattern.endswith("/") else path
