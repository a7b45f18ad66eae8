"""Whether the person who must do something has the access to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.analyses.entitlements import (
    can,
    compensation,
    holders,
    kill_switch,
    log_readers,
    revocation,
    rollback_levers,
    runbook_steps,
)
from support import inventory_of

if TYPE_CHECKING:
    from pathlib import Path

    from blastlint.inventory.loading import Inventory

ON_CALL = """
agents:
  agent: {escalation: pages, kill_switch: {requires: flags}}
  alone: {escalation: nobody, kill_switch: {requires: flags}}
  silent: {kill_switch: {requires: flags}}
  free: {escalation: pages, kill_switch: {requires: null}}
  open: {escalation: pages, kill_switch: {method: flag}}
  none: {escalation: pages}
rotations:
  first: {entitlements: [flags]}
  second: {entitlements: []}
  mute: {}
escalation_policies:
  pages: {rules: [{targets: ["rotation:first"]}]}
  nobody: {rules: []}
"""


def test_the_team_is_not_the_rotation(example: Inventory) -> None:
    """The team may deploy prompts; the person on call may not."""
    assert "prompts.deploy" in (example.teams["support-ai"].entitlements or ())
    assert can(example, "support-ai-oncall", "prompts.deploy") is False
    assert can(example, "support-ai-oncall", "flags.write") is True
    assert holders(example, "flags.write") == ("platform-oncall", "support-ai-oncall")


def test_two_steps_of_the_worked_example_are_out_of_reach(example: Inventory) -> None:
    """Its reader can neither roll back the prompt nor list the refunds."""
    steps = runbook_steps(example, example.runbooks["rb-refund-agent"])
    blocked = [step for step in steps if step.can is False]
    assert [step.action for step in blocked] == ["roll back prompt", "list refunds by run_id"]
    assert [step.holders for step in blocked] == [(), ("payments-oncall",)]
    assert all(step.rotation == "support-ai-oncall" for step in steps)


def test_one_of_two_levers_of_the_worked_example_works(example: Inventory) -> None:
    """The flag can be used by the rotation paged first, the prompt cannot."""
    levers = rollback_levers(example, example.agents["refund-agent"])
    assert [(lever.action, lever.can) for lever in levers] == [
        ("roll back prompt", False),
        ("roll back feature_flag", True),
    ]


@pytest.mark.parametrize(
    ("agent", "able", "missing"),
    [
        ("agent", True, []),
        ("alone", False, []),
        ("silent", None, ["escalation"]),
        ("free", True, []),
        ("open", None, ["requires"]),
    ],
)
def test_a_kill_switch_needs_a_person_who_may_use_it(
    agent: str, *, able: bool | None, missing: list[str], tmp_path: Path
) -> None:
    """Nobody paged is a no; nobody named is a question; null needs no access at all."""
    inventory = inventory_of(ON_CALL, tmp_path)
    found = kill_switch(inventory, inventory.agents[agent])
    assert found is not None
    assert (found.can, [field for _, field in found.missing]) == (able, missing)
    assert kill_switch(inventory, inventory.agents["none"]) is None


def test_a_rotation_that_lists_no_access_is_a_question(tmp_path: Path) -> None:
    """`[]` claims none; an absent list claims nothing."""
    inventory = inventory_of(ON_CALL, tmp_path)
    assert can(inventory, "second", "flags") is False
    assert can(inventory, "mute", "flags") is None


def test_a_runbook_step_says_what_it_lacks(tmp_path: Path) -> None:
    """No entitlement stated, none needed, no list of the reader, no reader."""
    text = f"""{ON_CALL}
runbooks:
  read: {{reader: mute, steps: [{{do: a}}, {{do: b, requires: null}}, {{do: c, requires: flags}}]}}
  unread: {{steps: [{{do: a, requires: flags}}]}}
  for-nobody: {{reader: null, steps: [{{do: a, requires: flags}}]}}
"""
    inventory = inventory_of(text, tmp_path)
    steps = runbook_steps(inventory, inventory.runbooks["read"])
    assert [step.can for step in steps] == [None, True, None]
    assert [[f for _, f in step.missing] for step in steps] == [["requires"], [], ["entitlements"]]
    (step,) = runbook_steps(inventory, inventory.runbooks["unread"])
    assert (step.can, [f for _, f in step.missing]) == (None, ["reader"])
    (step,) = runbook_steps(inventory, inventory.runbooks["for-nobody"])
    assert (step.can, step.missing) == (False, ())


def test_a_credential_is_revoked_by_somebody_who_may(example: Inventory, tmp_path: Path) -> None:
    """Whoever is named is believed, unless an entitlement is named that they lack."""
    named = revocation(example, example.credentials["stripe-rk"])
    assert named is not None
    assert (named.rotation, named.can) == ("payments-oncall", True)
    text = f"""{ON_CALL}
credentials:
  lacks: {{revocation: {{by: second, requires: flags}}}}
  nobody: {{revocation: {{method: ask}}}}
  none: {{}}
"""
    inventory = inventory_of(text, tmp_path)
    lacks = revocation(inventory, inventory.credentials["lacks"])
    assert lacks is not None
    assert (lacks.can, lacks.holders) == (False, ("first",))
    assert revocation(inventory, inventory.credentials["nobody"]) is None
    assert revocation(inventory, inventory.credentials["none"]) is None


UNDO = """
systems: {s: {}}
credentials:
  wide: {grants: [{system: s, resources: ["*"], actions: [undo]}]}
  narrow: {grants: [{system: s, resources: [thing], actions: [make]}]}
  open: {}
runbooks:
  able: {reader: first, steps: [{do: undo, requires: flags}]}
  unable: {reader: second, steps: [{do: undo, requires: flags}]}
  unsure: {reader: first, steps: [{do: undo}]}
  empty: {reader: first, steps: []}
tools:
"""
NEED = "requires: [{resources: [thing], actions: [undo]}]"


@pytest.mark.parametrize(
    ("way", "executable", "missing"),
    [
        ("compensated_by: wide", True, []),
        ("compensated_by: narrow", False, []),
        ("compensated_by: open", None, ["grants"]),
        ("compensated_by: off", False, []),
        ("compensated_by: unbound", False, []),
        ("compensated_by: bare", None, ["agents", "credential", "requires"]),
        ("runbook: able", True, []),
        ("runbook: unable", False, []),
        ("runbook: unsure", None, ["requires"]),
        ("runbook: empty", False, []),
        ("requires: flags", True, []),
        ("requires: other", None, ["entitlements"]),
        ("method: manual", None, ["compensated_by"]),
        ("compensated_by: null", False, []),
    ],
)
def test_compensation_must_be_executable(
    way: str, *, executable: bool | None, missing: list[str], tmp_path: Path
) -> None:
    """A tool needs an agent and grants, a runbook a reader with access, a person a rotation."""
    tools = "".join(
        f"  {name}: {{agents: [agent], system: s, credential: {name}, {NEED}}}\n"
        for name in ("wide", "narrow", "open")
    )
    tools += "  off: {agents: [agent], enabled: false}\n  unbound: {agents: []}\n  bare: {}\n"
    tools += f"  tool: {{reversibility: {{class: compensable, {way}}}}}\n"
    inventory = inventory_of(ON_CALL + UNDO + tools, tmp_path)
    found = compensation(inventory, inventory.tools["tool"])
    assert found is not None
    assert (found.executable, [field for _, field in found.missing]) == (executable, missing)


def test_what_is_final_or_reversible_has_no_compensation(example: Inventory) -> None:
    """Only a compensable call is undone by another one; the example's can be."""
    assert compensation(example, example.tools["stripe.refund.create"]) is None
    found = compensation(example, example.tools["zendesk.ticket.create"])
    assert found is not None
    assert (found.by, found.executable) == ("tool zendesk.ticket.update", True)


def test_the_logs_of_the_worked_example_are_read_by_few(example: Inventory) -> None:
    """The rotation paged first reads one of six; the on-call of GitHub cannot read its own."""
    agent, systems = example.agents["refund-agent"], sorted(example.systems)
    found = {log.system: log for log in log_readers(example, agent, systems)}
    assert [name for name, log in found.items() if log.responder_reads] == ["zendesk"]
    assert [name for name, log in found.items() if not log.on_call_reads] == ["github-app-repo"]
    assert len(found) == 6


def test_readers_that_nobody_listed_are_a_question(tmp_path: Path) -> None:
    """An open list, an open on-call and an open policy each leave an answer open."""
    text = """
    agents: {agent: {}}
    rotations: {r: {}}
    systems: {s: {audit_log: l}, t: {audit_log: m, on_call: r}}
    audit_logs: {l: {readers: [r]}, m: {}}
    tools: {a: {agents: [agent], system: s}, b: {agents: ["*"], system: t}}
    """
    inventory = inventory_of(text, tmp_path)
    one, other = log_readers(inventory, inventory.agents["agent"], ["s", "t"])
    assert (one.on_call_reads, one.responder_reads) == (None, None)
    assert [field for _, field in one.missing] == ["on_call", "escalation"]
    assert [field for _, field in other.missing] == ["readers", "escalation"]


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_more_access_never_blocks_a_step(
    tmp_path_factory: pytest.TempPathFactory, held: set[str], more: set[str]
) -> None:
    """Whatever a reader could do, the same reader with more entitlements still can."""

    def able(entitlements: set[str]) -> list[bool]:
        steps = ", ".join(f"{{do: x, requires: {name}}}" for name in "abcdef")
        text = f"""
        rotations: {{r: {{entitlements: [{", ".join(sorted(entitlements))}]}}}}
        runbooks: {{b: {{reader: r, steps: [{steps}]}}}}
        """
        inventory = inventory_of(text, tmp_path_factory.mktemp("i"))
        return [step.can is True for step in runbook_steps(inventory, inventory.runbooks["b"])]

    assert all(after >= before for before, after in zip(able(held), able(held | more), strict=True))
