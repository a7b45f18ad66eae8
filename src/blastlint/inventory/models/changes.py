"""What an agent does in several steps, decides by itself, or takes out of force."""

from typing import Annotated, Literal

from pydantic import Field

from blastlint.inventory.models.parts import (
    Day,
    Duration,
    Entity,
    GateRef,
    Named,
    Share,
    Target,
    Text,
    ToolRef,
)


class Workflow(Entity):
    """Steps that belong together: all of them happen, or what happened is undone (saga)."""

    steps: list[ToolRef] | None = None
    """Tools, in the order in which they are called."""
    class_: Annotated[
        Literal["read_only", "reversible", "compensable", "irreversible"] | None,
        Field(alias="class"),
    ] = None
    """What the whole counts as: the worst of its steps decides (OWASP AISVS 9.2.10)."""
    approval: GateRef | None = None
    """Gate that is asked for the whole, in place of those of its steps; or `none`."""


class Decision(Named):
    """A decision that the agent takes by itself when it is sure enough."""

    decides: Text | None = None
    """What is decided, in words."""
    threshold: Share | None = None
    """Confidence from which it acts without asking, 0 to 1."""
    asks_from: Share | None = None
    """Confidence from which it asks a person, 0 to 1; below that it leaves things as they are."""
    calibrated_at: Day | None = None
    """Day on which confidences were last compared with what was right."""


class GuardrailChange(Named):
    """A class of change by which the agent takes a check, a test or an alert out of force."""

    kind: Literal["quarantine", "downgrade", "suppress", "ignore"] | None = None
    """quarantine: a test no longer counts. downgrade: it counts less. suppress: nobody hears."""
    tool: ToolRef | None = None
    """Tool that does it."""
    notifies: Target | None = None
    """Who hears of each one: the owner of what is taken out of force."""
    expires_after: Duration | None = None
    """Time after which it is in force again by itself."""
