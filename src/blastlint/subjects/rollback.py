"""What it takes to undo: compensations, workflows, backups, logs that last, and databases."""

from __future__ import annotations

from functools import partial

from blastlint.analyses import undoing, workflows
from blastlint.analyses.clocks import audit_clock
from blastlint.analyses.tiers import TIERS
from blastlint.expression import BOOL, DURATION, STRING, NotStated, enum_of, record_of
from blastlint.inventory.record import at, id_of
from blastlint.providers import kind_for_system
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.analyses.entitlements import Compensation
    from blastlint.inventory.models import AuditLog, System, Tool, Workflow
    from blastlint.reach import CredentialPath
    from blastlint.source import Location
    from blastlint.subjects.facts import Facts

# --- undoing one call ---------------------------------------------------------------------------


def lacks(facts: Facts) -> dict[str, tuple[str, bool]]:
    """Return what each tool needs and is not granted, and whether that is certain."""
    found: dict[str, tuple[str, bool]] = {}
    for lack in facts.graph.under_grants():
        kind, _, name = lack.holder.partition(" ")
        certain = lack.certainty != "needs-fact"
        if kind == "tool" and (name not in found or (certain and not found[name][1])):
            found[name] = (f"{', '.join(lack.actions)} on {lack.resource}", certain)
    return found


def _undo(facts: Facts, tool: Tool) -> object:
    found = undoing.undoing(facts.inventory, tool, facts.once(lacks))
    return None if found is None else View(facts, found)


def _executable(_: Facts, found: Compensation) -> object:
    return or_missing(found.executable, found.missing)


# --- undoing several calls ----------------------------------------------------------------------


def _of_order(end: str) -> Callable[[Facts, Workflow], View | None]:
    """Return the function that names one of two steps that stand in the wrong order."""

    def work_out(facts: Facts, workflow: Workflow) -> View | None:
        found = workflows.misordered(facts.inventory, workflow)
        return View(facts, facts.inventory.tools[getattr(found, end)]) if found else None

    return work_out


def _understated(facts: Facts, workflow: Workflow) -> object:
    found = workflows.understated(facts.inventory, workflow)
    return NotStated(found.missing) if found.missing else found.why


# --- what is kept -------------------------------------------------------------------------------


def _needed(facts: Facts, log: AuditLog) -> object:
    """Return how long the records of a log may be needed, as far as the rows say."""
    clocks = (audit_clock(facts.inventory, tool) for tool in facts.recorded_in(id_of(log)))
    return max((clock.needs for clock in clocks if clock and clock.needs), default=None)


def _way_back(facts: Facts, log: AuditLog) -> object:
    """Return the longest time for which a call that a log records can be undone."""
    ways = (tool.reversibility for tool in facts.recorded_in(id_of(log)))
    return max((way.window for way in ways if way and way.window), default=None)


def _changed(facts: Facts) -> frozenset[str]:
    """Return the systems that some agent can change, declared or not."""
    return frozenset(path.system for path in facts.paths() if path.writes)


# --- databases ----------------------------------------------------------------------------------

_SHAPES = frozenset({"DROP", "TRUNCATE", "ALTER", "ALTER SYSTEM", "*"})
"""Actions that end or reshape a whole object; a star is all of them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that a credential in an agent's hands opens."""

    credential: str
    system: System
    paths: tuple[CredentialPath, ...]
    """Where it opens an action on whole objects; none: nowhere."""
    agents: tuple[str, ...]


def _databases(facts: Facts) -> Iterator[Subject]:
    found: dict[tuple[str, str], list[CredentialPath]] = {}
    for path in facts.paths():
        system = facts.inventory.systems.get(path.system)
        if system is not None and _is_database(facts, system):
            found.setdefault((path.credential, path.system), []).append(path)
    for (credential, name), paths in found.items():
        hard = tuple(sorted((p for p in paths if _on_whole(facts, p)), key=_surest))
        agents = tuple(sorted({agent for path in hard or paths for agent in path.agents}))
        opened = Opened(credential, facts.inventory.systems[name], hard, agents)
        yield Subject(
            SubjectId("opened_database", f"{credential}->{name}"),
            opened,
            partial(_place, facts, opened),
            agents,
            certain=not hard or hard[0].certainty != "needs-fact",
            walk=partial(getattr, hard[0], "witness") if hard else None,
        )


def _surest(path: CredentialPath) -> tuple[bool, str]:
    return path.certainty == "needs-fact", path.id


def _place(facts: Facts, opened: Opened) -> Location:
    hops = opened.paths[0].witness.hops if opened.paths else ()
    places = [hop.location for hop in hops if hop.location]
    return places[-1] if places else at(facts.inventory.credentials[opened.credential], key=True)


def _is_database(_: Facts, system: System) -> bool:
    return system.kind == "database" or kind_for_system(system.kind or "") == "postgres"


def _on_whole(facts: Facts, path: CredentialPath) -> list[str]:
    """Return the actions of a path that reach every row: DELETE, unless a condition picks rows.

    What a tool of a single record deletes is picked by the tool, as long as it takes no statement.
    """
    found = [action for action in path.actions if action.upper() in _SHAPES]
    deletes = [action for action in path.actions if action.upper() == "DELETE"]
    if path.certainty == "conditional" or _by_record(facts, path):
        return found
    return found + deletes


def _by_record(facts: Facts, path: CredentialPath) -> bool:
    credential = facts.inventory.credentials[path.credential]
    on = [t for t in facts.tools_with(credential) if t.system == path.system]
    scopes = {t.scope for t in on if t.effect == "destroy"}
    return (
        path.declared and scopes == {"single_record"} and not any(t.open_ended == "sql" for t in on)
    )


def _credential(facts: Facts, opened: Opened) -> View:
    return View(facts, facts.inventory.credentials[opened.credential])


def _hard_actions(facts: Facts, opened: Opened) -> list[str]:
    return sorted({action for path in opened.paths for action in _on_whole(facts, path)})


RECORDS = {
    "Tool": {"undo": Answer(record_of("Undoing"), _undo)},
    "Undoing": {
        "by": Answer(STRING, lambda _, found: found.by),
        "executable": Answer(BOOL, _executable),
        "why": Answer(STRING, lambda _, found: found.why),
    },
    "Workflow": {
        "final": Answer(record_of("Tool"), _of_order("final")),
        "late": Answer(record_of("Tool"), _of_order("late")),
        "understated": Answer(STRING, _understated),
    },
    "System": {
        "tier": Answer(
            enum_of(*TIERS), lambda facts, system: facts.worst_tier(facts.tools_on(system))
        ),
        "changed": Answer(BOOL, lambda facts, system: id_of(system) in facts.once(_changed)),
        "database": Answer(BOOL, _is_database),
    },
    "AuditLog": {
        "needed": Answer(DURATION, _needed),
        "way_back": Answer(DURATION, _way_back),
    },
    "Opened": {
        "credential": Answer(record_of("Credential"), _credential),
        "system": Answer(record_of("System"), lambda facts, one: View(facts, one.system)),
        "agents": Answer(NAMES, lambda _, one: list(one.agents)),
        "actions": Answer(NAMES, _hard_actions),
        "resources": Answer(NAMES, lambda _, one: sorted({p.resource for p in one.paths})),
    },
}
"""Records of the condition language for what it takes to undo."""

KINDS = (
    Kind(
        "opened_database",
        "Opened",
        _databases,
        "every credential with every database it opens",
    ),
)
