"""What a rule can look at: one table from the name after `each:` to the things it names."""

from blastlint.subjects import authority, comparison, entities, guarded, people
from blastlint.subjects.facts import Facts
from blastlint.subjects.subject import Kind, Subject, SubjectId

_TABLES = (entities.KINDS, authority.KINDS, comparison.KINDS, guarded.KINDS, people.KINDS)
KINDS = {kind.name: kind for table in _TABLES for kind in table}
"""Every kind of subject, by name."""

__all__ = ["KINDS", "Facts", "Kind", "Subject", "SubjectId"]
