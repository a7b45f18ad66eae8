"""Edits of the files that people write: comments, layout and everything else stay as they are."""

from blastlint.editing.edit import Edit, applied, revised
from blastlint.editing.meaning import (
    value_renamed,
    value_with,
    value_with_entries,
    value_without,
)
from blastlint.editing.putting import add, put, rename
from blastlint.editing.revision import Revision
from blastlint.editing.taking import take
from blastlint.editing.writing import block, entry, written

__all__ = [
    "Edit",
    "Revision",
    "add",
    "applied",
    "block",
    "entry",
    "put",
    "rename",
    "revised",
    "take",
    "value_renamed",
    "value_with",
    "value_with_entries",
    "value_without",
    "written",
]
