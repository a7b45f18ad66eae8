"""The tools that a Model Context Protocol server offers, from its answer to `tools/list`.

Read are the whole JSON-RPC answer, its result, a bare list of tools, and one tool a file. The hints
are kept as stated; `with_defaults` adds what the specification says of a hint that is not.
"""

from __future__ import annotations

import hashlib
import json

from blastlint.providers.grants import UNSTATED, Granted, RegisteredTool, Unresolved
from blastlint.providers.mcp.promises import unlisted
from blastlint.providers.mcp.schemas import fault
from blastlint.providers.recognise import advice
from blastlint.source import InputError, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from blastlint.providers.grants import Effect, Setting
    from blastlint.source import Document

    Path = tuple[str | int, ...]

QUOTABLE = frozenset(
    {
        *("name", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"),
        *("type", "required", "additionalProperties"),
    }
)
"""Keys whose values hold no secrets."""
_CHOOSERS = ("action", "command", "method", "op", "operation", "verb")
"""Arguments by which a call says what the tool is to do."""
DEFAULT_HINTS = {
    "readOnlyHint": False,
    "destructiveHint": True,
    "idempotentHint": False,
    "openWorldHint": True,
}
"""What a hint means when it is not stated: the worst."""


def with_defaults(hints: Mapping[str, bool]) -> dict[str, bool]:
    """All four hints: as stated, else as the specification says.

    `destructiveHint` and `idempotentHint` mean something only when `readOnlyHint` is false.
    """
    return {name: hints.get(name, default) for name, default in DEFAULT_HINTS.items()}


def read(documents: Sequence[Document], _setting: Setting = UNSTATED, /) -> Granted:
    """The tools of all documents, which together are one server's list.

    Args:
        documents: Answers to `tools/list`, or files of one tool each.
    """
    lists = _Lists()
    for document in _not_empty(documents):
        lists.take_in(document)
    if lists.problems:
        raise InputError(*lists.problems)
    return Granted(tools=tuple(lists.tools.values()), unresolved=tuple(lists.unresolved))


def _not_empty(documents: Sequence[Document]) -> Sequence[Document]:
    """The documents that say something; if none does, the first one, to be refused."""
    return [each for each in documents if each.value is not None] or documents[:1]


def effect(resource: str, action: str) -> Effect:  # noqa: ARG001 -- a provider's signature
    """Never known: a tool's name does not say what it changes."""
    return "unknown"


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- as above
    """Whether one name covers another: literally, or by `*`."""
    return granted in {"*", needed}


class _Lists:
    """Tools found so far, and what is wrong with them."""

    def __init__(self) -> None:
        self.tools: dict[str, RegisteredTool] = {}
        self.unresolved: list[Unresolved] = []
        self.problems: list[Problem] = []

    def take_in(self, document: Document) -> None:
        value = document.value
        base: Path = ()
        if isinstance(value, dict) and "jsonrpc" in value:
            value, base = value.get("result"), ("result",)
        if isinstance(value, dict) and isinstance(value.get("tools"), list):
            self._incomplete(document, base, value)
            value, base = value["tools"], (*base, "tools")
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._tool(document, (*base, index), item)
        elif isinstance(value, dict) and "name" in value and "inputSchema" in value:
            self._tool(document, base, value)
        else:
            self._say(document, base, *_refusal(document.value))

    def _incomplete(self, document: Document, base: Path, answer: dict[str, object]) -> None:
        if answer.get("nextCursor"):
            what = "this is one page of a longer list of tools: the others are not here"
            self.unresolved.append(Unresolved(what, document.at((*base, "nextCursor"))))

    def _tool(self, document: Document, at: Path, item: object) -> None:
        if not isinstance(item, dict):
            self._say(document, at, "expected a tool: a map with name and inputSchema")
            return
        name = item.get("name")
        if not (isinstance(name, str) and name):
            self._say(document, (*at, "name"), "this tool has no name", advice(item, "mcp-tools"))
            return
        if name in self.tools:
            self._twice(document, at, name)
            return
        wrong = [*self._wrong_schema(item), *_wrong_texts(item)]
        for path, message in wrong:
            self._say(document, (*at, *path), f"tool {name}: {message}")
        if not wrong:
            self.tools[name] = _registered(document, at, name, item)

    def _wrong_schema(self, item: dict[str, object]) -> Iterator[tuple[Path, str]]:
        if "inputSchema" not in item:
            yield ("inputSchema",), "no inputSchema"
            return
        found = fault(item["inputSchema"])
        if found:
            yield ("inputSchema", *found[0]), found[1]

    def _twice(self, document: Document, at: Path, name: str) -> None:
        self.problems.append(
            Problem(
                f"two tools are called {name}",
                document.at((*at, "name")),
                help="give each server an entry of its own under evidence",
                related=(self.tools[name].location.noted("the first one"),),
            )
        )

    def _say(self, document: Document, path: Path, message: str, help_: str = "") -> None:
        self.problems.append(Problem(message, document.at(path), help=help_))


def _registered(document: Document, at: Path, name: str, item: dict[str, object]) -> RegisteredTool:
    schema = item["inputSchema"]
    properties = schema.get("properties") if isinstance(schema, dict) else None
    chosen_by, choices = _choice(properties)
    required = schema.get("required") if isinstance(schema, dict) else None
    return RegisteredTool(
        name=name,
        description=_text(item.get("description")),
        arguments=tuple(sorted(properties)) if isinstance(properties, dict) else (),
        required=tuple(required) if isinstance(required, list) else (),
        schema_digest=digest({"name": name, "inputSchema": schema}),
        hints=_hints(item),
        chosen_by=chosen_by,
        choices=choices,
        location=document.at((*at, "name")),
        unlisted=unlisted(_text(item.get("description")), schema),
    )


def _choice(properties: object) -> tuple[str, tuple[str, ...]]:
    """The argument that chooses what the tool does, and everything that it may say."""
    for name in _CHOOSERS:
        schema = properties.get(name) if isinstance(properties, dict) else None
        choices = _choices(schema) if isinstance(schema, dict) else ()
        if len(choices) > 1:
            return name, choices
    return "", ()


def _choices(schema: dict[str, object]) -> tuple[str, ...]:
    """The texts of an `enum`, or of alternatives that each say `const`."""
    listed = schema.get("enum")
    if not isinstance(listed, list):
        parts = schema.get("oneOf", schema.get("anyOf"))
        rows = parts if isinstance(parts, list) else []
        listed = [row["const"] for row in rows if isinstance(row, dict) and "const" in row]
    return tuple(choice for choice in listed if isinstance(choice, str))


def digest(value: object) -> str:
    """`sha256:` and the digest of a value as JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _hints(item: dict[str, object]) -> dict[str, bool]:
    stated = item.get("annotations")
    if not isinstance(stated, dict):
        return {}
    return {name: stated[name] for name in DEFAULT_HINTS if isinstance(stated.get(name), bool)}


def _wrong_texts(item: dict[str, object]) -> Iterator[tuple[Path, str]]:
    if not isinstance(item.get("description", ""), str):
        yield ("description",), "the description must be a text"
    stated = item.get("annotations")
    if stated is not None and not isinstance(stated, dict):
        yield ("annotations",), "the annotations must be a map"
    for name in DEFAULT_HINTS:
        if isinstance(stated, dict) and not isinstance(stated.get(name, False), bool):
            yield ("annotations", name), f"{name} must be true or false"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _refusal(value: object) -> tuple[str, str]:
    if isinstance(value, dict) and "jsonrpc" in value and "error" in value:
        return "the server answered with an error instead of a list of tools", ""
    return "expected the answer to tools/list, or a tool", advice(value, "mcp-tools")
