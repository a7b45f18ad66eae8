"""What is wrong in a file is said with its place, what was expected and what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import problems_of

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "tools: {t: {reversable: 1}}": "1:13 unknown field 'reversable'; did you mean 'reversibility'?",
    "evidence: {e: {kind: k, files: [], owner: x}}": (
        "unknown field 'owner'; it is a field of agents, systems, credentials"
    ),
    "teams: {t: {staff: 5}}": (
        "unknown field 'staff'; fields here: attestation, members, entitlements"
    ),
    "tools: {t: {timeout: '24'}}": (
        "1:22 expected a duration such as 30s, 15m, 24h or 30d, found '24'; "
        "write a number and a unit: ms, s, m, h or d"
    ),
    "tools: {t: {timeout: 24}}": (
        "expected a duration such as 30s, 15m, 24h or 30d, found the number 24; "
        "write a number and a unit: ms, s, m, h or d"
    ),
    "tools: {t: {effect: raed}}": (
        "expected one of read, append, mutate, destroy, spend, notify, execute, grant, "
        "found 'raed'; did you mean 'read'?"
    ),
    "tools: {t: {registered_name: true}}": "expected text, found true; put it in quotes",
    "tools: {t: {requires: [{resources: refunds}]}}": (
        "1:36 expected a list, found 'refunds'; write it as a list: [...]"
    ),
    "tools: [{id: t}]": (
        "expected a map by id, found a list; "
        "write a map: the id is the key, its fields stand below it"
    ),
    "tools: {t: {idempotency: key}}": (
        "expected a map, found 'key'; fields here: strategy, key, window, scope, on_mismatch, "
        "precondition, tested_at"
    ),
    "tools: {t: {max_amount: {value: 5}}}": (
        "1:13 the field 'currency' is missing; add 'currency': ISO 4217 code"
    ),
    "tools:": "expected a map by id, found nothing; remove the line, or write a value",
    "tools: {t: }": (
        "expected a map, found nothing"
    ),
    "teams: {'a b': {}}": (
        "1:9 expected an id such as payments-oncall, found 'a b'; "
        "ids are made of letters, digits and . _ / : @ -, at most 128"
    ),
    "teams: {t: {members: -1}}": "expected a whole number from 0, found the number -1",
    "teams: {t: {members: 1.5}}": "expected a whole number from 0, found the number 1.5",
    "systems: {s: {availability: 99.9}}": (
        "expected a number from 0 to 1, found the number 99.9"
    ),
    "runbooks: {r: {last_drill: {at: 2026-02-30}}}": "'2026-02-30' is no day of the calendar",
    "runbooks: {r: {last_drill: {at: tomorrow}}}": (
        "expected a day such as 2026-06-02, found 'tomorrow'"
    ),
    "runbooks: {r: {last_drill: {by: sre}}}": (
        "expected one of agent:ID, channel:NAME, mailbox:NAME, person:NAME, policy:ID, "
        "rotation:ID, service:NAME, team:ID, webhook:NAME, found 'sre'"
    ),
    "tools: {t: {effect: {unknown: false}}}": (
        "found a map; a cell that nobody knows yet says 'unknown: true'"
    ),
    "tools: {t: {idempotency: {unknown: yes}}}": (
        "unknown field 'unknown'; a cell that nobody knows yet says 'unknown: true'"
    ),
    "policy: {max_attempts: {unknown: true}}": (
        "this cannot be unknown: write it, or leave out what it belongs to"
    ),
    "policy: {rules: {ungated-read: of}}": (
        "expected one of off, error, warning, note, found 'of'; did you mean 'off'?"
    ),
    "retry_profiles: {r: {layers: [{layer: sdk, max_attempts: many}]}}": (
        "expected a whole number from 0 or unlimited, found 'many'"
    ),
    "waivers: {w: {rule: r, subject: 'tool:t', reason: '', approved_by: x, expires: 2026-07-01}}": (
        "expected some words, found ''"
    ),
    "apiVersion: v1\nkind: Role": (
        "1:1 a file with 'apiVersion' is no part of an inventory; "
        "files of other programs belong in a folder named evidence"
    ),
    "rotations: {r: {time_zone: Europe/Londn}}": (
        "there is no time zone 'Europe/Londn'; did you mean 'Europe/London'?"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_what_is_said(text: str, tmp_path: Path) -> None:
    """The message is short and concrete, and names the next step where it can be told."""
    (problem,) = problems_of(text, tmp_path)
    place = problem.location
    assert place is not None
    expected = CASES[text]
    head = len("version: 1\nname: example\n".splitlines())
    said = f"{place.span.line - head}:{place.span.column} {problem.message}"
    assert expected in f"{said}; {problem.help}"


def test_reading_never_stops_at_the_first(tmp_path: Path) -> None:
    """Whoever corrects everything that was said is done."""
    found = problems_of(
        "teams: {a: {members: x}, b: {size: 1}}\ntools: {t: {effect: raed, timeout: 5}}", tmp_path
    )
    assert [problem.message[:24] for problem in found] == [
        "expected a whole number ",
        "unknown field 'size'",
        "expected one of read, ap",
        "expected a duration such",
    ]


def test_a_hopeless_file_is_cut_short(tmp_path: Path) -> None:
    """Two hundred problems of one file are enough to see what is wrong with it."""
    found = problems_of("\n".join(f"wrong{number}: 1" for number in range(5000)), tmp_path)
    assert len(found) == 201
    assert found[-1].message == "more problems follow in this file"


def test_long_texts_are_refused(tmp_path: Path) -> None:
    """A cell is for people."""
    (problem,) = problems_of(f"tools: {{t: {{registered_name: {'x' * 5000}}}}}", tmp_path)
    assert problem.message == "expected at most 4096 characters, found 5000"
