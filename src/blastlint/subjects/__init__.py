"""What a rule can look at: one table from the name after `each:` to the things it names."""

from blastlint.subjects import authority, entities, people
from blastlint.subjects.facts import Facts
from blastlint.subjects.subject import Kind, Subject, SubjectId

KINDS = {kind.name: kind for kind in (*entities.KINDS, *authority.KINDS, *people.KINDS)}
"""Every kind of subject, by name."""

__all__ = ["KINDS", "Facts", "Kind", "Subject", "SubjectId"]
