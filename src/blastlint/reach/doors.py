"""The doors: every way from an agent to a credential, with the human gates that stand in it."""

from __future__ import annotations

from blastlint.inventory.record import at, id_of, state
from blastlint.reach.needs import demands
from blastlint.reach.paths import Hop
from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.inventory.loading import Inventory
    from blastlint.inventory.models import Agent, ApprovalGate, Capability, Fallback, Tool
    from blastlint.reach.needs import Demand
    from blastlint.reach.paths import Reach

OPEN_ENDED = frozenset({"shell", "code", "sql", "http", "file_read"})
"""Tools that take arbitrary input: all that their credential opens is a call away."""

OPENS_HOST = OPEN_ENDED - {"sql"}
"""Tools that also reach what else lies on their host: files, environment, and, by an address, its
metadata service. A statement of SQL runs in the database and sees none of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """A hop before anybody asks where it stands: most doors are never told."""

    source: str
    target: str
    edge: str
    why: str
    part: Agent | Tool | Capability | Fallback
    """The record that makes it true, by one of its fields."""
    field: str

    @property
    def hop(self) -> Hop:
        """The hop, with its place."""
        place = at(self.part, self.field)
        return Hop(self.source, self.target, self.edge, self.why, place, "proven")


@dataclass(frozen=True, slots=True)
class Door:
    """One way from an agent to a credential."""

    agent: str
    credential: str
    reach: Reach
    gates: tuple[str, ...]
    """Human gates in the way, by id."""
    steps: tuple[Step, ...]
    whole: bool = True
    """True if it leads to everything that the credential opens, false if only to the needs."""
    demands: tuple[Demand, ...] = ()
    """The needs of the tool in the door."""

    @property
    def order(self) -> tuple[int, int, int, tuple[str, ...]]:
        """Weakest first: fewest gates, direct before latent, fewest hops, then the alphabet."""
        names = tuple(step.target for step in self.steps)
        return (len(self.gates), int(self.reach == "latent"), len(self.steps), names)

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The way from the agent to the credential."""
        return tuple(step.hop for step in self.steps)


class Doors:
    """Every door of an inventory, by agent."""

    __slots__ = ("_all", "_inventory", "_own", "_tools")

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._all: dict[str, tuple[Door, ...]] = {}
        self._own: dict[str, tuple[Door, ...]] = {}
        self._tools: dict[str, list[str]] = {}
        for name in sorted(inventory.tools):
            for agent in callers(inventory, inventory.tools[name]):
                self._tools.setdefault(agent, []).append(name)

    def of(self, agent: str) -> tuple[Door, ...]:
        """All doors of an agent and of those it can hand work to, weakest first."""
        if agent not in self._all:
            self._all[agent] = tuple(sorted(self._behind(agent), key=lambda door: door.order))
        return self._all[agent]

    def whole(self, agent: str, credential: str) -> Door:
        """The weakest door of an agent that leads to everything a credential opens."""
        doors = (door for door in self.of(agent) if door.credential == credential and door.whole)
        return next(doors)

    def _behind(self, agent: str) -> Iterator[Door]:
        for way, name in self._delegates(agent):
            for door in self.own(name):
                yield replace(door, agent=agent, steps=(*way, *door.steps)) if way else door

    def own(self, agent: str) -> tuple[Door, ...]:
        """The doors of an agent itself."""
        if agent not in self._own:
            self._own[agent] = tuple(self._open(self._inventory.agents[agent]))
        return self._own[agent]

    def _delegates(self, agent: str) -> list[tuple[tuple[Step, ...], str]]:
        """The agent and all it can hand work to, each with the shortest way."""
        ways: list[tuple[tuple[Step, ...], str]] = [((), agent)]
        seen = {agent}
        for way, name in ways:
            record = self._inventory.agents[name]
            for other in sorted(set(record.delegates_to or ()) - seen):
                if other in self._inventory.agents:
                    seen.add(other)
                    ways.append(((*way, _delegation(record, other)), other))
        return ways

    def delegates(self, agent: str) -> tuple[str, ...]:
        """The agent and all it can hand work to."""
        return tuple(name for _, name in self._delegates(agent))

    def _open(self, agent: Agent) -> Iterator[Door]:
        name = id_of(agent)
        tools = [self._inventory.tools[tool] for tool in self._tools.get(name, ())]
        for tool in tools:
            yield from self._through_tool(name, tool)
        covered = {(tool.capability, tool.credential) for tool in tools}
        for ability in sorted(agent.capabilities or ()):
            capability = self._inventory.capabilities.get(ability)
            if capability and (ability, capability.credential) not in covered:
                yield from self._through_capability(agent, capability)
        for taken in sorted(agent.fallbacks or ()):
            yield from self._through_fallback(agent, self._inventory.fallbacks[taken], tools)
        held = (one for one in agent.ambient or () if one in self._inventory.credentials)
        for credential in held:
            yield Door(name, credential, "latent", (), (_ambient(agent, credential),))
            yield from self._through_host(agent, credential, tools)

    def _through_tool(self, agent: str, tool: Tool) -> Iterator[Door]:
        credential, needed = tool.credential or "", tuple(demands(tool))
        if credential not in self._inventory.credentials:
            return
        steps = (_binding(agent, tool), _use(tool))
        downstream = self._gates(tool, ("downstream",))
        yield Door(agent, credential, "latent", downstream, steps, demands=needed)
        if tool.enabled is not False:
            gates = self._gates(tool, ("downstream", "tool_layer"))
            whole = tool.open_ended in OPEN_ENDED
            yield Door(agent, credential, "direct", gates, steps, whole, needed)

    def _through_capability(self, agent: Agent, capability: Capability) -> Iterator[Door]:
        credential, needed = capability.credential or "", tuple(demands(capability))
        if credential not in self._inventory.credentials:
            return
        name = id_of(agent)
        steps = (_switch(agent, capability), _use(capability, "capability"))
        yield Door(name, credential, "latent", (), steps, demands=needed)
        if capability.enabled is not False:
            yield Door(name, credential, "direct", (), steps, whole=False, demands=needed)

    def _through_fallback(
        self, agent: Agent, fallback: Fallback, tools: list[Tool]
    ) -> Iterator[Door]:
        """What takes over acts with credentials of its own, for a purpose that nobody declares."""
        for credential in fallback.credentials or ():
            steps = (_falling(agent, fallback), _taking_over(fallback, credential))
            yield Door(id_of(agent), credential, "latent", (), steps)
            yield from self._through_host(agent, credential, tools)

    def _through_host(self, agent: Agent, credential: str, tools: list[Tool]) -> Iterator[Door]:
        """An open-ended tool takes what lies on the host into the agent's own hands.

        A gate of its downstream system does not stand in that way, one at the tool does.
        """
        for tool in tools:
            if tool.open_ended in OPENS_HOST and tool.enabled is not False:
                gates = self._gates(tool, ("tool_layer",))
                steps = (_binding(id_of(agent), tool), _take(agent, tool, credential))
                yield Door(id_of(agent), credential, "direct", gates, steps)

    def _gates(self, tool: Tool, places: tuple[str, ...]) -> tuple[str, ...]:
        gate = self._inventory.approval_gates.get(tool.approval or "none")
        stands = gate is not None and gate.enforced_at in places and holds(gate)
        return (tool.approval or "",) if stands else ()


def callers(inventory: Inventory, tool: Tool) -> list[str]:
    """The agents that can call a tool."""
    written = tool.agents or ()
    return sorted(inventory.agents if "*" in written else set(written) & inventory.agents.keys())


def holds(gate: ApprovalGate) -> bool:
    """Whether a gate really stops what nobody approved.

    One that is asked only sometimes, asked afterwards, opened by silence, answered by an agent, or
    enforced by a prompt does not.
    """
    whole = all(
        state(gate, cell) in {"missing", "null"} for cell in ("applies_when", "ungated_max")
    )
    asked = gate.mode in {"per_action", "per_session"} and gate.on_timeout != "allow"
    enforced = gate.enforced_at in {"tool_layer", "downstream"}
    return whole and asked and enforced and not (gate.approvers or "").startswith("agent:")


def _binding(agent: str, tool: Tool) -> Step:
    name = id_of(tool)
    why = f"{agent} may call {name}"
    if tool.enabled is False:
        why = f"{name} is switched off for {agent}, but its host still holds what it uses"
    return Step(f"agent {agent}", f"tool {name}", "binds", why, tool, "agents")


def _use(user: Tool | Capability, kind: str = "tool") -> Step:
    name, credential = id_of(user), user.credential or ""
    why = f"{name} uses {credential}"
    return Step(f"{kind} {name}", f"credential {credential}", "uses", why, user, "credential")


def _switch(agent: Agent, capability: Capability) -> Step:
    name, ability = id_of(agent), id_of(capability)
    why = f"{name} has the ability {ability}"
    return Step(f"agent {name}", f"capability {ability}", "binds", why, agent, "capabilities")


def _falling(agent: Agent, fallback: Fallback) -> Step:
    name, taken = id_of(agent), id_of(fallback)
    why = f"{name} falls back to {taken}"
    return Step(f"agent {name}", f"fallback {taken}", "binds", why, agent, "fallbacks")


def _taking_over(fallback: Fallback, credential: str) -> Step:
    name = id_of(fallback)
    why = f"{name} uses {credential}"
    return Step(
        f"fallback {name}", f"credential {credential}", "uses", why, fallback, "credentials"
    )


def _ambient(agent: Agent, credential: str) -> Step:
    name = id_of(agent)
    why = f"{credential} lies in the runtime of {name}"
    return Step(f"agent {name}", f"credential {credential}", "ambient", why, agent, "ambient")


def _take(agent: Agent, tool: Tool, credential: str) -> Step:
    name = id_of(tool)
    why = f"{name} can take {credential} out of the runtime of {id_of(agent)}"
    return Step(f"tool {name}", f"credential {credential}", "ambient", why, agent, "ambient")


def _delegation(agent: Agent, other: str) -> Step:
    name = id_of(agent)
    why = f"{name} can hand work to {other}"
    return Step(f"agent {name}", f"agent {other}", "delegates", why, agent, "delegates_to")
