"""What is said of a draft: the worklist first, then what changed, and what to do next."""

from __future__ import annotations

from blastlint.drafting.writing import ROOT
from blastlint.reporters.escape import shown
from blastlint.reporters.words import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.drafting import Drafted
    from blastlint.drafting.worklist import Item

_MOST = 8
"""Files that were passed over, of which each is named."""
_NAMES = {
    "agents": "agent",
    "tools": "tool",
    "systems": "system",
    "credentials": "credential",
}


def told(done: Drafted) -> str:
    """Return everything that there is to say of a draft."""
    lines = [*_worklist(done.worklist), *_left_out(done), *_changes(done), *_next(done)]
    return "".join(f"{shown(line)}\n" for line in lines)


def _worklist(items: list[Item]) -> Iterator[str]:
    if not items:
        yield "Nothing is left to find out."
        return
    yield "What the files show, and what is to find out, the gravest first:"
    yield ""
    for number, item in enumerate(items, start=1):
        yield f"{number:3}. {item.text}"
        if item.asks:
            yield f"     ask: {item.asks}"


def _left_out(done: Drafted) -> Iterator[str]:
    if done.passed_over:
        yield ""
        yield f"Left out, {count(len(done.passed_over), 'file')}:"
        for problem in done.passed_over[:_MOST]:
            yield f"  {problem.message}"
        if len(done.passed_over) > _MOST:
            yield f"  and {len(done.passed_over) - _MOST} more"


def _changes(done: Drafted) -> Iterator[str]:
    yield ""
    own = [file for file in done.changes.files if not file.startswith("evidence/")]
    copies = len(done.changes.files) - len(own)
    if done.is_new:
        rows = [count(done.counts[key], word) for key, word in _NAMES.items() if done.counts[key]]
        yield f"Drafted {', '.join(rows)} into {done.folder}: {', '.join(sorted(own))}"
        yield f"and {count(copies, 'file')} of evidence beside them."
        return
    if not done.changes.files and not done.removed:
        yield f"Nothing has changed in {done.folder}."
    for line in done.changes.said:
        yield f"  {line}"
    changed = [*sorted(own), *([f"{count(copies, 'file')} of evidence"] if copies else [])]
    if changed:
        yield f"Changed in {done.folder}: {', '.join(changed)}."


def _next(done: Drafted) -> Iterator[str]:
    if done.is_new:
        where = "" if done.folder == "." else f" {done.folder}"
        yield ""
        yield f"Next: answer the first questions in the files beside {ROOT}, then judge them:"
        yield f"  blastlint check{where}"
