"""Whoever can read where a credential is kept holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blastlint.providers.grants import Granted
from blastlint.values import replace
from reach.stories import graph_of, shown, triples, whys

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.providers.grants import Effect, Grant

SA = "system:serviceaccount:shop:bot"
TEXT = """
agents: {bot: {}}
systems: {k8s: {kind: kubernetes}, stripe: {}}
credentials:
  sa: {principal: "system:serviceaccount:shop:bot"}
  key:
    grants: [{system: stripe, resources: [payouts], actions: [create]}]
    stored_in: [{system: k8s, resources: [/secrets], scope: shop, name: stripe}]
tools:
  run: {agents: [bot], system: k8s, credential: sa, effect: read}
evidence: {rbac: {kind: kubernetes-rbac, files: [rbac.yaml], system: k8s}}
"""


def reads(action: str = "get", scope: str = "shop") -> Grant:
    """A right to the Secrets of a namespace."""
    effect: Effect = "mutate" if action == "update" else "read"
    return shown(SA, "/secrets", action, effect=effect, scope=scope)


@pytest.mark.parametrize(
    ("grant", "certainty"),
    [
        (reads(), "proven"),
        (reads("*"), "proven"),
        (reads("update"), None),
        (reads(scope="bank"), None),
        (reads(scope="*"), "proven"),
        (replace(reads(), names=("stripe",)), "proven"),
        (replace(reads(), names=("other",)), None),
        (shown(SA, "/configmaps", "get", effect="read", scope="shop"), None),
    ],
)
def test_a_right_to_read_the_place_is_the_credential(
    grant: Grant, certainty: str | None, tmp_path: Path
) -> None:
    """The right place, scope, name and a right that reads: one of them missing opens nothing."""
    graph = graph_of(TEXT, tmp_path, {"rbac": Granted((grant,), principals=(SA,))})
    found = {one.certainty for one in graph.reached("bot") if one.system == "stripe"}
    assert found == ({certainty} if certainty else set())


def test_the_way_tells_where_the_value_was_read(tmp_path: Path) -> None:
    """The line that lets somebody read it stands on the path."""
    graph = graph_of(TEXT, tmp_path, {"rbac": Granted((reads(),), principals=(SA,))})
    assert whys(graph, "stripe/payouts:create")[-2:] == [
        f"{SA} can become key: read its value (get /secrets stripe on k8s)",
        "key is granted create on payouts",
    ]
    assert [one.principal for one in graph.becomes("sa")] == ["key"]


def test_a_name_that_nobody_states_is_a_question(tmp_path: Path) -> None:
    """A right to one object may be to the one that holds the value."""
    text = TEXT.replace(", name: stripe", "")
    named = replace(reads(), names=("stripe",))
    graph = graph_of(text, tmp_path, {"rbac": Granted((named,), principals=(SA,))})
    (row,) = [one for one in graph.reached("bot") if one.system == "stripe"]
    assert (row.certainty, row.path.needs) == ("needs-fact", ("that its value is in stripe",))


def test_an_action_may_be_named_that_shows_the_value(tmp_path: Path) -> None:
    """Where listing shows names alone, the store says which action reads."""
    text = TEXT.replace("name: stripe", "name: stripe, actions: [get]")
    graph = graph_of(text, tmp_path, {"rbac": Granted((reads("list"),), principals=(SA,))})
    assert "stripe/payouts:create" not in triples(graph)


def test_typed_grants_lead_to_stored_credentials_too(tmp_path: Path) -> None:
    """A chain over two stores is followed to its end."""
    text = """
    agents: {bot: {}}
    systems: {vault: {}, ci: {}, stripe: {}}
    credentials:
      one: {grants: [{system: vault, resources: [token], actions: [read]}]}
      two:
        grants: [{system: ci, resources: ["secret:STRIPE"], actions: [read]}]
        stored_in: [{system: vault, resources: [token]}]
      three:
        grants: [{system: stripe, resources: [payouts], actions: [create]}]
        stored_in: [{system: ci, resources: ["secret:STRIPE"]}]
    tools: {run: {agents: [bot], system: vault, credential: one, effect: read}}
    """
    assert "stripe/payouts:create" in triples(graph_of(text, tmp_path))


MESSAGES = """
agents: {bot: {}}
systems: {chat: {}, stripe: {}}
credentials:
  reader: {grants: [{system: chat, resources: [ops-channel, lunch-channel], actions: [read]}]}
  key: {grants: [{system: stripe, resources: [payouts], actions: [create]}]}
tools: {chat.read: {agents: [bot], system: chat, credential: reader, effect: read}}
"""


def test_messages_hold_no_credential_that_nobody_says_they_hold(tmp_path: Path) -> None:
    """D9: secrets get pasted into chats, and no file says which: without a word, none is told."""
    graph = graph_of(MESSAGES, tmp_path)
    assert {one.system for one in graph.reached("bot")} == {"chat"}
    assert list(graph.becomes("reader")) == []


@pytest.mark.parametrize(("channel", "reached"), [("ops-channel", True), ("lunch-channel", False)])
def test_a_credential_that_was_pasted_is_held_by_whoever_reads_there(
    channel: str, *, reached: bool, tmp_path: Path
) -> None:
    """D9: `stored_in` names the channel; reading another one of the same chat is not reading it."""
    key = "  key: {grants: [{system: stripe, resources: [payouts], actions: [create]}]}"
    stored = """
  key:
    grants: [{system: stripe, resources: [payouts], actions: [create]}]
    stored_in: [{system: chat, resources: [ops-channel]}]
"""
    text = MESSAGES.replace(key, stored).replace("ops-channel, lunch-channel", channel)
    graph = graph_of(text, tmp_path)
    assert ("stripe/payouts:create" in triples(graph)) is reached
    assert [one.principal for one in graph.becomes("reader")] == (["key"] if reached else [])


SOMEWHERE = MESSAGES.replace("key: {grants", "key: {stored_in: [{system: chat}], grants")
"""The key was pasted into the chat, and nobody remembers where."""


def test_a_credential_somewhere_in_a_store_is_one_question(tmp_path: Path) -> None:
    """D9: whoever lists and reads two of its channels is asked once, and not accused."""
    text = SOMEWHERE.replace("actions: [read]", "actions: [list, read, search]")
    rows = [one for one in graph_of(text, tmp_path).reached("bot") if one.system == "stripe"]
    assert [(one.resource, one.certainty) for one in rows] == [("payouts", "needs-fact")]
    (need,) = rows[0].path.needs
    assert need in {"that its value is in lunch-channel", "that its value is in ops-channel"}


def test_whoever_reads_all_of_a_store_reads_what_lies_somewhere_in_it(tmp_path: Path) -> None:
    """D9: no fact is missing then."""
    text = SOMEWHERE.replace("[ops-channel, lunch-channel]", "['*']")
    rows = [one for one in graph_of(text, tmp_path).reached("bot") if one.system == "stripe"]
    assert [one.certainty for one in rows] == ["proven"]


def test_whoever_only_writes_messages_reads_no_credential(tmp_path: Path) -> None:
    """D9: to post into a chat shows nothing of it."""
    text = SOMEWHERE.replace("actions: [read]", "actions: [create]")
    assert "stripe/payouts:create" not in triples(graph_of(text, tmp_path))
