"""What every published contract is made of: places, ways, waivers, findings."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic resolves it at run time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Severity = Literal["error", "warning", "note"]
Verdict = Literal["blocked", "cannot-tell", "ready-with-waivers", "ready"]
Strength = Literal["proven", "conditional", "needs-fact"]
Exposure = Literal["direct", "latent"]
Count = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]


class Part(BaseModel):
    """An object of the contract: every field is always written, none is added."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Place(Part):
    """A stretch of a file; lines and columns count from 1, columns are code points."""

    file: str
    """Path with forward slashes, relative where the run could make it so."""
    line: Ordinal
    """Line of the first character."""
    column: Ordinal
    """Column of the first character."""
    end_line: Ordinal
    """Line of the last character."""
    end_column: Ordinal
    """Column after the last character."""
    note: str
    """What the place has to do with the finding; may be empty."""
    text: str
    """The source line at `line`."""


class HopPart(Part):
    """One step of a blast path."""

    from_: Annotated[str, Field(alias="from")]
    """Where it starts."""
    to: str
    """Where it ends."""
    edge: str
    """Kind of step."""
    why: str
    """The step as a sentence."""
    certainty: Strength
    """How sure the step is."""
    location: Place | None
    """The line that makes it true; null for what nobody wrote."""


class PathPart(Part):
    """The weakest way from an agent to an action on a system."""

    agent: str
    """The agent's id."""
    certainty: Strength
    """The weakest link."""
    reach: Exposure
    """direct: by the tools as they are; latent: only if the tool host is compromised."""
    gates: list[str]
    """Human gates on the way."""
    needs: list[str]
    """Missing facts and conditions on the way."""
    hops: list[HopPart]
    """The steps, from the agent on."""


class CutPart(Part):
    """The cheapest change that closes a path."""

    remove: list[str]
    """What to take away."""
    closes: Count
    """Undeclared (system, resource) pairs that it closes."""


class WaiverPart(Part):
    """A named person accepts a finding until a day."""

    id: str
    """Its id."""
    rule: str
    """Rule whose finding is accepted."""
    subject: str
    """`KIND:ID`."""
    reason: str
    """Why it is acceptable."""
    approved_by: str
    """Who accepts it."""
    expires: date
    """Last day on which it holds."""
    location: Place
    """Where it is written."""


class SubjectPart(Part):
    """What a finding is about."""

    kind: str
    """Kind of subject, such as `tool`."""
    id: str
    """Its id."""


class RepairPart(Part):
    """A change of the inventory that `check --fix` can make."""

    title: str
    """What it does."""
    safe: bool
    """Whether it needs nobody's judgement; the others are made with `--unsafe` only."""


class FindingPart(Part):
    """A rule said yes about a subject."""

    rule: str
    """Rule id."""
    title: str
    """The rule's title."""
    severity: Severity
    """How grave it is: an error blocks the launch."""
    certainty: Literal["certain", "possible"]
    """possible: the inventory does not state a fact that the rule needs."""
    message: str
    """One sentence with the facts."""
    subject: SubjectPart
    """What it was found on."""
    agents: list[str]
    """Agents that it concerns."""
    location: Place
    """The one primary place."""
    related: list[Place]
    """Further places, each with its note."""
    path: PathPart | None
    """The way that it speaks of; null where it is not about a way."""
    cut: CutPart | None
    """The cheapest change that closes the way; null where none is known."""
    fix: str
    """The next step."""
    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """The same for the same rule and subject in every run; free of lines and text."""
    folded: list[str]
    """Rules that could not be judged for the same missing fact."""
    alike: list[str]
    """Further subjects, as `KIND:ID`, for which this finding speaks as well."""
    known: bool
    """Whether it was there before, where a run asks only for what is new."""
    waiver: WaiverPart | None
    """Who accepts it; null where nobody does."""
    repair: RepairPart | None
    """A change of the inventory that would settle it; null where none can be made by a program."""


def schema_of(model: type[Part], title: str) -> dict[str, Any]:
    """Return the JSON Schema of an object of a contract."""
    schema = model.model_json_schema(by_alias=True)
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    named["title"] = title
    titled = (named, *named["$defs"].values())
    for part in titled:
        for field in part.get("properties", {}).values():
            field.pop("title", None)
    for part in named["$defs"].values():
        part.pop("title", None)
    return named
