"""OpenAPI 3.x and Swagger 2.0: every operation as a tool, with what repeats and scopes it allows.

An operation is named by its `operationId`, else `METHOD path`. Whether it is safe or idempotent is
what its method is meant to be (RFC 9110, section 9.2), not what a server does. A key that is not
declared may still be taken: `needs` says so. Webhooks and callbacks are calls of others, no tools.
"""

from __future__ import annotations

from blastlint.providers.grants import (
    UNSTATED,
    Granted,
    HttpCall,
    RegisteredTool,
    Unresolved,
)
from blastlint.providers.openapi.inputs import Inputs
from blastlint.providers.openapi.keys import key_of
from blastlint.providers.openapi.references import References
from blastlint.providers.recognise import advice
from blastlint.source import InputError, Problem
from blastlint.values import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from blastlint.providers.grants import Effect, Setting
    from blastlint.providers.openapi.inputs import Input
    from blastlint.source import Document

    Path = tuple[str | int, ...]

QUOTABLE = frozenset({"openapi", "swagger", "operationId", "name", "in", "required", "$ref"})
"""Keys whose values hold no secrets."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_IDEMPOTENT = _SAFE | {"PUT", "DELETE"}
_EFFECTS: dict[str, Effect] = {"PUT": "mutate", "PATCH": "mutate", "DELETE": "destroy"}
_OAUTH = ("oauth2", "openIdConnect")
_THREE = ("3.0", "3.1", "3.2")


def read(documents: Sequence[Document], _setting: Setting = UNSTATED, /) -> Granted:
    """The operations of all documents.

    Args:
        documents: OpenAPI descriptions, each complete in itself.
    """
    reading = _Reading()
    for document in documents:
        reading.take_in(document)
    if reading.problems:
        raise InputError(*reading.problems)
    return Granted(tools=tuple(reading.tools.values()), unresolved=tuple(reading.unresolved))


def effect(resource: str, action: str) -> Effect:  # noqa: ARG001 -- a provider's signature
    """What a method is meant to do; a POST may do anything, reading included."""
    method = action.upper()
    return "read" if method in _SAFE else _EFFECTS.get(method, "unknown")


def resource_covers(granted: str, needed: str, scope: str = "*") -> bool:  # noqa: ARG001 -- as above
    """Whether a path covers another: literally, by `*`, or with a value for each parameter."""
    if granted in {"*", needed}:
        return True
    ours, theirs = granted.split("/"), needed.split("/")
    return len(ours) == len(theirs) and all(
        mine == other or (mine[:1] == "{" and mine[-1:] == "}" and other != "")
        for mine, other in zip(ours, theirs, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to be allowed to call: all of its schemes at once."""

    schemes: tuple[str, ...]
    """None of them: without signing in."""
    scopes: tuple[str, ...]


class _Reading:
    """Operations found so far, and what is wrong with them."""

    def __init__(self) -> None:
        self.tools: dict[str, RegisteredTool] = {}
        self.unresolved: list[Unresolved] = []
        self.problems: list[Problem] = []

    def take_in(self, document: Document) -> None:
        value = document.value
        fault, path, help_ = _fault(value)
        if fault:
            self.problems.append(Problem(fault, document.at(path), help_))
            return
        description = _Description(document, value, self)
        for item, at in description.items():
            for method, operation, place in description.operations(item, at):
                self._add(document, place, description.tool(item, method, operation, place))

    def _add(self, document: Document, place: Path, tool: RegisteredTool) -> None:
        first = self.tools.setdefault(tool.name, tool)
        if first is not tool:
            related = (first.location.noted("the first one"),)
            help_ = "an operationId is written once; give each interface an entry of its own"
            message = f"two operations are called {tool.name}"
            self.problems.append(Problem(message, document.at(place, key=True), help_, related))


def _fault(value: object) -> tuple[str, Path, str]:
    """Why a document is no description that is read, where, and what to do."""
    if not isinstance(value, dict) or not ("openapi" in value or "swagger" in value):
        help_ = advice(value, "openapi")
        return "expected an OpenAPI description, which says 'openapi' or 'swagger'", (), help_
    key = "openapi" if "openapi" in value else "swagger"
    version = str(value[key])
    known = version == "2.0" if key == "swagger" else version.startswith(_THREE)
    if not known:
        return (
            f"this version of OpenAPI is not read: '{version[:20]}'",
            (key,),
            "read are 3.x and 2.0",
        )
    if not isinstance(value.get("paths", {}), dict) or not value.keys() & {
        "paths",
        "webhooks",
        "components",
    }:
        return "the description has no paths", ("paths",), "export it again, whole"
    return "", (), ""


class _Description:
    """One document."""

    def __init__(self, document: Document, value: dict[str, object], reading: _Reading) -> None:
        self._document = document
        self._value = value
        self._reading = reading
        self._references = References(value)
        self._told: set[tuple[str, str]] = set()

    def items(self) -> Iterator[tuple[dict[str, object], Path]]:
        """Every path with its operations."""
        paths = self._value.get("paths")
        for path, written in paths.items() if isinstance(paths, dict) else ():
            at: Path = ("paths", path)
            item = self._item(path, written)
            if "{{" in path or "{%" in path:
                message = "this looks like a template that has not been rendered"
                self._say(message, at, "render it first and name the result")
            elif path.startswith("x-"):
                continue
            elif not isinstance(item, dict):
                self._say("expected a map of methods", at)
            else:
                yield item, at

    def _item(self, path: str, written: object) -> object:
        """A path's own keys, over those of what it refers to."""
        target, missing = self._references.follow(written)
        if missing:
            self._missing(f"path {path}", ("paths", path), missing)
        both = isinstance(written, dict) and isinstance(target, dict)
        return {**target, **written} if both else target  # type: ignore[dict-item] # both are maps

    def operations(
        self, item: dict[str, object], at: Path
    ) -> Iterator[tuple[str, dict[str, object], Path]]:
        """The operations of a path: method, body, place."""
        more = item.get("additionalOperations")
        others = more if isinstance(more, dict) else {}
        rows: list[tuple[str, object, Path]] = [
            (name.upper(), item[name], (*at, name)) for name in _METHODS if name in item
        ]
        rows += [(n, body, (*at, "additionalOperations", n)) for n, body in others.items()]
        for method, operation, place in rows:
            if isinstance(operation, dict):
                yield method, operation, place
            else:
                self._say("expected an operation, a map", place)

    def tool(
        self, item: dict[str, object], method: str, operation: dict[str, object], place: Path
    ) -> RegisteredTool:
        """One operation as a tool."""
        path = str(place[1])
        written = operation.get("operationId")
        name = written if isinstance(written, str) and written else f"{method} {path}"
        reader = Inputs(
            self._references, lambda ref: self._missing(f"operation {name}", place, ref)
        )
        inputs = reader.of(item, operation)
        taken = {key: operation.get(key) for key in ("parameters", "requestBody")}
        at = (*place, "operationId") if name is written else place
        return RegisteredTool(
            name=name,
            description=str(operation.get("description") or operation.get("summary") or ""),
            arguments=tuple(sorted({one.name for one in inputs})),
            required=tuple(dict.fromkeys(one.name for one in inputs if one.required)),
            schema_digest=self._references.digest([name, item.get("parameters"), taken]),
            hints={},
            location=self._document.at(at, key=at is place),
            http=self._call(method, path, inputs, self._security(operation, name, place)),
        )

    def _call(
        self, method: str, path: str, inputs: list[Input], ways: Sequence[_Way] | None
    ) -> HttpCall:
        key, maybe = key_of(inputs)
        return HttpCall(
            method=method,
            path=path,
            safe=method in _SAFE,
            idempotent=method in _IDEMPOTENT,
            key=key.name if key else "",
            key_required=bool(key and key.required),
            needs=_open(method, key, maybe),
            scopes=None if ways is None else tuple(dict.fromkeys(w.scopes for w in ways)),
            optional=ways is not None and not all(way.schemes for way in ways),
        )

    # --- security -------------------------------------------------------------------------------

    def _security(self, operation: dict[str, object], name: str, place: Path) -> list[_Way] | None:
        """The ways to sign in; None if nothing is said.

        What the operation says replaces what the document says, an empty list included.
        """
        said = operation.get("security", self._value.get("security"))
        if said is None:
            return None
        rows = said if isinstance(said, list) else [said]
        ways = [self._way(one, name, place) for one in rows if isinstance(one, dict)]
        if len(ways) < len(rows) or said is not rows:
            self._say("expected a list of security requirements", (*place, "security"))
        return ways or [_Way((), ())]

    def _way(self, requirement: dict[str, object], name: str, place: Path) -> _Way:
        scopes: dict[str, None] = {}
        for scheme, needed in requirement.items():
            kind = self._scheme(scheme, name, place)
            if not isinstance(needed, list):
                self._say(f"expected a list of scopes for {scheme}", (*place, "security"))
            elif kind in _OAUTH:
                scopes |= dict.fromkeys(map(str, needed))
        return _Way(tuple(requirement), tuple(scopes))

    def _scheme(self, scheme: str, name: str, place: Path) -> object:
        components = self._value.get("components")
        inner = components.get("securitySchemes") if isinstance(components, dict) else None
        known = inner if inner is not None else self._value.get("securityDefinitions")
        if not isinstance(known, dict) or scheme not in known:
            self._missing(f"operation {name}", place, f"the security scheme {scheme}")
            return "oauth2"  # what it is not known to be is not taken for harmless
        target, missing = self._references.follow(known[scheme])
        if missing:
            self._missing(f"operation {name}", place, missing)
        return target.get("type") if isinstance(target, dict) else None

    # --- what is left open ----------------------------------------------------------------------

    def _missing(self, who: str, place: Path, reference: str) -> None:
        if (who, reference) in self._told:
            return
        self._told.add((who, reference))
        inside = reference.startswith(("#", "the "))
        why = "which nothing in it defines" if inside else "which is another document, not read"
        at = self._document.at(place, key=True)
        self._reading.unresolved.append(Unresolved(f"{who} refers to {reference}, {why}", at))

    def _say(self, message: str, place: Path, help_: str = "") -> None:
        at = self._document.at(place, key=True)
        self._reading.problems.append(Problem(message, at, help_))


def _open(method: str, key: Input | None, maybe: str) -> str:
    """What the description leaves open about a repeated call."""
    if key:
        return f"which forms of the body take {key.name}" if key.partly else ""
    if method in _IDEMPOTENT:
        return ""
    if maybe:
        return f"whether {maybe} makes a repeated call harmless, or only names it in a log"
    return "whether it takes an idempotency key: none is declared"
