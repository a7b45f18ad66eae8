"""Writes a report for a pull request comment or a job summary: the verdict first."""

from __future__ import annotations

import re

from blastlint.finding import VERDICTS
from blastlint.reporters import words
from blastlint.reporters.escape import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.finding import Finding, InventoryReport, Report, Verdict
    from blastlint.source import Location

LIMIT = 60_000
"""Characters that a comment may have."""
SCREENFUL = 12
"""Findings that stand open; the others are folded below them."""
VALUE = 300
"""Characters of one value that are shown."""
SIGNS: dict[Verdict, str] = {
    "blocked": "⛔",
    "cannot-tell": "❔",
    "ready-with-waivers": "⚠️",
    "ready": "✅",
}
"""Shown beside the word of a verdict, never instead of it."""
PLAIN = re.compile(
    r"[(\"'\u201c\u2018]?[^\W_]+(?:[-./,'\u2019:%][^\W_]+)*[.,;:!?)\"'\u201d\u2019%\u2026]*"
)
"""A word that no Markdown reader makes anything of."""
LINKED = re.compile(
    r"www\.|https?:|ftp:|mailto:|xmpp:|gh-\d|\b[0-9a-f]{7,}\b|^\d+[.)]$|:[^:]+:", re.IGNORECASE
)
"""What readers turn into links, lists or pictures even in plain words."""


def render(report: Report) -> str:
    """Return the report as Markdown of at most 60,000 characters."""
    findings = [finding for finding in report.findings if not finding.known]
    head = "\n".join(_head(report)) + "\n"
    judged = prose(words.judged_by(report, report.inventories))
    tail = f"\n<sub>{judged} · blastlint {code(report.version)}</sub>\n"
    if not findings:
        return head + tail
    room = LIMIT - len(head + tail)
    rows = table(findings, room // 2)
    return f"{head}{rows}{ways(findings, room - len(rows))}{tail}"


HEADING = "\n| | Rule | Finding | Place |\n|---|---|---|---|\n"
OPEN = "\n<details>\n<summary>Paths, cuts and fixes</summary>\n\n"
CLOSE = "\n</details>\n"


def table(findings: Sequence[Finding], room: int) -> str:
    """Return one row for each finding, as many as fit into so many characters, a screenful open."""
    rows = list(map(_row, findings))
    shown = HEADING + fitting(rows[:SCREENFUL], room // 2, "findings")
    if len(rows) <= SCREENFUL:
        return shown
    title = (
        f"\n<details>\n<summary>{words.count(len(rows) - SCREENFUL, 'more finding')}</summary>\n"
    )
    left = room - len(shown + title + HEADING + CLOSE)
    return shown + title + HEADING + fitting(rows[SCREENFUL:], left, "findings") + CLOSE


def ways(findings: Sequence[Finding], room: int) -> str:
    """Return what follows from each finding, folded, as many as fit into so many characters."""
    inside = list(map(_details, findings))
    return OPEN + fitting(inside, room - len(OPEN + CLOSE), "findings") + CLOSE


def fitting(blocks: Sequence[str], room: int, noun: str) -> str:
    """Join the blocks that fit, and say how many did not."""
    kept: list[str] = []
    room -= 200
    for block in blocks:
        room -= len(block)
        if room < 0:
            break
        kept.append(block)
    left = len(blocks) - len(kept)
    more = f"\n**{left:,} more {noun}**: run blastlint for all of them.\n" if left else ""
    return "".join(kept) + more


def _head(report: Report) -> Iterator[str]:
    yield f"## {SIGNS[report.verdict]} {report.verdict}"
    yield ""
    lines = list(map(_inventory, sorted(report.inventories, key=_worst)))
    yield fitting(lines, LIMIT // 4, "inventories").rstrip("\n")


def _worst(inventory: InventoryReport) -> int:
    return VERDICTS.index(inventory.verdict)


def _inventory(inventory: InventoryReport) -> str:
    numbers = words.totals((inventory,))
    found = words.findings_in_words(numbers)
    verdict = f"{SIGNS[inventory.verdict]} {inventory.verdict}"
    stands = f"{words.scope_in_words(numbers)} · {words.standing_in_words(inventory.standing)}"
    return f"- {code(inventory.name)}: {verdict} — **{found}** · {stands}\n"


def _row(finding: Finding) -> str:
    where = f"{finding.location.file}:{finding.location.span.line}"
    cells = (
        words.label(finding),
        code(finding.rule, cell=True),
        prose(finding.message, cell=True),
        code(where, cell=True),
    )
    return f"| {' | '.join(cells)} |\n"


def _details(finding: Finding) -> str:
    lines = [f"**{words.label(finding)}** {code(finding.rule)}: {prose(finding.message)}", ""]
    lines += [f"- {name} {said}" for name, said in _facts(finding)]
    if finding.path:
        lines.append(f"- path, {prose(words.path_in_words(finding.path))}:")
        for number, hop in enumerate(finding.path.hops, start=1):
            doubt = "" if hop.certainty == "proven" else f" ({hop.certainty})"
            lines.append(f"  {number}. {prose(hop.why)}{doubt}{_at(hop.location)}")
    return "\n".join(lines) + "\n\n"


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "at", code(words.place(finding.location))
    for location in finding.related:
        yield "see", f"{code(words.place(location))} {prose(location.note)}".rstrip()
    if finding.waiver:
        waiver = finding.waiver
        approved = f"{waiver.expires} by {code(waiver.approved_by)}"
        yield "waived until", f"{approved}: {prose(waiver.reason)}{_at(waiver.location)}"
    if certainty := words.certainty(finding):
        yield "certainty:", prose(certainty)
    if alike := words.alike_in_words(finding):
        yield "also:", prose(alike)
    if finding.cut:
        yield "cut:", prose(words.cut_in_words(finding.cut))
    if finding.fix:
        yield "fix:", prose(finding.fix)
    if folded := words.folded_in_words(finding.folded):
        yield "note:", prose(folded)


def _at(location: Location | None) -> str:
    return f" — {code(words.place(location))}" if location else " — implied, written nowhere"


def prose(value: str, *, cell: bool = False, limit: int = VALUE) -> str:
    """Return a sentence in which every word that Markdown could act on is a code span."""
    text = shown(value, limit)
    return " ".join(_word(word, cell=cell) for word in text.split(" ") if word)


def _word(word: str, *, cell: bool) -> str:
    if word == "—" or (PLAIN.fullmatch(word) and not LINKED.search(word)):
        return word
    return code(word, cell=cell)


def code(value: str, *, cell: bool = False, limit: int = VALUE) -> str:
    """Return a value as a code span whose fence is longer than any run of backticks in it."""
    text = shown(value, limit).strip() or "(empty)"
    if cell:
        text = text.replace("\\|", "\\\\u{7C}").replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
