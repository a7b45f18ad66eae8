"""The words of a condition: the cells of an inventory, and what is worked out from them.

Every part of the inventory is a record of the condition language, field for field; each of
`MODULES` adds the facts that it works out. A reference is followed, so that `tool.system.owner`
reads on.
"""

from __future__ import annotations

from functools import cache
from math import inf

from blastlint.expression import (
    BOOL,
    DAY,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    Environment,
    Field,
    Function,
    NotStated,
    Type,
    enum_of,
    list_of,
    map_of,
    record_of,
)
from blastlint.inventory.record import state
from blastlint.inventory.shape import shape
from blastlint.subjects import (
    attested,
    authority,
    clocks,
    comparison,
    derived,
    entities,
    guarded,
    offered,
    people,
    promises,
    repeats,
    responding,
    rollback,
    rollout,
    serving,
    stopping,
)
from blastlint.subjects.answer import NAMES, Answer, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from blastlint.inventory import shape as shapes

MODULES = (
    entities,
    derived,
    authority,
    comparison,
    guarded,
    people,
    repeats,
    promises,
    rollout,
    serving,
    clocks,
    rollback,
    attested,
    offered,
    responding,
    stopping,
)
"""Who says what a rule can look at: each names kinds of subjects, and records with their facts."""

THRESHOLDS = {
    "min_rotation_members": INT,
    "max_attestation_age": DURATION,
    "drill_max_age": DURATION,
    "detection_lag": DURATION,
    "max_attempts": INT,
    "max_undetected_effects": INT,
    "max_pilot_users": INT,
    "approval_required_for": NAMES,
    "max_release_lag": DURATION,
    "max_observation_age": DURATION,
    "sunset_notice": DURATION,
    "min_evidence_retention": DURATION,
    "calendar_max_age": DURATION,
    "horizon": DURATION,
    "max_credential_lifetime": DURATION,
    "max_waiver_span": DURATION,
    "waiver_notice": DURATION,
}
"""The policy's thresholds, every one with a value: `policy` in a condition."""

_SCALARS = {
    "flag": BOOL,
    "whole": INT,
    "number": DOUBLE,
    "rate": DOUBLE,
    "duration": DURATION,
    "day": DAY,
}

_COMPOUND = frozenset({"part", "list", "map", "either"})
"""Kinds of values that a condition does not see as they are."""

_NAMED = frozenset(part for _, part in entities.SECTIONS.values())


@cache
def records() -> Mapping[str, Mapping[str, Field]]:
    """Return every record that a condition can speak of, by name."""
    found = {name: _cells(shape().part(name)) for name in shape().names}
    thresholds = THRESHOLDS.items()
    found["Thresholds"] = {name: _attribute(name, type_) for name, type_ in thresholds}
    for name, fields in _worked_out():
        found.setdefault(name, {}).update(
            {key: Field(answer.type, _derived(key, answer)) for key, answer in fields.items()}
        )
    return found


def _worked_out() -> Iterator[tuple[str, Mapping[str, Answer]]]:
    for module in MODULES:
        yield from module.RECORDS.items()


@cache
def environment(each: str, record: str) -> Environment:
    """Return the names in scope of a rule that looks at each `record` under the name `each`.

    Args:
        each: name of the subject in the rule.
        record: record that the subject is.
    """
    return Environment(
        {each: record_of(record), "policy": record_of("Thresholds"), "today": DAY},
        records(),
        {
            "age": Function((DAY,), DURATION, lambda today, day: today - day, "today"),
            "until": Function((DAY,), DURATION, lambda today, day: day - today, "today"),
        },
    )


def _cells(part: shapes.PartShape) -> dict[str, Field]:
    fields = {name: Field(_type(f.type), _cell(name, f.type)) for name, f in part.fields.items()}
    if part.name in _NAMED:
        fields["id"] = Field(STRING, lambda view: view.id)  # type: ignore[attr-defined]
    return fields


def _cell(name: str, type_: shapes.Type) -> Callable[[object], object]:
    """Return the function that reads one cell of a record: a value, None, or what is missing."""
    plain = not type_.ref and type_.kind not in _COMPOUND

    def get(view: object) -> object:
        record = view.value  # type: ignore[attr-defined]
        value = record.__dict__.get(name)  # as `cells` gives them, without the call
        if value is not None:
            return value if plain else _kept(view, type_, value)
        return None if state(record, name) == "null" else NotStated(((record, name),))

    def _kept(view: object, type_: shapes.Type, value: object) -> object:
        known = view.known  # type: ignore[attr-defined]
        if name not in known:
            known[name] = _shown(view, type_, value)
        return known[name]

    return get


def _shown(view: object, type_: shapes.Type, value: object) -> object:
    """Return a cell's value as a condition sees it: references followed, parts as views."""
    facts = view.facts  # type: ignore[attr-defined]
    if type_.ref and not type_.prefixes:
        section = getattr(facts.inventory, type_.ref)
        return View(facts, section[value]) if value in section else None
    if type_.kind == "part":
        return View(facts, value)
    if type_.kind == "list" and type_.items:
        items = [_shown(view, type_.items, item) for item in value]  # type: ignore[attr-defined]
        return [item for item in items if item is not None]
    if type_.kind == "map" and type_.items:
        return {k: _shown(view, type_.items, v) for k, v in value.items()}  # type: ignore[attr-defined]
    return _chosen(view, type_, value) if type_.kind == "either" else value


def _chosen(view: object, type_: shapes.Type, value: object) -> object:
    """Return the value of a cell with alternatives: the first kind of it decides its type."""
    first = type_.options[0]
    if first.kind == "whole":
        return inf if isinstance(value, str) else value
    return _shown(view, first, value)


def _type(type_: shapes.Type) -> Type:
    """Return the condition language's type of a cell."""
    if type_.ref and not type_.prefixes:
        return record_of(shape().sections[type_.ref])
    if type_.kind == "part":
        return record_of(type_.part)
    if type_.kind == "choice":
        words = [c for c in type_.choices if isinstance(c, str)]
        return enum_of(*words) if words else BOOL if type_.choices[0] is True else INT
    if type_.kind in {"list", "map"} and type_.items:
        return (list_of if type_.kind == "list" else map_of)(_type(type_.items))
    if type_.kind == "either":
        return DOUBLE if type_.options[0].kind == "whole" else _type(type_.options[0])
    return _SCALARS.get(type_.kind, STRING)


def _attribute(name: str, type_: Type) -> Field:
    return Field(type_, lambda view: getattr(view, name))


def _derived(name: str, answer: Answer) -> Callable[[object], object]:
    """Return the function that works a fact out for a view, once."""
    work_out = answer.work_out

    def get(view: object) -> object:
        known = view.known  # type: ignore[attr-defined]
        if name not in known:
            known[name] = work_out(view.facts, view.value)  # type: ignore[attr-defined]
        return known[name]

    return get
