"""A first-hour sheet: ten questions, each with what the report answers."""

from __future__ import annotations

from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Literal

    Mark = Literal["can", "cannot", "unclear", "open", ""]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer, or that there is none."""

    text: str
    """A sentence."""
    mark: Mark = ""
    """can, cannot: whether the reader can do it. unclear: nobody says whether. open: the fact is
    not stated. Empty: a fact that asks for no access, or a sheet without a reader."""
    holders: tuple[str, ...] = ()
    """Rotations that can do it, sorted."""
    ask: str = ""
    """Who must say what is not stated; empty: nothing is missing, or nobody is named."""
    command: str = ""
    """What is done, exactly as it is written down; may have several lines, or be empty."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the first hour."""

    number: int
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the person who is paged for an agent opens."""

    inventory: str
    agent: str
    tool: str
    """The one tool that it is about; empty: all of the agent's."""
    verdict: str
    tier: str
    reader: str
    """Rotation that reads it; empty: none is known."""
    time_zone: str
    """Zone of every local time in it."""
    started_at: str
    """When it started, in UTC; empty: nobody says."""
    as_of: date
    """Day of the report that it is made from."""
    version: str
    policy_digest: str
    notes: tuple[str, ...]
    """How old what it says is."""
    questions: tuple[Question, ...]
