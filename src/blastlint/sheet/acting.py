"""The questions that stop the harm: stop it, undo it, what it did, who owns it, the credential."""

from __future__ import annotations

from math import inf

from blastlint.sheet.desk import lacking, listed, span, unsaid, unstated
from blastlint.sheet.model import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.dossier import (
        CredentialCard,
        KillSwitch,
        LogCard,
        PassesOn,
        SystemCard,
        ToolCard,
        Undo,
        Worst,
    )
    from blastlint.finding import ToolRow
    from blastlint.sheet.desk import Desk

_ENDS = {"reversible": 0, "compensable": 0, "": 1, "irreversible": 2}
"""Order of classes: what can still be undone, what nobody says, what cannot."""

# --- 1. stop it ---------------------------------------------------------------------------------


def stop(desk: Desk) -> Iterator[Line]:
    """Yield how the agent is stopped, by whom, how fast, and what that may leave running."""
    agent = desk.agent
    if agent.kill_switch is None:
        yield lacking("kill switch", agent.gaps, "kill_switch")
        yield Line("until there is one: take its credentials away (question 5)")
    else:
        yield from _switch(desk, agent.kill_switch)
    yield _lasts(desk)
    yield from _until(desk)
    yield from _runbook(desk)


def _switch(desk: Desk, switch: KillSwitch) -> Iterator[Line]:
    gaps = desk.agent.gaps
    how = "" if switch.method else f" (how is {unstated(gaps, 'kill_switch.method')})"
    cell = "kill_switch.requires"
    yield desk.does(f"kill switch{how}", switch.access, gaps, cell, switch.method)
    if switch.measured_seconds is None:
        yield lacking("time that it takes", gaps, "kill_switch.measured")
    else:
        tested = f", tested {desk.aged(switch.tested_at)}" if switch.tested_at else ""
        yield Line(f"it took {span(switch.measured_seconds)} when it was measured{tested}")
    if switch.out_of_band is None:
        works = "whether it works without the agent's own runtime"
        yield lacking(works, gaps, "kill_switch.out_of_band")
    else:
        needs = "works without" if switch.out_of_band else "needs"
        yield Line(f"it {needs} the agent's own runtime and credentials")
    if switch.depends_on:
        yield Line(f"it works only while these are up: {listed(switch.depends_on)}")
    if switch.not_covered:
        yield unsaid(f"not stated whether it stops {listed(switch.not_covered)}", gaps.owner)


def _lasts(desk: Desk) -> Line:
    found = desk.agent.response
    parts = {
        "detection": found.detection_seconds,
        "paging": found.paged_seconds,
        "acknowledgement": found.acknowledged_seconds,
        "stopping": found.stopped_seconds,
    }
    told = [f"{name} {span(part)}" for name, part in parts.items() if part is not None]
    open_ = [name for name, part in parts.items() if part is None]
    if open_:
        said = f"from the first bad call to the last one: {', '.join(told)}"
        return unsaid(f"{said}, {' and '.join(open_)} not stated", desk.agent.gaps.owner)
    whole = sum(part for part in parts.values() if part is not None)
    return Line(f"from the first bad call to the last one: {span(whole)} ({', '.join(told)})")


def _until(desk: Desk) -> Iterator[Line]:
    """Yield what each tool does at most until the agent is stopped, with no person's yes."""
    for row, card in desk.tools:
        for worst in card.worst:
            if worst.agent == desk.agent.id and worst.ungated != 0:
                yield _calls(row, card, worst)


def _calls(row: ToolRow, card: ToolCard, worst: Worst) -> Line:
    if worst.ungated is None and "max_rate" in card.gaps.absent:
        return Line(f"until then {row.id}: any number of calls, nothing caps them")
    if worst.ungated is None:
        return unsaid(f"until then {row.id}: how many calls is not stated", card.gaps.owner)
    calls = f"{worst.ungated:,} call{'' if worst.ungated == 1 else 's'}"
    money = f", {worst.money:,.0f} {worst.currency}" if worst.money else ""
    return Line(f"until then {row.id}: up to {calls} that no person sees{money}")


def _runbook(desk: Desk) -> Iterator[Line]:
    name = desk.agent.runbook
    if not name:
        yield lacking("runbook", desk.agent.gaps, "runbook")
        return
    found = desk.runbooks.get(name)
    if found is None or not found.steps:
        yield unsaid(f"runbook {name} states no steps", found.gaps.owner if found else "")
        return
    for number, step in enumerate(found.steps, start=1):
        seen = f"; seen at {step.evidence_at}" if step.evidence_at else ""
        contact = f"; turn to {step.contact}" if step.contact else ""
        said = f"runbook {name}, step {number}: {step.do}{seen}{contact}"
        yield desk.does(said, step.access, found.gaps, f"steps.{number}.requires")


# --- 2. undo it ---------------------------------------------------------------------------------


def undo(desk: Desk) -> Iterator[Line]:
    """Yield how each write is undone, what ends soonest first, and what brings data back."""
    writing = [(row, card) for row, card in desk.tools if row.effect != "read"]
    for row, card in sorted(writing, key=_urgency):
        yield _undone(desk, row, card)
    if not writing:
        yield Line("no tool of it changes anything")
    for system in desk.systems:
        yield from _restored(desk, system)


def _urgency(tool: tuple[ToolRow, ToolCard]) -> tuple[int, float, str]:
    row, card = tool
    way = card.undo
    if way is None:
        return 1, inf, row.id
    seconds = inf if way.window_seconds is None else way.window_seconds
    return _ENDS.get(way.class_, 1), seconds, row.id


def _undone(desk: Desk, row: ToolRow, card: ToolCard) -> Line:
    way = card.undo
    if way is None or not way.class_:
        cell = "reversibility" if way is None else "reversibility.class"
        return lacking(f"{row.id} ({row.effect}): whether it can be undone", card.gaps, cell)
    if way.class_ == "irreversible":
        note = f" ({way.note})" if way.note else ""
        return Line(
            f"{row.id} ({row.effect}): cannot be undone{note}; "
            f"{row.owner} answers for {row.system} and for telling those whom it touched"
        )
    if way.class_ == "read_only":
        return Line(f"{row.id}: reads only, the inventory says; its effect is {row.effect}")
    how = (
        f"{row.id} ({row.effect}, {way.class_}): {_how(desk, way, card)}; {_ends(desk, way, card)}"
    )
    if way.outcome == "irreversible":
        how += "; what it sets off elsewhere cannot be undone"
    if way.executable is False:
        said = f"{how}; that cannot be done as it stands: {way.why}"
        return Line(said, command=way.method)
    kind, _, name = way.by.partition(" ")
    if way.access is None and kind == "runbook" and name in desk.runbooks:
        return desk.follows(how, desk.runbooks[name], way.method)
    return desk.does(how, way.access, card.gaps, "reversibility.requires", way.method)


def _how(desk: Desk, way: Undo, card: ToolCard) -> str:
    kind, _, name = way.by.partition(" ")
    if kind == "tool" and name in {row.id for row, _ in desk.tools}:
        return f"undone by {way.by}, which the agent itself calls: by hand while it is stopped"
    if way.by or way.method:
        return f"undone by {way.by}" if way.by else "it can be undone"
    return f"how it is undone is {unstated(card.gaps, 'reversibility.method')}"


def _ends(desk: Desk, way: Undo, card: ToolCard) -> str:
    if way.window_seconds is not None:
        return f"that ends {desk.after(way.window_seconds)}"
    if "reversibility.window" in card.gaps.absent:
        return "that does not end, the inventory says"
    return f"until when is {unstated(card.gaps, 'reversibility.window')}"


def _restored(desk: Desk, system: SystemCard) -> Iterator[Line]:
    backup = system.backup
    if backup is None:
        return
    took = "" if backup.rto_seconds is None else f", it took {span(backup.rto_seconds)}"
    tested = desk.aged(backup.restore_tested_at) or "never, or not stated"
    by = f" as {backup.principal}" if backup.principal else ""
    how = "" if backup.method else f" (how is {unstated(system.gaps, 'backup.method')})"
    ask = system.on_call or system.owner or "its owner"
    said = f"restore {system.id}{by}{how}; last tried {tested}{took}; ask {ask}"
    yield Line(said, command=backup.method)


# --- 3. what did it do --------------------------------------------------------------------------


def records(desk: Desk) -> Iterator[Line]:
    """Yield where what it did is recorded, who reads that, until when, and where copies went."""
    for system in desk.systems:
        log = desk.logs.get(system.audit_log)
        if log is None:
            yield lacking(f"audit log of {system.id}", system.gaps, "audit_log")
        else:
            yield from _log(desk, system, log)
        yield from (_copied(system, edge) for edge in system.passes_on)
    if not desk.systems:
        yield unsaid("its tools name no system", desk.agent.gaps.owner)


def _copied(system: SystemCard, edge: PassesOn) -> Line:
    via = f" ({edge.via})" if edge.via else ""
    said = f"look at {edge.to}, too: {system.id} passes on to it{via}"
    if edge.undone is None:
        return unsaid(f"{said}; what undoes it there is not stated", system.gaps.owner)
    back = f"undone by {edge.compensated_by}" if edge.undone else "nothing undoes it there"
    return Line(f"{said}; {back}")


def _log(desk: Desk, system: SystemCard, log: LogCard) -> Iterator[Line]:
    if not log.location:
        yield lacking(f"{system.id}: where its records are", log.gaps, "location")
    yield desk.reads(f"{system.id}: {log.location or log.id}", log)
    if log.query_template:
        query = log.query_template
        filled = query.replace("{run_id}", desk.run) if desk.run else query
        yield Line("the query that finds a run there", command=filled)
    elif log.join_keys:
        run = f" for run {desk.run}" if desk.run else ""
        yield Line(f"no query is written down: look{run} by {listed(log.join_keys)}")
    else:
        yield lacking("how a run is found there", log.gaps, "join_keys")
    if log.retention_seconds is None:
        yield lacking("how long its records are kept", log.gaps, "retention")
    else:
        yield Line(f"its records are gone {desk.after(log.retention_seconds)}")
    if log.attributable is False:
        yield Line("its records name a shared principal, not the agent")


# --- 4. who owns it -----------------------------------------------------------------------------


def owners(desk: Desk) -> Iterator[Line]:
    """Yield who answers for each system, whom to page, and what time it is there."""
    for system in desk.systems:
        if not system.owner:
            yield lacking(f"owner of {system.id}", system.gaps, "owner")
        if not system.on_call:
            named = f"{system.id} (owner {system.owner}): who is paged" if system.owner else (
                f"who is paged for {system.id}"
            )  # fmt: skip
            yield lacking(named, system.gaps, "on_call")
            continue
        owner = f", owner {system.owner}" if system.owner else ""
        yield Line(f"{system.id}: page {system.on_call}{owner}; {_there(desk, system.on_call)}")
    if not desk.systems:
        yield unsaid("its tools name no system", desk.agent.gaps.owner)


def _there(desk: Desk, rotation: str) -> str:
    found = desk.rotations.get(rotation)
    if found is None or not found.time_zone:
        return "its zone is not stated"
    hours = f", on call {found.coverage}" if found.coverage else ""
    if desk.started is None or not desk.knows(found.time_zone):
        return f"{found.time_zone}{hours}"
    return f"{desk.when(desk.started, found.time_zone)} there when it started{hours}"


# --- 5. the credential --------------------------------------------------------------------------


def credentials(desk: Desk) -> Iterator[Line]:
    """Yield how each credential is taken away, what else breaks then, and what else it opens."""
    for one in desk.credentials:
        yield from _credential(desk, one)
    if not desk.credentials:
        yield unsaid("no tool of it names a credential", desk.agent.gaps.owner)


def _credential(desk: Desk, one: CredentialCard) -> Iterator[Line]:
    owner = f"owner {one.owner}" if one.owner else "its owner is not stated"
    way = one.revocation
    if way is None:
        yield lacking(f"{one.id} ({owner}): how it is taken away", one.gaps, "revocation")
    else:
        lasted = way.measured_seconds
        took = "nobody measured how long that takes" if lasted is None else f"took {span(lasted)}"
        how = "" if way.method else f" (how is {unstated(one.gaps, 'revocation.method')})"
        said = f"take away {one.id} ({owner}){how}; {took}"
        yield desk.does(said, way.access, one.gaps, "revocation.requires", way.method)
    yield _breaks(desk, one)
    yield from _opens(desk, one)


def _breaks(desk: Desk, one: CredentialCard) -> Line:
    own = {desk.agent.id, f"agent:{desk.agent.id}"}
    others = [name for name in dict.fromkeys((*one.agents, *one.used_by)) if name not in own]
    said = f"what stops with {one.id}: {listed(one.tools, 'no tool of an agent')}"
    if "used_by" in one.gaps.unstated:
        return unsaid(f"{said}; what else breaks is not stated", one.gaps.owner)
    return Line(f"{said}; others that break: {listed(others)}")


def _opens(desk: Desk, one: CredentialCard) -> Iterator[Line]:
    rows = [r for r in desk.summary.reach if one.id in r.through and not r.declared]
    by_system: dict[str, dict[str, None]] = {}
    for row in rows:
        what = f"{'/'.join(row.actions)} on {row.resource}"
        by_system.setdefault(row.system, {})[what] = None
    for system, found in by_system.items():
        shown = list(found)[:5]
        more = f" and {len(found) - 5} more" if len(found) > len(shown) else ""
        yield Line(
            f"{one.id} also opens on {system}, beyond what is declared: {'; '.join(shown)}{more}"
        )
    for also in one.also_reaches:
        why = f" ({also.reason})" if also.reason else ""
        yield Line(f"{one.id} also opens on {also.system}, as its owner declares: "
                   f"{'/'.join(also.actions)} on {listed(also.resources)}{why}")  # fmt: skip
    if one.unchecked:
        said = f"no evidence shows what {one.id} really opens on {listed(one.unchecked)}"
        yield unsaid(said, one.gaps.owner)
