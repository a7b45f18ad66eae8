"""The dossier of a report says what the inventory says, what follows from it, and what is open."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from blastlint.dossier import Access, PassesOn, Promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.dossier import Dossier
    from blastlint.finding import Report

INVENTORIES = Path(__file__).resolve().parents[2] / "inventories"
AS_OF = date(2026, 6, 2)


def judged(name: str) -> Report:
    """Return the report on a worked inventory."""
    return check([str(INVENTORIES / name)], as_of=AS_OF)


@pytest.fixture(scope="module")
def refund() -> Dossier:
    """Return what is known of the refund agent and what surrounds it."""
    return judged("refund-agent").inventories[0].dossier


@pytest.fixture
def known(tmp_path: Path) -> Callable[[str], Dossier]:
    """Return the function that gathers what some sections of an inventory say."""

    def gather(sections: str) -> Dossier:
        text = f"version: 1\nname: small\n{sections}"
        (tmp_path / "inventory.yaml").write_text(text, encoding="utf-8")
        return check([str(tmp_path)], as_of=AS_OF).inventories[0].dossier

    return gather


def instant(*parts: int) -> int:
    """Return a moment of UTC in seconds since 1970."""
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]  # year, month, …


# --- what is open -------------------------------------------------------------------------------


def test_missing_unknown_and_null_stay_three_things(known: Callable[[str], Dossier]) -> None:
    """A cell left out, one that somebody finds out, and a claim that there is none."""
    (agent,) = known(
        "teams: {shop: {}, platform: {}}\n"
        "agents:\n"
        "  bot:\n"
        "    owner: shop\n"
        "    kill_switch: {method: flag, measured: {unknown: true, owner: platform, "
        "resolve_by: 2026-07-01}}\n"
        "    runbook: null\n"
    ).agents
    assert agent.gaps.owner == "shop"
    assert "escalation" in agent.gaps.unstated
    assert "kill_switch.requires" in agent.gaps.unstated
    assert "kill_switch.measured" in agent.gaps.unstated
    assert agent.gaps.promised == (Promise("kill_switch.measured", "platform", date(2026, 7, 1)),)
    assert agent.gaps.absent == ("runbook",)
    assert agent.kill_switch is not None
    assert agent.kill_switch.measured_seconds is None
    assert agent.kill_switch.access is None


def test_who_must_say_it_is_the_owner_of_the_thing(known: Callable[[str], Dossier]) -> None:
    """The system's owner answers for a tool, not the agent's; the agent's where nobody else is."""
    found = known(
        "teams: {shop: {}, bank: {}, desk: {}}\n"
        "agents: {bot: {owner: shop}}\n"
        "systems: {ledger: {owner: bank}, wiki: {}}\n"
        "tools:\n"
        "  pay: {agents: [bot], system: ledger, effect: spend}\n"
        "  edit: {agents: [bot], system: wiki, effect: mutate, attestation: {by: desk}}\n"
        "  note: {agents: [bot], system: wiki, effect: mutate}\n"
    )
    assert {tool.id: tool.gaps.owner for tool in found.tools} == {
        "pay": "bank",
        "edit": "desk",
        "note": "shop",
    }


def test_nothing_undoes_it_and_nobody_says_differ(known: Callable[[str], Dossier]) -> None:
    """`compensated_by: null` is a claim; left out, it is not stated."""
    (system,) = known(
        "agents: {bot: {}}\n"
        "systems:\n"
        "  crm:\n"
        "    propagates:\n"
        "      - {to: 'external:mail', compensated_by: null}\n"
        "      - {to: 'external:index'}\n"
        "      - {to: 'external:ledger', compensated_by: 'manual:reverse it'}\n"
    ).systems
    assert system.passes_on == (
        PassesOn("external:mail", "", "", undone=False),
        PassesOn("external:index", "", "", undone=None),
        PassesOn("external:ledger", "", "manual:reverse it", undone=True),
    )
    assert "propagates.1.compensated_by" in system.gaps.unstated
    assert "propagates.0.compensated_by" in system.gaps.absent


# --- who can ------------------------------------------------------------------------------------


def test_what_it_takes_and_who_has_it(refund: Dossier) -> None:
    """The rotations that have an entitlement hold it, not their teams."""
    steps = {step.do: step.access for step in refund.runbooks[0].steps}
    assert steps["flip kill switch"] == Access(
        "flags.write", ("platform-oncall", "support-ai-oncall"), open=False
    )
    assert steps["roll back prompt"] == Access("prompts.deploy", (), open=False)


def test_whoever_is_named_for_a_revocation_is_believed(refund: Dossier) -> None:
    """A rotation without a stated entitlement is named, and nobody else is."""
    (key,) = [one for one in refund.credentials if one.id == "stripe-rk"]
    assert key.revocation is not None
    assert key.revocation.access == Access("", ("payments-oncall",), open=False)


def test_nested_policies_are_walked_once(known: Callable[[str], Dossier]) -> None:
    """A page goes on where another policy leads, with its delays, and never in a circle."""
    (agent,) = known(
        "agents: {bot: {escalation: first}}\n"
        "rotations: {near: {}, far: {}}\n"
        "escalation_policies:\n"
        "  first:\n"
        "    rules:\n"
        "      - {targets: ['rotation:near'], escalation_delay: 10m}\n"
        "      - {targets: ['policy:second'], escalation_delay: 5m}\n"
        "  second:\n"
        "    rules:\n"
        "      - {targets: ['rotation:far', 'policy:first'], escalation_delay: 5m}\n"
    ).agents
    assert agent.escalation is not None
    told = [(level.targets, level.after_seconds) for level in agent.escalation.levels]
    assert told == [
        (("rotation:near",), 0),
        (("rotation:far", "policy:first"), 600),
    ]


# --- what follows -------------------------------------------------------------------------------


def test_the_quota_runs_out_when_the_rules_say(refund: Dossier) -> None:
    """The golden case: 12 million asked of 10, reset at midnight UTC, gone at 21:05."""
    (quota,) = refund.quotas
    assert quota.lasts is False
    assert quota.runs_out is not None
    assert quota.runs_out.at == instant(2026, 6, 2, 21, 5)
    assert (quota.runs_out.starts, quota.runs_out.ends) == (
        instant(2026, 6, 2),
        instant(2026, 6, 3),
    )
    assert [one.group for one in quota.runs_out.starved] == ["us-west", "tokyo", "emea"]
    assert quota.runs_out.starved[0].local == ("2026-06-02 14:05 to 17:00",)


def test_windows_are_instants_of_their_own_zone(refund: Dossier) -> None:
    """17:00 in New York is 21:00 in UTC in June."""
    (freeze,) = [one for one in refund.calendars if one.id == "release-freeze"]
    (window,) = freeze.windows
    assert window.starts == instant(2026, 6, 26, 21)
    assert window.ends == instant(2026, 7, 6, 13)
    assert freeze.systems == ("github-app-repo", "k8s-support")
    assert refund.horizon == date(2026, 8, 31)


def test_many_windows_are_counted_and_not_all_listed(known: Callable[[str], Dossier]) -> None:
    """A window every day does not fill the report; none is left out in silence."""
    (calendar,) = known(
        "policy: {horizon: 100d}\n"
        "agents: {bot: {}}\n"
        "calendars: {night: {kind: maintenance, time_zone: Etc/UTC, "
        "windows: [{rrule: 'FREQ=DAILY', duration: 1h}]}}\n"
    ).calendars
    assert len(calendar.windows) == 60
    assert calendar.more_windows == 40


def test_planned_runs_meet_the_freeze_as_the_rule_counts_them(refund: Dossier) -> None:
    """Ten nightly runs fall into the freeze of June and July."""
    plan = refund.agents[0].schedule
    assert plan is not None
    (met,) = plan.meets
    assert (met.calendar, met.inside, met.skipped) == ("release-freeze", 10, False)
    assert met.first == instant(2026, 6, 27, 6)


def test_the_worst_day_is_the_one_that_the_rules_count(refund: Dossier) -> None:
    """2,440 s until it is stopped: 406 posts, and 813 ungated refunds of 50 USD at most."""
    worst = {card.id: card.worst[0] for card in refund.tools if card.worst}
    assert (worst["slack.post"].lasts_seconds, worst["slack.post"].calls) == (2440, 406)
    assert worst["stripe.refund.create"].money == 40_650
    assert worst["stripe.refund.create"].currency == "USD"
    assert worst["k8s.rollout"].ungated == 0


def test_clocks_that_lose_say_by_how_much(refund: Dossier) -> None:
    """A key is remembered for 2 h, and the last repeat with it starts 10 s and a half later."""
    (card,) = [one for one in refund.tools if one.id == "zendesk.ticket.create"]
    (clock,) = [one for one in card.clocks if one.holds is False]
    assert (clock.has_seconds, clock.needs_seconds) == (7200, 7370.5)


def test_an_agents_own_clocks(refund: Dossier) -> None:
    """Streams, the queue and the quota's warning stand beside what they must outlast."""
    told = {clock.name: clock for clock in refund.agents[0].clocks}
    assert (told["idle timeout of edge"].has_seconds, told["idle timeout of edge"].holds) == (
        60,
        True,
    )
    queue = told["visibility timeout of queue in write-path"]
    assert (queue.has_seconds, queue.needs_seconds) == (1800, 280.5)
    assert told["warning before quota llm-tokens is empty"].needs_seconds == 640


def test_a_proxy_that_cuts_as_the_gap_ends_loses(known: Callable[[str], Dossier]) -> None:
    """As long is too short for a stream; without the gap nobody can tell."""
    stream = (
        "agents: {{bot: {{streaming: {{p99_duration: 75s, drain: 75s{gap}, "
        "hops: [{{name: edge, idle_timeout: 30s}}]}}}}}}\n"
    )
    edge, grace = known(stream.format(gap=", longest_gap: 30s")).agents[0].clocks
    assert (edge.holds, grace.holds) == (False, False)
    assert known(stream.format(gap="")).agents[0].clocks[0].holds is None


def test_fixes_that_are_not_running_are_not_in_force(refund: Dossier) -> None:
    """The version that carries the fix is newer than what runs."""
    agent = refund.agents[0]
    assert agent.release is not None
    assert agent.release.state == "behind"
    assert [(fix.id, fix.in_force) for fix in agent.fixes] == [("buffer-16mib", False)]


def test_what_may_go_on_after_the_switch(refund: Dossier) -> None:
    """No cell says that a switch stops what is queued, planned or taken over."""
    switch = refund.agents[0].kill_switch
    assert switch is not None
    said = " / ".join(switch.not_covered)
    assert "in flight" in said
    assert "slack.post" in said
    assert "0 2 * * *" in said
    assert "fallback-small-model" in said


def test_evidence_says_how_old_and_how_whole_it_is() -> None:
    """Each export with its day, its grants, and the references that it leaves open."""
    known = judged("release-agent").inventories[0].dossier
    assert known.sources
    assert all(source.grants or source.tools for source in known.sources)
    assert all(source.observed_at for source in known.sources)
    unchecked = {one.id: one.unchecked for one in known.credentials}
    assert any(not systems for systems in unchecked.values())


def test_lines_to_sign(refund: Dossier) -> None:
    """A team signs for what it owns and for what it attests, with its oldest word."""
    (payments,) = [one for one in refund.signatures if one.team == "payments"]
    assert "system:stripe" in payments.owns
    assert "tool:stripe.refund.create" in payments.attests
    assert payments.oldest == date(2026, 5, 21)


# --- what is told of ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(INVENTORIES.iterdir()), ids=lambda path: path.name)
def test_every_thing_has_its_card(path: Path) -> None:
    """Agents and tools of the report have cards, sorted; so has everything that they name."""
    (home,) = judged(path.name).inventories
    known = home.dossier
    assert [card.id for card in known.agents] == [agent.id for agent in home.agents]
    assert [card.id for card in known.tools] == [row.id for row in home.tools]
    systems = {card.id for card in known.systems}
    assert {row.system for row in home.tools} <= systems
    held = {name for card in known.agents for name in card.credentials}
    assert held <= {card.id for card in known.credentials}
    logs = {card.audit_log for card in known.systems if card.audit_log}
    assert logs <= {card.id for card in known.logs}
    paged = {card.response.rotation for card in known.agents} - {""}
    assert paged <= {card.id for card in known.rotations}


def test_nothing_is_gathered_unless_asked() -> None:
    """Outputs of findings alone do not wait for it, and an empty dossier stands in its place."""
    path = str(INVENTORIES / "clean-support")
    home = check([path], as_of=AS_OF, gather=False).inventories[0]
    assert home.gathered is None
    assert home.dossier.agents == ()


def test_what_was_not_judged_is_named() -> None:
    """Rules that the profile does not ask for, and those that people left out of the run."""
    path = str(INVENTORIES / "clean-support")
    whole = check([path], as_of=AS_OF).inventories[0].standing
    some = check([path], as_of=AS_OF, ignore=["over-grant"]).inventories[0].standing
    assert whole.left_out == ()
    assert some.left_out == ("over-grant",)
    assert some.judged == whole.judged - 1
    assert len(whole.not_asked) > 0
    assert "over-grant" not in whole.not_asked
