"""What reach finds: blast paths hop by hop, and the grants that are too much or too little."""

from __future__ import annotations

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal, Protocol

    from blastlint.inventory.models.parts import Grant as TypedGrant
    from blastlint.providers.grants import EdgeCertainty, Effect
    from blastlint.reach.needs import Cell
    from blastlint.reach.routes import Route
    from blastlint.source import Location

    Reach = Literal["direct", "latent"]

    class Teller(Protocol):
        """Tells paths hop by hop, and finds cuts, when somebody asks."""

        def tell(self, route: Route) -> BlastPath:
            """Tell one route."""

        def witness(self, path: CredentialPath) -> BlastPath:
            """Tell the weakest way of a credential's path."""

        def cut(self, path: CredentialPath) -> Cut:
            """Find the cheapest change that closes a path."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a blast path."""

    source: str
    """Where it starts, as `KIND ID` in words."""
    target: str
    """Where it ends."""
    edge: str
    """Kind of step: binds, ambient, uses, acts-as, becomes, grants, propagates, delegates."""
    why: str
    """A few words that make the step a sentence: `refund-agent may call stripe.refund.create`."""
    location: Location | None
    """The line that makes it true; none for what nobody wrote (an implicit group)."""
    certainty: EdgeCertainty
    """Whether the step holds."""


@dataclass(frozen=True, slots=True)
class BlastPath:
    """The weakest way from an agent to an action on a system."""

    agent: str
    """Agent id."""
    certainty: EdgeCertainty
    """The weakest link."""
    reach: Reach
    """direct: by the tools as they are; latent: only if the tool host is compromised."""
    gates: tuple[str, ...]
    """Human gates on the way, by id."""
    hops: tuple[Hop, ...]
    """Steps, from the agent on."""
    needs: tuple[str, ...] = ()
    """Missing facts and conditions on the way, in words."""
    credentials: tuple[str, ...] = field(default_factory=tuple, compare=False)
    """The credentials in the agent's hands with which it begins: one, or several that meet."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The cheapest change that closes a path."""

    remove: tuple[str, ...]
    """What to do, in words: `take create on payouts out of stripe-rk`."""
    closes: int
    """How many undeclared paths of the same credential it closes, this one included."""


@dataclass(frozen=True, slots=True)
class Reached:
    """One action on one resource that an agent can do, and the weakest way to it."""

    agent: str
    system: str
    scope: str
    """Namespace, repository or schema; `*` for all, empty where there is none."""
    resource: str
    action: str
    effect: Effect
    certainty: EdgeCertainty
    declared: bool
    """True if the inventory says that the agent reaches it."""
    reach: Reach
    credential: str
    """The last credential of the inventory on the path."""
    route: Route = field(repr=False, compare=False)
    """The way there, as the graph knows it."""
    teller: Teller = field(repr=False, compare=False)
    """Tells the way when somebody asks for it."""

    @property
    def path(self) -> BlastPath:
        """The weakest way there."""
        return self.teller.tell(self.route)


@dataclass(frozen=True, slots=True)
class CredentialPath:
    """What holding one credential opens on one resource: declared or not, for sure or possibly."""

    credential: str
    """Credential that the agents hold: where the paths start."""
    system: str
    scope: str
    resource: str
    actions: tuple[str, ...]
    effects: tuple[Effect, ...]
    """Classes of change of the actions, sorted, each once."""
    agents: tuple[str, ...]
    """Agents that reach it through the credential (undeclared: and did not declare it)."""
    declared: bool
    """True if the inventory says so, or if a tool needs as much on the same resource."""
    joint: bool
    """True if it takes other credentials of the same agent too: none of them opens it alone."""
    acting_as: str
    """Principal that the holder turns into for it; empty for its own, and for what is declared."""
    certainty: EdgeCertainty
    """Of the most certain action."""
    doubt: Cell | None
    """The cell that leaves open whether a tool needs it."""
    reach: Reach
    writes: bool
    """True if an action does more than read, as far as is known."""
    sensitive: bool
    """True if the system holds personal, payment or health data, or secrets."""
    system_known: bool
    """True if the inventory describes the system."""
    teller: Teller = field(repr=False, compare=False)
    """Tells the way and finds the cut when somebody asks for them."""

    @property
    def id(self) -> str:
        """Name of the path, the same in every run: `CREDENTIAL->SYSTEM/RESOURCE…`."""
        scope = f"@{self.scope}" if self.scope not in {"", "*"} else ""
        known = " (declared)" if self.declared else ""
        other = f" as {self.acting_as}" if self.acting_as else ""
        other += " with others" if self.joint else ""
        open_ = (
            " (possible)" if self.certainty == "needs-fact" else " (asked)" if self.doubt else ""
        )
        return f"{self.credential}->{self.system}/{self.resource}{scope}{other}{known}{open_}"

    @property
    def holding(self) -> str:
        """The credentials that it takes, in words: this one, and those that it meets."""
        others = [one for one in self.witness.credentials if one != self.credential]
        return " and ".join([self.credential, *others]) if self.joint else self.credential

    @property
    def witness(self) -> BlastPath:
        """The weakest way there."""
        return self.teller.witness(self)

    @property
    def cut(self) -> Cut:
        """The cheapest change that closes it."""
        return self.teller.cut(self)


@dataclass(frozen=True, slots=True)
class UnderGrant:
    """A call that will be refused on its first real run: needed, and not granted."""

    holder: str
    """Who needs it, as `tool ID` or `capability ID`."""
    credential: str
    system: str
    scope: str
    """Scope of the need; empty when it is not limited."""
    resource: str
    actions: tuple[str, ...]
    """Missing actions, sorted."""
    granted: tuple[str, ...]
    """What is granted on that resource instead, sorted."""
    basis: str
    """How the need is known; empty when it is not stated."""
    certainty: EdgeCertainty
    """needs-fact: evidence is incomplete, so the grant may exist after all."""
    needs: str
    """The missing fact, in words."""
    enabled: bool
    location: Location
    """The need."""
    nearest: Location | None
    """The grant on that resource that comes nearest; none when nothing is granted there."""

    @property
    def id(self) -> str:
        """Name of the shortfall, the same in every run."""
        scope = f"@{self.scope}" if self.scope else ""
        return f"{self.holder.partition(' ')[2]}->{self.system}/{self.resource}{scope}"


@dataclass(frozen=True, slots=True)
class OverGrant:
    """Granted beyond every need, on a resource that some tool does need."""

    credential: str
    system: str
    scope: str
    resource: str
    actions: tuple[str, ...]
    """Surplus actions, sorted."""
    effects: tuple[Effect, ...]
    needed: tuple[str, ...]
    """Actions on that resource that the tools do need, sorted."""
    agents: tuple[str, ...]
    """Agents that hold the credential."""
    certainty: EdgeCertainty
    doubt: Cell | None
    """The cell that leaves open whether a tool needs it."""
    location: Location
    """The first grant with a surplus."""

    @property
    def id(self) -> str:
        """Name of the surplus, the same in every run."""
        scope = f"@{self.scope}" if self.scope not in {"", "*"} else ""
        return f"{self.credential}->{self.system}/{self.resource}{scope}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A typed grant of a credential for which evidence speaks on that system."""

    credential: str
    system: str
    scope: str
    """Scope of the grant; empty when it is not limited."""
    resource: str
    actions: tuple[str, ...]
    """What was typed and is not shown by the evidence, sorted; empty when all of it is real."""
    granted: tuple[str, ...]
    """What the evidence does show on that resource, sorted."""
    needs: str
    """The fact that evidence leaves open, and that could make the claim true; empty if none."""
    location: Location
    """The typed grant."""
    typed: TypedGrant
    """The same, as it was read."""

    @property
    def id(self) -> str:
        """Name of the claim, the same in every run."""
        scope = f"@{self.scope}" if self.scope else ""
        return f"{self.credential}->{self.system}/{self.resource}{scope}"


@dataclass(frozen=True, slots=True)
class Becomes:
    """A principal that the holder of a credential can turn into."""

    credential: str
    principal: str
    """As its platform writes it; a trailing `*` stands for every principal of that form."""
    via: str
    declared: bool
    """True if the credential's `derives` names it."""
    certainty: EdgeCertainty
    needs: str
    location: Location
