"""Inventories are found, merged from their files, and refused with every problem at once."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.inventory import models
from blastlint.inventory.loading import load
from blastlint.source import InputError
from support import HEAD, inventory_of, problems_of

if TYPE_CHECKING:
    from pathlib import Path

ROOT = HEAD + "agents: {a: {}}\n"


def tree(folder: Path, files: dict[str, str]) -> str:
    """Write files below a folder; return the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(folder)


def refused(*paths: str) -> list[str]:
    """Return what is said of paths that cannot be judged, one line each."""
    with pytest.raises(InputError) as caught:
        load(paths)
    return [str(problem) for problem in caught.value.problems]


def test_files_of_a_folder_merge(tmp_path: Path) -> None:
    """Facts live in the files of those who can attest them."""
    folder = tree(
        tmp_path,
        {
            "inventory.yaml": ROOT + "systems: {b: {owner: payments}}\n",
            "systems/a.yaml": "systems: {a: {owner: payments}}",
            "people.yml": "teams: {payments: {}}",
        },
    )
    (inventory,) = load([folder])
    assert list(inventory.systems) == ["a", "b"]
    assert list(inventory.teams) == ["payments"]
    assert [os.path.basename(document.file) for document in inventory.documents] == [
        "inventory.yaml", "people.yml", "a.yaml",
    ]  # fmt: skip


def test_what_is_not_part_of_an_inventory_is_left_alone(tmp_path: Path) -> None:
    """Evidence, rule packs, hidden folders and other inventories are not merged."""
    folder = tree(
        tmp_path,
        {
            "inventory.yaml": ROOT + "policy: {packs: [our-rules]}",
            "evidence/rbac.yaml": "kind: Role",
            "systems/evidence/x.yaml": "kind: Role",
            "our-rules/reach/x.yaml": "id: x",
            ".github/workflows/ci.yaml": "on: push",
            "other/inventory.yaml": "version: 1\nname: other\nagents: {b: {}}",
            "other/deep/teams.yaml": "teams: {t: {}}",
        },
    )
    first, second = load([folder])
    assert (list(first.agents), list(first.teams)) == (["a"], [])
    assert (list(second.agents), list(second.teams)) == (["b"], ["t"])
    assert first.policy.packs == ("our-rules",)
    assert first.policy.at("packs", 0).span.column == 18


def test_a_folder_of_inventories_is_every_one_of_them(tmp_path: Path) -> None:
    """`blastlint check inventories` forgets none, and loads none twice."""
    folder = tree(tmp_path, {f"{name}/inventory.yaml": ROOT for name in ("b", "a", "c/d")})
    found = load([folder, f"{folder}/a", f"{folder}/a/inventory.yaml"])
    assert [inventory.directory.rpartition("/")[2] for inventory in found] == ["a", "b", "d"]


def test_a_file_is_an_inventory_by_itself(tmp_path: Path) -> None:
    """What lies beside it does not matter."""
    folder = tree(tmp_path, {"small.yaml": ROOT, "broken.yaml": "a: ["})
    (inventory,) = load([f"{folder}/small.yaml"])
    assert (inventory.name, len(inventory.documents)) == ("example", 1)
    assert inventory.location.span.line == 2


def test_no_path_means_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are shown as people would type them."""
    monkeypatch.chdir(tree(tmp_path, {"inventory.yaml": ROOT, "sub/teams.yaml": "teams: {}"}))
    (inventory,) = load([])
    assert [document.file for document in inventory.documents] == [
        "inventory.yaml",
        "sub/teams.yaml",
    ]


# --- include ---


def test_inventories_share_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the inventory may be included from inside the path that is checked."""
    include = ROOT + "include: [../shared/teams.yaml, own.yaml]"
    files = {f"{name}/inventory.yaml": include for name in "xy"}
    files |= {f"{name}/own.yaml": "systems: {s: {owner: t}}" for name in "xy"}
    monkeypatch.chdir(tree(tmp_path, {**files, "shared/teams.yaml": "teams: {t: {}}"}))
    first, second = load(["."])
    assert list(first.teams) == list(second.teams) == ["t"]
    assert [document.file for document in first.documents] == [
        "x/inventory.yaml", "shared/teams.yaml", "x/own.yaml",
    ]  # fmt: skip


def test_a_checkout_encloses_its_inventories(tmp_path: Path) -> None:
    """Inside a git checkout the path given does not matter."""
    folder = tree(
        tmp_path,
        {
            ".git/HEAD": "",
            "deep/x/inventory.yaml": ROOT + "include: [../../teams.yaml]",
            "teams.yaml": "teams: {t: {}}",
        },
    )
    (inventory,) = load([f"{folder}/deep/x"])
    assert list(inventory.teams) == ["t"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.yaml", "lies outside of what encloses this inventory"),
        ("/etc/hosts", "is not a path relative to this file"),
        ("sub/../../secret.yaml", "lies outside"),
        ("missing.yaml", "does not exist"),
        ("link.yaml", "is a link"),
        (".", ""),
        ("", ""),
    ],
)
def test_includes_read_nothing_else(path: str, reason: str, tmp_path: Path) -> None:
    """A pull request cannot make us read the rest of the machine."""
    folder = tree(
        tmp_path,
        {"x/inventory.yaml": ROOT + f"include: ['{path}']", "secret.yaml": "teams: {t: {}}"},
    )
    if path == "link.yaml":
        (tmp_path / "x/link.yaml").symlink_to("../secret.yaml")
    said = refused(f"{folder}/x")
    assert any(reason in line for line in said)
    assert not any("teams" in line for line in said)


# --- refusals ---


def test_problems_of_every_file_are_told_together(tmp_path: Path) -> None:
    """A file that is no YAML hides nothing about the others."""
    folder = tree(
        tmp_path,
        {
            "a/inventory.yaml": ROOT + "teams: {t: {members: x}}",
            "a/broken.yaml": "systems: [",
            "b/inventory.yaml": ROOT.replace("{a: {}}", "{a: {owner: nobody}}"),
        },
    )
    said = refused(folder, f"{folder}/none")
    assert len(said) == 4
    assert "does not exist" in said[0]
    assert [line.split(":")[0].rpartition("/")[2] for line in said[1:]] == [
        "broken.yaml", "inventory.yaml", "inventory.yaml",
    ]  # fmt: skip
    assert "'nobody' is not in teams; add it to teams, or correct the id" in said[3]


def test_a_file_that_cannot_be_read_makes_no_reference_dangle(tmp_path: Path) -> None:
    """What the broken file might have said is not held against the others."""
    folder = tree(
        tmp_path,
        {"inventory.yaml": HEAD + "agents: {a: {owner: t}}", "teams.yaml": "teams: {t: "},
    )
    (said,) = refused(folder)
    assert "teams.yaml:1:" in said


def test_an_id_that_is_claimed_twice(tmp_path: Path) -> None:
    """Both places are shown."""
    folder = tree(
        tmp_path,
        {
            "inventory.yaml": ROOT,
            "a.yaml": "teams: {t: {}}\npolicy: {max_attempts: 3, rules: {r: off}}",
            "b.yaml": "teams: {t: {}}\npolicy: {max_attempts: 4, rules: {r: note, s: off}}",
        },
    )
    with pytest.raises(InputError) as caught:
        load([folder])
    said = [
        (
            problem.message,
            problem.location and problem.location.file[-6:],
            problem.related[0].file[-6:],
        )
        for problem in caught.value.problems
    ]
    assert said == [
        ("'t' stands in two files of this inventory", "b.yaml", "a.yaml"),
        ("'max_attempts' stands in two files of this inventory", "b.yaml", "a.yaml"),
        ("'r' stands in two files of this inventory", "b.yaml", "a.yaml"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agents: {a: {delegates_to: [b]}}", "'b' is not in agents"),
        ("agents: {a: {}}\ntools: {t: {agents: ['*', aa]}}", "did you mean 'a'?"),
        ("credentials: {c: {used_by: ['service:x', 'human:y', agnt]}}", "did you mean 'agent'?"),
        (
            "escalation_policies: {e: {rules: [{targets: ['rotation:r']}]}}",
            "'r' is not in rotations",
        ),
        (
            "escalation_policies: {e: {subscribers: ['policy:p']}}",
            "'p' is not in escalation_policies",
        ),
        ("quotas: {q: {consumers: ['agent:zz', 'service:zz', 'team:yy']}}", "'yy' is not in teams"),
        ("systems: {s: {propagates: [{to: zz}, {to: 'external:zz'}]}}", "'zz' is not in systems"),
        ("fallbacks: {f: {shares: ['quota:q', 'region:eu']}}", "'q' is not in quotas"),
        ("tools: {t: {approval: none}, u: {approval: noone}}", "'noone' is not in approval_gates"),
        ("tools: {t: {source: export}}", "'export' is not in evidence"),
    ],
)
def test_references_lead_somewhere(text: str, said: str, tmp_path: Path) -> None:
    """An id that nothing has is a problem where it is used."""
    found = problems_of(text, tmp_path)
    assert any(said in str(problem) for problem in found), found


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no inventory found in"),
        ({"teams.yaml": "teams: {}"}, "an inventory is a folder with a file inventory.yaml"),
        ({"inventory.yml": ROOT}, "rename inventory.yml to inventory.yaml"),
        ({"inventory.yaml": HEAD}, "no agent is declared, nothing to judge"),
        ({"inventory.yaml": HEAD + "agents: {}"}, "3:1: no agent is declared"),
        ({"inventory.yaml": ""}, "is empty"),
        ({"inventory.yaml": "# later"}, "is empty"),
        ({"inventory.yaml": "- a"}, "expected a map of sections, found a list"),
        ({"inventory.yaml": "agents: {a: {}}"}, "the field 'version' is missing"),
        ({"inventory.yaml": ROOT, "x.yaml": HEAD}, "'name' stands only in the root file"),
        ({"inventory.yaml": ROOT, "x.yaml": "policy: {packs: [r]}"}, "named in the root file only"),
        ({"inventory.yaml/x": ""}, "inventory.yaml"),
    ],
)
def test_what_cannot_be_judged(files: dict[str, str], said: str, tmp_path: Path) -> None:
    """Nothing to judge is never a pass."""
    assert any(said in line for line in refused(tree(tmp_path, files)))


def test_links_are_refused(tmp_path: Path) -> None:
    """What stands behind a link could be anything, so it is neither read nor skipped."""
    folder = tree(tmp_path, {"x/inventory.yaml": ROOT, "teams.yaml": "teams: {}"})
    (tmp_path / "x/teams.yaml").symlink_to(tmp_path / "teams.yaml")
    (said,) = refused(f"{folder}/x")
    assert "x/teams.yaml:1:1" in said
    assert "is a link" in said


def test_deep_folders_are_read(tmp_path: Path) -> None:
    """A tree deeper than Python's stack is no trouble."""
    made = []
    try:
        for depth in range(1, 1101):
            made.append(tmp_path.joinpath(*["d"] * depth))
            made[-1].mkdir()
        tree(tmp_path, {"inventory.yaml": ROOT, "d/" * 1100 + "teams.yaml": "teams: {t: {}}"})
        (inventory,) = load([str(tmp_path)])
        assert list(inventory.teams) == ["t"]
    finally:  # whoever tidies up after tests may not be that patient
        (made[-1] / "teams.yaml").unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir()


# --- policy ---


def test_policy_defaults_are_those_of_the_manual(tmp_path: Path) -> None:
    """What a field's description says is what a check does."""
    said = {
        name: str(field.description).partition("Default ")[2].removesuffix(".")
        for name, field in models.Policy.model_fields.items()
        if "Default" in str(field.description)
    }
    silent = inventory_of("", tmp_path).policy
    assert {name: _words(getattr(silent, name)) for name in said} == said


def _words(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.days}d" if value.days else f"{value.seconds // 60}m"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def test_policy_says_what_it_overrides(tmp_path: Path) -> None:
    """Thresholds and rules keep the place where they are set."""
    text = "policy: {max_attempts: 3, drill_max_age: 90d, rules: {ungated-read: off}}"
    policy = inventory_of(text, tmp_path).policy
    assert (policy.max_attempts, policy.drill_max_age) == (3, timedelta(days=90))
    assert policy.min_rotation_members == 4
    assert policy.rules == {"ungated-read": "off"}
    assert policy.at("rules", "ungated-read").span.column == 69
    assert policy.at("max_attempts").span.column == 24


# --- laws ---


@settings(max_examples=20, deadline=None)
@given(st.permutations(["a.yaml", "b.yaml", "c/d.yaml", "inventory.yaml"]))
def test_the_order_of_files_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    """Whatever was written first: the same inventory."""
    texts = {
        "inventory.yaml": ROOT,
        "a.yaml": "teams: {z: {}, b: {}}",
        "b.yaml": "teams: {a: {}}",
        "c/d.yaml": "teams: {m: {}}",
    }
    folder = tmp_path_factory.mktemp("order")
    (inventory,) = load([tree(folder, {name: texts[name] for name in names})])
    assert list(inventory.teams) == ["a", "b", "m", "z"]
    files = [document.file.rpartition("/")[2] for document in inventory.documents]
    assert files == ["inventory.yaml", "a.yaml", "b.yaml", "d.yaml"]
