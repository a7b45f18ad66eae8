"""The published contract of the JSON comparison, from which its schema is generated."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it at run time
from typing import Annotated, Any, Literal

from pydantic import Field

from blastlint.reporters.contract import (
    FindingPart,
    Part,
    PathPart,
    Place,
    Verdict,
    WaiverPart,
    schema_of,
)


class ChangePart(Part):
    """What one or several agents can do on one resource, and could not do like that before."""

    inventory: str
    kind: Literal[
        "system", "resource", "effect", "action",
        "declaration", "gate", "latency", "certainty", "path",
    ]  # fmt: skip
    """What is new: the system, the resource, the effect or the action; or, of what was within reach
    before, that its declaration or a human gate is gone, that it is no longer latent, that it is
    surer, or that a further way leads there."""
    agents: list[str]
    system: str
    scope: str
    resource: str
    actions: list[str]
    effects: list[str]
    """Classes of change that are new on this resource."""
    declared: bool
    """Whether the inventory says so; of what narrowed: whether it said so."""
    was: str
    """How it was before; empty for what was not there."""
    path: PathPart
    location: Place | None
    """The line that makes the change, as far as one does."""
    waiver: WaiverPart | None
    more: list[str]
    """Further resources for which it speaks, as `SYSTEM/RESOURCE`."""
    accepted: bool
    """Whether somebody stands for it: by declaring it, or by a waiver."""


class WaiverChangePart(Part):
    """A waiver that is new, gone, or holds otherwise than before."""

    inventory: str
    kind: Literal["new", "gone", "longer", "shorter", "changed"]
    waiver: WaiverPart


class PolicyChangePart(Part):
    """Something that a policy says, and said otherwise before."""

    inventory: str
    name: str
    before: str
    after: str
    looser: bool
    """Whether less is asked than before."""


class EvidenceChangePart(Part):
    """Evidence of a system of which fewer files are read than before."""

    inventory: str
    kind: str
    system: str
    files: list[str]
    blind: bool
    """Whether less is known than before."""


class SetAsidePart(Part):
    """What an inventory says of its own judgement and was not trusted."""

    inventory: str
    said: str


class SidePart(Part):
    """One side of a comparison."""

    verdict: Verdict
    policy_digest: str


class ComparisonPart(Part):
    """What lies between two reports."""

    schema_: Annotated[Literal["blastlint.comparison/v1"], Field(alias="schema")]
    version: str
    as_of: date
    fails: bool
    """Whether the exit code is 1."""
    base: SidePart
    head: SidePart
    added: list[str]
    """Inventories that are new."""
    removed: list[str]
    widened: list[ChangePart]
    """What nobody stands for first."""
    narrowed: list[ChangePart]
    new: list[FindingPart]
    """Findings that were not there, or were less grave."""
    fixed: list[FindingPart]
    waivers: list[WaiverChangePart]
    policy: list[PolicyChangePart]
    evidence: list[EvidenceChangePart]
    set_aside: list[SetAsidePart]


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of a comparison."""
    return schema_of(ComparisonPart, "blastlint comparison")
