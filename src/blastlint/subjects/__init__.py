"""What a rule can look at: one table from the name after `each:` to the things it names."""

from blastlint.subjects.facts import Facts
from blastlint.subjects.subject import Kind, Subject, SubjectId
from blastlint.subjects.vocabulary import MODULES

KINDS = {kind.name: kind for module in MODULES for kind in module.KINDS}
"""Every kind of subject, by name."""

__all__ = ["KINDS", "Facts", "Kind", "Subject", "SubjectId"]
