"""Laws of the sets of names: what covers, overlaps, and is left."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from blastlint.providers.aws.patterns import Names, names
from blastlint.providers.wildcards import covers, overlaps
from providers.aws_evidence import ALICE, Json, allow, can, deny, of, user

NAMES = st.text("ab:", max_size=5)
PATTERNS = st.text("ab:*?", max_size=5)
SETS = st.builds(
    lambda all_of, but: Names(tuple(all_of), tuple(but)),
    st.lists(PATTERNS, min_size=1, max_size=2),
    st.lists(PATTERNS, max_size=2),
)
ACTIONS = st.sampled_from(["*", "s3:*", "s3:Get*", "s3:GetObject", "s3:Put?bject", "sqs:*"])
ON = st.sampled_from(["*", "arn:aws:s3:::*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/k"])
NEEDED = st.sampled_from(["s3:GetObject", "s3:PutObject"])
PLACES = st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::c/k"])


def fits(pattern: str, name: str) -> bool:
    """What the pattern means, said in another way."""
    said = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(said, name, re.DOTALL) is not None


def has(chosen: Names, name: str) -> bool:
    """Whether a name is in a set, said in another way."""
    return all(fits(each, name) for each in chosen.all_of) and not any(
        fits(each, name) for each in chosen.but
    )


@given(PATTERNS, NAMES)
def test_a_pattern_covers_the_names_that_fit_it(pattern: str, name: str) -> None:
    """As a regular expression would say."""
    assert covers(pattern, name) is fits(pattern, name)
    assert overlaps(pattern, name) is fits(pattern, name)


@given(PATTERNS, PATTERNS, NAMES)
def test_what_covers_a_pattern_covers_its_names(wide: str, narrow: str, name: str) -> None:
    """And two patterns that a name fits overlap."""
    if covers(wide, narrow) and fits(narrow, name):
        assert fits(wide, name)
    if fits(wide, name) and fits(narrow, name):
        assert overlaps(wide, narrow)
        assert overlaps(narrow, wide)


@given(SETS, NAMES)
def test_a_set_has_its_names(chosen: Names, name: str) -> None:
    """Whatever fits all of some patterns and none of others."""
    assert chosen.has(name) is has(chosen, name)


@given(SETS, st.lists(PATTERNS, max_size=3), NAMES)
def test_what_is_left_is_neither_more_nor_less(chosen: Names, taken: list[str], name: str) -> None:
    """A name stays unless a pattern takes it."""
    left = chosen.without(taken)
    stays = has(chosen, name) and not any(fits(each, name) for each in taken)
    assert (left is not None and has(left, name)) is stays


@given(SETS, SETS, NAMES)
def test_what_two_sets_share_is_in_both(one: Names, other: Names, name: str) -> None:
    """And what is in both is shared."""
    shared = one.shared_with(other)
    assert (shared is not None and has(shared, name)) is (has(one, name) and has(other, name))


@given(st.lists(st.text("abc:", min_size=1, max_size=3), min_size=1, max_size=2, unique=True))
def test_a_set_is_read_as_it_is_written(but: list[str]) -> None:
    """The text of a set says all of it."""
    chosen = Names(("a*", "*b"), tuple(but))
    assert names(chosen.text) == chosen


def rights(kinds: list[tuple[str, str, str]]) -> Json:
    """A user with statements: whether it allows, which actions, on what."""
    make = {"Allow": allow, "Deny": deny}
    return user("alice", *(make[kind](action, on) for kind, action, on in kinds))


ROWS = st.lists(st.tuples(st.sampled_from(["Allow", "Deny"]), ACTIONS, ON), max_size=6)


@given(ROWS, NEEDED, PLACES)
def test_statements_are_judged_as_aws_judges_them(
    rows: list[tuple[str, str, str]], needed: str, on: str
) -> None:
    """Allowed is what some statement allows and none denies, in whatever order they stand."""
    said = {
        kind
        for kind, action, resource in rows
        if fits(action.lower(), needed.lower()) and fits(resource, on)
    }
    assert can(of(rights(rows)), ALICE, needed, on) == ("proven" if said == {"Allow"} else "")
