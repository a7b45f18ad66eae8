"""Fills the cards of systems, audit logs and credentials."""

from __future__ import annotations

from blastlint.dossier import (
    Access,
    Backup,
    CredentialCard,
    Elsewhere,
    LogCard,
    PassesOn,
    Revocation,
    SystemCard,
)
from blastlint.gathering.common import Looked, access, attested, gaps, seconds, speaker, words
from blastlint.inventory.record import id_of, state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.inventory.models import AuditLog, Credential, Propagation, System
    from blastlint.inventory.models import Backup as WrittenBackup
    from blastlint.inventory.models import Revocation as WrittenRevocation
    from blastlint.subjects import Facts

_SYSTEM = (
    "owner",
    "on_call",
    "environment",
    "audit_log",
    "data",
    "propagates",
    "backup",
    "calendars",
    "failure_domain",
)
_BACKUP = ("method", "principal", "restore_tested_at", "rto")
_LOG = ("location", "readers", "join_keys", "query_template", "attributable", "retention")
_CREDENTIAL = ("principal", "owner", "used_by", "also_reaches", "revocation", "expires")
_REVOCATION = ("by", "method", "measured", "requires")


def _reaching(facts: Facts) -> Mapping[str, set[str]]:
    """Return the agents that reach anything of a system, by system."""
    found: dict[str, set[str]] = {}
    for path in facts.paths():
        found.setdefault(path.system, set()).update(path.agents)
    return found


# --- systems ------------------------------------------------------------------------------------


def system_card(facts: Facts, system: System) -> SystemCard:
    """Return the card of a system."""
    name = id_of(system)
    reached = facts.once(_reaching).get(name, set())
    agents = tuple(sorted(reached.union(facts.agents_on(system))))
    passed_on = system.propagates or ()
    beyond = (
        Looked(edge, ("compensated_by",), f"propagates.{number}.")
        for number, edge in enumerate(passed_on)
    )
    return SystemCard(
        id=name,
        kind=system.kind or "",
        owner=system.owner or "",
        on_call=system.on_call or "",
        environment=system.environment or "",
        data=words(system.data),
        audit_log=system.audit_log or "",
        passes_on=tuple(map(_passes_on, passed_on)),
        backup=_backup(system.backup) if system.backup else None,
        calendars=words(system.calendars),
        failure_domain=system.failure_domain or "",
        agents=agents,
        attested=attested(system),
        gaps=gaps(
            speaker(facts, system, agents, system.owner),
            Looked(system, _SYSTEM),
            *beyond,
            Looked(system.backup, _BACKUP, "backup."),
        ),
    )


def _passes_on(edge: Propagation) -> PassesOn:
    claimed = state(edge, "compensated_by")
    undone = {"value": True, "null": False}.get(claimed)
    return PassesOn(edge.to, edge.via or "", edge.compensated_by or "", undone)


def _backup(backup: WrittenBackup) -> Backup:
    return Backup(
        backup.method or "",
        backup.system or "",
        backup.principal or "",
        backup.restore_tested_at,
        seconds(backup.rto),
    )


# --- audit logs ---------------------------------------------------------------------------------


def log_card(facts: Facts, log: AuditLog) -> LogCard:
    """Return the card of an audit log."""
    name = id_of(log)
    homes = facts.once(_recorded).get(name, ())
    return LogCard(
        id=name,
        location=log.location or "",
        readers=words(log.readers),
        join_keys=words(log.join_keys),
        query_template=log.query_template or "",
        attributable=log.attributable,
        retention_seconds=seconds(log.retention),
        attested=attested(log),
        gaps=gaps(
            speaker(facts, log, facts.concerned("audit_logs", log), *homes), Looked(log, _LOG)
        ),
    )


def _recorded(facts: Facts) -> dict[str, list[str | None]]:
    """Return the owners of the systems that each audit log records."""
    found: dict[str, list[str | None]] = {}
    for system in facts.inventory.systems.values():
        found.setdefault(system.audit_log or "", []).append(system.owner)
    return found


# --- credentials --------------------------------------------------------------------------------


def credential_card(facts: Facts, credential: Credential) -> CredentialCard:
    """Return the card of a credential."""
    name = id_of(credential)
    tools = facts.tools_with(credential)
    source = credential.grants_source
    return CredentialCard(
        id=name,
        kind=credential.kind or "",
        principal=credential.principal or "",
        owner=credential.owner or "",
        environment=credential.environment or "",
        agents=facts.agents_with(credential),
        tools=tuple(sorted(map(id_of, tools))),
        used_by=words(credential.used_by),
        also_reaches=tuple(
            Elsewhere(one.system, words(one.resources), words(one.actions), one.reason or "")
            for one in credential.also_reaches or ()
        ),
        unchecked=tuple(sorted({t.system for t in tools if t.system} - _shown(facts, name))),
        revocation=_revocation(facts, credential.revocation) if credential.revocation else None,
        expires=credential.expires,
        rotated_at=credential.rotated_at,
        grants_kind=(source and source.kind) or "",
        grants_observed_at=source.observed_at if source else None,
        attested=attested(credential),
        gaps=gaps(
            speaker(facts, credential, facts.agents_with(credential), credential.owner),
            Looked(credential, _CREDENTIAL),
            Looked(credential.revocation, _REVOCATION, "revocation."),
        ),
    )


def _shown(facts: Facts, credential: str) -> frozenset[str]:
    return facts.graph.spoken_for(credential)


def _revocation(facts: Facts, way: WrittenRevocation) -> Revocation:
    """Return how a credential is taken away; whoever is named for it is believed."""
    found = access(facts, way)
    if found is None and way.by is not None:
        found = Access("", (way.by,), open=False)
    return Revocation(way.by or "", way.method or "", seconds(way.measured), found)
