"""The published contract of the JSON comparison, from which its schema is generated."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it at run time
from typing import Annotated, Any, Literal

from pydantic import Field

from blastlint.reporters.finding_contract import (
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
    """Name of the inventory."""
    kind: Literal[
        "system", "resource", "effect", "action",
        "declaration", "gate", "latency", "certainty", "path",
    ]  # fmt: skip
    """What is new: the system, the resource, the effect or the action; or, of what was within reach
    before, that its declaration or a human gate is gone, that it is no longer latent, that it is
    surer, or that a further way leads there."""
    agents: list[str]
    """Agents that can do it."""
    system: str
    """System that is reached."""
    scope: str
    """Namespace, repository or schema; `*` or empty for all."""
    resource: str
    """Resource, as the platform writes it."""
    actions: list[str]
    """Actions, as the platform writes them."""
    effects: list[str]
    """Classes of change that are new on this resource."""
    declared: bool
    """Whether the inventory says so; of what narrowed: whether it said so."""
    was: str
    """How it was before; empty for what was not there."""
    path: PathPart
    """The weakest way there."""
    location: Place | None
    """The line that makes the change, as far as one does."""
    waiver: WaiverPart | None
    """Who accepts it; null where nobody does."""
    more: list[str]
    """Further resources for which it speaks, as `SYSTEM/RESOURCE`."""
    accepted: bool
    """Whether somebody stands for it: by declaring it, or by a waiver."""


class WaiverChangePart(Part):
    """A waiver that is new, gone, or holds otherwise than before."""

    inventory: str
    """Name of the inventory."""
    kind: Literal["new", "gone", "longer", "shorter", "changed"]
    """What happened to it."""
    waiver: WaiverPart
    """The waiver as it is now, or as it was if it is gone."""


class PolicyChangePart(Part):
    """Something that a policy says, and said otherwise before."""

    inventory: str
    """Name of the inventory."""
    name: str
    """Threshold, `profile`, or `rules.ID`."""
    before: str
    """What it was set to."""
    after: str
    """What it is set to."""
    looser: bool
    """Whether less is asked than before."""


class EvidenceChangePart(Part):
    """Evidence of a system of which fewer files are read than before."""

    inventory: str
    """Name of the inventory."""
    kind: str
    """Kind of evidence, such as `kubernetes-rbac`."""
    system: str
    """System that it speaks of; may be empty."""
    files: list[str]
    """Files that are no longer read."""
    blind: bool
    """Whether less is known than before."""


class SetAsidePart(Part):
    """What an inventory says of its own judgement and was not trusted."""

    inventory: str
    """Name of the inventory."""
    said: str
    """What it says, in words."""


class SidePart(Part):
    """One side of a comparison."""

    verdict: Verdict
    """The verdict of that side."""
    policy_digest: str
    """Digest of the rules and policies that judged it."""


class ComparisonPart(Part):
    """What lies between two reports."""

    schema_: Annotated[Literal["blastlint.comparison/v1"], Field(alias="schema")]
    """Name and version of this contract."""
    version: str
    """Version of blastlint that judged `head`."""
    as_of: date
    """The day that `head` was judged for."""
    fails: bool
    """Whether the exit code is 1."""
    base: SidePart
    """What was before."""
    head: SidePart
    """What is now."""
    added: list[str]
    """Inventories that are new."""
    removed: list[str]
    """Inventories that are gone."""
    widened: list[ChangePart]
    """What nobody stands for first."""
    narrowed: list[ChangePart]
    """What is no longer within reach, or less so."""
    new: list[FindingPart]
    """Findings that were not there, or were less grave."""
    fixed: list[FindingPart]
    """Findings that are gone, or less grave."""
    waivers: list[WaiverChangePart]
    """Waivers that changed."""
    policy: list[PolicyChangePart]
    """What policies say otherwise than before."""
    evidence: list[EvidenceChangePart]
    """Evidence that is no longer read."""
    set_aside: list[SetAsidePart]
    """What the change says of its own judgement and was not trusted."""


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of a comparison."""
    return schema_of(ComparisonPart, "blastlint comparison")
