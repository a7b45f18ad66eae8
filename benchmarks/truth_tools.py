"""MCP, OpenAPI and OAuth: lists of tools, clients, descriptions and scopes, read a second time."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

from blastlint.providers.mcp import clients, tools
from blastlint.providers.oauth import catalogue
from blastlint.providers.openapi import operations
from blastlint.source import Root, read_lines
from providers.evidence import CORPORA, corpus
from truth import Row, Section, facts, folder, table, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from blastlint.providers.grants import Granted, HttpCall, RegisteredTool
    from truth import Verdict

TITLE = "MCP, OpenAPI and OAuth: tools, clients and scopes"
ABOUT = """\
The lists of three sets of servers ([github-mcp-server](https://github.com/github/github-mcp-server)
64a49f3, [kubernetes-mcp-server](https://github.com/containers/kubernetes-mcp-server) 5574998 and
the reference servers), five configurations of clients and those of 12 agents (witwave,
d6d77a0), and the descriptions of Adyen Checkout v71 and of the Slack Web API are read a second time
with plain parsers, and compared tool by tool and operation by operation. For scopes of Slack, the
truth is what the methods that ask for them are called. These cases show that files are read right
and completely; whether a server tells the truth of its tools, no list shows.
"""
LISTS = (
    ("mcp-github-mcp-server", ".snap"),
    *(
        ("mcp-kubernetes-mcp-server", f"toolsets-{name}-tools.json")
        for name in ("core", "full", "config", "helm")
    ),
    *(
        ("mcp-reference-servers", f"{name}.json")
        for name in ("filesystem", "git", "github", "gitlab", "memory", "postgres", "slack")
    ),
)
WORST = {
    "readOnlyHint": False,
    "destructiveHint": True,
    "idempotentHint": False,
    "openWorldHint": True,
}
"""What the specification says of a hint that is not stated."""
READING = ("get", "history", "info", "list", "members", "replies", "Logs", "Info")
"""How methods of Slack that read are called, at the start or the end of their last word."""
ADYEN, SLACK = "openapi-adyen-checkout", "openapi-slack"
NOTES = (
    """\
A key against repeats that no description declares may be taken all the same. For an operation that
declares none, and whose method does not make it harmless to repeat, blastlint says that it needs
that fact.""",
    """\
Methods of Slack that are called with POST count as writing, those called with GET and named after
a reading (`list`, `info`, `history`, …) as reading; the others are not asked. A scope agrees if it
opens more than reading, or reading.""",
)


def measured() -> Section:
    """Compare with second readings of the files; raises AbsentError without them."""
    for name in ("mcp-client-configs", "agent-configs-witwave", *(one for one, _ in LISTS)):
        folder(name)
    rows = (
        Row.of("a tool that a server lists", _listed()),
        Row.of("a hint of a tool", _hints()),
        Row.of("an argument of a tool, required or not", _arguments()),
        Row.of("a server that a client starts or calls", _servers()),
        Row.of("whether an agent runs without asking", _agents()),
        Row.of("an operation of a description", _operations()),
        Row.of("a key against repeats, of an operation that writes", _keys()),
        Row.of("the scopes that an operation needs", _scopes()),
        Row.of("a scope that a description declares", _known()),
        Row.of("a scope that a method asks for, by the method's name", _named()),
    )
    more = table(("the fact that decides", "times"), _facts())
    return Section(TITLE, ABOUT, rows, NOTES, more)


def _lists() -> Iterator[tuple[dict[str, RegisteredTool], list[dict[str, Any]]]]:
    """Every list of a server: the tools that were found, and the tools that are written."""
    for name, file in LISTS:
        files = sorted(folder(name).rglob("*.snap")) if file == ".snap" else [folder(name) / file]
        written: list[dict[str, Any]] = []
        for path in files:
            value = json.loads(path.read_text(encoding="utf-8"))
            listed = value.get("tools", [value]) if isinstance(value, dict) else value
            written += listed
        documents = corpus(name, file if file == ".snap" else f"/{file}", file)
        yield {tool.name: tool for tool in tools.read(documents).tools}, written


def _listed() -> Iterator[Verdict]:
    for found, written in _lists():
        names = {one["name"] for one in written}
        for name in names | found.keys():
            yield verdict(name in names, "proven" if name in found else "")


def _hints() -> Iterator[Verdict]:
    for found, written in _lists():
        for one in written:
            stated = WORST | (one.get("annotations") or {})
            read = tools.with_defaults(found[one["name"]].hints)
            for hint in WORST:
                yield verdict(stated[hint], "proven" if read[hint] else "")


def _arguments() -> Iterator[Verdict]:
    for found, written in _lists():
        for one in written:
            schema = one["inputSchema"]
            tool = found[one["name"]]
            for name in {*(schema.get("properties") or {}), *tool.arguments}:
                required = name in (schema.get("required") or ())
                yield verdict(required, "proven" if name in tool.required else "")


def _configured() -> Iterator[tuple[Granted, dict[str, dict[str, Any]]]]:
    """Every configuration of a client: what was found, and its servers as they are written."""
    root = Root(str(CORPORA / "mcp-client-configs"))
    for name in root.walk("", (".json", ".jsonc")):
        lines = (CORPORA / "mcp-client-configs" / name).read_text("utf-8").splitlines()
        value = yaml.safe_load("\n".join(one for one in lines if "//" not in one.split('"')[0]))
        yield (
            clients.read([read_lines(root, name)]),
            value.get("mcpServers") or value.get("servers") or value,
        )


def _servers() -> Iterator[Verdict]:
    """Of each server, whether it is there, and whether it is a program of the client's account."""
    for found, written in _configured():
        for name, one in written.items():
            holder = f"mcp:{name}"
            yield verdict(expected=True, said="proven" if holder in found.principals else "")
            runs = any((t.holder, t.principal) == (holder, "host") for t in found.becomings)
            yield verdict("command" in one, "proven" if runs else "")


def _agents() -> Iterator[Verdict]:
    root = Root(str(CORPORA / "agent-configs-witwave"))
    for name in root.walk("", ("settings.json",)):
        stated = json.loads((CORPORA / "agent-configs-witwave" / name).read_text("utf-8"))
        found = clients.read([read_lines(root, name)])
        runs = any((one.action, one.resource) == ("run", "host") for one in found.grants)
        bypass = stated.get("permissions", {}).get("defaultMode") == "bypassPermissions"
        yield verdict(bypass, "proven" if runs else "")


def _described(name: str) -> tuple[dict[tuple[str, str], HttpCall], Any]:
    """The operations that were found in a description, by method and path, and all it says."""
    (path,) = folder(name).glob("*.json")
    found = [tool.http for tool in operations.read(corpus(name, ".json")).tools if tool.http]
    value = json.loads(path.read_text(encoding="utf-8"))
    return {(one.method, one.path): one for one in found}, value


def _written(value: Any) -> dict[tuple[str, str], dict[str, Any]]:  # noqa: ANN401 -- JSON
    methods = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
    return {
        (method.upper(), path): item[method]
        for path, item in value["paths"].items()
        for method in methods
        if method in item
    }


def _operations() -> Iterator[Verdict]:
    for name in (ADYEN, SLACK):
        found, value = _described(name)
        written = _written(value)
        for one in written.keys() | found.keys():
            yield verdict(one in written, "proven" if one in found else "")


def _keys() -> Iterator[Verdict]:
    """Of each operation but GET, whether it declares the header `Idempotency-Key`."""
    for name in (ADYEN, SLACK):
        found, value = _described(name)
        for key, one in _written(value).items():
            if key[0] != "GET":
                call = found[key]
                declared = any(_is_key(each, value) for each in one.get("parameters", ()))
                yield verdict(
                    declared, "proven" if call.key else "needs-fact" if call.needs else ""
                )


def _is_key(parameter: dict[str, Any], value: Any) -> bool:  # noqa: ANN401 -- JSON
    """Whether a parameter, perhaps behind a reference, is a header of that name."""
    for step in parameter.get("$ref", "").split("/")[1:]:
        value = value[step]
    said = value if "$ref" in parameter else parameter
    return bool(said["in"] == "header" and said["name"].lower() == "idempotency-key")


def _scopes() -> Iterator[Verdict]:
    """Of each operation of Slack, and each scope that it names."""
    found, value = _described(SLACK)
    for key, one in _written(value).items():
        needed = {scope for way in one.get("security", ()) for scope in way.get("slackAuth", ())}
        said = {scope for way in found[key].scopes or () for scope in way}
        for scope in needed | said:
            yield verdict(scope in needed, "proven" if scope in said else "")


def _known() -> Iterator[Verdict]:
    """Whether the catalogue knows a scope; `none` is no scope."""
    _, value = _described(SLACK)
    for scope in set(value["securityDefinitions"]["slackAuth"]["scopes"]) - {"none"}:
        known = catalogue.openings(scope, is_slack=True)
        yield verdict(expected=True, said="proven" if known else "")


def _named() -> Iterator[Verdict]:
    _, value = _described(SLACK)
    for (method, path), one in _written(value).items():
        last = path.rpartition(".")[2]
        reads = method == "GET" and (last.startswith(READING) or last.endswith(READING))
        asked = {scope for way in one.get("security", ()) for scope in way.get("slackAuth", ())}
        for scope in asked - {"none"} if reads or method == "POST" else ():
            effects = catalogue.effects_of(scope)
            fits = "read" in effects if reads else bool(effects - {"read"})
            yield verdict(expected=True, said="proven" if fits else "")


def _facts() -> list[tuple[str, str]]:
    found: Counter[str] = Counter()
    for granted, _ in _configured():
        found.update(facts(granted))
    for name in (ADYEN, SLACK):
        found.update(call.needs for call in _described(name)[0].values() if call.needs)
    return [(fact, str(many)) for fact, many in sorted(found.items())]
