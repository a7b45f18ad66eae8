"""The questions that explain the harm: what changed, the world, duplicates, people, evidence."""

from __future__ import annotations

from blastlint.analyses.demand import minute_of
from blastlint.analyses.quotas import cycle_at
from blastlint.analyses.wallclock import shown as local_time
from blastlint.sheet.desk import lacking, listed, span, unsaid
from blastlint.sheet.model import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.dossier import CalendarCard, Escalation, QuotaCard, Release, ToolCard
    from blastlint.finding import ToolRow
    from blastlint.sheet.desk import Desk

_STATES = {
    "same": "that is what runs",
    "behind": "what runs is older",
    "ahead": "what runs is newer",
    "other": "what runs is another one",
}
_PERIODS = frozenset({"day", "week", "month"})

# --- 6. what changed ----------------------------------------------------------------------------


def changes(desk: Desk) -> Iterator[Line]:
    """Yield what runs, which fixes are not in force, and who can turn back what."""
    agent = desk.agent
    if agent.release is None:
        yield lacking("what was released and what runs", agent.gaps, "deployment")
    else:
        yield _release(desk, agent.release)
    if agent.model:
        pinned = {None: "", True: " (pinned)", False: " (an alias that moves)"}
        yield Line(f"model: {agent.model}{pinned[agent.model_pinned]}")
    else:
        yield lacking("model", agent.gaps, "model")
    yield from _fixes(desk)
    for ability in agent.abilities:
        runs = f"run {ability.live_runs} times" if ability.live_runs else "never run for real"
        flag = {None: "not stated", True: "on", False: "off"}[ability.enabled]
        yield Line(f"ability {ability.id}: its flag is {flag}; {runs}")
    yield from _axes(desk)


def _release(desk: Desk, release: Release) -> Line:
    running = release.running or "nothing that is stated"
    seen = f", seen {desk.aged(release.observed_at)}" if release.observed_at else ""
    released = release.released or "not stated"
    day = f" on {desk.aged(release.released_at)}" if release.released_at else ""
    state = f"; {_STATES.get(release.state, release.state)}" if release.state else ""
    text = f"version: {running} runs{seen}; latest release {released}{day}{state}"
    if release.running and release.released:
        return Line(text)
    return unsaid(text, desk.agent.gaps.owner)


def _fixes(desk: Desk) -> Iterator[Line]:
    for fix in desk.agent.fixes:
        since = f" (since {fix.since})" if fix.since else ""
        if fix.in_force is None:
            said = f"fix {fix.id}{since}: whether it is in force is not stated"
            yield unsaid(said, desk.agent.gaps.owner)
        else:
            yield Line(f"fix {fix.id}{since}: {'in' if fix.in_force else 'NOT in'} force")


def _axes(desk: Desk) -> Iterator[Line]:
    agent = desk.agent
    if not agent.levers:
        yield lacking("what can be rolled back", agent.gaps, "rollback_levers")
    for number, lever in enumerate(agent.levers, start=1):
        cell = f"rollback_levers.{number}.requires"
        yield desk.does(f"roll back {lever.axis or 'it'}", lever.access, agent.gaps, cell)
    pages = [alarm for alarm in agent.alarms if "last_change" in alarm.carries]
    if pages:
        yield Line("last change of each axis: it stands in the page itself")
    else:
        said = "last change of each axis: not stated, no page carries it"
        yield unsaid(said, agent.gaps.owner)


# --- 7. the world -------------------------------------------------------------------------------


def world(desk: Desk) -> Iterator[Line]:
    """Yield freezes, quotas and their resets, what starts by itself, and what fails together."""
    used = {name for system in desk.systems for name in system.calendars}
    found = [one for one in desk.dossier.calendars if one.id in used]
    for calendar in found:
        yield _calendar(desk, calendar)
    silent = [s for s in desk.systems if "calendars" in s.gaps.unstated]
    for owner in sorted({system.gaps.owner for system in silent}):
        names = listed(s.id for s in silent if s.gaps.owner == owner)
        yield unsaid(f"freezes of {names}: not stated", owner)
    if desk.systems and not found and not silent:
        yield Line("no freeze binds its systems, the inventory says")
    quotas = [quota for quota in desk.dossier.quotas if desk.agent.id in quota.agents]
    yield from (_quota(desk, quota) for quota in quotas)
    if not quotas:
        yield Line("no quota is declared that it draws on")
    plan = desk.agent.schedule
    if plan is not None and plan.cron:
        yield Line(f"it starts by itself: {plan.cron} in {plan.time_zone or 'a zone not stated'}")
    for other in desk.agent.fallbacks:
        told = {
            None: "whether somebody is told is not stated",
            True: "somebody is told",
            False: "nobody is told",
        }[other.monitored]
        yield Line(f"on {other.trigger or 'a trigger not stated'}, {other.id} takes over; {told}")
    domains = sorted({s.failure_domain for s in desk.systems if s.failure_domain})
    if domains:
        yield Line(f"what its systems fail together with: {listed(domains)}")
    yield Line("open incidents and the vendors' own status stand in no inventory: look there")


def _calendar(desk: Desk, calendar: CalendarCard) -> Line:
    name = f"{calendar.id} ({calendar.kind or 'kind not stated'}) on {listed(calendar.systems)}"
    if not calendar.known:
        return unsaid(f"{name}: its windows are not stated", calendar.gaps.owner)
    ahead = [window for window in calendar.windows if window.ends > desk.now]
    until = f" up to {desk.dossier.horizon}" if desk.dossier.horizon else ""
    if not ahead:
        return Line(f"{name}: no window from then on, as far as the report goes{until}")
    first = ahead[0]
    is_on = first.starts <= desk.now
    when = f"{desk.when(first.starts)} to {desk.when(first.ends)}"
    stops = f"; stopped by {calendar.enforcement}" if calendar.enforcement else ""
    return Line(f"{name}: {'ON' if is_on else 'off, next'} {when}{stops}")


def _quota(desk: Desk, quota: QuotaCard) -> Line:
    limit = "" if quota.limit is None else f", {quota.limit:,.0f} {quota.unit}".rstrip()
    name = f"quota {quota.id}{limit} a {quota.period or 'window'}"
    worst = ""
    if quota.runs_out is not None:
        when = desk.when(quota.runs_out.at)
        short = "; ".join(one.said for one in quota.runs_out.starved)
        worst = f"; in its worst cycle it is used up {when} ({short})"
    at = f", alerts at {quota.alert_at:.0%}" if quota.alert_at is not None else ", alerts nobody"
    if quota.on_exhaustion:
        at += f", then {quota.on_exhaustion}"
    reset = _reset(desk, quota)
    if reset is None:
        said = f"{name}{at}: when it starts again is not stated"
        return unsaid(said, quota.gaps.owner, worst)
    return Line(f"{name}{at}: {reset}{worst}")


def _reset(desk: Desk, quota: QuotaCard) -> str | None:
    """Return when a quota starts again after the start; none: not stated."""
    if quota.window in {"rolling", "since_first_use"}:
        return f"its window is {quota.window.replace('_', ' ')}, there is no fixed reset"
    if quota.period in {"minute", "hour"}:
        return f"it starts again every {quota.period}"
    if quota.period not in _PERIODS or not desk.knows(quota.time_zone):
        return None
    try:
        reset = minute_of(quota.reset_time)
        day = local_time(desk.now, quota.time_zone).date()
        starts, ends = cycle_at(day, quota.period, reset, quota.time_zone)
    except (ValueError, OverflowError):  # no time of day, or no day of the calendar
        return None
    following = starts if starts > desk.now else ends
    return f"it starts again {desk.when(following)} ({quota.reset_time} in {quota.time_zone})"


# --- 8. duplicates ------------------------------------------------------------------------------


def duplicates(desk: Desk) -> Iterator[Line]:
    """Yield the writes that one intent can cause more than once, and how to find them."""
    writing = [(row, card) for row, card in desk.tools if row.effect != "read"]
    once = [row.id for row, _ in writing if row.effects is not None and row.effects <= 1]
    for row, card in writing:
        if row.effects is None or row.effects > 1:
            yield _twice(row, card)
    if once:
        yield Line(f"at most one effect for one intent: {', '.join(once)}")
    if not writing:
        yield Line("no tool of it changes anything")


def _twice(row: ToolRow, card: ToolCard) -> Line:
    layers = f" ({card.repeats.layers})" if card.repeats.layers else ""
    find = _find(row, card)
    if row.effects is not None:
        times = f"{row.attempts:,} attempts{layers}" if row.attempts else "attempts not counted"
        return Line(f"{row.id}: up to {row.effects:,} effects of one intent, {times}; {find}")
    if card.repeats.unbounded:
        endless = listed(card.repeats.unbounded)
        return Line(
            f"{row.id}: any number of effects: nothing ends the repeats of {endless}; {find}"
        )
    said = f"{row.id}: how often it happens for one intent is not stated"
    return unsaid(said, card.gaps.owner, f"; {find}")


def _find(row: ToolRow, card: ToolCard) -> str:
    key = card.idempotency.field if card.idempotency else ""
    by = [name for name in (card.provenance, key) if name]
    seen = card.receipt.field if card.receipt else ""
    home = (card.receipt.system_of_record if card.receipt else "") or row.system
    if not by and not seen:
        return f"no field is named by which duplicates show on {home}"
    counted = f", count {seen}" if seen else ""
    grouped = f" by {' and '.join(by)}" if by else ""
    return f"list them on {home}{grouped}{counted}"


# --- 9. escalation ------------------------------------------------------------------------------


def escalation(desk: Desk) -> Iterator[Line]:
    """Yield who is paged when, what counts as taking it, and who else can repair."""
    found = desk.agent.escalation
    if found is None:
        yield lacking("escalation policy", desk.agent.gaps, "escalation")
    else:
        yield from _path(desk, found)
    broken = f"agent:{desk.agent.id}"
    for route in desk.dossier.routes:
        if route.component == broken or route.component in _named(found):
            others = listed(route.equivalents, "nobody else")
            hand = f", by hand {route.human_exit}" if route.human_exit else ""
            first = listed(route.repair_by, "nobody that is named")
            yield Line(f"if {route.component} is down: {first} repairs it, else {others}{hand}")


def _named(found: Escalation | None) -> set[str]:
    return {target for level in found.levels for target in level.targets} if found else set()


def _path(desk: Desk, found: Escalation) -> Iterator[Line]:
    for number, level in enumerate(found.levels, start=1):
        when = "when is not stated"
        if level.after_seconds is not None:
            when = f"{span(level.after_seconds)} after the page"
        yield Line(f"level {number}, {when}: {listed(map(desk.paged, level.targets), 'nobody')}")
    if not found.levels:
        yield unsaid(f"{found.policy} names nobody", desk.agent.gaps.owner)
    if found.loops:
        yield Line(f"the levels repeat {found.loops} times")
    if found.ends_with_people is not True:
        ends = "reaches nobody" if found.ends_with_people is False else "may reach nobody"
        yield Line(f"the last level {ends}: call somebody yourself")
    if found.ack_method in {"", "pager"}:
        yield Line("only an acknowledgement of the pager counts; a message or an emoji is none")
    else:
        yield Line(
            f"{found.policy} takes a {found.ack_method} for an acknowledgement; do not: "
            "only the pager's counts"
        )
    if found.subscribers:
        yield Line(f"these see the page and are not paged: {listed(found.subscribers)}")


# --- 10. evidence -------------------------------------------------------------------------------


def evidence(desk: Desk) -> Iterator[Line]:
    """Yield what to copy before it is gone, and the fields of the review."""
    kept = desk.agent.kept
    if kept is None:
        yield lacking("what is kept of each run", desk.agent.gaps, "evidence")
    else:
        gone = (
            f"gone {desk.after(kept.retention_seconds)}"
            if kept.retention_seconds is not None
            else "for how long is not stated"
        )
        what = f"copy what is kept of each run ({listed(kept.captures, 'nothing is named')})"
        yield desk.does(f"{what}; {gone}", kept.access, desk.agent.gaps, "evidence.requires")
    timed = sorted(
        (desk.logs[s.audit_log].retention_seconds or 0, s.id)
        for s in desk.systems
        if s.audit_log in desk.logs and desk.logs[s.audit_log].retention_seconds is not None
    )
    for seconds, system in timed[:3]:
        yield Line(f"copy the records of {system}: gone {desk.after(seconds)}")
    yield from _review(desk)


def _review(desk: Desk) -> Iterator[Line]:
    fields = desk.dossier.postmortem
    if not fields:
        yield unsaid("fields of the review: not stated", desk.agent.gaps.owner)
        return
    due = desk.dossier.postmortem_seconds
    when = f", due {desk.after(due)}" if due is not None else ""
    known = _prefilled(desk)
    filled = [f"{name}: {known[name]}" for name in fields if known.get(name)]
    rest = [name for name in fields if not known.get(name)]
    if filled:
        yield Line(f"review{when}, known from here: {'; '.join(filled)}")
    if rest:
        yield Line(f"review{'' if filled else when}, to fill in: {listed(rest)}")


def _prefilled(desk: Desk) -> dict[str, str]:
    """Return what a review asks for and the report knows."""
    agent = desk.agent
    running = agent.release.running if agent.release else ""
    return {
        "agent": agent.id,
        "model": agent.model,
        "model_id": agent.model,
        "authority": agent.principal,
        "version": running,
        "running_version": running,
        "run_id": desk.run,
        "started_at": desk.when(desk.started) if desk.started is not None else "",
    }
