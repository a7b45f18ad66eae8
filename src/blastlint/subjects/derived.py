"""Facts that blastlint works out, under the names by which a condition asks for them."""

from __future__ import annotations

from blastlint.analyses.clocks import undo_clock
from blastlint.analyses.containment import containment
from blastlint.analyses.escalation import agents_of
from blastlint.analyses.gates import gate_worth
from blastlint.analyses.keys import HARMLESS
from blastlint.analyses.tiers import TIERS, rule_of_two
from blastlint.expression import (
    BOOL,
    DOUBLE,
    DURATION,
    STRING,
    NotStated,
    enum_of,
    format_value,
    list_of,
    record_of,
)
from blastlint.inventory.record import id_of, state
from blastlint.subjects.answer import NAMES, Answer, View, or_missing, views
from blastlint.subjects.facts import is_live, is_on, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from blastlint.inventory.models import (
        Agent,
        AuditLog,
        Calendar,
        Capability,
        Credential,
        Deployment,
        System,
        Tool,
    )
    from blastlint.subjects.facts import Facts
    from blastlint.subjects.subject import Kind


TIER = enum_of(*TIERS)


def _effect_known(tool: Tool) -> object:
    """Return whether the tool writes, or that its effect is not stated."""
    if tool.effect is None:
        return False if state(tool, "effect") == "null" else NotStated(((tool, "effect"),))
    return tool.effect != "read"


# --- tools --------------------------------------------------------------------------------------


def _of_retry(name: str) -> Callable[[Facts, Tool], object]:
    """Return the function that reads one fact of a tool's retries."""

    def work_out(facts: Facts, tool: Tool) -> object:
        found = facts.retry(tool)
        value = getattr(found, name)
        if isinstance(value, tuple):
            return list(value) if value or found.attempts is not None else NotStated(found.missing)
        return or_missing(value, found.missing)

    return work_out


def _mint_level(facts: Facts, tool: Tool) -> object:
    found = facts.retry(tool)
    return found.mint_level if found.effects is not None else NotStated(found.missing)


def _profile(facts: Facts, tool: Tool) -> object:
    if tool.retry is None:
        return None if state(tool, "retry") == "null" else NotStated(((tool, "retry"),))
    return View(facts, facts.inventory.retry_profiles[tool.retry])


def _undeclared_layers(facts: Facts, tool: Tool) -> object:
    """Return the layers nobody declared; without a profile that is not stated."""
    found = facts.retry(tool)
    if tool.retry is None and state(tool, "retry") != "null":
        return NotStated(found.missing)
    return list(found.undeclared_layers)


def _protected(facts: Facts, tool: Tool) -> object:
    found = facts.retry(tool)
    if found.protection is None:
        return NotStated(found.missing)
    return found.protection in HARMLESS or found.protection == "key"


def _gate(facts: Facts, tool: Tool) -> object:
    found = gate_worth(facts.inventory, tool)
    return or_missing(found.worth, found.missing)


def _residue(facts: Facts, tool: Tool) -> str:
    """Return what passes ungated before an agent is stopped: `813 x 50 USD = 40,650 USD`."""
    each = gate_worth(facts.inventory, tool).ungated_max or tool.max_amount
    found = [containment(facts.inventory, a, tool) for a in agents_of(facts.inventory, tool)]
    worst = max(found, key=lambda one: one.money or 0, default=None)
    if each is None or worst is None or not worst.money or worst.ungated is None:
        return ""
    sums = (format_value(each.value), format_value(worst.money))
    calls = format_value(worst.ungated)
    return f"{calls} x {sums[0]} {each.currency} = {sums[1]} {worst.currency}"


def _response(facts: Facts, tool: Tool) -> object:
    clock = undo_clock(facts.inventory, tool)
    return None if clock is None else or_missing(clock.needs, clock.missing)


TOOL = {
    "write": Answer(BOOL, lambda _, tool: _effect_known(tool)),
    "live": Answer(BOOL, lambda facts, tool: facts.live(facts.agents_of(tool))),
    "binds_every_agent": Answer(BOOL, lambda _, tool: "*" in (tool.agents or ())),
    "tier": Answer(TIER, lambda facts, tool: facts.tier(tool)),
    "retry": Answer(record_of("Retries"), View),
    "protected": Answer(BOOL, _protected),
    "gate": Answer(enum_of("full", "partial", "none"), _gate),
    "residue": Answer(STRING, _residue),
    "response": Answer(DURATION, _response),
    "hint_contradictions": Answer(NAMES, lambda facts, tool: list(facts.hints(tool).stated)),
    "hint_doubts": Answer(NAMES, lambda facts, tool: list(facts.hints(tool).by_default)),
}
RETRIES = {
    "profile": Answer(record_of("RetryProfile"), _profile),
    "attempts": Answer(DOUBLE, _of_retry("attempts")),
    "effects": Answer(DOUBLE, _of_retry("effects")),
    "repeatable": Answer(BOOL, _of_retry("repeatable")),
    "protection": Answer(enum_of("none", "natural", "conditional", "key"), _of_retry("protection")),
    "last_start": Answer(DURATION, _of_retry("last_start")),
    "inside_last_start": Answer(DURATION, _of_retry("inside_last_start")),
    "worst_duration": Answer(DURATION, _of_retry("worst_duration")),
    "amplification": Answer(STRING, _of_retry("amplification")),
    "mint_level": Answer(STRING, _mint_level),
    "repeating_layers": Answer(NAMES, _of_retry("repeating_layers")),
    "reminting_layers": Answer(NAMES, _of_retry("reminting_layers")),
    "unbounded_layers": Answer(NAMES, _of_retry("unbounded_layers")),
    "undeclared_layers": Answer(NAMES, _undeclared_layers),
}

# --- agents -------------------------------------------------------------------------------------


def _ungated_changes(facts: Facts, agent: Agent) -> object:
    """Return the write tools that a person does not approve call by call."""
    found = rule_of_two(facts.inventory, agent, facts.tools_of(agent))
    names = (*found.ungated, *found.partly_gated)
    if not names and found.acts is None:
        return NotStated(found.missing)
    return views(facts, (facts.inventory.tools[name] for name in sorted(names)))


AGENT = {
    "live": Answer(BOOL, lambda _, agent: is_live(agent)),
    "writes": Answer(
        BOOL, lambda facts, agent: any(writes(t) and is_on(t) for t in facts.tools_of(agent))
    ),
    "tools": Answer(
        list_of(record_of("Tool")), lambda facts, agent: views(facts, facts.tools_of(agent))
    ),
    "tier": Answer(TIER, lambda facts, agent: facts.agent_tier(agent)),
    "ungated_changes": Answer(list_of(record_of("Tool")), _ungated_changes),
    "prose_tools": Answer(
        list_of(record_of("Tool")),
        lambda facts, agent: views(
            facts, (t for t in facts.tools_of(agent) if t.errors == "prose")
        ),
    ),
}

# --- everything else ----------------------------------------------------------------------------


def _written(facts: Facts, system: System) -> bool:
    return any(writes(tool) for tool in facts.tools_on(system))


def _binds_writes(facts: Facts, calendar: Calendar) -> bool:
    """Return whether an agent can write to a system that keeps the calendar."""
    name, systems = id_of(calendar), facts.inventory.systems.values()
    return any(name in (s.calendars or ()) and _written(facts, s) for s in systems)


def _holders(facts: Facts, credential: Credential) -> list[str]:
    """Return whoever holds a credential, or another one of its principal on the same system."""
    named = facts.once(_by_principal).get(credential.principal, ()) if credential.principal else ()
    own = _systems(facts, credential)
    alike = [credential, *(one for one in named if _systems(facts, one) & own)]
    return sorted({who for c in alike for who in (*facts.agents_with(c), *(c.used_by or ()))})


def _by_principal(facts: Facts) -> Mapping[str | None, list[Credential]]:
    """Return the credentials by the principal that they speak for."""
    found: dict[str | None, list[Credential]] = {}
    for credential in facts.inventory.credentials.values():
        found.setdefault(credential.principal, []).append(credential)
    return found


def _systems(facts: Facts, credential: Credential) -> set[str]:
    """Return the systems that a credential is for: one name in two clusters is two accounts."""
    granted = {grant.system for grant in credential.grants or ()}
    return granted | {tool.system for tool in facts.tools_with(credential) if tool.system}


def _opens_writes(facts: Facts, credential: Credential) -> bool:
    grants = facts.graph.grants_of(id_of(credential))
    return any(grant.effect != "read" for grant in grants)


def _relied_on(facts: Facts, capability: Capability) -> bool:
    named = any(t.capability == id_of(capability) for t in facts.tools())
    return named or bool(capability.relied_on_for)


def _lag(facts: Facts, deployment: Deployment) -> object:
    if deployment.released_at is None:
        return NotStated(((deployment, "released_at"),))
    return facts.as_of - deployment.released_at


def _live_log(facts: Facts, log: AuditLog) -> bool:
    return facts.live({a for t in facts.recorded_in(id_of(log)) for a in facts.agents_of(t)})


SYSTEM = {
    "agents": Answer(
        list_of(record_of("Agent")),
        lambda facts, system: views(
            facts, (facts.inventory.agents[name] for name in facts.agents_on(system))
        ),
    ),
    "written": Answer(BOOL, _written),
    "live": Answer(BOOL, lambda facts, system: facts.live(facts.agents_on(system))),
}
CREDENTIAL = {
    "holders": Answer(NAMES, _holders),
    "live": Answer(BOOL, lambda facts, c: facts.live(facts.agents_with(c))),
    "writes": Answer(BOOL, _opens_writes),
    "tier": Answer(TIER, lambda facts, c: facts.worst_tier(facts.tools_with(c))),
}
AUDIT_LOG = {
    "tier": Answer(TIER, lambda facts, log: facts.tier_of("audit_logs", log)),
    "live": Answer(BOOL, _live_log),
}
RECORDS: Mapping[str, Mapping[str, Answer]] = {
    "Tool": TOOL,
    "Retries": RETRIES,
    "Agent": AGENT,
    "System": SYSTEM,
    "Credential": CREDENTIAL,
    "AuditLog": AUDIT_LOG,
    "Calendar": {"binds_writes": Answer(BOOL, _binds_writes)},
    "Team": {"owns": Answer(DOUBLE, lambda facts, team: facts.owned_by(id_of(team)))},
    "Capability": {"relied_on": Answer(BOOL, _relied_on)},
    "Deployment": {"lag": Answer(DURATION, _lag)},
}
"""Record to the facts that are worked out for it."""

KINDS: tuple[Kind, ...] = ()
