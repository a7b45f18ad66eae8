"""Reads evidence that may hold secrets: what is wrong with it is told without quoting it."""

from __future__ import annotations

import re

from blastlint.source import EVIDENCE, InputError, Problem, parse
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from blastlint.source import Document

_SAYABLE = (
    "found ",
    "expected ",
    "the quote that opens",
    "unknown escape",
    "an escape",
    "a second key",
    "a line or a value",
    "this looks like a template",
    "a merge conflict",
    "larger than",
    "nested deeper",
    "more than",
)
"""How the messages of the parser begin that quote at most one character of the file."""


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


def parsed(file: str, text: str) -> tuple[Document, ...]:
    """The documents of a text.

    Raises:
        InputError: it is neither JSON nor YAML; no line of it and no word in it is repeated.
    """
    try:
        return parse(text.encode("utf-8", "replace"), file, EVIDENCE)
    except InputError as error:
        raise InputError(*map(_silent, error.problems)) from None


def _silent(problem: Problem) -> Problem:
    """The problem without anything that stands in the file."""
    place = problem.location and replace(problem.location, text="")
    related = tuple(replace(other, text="") for other in problem.related)
    if problem.message.startswith(_SAYABLE):
        return replace(problem, location=place, related=related)
    message, help_ = "this cannot be read as JSON", "check the quotes, commas and keys of this line"
    if problem.code == "duplicate-id":
        message, help_ = "a key stands twice in one map", problem.help
    return Problem(message, place, help_, related, problem.code)
