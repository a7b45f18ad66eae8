"""A file is given new content whole or not at all, and nothing outside of its root ever is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from blastlint.output import rewrite
from blastlint.source import InputError, Root, handles

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("with_handles", [True, False])
def test_a_file_keeps_its_name_and_mode(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    with_handles: bool,  # noqa: FBT001 - a parameter
) -> None:
    """On every system; nothing is left beside it."""
    monkeypatch.setattr(handles, "HANDLES", with_handles and handles.HANDLES)
    (tmp_path / "teams").mkdir()
    file = tmp_path / "teams" / "one.yaml"
    file.write_bytes(b"a: 1\n")
    file.chmod(0o640)
    rewrite([(Root(str(tmp_path)), "teams/one.yaml", b"a: 1\n", b"a: 2\r\n")])
    assert file.read_bytes() == b"a: 2\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert os.listdir(file.parent) == ["one.yaml"]


def test_a_file_that_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    """What an editor has just saved is not lost."""
    (tmp_path / "one.yaml").write_bytes(b"a: 3\n")
    with pytest.raises(InputError, match="has changed since it was read; run the command again"):
        rewrite([(Root(str(tmp_path), "shown"), "one.yaml", b"a: 1\n", b"a: 2\n")])
    assert (tmp_path / "one.yaml").read_bytes() == b"a: 3\n"


@pytest.mark.parametrize("name", ["link.yaml", "folder/one.yaml", "../other/one.yaml"])
def test_no_link_is_followed(tmp_path: Path, name: str) -> None:
    """Neither the file nor a folder on the way may lead elsewhere."""
    other, root = tmp_path / "other", tmp_path / "root"
    other.mkdir()
    root.mkdir()
    (other / "one.yaml").write_bytes(b"a: 1\n")
    (root / "link.yaml").symlink_to(other / "one.yaml")
    (root / "folder").symlink_to(other)
    with pytest.raises(InputError, match=r"link|leads out"):
        rewrite([(Root(str(root)), name, b"a: 1\n", b"a: 2\n")])
    with pytest.raises((InputError, OSError)):
        Root(str(root)).replace(name, b"a: 2\n")
    assert (other / "one.yaml").read_bytes() == b"a: 1\n"
    assert (root / "link.yaml").is_symlink()


def test_what_cannot_be_written_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk is told, and takes nothing away."""
    (tmp_path / "one.yaml").write_bytes(b"a: 1\n")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(InputError, match=r"cannot write 'one.yaml': no space left"):
        rewrite([(Root(str(tmp_path)), "one.yaml", b"a: 1\n", b"a: 2\n")])
    assert (tmp_path / "one.yaml").read_bytes() == b"a: 1\n"
    assert os.listdir(tmp_path) == ["one.yaml"]
