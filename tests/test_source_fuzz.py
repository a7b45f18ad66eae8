"""Whatever a file holds, it is read or refused; nothing else comes out of the reader."""

from __future__ import annotations

from contextlib import suppress

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from blastlint.source import EVIDENCE, OWN, InputError, Limits, parse
from blastlint.source.encoding import prepare
from blastlint.source.reader import grow
from blastlint.source.words import Refusal

PIECES = st.sampled_from(
    [
        *"abc:-?[]{},#&*!|>'\"%@` \n\t\\0x1~<.",
        *("\r\n", "é", "😀", "\u2028", "\ufeff", "\x00", "\x1b", "\n  ", "{{"),
        *("a: ", "- ", "&a ", "*a", "<<: ", "---\n", "...\n", '"\\u', "ud83d", "!!str "),
    ]
)


@settings(max_examples=300)
@given(pieces=st.lists(PIECES, max_size=25), limits=st.sampled_from([OWN, EVIDENCE]))
def test_any_text_is_read_or_refused_with_a_place(pieces: list[str], limits: Limits) -> None:
    """Whatever is written, the outcome is values or problems whose places lie in the text."""
    text = "".join(pieces)
    try:
        documents = parse(text.encode(), "f", limits)
    except InputError as error:
        places = [place for p in error.problems for place in (p.location, *p.related) if place]
        assert places
    else:
        places = [document.at() for document in documents]
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place in places:
        span = place.span
        assert 1 <= span.line <= span.end_line <= len(lines)
        assert 1 <= span.column <= len(lines[span.line - 1]) + 1
        assert span.end_column <= len(lines[span.end_line - 1]) + 1


@settings(max_examples=200)
@given(pieces=st.lists(PIECES, max_size=20), limits=st.sampled_from([OWN, EVIDENCE]))
def test_the_other_parser_never_raises_anything_else(pieces: list[str], limits: Limits) -> None:
    """Without libyaml too, a text is read or refused."""
    with suppress(Refusal):
        ready, _ = prepare("".join(pieces).encode(), limits)
        grow(ready, limits, yaml.SafeLoader)


@given(data=st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Bytes that are no text at all end in a problem."""
    for limits in (OWN, EVIDENCE):
        with suppress(InputError):
            parse(data, "f", limits)
