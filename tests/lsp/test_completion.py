"""What is offered while somebody types: ids, values, keys and rules, in half-written text, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from lsp.editor import drive, edited

if TYPE_CHECKING:
    from pathlib import Path

    from lsp.editor import Editor

BASE = """\
version: 1
name: small
agents:
  bot: {owner: support}
systems:
  crm: {}
  shop: {owner: sales}
teams:
  support: {members: 6}
  sales: {members: 4}
rotations: {nights: {}}
tools:
  read.orders:
    agents: [bot]
    effect: read
"""


async def offered(client: Editor, text: str) -> dict[str, types.CompletionItem]:
    """Return what is offered at the `|` of a text, by its label."""
    offset = text.index("|")
    whole = text.replace("|", "", 1)
    client.type("inventory.yaml", whole)
    before = whole[:offset].split("\n")
    place = types.Position(len(before) - 1, len(before[-1].encode("utf-16-le")) // 2)
    one = types.TextDocumentIdentifier(client.uri("inventory.yaml"))
    found = await client.text_document_completion_async(types.CompletionParams(one, place))
    assert isinstance(found, types.CompletionList)
    return {item.label: item for item in found.items}


def taken(text: str, item: types.CompletionItem) -> str:
    """Return a text after an offer was taken."""
    assert isinstance(item.text_edit, types.TextEdit)
    return edited(text.replace("|", "", 1), [item.text_edit])


CASES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("    system: |\n", ("crm", "shop"), "    system: crm\n"),
    ("    system: c|\n", ("crm",), "    system: crm\n"),
    ("    system: cr|m\n", ("shop",), "    system: shop\n"),
    ("    on_ambiguous: |\n", ("query_then_decide",), "    on_ambiguous: query_then_decide\n"),
    ("    enabled: |\n", ("true", "false"), "    enabled: true\n"),
    ("    rev|\n", ("reversibility", "system"), "    reversibility: \n"),
    (
        "    rev|: {class: irreversible}\n",
        ("reversibility",),
        "    reversibility: {class: irreversible}\n",
    ),
    (
        "    reversibility: {class: |\n",
        ("irreversible",),
        "    reversibility: {class: irreversible\n",
    ),
    ("    reversibility: {|\n", ("class", "window"), "    reversibility: {class: \n"),
    ("    requires: [{basis: |}]\n", ("live_run", "doc"), "    requires: [{basis: live_run}]\n"),
    ("    requires:\n      - |\n", ("actions",), "    requires:\n      - actions: \n"),
    ("agents2: |\n", (), ""),
    ("waivers: {w: {rule: over-gr|\n", ("over-grant",), "waivers: {w: {rule: over-grant\n"),
    ("policy: {rules: {|\n", ("over-grant",), "policy: {rules: {over-grant: \n"),
    ("policy: {rules: {over-grant: |\n", ("off",), "policy: {rules: {over-grant: off\n"),
    (
        "escalation_policies: {p: {rules: [{targets: [|\n",
        ("rotation:nights",),
        'escalation_policies: {p: {rules: [{targets: ["rotation:nights"\n',
    ),
    (
        'escalation_policies: {p: {rules: [{targets: ["rot|\n',
        ("rotation:nights",),
        'escalation_policies: {p: {rules: [{targets: ["rotation:nights"\n',
    ),
    ("evidence: {e: {kind: |\n", ("github", "aws-iam"), "evidence: {e: {kind: github\n"),
    ("# a comment |\n", (), ""),
    ("    note: |\n", (), ""),
)
"""What is typed behind the base, what must be offered, and what stands there once it is taken."""


def test_what_fits_is_offered(tmp_path: Path) -> None:
    """In a file that does not parse at this moment; what is taken stands where it belongs."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", BASE)
        await client.settled("inventory.yaml")
        for more, wanted, result in CASES:
            items = await offered(client, BASE + more)
            assert set(wanted) <= set(items), more
            assert bool(items) == bool(wanted), more
            for name in wanted[:1]:
                assert taken(BASE + more, items[name]) == BASE + result

    drive(tmp_path, story)


def test_keys_that_stand_there_are_not_offered(tmp_path: Path) -> None:
    """Before the cursor and behind it; what a launch needs comes first, and says what it means."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", BASE)
        await client.settled("inventory.yaml")
        text = BASE.replace("    effect: read\n", "    |\n    effect: read\n")
        items = await offered(client, text)
        assert {"agents", "effect"}.isdisjoint(items)
        system = items["system"]
        assert system.detail == "needed for a launch"
        assert isinstance(system.documentation, types.MarkupContent)
        assert "system: stripe" in system.documentation.value
        assert (system.sort_text or "") < (items["attestation"].sort_text or "")

    drive(tmp_path, story)


def test_sections_and_ids_that_are_missing_are_offered(tmp_path: Path) -> None:
    """At the left edge the sections; in a section, the ids that are meant and not declared."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", BASE)
        await client.settled("inventory.yaml")
        assert {"credentials", "quotas"} <= set(await offered(client, BASE + "|"))
        meant = BASE.replace("    effect: read\n", "    effect: read\n    credential: key\n")
        client.type("inventory.yaml", meant)
        await client.settled("inventory.yaml")
        items = await offered(client, meant + "credentials:\n  |\n")
        assert set(items) == {"key"}
        assert taken(meant + "credentials:\n  |\n", items["key"]).endswith("  key: \n")

    drive(tmp_path, story)


def test_subjects_of_waivers_are_what_was_found(tmp_path: Path) -> None:
    """Whoever accepts a finding takes its subject from the list."""

    async def story(client: Editor) -> None:
        client.open("inventory.yaml", BASE)
        await client.settled("inventory.yaml")
        items = await offered(client, BASE + "waivers:\n  w:\n    subject: |\n")
        assert "cell:tool.read.orders.system" in items or any("cell:" in name for name in items)

    drive(tmp_path, story)
