"""What an agent can do, and could not do like that before."""

from __future__ import annotations

from blastlint.finding import names_of
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Literal

    from blastlint.finding import InventoryReport, ReachRow, Waiver
    from blastlint.reach import BlastPath
    from blastlint.source import Location

    Kind = Literal[
        "system", "resource", "effect", "action",
        "declaration", "gate", "latency", "certainty", "path",
    ]  # fmt: skip
    Key = tuple[str, str, str, str, str]
    """Agent, system, scope, resource and action."""
    Rows = Mapping[Key, ReachRow]

UNDECLARED = "undeclared-blast-path"
"""The rule whose findings are about reach that nobody declared."""
CERTAINTIES = ("proven", "conditional", "needs-fact")
"""Weakest hold for us first: what is proven needs nothing else to happen."""
FEW = 3
"""So many changes with one cause stand for themselves; more are told by one of them."""
_HEAD = frozenset({"delegates", "binds", "uses", "ambient", "acts-as"})
"""Steps from an agent to a credential and its principal."""
_TURNS = frozenset({"becomes", "derives", "member"})


@dataclass(frozen=True, slots=True)
class Change:
    """What one or several agents can do on one resource, and could not do like that before."""

    inventory: str
    """Its name."""
    kind: Kind
    """What is new about it: the `system`, the `resource`, the `effect` or the `action`; or, of what
    was within reach before, that its `declaration` is gone, that a human `gate` is gone, that it is
    no longer latent (`latency`), that it is surer (`certainty`), or that a further `path` leads
    there."""
    agents: tuple[str, ...]
    """Sorted."""
    system: str
    scope: str
    resource: str
    actions: tuple[str, ...]
    """Sorted."""
    effects: tuple[str, ...]
    """Classes of change that are new on this resource, sorted."""
    declared: bool
    """Whether the inventory says so; of what narrowed: whether it said so."""
    was: str
    """How it was before, in a few words; empty for what was not there."""
    path: BlastPath
    """The weakest way there; of what narrowed: the way that there was."""
    location: Location | None = None
    """The line that makes the change, as far as one does."""
    waiver: Waiver | None = None
    """Who accepts that nobody declared it."""
    more: tuple[str, ...] = ()
    """Further resources for which it speaks, as `SYSTEM/RESOURCE`, sorted."""

    @property
    def ids(self) -> frozenset[str]:
        """What findings call the path: `CREDENTIAL->SYSTEM/RESOURCE@SCOPE`, by each credential."""
        scope = f"@{self.scope}" if self.scope not in {"", "*"} else ""
        return frozenset(
            f"{hop.target.partition(' ')[2]}->{self.system}/{self.resource}{scope}"
            for hop in self.path.hops
            if hop.edge in {"uses", "ambient"}
        )

    @property
    def accepted(self) -> bool:
        """Whether somebody stands for it: by declaring it, or by a waiver."""
        return self.declared or self.waiver is not None


@dataclass(frozen=True, slots=True)
class _Step:
    """One action that is wider than before."""

    kind: Kind
    was: str
    key: Key
    row: ReachRow
    effects: tuple[str, ...]
    """Classes of change that are new with it; none, if it has only those that were there."""


def rows_of(inventory: InventoryReport) -> Rows:
    """Return what the agents of an inventory reach, action by action."""
    return {
        (agent.id, row.system, row.scope, row.resource, action): row
        for agent in inventory.agents
        for row in agent.reach
        for action in row.actions
    }


def widened(old: InventoryReport, new: InventoryReport) -> Iterator[Change]:
    """Yield what is wider in one report than in another, with the waivers that accept it."""
    yield from _folded(_with_waivers(_changes(old, new), _accepted(new)))


def _with_waivers(changes: Iterable[Change], waivers: Mapping[str, Waiver]) -> Iterator[Change]:
    """Yield the changes, each with its own waiver: one path is accepted, not what is folded."""
    for change in changes:
        waiver = None if change.declared else _waiver(change, waivers)
        yield replace(change, waiver=waiver) if waiver else change


def narrowed(old: InventoryReport, new: InventoryReport) -> Iterator[Change]:
    """What narrowed is what would have widened the other way round."""
    return _folded(_changes(new, old))


def _changes(old: InventoryReport, new: InventoryReport) -> Iterator[Change]:
    before, after = rows_of(old), rows_of(new)
    systems = {key[:2] for key in before}
    effects: dict[tuple[str, ...], set[str]] = {}
    for key, row in before.items():
        effects.setdefault(key[:4], set()).update(row.effects)
    further = {key[:4] for key in after.keys() - before.keys()}
    steps: list[_Step] = []
    for key, row in after.items():
        was = before.get(key)
        if was is None:
            steps.append(_newly(key, row, systems, effects))
            continue
        graver = set() if key[:4] in further else set(row.effects) - effects[key[:4]]
        if graver:
            steps.append(_Step("effect", "", key, row, tuple(sorted(graver))))
        steps += (_Step(kind, said, key, row, ()) for kind, said in _looser(was, row))
    yield from _told(new.name, steps)


def _newly(
    key: Key,
    row: ReachRow,
    systems: Collection[tuple[str, ...]],
    effects: Mapping[tuple[str, ...], set[str]],
) -> _Step:
    """Return what is new about an action that was out of reach."""
    kind: Kind = "resource" if key[:2] in systems else "system"
    if key[:4] not in effects:
        return _Step(kind, "", key, row, row.effects)
    further = tuple(sorted(set(row.effects) - effects[key[:4]]))
    return _Step("effect" if further else "action", "", key, row, further)


def _looser(was: ReachRow, row: ReachRow) -> Iterator[tuple[Kind, str]]:
    """Yield the gravest way in which something that was within reach is nearer now, if any."""
    if was.declared and not row.declared:
        yield "declaration", "declared"
    elif set(was.path.gates) - set(row.path.gates):
        yield "gate", f"past the human gate {', '.join(was.path.gates)}"
    elif was.reach == "latent" and row.reach == "direct":
        yield "latency", "latent"
    elif CERTAINTIES.index(row.certainty) < CERTAINTIES.index(was.certainty):
        yield "certainty", was.certainty
    elif further := sorted(set(row.through) - set(was.through)):
        yield "path", f"through {', '.join(was.through)}, not {', '.join(further)}"


def _told(inventory: str, steps: Iterable[_Step]) -> Iterator[Change]:
    """Yield the steps as changes: actions on one resource joined, agents that do alike too."""
    groups: dict[tuple[object, ...], list[_Step]] = {}
    for step in steps:
        place = step.key[1:4]
        groups.setdefault(
            (step.kind, step.was, place, step.row.declared, _tail(step.row.path)), []
        ).append(step)
    for group in groups.values():
        first = group[0]
        yield Change(
            inventory=inventory,
            kind=first.kind,
            agents=tuple(sorted({step.key[0] for step in group})),
            system=first.row.system,
            scope=first.row.scope,
            resource=first.row.resource,
            actions=tuple(sorted({step.key[4] for step in group})),
            effects=tuple(sorted({effect for step in group for effect in step.effects})),
            declared=first.row.declared,
            was=first.was,
            path=first.row.path,
        )


def _tail(path: BlastPath) -> tuple[str, ...]:
    """The steps of a path after the credential that it starts with; the last is told by place."""
    return tuple(hop.why for hop in path.hops[:-1] if hop.edge not in _HEAD)


def _folded(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes; many that come of one turn into another principal are told by one."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        turn: list[str] = []
        for hop in change.path.hops:
            turn.append(hop.target)
            if hop.edge in _TURNS:
                break
        else:
            turn = [hop.target for hop in change.path.hops[:-1]]
        accepted = change.waiver.id if change.waiver else ""
        same = (change.kind, change.agents, change.declared, accepted, *turn)
        groups.setdefault(same, []).append(change)
    for group in groups.values():
        if len(group) <= FEW:
            yield from group
        else:
            head, *rest = sorted(group, key=_rank)
            yield replace(head, more=tuple(sorted(f"{c.system}/{c.resource}" for c in rest)))


_KINDS: tuple[Kind, ...] = (
    "system", "effect", "resource", "action",
    "declaration", "gate", "latency", "certainty", "path",
)  # fmt: skip
"""Gravest first."""
_EFFECTS = ("grant", "execute", "spend", "destroy", "mutate", "notify", "append", "read")
"""Gravest first."""


def _rank(change: Change) -> tuple[object, ...]:
    worst = min(map(_grave, change.effects), default=len(_EFFECTS))
    place = (change.inventory, change.system, change.scope, change.resource, change.actions)
    return (change.accepted, _KINDS.index(change.kind), worst, *place, change.agents)


def _grave(effect: str) -> int:
    """Return the place of a class of change among all; what nobody has classified comes first."""
    return _EFFECTS.index(effect) if effect in _EFFECTS else -1


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes sorted: what nobody stands for first, then the gravest."""
    return tuple(sorted(changes, key=_rank))


def _accepted(inventory: InventoryReport) -> Mapping[str, Waiver]:
    """Return the waivers of undeclared paths, by the name of the path without its qualities."""
    return {
        path_name(name): finding.waiver
        for finding in inventory.findings
        if finding.rule == UNDECLARED and finding.waiver is not None
        for name in names_of(finding)
    }


def path_name(name: str) -> str:
    """Return `CREDENTIAL->SYSTEM/RESOURCE@SCOPE` of a path's subject, `path:` left out."""
    return name.partition(":")[2].partition(" as ")[0].partition(" (")[0]


def _waiver(change: Change, waivers: Mapping[str, Waiver]) -> Waiver | None:
    """Return who accepts an undeclared change: a waiver of the path that its credential opens."""
    return next((waivers[name] for name in sorted(change.ids) if name in waivers), None)
