"""How an agent serves people: its streams, its promises, what takes over, and what is reviewed."""

from __future__ import annotations

from functools import partial

from blastlint.analyses import service_levels, streaming
from blastlint.analyses.cells import unstated
from blastlint.expression import BOOL, DOUBLE, DURATION, INT, STRING, NotStated, record_of
from blastlint.inventory.record import at, id_of
from blastlint.subjects.answer import NAMES, Answer, View, or_missing
from blastlint.subjects.derived import TIER
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from blastlint.inventory.models import Agent, Fallback, Hop, PostmortemTemplate, Streaming
    from blastlint.providers.grants import Grant
    from blastlint.subjects.facts import Facts

# --- streams ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StreamHop:
    """A proxy that the streams of an agent pass; none: nobody says which they pass."""

    agent: Agent
    streaming: Streaming
    hop: Hop | None


def _hops(facts: Facts) -> Iterator[Subject]:
    for name, agent in facts.inventory.agents.items():
        stream = agent.streaming if streaming.streams(agent) else None
        if stream is None:
            continue
        for number, hop in enumerate(stream.hops or ()):
            yield _hop(StreamHop(agent, stream, hop), f"{name}/{hop.name}", "hops", number)
        if unstated(stream, "hops"):
            yield _hop(StreamHop(agent, stream, None), name)


def _hop(found: StreamHop, name: str, *place: str | int) -> Subject:
    return Subject(
        SubjectId("stream_hop", name),
        found,
        partial(at, found.streaming, *place),
        (id_of(found.agent),),
    )


def _hop_cells(facts: Facts, found: StreamHop) -> object:
    if found.hop is None:
        return NotStated(((found.streaming, "hops"),))
    return View(facts, found.hop)


def _silence(stream: Streaming) -> object:
    return or_missing(streaming.silence(stream), unstated(stream, "longest_gap"))


def _load(name: str) -> Callable[[Facts, Agent], object]:
    """Return the function that reads one number of an agent's load; null where it streams none."""

    def work_out(_: Facts, agent: Agent) -> object:
        if agent.streaming is None:
            return None
        found = streaming.load(agent.streaming)
        return or_missing(getattr(found, name), found.missing)

    return work_out


# --- promises -----------------------------------------------------------------------------------


def _ceiling(_: Facts, agent: Agent) -> object:
    if agent.slo is None:
        return NotStated(unstated(agent, "slo"))
    if unstated(agent.slo, "hard_dependencies"):
        return NotStated(((agent.slo, "hard_dependencies"),))
    return float(service_levels.ceiling(agent.slo.hard_dependencies or {}))


def _ceiling_sum(_: Facts, agent: Agent) -> str:
    """Return how the ceiling comes about, such as `0.999 x 0.995 = 0.994`; empty for none."""
    shares = (agent.slo.hard_dependencies if agent.slo else None) or {}
    most = service_levels.availability(service_levels.ceiling(shares))
    return f"{' x '.join(map(str, shares.values()))} = {most}" if shares else ""


def _shared_domains(facts: Facts, agent: Agent) -> object:
    found = service_levels.shared_domains(facts.inventory, agent)
    if not found.domains and found.missing:
        return NotStated(found.missing)
    return [f"{domain} ({', '.join(names)})" for domain, names in found.domains.items()]


def _evidence_needed(facts: Facts, _: Agent) -> timedelta:
    template = facts.inventory.postmortem_template
    least = facts.inventory.policy.min_evidence_retention
    return max(least, template.due) if template and template.due else least


# --- fallbacks ----------------------------------------------------------------------------------


def _users(facts: Facts, fallback: Fallback) -> list[Agent]:
    return [facts.inventory.agents[name] for name in facts.concerned("fallbacks", fallback)]


def _extra(facts: Facts, fallback: Fallback) -> list[str]:
    """Return what a fallback's own credentials open beyond those of an agent that falls back."""
    own = {grant for name in fallback.credentials or () for grant in facts.graph.grants_of(name)}
    found = set[str]()
    for agent in _users(facts, fallback):
        held = {tool.credential for tool in facts.tools_of(agent)} | set(agent.ambient or ())
        has = [grant for name in held if name for grant in facts.graph.grants_of(name)]
        beyond = (one for one in own if not any(_opens(grant, one) for grant in has))
        found |= {f"{one.system}/{one.resource}:{one.action}" for one in beyond}
    return sorted(found)


def _opens(held: Grant, other: Grant) -> bool:
    """Return whether a grant opens all that another one does, read literally but for a star."""
    pairs = ((held.resource, other.resource), (held.action, other.action))
    within = held.scope in {"", "*", other.scope}
    return held.system == other.system and within and all(a in {"*", b} for a, b in pairs)


# --- reviews ------------------------------------------------------------------------------------

REVIEWED = (
    "failure_class",
    "model_id",
    "prompt_version",
    "sampling",
    "context_snapshot",
    "retrieval_index_version",
    "tool_schema_versions",
    "plan",
    "threshold",
    "authority",
    "behaviour_rate",
)
"""Fields without which a review cannot say that a model inferred wrong, and from what."""
VERIFIED_BY = frozenset({"verification", "how_will_we_know"})
"""Fields that ask how one will know that an action helped."""


def _templates(facts: Facts) -> Iterator[Subject]:
    template = facts.inventory.postmortem_template
    if template is not None:
        every = tuple(sorted(facts.inventory.agents))
        name = SubjectId("postmortem_template", facts.inventory.name)
        yield Subject(name, template, partial(at, template, key=True), every)


def _asked(template: PostmortemTemplate) -> set[str]:
    """Return the fields of a template in one spelling: `Model ID` is `model_id`."""
    return {"_".join(f.lower().replace("-", " ").split()) for f in template.fields or ()}


def _not_asked(_: Facts, template: PostmortemTemplate) -> object:
    missing = unstated(template, "fields")
    asked = _asked(template)
    return NotStated(missing) if missing else [name for name in REVIEWED if name not in asked]


def _verifies(_: Facts, template: PostmortemTemplate) -> object:
    missing = unstated(template, "fields")
    return NotStated(missing) if missing else not VERIFIED_BY.isdisjoint(_asked(template))


RECORDS = {
    "Agent": {
        "streams": Answer(BOOL, lambda _, agent: streaming.streams(agent)),
        "open_streams": Answer(DOUBLE, _load("open")),
        "stream_room": Answer(INT, _load("room")),
        "ceiling": Answer(DOUBLE, _ceiling),
        "ceiling_sum": Answer(STRING, _ceiling_sum),
        "shared_domains": Answer(NAMES, _shared_domains),
        "evidence_needed": Answer(DURATION, _evidence_needed),
    },
    "StreamHop": {
        "agent": Answer(record_of("Agent"), lambda facts, found: View(facts, found.agent)),
        "hop": Answer(record_of("Hop"), _hop_cells),
        "silence": Answer(DURATION, lambda _, found: _silence(found.streaming)),
    },
    "Fallback": {
        "extra": Answer(NAMES, _extra),
        "tier": Answer(
            TIER, lambda facts, one: max(map(facts.agent_tier, _users(facts, one)), default="T0")
        ),
    },
    "PostmortemTemplate": {
        "not_asked": Answer(NAMES, _not_asked),
        "verifies": Answer(BOOL, _verifies),
    },
}
"""Record to the facts that are worked out for it."""

KINDS = (
    Kind("stream_hop", "StreamHop", _hops, "every proxy that the streams of an agent pass"),
    Kind("postmortem_template", "PostmortemTemplate", _templates, "the template of reviews"),
)
