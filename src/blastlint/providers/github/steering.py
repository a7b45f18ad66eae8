"""Who steers a job from outside: through an agent that reads, code that is run, text in a script.

`anyone` stands for everybody who can open an issue or pull request. What an agent writes into the
outputs or artifacts of its job may steer the jobs after it.
"""

from __future__ import annotations

import re

from blastlint.providers.github import events
from blastlint.providers.github.agents import agent_of, open_to_all
from blastlint.providers.github.workflows import expressions
from blastlint.providers.grants import Becoming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.github.nodes import Node
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.workflows import Job, Workflow
    from blastlint.providers.grants import EdgeCertainty

ANYONE = "anyone"
_HEAD = re.compile(
    r"github\.event\.pull_request\.(?:head|merge_commit_sha)|github\.head_ref|refs/pull/"
    r"|github\.event\.workflow_run\.head_|github\.event\.issue\.number"
)
_CHECKS_OUT = re.compile(r"gh\s+pr\s+checkout|git\s+(?:fetch|checkout)[^\n]{0,200}pull/")
_TEXT = re.compile(
    r"github\.event\.(?:issue|pull_request|comment|review|review_comment|discussion)\."
    r"(?:title|body|head\.ref|head\.label)\b|github\.head_ref|"
    r"github\.event\.workflow_run\.(?:head_branch|display_title|head_commit)"
)
"""Expressions that hold text which an outsider chooses."""


def becomings(workflows: Sequence[Workflow], here: Repository) -> Iterator[Becoming]:
    """Yield who steers each job."""
    for one in workflows:
        for job in one.jobs.values():
            yield from _agents(job)
            if here.public is not False:
                yield from _outsiders(job, here)
            yield from _followers(job, workflows)


def _agents(job: Job) -> Iterator[Becoming]:
    for step in job.steps():
        agent = agent_of(step)
        if agent:
            yield Becoming(f"agent/{agent}", job.principal, "runs in this job", step.at())


def _outsiders(job: Job, here: Repository) -> Iterator[Becoming]:
    needs = "" if here.public else f"whether {here.title} is public"
    for event in [name for name in job.workflow.triggers if name in events.OUTSIDE]:
        for step, how, sure in _ways(job, event):
            via = f"{event}: {events.OUTSIDE[event]}, {how}"
            guarded = job.node.has("if") or step.has("if") or not sure
            certainty: EdgeCertainty = (
                "needs-fact" if needs else "conditional" if guarded else "proven"
            )
            yield Becoming(ANYONE, job.principal, via, step.at(), certainty, needs)


def _ways(job: Job, event: str) -> Iterator[tuple[Node, str, bool]]:
    """Yield the steps through which an outsider steers, how, and whether that is sure."""
    code = False
    for step in job.steps():
        agent = agent_of(step)
        if agent:
            start = "" if open_to_all(step, agent) else " once somebody with write access starts it"
            yield step, f"which the agent {agent} reads{start}", False
        if code and runs(step):
            yield step, "whose code it checks out and runs", event == "pull_request_target"
            code = False
        code = code or (event in events.CODE and _takes_head(step))
        if _pastes(step, event):
            yield step, "whose text is pasted into a script", True


def runs(step: Node) -> bool:
    """Whether a step runs something that may lie in the files of the job."""
    uses = step.get("uses").value
    return step.has("run") or (isinstance(uses, str) and uses.startswith("./"))


def _takes_head(step: Node) -> bool:
    """Whether a step checks out what the pull request changes."""
    run, uses = step.get("run").value, step.get("uses").value
    if isinstance(run, str) and _CHECKS_OUT.search(run):
        return True
    if not (isinstance(uses, str) and uses.startswith("actions/checkout")):
        return False
    named = (step.get("with", key).value for key in ("ref", "repository"))
    return any(isinstance(one, str) and _HEAD.search(one) for one in named)


def _pastes(step: Node, event: str) -> bool:
    """Whether the text of an event stands in a script before it is read."""
    script = step.get("with", "script")
    said = [text for node in (step.get("run"), script) for _, text in expressions(node)]
    own = "workflow_run" if event == "workflow_run" else "github."
    return any(own in text and _TEXT.search(text) for text in said)


# --- what an agent's output does next -----------------------------------------------------------


def _followers(job: Job, workflows: Sequence[Workflow]) -> Iterator[Becoming]:
    """Yield the later jobs that use what the agent of a job leaves behind."""
    agent = next((agent for agent in map(agent_of, job.steps()) if agent), "")
    if not agent:
        return
    name = job.node.name
    for later in job.workflow.jobs.values():
        what = _used(job, later) if name in later.needs else ""
        if what:
            via = f"uses the {what} of {name}, in which the agent {agent} runs"
            place = later.node.at("needs")
            yield Becoming(job.principal, later.principal, via, place, "conditional")
    for other in workflows:
        started = other.triggers.get("workflow_run")
        if started and job.workflow.name in started.get("workflows").words():
            yield from _after(job, agent, other, started)


def _after(job: Job, agent: str, other: Workflow, started: Node) -> Iterator[Becoming]:
    for later in other.jobs.values():
        if _leaves(job) and _fetches(later):
            via = f"uses the artifacts of {job.workflow.name}, in which the agent {agent} runs"
            yield Becoming(job.principal, later.principal, via, started.at(), "conditional")


def _used(job: Job, later: Job) -> str:
    name = re.escape(job.node.name)
    own = re.compile(rf"needs\s*(?:\.\s*{name}\b|\[\s*'{name}'\s*\])\s*\.\s*outputs")
    if any(own.search(text) for _, text in expressions(later.node)):
        return "outputs"
    return "artifacts" if _leaves(job) and _fetches(later) else ""


def _leaves(job: Job) -> bool:
    return any(_action(step) in _UPLOADS for step in job.steps())


def _fetches(job: Job) -> bool:
    return any(_action(step) in _DOWNLOADS for step in job.steps())


_UPLOADS = frozenset({"actions/upload-artifact", "actions/cache", "actions/cache/save"})
_DOWNLOADS = frozenset(
    {
        "actions/download-artifact",
        "dawidd6/action-download-artifact",
        "actions/cache",
        "actions/cache/restore",
    }
)


def _action(step: Node) -> str:
    return str(step.get("uses").value or "").partition("@")[0]
