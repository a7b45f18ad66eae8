"""Drafts an inventory from files, or brings one up to date that was drafted before."""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

from blastlint.drafting import catalogue, clients, offered, principals, workflows
from blastlint.drafting.copies import ONLY_READ, source_of
from blastlint.drafting.files import Named, named, well_known
from blastlint.drafting.memory import Read
from blastlint.drafting.rows import UNLISTED, Cell, Draft, Row, Wishes, ask, named_few
from blastlint.drafting.systems import asked_of, team_row
from blastlint.source import InputError, Problem, did_you_mean
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from blastlint.drafting.copies import Kept
    from blastlint.drafting.memory import Memory
    from blastlint.drafting.sources import Source


class _Telling(NamedTuple):
    """How sources of a kind are drafted."""

    rows: Callable[[Source, Draft], None]
    facts: Callable[[Source], list[str]]


_OFFERED = _Telling(offered.offered, offered.facts)
_PLATFORM = _Telling(principals.platform, principals.facts)
_TELLINGS = {
    "backstage": _Telling(catalogue.backstage, catalogue.facts_of_backstage),
    "openslo": _Telling(catalogue.openslo, catalogue.facts_of_openslo),
    "mcp-clients": _Telling(clients.configured, clients.facts),
    "mcp-tools": _OFFERED,
    "openapi": _OFFERED,
    "github": _Telling(workflows.workflows, workflows.facts),
}
"""By kind, in the order in which they are told; any other kind is a platform's, and comes last."""


def drafted(read: Iterable[Source], wishes: Wishes) -> Draft:
    """Return the rows that some sources give, without those of the evidence itself."""
    draft = Draft(wishes)
    rank = {kind: index for index, kind in enumerate(_TELLINGS)}
    for source in sorted(read, key=lambda one: rank.get(one.kind, len(rank))):
        _TELLINGS.get(source.kind, _PLATFORM).rows(source, draft)
    _ask_for_lists(draft)
    if draft.section("tools") or not draft.section("agents"):
        draft.put(_agent(wishes, draft))
    _act(wishes, draft)
    if wishes.owner:
        draft.put(team_row(wishes.owner))
    return draft


def _agent(wishes: Wishes, draft: Draft) -> Row:
    who = wishes.asker
    owner = Cell(wishes.owner, "as said with --owner")
    cells = {
        "owner": owner if wishes.owner else ask(who, "which team answers for it?"),
        **_identity(who, wishes, draft),
        "untrusted_inputs": ask(who, "what can outsiders write that it reads?"),
        "escalation": ask(who, "who is paged when it goes wrong?"),
    }
    return Row("agents", wishes.agent, cells)


def _identity(who: str, wishes: Wishes, draft: Draft) -> dict[str, Cell]:
    """Return as whom the agent acts, and what therefore lies in its runtime."""
    ambient = ask(who, "which credentials lie in its runtime?")
    if not wishes.runs_as:
        return {"principal": ask(who, "as whom does it act?"), "ambient": ambient}
    rows = draft.section("credentials")
    held = [row.id for row in rows if row.cells["principal"].value == wishes.runs_as]
    if not held:
        near = did_you_mean(wishes.runs_as, [str(row.cells["principal"].value) for row in rows])
        text = f"no file names {wishes.runs_as}, which {wishes.agent} is said to act as"
        draft.note(0, f"{text}; {near}" if near else text)
    acts = Cell({"kind": "service", "id": wishes.runs_as}, "as said with --runs-as")
    return {"principal": acts, "ambient": Cell(held, "what it acts as") if held else ambient}


def _act(wishes: Wishes, draft: Draft) -> None:
    """Let servers that the client starts without a credential act as what the agent acts as."""
    rows = draft.section("credentials")
    own = next((row.id for row in rows if row.cells["principal"].value == wishes.runs_as), "")
    for name, why in draft.programs.items() if own else ():
        for row in draft.section("tools"):
            if row.cells["credential"].value == name:
                cells = {**row.cells, "credential": Cell(own, why)}
                draft.rows["tools", row.id] = replace(row, cells=cells)
        if name != own:
            draft.rows.pop(("credentials", name), None)


def _ask_for_lists(draft: Draft) -> None:
    """Say of which servers nobody knows the tools; one whose tools act elsewhere is no system."""
    acted_on: dict[str, set[str]] = {}
    for row in draft.section("tools"):
        acted_on.setdefault(row.id.partition(".")[0], set()).add(row.cells["system"].value)
    for name in draft.servers:
        if name not in acted_on.get(name, {name}):
            draft.rows.pop(("systems", name), None)
    missing = [name for name in draft.servers if name not in acted_on]
    for name in missing:
        draft.put(_unlisted(name, draft))
    if missing:
        text = "save the answer to tools/list and add it with --from NAME=FILE"
        draft.note(2, f"no list of tools of {named_few(missing)}: {text}")


def _unlisted(name: str, draft: Draft) -> Row:
    """Return a row for tools that nobody has listed: what is not known is not nothing."""
    who = asked_of(name)
    cells = {
        "agents": Cell([draft.wishes.agent], "until somebody says otherwise"),
        "registered_name": ask(who, "which tools does it offer?"),
        "system": Cell(name),
        "credential": Cell(name),
        "effect": ask(who, "what do they change?"),
        "requires": ask(who, "what must its credential be allowed to do?"),
        "reversibility": ask(who, "can it be undone, how, and until when?"),
    }
    about = f"stands for the tools of {name}, of which there is no list"
    return Row("tools", f"{name}{UNLISTED}", cells, (about,))


def evidence(
    read: Iterable[Source], keeps: Mapping[str, Kept], memory: Memory, wishes: Wishes, draft: Draft
) -> None:
    """Draft an entry for every source that is evidence, and tell what is known of the others.

    Args:
        read: what was read.
        keeps: by name of the source, what the inventory keeps of it.
        memory: what was drafted last time.
        wishes: what was said on the command line.
        draft: where the entries are added.
    """
    about: list[str] = []
    for source in read:
        facts = tuple(_TELLINGS.get(source.kind, _PLATFORM).facts(source))
        if source.kind in ONLY_READ:
            about += [f"{source.name} ({source.kind}): {fact}" for fact in facts]
            continue
        own = keeps[source.name]
        holders = {"agents": Cell(_offered_to(source, draft))}
        cells = {
            "kind": Cell(source.kind),
            "files": Cell(list(own.entry)),
            **(holders if source.granted.tools else {"system": Cell(source.system)}),
            "observed_at": Cell(_observed(source, own, memory, wishes), "the day of this copy"),
        }
        seen = (f"on {wishes.as_of} it held:", *facts) if facts else ()
        draft.put(Row("evidence", source.name, cells, seen))
    first = next(iter((*draft.section("systems"), *draft.section("agents"))))
    draft.rows[first.section, first.id] = replace(first, about=(*about, *first.about))


def _offered_to(source: Source, draft: Draft) -> list[str]:
    rows = [row for row in draft.section("tools") if row.cells["source"].value == source.name]
    return sorted({agent for row in rows for agent in row.cells["agents"].value})


def _observed(source: Source, own: Kept, memory: Memory, wishes: Wishes) -> date:
    """Return the day on which files were first seen as they are."""
    known = memory.sources.get(source.name)
    same = known and known.digest == own.digest
    return date.fromisoformat(known.observed_at) if known and same else wishes.as_of


def to_read(
    given: Sequence[str], folder: str, memory: Memory, enclosure: str
) -> tuple[list[Named], list[Named]]:
    """Return what is named now and what was read the last time; else what usually lies here.

    What is remembered comes with the repository, perhaps from a stranger: it makes nobody read what
    lies outside of it.

    Args:
        given: what is named now.
        folder: the inventory.
        memory: what was read the last time.
        enclosure: the checkout around the inventory; empty: there is none.

    Returns:
        What to read, and what is remembered and not read.

    Raises:
        InputError: there is nothing to draft from.
    """
    now = [named(text) for text in given]
    paths = {os.path.realpath(one.path) for one in now}
    left: list[Named] = []
    for one in memory.given:
        path = os.path.normpath(os.path.join(folder, one.path))
        real = os.path.realpath(path)
        if enclosure and os.path.commonpath([enclosure, real]) != enclosure:
            left += [] if real in paths else [one]
        elif real not in paths:
            now.append(replace(one, path=path))
    found = now or well_known()
    if not found and not left:
        help_ = (
            "name files that tell of an agent: blastlint init --from tools.json --from rbac.yaml"
        )
        raise InputError(Problem("there is nothing here to draft from", help=help_))
    return found, left


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def remember(  # noqa: PLR0917 -- everything that there is to remember
    memory: Memory,
    given: Iterable[Named],
    left: Iterable[Named],
    folder: str,
    read: Iterable[Source],
    keeps: Mapping[str, Kept],
    draft: Draft,
) -> None:
    """Write into the memory what was read and drafted now."""
    memory.given = [
        *(replace(one, path=_relative(one.path, folder)) for one in given),
        *left,
    ]
    for source in read:
        own = keeps[source.name]
        row = draft.rows.get(("evidence", source.name))
        day = str(row.cells["observed_at"].value) if row else ""
        memory.sources[source.name] = Read(own.digest, day)
    kept_before = (file for file in memory.copies if source_of(file) not in keeps)
    memory.copies = sorted({*kept_before, *(file for own in keeps.values() for file in own.copies)})
    for row in draft.rows.values():
        memory.keep(row)
