"""A parser's events to plain values, under hard limits, on a stack of our own."""

from __future__ import annotations

from itertools import islice
from sys import intern

import yaml
from yaml import events as of

from blastlint.source.places import code, shown
from blastlint.source.scalars import (
    CONSTANTS,
    STARTS,
    hidden_in_key,
    hidden_in_text,
    is_normal,
    number,
)
from blastlint.source.tree import Tree
from blastlint.source.words import Refusal, refusal_of

try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML without libyaml: the same events, ten times slower
    from yaml import SafeLoader as CParser  # type: ignore[assignment] # both make events from bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from blastlint.source.limits import Limits

    class Mark(Protocol):
        """Where an event begins or ends."""

        index: int

    class Event(Protocol):
        """What an event may have; every kind has some of it."""

        start_mark: Mark
        end_mark: Mark
        anchor: str | None
        tag: str | None
        value: str
        implicit: tuple[bool, bool]
        flow_style: bool
        version: object
        tags: object

    Events = Callable[[], Any]
    """The next event, or none at the end."""

_ITEM: Any = ("-",)
"""Stands for the key in a frame that holds a list; no text is it."""
_MERGE: Any = ("<<",)
"""Stands for a merge key until its map ends; no text is it."""
_USUAL = frozenset(("true", "false", "null"))
_DEEPER: dict[type, int] = dict.fromkeys((of.MappingStartEvent, of.SequenceStartEvent), 1)
_DEEPER |= dict.fromkeys((of.MappingEndEvent, of.SequenceEndEvent), -1)
_QUOTES = "put it in quotes if it is text"
_NO_KEY = "a map or list stands where a key is expected"


def grow(data: bytes, limits: Limits, parser: Callable[[bytes], Any] = CParser) -> Tree:
    """Read YAML or JSON text into a tree, or raise Refusal."""
    try:
        reader = _Reader(parser(data).get_event, limits)
        # most texts have no anchor, no tag and no long scalar: look once, not at every scalar
        if b"&" not in data:  # else what is passed over may be what an alias repeats
            reader.passed_over = limits.passed_over
        reader.read(careful=b"&" in data or b"!" in data or len(data) > limits.max_scalar)
        return reader.finished()
    except yaml.YAMLError as error:
        raise refusal_of(error, data.decode()) from None
    except (ValueError, OverflowError):  # PyYAML without libyaml, at an escape beyond Unicode
        raise Refusal("an escape in double quotes names no character", 0, syntax=True) from None


class _Frame:
    """A map or list that is being read."""

    __slots__ = ("anchor", "extra", "flow", "key", "merge", "slot", "value")

    def __init__(self, value: Any, key: Any, slot: int, extra: int) -> None:  # noqa: ANN401 - a map or a list, narrowed by the key
        self.value = value
        self.key = key
        """The key whose value comes next; none: a key comes next."""
        self.slot = slot
        self.extra = extra
        """What aliases had added when it began."""
        self.flow = False
        self.anchor: str | None = None
        self.merge = -1
        """Slot of its merge key."""

    def put(self, value: object) -> None:
        """Add what comes next."""
        if self.key is _ITEM:
            self.value.append(value)
        else:
            self.value[self.key] = value
            self.key = None

    def next(self) -> tuple[int, str | int]:
        """Return the container's identity and the key or index of what comes next."""
        return id(self.value), len(self.value) if self.key is _ITEM else self.key


class _Reader:
    """Builds a tree from events, one container at a time."""

    def __init__(self, get: Events, limits: Limits) -> None:
        self.get = get
        self.limits = limits
        self.tree = Tree()
        self.stack: list[_Frame] = []
        self.anchors: dict[str, tuple[object, int, int, str | None]] = {}
        """Name → value, slot, size when written out, text of a scalar."""
        self.extra = 0
        """Characters that aliases have added."""
        self.last = 0
        """End of the last container."""
        self.passed_over: frozenset[str] = frozenset()
        """Keys whose containers are not built."""
        self.keys: dict[str, str] = {}
        """Keys that were found good."""

    def read(self, *, careful: bool) -> None:
        """Take every event; the scalars, which are most of them, right here."""
        tree, get, keys, longest = self.tree, self.get, self.keys, self.limits.max_scalar
        put_start, put_end = tree.starts.append, tree.ends.append
        steps = self._steps()
        frame = _Frame(tree.values, _ITEM, 0, 0)
        for event in islice(iter(get, None), self.limits.max_events):
            kind = type(event)
            if kind is not of.ScalarEvent:
                frame = steps[kind](event, frame)
                continue
            put_start(event.start_mark.index)
            put_end(event.end_mark.index)
            text = event.value
            if careful and (event.anchor or event.tag is not None or len(text) > longest):
                self._unusual(event, frame)
            if frame.key is None:
                frame.key = keys.get(text) or self._key(event, frame)
                if frame.key in frame.value:
                    self._repeated(frame)
                continue
            if not event.implicit[0]:
                if not text.isprintable():
                    self._visible(event)
            elif text[:1] in STARTS:
                text = self._plain(event, frame)
            if frame.key is _ITEM:
                frame.value.append(text)
            else:
                frame.value[frame.key] = text
                frame.key = None

    def finished(self) -> Tree:
        """Return the tree, if nothing was left unread."""
        event = self.get()
        if event is not None:
            raise _refused(event, f"more than {self.limits.max_events} parts", "split the file")
        return self.tree

    def _steps(self) -> dict[type, Callable[[Event, _Frame], _Frame]]:
        return {
            of.MappingStartEvent: self._map,
            of.SequenceStartEvent: self._list,
            of.MappingEndEvent: self._end,
            of.SequenceEndEvent: self._end,
            of.AliasEvent: self._alias,
            of.DocumentStartEvent: self._document,
            of.DocumentEndEvent: self._document_end,
            of.StreamStartEvent: lambda _, frame: frame,
            of.StreamEndEvent: lambda _, frame: frame,
        }

    def _document(self, event: Event, frame: _Frame) -> _Frame:
        if self.limits.strict and (event.version or event.tags):
            raise _refused(event, "a '%' directive is not read here", "remove the line")
        self.anchors.clear()
        self.tree.roots.append(len(self.tree.starts))
        return frame

    def _document_end(self, _: Event, frame: _Frame) -> _Frame:
        tree = self.tree
        root = tree.roots[-1]
        if root + 1 == len(tree.starts) and tree.starts[root] == tree.ends[root]:
            # nothing between two markers, or only comments
            tree.roots.pop()
            tree.values.pop()
        elif len(tree.roots) > 1 and not self.limits.many:
            raise Refusal(
                "a second document starts here, expected one in a file",
                tree.starts[root],
                advice="move it to a file of its own and remove the '---' line",
            )
        return frame

    def _map(self, event: Event, frame: _Frame) -> _Frame:
        return self._begin(event, frame, {}, None)

    def _list(self, event: Event, frame: _Frame) -> _Frame:
        return self._begin(event, frame, [], _ITEM)

    def _begin(self, event: Event, frame: _Frame, value: object, key: str | None) -> _Frame:
        tree, limits = self.tree, self.limits
        if frame.key is None:
            raise _refused(event, _NO_KEY, _QUOTES, syntax=True)
        if event.tag is not None or event.anchor is not None:
            self._marked(event)
        if len(self.stack) >= limits.max_depth:
            raise self._too_deep(event)
        new = _Frame(value, key, len(tree.starts), self.extra)
        new.flow = event.flow_style
        new.anchor = event.anchor
        tree.starts.append(event.start_mark.index)
        tree.ends.append(event.end_mark.index)
        self.stack.append(frame)
        return self._pass_over(new) if frame.key in self.passed_over else new

    def _pass_over(self, frame: _Frame) -> _Frame:
        """Take the events of a container to its end, which leaves it empty."""
        depth = 1
        while depth:
            event = self.get()
            depth += _DEEPER.get(type(event), 0)
            if len(self.stack) + depth > self.limits.max_depth:
                raise self._too_deep(event)
        return self._end(event, frame)

    def _too_deep(self, event: Event) -> Refusal:
        message = f"nested deeper than {self.limits.max_depth} levels"
        return _refused(event, message, "flatten it")

    def _end(self, event: Event, frame: _Frame) -> _Frame:
        tree, slot, end = self.tree, frame.slot, event.end_mark.index
        if not frame.flow or end == event.start_mark.index:
            # a block ends, for libyaml, where the next token starts; for people, where it did
            end = max(self.last, tree.ends[-1])
        tree.ends[slot] = self.last = end
        tree.sizes[slot] = len(tree.starts) - slot
        if frame.merge >= 0:
            self._merge(frame)
        if frame.anchor is not None:
            size = end - tree.starts[slot] + self.extra - frame.extra
            self.anchors[frame.anchor] = (frame.value, slot, size, None)
        parent = self.stack.pop()
        parent.put(frame.value)
        return parent

    def _alias(self, event: Event, frame: _Frame) -> _Frame:
        self._marked(event)
        name = event.anchor or ""
        if name not in self.anchors:
            inside = any(name == above.anchor for above in (*self.stack, frame))
            reason = "stands inside what it names" if inside else "names nothing above it"
            raise _refused(event, f"{self._called('alias', '*' + name)} {reason}", _QUOTES)
        value, slot, size, text = self.anchors[name]
        self.extra += size + 1
        if self.extra > self.limits.max_aliases:
            raise _refused(event, "aliases make this text too long", "write it out")
        self.tree.aliases[len(self.tree.starts)] = slot
        self.tree.starts.append(event.start_mark.index)
        self.tree.ends.append(event.end_mark.index)
        if frame.key is None:
            if text is None:
                raise _refused(event, _NO_KEY, _QUOTES)
            frame.key = text
            if text in frame.value:
                self._repeated(frame)
            return frame
        if text is not None and not isinstance(value, str):
            self.tree.raws[frame.next()] = text
        frame.put(value)
        return frame

    def _marked(self, event: Event) -> None:
        """Refuse a tag anywhere, an anchor or alias where none is read."""
        tag = getattr(event, "tag", None)
        if tag is not None:
            name = self._called("tag", tag.replace("tag:yaml.org,2002:", "!!"))
            raise _refused(event, f"{name} is not read", f"remove it; {_QUOTES}")
        if self.limits.max_aliases or event.anchor is None:
            return
        kind, sign = ("anchor", "&") if hasattr(event, "tag") else ("alias", "*")
        name = shown(sign + event.anchor)
        raise _refused(event, f"the {kind} {name} is not read here", f"write it out; {_QUOTES}")

    def _called(self, what: str, name: str) -> str:
        """Return what something is, with its name where files hold no secrets."""
        quotable = self.limits.quotable
        if quotable is None or name in quotable:
            return f"the {what} {shown(name)}"
        return f"an {what}" if what == "alias" else f"a {what}"

    def _unusual(self, event: Event, frame: _Frame) -> None:
        """Take a scalar with a tag or an anchor, or one that is too long."""
        self._marked(event)
        text, longest = event.value, self.limits.max_scalar
        if len(text) > longest:
            raise _refused(event, f"a text of more than {longest} characters", "shorten it")
        value = self._plain(event, frame) if event.implicit[0] else text
        size = event.end_mark.index - event.start_mark.index
        self.anchors[event.anchor or ""] = (value, len(self.tree.starts) - 1, size, text)

    def _key(self, event: Event, frame: _Frame) -> Any:  # noqa: ANN401 - text, or what stands for a merge key
        """Return a key that is met for the first time, if people can tell it from others."""
        text, strict = event.value, self.limits.strict
        if text == "<<":  # never remembered: in quotes it is a key like any other
            return self._merge_key(event, frame) if event.implicit[0] else text
        if strict and not text:
            raise _refused(event, "a key is empty", "write a key before ':'")
        odd = hidden_in_key(text, strict=strict)
        if odd:
            raise _refused(event, f"a key contains {code(odd)}, which cannot be seen", "remove it")
        if strict and not is_normal(text):
            raise _refused(
                event, f"the key {shown(text)} is not in Unicode's form NFC", "retype it"
            )
        return self.keys.setdefault(text, intern(text))

    def _merge_key(self, event: Event, frame: _Frame) -> object:
        if not self.limits.max_aliases:
            raise _refused(event, "a merge key is not read here", "write the keys out")
        frame.merge = len(self.tree.starts) - 1
        self.tree.merge_keys.add(frame.merge)
        return _MERGE

    def _visible(self, event: Event) -> None:
        """Refuse control characters that an escape has made."""
        odd = hidden_in_text(event.value, strict=self.limits.strict)
        if odd:
            raise _refused(event, f"an escape makes {code(odd)}, which is no text", "remove it")

    def _repeated(self, frame: _Frame) -> None:
        tree, slot = self.tree, len(self.tree.starts) - 1
        first = tree.keys(frame.slot)[list(frame.value).index(frame.key)]
        name = self._called("key", "<<" if frame.key is _MERGE else frame.key)
        raise Refusal(
            f"{name} stands twice in one map",
            tree.starts[slot],
            tree.ends[slot],
            "remove one of the two",
            (tree.starts[first], tree.ends[first], "first written here"),
            code="duplicate-id",
        )

    def _plain(self, event: Event, frame: _Frame) -> object:
        """Return what a plain scalar stands for, by the core schema of YAML 1.2."""
        text = event.value
        value = CONSTANTS[text] if text in CONSTANTS else number(text)
        if value is text:
            return text
        if isinstance(value, float) and value - value != 0:
            if self.limits.strict:
                message = f"{shown(text)} is not a finite number of at most 15 digits"
                raise _refused(event, message, _QUOTES)
            return text
        usual = text in _USUAL or (str(value) == text and not isinstance(value, bool))
        if not usual and frame.key is not None:
            self.tree.raws[frame.next()] = text
        return value

    def _merge(self, frame: _Frame) -> None:
        """Bring in the maps of `<<`: what the map says itself wins, then the first of them."""
        tree, value = self.tree, frame.value
        source = value.pop(_MERGE)
        slot = tree.aliases.get(frame.merge + 1, frame.merge + 1)
        maps, slots = [source], [slot]
        if isinstance(source, list):
            maps, slots = source, [tree.aliases.get(item, item) for item in tree.items(slot)]
        merged: list[tuple[dict[str, Any], int]] = []
        for brought, place in zip(maps, slots, strict=True):
            if not isinstance(brought, dict):
                start = tree.starts[frame.merge]
                raise Refusal("'<<' names something that is no map", start, start + 2, "name a map")
            self._bring(value, brought)
            merged += [(brought, place), *tree.merged.get(place, ())]
        tree.merged[frame.slot] = merged

    def _bring(self, value: dict[str, Any], brought: dict[str, Any]) -> None:
        raws = self.tree.raws
        for key, item in brought.items():
            if key in value:
                continue
            value[key] = item
            if (id(brought), key) in raws:
                raws[id(value), key] = raws[id(brought), key]


def _refused(event: Event, message: str, advice: str, *, syntax: bool = False) -> Refusal:
    start, end = event.start_mark.index, event.end_mark.index
    return Refusal(message, start, end, advice, syntax=syntax)
