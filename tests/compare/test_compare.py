"""What lies between two reports: every kind of change, its laws, and what decides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blastlint.compare import compare
from blastlint.compare.report import as_report, sentence
from blastlint.finding import (
    AgentSummary,
    EvidenceFile,
    Finding,
    InventoryReport,
    ReachRow,
    Report,
    RuleSummary,
    Standing,
    Waiver,
)
from blastlint.inventory.policy import PolicyValues
from blastlint.reach import BlastPath, Hop
from blastlint.reporters import changes
from blastlint.source import WHOLE_FILE, Location
from blastlint.subjects import SubjectId
from blastlint.values import replace

if TYPE_CHECKING:
    from random import Random

    from blastlint.compare import Change, Comparison, FailOn
    from blastlint.rules import Severity

HERE = Location("inventory.yaml", WHOLE_FILE)
DAY = date(2026, 6, 2)
RULE = RuleSummary("over-grant", "t", "warning", "pilot", "reach", "w", "f", (), ())


def row(
    actions: str = "read",
    *,
    system: str = "crm",
    resource: str = "contacts",
    **said: Any,  # noqa: ANN401 -- fields of a row
) -> ReachRow:
    """Return a row of reach: proven, direct, declared, by the credential `key`, past no gate."""
    through = said.pop("through", ("key",))
    gates = said.pop("gates", ())
    certainty, how = said.pop("certainty", "proven"), said.pop("reach", "direct")
    hops = (
        Hop("agent a", "tool t", "binds", "a may call t", HERE, "proven"),
        Hop("tool t", f"credential {through[0]}", "uses", "t acts as it", HERE, "proven"),
        Hop(
            f"credential {through[0]}", f"{system} {resource}", "grants", "it may", HERE, certainty
        ),
    )
    values = {
        "scope": "*",
        "effects": ("read",),
        "declared": True,
        **said,
    }
    return ReachRow(
        system=system,
        resource=resource,
        actions=tuple(sorted(actions.split())),
        certainty=certainty,
        reach=how,
        through=through,
        path=BlastPath("a", certainty, how, gates, hops),
        **values,
    )


def report(*rows: ReachRow, agent: str = "a", name: str = "shop", **said: Any) -> Report:  # noqa: ANN401 -- fields of a report
    """Return the report of one inventory with one agent that reaches some rows."""
    summary = AgentSummary(agent, "ready", "T1", "team", (), 0, 0, rows)
    values = {"root": "shop", **said}
    home = InventoryReport(
        name=name,
        verdict="ready",
        agents=(summary,),
        tools=(),
        findings=values.pop("findings", ()),
        cells_needed=0,
        cells_stated=0,
        standing=Standing("production", "production", 1),
        **values,
    )
    return Report("0", DAY, (home,), (RULE,), "sha256:" + "0" * 64)


def only(comparison: Comparison) -> Change:
    """Return the one thing that widened."""
    (change,) = comparison.widened
    return change


# --- every kind of change -----------------------------------------------------------------------

READ = row()
KINDS: dict[str, tuple[ReachRow | None, ReachRow, str]] = {
    "system": (None, READ, "a can now read contacts on crm (read), a system out of its reach"),
    "resource": (row(resource="deals"), READ, "a can now read contacts on crm"),
    "effect": (
        READ,
        row("drop read", effects=("destroy", "read")),
        "a can now drop contacts on crm",
    ),
    "action": (READ, row("list read"), "a can now list contacts on crm"),
    "declaration": (READ, row(declared=False), "nobody declares it any more"),
    "gate": (
        row(gates=("boss",)),
        READ,
        "without a person's consent (it was past the human gate boss)",
    ),
    "latency": (row(reach="latent"), READ, "by its tools as they are (it was latent)"),
    "certainty": (row(certainty="needs-fact"), READ, "for sure (it was needs-fact)"),
    "path": (
        READ,
        row(through=("key", "spare")),
        "a can now read contacts on crm in a further way",
    ),
}
"""Kind of change to what was, what is, and words that say it."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_is_told_as_one(kind: str) -> None:
    """With the words of its kind, and nothing besides."""
    before, after, words = KINDS[kind]
    old = report(
        *([before] if before else []), *([row(resource="deals")] if kind == "resource" else [])
    )
    new = report(after, *([row(resource="deals")] if kind == "resource" else []))
    change = only(compare(old, new))
    assert change.kind == kind
    assert words in sentence(change)


def test_a_graver_effect_of_the_same_action_is_told() -> None:
    """The action was there, what it does was not."""
    change = only(compare(report(READ), report(row(effects=("destroy", "read")))))
    assert (change.kind, change.effects) == ("effect", ("destroy",))


def test_an_effect_that_nobody_classified_is_told_first() -> None:
    """It may be any."""
    found = compare(
        report(),
        report(row(system="a", effects=("grant",)), row(system="z", effects=("unknown",))),
    )
    assert [change.system for change in found.widened] == ["z", "a"]


def test_another_gate_in_the_place_of_one_is_a_gate_gone() -> None:
    """Whoever had to agree is not asked any more."""
    change = only(compare(report(row(gates=("boss",))), report(row(gates=("intern",)))))
    assert change.kind == "gate"


def test_a_further_gate_is_no_widening() -> None:
    """One more has to agree."""
    found = compare(report(row(gates=("boss",))), report(row(gates=("boss", "second"))))
    assert found.widened == ()
    assert [change.kind for change in found.narrowed] == ["gate"]


@pytest.mark.parametrize(("declared", "fails"), [(True, False), (False, True)])
def test_only_what_nobody_declared_fails(*, declared: bool, fails: bool) -> None:
    """What is declared is told all the same."""
    found = compare(report(), report(row(declared=declared)))
    assert (len(found.widened), found.fails) == (1, fails)


# --- folding ------------------------------------------------------------------------------------


def agents(*names: str) -> Report:
    """Return a report in which several agents reach the same row."""
    made = report(READ)
    (home,) = made.inventories
    summaries = tuple(replace(home.agents[0], id=name) for name in names)
    return replace(made, inventories=(replace(home, agents=summaries),))


def test_agents_that_do_alike_are_one_change() -> None:
    """A sentence names them all."""
    change = only(compare(report(), agents("b", "a", "c")))
    assert change.agents == ("a", "b", "c")
    assert sentence(change).startswith("a, b, c can now read")


def test_many_resources_of_one_cause_are_one_change() -> None:
    """Three stand for themselves; more are told by the gravest."""
    rows = [row(resource=f"r{n}", system=f"s{n}") for n in range(9)]
    assert len(compare(report(), report(*rows[:3])).widened) == 3
    change = only(compare(report(), report(*rows)))
    assert len(change.more) == 8
    assert "and 8 resources more" in sentence(change)


def accepted(*resources: str) -> Finding:
    """Return the finding of undeclared paths to some resources, which a waiver accepts."""
    first, *rest = (f"key->crm/{name}" for name in resources)
    waiver = Waiver("w", "undeclared-blast-path", f"path:{first}", "why", "boss", DAY, HERE)
    return Finding(
        "undeclared-blast-path", "t", "error", "certain", "m", SubjectId("path", first), ("a",),
        HERE, "f", waiver=waiver, alike=tuple(f"path:{one}" for one in rest),
    )  # fmt: skip


def test_a_waiver_is_not_folded_over_others() -> None:
    """Of nine ways that come of one cause it accepts its own."""
    rows = [row(resource=f"r{n}", declared=False) for n in range(9)]
    found = compare(report(row()), report(row(), *rows, findings=(accepted("r0"),)))
    assert [change.resource for change in found.widened if change.accepted] == ["r0"]
    assert found.fails
    names = [f"r{n}" for n in range(9)]
    assert not compare(report(row()), report(row(), *rows, findings=(accepted(*names),))).fails


# --- laws ---------------------------------------------------------------------------------------

ROWS = st.builds(
    row,
    st.sampled_from(["read", "drop", "list read", "drop read"]),
    system=st.sampled_from(["crm", "mail"]),
    resource=st.sampled_from(["contacts", "deals"]),
    declared=st.booleans(),
    reach=st.sampled_from(["direct", "latent"]),
    certainty=st.sampled_from(["proven", "conditional", "needs-fact"]),
    gates=st.sampled_from([(), ("boss",), ("boss", "second")]),
    through=st.sampled_from([("key",), ("spare",), ("key", "spare")]),
    effects=st.sampled_from([("read",), ("destroy",), ("unknown",), ("destroy", "read")]),
)
REACH = st.lists(ROWS, max_size=5, unique_by=lambda r: (r.system, r.resource)).map(tuple)


def bare(change: Change) -> Change:
    """Return a change without who accepts it."""
    return replace(change, waiver=None, location=None)


@given(REACH)
def test_a_report_compared_with_itself_is_empty(rows: tuple[ReachRow, ...]) -> None:
    """Nothing changed, so nothing is said, and nothing fails."""
    found = compare(report(*rows), report(*rows))
    assert found.is_empty
    assert not found.fails


@given(REACH, REACH)
def test_what_narrowed_is_what_widens_the_other_way(
    before: tuple[ReachRow, ...], after: tuple[ReachRow, ...]
) -> None:
    """The two lists are one, read from two sides."""
    there, back = compare(report(*before), report(*after)), compare(report(*after), report(*before))
    assert sorted(map(repr, there.narrowed)) == sorted(repr(bare(c)) for c in back.widened)
    assert there.added == back.removed


@given(REACH, REACH, st.randoms(use_true_random=False))
def test_order_says_nothing(
    before: tuple[ReachRow, ...], after: tuple[ReachRow, ...], dice: Random
) -> None:
    """Rows come in the order of files; what is said of them does not."""
    shuffled = list(after)
    dice.shuffle(shuffled)
    plain = compare(report(*before), report(*after))
    other = compare(report(*before), report(*shuffled))
    assert [sentence(c) for c in plain.widened] == [sentence(c) for c in other.widened]
    assert plain.fails == other.fails


@given(REACH, REACH)
def test_whatever_is_new_is_told(before: tuple[ReachRow, ...], after: tuple[ReachRow, ...]) -> None:
    """No action that was out of reach is within it in silence."""
    was = {(r.system, r.resource, action) for r in before for action in r.actions}
    now = {(r.system, r.resource, action) for r in after for action in r.actions}
    found = compare(report(*before), report(*after)).widened
    places = {f"{c.system}/{c.resource}" for c in found} | {m for c in found for m in c.more}
    assert {f"{system}/{resource}" for system, resource, _ in now - was} <= places


# --- policy -------------------------------------------------------------------------------------


POLICY = [
    ("profile", "production", "pilot", True),
    ("profile", "pilot", "regulated", False),
    ("min_rotation_members", "4", "3", True),
    ("min_evidence_retention", "30d", "31d", False),
    ("min_evidence_retention", "1d", "23h", True),
    ("max_attempts", "10", "11", True),
    ("max_attempts", "10", "9", False),
    ("max_waiver_span", "180d", "181d", True),
    ("max_credential_lifetime", "90m", "1h", False),
    ("drill_max_age", "180d", "1000d", True),
    ("calendar_max_age", "30d", "29d", False),
    ("detection_lag", "30m", "1m", True),
    ("detection_lag", "30m", "1h", False),
    ("horizon", "90d", "1d", True),
    ("sunset_notice", "90d", "91d", False),
    ("waiver_notice", "14d", "1d", True),
    ("approval_required_for", "destroy, spend", "spend", True),
    ("approval_required_for", "spend", "destroy, spend", False),
    ("packs", "../house", "", True),
    ("packs", "", "../house", False),
    ("rules.over-grant", "", "off", True),
    ("rules.over-grant", "", "note", True),
    ("rules.over-grant", "", "error", False),
    ("rules.over-grant", "error", "", True),
    ("rules.over-grant", "off", "", False),
    ("rules.of-a-pack", "", "note", True),
]


@pytest.mark.parametrize(("name", "was", "now", "looser"), POLICY)
def test_a_policy_that_asks_for_less_is_looser(
    name: str, was: str, now: str, *, looser: bool
) -> None:
    """Numbers, durations, lists, profiles and severities each in their own sense."""
    old = report(policy=((name, was),) if was else ())
    new = report(policy=((name, now),) if now else ())
    (change,) = compare(old, new).policy
    assert (change.name, change.before, change.after, change.looser) == (name, was, now, looser)


def test_every_threshold_of_a_policy_has_a_sense() -> None:
    """Who adds one says here which way is looser."""
    fields = set(PolicyValues.__slots__) - {"home", "rules", "origins"}
    known = {name for name, *_ in POLICY}
    alike = {"max_attestation_age", "max_undetected_effects", "max_pilot_users"}
    alike |= {"max_release_lag", "max_observation_age"}
    assert fields == {name for name in known | alike if not name.startswith("rules.")}


# --- waivers, evidence, findings, inventories ---------------------------------------------------


def waiver(**said: Any) -> Waiver:  # noqa: ANN401 -- fields of a waiver
    """Return a waiver."""
    plain = Waiver("w", "over-grant", "tool:t", "why", "boss", date(2026, 7, 1), HERE)
    return replace(plain, **said)


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ((), (waiver(),), "new"),
        ((waiver(),), (), "gone"),
        ((waiver(),), (waiver(expires=date(2027, 1, 1)),), "longer"),
        ((waiver(),), (waiver(expires=date(2026, 6, 3)),), "shorter"),
        ((waiver(),), (waiver(approved_by="intern"),), "changed"),
        ((waiver(),), (waiver(reason="another"),), "changed"),
    ],
)
def test_a_waiver_that_holds_otherwise_is_told(
    was: tuple[Waiver, ...], now: tuple[Waiver, ...], kind: str
) -> None:
    """By its rule and subject; its id and its place say nothing."""
    (change,) = compare(report(waivers=was), report(waivers=now)).waivers
    assert change.kind == kind
    renamed = tuple(replace(w, id="x", location=Location("else.yaml", WHOLE_FILE)) for w in was)
    assert compare(report(waivers=was), report(waivers=renamed)).waivers == ()


def evidence(*files: str, system: str = "crm") -> tuple[EvidenceFile, ...]:
    """Return evidence of a system in some files."""
    return tuple(EvidenceFile(f, "kubernetes-rbac", "sha256:0", system) for f in files)


def test_evidence_that_is_gone_blinds() -> None:
    """All of it; or a part of it with which reach shrank, for whatever reason."""
    old = report(READ, evidence=evidence("a", "b"))
    (none,) = compare(old, report(READ)).evidence
    assert (none.files, none.blind) == (("a", "b"), True)
    (part,) = compare(old, report(evidence=evidence("a"))).evidence
    assert (part.files, part.blind) == (("b",), True)
    (joined,) = compare(old, report(READ, evidence=evidence("both"))).evidence
    assert joined.blind is False
    assert compare(old, report(READ, evidence=evidence("c", "d"))).evidence == ()
    (moved,) = compare(old, report(READ, evidence=evidence("a", "b", system="mail"))).evidence
    assert (moved.system, moved.blind) == ("crm", True)


def finding(severity: Severity, **said: Any) -> Finding:  # noqa: ANN401 -- fields of one
    """Return a finding on one tool."""
    plain = Finding(
        "over-grant", "t", severity, "certain", "m", SubjectId("tool", "t"), ("a",), HERE, "f"
    )
    return replace(plain, **said)


@pytest.mark.parametrize(
    ("was", "now", "is_new"),
    [
        ("warning", "warning", False),
        ("warning", "error", True),
        ("error", "warning", False),
        ("note", "warning", True),
    ],
)
def test_a_finding_that_is_graver_is_new(was: Severity, now: Severity, *, is_new: bool) -> None:
    """One that is as it was, or less, is not."""
    found = compare(report(findings=(finding(was),)), report(findings=(finding(now),)))
    assert bool(found.new) == is_new
    assert found.fixed == ()


def test_a_finding_is_new_that_was_possible_or_accepted_before() -> None:
    """Now it is certain; now nobody accepts it."""
    sure = report(findings=(finding("error"),))
    for before in (finding("error", certainty="possible"), finding("error", waiver=waiver())):
        assert compare(report(findings=(before,)), sure).fails
    assert not compare(sure, report(findings=(finding("error", waiver=waiver()),))).fails


def test_a_baseline_hides_nothing_from_a_comparison() -> None:
    """What is known on the head and was not there is new."""
    known = report(findings=(finding("error", known=True),))
    assert compare(report(), known).fails


@pytest.mark.parametrize(
    ("fail_on", "fails"), [("error", False), ("warning", True), ("note", True), ("never", False)]
)
def test_fail_on_says_from_where_findings_count(fail_on: FailOn, *, fails: bool) -> None:
    """Reach that widened counts always, but under `never`."""
    found = compare(report(), report(findings=(finding("warning"),)))
    assert replace(found, fail_on=fail_on).fails == fails
    wider = replace(compare(report(), report(row(declared=False))), fail_on=fail_on)
    assert wider.fails == (fail_on != "never")


def test_an_inventory_is_found_again_by_name_or_folder() -> None:
    """Moved or renamed it is the same; both at once it is another, and the first is gone."""
    old = report(READ)
    for new in (report(READ, root="elsewhere"), report(READ, name="store")):
        assert compare(old, new).is_empty
    both = compare(old, report(READ, name="store", root="elsewhere"))
    assert (both.added, both.removed, both.fails) == (("store",), ("shop",), True)


FORMS = ("text", "concise", "json", "sarif", "markdown", "junit", "github", "gitlab")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("new", "said"),
    [
        (report(row(declared=False)), "reach-widened"),
        (report(), "evidence-lost"),
        (replace(report(), inventories=()), "inventory-gone"),
    ],
)
def test_every_format_says_why_a_comparison_fails(new: Report, said: str, form: str) -> None:
    """Nobody has to open another one to see what stops the change."""
    old = report(evidence=evidence("a"))
    if said == "reach-widened":
        old = report()
    found = compare(old, new)
    assert found.fails
    text = changes.render(found, form)
    assert said in text or form in {"json", "markdown"}
    if form == "json":
        assert '"fails": true' in text
    if form == "markdown":
        assert "| error |" in text


@pytest.mark.parametrize("form", FORMS)
def test_what_is_declared_blocks_in_no_format(form: str) -> None:
    """It is told, as a note."""
    found = compare(report(), report(READ))
    assert not found.fails
    assert as_report(found).verdict == "ready"
    assert "<failure" not in changes.render(found, form)
    assert "::error" not in changes.render(found, form)
