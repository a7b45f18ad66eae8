"""Completion of three shells, written by shtab from the parser: what each argument can be.

An argument says what it is by its metavar, so a new command is completed as soon as it exists.
Ids are asked for when somebody presses TAB; they are plain ASCII, and no shell takes one for a
command.
"""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

import shtab

from blastlint import options
from blastlint.ids import RULES
from blastlint.inventory.shape import shape
from blastlint.providers import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILES = {"bash": "blastlint.bash", "zsh": "_blastlint", "fish": "blastlint.fish"}
"""By shell: the name under which it looks for the completion of `blastlint`."""
IDS = {
    "AGENT": "agents",
    "ROTATION": "rotations",
    "SYSTEM": "systems",
    "TEAM": "teams",
    "TOOL": "tools",
}
"""Arguments that are ids of a section."""
NAMES = {"KIND": tuple(PROVIDERS), "SECTION": (*sorted(shape().sections), RULES)}
"""Arguments that are one of some names, which the parser does not check."""
OWN = {
    **{metavar: f"_blastlint_{section}" for metavar, section in IDS.items()},
    "RULE": "_blastlint_rules",
    "RULE,…": "_blastlint_rule_list",
    "REV": "_blastlint_revisions",
    "BASE": "_blastlint_sides_file",
    "HEAD": "_blastlint_sides_file",
}
"""Arguments that a function of ours completes."""
SHELLS_OWN = {
    **dict.fromkeys(("PATH", "FILE"), shtab.FILE),
    "DIR": shtab.DIRECTORY,
}
"""Arguments that a shell completes by itself."""
FREE = ("DAY", "TIME", "ID", "NS", "PRINCIPAL")
"""Arguments that nobody can guess."""
HEAD = {
    "bash": "# Completion of blastlint for bash",
    "zsh": "#compdef blastlint\n\n# Completion of blastlint for zsh",
    "fish": "# Completion of blastlint for fish",
}
MADE = ", made by shtab from the commands themselves: `blastlint completion --help`.\n"

BASH = """\
# Prints the lines that start with a word, if nothing in them means anything to a shell.
_blastlint_offer() {
  local line
  while IFS= read -r line; do
    [[ $line == "$1"* && $line =~ ^[A-Za-z0-9._/@,+:-]+$ ]] && printf '%s\\n' "$line"
  done
}

_blastlint_rules() { blastlint ids rules 2>/dev/null | _blastlint_offer "$1"; }

_blastlint_rule_list() {
  local before="" line
  [[ $1 == *,* ]] && before="${1%,*},"
  blastlint ids rules 2>/dev/null |
    while IFS= read -r line; do printf '%s\\n' "$before$line"; done | _blastlint_offer "$1"
}

_blastlint_revisions() {
  git for-each-ref --format='%(refname:short)' 2>/dev/null | _blastlint_offer "$1"
}

_blastlint_sides_file() { _blastlint_revisions "$1"; compgen -f -- "$1"; }
"""
BASH_IDS = '\n_blastlint_{0}() {{ blastlint ids {0} 2>/dev/null | _blastlint_offer "$1"; }}\n'
ZSH = """\
_blastlint_rules() {
  local -a found=(${(f)"$(blastlint ids rules 2>/dev/null)"})
  compadd "$@" -a found
}

_blastlint_rule_list() {
  local -a found=(${(f)"$(blastlint ids rules 2>/dev/null)"})
  compset -P '*,'
  compadd "$@" -qS , -a found
}

_blastlint_revisions() {
  local -a found=(${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
  compadd "$@" -a found
}

_blastlint_sides_file() { _blastlint_revisions "$@"; _files; }
"""
ZSH_IDS = """
_blastlint_{0}() {{
  local -a found=(${{(f)"$(blastlint ids {0} 2>/dev/null)"}})
  compadd "$@" -a found
}}
"""
FISH = """\
function _blastlint_rules
  blastlint ids rules 2>/dev/null
end

function _blastlint_rule_list
  set -l word (string replace -r -- '^--[a-z]+=' '' (commandline -ct))
  set -l before (string match -r -- '.*,' $word)
  for id in (blastlint ids rules 2>/dev/null)
    echo -- $before$id
  end
end

function _blastlint_revisions
  git for-each-ref --format='%(refname:short)' 2>/dev/null
end

function _blastlint_sides_file
  _blastlint_revisions
  __fish_complete_path (commandline -ct)
end
"""
FISH_IDS = "\nfunction _blastlint_{0}\n  blastlint ids {0} 2>/dev/null\nend\n"
PREAMBLE = {
    shell: own + "".join(each.format(section) for section in sorted(set(IDS.values())))
    for shell, own, each in (
        ("bash", BASH, BASH_IDS),
        ("zsh", ZSH, ZSH_IDS),
        ("fish", FISH, FISH_IDS),
    )
}


def completion(shell: str) -> str:
    """Return the completion of one shell.

    Raises:
        LookupError: nobody has said what an argument can be.
    """
    parser, _ = options.parser()
    for one in (parser, *commands(parser)):
        for action in one._actions:
            _tell(action)
    text = shtab.complete(parser, shell, preamble=PREAMBLE[shell])
    body = re.sub(r"\A(#[^\n]*\n|\n)+", "", text)
    lines = (line.rstrip() for line in body.splitlines() if "Custom Preamble" not in line)
    return HEAD[shell] + MADE + "\n" + "\n".join(lines).rstrip("\n") + "\n"


def commands(parser: argparse.ArgumentParser) -> Sequence[argparse.ArgumentParser]:
    """Return the parser of every command."""
    (chosen,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return tuple(chosen.choices.values())


def _tell(action: argparse.Action) -> None:
    """Let an argument say what it can be."""
    if action.nargs == 0 or isinstance(action, argparse._SubParsersAction):
        return
    told: Any = action
    names = tuple(_names(action))
    if names:
        action.choices = names
    else:
        told.complete = _way(str(action.metavar))


def _names(action: argparse.Action) -> Iterator[str]:
    """Yield the names that an argument can be, if it is one of some."""
    yield from action.choices or ()
    if isinstance(action.type, options.OneOf):
        yield from action.type.names
    yield from NAMES.get(str(action.metavar), ())


def _way(metavar: str) -> dict[str, Any]:
    """Return how each shell completes an argument."""
    if metavar in OWN:
        name = OWN[metavar]
        return {"bash": name, "zsh": name, "fish": f"({name})"}
    if metavar in SHELLS_OWN:
        return dict(SHELLS_OWN[metavar])
    if metavar in FREE:
        return {}
    raise LookupError(f"say in {__file__} how {metavar} is completed")
