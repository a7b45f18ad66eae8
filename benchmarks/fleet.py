"""Makes a fleet: one inventory with every section and every field there is, as large as asked.

What it holds is made from the shape of inventories, so a new field or section is in it at once.
Most cells hold a value, some hold null, some are open, some are missing: rules speak, ask and keep
quiet. As a command, it judges a fleet and prints the seconds that each rule takes, as JSON:

    python benchmarks/fleet.py FOLDER
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import date
from time import process_time
from typing import TYPE_CHECKING, Any

import yaml

from blastlint.check import facts_of
from blastlint.expression import Budget
from blastlint.inventory.loading import load
from blastlint.inventory.shape import shape
from blastlint.judge import draft
from blastlint.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blastlint.inventory.shape import Field, Type

AS_OF = "2026-06-02"
"""Day of judgement."""
TOOLS = 50
"""Tools of one desk: an agent or two, their systems and their people."""
SIZES = {"agents": 2, "tools": TOOLS, "systems": 5, "credentials": 5, "audit_logs": 5}
"""Entities of one desk by section; three where nothing else is said."""
APART = frozenset({"waivers", "evidence"})
"""Sections that need files or findings to speak of."""
STATED, NULL, OPEN = 0.95, 0.97, 0.98
"""Of optional cells so many hold a value; up to the next, null; up to the last, `unknown`."""
MOST = 2
"""Parts of a list."""
STEPS = 10**12
"""Enough for every condition: here nobody waits for an answer."""
WORDS: dict[str, Sequence[Any]] = {
    "resources": ("orders", "refunds"),
    "actions": ("read", "change"),
    "cron": ("0 2 * * *", "30 4 * * 1"),
    "rrule": ("FREQ=DAILY;BYHOUR=2", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "start": ("2026-05-29T17:00", "2026-06-26T17:00"),
    "end": ("2026-06-30T09:00", "2026-07-06T09:00"),
}
"""What stands in a text or a local time of that name, where any would be no use."""
OWN = frozenset({"principal", "id", "registered_name"})
"""Texts by which a desk's own things are known elsewhere: no other desk has them."""
VALUES: dict[str, Sequence[Any]] = {
    "text": ("a", "b", "2.4.0"),
    "words": ("as agreed with the owner",),
    "flag": (True, False),
    "whole": (0, 1, 2, 3, 5, 10),
    "number": (0.5, 0.9, 0.99, 1),
    "duration": ("5s", "10m", "4h", "24h", "30d", "90d", "400d"),
    "day": ("2025-01-01", "2026-05-20", "2026-06-20", "2027-01-01"),
    "rate": ("2/h", "20/min"),
    "time-zone": ("UTC", "Europe/London", "America/New_York"),
    "clock": ("00:00", "17:30"),
    "hours": ("09:00-18:00",),
    "week-hours": ("Mon-Fri 09:00-18:00", "24x7"),
    "currency": ("EUR",),
    "action": ("read", "change"),
    "subject": ("tool:a",),
    "id": ("a", "b"),
}
"""Scalar type to values."""


class Desk:
    """One part of the fleet; what it refers to lies within it."""

    def __init__(self, number: int, seed: int) -> None:
        """Choose by a seed."""
        self.dice = random.Random(f"{seed}/{number}")
        self.number = number

    def ids(self, section: str) -> list[str]:
        """Return the ids of a section."""
        return [f"{section}-{self.number}-{at}" for at in range(SIZES.get(section, 3))]

    def sections(self) -> dict[str, dict[str, Any]]:
        """Return every entity, by section and id."""
        parts = {name: part for name, part in shape().sections.items() if name not in APART}
        return {
            name: {one: self.part(part) for one in self.ids(name)} for name, part in parts.items()
        }

    def part(self, name: str) -> dict[str, Any]:
        """Return a part with most of its fields."""
        found = {}
        for field in shape().part(name).fields.values():
            if (field.type.items or field.type).ref in APART:
                continue
            state = self.dice.random() if not field.required else 0
            if state < STATED:
                found[field.name] = self.cell(field)
            elif field.may_be_open and state < OPEN:
                found[field.name] = None if state < NULL else {"unknown": True}
        return found

    def cell(self, field: Field) -> Any:  # noqa: ANN401 -- whatever YAML can hold
        """Return the value of a field."""
        kind = field.type.items if field.type.items and not field.type.keys else field.type
        if field.name in WORDS and kind.kind in {"text", "words", "action", "local-time"}:
            chosen = self.dice.choice(WORDS[field.name])
            return [chosen] if kind is not field.type else chosen
        if field.name in OWN and kind.kind == "text":
            return f"{field.name}-{self.number}-{self.dice.randrange(TOOLS)}"
        if field.name == "agents":
            return [self.dice.choice(self.ids("agents"))]
        return self.value(field.type)

    def value(self, kind: Type) -> Any:  # noqa: ANN401 -- as above
        """Return a value of a type."""
        if kind.prefixes:
            prefix = self.dice.choice(sorted(kind.prefixes))
            section = kind.prefixes[prefix]
            return f"{prefix}:{self.dice.choice(self.ids(section)) if section else 'somebody'}"
        if kind.ref:
            return self.dice.choice(self.ids(kind.ref))
        return self.many(kind) if kind.items else self.single(kind)

    def many(self, kind: Type) -> Any:  # noqa: ANN401 -- as above
        """Return a list or a map."""
        items = [self.value(kind.items) for _ in range(MOST)] if kind.items else []
        return {f"key-{at}": one for at, one in enumerate(items)} if kind.keys else items

    def single(self, kind: Type) -> Any:  # noqa: ANN401 -- as above
        """Return a value that is no list, no map and no reference."""
        if kind.kind == "either":
            return self.value(self.dice.choice(kind.options))
        if kind.kind == "part":
            return self.part(kind.part)
        return self.dice.choice(kind.choices or VALUES[kind.kind])


def write(folder: str, tools: int, seed: int = 1) -> int:
    """Write a fleet of about so many tools into a folder; return how many bytes."""
    os.makedirs(folder)
    written = _write(folder, "inventory.yaml", {"version": 1, "name": "fleet"})
    for number in range(max(1, tools // TOOLS)):
        written += _write(folder, f"desk-{number}.yaml", Desk(number, seed).sections())
    return written


def _write(folder: str, name: str, value: object) -> int:
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, width=100)
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="\n") as file:
        return file.write(text)


def measured(folder: str) -> dict[str, Any]:
    """Judge a fleet; return the seconds of CPU and the findings of each rule, in their order.

    What several rules ask for is worked out for the first of them, and is part of its time.
    """
    (inventory,) = load([folder])
    facts, _ = facts_of(inventory, date.fromisoformat(AS_OF))
    told = {}
    for rule in load_rules():
        start = process_time()
        found = sum(1 for _ in draft([rule], facts, Budget(STEPS)))
        told[rule.id] = {"seconds": process_time() - start, "found": found}
    return {"tools": len(inventory.tools), "rules": told}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
