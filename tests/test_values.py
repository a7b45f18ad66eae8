"""Our dataclasses do what the standard library's do, for every option that is used."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import pytest

from blastlint import values

CLASSES = '''
@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A point."""

    x: int
    y: int = 2
    tags: tuple = field(default_factory=tuple)
    note: str = field(default_factory=str, repr=False, compare=False)

    def doubled(self):
        return replace(self, x=2 * self.x)

@dataclass(slots=True)
class Basket:
    items: list = field(default_factory=list)

@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    name: str

@dataclass(slots=True)
class Base:
    start: int

@dataclass(slots=True)
class Part(Base):
    name: str = "n"

@dataclass(slots=True)
class Loud:
    name: str

    def __repr__(self):
        return "LOUD"

    def __eq__(self, other):
        return other == self.name
'''


@pytest.fixture(params=[dataclasses, values], ids=["standard", "ours"])
def made(request: pytest.FixtureRequest) -> SimpleNamespace:
    """Return the classes above, made by the standard library or by us."""
    library = request.param
    space: dict[str, Any] = {name: getattr(library, name) for name in values.__all__}
    exec(CLASSES, space | {"__name__": __name__}, space)  # noqa: S102 -- the text above
    return SimpleNamespace(**space)


def test_values_are_made_of_fields_and_defaults(made: SimpleNamespace) -> None:
    """Positions, names, defaults and made defaults fill the fields; a missing one is an error."""
    value = made.Point(1, tags=("a",))
    assert (value.x, value.y, value.tags, value.note) == (1, 2, ("a",), "")
    assert made.Point.__match_args__ == ("x", "y", "tags", "note")
    assert made.Point.__doc__ == "A point."
    with pytest.raises(TypeError, match="x"):
        made.Point()
    with pytest.raises(TypeError, match="z"):
        made.Point(1, z=2)


def test_made_defaults_are_not_shared(made: SimpleNamespace) -> None:
    """Each value gets a list of its own."""
    made.Basket().items.append(1)
    assert made.Basket().items == []


def test_values_compare_by_fields(made: SimpleNamespace) -> None:
    """Equal fields make equal values with one hash, in order of the fields; some do not count."""
    point = made.Point
    assert point(1) == point(1, note="n") != point(2)
    assert hash(point(1)) == hash(point(1, note="n"))
    assert sorted([point(2, 1), point(1, 3)]) == [point(1, 3), point(2, 1)]
    assert point(1) <= point(1) < point(1, 9)
    assert point(1) >= point(1) > point(0)
    assert point(1) != (1, 2, ())
    with pytest.raises(TypeError):
        assert point(1) < 3


def test_values_show_their_fields(made: SimpleNamespace) -> None:
    """What is printed can be read as code."""
    assert repr(made.Point(1)) == "Point(x=1, y=2, tags=())"


def test_frozen_values_stay(made: SimpleNamespace) -> None:
    """No field of a frozen value is set or removed, and none is added."""
    value = made.Point(1)
    with pytest.raises(AttributeError):
        value.x = 2
    with pytest.raises(AttributeError):
        del value.x
    with pytest.raises((AttributeError, TypeError)):
        value.new = 1
    assert not hasattr(value, "__dict__")


def test_a_replaced_field_makes_another_value(made: SimpleNamespace) -> None:
    """The rest stays, and the first value too."""
    value = made.Point(3, tags=("a",))
    assert value.doubled() == made.Point(6, tags=("a",))
    assert value == made.Point(3, tags=("a",))
    with pytest.raises(TypeError):
        made.replace(value, z=1)


def test_values_that_change_have_no_hash(made: SimpleNamespace) -> None:
    """They are equal by fields, and no key of a dictionary."""
    basket = made.Basket()
    basket.items = [1]
    assert basket == made.Basket([1])
    with pytest.raises(TypeError, match="unhashable"):
        hash(basket)


def test_values_without_equality_are_themselves(made: SimpleNamespace) -> None:
    """Where fields are not compared, a value equals itself only."""
    thing = made.Thing("a")
    assert thing != made.Thing("a")
    assert {thing: 1}[thing] == 1


def test_a_subclass_adds_fields(made: SimpleNamespace) -> None:
    """The base's fields come first, and a base's value is never a subclass's."""
    part = made.Part(1)
    assert (part.start, part.name) == (1, "n")
    assert made.Part.__match_args__ == ("start", "name")
    assert part != made.Base(1)
    assert isinstance(part, made.Base)


def test_own_words_are_kept(made: SimpleNamespace) -> None:
    """A class that says itself how it is shown and compared is asked."""
    assert repr(made.Loud("a")) == "LOUD"
    assert made.Loud("a") == "a"
