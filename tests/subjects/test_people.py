"""Rules about people: how grave a finding is, and what is asked where nobody said anything."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from support import written

if TYPE_CHECKING:
    from pathlib import Path

PAGES = 'escalation_policies: {pages: {rules: [{targets: ["rotation:r"]}]}}\n'
SPENDS = "tools: {pay: {agents: [a], effect: spend}}\n"
READS = (
    "tools: {look: {agents: [a], effect: read, reversibility: {class: read_only},"
    " scope: single_record, system: s}}\nsystems: {s: {data: [public]}}\n"
)
LEVERS = "rollback_levers: [{kind: code, requires: x}, {kind: prompt, requires: y}]"


def said(rule: str, text: str, tmp_path: Path) -> list[tuple[str, str, str]]:
    """Return what a rule says of an inventory: certainty, severity, and the words."""
    folder = written(text, tmp_path)
    (report,) = check([str(folder)], as_of=date(2026, 6, 2), select=[rule]).inventories
    return [(found.certainty, found.severity, found.message) for found in report.findings]


@pytest.mark.parametrize(
    ("rule", "cells", "severities"),
    [
        ("model-unpinned", "model: {pinned: false}", ("warning", "error")),
        ("silent-degradation-unmonitored", "monitors: []", ("warning", "error")),
        ("rollback-lever-missing", "rollback_levers: []", ("warning", "error")),
        ("escalation-invisible", "escalates_to: []", ("warning", "error")),
        ("pilot-overdue", "lifecycle: pilot, pilot_ends: null", ("warning", "error")),
    ],
)
def test_a_dangerous_agent_makes_a_warning_an_error(
    rule: str, cells: str, severities: tuple[str, str], tmp_path: Path
) -> None:
    """The same fault blocks where a tool can spend."""
    for tools, severity in zip((READS, SPENDS), severities, strict=True):
        audience = "" if "pilot" in rule else "lifecycle: production, "
        text = f"agents: {{a: {{{audience}audience: {{daily_users: 9}}, {cells}}}}}\n{tools}"
        ((certainty, found, _),) = said(rule, text, tmp_path)
        assert (certainty, found) == ("certain", severity)


@pytest.mark.parametrize(
    ("entitlements", "severity", "words"),
    [
        ("[]", "error", "cannot roll back code, prompt: that takes x, y"),
        ("[x]", "warning", "cannot roll back prompt: that takes y"),
    ],
)
def test_no_usable_lever_is_worse_than_one_that_is_not(
    entitlements: str, severity: str, words: str, tmp_path: Path
) -> None:
    """The rotation that is paged first needs at least one of them."""
    text = (
        f"agents: {{a: {{escalation: pages, {LEVERS}}}}}\n{PAGES}"
        f"rotations: {{r: {{entitlements: {entitlements}}}}}\n"
    )
    ((certainty, found, message),) = said("rollback-not-executable-by-oncall", text, tmp_path)
    assert (certainty, found) == ("certain", severity)
    assert words in message


@pytest.mark.parametrize(("tools", "severity"), [(READS, "warning"), (SPENDS, "error")])
def test_hours_without_anybody_are_graver_where_more_can_happen(
    tools: str, severity: str, tmp_path: Path
) -> None:
    """From T2 on it blocks; the message counts the hours and names the next ones."""
    text = (
        "agents: {a: {lifecycle: production, audience: {hours: 24x7}, escalation: pages}}\n"
        'rotations: {r: {coverage: "Mon-Fri 09:00-18:00", time_zone: Europe/London}}\n'
        f"{PAGES}{tools}"
    )
    ((certainty, found, message),) = said("coverage-gap", text, tmp_path)
    assert (certainty, found) == ("certain", severity)
    assert "for up to 123 h a week none of r is on call" in message
    assert "Tue 2026-06-02 00:00 to Tue 2026-06-02 08:00 UTC" in message


@pytest.mark.parametrize(("tools", "severity"), [(READS, "warning"), (SPENDS, "error")])
def test_a_drill_by_authors_is_graver_where_more_can_happen(
    tools: str, severity: str, tmp_path: Path
) -> None:
    """The runbook is as grave as the worst agent that it is for."""
    text = (
        "agents: {a: {runbook: rb}}\nrotations: {r: {}}\n"
        f"runbooks: {{rb: {{reader: r, last_drill: null}}}}\n{tools}"
    )
    ((_, found, message),) = said("runbook-drilled-by-author-only", text, tmp_path)
    assert found == severity
    assert "nobody ever walked through it" in message


PAGES_WITHOUT_END = """
agents: {a: {}}
systems: {p: {kind: pager}}
tools:
  page:
    {agents: [a], system: p, effect: append, scope: single_record, approval: none, max_rate: null}
"""


def test_paging_without_end_is_told_once(tmp_path: Path) -> None:
    """As grave as any other write without a limit, and told by one rule of the two."""
    ((_, severity, message),) = said("agent-pages-unbounded", PAGES_WITHOUT_END, tmp_path)
    assert severity == "error"
    assert "calls people by p" in message
    assert said("unbounded-write-volume", PAGES_WITHOUT_END, tmp_path) == []


@pytest.mark.parametrize(("kind", "number"), [("saas", 1), ("pager", 0)])
def test_what_a_tool_needs_on_a_pager_is_no_channel(kind: str, number: int, tmp_path: Path) -> None:
    """A pager's incidents and a channel of that name are two things."""
    text = (
        "policy: {profile: regulated}\nagents: {a: {escalation: pages}}\nrotations: {r: {}}\n"
        f"systems: {{p: {{kind: {kind}}}}}\n"
        'escalation_policies: {pages: {rules: [{targets: ["rotation:r"]}],'
        ' subscribers: ["channel:incidents"]}}\n'
        "tools: {post: {agents: [a], system: p, effect: notify, reserved_words_blocked: null,"
        " requires: [{resources: [incidents], actions: [create]}]}}\n"
    )
    assert len(said("reserved-words-unblocked", text, tmp_path)) == number


@pytest.mark.parametrize(
    ("rule", "text", "cell"),
    [
        ("runbook-missing", "agents: {a: {}}\n", "runbook"),
        ("runbook-missing", "agents: {a: {runbook: rb}}\nrunbooks: {rb: {}}\n", "steps"),
        ("model-unpinned", "agents: {a: {}}\n", "model"),
        ("behavioural-alert-missing", "agents: {a: {}}\n", "alerts"),
        (
            "coverage-gap",
            f"agents: {{a: {{escalation: pages}}}}\nrotations: {{r: {{}}}}\n{PAGES}",
            "audience",
        ),
        (
            "complaint-route-dead-ends",
            "agents: {a: {audience: {intake: [{channel: desk}]}, evidence: {requires: null}}}\n",
            "routes_to",
        ),
        (
            "complaint-route-dead-ends",
            (
                'agents: {a: {audience: {intake: [{channel: desk, routes_to: "rotation:r"}]}}}\n'
                "rotations: {r: {}}\n"
            ),
            "evidence",
        ),
        ("page-without-agent-context", "agents: {a: {alerts: [{measure: tool_mix}]}}\n", "carries"),
        ("kill-switch-in-blast", f"agents: {{a: {{kill_switch: {{}}}}}}\n{SPENDS}", "out_of_band"),
        (
            "kill-switch-in-blast",
            'agents: {a: {kill_switch: {depends_on: ["quota:q"]}}}\nquotas: {q: {}}\n' + SPENDS,
            "consumers",
        ),
        (
            "ack-timeout-missing",
            f"agents: {{a: {{escalation: pages}}}}\nrotations: {{r: {{}}}}\n{PAGES}",
            "ack_timeout",
        ),
        (
            "rotation-understaffed",
            f"agents: {{a: {{escalation: pages}}}}\nrotations: {{r: {{members: 5}}}}\n{PAGES}",
            "secondary",
        ),
        (
            "containment-slower-than-blast",
            (
                "agents: {a: {escalation: pages, kill_switch: {measured: 1m}}}\n"
                f"rotations: {{r: {{ack_timeout: 1m}}}}\n{PAGES}"
                "tools: {pay: {agents: [a], effect: spend, reversibility: {class: irreversible}}}\n"
            ),
            "max_rate",
        ),
        (
            "containment-slower-than-blast",
            (
                "agents: {a: {escalation: pages, kill_switch: {measured: 1m}}}\n"
                f"rotations: {{r: {{ack_timeout: 1m}}}}\n{PAGES}"
                "tools: {pay: {agents: [a], effect: spend, max_rate: 20/min}}\n"
            ),
            "reversibility",
        ),
        (
            "nonhuman-in-ack-path",
            (
                "agents: {a: {escalation: pages}}\nrotations: {r: {}}\n"
                "escalation_policies: {pages: {ack: {method: emoji}, rules: []}}\n"
            ),
            "subscribers",
        ),
    ],
)
def test_what_nobody_states_is_asked(rule: str, text: str, cell: str, tmp_path: Path) -> None:
    """A launch must answer it: a possible finding names the cell."""
    ((certainty, _, message),) = said(rule, text, tmp_path)
    assert certainty == "possible"
    assert f"{cell}`" in message


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("page-without-agent-context", "agents: {a: {}}\n"),
        ("link-needs-login", "agents: {a: {runbook: rb}}\nrunbooks: {rb: {steps: [{do: it}]}}\n"),
        ("escalation-invisible", "agents: {a: {}}\n"),
        ("complaint-route-dead-ends", "agents: {a: {}}\n"),
        ("pilot-overdue", "agents: {a: {}}\n"),
        ("rotation-understaffed", "agents: {a: {}}\nrotations: {r: {}}\n"),
        ("agent-can-acknowledge", f"agents: {{a: {{}}}}\n{SPENDS}"),
        ("containment-slower-than-blast", f"agents: {{a: {{kill_switch: null}}}}\n{SPENDS}"),
        (
            "containment-slower-than-blast",
            f"agents: {{a: {{kill_switch: {{measured: null}}}}}}\n{SPENDS}",
        ),
        (
            "containment-slower-than-blast",
            f"agents: {{a: {{escalation: null, kill_switch: {{measured: 1m}}}}}}\n{SPENDS}",
        ),
    ],
)
def test_what_an_agent_does_not_have_is_not_asked_about(
    rule: str, text: str, tmp_path: Path
) -> None:
    """Silence where a thing is optional, or where another rule says what is missing."""
    assert [one for one in said(rule, text, tmp_path) if "reversibility" not in one[2]] == []


def test_one_agent_that_does_too_much_is_enough(tmp_path: Path) -> None:
    """What is open of another one does not make it a question."""
    text = (
        "agents:\n  a: {escalation: pages, kill_switch: {measured: 1m}}\n  b: {}\n"
        f"rotations: {{r: {{ack_timeout: 1m}}}}\n{PAGES}"
        "tools:\n  pay: {agents: [a, b], effect: spend, max_rate: 20/min, approval: none,"
        " reversibility: {class: irreversible}}\n"
    )
    ((certainty, _, message),) = said("containment-slower-than-blast", text, tmp_path)
    assert certainty == "certain"
    assert "640 times" in message


def test_a_switch_in_a_system_that_may_be_written_is_a_question(tmp_path: Path) -> None:
    """Evidence that leaves open whether the agent can write there accuses nobody."""
    text = (
        'agents: {a: {kill_switch: {depends_on: ["system:flags", "system:never"]}}}\n'
        "systems: {flags: {}, never: {}}\n"
        "credentials: {k: {grants: [{system: flags, resources: [f], actions: [put]}]}}\n"
        "tools: {set: {agents: [a], effect: mutate, system: flags, credential: k}}\n"
    )
    ((_, severity, message),) = said("kill-switch-in-blast", text, tmp_path)
    assert severity == "error"
    assert "system:flags" in message
    assert "system:never" not in message


def test_a_fallback_that_shares_a_quota_draws_on_it(tmp_path: Path) -> None:
    """The switch stops working when the fallback has used the tokens up."""
    text = (
        'agents: {a: {fallbacks: [f], kill_switch: {depends_on: ["quota:q"]}}}\n'
        'quotas: {q: {}}\nfallbacks: {f: {shares: ["quota:q"]}}\n' + SPENDS
    )
    ((certainty, _, message),) = said("kill-switch-in-blast", text, tmp_path)
    assert certainty == "certain"
    assert "quota:q" in message
