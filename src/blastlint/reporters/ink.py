"""Colours words on a terminal, or leaves them alone."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Ink = Callable[[str, str], str]
    """Paints a text in a style: `ink("error", text)`."""

SGR: dict[str, str] = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "waived": "2",
    "strong": "1",
    "faint": "2",
    "frame": "34",
    "good": "1;32",
    "blocked": "1;31",
    "cannot-tell": "1;35",
    "ready-with-waivers": "1;33",
    "ready": "1;32",
}
"""Style name to the parameters of the terminal's Select Graphic Rendition."""


def ink(*, colour: bool) -> Ink:
    """Return the painter: one that colours, or one that does nothing."""
    return _paint if colour else _plain


def _paint(style: str, text: str) -> str:
    return f"\x1b[{SGR[style]}m{text}\x1b[0m" if text else text


def _plain(_style: str, text: str) -> str:
    return text
