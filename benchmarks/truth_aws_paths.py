"""AWS: every published path, with all that it takes and with any of it missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.aws_paths import LACKING, TABLE, UNDECIDED, found_by, no_longer_than, published
from truth import Row, Section, folder, table, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from truth import Verdict

TITLE = "AWS: published paths"
ABOUT = """\
The catalogue [pathfinding.cloud](https://pathfinding.cloud) (commit 84dd65c) publishes 65 ways in
which permissions of IAM lead to somebody else's, each with exactly the permissions that it takes.
For each of them an account is made in which somebody has these permissions; then one for every
permission, in which that one is missing; then one in which something else is missing that the path
takes: a role that the service may run as, an instance profile, a policy that somebody has, or
membership of the group. Found means found by the name of the path, by the right principal. The
table of blastlint restates this catalogue, so what is measured is whether it is applied as it is
meant; whether the catalogue is complete, this does not show.
"""
LEFT = """\
Without one permission a path must be gone. Other paths that need no more than what is left may
remain, and do.
"""
NOTE = """\
{} paths hang on something that the export of an account does not list. They are found as possible,
with the fact that decides, in the table above. Nobody can decide them from such an export alone.
"""


def measured() -> Section:
    """Compare with the catalogue; raises AbsentError without it."""
    folder("aws-pathfinding-paths")
    rows = (
        Row.of("a path, with all its permissions", map(_whole, TABLE)),
        Row.of("a path, without one of them", (v for name in TABLE for v in _lessened(name))),
        Row.of("a path, without something else that it takes", _unprepared()),
    )
    facts = table(("the fact that decides", "paths"), _facts(), words=True)
    return Section(TITLE, ABOUT, rows, (NOTE.format(len(UNDECIDED)), LEFT), facts)


def _whole(name: str) -> Verdict:
    path = published()[name]
    found = found_by(path, path.permissions)
    if name not in found:
        return "missed"
    return "undecidable" if found[name] else "agreed"


def _lessened(name: str) -> Iterator[Verdict]:
    """One verdict for each permission taken away; other paths that need no more may remain."""
    path = published()[name]
    for missing in path.permissions:
        left = tuple(each for each in path.permissions if each != missing)
        beyond = set(found_by(path, left)) - no_longer_than(left)
        yield verdict(expected=False, said="proven" if beyond else "")


def _unprepared() -> Iterator[Verdict]:
    """One verdict for each thing but a permission that a path takes, and that is not there."""
    for lacking, names in LACKING.items():
        for name in names:
            path = published()[name]
            found = found_by(path, path.permissions, **{lacking: True})
            yield verdict(expected=False, said="proven" if name in found else "")


def _facts() -> Iterator[tuple[str, str]]:
    """Missing facts, each with the paths that hang on it."""
    found: dict[str, list[str]] = {}
    for name in UNDECIDED:
        fact = TABLE[name].fact.replace("{role}", "the role").replace("{user}", "the user")
        found.setdefault(fact, []).append(name)
    for fact, names in sorted(found.items()):
        yield fact, ", ".join(names)
