"""Who merges alone by being two: one App pushes, and another one approves what it pushed.

GitHub asks that the approval comes from somebody else than the author. It knows them by the App
that the token is of: all jobs of a repository are one, `github-actions`, and cannot approve each
other. No App is a code owner.
"""

from __future__ import annotations

from itertools import combinations

from blastlint.providers.github.merging import merge_of, verdict_of
from blastlint.providers.grants import Becoming, Joint
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.github.merging import Actor, Branch
    from blastlint.providers.grants import EdgeCertainty, Grant


_COUNTS = (1, 2)
"""Approvals that one agent may give itself; with more Apps than that it is not looked for."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody with `pull_requests: write`."""

    principal: str
    app: str
    """Slug of its App."""
    approves: bool | None
    """Whether its approval is taken; None if that is not known."""
    review: Grant
    """The grant of `pull_requests: write`."""


def pairs(
    branch: Branch, actors: Iterable[Actor], reviewers: Sequence[Reviewer]
) -> Iterator[tuple[Joint, Grant]]:
    """Yield the ways in which a second person is another credential of the same agent."""
    for actor in actors:
        if verdict_of(branch, actor).second_person and not actor.rules:
            for chosen in _choices(branch, actor, reviewers):
                yield from _pair(branch, actor, chosen)


def _choices(
    branch: Branch, actor: Actor, reviewers: Sequence[Reviewer]
) -> Iterator[Sequence[Reviewer]]:
    """Yield the reviewers that are as many as are asked for, and everybody somebody else."""
    others = [one for one in reviewers if one.app != actor.app and one.approves is not False]
    for count in sorted({gate.reviews for gate in branch.gates}.intersection(_COUNTS)):
        chosen = combinations(others, count)
        yield from (some for some in chosen if len({one.app for one in some}) == count)


def _pair(
    branch: Branch, actor: Actor, chosen: Sequence[Reviewer]
) -> Iterator[tuple[Joint, Grant]]:
    """Yield what an actor merges whose work some reviewers approve."""
    count = len(chosen)
    met = [gate.reviews <= count for gate in branch.gates]
    gates = [
        replace(gate, reviews=0) if done else gate
        for gate, done in zip(branch.gates, met, strict=True)
    ]
    rest = replace(branch, gates=gates)
    verdict = verdict_of(rest, actor)
    if verdict.second_person or verdict.refused:
        return
    who = " and ".join(one.principal for one in chosen)
    name = f"{actor.principal} approved by {who}"
    needs = "; ".join(dict.fromkeys(_facts(actor, chosen)))
    via = f"what it pushes to {branch.name} is approved by {who}"
    sure: EdgeCertainty = "needs-fact" if needs else "proven"
    turn = Becoming(actor.principal, name, via, chosen[0].review.location, sure, needs)
    grant = replace(merge_of(rest, actor, verdict), holder=name)
    yield Joint((actor.principal, *(one.principal for one in chosen)), turn), grant


def _facts(actor: Actor, chosen: Iterable[Reviewer]) -> Iterator[str]:
    """Yield what decides and is not known: who opens the pull request, and whose word counts."""
    if actor.approves is False:
        yield f"whether somebody opens a pull request of what {actor.principal} pushes"
    if actor.approves is None or any(one.approves is None for one in chosen):
        yield "whether workflows may open and approve pull requests"
    yield from (one.review.needs for one in chosen if one.review.needs)
