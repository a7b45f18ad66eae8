"""What a text may be to be read, so that no input can exhaust the reader, and what is repeated."""

from __future__ import annotations

from blastlint.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What a text may be to be read, and what of it may be repeated."""

    max_bytes: int
    """Size of the file."""
    max_depth: int
    """Maps and lists within each other."""
    max_events: int
    """Keys, values, and beginnings and ends of maps and lists."""
    max_scalar: int
    """Characters of one text."""
    max_aliases: int
    """Characters that aliases and merge keys may add; 0: neither they nor anchors are read."""
    many: bool
    """Several documents may stand in one file."""
    strict: bool
    """No invisible characters, no directives, no numbers that cannot be kept exactly."""
    quotable: frozenset[str] | None = None
    """Keys whose values hold no secrets; a line with any other is not repeated. None: all are."""
    passed_over: frozenset[str] = field(default_factory=frozenset)
    """Keys whose maps and lists nobody asks for: what is in them must be well formed, no more."""


OWN = Limits(
    max_bytes=4 * 2**20,
    max_depth=64,
    max_events=1_000_000,
    max_scalar=100_000,
    max_aliases=0,
    many=False,
    strict=True,
)
"""For files that people write for blastlint."""

EVIDENCE = Limits(
    max_bytes=16 * 2**20,
    max_depth=200,
    max_events=3_000_000,
    max_scalar=4 * 2**20,
    max_aliases=1_000_000,
    many=True,
    strict=False,
    quotable=frozenset(),
)
"""For files that other programs write, which may hold secrets."""
