"""The first-hour sheet answers ten questions from the report alone, or says who must."""

from __future__ import annotations

import json
import re
import types
import typing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from blastlint.check import check
from blastlint.dossier import Access, AgentCard, QuotaCard, RotationCard, SystemCard, ToolCard
from blastlint.dossier.plain import hints
from blastlint.first_hour import sheets
from blastlint.reporters import render
from blastlint.reporters.first_hour import MARKS
from blastlint.reporters.saved import from_json
from blastlint.sheet import sheet_of
from blastlint.sheet.desk import span
from blastlint.source import InputError
from blastlint.values import replace
from commands import blastlint
from reporters.reports import HOSTILE, poisoned, refund_report

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.dossier import Dossier
    from blastlint.finding import Report
    from blastlint.sheet import Sheet

REPO = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
AS_OF = date(2026, 6, 2)
STARTED = int(datetime(2026, 6, 2, 2, 17, tzinfo=UTC).timestamp())
TITLES = (
    "Stop it",
    "Can it be undone, and until when",
    "What did it do",
    "Who owns it",
    "The credential",
    "What changed",
    "State of the world",
    "Duplicates",
    "Escalation",
    "Keep evidence",
)


@pytest.fixture(scope="module")
def refund() -> Report:
    """Return the report of the refund agent, as it is read back from its JSON."""
    report = check([str(REPO / "inventories" / "refund-agent")], as_of=AS_OF)
    fixed = replace(report, policy_digest="sha256:" + "ab" * 32)
    return from_json(render(fixed, "json"))


def written(report: Report, form: str = "text", **asked: object) -> str:
    """Return the sheet of the refund agent."""
    known: dict[str, object] = {
        "tool": "",
        "reader": "",
        "started": None,
        "run": "",
        "form": form,
        **asked,
    }
    return sheets(report, "refund-agent", **known)  # type: ignore[arg-type]  # as asked for


def lines(sheet: Sheet, number: int) -> list[tuple[str, str]]:
    """Return mark and text of the answers to one question."""
    return [(line.mark, line.text) for line in sheet.questions[number - 1].lines]


def marked(sheet: Sheet, text: str) -> str:
    """Return the mark of the one line that starts with a text."""
    found = [line for q in sheet.questions for line in q.lines if line.text.startswith(text)]
    assert len(found) == 1, [line.text for line in found]
    return found[0].mark


# --- the worked example -------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["support-ai-oncall", "platform-oncall"])
def test_golden(reader: str, refund: Report, golden: Callable[[Path, str], None]) -> None:
    """What whoever is paged at 02:17 reads changes only on purpose."""
    text = written(refund, reader=reader, started=STARTED, run="run-7f3a")
    golden(GOLDEN / f"refund-agent-{reader}.txt", text)


def test_golden_markdown(refund: Report, golden: Callable[[Path, str], None]) -> None:
    """The sheet that is attached to an alert changes only on purpose."""
    text = written(refund, "markdown", tool="stripe.refund.create", started=STARTED)
    golden(GOLDEN / "stripe.refund.create.md", text)


def test_the_first_rotation_paged_reads_it_unless_another_is_named(refund: Report) -> None:
    """Without --as, the marks are those of whoever is paged first."""
    assert written(refund) == written(refund, reader="support-ai-oncall")
    assert written(refund) != written(refund, reader="platform-oncall")


def test_json_says_the_same(refund: Report) -> None:
    """A program reads the same lines, with their marks and holders apart."""
    told = json.loads(written(refund, "json", started=STARTED))
    (sheet,) = told["sheets"]
    assert told["schema"] == "blastlint.sheet/v1"
    assert [question["title"] for question in sheet["questions"]] == list(TITLES)
    first = sheet["questions"][0]["lines"][0]
    assert first["mark"] == "can"
    assert first["holders"] == ["platform-oncall", "support-ai-oncall"]
    assert sheet["started_at"] == "2026-06-02 02:17 UTC"


def test_it_needs_the_saved_report_alone(tmp_path: Path) -> None:
    """Where the repository is down, the JSON gives the same bytes."""
    home = ("--inventory", "inventories/refund-agent", "--as-of", "2026-06-02")
    asked = ("sheet", "refund-agent", "--as", "platform-oncall", "--started-at")
    told = blastlint(*asked, "2026-06-02T02:17Z", *home)
    saved = tmp_path / "report.json"
    checked = ("check", "inventories/refund-agent", "--as-of", "2026-06-02")
    blastlint(*checked, "-f", "json", "-o", str(saved))
    again = blastlint(*asked, "2026-06-02T03:17+01:00", "--from", "report.json", cwd=tmp_path)
    assert told.stdout.startswith("First hour of refund-agent")
    assert (again.returncode, again.stdout) == (0, told.stdout)


def test_one_tool_leaves_out_the_others(refund: Report) -> None:
    """The sheet of a tool speaks of its own system and credential."""
    text = written(refund, tool="stripe.refund.create")
    assert "stripe-rk" in text
    assert "zd-oauth" not in text
    assert "pgaudit" not in text


def test_the_query_is_written_out_with_the_run(refund: Report) -> None:
    """The exact query stands on lines of its own, unwrapped, with the run filled in."""
    known = refund.inventories[0].dossier
    query = "select *\n  from refunds  where run_id = '{run_id}'" + " and true" * 20
    logs = tuple(replace(log, query_template=query) for log in known.logs)
    home = replace(refund.inventories[0], gathered=replace(known, logs=logs))
    text = written(replace(refund, inventories=(home,)), run="run-7f3a")
    assert (
        "              > select *\n              >   from refunds  where run_id = 'run-7f3a'"
        in text
    )
    assert " and true" * 20 + "\n" in text


# --- who can ------------------------------------------------------------------------------------


def sheet(report: Report, reader: str = "", dossier: Dossier | None = None) -> Sheet:
    """Return the sheet of the refund agent with other things known."""
    home = report.inventories[0]
    home = replace(home, gathered=dossier or home.dossier)
    return sheet_of(report, home, "refund-agent", reader=reader, started=STARTED)


def test_who_lacks_the_entitlement_is_told_whom_to_page(refund: Report) -> None:
    """You cannot stands beside the rotation that can."""
    told = sheet(refund, "support-ai-oncall")
    assert marked(told, "runbook rb-refund-agent, step 4: ") == "cannot"
    (said,) = [text for _, text in lines(told, 1) if "step 4" in text]
    assert said.endswith("takes stripe.dashboard: payments-oncall; page payments-oncall")


def test_a_list_that_is_not_stated_is_no_refusal(refund: Report) -> None:
    """A rotation whose access nobody states may be able to: nobody says."""
    known = refund.inventories[0].dossier
    rotations = tuple(
        replace(one, entitlements=(), gaps=replace(one.gaps, unstated=("entitlements",)))
        for one in known.rotations
    )
    told = sheet(refund, "payments-oncall", replace(known, rotations=rotations))
    assert marked(told, "kill switch; ") == "unclear"


def test_what_takes_no_entitlement_can_be_done_by_all(refund: Report) -> None:
    """`requires: null` is a claim that whoever is paged can."""
    known = refund.inventories[0].dossier
    switch = known.agents[0].kill_switch
    assert switch is not None
    open_ = replace(switch, access=Access("", (), open=True))
    agents = (replace(known.agents[0], kill_switch=open_),)
    told = sheet(refund, "payments-oncall", replace(known, agents=agents))
    assert marked(told, "kill switch; ") == "can"


def test_who_is_not_named_for_a_revocation_is_not_said_to_be_unable(refund: Report) -> None:
    """A rotation is named, no entitlement: nobody says whether another one could."""
    assert marked(sheet(refund, "support-ai-oncall"), "take away stripe-rk") == "unclear"
    assert marked(sheet(refund, "payments-oncall"), "take away stripe-rk") == "can"


def triage(reader: str) -> Sheet:
    """Return the sheet of the triage agent, whose comments a runbook takes back."""
    report = check([str(REPO / "inventories" / "github-triage")], as_of=AS_OF)
    return sheet_of(report, report.inventories[0], "triage", reader=reader)


def test_who_can_do_every_step_can_undo_by_the_runbook() -> None:
    """A runbook that undoes a call asks for all of its steps."""
    line = next(
        line
        for line in triage("devtools-oncall").questions[1].lines
        if line.text.startswith("issues.comment")
    )
    assert line.mark == "can"
    assert line.holders == ("devtools-oncall", "platform-oncall")
    assert line.command == "delete the comment"


def test_a_claim_of_no_freeze_is_told(bare: Sheet) -> None:
    """`calendars: []` is an answer; a system that says nothing is a question."""
    told = [text for _, text in lines(triage(""), 7)]
    assert "no freeze binds its systems, the inventory says" in told
    assert not [text for _, text in lines(bare, 7) if text.startswith("no freeze")]


# --- until when ---------------------------------------------------------------------------------


def test_what_ends_soonest_comes_first_and_what_cannot_be_undone_last(refund: Report) -> None:
    """The windows decide the order of the undoing."""
    tools = [text.split(" ")[0] for _, text in lines(sheet(refund), 2)]
    assert tools == [
        "k8s.rollout",
        "github.pr.merge",
        "zendesk.ticket.create",
        "zendesk.ticket.update",
        "slack.post",
        "stripe.refund.create",
        "restore",
    ]


def test_windows_count_real_hours_and_show_the_readers_clock(refund: Report) -> None:
    """A window over the change of the clocks is as long as ever, and ends on winter time."""
    started = int(datetime(2026, 10, 24, 12, 0, tzinfo=UTC).timestamp())
    told = sheet_of(refund, refund.inventories[0], "refund-agent", started=started)
    (said,) = [text for _, text in lines(told, 2) if text.startswith("k8s.rollout")]
    assert "that ends 2026-10-25 12:00 GMT, 1 d after the start" in said
    assert told.time_zone == "Europe/London"


def test_a_freeze_that_is_on_says_so(refund: Report) -> None:
    """Whoever rolls back in a freeze learns of it first."""
    started = int(datetime(2026, 7, 1, 2, 17, tzinfo=UTC).timestamp())
    told = sheet_of(refund, refund.inventories[0], "refund-agent", started=started)
    texts = [text for _, text in lines(told, 7)]
    assert any(
        t.startswith("release-freeze (freeze) on ") and ": ON 2026-06-26" in t for t in texts
    )
    assert "the report is 29 d older than the incident" in told.notes[0]


def test_beyond_the_horizon_nothing_is_promised(refund: Report) -> None:
    """No known window is not the same as no window."""
    started = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())
    told = sheet_of(refund, refund.inventories[0], "refund-agent", started=started)
    (said,) = [text for _, text in lines(told, 7) if text.startswith("release-freeze")]
    assert said.endswith("as far as the report goes up to 2026-08-31")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (0.2, "less than 1 s"),
        (40, "40 s"),
        (2440, "40 min 40 s"),
        (7370.5, "2 h 2 min"),
        (86_400, "1 d"),
        (86_400 + 60, "1 d"),
        (30 * 86_400, "30 d"),
    ],
)
def test_lengths_in_words(seconds: float, said: str) -> None:
    """Two units are enough at 02:17."""
    assert span(seconds) == said


# --- what nobody states -------------------------------------------------------------------------

BARE = """\
version: 1
name: bare
agents:
  bot: {owner: shop, kill_switch: {unknown: true, owner: platform, resolve_by: 2026-07-01}}
teams: {shop: {members: 3}, platform: {members: 3}}
tools:
  order.change: {agents: [bot], system: shop, effect: mutate, credential: key}
systems: {shop: {owner: shop}}
credentials: {key: {principal: app/bot}}
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    """Return the sheet of an agent of which next to nothing is stated."""
    file = tmp_path_factory.mktemp("bare") / "inventory.yaml"
    file.write_text(BARE, encoding="utf-8")
    report = check([str(file.parent)], as_of=AS_OF)
    return sheet_of(report, report.inventories[0], "bot")


def test_every_question_is_answered_or_says_who_must(bare: Sheet) -> None:
    """Nothing is left out because nobody states it."""
    assert [question.title for question in bare.questions] == list(TITLES)
    for question in bare.questions:
        assert question.lines, question.title
        open_ = [line for line in question.lines if line.mark == "open"]
        assert all("must say" in line.text for line in open_), question.title
        assert open_ or question.number in {2, 4}, question.title


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "kill switch: not stated; platform must say it by 2026-07-01"),
        (2, "order.change (mutate): whether it can be undone: not stated; shop must say it"),
        (3, "audit log of shop: not stated; shop must say it"),
        (4, "shop (owner shop): who is paged: not stated; shop must say it"),
        (5, "key (its owner is not stated): how it is taken away: not stated; shop must say it"),
        (6, "model: not stated; shop must say it"),
        (7, "freezes of shop: not stated; shop must say it"),
        (8, "order.change: how often it happens for one intent is not stated; shop must say it"),
        (9, "escalation policy: not stated; shop must say it"),
        (10, "what is kept of each run: not stated; shop must say it"),
    ],
)
def test_what_is_not_stated_names_who_must_say_it(number: int, said: str, bare: Sheet) -> None:
    """The owner of the record answers, or whoever promised the cell by a day."""
    assert any(mark == "open" and text.startswith(said) for mark, text in lines(bare, number))


def test_a_claim_that_there_is_none_is_an_answer(tmp_path: Path) -> None:
    """`kill_switch: null` is not silence."""
    (tmp_path / "inventory.yaml").write_text(
        "version: 1\nname: bare\nagents: {bot: {kill_switch: null}}\n", encoding="utf-8"
    )
    report = check([str(tmp_path)], as_of=AS_OF)
    told = sheet_of(report, report.inventories[0], "bot")
    assert lines(told, 1)[0] == ("", "kill switch: there is none, the inventory says")


@pytest.mark.parametrize("name", [path.name for path in sorted((REPO / "inventories").iterdir())])
def test_every_worked_agent_has_a_whole_sheet(name: str) -> None:
    """Each question has an answer, and what is open says who must close it."""
    report = check([str(REPO / "inventories" / name)], as_of=AS_OF)
    home = report.inventories[0]
    for agent in home.agents:
        told = sheet_of(report, home, agent.id)
        for question in told.questions:
            assert question.lines
            assert all("must say" in line.text for line in question.lines if line.mark == "open")


# --- what is asked wrongly ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said", "help_"),
    [
        ({"agent": "refund-agnt"}, "there is no agent 'refund-agnt'", "'refund-agent'"),
        (
            {"tool": "stripe.refund.creat"},
            "there is no tool of refund-agent 'stripe.refund.creat'",
            "'stripe.refund.create'",
        ),
        (
            {"reader": "payment-oncall"},
            "there is no rotation 'payment-oncall'",
            "'payments-oncall'",
        ),
    ],
)
def test_wrong_names_are_refused(
    asked: dict[str, str], said: str, help_: str, refund: Report
) -> None:
    """Nobody gets the sheet of another agent, or marks of nobody, at 02:17."""
    rest = {"agent": "refund-agent", "tool": "", "reader": "", **asked}
    agent, tool = rest.pop("agent"), rest.pop("tool")
    with pytest.raises(InputError) as caught:
        sheets(refund, agent, tool, reader=rest["reader"], started=None, run="", form="text")
    (problem,) = caught.value.problems
    assert problem.message == said
    assert problem.help == f"did you mean {help_}?"


@pytest.mark.parametrize(
    "time", ["2026-06-02T02:17", "yesterday", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "02:17Z"]
)
def test_a_time_without_its_zone_is_refused(time: str) -> None:
    """An hour too early or too late is a window that seems open."""
    done = blastlint("sheet", "refund-agent", "--started-at", time)
    assert done.returncode == 2
    assert "is not a time with its zone such as 2026-06-02T02:17Z" in done.stderr


def test_a_saved_report_is_not_judged_again() -> None:
    """What would judge anew is refused beside --from, rather than ignored."""
    done = blastlint("sheet", "bot", "--from", "x.json", "--as-of", "2026-06-02")
    assert done.returncode == 2
    assert "nothing is judged anew" in done.stderr


# --- hostile text -------------------------------------------------------------------------------

READER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
ACTIVE = re.compile(r"@\w|#\d|GH-\d|https?:|www\.|\$|:\w+:|<!--", re.IGNORECASE)


def hostile(text: str, form: str) -> str:
    """Return the sheet of a report whose every text is hostile."""
    report = poisoned(refund_report(), text)
    agent = report.inventories[0].agents[0].id
    return sheets(report, agent, "", reader="", started=STARTED, run=text, form=form)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_on_a_terminal(text: str) -> None:
    """Nothing steers a terminal or a build runner: printable lines, no command at a start."""
    out = hostile(text, "text")
    for line in out.split("\n"):
        assert line.isprintable()
        assert not line.lstrip().startswith("::")
        assert not re.search(r"##(\[|vso)", line)
    assert len(re.findall(r"^\d+ ", out, re.MULTILINE)) >= len(TITLES)


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_hostile_text_in_markdown(text: str) -> None:
    """Any text leaves the headings as they are, and makes no link, image, mention or markup."""
    flat = [
        inner
        for token in READER.parse(hostile(text, "markdown"))
        for inner in (token, *(token.children or ()))
    ]
    kinds = {token.type for token in flat}
    assert kinds.isdisjoint(
        {"html_block", "html_inline", "link_open", "image", "fence", "table_open"}
    )
    assert [t.tag for t in flat if t.type == "heading_open"] == ["h2", *["h3"] * len(TITLES)]
    assert not [t.content for t in flat if t.type == "text" and ACTIVE.search(t.content)]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_json(text: str) -> None:
    """JSON stays ASCII and carries the text as it is."""
    out = hostile(text, "json")
    assert out.isascii()
    (sheet_,) = json.loads(out)["sheets"]
    assert {line["mark"] for q in sheet_["questions"] for line in q["lines"]} <= set(MARKS)


# --- whatever a report may hold -----------------------------------------------------------------

TEXTS = st.one_of(st.sampled_from(["", "a", "day", "24:61", "Europe/London", "tool a"]), st.text())


def values(hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any type
    """Return what a field of the contract may hold."""
    if isinstance(hint, types.UnionType):
        return st.one_of(*(values(one) for one in typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        return st.lists(values(typing.get_args(hint)[0]), max_size=2).map(tuple)
    if hasattr(hint, "__match_args__"):
        return st.builds(hint, **{name: values(one) for name, one in hints(hint).items()})
    return {
        str: TEXTS,
        bool: st.booleans(),
        int: st.integers(-(10**20), 10**20),
        float: st.floats(allow_nan=False),
        date: st.dates(),
        type(None): st.none(),
    }[hint]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    agent=values(AgentCard),
    tool=values(ToolCard),
    system=values(SystemCard),
    quota=values(QuotaCard),
    rotation=values(RotationCard),
)
def test_whatever_a_report_holds_there_is_a_sheet(
    agent: AgentCard,
    tool: ToolCard,
    system: SystemCard,
    quota: QuotaCard,
    rotation: RotationCard,
) -> None:
    """No number, day, zone or text that the contract allows stops the sheet at 02:17."""
    home = refund_report().inventories[0]
    known = replace(
        home.dossier,
        agents=(replace(agent, id="refund-agent"),),
        tools=(replace(tool, id="stripe.refund.create"),),
        systems=(replace(system, id="stripe", audit_log="stripe-events"),),
        quotas=(replace(quota, agents=("refund-agent",)),),
        rotations=(replace(rotation, id="payments-oncall"),),
    )
    report = replace(refund_report(), inventories=(replace(home, gathered=known),))
    for form in ("text", "markdown", "json"):
        for started in (None, STARTED):
            out = written(report, form, reader="payments-oncall", started=started)
            assert all(title in out for title in TITLES)
