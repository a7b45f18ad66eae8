"""Writes a report as a Code Quality report of GitLab: findings that are open and new.

GitLab joins entries that share a fingerprint, so every entry has one of its own.
"""

from __future__ import annotations

from collections import Counter
from hashlib import sha256

from blastlint.reporters import words
from blastlint.reporters.escape import shown
from blastlint.reporters.json import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from blastlint.finding import Finding, Report

_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}
"""Severity to the word of GitLab; what blocks for sure is a `blocker`."""


def render(report: Report) -> str:
    """Return a list with an entry for each finding, gravest first."""
    homes = {id(finding): i.name for i in report.inventories for finding in i.findings}
    seen: Counter[str] = Counter()
    entries = []
    for finding in report.findings:
        if finding.known or finding.waiver:
            continue
        name = f"{homes[id(finding)]}\n{finding.fingerprint}"
        entries.append(_entry(finding, report, f"{name}\n{seen[name]}" if seen[name] else name))
        seen[name] += 1
    return dumps(entries)


def _entry(finding: Finding, report: Report, name: str) -> dict[str, Any]:
    span = finding.location.span
    body = "\n\n".join(shown(line) for line in [*words.lines(finding), words.policy(report)])
    return {
        "type": "issue",
        "check_name": shown(finding.rule) or "(empty)",
        "description": shown(f"{words.label(finding)}: {finding.message}"),
        "content": {"body": body},
        "categories": ["Security"],
        "severity": _severity(finding),
        "fingerprint": sha256(name.encode(errors="backslashreplace")).hexdigest()[:32],
        "location": {
            "path": _path(finding.location.file),
            "lines": {"begin": span.line, "end": span.end_line},
        },
    }


def _severity(finding: Finding) -> str:
    certain = finding.certainty == "certain"
    return "blocker" if finding.severity == "error" and certain else _SEVERITIES[finding.severity]


def _path(file: str) -> str:
    """Return a path relative to the repository, as GitLab wants it."""
    return shown(file).replace("\\", "/").lstrip("/").removeprefix("./") or "unnamed"
