"""What must stay out of an agent's reach: the record of its deeds, the backups, its guardrails."""

from __future__ import annotations

from functools import partial

from blastlint.expression import BOOL, STRING, list_of, record_of
from blastlint.inventory.record import at, id_of
from blastlint.reach import Reached
from blastlint.subjects.answer import Answer, View
from blastlint.subjects.indexes import log_writers
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from blastlint.inventory.models import Agent, AuditLog, System
    from blastlint.reach import BlastPath, CredentialPath
    from blastlint.source import Location
    from blastlint.subjects.facts import Facts

NAMES = list_of(STRING)


def _way_of(found: Iterable[Reached | CredentialPath]) -> Callable[[], BlastPath] | None:
    """Return the function that tells the first of some ways, if there is one."""
    for one in found:
        return partial(getattr, one, "path" if isinstance(one, Reached) else "witness")
    return None


@dataclass(frozen=True, slots=True)
class StoredLog:
    """An audit log whose store the inventory names, and who can rewrite it."""

    log: AuditLog
    writers: tuple[str, ...]


def _stored_logs(facts: Facts) -> Iterator[Subject]:
    for name, log in facts.inventory.audit_logs.items():
        if log.store is None:
            continue
        writers = facts.once(log_writers).get(name, {})
        yield Subject(
            SubjectId("stored_audit_log", name),
            StoredLog(log, tuple(writers)),
            partial(at, log, "store"),
            tuple(writers) or facts.concerned("audit_logs", log),
            walk=_way_of(writers.values()),
        )


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A system with a backup, and who can destroy both."""

    system: System
    destroyers: tuple[str, ...]


def _backed_up(facts: Facts) -> Iterator[Subject]:
    for name, system in facts.inventory.systems.items():
        agents = facts.agents_on(system)
        if system.backup is None or not agents:
            continue
        destroyers = facts.destroyers(system)
        yield Subject(
            SubjectId("backed_up_system", name),
            BackedUp(system, tuple(destroyers)),
            partial(at, system, "backup"),
            tuple(destroyers) or agents,
            walk=_way_of(destroyers.values()),
        )


@dataclass(frozen=True, slots=True)
class Guardrail:
    """Resources that hold an agent back, and the agent's surest way to change them."""

    agent: Agent
    system: str
    resources: tuple[str, ...]
    place: Location
    """Where the inventory says that they guard the agent."""
    write: Reached | None

    @property
    def id(self) -> str:
        """Name of the guardrail, the same in every run: `AGENT->SYSTEM/RESOURCE,…`."""
        return f"{id_of(self.agent)}->{self.system}/{','.join(self.resources)}"


def _guardrails(facts: Facts) -> Iterator[Subject]:
    for rail in (*_of_agents(facts), *_of_systems(facts)):
        write = rail.write
        yield Subject(
            SubjectId("guardrail", rail.id),
            rail,
            partial(getattr, rail, "place"),
            (id_of(rail.agent),),
            certain=write is None or write.certainty != "needs-fact",
            walk=_way_of((write,)) if write else None,
        )


def _of_agents(facts: Facts) -> Iterator[Guardrail]:
    """Yield what the agents name themselves under `guards`."""
    for agent in facts.inventory.agents.values():
        for number, guarded in enumerate(agent.guards or ()):
            place = at(agent, "guards", number)
            yield _rail(facts, agent, guarded.system, guarded.resources, place)


def _of_systems(facts: Facts) -> Iterator[Guardrail]:
    """Yield the systems that say under `guards_agents` whom they hold back: all that is in them."""
    for name, system in facts.inventory.systems.items():
        for number, agent in enumerate(system.guards_agents or ()):
            if agent in facts.inventory.agents:
                place = at(system, "guards_agents", number)
                yield _rail(facts, facts.inventory.agents[agent], name, ["*"], place)


def _rail(
    facts: Facts, agent: Agent, system: str, resources: Iterable[str], place: Location
) -> Guardrail:
    write = facts.graph.covers_write(id_of(agent), system, resources)
    return Guardrail(agent, system, tuple(resources), place, write)


RECORDS = {
    "StoredLog": {
        "log": Answer(record_of("AuditLog"), lambda facts, stored: View(facts, stored.log)),
        "writers": Answer(NAMES, lambda _, stored: list(stored.writers)),
    },
    "BackedUp": {
        "system": Answer(record_of("System"), lambda facts, kept: View(facts, kept.system)),
        "destroyers": Answer(NAMES, lambda _, kept: list(kept.destroyers)),
    },
    "Guardrail": {
        "agent": Answer(record_of("Agent"), lambda facts, rail: View(facts, rail.agent)),
        "system": Answer(STRING, lambda _, rail: rail.system),
        "resources": Answer(NAMES, lambda _, rail: list(rail.resources)),
        "writable": Answer(BOOL, lambda _, rail: rail.write is not None),
        "action": Answer(STRING, lambda _, rail: rail.write.action if rail.write else ""),
        "credential": Answer(STRING, lambda _, rail: rail.write.credential if rail.write else ""),
    },
}
"""Records of the condition language for what must stay out of reach."""

KINDS = (
    Kind("stored_audit_log", "StoredLog", _stored_logs, "every audit log that names its store"),
    Kind("backed_up_system", "BackedUp", _backed_up, "every system in use that has a backup"),
    Kind("guardrail", "Guardrail", _guardrails, "everything that holds an agent back"),
)
