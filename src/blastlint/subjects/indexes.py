"""What is looked up again and again, found once for an inventory: by credential, by system."""

from __future__ import annotations

from blastlint.inventory.record import id_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.inventory.models import AuditLog, Credential
    from blastlint.reach import CredentialPath, Reached
    from blastlint.subjects.facts import Facts


def ambient(facts: Facts) -> Mapping[str, list[str]]:
    """Return the agents that have a credential at hand, by credential."""
    found: dict[str, list[str]] = {}
    for name, agent in facts.inventory.agents.items():
        for credential in agent.ambient or ():
            found.setdefault(credential, []).append(name)
    for fallback in facts.inventory.fallbacks.values():
        agents = facts.concerned("fallbacks", fallback) if fallback.credentials else ()
        for credential in fallback.credentials or ():
            found.setdefault(credential, []).extend(agents)
    return found


def undeclared(facts: Facts) -> Mapping[str | None, set[str]]:
    """Return the effects that nobody declared, by credential."""
    found: dict[str | None, set[str]] = {}
    for path in facts.paths():
        if not path.declared:
            found.setdefault(path.credential, set()).update(path.effects)
    return found


def held(facts: Facts) -> Mapping[str, list[Credential]]:
    """Return the credentials that an agent holds, by agent."""
    found: dict[str, list[Credential]] = {}
    for credential in facts.inventory.credentials.values():
        for agent in facts.agents_with(credential):
            found.setdefault(agent, []).append(credential)
    return found


def paths_between(facts: Facts) -> Mapping[tuple[str, str], list[CredentialPath]]:
    """Return the paths by agent and system."""
    found: dict[tuple[str, str], list[CredentialPath]] = {}
    for path in facts.paths():
        for agent in path.agents:
            found.setdefault((agent, path.system), []).append(path)
    return found


def log_writers(facts: Facts) -> Mapping[str, dict[str, Reached]]:
    """Return the agents that can change what an audit log has stored, and how, by log.

    Agent by agent: the graph keeps the ways of one agent at hand, not those of all.
    """
    stored: dict[str, list[AuditLog]] = {}
    for log in facts.inventory.audit_logs.values():
        if log.store is not None:
            stored.setdefault(log.store.system, []).append(log)
    found: dict[str, dict[str, Reached]] = {}
    for agent, system in sorted(facts.once(paths_between)) if stored else ():
        for log in stored.get(system, ()):
            asked = (log.store.resources if log.store else None) or ("*",)
            if reached := facts.graph.covers_write(agent, system, asked):
                found.setdefault(id_of(log), {})[agent] = reached
    return found


def spoiling(facts: Facts) -> Mapping[str, list[CredentialPath]]:
    """Return the paths at whose end something can be lost, by system."""
    found: dict[str, list[CredentialPath]] = {}
    for path in filter(spoils, facts.paths()):
        found.setdefault(path.system, []).append(path)
    return found


def spoils(path: CredentialPath) -> bool:
    """Return whether what lies at the end of a path can be lost: more than read or added to."""
    return not {"read", "append", "notify"}.issuperset(path.effects)
