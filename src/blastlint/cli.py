"""The command line: reads what is asked, runs the command, and says why if it cannot be done."""

from __future__ import annotations

import sys

from blastlint.commands import COMMANDS, JUDGED
from blastlint.options import read
from blastlint.output import coloured, complain, hang_up, use_utf8
from blastlint.source import InputError, Problem
from blastlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_JUDGED, BUG = 2, 3
"""Exit codes beside those of the commands: nothing was judged; a fault of blastlint."""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    use_utf8()
    try:
        return _run(arguments)
    except BrokenPipeError:
        hang_up()
        return NOT_JUDGED


def _run(arguments: Sequence[str]) -> int:
    try:
        options = read(arguments)
        return COMMANDS[options.command](options)
    except InputError as error:
        return refuse(error.problems, _work(arguments))
    except SystemExit:  # the parser has answered: --help, --version
        return JUDGED
    except BrokenPipeError:
        raise
    except OSError as error:
        return refuse([_unreadable(error)], _work(arguments))
    except Exception as error:  # noqa: BLE001 -- the last line of defence
        return _confess(error)


def _work(arguments: Sequence[str]) -> str:
    return "drafted" if list(arguments[:1]) == ["init"] else "judged"


def refuse(problems: Sequence[Problem], work: str = "judged") -> int:
    """Say why nothing was judged, or what else was to be done."""
    from blastlint.reporters import text  # noqa: PLC0415 -- a run without problems needs none of it

    complain(text.problems(problems, colour=coloured(sys.stderr)))
    count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
    complain(f"{count}: nothing was {work}\n")
    return NOT_JUDGED


def _unreadable(error: OSError) -> Problem:
    """Return what to say of a file that belongs to blastlint, or of a machine in trouble."""
    reason = (error.strerror or "cannot be read").lower()
    name = f"'{error.filename}': " if error.filename else ""
    return Problem(f"{name}{reason}", help="if the file belongs to blastlint, install it again")


def _confess(error: Exception) -> int:
    import traceback  # noqa: PLC0415 -- only a fault needs it

    complain("".join(traceback.format_exception(error)))
    complain(
        f"\nThis is a fault of blastlint {__version__}, not of your files. "
        "Please report it with the lines above.\nnothing was judged\n"
    )
    return BUG
