"""What is offered for build servers works: its own scripts are run, with real git."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from checkout import Checkout, settings
from commands import REPO
from test_self_approval import TILL, WIDER

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.skipif(not shutil.which("git"), reason="git is not installed"),
    pytest.mark.skipif(not shutil.which("bash"), reason="bash is not installed"),
]

ACTION: dict[str, Any] = yaml.safe_load((REPO / "action.yml").read_text(encoding="utf-8"))
GITLAB: dict[str, Any] = yaml.safe_load((REPO / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
"""How GitHub runs a step of bash."""


class Server:
    """A build server with a change in its checkout, and blastlint installed where scripts look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = Checkout(folder / "work")
        self.checkout.file("till/inventory.yaml", TILL)
        self.checkout.commit()
        scripts = folder / "blastlint" / "bin"
        scripts.mkdir(parents=True)
        script = scripts / "blastlint"
        script.write_text(
            f'#!/bin/sh\nexec "{sys.executable}" -c '
            "'import sys; from blastlint.__main__ import main; sys.exit(main())' \"$@\"\n",
            encoding="utf-8",
        )
        script.chmod(0o755)

    def wider(self) -> None:
        """Commit a grant that nobody declares."""
        self.checkout.file("till/inventory.yaml", TILL.replace(*WIDER))
        self.checkout.commit()

    def run(self, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a script in the checkout."""
        path = f"{self.folder / 'blastlint' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        given = {"PATH": path, "RUNNER_TEMP": str(self.folder), **variables}
        return subprocess.run(
            [*SHELL, script],
            cwd=self.checkout.folder,
            env={**settings(), **given},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A server whose checkout holds a change."""
    return Server(tmp_path)


def step(name: str) -> dict[str, Any]:
    """Return a step of the action."""
    return next(one for one in ACTION["runs"]["steps"] if one["name"] == name)


def judged(server: Server, **inputs: str) -> tuple[dict[str, str], str, str]:
    """Run the action's step that judges; return its outputs, its summary and its log."""
    given = {"PATHS": ".", "BASE": "", "RULES": "", "FAIL_ON": "error", "AS_OF": "2026-06-02"}
    outputs, summary = server.folder / "outputs", server.folder / "summary"
    names = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
    assert set(step("Judge")["env"]) == set(given)
    done = server.run(step("Judge")["run"], **{**given, **names, **inputs})
    assert done.returncode == 0, done.stderr
    said = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
    written = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return said, written, done.stdout + done.stderr


# --- GitHub -------------------------------------------------------------------------------------


def test_the_action_stops_a_change_that_opens_something(server: Server) -> None:
    """With an annotation on its line, a comment in the summary, and all findings as SARIF."""
    server.wider()
    said, summary, log = judged(server, BASE="HEAD~1")
    assert said["code"] == "1"
    assert "::error file=till/inventory.yaml," in log
    assert "clerk can now take coins on vault" in summary
    with open(said["sarif"], encoding="utf-8") as file:
        results = json.load(file)["runs"][0]["results"]
    assert "undeclared-blast-path" in {result["ruleId"] for result in results}


def test_the_action_lets_a_change_through_that_opens_nothing(server: Server) -> None:
    """What was wrong before is not the change's."""
    server.checkout.file("README.md", "A shop.\n")
    server.checkout.commit()
    said, summary, _ = judged(server, BASE="HEAD~1")
    assert said["code"] == "0"
    assert summary.startswith("## ✅ nothing wider")


def test_the_action_judges_the_state_where_there_is_no_base(server: Server) -> None:
    """As on a push."""
    said, summary, _ = judged(server)
    assert said["code"] == "1"
    assert summary.startswith("## ")
    assert judged(server, FAIL_ON="never")[0]["code"] == "0"


def test_the_action_wants_a_merge_or_the_name_of_a_base(server: Server) -> None:
    """Against its last commit only, a change of several would hide the others."""
    server.checkout.git("checkout", "-q", "-b", "change")
    server.wider()
    server.checkout.file("README.md", "A shop.\n")
    server.checkout.commit()
    said, _, log = judged(server, BASE="HEAD^1")
    assert said["code"] == "2"
    assert "HEAD is no merge" in log
    server.checkout.git("checkout", "-q", "main")
    server.checkout.git("merge", "-q", "--no-ff", "--no-edit", "change")
    (server.folder / "outputs").unlink()
    assert judged(server, BASE="HEAD^1")[0]["code"] == "1"


@pytest.mark.parametrize("inputs", [{"BASE": "nowhere"}, {"BASE": "HEAD", "PATHS": "../.."}])
def test_the_action_fails_where_nothing_can_be_judged(
    inputs: dict[str, str], server: Server
) -> None:
    """A base that is not there is no base to pass against."""
    said, _, log = judged(server, **inputs)
    assert said["code"] == "2"
    assert "nothing was judged" in log


@pytest.mark.parametrize(("code", "decision"), [("0", 0), ("1", 1), ("2", 2), ("", 2)])
def test_the_action_decides_by_the_exit_code(code: str, decision: int, server: Server) -> None:
    """A step that judged nothing, for whatever reason, does not let anything through."""
    assert server.run(step("Decide")["run"], CODE=code).returncode == decision


def test_no_input_is_run_as_a_script(server: Server) -> None:
    """Inputs are variables, never part of the text of a script."""
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one.get("run", "")
    said, _, _ = judged(server, BASE="$(touch owned)", PATHS="; touch owned", RULES="`touch owned`")
    assert said["code"] == "2"
    assert not (server.checkout.folder / "owned").exists()


def test_python_loads_nothing_from_the_checkout() -> None:
    """A file `venv.py` of the change would be run in the name of the gate."""
    scripts = [step("Install blastlint")["run"], *GITLAB["blastlint"]["script"]]
    calls = [line for script in scripts for line in script.splitlines() if "python" in line]
    assert len(calls) == 5
    assert all(re.search(r"python3?\"? -I ", call) for call in calls)


def test_every_action_is_pinned_by_its_commit() -> None:
    """A tag can be moved."""
    page = (REPO / "docs" / "ci" / "github.md").read_text(encoding="utf-8")
    action = (REPO / "action.yml").read_text(encoding="utf-8")
    uses = re.findall(r"uses: (\S+)", page + action)
    assert len(uses) == 3
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in uses)


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    """Neither in the action nor in the workflow that the page shows; in a bad one it does."""
    if not shutil.which("zizmor"):
        pytest.skip("zizmor is not installed")
    page = (REPO / "docs" / "ci" / "github.md").read_text(encoding="utf-8")
    shown = page[page.index("name: blastlint\non:") :]
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "gate.yml").write_text(shown[: shown.index("```")], encoding="utf-8")
    command = ["zizmor", "--offline", "--no-progress"]
    for path in (REPO / "action.yml", tmp_path):
        done = subprocess.run([*command, path], capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode()
    bad = re.sub(r"checkout@\w+", "checkout@main", shown[: shown.index("```")])
    (folder / "gate.yml").write_text(bad, encoding="utf-8")
    assert subprocess.run([*command, tmp_path], capture_output=True, check=False).returncode != 0


# --- elsewhere ----------------------------------------------------------------------------------


def test_the_recipe_stops_a_change_and_writes_its_reports(server: Server) -> None:
    """For any build server with a shell."""
    server.wider()
    script = f"sh '{REPO / 'ci' / 'gate.sh'}'"
    done = server.run(f"{script} HEAD^1 till")
    assert done.returncode == 1, done.stderr
    assert "error[reach-widened]" in done.stdout
    for name in ("blastlint.json", "blastlint.sarif", "blastlint.xml"):
        assert (server.checkout.folder / name).stat().st_size > 100
    assert server.run(f"{script} HEAD").returncode == 0
    assert server.run(script).returncode != 0


@pytest.mark.parametrize(("base", "code"), [("HEAD^1", 1), ("HEAD", 0)])
def test_the_template_of_gitlab_judges_and_reports(base: str, code: int, server: Server) -> None:
    """The last line of its script is the one that decides."""
    server.wider()
    script = GITLAB["blastlint"]["script"][-1]
    here = str(server.folder / "blastlint")
    done = server.run(
        script.replace("/tmp/blastlint", here),  # noqa: S108 -- where the template installs
        BLASTLINT_PATHS=".",
        CI_MERGE_REQUEST_DIFF_BASE_SHA=base,
    )
    assert done.returncode == code, done.stderr
    reports = GITLAB["blastlint"]["artifacts"]["reports"]
    with open(server.checkout.folder / reports["codequality"], encoding="utf-8") as file:
        assert ("reach-widened" in {one["check_name"] for one in json.load(file)}) == bool(code)
    assert (server.checkout.folder / reports["junit"]).exists()
