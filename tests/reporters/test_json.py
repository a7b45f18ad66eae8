"""The JSON format keeps its published contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from blastlint import dossier
from blastlint.reporters import render
from blastlint.reporters.comparison_contract import comparison_schema
from blastlint.reporters.contract import report_schema
from blastlint.reporters.json import dumps
from blastlint.reporters.saved import from_json
from reporters.reports import (
    HOSTILE,
    clean_report,
    poisoned,
    refund_report,
    two_report,
    waived_report,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from blastlint.finding import Report

GOLDEN = Path(__file__).parent / "golden"

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "report.schema.json"
REPORTS = [refund_report, clean_report, two_report, waived_report]


def validator() -> Draft202012Validator:
    """Return a validator of the committed schema that can fetch nothing."""
    schema = json.loads(SCHEMA.read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(
        schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def test_schema_is_generated(golden: Callable[[Path, str], None]) -> None:
    """The committed schema is the one that the contract's models give."""
    golden(SCHEMA, dumps(report_schema()))
    golden(SCHEMA.with_name("comparison.schema.json"), dumps(comparison_schema()))


def test_golden(golden: Callable[[Path, str], None]) -> None:
    """The JSON of a report changes only on purpose."""
    golden(GOLDEN / "refund_report.json", render(refund_report(), "json"))


@pytest.mark.parametrize("report", REPORTS)
def test_valid(report: Callable[[], Report]) -> None:
    """Every report follows the committed schema."""
    validator().validate(json.loads(render(report(), "json")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept(text: str) -> None:
    """Any text survives: still valid, ASCII, and read back as it was."""
    report = poisoned(refund_report(), text)
    out = render(report, "json")
    assert out.isascii()
    assert from_json(out) == report
    validator().validate(json.loads(out))


def test_nothing_is_added_or_left_out() -> None:
    """The schema refuses an unknown field and asks for every known one."""
    report = json.loads(render(refund_report(), "json"))
    assert not validator().is_valid(report | {"extra": 1})
    assert not any(
        validator().is_valid({name: value for name, value in report.items() if name != left_out})
        for left_out in report
    )


@pytest.mark.parametrize("report", REPORTS)
def test_saved_report_reads_back(report: Callable[[], Report]) -> None:
    """A saved report gives the same report, so every format can be made of it later."""
    assert from_json(render(report(), "json")) == report()


def test_other_contract_is_refused() -> None:
    """A report of another version is not guessed at."""
    with pytest.raises(ValueError, match="report/v9"):
        from_json('{"schema": "blastlint.report/v9"}')


def test_every_field_of_a_dossier_says_what_it_is() -> None:
    """Whoever reads the JSON without blastlint at hand reads its meaning in the schema."""
    schema = json.loads(SCHEMA.read_bytes())
    classes = {kind for kind in vars(dossier).values() if hasattr(kind, "__match_args__")}
    silent = [
        f"{kind.__name__}.{name}"
        for kind in classes
        for name, field in schema["$defs"][kind.__name__]["properties"].items()
        if not field.get("description")
    ]
    assert silent == []
