"""The hook works as people use it: the real pre-commit installs it and judges real commits.

The first use installs the project and what it depends on, so this asks the package index and
takes half a minute. Everything is kept in temporary folders.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
CACHES = shutil.ignore_patterns(".*_cache", ".git", ".venv", ".hypothesis", "__pycache__", "dist")
UNREACHABLE = (
    "No matching distribution found",
    "Failed to establish a new connection",
    "name resolution",
    "Network is unreachable",
)
"""What pip says when it reaches no package index."""

pytestmark = [
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
    pytest.mark.skipif(not find_spec("pre_commit"), reason="pre-commit is not installed"),
]

# --- tools --------------------------------------------------------------------------------------


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which nobody's own settings of git and Python play a part."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON"))}
    person = {"NAME": "somebody", "EMAIL": "somebody@example.org"}
    names = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in person.items()}
    return {
        **kept,
        **names,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "NO_COLOR": "1",
        "PIP_NO_COMPILE": "1",  # saves a third of the time
        "PRE_COMMIT_HOME": str(home),
    }


class Checkout:
    """A git repository of somebody who uses the hook."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.environment = environment(home)
        self.run("git", "init", "-q", ".")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the repository."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the real program."""
        done = self.run(sys.executable, "-m", "pre_commit", *arguments)
        said = done.stdout + done.stderr
        if "CI" not in os.environ and any(words in said for words in UNREACHABLE):
            pytest.skip("the package index cannot be reached, so the hook cannot be installed")
        return done

    def commit(self) -> subprocess.CompletedProcess[str]:
        """Commit everything that has changed."""
        self.run("git", "add", "--all")
        return self.run("git", "commit", "-m", "a change")

    def head(self) -> str:
        """Return the name of the last commit."""
        return self.run("git", "rev-parse", "HEAD").stdout.strip()

    def change(self, file: str, old: str, new: str) -> None:
        """Change one place of one file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


def users_of(folder: Path, home: Path) -> Checkout:
    """Return a checkout whose first commit holds a clean inventory, in a folder of its own."""
    shutil.copytree(REPO / "inventories/clean-support", folder / "agents/helpdesk")
    checkout = Checkout(folder, home)
    assert checkout.commit().returncode == 0
    return checkout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the installed hook for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Checkout:
    """Return this project as it is in the tree, committed or not, as a repository to install."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(REPO, folder, ignore=CACHES, symlinks=True, dirs_exist_ok=True)
    checkout = Checkout(folder, home)
    assert checkout.commit().returncode == 0
    return checkout


CONFIG = """\
repos:
  - repo: {repo}
    rev: {rev}
    hooks:
      - id: blastlint
        args: [--as-of, "2026-06-02"]
      - id: blastlint-schema
      - id: blastlint-test-rules
        args: [house-rules]
        files: ^house-rules/
      - id: blastlint-all
        args: [--as-of, "2026-06-02"]
        stages: [manual]
"""
OWNED = """\
id: owned-by-a-team
title: An agent without an owner
severity: error
profile: pilot
family: inventory
each: agent
when: agent.owner == null
message: "{agent.id} has no owner"
why: Somebody has to answer for it.
fix: Name a team.
refs: [the house rules]
tags: [house/1]
examples:
  - bad: |
      agents: {a: {owner: null}}  # finding
  - good: |
      agents: {a: {owner: shop}}
      teams: {shop: {}}
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, project: Checkout) -> Checkout:
    """Return a checkout with the hook installed, so that every commit is judged."""
    folder = tmp_path_factory.mktemp("team")
    checkout = users_of(folder, Path(project.environment["PRE_COMMIT_HOME"]))
    config = CONFIG.format(repo=project.folder, rev=project.head())
    (folder / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    done = checkout.pre_commit("install", "--install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    done = checkout.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    checkout.run("git", "tag", "start")
    return checkout


@pytest.fixture
def checkout(installed: Checkout) -> Checkout:
    """Return that checkout as it was first committed."""
    installed.run("git", "reset", "-q", "--hard", "start")
    installed.run("git", "clean", "-qfd")
    return installed


def refused(checkout: Checkout) -> str:
    """Commit everything; return what the hook says, which must refuse it."""
    before = checkout.head()
    done = checkout.commit()
    assert done.returncode == 1, done.stdout + done.stderr
    assert checkout.head() == before
    return done.stdout + done.stderr


# --- what people see ----------------------------------------------------------------------------


def test_a_clean_change_is_committed(checkout: Checkout) -> None:
    """Whoever changes nothing for the worse is not stopped."""
    checkout.change("agents/helpdesk/people.yaml", "orders: {members: 8,", "orders: {members: 9,")
    before = checkout.head()
    done = checkout.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout + done.stderr
    assert checkout.head() != before


def test_a_bad_change_is_refused_with_its_finding(checkout: Checkout) -> None:
    """A grant that nobody declared does not get in, and the reason names rule and line."""
    checkout.change(
        "agents/helpdesk/systems.yaml",
        "actions: [read, reply, assign]}]",
        "actions: [read, reply, assign]}, {system: billing, resources: [payouts], actions: [pay]}]",
    )
    said = refused(checkout)
    assert "undeclared-blast-path" in said
    assert "agents/helpdesk/systems.yaml:" in said


def test_one_changed_file_is_judged_with_all_others(checkout: Checkout) -> None:
    """A name that is taken away in one file is missed in another, which the commit leaves alone."""
    checkout.change("agents/helpdesk/people.yaml", "  billing-oncall:\n", "  billing-pager:\n")
    said = refused(checkout)
    assert "'billing-oncall' is not in rotations" in said
    assert "agents/helpdesk/systems.yaml:" in said


def test_a_commit_that_only_deletes_a_file_is_judged(checkout: Checkout) -> None:
    """There is no changed file to hand to a hook, and the most is lost."""
    (checkout.folder / "agents/helpdesk/systems.yaml").unlink()
    said = refused(checkout)
    assert "'ticketing' is not in systems" in said
    assert "nothing was judged" in said


def test_a_change_of_something_else_is_judged_too(checkout: Checkout) -> None:
    """The hook runs always: a broken inventory does not wait for somebody to touch it."""
    (checkout.folder / "notes.txt").write_text("nothing of interest\n", encoding="utf-8")
    done = checkout.commit()
    said = dict(re.findall(r"(?m)^(blastlint.*?)\.{3,}.*?(\w+)$", done.stdout + done.stderr))
    assert said["blastlint"] == said["blastlint (schema)"] == "Passed"
    assert said["blastlint (test rules)"] == "Skipped"


def test_a_file_that_is_added_is_judged(checkout: Checkout) -> None:
    """What nobody has seen yet is part of the commit."""
    tool = "tools: {refund: {agents: [helpdesk], system: nowhere, effect: spend}}\n"
    (checkout.folder / "agents/helpdesk/more.yaml").write_text(tool, encoding="utf-8")
    said = refused(checkout)
    assert "'nowhere' is not in systems" in said
    assert "agents/helpdesk/more.yaml:" in said


def test_a_renamed_file_is_judged_where_it_will_lie(checkout: Checkout) -> None:
    """Within the inventory it changes nothing; out of it, it is missed."""
    home = checkout.folder / "agents/helpdesk"
    (home / "systems.yaml").rename(home / "platforms.yaml")
    assert checkout.commit().returncode == 0
    (home / "platforms.yaml").rename(checkout.folder / "platforms.yaml")
    assert "'ticketing' is not in systems" in refused(checkout)


WIDER = (
    "actions: [read, reply, assign]}]",
    "actions: [read, reply, assign]}, {system: billing, resources: [payouts], actions: [pay]}]",
)


def test_what_is_not_staged_plays_no_part(checkout: Checkout) -> None:
    """Neither does a fix that stays behind help, nor does a fault that stays behind hinder."""
    systems = "agents/helpdesk/systems.yaml"
    checkout.change(systems, *WIDER)
    checkout.run("git", "add", "--all")
    checkout.change(systems, *WIDER[::-1])
    done = checkout.run("git", "commit", "-m", "only the fault is staged")
    assert done.returncode == 1
    assert "undeclared-blast-path" in done.stdout + done.stderr
    checkout.run("git", "add", "--all")
    checkout.change(systems, *WIDER)
    checkout.change("agents/helpdesk/people.yaml", "orders: {members: 8,", "orders: {members: 9,")
    checkout.run("git", "add", "agents/helpdesk/people.yaml")
    done = checkout.run("git", "commit", "-m", "the fault stays behind")
    assert done.returncode == 0, done.stdout + done.stderr
    assert WIDER[1] in (checkout.folder / systems).read_text(encoding="utf-8")


def test_files_that_git_does_not_know_play_no_part(checkout: Checkout) -> None:
    """They lie in the inventory's folder, and in no commit; who wants them judged asks for it."""
    noise = checkout.folder / "agents/helpdesk/draft.yaml"
    noise.write_text("tools: [half an idea\n", encoding="utf-8")
    checkout.change("agents/helpdesk/people.yaml", "orders: {members: 8,", "orders: {members: 9,")
    checkout.run("git", "add", "agents/helpdesk/people.yaml")
    done = checkout.run("git", "commit", "-m", "without the draft")
    assert done.returncode == 0, done.stdout + done.stderr
    done = checkout.pre_commit("run", "--hook-stage", "manual", "blastlint-all")
    assert done.returncode == 1
    assert "draft.yaml" in done.stdout


def test_every_root_of_a_repository_is_judged(checkout: Checkout) -> None:
    """One of two inventories is changed, and both are told of."""
    home, second = checkout.folder / "agents/helpdesk", checkout.folder / "teams/orders"
    shutil.copytree(home, second)
    checkout.change("teams/orders/inventory.yaml", "name: clean-support", "name: orders")
    assert checkout.commit().returncode == 0
    checkout.change("teams/orders/systems.yaml", *WIDER)
    said = refused(checkout)
    assert "orders: blocked" in said
    assert "clean-support: ready" in said
    assert "agents/helpdesk/systems.yaml:" not in said


def test_rules_of_ones_own_are_tested_when_they_change(checkout: Checkout) -> None:
    """A rule whose examples fail does not get in."""
    rules = checkout.folder / "house-rules"
    rules.mkdir()
    (rules / "owned-by-a-team.yaml").write_text(OWNED, encoding="utf-8")
    done = checkout.commit()
    assert done.returncode == 0, done.stdout + done.stderr
    checkout.change("house-rules/owned-by-a-team.yaml", "owner == null", "owner != null")
    assert "owned-by-a-team" in refused(checkout)


# --- before anybody installs it -----------------------------------------------------------------


def test_the_hook_can_be_tried_without_configuration(project: Checkout, tmp_path: Path) -> None:
    """`pre-commit try-repo` on one staged file finds what lies between it and another file."""
    checkout = users_of(tmp_path, Path(project.environment["PRE_COMMIT_HOME"]))
    checkout.change(
        "agents/helpdesk/systems.yaml",
        "actions: [read, create, withdraw]",
        "actions: [read, create]",
    )
    checkout.run("git", "add", "--all")
    done = checkout.pre_commit("try-repo", str(project.folder), "blastlint")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "under-grant" in done.stdout
    assert "agents/helpdesk/inventory.yaml:" in done.stdout


def test_the_manifest_is_one() -> None:
    """pre-commit can read what the project offers."""
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    assert subprocess.run(command, cwd=REPO, check=False).returncode == 0
