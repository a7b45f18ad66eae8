"""Writes a report as SARIF 2.1.0, blast paths as code flows."""

from __future__ import annotations

from urllib.parse import quote

from blastlint.reporters.escape import shown
from blastlint.reporters.json import dumps
from blastlint.reporters.words import (
    alike_in_words,
    certainty,
    cut_in_words,
    folded_in_words,
    path_in_words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from blastlint.finding import Finding, InventoryReport, Report, RuleSummary, Waiver
    from blastlint.reach import BlastPath, Hop
    from blastlint.rules import Severity
    from blastlint.source import Location

    Json = dict[str, Any]
    """An object of the format."""

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
FINGERPRINT = "blastlint/v1"
"""Our own key: the one that code scanning computes from lines is left to it."""
ROOT = "%SRCROOT%"
"""Stands for the directory of the run; where that is, the reader of the file says."""
SECURITY: dict[Severity, str] = {"error": "8.0", "warning": "5.5", "note": "2.0"}
"""Severity to the number that code scanning ranks security rules by."""
PROBLEM: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "recommendation"}
TAGS = 20
"""Tags of one rule that code scanning accepts."""
DESCRIPTION = 1_000
"""Characters of a rule's description that code scanning accepts, with room to spare."""
CWE = "external/cwe/cwe-"


def render(report: Report) -> str:
    """Return the report as one SARIF run; every finding is a result, waived ones suppressed."""
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: Report) -> Json:
    rules = _rules(report)
    index = {rule.id: number for number, rule in enumerate(rules)}
    weaknesses = sorted({cwe for rule in rules for cwe in _weaknesses(rule)}, key=int)
    return {
        "tool": {"driver": _driver(report, rules, weaknesses)},
        "automationDetails": {"id": "blastlint/"},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The directory that blastlint was started in."}}
        },
        "taxonomies": [_taxonomy(weaknesses)] if weaknesses else [],
        "results": [
            _result(finding, inventory, index[finding.rule])
            for inventory in report.inventories
            for finding in inventory.findings
        ],
        "properties": {
            "verdict": report.verdict,
            "asOf": report.as_of.isoformat(),
            "policyDigest": _text(report.policy_digest),
        },
    }


def _rules(report: Report) -> list[RuleSummary]:
    """Every rule that judged, once; findings of a rule that is not listed bring their own."""
    from blastlint.finding import RuleSummary  # noqa: PLC0415 - rarely needed

    rules = {rule.id: rule for rule in reversed(report.rules)}
    for finding in report.findings:
        if finding.rule not in rules:
            rules[finding.rule] = RuleSummary(
                finding.rule, finding.title, finding.severity, "pilot", "", "", finding.fix, (), ()
            )
    return [rules[identity] for identity in sorted(rules)]


def _driver(report: Report, rules: Sequence[RuleSummary], weaknesses: Sequence[str]) -> Json:
    driver: Json = {
        "name": "blastlint",
        "version": _text(report.version),
        "shortDescription": {
            "text": "Finds what an AI agent can reach, and what its launch still needs."
        },
        "rules": [_rule(rule, weaknesses) for rule in rules],
    }
    if weaknesses:
        driver["supportedTaxonomies"] = [{"name": "CWE", "index": 0}]
    return driver


def _rule(rule: RuleSummary, weaknesses: Sequence[str]) -> Json:
    title = _text(rule.title, DESCRIPTION)
    described: Json = {
        "id": _text(rule.id),
        "name": _text(rule.id, 200),
        "shortDescription": {"text": title},
        "fullDescription": {"text": _text(rule.why or rule.title, DESCRIPTION)},
        "help": {"text": "\n\n".join(_help(rule)), "markdown": _help_markdown(rule)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": _properties(rule),
    }
    links = [ref for ref in rule.refs if ref.startswith("https://") and ref.isprintable()]
    if links:
        described["helpUri"] = quote(links[0], safe="/:?#@!$&'()*+,;=%~-._", errors="replace")
    if relationships := [_relationship(cwe, weaknesses) for cwe in _weaknesses(rule)]:
        described["relationships"] = relationships
    return described


def _help(rule: RuleSummary) -> Iterator[str]:
    yield f"{_text(rule.title)}."
    if rule.why:
        yield f"Why: {_text(rule.why, DESCRIPTION)}"
    if rule.fix:
        yield f"Fix: {_text(rule.fix, DESCRIPTION)}"
    if rule.refs:
        yield "\n".join(["References:", *(f"- {_text(ref)}" for ref in rule.refs)])


def _help_markdown(rule: RuleSummary) -> str:
    from blastlint.reporters.markdown import prose  # noqa: PLC0415 - rarely needed

    parts = [f"**{prose(rule.title) or '(no title)'}**"]
    parts += [f"**Why.** {prose(rule.why)}"] if rule.why else []
    parts += [f"**Fix.** {prose(rule.fix)}"] if rule.fix else []
    parts += ["\n".join(f"- {prose(ref)}" for ref in rule.refs)] if rule.refs else []
    return "\n\n".join(parts)


def _properties(rule: RuleSummary) -> Json:
    security = any(tag.startswith("owasp-asi/") for tag in rule.tags)
    own = ["security"] if security else []
    tags = list(dict.fromkeys([*own, *(_text(tag) for tag in rule.tags), _text(rule.family)]))
    ranked = {"security-severity": SECURITY[rule.severity]} if security else {}
    return {
        "tags": tags[:TAGS],
        "precision": "high",
        "problem.severity": PROBLEM[rule.severity],
        **ranked,
    }


def _weaknesses(rule: RuleSummary) -> list[str]:
    """The numbers of the CWE entries that a rule's tags name."""
    numbers = (tag.removeprefix(CWE) for tag in rule.tags if tag.startswith(CWE))
    return [number for number in numbers if number.isdecimal() and number.isascii()]


def _taxonomy(weaknesses: Sequence[str]) -> Json:
    return {
        "name": "CWE",
        "organization": "MITRE",
        "shortDescription": {"text": "The MITRE Common Weakness Enumeration"},
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": False,
        "taxa": [
            {"id": f"CWE-{cwe}", "helpUri": f"https://cwe.mitre.org/data/definitions/{cwe}.html"}
            for cwe in weaknesses
        ],
    }


def _relationship(cwe: str, weaknesses: Sequence[str]) -> Json:
    component = {"name": "CWE", "index": 0}
    target = {"id": f"CWE-{cwe}", "index": weaknesses.index(cwe), "toolComponent": component}
    return {"target": target, "kinds": ["relevant"]}


def _result(finding: Finding, inventory: InventoryReport, rule: int) -> Json:
    result: Json = {
        "ruleId": _text(finding.rule),
        "ruleIndex": rule,
        "kind": "fail",
        "level": finding.severity,
        "message": {"text": "\n".join(_message(finding))},
        "locations": [_location(finding.location) | {"logicalLocations": [_subject(finding)]}],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "suppressions": [_suppression(finding.waiver)] if finding.waiver else [],
        "properties": {
            "certainty": finding.certainty,
            "inventory": _text(inventory.name),
            "agents": [_text(agent) for agent in finding.agents],
        },
    }
    if inventory.compared:
        result["baselineState"] = "unchanged" if finding.known else "new"
    if finding.related:
        result["relatedLocations"] = [
            _location(location, location.note) | {"id": number}
            for number, location in enumerate(finding.related, start=1)
        ]
    if finding.path and finding.path.hops:
        result["codeFlows"] = [_flow(finding.path, finding.location)]
    return result


def _subject(finding: Finding) -> Json:
    return {"fullyQualifiedName": _text(str(finding.subject)), "kind": "resource"}


def _message(finding: Finding) -> Iterator[str]:
    """The message and what follows from it; related places are links by their number."""
    doubt = "Possible: " if finding.certainty == "possible" else ""
    yield f"{doubt}{_linkless(finding.message)}"
    if sure := certainty(finding):
        yield f"Certainty: {_linkless(sure)}"
    if alike := alike_in_words(finding):
        yield f"Also: {_linkless(alike)}"
    if finding.cut:
        yield f"Cut: {_linkless(cut_in_words(finding.cut))}"
    if finding.fix:
        yield f"Fix: {_linkless(finding.fix)}"
    if folded := folded_in_words(finding.folded):
        yield f"Note: {_linkless(folded)}"
    if finding.related:
        yield f"See {', '.join(_links(finding.related))}"


def _links(related: Iterable[Location]) -> Iterator[str]:
    for number, location in enumerate(related, start=1):
        yield f"[{_linkless(location.note or location.file)}]({number})"


def _flow(path: BlastPath, fallback: Location) -> Json:
    """One step for each hop; a hop that nobody wrote stands at the place before it."""
    steps = []
    place = fallback
    for number, hop in enumerate(path.hops):
        place = hop.location or place
        steps.append(_step(hop, place, number))
    return {
        "message": {"text": _linkless(path_in_words(path))},
        "threadFlows": [{"locations": steps}],
    }


def _step(hop: Hop, place: Location, number: int) -> Json:
    doubt = "" if hop.certainty == "proven" else f" ({hop.certainty})"
    implied = "" if hop.location else " (implied, written nowhere)"
    return {
        "location": _location(place, f"{hop.why}{doubt}{implied}"),
        "executionOrder": number,
        "nestingLevel": 0,
        "importance": "essential",
    }


def _location(location: Location, message: str = "") -> Json:
    span = location.span
    region: Json = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    if location.text:
        region["snippet"] = {"text": _text(location.text)}
    artifact = {"uri": uri(location.file), "uriBaseId": ROOT}
    located: Json = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if message:
        located["message"] = {"text": _linkless(message)}
    return located


def uri(file: str) -> str:
    """Return a file as a relative reference that names no machine."""
    return quote(file.replace("\\", "/").lstrip("/"), safe="/", errors="replace") or "unnamed"


def _suppression(waiver: Waiver) -> Json:
    reason = f"{waiver.reason} (approved by {waiver.approved_by} until {waiver.expires})"
    return {
        "kind": "external",
        "status": "accepted",
        "justification": _text(reason),
        "location": _location(waiver.location),
    }


def _text(value: str, limit: int = 600) -> str:
    """A value as plain text, never empty where the format asks for words."""
    return shown(value, limit) or "(empty)"


def _linkless(value: str) -> str:
    """A value for a message, where brackets would otherwise make links."""
    text = _text(value)
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
