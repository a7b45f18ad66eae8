"""Which files are opened: regular ones inside the directory, reached through no link."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blastlint.source import InputError, Root, read, read_all
from blastlint.source.handles import open_by_handles, open_by_names
from blastlint.source.root import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and modes of POSIX")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a directory with files, and a secret beside it."""
    (tmp_path / "secret.yaml").write_text("password: hunter2\n")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "x.yaml").write_text("secret: 1\n")
    here = tmp_path / "in"
    (here / "evidence").mkdir(parents=True)
    (here / "inventory.yaml").write_text("a: 1\n")
    (here / "evidence" / "rbac.yaml").write_text("b: 2\n")
    (here / "evidence" / "notes.txt").write_text("no\n")
    return here


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Make a path unreadable, also for a test that is run by root."""
    path.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        path.chmod(0o700)


def refused(root: Root, relative: str, max_bytes: int = 1000) -> str:
    """Return why a file is not read."""
    with pytest.raises(InputError) as caught:
        root.read_bytes(relative, max_bytes)
    (problem,) = caught.value.problems
    assert problem.location is not None
    assert "hunter2" not in str(problem)
    return problem.message + (f"; {problem.help}" if problem.help else "")


def test_files_inside_are_read(tree: Path) -> None:
    """A path is relative to the directory and shown below its prefix."""
    root = Root(str(tree), "inventories/x/")
    assert root.read_bytes("evidence/rbac.yaml", 5) == b"b: 2\n"
    assert root.show("evidence/rbac.yaml") == "inventories/x/evidence/rbac.yaml"
    assert root.show("") == "inventories/x"
    assert Root(str(tree)).show("") == "."
    assert read(root, "inventory.yaml").file == "inventories/x/inventory.yaml"


def test_the_directory_itself_may_be_named_by_a_link(tree: Path) -> None:
    """Who names the directory may name it as they like."""
    link = tree.parent / "shortcut"
    link.symlink_to(tree)
    assert Root(str(link)).read_bytes("inventory.yaml", 10) == b"a: 1\n"
    assert list(Root(str(link)).walk()) == ["evidence/rbac.yaml", "inventory.yaml"]


@pytest.mark.parametrize(
    "target",
    [
        "../secret.yaml",
        "inventory.yaml",
        "/etc/passwd",
        "/dev/zero",
        "/dev/stdin",
        "/proc/self/environ",
        "link.yaml",
        "missing",
    ],
)
def test_a_link_is_never_followed(tree: Path, target: str) -> None:
    """A link is refused by its name, wherever it leads."""
    (tree / "link.yaml").symlink_to(target)
    assert refused(Root(str(tree)), "link.yaml").startswith("'link.yaml' is a link; ")
    with pytest.raises(InputError, match=r"'link.yaml' is a link"):
        list(Root(str(tree)).walk())


def test_a_linked_directory_is_never_entered(tree: Path) -> None:
    """A link on the way is refused, and the message names the link, not the file."""
    (tree / "more").symlink_to("../linked")
    root = Root(str(tree), "x")
    assert refused(root, "more/x.yaml").startswith("'x/more' is a link")
    with pytest.raises(InputError, match=r"'x/more' is a link"):
        list(root.walk())
    with pytest.raises(InputError, match=r"'x/more' is a link"):
        list(root.walk("more"))


def test_links_that_carry_no_facts_are_passed_over(tree: Path) -> None:
    """A link that is neither a directory nor named like an inventory's file is no problem."""
    (tree / "README.md").symlink_to("../secret.yaml")
    (tree / "dangling").symlink_to("nowhere")
    (tree / "circle").symlink_to("circle")
    assert list(Root(str(tree)).walk()) == ["evidence/rbac.yaml", "inventory.yaml"]


def test_what_is_no_regular_file_is_refused(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe does not hang the run, and a socket or directory is no file."""
    os.mkfifo(tree / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tree)  # a socket's path must be short
        listener.bind("socket.yaml")
        root = Root(str(tree))
        assert refused(root, "pipe.yaml").startswith("'pipe.yaml' is not a regular file")
        assert refused(root, "socket.yaml").startswith("'socket.yaml' is not a regular file")
        assert refused(root, "evidence") == "'evidence' is a directory, expected a file"
        assert refused(root, "inventory.yaml/x") == "'inventory.yaml' is not a directory"


@pytest.mark.parametrize(
    ("relative", "reason"),
    [
        ("../secret.yaml", "leads out of its directory"),
        ("evidence/../../secret.yaml", "leads out of its directory"),
        ("..", "leads out of its directory"),
        ("/etc/passwd", "is an absolute path"),
        ("C:/x.yaml", "is an absolute path"),
        ("//host/share", "is an absolute path"),
        ("evidence\\rbac.yaml", "contains a backslash"),
        ("", "is not a plain path"),
        (".", "is not a plain path"),
        ("./inventory.yaml", "is not a plain path"),
        ("evidence//rbac.yaml", "is not a plain path"),
        ("evidence/", "is not a plain path"),
        ("a\nb", "contains a character that cannot be seen"),
        ("a\0b", "contains a character that cannot be seen"),
        ("a\x1b]0;x", "contains a character that cannot be seen"),
        ("a\udcffb", "contains a character that cannot be seen"),
        ("a\u202eb", "contains a character that cannot be seen"),
        ("x" * 300, "has too long a name"),
    ],
)
def test_odd_paths_are_refused(tree: Path, relative: str, reason: str) -> None:
    """A path that leaves the directory, or deceives who reads it, is not opened."""
    message = refused(Root(str(tree)), relative)
    assert reason in message
    assert message.isprintable()


def test_a_missing_file_offers_the_nearest_name(tree: Path) -> None:
    """A misspelt name is compared with its siblings, at the part that is wrong."""
    root = Root(str(tree))
    near = "did you mean 'rbac.yaml'?"
    assert refused(root, "evidence/rbca.yaml") == f"'evidence/rbca.yaml' does not exist; {near}"
    assert refused(root, "evidense/rbac.yaml").endswith("does not exist; did you mean 'evidence'?")
    assert refused(root, "zzz") == "'zzz' does not exist"
    assert refused(Root(str(tree / "none")), "a.yaml") == "'a.yaml' does not exist"


def test_a_file_without_permission(tree: Path) -> None:
    """Permission is said in words."""
    root = Root(str(tree))
    with unreadable(tree / "inventory.yaml"):
        assert "may not be read: permission denied" in refused(root, "inventory.yaml")
    with unreadable(tree / "evidence"), pytest.raises(InputError, match="may not be read"):
        list(root.walk())


def test_size_is_capped_before_reading(tree: Path) -> None:
    """A file of any size is refused without being read."""
    with (tree / "big.yaml").open("wb") as file:
        file.truncate(2**40)
    assert refused(Root(str(tree)), "big.yaml") == "'big.yaml' is larger than 1000 bytes; split it"
    (tree / "edge.yaml").write_bytes(b"#" * 1000)
    assert len(Root(str(tree)).read_bytes("edge.yaml", 1000)) == 1000
    with pytest.raises(InputError, match="larger than"):
        read_all(Root(str(tree)), "big.yaml")


def test_a_walk_is_sorted_and_passes_over_hidden_names(tree: Path) -> None:
    """The order never depends on the file system, and hidden files are not inventory."""
    for name in ("b.yaml", "a.yml", "evidence/a.yaml", ".hidden.yaml", ".git/x.yaml", "c.json"):
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text("{}")
    root = Root(str(tree))
    assert list(root.walk()) == [
        "a.yml",
        "b.yaml",
        "evidence/a.yaml",
        "evidence/rbac.yaml",
        "inventory.yaml",
    ]
    assert list(root.walk("evidence", (".txt",))) == ["evidence/notes.txt"]
    assert list(root.walk(suffixes=(".json",))) == ["c.json"]


def test_a_walk_refuses_names_that_deceive(tree: Path) -> None:
    """A file name that would act on a terminal or a log is a problem, shown in safe letters."""
    (tree / "x\n::error::.yaml").write_text("{}")
    with pytest.raises(InputError) as caught:
        list(Root(str(tree)).walk())
    assert caught.value.problems[0].message.startswith("'x<U+000A>::error::.yaml' contains")


def test_a_walk_starts_inside(tree: Path) -> None:
    """A walk begins at a directory that exists, inside."""
    root = Root(str(tree))
    for start in ("..", "none", "inventory.yaml", "/etc"):
        with pytest.raises(InputError):
            list(root.walk(start))


@pytest.mark.parametrize("opened", [open_by_handles, open_by_names])
def test_both_ways_of_opening_agree(tree: Path, opened: type) -> None:
    """Where directories have no handles, the same files are opened and the same are not."""
    (tree / "link.yaml").symlink_to("inventory.yaml")
    (tree / "more").symlink_to("evidence")
    handle = opened(str(tree), ["evidence", "rbac.yaml"])
    assert os.read(handle, 10) == b"b: 2\n"
    os.close(handle)
    for parts in (["link.yaml"], ["more", "rbac.yaml"], ["none"], ["inventory.yaml", "x"]):
        with pytest.raises(OSError, match=r"."):
            opened(str(tree), parts)


def test_a_directory_inside_is_told_from_a_link(tree: Path) -> None:
    """A link to a directory, a file and nothing are no directories."""
    (tree / "more").symlink_to("evidence")
    root = Root(str(tree))
    assert root.is_directory("evidence")
    assert not any(map(root.is_directory, ("more", "inventory.yaml", "none", "more/x")))


def test_no_handle_is_left_open(tree: Path) -> None:
    """Reading and refusing leave no file descriptor behind."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("open files are counted in /proc")
    (tree / "link.yaml").symlink_to("inventory.yaml")
    os.mkfifo(tree / "pipe.yaml")
    root = Root(str(tree))
    before = len(os.listdir("/proc/self/fd"))
    for name in ("link.yaml", "pipe.yaml", "none", "evidence", "evidence/none", "inventory.yaml"):
        for max_bytes in (1, 1000):
            try:
                root.read_bytes(name, max_bytes)
            except InputError:
                continue
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("name", ["nul", "CON", "aux.yaml", "com1.txt", "a:b", "x.", "x ", "lpt9"])
def test_names_that_windows_reserves(name: str) -> None:
    """A device, a stream of a file, or a name that Windows changes is no file's name there."""
    assert is_reserved(name)
    assert not is_reserved("console.yaml")
