"""The pages tell the truth: their commands and examples are run, and their links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from markdown_it import MarkdownIt

from blastlint.cli import run
from blastlint.commands import COMMANDS
from blastlint.expression import compile_expression
from blastlint.subjects import KINDS
from blastlint.subjects.vocabulary import environment
from support import nameless, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markdown_it.token import Token

REPO = Path(__file__).resolve().parent.parent
README = REPO / "README.md"
DOCS = REPO / "docs"
MANUAL = sorted((DOCS / "rules").rglob("*.md"))
PRINTED = [DOCS / "fields.md", DOCS / "commands.md", *MANUAL]
"""Pages that are printed, and tested with what prints them."""
WRITTEN = sorted(set(DOCS.rglob("*.md")) - set(PRINTED))
TUTORIAL = DOCS / "tutorial.md"
"""Followed from top to bottom by a test of its own."""
EVIDENCE = {
    "evidence/rbac.yaml": "released-not-deployed/evidence/milo-agentlifecycle.yaml",
    "evidence/tools": "github-triage/evidence",
    "evidence/aws": "release-agent/evidence/aws",
    "evidence/github": "release-agent/evidence/github",
    "evidence/shop-db": "release-agent/evidence/shop-db",
}
"""What the examples on a page name as evidence: real files of the worked inventories."""
_CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)


def name(page: Path) -> str:
    """Return what a test of a page is called."""
    return page.relative_to(REPO).with_suffix("").as_posix()


class Listing(NamedTuple):
    """A block of code on a page."""

    language: str
    about: str
    """What stands after the language: `refused`, a file's name, or nothing."""
    text: str


@cache
def tokens(page: Path) -> list[Token]:
    """Return what a page is made of, to a Markdown reader."""
    return MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))


def listings(page: Path) -> list[Listing]:
    """Return the blocks of code on a page."""
    fences = (token for token in tokens(page) if token.type == "fence")
    return [Listing(*t.info.partition(" ")[::2], t.content) for t in fences]


# --- commands -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [README, *sorted({*WRITTEN} - {TUTORIAL})], ids=name)
def test_a_console_block_shows_what_its_command_prints(
    page: Path,
    golden: Callable[[Path, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """A command prints exactly what stands below it, beside the worked inventories.

    Only the digest of the policy is left out, which changes with every rule.
    """
    shutil.copytree(REPO / "inventories", tmp_path / "inventories")
    lay(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")

    def printed(block: re.Match[str]) -> str:
        program, *arguments = shlex.split(block["command"])
        assert program == "blastlint"
        run(arguments)
        out, err = capsys.readouterr()
        return f"```console\n$ {block['command']}\n{nameless(out + err).rstrip()}\n```"

    golden(page, _CONSOLE.sub(printed, page.read_text(encoding="utf-8")))


def lay(page: Path, folder: Path) -> None:
    """Write the files that a page shows, each under its name, into a checkout."""
    (folder / ".git").mkdir()
    for listing in listings(page):
        if "." in listing.about:
            path = folder / listing.about
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(listing.text, encoding="utf-8")


def test_the_table_of_commands_names_every_command() -> None:
    """A command that exists stands in the README."""
    table = README.read_text(encoding="utf-8")
    assert [one for one in COMMANDS if not re.search(rf"`blastlint {one}[ `]", table)] == []


# --- examples -----------------------------------------------------------------------------------


def examples(language: str, about: str) -> Iterator[Any]:
    """Yield the blocks of a kind on all pages, each with the one that follows."""
    for page in WRITTEN:
        found = listings(page)
        for index, one in enumerate(found):
            if (one.language, one.about) == (language, about):
                after = found[index + 1] if index + 1 < len(found) else None
                yield pytest.param(page, one.text, after, id=f"{name(page)}-{index + 1}")


@pytest.mark.parametrize(("page", "text", "_after"), list(examples("yaml", "")))
def test_an_example_of_an_inventory_is_one(
    page: Path,
    text: str,
    _after: Listing | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What a page says can be written can be written, and what it names is read."""
    folder = written(text, tmp_path)
    (folder / "evidence").mkdir()
    lay(page, folder)
    for file, origin in EVIDENCE.items():
        copy = shutil.copytree if "." not in file else shutil.copyfile
        copy(REPO / "inventories" / origin, folder / file)
    run(["check", str(folder), "--fail-on", "never"])
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("_page", "text", "after"), list(examples("yaml", "refused")))
def test_an_example_of_a_mistake_is_refused_in_these_words(
    _page: Path, text: str, after: Listing, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a page says is refused is refused, as the block below it says."""
    assert after.language == "text"
    assert run(["check", str(written(text, tmp_path))]) == 2
    said = capsys.readouterr().err
    assert [line for line in after.text.splitlines() if line not in said] == []


@pytest.mark.parametrize(("_page", "text", "_after"), list(examples("cel", "")))
def test_an_example_of_a_condition_is_one(_page: Path, text: str, _after: Listing | None) -> None:
    """Each line fits the kind of subject that it names."""
    for line in text.splitlines():
        kind = next(KINDS[word] for word in re.findall(r"\w+(?=\.)", line) if word in KINDS)
        compile_expression(line, environment(kind.name, kind.record))


# --- links --------------------------------------------------------------------------------------

PAGES = sorted([*REPO.glob("*.md"), *DOCS.rglob("*.md")])


def links(page: Path) -> Iterator[str]:
    """Yield the targets of the links of a page."""
    for token in tokens(page):
        for inner in token.children or ():
            if inner.type == "link_open":
                yield str(inner.attrs["href"])


@cache
def anchors(page: Path) -> set[str]:
    """Return the names under which a page's headings can be linked to, as GitHub makes them."""
    titles = (text.content for mark, text in pairwise(tokens(page)) if mark.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_link_leads_somewhere(page: Path) -> None:
    """A file that a page links to exists, and so does the heading in it."""
    for link in links(page):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.is_relative_to(REPO), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_indexes_lead_to_every_page() -> None:
    """Nobody has to guess what there is to read."""
    indexes = (README, DOCS / "README.md", DOCS / "rules" / "README.md")
    linked = {
        (index.parent / link.partition("#")[0]).resolve()
        for index in indexes
        for link in links(index)
    }
    assert linked.issuperset(indexes[1:])
    assert [name(page) for page in PAGES if page.parent != REPO and page not in linked] == []
