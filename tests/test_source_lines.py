"""Files that are neither YAML nor JSON: each line has its place, and nothing odd is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.source import EVIDENCE, InputError, Root, lines_of, read_lines
from blastlint.values import replace

if TYPE_CHECKING:
    from pathlib import Path


def test_every_line_has_its_place() -> None:
    """Lines end as on any system, and a last line needs no end."""
    document = lines_of("a\r\nbé\n\nd".encode(), "f.sql")
    assert document.value == ["a", "bé", "", "d"]
    place = document.at((1,))
    assert (str(place), place.text, place.span.end_column) == ("f.sql:2:1", "bé", 3)
    assert str(document.at((3,))) == "f.sql:4:1"


@settings(max_examples=100)
@given(st.text(st.sampled_from("ab é\n\r"), max_size=20))
def test_lines_are_those_of_the_text(text: str) -> None:
    """Nothing but line ends is lost."""
    document = lines_of(text.encode(), "f")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert "\n".join(document.value) == plain.removesuffix("\n")


@pytest.mark.parametrize("data", [b"a\x00b", b"\xff\xfea\x00", b"a\xffb"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    """A binary archive is no list of lines."""
    with pytest.raises(InputError):
        lines_of(data, "f")


def test_a_file_is_opened_like_every_other(tmp_path: Path) -> None:
    """A link is not followed, and what is too large is not read."""
    (tmp_path / "real.sql").write_text("one\ntwo\n")
    (tmp_path / "link.sql").symlink_to("real.sql")
    root = Root(str(tmp_path))
    assert read_lines(root, "real.sql").value == ["one", "two"]
    with pytest.raises(InputError, match="is a link"):
        read_lines(root, "link.sql")
    with pytest.raises(InputError, match="larger than 3 bytes"):
        read_lines(root, "real.sql", replace(EVIDENCE, max_bytes=3))
