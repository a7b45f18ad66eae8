"""Where the files that ship with blastlint lie.

An installed package carries them in its `data` folder; a checkout keeps them at its top level.
"""

from __future__ import annotations

import os

_HOME = "https://raw.githubusercontent.com/blastlint/blastlint/main/schemas"
_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def rules_directory() -> str:
    """Return the folder of the built-in rules."""
    return _folder("rules")


def families_path() -> str:
    """Return the file that says what the families of built-in rules are."""
    return os.path.join(_folder("rules"), "families.toml")


def schema_path(name: str) -> str:
    """Return the file of the schema called `name`, such as `inventory`."""
    return os.path.join(_folder("schemas"), f"{name}.schema.json")


def schema_address(name: str) -> str:
    """Return where the schema called `name` is published, for editors."""
    return f"{_HOME}/{name}.schema.json"


def completion_path(shell: str) -> str:
    """Return the file that lets a shell complete what is typed, by the name it looks for."""
    names = {"bash": "blastlint.bash", "zsh": "_blastlint", "fish": "blastlint.fish"}
    return os.path.join(_folder("completions"), names[shell])


def _folder(name: str) -> str:
    shipped = os.path.join(_PACKAGE, "data", name)
    return (
        shipped
        if os.path.isdir(shipped)
        else os.path.abspath(os.path.join(_PACKAGE, "..", "..", name))
    )
