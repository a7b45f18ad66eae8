"""A change cannot approve itself: each test is one way to try, and must stop at the gate.

The gate is `diff --trust-base` and `check --new-from --trust-from`. An attack passes if one of the
two says 0 for a change that opens something new; exit code 2 stops a pipeline as well as 1.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from blastlint.baseline import render
from blastlint.cli import run
from blastlint.subjects.facts import KnownFinding
from checkout import Checkout

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

DAY = ("--as-of", "2026-06-02")
OWN = ("--select", "undeclared-blast-path,no-retired")
TILL = """\
version: 1
name: till
agents: {clerk: {owner: shop}}
tools:
  send:
    agents: [clerk]
    system: mail
    credential: key
    requires: [{resources: [box], actions: [send]}]
    effect: notify
credentials: {key: {grants: [{system: mail, resources: [box], actions: [send]}]}}
systems: {mail: {}, vault: {}}
teams: {shop: {}, front-shop: {}}
"""
WIDER = (
    "actions: [send]}]}}",
    "actions: [send]}, {system: vault, resources: [coins], actions: [take]}]}}",
)
"""A grant that nobody declares."""
RETIRED = ("owner: shop", "owner: shop, lifecycle: deprecated")
"""What the rule of the pack finds."""
RULE = """\
id: no-retired
title: An agent has no work left
severity: error
profile: pilot
family: inventory
each: agent
when: agent.lifecycle == "deprecated"
message: "{agent.id} has no work left"
why: What does nothing needs no key.
fix: Take it out.
refs: ["the house rules"]
tags: [house/1]
examples:
  - bad: "agents: {a: {lifecycle: deprecated}}"
  - good: "agents: {a: {}}"
"""
MUTE = RULE.replace('agent.lifecycle == "deprecated"', 'agent.lifecycle == "pilot"')
LAX = (
    TILL.replace("name: till", "name: lab")
    .replace("clerk", "tinkerer")
    .replace("agents: {", "policy: {rules: {undeclared-blast-path: off}}\nagents: {", 1)
)
"""Another inventory, whose policy looks away."""


class Shop(Checkout):
    """A repository with an inventory on `main`, and a branch for the change."""

    def branch(self) -> None:
        """Commit what there is as the base, and start the change."""
        self.commit("Start")
        self.git("checkout", "-q", "-b", "change")

    def change(self, name: str, *pairs: tuple[str, str]) -> None:
        """Replace words in a file."""
        text = (self.folder / name).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        self.file(name, text)

    def diff(self, *arguments: str) -> int:
        """Commit, and compare with what the change starts from."""
        self.commit()
        return run(["diff", "main", "HEAD", "--trust-base", *DAY, *arguments])

    def check(self, *arguments: str) -> int:
        """Judge the files on the disk by the base."""
        given = ["check", "--new-from", "main", "--trust-from", "main", *DAY, *arguments]
        return run(given)

    def assert_stopped(self, *arguments: str) -> None:
        """Both ways through the gate are closed, by what is found."""
        assert (self.diff(*arguments), self.check(*arguments)) == (1, 1)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A repository with the inventory of a till."""
    found = Shop(tmp_path / "shop")
    found.file("till/inventory.yaml", TILL)
    monkeypatch.chdir(found.folder)
    monkeypatch.setenv("NO_COLOR", "1")
    return found


def test_an_honest_change_passes(shop: Shop) -> None:
    """The gate is not closed to everybody."""
    shop.branch()
    shop.change("till/inventory.yaml", ("owner: shop", "owner: front-shop"))
    assert shop.diff(*OWN[:1], "undeclared-blast-path") == 0
    assert shop.check(*OWN[:1], "undeclared-blast-path") == 0


UNDECLARED = ("--select", "undeclared-blast-path")


def test_a_wider_grant_is_stopped(shop: Shop) -> None:
    """Without any trick: this is what every attack below tries to get through."""
    shop.branch()
    shop.change("till/inventory.yaml", WIDER)
    shop.assert_stopped(*UNDECLARED)


# --- policy, waivers and baseline ---------------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        "policy: {rules: {undeclared-blast-path: off}}\n",
        "policy: {rules: {undeclared-blast-path: note}}\n",
    ],
)
def test_switching_its_rule_off_does_not_help(policy: str, shop: Shop) -> None:
    """The policy of the base judges."""
    shop.branch()
    shop.change("till/inventory.yaml", WIDER, ("agents: {", f"{policy}agents: {{"))
    shop.assert_stopped(*UNDECLARED)


def test_a_baseline_that_names_the_finding_does_not_help(shop: Shop) -> None:
    """Anybody can work out a fingerprint; only the entries of the base count."""
    shop.file("till/blastlint-baseline.yaml", render(()))
    shop.branch()
    shop.change("till/inventory.yaml", WIDER)
    entry = KnownFinding("undeclared-blast-path", "path:key->vault/coins", "error", "certain")
    shop.file("till/blastlint-baseline.yaml", render([entry]))
    assert run(["check", *DAY, *UNDECLARED]) == 0, "without trust it counts"
    shop.assert_stopped(*UNDECLARED)


def test_a_policy_in_a_shared_file_does_not_help(shop: Shop) -> None:
    """What the base includes is read from the base, too."""
    shop.file("shared/policy.yaml", "policy: {rules: {undeclared-blast-path: error}}\n")
    shop.change("till/inventory.yaml", ("agents: {", "include: [../shared/policy.yaml]\nagents: {"))
    shop.branch()
    shop.change("till/inventory.yaml", WIDER)
    shop.file("shared/policy.yaml", "policy: {rules: {undeclared-blast-path: off}}\n")
    shop.assert_stopped(*UNDECLARED)


def test_one_waiver_accepts_one_path(shop: Shop) -> None:
    """Many ways with one cause are told by one of them; what accepts that one is not for all."""
    shop.file(
        "till/waivers.yaml",
        "waivers:\n"
        + "".join(
            f"  w{n}: {{rule: undeclared-blast-path, subject: 'path:key->vault/coins{n}', "
            "reason: it is small, approved_by: the owner of the vault, expires: 2026-07-01}\n"
            for n in range(1)
        ),
    )
    shop.branch()
    names = ", ".join(f"coins{n}" for n in range(9))
    shop.change("till/inventory.yaml", (WIDER[0], WIDER[1].replace("[coins]", f"[{names}]")))
    shop.assert_stopped(*UNDECLARED)


# --- rules --------------------------------------------------------------------------------------


def test_a_swapped_rule_of_the_policy_does_not_help(shop: Shop) -> None:
    """The packs that a policy names are those of the base."""
    shop.file("rules/no-retired.yaml", RULE)
    shop.change("till/inventory.yaml", ("agents: {", "policy: {packs: [../rules]}\nagents: {"))
    shop.branch()
    shop.change("till/inventory.yaml", RETIRED)
    shop.file("rules/no-retired.yaml", MUTE)
    shop.assert_stopped(*OWN)
    assert run(["check", *DAY, *OWN]) == 0, "without trust it counts"


def test_a_pack_that_the_policy_no_longer_names_still_judges(shop: Shop) -> None:
    """Nor is another one read in its place."""
    shop.file("rules/no-retired.yaml", RULE)
    shop.file("mute/no-retired.yaml", MUTE)
    shop.change("till/inventory.yaml", ("agents: {", "policy: {packs: [../rules]}\nagents: {"))
    shop.branch()
    shop.change("till/inventory.yaml", RETIRED, ("../rules", "../mute"))
    shop.assert_stopped(*OWN)


@pytest.mark.parametrize("swap", ["edit", "link", "outside", "delete"])
def test_a_swapped_rule_of_the_command_line_does_not_help(
    swap: str, shop: Shop, tmp_path: Path
) -> None:
    """`--rules` names a folder of the checkout, which the change can edit as well."""
    shop.file("rules/no-retired.yaml", RULE)
    shop.branch()
    shop.change("till/inventory.yaml", RETIRED)
    mute = shop.file("mute/no-retired.yaml", MUTE).parent
    if swap == "edit":
        shop.file("rules/no-retired.yaml", MUTE)
    else:
        shutil.rmtree(shop.folder / "rules")
    if swap == "link":
        (shop.folder / "rules").symlink_to("mute")
    if swap == "outside":
        shutil.copytree(mute, tmp_path / "elsewhere")
        (shop.folder / "rules").symlink_to(tmp_path / "elsewhere")
    shop.assert_stopped("--rules", "rules", *OWN)


def test_rules_that_the_base_does_not_hold_are_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """They would be the change's own."""
    shop.branch()
    shop.file("rules/no-retired.yaml", RULE)
    assert shop.diff("--rules", "rules") == 2
    assert "revision main has no folder 'rules'" in capsys.readouterr().err


def test_rules_from_outside_of_the_repository_judge_as_they_are(shop: Shop, tmp_path: Path) -> None:
    """Whoever runs the gate keeps them where no change reaches."""
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "no-retired.yaml").write_text(RULE, encoding="utf-8")
    shop.branch()
    shop.change("till/inventory.yaml", RETIRED)
    shop.assert_stopped("--rules", str(tmp_path / "house"), *OWN)


# --- names and places ---------------------------------------------------------------------------


STRICT = ("agents: {", "policy: {packs: [../rules]}\nagents: {")


def strict(shop: Shop) -> None:
    """Let the till be judged by a pack, and another inventory by nothing much."""
    shop.file("rules/no-retired.yaml", RULE)
    shop.file("lab/inventory.yaml", LAX)
    shop.change("till/inventory.yaml", STRICT)
    shop.branch()


def renamed(shop: Shop) -> None:
    """Give the inventory a new name, and the default policy, it hopes."""
    shop.change("till/inventory.yaml", RETIRED, WIDER, ("name: till", "name: counter"))


def disguised(shop: Shop) -> None:
    """Take the name of an inventory whose policy looks away, and which goes."""
    shop.change("till/inventory.yaml", RETIRED, WIDER, ("name: till", "name: lab"))
    shop.git("rm", "-q", "lab/inventory.yaml")


def doubled(shop: Shop) -> None:
    """Take the name of an inventory whose policy looks away, and which stays."""
    shop.change("till/inventory.yaml", RETIRED, WIDER, ("name: till", "name: lab"))


def moved(shop: Shop) -> None:
    """Only lie elsewhere."""
    shop.change("till/inventory.yaml", RETIRED, WIDER)
    shop.git("mv", "till", "counter")


def moved_and_renamed(shop: Shop) -> None:
    """Lie elsewhere under another name: nothing but the agents is as it was."""
    shop.change("till/inventory.yaml", RETIRED, WIDER, ("name: till", "name: counter"))
    shop.git("mv", "till", "counter")


def handed_over(shop: Shop) -> None:
    """Move the agent to the inventory whose policy looks away."""
    shop.change("lab/inventory.yaml", ("tinkerer", "clerk"), ("tinkerer", "clerk"), WIDER)
    shop.change("till/inventory.yaml", ("clerk", "cashier"), ("clerk", "cashier"))


def nested(shop: Shop) -> None:
    """Make a folder below an inventory of its own, out of sight of the policy around it."""
    shop.git("rm", "-q", "till/inventory.yaml")
    text = TILL.replace("name: till", "name: drawer").replace(*RETIRED).replace(*WIDER)
    shop.file("till/drawer/inventory.yaml", text)


OTHER_POLICY = "and the change hands it to"
PLACES: dict[Callable[[Shop], None], str] = {
    renamed: "",
    doubled: "",
    moved: "",
    moved_and_renamed: OTHER_POLICY,
    handed_over: OTHER_POLICY,
    nested: OTHER_POLICY,
}
"""Trick to why nothing is judged; empty: it is judged, and found."""


@pytest.mark.parametrize("trick", PLACES)
def test_another_name_or_place_does_not_help(
    trick: Callable[[Shop], None], shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """An inventory is judged by the policy of where it was, and agents do not change theirs."""
    strict(shop)
    trick(shop)
    code = 2 if PLACES[trick] else 1
    assert (shop.diff(*OWN), shop.check(*OWN)) == (code, code)
    out, err = capsys.readouterr()
    assert err.count(PLACES[trick]) == 2 if PLACES[trick] else "no-retired" in out


def test_the_name_of_one_that_goes_does_not_help(shop: Shop) -> None:
    """The one that goes stops the change in any case."""
    strict(shop)
    disguised(shop)
    assert (shop.diff(*OWN), shop.check(*OWN)) == (1, 2)


def test_an_agent_that_goes_is_not_one_that_another_inventory_had_before(shop: Shop) -> None:
    """Two teams may call their agents alike; one of them takes its own out."""
    shop.file("lab/inventory.yaml", LAX.replace("tinkerer", "clerk"))
    shop.branch()
    shop.change("till/inventory.yaml", ("clerk", "cashier"), ("clerk", "cashier"))
    shop.change("lab/inventory.yaml", ("owner: shop", "owner: front-shop"))
    assert shop.diff(*UNDECLARED) == 0
    assert shop.check(*UNDECLARED) == 0


def test_another_inventory_of_the_same_name_has_no_known_findings(shop: Shop) -> None:
    """What one may do is not known of the other."""
    shop.change("till/inventory.yaml", WIDER)
    shop.branch()
    shop.file("annex/inventory.yaml", TILL.replace(*WIDER))
    shop.assert_stopped(*UNDECLARED)


def hidden(shop: Shop) -> None:
    """Lie where nobody looks."""
    (shop.folder / ".till").mkdir()
    shop.git("mv", "till/inventory.yaml", ".till/inventory.yaml")


def as_evidence(shop: Shop) -> None:
    """Lie in a folder that holds evidence only."""
    (shop.folder / "till" / "evidence").mkdir()
    shop.git("mv", "till/inventory.yaml", "till/evidence/inventory.yaml")


def misnamed(shop: Shop) -> None:
    """End in three letters."""
    shop.git("mv", "till/inventory.yaml", "till/inventory.yml")


def linked(shop: Shop) -> None:
    """Be a link."""
    shop.git("mv", "till/inventory.yaml", "till/.kept")
    (shop.folder / "till/inventory.yaml").symlink_to(".kept")


def folder_linked(shop: Shop) -> None:
    """Be reached through a link only."""
    shop.git("mv", "till", ".till")
    (shop.folder / "till").symlink_to(".till")


def submodule(shop: Shop) -> None:
    """Lie in another repository."""
    kept = shop.git("rev-parse", "HEAD").strip()
    shop.git("rm", "-rq", "till")
    shop.git("update-index", "--add", "--cacheinfo", f"160000,{kept},till")
    (shop.folder / "till").mkdir()


IN_GIT = "the inventory 'till' of revision main is gone"
HIDDEN: dict[Callable[[Shop], None], tuple[int, str]] = {
    hidden: (1, IN_GIT),
    as_evidence: (1, IN_GIT),
    misnamed: (1, IN_GIT),
    linked: (2, "is a link"),
    folder_linked: (2, IN_GIT),
    submodule: (2, IN_GIT),
}
"""Trick to what `diff` says, as its exit code, and to why `check` refuses."""


@pytest.mark.parametrize("trick", HIDDEN)
def test_out_of_sight_is_not_out_of_reach(
    trick: Callable[[Shop], None], shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """An inventory that is judged no more stops the change, also beside another one."""
    shop.file("lab/inventory.yaml", LAX)
    shop.branch()
    trick(shop)
    if trick is not submodule:
        shop.git("add", "--all")
    shop.git("commit", "-q", "-m", "Hide")
    code, why = HIDDEN[trick]
    assert run(["diff", "main", "HEAD", "--trust-base", *DAY, *UNDECLARED]) == code
    out, _ = capsys.readouterr()
    assert code == 2 or "error[inventory-gone]: till is gone" in out
    assert shop.check(*UNDECLARED) == 2
    assert why in capsys.readouterr().err


def test_a_folder_with_the_name_of_the_base_is_not_the_base(shop: Shop) -> None:
    """A change can add one; what is meant by `main` stays the branch."""
    shop.branch()
    shop.change("till/inventory.yaml", WIDER)
    shutil.copytree(shop.folder / "till", shop.folder / "main" / "till")
    assert shop.diff(*UNDECLARED) == 1


def test_a_folder_with_the_name_of_a_base_that_git_lacks_is_not_the_base(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clone that is too shallow must not make one of it."""
    shop.branch()
    shop.change("till/inventory.yaml", WIDER)
    shutil.copytree(shop.folder / "till", shop.folder / "origin" / "main" / "till")
    assert run(["diff", "origin/main", "HEAD", *DAY]) == 2
    assert "write ./origin/main" in capsys.readouterr().err


# --- what is read at all ------------------------------------------------------------------------

PHONE = (
    "version: 1\nname: phone\ninclude: [PATH]\nagents: {clerk: {}}\n"
    + TILL[TILL.index("tools:") : TILL.index("credentials:")]
    + "systems: {mail: {}, vault: {}}\n"
)


@pytest.mark.parametrize(
    "path",
    [
        "../till/key.yaml",
        '"\\x2e./till/key.yaml"',
        '"..\\/till/key.yaml"',
        '".\\\n  ./till/key.yaml"',
    ],
)
def test_a_file_of_another_inventory_touches_those_who_include_it(path: str, shop: Shop) -> None:
    """However the path is written."""
    key = TILL[TILL.index("credentials:") : TILL.index("systems:")]
    shop.file("till/key.yaml", key)
    shop.change("till/inventory.yaml", (key, ""))
    shop.file("phone/inventory.yaml", PHONE.replace("PATH", path))
    shop.branch()
    shop.change("till/key.yaml", WIDER)
    assert shop.diff(*UNDECLARED) == 1


SHARED = """\
version: 1
name: shared
agents: {clerk: {}}
evidence:
  one: {kind: kubernetes-rbac, system: first, files: [evidence/role.yaml]}
  two: {kind: kubernetes-rbac, system: second, files: [evidence/role.yaml]}
systems: {first: {}, second: {}}
"""
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
"""


def test_evidence_of_two_systems_in_one_file_is_missed_for_each(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file is read as before, and no longer says anything of the first."""
    shop.file("shared/inventory.yaml", SHARED)
    shop.file("shared/evidence/role.yaml", ROLE)
    shop.branch()
    line = SHARED.splitlines(keepends=True)[4]
    shop.change("shared/inventory.yaml", (line, ""))
    assert shop.diff(*UNDECLARED) == 1
    assert "kubernetes-rbac of first is no longer read" in capsys.readouterr().out


# --- what has to pass ---------------------------------------------------------------------------

WAIVERS = """\
waivers:
  coins: {rule: undeclared-blast-path, subject: "path:key->vault/coins", reason: it is small,
    approved_by: the owner of the vault, expires: 2026-07-01}
"""


def test_a_fix_may_take_its_waiver_out(shop: Shop) -> None:
    """The waiver of the base is not held against whoever fixes what it accepts."""
    shop.change("till/inventory.yaml", WIDER)
    shop.file("till/waivers.yaml", WAIVERS)
    shop.branch()
    shop.change("till/inventory.yaml", WIDER[::-1])
    shop.git("rm", "-q", "till/waivers.yaml")
    rules = ("--select", "undeclared-blast-path,waiver-invalid")
    assert shop.diff(*rules) == 0
    assert shop.check(*rules) == 0


def test_a_fix_may_take_its_entry_out_of_the_baseline(shop: Shop) -> None:
    """Nor is an entry of the base, once the finding is gone and the entry too."""
    shop.change("till/inventory.yaml", WIDER)
    rules = ("--select", "undeclared-blast-path,baseline-stale")
    assert run(["baseline", *DAY, *UNDECLARED]) == 0
    shop.branch()
    assert shop.check(*rules, "--fail-on", "note") == 0
    shop.change("till/inventory.yaml", WIDER[::-1])
    assert run(["baseline", *DAY, *UNDECLARED]) == 0
    assert shop.diff(*rules, "--fail-on", "note") == 0
    assert shop.check(*rules, "--fail-on", "note") == 0


def test_taking_a_waiver_out_does_not_hide_what_it_accepted(shop: Shop) -> None:
    """Then nobody accepts it any more."""
    shop.change("till/inventory.yaml", WIDER)
    shop.file("till/waivers.yaml", WAIVERS)
    shop.branch()
    shop.git("rm", "-q", "till/waivers.yaml")
    assert shop.diff(*UNDECLARED) == 1


def test_updating_a_baseline_by_some_rules_keeps_the_others(shop: Shop) -> None:
    """What a run does not look for is not fixed."""
    shop.change("till/inventory.yaml", WIDER)
    assert run(["baseline", *DAY]) == 0
    before = (shop.folder / "till/blastlint-baseline.yaml").read_bytes()
    assert run(["baseline", *DAY, "--select", "waiver-invalid"]) == 0
    assert run(["baseline", *DAY, "--ignore", "undeclared-blast-path"]) == 0
    assert (shop.folder / "till/blastlint-baseline.yaml").read_bytes() == before


@pytest.mark.usefixtures("shop")
def test_a_saved_report_takes_no_trust(capsys: pytest.CaptureFixture[str]) -> None:
    """It was judged already, by whatever policy was its own."""
    run(["check", *DAY, "-f", "json", "-o", "report.json"])
    assert run(["diff", "report.json", "./till", *DAY, "--trust-base"]) == 2
    assert run(["diff", "./till", "report.json", *DAY, "--trust-base"]) == 2
    assert "--trust-base does not fit a saved report" in capsys.readouterr().err


def test_a_pack_that_is_named_twice_judges_once(shop: Shop) -> None:
    """By the policy and on the command line, whether it is read from git or from the disk."""
    strict(shop)
    shop.change("till/inventory.yaml", ("owner: shop", "owner: front-shop"))
    assert shop.diff("--rules", "rules", *OWN) == 0
    assert shop.check("--rules", "rules", *OWN) == 0
    assert run(["diff", "main", "HEAD", "--rules", "rules", *DAY, *OWN]) == 0
    shop.change("till/inventory.yaml", ("front-shop", "front-shop, lifecycle: deprecated"))
    shop.assert_stopped("--rules", "rules", *OWN)
