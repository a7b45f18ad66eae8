"""Who starts a workflow by a dispatch, and whether that puts its jobs in the sender's hands.

`contents: write` sends a repository_dispatch, `actions: write` a workflow_dispatch; the token of a
job may send both. Starting a workflow is no power over what it does. It is one where a job runs
what the sender pushed, or what the sender says: a repository_dispatch runs the default branch, and
carries a payload; a workflow_dispatch carries inputs.

Source: GitHub's documentation, "Events that trigger workflows" and "Triggering a workflow".
"""

from __future__ import annotations

import re

from blastlint.providers.github.agents import agent_of
from blastlint.providers.github.gates import DEFAULT
from blastlint.providers.github.steering import runs
from blastlint.providers.github.workflows import EVERY, expressions
from blastlint.providers.grants import Becoming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from blastlint.providers.github.nodes import Node
    from blastlint.providers.github.tokens import Tokens
    from blastlint.providers.github.workflows import Job, Workflow
    from blastlint.providers.grants import EdgeCertainty, Grant

SENT_WITH = {"repository_dispatch": "contents", "workflow_dispatch": "actions"}
"""Event to the permission that sends it, with `write`."""
_PAYLOAD = re.compile(r"github\.event\.client_payload\b[\w.-]*")
_INPUT = re.compile(r"(?:github\.event\.)?\binputs\.([\w-]+)")
_ONE_OF_A_FEW = frozenset({"boolean", "choice", "number"})
"""Types of inputs that GitHub refuses other values for."""


def said(tokens: Tokens, senders: Mapping[str, Mapping[str, Grant]]) -> Iterator[Becoming]:
    """Yield the jobs that run what the sender of a dispatch says.

    Args:
        tokens: The jobs of all workflows.
        senders: By permission, by holder: the grant of writing it.
    """
    for job in tokens.jobs():
        for event in (one for one in SENT_WITH if one in job.workflow.triggers):
            yield from _steered(job, event, senders[SENT_WITH[event]])


def _steered(job: Job, event: str, senders: Mapping[str, Grant]) -> Iterator[Becoming]:
    found = _way(job, event)
    if found:
        how, sure = found
        via = f"sends a {event} ({SENT_WITH[event]}: write), {how}"
        others = (one for one in senders.values() if one.holder != job.principal)
        yield from (_turn(one, job.principal, via, sure=sure) for one in others)


def pushed(tokens: Tokens, merges: Iterable[Grant]) -> Iterator[Becoming]:
    """Yield the jobs that run what somebody pushes to the default branch and then dispatches."""
    listening = [
        job
        for job in tokens.jobs()
        if "repository_dispatch" in job.workflow.triggers and job.runs_files()
    ]
    default = tokens.repository.branch
    for grant in merges:
        branch = grant.names[0]
        if grant.resource != "contents" or default not in {"", branch}:
            continue
        known = default or branch == DEFAULT
        open_ = "" if known else f"whether {branch} is the default branch"
        second = ", once another person approves it" if grant.second_person else ""
        where = "the default branch" if branch == DEFAULT else branch
        via = f"pushes to {where} and sends a repository_dispatch (contents: write){second}"
        for job in listening:
            if job.principal != grant.holder:
                yield _turn(grant, job.principal, via, open_, sure=False)


def news(further: Iterable[Becoming], known: Iterable[Becoming]) -> Iterator[Becoming]:
    """Yield the ways to whom no other way leads that is as sure."""
    ways: dict[str, list[Becoming]] = {}
    for way in known:
        ways.setdefault(way.holder, []).append(way)
    for one in further:
        own = ways.setdefault(one.holder, [])
        if not any(_covers(way, one) for way in own):
            own.append(one)
            yield one


def _covers(way: Becoming, other: Becoming) -> bool:
    whole = way.principal.removesuffix(EVERY)
    among = whole != way.principal and other.principal.startswith(whole)
    return (among or way.principal == other.principal) and _rank(way) <= _rank(other)


def _rank(one: Becoming) -> int:
    return ("proven", "conditional", "needs-fact").index(one.certainty)


def _turn(grant: Grant, principal: str, via: str, open_: str = "", *, sure: bool) -> Becoming:
    needs = "; ".join(filter(None, (grant.needs, open_)))
    certain = sure and grant.certainty == "proven"
    certainty: EdgeCertainty = "needs-fact" if needs else "proven" if certain else "conditional"
    return Becoming(grant.holder, principal, via, grant.location, certainty, needs)


def _way(job: Job, event: str) -> tuple[str, bool] | None:
    """Return how a job does what the sender says, and whether that is sure; None if it does not."""
    named = False
    for step in job.steps():
        agent = agent_of(step)
        guarded = job.node.has("if") or step.has("if")
        script = (step.get("run"), step.get("with", "script"))
        pasted = [sure for node in script for sure in _sayings(node, job.workflow, event)]
        if pasted:
            return "whose text is pasted into a script", any(pasted) and not guarded
        if agent and any(True for _ in _sayings(step, job.workflow, event)):
            return f"which the agent {agent} reads", False
        if named and runs(step):
            return "which names the code that it checks out and runs", False
        named = named or (event == "repository_dispatch" and _checks_out(step, job.workflow))
    return None


def _checks_out(step: Node, workflow: Workflow) -> bool:
    """Whether a step checks out what the payload names; its sender may push, too."""
    uses = str(step.get("uses").value or "")
    taken = (step.get("with", key) for key in ("ref", "repository"))
    return uses.startswith("actions/checkout") and any(
        True for node in taken for _ in _sayings(node, workflow, "repository_dispatch")
    )


def _sayings(node: Node, workflow: Workflow, event: str) -> Iterator[bool]:
    """Yield for every expression with the sender's words whether it is nothing but those."""
    pattern = _PAYLOAD if event == "repository_dispatch" else _INPUT
    for _, text in expressions(node):
        words = [one for one in pattern.finditer(text) if _free(one, workflow)]
        if words:
            yield words[0].group() == text.strip()


def _free(words: re.Match[str], workflow: Workflow) -> bool:
    """Whether the sender chooses the words: an input that is one of a few is not free."""
    if not words.re.groups:
        return True
    stated = workflow.triggers["workflow_dispatch"].get("inputs", words[1])
    return stated.value is not None and stated.get("type").value not in _ONE_OF_A_FEW
