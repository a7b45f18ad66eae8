"""What is open in an editor, the inventories that it belongs to, and what is known of them."""

from __future__ import annotations

import asyncio
import os
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from pygls import uris

from blastlint.inventory import discovery
from blastlint.lsp import diagnostics
from blastlint.lsp.answers import answer
from blastlint.lsp.texts import Texts
from blastlint.lsp.view import View
from blastlint.source import OWN, InputError, read
from blastlint.values import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from lsprotocol.types import Diagnostic
    from pygls.workspace import PositionCodec

    from blastlint.inventory.discovery import Place
    from blastlint.lsp.answers import Answer

    Key = tuple[str, str]
    """Folder and root file of an inventory."""
    Publish = Callable[[str, Sequence[Diagnostic], int | None], None]
    """Shows diagnostics: address of the file, all there are for it, version of its text."""

    Confess = Callable[[BaseException], None]
    """Tells of a fault of blastlint itself."""

PAUSE = 0.25
"""Seconds without a key press after which a changed text is judged."""
_VERSION = re.compile(r"(?m)^version:[ \t]*1\b")
_AGENTS = re.compile(r"(?m)^agents:")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is open in the editor."""

    uri: str
    text: str
    version: int | None


@dataclass(slots=True)
class Known:
    """An inventory of which a file is open."""

    place: Place
    view: View | None = None
    """How it stands now."""
    good: View | None = None
    """How it stood when it could last be judged."""
    shown: dict[str, list[Diagnostic]] = field(default_factory=dict)
    """Absolute path of a file to what is to be shown in it."""


class Session:
    """Everything that the server remembers of one editor."""

    def __init__(self, today: Callable[[], date], publish: Publish, confess: Confess) -> None:
        self._today = today
        self._publish = publish
        self._confess = confess
        self.codec: PositionCodec | None = None
        """How the editor counts; told when it says hello."""
        self.folders: list[str] = []
        """Absolute paths of the folders that are open."""
        self.opened: dict[str, Opened] = {}
        self.known: dict[Key, Known] = {}
        self._homes: dict[str, tuple[Key, ...]] = {}
        self._waiting: set[str] = set()
        """Files that changed since the last judgement began."""
        self._sent: dict[str, list[Diagnostic]] = {}
        self._pool = ThreadPoolExecutor(1)
        self._timer: asyncio.TimerHandle | None = None
        self._work: asyncio.Task[None] | None = None

    # --- what the editor tells ---

    def open(self, uri: str, text: str, version: int | None) -> None:
        """Take a file that was opened or changed."""
        path = path_of(uri)
        if path:
            self.opened[path] = Opened(uri, text, version)
            self.touch([path])

    def close(self, uri: str) -> None:
        """Forget a file that was closed; what has no open file any more is shown no more."""
        path = path_of(uri)
        if path is None or self.opened.pop(path, None) is None:
            return
        self._homes.pop(path, None)
        needed = {key for keys in self._homes.values() for key in keys}
        for key in self.known.keys() - needed:
            gone = self.known.pop(key)
            self._show(gone.shown)
        self.touch([path])

    def reread(self, paths: Iterable[str]) -> None:
        """Judge again after files changed on the disk: inventories may have come and gone."""
        self._homes.clear()
        self.touch([*paths, *self.opened])

    def touch(self, paths: Iterable[str]) -> None:
        """Judge what some files belong to, once nobody types for a moment."""
        self._waiting.update(paths)
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(PAUSE, self._begin)

    async def view(self, path: str) -> View | None:
        """Return the inventory that a file belongs to, as it stands now; None if to none."""
        while self._waiting or (self._work and not self._work.done()):
            await self._begin()
        return self._known(path)

    async def recent(self, path: str) -> View | None:
        """Return the same as it stood a moment ago: for who cannot wait at every key press."""
        return self._known(path) or await self.view(path)

    def _known(self, path: str) -> View | None:
        for key in self._homes.get(path, ()):
            known = self.known.get(key)
            if known and known.view:
                return known.view
        return None

    async def views(self, path: str) -> list[View]:
        """Return every inventory that is read from a file, its own first, as they stand now."""
        own = await self.view(path)
        others = [one.view for one in self.known.values() if one.view and _reads(one, path)]
        return [own, *(one for one in others if one is not own)] if own else []

    async def sharing(self, paths: Collection[str], view: View) -> list[View]:
        """Return the other inventories of the checkout that include one of some files."""
        loop = asyncio.get_running_loop()
        folders = [*self.folders, view.answer.place.enclosure]
        texts = self._texts()
        look = partial(including, paths, folders, texts, unsure=True)
        places = await loop.run_in_executor(self._pool, look)
        found = []
        for place in places:
            if self.codec and _key(place) != _key(view.answer.place):
                said = await self._in_thread(answer, place, self._texts())
                found.append(View(said, self._uris(), self.codec))
        return found

    def before(self, view: View) -> View:
        """Return how an inventory stood when it could last be judged; else how it stands."""
        good = next((known.good for known in self.known.values() if known.view is view), None)
        return good or view

    def stop(self) -> None:
        """End all work."""
        if self._timer:
            self._timer.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- judging ---

    def _begin(self) -> asyncio.Task[None]:
        """Begin to judge what waits, unless somebody is at it."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._judge_waiting())
            self._work.add_done_callback(self._look_back)
        return self._work

    def _look_back(self, work: asyncio.Task[None]) -> None:
        """Tell of what nobody foresaw: the next change is judged all the same."""
        fault = None if work.cancelled() else work.exception()
        if fault:
            self._confess(fault)

    async def _judge_waiting(self) -> None:
        """Judge until nothing waits; what was typed meanwhile is judged next."""
        while self._waiting:
            paths, self._waiting = self._waiting, set()
            for key in await self._concerned(paths):
                found = await self._in_thread(answer, self.known[key].place, self._texts())
                if key in self.known and self.codec:
                    self._take(self.known[key], View(found, self._uris(), self.codec))

    async def _in_thread(self, judge: Callable[..., Answer], place: Place, texts: Texts) -> Answer:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, judge, place, texts, self._today())

    async def _concerned(self, paths: Iterable[str]) -> list[Key]:
        """Return the inventories that some files are read for, so far as something is open."""
        found: dict[Key, None] = {}
        for path in sorted(paths):
            if path in self.opened and path not in self._homes:
                self._homes[path] = await self._find_homes(path)
            found |= dict.fromkeys(self._homes.get(path, ()))
            found |= dict.fromkeys(key for key, one in self.known.items() if _reads(one, path))
        return list(found)

    async def _find_homes(self, path: str) -> tuple[Key, ...]:
        """Return the inventories that an open file belongs to, and know them from now on."""
        texts = self._texts()
        loop = asyncio.get_running_loop()
        places = await loop.run_in_executor(self._pool, homes, path, self.folders, texts)
        for place in places:
            self.known.setdefault(_key(place), Known(place))
        return tuple(map(_key, places))

    def _texts(self) -> Texts:
        said = {path: one.text.encode(errors="surrogatepass") for path, one in self.opened.items()}
        return Texts(said)

    def _uris(self) -> Mapping[str, str]:
        return {path: one.uri for path, one in self.opened.items()}

    # --- showing ---

    def _take(self, known: Known, view: View) -> None:
        """Take a new answer, and show what changed."""
        known.view = view
        before = known.shown
        if view.answer.report:
            known.good, known.shown = view, diagnostics.of_findings(view)
        else:
            wrong = diagnostics.of_problems(view)
            known.shown = {**_kept(known.good, view, wrong), **wrong}
        self._show({**before, **known.shown})

    def _show(self, paths: Iterable[str]) -> None:
        """Show what every inventory says of some files, where it differs from what is shown."""
        for path in paths:
            said: list[Diagnostic] = []
            for known in self.known.values():
                said += [one for one in known.shown.get(path, ()) if one not in said]
            if said != self._sent.get(path, []):
                self._sent[path] = said
                one = self.opened.get(path)
                uri = one.uri if one else uris.from_fs_path(path) or ""
                self._publish(uri, said, one.version if one else None)


def path_of(uri: str) -> str | None:
    """Return the absolute path of a file, its folders without links; None if it is no file."""
    path = uris.to_fs_path(uri)
    if not path:
        return None
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)


def homes(path: str, folders: Sequence[str], texts: Texts) -> tuple[Place, ...]:
    """Return the inventories that a file belongs to.

    That is the nearest one above it; else itself, if it looks like one; else those that include it.

    Args:
        path: the file.
        folders: the folders that are open in the editor.
        texts: what files hold.
    """
    inside = (folder for folder in folders if path.startswith(os.path.join(folder, "")))
    home = discovery.home(path, min(inside, key=len, default=os.path.dirname(path)), texts.exists)
    if home:
        return (home,)
    if not path.endswith((".yaml", ".yml")):
        return ()
    text = texts.opened.get(path, b"").decode(errors="replace")
    if _VERSION.search(text) and _AGENTS.search(text):
        return (discovery.alone(path),)
    return including([path], folders, texts)


def including(
    paths: Collection[str], folders: Iterable[str], texts: Texts, *, unsure: bool = False
) -> tuple[Place, ...]:
    """Return the inventories in some folders that include one of some files.

    Args:
        paths: the files.
        folders: where inventories are looked for; one may lie in another.
        texts: what files hold.
        unsure: whether one counts whose root file cannot be read.
    """
    places = {_key(place): place for folder in folders for place in discovery.places([folder])[0]}
    return tuple(place for place in places.values() if _includes(place, paths, texts, unsure))


def _key(place: Place) -> Key:
    return place.directory, place.file


def _includes(place: Place, paths: Collection[str], texts: Texts, unsure: bool) -> bool:  # noqa: FBT001 -- handed on
    """Tell whether an inventory includes one of some files."""
    try:
        document = read(texts.root(place.directory, place.shown), place.file, OWN)
    except InputError:
        return unsure
    written = document.value.get("include") if isinstance(document.value, dict) else None
    included = written if isinstance(written, list) else []
    return any(
        os.path.normpath(os.path.join(place.directory, str(path))) in paths for path in included
    )


def _reads(known: Known, path: str) -> bool:
    """Tell whether an inventory was read from a file, or lies around it."""
    return known.view is not None and path in known.view.answer.texts.read


def _kept(good: View | None, now: View, wrong: Mapping[str, object]) -> dict[str, list[Diagnostic]]:
    """Return what was last found in files that did not change, while others cannot be judged."""
    if good is None:
        return {}
    return {
        path: said
        for path, said in diagnostics.of_findings(good).items()
        if path not in wrong and now.answer.texts.content(path) == good.answer.texts.content(path)
    }
