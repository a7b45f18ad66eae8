"""Random values, written in random layouts: what people may have in their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from blastlint.editing import written

if TYPE_CHECKING:
    from collections.abc import Callable

    Value = Any
    """What YAML can say."""

TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "no",
                "Yes",
                "y",
                "on",
                "null",
                "~",
                "",
                " ",
                "1.10",
                "0755",
                "0x1F",
                "1_000",
                "12:30",
            ),
            *(
                "2026-01-01",
                "*star",
                "&and",
                "!bang",
                "%",
                "@at",
                "`tick",
                "a: b",
                "a #b",
                "#",
                "-",
            ),
            *(
                "- x",
                "? x",
                "key:",
                ":",
                "[x]",
                "{x}",
                "a, b",
                "'",
                '"',
                "it's",
                "\\",
                "a\nb",
                "\n",
            ),
            *(
                "x\n",
                "\t",
                "...",
                "---",
                "<<",
                "=",
                ".inf",
                ".5",
                "1e3",
                "é",
                "😀",
                "\u2028",
                "\u202e",
            ),
            *("arn:aws:s3:::b/*", "sha256:4be1", "a b  c", "trailing ", "true", "x" * 120, "a#b"),
            "2026-06-02T00:00:00Z",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
KEYS = st.one_of(
    st.sampled_from(
        ["a", "b", "c", "owner", "no", "1", "x y", "a:b", "a, b", "- a", "? a", "{", "é"]
    ),
    st.text("abcdefgh", min_size=1, max_size=3),
)
SCALARS = st.one_of(
    TEXTS,
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)
MAPS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


class Layouts:
    """Writes a value in a layout that is drawn; every comment has a number of its own."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw
        self.comments = 0

    def chance(self, share: float = 1 / 4) -> bool:
        """Return whether something is to be; in a quarter of all cases, unless said otherwise."""
        return bool(self.draw(st.integers(0, 11)) < round(12 * share))

    def remark(self) -> str:
        """Return a comment behind a value, or nothing."""
        return f"  {self.comment()}" if self.chance() else self.draw(st.sampled_from(["", "", " "]))

    def comment(self) -> str:
        """Return a comment."""
        self.comments += 1
        return f"# remark {self.comments}."

    def above(self, column: int) -> list[str]:
        """Return lines that say nothing: empty ones and comments."""
        if not self.chance():
            return []
        remark = " " * (column + self.draw(st.integers(0, 3))) + self.comment()
        return [["", ""], [""], [remark]][self.draw(st.integers(0, 2))]

    def root(self, value: dict[str, Any]) -> str:
        """Return a file's text."""
        lines = self.flow(value, 0) if self.chance() else self.block(value, 0)
        head = ["---" + self.remark()] if self.chance() else []
        return "\n".join([*self.above(0), *head, *lines, *self.above(0)])

    def block(self, value: Value, column: int) -> list[str]:
        """Return the lines of a container that is not empty, in block style."""
        lines: list[str] = []
        if isinstance(value, dict):
            for key, item in value.items():
                lines += [
                    *self.above(column),
                    *self.entry(" " * column + self.key(key) + ":", item, column),
                ]
        else:
            for item in value:
                lines += [*self.above(column), *self.item(item, column)]
        return lines

    def entry(self, name: str, value: Value, column: int) -> list[str]:
        """Return the lines of a key and its value."""
        if isinstance(value, (dict, list)) and value and self.chance(2 / 3):
            least = 0 if isinstance(value, list) and name.endswith(":") else 1
            deeper = self.draw(st.integers(least, 4))
            return [name + self.remark(), *self.block(value, column + deeper)]
        return self.scalar(name, value, column)

    def item(self, value: Value, column: int) -> list[str]:
        """Return the lines of an item of a list."""
        name = " " * column + "-"
        if isinstance(value, (dict, list)) and value and self.chance(1 / 2):
            gap = self.draw(st.integers(1, 3))
            first, *others = self.block(value, column + 1 + gap)
            if first.strip() and not first.lstrip().startswith("#"):
                return [name + first[column + 1 :], *others]
            return [name, first, *others]
        return self.entry(name, value, column)

    def scalar(self, name: str, value: Value, column: int) -> list[str]:
        """Return the lines of a key or dash and a value without a block."""
        if value is None and self.chance(1 / 2):
            return [name + self.remark()]
        if isinstance(value, str) and value.strip() and "\n" not in value and value.isprintable():
            folded = value.strip() == value and self.chance()
            if folded:
                sign = self.draw(st.sampled_from(["|-", ">-"]))
                return [
                    name + f" {sign}" + self.remark(),
                    " " * (column + 2) + value,
                    *self.blank(),
                ]
        if isinstance(value, str) and value.rstrip("\n") == "x" and self.chance(1 / 2):
            sign = "|+" if value.endswith("\n") else "|-"
            return [name + f" {sign}" + self.remark(), " " * (column + 1) + "x"]
        first, *others = self.flow(value, column + 1)
        if self.chance():
            return [
                name + self.remark(),
                *self.above(column + 1),
                " " * (column + 1) + first,
                *others,
            ]
        return [f"{name} {first}", *others]

    def blank(self) -> list[str]:
        """Return empty lines, or none."""
        return [""] if self.chance() else []

    def key(self, key: str) -> str:
        """Return how a key is written."""
        return written({key: 0})[1:-4]

    def flow(self, value: Value, column: int) -> list[str]:
        """Return the lines of a value in flow style; the first one is not indented."""
        lines = self.pieces(value, column)
        lines[-1] += self.remark()
        return lines

    def pieces(self, value: Value, column: int) -> list[str]:
        """Return the lines of a value in flow style, the last one without a comment."""
        if not isinstance(value, (dict, list)) or not value:
            return [written(value, flow=True)]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        items = list(value.items()) if isinstance(value, dict) else [(None, item) for item in value]
        lines = [opening]
        for index, (key, item) in enumerate(items):
            self.broken(lines, column)
            if key is not None:
                lines[-1] += self.key(key) + ": "
            first, *others = self.pieces(item, column + 2)
            lines[-1] += first
            lines += others
            if index + 1 < len(items) or self.chance():
                self.broken(lines, column)
                lines[-1] += ","
        self.broken(lines, column)
        lines[-1] += closing
        return lines

    def broken(self, lines: list[str], column: int) -> None:
        """Go on with the next line, or on the same one."""
        if self.chance(1 / 3):
            lines[-1] += self.remark()
            lines.append(" " * (column + self.draw(st.integers(0, 2))))
        else:
            lines[-1] += self.draw(st.sampled_from(["", " "]))


@st.composite
def files(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[dict[str, Any], bytes]:
    """Draw a value, and a file that says it."""
    value = draw(MAPS)
    text = Layouts(draw).root(value) + draw(st.sampled_from(["\n", "\n", "", "\n\n", "\n# end\n"]))
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    mark = draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]))
    return value, (mark if not text.isascii() else b"") + text.encode()


def pointers(value: Value, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the pointers of everything in a value."""
    steps: Any = ()
    if isinstance(value, (dict, list)):
        steps = value if isinstance(value, dict) else range(len(value))
    found = [(*above, step) for step in steps]
    return [one for step in found for one in (step, *pointers(value[step[-1]], step))]
