"""The command line: reads what is asked, calls the one function that answers, writes the answer."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from datetime import UTC, date, datetime

from blastlint.source import InputError, Problem
from blastlint.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from blastlint.finding import Report

JUDGED, FOUND, NOT_JUDGED, BUG = 0, 1, 2, 3
"""Exit codes: ready; blocked or cannot tell; nothing was judged; a fault of blastlint."""

EXAMPLES = """\
examples:
  blastlint check                            judge the inventory in this folder
  blastlint check inventories -f html -o report.html
                                             the same, as a page to read and to send
  blastlint reach refund-agent               everything that the agent can do, and how
  blastlint grants kubernetes-rbac rbac.yaml what a cluster's roles really grant
  blastlint explain undeclared-blast-path    what a rule looks for, why, and what to do

exit codes: 0 ready, 1 blocked or cannot tell, 2 nothing was judged, 3 a fault of blastlint
"""


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    _write_utf8()
    options = parser().parse_args(list(arguments) or ["--help"])
    gc.disable()  # One short run: what it reads stays in use until it ends.
    try:
        code: int = options.run(options)
    except InputError as error:
        return refuse(error.problems)
    except BrokenPipeError:
        return _hang_up()
    except Exception as error:  # noqa: BLE001 -- the last line of defence
        return _confess(error)
    return code


def refuse(problems: Sequence[Problem]) -> int:
    """Say why nothing was judged."""
    from blastlint.reporters import text  # noqa: PLC0415 -- a run without problems needs none of it

    sys.stderr.write(text.problems(problems, colour=_colour(sys.stderr.isatty())))
    count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
    sys.stderr.write(f"{count}: nothing was judged\n")
    return NOT_JUDGED


def _confess(error: Exception) -> int:
    import traceback  # noqa: PLC0415 -- only a fault needs it

    traceback.print_exception(error)
    sys.stderr.write(
        f"\nThis is a fault of blastlint {__version__}, not of your files. "
        "Please report it with the lines above.\nnothing was judged\n"
    )
    return BUG


def _hang_up() -> int:
    """Whoever read the output has stopped reading; nobody knows what was seen."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return NOT_JUDGED


def _write_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _colour(is_terminal: bool) -> bool:  # noqa: FBT001 -- it is the one thing it is asked about
    """Return whether to colour: on a terminal, unless the environment says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_terminal


# --- commands -----------------------------------------------------------------------------------


def check_command(options: argparse.Namespace) -> int:
    """Judge inventories, and write the report in every format that is asked for."""
    from blastlint.check import check  # noqa: PLC0415 -- `--help` needs none of it

    outputs = _outputs(options)
    report = check(
        options.paths,
        as_of=options.as_of or today(),
        packs=options.rules,
        select=_names(options.select),
        ignore=_names(options.ignore),
    )
    for form, file in outputs:
        _write(report, form, file)
    return _verdict_code(report, options.fail_on)


def _outputs(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Pair formats with files: the n-th `--output` belongs to the n-th `--format`."""
    forms, files = options.format or ["text"], options.output or []
    if len(files) > len(forms):
        raise InputError(Problem("more --output than --format", help="name a format for each file"))
    pairs = [*zip(forms, [*files, *["-"] * (len(forms) - len(files))], strict=True)]
    if [file for _, file in pairs].count("-") > 1:
        message = "two formats would share the standard output"
        raise InputError(Problem(message, help="give each --format an --output of its own"))
    return pairs


def _names(values: Sequence[str]) -> list[str]:
    return [name for value in values for name in value.split(",") if name]


def _write(report: Report, form: str, file: str) -> None:
    from blastlint.reporters import render  # noqa: PLC0415 -- loaded with its format

    if file == "-":
        sys.stdout.write(render(report, form, colour=_colour(sys.stdout.isatty())))
        sys.stdout.flush()
        return
    save(file, render(report, form))


def save(file: str, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    draft = f"{file}.{os.getpid()}.part"
    try:
        with open(draft, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as handle:
            handle.write(text)
        os.replace(draft, file)
    except OSError as error:
        message = f"cannot write {file}: {(error.strerror or 'unknown reason').lower()}"
        raise InputError(Problem(message, help="choose another --output")) from None


def _verdict_code(report: Report, fail_on: str) -> int:
    """Return the exit code: whether a finding is as grave as asked, and not accepted."""
    from blastlint.finding import SEVERITIES  # noqa: PLC0415 -- it is loaded by now

    if fail_on == "never":
        return JUDGED
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    found = any(f.severity in grave and f.waiver is None for f in report.findings)
    return FOUND if found else JUDGED


def reach_command(options: argparse.Namespace) -> int:
    """Tell everything that an agent can reach."""
    from blastlint.asking import reach_of  # noqa: PLC0415 -- loaded with its command

    sys.stdout.write(reach_of(options.paths, options.agent, options.to, options.format))
    return JUDGED


def grants_command(options: argparse.Namespace) -> int:
    """Tell what principals really hold, from evidence alone."""
    from blastlint.asking import grants_in  # noqa: PLC0415 -- loaded with its command

    sys.stdout.write(
        grants_in(
            options.kind,
            options.files,
            principal=options.principal,
            derive=options.derive,
            namespace=options.namespace,
            form=options.format,
        )
    )
    return JUDGED


def explain_command(options: argparse.Namespace) -> int:
    """Print the page of a rule."""
    from blastlint.manual import page  # noqa: PLC0415 -- loaded with its command

    sys.stdout.write(page(options.rule, options.rules))
    return JUDGED


def rules_command(options: argparse.Namespace) -> int:
    """List the rules."""
    from blastlint.manual import listing  # noqa: PLC0415 -- loaded with its command

    sys.stdout.write(listing(options.rules, options.format))
    return JUDGED


def schema_command(options: argparse.Namespace) -> int:
    """Print a schema."""
    from blastlint.data import schema_path  # noqa: PLC0415 -- loaded with its command

    with open(schema_path(options.name), encoding="utf-8") as file:
        sys.stdout.write(file.read())
    return JUDGED


def test_rules_command(options: argparse.Namespace) -> int:
    """Run the examples of a pack."""
    from blastlint.examples import run_examples  # noqa: PLC0415 -- loaded with its command
    from blastlint.rules import load_pack, load_rules  # noqa: PLC0415

    pack = load_pack(options.directory)
    known = {rule.id: rule for rule in (*load_rules(), *pack)}
    outcomes = list(run_examples(pack, tuple(known.values())))
    for outcome in outcomes:
        for fault in outcome.faults:
            sys.stdout.write(f"{outcome.rule} {outcome.name}: {fault}\n")
    failed = sum(bool(outcome.faults) for outcome in outcomes)
    passed = len(outcomes) - failed
    sys.stdout.write(f"{len(pack)} rules, {passed} examples passed, {failed} failed\n")
    return FOUND if failed or not outcomes else JUDGED


def today() -> date:
    """Return today's day in UTC: the one place that looks at the clock."""
    return datetime.now(UTC).date()


# --- options ------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    main = argparse.ArgumentParser(
        prog="blastlint",
        description="May this agent launch? blastlint compares what an AI agent is declared to do\n"
        "with what its credentials let it do, and asks who answers for the difference.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("-V", "--version", action="version", version=f"blastlint {__version__}")
    commands = main.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_check(commands)
    _add_reach(commands)
    _add_grants(commands)
    _add_explain(commands)
    _add_rules(commands)
    _add_schema(commands)
    _add_test_rules(commands)
    return main


Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(
    commands: Commands, name: str, run_: Callable[[argparse.Namespace], int], does: str
) -> argparse.ArgumentParser:
    made = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
    made.set_defaults(run=run_)
    return made


def _add_check(commands: Commands) -> None:
    add = _command(commands, "check", check_command, "judge inventories").add_argument
    add("paths", nargs="*", metavar="PATH", help="folder or file; this folder if left out")
    forms = ("text", "concise", "json", "sarif", "markdown", "html")
    add("-f", "--format", action="append", choices=forms, help="may be repeated; text if left out")
    add("-o", "--output", action="append", metavar="FILE", help="file of the n-th format")
    add("--as-of", type=_day, metavar="DAY", help="day of judgement, YYYY-MM-DD; today if left out")
    add("--rules", action="append", default=[], metavar="DIR", help="folder with further rules")
    add("--select", action="append", default=[], metavar="RULE,…", help="judge by these rules only")
    add("--ignore", action="append", default=[], metavar="RULE,…", help="leave these rules out")
    levels = ("error", "warning", "note", "never")
    add("--fail-on", choices=levels, default="error", help="findings that make the exit code 1")


def _add_reach(commands: Commands) -> None:
    command = _command(commands, "reach", reach_command, "tell everything an agent can reach")
    command.add_argument("agent", metavar="AGENT", help="id of the agent")
    command.add_argument("paths", nargs="*", metavar="PATH", help="inventory; this folder if left out")
    command.add_argument("--to", metavar="SYSTEM", default="", help="only what leads to this system")
    command.add_argument("-f", "--format", choices=("text", "json"), default="text")


def _add_grants(commands: Commands) -> None:
    does = "tell what principals really hold, from evidence alone"
    command = _command(commands, "grants", grants_command, does)
    command.add_argument("kind", metavar="KIND", help="kubernetes-rbac or mcp-tools")
    command.add_argument("files", nargs="+", metavar="FILE", help="files or folders")
    command.add_argument(
        "--for", dest="principal", default="", metavar="PRINCIPAL", help="only this principal"
    )
    command.add_argument("--derive", action="store_true", help="also tell what each can become")
    command.add_argument(
        "--namespace", default="", metavar="NS", help="where objects without one are applied"
    )
    command.add_argument("-f", "--format", choices=("text", "json"), default="text")


def _add_explain(commands: Commands) -> None:
    command = _command(commands, "explain", explain_command, "print the page of a rule")
    command.add_argument("rule", metavar="RULE", help="id of the rule")
    command.add_argument("--rules", action="append", default=[], metavar="DIR", help="further rules")


def _add_rules(commands: Commands) -> None:
    command = _command(commands, "rules", rules_command, "list the rules")
    command.add_argument("--rules", action="append", default=[], metavar="DIR", help="further rules")
    command.add_argument("-f", "--format", choices=("text", "json"), default="text")


def _add_schema(commands: Commands) -> None:
    command = _command(commands, "schema", schema_command, "print a JSON Schema")
    names = ("inventory", "inventory-part", "rule", "report")
    command.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))


def _add_test_rules(commands: Commands) -> None:
    does = "run the examples of a folder of rules"
    command = _command(commands, "test-rules", test_rules_command, does)
    command.add_argument("directory", metavar="DIR", help="folder with rules")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == len("YYYY-MM-DD") else _refuse_day(text)
    except ValueError:
        return _refuse_day(text)


def _refuse_day(text: str) -> date:
    raise argparse.ArgumentTypeError(f"'{text}' is not a day such as 2026-06-02")
