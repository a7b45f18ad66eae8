"""YAML and JSON text to plain values, with the place of every key and value, under hard limits."""

from __future__ import annotations

import re
from array import array
from sys import intern

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

try:
    from yaml.cyaml import CParser as _Parser
except ImportError:  # PyYAML was built without libyaml: slower, the same events
    from yaml import SafeLoader as _Parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from blastlint.source import Limits

_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STARTS = "~nNtTfF+-.0123456789"
"""First characters of plain scalars that may be something else than text."""
_USUAL = frozenset(("true", "false", "null"))
_NUMBER = re.compile(
    r"(?P<int>[-+]?[0-9]+)|(?P<oct>0o[0-7]+)|(?P<hex>0x[0-9a-fA-F]+)"
    r"|(?P<float>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<never>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_EXACT = 10**15
_LONGEST = 18
"""Longest text of a number that is kept exactly: sign, prefix and 15 digits."""
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_ITEM = "-"
"""The key of a frame that holds a list."""
_MERGE: Any = ("<<",)
"""Stands for a merge key until its map ends; no text equals it."""


class Refusal(Exception):  # noqa: N818 - it is raised inside the reader only
    """A text that is not read, and the offsets that say why."""

    def __init__(
        self,
        message: str,
        start: int,
        end: int | None = None,
        advice: str = "",
        other: tuple[int, int, str] | None = None,
        *,
        syntax: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = start if end is None else end
        self.advice = advice
        self.other = other
        """A second place: start, end and what it is."""
        self.syntax = syntax
        """The text is not YAML at all; perhaps it was meant for another program."""


class _Frame:
    """A map or list that is being read."""

    __slots__ = ("anchor", "extra", "flow", "key", "merge", "node", "value")

    def __init__(self, value: Any, key: Any, node: int, extra: int) -> None:
        self.value = value
        self.key = key
        """The key whose value comes next; none: a key comes next."""
        self.node = node
        self.extra = extra
        self.flow: bool = False
        self.anchor: str | None = None
        self.merge = -1
        """Slot of the merge key, if there is one."""


class Tree:
    """The values of a text and where each one stands.

    Every key and value has a slot, in the order in which they are written; offsets count
    characters. A container's slot is followed by those of what it holds.
    """

    __slots__ = ("aliases", "ends", "merges", "raws", "roots", "sizes", "starts", "values")

    def __init__(self) -> None:
        self.values: list[object] = []
        """One value a document."""
        self.roots: list[int] = []
        """The slot of each value."""
        self.starts = array("I")
        self.ends = array("I")
        self.sizes: dict[int, int] = {}
        """Slots that a container takes, itself included."""
        self.aliases: dict[int, int] = {}
        """Slot of an alias → slot of what it stands for."""
        self.merges: dict[int, list[tuple[dict[str, object], int]]] = {}
        """Slot of a merge key → the maps it brings in, each with its slot."""
        self.raws: dict[tuple[int, str | int], str] = {}
        """(id of the container, key) → text of a number, truth value or null, where unusual."""

    def children(self, slot: int, value: dict[str, object] | list[object]) -> dict[Any, int]:
        """Return the slot of each key of a map, or of each item of a list."""
        end = slot + self.sizes[slot]
        slot += 1
        if isinstance(value, list):
            return dict(enumerate(self._items(slot, end)))
        found: dict[Any, int] = {}
        brought: list[tuple[dict[str, object], int]] = []
        keys = iter(value)
        while slot < end:
            if slot in self.merges:
                brought += self.merges[slot]
            else:
                found[next(keys)] = slot
            slot += 1 + self.sizes.get(slot + 1, 1)
        for source, place in brought:
            found = self.children(place, source) | found
        return found

    def items(self, slot: int) -> list[int]:
        """Return the slots of the items of the list at a slot."""
        return self._items(slot + 1, slot + self.sizes[slot])

    def _items(self, slot: int, end: int) -> list[int]:
        found = []
        while slot < end:
            found.append(slot)
            slot += self.sizes.get(slot, 1)
        return found


def grow(data: bytes, limits: Limits, parser: Callable[[bytes], Any] = _Parser) -> Tree:
    """Read YAML or JSON text (UTF-8, no byte order mark) into a tree, or raise Refusal."""
    try:
        return _Reader(parser(data).get_event, limits).read()
    except yaml.YAMLError as error:
        raise _in_words(error) from None
    except (ValueError, OverflowError):  # the parser without libyaml, at an impossible escape
        raise Refusal("an escape in double quotes names no character", 0, syntax=True) from None


class _Reader:
    """Builds a tree from events, one container at a time, on a stack of our own."""

    def __init__(self, get: Callable[[], Any], limits: Limits) -> None:
        self.get = get
        self.limits = limits
        self.tree = Tree()
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[object, int, int, str | None]] = {}
        """Name → value, slot, size written out, raw text."""
        self.extra = 0
        """Characters that aliases have added so far."""
        self.last = 0
        """End of the last container."""
        self.keys: dict[str, str] = {}
        """Keys that were found good; one text object for each."""

    def read(self) -> Tree:
        """Take every event; scalars, which are most of them, right here."""
        tree, get, keys, longest = self.tree, self.get, self.keys, self.limits.max_scalar
        put_start, put_end = tree.starts.append, tree.ends.append
        steps = self._steps()
        frame = _Frame(tree.values, _ITEM, 0, 0)
        while (event := get()) is not None:
            kind = type(event)
            if kind is not ScalarEvent:
                frame = steps[kind](event, frame)
                continue
            put_start(event.start_mark.index)
            put_end(event.end_mark.index)
            text = event.value
            if event.tag is not None or event.anchor is not None or len(text) > longest:
                self._unusual(event, frame)
            if frame.key is None:
                key = keys.get(text)
                frame.key = self._key(event, frame) if key is None else key
                if frame.key in frame.value:
                    self._repeated(frame)
                continue
            if not event.implicit[0]:
                if not text.isprintable():
                    self._visible(event)
            elif text[:1] in _STARTS:
                text = self._plain(event, frame)
            if frame.key is _ITEM:
                frame.value.append(text)
            else:
                frame.value[frame.key] = text
                frame.key = None
        return tree

    def _steps(self) -> dict[type, Callable[[Any, _Frame], _Frame]]:
        return {
            MappingStartEvent: self._map,
            SequenceStartEvent: self._list,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._document,
            DocumentEndEvent: self._document_end,
            StreamStartEvent: lambda _, frame: frame,
            StreamEndEvent: lambda _, frame: frame,
        }

    def _document(self, event: Any, frame: _Frame) -> _Frame:
        if self.limits.strict and (event.version or event.tags):
            raise Refusal(
                "a '%' directive is not read here",
                event.start_mark.index,
                event.end_mark.index,
                "remove the line",
            )
        self.anchors.clear()
        self.tree.roots.append(len(self.tree.starts))
        return frame

    def _document_end(self, _: Any, frame: _Frame) -> _Frame:
        tree = self.tree
        root = tree.roots[-1]
        written = root + 1 < len(tree.starts) or tree.ends[root] > tree.starts[root]
        if not written:  # nothing between two markers, or only comments
            tree.roots.pop()
            tree.values.pop()
        elif len(tree.roots) > 1 and not self.limits.many:
            raise Refusal(
                "a second document starts here, expected one a file",
                tree.starts[root],
                advice="move it to a file of its own and remove the '---' line",
            )
        return frame

    def _map(self, event: Any, frame: _Frame) -> _Frame:
        return self._open(event, frame, _Frame({}, None, len(self.tree.starts), self.extra))

    def _list(self, event: Any, frame: _Frame) -> _Frame:
        return self._open(event, frame, _Frame([], _ITEM, len(self.tree.starts), self.extra))

    def _open(self, event: Any, frame: _Frame, new: _Frame) -> _Frame:
        start, end = event.start_mark.index, event.end_mark.index
        if frame.key is None:
            raise Refusal(
                "a map or list stands where a key must be text",
                start,
                end,
                "put the key in quotes if it is text",
                syntax=True,
            )
        if event.tag is not None or event.anchor is not None:
            self._marked(event)
        if len(self.stack) >= self.limits.max_depth:
            raise Refusal(f"nested deeper than {self.limits.max_depth} levels", start, end)
        if new.node > self.limits.max_events:
            raise Refusal(f"more than {self.limits.max_events} keys and values", start, end)
        new.flow = event.flow_style
        new.anchor = event.anchor
        self.tree.starts.append(start)
        self.tree.ends.append(end)
        self.stack.append(frame)
        return new

    def _end(self, event: Any, frame: _Frame) -> _Frame:
        tree, node = self.tree, frame.node
        end = event.end_mark.index
        if not frame.flow or end == event.start_mark.index:
            # a block ends, for libyaml, where the next token starts; for people, where it did
            end = max(self.last, tree.ends[-1])
        tree.ends[node] = self.last = end
        tree.sizes[node] = len(tree.starts) - node
        if frame.merge >= 0:
            self._merge(frame)
        if frame.anchor is not None:
            size = end - tree.starts[node] + self.extra - frame.extra
            self.anchors[frame.anchor] = (frame.value, node, size, None)
        parent = self.stack.pop()
        _put(parent, frame.value)
        return parent

    def _alias(self, event: Any, frame: _Frame) -> _Frame:
        start, end, name = event.start_mark.index, event.end_mark.index, event.anchor
        self._marked(event)
        if name not in self.anchors:
            within = any(name == open_.anchor for open_ in (*self.stack, frame))
            reason = "stands inside what it names" if within else "names nothing above it"
            raise Refusal(f"the alias '*{name}' {reason}", start, end)
        value, node, size, raw = self.anchors[name]
        self.extra += size + 1
        if self.extra > self.limits.max_aliases:
            raise Refusal("aliases make this file too large when written out", start, end)
        self.tree.aliases[len(self.tree.starts)] = node
        self.tree.starts.append(start)
        self.tree.ends.append(end)
        if frame.key is None:
            frame.key = self._alias_key(value, raw, start, end)
            if frame.key in frame.value:
                self._repeated(frame)
            return frame
        if raw is not None and not isinstance(value, str):
            self.tree.raws[_holder(frame)] = raw
        _put(frame, value)
        return frame

    def _alias_key(self, value: object, raw: str | None, start: int, end: int) -> str:
        if raw is None:
            raise Refusal("a map or list stands where a key must be text", start, end)
        return value if isinstance(value, str) else raw

    def _marked(self, event: Any) -> None:
        """Refuse a tag anywhere, an anchor or alias where none is allowed."""
        start, end = event.start_mark.index, event.end_mark.index
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise Refusal(
                f"the tag {shown(tag)} is not read here",
                start,
                end,
                "remove it; put the value in quotes if it is text",
            )
        if self.limits.max_aliases or event.anchor is None:
            return
        mark = "*" if type(event) is AliasEvent else "&"
        kind = "alias" if mark == "*" else "anchor"
        raise Refusal(
            f"the {kind} {shown(mark + event.anchor)} is not read here",
            start,
            end,
            "write the value out; put it in quotes if it is text",
        )

    def _unusual(self, event: Any, frame: _Frame) -> None:
        self._marked(event)
        if len(event.value) > self.limits.max_scalar:
            raise Refusal(
                f"a text longer than {self.limits.max_scalar} characters", event.start_mark.index
            )
        value = self._plain(event, frame) if event.implicit[0] else event.value
        node = len(self.tree.starts) - 1
        size = event.end_mark.index - event.start_mark.index
        self.anchors[event.anchor] = (value, node, size, event.value)

    def _key(self, event: Any, frame: _Frame) -> Any:
        """Return a key met for the first time, if it is one that people can tell apart."""
        text, start, end = event.value, event.start_mark.index, event.end_mark.index
        plain = event.implicit[0]
        if plain and text == "<<":
            if not self.limits.max_aliases:
                raise Refusal("a merge key is not read here", start, end, "write the keys out")
            frame.merge = len(self.tree.starts) - 1
            return _MERGE
        if plain and not text and self.limits.strict:
            raise Refusal("a key is missing before ':'", start, end, "write the key")
        if not text.isprintable():
            self._visible(event)
            odd = _CONTROL.search(text) or _INVISIBLE.search(text)
            if odd:
                raise Refusal(f"a key contains the invisible character {code(odd[0])}", start, end)
        return self.keys.setdefault(text, intern(text))

    def _visible(self, event: Any) -> None:
        """Refuse control characters that an escape has made."""
        odd = (_CONTROL if self.limits.strict else _LONE).search(event.value)
        if odd is None:
            return
        what = "half of a surrogate pair" if _LONE.match(odd[0]) else "a control character"
        raise Refusal(
            f"an escape makes {what}, {code(odd[0])}",
            event.start_mark.index,
            event.end_mark.index,
            "remove the escape",
        )

    def _repeated(self, frame: _Frame) -> None:
        tree = self.tree
        slot = len(tree.starts) - 1
        tree.sizes[frame.node] = slot - frame.node
        position = list(frame.value).index(frame.key)
        first = frame.node + 1
        for _ in range(position):
            first += 1 + tree.sizes.get(first + 1, 1)
        name = "<<" if frame.key is _MERGE else frame.key
        raise Refusal(
            f"the key {shown(name)} stands twice in one map",
            tree.starts[slot],
            tree.ends[slot],
            "remove one of the two",
            (tree.starts[first], tree.ends[first], "first written here"),
        )

    def _plain(self, event: Any, frame: _Frame) -> object:
        """Return what a plain scalar stands for, by the core schema of YAML 1.2."""
        text: str = event.value
        value = number(text) if text not in _CONSTANTS else _CONSTANTS[text]
        if value is text:
            return text
        if isinstance(value, float) and value - value != 0:
            if self.limits.strict:
                raise Refusal(
                    f"{shown(text)} is not a finite number of at most 15 digits",
                    event.start_mark.index,
                    event.end_mark.index,
                    "put it in quotes if it is text",
                )
            return text
        if text not in _USUAL and str(value) != text and frame.key is not None:
            self.tree.raws[_holder(frame)] = text
        return value

    def _merge(self, frame: _Frame) -> None:
        """Bring in the maps of `<<`; what the map says itself wins, then the first map."""
        tree, value = self.tree, frame.value
        source = value.pop(_MERGE)
        slot = tree.aliases.get(frame.merge + 1, frame.merge + 1)
        maps, slots = ([source], [slot])
        if isinstance(source, list):
            maps, slots = source, [tree.aliases.get(item, item) for item in tree.items(slot)]
        for brought in maps:
            if not isinstance(brought, dict):
                raise Refusal("'<<' names something that is not a map", tree.starts[frame.merge])
            for key in brought.keys() - value.keys():
                if (id(brought), key) in tree.raws:
                    tree.raws[id(value), key] = tree.raws[id(brought), key]
            for key, item in brought.items():
                value.setdefault(key, item)
        tree.merges[frame.merge] = list(zip(maps, slots, strict=True))


def _put(frame: _Frame, value: object) -> None:
    if frame.key is _ITEM:
        frame.value.append(value)
    else:
        frame.value[frame.key] = value
        frame.key = None


def _holder(frame: _Frame) -> tuple[int, str | int]:
    return (id(frame.value), len(frame.value) if frame.key is _ITEM else frame.key)


def number(text: str) -> int | float | str:
    """Return the number a plain scalar stands for, infinity for one too long, or the text."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    kind = found.lastgroup
    if kind == "float":
        return float(text)
    if kind == "never" or len(text) > _LONGEST:
        return float("inf")
    value = int(text, {"int": 10, "oct": 8, "hex": 16}[kind or "int"])
    return value if abs(value) < _EXACT else float("inf")


def shown(text: str) -> str:
    """Return a foreign text in quotes: one line, cut, nothing in it that acts on a terminal."""
    cut = text if len(text) <= 60 else text[:59] + "…"
    return "'" + "".join(c if c.isprintable() else code(c) for c in cut) + "'"


def code(character: str) -> str:
    """Return the code point of a character as people look it up."""
    return f"U+{ord(character):04X}"


def _in_words(error: yaml.YAMLError) -> Refusal:
    problem = str(getattr(error, "problem", "") or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    return Refusal(problem, mark.index if mark else 0, syntax=True)
