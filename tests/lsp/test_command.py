"""The command that an editor starts: what it says where it cannot serve."""

from __future__ import annotations

from commands import python

WITHOUT = """\
import sys
sys.modules["lsprotocol"] = sys.modules["pygls"] = None
sys.argv = ["blastlint", *sys.argv[1:]]
from blastlint.__main__ import main
sys.exit(main())
"""


def test_without_its_library_it_says_what_to_install() -> None:
    """Whoever installed no extra is told which one, and gets no traceback."""
    done = python("-c", WITHOUT, "lsp")
    assert done.returncode == 2
    assert "pip install 'blastlint[lsp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_other_commands_need_no_such_library() -> None:
    """The extra is for editors alone."""
    done = python("-c", WITHOUT, "check", "inventories/clean-support", "--as-of", "2026-06-02")
    assert done.returncode == 0


def test_an_editor_that_hangs_up_ends_it() -> None:
    """With the end of its input the server ends: nothing is left running."""
    assert python("-m", "blastlint", "lsp").returncode == 0


COLLECTS = """\
import gc, sys
from pygls.lsp.server import LanguageServer
LanguageServer.start_io = lambda self: print(gc.isenabled())
sys.argv = ["blastlint", "lsp"]
from blastlint.__main__ import main
sys.exit(main())
"""


def test_it_can_run_for_weeks() -> None:
    """What is no longer needed is collected: a short run does without, a server cannot."""
    assert python("-c", COLLECTS).stdout == "True\n"
