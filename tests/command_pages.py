"""The reference of commands, as Markdown: every command and option, from the parser itself."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from blastlint import options
from rule_pages import anchor, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.options import _Parser

_HEAD = """\
# Commands

This page is printed from the parser; `blastlint COMMAND --help` prints the same in a terminal.
`-h` and `--help` belong to every command. [Formats](formats.md) explains the formats and the exit
codes.
"""


def commands() -> dict[str, _Parser]:
    """Return the parser of every command, in the order of the help screen."""
    main, names = options.parser()
    (chosen,) = (a for a in main._actions if isinstance(a, argparse._SubParsersAction))
    return {name: chosen.choices[name] for name in names}


def page() -> str:
    """Return the page of all commands."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    yield from ("| command | does |", "|---|---|")
    for name, parser in commands().items():
        yield f"| [{name}](#{anchor(name)}) | {_does(parser)} |"
    for name, parser in commands().items():
        yield from ("", f"## {name}", "", _does(parser), "", "```sh", _usage(name, parser), "```")
        yield from _table(parser)
        yield from _examples(parser)


def _does(parser: _Parser) -> str:
    return marked(parser.description or "")


def _usage(name: str, parser: _Parser) -> str:
    words = [_argument(action) for action in parser._actions if not action.option_strings]
    return " ".join(["blastlint", name, *words, "[OPTION…]"])


def _argument(action: argparse.Action) -> str:
    shown = _shown(action)
    many = {"*": f"[{shown}…]", "+": f"{shown}…", "?": f"[{shown}]"}
    return many.get(str(action.nargs), shown)


def _shown(action: argparse.Action) -> str:
    return str(action.metavar or action.dest.upper())


def _table(parser: _Parser) -> Iterator[str]:
    rows = [(_spelled(a), marked(str(a.help))) for a in parser._actions if a.dest != "help"]
    if rows:
        yield from ("", "| | meaning |", "|---|---|")
        yield from (f"| {left} | {right} |" for left, right in rows)


def _spelled(action: argparse.Action) -> str:
    """Return how an argument or option is written."""
    if not action.option_strings:
        return f"`{_argument(action)}`"
    value = "" if action.nargs == 0 else f" {_shown(action)}"
    return ", ".join(f"`{option}{value}`" for option in action.option_strings)


def _examples(parser: _Parser) -> Iterator[str]:
    """Yield the lines with commands of the examples, and below them what else is said there."""
    said = (parser.epilog or "").strip().removeprefix("examples:\n")
    examples, _, rest = said.partition("\n\n")
    if examples:
        yield from ("", "```text", *(line.removeprefix("  ") for line in examples.splitlines()))
        yield "```"
    if rest:
        words = " ".join(rest.split())
        yield from ("", marked(words[0].upper() + words[1:]))
