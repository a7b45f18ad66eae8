"""The commands: each calls the one function that answers, and writes the answer."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime

from blastlint.judging import judged, names, rendered
from blastlint.output import coloured, complain, on_terminal, say, write_all
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from blastlint.finding import Report

JUDGED, FOUND = 0, 1
"""Exit codes: ready; blocked or cannot tell."""


def init_command(options: argparse.Namespace) -> int:
    """Draft an inventory, or bring one up to date."""
    from blastlint.drafting import draft_inventory, put_down  # noqa: PLC0415 -- as below
    from blastlint.drafting.telling import told  # noqa: PLC0415 -- loaded with its command

    done = draft_inventory(
        options.sources,
        options.output,
        options.agent,
        options.owner,
        options.runs_as,
        options.as_of or today(),
    )
    if options.diff:
        say(done.diff())
        return FOUND if done.is_changed else JUDGED
    put_down(done)
    say(told(done))
    return JUDGED


def check_command(options: argparse.Namespace) -> int:
    """Judge inventories, and write the report in every format that is asked for."""
    if options.fix or options.diff or options.unsafe:
        return _fix(options)
    outputs = _outputs(options)
    kept = judged(options, options.as_of or today(), _forms(outputs))
    write_all([(file, one.text) for (_, file), one in zip(outputs, kept, strict=True)])
    return _verdict_code(kept[0].severities, options.fail_on)


def _fix(options: argparse.Namespace) -> int:
    """Make repairs, and judge what is left; or show what they would change."""
    from blastlint.fixing import fixed, refuse_beside  # noqa: PLC0415 -- loaded when it is asked for

    refuse_beside(options)
    outputs = _outputs(options)
    done = fixed(options, options.as_of or today())
    if options.diff:
        say(done.diff())
        complain(done.summary())
        return FOUND if done.changes else JUDGED
    done.write()
    complain(done.summary())
    kept = rendered(done.judged(), _forms(outputs))
    write_all([(file, one.text) for (_, file), one in zip(outputs, kept, strict=True)])
    return _verdict_code(kept[0].severities, options.fail_on)


def _forms(outputs: Sequence[tuple[str, str]]) -> list[tuple[str, bool]]:
    """Return each format, with whether it is coloured."""
    return [(form, file == "-" and coloured(sys.stdout)) for form, file in outputs]


def diff_command(options: argparse.Namespace) -> int:
    """Tell what a change lets an agent newly reach, in every format that is asked for."""
    from blastlint.reporters import changes  # noqa: PLC0415 -- loaded with its command
    from blastlint.review import review  # noqa: PLC0415
    from blastlint.selection import Selection  # noqa: PLC0415
    from blastlint.values import replace  # noqa: PLC0415

    outputs = _outputs(options)
    found = review(
        options.base,
        options.head,
        options.paths,
        as_of=options.as_of or today(),
        packs=options.rules,
        selection=Selection(names(options.select), names(options.ignore)),
        trust_base=options.trust_base,
    )
    comparison = replace(found, fail_on=options.fail_on)
    texts = [changes.render(comparison, form, colour=colour) for form, colour in _forms(outputs)]
    write_all([(file, text) for (_, file), text in zip(outputs, texts, strict=True)])
    return FOUND if comparison.fails else JUDGED


def baseline_command(options: argparse.Namespace) -> int:
    """Write or update the baseline of every inventory."""
    from blastlint.known import note_known  # noqa: PLC0415 -- loaded with its command

    noted = note_known(
        options.paths,
        as_of=options.as_of or today(),
        packs=options.rules,
        select=names(options.select),
        ignore=names(options.ignore),
    )
    said = "".join(one.said for one in noted)
    write_all([*((one.file, one.text) for one in noted), ("-", said)])
    return JUDGED


def _outputs(options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return each format with its file: the `--output` that follows its `--format`."""
    said = options.outputs or []
    if not any(form for form, _ in said):
        said = [("text", ""), *said]
    pairs: list[tuple[str, str]] = []
    for form, file in said:
        if form:
            pairs.append((form, "-"))
        elif not pairs or pairs[-1][1] != "-":
            message = f"--output {file} does not follow a --format of its own"
            raise InputError(Problem(message, help="write each --output after its --format"))
        else:
            pairs[-1] = (pairs[-1][0], file)
    _refuse_sharing([file for _, file in pairs])
    return pairs


def _refuse_sharing(files: Sequence[str]) -> None:
    names = [file if file == "-" else os.path.realpath(file) for file in files]
    twice = next((file for file in names if names.count(file) > 1), None)
    if twice is not None:
        shared = "the standard output" if twice == "-" else "one file"
        message = f"two formats would share {shared}"
        raise InputError(Problem(message, help="give each --format an --output of its own"))


def _verdict_code(severities: Sequence[str], fail_on: str) -> int:
    """Return the exit code: whether a finding is as grave as asked, not accepted, not known."""
    if fail_on == "never":
        return JUDGED
    grave = ("error", "warning", "note")
    found = not set(severities).isdisjoint(grave[: grave.index(fail_on) + 1])
    return FOUND if found else JUDGED


def reach_command(options: argparse.Namespace) -> int:
    """Tell everything that an agent can reach."""
    from blastlint.asking import reach_of  # noqa: PLC0415 -- loaded with its command

    say(reach_of(options.paths, options.agent, options.to, options.format))
    return JUDGED


def sheet_command(options: argparse.Namespace) -> int:
    """Print or write what whoever is paged needs in the first hour."""
    from blastlint.first_hour import sheets  # noqa: PLC0415 -- loaded with its command

    colour = options.output == "-" and coloured(sys.stdout)
    made = sheets(
        _whole_report(options, options.inventory),
        options.agent,
        options.tool,
        reader=options.reader,
        started=options.started_at,
        run=options.run,
        form=options.format,
        colour=colour,
    )
    write_all([(options.output, made)])
    return JUDGED


def report_command(options: argparse.Namespace) -> int:
    """Write the page of a report: of inventories, or of a saved report."""
    from blastlint.reporters import render, saved  # noqa: PLC0415 -- loaded with its command

    since = saved.load(options.since) if options.since else None
    page = render(_whole_report(options, options.paths), "html", since=since)
    write_all([(options.output, page)])
    return JUDGED


def _whole_report(options: argparse.Namespace, paths: Sequence[str]) -> Report:
    """Return a saved report, or judge inventories now."""
    if options.saved:
        from blastlint.reporters import saved  # noqa: PLC0415 -- loaded with its command

        _refuse_both(options, paths)
        return saved.load(options.saved)
    from blastlint.check import check  # noqa: PLC0415 -- a saved report needs none of it

    as_of = options.as_of or today()
    select, ignore = names(options.select), names(options.ignore)
    return check(paths, as_of=as_of, packs=options.rules, select=select, ignore=ignore)


def _refuse_both(options: argparse.Namespace, paths: Sequence[str]) -> None:
    """Refuse what would be judged beside a saved report: it says all that there is to say."""
    judging = (options.as_of, options.rules, options.select, options.ignore, paths)
    if any(judging):
        message = "--from tells what a saved report says: nothing is judged anew"
        help_ = "leave out the inventories, --as-of, --rules, --select and --ignore"
        raise InputError(Problem(message, help=help_))


def grants_command(options: argparse.Namespace) -> int:
    """Tell what principals really hold, from evidence alone."""
    from blastlint.granted import grants_in  # noqa: PLC0415 -- loaded with its command

    say(
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

    say(page(options.rule, options.rules))
    return JUDGED


def rules_command(options: argparse.Namespace) -> int:
    """List the rules."""
    from blastlint.manual import listing  # noqa: PLC0415 -- loaded with its command

    say(listing(options.rules, options.format, options.profile))
    return JUDGED


def schema_command(options: argparse.Namespace) -> int:
    """Print a schema."""
    from blastlint.data import schema_path  # noqa: PLC0415 -- loaded with its command

    with open(schema_path(options.name), encoding="utf-8") as file:
        say(file.read())
    return JUDGED


def lsp_command(_: argparse.Namespace) -> int:
    """Serve an editor until it says goodbye."""
    try:
        from blastlint.lsp.server import serve  # noqa: PLC0415 -- loaded with its command
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith(("pygls", "lsprotocol")):
            raise
        message = "the language server needs a library that is not installed"
        help_ = "install it: pip install 'blastlint[lsp]'"
        raise InputError(Problem(message, help=help_)) from None
    if on_terminal(sys.stdin):
        complain("an editor starts this command and speaks with it; Ctrl-C ends it\n")
    serve(today)
    return JUDGED


def test_rules_command(options: argparse.Namespace) -> int:
    """Run the examples of a pack."""
    from blastlint.examples import run_examples  # noqa: PLC0415 -- loaded with its command
    from blastlint.reporters.words import count  # noqa: PLC0415
    from blastlint.rules import load_pack, load_rules  # noqa: PLC0415

    pack = load_pack(options.directory)
    known = {rule.id: rule for rule in (*load_rules(), *pack)}
    outcomes = list(run_examples(pack, tuple(known.values())))
    for outcome in outcomes:
        for fault in outcome.faults:
            say(f"{outcome.rule} {outcome.name}: {fault}\n")
    failed = sum(bool(outcome.faults) for outcome in outcomes)
    passed = len(outcomes) - failed
    say(f"{count(len(pack), 'rule')}, {count(passed, 'example')} passed, {failed} failed\n")
    return FOUND if failed or not outcomes else JUDGED


def ids_command(options: argparse.Namespace) -> int:
    """List ids."""
    from blastlint.ids import ids_of  # noqa: PLC0415 -- loaded with its command

    say(ids_of(options.section, options.paths))
    return JUDGED


def completion_command(options: argparse.Namespace) -> int:
    """Print the completion of a shell."""
    from blastlint.data import completion_path  # noqa: PLC0415 -- loaded with its command

    with open(completion_path(options.shell), encoding="utf-8") as file:
        say(file.read())
    return JUDGED


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "init": init_command,
    "check": check_command,
    "diff": diff_command,
    "baseline": baseline_command,
    "report": report_command,
    "sheet": sheet_command,
    "reach": reach_command,
    "grants": grants_command,
    "explain": explain_command,
    "rules": rules_command,
    "schema": schema_command,
    "lsp": lsp_command,
    "test-rules": test_rules_command,
    "ids": ids_command,
    "completion": completion_command,
}


def today() -> date:
    """Return today's day in UTC: the one place that looks at the clock."""
    return datetime.now(UTC).date()
