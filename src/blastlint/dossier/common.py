"""What every record of a dossier has in common: who attests it, and what it leaves open."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - the contract resolves it at run time

from blastlint.values import dataclass


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody finds out what a cell holds, by a day."""

    cell: str
    """The cell, such as `kill_switch.measured`."""
    owner: str
    """Team that finds it out; empty: nobody is named."""
    day: date | None
    """Day by which it is known; null: none is named."""


@dataclass(frozen=True, slots=True)
class Attested:
    """Who says that the facts of a record are true, and when."""

    team: str
    """Team; empty: nobody."""
    day: date | None
    """Day of the attestation; null: not stated."""
    evidence: str
    """Where the proof lies; may be empty."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a record leaves open, and who must say it.

    A cell of a record that is empty or null is not stated if it is in `unstated`, and claimed not
    to exist if it is in `absent`.
    """

    owner: str
    """Team that must say what is not stated; empty: nobody is named who could."""
    unstated: tuple[str, ...] = ()
    """Cells that hold nothing, such as `revocation.measured`, those that are promised included."""
    absent: tuple[str, ...] = ()
    """Cells that claim that there is none (null in the inventory)."""
    promised: tuple[Promise, ...] = ()
    """Cells that are written as unknown."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one needs to do something, and who has it."""

    requires: str
    """Entitlement; empty: it needs none, or only `holders` are named to do it (see `open`)."""
    holders: tuple[str, ...]
    """Rotations that have it or are named to do it, sorted."""
    open: bool
    """Whether everybody who is paged can: the inventory claims that it takes no entitlement."""
