"""Versions compare as versions, or not at all."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from blastlint.analyses.versions import compare_versions

RISING = [
    "0.9",
    "0.10.0-alpha",
    "0.10.0-alpha.1",
    "0.10.0-alpha.beta",
    "0.10.0-beta",
    "0.10.0-beta.2",
    "0.10.0-beta.11",
    "0.10.0-rc.1",
    "0.10.0",
    "0.33.1",
    "0.36.0",
    "v1.2.3",
    "1.2.10+build.7",
    "2",
    "2026.5.20",
]
"""Later and later; the pre-releases are the example of Semantic Versioning, section 11."""


@pytest.mark.parametrize(("one", "other"), list(combinations(RISING, 2)))
def test_a_later_version_is_later(one: str, other: str) -> None:
    """0.36.0 is later than 0.33.1, 0.10 than 0.9, and a release than its candidates."""
    assert compare_versions(one, other) == -1
    assert compare_versions(other, one) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.2", "1.2.0"), ("v1.2.3", "1.2.3"), ("1.2.3+a", "1.2.3+b"), ("0", "0.0"), ("main", "main")],
)
def test_two_ways_to_write_a_version(one: str, other: str) -> None:
    """Missing places are zeros, a build says nothing, and a text is the same as itself."""
    assert compare_versions(one, other) == 0


@pytest.mark.parametrize(
    "text",
    ["2026-05-20", "sha256:77aa", "main", "1.0rc1", "1..2", "", "1.2.x", "1.2-", "٣.1", "1.2-rc_1"],
)
def test_what_is_no_version_is_not_compared(text: str) -> None:
    """A day, a digest or a name is neither earlier nor later: that is a question."""
    assert compare_versions(text, "1.2.3") is None
    assert compare_versions("1.2.3", text) is None


numbers = st.lists(st.integers(0, 120), min_size=1, max_size=4)


@given(numbers, numbers)
def test_dotted_numbers_compare_as_elsewhere(one: list[int], other: list[int]) -> None:
    """Where two standards of versions agree, this agrees with them."""
    first, second = (".".join(map(str, parts)) for parts in (one, other))
    order = (Version(first) > Version(second)) - (Version(first) < Version(second))
    assert compare_versions(first, second) == order
