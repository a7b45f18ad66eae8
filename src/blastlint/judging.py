"""Judges what the command line asks for: from the disk or from git, anew or as it is kept."""

from __future__ import annotations

from blastlint.progress import now
from blastlint.source import watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from datetime import date

    from blastlint.cache import Cache, Kept
    from blastlint.finding import Report
    from blastlint.source import Look


def judged(
    options: argparse.Namespace, as_of: date, forms: Sequence[tuple[str, bool]]
) -> list[Kept]:
    """Return the report in every format, as it is kept or judged now.

    Args:
        options: what is asked for.
        as_of: the day of judgement.
        forms: formats, each with whether it is coloured.

    Raises:
        InputError: nothing can be judged.
    """
    asked = [as_of.isoformat(), options.rules, names(options.select), names(options.ignore)]
    cache = _cache(options, asked)
    if cache is None:
        return _judge(options, as_of, forms)
    keys = [f"{form} {colour}" for form, colour in forms]
    known = [cache.get(key) for key in keys]
    kept = [one for one in known if one]
    if len(kept) < len(keys):
        looks: list[Look] = []
        watch(looks)
        try:
            kept = _judge(options, as_of, forms)
        finally:
            watch(None)
        for key, one in zip(keys, kept, strict=True):
            cache.put(key, one, looks)
    return kept


def names(values: Sequence[str]) -> list[str]:
    """Return the names in a list whose members may hold several, with commas."""
    return [name for value in values for name in value.split(",") if name]


def _cache(options: argparse.Namespace, asked: object) -> Cache | None:
    """Return where answers are kept; what git is asked for is not."""
    from blastlint.cache import cache_for  # noqa: PLC0415 -- `--help` needs none of it

    return cache_for(options.paths, asked) if options.cache and not in_git(options) else None


def in_git(options: argparse.Namespace) -> bool:
    """Return whether git has a part in what is judged."""
    return bool(options.staged or options.new_from or options.trust_from)


def _judge(
    options: argparse.Namespace, as_of: date, forms: Sequence[tuple[str, bool]]
) -> list[Kept]:
    return rendered(_checked(options, as_of), forms)


def rendered(report: Report, forms: Sequence[tuple[str, bool]]) -> list[Kept]:
    """Return a report in every format, each with whether it is coloured."""
    from blastlint.cache import Kept  # noqa: PLC0415 -- it is loaded by now
    from blastlint.reporters import render  # noqa: PLC0415 -- loaded with its format

    now("writing the report")
    counting = {f.severity for f in report.findings if f.waiver is None and not f.known}
    open_ = tuple(sorted(counting))
    return [Kept(render(report, form, colour=colour), open_) for form, colour in forms]


def _checked(options: argparse.Namespace, as_of: date) -> Report:
    judging = {
        "as_of": as_of,
        "packs": options.rules,
        "select": names(options.select),
        "ignore": names(options.ignore),
        "gather": gathers(options),
    }
    if in_git(options):
        from blastlint.review import check_in_git  # noqa: PLC0415 -- loaded with git

        return check_in_git(
            options.paths,
            staged=options.staged,
            new_from=options.new_from,
            trust_from=options.trust_from,
            **judging,
        )
    from blastlint.check import check  # noqa: PLC0415 -- what is kept needs none of it

    return check(options.paths, **judging)


def gathers(options: argparse.Namespace) -> bool:
    """Return whether a format that is asked for tells more than findings."""
    from blastlint.reporters import GATHERED  # noqa: PLC0415 -- `--help` needs none of it

    return any(form in GATHERED for form, _ in options.outputs or ())
