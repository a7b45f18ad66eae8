"""`check --fix` makes the safe repairs, keeps what people wrote, and judges what is left."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from commands import blastlint

REPO = Path(__file__).resolve().parents[1]
ROOTS = sorted(path.parent for path in REPO.glob("inventories/*/inventory.yaml"))
DAY = ("--as-of", "2026-06-02")
INVENTORY = """\
version: 1
name: small
teams: {support: {members: 2}}
agents:
  bot: {owner: support, lifecycle: pilot}   # the bot

waivers:
  # The team grows in July.
  unused:   # nobody looked again
    rule: owner-not-a-team
    subject: team:support
    reason: two are enough
    approved_by: ann
    expires: 2026-07-01
  # And this one is over.
  over:
    rule: over-grant
    subject: "surplus:x"
    reason: it ends
    approved_by: ann
    expires: 2026-05-01
"""


def written(folder: Path, text: str, name: str = "inventory.yaml") -> Path:
    """Write a file of an inventory."""
    (folder / name).write_bytes(text.encode())
    return folder / name


def test_safe_repairs_are_made_and_the_rest_is_judged(tmp_path: Path) -> None:
    """The waivers that accept nothing are gone with their lines; all else is as it was."""
    file = written(tmp_path, INVENTORY)
    done = blastlint("check", str(tmp_path), *DAY, "--fix")
    assert (
        "Take unused out, which accepts nothing (waiver-invalid on 'waiver:unused')" in done.stderr
    )
    assert done.stderr.endswith("2 repairs in 1 file\n")
    assert "waiver-invalid" not in done.stdout
    assert done.returncode == 1
    kept, _, _ = INVENTORY.partition("  unused:")
    assert file.read_text() == f"{kept}  {{}}\n  # And this one is over.\n"


def test_a_difference_writes_nothing_and_fails(tmp_path: Path) -> None:
    """As other linters do: the exit code says whether there is anything to do."""
    file = written(tmp_path, INVENTORY)
    done = blastlint("check", str(tmp_path), *DAY, "--diff")
    assert done.returncode == 1
    assert "-  over:\n" in done.stdout
    assert file.read_text() == INVENTORY
    assert blastlint("check", str(tmp_path), *DAY, "--fix").returncode == 1
    done = blastlint("check", str(tmp_path), *DAY, "--diff")
    assert (done.returncode, done.stdout) == (0, "")


def test_unsafe_repairs_are_made_when_asked_for(tmp_path: Path) -> None:
    """A placeholder becomes a question with a name and a day."""
    text = INVENTORY.partition("\nwaivers:")[0].replace(", lifecycle: pilot", "") + (
        "tools:\n  send:\n    agents: [bot]\n    registered_name: TODO  # ask Ann\n"
        "    system: mail\n"
        "systems: {mail: {owner: support}}\n"
    )
    file = written(tmp_path, text)
    arguments = ("check", str(tmp_path), *DAY, "--select", "placeholder-cell", "--fail-on", "note")
    assert blastlint(*arguments, "--fix").returncode == 1
    assert file.read_text() == text
    assert blastlint(*arguments, "--fix", "--unsafe").returncode == 0
    line = "registered_name: {unknown: true, owner: support, resolve_by: 2026-06-16}  # ask Ann"
    assert file.read_text() == text.replace("registered_name: TODO  # ask Ann", line)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Lifecycle: pilot", "lifecycle: pilot"),
        ("life-cycle: pilot", ""),
        ("lifecycle: Pilot", "lifecycle: pilot"),
        ("owner: Support", "owner: support"),
        ("environment: PRODUCTION", "environment: production"),
        ("lifecycle: pilott", ""),
        ("data_classes: [pii]", ""),
    ],
)
def test_what_can_only_be_one_thing_is_corrected(tmp_path: Path, wrong: str, right: str) -> None:
    """Case and `-` for `_` are sure; what looks alike is a guess, made with --unsafe only."""
    owner = "" if "wner" in wrong else "owner: support, "
    text = (
        f"version: 1\nname: small\nteams: {{support: {{}}}}\nagents: {{bot: {{{owner}{wrong}}}}}\n"
    )
    file = written(tmp_path, text)
    assert blastlint("check", str(tmp_path), *DAY).returncode == 2
    done = blastlint("check", str(tmp_path), *DAY, "--fix")
    assert (done.returncode == 2) is (right == "")
    assert file.read_text() == (text.replace(wrong, right) if right else text)


def test_a_truth_value_in_words_is_corrected(tmp_path: Path) -> None:
    """`yes` is text here and a truth value elsewhere; there is no doubt what is meant."""
    text = "version: 1\nname: small\nagents: {bot: {}}\naudit_logs: {log: {attributable: yes}}\n"
    file = written(tmp_path, text)
    assert blastlint("check", str(tmp_path), *DAY, "--fix").returncode == 1
    assert file.read_text() == text.replace("yes", "true")


def test_one_repair_makes_room_for_the_next(tmp_path: Path) -> None:
    """Input errors first; what can be judged then is repaired in the same run."""
    file = written(tmp_path, INVENTORY.replace("lifecycle", "Lifecycle"))
    done = blastlint("check", str(tmp_path), *DAY, "--fix")
    assert done.stderr.endswith("3 repairs in 1 file\n")
    assert "lifecycle: pilot}   # the bot" in file.read_text()
    assert "unused" not in file.read_text()


def test_windows_files_stay_windows_files(tmp_path: Path) -> None:
    """Byte order mark and line ends are the file's own."""
    text = "\ufeff" + INVENTORY.replace("the bot", "für alle").replace("\n", "\r\n")
    file = written(tmp_path, text)
    blastlint("check", str(tmp_path), *DAY, "--fix")
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"over:" not in data


def test_only_files_of_the_inventory_are_changed(tmp_path: Path) -> None:
    """What it includes from elsewhere belongs to somebody else; so do packs and evidence."""
    (tmp_path / ".git").mkdir()
    home = tmp_path / "home"
    (home / "rules").mkdir(parents=True)
    shared = written(tmp_path, INVENTORY[INVENTORY.index("waivers:") :], "shared.yaml")
    root = "version: 1\nname: small\nagents: {bot: {}}\ninclude: [../shared.yaml]\n"
    written(home, root)
    before = shared.read_bytes()
    done = blastlint("check", str(home), *DAY, "--fix")
    assert "waiver-invalid" in done.stdout
    assert done.stderr == "0 repairs\n"
    assert shared.read_bytes() == before
    rule = "id: mine\nTitle: x\n"
    pack = written(home / "rules", rule, "mine.yaml")
    written(home, root + "policy: {packs: [rules]}\n")
    assert blastlint("check", str(home), *DAY, "--fix", "--unsafe").returncode == 2
    assert pack.read_text() == rule


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--fix", "--staged"), "git was asked for others"),
        (("--fix", "--new-from", "HEAD"), "git was asked for others"),
        (("--diff", "--trust-from", "HEAD"), "git was asked for others"),
        (("--unsafe",), "add --fix, or --diff"),
        (("--diff", "-f", "json"), "leave out --format and --output"),
    ],
)
def test_what_does_not_go_together_is_refused(options: tuple[str, ...], said: str) -> None:
    """With the reason, and what to leave out."""
    done = blastlint("check", "inventories/clean-support", *DAY, *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_report_of_what_is_left_says_what_could_be_done(tmp_path: Path) -> None:
    """In JSON every finding says whether it can be repaired, and how safely."""
    written(tmp_path, INVENTORY)
    done = blastlint("check", str(tmp_path), *DAY, "-f", "json")
    assert '"repair": {' in done.stdout
    assert '"title": "Take unused out, which accepts nothing"' in done.stdout
    shown = blastlint("check", str(tmp_path), *DAY).stdout
    assert "= repair: Take unused out, which accepts nothing (blastlint check --fix)" in shown


def test_a_digest_that_nobody_wrote_is_accepted_only_unsafely(tmp_path: Path) -> None:
    """Who writes it says that somebody has read the schema; the evidence states only what it is."""
    (tmp_path / "evidence").mkdir()
    tools = '{"tools": [{"name": "send", "inputSchema": {"type": "object"}}]}'
    written(tmp_path / "evidence", tools, "tools.json")
    text = """\
version: 1
name: small
teams: {support: {members: 2}}
agents: {bot: {owner: support}}
tools:
  send:  # mail
    agents: [bot]
    registered_name: send
evidence: {mcp: {kind: mcp-tools, files: [evidence/tools.json], agents: [bot]}}
"""
    file = written(tmp_path, text)
    arguments = ("check", str(tmp_path), *DAY, "--select", "tool-schema-drift")
    assert blastlint(*arguments, "--fix").returncode == 1
    assert file.read_text() == text
    assert blastlint(*arguments, "--fix", "--unsafe").returncode == 0
    before, digest, after = file.read_text().partition("    schema_digest: sha256:")
    assert digest
    assert before + after[65:] == text


def test_a_single_file_is_repaired(tmp_path: Path) -> None:
    """An inventory of one file, named by itself."""
    file = written(tmp_path, INVENTORY, "one.yaml")
    assert blastlint("check", str(file), *DAY, "--fix").stderr.endswith("2 repairs in 1 file\n")
    assert "unused" not in file.read_text()


def test_an_open_cell_becomes_a_question_to_its_owner(tmp_path: Path) -> None:
    """What is missing is asked for, with a day; a question stays open, and is not closed by it."""
    text = "version: 1\nname: small\nteams: {support: {}}\nagents:\n  bot:\n    owner: support\n"
    file = written(tmp_path, text)
    arguments = ("check", str(tmp_path), *DAY, "--select", "required-cell-missing")
    done = blastlint(*arguments, "--fix", "--unsafe")
    assert "2 repairs in 1 file\n" in done.stderr
    question = "{unknown: true, owner: support, resolve_by: 2026-06-16}"
    asked = "".join(f"    {name}: {question}\n" for name in ("principal", "escalation"))
    assert file.read_text() == text + asked
    assert blastlint("check", str(tmp_path), *DAY).returncode == 1


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_the_worked_inventories_are_repaired_once(root: Path, tmp_path: Path) -> None:
    """A second run finds nothing to do, safe or not; every comment is still there."""
    shutil.copytree(root, tmp_path / root.name)
    arguments = ("check", str(tmp_path / root.name), *DAY, "--fix", "--unsafe", "-f", "concise")
    before = comments(root)
    first = blastlint(*arguments)
    assert "not done" not in first.stderr
    assert first.returncode in {0, 1}
    texts = {file: file.read_bytes() for file in (tmp_path / root.name).rglob("*.yaml")}
    second = blastlint(*arguments)
    assert second.stderr == "0 repairs\n"
    assert (second.stdout, second.returncode) == (first.stdout, first.returncode)
    assert {file: file.read_bytes() for file in texts} == texts
    assert before <= comments(tmp_path / root.name)


def comments(root: Path) -> set[str]:
    """Return the comments on lines of their own in all files of an inventory."""
    files = [file for file in root.rglob("*.yaml") if "evidence" not in file.parts]
    return {found for file in files for found in re.findall(r"(?m)^ *#.*", file.read_text())}
