"""The findings that a team knows of and works off: a file beside the inventory, no lines in it.

A finding is known by its rule and its subjects, so that moving or rewriting a file changes
nothing; one that has become graver is new.
"""

from __future__ import annotations

import json
from hashlib import sha256

from blastlint.finding import names_of, weight
from blastlint.inventory.discovery import BASELINE_FILE
from blastlint.rules import SEVERITIES
from blastlint.source import OWN, InputError, Problem, read
from blastlint.subjects.facts import KnownFinding
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.finding import Finding
    from blastlint.source import Document, Location, Root

    Weights = Mapping[tuple[str, str], tuple[int, int, int]]
    """Rule and subject to how grave the finding is: a lower number is graver."""

SCHEMA = "blastlint.baseline/v1"
_HEAD = """\
# Findings that are known, and worked off one by one. Written by `blastlint baseline`, which takes
# out what is fixed and never adds what is new.
"""
_OWN = ("rule", "subject", "severity", "certainty")
_FIELDS = (*_OWN, "fingerprint")


def fingerprint(entry: KnownFinding) -> str:
    """Return its identity across runs: that of a finding on this subject alone."""
    said = f"{entry.rule}\n{entry.subject}"
    return sha256(said.encode(errors="backslashreplace")).hexdigest()[:32]


def _weight(entry: KnownFinding) -> tuple[int, int, int]:
    """Return how grave a finding was when it was noted."""
    return (0, SEVERITIES.index(entry.severity), int(entry.certainty == "possible"))


def entries_of(findings: Iterable[Finding]) -> tuple[KnownFinding, ...]:
    """Return an entry for every subject of every finding that is open, sorted."""
    found = {
        (finding.rule, name): KnownFinding(finding.rule, name, finding.severity, finding.certainty)
        for finding in findings
        if finding.waiver is None
        for name in names_of(finding)
    }
    return tuple(found[key] for key in sorted(found))


def render(entries: Iterable[KnownFinding]) -> str:
    """Return the text of a baseline: sorted by rule and subject, one entry a line."""
    ordered = sorted(entries, key=lambda entry: (entry.rule, entry.subject))
    lines = "".join(f"  - {_written(entry)}\n" for entry in ordered)
    return f"{_HEAD}schema: {SCHEMA}\nfindings:{chr(10) + lines if lines else ' []' + chr(10)}"


def _written(entry: KnownFinding) -> str:
    values = {"fingerprint": fingerprint(entry)}
    said = {
        name: json.dumps(values[name] if name in values else getattr(entry, name))
        for name in _FIELDS
    }
    return "{" + ", ".join(f"{name}: {value}" for name, value in said.items()) + "}"


def read_baseline(root: Root) -> tuple[KnownFinding, ...] | None:
    """Return what a folder's baseline holds; None if there is none.

    Raises:
        InputError: it is no baseline, or an entry was changed by hand; all problems at once.
    """
    if not root.exists(BASELINE_FILE):
        return None
    document = read(root, BASELINE_FILE, OWN)
    value = document.value
    listed = value.get("findings") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA or not isinstance(listed, list):
        raise InputError(_foreign(document))
    problems: list[Problem] = []
    found: list[KnownFinding] = []
    for index, said in enumerate(listed):
        entry = _entry(said, document, index)
        if entry is None:
            problems.append(_broken(document.at(("findings", index))))
        else:
            found.append(entry)
    if problems:
        raise InputError(*problems)
    return tuple(found)


def trusted_baseline(own: Root, authority: Root) -> tuple[KnownFinding, ...] | None:
    """Return what the baseline of an authority holds and the folder's own one still does, too.

    Raises:
        InputError: as `read_baseline`.
    """
    entries = read_baseline(authority)
    if entries is None or own is authority:
        return entries
    kept = {(entry.rule, entry.subject) for entry in read_baseline(own) or ()}
    return tuple(entry for entry in entries if (entry.rule, entry.subject) in kept)


def _foreign(document: Document) -> Problem:
    help_ = "write it with `blastlint baseline`"
    return Problem(f"this is no baseline: expected the schema {SCHEMA}", document.at(()), help_)


def _broken(place: Location) -> Problem:
    help_ = "write the file with `blastlint baseline`; entries are not changed by hand"
    return Problem("an entry that blastlint did not write", place, help_)


def _entry(said: object, document: Document, index: int) -> KnownFinding | None:
    if not isinstance(said, dict) or sorted(said) != sorted(_FIELDS):
        return None
    if not all(isinstance(value, str) for value in said.values()):
        return None
    if said["severity"] not in SEVERITIES or said["certainty"] not in {"certain", "possible"}:
        return None
    pointer = ("findings", index)
    said_by = said["rule"], said["subject"], said["severity"], said["certainty"]
    entry = KnownFinding(*said_by, document.at(pointer), (document, pointer))
    return entry if fingerprint(entry) == said["fingerprint"] else None


def known(findings: Iterable[Finding], entries: Iterable[KnownFinding]) -> Iterator[Finding]:
    """Yield the findings, marked as known where a baseline holds every subject of theirs."""
    yield from marked(findings, {(one.rule, one.subject): _weight(one) for one in entries})


def weights(findings: Iterable[Finding]) -> Weights:
    """Return how grave each subject of each finding is: a lower number is graver."""
    return {(f.rule, name): weight(f) for f in findings for name in names_of(f)}


def marked(findings: Iterable[Finding], before: Weights) -> Iterator[Finding]:
    """Yield the findings, marked as known where rule and subjects were as grave before."""
    for finding in findings:
        said = [before.get((finding.rule, name)) for name in names_of(finding)]
        was = all(one is not None and one <= weight(finding) for one in said)
        yield replace(finding, known=True) if was else finding


def stale(findings: Iterable[Finding], entries: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    """Return the entries of which no finding is left."""
    left = {(finding.rule, name) for finding in findings for name in names_of(finding)}
    return tuple(entry for entry in entries if (entry.rule, entry.subject) not in left)


def updated(
    findings: Iterable[Finding], entries: Iterable[KnownFinding]
) -> tuple[KnownFinding, ...]:
    """Return the entries that are still found: what is new is never added to them."""
    entries = tuple(entries)
    gone = set(stale(findings, entries))
    return tuple(entry for entry in entries if entry not in gone)
