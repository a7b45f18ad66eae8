"""What decides about a report, and was otherwise before: waivers, policy and evidence."""

from __future__ import annotations

from blastlint.compare.reach import rows_of
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal

    from blastlint.finding import InventoryReport, Report, Waiver


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """Something that a policy says, and said otherwise before."""

    inventory: str
    name: str
    """Threshold, `profile`, or `rules.ID`."""
    before: str
    after: str
    """Empty: it says nothing of it."""
    looser: bool
    """Whether less is asked than before."""


@dataclass(frozen=True, slots=True)
class WaiverChange:
    """A waiver that is new, gone, or lasts longer or shorter than before."""

    inventory: str
    kind: Literal["new", "gone", "longer", "shorter", "changed"]
    waiver: Waiver
    """As it is; as it was, if it is gone."""


@dataclass(frozen=True, slots=True)
class EvidenceChange:
    """Evidence of a system that is no longer read, or of which fewer files are."""

    inventory: str
    kind: str
    """Kind of evidence."""
    system: str
    files: tuple[str, ...]
    """The files that are no longer read, sorted."""
    blind: bool
    """Whether less is known than before: no file of it is left, or reach shrank with the files."""


def waiver_changes(old: InventoryReport, new: InventoryReport) -> Iterator[WaiverChange]:
    """Yield the waivers that are new, gone, or hold otherwise than before."""
    before = {(waiver.rule, waiver.subject): waiver for waiver in old.waivers}
    after = {(waiver.rule, waiver.subject): waiver for waiver in new.waivers}
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        if was is None and now is not None:
            yield WaiverChange(new.name, "new", now)
        elif now is None and was is not None:
            yield WaiverChange(new.name, "gone", was)
        elif was is not None and now is not None:
            yield from _waiver_change(new.name, was, now)


def _waiver_change(inventory: str, was: Waiver, now: Waiver) -> Iterator[WaiverChange]:
    if was.expires != now.expires:
        longer = now.expires > was.expires
        yield WaiverChange(inventory, "longer" if longer else "shorter", now)
    elif (was.reason, was.approved_by) != (now.reason, now.approved_by):
        yield WaiverChange(inventory, "changed", now)


def policy_changes(
    old: InventoryReport, new: InventoryReport, base: Report
) -> Iterator[PolicyChange]:
    """Yield what a policy says otherwise than before; of rules, `base` knows the usual severity."""
    before, after = dict(old.policy), dict(new.policy)
    usual = {f"rules.{rule.id}": rule.severity for rule in base.rules}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, ""), after.get(name, "")
        if was != now:
            looser = _is_looser(name, was or usual.get(name, ""), now or usual.get(name, ""))
            yield PolicyChange(new.name, name, was, now, looser)


_GROWING = {
    "profile": ("regulated", "production", "pilot"),
    "rules": ("error", "warning", "note", "off"),
}
"""What grows looser from left to right."""


def _is_looser(name: str, was: str, now: str) -> bool:
    """Return whether a policy asks for less than before; not known means yes."""
    scale = _GROWING.get(name.partition(".")[0])
    if scale:
        return was not in scale or now not in scale or scale.index(now) > scale.index(was)
    before, after = _amount(was), _amount(now)
    if before is not None and after is not None:
        asks_more_if_larger = name.startswith("min_") or name in _LARGER
        return after < before if asks_more_if_larger else after > before
    return not set(was.split(", ")) <= {"", *now.split(", ")}


_LARGER = {"detection_lag", "horizon", "sunset_notice", "waiver_notice"}
"""Durations of which more asks for more: what goes unseen for longer, or is told earlier."""


def _amount(text: str) -> int | None:
    """Return a number, or a duration in seconds; none for what is neither."""
    units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    number, unit = (text[:-1], units[text[-1]]) if text[-1:] in units else (text, 1)
    return int(number) * unit if number.isascii() and number.isdecimal() else None


def evidence_changes(old: InventoryReport, new: InventoryReport) -> Iterator[EvidenceChange]:
    """Yield the evidence that is missed: a file that moved or was written anew is not."""
    before, after = _files(old), _files(new)
    for kind, system in sorted(before):
        was, now = before[kind, system], after.get((kind, system), ())
        if len(now) < len(was):
            lost = tuple(sorted(set(was) - set(now)))
            blind = not now or _shrank(system, old, new)
            yield EvidenceChange(new.name, kind, system, lost, blind)


def _files(inventory: InventoryReport) -> dict[tuple[str, str], Sequence[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for one in inventory.evidence:
        found.setdefault((one.kind, one.system), []).append(one.file)
    return dict(found)


def _shrank(system: str, old: InventoryReport, new: InventoryReport) -> bool:
    """Return whether something on a system is out of reach now."""
    gone = rows_of(old).keys() - rows_of(new).keys()
    return any(system in {"", key[1]} for key in gone)
