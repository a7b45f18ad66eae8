"""How a ClusterRole takes its rules from other ones, by their labels.

Terms: `aggregationRule`, `matchLabels` and `matchExpressions` of Kubernetes; the label selector's
own matching decides, in which `NotIn` and `DoesNotExist` are met by an object without the label.
"""

from __future__ import annotations

from blastlint.source import did_you_mean
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from blastlint.providers.kubernetes.objects import Manifest, Reading

_FIELD = "aggregationRule"
_SELECTORS = "clusterRoleSelectors"
_WITH_VALUES, _WITHOUT_VALUES = ("In", "NotIn"), ("Exists", "DoesNotExist")


@dataclass(frozen=True, slots=True)
class Expression:
    """One line of `matchExpressions`."""

    key: str
    """Label."""
    operator: str
    """In, NotIn, Exists or DoesNotExist."""
    values: tuple[str, ...] = ()
    """Values, for the operators that have some."""

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels are such."""
        if self.operator in _WITH_VALUES:
            return (labels.get(self.key) in self.values) == (self.operator == "In")
        return (self.key in labels) == (self.operator == "Exists")


Selector = tuple[Expression, ...]
"""Expressions that must all be met; an empty one selects everything."""


def aggregates(manifest: Manifest) -> bool:
    """Whether a role takes its rules from others."""
    return manifest.value(_FIELD) is not None


def selectors(reading: Reading, manifest: Manifest) -> tuple[Selector, ...]:
    """Selectors of a role, any of which chooses; what is wrong with them is told to the reading."""
    if not aggregates(manifest):
        return ()
    reading.table(manifest, _FIELD)
    found = [tuple(_expressions(reading, manifest, i)) for i, _ in _rows(reading, manifest)]
    if not (found or manifest.value(_FIELD, _SELECTORS)):
        message = f"this {_FIELD} has no {_SELECTORS}, and the API server refuses it"
        reading.say(manifest, _FIELD, message=message)
    return tuple(found)


def _rows(
    reading: Reading, manifest: Manifest, *path: str | int
) -> Iterator[tuple[int, dict[str, object]]]:
    return reading.rows(manifest, _FIELD, _SELECTORS, *path)


def _expressions(reading: Reading, manifest: Manifest, number: int) -> Iterator[Expression]:
    labels = reading.texts_by_name(manifest, _FIELD, _SELECTORS, number, "matchLabels")
    yield from (Expression(key, "In", (value,)) for key, value in labels.items())
    for index, row in _rows(reading, manifest, number, "matchExpressions"):
        path = (_FIELD, _SELECTORS, number, "matchExpressions", index)
        key = reading.text(manifest, row, *path, "key")
        operator = reading.text(manifest, row, *path, "operator")
        values = reading.texts(manifest, row, *path, "values")
        if not key or operator not in (*_WITH_VALUES, *_WITHOUT_VALUES):
            hint = did_you_mean(operator, (*_WITH_VALUES, *_WITHOUT_VALUES))
            message = "this needs a key, and an operator: In, NotIn, Exists or DoesNotExist"
            reading.say(manifest, *path, message=message, help_=hint)
        elif bool(values) != (operator in _WITH_VALUES):
            needs = "needs values" if operator in _WITH_VALUES else "has no values"
            reading.say(manifest, *path, message=f"{operator} {needs}")
        yield Expression(key, operator, values)
