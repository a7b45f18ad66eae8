"""A change is reviewed with the real git: what it opens, and nothing else, decides."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from checkout import Checkout, settings
from commands import REPO, blastlint

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

DAY = ("--as-of", "2026-06-02")
EVIDENCE = "agents/evidence/milo-agentlifecycle.yaml"
GRANTED = '    resources: ["witwaveagents"]\n    verbs: ["patch"]\n'
WIDER = '    resources: ["witwaveagents"]\n    verbs: ["patch", "delete"]\n'
SAID = (
    "milo can now delete witwave.ai/witwaveagents in witwave-self on witwave-self (destroy), "
    "which nobody declared"
)


class Review(Checkout):
    """A repository with the inventory of a team whose launch is blocked, and a baseline of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.copytree(REPO / "inventories" / "released-not-deployed", folder / "agents")
        (folder / "agents" / "expected.txt").unlink()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run blastlint in the repository."""
        return blastlint(*arguments, cwd=self.folder, env=settings())

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the first of some words in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def diff(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Compare the branch with what it starts from."""
        return self.run("diff", "main", "HEAD", *DAY, *arguments)

    def diff_json(self, *arguments: str) -> dict[str, object]:
        """Return the comparison's JSON."""
        found: dict[str, object] = json.loads(self.diff("-f", "json", *arguments).stdout)
        return found


@pytest.fixture
def team(tmp_path: Path) -> Review:
    """A messy inventory with a baseline on `main`, and a branch for the change."""
    found = Review(tmp_path / "team")
    assert found.run("baseline", *DAY).returncode == 0
    found.commit("Start with what there is")
    found.git("checkout", "-q", "-b", "change")
    return found


def test_a_messy_inventory_passes_with_its_baseline(team: Review) -> None:
    """Nothing is new; the verdict is not made better than it is."""
    done = team.run("check", *DAY)
    assert done.returncode == 0
    assert "released-not-deployed: blocked" in done.stdout
    assert "known before" in done.stdout


def test_one_more_action_in_evidence_is_exactly_one_widening(team: Review) -> None:
    """Text, Markdown, SARIF and annotations show it at the changed line, and nothing else."""
    team.change(EVIDENCE, GRANTED, WIDER)
    team.commit()
    text, comment = team.diff(), team.diff("-f", "markdown")
    assert (text.returncode, comment.returncode) == (1, 1)
    assert text.stdout.count("error[") == 1
    assert f"error[reach-widened]: {SAID}" in text.stdout
    assert f"--> {EVIDENCE}:54:22" in text.stdout
    assert SAID in comment.stdout
    assert comment.stdout.count("| error |") == 1

    log = json.loads(team.diff("-f", "sarif").stdout)
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "reach-widened"
    assert place["artifactLocation"]["uri"] == EVIDENCE
    assert place["region"]["startLine"] == 54
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 4


def test_what_the_base_declares_may_be_granted(team: Review) -> None:
    """Once somebody agreed to it, the same change passes."""
    team.git("checkout", "-q", "main")
    old = "actions: [get, update], scope: witwave-self, basis: code}"
    team.change("agents/inventory.yaml", old, old.replace("update", "update, delete"))
    team.commit("Declare what the upgrade deletes")
    team.git("checkout", "-q", "-B", "change")
    team.change(EVIDENCE, GRANTED, WIDER)
    team.commit()
    done = team.diff()
    assert done.returncode == 0, done.stdout
    assert "0 widenings that nobody declared, 1 declared or accepted" in done.stdout


WAIVER = """\
waivers:
  trust-me:
    rule: undeclared-blast-path
    subject: "path:milo-sa->witwave-self/witwave.ai/witwaveagents@witwave-self"
    reason: We need it for the release.
    approved_by: head of platform
    expires: 2026-08-01
"""


def test_a_change_cannot_approve_itself(team: Review) -> None:
    """Its own waiver counts, unless the judgement is taken from the base."""
    team.change(EVIDENCE, GRANTED, WIDER)
    team.file("agents/waivers.yaml", WAIVER)
    team.commit()
    own = team.diff()
    assert own.returncode == 0, own.stdout
    assert "head of platform accepts it until 2026-08-01" in own.stdout
    assert "new waiver: trust-me" in own.stdout
    held = team.diff("--trust-base")
    assert held.returncode == 1
    assert f"error[reach-widened]: {SAID}" in held.stdout
    assert "not trusted: released-not-deployed: waiver trust-me" in held.stdout

    checked = team.run("check", *DAY, "--new-from", "main")
    assert checked.returncode == 0, checked.stdout
    trusted = team.run("check", *DAY, "--new-from", "main", "--trust-from", "main")
    assert trusted.returncode == 1
    assert "error[undeclared-blast-path]" in trusted.stdout
    assert trusted.stdout.count("error[") == 1
    assert "not trusted: released-not-deployed: waiver trust-me" in trusted.stdout


def test_a_change_cannot_switch_its_rule_off(team: Review) -> None:
    """Reach that widens is judged even where no rule speaks; the policy's change is told."""
    team.change(EVIDENCE, GRANTED, WIDER)
    team.change(
        "agents/inventory.yaml",
        "detection_lag: 1h}",
        "detection_lag: 1h, rules: {undeclared-blast-path: off}}",
    )
    team.commit()
    done = team.diff()
    assert done.returncode == 1
    assert SAID in done.stdout
    said = "rules.undeclared-blast-path was nothing, is off"
    assert f"policy: released-not-deployed: {said}" in done.stdout
    assert "not trusted" in team.run("check", *DAY, "--trust-from", "main").stdout


def test_moving_and_reformatting_shows_nothing(team: Review) -> None:
    """What is granted and declared is the same, wherever and however it is written."""
    team.git("mv", "agents", "teams")
    team.git("mv", "teams/evidence/milo-agentlifecycle.yaml", "teams/evidence/role.yaml")
    team.change("teams/inventory.yaml", "evidence/milo-agentlifecycle.yaml", "evidence/role.yaml")
    team.change(
        "teams/evidence/role.yaml",
        'verbs: ["get", "list", "watch"]',
        "verbs:\n    - watch\n    - get\n    - list",
    )
    team.change("teams/inventory.yaml", "policy: {", "\n\npolicy: {   ")
    team.commit()
    done = team.diff()
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("nothing wider — 0 widenings")
    assert len(done.stdout.splitlines()) == 2


def test_evidence_that_goes_missing_stops_the_change(team: Review) -> None:
    """What is no longer shown is no longer known, however good that looks."""
    start = (team.folder / "agents/inventory.yaml").read_text(encoding="utf-8")
    kept = start[: start.index("\nevidence:")] + "\n"
    (team.folder / "agents/inventory.yaml").write_text(kept, encoding="utf-8")
    team.git("rm", "-q", EVIDENCE)
    team.commit()
    done = team.diff()
    assert done.returncode == 1
    assert f"is no longer read: {EVIDENCE}" in done.stdout


def test_a_new_inventory_is_told_as_a_whole(team: Review) -> None:
    """What it declares is shown as declared; what it does not stops the change."""
    shutil.copytree(REPO / "inventories" / "clean-support", team.folder / "support")
    team.commit()
    done = team.diff()
    assert done.returncode == 0, done.stdout
    assert "new inventory: clean-support" in done.stdout
    assert "as declared" in done.stdout


def test_an_inventory_that_is_not_touched_is_not_read(team: Review) -> None:
    """Not even where its files are broken on both sides."""
    team.git("checkout", "-q", "main")
    team.file("broken/inventory.yaml", "version: 1\nname: broken\nagents: [\n")
    team.commit()
    team.git("checkout", "-q", "-B", "change")
    team.change(EVIDENCE, GRANTED, WIDER)
    team.commit()
    assert team.diff().returncode == 1
    assert team.run("check", *DAY).returncode == 2


def test_a_shared_file_touches_those_who_include_it(team: Review) -> None:
    """An inventory may include files from elsewhere in the repository."""
    team.git("checkout", "-q", "main")
    team.file("shared/systems.yaml", "systems: {mail: {}}\n")
    team.file("mail/inventory.yaml", MAIL)
    team.commit()
    team.git("checkout", "-q", "-B", "change")
    team.change(
        "shared/systems.yaml",
        "{mail: {}}",
        "{mail: {propagates: [{to: phone, via: bridge}]}, phone: {}}",
    )
    team.commit()
    found = team.diff_json()
    assert [(c["system"], c["kind"]) for c in found["widened"]] == [("phone", "system")]  # type: ignore[attr-defined]


MAIL = """\
version: 1
name: mail
include: [../shared/systems.yaml]
agents: {writer: {}}
tools:
  send:
    agents: [writer]
    system: mail
    credential: key
    requires: [{resources: [box], actions: [send]}]
    effect: notify
credentials: {key: {grants: [{system: mail, resources: [box], actions: [send]}]}}
"""


def test_the_base_may_be_compared_with_what_lies_on_the_disk(team: Review) -> None:
    """Without a second side, and before anything is committed."""
    team.change(EVIDENCE, GRANTED, WIDER)
    done = team.run("diff", "main", *DAY)
    assert done.returncode == 1
    assert SAID in done.stdout


def test_two_folders_and_two_reports_compare_alike(team: Review) -> None:
    """The same widening is found; only the paths of folders differ."""
    shutil.copytree(team.folder / "agents", team.folder / "before")
    team.change(EVIDENCE, GRANTED, WIDER)
    for name, folder in (("before.json", "before"), ("after.json", "agents")):
        team.run("check", folder, *DAY, "-f", "json", "-o", name)
    folders = team.run("diff", "./before", "agents/", *DAY, "-f", "json")
    reports = team.run("diff", "before.json", "after.json", *DAY, "-f", "json")
    assert folders.returncode == reports.returncode == 1
    assert folders.stdout == reports.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nowhere", "HEAD"), "git knows no revision 'nowhere'"),
        (("main", "gone.json"), "'gone.json' is no side of a comparison"),
        (("main", "HEAD", "elsewhere"), "no inventory found on either side"),
        (("main", "HEAD", "../.."), "lies outside of the repository"),
        (("broken.json", "HEAD"), "'broken.json' is no JSON"),
        (("other.json", "HEAD"), "'other.json' is no report that can be read"),
        (("main", "HEAD", "-f", "html"), "there is no format 'html'"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    arguments: tuple[str, ...], said: str, team: Review
) -> None:
    """With the reason, and without a verdict."""
    team.file("broken.json", '{"schema": ')
    team.file("other.json", '{"schema": "blastlint.report/v1"}')
    done = team.run("diff", *arguments, *DAY)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.endswith("nothing was judged\n")
    assert done.stdout == ""


def test_the_json_keeps_to_its_contract(team: Review) -> None:
    """Everything that changed is in it, and nothing that is not described."""
    team.change(EVIDENCE, GRANTED, WIDER)
    team.file("agents/waivers.yaml", WAIVER)
    team.change("agents/inventory.yaml", "max_release_lag: 3d", "max_release_lag: 30d")
    team.commit()
    found = team.diff_json()
    schema = json.loads((REPO / "schemas" / "comparison.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    assert [one["name"] for one in found["policy"]] == ["max_release_lag"]  # type: ignore[attr-defined]
    assert [one["looser"] for one in found["policy"]] == [True]  # type: ignore[attr-defined]


# --- the baseline -------------------------------------------------------------------------------


def test_updating_a_baseline_never_hides_what_is_new(team: Review) -> None:
    """It only takes out what is fixed, and says how much is new."""
    before = (team.folder / "agents/blastlint-baseline.yaml").read_text(encoding="utf-8")
    team.change(EVIDENCE, GRANTED, WIDER)
    done = team.run("baseline", *DAY)
    assert done.returncode == 0
    assert "1 finding new, and not added" in done.stdout
    after = (team.folder / "agents/blastlint-baseline.yaml").read_text(encoding="utf-8")
    assert after == before
    assert team.run("check", *DAY).returncode == 1


def test_a_fixed_finding_makes_its_entry_stale_until_the_update(team: Review) -> None:
    """The entry is a finding of its own; the update takes it out."""
    team.change("agents/inventory.yaml", "max_release_lag: 3d", "max_release_lag: 300d")
    done = team.run("check", *DAY)
    assert "warning[baseline-stale]: released-not-deployed on" in done.stdout
    assert "taken out" in team.run("baseline", *DAY).stdout
    assert "baseline-stale" not in team.run("check", *DAY).stdout


def test_a_baseline_that_was_changed_by_hand_is_refused(team: Review) -> None:
    """Nobody hides a finding by naming it there."""
    team.change("agents/blastlint-baseline.yaml", 'rule: "', 'rule: "x')
    done = team.run("check", *DAY)
    assert done.returncode == 2
    assert "an entry that blastlint did not write" in done.stderr


def test_a_baseline_holds_no_lines_and_no_paths(team: Review) -> None:
    """Two people who change different things do not meet in it."""
    text = (team.folder / "agents/blastlint-baseline.yaml").read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if line.startswith("  - ")]
    assert entries == sorted(entries)
    assert "inventory.yaml" not in text
    assert team.run("baseline", *DAY).returncode == 0
    assert (team.folder / "agents/blastlint-baseline.yaml").read_text(encoding="utf-8") == text


def test_what_is_staged_is_judged(team: Review) -> None:
    """Not what lies on the disk."""
    team.change(EVIDENCE, GRANTED, WIDER)
    assert team.run("check", "--staged", *DAY).returncode == 0
    team.git("add", EVIDENCE)
    team.change(EVIDENCE, WIDER, GRANTED)
    assert team.run("check", "--staged", *DAY).returncode == 1
    assert team.run("check", *DAY).returncode == 0
