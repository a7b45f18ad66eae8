r"""The man page, written from the parser in mdoc(7), which tells what a word is, not how it looks.

The generators that exist print the help screen with other margins: without a line for `whatis`,
without the examples, the exit codes and the environment, and with the width of a terminal in it.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from blastlint import options
from blastlint.inventory.discovery import BASELINE_FILE, ROOT_FILE
from command_pages import commands

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

REVISED = "November 21, 2026"
"""Day of the page; changed with a release, so that the same sources give the same page."""
WIDTH = 76
"""Columns of a line of the source."""
ABOUT = "judge whether an AI agent may launch"
EXIT = {
    "0": "Judged: ready, or nothing found that counts. Of other commands: done.",
    "1": "Judged: blocked, or nobody can tell. Of diff: something is wider.",
    "2": "Nothing was judged or written; the last line on the standard error says so.",
    "3": "A fault of blastlint. Nothing was judged.",
    "129, 130, 143": "Hung up, interrupted or terminated. Nothing was judged or written.",
}
ENVIRONMENT = {
    "BLASTLINT_CACHE_DIR": "Folder in which answers are kept for the next run over the same input; "
    "if it is empty, nothing is kept.",
    "XDG_CACHE_HOME": "Folder that holds the folder of answers; else ~/.cache.",
    "NO_COLOR": "If it is not empty, nothing is coloured.",
    "FORCE_COLOR": "If it is not empty, text is coloured in a pipe, too.",
    "COLUMNS": "Width of text.",
    "CI": "If it is set, long work does not tell how far it is.",
}
FILES = {
    ROOT_FILE: "Root file of an inventory; the other .yaml files below its folder belong to it.",
    BASELINE_FILE: "Findings that are known, beside the root file.",
    "~/.cache/blastlint": "What is kept for the next run. It can be removed at any time.",
}
_ASCII = 128


def page() -> str:
    """Return the man page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    main, _ = options.parser()
    yield from (f".Dd {REVISED}", ".Dt BLASTLINT 1", ".Os")
    yield from (".Sh NAME", ".Nm blastlint", f".Nd {ABOUT}")
    yield from (".Sh SYNOPSIS", ".Nm", ".Ar COMMAND", ".Op Ar argument ...", ".Nm", ".Fl -version")
    yield from (".Sh DESCRIPTION", *_prose(str(main.description)), ".Pp", *_prose(_OUTPUT))
    yield ".Sh COMMANDS"
    for name, parser in commands().items():
        yield from _command(name, parser)
    yield from (".Sh ENVIRONMENT", *_list(("Ev", k, v) for k, v in ENVIRONMENT.items()))
    yield from (".Sh FILES", *_list(("Pa", k, v) for k, v in FILES.items()))
    yield from (".Sh EXIT STATUS", *_list(("Li", k, v) for k, v in EXIT.items()))
    yield from (".Sh EXAMPLES", *_display(_examples(main)))
    yield from (".Sh SEE ALSO", *_prose(_ALSO))


_OUTPUT = (
    "Results are printed on the standard output, everything else on the standard error. blastlint "
    "asks nothing of a network and changes nothing but the files that it is told to write."
)
_ALSO = (
    "blastlint explain RULE prints the page of a rule, blastlint rules the list of them, and "
    "blastlint schema NAME the JSON Schemas of what is read and written."
)


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield what is said of one command."""
    actions = [action for action in parser._actions if action.dest != "help"]
    yield f".Ss {_word(name)}"
    yield ".Bd -ragged -compact"
    yield from (".Nm", f".Cm {_word(name)}")
    if any(action.option_strings for action in actions):
        yield ".Op Ar option ..."
    yield from (_positional(action) for action in actions if not action.option_strings)
    yield from (".Ed", ".Pp", *_prose(str(parser.description)))
    if actions:
        yield from (".Bl -tag -width Ds", *_meanings(actions), ".El")
    examples = _examples(parser)
    if examples:
        yield from (".Pp", "Examples:", *_display(examples))


def _positional(action: argparse.Action) -> str:
    word = _word(str(action.metavar))
    many = {"*": f".Op Ar {word} ...", "+": f".Ar {word} ...", "?": f".Op Ar {word}"}
    return many.get(str(action.nargs), f".Ar {word}")


def _meanings(actions: Iterable[argparse.Action]) -> Iterator[str]:
    """Yield what every argument and option means."""
    for action in actions:
        value = "" if action.nargs == 0 else f" Ar {_word(str(action.metavar))}"
        spelled = [f"Fl {_word(option[1:])}{value}" for option in action.option_strings]
        yield ".It " + (" , ".join(spelled) or value.strip())
        yield from _prose(str(action.help))


def _examples(parser: argparse.ArgumentParser) -> list[str]:
    """Return the examples of a command, as they stand in its help."""
    found = re.match(r"examples:\n((?:  .*\n)+)", parser.epilog or "")
    return textwrap.dedent(found[1]).splitlines() if found else []


def _list(rows: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    yield ".Bl -tag -width Ds"
    for macro, name, text in rows:
        yield f".It {macro} {_word(name)}"
        yield from _prose(text)
    yield ".El"


def _display(lines: Iterable[str]) -> Iterator[str]:
    yield from (".Bd -literal -offset indent", *map(_literal, lines), ".Ed")


def _prose(text: str) -> Iterator[str]:
    """Yield text, filled; every sentence begins a line, as mdoc wants it."""
    for sentence in re.split(r"(?<=[a-z)][.?]) (?=[A-Z])", " ".join(text.split())):
        yield from map(_literal, textwrap.wrap(sentence, WIDTH, break_on_hyphens=False))


def _literal(line: str) -> str:
    """Return a line that means nothing but itself."""
    escaped = line.replace("\\", r"\e").replace("…", "...").replace("'", r"\(aq")
    escaped = re.sub(r"(?<![A-Za-z0-9])-|-(?=-)|-(?=[^a-z ])", r"\-", escaped)
    plain = "".join(c if ord(c) < _ASCII else f"\\[u{ord(c):04X}]" for c in escaped)
    return rf"\&{plain}" if plain.startswith(".") else plain


def _word(text: str) -> str:
    """Return a word that is no macro."""
    return re.sub(r"^(?=[A-Z%][a-z]\w?$)", r"\\&", _literal(text).replace(" ", r"\ "))
