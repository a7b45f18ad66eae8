"""Folds what is wrong many times for one reason: one way, or one line, is one finding."""

from __future__ import annotations

from blastlint.rules import SEVERITIES
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.finding import Finding

FEW = 3
"""So many findings alike stand for themselves; more are told by one of them."""
SHOWN = 3
"""Places of folded findings that their head shows."""
_KINDS = frozenset({"path", "grant", "surplus"})
"""Subjects of which one role or one wildcard makes many."""
_TURNS = frozenset({"becomes", "derives"})


def fold(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings, those that only differ in the resource at the end folded into one.

    Paths are alike when they begin with the same steps, up to the first principal that their
    credential turns into: what that one opens follows from the turn. Grants are alike when one
    line makes them. The worst of them speaks for all; accepted ones stand for themselves.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        if finding.subject.kind in _KINDS and finding.waiver is None:
            groups.setdefault(_way(finding), []).append(finding)
        else:
            yield finding
    for group in groups.values():
        yield from group if len(group) <= FEW else (_folded(sorted(group, key=_rank)),)


def _way(finding: Finding) -> tuple[object, ...]:
    """What findings alike have in common."""
    credential = finding.subject.id.partition("->")[0]
    common = (finding.rule, finding.certainty, finding.agents, credential)
    if finding.path is None:
        return (*common, finding.location.file, finding.location.span)
    steps: list[str] = []
    for hop in finding.path.hops[:-1]:
        steps.append(hop.why)
        if hop.edge in _TURNS:
            break
    return (*common, finding.path.reach, finding.path.gates, *steps)


def _rank(finding: Finding) -> tuple[int, str]:
    return SEVERITIES.index(finding.severity), str(finding.subject)


def _folded(group: Sequence[Finding]) -> Finding:
    """The worst of a group, which tells of the others; the cut is the one that closes most."""
    head, *rest = group
    lines = {(one.location.file, one.location.span): one for one in reversed(rest)}
    lines.pop((head.location.file, head.location.span), None)
    near = sorted(lines.values(), key=lambda one: one.order)[:SHOWN]
    cuts = [finding.cut for finding in group if finding.cut]
    return replace(
        head,
        message=f"{head.message} (and {len(rest)} more like it)",
        related=(*head.related, *(one.location.noted(_end(one)) for one in near)),
        cut=max(cuts, key=lambda cut: cut.closes, default=None),
        alike=tuple(sorted(str(finding.subject) for finding in rest)),
    )


def _end(finding: Finding) -> str:
    """What stands at the end of a way: the part of the subject after the credential."""
    return finding.subject.id.partition("->")[2]
