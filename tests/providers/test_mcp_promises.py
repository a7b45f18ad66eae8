"""Arguments that a description lists and a schema does not take."""

from __future__ import annotations

import json

import pytest

from blastlint.providers.mcp import tools as mcp_tools
from blastlint.providers.mcp.promises import unlisted
from providers.evidence import corpus, documents

REFUND = """
This tool will refund a payment intent in Stripe.

It takes three arguments:
- payment_intent (str): The ID of the payment intent to refund.
- amount (int, optional): The amount to refund in cents.
- reason (str, optional): The reason for the refund.
"""
GOOGLE_STYLE = """Search.

    Args:
        query: What to look for, for instance
            limit: a word that stands too far in
        Limit: a sentence that begins like this
        page_size (int): how many

    Returns:
        rows: what was found
"""


def schema(*names: str, **more: object) -> dict[str, object]:
    """Return a schema that takes some arguments."""
    return {"type": "object", "properties": {name: {} for name in names}, **more}


@pytest.mark.parametrize(
    ("description", "takes", "missing"),
    [
        (REFUND, ("payment_intent", "amount"), ("reason",)),
        (REFUND, ("payment_intent", "amount", "reason"), ()),
        (GOOGLE_STYLE, ("query",), ("page_size",)),
        (GOOGLE_STYLE, (), ("query", "page_size")),
        ("Parameters:\n- `path`: where\n- `path`: again", (), ("path",)),
        ("Set `force` to true. Note: it waits.\nresult: a number", (), ()),
        ("Arguments:\nThe usual.\n  mode: no longer inside", (), ()),
        ("", (), ()),
    ],
)
def test_what_a_description_lists_is_compared(
    description: str, takes: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    """Only what stands under a heading of arguments is a promise."""
    assert unlisted(description, schema(*takes)) == missing


@pytest.mark.parametrize(
    "more",
    [
        {"additionalProperties": True},
        {"additionalProperties": {"type": "string"}},
        {"allOf": []},
        {"$ref": "#/definitions/a"},
    ],
)
def test_an_open_schema_breaks_no_promise(more: dict[str, object]) -> None:
    """What takes anything, or says elsewhere what it takes, cannot lack an argument."""
    assert unlisted(REFUND, schema(**more)) == ()


def test_an_argument_may_lie_deeper() -> None:
    """A description may explain the fields of an argument."""
    inner = schema("payment_intent", "amount", "reason")
    assert unlisted(REFUND, {"type": "object", "properties": {"refund": inner}}) == ()


def test_real_servers_keep_their_promises() -> None:
    """No tool of a well-kept server is accused."""
    documents = corpus("mcp-github-mcp-server", ".snap")
    found = mcp_tools.read(documents).tools
    assert len(found) > 50
    assert {tool.name: tool.unlisted for tool in found if tool.unlisted} == {}


def test_a_broken_promise_is_read_with_the_tool() -> None:
    """The list of a server carries what its descriptions promise in vain."""
    tool = {"name": "create_refund", "description": REFUND, "inputSchema": schema("amount")}
    (found,) = mcp_tools.read(documents(json.dumps(tool), kind="mcp-tools")).tools
    assert found.unlisted == ("payment_intent", "reason")
