"""Every rule proves itself: its examples hold, and its file is complete and well formed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry

from blastlint.data import rules_directory
from blastlint.examples import run_examples
from blastlint.rules import load_pack, load_rules
from blastlint.source import InputError
from blastlint.values import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.rules import Rule

REPO = Path(__file__).resolve().parent.parent
RULES = load_rules()

# --- examples -----------------------------------------------------------------------------------


def examples() -> Iterator[Any]:
    """Yield every example of every rule, under the name that the manual shows."""
    for rule in RULES:
        for index, example in enumerate(rule.examples):
            kind = "good" if example.bad is None else "bad"
            yield pytest.param(rule, index, id=f"{rule.id}/{kind}-{index + 1}")


@pytest.mark.parametrize(("rule", "index"), list(examples()))
def test_an_example_of_a_rule_holds(rule: Rule, index: int) -> None:
    """A bad example is found on its marked lines, and a good one is not found."""
    (outcome,) = run_examples([replace(rule, examples=rule.examples[index : index + 1])], RULES)
    assert outcome.faults == ()


SPENDS = """\
id: it-spends
title: A tool spends
severity: error
family: demo
each: tool
when: tool.effect == "spend"
message: "{tool.id} spends"
at: tool.effect
why: Money is gone.
fix: Read.
refs: [a book]
tags: []
examples:
"""
"""A rule to which a test adds examples."""

TOOL = """\
      tools:
        pay:
          agents: [agent]
          effect: EFFECT
"""


def faults_of(example: str, folder: Path) -> tuple[str, ...]:
    """Return what is wrong with one example of the rule above."""
    (folder / "it-spends.yaml").write_text(SPENDS + example, encoding="utf-8")
    pack = load_pack(str(folder))
    (outcome,) = run_examples(pack, pack)
    return outcome.faults


def written(kind: str, effect: str) -> str:
    """Return one example as it stands in a rule file."""
    return f"  - {kind}: |\n" + TOOL.replace("EFFECT", effect)


@pytest.mark.parametrize(
    ("example", "fault"),
    [
        (
            written("bad", "spend").replace("pay:", "pay:  # finding"),
            "inventory.yaml:2 is marked, and nothing is found there",
        ),
        (
            written("bad", "spend").replace("pay:", "pay:  # finding"),
            "inventory.yaml:4 is found, and not marked: pay spends",
        ),
        (
            written("bad", "read  # finding"),
            "inventory.yaml:4 is marked, and nothing is found there",
        ),
        (
            written("bad", "spend"),
            "a line of a bad example, and of no other, ends in '# finding'",
        ),
        (
            written("good", "spend"),
            "inventory.yaml:4 is found, and not marked: pay spends",
        ),
        (
            written("good", "read  # finding"),
            "a line of a bad example, and of no other, ends in '# finding'",
        ),
        (written("good", "payment"), "cannot be judged: "),
        (written("good", "{"), "cannot be judged: "),
        ("  - files: {a.yaml: '1'}\n", "an example is either bad or good"),
        (
            written("bad", "spend  # finding") + "    good: |\n" + TOOL.replace("EFFECT", "read"),
            "an example is either bad or good",
        ),
    ],
    ids=[
        "marked-elsewhere",
        "found-unmarked",
        "bad-not-found",
        "bad-without-mark",
        "good-found",
        "good-with-mark",
        "not-an-inventory",
        "not-yaml",
        "neither",
        "both",
    ],
)
def test_an_example_that_does_not_hold_is_told(example: str, fault: str, tmp_path: Path) -> None:
    """Whoever writes a wrong example hears which line, and why."""
    faults = faults_of(example, tmp_path)
    assert any(said.startswith(fault) for said in faults), faults


def test_an_example_that_holds_has_no_fault(tmp_path: Path) -> None:
    """The examples above fail for the reason that they give, not for another."""
    assert faults_of(written("bad", "spend  # finding"), tmp_path) == ()
    assert faults_of(written("good", "read"), tmp_path) == ()


# --- what each rule says ------------------------------------------------------------------------

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@every_rule
def test_a_rule_is_where_its_name_says(rule: Rule) -> None:
    """Whoever reads an id in a report finds the file."""
    assert Path(rule.document.file).parts[-2:] == (rule.family, f"{rule.id}.yaml")


@every_rule
def test_a_rule_says_why_and_what_to_do_in_whole_sentences(rule: Rule) -> None:
    """Why and fix are for somebody who has never seen the code."""
    assert rule.why.strip().endswith(".")
    assert rule.fix.strip().endswith(".")
    assert not rule.title.endswith(".")
    assert rule.refs
    assert all(reference.strip() for reference in rule.refs)


@every_rule
def test_a_rule_has_two_bad_and_two_good_examples(rule: Rule) -> None:
    """One shows what it is about; it takes a second one to show where it begins and ends."""
    bad = sum(example.bad is not None for example in rule.examples)
    assert bad >= 2
    assert len(rule.examples) - bad >= 2


TAG = re.compile(
    r"owasp-asi/ASI(0[1-9]|10)|owasp-llm/LLM(0[1-9]|10)|owasp-nhi/NHI([1-9]|10)"
    r"|aisvs/\d{1,2}\.\d{1,2}(\.\d{1,2})?|nist-800-53/[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?"
    r"|nist-ai-rmf/(GOVERN|MAP|MEASURE|MANAGE)-\d\.\d{1,2}|external/cwe/cwe-\d{1,4}"
    r"|mitre-atlas/AML\.T\d{4}(\.\d{3})?"
)
MOST_TAGS = 20
"""GitHub refuses a SARIF rule with more."""


@every_rule
def test_the_tags_of_a_rule_are_ids_of_known_catalogues(rule: Rule) -> None:
    """A dashboard can group by them: none is misspelt, none is there twice."""
    assert [tag for tag in rule.tags if not TAG.fullmatch(tag)] == []
    assert len(set(rule.tags)) == len(rule.tags) <= MOST_TAGS


def test_titles_are_unique() -> None:
    """Two rules with one title cannot be told apart in a list."""
    assert len({rule.title for rule in RULES}) == len(RULES)


EXPECTED = """
    ack-not-explicit actor-class-missing agent-without-rotation ambiguous-outcome-unhandled
    annotation-contradiction audit-log-in-blast audit-log-missing audit-log-not-attributable
    audit-log-unreadable-by-responder backup-in-same-blast capability-never-exercised
    compensation-missing completion-from-prose credential-can-mint credential-owner-missing
    credential-shared dangling-reference dedupe-window-too-short dedupe-window-undeclared
    duplicate-id effect-without-receipt escalation-cycle escalation-not-a-pager
    freeze-not-enforced human-gate-without-staleness-alarm irreversible-ungated
    key-minted-inside-retry kill-switch-missing nonidempotent-write-without-key open-ended-tool
    over-grant owner-not-a-team placeholder-cell released-not-deployed required-cell-missing
    retry-amplification retry-layer-undeclared retry-unbounded reversibility-missing
    revocation-path-missing rule-of-two-violated runbook-step-inaccessible schema-invalid
    self-merge single-route-recovery system-owner-or-oncall-missing tool-not-inventoried
    unbounded-write-volume undeclared-blast-path under-grant waiver-invalid wildcard-binding
    wildcard-grant window-shorter-than-response
""".split()  # noqa: SIM905 -- 54 names read best as a paragraph


def test_the_first_rules_are_all_there() -> None:
    """A rule is not lost by accident: whoever removes one removes it here, too."""
    assert len(EXPECTED) == 54
    assert set(EXPECTED) - {rule.id for rule in RULES} == set()


# --- the form of a rule file --------------------------------------------------------------------

SCHEMA: dict[str, Any] = json.loads((REPO / "schemas/rule.schema.json").read_text(encoding="utf-8"))
FORM = Draft202012Validator(SCHEMA, registry=Registry())
FILES = sorted((REPO / "rules").rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_rule_file_has_the_published_form(file: Path) -> None:
    """Another YAML reader and another validator agree that it is a rule, and editors know it."""
    text = file.read_text(encoding="utf-8")
    assert [error.message for error in FORM.iter_errors(yaml.safe_load(text))] == []
    assert text.startswith("# yaml-language-server: $schema=../../schemas/rule.schema.json\n")


WHOLE: dict[str, Any] = yaml.safe_load(SPENDS.removesuffix("examples:\n")) | {"examples": []}


def read_verdict(folder: Path) -> str:
    """Return what a run makes of a rule."""
    try:
        load_pack(str(folder))
    except InputError:
        return "refused"
    return "accepted"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "accepted"),
        ({"severity_if": {"note": 'tool.scope == "bulk"'}}, "accepted"),
        ({"related": [{"at": "tool.scope", "note": "its scope"}]}, "accepted"),
        ({"examples": [{"good": "agents: {}", "files": {"evidence/a.yaml": "a: 1"}}]}, "accepted"),
        ({"fix": None}, "refused"),
        ({"because": "it matters"}, "refused"),
        ({"severity": "fatal"}, "refused"),
        ({"id": "It_Spends"}, "refused"),
        ({"refs": "a book"}, "refused"),
        ({"tags": [1]}, "refused"),
        ({"why": ""}, "refused"),
        ({"when": True}, "refused"),
        ({"severity_if": {"fatal": "true"}}, "refused"),
        ({"related": [{"at": "tool.scope"}]}, "refused"),
        ({"examples": [{"ugly": "agents: {}"}]}, "refused"),
        ({"examples": [{"good": "agents: {}", "files": ["a.yaml"]}]}, "refused"),
        ({"title": {"unknown": True}}, "refused"),
    ],
    ids=str,
)
def test_the_schema_and_the_reader_agree(
    changes: dict[str, Any],
    verdict: str,
    tmp_path: Path,
) -> None:
    """What an editor underlines is what a run refuses."""
    said = WHOLE | changes
    (tmp_path / "it-spends.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    assert ("accepted" if FORM.is_valid(said) else "refused") == verdict
    assert read_verdict(tmp_path) == verdict


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_no_key_of_a_rule_may_be_left_out(key: str, tmp_path: Path) -> None:
    """Half a rule is refused by both, except for the place, which defaults to the subject."""
    said = {name: value for name, value in WHOLE.items() if name != key}
    (tmp_path / "it-spends.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
    assert FORM.is_valid(said) == (key == "at")
    assert read_verdict(tmp_path) == ("accepted" if key == "at" else "refused")


def test_every_built_in_rule_compiles_whole() -> None:
    """A run compiles them only as they come to judge, so this is where each fault must show."""
    assert {rule.id for rule in load_pack(rules_directory())} == {rule.id for rule in RULES}


def test_a_fault_in_a_rule_that_was_not_compiled_stops_the_run(tmp_path: Path) -> None:
    """A broken pack never passes in silence, however it came to be."""
    good = Path(rules_directory(), "inventory", "required-cell-missing.yaml")
    text = good.read_text(encoding="utf-8").replace("cell.state", "cell.stat")
    (tmp_path / good.name).write_text(text, encoding="utf-8")
    (rule,) = load_pack(str(tmp_path), checked=True)
    for part in (lambda: rule.when, lambda: load_pack(str(tmp_path))):
        with pytest.raises(InputError, match="stat"):
            part()
