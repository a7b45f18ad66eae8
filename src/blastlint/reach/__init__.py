"""What an agent can reach: grants, and what they let one become, to the end of the chain."""

from __future__ import annotations

from blastlint.reach.graph import ReachGraph, build
from blastlint.reach.paths import (
    Becomes,
    BlastPath,
    Claim,
    CredentialPath,
    Cut,
    Hop,
    OverGrant,
    Reached,
    UnderGrant,
)

__all__ = [
    "Becomes",
    "BlastPath",
    "Claim",
    "CredentialPath",
    "Cut",
    "Hop",
    "OverGrant",
    "ReachGraph",
    "Reached",
    "UnderGrant",
    "build",
]
