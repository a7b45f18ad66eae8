"""What is looked up again and again, found once for an inventory: by credential, by system."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from blastlint.reach import CredentialPath
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


def agents_into(facts: Facts) -> Mapping[str, set[str]]:
    """Return the agents that reach anything of a system, by system."""
    found: dict[str, set[str]] = {}
    for path in facts.paths():
        found.setdefault(path.system, set()).update(path.agents)
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
