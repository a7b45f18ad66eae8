"""What permissions let their holder turn into: jobs that it writes, starts, or changes the code of.

The token of a job and that of an App differ. What the job's token pushes starts no workflow, and it
never changes a workflow file; what an App pushes does start them, and with `workflows: write` it
writes them, and so holds every secret that a job of the repository may have.
"""

from __future__ import annotations

from blastlint.providers.github import catalogue
from blastlint.providers.github.agents import APPS, MINTERS, agent_of
from blastlint.providers.github.subjects import ISSUER, prefixes
from blastlint.providers.github.workflows import EVERY
from blastlint.providers.grants import Becoming, Grant
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.providers.github.apps import App
    from blastlint.providers.github.merging import Actor
    from blastlint.providers.github.nodes import Node
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.rulesets import Gate
    from blastlint.providers.github.tokens import Right, Tokens
    from blastlint.providers.github.workflows import Job, Workflow
    from blastlint.providers.grants import EdgeCertainty


@dataclass(frozen=True, slots=True)
class Writer:
    """An App that can push, and what it may do besides."""

    actor: Actor
    workflows: bool
    """Whether it may change workflow files."""
    starts: bool
    """Whether it may start workflows (`actions: write`)."""
    alone: Mapping[str, bool | None]
    """By branch: whether it merges alone, with another person, or (None) not at all."""


@dataclass(frozen=True, slots=True)
class Shut:
    """The rulesets that stop pushes, but for those who bypass them."""

    workflows: Sequence[Gate]
    """Keep workflow files from being changed."""
    branches: Sequence[Gate]
    """Keep every branch from being pushed to."""


def of_apps(writers: Sequence[Writer], shut: Shut, tokens: Tokens) -> Iterator[Becoming]:
    """Yield the jobs that Apps become by what they push."""
    for writer in writers:
        if writer.workflows and not _kept_out(writer.actor, shut.workflows):
            yield from _author(writer.actor, tokens.repository)
        elif not _kept_out(writer.actor, shut.branches):
            yield from _editor(writer, tokens)


def secrets(writers: Sequence[Writer], shut: Shut) -> Iterator[Grant]:
    """Yield that whoever writes workflows reads every secret of the repository."""
    for writer in writers:
        if writer.workflows and not _kept_out(writer.actor, shut.workflows):
            grant = writer.actor.push
            condition = grant.condition or "it writes a workflow that uses them"
            certainty: EdgeCertainty = "needs-fact" if grant.needs else "conditional"
            yield replace(
                grant,
                resource=f"{catalogue.SECRET}{EVERY}",
                action="read",
                effect="read",
                condition=condition,
                certainty=certainty,
            )


def _kept_out(actor: Actor, closed: Sequence[Gate]) -> bool:
    """Whether a ruleset keeps an App out; where the bypass list is missing, it may not."""
    return any(
        all(one.kind != "Integration" or one.id != actor.id for one in gate.bypass or ())
        for gate in closed
        if gate.bypass is not None
    )


def _author(actor: Actor, here: Repository) -> Iterator[Becoming]:
    """Yield what the author of a workflow becomes: any job, with any subject of the repository."""
    grant, via = actor.push, "pushes a workflow of its own (contents and workflows: write)"
    jobs = f"{here.name}/.github/workflows/{EVERY}"
    yield Becoming(actor.principal, jobs, via, grant.location, grant.certainty, grant.needs)
    for prefix in prefixes(here):
        needs = "; ".join(one for one in (grant.needs, prefix.needs) if one)
        subject = f"{ISSUER}{prefix.text.removesuffix(EVERY)}"
        ending = EVERY if prefix.text.endswith(EVERY) else f":{EVERY}"
        certainty = "needs-fact" if needs else grant.certainty
        yield Becoming(actor.principal, subject + ending, via, grant.location, certainty, needs)


def _editor(writer: Writer, tokens: Tokens) -> Iterator[Becoming]:
    """Yield the jobs that run files which an App may change."""
    grant = writer.actor.push
    for job in tokens.jobs():
        how = _lands(writer, job.workflow) if job.runs_files() else None
        if how is not None:
            via = f"pushes a change of the files that the job runs (contents: write){how}"
            certainty: EdgeCertainty = "needs-fact" if grant.needs else "conditional"
            name = writer.actor.principal
            yield Becoming(name, job.principal, via, grant.location, certainty, grant.needs)


def _lands(writer: Writer, workflow: Workflow) -> str | None:
    """Return what a push must pass before it starts a workflow; None if it never does."""
    triggers = workflow.triggers
    if "pull_request" in triggers or ("workflow_dispatch" in triggers and writer.starts):
        return ""
    if "push" not in triggers:
        return None
    filters = triggers["push"]
    named = [one.value for one in filters.get("branches").items()]
    if not named or filters.has("tags") or not writer.alone.keys() >= {str(n) for n in named}:
        return ""
    ways = [writer.alone[str(name)] for name in named]
    if True in ways:
        return ""
    return ", once another person approves it" if False in ways else None


def of_jobs(tokens: Tokens) -> Iterator[Becoming]:
    """Yield the workflows that a job starts on a branch that it pushed.

    Of all events that a job's token causes, only the two dispatches start a workflow.
    """
    startable = [one for one in tokens.workflows if "workflow_dispatch" in one.triggers]
    startable = [one for one in startable if any(job.runs_files() for job in one.jobs.values())]
    for job in tokens.jobs():
        rights = {} if job.uses else tokens.rights(job)
        push, start = rights.get(("contents", "write")), rights.get(("actions", "write"))
        if push and start:
            yield from (_started(job, one, push, start) for one in startable)


def _started(job: Job, other: Workflow, push: Right, start: Right) -> Becoming:
    via = "pushes a branch and starts the workflow there (contents and actions: write)"
    needs = "; ".join(dict.fromkeys(one.needs for one in (push, start) if one.needs))
    certainty: EdgeCertainty = "needs-fact" if needs else "conditional"
    jobs = f"{other.path}:{EVERY}"
    return Becoming(job.principal, jobs, via, start.location, certainty, needs)


def runners(tokens: Tokens) -> Iterator[Becoming]:
    """Yield the hosts of one's own that jobs run on, with whatever lies there."""
    for job in tokens.jobs():
        labels = _labels(job)
        if "self-hosted" in labels:
            principal = f"runner/{'+'.join(sorted(set(labels) - {'self-hosted'})) or 'self-hosted'}"
            via = "runs on a host of one's own, with what is stored there"
            yield Becoming(job.principal, principal, via, job.node.at("runs-on"))


def _labels(job: Job) -> list[str]:
    written = job.node.get("runs-on")
    return (written.get("labels") if written.has("labels") else written).words()


def minted(tokens: Tokens, installed: Sequence[App]) -> Iterator[Becoming]:
    """Yield the Apps whose token a job takes: with the App's key, or from the agent's service."""
    for job in tokens.jobs():
        for step in job.steps():
            if str(step.get("uses").value or "").partition("@")[0] in MINTERS:
                yield _by_key(job, step, installed)
            slug = APPS.get(agent_of(step), "")
            right = tokens.rights(job).get(("id-token", "write")) if slug else None
            if right and not step.get("with", "github_token").value:
                yield _by_service(job, step, slug, right, installed)


def _by_key(job: Job, step: Node, installed: Sequence[App]) -> Becoming:
    given = {str(step.get("with", key).value) for key in ("app-id", "app_id", "client-id")}
    app = next((one.principal for one in installed if str(one.id) in given), "")
    narrowed = any(one.name.startswith("permission") for one in step.get("with").items())
    via = "takes a token of the App with its key" + (", for some permissions" if narrowed else "")
    if not app:
        needs = "which App the key is of"
        return Becoming(job.principal, "app/*", via, step.at(), "needs-fact", needs)
    sure: EdgeCertainty = "conditional" if narrowed else "proven"
    return Becoming(job.principal, app, via, step.at(), sure)


def _by_service(
    job: Job, step: Node, slug: str, right: Right, installed: Sequence[App]
) -> Becoming:
    app = f"app/{slug}"
    known = any(one.principal == app and not one.needs for one in installed)
    fact = "" if known else f"whether {app} is installed on {job.workflow.repository}"
    needs = "; ".join(one for one in (fact, right.needs) if one)
    via = "exchanges its id token for a token of the App: no github_token is given"
    return Becoming(
        job.principal, app, via, step.at(), "needs-fact" if needs else right.certainty, needs
    )
