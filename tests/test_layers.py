"""Imports point down: every module has its layer, and knows only what lies below it."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = Path(__file__).resolve().parents[1] / "src"
LAYERS = (
    "__main__",
    "cli",
    "commands",
    "options fixing asking ids first_hour manual examples lsp",
    "judging",
    "review known drafting",
    "check granted cache",
    "reporters",
    "compare sheet",
    "folding gathering profiles summary",
    "selection waivers",
    "judge",
    "baseline",
    "finding",
    "rules",
    "repair",
    "rulefile subjects dossier compiling",
    "evidence",
    "analyses reach",
    "providers",
    "inventory output git",
    "editing",
    "source expression progress",
    "data usage values version interruption",
)
"""From top to bottom; neighbours do not know each other, the modules of one package may."""
HOMES = {
    "yaml": ("source",),
    "jinja2": ("reporters",),
    "markupsafe": ("reporters",),
    "tzdata": ("inventory",),
    "cronsim": ("inventory",),
    "dateutil": ("inventory",),
    "networkx": ("reach", "analyses"),
    "jsonschema": ("providers", "reporters"),
    "subprocess": ("git",),
    "pygls": ("lsp",),
    "lsprotocol": ("lsp",),
    "pydantic": (
        "inventory.models",
        "inventory.schema",
        "rulefile",
        "reporters.contract",
        "reporters.finding_contract",
        "reporters.comparison_contract",
        "reporters.dossier_contract",
    ),
}
"""Library to the modules that may import it: what it costs, and what it can do, stays there."""
LEVEL = {name: level for level, row in enumerate(LAYERS) for name in row.split()}


class Import(NamedTuple):
    """One import statement's target."""

    module: str
    """The importing module, without the leading package name."""
    target: str
    """The whole name of what is imported."""
    line: int
    typing: bool
    """Whether only the type checker sees it."""

    def __str__(self) -> str:
        """Return where it stands and what it says."""
        return f"{self.module}:{self.line} imports {self.target}"


@cache
def modules() -> dict[str, Path]:
    """Return every module of the package, without the leading package name."""
    found = {}
    for path in sorted((SOURCE / "blastlint").rglob("*.py")):
        parts = path.relative_to(SOURCE / "blastlint").with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports() -> tuple[Import, ...]:
    """Return every import of the package, wherever in a file it stands."""
    return tuple(one for name, path in modules().items() for one in _imports(name, path))


def _imports(module: str, path: Path) -> Iterator[Import]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = _typing_lines(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _targets(node):
                yield Import(module, target, node.lineno, node.lineno in typing)


def _targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    assert node.level == 0, f"line {node.lineno}: imports are absolute"
    return [_target(str(node.module), alias.name) for alias in node.names]


def _target(module: str, name: str) -> str:
    """Return the module that `from module import name` reads: a name may be a module itself."""
    whole = f"{module}.{name}"
    return whole if whole.removeprefix("blastlint.") in modules() else module


def _typing_lines(tree: ast.Module) -> set[int]:
    blocks = (
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    lines = (
        (body[0].lineno, body[-1].end_lineno or 0) for body in (block.body for block in blocks)
    )
    return {line for first, last in lines for line in range(first, last + 1)}


def own() -> Iterator[tuple[Import, str, str]]:
    """Yield the imports within the package, each with the layers' names of both ends."""
    for one in imports():
        if one.target.startswith("blastlint."):
            yield one, one.module.partition(".")[0], one.target.split(".")[1]


def test_every_module_has_a_layer() -> None:
    """A new file says where it belongs; a layer's name is a file's."""
    tops = {name.partition(".")[0] for name in modules()} - {""}
    assert tops == set(LEVEL)


def test_imports_point_down() -> None:
    """No module knows one above it or beside it, not even in a function or for its types."""
    wrong = [str(one) for one, top, target in own() if top and not _down(top, target)]
    assert wrong == []


def _down(module: str, target: str) -> bool:
    return module == target or LEVEL[module] < LEVEL[target]


def test_the_package_itself_loads_its_version_only() -> None:
    """Whoever imports blastlint pays for what is used."""
    assert {one.target for one in imports() if not one.module} == {"blastlint.version"}


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_at_home(library: str) -> None:
    """What a library does for us is done in one place."""
    abroad = [str(one) for one in imports() if _root(one) == library and not _at_home(one)]
    assert abroad == []


def test_no_other_library_is_imported() -> None:
    """A further dependency is a decision, and needs a home."""
    known = {*HOMES, "blastlint", *sys.stdlib_module_names}
    assert [str(one) for one in imports() if _root(one) not in known] == []


def test_models_are_for_schemas_and_types() -> None:
    """A run reads through the generated schemas: no module but their own loads the models."""
    wrong = [
        str(one)
        for one in imports()
        if not one.typing
        and _within(one.target.removeprefix("blastlint."), HOMES["pydantic"])
        and not _within(one.module, HOMES["pydantic"])
    ]
    assert wrong == []


def _root(one: Import) -> str:
    return one.target.partition(".")[0]


def _at_home(one: Import) -> bool:
    return _within(one.module, HOMES[_root(one)])


def _within(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in homes)
