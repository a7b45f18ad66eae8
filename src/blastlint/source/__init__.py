"""Text with places: opens every input file safely, and says where each value in it stands."""

from blastlint.source.document import Document, parse, read, read_all
from blastlint.source.limits import EVIDENCE, OWN, Limits
from blastlint.source.lines import lines_of, read_lines
from blastlint.source.places import (
    WHOLE_FILE,
    InputError,
    Location,
    Meant,
    Problem,
    Span,
    did_you_mean,
    nearest,
    shown,
)
from blastlint.source.root import Look, Root, look_again, watch
from blastlint.source.scalars import is_plain_text

__all__ = [
    "EVIDENCE",
    "OWN",
    "WHOLE_FILE",
    "Document",
    "InputError",
    "Limits",
    "Location",
    "Look",
    "Meant",
    "Problem",
    "Root",
    "Span",
    "did_you_mean",
    "is_plain_text",
    "lines_of",
    "look_again",
    "nearest",
    "parse",
    "read",
    "read_all",
    "read_lines",
    "shown",
    "watch",
]
