"""Shells complete what is typed: real ones, at a terminal, with somebody who presses TAB."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from blastlint.options import SHELLS
from checkout import Checkout
from commands import REPO, blastlint
from completions import FILES, completion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from terminal import Terminal

BESIDE = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
"""The path on which shells find this blastlint."""
DESK = """\
version: 1
name: desk
agents: {alpha-desk: {}, beta-desk: {}}
tools:
  mail.send: {agents: [alpha-desk], system: mailbox}
systems: {mailbox: {}}
rotations: {night-watch: {}}
"""
START = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i"),
}
READY = {
    "bash": "PS1='ready>'; bind 'set enable-bracketed-paste off'; bind 'set bell-style none'; "
    'eval "$(blastlint completion bash)"',
    "zsh": "PS1='ready>'; unsetopt beep; autoload -U compinit; compinit -D -u; "
    'eval "$(blastlint completion zsh)"',
    "fish": "function fish_prompt; echo -n 'ready>'; end; blastlint completion fish | source",
}
"""What makes each shell ready, as the documentation says; and a prompt that can be waited for."""
TYPED = {
    "command": ("blastlint expl", "blastlint explain"),
    "option": ("blastlint check --trust-f", "blastlint check --trust-from"),
    "choice": ("blastlint check --fail-on wa", "blastlint check --fail-on warning"),
    "format": ("blastlint check -f mark", "blastlint check -f markdown"),
    "kind": ("blastlint grants kube", "blastlint grants kubernetes-rbac"),
    "name": ("blastlint schema comp", "blastlint schema comparison"),
    "section": ("blastlint ids capab", "blastlint ids capabilities"),
    "rule": ("blastlint explain undeclared-b", "blastlint explain undeclared-blast-path"),
    "rules": (
        "blastlint check --select over-grant,undeclared-b",
        "blastlint check --select over-grant,undeclared-blast-path",
    ),
    "agent": ("blastlint reach al", "blastlint reach alpha-desk"),
    "sheet": ("blastlint sheet be", "blastlint sheet beta-desk"),
    "tool": ("blastlint sheet beta-desk ma", "blastlint sheet beta-desk mail.send"),
    "system": ("blastlint reach beta-desk --to ma", "blastlint reach beta-desk --to mailbox"),
    "rotation": (
        "blastlint sheet beta-desk --as ni",
        "blastlint sheet beta-desk --as night-watch",
    ),
    "file": ("blastlint check evid", "blastlint check evidence.json"),
    "folder": ("blastlint test-rules packf", "blastlint test-rules packfolder"),
    "revision": ("blastlint check --new-from releas", "blastlint check --new-from release-1.0"),
    "side": ("blastlint diff releas", "blastlint diff release-1.0"),
}
"""What somebody types, and what stands there after TAB."""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_completion_is_what_the_parser_says(
    shell: str, golden: Callable[[Path, str], None]
) -> None:
    """Who adds a command or an option sees it appear, and `blastlint completion` prints it."""
    golden(REPO / "completions" / FILES[shell], completion(shell))
    printed = blastlint("completion", shell)
    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout == (REPO / "completions" / FILES[shell]).read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_documentation_says_how_to_load_it(shell: str) -> None:
    """What the tests load is what people are told to load."""
    page = (REPO / "docs" / "install.md").read_text(encoding="utf-8").replace("\\|", "|")
    assert f"`{READY[shell].rpartition('; ')[2]}`" in page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with something to complete of every kind."""
    work = Checkout(tmp_path_factory.mktemp("desk"))
    work.file("inventory.yaml", DESK)
    work.file("evidence.json", "{}")
    work.file("packfolder/README", "")
    work.commit()
    work.git("tag", "release-1.0")
    return work.folder


@contextmanager
def at_prompt(shell: str, desk: Path, home: Path) -> Iterator[Terminal]:
    """Yield a shell that waits for somebody to type, with the completion as people load it."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    from terminal import Terminal  # noqa: PLC0415 -- not every system has one

    homes = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    env = {
        **homes,
        "PATH": BESIDE,
        "BLASTLINT_CACHE_DIR": "",
        "LC_ALL": "C.UTF-8",
        "EDITOR": "nano",
    }
    with Terminal(START[shell], desk, env, size=(24, 200)) as terminal:
        terminal.type(f" {READY[shell]}; echo loa''ded\n")
        loaded = terminal.wait_for("loaded")
        terminal.wait_for("ready>", loaded.end())
        yield terminal


@pytest.fixture(scope="module", params=SHELLS)
def prompt(
    request: pytest.FixtureRequest, desk: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terminal]:
    """Return a shell, the same for many tests: each leaves it with an empty line."""
    with at_prompt(request.param, desk, tmp_path_factory.mktemp("home")) as terminal:
        yield terminal


def line_after(typed: str, prompt: Terminal) -> str:
    """Return the command line after something was typed, as the shell itself has it."""
    start = len(prompt.text)
    prompt.type(f"{typed}\x01echo '=[\x05]='\n")  # at the start of the line, and at its end
    found = prompt.wait_for(r"=\[([^\r\n]*)\]=\r*\n", start)
    prompt.wait_for("ready>", found.end())
    return found[1]


@pytest.mark.parametrize("kind", TYPED)
def test_tab_completes(kind: str, prompt: Terminal) -> None:
    """The one thing that fits is put in; what the line is then is what the shell would run."""
    typed, completed = TYPED[kind]
    assert line_after(f"{typed}\t", prompt).rstrip(" /") == completed


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_offers_all_that_fits(shell: str, desk: Path, tmp_path: Path) -> None:
    """Where several things fit, they are shown."""
    with at_prompt(shell, desk, tmp_path) as terminal:
        start = len(terminal.text)
        terminal.type("blastlint sheet \t\t")
        terminal.wait_for("alpha-desk", start)
        terminal.wait_for("beta-desk", start)


def test_a_folder_without_inventory_is_quiet(tmp_path: Path) -> None:
    """Whoever presses TAB elsewhere gets nothing, and no error in the middle of the line."""
    script = 'eval "$(blastlint completion bash)"; _blastlint_agents a'
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={"PATH": BESIDE}, capture_output=True, check=False
    )
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_name_with_a_meaning_is_not_offered(tmp_path: Path) -> None:
    """A branch that is called like a command does not get into a line that nobody quotes."""
    work = Checkout(tmp_path / "work")
    work.commit()
    for name in ("good", "$(touch${IFS}evil)", "a;touch${IFS}evil"):
        work.git("branch", name)
    script = (
        "eval \"$(blastlint completion bash)\"; _blastlint_revisions ''; _blastlint_sides_file 'g'"
    )
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=work.folder,
        env={"PATH": BESIDE},
        capture_output=True,
        check=False,
    )
    assert done.stdout.split() == [b"good", b"main", b"good"]
    assert not (work.folder / "evil").exists()


def test_ids(tmp_path: Path) -> None:
    """The ids of a section, of all inventories, sorted; and of the rules."""
    for name in ("b", "a"):
        (tmp_path / name).mkdir()
        text = f"version: 1\nname: {name}\nagents: {{bot-{name}: {{}}, shared: {{}}}}\n"
        (tmp_path / name / "inventory.yaml").write_text(text, encoding="utf-8")
    assert blastlint("ids", "agents", cwd=tmp_path).stdout == "bot-a\nbot-b\nshared\n"
    assert blastlint("ids", "agents", "b", cwd=tmp_path).stdout == "bot-b\nshared\n"
    assert blastlint("ids", "tools", cwd=tmp_path).stdout == ""
    rules = sorted(path.stem for path in (REPO / "rules").rglob("*.yaml"))
    assert blastlint("ids", "rules").stdout.split() == rules


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("agent",), "there is no section 'agent'\n  = help: did you mean 'agents'?"),
        (("agents", "nowhere"), "nowhere"),
        (("rules", "inventories"), "rules do not lie in an inventory"),
    ],
    ids=["section", "path", "rules"],
)
def test_ids_that_cannot_be_listed(arguments: tuple[str, ...], said: str) -> None:
    """What cannot be listed is no empty list."""
    done = blastlint("ids", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
