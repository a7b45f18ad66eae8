"""Tells texts that look like secrets, wherever they stand."""

from __future__ import annotations

import re

_ISSUED = re.compile(
    r"gh[opsur]_\w|github_pat_|glpat-|sk[-_](live|test|ant|proj|or)?\w|[rp]k_(live|test)_|xox[a-z]-"
    r"|xapp-|(AKIA|ASIA)[A-Z0-9]{12}|AIza|ya29\.|eyJ[\w-]{8}|-----BEGIN|hf_\w{8}|npm_\w{8}|pypi-"
    r"|dop_v1_|shpat_|SG\.|lin_api_|ntn_|secret_|whsec_"
)
"""How secrets begin that their issuers mark as such."""
_RANDOM = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w+=~-]{16,}")
"""A text that nobody would choose as a name."""


def is_issued(text: str) -> bool:
    """Whether a text begins as a secret does that its issuer marks as such."""
    return bool(_ISSUED.match(text))


def is_random(text: str) -> bool:
    """Whether a text looks like a secret, whatever it is called."""
    return is_issued(text) or bool(_RANDOM.fullmatch(text))
