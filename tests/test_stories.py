"""Each worked inventory of a story gives the faults that were planted in it, and no other."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from blastlint.check import check

if TYPE_CHECKING:
    from blastlint.finding import Report

REPO = Path(__file__).resolve().parent.parent
AS_OF = date(2026, 6, 2)


class Fault(NamedTuple):
    """A planted fault: who finds it on what, how grave it is, and words of the message."""

    rule: str
    subject: str
    severity: str
    words: tuple[str, ...]
    certainty: str = "certain"


STORIES = {
    "ci-steward": (
        Fault(
            "self-merge", "ci-steward->github", "error", ("the protection rules do not bind it",)
        ),
        Fault("bypass-actor-is-agent", "github", "error", ("ci-steward may bypass",)),
        Fault(
            "agent-edits-own-guardrail",
            "ci-steward->github/contents",
            "error",
            ("contents on github", "merge, with steward-app"),
        ),
        Fault(
            "unattended-authority",
            "ci-steward",
            "warning",
            ("17 3 * * *", "branch.push, pull.merge", "no time is set"),
        ),
        Fault(
            "silent-guardrail-change",
            "ci-steward/flaky-test",
            "warning",
            ("quarantine", "nobody who owns the check is told"),
        ),
        Fault(
            "suppression-without-expiry",
            "ci-steward/flaky-test",
            "warning",
            ("nothing puts it back in force",),
        ),
        Fault(
            "threshold-uncalibrated",
            "ci-steward/is-flaky",
            "warning",
            ("confidence of 0.7", "asks a person from: none"),
        ),
    ),
    "internal-search": (
        Fault(
            "predecessor-gone-no-fallback",
            "answers",
            "error",
            ("search box", "switched off", "90 d"),
        ),
        Fault(
            "predecessor-slo-not-inherited",
            "answers",
            "error",
            ("target of 0.999", "latency of 0.2 s", "0.999 and 4 s"),
        ),
        Fault(
            "slo-above-dependencies",
            "answers",
            "error",
            ("promises 0.999", "0.999 x 0.995 x 0.9995 = 0.9935"),
        ),
        Fault(
            "stream-timeout-mismatch",
            "answers/ingress",
            "error",
            ("total timeout 1 min", "up to 15 s", "up to 75 s"),
        ),
        Fault("quality-sli-missing", "answers", "warning", ("wrong answer", "0.999")),
        Fault(
            "shared-failure-domain",
            "answers",
            "warning",
            ("region eu-west-1 (system document-index, system wiki)",),
        ),
        Fault("stream-drain-too-short", "answers", "warning", ("30 s", "75 s")),
        Fault("stream-scaling-signal", "answers", "warning", ("scaled by cpu",)),
        Fault("stream-histogram-overflow", "answers", "warning", ("75 s", "top bucket", "5 s")),
        Fault(
            "stream-capacity-stale",
            "answers",
            "warning",
            ("5,600 streams", "room for 4,000", "2026-03-10", "2026-05-04"),
        ),
    ),
    "triage-helper": (
        Fault(
            "agent-can-acknowledge",
            "pager-key->pagerduty/incidents (declared)",
            "error",
            ("incidents.write", "takes, ends or redirects pages"),
        ),
        Fault(
            "nonhuman-in-ack-path",
            "incident-pages",
            "error",
            ("agent:triage-helper", "how: message, by: any"),
        ),
        Fault("ack-not-explicit", "incident-pages", "error", ("anything but the pager",)),
        Fault("escalation-ends-nonhuman", "incident-pages", "error", ("webhook:auto-restart",)),
        Fault("agent-pages-unbounded", "incident.page", "error", ("as often as the agent likes",)),
        Fault(
            "page-without-agent-context",
            "triage-helper/correction_rate->rotation:reliability-oncall",
            "warning",
            ("leaves out run_id, last_change, first_hour_sheet",),
        ),
        Fault(
            "reserved-words-unblocked",
            "incident.comment",
            "note",
            ("posts in incidents", "acknowledged, resolved"),
        ),
    ),
    "night-maintenance": (
        Fault("freeze-not-enforced", "independence-day", "error", ("by prompt", "goes through")),
        Fault("calendar-fails-open", "database-maintenance", "error", ("cannot be read",)),
        Fault(
            "quota-starves-business-hours",
            "model-tokens",
            "error",
            (
                "21:36 UTC, 2 h 24 min before it starts again",
                "west loses 21 % of its day, 14:36 to 17:00 in America/Los_Angeles",
                "east loses 6 % of its day, 17:36 to 18:00 in America/New_York",
            ),
        ),
        Fault(
            "schedule-meets-window",
            "housekeeper->independence-day",
            "error",
            ("10 planned runs", "2026-06-27 01:30 to 2026-07-06 01:30", "which nothing refuses"),
        ),
        Fault(
            "quota-shared-batch-interactive",
            "model-tokens",
            "warning",
            ("reports may use up what east, west wait for",),
        ),
        Fault(
            "quota-alert-too-late", "model-tokens", "warning", ("empty 8 min after", "16 min after")
        ),
        Fault(
            "skipped-or-repeated-time",
            "schedule of housekeeper",
            "warning",
            ("2026-11-01 01:30 comes twice",),
        ),
        Fault(
            "run-crosses-window",
            "housekeeper->database-maintenance",
            "warning",
            ("45 min", "6 planned runs", "2026-06-07 01:30"),
        ),
        Fault("incident-state-not-consulted", "index.rebuild", "warning", ("open incidents",)),
    ),
    "dispatch-team": (
        Fault("self-merge", "dispatcher->forge", "error", ("dispatcher can push", "merge it too")),
        Fault(
            "undeclared-blast-path",
            "fixer-sa->registry/packages as release-key",
            "error",
            ("packages on registry", "publish"),
        ),
        Fault(
            "credential-can-mint",
            "fixer-sa->token/release via read its value (get secrets release-key on cluster)",
            "error",
            ("token/release",),
        ),
        Fault(
            "escalation-invisible",
            "fixer",
            "error",
            ("stuck it tells agent:dispatcher", "by agent:reporter"),
        ),
        Fault(
            "single-route-recovery",
            "agent:fixer",
            "error",
            ("every way there leads through itself",),
        ),
        Fault("quota-shared-fate", "team-tokens", "error", ("agent:fixer mends agent:dispatcher",)),
        Fault(
            "credential-can-mint",
            "fixer-sa->system:serviceaccount:runners:* via read a stored token"
            " (get secrets in runners)",
            "error",
            ("system:serviceaccount:runners:*",),
            "possible",
        ),
        Fault(
            "undeclared-blast-path", "fixer-sa->cluster//secrets@runners", "warning", ("/secrets",)
        ),
        Fault("escalation-invisible", "dispatcher", "warning", ("by agent:reporter",)),
    ),
}


def told(name: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return the report on the worked inventory of a story."""
    monkeypatch.chdir(REPO)
    return check([f"inventories/{name}"], as_of=AS_OF)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_gives_its_faults_and_no_other(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each planted fault is found on what it is planted in, as grave as it is, with its numbers."""
    findings = told(name, monkeypatch).findings
    found = [(f.rule, f.subject.id, f.severity, f.certainty) for f in findings]
    planted = [(f.rule, f.subject, f.severity, f.certainty) for f in STORIES[name]]
    assert sorted(found) == sorted(planted)
    messages = {(f.rule, f.subject.id): f.message for f in findings}
    for fault in STORIES[name]:
        message = messages[fault.rule, fault.subject]
        assert [word for word in fault.words if word not in message] == []


@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_told_at_the_top(name: str) -> None:
    """Whoever opens the file reads what goes wrong, in three to five lines of prose."""
    text = (REPO / "inventories" / name / "inventory.yaml").read_text(encoding="utf-8")
    _, *lines = text.split("version:")[0].strip().split("\n")
    assert all(line.startswith("# ") for line in lines)
    assert 3 <= len(lines) <= 5
    story = " ".join(line.removeprefix("# ") for line in lines)
    assert 3 <= story.count(". ") + 1 <= 4


def test_two_credentials_together_merge_and_neither_does_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the hand-over the dispatcher only merges and the fixer only pushes."""
    folder = tmp_path / "team"
    shutil.copytree(REPO / "inventories/dispatch-team", folder)
    text = (folder / "inventory.yaml").read_text(encoding="utf-8")
    alone = text.replace("delegates_to: [fixer, reporter]", "delegates_to: [reporter]")
    (folder / "inventory.yaml").write_text(alone, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "self-merge" not in {f.rule for f in check(["team"], as_of=AS_OF).findings}
