"""The policy of an inventory: its thresholds, filled with defaults, and what it says of rules."""

from __future__ import annotations

from datetime import timedelta

from blastlint.values import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from blastlint.source import Document, Location

    Said = Literal["off", "error", "warning", "note"]
    Profile = Literal["pilot", "production", "regulated"]

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
"""Units of a duration in seconds, longest first."""


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """Thresholds, and which rules apply."""

    home: Document
    """The root file of the inventory."""
    profile: Profile = "production"
    min_rotation_members: int = 4
    max_attestation_age: timedelta = timedelta(days=180)
    drill_max_age: timedelta = timedelta(days=180)
    detection_lag: timedelta = timedelta(minutes=30)
    max_attempts: int = 10
    max_undetected_effects: int = 50
    max_pilot_users: int = 50
    approval_required_for: tuple[str, ...] = ("irreversible", "spend", "destroy")
    max_release_lag: timedelta = timedelta(days=3)
    max_observation_age: timedelta = timedelta(days=30)
    sunset_notice: timedelta = timedelta(days=90)
    min_evidence_retention: timedelta = timedelta(days=30)
    calendar_max_age: timedelta = timedelta(days=30)
    horizon: timedelta = timedelta(days=90)
    max_credential_lifetime: timedelta = timedelta(days=180)
    max_waiver_span: timedelta = timedelta(days=180)
    waiver_notice: timedelta = timedelta(days=14)
    rules: Mapping[str, Said] = field(default_factory=dict)
    """Rule id to `off`, `error`, `warning` or `note`."""
    packs: tuple[str, ...] = ()
    """Folders with further rules, relative to the inventory, as written."""
    origins: Mapping[tuple[str, ...], Document] = field(default_factory=dict)
    """Field, or field and rule id, to the file that sets it."""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Everything that it says, or leaves as it is by default: name and value, sorted."""
        names = [name for name in self.__slots__ if name not in {"home", "origins", "rules"}]
        values = {name: _text(getattr(self, name)) for name in names}
        values |= {f"rules.{rule}": said for rule, said in self.rules.items()}
        return tuple(sorted(values.items()))

    @property
    def text(self) -> str:
        """Everything that it says, in one form: what a digest is made of."""
        return repr(self.said)

    def at(self, name: str, *below: str | int) -> Location:
        """Return where a threshold, `("rules", ID)` or `("packs", 0)` is written."""
        key = (name, *(step for step in below if name == "rules" and isinstance(step, str)))
        return self.origins.get(key, self.home).at(("policy", name, *below))


def _text(value: object) -> str:
    """Return a threshold as an inventory writes it; a list by its members."""
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit = next(unit for unit in _UNITS if seconds % _UNITS[unit] == 0)
        return f"{seconds // _UNITS[unit]}{unit}"
    return ", ".join(sorted(value)) if isinstance(value, tuple | list) else str(value)
