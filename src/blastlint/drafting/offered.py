"""Rows of the tools that a server or an API offers, with its system and its credential."""

from __future__ import annotations

from collections import Counter
from string import ascii_letters, digits

from blastlint.drafting.meaning import meaning, open_ended
from blastlint.drafting.memory import digest_of
from blastlint.drafting.rows import Cell, Row, ask
from blastlint.drafting.systems import answers_for, owner_of, system_row
from blastlint.providers.mcp.tools import DEFAULT_HINTS
from blastlint.providers.openapi.keys import takes_key
from blastlint.reporters.words import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.drafting.meaning import Meaning
    from blastlint.drafting.rows import Draft, Wishes
    from blastlint.drafting.sources import Source
    from blastlint.providers.grants import RegisteredTool

_CALLS = "calls"
"""Id of the profile of what repeats the calls."""
_IN_IDS = frozenset(f"{ascii_letters}{digits}._-")
_LONGEST, _DIGITS = 120, 8
"""Characters of an id, and of the digest that tells apart what is called alike."""
_UNDO = {
    "read": "",
    "append": "can what it adds be taken away again, how, and until when?",
    "notify": "it reaches people: can it be taken back, and until when?",
    "spend": "can the money be had back, how, and until when?",
    "destroy": "is anything kept of what it removes, how is that put back, and until when?",
}


def offered(source: Source, draft: Draft) -> None:
    """Draft the tools of a server's list or of an API."""
    draft.put(system_row(source.system, f"what the tools of {_label(source)} act on", draft))
    draft.put(credential_row(source.called, draft))
    draft.put(_calls(draft.wishes))
    for tool in source.granted.tools:
        draft.put(_row(source, tool, draft))


def _calls(wishes: Wishes) -> Row:
    """Return what repeats the calls of the agent: one profile until somebody says otherwise."""
    question = "what repeats a call that fails: [] for nothing, or [{layer: sdk, max_attempts: 3}]?"
    layers = ask(wishes.asker, question)
    about = f"what repeats the calls of {wishes.agent}; one profile until somebody says otherwise"
    return Row("retry_profiles", _CALLS, {"layers": layers}, (about,))


def _label(source: Source) -> str:
    return f"the API {source.called}" if source.kind == "openapi" else f"the server {source.called}"


def facts(source: Source) -> list[str]:
    """Return what is worth knowing of a list as a whole, a line each."""
    tools = source.granted.tools
    if source.kind == "openapi":
        return list(_facts_of_requests(tools))
    reads = sum(tool.hints.get("readOnlyHint") is True for tool in tools)
    writes = sum(tool.hints.get("readOnlyHint") is False for tool in tools)
    silent = sum(not tool.hints for tool in tools)
    again = sum(_is_repeatable(tool) for tool in tools)
    lines = [f"{count(len(tools), 'tool')}: its server calls {reads} read-only and {writes} not"]
    if again:
        lines.append(
            f"{again} of those that write are called idempotent, which is a hint and no key"
        )
    if silent:
        lines.append(f"{silent} without any hint")
    whole = sum(tool.hints.keys() >= DEFAULT_HINTS.keys() for tool in tools)
    if whole:
        lines.append(f"{whole} with all four hints")
    return lines


def _is_repeatable(tool: RegisteredTool) -> bool:
    return bool(tool.hints.get("idempotentHint")) and tool.hints.get("readOnlyHint") is False


def _facts_of_requests(tools: tuple[RegisteredTool, ...]) -> Iterator[str]:
    calls = [tool.http for tool in tools if tool.http]
    methods = Counter(call.method for call in calls)
    counted = ", ".join(f"{number} {method}" for method, number in sorted(methods.items()))
    yield f"{count(len(calls), 'operation')}: {counted}"
    keyed = Counter(call.method for call in calls if call.key)
    for method, number in sorted(keyed.items()):
        yield f"{number} of {methods[method]} {method} take an idempotency key"
    scopes = {scope for call in calls for way in call.scopes or () for scope in way}
    if scopes:
        yield f"asks for {count(len(scopes), 'OAuth scope')}"


def credential_row(name: str, draft: Draft) -> Row:
    """Return the credential that a server acts with, of which its list says nothing."""
    who = owner_of(name, draft)
    return Row(
        "credentials",
        name,
        {
            "principal": ask(who, _as_whom(draft)),
            "owner": answers_for(name, draft),
            "grants": ask(who, "what does it open?"),
            "used_by": ask(who, "who else holds it?"),
            "also_reaches": ask(who, "what does it open beyond what the tools need?"),
            "revocation": ask(who, "who takes it away, how, and how long does that take?"),
        },
        (f"what {name} acts with; one credential until somebody says otherwise",),
    )


def _as_whom(draft: Draft) -> str:
    if not draft.wishes.runs_as:
        return "as whom does it act?"
    return "as whom does it act? As the agent does: then let the rows of its tools name that one?"


def _row(source: Source, tool: RegisteredTool, draft: Draft) -> Row:
    who = owner_of(source.system, draft)
    does = meaning(tool)
    cells = {
        "agents": Cell([draft.wishes.agent], "until somebody says otherwise"),
        "registered_name": Cell(tool.name),
        **_seen(source, tool),
        "system": Cell(source.system),
        "credential": Cell(source.called),
        "effect": Cell(does.effect, does.why) if does.effect else ask(who, does.why),
        **_freedom(tool, does, who),
        "requires": _needs(tool, does, who),
        "reversibility": _reversibility(does, who),
        **_repeats(tool, does, who),
    }
    return Row("tools", _id(source, tool), cells, (_stands(source, tool),))


def _seen(source: Source, tool: RegisteredTool) -> dict[str, Cell]:
    """Return what the planner sees."""
    cells = {"schema_digest": Cell(tool.schema_digest), "source": Cell(source.name)}
    if tool.hints:
        cells["annotations"] = Cell(dict(tool.hints), "as its server states")
    return cells


def _id(source: Source, tool: RegisteredTool) -> str:
    """Return an id for a tool that no other tool of any day has: its server's and its own name."""
    plain = "".join(letter if letter in _IN_IDS else "-" for letter in tool.name).strip("-.")
    name = f"{source.called}.{plain}" if plain else source.called
    if plain == tool.name and len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - _DIGITS - 1]}-{digest_of(tool.name)[:_DIGITS]}"


def _stands(source: Source, tool: RegisteredTool) -> str:
    """Return where a tool stands; its description is not repeated, for it may hold anything."""
    call = f"{tool.http.method} {tool.http.path}, " if tool.http else ""
    return f"{call}{source.place(tool.location)}"


def _freedom(tool: RegisteredTool, does: Meaning, who: str) -> dict[str, Cell]:
    kind, argument = open_ended(tool)
    if kind:
        return {"open_ended": Cell(kind, f"its argument {argument}")}
    question = "does it take any command, code, statement, address or path?"
    return {"open_ended": ask(who, question)} if does.effect == "execute" else {}


def _needs(tool: RegisteredTool, does: Meaning, who: str) -> Cell:
    """Return what a call needs: the scopes that its description names."""
    ways = tool.http.scopes if tool.http else None
    if not ways or not ways[0] or not does.effect:
        return ask(who, "what must its credential be allowed to do?")
    need = {"resources": list(ways[0]), "actions": [does.effect], "basis": "doc"}
    more = f", or {' or '.join(' and '.join(way) for way in ways[1:])}" if ways[1:] else ""
    return Cell([need], f"the scopes of its description{more}")


def _reversibility(does: Meaning, who: str) -> Cell:
    if does.effect == "read":
        return Cell({"class": "read_only"}, "it only reads")
    return ask(who, _UNDO.get(does.effect, "can it be undone, how, and until when?"))


def _repeats(tool: RegisteredTool, does: Meaning, who: str) -> dict[str, Cell]:
    """Return what a repeated call does, for what does not only read."""
    if does.effect == "read":
        return {}
    field = tool.http.key if tool.http else takes_key(tool.arguments)
    if not field:
        hint = ", for which idempotentHint is no proof" if tool.hints.get("idempotentHint") else ""
        question = f"what does the same call do a second time{hint}?"
        return {"idempotency": ask(who, question), "retry": Cell(_CALLS)}
    must = tool.http.key_required if tool.http else field in tool.required
    why = f"it {'asks for' if must else 'takes'} {field}"
    key = Cell({"strategy": "key", "key": {"field": field}}, why)
    return {"idempotency": key, "retry": Cell(_CALLS)}
