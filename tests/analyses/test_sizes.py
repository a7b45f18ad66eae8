"""Numbers of bytes read as people say them."""

from __future__ import annotations

import pytest

from blastlint.analyses.sizes import size_of


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (1048575, "1024 KiB"),
        (1048576, "1 MiB"),
        (3145728, "3 MiB"),
        (16 * 2**20, "16 MiB"),
        (2**30, "1 GiB"),
        (2**50, "1024 TiB"),
    ],
)
def test_a_size_takes_the_largest_unit_that_it_fills(count: int, text: str) -> None:
    """3,145,728 bytes are 3 MiB."""
    assert size_of(count) == text
