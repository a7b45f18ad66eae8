"""Who can put a change of their own on a branch, and whether a second person looks at it.

Merging needs `contents: write`; approving, `pull_requests: write`. Whoever approves may not be the
author, but may be the one who pushed last, unless that is asked for. So a grant of `merge` says by
`second_person` whether another person has to agree to the last push.
"""

from __future__ import annotations

from blastlint.providers.github.catalogue import CONTENTS
from blastlint.providers.github.gates import branches, gates, missing
from blastlint.providers.github.rulesets import ADMIN
from blastlint.providers.grants import Grant, Unresolved
from blastlint.values import dataclass, field, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from blastlint.providers.github.codeowners import CodeOwners
    from blastlint.providers.github.documents import Sorted
    from blastlint.providers.github.nodes import Problems
    from blastlint.providers.github.repository import Repository
    from blastlint.providers.github.rulesets import Bypass, Gate
    from blastlint.providers.grants import EdgeCertainty
    from blastlint.source import Location

ACTIONS = "github-actions"
"""Slug of the App whose token a job has."""
ACTIONS_ID = "15368"
"""Its number."""
_ROLES = {"2": "maintain", "4": "write", ADMIN: "admin"}
"""Repository roles that may push, by the number that rulesets give them."""
_SURE = frozenset({"role/admin", "role/maintain", "role/write", "org-admins", "deploy-keys"})
"""Of those who bypass, the ones that can push for certain."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with `contents: write`."""

    principal: str
    app: str
    """Slug of its App."""
    id: str
    """Number of its App; empty if it is not known."""
    approves: bool | None
    """Whether it can approve what others opened; None if that is not known."""
    rules: bool
    """Whether it can change the rules (`administration: write`)."""
    push: Grant
    """The grant of `contents: write`."""


@dataclass(slots=True)
class Verdict:
    """What stands between an actor and a branch."""

    second_person: bool = False
    refused: bool = False
    conditions: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    """Facts that decide, unless a second person is asked for anyway."""
    location: Location | None = None
    """The line that decides."""


@dataclass(slots=True)
class Branch:
    """One branch, and everything that is known to stand before it."""

    name: str
    repository: str
    gates: list[Gate]
    missing: list[str]
    owners: CodeOwners | None


def branches_of(
    found: Sorted, here: Repository, owners: CodeOwners | None, problems: Problems
) -> list[Branch]:
    """Return the branches of which the evidence tells something, the default one first."""
    return [
        Branch(
            name, here.name, gates(found, here, name, problems), missing(found, here, name), owners
        )
        for name in branches(found, here, problems)
    ]


def merges(branch: Branch, actor: Actor) -> Iterator[Grant]:
    """Yield what an actor can merge; nothing if it may not push to the branch at all."""
    verdict = verdict_of(branch, actor)
    if not verdict.refused or actor.rules:
        yield merge_of(branch, actor, verdict)
        yield from _unowned(branch, actor, verdict)


def _unowned(branch: Branch, actor: Actor, verdict: Verdict) -> Iterator[Grant]:
    """Yield what it merges alone because CODEOWNERS takes the files away from their owners."""
    if not (verdict.second_person and branch.owners and branch.owners.exempt):
        return
    rest = [replace(gate, owners=False) for gate in branch.gates]
    without = verdict_of(replace(branch, gates=rest), actor)
    if without.second_person or without.refused:
        return
    for line in branch.owners.exempt:
        path = f"{CONTENTS}{line.pattern.lstrip('/')}"
        grant = merge_of(branch, actor, without)
        note = "nobody owns these files"
        yield replace(grant, resource=path, location=line.location.noted(note))


def verdict_of(branch: Branch, actor: Actor) -> Verdict:
    """Return what stands between an actor and a branch."""
    verdict = Verdict()
    for gate in branch.gates:
        passes = _bypassed(gate, actor)
        if passes:
            verdict.location = passes.location.noted(f"{actor.principal} bypasses {gate.title}")
        elif gate.needs or gate.bypass is None:
            _doubt(verdict, branch, gate, actor)
        else:
            _ask(verdict, branch, gate, actor)
    if not verdict.second_person:
        verdict.needs += branch.missing
    return verdict


def _bypassed(gate: Gate, actor: Actor) -> Bypass | None:
    """Return by which line an actor need not heed a gate; a lock holds for everybody."""
    known = {actor.app, actor.id} - {""}
    fits = (b for b in gate.bypass or () if b.kind == "Integration" and b.id in known)
    return None if gate.locked else next(fits, None)


def _doubt(verdict: Verdict, branch: Branch, gate: Gate, actor: Actor) -> None:
    """Add what a gate asks that may not be about this branch or this actor."""
    alone = Verdict()
    _ask(alone, branch, replace(gate, needs="", bypass=()), actor)
    asks = alone.second_person or alone.refused or alone.conditions or alone.needs
    if asks:
        verdict.needs.append(gate.needs or f"who may bypass {gate.title}")


def _ask(verdict: Verdict, branch: Branch, gate: Gate, actor: Actor) -> None:
    if gate.locked or (gate.closed and actor.app not in gate.allowed):
        verdict.refused = True
        verdict.location = gate.location
    if gate.reviews:
        _review(verdict, gate, actor)
    if gate.owners and not verdict.second_person:
        _owners(verdict, branch, gate)
    verdict.conditions += gate.others


def _review(verdict: Verdict, gate: Gate, actor: Actor) -> None:
    """Add what the reviews that a gate asks for come to: a second person, or something less."""
    verdict.location = gate.location
    needed = f"{gate.reviews} other {'person approves' if gate.reviews == 1 else 'people approve'}"
    if gate.last_push:
        verdict.second_person = True
        verdict.conditions.append(f"{needed}, one of them the last push")
    elif gate.reviews == 1 and actor.approves:
        verdict.conditions.append("somebody else opened the pull request: it can approve itself")
    elif not gate.dismisses:
        verdict.conditions.append(f"{needed}, and it pushes once more: approvals stay")
    elif gate.reviews == 1 and actor.approves is None:
        verdict.needs.append("whether workflows may approve pull requests")
    else:
        verdict.second_person = True
        verdict.conditions.append(f"{needed}; a push takes approvals away")


def _owners(verdict: Verdict, branch: Branch, gate: Gate) -> None:
    """Add what the approval of code owners comes to."""
    verdict.location = verdict.location or gate.location
    if branch.owners is None:
        verdict.needs.append("the file CODEOWNERS")
        return
    rest = branch.owners.rest
    if rest is None:
        verdict.conditions.append("it changes only files that no code owner is named for")
        return
    who = " or ".join(rest.owners)
    if not branch.owners.checked:
        verdict.needs.append(f"whether GitHub knows the code owners {who} (/codeowners/errors)")
        verdict.conditions.append(f"a code owner approves: {who}")
    elif gate.last_push or gate.dismisses:
        verdict.second_person = True
        verdict.conditions.append(f"a code owner approves: {who}")
    else:
        verdict.conditions.append(f"a code owner approves ({who}), and it pushes once more")


def merge_of(branch: Branch, actor: Actor, verdict: Verdict) -> Grant:
    """Return the grant of merging, as far as what stands before the branch lets it."""
    conditions, needs = list(verdict.conditions), list(verdict.needs)
    second = verdict.second_person
    if actor.rules and (second or verdict.refused):
        conditions, needs, second = ["it changes the rules first: administration: write"], [], False
    elif second:
        needs = []
    return _with(branch, actor.push, conditions, needs, verdict.location, second=second)


def _with(
    branch: Branch,
    push: Grant,
    conditions: Sequence[str],
    needs: Sequence[str],
    place: Location | None,
    *,
    second: bool,
) -> Grant:
    """Return the grant of merging, as sure as the grant of pushing and what stands before it."""
    missing_facts = "; ".join(dict.fromkeys(one for one in (push.needs, *needs) if one))
    condition = "; ".join(dict.fromkeys(one for one in (push.condition, *conditions) if one))
    certainty: EdgeCertainty = "conditional" if condition else "proven"
    return replace(
        push,
        scope=branch.repository,
        action="merge",
        effect="mutate",
        names=(branch.name,),
        location=place or push.location,
        condition=condition,
        certainty="needs-fact" if missing_facts else certainty,
        needs=missing_facts,
        inherent=True,
        second_person=second,
    )


# --- those who bypass ---------------------------------------------------------------------------


def bypassing(branch: Branch, here: Repository, system: str) -> Iterator[Grant]:
    """Yield that whoever bypasses every gate that asks for reviews merges alone.

    Apps are left out: theirs is known from their installations.
    """
    asking = [gate for gate in branch.gates if gate.reviews or gate.owners]
    if not asking or any(gate.locked or gate.bypass is None or gate.needs for gate in asking):
        return
    everywhere = set.intersection(*({_who(b) for b in gate.bypass or ()} for gate in asking))
    for one in asking[0].bypass or ():
        holder = _who(one)
        if one.kind == "Integration" or holder not in everywhere:
            continue
        fact = "" if holder in _SURE else f"whether {holder} can push to {here.title}"
        needs = "; ".join(each for each in (fact, *branch.missing) if each)
        yield Grant(
            holder=holder,
            system=system,
            scope=here.name,
            resource="contents",
            action="merge",
            effect="mutate",
            location=one.location.noted(f"bypasses {asking[0].title}"),
            names=(branch.name,),
            certainty="needs-fact" if needs else "proven",
            needs=needs,
        )


def _who(bypass: Bypass) -> str:
    if bypass.kind == "RepositoryRole":
        return f"role/{_ROLES.get(bypass.id, bypass.id)}"
    known = {"OrganizationAdmin": "org-admins", "DeployKey": "deploy-keys"}
    kinds = {"Integration": "app", "EnterpriseOwner": "enterprise-owner", "EnterpriseTeam": "team"}
    kind = kinds.get(bypass.kind, bypass.kind.lower())
    return known.get(bypass.kind) or f"{kind}/{bypass.id}"


def strangers(branches: Iterable[Branch], actors: Sequence[Actor]) -> Iterator[Unresolved]:
    """Yield the Apps that may bypass a gate, and that no other evidence names."""
    known = {ACTIONS, ACTIONS_ID, *(one.app for one in actors), *(one.id for one in actors)}
    holders = tuple(sorted({one.principal for one in actors if not one.id}))
    seen = set()
    for gate in (gate for branch in branches for gate in branch.gates):
        for one in gate.bypass or ():
            if one.kind == "Integration" and one.id not in known and one.location not in seen:
                seen.add(one.location)
                what = f"the App {one.id} bypasses {gate.title}, and no installation here is its"
                yield Unresolved(what, one.location, holders)
