"""Tool lists: every shape of a list, the hints and their defaults, and the real servers."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.providers.grants import Granted
from blastlint.providers.mcp import tools as mcp_tools
from blastlint.providers.mcp.schemas import _plain, fault
from blastlint.source import InputError
from providers.evidence import corpus, documents

TOOL = {
    "name": "refund",
    "description": "Give money back",
    "inputSchema": {
        "type": "object",
        "properties": {"order": {"type": "string"}, "amount": {"type": "number"}},
        "required": ["order"],
    },
    "annotations": {"destructiveHint": True, "title": "Refund"},
}


def of(*values: object) -> Granted:
    """What the values, each a document of its own, register."""
    texts = (json.dumps(value, indent=1) for value in values)
    return mcp_tools.read([doc for text in texts for doc in documents(text, kind="mcp-tools")])


@pytest.mark.parametrize(
    "shape",
    [
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [TOOL]}},
        {"tools": [TOOL]},
        {"serverInfo": {"name": "s"}, "protocolVersion": "2025-06-18", "tools": [TOOL]},
        [TOOL],
        TOOL,
    ],
    ids=["answer", "result", "result with server", "list", "one tool"],
)
def test_a_tool_is_read_from_every_shape(shape: object) -> None:
    """The same tool is found in an answer, a result, a list and a file of its own."""
    (tool,) = of(shape).tools
    assert (tool.name, tool.description) == ("refund", "Give money back")
    assert (tool.arguments, tool.required) == (("amount", "order"), ("order",))
    assert tool.hints == {"destructiveHint": True}
    assert '"name": "refund"' in tool.location.text


def test_an_empty_list_is_a_list() -> None:
    """A server may offer nothing."""
    assert of({"tools": []}) == Granted()


def test_a_page_of_a_longer_list_is_not_the_list() -> None:
    """Tools behind a cursor are unknown, and the reader is told."""
    found = of({"tools": [TOOL], "nextCursor": "abc"})
    assert len(found.tools) == 1
    assert "one page" in found.unresolved[0].what
    assert not of({"tools": [TOOL], "nextCursor": None}).unresolved


def test_unstated_hints_mean_the_worst() -> None:
    """The specification's defaults: not read-only, destructive, not idempotent, open world."""
    assert mcp_tools.with_defaults({}) == {
        "readOnlyHint": False,
        "destructiveHint": True,
        "idempotentHint": False,
        "openWorldHint": True,
    }
    assert mcp_tools.with_defaults({"readOnlyHint": True})["readOnlyHint"]


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    """Two writings of one schema have one digest; another schema has another."""
    one = mcp_tools.digest({"type": "object", "properties": {"a": {}, "ä": {}}})
    two = mcp_tools.digest({"properties": {"ä": {}, "a": {}}, "type": "object"})
    assert one == two
    assert one != mcp_tools.digest({"type": "object"})
    empty = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert mcp_tools.digest({}) == empty


def test_the_digest_of_a_tool_covers_its_name_and_its_schema() -> None:
    """Whoever pins a tool pins what it is called and what it takes; the rest may be reworded."""
    (first,) = of(TOOL).tools
    assert first.schema_digest == mcp_tools.digest(
        {"inputSchema": TOOL["inputSchema"], "name": "refund"}
    )
    (reworded,) = of({**TOOL, "description": "Pay back", "annotations": {}}).tools
    (renamed,) = of({**TOOL, "name": "repay"}).tools
    (widened,) = of({**TOOL, "inputSchema": {"type": "object"}}).tools
    assert reworded.schema_digest == first.schema_digest
    assert len({one.schema_digest for one in (first, renamed, widened)}) == 3


def test_two_tools_of_one_name_are_refused_with_both_places() -> None:
    """Which of them a call reaches is not known."""
    with pytest.raises(InputError, match="two tools are called refund") as refused:
        of([TOOL, TOOL])
    (problem,) = refused.value.problems
    assert problem.location
    assert problem.related


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"apiVersion": "v1", "kind": "Secret"}, "use the kind kubernetes-rbac"),
        ([{"apiVersion": "v1", "kind": "Secret"}], "use the kind kubernetes-rbac"),
        ({"jsonrpc": "2.0", "id": 1, "error": {"code": -32601}}, "answered with an error"),
        ({"jsonrpc": "2.0", "id": 1, "result": {}}, "expected the answer to tools/list"),
        ({"mcpServers": {}}, "expected the answer to tools/list"),
        ({"openapi": "3.1.0", "paths": {}}, "use the kind openapi"),
        (None, "expected the answer to tools/list"),
        ("text", "expected the answer to tools/list"),
        ([7], "expected a tool"),
        ([{"inputSchema": {"type": "object"}}], "has no name"),
        ([{"name": "", "inputSchema": {"type": "object"}}], "has no name"),
        ([{"name": "a"}], "tool a: no inputSchema"),
        ([{**TOOL, "inputSchema": []}], "expected a JSON Schema"),
        ([{**TOOL, "inputSchema": {}}], "must say 'type: object'"),
        ([{**TOOL, "inputSchema": {"type": "string"}}], "must say 'type: object'"),
        ([{**TOOL, "inputSchema": {"type": "object", "required": "a"}}], "not a valid JSON Schema"),
        (
            [{**TOOL, "inputSchema": {"type": "object", "properties": {"a": {"type": "strin"}}}}],
            "not a valid JSON Schema",
        ),
        ([{**TOOL, "description": 7}], "description must be a text"),
        ([{**TOOL, "annotations": []}], "annotations must be a map"),
        ([{**TOOL, "annotations": {"readOnlyHint": "yes"}}], "readOnlyHint must be true or false"),
    ],
)
def test_what_is_no_tool_list_is_refused_with_its_place(value: object, message: str) -> None:
    """A list that cannot be read registers nothing; every refusal has a place."""
    with pytest.raises(InputError, match=message) as refused:
        of(value)
    assert all(problem.location for problem in refused.value.problems)


def test_all_problems_are_told_together() -> None:
    """A run does not stop at the first mistake."""
    with pytest.raises(InputError) as refused:
        of([{"name": "a"}, {"name": "b"}, {}])
    assert len(refused.value.problems) == 3


KEYWORDS = st.sampled_from(
    ["type", "properties", "required", "items", "enum", "anyOf", "minimum", "minLength", "title"]
)
SCALARS = st.sampled_from(["object", "string", "strin", True, 3, -1, 2.5, None])
SCHEMAS: st.SearchStrategy[object] = st.recursive(
    SCALARS | st.just({}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(KEYWORDS, SCHEMAS, max_size=5))
def test_the_quick_judge_of_schemas_agrees_with_the_library(drawn: dict[str, object]) -> None:
    """Whatever passes without the library passes with it, and the other way round."""
    schema = {**drawn, "type": "object"}
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError:
        assert fault(schema)
    else:
        assert fault(schema) is None


@pytest.mark.parametrize(
    ("properties", "chosen"),
    [
        ({"method": {"enum": ["create", "delete"]}}, ("method", ("create", "delete"))),
        ({"action": {"oneOf": [{"const": "a"}, {"const": "b"}]}}, ("action", ("a", "b"))),
        ({"action": {"enum": ["a"]}}, ("", ())),
        ({"method": {"type": "string"}}, ("", ())),
        ({"merge_method": {"enum": ["merge", "squash"]}}, ("", ())),
        ({"state": {"enum": ["open", "closed"]}}, ("", ())),
        ({"method": True}, ("", ())),
    ],
)
def test_an_argument_may_choose_what_a_tool_does(
    properties: dict[str, object], chosen: tuple[str, tuple[str, ...]]
) -> None:
    """A tool with a method is several tools, the worst of which counts; other lists are none."""
    (tool,) = of({**TOOL, "inputSchema": {"type": "object", "properties": properties}}).tools
    assert (tool.chosen_by, tool.choices) == chosen


# --- real input ---------------------------------------------------------------------------------


def test_the_github_server_offers_117_tools() -> None:
    """One snapshot a tool; 58 read only, 59 do not, two say that a repeat is harmless."""
    tools = mcp_tools.read(corpus("mcp-github-mcp-server", ".snap")).tools
    hints = [tool.hints for tool in tools]
    assert len(tools) == 117
    assert sum(each.get("readOnlyHint") is True for each in hints) == 58
    assert sum(each.get("readOnlyHint") is False for each in hints) == 59
    assert sum(each.get("idempotentHint") is True for each in hints) == 2
    assert sum("destructiveHint" not in each for each in hints) == 83
    merge = next(tool for tool in tools if tool.name == "merge_pull_request")
    assert "destructiveHint" not in merge.hints
    assert mcp_tools.with_defaults(merge.hints)["destructiveHint"]


@pytest.mark.parametrize(
    ("folder", "file", "count", "stated"),
    [
        ("mcp-kubernetes-mcp-server", "toolsets-core-tools.json", 19, 19),
        ("mcp-kubernetes-mcp-server", "toolsets-full-tools.json", 20, 20),
        ("mcp-reference-servers", "filesystem.json", 14, 14),
        ("mcp-reference-servers", "git.json", 12, 12),
        ("mcp-reference-servers", "github.json", 26, 0),
        ("mcp-reference-servers", "postgres.json", 1, 0),
        ("mcp-reference-servers", "slack.json", 8, 0),
    ],
)
def test_real_lists(folder: str, file: str, count: int, stated: int) -> None:
    """Bare lists and whole answers of real servers; some state hints, some none."""
    tools = mcp_tools.read(corpus(folder, f"/{file}", file)).tools
    assert len(tools) == count
    assert sum(bool(tool.hints) for tool in tools) == stated


def test_real_lists_need_no_schema_library() -> None:
    """The quick judge decides every real tool, so that the library is not loaded."""
    lists = [*corpus("mcp-github-mcp-server", ".snap"), *corpus("mcp-reference-servers", ".json")]
    for document in (*lists, *corpus("mcp-kubernetes-mcp-server", ".json")):
        for tool in _tools(document.value):
            assert _plain(tool["inputSchema"])


def _tools(value: object) -> list[Any]:
    """The tools of a document of any shape."""
    if isinstance(value, dict):
        found = value.get("tools", [value])
        return found if isinstance(found, list) else []
    return value if isinstance(value, list) else []


def test_real_tools_that_cover_several_actions() -> None:
    """The GitHub server folds reads into one tool and writes into another, by a method."""
    listed = mcp_tools.read(corpus("mcp-github-mcp-server", ".snap")).tools
    several = {tool.name: tool.choices for tool in listed if tool.choices}
    assert several["label_write"] == ("create", "update", "delete")
    assert "delete_workflow_run_logs" in several["actions_run_trigger"]
    assert len(several) == 17
    assert {tool.chosen_by for tool in listed} == {"", "method", "action"}
