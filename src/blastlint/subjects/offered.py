"""What a server offers against the row of it, and what an agent can read, send and hand out."""

from __future__ import annotations

from blastlint.analyses.disclosure import open_sends, sensitive_reads
from blastlint.expression import BOOL, NotStated, list_of, record_of
from blastlint.inventory.record import id_of, state
from blastlint.reach.terms import in_scope, terms_of
from blastlint.subjects.answer import NAMES, Answer, View, views
from blastlint.subjects.facts import is_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from blastlint.analyses.disclosure import Found
    from blastlint.inventory.models import Agent, Tool
    from blastlint.inventory.models.parts import Access
    from blastlint.providers.grants import Grant
    from blastlint.subjects.facts import Facts, Registration
    from blastlint.subjects.subject import Kind

# --- a row and its server -----------------------------------------------------------------------


def _listing(facts: Facts) -> frozenset[str]:
    """Return the agents that some server's list is for."""
    return frozenset(agent for one in facts.registrations() for agent in one.agents)


def _registration(facts: Facts, tool: Tool) -> Registration | None:
    """Return what is offered under a row's name to its agents: by its source, if it names one."""
    called = set(facts.agents_of(tool))
    named = facts.offered(tool.registered_name)
    fitting = [one for one in named if called.intersection(one.agents)]
    if tool.source:
        fitting = [one for one in fitting if id_of(one.evidence) == tool.source]
    return fitting[0] if fitting else None


def _offer(facts: Facts, tool: Tool) -> View | None:
    found = _registration(facts, tool)
    return View(facts, found) if found else None


def _listed(facts: Facts, tool: Tool) -> object:
    """Return whether a server still offers a tool; None where no whole list could tell."""
    if not is_on(tool) or not tool.registered_name:
        return None
    if _registration(facts, tool):
        return True
    if tool.source:
        return None if facts.granted[tool.source].unresolved else False
    asked = state(tool, "source") != "null" and facts.once(_listing).intersection(
        facts.agents_of(tool)
    )
    return NotStated(((tool, "source"),)) if asked else None


# --- handing out --------------------------------------------------------------------------------


def _unheld(facts: Facts, tool: Tool) -> object:
    """Return what a tool hands out and its credential does not hold, as `ACTION on RESOURCE`."""
    if not tool.hands_out:
        return []
    if tool.credential is None:
        return NotStated(((tool, "credential"),)) if state(tool, "credential") != "null" else []
    credential = facts.inventory.credentials[tool.credential]
    held = facts.graph.grants_of(tool.credential)
    if credential.grants is None and not held:
        return NotStated(((credential, "grants"),))
    lacking = dict(pair for access in tool.hands_out for pair in _lacking(facts, access, held))
    sure = [name for name, certain in lacking.items() if certain]
    return NotStated(()) if lacking and not sure else sure


def _lacking(facts: Facts, access: Access, held: Iterable[Grant]) -> Iterator[tuple[str, bool]]:
    """Yield what of an access is not held for sure, and whether it is surely not held."""
    terms = terms_of(facts.inventory.systems[access.system])
    scope = access.scope or "*"
    there = [g for g in held if g.system == access.system and in_scope(g.scope, scope)]
    for resource in access.resources or ("*",):
        for action in access.actions or ("*",):
            fitting = {
                grant.certainty
                for grant in there
                if _escalates(grant)
                or (terms.opens(grant.resource, resource) and terms.covers(grant.action, action))
            }
            if fitting <= {"needs-fact"}:
                yield f"{action} on {resource}", not fitting


def _escalates(grant: Grant) -> bool:
    """Return whether a grant is Kubernetes' leave to hand out in roles what one does not hold."""
    kind = grant.resource.rpartition("/")[2]
    return grant.action in {"escalate", "*"} and kind in {"roles", "clusterroles"}


# --- reading and sending ------------------------------------------------------------------------


def _tools(look: Callable[..., Found]) -> Callable[[Facts, Agent], object]:
    """Return the function that names some tools of an agent, or asks for what would tell."""

    def work_out(facts: Facts, agent: Agent) -> object:
        found = look(facts.inventory, facts.tools_of(agent))
        if found.missing and not found.tools:
            return NotStated(found.missing)
        return views(facts, found.tools)

    return work_out


RECORDS = {
    "Tool": {
        "offer": Answer(record_of("Registration"), _offer),
        "listed": Answer(BOOL, _listed),
        "unheld": Answer(NAMES, _unheld),
    },
    "Agent": {
        "sensitive_reads": Answer(list_of(record_of("Tool")), _tools(sensitive_reads)),
        "open_sends": Answer(list_of(record_of("Tool")), _tools(open_sends)),
    },
}
"""Records of the condition language for what is offered."""

KINDS: tuple[Kind, ...] = ()
