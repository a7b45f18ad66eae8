"""What an agent reaches through its tools, its runtime and other agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reach.stories import AGENT, graph_of, triples, whys

if TYPE_CHECKING:
    from pathlib import Path

REFUNDS = f"""
{AGENT}
tools:
  refund:
    agents: [bot]
    system: stripe
    credential: key
    requires: [{{resources: [refunds], actions: [create]}}]
    TOOL
credentials:
  key:
    grants:
      - {{system: stripe, resources: [refunds], actions: [create]}}
      - {{system: stripe, resources: [payouts], actions: [create]}}
systems: {{stripe: {{}}}}
approval_gates:
  desk: {{mode: per_action, approvers: "rotation:desk", enforced_at: tool_layer}}
  ledger: {{mode: per_action, approvers: "rotation:desk", enforced_at: downstream}}
  asked: {{mode: per_action, enforced_at: prompt}}
  large: {{mode: per_action, enforced_at: tool_layer, applies_when: amount > 50}}
  capped: {{mode: per_action, enforced_at: tool_layer, ungated_max: {{value: 5, currency: EUR}}}}
  silent: {{mode: per_action, enforced_at: tool_layer, on_timeout: allow}}
  later: {{mode: post_hoc, enforced_at: tool_layer}}
  robot: {{mode: per_action, enforced_at: tool_layer, approvers: "agent:bot"}}
  open: {{mode: per_action, enforced_at: tool_layer, applies_when: {{unknown: true}}}}
rotations: {{desk: {{}}}}
"""


def _refunds(tool: str, tmp_path: Path) -> dict[str, tuple[str, tuple[str, ...]]]:
    graph = graph_of(REFUNDS.replace("TOOL", tool), tmp_path)
    return {one.resource: (one.reach, one.path.gates) for one in graph.reached("bot")}


def test_a_fixed_tool_reaches_its_need_and_only_its_host_the_rest(tmp_path: Path) -> None:
    """What the call is for is direct; the rest of its credential takes a broken host."""
    found = _refunds("effect: spend", tmp_path)
    assert found == {"refunds": ("direct", ()), "payouts": ("latent", ())}


@pytest.mark.parametrize("kind", ["shell", "code", "sql", "http", "file_read"])
def test_an_open_ended_tool_reaches_all_that_its_credential_opens(
    tmp_path: Path, kind: str
) -> None:
    """Whoever writes the statement chooses what is done with the credential."""
    found = _refunds(f"open_ended: {kind}", tmp_path)
    assert found["payouts"] == ("direct", ())


def test_a_tool_that_is_switched_off_still_holds_its_credential(tmp_path: Path) -> None:
    """Everything behind it is latent, what it needs included."""
    found = _refunds("enabled: false", tmp_path)
    assert found == {"refunds": ("latent", ()), "payouts": ("latent", ())}


def test_a_gate_at_the_tool_does_not_stand_in_the_way_of_a_broken_host(tmp_path: Path) -> None:
    """The open back door is shown, not the gated front door."""
    assert _refunds("approval: desk", tmp_path)["refunds"] == ("latent", ())


def test_a_gate_downstream_stands_in_every_way(tmp_path: Path) -> None:
    """Even a broken host must ask."""
    found = _refunds("approval: ledger", tmp_path)
    assert found == {"refunds": ("direct", ("ledger",)), "payouts": ("latent", ("ledger",))}


@pytest.mark.parametrize(
    "gate", ["asked", "large", "capped", "silent", "later", "robot", "open", "none"]
)
def test_what_does_not_stop_every_call_is_no_gate(tmp_path: Path, gate: str) -> None:
    """Prompts, conditions, caps, silence, hindsight and robots let calls through."""
    assert _refunds(f"approval: {gate}", tmp_path)["refunds"] == ("direct", ())


AMBIENT = """
agents: {bot: {ambient: [deploy]}}
tools:
  helper: {agents: ["*"], open_ended: KIND, credential: own}
credentials:
  own: {}
  deploy: {grants: [{system: repo, resources: [code], actions: [push, merge]}]}
systems: {repo: {}}
"""


@pytest.mark.parametrize(
    ("kind", "reach"),
    [
        ("none", "latent"),
        ("sql", "latent"),
        ("shell", "direct"),
        ("code", "direct"),
        ("file_read", "direct"),
        ("http", "direct"),
    ],
)
def test_a_tool_that_sees_its_host_takes_what_lies_there(
    tmp_path: Path, kind: str, reach: str
) -> None:
    """Files, environment and metadata service are open to all open-ended tools but SQL."""
    graph = graph_of(AMBIENT.replace("KIND", kind), tmp_path)
    assert {one.reach for one in graph.reached("bot")} == {reach}
    assert graph.held_by("deploy") == ("bot",)


FALLBACK = """
agents: {bot: {fallbacks: [by-hand], ambient: [own]}}
tools:
  helper: {agents: ["*"], open_ended: KIND, credential: own}
credentials:
  own: {}
  root: {grants: [{system: bank, resources: [money], actions: [pay]}]}
systems: {bank: {}}
fallbacks:
  by-hand: {credentials: [root]}
"""


@pytest.mark.parametrize(("kind", "reach"), [("none", "latent"), ("shell", "direct")])
def test_what_an_agent_falls_back_to_opens_what_it_acts_with(
    tmp_path: Path, kind: str, reach: str
) -> None:
    """A credential that only a fallback uses lies in the agent's runtime all the same."""
    graph = graph_of(FALLBACK.replace("KIND", kind), tmp_path)
    assert {one.reach for one in graph.reached("bot")} == {reach}
    assert graph.held_by("root") == graph.held_by("own") == ("bot",)
    (way,) = graph.paths()
    if kind == "none":
        assert [hop.edge for hop in way.witness.hops] == ["binds", "uses", "grants"]


DELEGATION = """
agents:
  front: {delegates_to: [middle]}
  middle: {delegates_to: [back, front]}
  back: {}
tools:
  pay: {agents: [back], system: bank, credential: key, approval: desk,
        requires: [{resources: [money], actions: [pay]}]}
credentials: {key: {grants: [{system: bank, resources: [money], actions: [pay]}]}}
systems: {bank: {}}
rotations: {desk: {}}
approval_gates:
  desk: {mode: per_action, approvers: "rotation:desk", enforced_at: downstream}
"""


def test_an_agent_reaches_what_those_reach_to_whom_it_hands_work(tmp_path: Path) -> None:
    """Through any number of hands, in a circle too, and through their gates."""
    graph = graph_of(DELEGATION, tmp_path)
    (one,) = graph.reached("front")
    assert (one.effect, one.declared, one.path.gates) == ("spend", True, ("desk",))
    assert whys(graph, "bank/money:pay", "front") == [
        "front can hand work to middle",
        "middle can hand work to back",
        "back may call pay",
        "pay uses key",
        "key is granted pay on money",
    ]
    assert graph.held_by("key") == ("back",)


PROPAGATION = """
agents: {bot: {}}
tools:
  note: {agents: [bot], system: desk, credential: key,
         requires: [{resources: [tickets], actions: [NEED]}]}
credentials: {key: {grants: [{system: desk, resources: [tickets], actions: [read, update]}]}}
systems:
  desk: {propagates: [{to: index, via: sync}]}
  index: {propagates: [{to: "external:mail", via: digest}, {to: desk, via: backlink}]}
"""


def test_a_write_goes_on_to_every_system_that_it_changes(tmp_path: Path) -> None:
    """From system to system, in a circle too; declared because the write is."""
    graph = graph_of(PROPAGATION.replace("NEED", "update"), tmp_path)
    spilled = {one.system: one for one in graph.reached("bot") if one.action == "effect"}
    assert sorted(spilled) == ["desk", "external:mail", "index"]
    assert all(one.declared for one in spilled.values())
    assert graph.undeclared() == ()
    assert whys(graph, "external:mail/digest:effect")[-2:] == [
        "a write to desk has an effect on index: sync",
        "a write to index has an effect on external:mail: digest",
    ]


def test_a_read_goes_nowhere(tmp_path: Path) -> None:
    """Only a write has effects elsewhere; the one that nobody declared opens three systems."""
    text = PROPAGATION.replace("NEED", "read")
    graph = graph_of(text, tmp_path)
    assert [one.id for one in graph.undeclared()] == [
        "key->desk/backlink",
        "key->desk/tickets",
        "key->external:mail/digest",
        "key->index/sync",
    ]
    assert {one.cut.closes for one in graph.undeclared()} == {4}
    only_read = text.replace("[read, update]", "[read]")
    assert triples(graph_of(only_read, tmp_path)) == ["desk/tickets:read"]


CAPABILITY = """
agents: {bot: {capabilities: [rollout]}}
capabilities:
  rollout: {enabled: SWITCH, system: k8s, credential: sa,
            requires: [{resources: [apps/deployments], actions: [patch]}]}
credentials: {sa: {grants: [{system: k8s, resources: [apps/deployments], actions: [patch]}]}}
systems: {k8s: {kind: kubernetes}}
"""


@pytest.mark.parametrize(("switch", "reach"), [("true", "direct"), ("false", "latent")])
def test_a_capability_brings_its_own_credential(tmp_path: Path, switch: str, reach: str) -> None:
    """It is held while the flag is off too."""
    graph = graph_of(CAPABILITY.replace("SWITCH", switch), tmp_path)
    (one,) = graph.reached("bot")
    assert (one.reach, one.declared, one.effect) == (reach, True, "mutate")


def test_a_write_to_a_resource_is_found_by_name_and_by_wildcard(tmp_path: Path) -> None:
    """Whoever may write everything may write the audit log."""
    text = REFUNDS.replace("TOOL", "effect: spend").replace("[payouts]", '["*"]')
    graph = graph_of(text, tmp_path)
    found = graph.covers_write("bot", "stripe", ["audit"])
    assert found is not None
    assert (found.resource, found.reach) == ("*", "latent")
    assert graph.covers_write("bot", "bank", ["*"]) is None
