"""What can be written on the command line: every command and every option, with its help."""

from __future__ import annotations

import argparse

from blastlint.output import say
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.usage import (
    BASELINE_EXAMPLES,
    CHECK_EXAMPLES,
    COMPLETION_EXAMPLES,
    DIFF_EXAMPLES,
    EXAMPLES,
    GRANTS_EXAMPLES,
    IDS_EXAMPLES,
    INIT_EXAMPLES,
    LSP_EXAMPLES,
    REACH_EXAMPLES,
    REPORT_EXAMPLES,
    SHEET_EXAMPLES,
)
from blastlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from typing import IO, Any, NoReturn

    Commands = argparse._SubParsersAction["_Parser"]  # noqa: SLF001 -- it has no other name

DIFF_FORMATS = ("text", "concise", "json", "sarif", "markdown", "junit", "github", "gitlab")
FORMATS = (*DIFF_FORMATS, "html")
SHEET_FORMATS = ("text", "markdown", "json")
PROFILES = ("pilot", "production", "regulated")
SHELLS = ("bash", "zsh", "fish")
SCHEMAS = ("inventory", "inventory-part", "rule", "report", "comparison")


def read(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for; `command` names the command.

    Raises:
        InputError: this cannot be asked for.
        SystemExit: help or version was asked for, and is printed.
    """
    main, names = parser()
    first = arguments[0] if arguments else "--help"
    if not first.startswith("-") and first not in names:
        help_ = did_you_mean(first, names) or f"the commands are: {', '.join(names)}"
        raise InputError(Problem(f"there is no command '{first}'", help=help_))
    return main.parse_args(arguments or ["--help"])


class _Parser(argparse.ArgumentParser):
    """A parser that speaks as the rest of the program does."""

    def error(self, message: str) -> NoReturn:
        """Refuse a command line.

        Raises:
            InputError: always.
        """
        raise InputError(Problem(message, help=f"{self.prog} --help tells what can be written"))

    def print_help(self, file: IO[str] | None = None) -> None:  # type: ignore[override]  # asks less
        """Print the help screen; fail if that is not possible."""
        if file is None:
            say(self.format_help())
        else:
            super().print_help(file)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        say(f"blastlint {__version__}\n")
        parser.exit()


def parser() -> tuple[argparse.ArgumentParser, Sequence[str]]:
    """Return the parser of the whole command line, and the names of the commands."""
    main = _Parser(
        prog="blastlint",
        description="May this agent launch? blastlint compares what an AI agent is declared to do\n"
        "with what its credentials let it do, and asks who answers for the difference.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    main.add_argument("-V", "--version", action=_Version, nargs=0, help="show the version and exit")
    commands = main.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )
    _add_init(commands)
    _add_check(commands)
    _add_diff(commands)
    _add_baseline(commands)
    _add_report(commands)
    _add_sheet(commands)
    _add_reach(commands)
    _add_grants(commands)
    _add_explain(commands)
    _add_rules(commands)
    _add_schema(commands)
    _command(commands, "lsp", "serve an editor, on standard input and output", LSP_EXAMPLES)
    _add_test_rules(commands)
    _add_ids(commands)
    _add_completion(commands)
    return main, tuple(commands.choices)


def _command(commands: Commands, name: str, does: str, examples: str = "") -> _Parser:
    return commands.add_parser(
        name,
        help=does,
        description=does[0].upper() + does[1:] + ".",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_init(commands: Commands) -> None:
    does = "draft an inventory from what lies there, or bring one up to date"
    add = _command(commands, "init", does, INIT_EXAMPLES).add_argument
    add(
        "--from",
        action="append",
        default=[],
        dest="sources",
        metavar="FILE",
        help="file or folder to draft from, as [NAME[@SYSTEM]=][KIND:]FILE; may be repeated; else "
        "what was read the last time, or what usually lies in a repository",
    )
    add("-o", "--output", default="", metavar="DIR", help="folder of the inventory; else inventory")
    add("--agent", default="", metavar="ID", help="agent that has the tools; else agent")
    add("--owner", default="", metavar="TEAM", help="team that answers for the agent")
    add(
        "--runs-as",
        default="",
        metavar="PRINCIPAL",
        help="what the agent acts as, such as system:serviceaccount:shop:till",
    )
    add("--as-of", type=_day, metavar="DAY", help="day of the draft, YYYY-MM-DD; else today")
    add("--diff", action="store_true", help="show what would be written, and write nothing")


def _add_check(commands: Commands) -> None:
    add = _command(commands, "check", "judge inventories", CHECK_EXAMPLES).add_argument
    add("paths", nargs="*", default=[], metavar="PATH", help="folder or file; else this folder")
    _add_outputs(add, FORMATS)
    _add_judging(add)
    add("--no-cache", action="store_false", dest="cache", help="judge anew, and keep nothing")
    add(
        "--fix",
        action="store_true",
        help="first make the safe repairs, keeping layout and comments",
    )
    add("--unsafe", action="store_true", help="with --fix or --diff: also those to look through")
    add(
        "--diff", action="store_true", help="print what --fix would change; exit code 1 if anything"
    )
    add("--staged", action="store_true", help="judge what the next commit will hold")
    add(
        "--new-from",
        metavar="REV",
        help="count only what is new since a revision",
    )
    add(
        "--trust-from",
        metavar="REV",
        help="take policy, packs, waivers and baseline from a revision, not from the change itself",
    )
    _add_fail_on(add, "findings")


def _add_judging(add: Callable[..., argparse.Action]) -> None:
    """Add what decides how inventories are judged."""
    add("--as-of", type=_day, metavar="DAY", help="day of judgement, YYYY-MM-DD; else today")
    add("--rules", action="append", default=[], metavar="DIR", help="folder with further rules")
    add("--select", action="append", default=[], metavar="RULE,…", help="judge by these rules only")
    add("--ignore", action="append", default=[], metavar="RULE,…", help="leave these rules out")


def _add_outputs(add: Callable[..., argparse.Action], formats: Sequence[str]) -> None:
    add(
        "-f",
        "--format",
        action="append",
        dest="outputs",
        type=_Form("format", formats),
        metavar="FORMAT",
        help=f"{', '.join(formats)}; may be repeated; else text",
    )
    add(
        "-o",
        "--output",
        action="append",
        dest="outputs",
        type=lambda file: ("", file),
        metavar="FILE",
        help="where the format before it is written; else printed",
    )


def _add_fail_on(add: Callable[..., argparse.Action], what: str) -> None:
    add(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="error",
        metavar="LEVEL",
        help=f"{what} that make the exit code 1: error, warning, note or never; else error",
    )


def _add_diff(commands: Commands) -> None:
    does = "tell what a change lets an agent newly reach"
    add = _command(commands, "diff", does, DIFF_EXAMPLES).add_argument
    add("base", metavar="BASE", help="revision, folder, or saved JSON report")
    add("head", metavar="HEAD", nargs="?", default="", help="the same; else the files on the disk")
    add("paths", nargs="*", default=[], metavar="PATH", help="inventories; else all below here")
    _add_outputs(add, DIFF_FORMATS)
    _add_judging(add)
    add(
        "--trust-base",
        action="store_true",
        help="judge by the policy, packs, waivers and baseline of BASE, not by those of the change",
    )
    _add_fail_on(add, "new findings")


def _add_baseline(commands: Commands) -> None:
    does = "note today's findings as known, or take out what is fixed"
    add = _command(commands, "baseline", does, BASELINE_EXAMPLES).add_argument
    add("paths", nargs="*", default=[], metavar="PATH", help="folder; else this folder")
    _add_judging(add)


def _add_report(commands: Commands) -> None:
    does = "write the page that an approver reads"
    add = _command(commands, "report", does, REPORT_EXAMPLES).add_argument
    add("paths", nargs="*", default=[], metavar="PATH", help="folder or file; else this folder")
    add("-o", "--output", default="-", metavar="FILE", help="where it is written; else printed")
    _add_saved(add)
    add("--since", metavar="FILE", default="", help="saved JSON report to compare with")
    _add_judging(add)


def _add_sheet(commands: Commands) -> None:
    does = "tell what whoever is paged for an agent needs in the first hour"
    add = _command(commands, "sheet", does, SHEET_EXAMPLES).add_argument
    add("agent", metavar="AGENT", help="id of the agent")
    add("tool", metavar="TOOL", nargs="?", default="", help="the one tool that matters; else all")
    where = "folder or file; else this folder"
    add("--inventory", action="append", default=[], metavar="PATH", help=where)
    _add_saved(add)
    who = "who reads it; else the rotation that is paged first"
    add("--as", dest="reader", default="", metavar="ROTATION", help=who)
    when = "when it went wrong, with its zone: 2026-06-02T02:17Z"
    add("--started-at", type=_instant, metavar="TIME", help=when)
    add("--run", default="", metavar="ID", help="the run that went wrong, for the queries")
    _add_form(add, SHEET_FORMATS)
    add("-o", "--output", default="-", metavar="FILE", help="where it is written; else printed")
    _add_judging(add)


def _add_saved(add: Callable[..., argparse.Action]) -> None:
    add("--from", dest="saved", default="", metavar="FILE", help="saved JSON report; judge nothing")


def _add_reach(commands: Commands) -> None:
    does = "tell everything an agent can reach"
    add = _command(commands, "reach", does, REACH_EXAMPLES).add_argument
    add("agent", metavar="AGENT", help="id of the agent")
    add("paths", nargs="*", default=[], metavar="PATH", help="folder or file; else this folder")
    add("--to", metavar="SYSTEM", default="", help="only what leads there")
    _add_form(add)


def _add_grants(commands: Commands) -> None:
    does = "tell what principals really hold, from evidence alone"
    add = _command(commands, "grants", does, GRANTS_EXAMPLES).add_argument
    add("kind", metavar="KIND", help="what wrote the files; the kinds are named below")
    add("files", nargs="+", metavar="FILE", help="file or folder")
    add("--for", dest="principal", default="", metavar="PRINCIPAL", help="only this principal")
    add("--derive", action="store_true", help="also tell what each can become")
    add(
        "--namespace",
        default="",
        metavar="NS",
        help="where what names no place of its own lies: namespace (kubernetes-rbac), OWNER/REPO "
        "(github), database (postgres)",
    )
    _add_form(add)


def _add_explain(commands: Commands) -> None:
    add = _command(commands, "explain", "print the page of a rule").add_argument
    add("rule", metavar="RULE", help="id of the rule")
    add("--rules", action="append", default=[], metavar="DIR", help="folder with further rules")


def _add_rules(commands: Commands) -> None:
    add = _command(commands, "rules", "list the rules").add_argument
    add("--rules", action="append", default=[], metavar="DIR", help="folder with further rules")
    asked = f"what it asks for: {', '.join(PROFILES)}"
    add("--profile", type=OneOf("profile", PROFILES), metavar="NAME", help=asked)
    _add_form(add)


def _add_schema(commands: Commands) -> None:
    add = _command(commands, "schema", "print a JSON Schema").add_argument
    add("name", choices=SCHEMAS, metavar="NAME", help=", ".join(SCHEMAS))


def _add_test_rules(commands: Commands) -> None:
    does = "run the examples of a folder of rules"
    _command(commands, "test-rules", does).add_argument("directory", metavar="DIR", help="folder")


def _add_ids(commands: Commands) -> None:
    add = _command(
        commands, "ids", "list the ids of one kind, a line each", IDS_EXAMPLES
    ).add_argument
    add("section", metavar="SECTION", help="agents, tools or another section; or rules")
    add("paths", nargs="*", default=[], metavar="PATH", help="folder or file; else this folder")


def _add_completion(commands: Commands) -> None:
    does = "print what lets a shell complete commands, options, rules and agents"
    add = _command(commands, "completion", does, COMPLETION_EXAMPLES).add_argument
    add("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def _add_form(add: Callable[..., argparse.Action], forms: Sequence[str] = ("text", "json")) -> None:
    said = f"{', '.join(forms[:-1])} or {forms[-1]}; else text"
    add("-f", "--format", choices=forms, default="text", metavar="FORMAT", help=said)


class OneOf:
    """What an argument can be: one of some names."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        self.what = what
        self.names = names

    def __call__(self, text: str) -> Any:  # noqa: ANN401 -- a kind of name may stand for more
        """Return a name that there is.

        Raises:
            argparse.ArgumentTypeError: there is no such name.
        """
        if text not in self.names:
            all_ = f"the {self.what}s are: {', '.join(self.names)}"
            help_ = did_you_mean(text, self.names) or all_
            raise argparse.ArgumentTypeError(f"there is no {self.what} '{text}'; {help_}")
        return text


class _Form(OneOf):
    """A format: what is written, and not yet where."""

    def __call__(self, text: str) -> tuple[str, str]:
        return super().__call__(text), ""


def _day(text: str) -> date:
    """Return a day; one that an inventory could also name."""
    from blastlint.inventory.scalars import parse_day  # noqa: PLC0415 -- `--help` needs none of it

    try:
        if len(text) == len("YYYY-MM-DD"):
            return parse_day(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"'{text}' is not a day such as 2026-06-02")


def _instant(text: str) -> int:
    """Return a moment as seconds since 1970 in UTC."""
    from blastlint.inventory.scalars import parse_instant  # noqa: PLC0415 -- as above

    try:
        return parse_instant(text)
    except (ValueError, OverflowError):
        message = f"'{text}' is not a time with its zone such as 2026-06-02T02:17Z"
        raise argparse.ArgumentTypeError(message) from None
