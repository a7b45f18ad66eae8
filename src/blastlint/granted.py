"""Tells what evidence grants, without judging: every principal with its grants, and the tools."""

from __future__ import annotations

import os

from blastlint.evidence import contents
from blastlint.progress import now
from blastlint.providers import provider
from blastlint.providers.grants import Setting
from blastlint.reporters.escape import shown
from blastlint.reporters.json import dumps, place
from blastlint.reporters.words import count
from blastlint.source import InputError, Problem, Root, did_you_mean
from blastlint.values import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from blastlint.providers import Provider
    from blastlint.providers.grants import (
        Becoming,
        Grant,
        Granted,
        HttpCall,
        Joint,
        RegisteredTool,
    )
    from blastlint.source import Document

_MOST = 20
"""Names that are listed when one is not found."""
_NAMED = 5
"""Principals that are named of those who can make one call."""


def grants_in(
    kind: str, files: Sequence[str], *, principal: str, derive: bool, namespace: str, form: str
) -> str:
    """Return what evidence grants, as text or JSON.

    Args:
        kind: provider that reads it.
        files: files or folders.
        principal: only this one; empty for all.
        derive: also tell what each principal can become.
        namespace: where objects without one are applied; empty: not known.
        form: `text` or `json`.

    Raises:
        InputError: a file is wrong, or nothing is said of the principal.
    """
    reader = provider(kind)
    documents = _documents(files, reader)
    now("working out what they grant")
    granted = reader.read(documents, Setting(namespace=namespace))
    names = list(granted.principals)
    if principal and principal not in names:
        raise no_such("principal", principal, names)
    chosen = [name for name in names if principal in {"", name}]
    if principal:
        granted = _of(principal, granted)
    if form == "json":
        return dumps(_as_json(granted, chosen, derive=derive))
    return "".join(_as_text(granted, chosen, derive=derive))


def no_such(kind: str, name: str, known: Sequence[str]) -> InputError:
    """Return why something that was asked for is not told, and what there is."""
    most = ", ".join(known[:_MOST]) + (", …" if len(known) > _MOST else "")
    help_ = did_you_mean(name, known) or (f"there are: {most}" if known else "there is none")
    return InputError(Problem(f"there is no {kind} '{name}'", help=help_))


def _documents(paths: Iterable[str], reader: Provider) -> list[Document]:
    """Return the documents of files, and of every file in folders."""
    found: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        folder, name = (path, "") if os.path.isdir(path) else os.path.split(path)
        if not path:
            problems.append(Problem("a file without a name", help="name a file or a folder"))
            continue
        documents, wrong = contents(Root(folder or ".", folder), name, reader)
        found += documents
        problems += wrong
    if problems:
        raise InputError(*problems)
    return found


def _as_json(granted: Granted, principals: Iterable[str], *, derive: bool) -> dict[str, Any]:
    grants = _by_holder(granted.grants)
    turns, shares = _by_holder(granted.becomings), _by_holder(granted.shares)
    answer: dict[str, Any] = {
        "principals": [
            {
                "principal": name,
                "grants": [_grant(grant) for grant in grants.get(name, ())],
                "becomes": [_turn(turn) for turn in turns.get(name, ())] if derive else [],
                "shares": [_share(share) for share in shares.get(name, ())] if derive else [],
                "everything": name in granted.everything,
            }
            for name in principals
        ],
        "joints": [_joint(joint) for joint in granted.joints] if derive else [],
        "unresolved": [
            {"what": one.what, "location": place(one.location)} for one in granted.unresolved
        ],
    }
    if granted.tools:
        answer["tools"] = [_tool(tool) for tool in granted.tools]
    return answer


def _by_holder(facts: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for fact in facts:
        found.setdefault(fact.holder, []).append(fact)
    return found


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "system": grant.system,
        "scope": grant.scope,
        "resource": grant.resource,
        "action": grant.action,
        "effect": grant.effect,
        "names": list(grant.names),
        "condition": grant.condition,
        "certainty": grant.certainty,
        "needs": grant.needs,
        "inherent": grant.inherent,
        "second_person": grant.second_person,
        "location": place(grant.location),
    }


def _turn(turn: Becoming) -> dict[str, Any]:
    return {
        "principal": turn.principal,
        "via": turn.via,
        "certainty": turn.certainty,
        "needs": turn.needs,
        "location": place(turn.location),
    }


def _share(share: Becoming) -> dict[str, Any]:
    rest = _turn(share)
    return {"part": rest.pop("principal"), **rest}


def _joint(joint: Joint) -> dict[str, Any]:
    return {"parts": list(joint.parts), **_turn(joint.becoming)}


def _tool(tool: RegisteredTool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "arguments": list(tool.arguments),
        "required": list(tool.required),
        "schema_digest": tool.schema_digest,
        "hints": tool.hints,
        "chosen_by": tool.chosen_by,
        "choices": list(tool.choices),
        "http": _call(tool.http) if tool.http else None,
        "location": place(tool.location),
    }


def _call(call: HttpCall) -> dict[str, Any]:
    ways = None if call.scopes is None else [list(way) for way in call.scopes]
    return {
        "method": call.method,
        "path": call.path,
        "safe": call.safe,
        "idempotent": call.idempotent,
        "key": call.key or None,
        "key_required": call.key_required,
        "needs": call.needs,
        "scopes": ways,
        "optional": call.optional,
    }


def _as_text(granted: Granted, principals: Sequence[str], *, derive: bool) -> Iterator[str]:
    grants, turns = _by_holder(granted.grants), _by_holder(granted.becomings)
    for name in principals:
        everything = "  (everything)" if name in granted.everything else ""
        yield f"{shown(name)}{everything}\n"
        yield from _grant_lines(grants.get(name, ()))
        for turn in turns.get(name, ()) if derive else ():
            needs = f"  (needs: {turn.needs})" if turn.needs else ""
            yield f"  becomes {shown(turn.principal)} via {shown(turn.via)}{shown(needs)}\n"
    if derive:
        yield from _together(granted)
    for tool in granted.tools:
        inputs = "" if tool.http else f"({', '.join(tool.arguments)})"
        yield f"{shown(tool.name + inputs)}  {shown(_about(tool))}\n"
    for one in granted.unresolved:
        yield f"unresolved: {shown(one.what)}  {shown(str(one.location))}\n"
    counted = (
        count(len(principals), "principal"),
        count(sum(len(grants.get(name, ())) for name in principals), "grant"),
        count(len(granted.tools), "tool"),
        f"{len(granted.unresolved)} unresolved",
    )
    yield ", ".join(counted) + "\n"


def _together(granted: Granted) -> Iterator[str]:
    """Yield the ways that take several calls, unless nobody but one principal can make them."""
    makers: dict[str, dict[str, None]] = {}
    for share in granted.shares:
        makers.setdefault(share.principal, {})[share.holder] = None
    for joint in granted.joints:
        by = [list(makers.get(part, {part: None})) for part in joint.parts]
        if len({name for names in by for name in names}) > 1:
            parts = " and ".join(map(_made, joint.parts, by))
            turn = joint.becoming
            needs = f"  (needs: {turn.needs})" if turn.needs else ""
            yield f"together: {shown(parts)}\n"
            yield f"  become {shown(turn.principal)} via {shown(turn.via)}{shown(needs)}\n"


def _made(part: str, names: Sequence[str]) -> str:
    """Say who makes a call; a part that is a principal makes its own."""
    if list(names) == [part]:
        return part
    more = len(names) - _NAMED
    return f"{part} (by {', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''})"


def _about(tool: RegisteredTool) -> str:
    """Say what a list tells of a tool: its hints and choices, or its request."""
    if tool.http:
        return _request(tool.http)
    hints = ", ".join(f"{hint} {str(value).lower()}" for hint, value in tool.hints.items())
    choices = f"{tool.chosen_by} is {' or '.join(tool.choices)}" if tool.choices else ""
    return "; ".join(filter(None, (hints or "no hints", choices)))


def _request(call: HttpCall) -> str:
    """Say what a request is, which key it takes and which scopes it asks for."""
    must = "must" if call.key_required else "may"
    key = f"{must} send {call.key}" if call.key else ""
    ways = [" and ".join(way) for way in call.scopes or () if way]
    scopes = f"scopes: {' or '.join(ways)}" if ways else ""
    free = "may be called without signing in" if call.optional else ""
    unsaid = "does not say how to sign in" if call.scopes is None else ""
    needs = f"needs: {call.needs}" if call.needs else ""
    parts = (f"{call.method} {call.path}", key, scopes, free, unsaid, needs)
    return "; ".join(filter(None, parts))


def _grant_lines(grants: Sequence[Grant]) -> Iterator[str]:
    """Yield a line for each set of resources that all the same is granted on, as surely."""
    actions: dict[tuple[str, str, str], dict[str, None]] = {}
    for grant in grants:
        actions.setdefault((grant.resource, grant.scope, _tail(grant)), {})[grant.action] = None
    rows: dict[tuple[str, str, str], list[str]] = {}
    for (resource, scope, tail), group in actions.items():
        rows.setdefault((", ".join(group), scope, tail), []).append(resource)
    if not rows:
        yield "  nothing\n"
    for (does, scope, tail), resources in rows.items():
        where = {"": "", "*": " everywhere"}.get(scope, f" in {scope}")
        line = f"  {shown(does)} on {shown(', '.join(resources))}{shown(where)}"
        yield line + (f"  ({shown(tail)})\n" if tail else "\n")


def _tail(grant: Grant) -> str:
    """Say what limits a grant: the names that it is for, its condition, the missing fact."""
    only = f"only {', '.join(grant.names)}" if grant.names else ""
    needs = f"needs: {grant.needs}" if grant.needs else ""
    return "; ".join(filter(None, (only, grant.condition, needs)))


def _of(principal: str, granted: Granted) -> Granted:
    """Return the same, with what is left open of one principal or everybody, and its own joints."""
    left = (one for one in granted.unresolved if not one.holders or principal in one.holders)
    own = {principal, *(share.principal for share in granted.shares if share.holder == principal)}
    joints = (joint for joint in granted.joints if own.intersection(joint.parts))
    return replace(granted, unresolved=tuple(left), joints=tuple(joints))
