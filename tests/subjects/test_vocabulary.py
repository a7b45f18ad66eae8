"""The words that every condition may use, whatever its rule looks at."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from blastlint.check import check
from support import written

if TYPE_CHECKING:
    from pathlib import Path

RULE = """\
id: days
title: Days
severity: note
family: demo
each: credential
when: CONDITION
message: "{age(credential.rotated_at)} old, {until(credential.expires)} left on {today}"
why: Days count.
fix: Read.
refs: []
tags: []
examples: []
"""
INVENTORY = """\
agents: {agent: {ambient: [key]}}
credentials: {key: {rotated_at: 2026-05-01, expires: 2026-06-11, revocation: {}}}
"""
SAID = "32 d old, 9 d left on 2026-06-02"
"""What the rule says about that key on the second of June."""


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('age(credential.rotated_at) == duration("32d")', [("certain", SAID)]),
        ('until(credential.expires) == duration("9d")', [("certain", SAID)]),
        ("credential.rotated_at < today && today < credential.expires", [("certain", SAID)]),
        ("credential.expires <= today", []),
        (
            'age(credential.attestation.at) > duration("1d")',
            [("possible", "key does not state `attestation`, so this cannot be ruled out: Days")],
        ),
    ],
)
def test_days_are_counted_to_the_day_of_judgement(
    condition: str, said: list[tuple[str, str]], tmp_path: Path
) -> None:
    """A rule about ages is sure of what it says, unless nobody states the day."""
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "days.yaml").write_text(RULE.replace("CONDITION", condition))
    (tmp_path / "shop").mkdir()
    folder = written(INVENTORY, tmp_path / "shop")
    report = check(
        [str(folder)], as_of=date(2026, 6, 2), packs=[str(tmp_path / "pack")], select=["days"]
    )
    (judged,) = report.inventories
    assert [(found.certainty, found.message) for found in judged.findings] == said
