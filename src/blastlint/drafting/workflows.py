"""Rows of the agents that jobs of GitHub Actions run, each with the token of its job."""

from __future__ import annotations

from blastlint.drafting.principals import MOST, credential_id, principal_row
from blastlint.drafting.principals import facts as platform_facts
from blastlint.drafting.rows import Cell, Row, ask
from blastlint.drafting.systems import system_row
from blastlint.reporters.words import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.drafting.rows import Draft
    from blastlint.drafting.sources import Source
    from blastlint.providers.grants import Becoming
    from blastlint.source import Document

_AGENT = "agent/"
_OUTSIDERS = "anyone"


def workflows(source: Source, draft: Draft) -> None:
    """Draft a repository as a system, and an agent for every job that runs one."""
    draft.put(system_row(source.system, "a repository of GitHub", draft, "github"))
    for one in source.granted.unresolved:
        draft.note(3, f"{source.system}: {one.what} ({source.place(one.location)})")
    for app in apps_of(source):
        draft.put(principal_row(source, app, draft))
    for job, program in agents_of(source).items():
        name = credential_id(job, source, draft)
        draft.put(principal_row(source, job, draft, (name,)))
        draft.put(_agent(source, job, program, draft))


def agents_of(source: Source) -> dict[str, str]:
    """Return the jobs that run an agent, with the agent."""
    found: dict[str, str] = {}
    for turn in source.granted.becomings:
        if turn.holder.startswith(_AGENT) and turn.via == "runs in this job":
            found.setdefault(turn.principal, turn.holder.removeprefix(_AGENT))
    return found


def apps_of(source: Source) -> list[str]:
    """Return the Apps whose own rights the evidence tells, unless there are too many."""
    holders = {grant.holder for grant in source.granted.grants}
    found = [name for name in source.granted.principals if name.startswith("app/")]
    told = [name for name in found if name in holders]
    return told if len(told) <= MOST else []


def facts(source: Source) -> list[str]:
    """Return what is worth knowing of a repository's evidence as a whole."""
    jobs = agents_of(source)
    signing = {one.holder for one in source.granted.becomings if one.principal.startswith("oidc:")}
    opened = {one.principal for one in source.granted.becomings if one.holder == _OUTSIDERS}
    counted = [
        (len(jobs), "run an agent"),
        (len(signing & jobs.keys()), "that run one may ask for an id token"),
        (len(opened & jobs.keys()), "that run one can be started or told something by outsiders"),
    ]
    return [
        *platform_facts(source),
        *_facts_of_rulesets(source),
        *(f"{count(number, 'job')} {words}" for number, words in counted if number),
    ]


def _facts_of_rulesets(source: Source) -> Iterator[str]:
    """Yield how many rulesets let somebody past them, and how many are not in force."""
    values = [one.value for one in source.documents if isinstance(one.value, dict)]
    rulesets = [value for value in values if "enforcement" in value]
    passed = sum(bool(value.get("bypass_actors")) for value in rulesets)
    idle = sum(value["enforcement"] != "active" for value in rulesets)
    if passed:
        yield f"{count(passed, 'ruleset')} that somebody may bypass"
    if idle:
        yield f"{count(idle, 'ruleset')} not in force"


def _agent(source: Source, job: str, program: str, draft: Draft) -> Row:
    name = credential_id(job, source, draft)
    owner = draft.wishes.owner
    who = owner or f"team of {name}"
    told = sorted({one.via.partition(":")[0] for one in _from_outside(source, job)})
    inputs = (
        Cell(told, "events that outsiders can write")
        if told
        else ask(who, "what can outsiders write that it reads?")
    )
    cells = {
        "owner": Cell(owner) if owner else ask(who, "which team answers for it?"),
        "principal": Cell({"kind": "service", "id": job}, "the token of its job"),
        "ambient": Cell([name], "the token lies in its job"),
        "untrusted_inputs": inputs,
        **_schedule(source, job),
        "escalation": ask(who, "who is paged when it goes wrong?"),
    }
    return Row("agents", name, cells, (f"runs {program} in {job}",))


def _from_outside(source: Source, job: str) -> Iterator[Becoming]:
    for one in source.granted.becomings:
        if one.holder == _OUTSIDERS and one.principal == job:
            yield one


def _schedule(source: Source, job: str) -> dict[str, Cell]:
    """Return when a job starts by itself; GitHub's cron is in UTC."""
    file = job.rpartition("/")[2].partition(":")[0]
    crons = [cron for one in source.documents for cron in _crons(one, file)]
    if not crons:
        return {}
    more = f"; also {', '.join(crons[1:])}" if crons[1:] else ""
    return {"schedule": Cell({"cron": crons[0], "time_zone": "UTC"}, f"on.schedule{more}")}


def _crons(document: Document, file: str) -> Iterator[str]:
    value = document.value
    if document.file.rpartition("/")[2] != file or not isinstance(value, dict):
        return
    started = value.get("on")
    rows = started.get("schedule") if isinstance(started, dict) else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and isinstance(row.get("cron"), str):
            yield row["cron"]
