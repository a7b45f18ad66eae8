"""Folds what is wrong many times for one reason: one way, or one line, is one finding."""

from __future__ import annotations

from blastlint.rules import SEVERITIES
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from blastlint.finding import Finding
    from blastlint.subjects import SubjectId

FEW = 3
"""So many paths alike stand for themselves; more are told by one of them."""
SHOWN = 3
"""Places of folded findings that their head shows."""
_KINDS = frozenset({"path", "grant", "surplus"})
"""Subjects of which one role or one wildcard makes many."""
_TURNS = frozenset({"becomes", "derives", "member"})
_HEAD = frozenset({"delegates", "binds", "uses", "ambient", "acts-as"})
"""Steps from an agent to a credential and its principal."""


def fold(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings, those alike folded into one; accepted ones stand for themselves.

    A path that leads into another one is told by that: its end is the same. Paths are alike when
    they begin at the same places, up to the first principal that their credential turns into:
    what that one opens follows from the turn. Grants are alike when one line makes them. The worst
    of them speaks for all.
    """
    groups: dict[object, list[Finding]] = {}
    for finding in _joined(tuple(findings)):
        if finding.subject.kind in _KINDS and finding.waiver is None:
            groups.setdefault(_way(finding), []).append(finding)
        else:
            yield finding
    for group in groups.values():
        few = len(group) <= (1 if group[0].subject.kind == "grant" else FEW)
        yield from map(_told, group if few else (_folded(sorted(group, key=_rank)),))


def _told(finding: Finding) -> Finding:
    """The finding, with the number of those that it speaks for."""
    more = f" (and {len(finding.alike)} more like it)" if finding.alike else ""
    return replace(finding, message=finding.message + more)


def _joined(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings, a path that leads into another one folded into that."""
    tails = {(one.rule, *_tail(one)): one for one in findings if _is_open_path(one)}
    led: dict[SubjectId, list[str]] = {}
    alone: list[Finding] = []
    for finding in findings:
        other = _led_into(finding, tails) if _is_open_path(finding) else None
        if other is None:
            alone.append(finding)
        else:
            led.setdefault(other.subject, []).append(str(finding.subject))
    for finding in alone:
        more = led.get(finding.subject, ()) if _is_open_path(finding) else ()
        yield replace(finding, alike=tuple(sorted(more))) if more else finding


def _is_open_path(finding: Finding) -> bool:
    return finding.subject.kind == "path" and finding.path is not None and finding.waiver is None


def _tail(finding: Finding) -> tuple[str, ...]:
    """The steps of a path after the credential that it starts with."""
    hops = finding.path.hops if finding.path else ()
    return tuple(hop.why for hop in hops if hop.edge not in _HEAD)


def _led_into(finding: Finding, tails: Mapping[tuple[str, ...], Finding]) -> Finding | None:
    """The last path that a path leads into and that says as much, if there is one."""
    steps = _tail(finding)
    suffixes = ((finding.rule, *steps[at:]) for at in range(len(steps) - 1, 0, -1))
    found = (tails[suffix] for suffix in suffixes if suffix in tails)
    return next((other for other in found if _says_as_much(other, finding)), None)


def _says_as_much(one: Finding, other: Finding) -> bool:
    surer = one.certainty in {"certain", other.certainty}
    worse = SEVERITIES.index(one.severity) <= SEVERITIES.index(other.severity)
    return surer and worse and set(other.agents) <= set(one.agents)


def _way(finding: Finding) -> tuple[object, ...]:
    """What findings alike have in common."""
    credential = finding.subject.id.partition("->")[0]
    common = (finding.rule, finding.certainty, finding.agents, credential)
    if finding.path is None:
        return (*common, finding.location.file, finding.location.span.line)
    steps: list[str] = []
    for hop in finding.path.hops[:-1]:
        steps.append(hop.target)
        if hop.edge in _TURNS:
            break
    return (*common, finding.path.reach, finding.path.gates, *steps)


def _rank(finding: Finding) -> tuple[int, str]:
    return SEVERITIES.index(finding.severity), str(finding.subject)


def _folded(group: Sequence[Finding]) -> Finding:
    """The worst of a group, which tells of the others; the cut is the one that closes most."""
    head, *rest = group
    names = {str(one.subject) for one in rest}.union(*(one.alike for one in group))
    lines = {(one.location.file, one.location.span): one for one in reversed(rest)}
    lines.pop((head.location.file, head.location.span), None)
    near = sorted(lines.values(), key=lambda one: one.place)[:SHOWN]
    cuts = [finding.cut for finding in group if finding.cut]
    return replace(
        head,
        related=(*head.related, *(one.location.noted(_end(one)) for one in near)),
        cut=max(cuts, key=lambda cut: cut.closes, default=None),
        alike=tuple(sorted(names)),
    )


def _end(finding: Finding) -> str:
    """What stands at the end of a way: the part of the subject after the credential."""
    return finding.subject.id.partition("->")[2]
