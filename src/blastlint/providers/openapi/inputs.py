"""What an operation takes: its parameters, and the fields of its body."""

from __future__ import annotations

from blastlint.values import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blastlint.providers.openapi.references import References

_FORMS = ("oneOf", "anyOf")
_DEEPEST = 50
"""Schemas within each other that are looked into."""
_Fields = dict[str, "Input"]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a call is given."""

    name: str
    place: str
    """`path`, `query`, `header`, `cookie` or `body`."""
    required: bool
    partly: bool = False
    """Whether only some forms of the body have it."""


class Inputs:
    """Reads the inputs of operations; tells of each reference that leads nowhere."""

    def __init__(self, references: References, missing: Callable[[str], None]) -> None:
        self._references = references
        self._missing = missing
        self._known: dict[str, _Fields] = {}
        """By reference; empty while it is being read, so that a circle ends."""

    def of(self, item: dict[str, object], operation: dict[str, object]) -> list[Input]:
        """Everything that an operation takes; its own parameters stand for those of its path."""
        found: dict[tuple[str, str], Input] = {}
        for holder in (item, operation):
            rows = holder.get("parameters")
            for row in rows if isinstance(rows, list) else ():
                for one in self._parameter(self._follow(row)):
                    found[one.name, one.place] = one
        for one in self._body(self._follow(operation.get("requestBody"))):
            found[one.name, one.place] = one
        return list(found.values())

    def _follow(self, value: object) -> dict[str, object]:
        target, missing = self._references.follow(value)
        if missing:
            self._missing(missing)
        return target if isinstance(target, dict) else {}

    def _parameter(self, parameter: dict[str, object]) -> Iterator[Input]:
        name, place = parameter.get("name"), parameter.get("in")
        required = parameter.get("required") is True
        if place == "body":  # Swagger 2.0
            yield from self._given([parameter], required=required)
        elif isinstance(name, str):
            yield Input(name, "body" if place == "formData" else str(place), required)

    def _body(self, body: dict[str, object]) -> Iterator[Input]:
        """The fields of a body; of several media types, a caller chooses one."""
        content = body.get("content")
        forms = [self._follow(f) for f in content.values()] if isinstance(content, dict) else []
        yield from self._given(forms, required=body.get("required") is True)

    def _given(self, forms: list[dict[str, object]], *, required: bool) -> Iterator[Input]:
        fields = _either([self._fields(form.get("schema"), 0) for form in forms])
        for one in fields.values():
            yield one if required else replace(one, required=False)

    def _fields(self, schema: object, depth: int) -> _Fields:
        """The fields that a schema names, those of what it refers to among them."""
        if not isinstance(schema, dict):
            return {}
        if depth > _DEEPEST:
            self._missing(f"the schemas within more than {_DEEPEST} others")
            return {}
        reference = schema.get("$ref")
        own = self._own(schema, depth)
        if not isinstance(reference, str):
            return own
        if reference not in self._known:
            self._known[reference] = {}
            self._known[reference] = self._own(self._follow(schema), depth)
        return {**self._known[reference], **own}

    def _own(self, schema: dict[str, object], depth: int) -> _Fields:
        """The fields of a schema; those of `allOf` are its own, those of a choice in part."""
        needed, fields = schema.get("required"), schema.get("properties")
        names = needed if isinstance(needed, list) else ()
        found: _Fields = {}
        for part in _rows(schema, "allOf"):
            found |= self._fields(part, depth + 1)
        for form in _FORMS:
            found |= _either([self._fields(row, depth + 1) for row in _rows(schema, form)])
        for name in fields if isinstance(fields, dict) else ():
            found[name] = Input(name, "body", name in names)
        return found | {n: replace(found[n], required=True) for n in found.keys() & set(names)}


def _rows(schema: dict[str, object], key: str) -> list[object]:
    rows = schema.get(key)
    return rows if isinstance(rows, list) else []


def _either(forms: list[_Fields]) -> _Fields:
    """The fields of alternatives: what not all of them have, a call has only in some."""
    found: _Fields = {}
    for form in forms:
        for name, one in form.items():
            everywhere = all(name in other for other in forms)
            must = all(name in other and other[name].required for other in forms)
            kept = replace(one, required=must, partly=one.partly or not everywhere)
            found.setdefault(name, kept)
    return found
