"""The difference of two texts, as people would mark it: what stayed is not shown as new.

Lines that stand once in each text hold the others in place (the patience method of Bram Cohen), so
that rows with many equal lines are told apart by what names them, and long files take no longer.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from difflib import SequenceMatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Block = tuple[int, int, int]
    """Where lines are equal: index in the old text, in the new one, and how many."""

_AROUND = 3
"""Lines around a change that are shown."""


def unified(file: str, before: str, after: str) -> str:
    """Return the difference of two texts of a file, as `patch -p1` and `git apply` read it."""
    old, new = _lines(before), _lines(after)
    if old == new:
        return ""
    names = (file, file) if file.startswith("/") else (f"a/{file}", f"b/{file}")
    shown = [f"--- {names[0]}\n", f"+++ {names[1]}\n", *_hunks(old, new)]
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in shown
    )


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield the lines of every place where something changes."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    matcher.matching_blocks = [*_equal(old, new), (len(old), len(new), 0)]  # type: ignore[attr-defined] # it is worked out once, and kept there
    for group in matcher.get_grouped_opcodes(_AROUND):
        (_, i, _, j, _), (_, _, k, _, n) = group[0], group[-1]
        yield f"@@ -{_span(i, k)} +{_span(j, n)} @@\n"
        for kind, i, k, j, n in group:
            if kind == "equal":
                yield from (f" {line}" for line in old[i:k])
                continue
            yield from (f"-{line}" for line in old[i:k])
            yield from (f"+{line}" for line in new[j:n])


def _span(start: int, end: int) -> str:
    """Return a stretch of lines; an empty one is named by the line before it."""
    size = end - start
    return f"{start + 1 if size else start}" + ("" if size == 1 else f",{size}")


def _equal(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Return where the texts are equal, in order; neighbours are joined."""
    found: list[Block] = []
    i = j = 0
    for k, n in [*_anchors(old, new), (len(old), len(new))]:
        inner = SequenceMatcher(None, old[i:k], new[j:n], autojunk=k - i > _LONG)
        for a, b, size in inner.get_matching_blocks()[:-1]:
            _add(found, (i + a, j + b, size))
        if k < len(old):
            _add(found, (k, n, 1))
        i, j = k + 1, n + 1
    return found


_LONG = 2_000
"""Lines between two anchors from which on a rough comparison has to do."""


def _add(blocks: list[Block], block: Block) -> None:
    i, j, size = block
    if blocks and (blocks[-1][0] + blocks[-1][2], blocks[-1][1] + blocks[-1][2]) == (i, j):
        blocks[-1] = (blocks[-1][0], blocks[-1][1], blocks[-1][2] + size)
    else:
        blocks.append(block)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest run of lines that stand once in each text, in the order of both."""
    here, there = Counter(old), Counter(new)
    places = {line: index for index, line in enumerate(new) if there[line] == 1}
    pairs = [(i, places[line]) for i, line in enumerate(old) if here[line] == 1 and line in places]
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for index, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before[index] = last[at - 1] if at else -1
        ends[at : at + 1], last[at : at + 1] = [j], [index]
    chain: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
