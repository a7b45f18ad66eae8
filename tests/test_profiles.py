"""Profiles: what a policy asks for, what an inventory passes already, and what is switched off."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from blastlint.cli import run
from blastlint.finding import Standing
from blastlint.reporters import render
from blastlint.reporters.words import standing_in_words
from blastlint.rules import load_rules
from blastlint.values import replace
from support import written

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.finding import Report
    from blastlint.rules import Profile

AS_OF = date(2026, 6, 2)
RULE = """\
id: NAME
title: NAME
severity: SEVERITY
MOREfamily: house
each: tool
when: WHEN
message: "{tool.id}: NAME"
why: It matters.
fix: Do something about it.
refs: []
tags: []
examples: []
"""


def pack(folder: Path, *rules: tuple[str, str, str, str]) -> str:
    """Write rules, each by name, severity, condition and further keys; return their folder."""
    (folder / "pack").mkdir()
    for name, severity, when, more in rules:
        text = RULE.replace("NAME", name).replace("SEVERITY", severity)
        text = text.replace("WHEN", when).replace(
            "MORE", "".join(f"{m}\n" for m in more.split(";") if m)
        )
        (folder / "pack" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return str(folder / "pack")


def judged(text: str, folder: Path, *rules: tuple[str, str, str, str]) -> Report:
    """Judge one tool by some rules and by none of the built-in ones."""
    own = pack(folder, *rules)
    off = "".join(f"    {rule.id}: off\n" for rule in load_rules())
    home = written(f"policy:\n{text}\n  rules:\n{off}RULES" + TOOL, folder)
    file = home / "inventory.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("RULES", ""), encoding="utf-8")
    return check([str(file)], as_of=AS_OF, packs=[own])


TOOL = "tools: {pay: {agents: [agent], enabled: true}}\n"
ALWAYS = "tool.enabled == true"
OPEN = 'tool.effect == "spend"'
"""Nobody states the effect."""


@pytest.mark.parametrize(
    ("asked", "findings", "verdict"),
    [
        ("pilot", ["a"], "blocked"),
        ("production", ["a", "b"], "blocked"),
        ("regulated", ["a", "b", "c"], "blocked"),
    ],
)
def test_a_profile_asks_for_its_rules_and_those_before(
    asked: str, findings: list[str], verdict: str, tmp_path: Path
) -> None:
    """A stricter profile never drops a question of a laxer one."""
    rules = [("a", "error", ALWAYS, ""), ("b", "error", ALWAYS, "profile: production")]
    rules.append(("c", "error", ALWAYS, "profile: regulated"))
    report = judged(f"  profile: {asked}", tmp_path, *rules)
    assert [finding.rule for finding in report.findings] == findings
    assert report.verdict == verdict
    assert [rule.id for rule in report.rules] == findings


@pytest.mark.parametrize("asked", ["pilot", "production", "regulated"])
@pytest.mark.parametrize(
    ("rules", "passes"),
    [
        ([("a", "error", ALWAYS, "")], None),
        ([("a", "error", OPEN, "")], None),
        ([("a", "warning", ALWAYS, "")], "regulated"),
        ([("a", "error", ALWAYS, "profile: production")], "pilot"),
        ([("a", "error", ALWAYS, "profile: regulated")], "production"),
        ([("a", "warning", ALWAYS, "severity_in: {production: error}")], "pilot"),
        ([("a", "error", ALWAYS, "severity_in: {regulated: warning}")], None),
        ([("a", "error", OPEN, "profile: regulated")], "production"),
        (
            [("a", "warning", OPEN, ""), ("b", "error", OPEN, "profile: production")],
            "pilot",
        ),
    ],
    ids=str,
)
def test_what_an_inventory_passes_does_not_hang_on_what_is_asked(
    rules: list[tuple[str, str, str, str]], passes: str | None, asked: str, tmp_path: Path
) -> None:
    """People see how far they are, and a profile counts only if all below it are passed."""
    report = judged(f"  profile: {asked}", tmp_path, *rules)
    assert report.inventories[0].standing.passes == passes
    assert report.passes == passes
    ready = report.verdict in {"ready", "ready-with-waivers"}
    order = [None, "pilot", "production", "regulated"]
    assert ready or order.index(passes) < order.index(asked)


def test_what_is_in_doubt_is_as_grave_as_the_gravest_that_waits(tmp_path: Path) -> None:
    """A cell whose own rule is made light of does not hide an error that waits for it."""
    text = "  rules: {required-cell-missing: note}\n"
    folder = written(
        f"policy:\n{text}"
        "agents: {agent: {owner: ops, escalation: pages, principal: {id: a, kind: agent}}}\n"
        "tools: {pay: {agents: [agent]}}\n",
        tmp_path,
    )
    (tmp_path / "people.yaml").write_text(
        "teams: {ops: {}}\nescalation_policies: {pages: {}}\n", encoding="utf-8"
    )
    report = check([str(folder)], as_of=AS_OF)
    effect = next(f for f in report.findings if f.subject.id == "tool pay.effect")
    assert "reversibility-missing" in {rule for f in report.findings for rule in f.folded}
    assert effect.rule == "required-cell-missing"
    assert effect.folded
    assert effect.severity == "error"
    assert report.verdict == "cannot-tell"


WAIVER = """\
waivers:
  w: {rule: RULE, subject: "tool:pay", reason: known, approved_by: ann, expires: 2026-10-31}
"""


@pytest.mark.parametrize(
    ("rule", "asked", "told"),
    [
        ("b", "production", []),
        ("b", "pilot", []),
        ("c", "production", []),
        ("quiet", "production", ["waiver-invalid"]),
        ("quiet", "pilot", []),
        ("nonsense", "pilot", ["waiver-invalid"]),
    ],
)
def test_a_waiver_of_a_rule_that_is_not_asked_for_is_not_called_unused(
    rule: str, asked: str, told: list[str], tmp_path: Path
) -> None:
    """Whoever goes back to a pilot keeps the waivers; one that names no rule is still wrong."""
    own = pack(
        tmp_path,
        ("b", "error", ALWAYS, "profile: production"),
        ("c", "error", ALWAYS, "profile: regulated"),
        ("quiet", "error", "tool.enabled == false", "profile: production"),
    )
    text = f"policy: {{profile: {asked}}}\n{WAIVER.replace('RULE', rule)}" + TOOL
    report = check([str(written(text, tmp_path) / "inventory.yaml")], as_of=AS_OF, packs=[own])
    assert [f.rule for f in report.findings if f.subject.kind == "waiver"] == told


def test_a_waiver_counts_under_every_profile(tmp_path: Path) -> None:
    """What somebody accepted does not stand against the next profile either."""
    own = pack(tmp_path, ("c", "error", ALWAYS, "profile: regulated"))
    text = f"policy: {{profile: regulated}}\n{WAIVER.replace('RULE', 'c')}" + TOOL
    file = written(text, tmp_path) / "inventory.yaml"
    accepted = check([str(file)], as_of=AS_OF, packs=[own], select=["c", "waiver-invalid"])
    assert accepted.verdict == "ready-with-waivers"
    late = check([str(file)], as_of=date(2027, 1, 1), packs=[own], select=["c", "waiver-invalid"])
    assert late.verdict == "blocked"


def test_what_is_switched_off_or_lowered_is_told(tmp_path: Path) -> None:
    """Nobody reaches a profile by switching rules off unseen."""
    own = pack(
        tmp_path,
        ("a", "error", ALWAYS, ""),
        ("b", "error", ALWAYS, ""),
        ("c", "warning", ALWAYS, "severity_in: {regulated: error}"),
        ("d", "warning", ALWAYS, ""),
    )
    text = "policy: {rules: {a: off, b: warning, c: warning, d: error}}\n" + TOOL
    file = written(text, tmp_path) / "inventory.yaml"
    report = check([str(file)], as_of=AS_OF, packs=[own])
    standing = report.inventories[0].standing
    assert standing.switched_off == ("a",)
    assert standing.lowered == ("b", "c")
    assert "1 rule off, 2 rules lowered" in render(report, "text")


def test_a_run_by_some_rules_passes_nothing(tmp_path: Path) -> None:
    """Who leaves rules out cannot know what they would have found."""
    file = written(TOOL, tmp_path) / "inventory.yaml"
    limited = check([str(file)], as_of=AS_OF, select=["duplicate-id"])
    assert limited.inventories[0].standing.passes is None
    assert limited.passes is None
    assert limited.inventories[0].standing.is_limited
    ignoring = check([str(file)], as_of=AS_OF, ignore=["duplicate-id"])
    assert ignoring.inventories[0].standing.is_limited


def test_every_format_says_what_is_passed(tmp_path: Path) -> None:
    """The reader of any report learns how far the inventory is."""
    report = judged("  profile: regulated", tmp_path, ("a", "error", ALWAYS, "profile: regulated"))
    said = "passes production; regulated is asked for"
    for form in ("text", "concise", "markdown", "html"):
        assert said in render(report, form), form
    written_ = json.loads(render(report, "json"))
    assert written_["summary"]["passes"] == "production"
    standing = written_["inventories"][0]["standing"]
    assert (standing["profile"], standing["passes"], standing["judged"]) == (
        "regulated",
        "production",
        1,
    )


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing("pilot", None, 9), "passes no profile; pilot is asked for"),
        (Standing("production", "production", 9), "passes production"),
        (Standing("pilot", "regulated", 9), "passes regulated; pilot is asked for"),
        (
            Standing("production", None, 9, is_limited=True, lowered=("a",)),
            "production, judged by some of its rules only, 1 rule lowered",
        ),
    ],
)
def test_a_standing_in_words(standing: Standing, said: str) -> None:
    """One short phrase, which stands by itself."""
    assert standing_in_words(standing) == said


@pytest.mark.parametrize(
    ("passed", "all_pass"),
    [
        (("regulated", "pilot"), "pilot"),
        (("production", "production"), "production"),
        (("regulated", None), None),
        ((), None),
    ],
)
def test_several_inventories_pass_what_all_pass(
    passed: tuple[Profile | None, ...], all_pass: str | None, tmp_path: Path
) -> None:
    """The summary does not average."""
    report = check([str(written("", tmp_path))], as_of=AS_OF)
    (one,) = report.inventories
    stands = (replace(one, standing=replace(one.standing, passes=some)) for some in passed)
    assert replace(report, inventories=tuple(stands)).passes == all_pass


def test_an_unknown_profile_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt profile does not ask for nothing in silence."""
    folder = written("policy: {profile: prodution}\n", tmp_path)
    assert run(["check", str(folder)]) == 2
    said = capsys.readouterr().err
    assert "expected one of pilot, production, regulated, found 'prodution'" in said
    assert "did you mean 'production'?" in said


def test_the_digest_tells_profiles_apart(tmp_path: Path) -> None:
    """Two reports with one digest were judged alike."""
    digests = set()
    for profile in ("pilot", "production", "regulated"):
        folder = written(f"policy: {{profile: {profile}}}\n", tmp_path)
        digests.add(check([str(folder)], as_of=AS_OF).policy_digest)
    assert len(digests) == 3


def test_the_default_profile_is_production(tmp_path: Path) -> None:
    """Who says nothing is asked what a launch needs."""
    report = check([str(written("", tmp_path))], as_of=AS_OF)
    assert report.inventories[0].standing.profile == "production"
